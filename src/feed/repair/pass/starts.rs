//! Start tags: what they open, and under which name they are handed on.

use memchr::memmem;

use super::roles::Role;
use super::{Filled, Open, Pass, Stage};
use crate::feed::Mend;
use crate::feed::repair::asides::Aside;
use crate::feed::repair::tags::{self, Found, Tag, attribute, push_attribute, start_tag};
use crate::feed::repair::vocabulary::{self, Part, is_feed_prefix, lookup};
use crate::feed::repair::{markup, root};
use crate::feed::sniff::Family;

/// Feeds are shallow; deeper elements are dropped, so that nothing behind this pass recurses far.
const DEEPEST: usize = 48;

/// No feed has more articles; an empty `<item>` costs a hundred times its bytes once it is read.
const MOST_ARTICLES: usize = 50_000;

/// Whether an element has no place inside the one that is open.
fn may_not_hold(top: &Open<'_>, tag: &Tag<'_>, word: Option<vocabulary::Word>) -> bool {
    match top.part {
        Some(Part::Text) => true,
        Some(Part::Value | Part::Person) => word.is_some() || tag.name.contains(':'),
        _ => false,
    }
}

impl<'a> Pass<'a, '_> {
    pub(super) fn start_tag(&mut self) {
        let tag = match start_tag(self.rest()) {
            Found::Tag(tag) => tag,
            Found::CutShort => {
                self.out.replace(self.at..self.src.len(), "");
                self.at = self.src.len();
                return;
            }
            Found::Sign => return self.replace(1, "&lt;", Mend::Sign),
        };
        let (prefix, local) = self.usual_name(&tag);
        let word = lookup(self.family, prefix, local);
        if self.begins_feed_again(&tag, word) {
            return self.replace(tag.bytes, "", Mend::AfterEnd);
        }
        if let Some(top) = self.open.last().copied()
            && may_not_hold(&top, &tag, word)
        {
            if self.is_structural(&top, &tag, word) {
                self.mends.add(Mend::Unclosed);
                self.close(&top, self.at, self.at);
            } else if top.part == Some(Part::Text) {
                return self.markup(&top, markup::Kind::Html);
            }
        }
        if self.family == Family::Rss
            && self.open.len() == 1
            && word.is_none_or(|word| word.name != "channel")
        {
            self.begin_channel();
        }
        if word.is_some_and(|word| word.part == Part::Article) {
            if self.articles >= MOST_ARTICLES {
                self.out.replace(self.at..self.src.len(), "");
                self.at = self.src.len();
                self.mends.add(Mend::TooManyArticles);
                return;
            }
            self.begin_article(&tag);
        }
        if self.open.len() >= DEEPEST {
            return self.replace(tag.bytes, "", Mend::TooDeep);
        }
        let role = self.role(&tag, prefix, local, word);
        self.open_element(&tag, local, role);
    }

    /// Hands a start tag on, under the name that the parser knows, and opens its element.
    pub(super) fn open_element(&mut self, tag: &Tag<'a>, local: &'a str, role: Role) {
        let part = role.word.map(|word| word.part);
        self.set_base(tag);
        self.note_attributes(tag, role.word);
        let end = self.at + tag.bytes;
        let verdict = self.verdict(tag, role, end);
        let own_prefix = tag.name.len() > local.len();
        let emitted = match role.word {
            _ if role.needless || verdict == markup::Verdict::Drop => "left-out",
            Some(word)
                if role.stands_in
                    || !tag.name.ends_with(word.name)
                    || self.family == Family::Rss && own_prefix && !word.name.contains(':') =>
            {
                word.name
            }
            _ => tag.name,
        };
        self.note_prefix(tag, emitted);
        self.write_tag(tag, emitted, role.word, verdict);
        self.at = end;
        if role.aside == Some(Aside::Link) || role.word.is_some_and(|word| word.name == "link") {
            self.mend_link(tag, role.aside);
        }
        if tag.ends_itself {
            self.drop_base(tag.attributes);
            return;
        }
        let opened = Open {
            name: tag.name,
            emitted,
            part,
            content_at: end,
            sets_base: self.has_bases && attribute(tag.attributes, "xml:base").is_some(),
            aside: role.aside,
            fills: role.slot.map(|slot| Filled {
                slot,
                stands_in: role.stands_in,
            }),
        };
        self.open.push(opened);
        if verdict == markup::Verdict::Inline {
            self.note_inline_base();
            self.markup(&opened, markup::Kind::Xhtml);
        } else if part == Some(Part::Person) {
            self.mend_person();
        } else if part == Some(Part::Text) {
            self.unescape();
        }
    }

    /// Whether a second feed begins here, behind the end of the first or right at its beginning.
    fn begins_feed_again(&mut self, tag: &Tag<'a>, word: Option<vocabulary::Word>) -> bool {
        if self.open.len() > self.frames() {
            return false;
        }
        let is_article = word.is_some_and(|word| word.part == Part::Article);
        let root = !is_article && self.open.first().is_some_and(|root| root.name == tag.name);
        let channel = self.family == Family::Rss
            && self.open.len() == 2
            && word.is_some_and(|word| word.name == "channel");
        let again = root || channel;
        if again && self.stage == Stage::Ended {
            self.stage = Stage::Second;
        }
        again
    }

    /// Whether an element belongs to the feed rather than to the text that is open.
    fn is_structural(&self, top: &Open<'a>, tag: &Tag<'a>, word: Option<vocabulary::Word>) -> bool {
        if let Some((prefix, _)) = tag.name.split_once(':')
            && Some(prefix) != self.own_prefix
        {
            return is_feed_prefix(prefix);
        }
        let Some(word) = word else { return false };
        let in_title = top.emitted.ends_with("title");
        match word.name {
            // HTML has elements of these names.
            "title" => tag.attributes.trim().is_empty() && !in_title,
            "link" => in_title || tag.attributes.trim().is_empty() || top.part != Some(Part::Text),
            "summary" | "source" | "image" => in_title || top.part != Some(Part::Text),
            name => name != top.emitted,
        }
    }

    /// Closes what an article can't stand in, and counts it.
    fn begin_article(&mut self, tag: &Tag<'a>) {
        while self.open.len() > self.frames() {
            let Some(top) = self.open.last().copied() else {
                break;
            };
            self.mends.add(Mend::Unclosed);
            self.close(&top, self.at, self.at);
        }
        self.articles += 1;
        self.filled.clear();
        self.linked = false;
        self.about = attribute(tag.attributes, "rdf:about").or(attribute(tag.attributes, "about"));
        if tag.ends_itself && self.family == Family::Rdf {
            // The parser drops it, as it has no link.
            self.articles -= 1;
        }
    }

    /// Opens the channel that was forgotten.
    fn begin_channel(&mut self) {
        self.out.insert(self.at, "<channel>");
        self.mends.add(Mend::Unclosed);
        self.open.push(Open {
            name: "channel",
            emitted: "channel",
            part: Some(Part::Frame),
            content_at: self.at,
            sets_base: false,
            aside: None,
            fills: None,
        });
    }

    /// Writes a start tag where it can't stay as it is.
    fn write_tag(
        &mut self,
        tag: &Tag<'a>,
        emitted: &str,
        word: Option<vocabulary::Word>,
        verdict: markup::Verdict,
    ) {
        // The feed's words are the feed's, whatever namespace they say.
        let foreign = word.is_some_and(|word| !word.name.contains(':'))
            && memmem::find(tag.attributes.as_bytes(), b"xmlns=").is_some();
        let bad_base = self.has_bases
            && tags::attributes(tag.attributes)
                .any(|(name, value)| name == "xml:base" && !root::is_base(value));
        let odd = word.is_some()
            && tags::attributes(tag.attributes)
                .any(|(name, value)| tags::usual_attribute(name, value) != (name, value.into()));
        if tag.sound
            && emitted == tag.name
            && !foreign
            && !bad_base
            && !odd
            && verdict == markup::Verdict::AsItIs
        {
            return;
        }
        if !tag.sound || bad_base {
            self.mends.add(Mend::Tag);
        }
        let mut text = format!("<{emitted}");
        for (name, value) in tags::attributes(tag.attributes) {
            let (name, value) = if word.is_some() {
                tags::usual_attribute(name, value)
            } else {
                (name, value.into())
            };
            let kept = match name {
                "xmlns" => !foreign,
                "xml:base" => root::is_base(&value),
                "type" | "mode" | "src" => verdict == markup::Verdict::AsItIs,
                _ => true,
            };
            if kept {
                push_attribute(&mut text, name, &value);
            }
        }
        if let Some(written) = verdict.type_attribute() {
            push_attribute(&mut text, "type", written);
        }
        text.push_str(if tag.ends_itself { "/>" } else { ">" });
        self.out.replace(self.at..self.at + tag.bytes, &text);
    }
}
