//! The pass over a document, from one sign that means something to the next.
//!
//! - here: from sign to sign, and which elements are open
//! - `starts`: start tags
//! - `roles`: what an element is
//! - `texts`: texts written anew
//! - `ends`: end tags
//! - `cdata`: CDATA that never ends
//! - `notes`: what is written down on the way

mod cdata;
mod ends;
mod notes;
mod roles;
mod starts;
mod texts;

use memchr::{memchr2, memmem};
use std::borrow::Cow;
use std::collections::HashMap;
use url::Url;

use super::asides::{Aside, Slot};
use super::references::{Reference, reference_at};
use super::tags::{Found, Tag, start_tag};
use super::vocabulary::Part;
use super::{Mended, Mends, Out, root};
use crate::feed::Mend;
use crate::feed::ahead::Ahead;
use crate::feed::extras::Note;
use crate::feed::sniff::Family;

/// An element that is open.
#[derive(Clone, Copy)]
struct Open<'a> {
    /// Its name as written.
    name: &'a str,
    /// Its name as handed on.
    emitted: &'a str,
    /// None where it is no word of feeds.
    part: Option<Part>,
    /// Where its content begins.
    content_at: usize,
    /// The base of its addresses, where it sets one.
    sets_base: bool,
    /// What the pass itself reads out of it.
    aside: Option<Aside>,
    /// What of its article it fills.
    fills: Option<Filled>,
}

/// A slot of an article that is filled.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Filled {
    slot: Slot,
    /// Whether by something that stands in for the usual element.
    stands_in: bool,
}

/// How far a document has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// In its feed.
    First,
    /// Behind an end of it, passed over for the sake of the articles that follow.
    Ended,
    /// In a second feed or channel, whose articles count and whose title doesn't.
    Second,
}

/// The pass over one document.
pub(crate) struct Pass<'a, 'm> {
    src: &'a str,
    family: Family,
    /// The prefix that stands for the feed's own namespace, where its elements have one.
    own_prefix: Option<&'a str>,
    at: usize,
    out: Out<'a>,
    open: Vec<Open<'a>>,
    /// The prefixes that the root declares, with the usual ones of their namespaces.
    declared: HashMap<&'a str, Option<&'static str>>,
    undeclared: Vec<&'a str>,
    bases: Vec<Url>,
    has_bases: bool,
    articles: usize,
    /// Which slots of the article are filled.
    filled: Vec<Filled>,
    stage: Stage,
    linked: bool,
    about: Option<&'a str>,
    notes: Vec<Note>,
    mends: &'m mut Mends,
    cdata_start: Ahead,
    cdata_end: Ahead,
    comment_end: Ahead,
    instruction_end: Ahead,
    next_article: Ahead,
}

