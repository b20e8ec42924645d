//! The pass over a document, from one sign that means something to the next.
//!
//! - here: tags, and which elements are open
//! - `cdata`: CDATA that never ends
//! - `notes`: what is written down on the way

mod cdata;
mod notes;

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;
use std::collections::HashMap;
use url::Url;

use super::asides::{self, Aside, Slot};
use super::references::{Reference, mend_references, reference_at, unescaped};
use super::tags::{self, Found, Tag, attribute, name_at, push_attribute, start_tag};
use super::vocabulary::{self, Part, is_feed_prefix, lookup};
use super::{Mended, Mends, Out, markup, root};
use crate::feed::Mend;
use crate::feed::ahead::Ahead;
use crate::feed::extras::Note;
use crate::feed::sniff::Family;
use crate::feed::text::{Written, escape, one_line};

/// Feeds are shallow; deeper elements are dropped, so that nothing behind this pass recurses far.
const DEEPEST: usize = 48;

/// Shorter texts are not worth the trouble.
const SHORTEST_UNESCAPED: usize = 64;

/// No feed uses more prefixes than that without declaring them.
const MOST_UNDECLARED: usize = 32;

/// No feed has more articles; an empty `<item>` costs a hundred times its bytes once it is read.
const MOST_ARTICLES: usize = 50_000;

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
    slot: Option<Slot>,
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

/// What an element is to the pass.
#[derive(Clone, Copy, Default)]
struct Role {
    /// None where it is no word of feeds.
    word: Option<vocabulary::Word>,
    aside: Option<Aside>,
    slot: Option<Slot>,
    /// Whether it stands in for the word.
    stands_in: bool,
    /// Whether it holds nothing, and the slot has been filled.
    needless: bool,
}

/// Whether an element has no place inside the one that is open.
fn may_not_hold(top: &Open<'_>, tag: &Tag<'_>, word: Option<vocabulary::Word>) -> bool {
    match top.part {
        Some(Part::Text) => true,
        Some(Part::Value | Part::Person) => word.is_some() || tag.name.contains(':'),
        _ => false,
    }
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
    filled: Vec<Slot>,
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
            slot: None,
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

    fn start_tag(&mut self) {
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
    fn open_element(&mut self, tag: &Tag<'a>, local: &'a str, role: Role) {
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
            slot: role.slot,
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

    /// Returns what an element is to the pass.
    fn role(
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
                needless: empty && slot.is_some_and(|slot| self.filled.contains(&slot)),
                ..role
            };
        }
        match asides::stand_in(self.family, prefix, local) {
            Some((slot, word)) if !self.filled.contains(&slot) => Role {
                word: Some(word),
                aside,
                slot: Some(slot),
                stands_in: true,
                needless: false,
            },
            _ => Role { aside, ..role },
        }
    }

    /// Returns how a text of Atom is to be read; `end` is where its tag ends.
    fn verdict(&self, tag: &Tag<'a>, role: Role, end: usize) -> markup::Verdict {
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
                !tag.name.contains(':') && lookup(self.family, "", tag.name).is_none()
            }
            _ => false,
        }
    }

    /// Whether a second feed begins here, behind the end of the first or right at its beginning.
    fn begins_feed_again(&mut self, tag: &Tag<'a>, word: Option<vocabulary::Word>) -> bool {
        if self.open.len() > self.frames() {
            return false;
        }
        let root = self.open.first().is_some_and(|root| root.name == tag.name);
        let channel = self.family == Family::Rss
            && self.open.len() == 2
            && word.is_some_and(|word| word.name == "channel");
        let again = root || channel;
        if again && self.stage == Stage::Ended {
            self.stage = Stage::Second;
        }
        again
    }

    /// How many elements are open around an article.
    fn frames(&self) -> usize {
        if self.family == Family::Rss { 2 } else { 1 }
    }

    /// Turns a long escaped text into CDATA, where the parser reads it in one piece.
    ///
    /// It takes every reference for an event of its own, which makes escaped HTML three times as
    /// slow to read.
    fn unescape(&mut self) {
        let from = self.rest();
        let Some(length) = memchr(b'<', from.as_bytes()) else {
            return;
        };
        let (text, after) = from.split_at(length);
        let worth_it = length >= SHORTEST_UNESCAPED && memchr(b'&', text.as_bytes()).is_some();
        if worth_it && after.starts_with("</") {
            let cdata = unescaped(text, self.mends);
            self.out.replace(self.at..self.at + length, &cdata);
            self.at += length;
        }
    }

    /// Returns the usual prefix of an element's namespace, empty for the feed's own, and its name
    /// without prefix.
    fn usual_name(&self, tag: &Tag<'a>) -> (&'a str, &'a str) {
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
            slot: None,
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
        let part = word.map(|word| word.part);
        let foreign = matches!(part, Some(Part::Article | Part::Frame))
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

    /// Turns the rest of an element into one text, as the parser wants it.
    fn markup(&mut self, element: &Open<'a>, kind: markup::Kind) {
        let region = markup::read(self.rest(), element.name, kind);
        if kind == markup::Kind::Html {
            self.mends.add(Mend::Markup);
        }
        self.out
            .replace(self.at..self.at + region.bytes, &region.cdata);
        self.at += region.bytes;
    }

    /// Rewrites a person's name where the parser would cut a character in two.
    ///
    /// feed-rs takes one byte away between an e-mail address and the name beside it.
    fn mend_person(&mut self) {
        let from = self.rest();
        let (start, end) = match from.strip_prefix("<![CDATA[") {
            Some(inside) => (
                9,
                memmem::find(inside.as_bytes(), b"]]>").map(|end| end + 9),
            ),
            None => (0, memchr(b'<', from.as_bytes())),
        };
        let raw = from
            .get(start..end.unwrap_or(from.len()))
            .unwrap_or_default();
        if !raw.contains('@') || (raw.is_ascii() && !raw.contains('&')) {
            return;
        }
        let in_cdata = start > 0;
        let plain = if in_cdata {
            Cow::Borrowed(raw)
        } else {
            Cow::Owned(one_line(raw, Written::Html))
        };
        let words: Vec<String> = plain
            .split_whitespace()
            .map(|word| {
                if word.contains('@') {
                    word.replace(|c: char| !c.is_ascii(), " ")
                } else {
                    word.to_owned()
                }
            })
            .collect();
        let name = words.join(" ");
        let text = if in_cdata {
            Cow::Borrowed(name.as_str())
        } else {
            escape(&name)
        };
        let at = self.at + start;
        self.out.replace(at..at + raw.len(), &text);
        self.at = at + raw.len();
    }

    fn end_tag(&mut self) {
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
    fn close(&mut self, open: &Open<'a>, from: usize, to: usize) {
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
    fn wants_link(&self, open: &Open<'a>) -> bool {
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
        if place > 0 && !is_channel {
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
