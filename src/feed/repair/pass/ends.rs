//! End tags: what they close, and those that come too early.

use super::{Open, Pass, Stage};
use crate::feed::Mend;
use crate::feed::repair::references::mend_references;
use crate::feed::repair::tags::name_at;
use crate::feed::repair::vocabulary::{Part, lookup};
use crate::feed::sniff::Family;

impl<'a> Pass<'a, '_> {
    pub(super) fn end_tag(&mut self) {
        let from = self.rest();
        let Some(name) = name_at(from, 2) else {
            return self.replace(1, "&lt;", Mend::Sign);
        };
        let after = from.get(2 + name.len()..).unwrap_or_default();
        let blank = after.len() - after.trim_start().len();
        let (bytes, whole) = if after.get(blank..).is_some_and(|rest| rest.starts_with('>')) {
            (2 + name.len() + blank + 1, true)
        } else {
            (2 + name.len() + blank, false)
        };
        if !whole && after.len() == blank {
            // The document ends in it.
            self.out.replace(self.at..self.src.len(), "");
            self.at = self.src.len();
            return;
        }
        let same = |open: &Open<'_>| open.name == name;
        if self.open.last().is_some_and(same) && whole {
            if let Some(open) = self.open.last().copied() {
                self.close_here(&open, bytes);
            }
            return;
        }
        let alike = |open: &Open<'_>| open.name.eq_ignore_ascii_case(name);
        let Some(place) = self.open.iter().rposition(alike) else {
            return self.replace(bytes, "", Mend::Stray);
        };
        if self.ends_too_early(place, bytes) {
            return self.pass_over_end(bytes);
        }
        self.mends.add(Mend::Unclosed);
        while let Some(open) = self.open.last().copied() {
            if self.open.len() == place + 1 {
                self.close_with(&open, bytes);
                return;
            }
            self.close(&open, self.at, self.at);
        }
    }

    /// Closes the innermost element by the end tag that stands here.
    fn close_here(&mut self, open: &Open<'a>, bytes: usize) {
        if self.ends_too_early(self.open.len().saturating_sub(1), bytes) {
            self.pass_over_end(bytes);
        } else if open.emitted == open.name && !self.wants_link(open) {
            self.note_text(open, self.at);
            self.at += bytes;
            self.pop(open);
        } else {
            self.close_with(open, bytes);
        }
    }

    /// Closes the innermost element in place of the end tag that stands here.
    fn close_with(&mut self, open: &Open<'a>, bytes: usize) {
        let end = (self.at + bytes).min(self.src.len());
        self.close(open, self.at, end);
        self.at = end;
    }

    /// Passes over the end of a feed, for the sake of the articles behind it.
    fn pass_over_end(&mut self, bytes: usize) {
        if self.stage == Stage::First {
            self.stage = Stage::Ended;
        }
        self.replace(bytes, "", Mend::AfterEnd);
    }

    /// Closes the innermost element, whose end tag takes this range.
    pub(super) fn close(&mut self, open: &Open<'a>, from: usize, to: usize) {
        self.note_text(open, from);
        let mut end = String::new();
        if self.wants_link(open) {
            // The parser drops what has no link; an address that is no page is taken out later.
            end.push_str("<link>");
            end.push_str(&mend_references(self.about.unwrap_or("urn:none")).replace('<', "&lt;"));
            end.push_str("</link>");
        }
        end.push_str("</");
        end.push_str(open.emitted);
        end.push('>');
        self.out.replace(from..to, &end);
        self.pop(open);
    }

    fn pop(&mut self, open: &Open<'a>) {
        if open.sets_base {
            self.bases.pop();
        }
        self.open.pop();
    }

    /// Whether this is an article of RDF that had no link.
    pub(super) fn wants_link(&self, open: &Open<'a>) -> bool {
        self.family == Family::Rdf && open.part == Some(Part::Article) && !self.linked
    }

    /// Whether more articles follow the end of the feed or of its RSS channel; `place` is that of
    /// the element that ends, among those that are open.
    fn ends_too_early(&mut self, place: usize, bytes: usize) -> bool {
        let is_channel = self.family == Family::Rss
            && place == 1
            && self
                .open
                .get(1)
                .is_some_and(|open| open.emitted == "channel");
        let is_feed = place == 0
            && self
                .open
                .first()
                .is_some_and(|root| root.emitted != "entry");
        if !is_feed && !is_channel {
            return false;
        }
        let from = (self.at + bytes).min(self.src.len());
        let Some(next) = self.next_article.from(self.src, from) else {
            return false;
        };
        let after = self.src.get(next..).and_then(|text| name_at(text, 1));
        after.is_some_and(|name| {
            lookup(self.family, "", name).is_some_and(|word| word.part == Part::Article)
        })
    }
}