impl<'a> Pass<'a, '_> {
    pub(crate) fn run(src: &'a str, family: Family, base: &Url, mends: &mut Mends) -> Mended<'a> {
        let root = match start_tag(src) {
            Found::Tag(tag) => tag,
            Found::CutShort | Found::Sign => root::torn(src),
        };
        let mut pass = Pass {
            src,
            family,
            own_prefix: root::own_prefix(&root, family),
            at: root.bytes.min(src.len()),
            out: Out::new(src),
            open: Vec::with_capacity(16),
            declared: root::declared_prefixes(root.attributes),
            undeclared: Vec::new(),
            bases: vec![base.clone()],
            has_bases: memmem::find(src.as_bytes(), b"xml:base").is_some(),
            articles: 0,
            filled: Vec::with_capacity(4),
            stage: Stage::First,
            linked: false,
            about: None,
            notes: Vec::new(),
            mends,
            cdata_start: Ahead::of(cdata::START),
            cdata_end: Ahead::of("]]>"),
            comment_end: Ahead::of("-->"),
            instruction_end: Ahead::of("?>"),
            next_article: Ahead::of(if family == Family::Atom {
                "<entry"
            } else {
                "<item"
            }),
        };
        // What was copied so far is the root's tag, which is written again below.
        pass.out.copied = pass.at;
        pass.open_root(&root);
        if !root.ends_itself {
            pass.go_through();
        }
        let end = pass.at;
        let frames = pass.open.iter().all(|open| open.part == Some(Part::Frame));
        if !(pass.open.is_empty() || root.ends_itself || pass.stage != Stage::First && frames) {
            pass.mends.add(Mend::CutShort);
        }
        while let Some(open) = pass.open.last().copied() {
            pass.close(&open, end, end);
        }
        pass.finish(&root, end)
    }

    /// Puts the root before what follows it.
    fn finish(self, root: &Tag<'a>, end: usize) -> Mended<'a> {
        let head = root::rewritten(root, self.family, &self.undeclared, self.mends);
        let untouched = self.out.text.is_empty() && self.out.copied == root.bytes;
        let text = match head {
            None if untouched => Cow::Borrowed(self.src.get(..end).unwrap_or_default()),
            head => {
                let tail = self.src.get(self.out.copied..end).unwrap_or_default();
                let mut text = head
                    .unwrap_or_else(|| self.src.get(..root.bytes).unwrap_or_default().to_owned());
                text.reserve(self.out.text.len() + tail.len());
                text.push_str(&self.out.text);
                text.push_str(tail);
                Cow::Owned(text)
            }
        };
        Mended {
            text,
            articles: self.articles,
            notes: self.notes,
        }
    }

    /// Opens the root, and the channel that some roots forget.
    fn open_root(&mut self, root: &Tag<'a>) {
        let local = root.name.rsplit(':').next().unwrap_or(root.name);
        if self.family == Family::Rss && local.eq_ignore_ascii_case("channel") {
            self.push_root("rss");
            self.push_root("channel");
        } else {
            self.push_root(root.name);
            if local.eq_ignore_ascii_case("entry") {
                self.articles = 1;
            }
        }
        self.set_base(root);
    }

    fn push_root(&mut self, name: &'a str) {
        let channel = self.family == Family::Rss && name == "channel";
        self.open.push(Open {
            name,
            emitted: if channel {
                name
            } else {
                root::emitted(name, self.family)
            },
            part: Some(Part::Frame),
            content_at: self.at,
            sets_base: false,
            aside: None,
            fills: None,
        });
    }

    /// Goes through the document, from one sign that means something to the next.
    fn go_through(&mut self) {
        while !self.open.is_empty() {
            let rest = self.rest().as_bytes();
            let Some(offset) = memchr2(b'<', b'&', rest) else {
                self.at = self.src.len();
                return;
            };
            self.at += offset;
            match rest.get(offset..offset + 2) {
                Some(b"</") => self.end_tag(),
                Some(b"<!") => self.declaration(),
                Some(b"<?") => self.instruction(),
                Some([b'<', _]) => self.start_tag(),
                Some(_) => self.reference(),
                // A single sign at the very end says nothing.
                None => {
                    let end = self.at + 1;
                    self.out.replace(self.at..end, "");
                    self.at = end;
                }
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.src.get(self.at..).unwrap_or_default()
    }

    /// Replaces the next bytes.
    fn replace(&mut self, bytes: usize, with: &str, what: Mend) {
        let end = (self.at + bytes).min(self.src.len());
        self.out.replace(self.at..end, with);
        self.at = end;
        self.mends.add(what);
    }

    fn reference(&mut self) {
        match reference_at(self.src, self.at) {
            Reference::Sound { bytes } => self.at += bytes,
            Reference::Mended { bytes, text, what } => self.replace(bytes, &text, what),
        }
    }

    /// CDATA, a comment, or something that has no place here.
    fn declaration(&mut self) {
        let from = self.rest();
        let start = from.get(..cdata::START.len()).unwrap_or_default();
        if start.eq_ignore_ascii_case(cdata::START) {
            if start != cdata::START {
                let at = self.at..self.at + start.len();
                self.out.replace(at, cdata::START);
                self.mends.add(Mend::Cdata);
            }
            self.cdata();
        } else if from.starts_with("<!--") {
            match self.comment_end.from(self.src, self.at + 4) {
                Some(end) => self.at = end + 3,
                None => self.replace(4, "&lt;!--", Mend::Sign),
            }
        } else {
            self.replace(1, "&lt;", Mend::Sign);
        }
    }

    fn instruction(&mut self) {
        match self.instruction_end.from(self.src, self.at + 2) {
            // A second XML declaration would change the parser's encoding.
            Some(end) if self.rest().starts_with("<?xml") => {
                self.replace(end + 2 - self.at, "", Mend::Sign);
            }
            Some(end) => self.at = end + 2,
            None => self.replace(1, "&lt;", Mend::Sign),
        }
    }

    /// How many elements are open around an article.
    fn frames(&self) -> usize {
        if self.family == Family::Rss { 2 } else { 1 }
    }
}
