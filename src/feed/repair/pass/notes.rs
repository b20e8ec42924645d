//! What the pass writes down on its way: prefixes, bases, and what the parser would hide.

use memchr::memmem;

use super::{MOST_UNDECLARED, Open, Pass};
use crate::feed::Mend;
use crate::feed::extras::{self, Fact, Note};
use crate::feed::repair::tags::{Tag, attribute};
use crate::feed::repair::vocabulary::Word;

impl<'a> Pass<'a, '_> {
    /// Remembers a prefix that the root doesn't declare.
    pub(super) fn note_prefix(&mut self, name: &'a str) {
        let Some((prefix, _)) = name.split_once(':') else {
            return;
        };
        if self.declared.contains(prefix)
            || self.undeclared.contains(&prefix)
            || self.undeclared.len() >= MOST_UNDECLARED
            || prefix == "xml"
        {
            return;
        }
        self.undeclared.push(prefix);
        // It may be declared where it is used: then nothing is wrong, and the root does no harm.
        let declaration = format!("xmlns:{prefix}");
        if memmem::find(self.src.as_bytes(), declaration.as_bytes()).is_none() {
            self.mends.add(Mend::Prefix);
        }
    }

    /// Takes over an `xml:base`.
    pub(super) fn set_base(&mut self, tag: &Tag<'a>) {
        if self.has_bases
            && let Some(value) = attribute(tag.attributes, "xml:base")
        {
            let current = self.bases.last().cloned();
            let base = current
                .as_ref()
                .and_then(|base| base.join(value.trim()).ok());
            self.bases.extend(base.or(current));
        }
    }

    pub(super) fn drop_base(&mut self, attributes: &str) {
        if self.has_bases && attribute(attributes, "xml:base").is_some() && self.bases.len() > 1 {
            self.bases.pop();
        }
    }

    /// The article that stands here, as notes name it.
    pub(super) fn article(&self) -> Option<usize> {
        self.articles.checked_sub(1)
    }

    pub(super) fn note(&mut self, article: Option<usize>, fact: Fact) {
        self.notes.push(Note { article, fact });
    }

    /// Notes what a start tag says that the parser would hide.
    pub(super) fn note_attributes(&mut self, tag: &Tag<'a>, word: Option<Word>) {
        let Some(word) = word else { return };
        let article = self.article();
        match word.name {
            "link" => {
                self.linked = true;
                if let Some(count) = attribute(tag.attributes, "thr:count")
                    && let Ok(count) = count.trim().parse()
                {
                    self.note(article, Fact::CommentsLinked(count));
                }
            }
            "guid" => {
                let permalink = attribute(tag.attributes, "isPermaLink");
                if !permalink.is_some_and(|value| value.trim().eq_ignore_ascii_case("false")) {
                    self.note(article, Fact::GuidIsPermalink);
                }
            }
            "content" | "summary" | "description" | "content:encoded" if self.bases.len() > 1 => {
                if let (Some(_), Some(base)) = (article, self.bases.last().cloned()) {
                    self.note(article, Fact::Base(base));
                }
            }
            _ => {}
        }
        if word.name == "content"
            && let Some(source) = attribute(tag.attributes, "src")
            && let Some(address) = self.bases.last().and_then(|base| base.join(source).ok())
        {
            self.note(article, Fact::Source(address.into()));
        }
    }

    /// Notes what an element's text says that the parser would hide.
    pub(super) fn note_text(&mut self, open: &Open<'a>, end: usize) {
        // The Syndication module's prefix is `sy` for most, `syn` for others.
        let name = match open.emitted.split_once(':') {
            Some((_, local @ ("updatePeriod" | "updateFrequency"))) => local,
            _ => open.emitted,
        };
        let about_article = match name {
            "slash:comments" | "thr:total" => true,
            "ttl" | "hour" | "day" | "updatePeriod" | "updateFrequency" => false,
            _ => return,
        };
        let text = self.src.get(open.content_at..end).unwrap_or_default();
        if let Some(fact) = extras::fact(name, text) {
            let article = if about_article { self.article() } else { None };
            if about_article == article.is_some() {
                self.note(article, fact);
            }
        }
    }
}
