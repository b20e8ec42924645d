//! What an element is: a word of feeds, something that stands in for one, or neither.

use memchr::memchr;

use super::{Filled, Pass, Stage};
use crate::feed::repair::asides::{self, Aside, Slot};
use crate::feed::repair::markup;
use crate::feed::repair::tags::{Found, Tag, attribute, start_tag};
use crate::feed::repair::vocabulary::{self, Part, lookup};
use crate::feed::sniff::Family;
use crate::feed::text::is_html_element;

/// What an element is to the pass.
#[derive(Clone, Copy, Default)]
pub(super) struct Role {
    /// None where it is no word of feeds.
    pub(super) word: Option<vocabulary::Word>,
    pub(super) aside: Option<Aside>,
    pub(super) slot: Option<Slot>,
    /// Whether it stands in for the word.
    pub(super) stands_in: bool,
    /// Whether it holds nothing, and the slot has been filled.
    pub(super) needless: bool,
}

impl<'a> Pass<'a, '_> {
    /// Returns what an element is to the pass.
    pub(super) fn role(
        &self,
        tag: &Tag<'a>,
        prefix: &str,
        local: &str,
        word: Option<vocabulary::Word>,
    ) -> Role {
        let role = Role {
            word,
            ..Role::default()
        };
        let Some(top) = self.open.last() else {
            return role;
        };
        if top.part != Some(Part::Article) {
            let second = self.stage == Stage::Second && self.open.len() == self.frames();
            return Role {
                // `atom:name` in `atom:author`, and what RSS borrows of it.
                aside: (top.aside == Some(Aside::Byline) && local.eq_ignore_ascii_case("name"))
                    .then_some(Aside::Byline),
                // The first channel named the feed.
                needless: second && word.is_some_and(|word| word.part != Part::Article),
                ..role
            };
        }
        let aside = asides::aside(self.family, prefix, local);
        if let Some(word) = word {
            let slot = if prefix.is_empty() || prefix == "content" {
                Slot::of(word.name)
            } else {
                None
            };
            let after = self.src.get(self.at + tag.bytes..).unwrap_or_default();
            let empty = tag.ends_itself || after.trim_start().starts_with("</");
            return Role {
                aside,
                slot,
                needless: slot.is_some_and(|slot| self.is_needless(slot, empty)),
                ..role
            };
        }
        match asides::stand_in(self.family, prefix, local) {
            Some((slot, word)) if !self.is_filled(slot) => Role {
                word: Some(word),
                aside,
                slot: Some(slot),
                stands_in: true,
                needless: false,
            },
            _ => Role { aside, ..role },
        }
    }

    fn is_filled(&self, slot: Slot) -> bool {
        self.filled.iter().any(|filled| filled.slot == slot)
    }

    /// Whether an article is better off without one more element for a slot: one that holds nothing,
    /// or a second title, which is that of something within the article.
    fn is_needless(&self, slot: Slot, is_empty: bool) -> bool {
        let titled = |filled: &Filled| filled.slot == Slot::Title && !filled.stands_in;
        is_empty && self.is_filled(slot) || slot == Slot::Title && self.filled.iter().any(titled)
    }

    /// Returns how a text of Atom is to be read; `end` is where its tag ends.
    pub(super) fn verdict(&self, tag: &Tag<'a>, role: Role, end: usize) -> markup::Verdict {
        let Some(word) = role.word.filter(|word| word.part == Part::Text) else {
            return markup::Verdict::AsItIs;
        };
        if self.family != Family::Atom {
            return markup::Verdict::AsItIs;
        }
        let verdict = if role.stands_in {
            markup::Verdict::Html
        } else {
            markup::judge(tag, word.name)
        };
        let is_text = match verdict {
            markup::Verdict::AsItIs => {
                attribute(tag.attributes, "type").is_none_or(|written| written == "text")
            }
            markup::Verdict::Plain => true,
            markup::Verdict::Html => role.stands_in,
            _ => false,
        };
        let content = self.src.get(end..).unwrap_or_default();
        if is_text && !tag.ends_itself && self.holds_markup(content) {
            markup::Verdict::Inline
        } else {
            verdict
        }
    }

    /// Whether the first tag in a text is one of HTML's.
    fn holds_markup(&self, content: &str) -> bool {
        let Some(at) = memchr(b'<', content.as_bytes()) else {
            return false;
        };
        let from = content.get(at..).unwrap_or_default();
        match start_tag(from) {
            Found::Tag(tag) => {
                is_html_element(tag.name) && lookup(self.family, "", tag.name).is_none()
            }
            _ => false,
        }
    }

    /// Returns the usual prefix of an element's namespace, empty for the feed's own, and its name
    /// without prefix.
    pub(super) fn usual_name(&self, tag: &Tag<'a>) -> (&'a str, &'a str) {
        let Some((prefix, local)) = tag.name.split_once(':') else {
            return ("", tag.name);
        };
        if Some(prefix) == self.own_prefix {
            return ("", local);
        }
        let usual = match self.declared.get(prefix) {
            Some(usual) => *usual,
            None if tag.attributes.contains("xmlns:") => {
                let declared = attribute(tag.attributes, &format!("xmlns:{prefix}"));
                declared
                    .and_then(vocabulary::usual_prefix)
                    .or_else(|| vocabulary::known_prefix(prefix))
            }
            None => vocabulary::known_prefix(prefix),
        };
        let own = match self.family {
            Family::Atom => "atom",
            Family::Rss | Family::Rdf => "rss",
        };
        match usual {
            Some(usual) if usual == own => ("", local),
            Some(usual) => (usual, local),
            None => (prefix, local),
        }
    }
}
