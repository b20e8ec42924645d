//! The pass over a document, from one sign that means something to the next.
//!
//! - here: tags, and which elements are open
//! - `cdata`: CDATA that never ends
//! - `notes`: what is written down on the way

mod cdata;
mod notes;

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;
use std::collections::HashSet;
use url::Url;

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
    declared: HashSet<&'a str>,
    undeclared: Vec<&'a str>,
    bases: Vec<Url>,
    has_bases: bool,
    articles: usize,
    linked: bool,
    about: Option<&'a str>,
    notes: Vec<Note>,
    mends: &'m mut Mends,
    cdata_start: Ahead,
    cdata_end: Ahead,
    comment_end: Ahead,
    instruction_end: Ahead,
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
            declared: root::declared_prefixes(root.attributes)
                .into_iter()
                .collect(),
            undeclared: Vec::new(),
            bases: vec![base.clone()],
            has_bases: memmem::find(src.as_bytes(), b"xml:base").is_some(),
            articles: 0,
            linked: false,
            about: None,
            notes: Vec::new(),
            mends,
            cdata_start: Ahead::of(cdata::START),
            cdata_end: Ahead::of("]]>"),
            comment_end: Ahead::of("-->"),
            instruction_end: Ahead::of("?>"),
        };
        // What was copied so far is the root's tag, which is written again below.
        pass.out.copied = pass.at;
        pass.open_root(&root);
        if !root.ends_itself {
            pass.go_through();
        }
        let end = pass.at;
        while let Some(open) = pass.open.last().copied() {
            if !root.ends_itself {
                pass.mends.add(Mend::CutShort);
            }
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
        self.open.push(Open {
            name,
            emitted: if self.family == Family::Rss && name.eq_ignore_ascii_case("rss") {
                "rss"
            } else {
                name
            },
            part: Some(Part::Frame),
            content_at: self.at,
            sets_base: false,
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
        if from.starts_with("<![CDATA[") {
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
        let local = self.own_name(tag.name);
        let word = lookup(self.family, local);
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
        let part = word.map(|word| word.part);
        if self.family == Family::Rss
            && self.open.len() == 1
            && word.is_none_or(|word| word.name != "channel")
        {
            self.begin_channel();
        }
        if part == Some(Part::Article) {
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
        self.note_prefix(tag.name);

        let emitted = match word {
            Some(word) if local != word.name => word.name,
            _ => tag.name,
        };
        self.set_base(&tag);
        self.note_attributes(&tag, word);
        let verdict = if self.family == Family::Atom && part == Some(Part::Text) {
            markup::judge(&tag, emitted)
        } else {
            markup::Verdict::AsItIs
        };
        let emitted = if verdict == markup::Verdict::Drop {
            "left-out"
        } else {
            emitted
        };
        self.write_tag(&tag, emitted, part, verdict);
        let end = self.at + tag.bytes;
        self.at = end;
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
        };
        self.open.push(opened);
        if verdict == markup::Verdict::Inline {
            self.markup(&opened, markup::Kind::Xhtml);
        } else if part == Some(Part::Person) {
            self.mend_person();
        } else if part == Some(Part::Text) {
            self.unescape();
        }
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

    /// Returns a name without the prefix of the feed's own namespace.
    fn own_name(&self, name: &'a str) -> &'a str {
        match name.split_once(':') {
            Some((prefix, local)) if Some(prefix) == self.own_prefix => local,
            _ => name,
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
        let frames = if self.family == Family::Rss { 2 } else { 1 };
        while self.open.len() > frames {
            let Some(top) = self.open.last().copied() else {
                break;
            };
            self.mends.add(Mend::Unclosed);
            self.close(&top, self.at, self.at);
        }
        self.articles += 1;
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
        });
    }

    /// Writes a start tag where it can't stay as it is.
    fn write_tag(
        &mut self,
        tag: &Tag<'a>,
        emitted: &str,
        part: Option<Part>,
        verdict: markup::Verdict,
    ) {
        let foreign = matches!(part, Some(Part::Article | Part::Frame))
            && memmem::find(tag.attributes.as_bytes(), b"xmlns=").is_some();
        let bad_base = self.has_bases
            && tags::attributes(tag.attributes)
                .any(|(name, value)| name == "xml:base" && !root::is_base(value));
        if tag.sound
            && emitted == tag.name
            && !foreign
            && !bad_base
            && verdict == markup::Verdict::AsItIs
        {
            return;
        }
        if !tag.sound || bad_base {
            self.mends.add(Mend::Tag);
        }
        let mut text = format!("<{emitted}");
        for (name, value) in tags::attributes(tag.attributes) {
            let kept = match name {
                "xmlns" => !foreign,
                "xml:base" => root::is_base(value),
                "type" | "mode" | "src" => verdict == markup::Verdict::AsItIs,
                _ => true,
            };
            if kept {
                push_attribute(&mut text, name, value);
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
        let same = |open: &Open<'_>| open.name == name;
        if self.open.last().is_some_and(same) && whole {
            if let Some(open) = self.open.last().copied() {
                self.close_here(&open, bytes);
            }
            return;
        }
        let alike = |open: &Open<'_>| open.name.eq_ignore_ascii_case(name);
        if !self.open.iter().any(alike) {
            return self.replace(bytes, "", Mend::Stray);
        }
        self.mends.add(Mend::Unclosed);
        while let Some(open) = self.open.last().copied() {
            let found = alike(&open);
            if found {
                self.close_with(&open, bytes);
                return;
            }
            self.close(&open, self.at, self.at);
        }
    }

    /// Closes the innermost element by the end tag that stands here.
    fn close_here(&mut self, open: &Open<'a>, bytes: usize) {
        if open.emitted == open.name
            && !self.ends_channel_too_early(open, bytes)
            && !self.wants_link(open)
        {
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
        if self.ends_channel_too_early(open, bytes) {
            self.out.replace(self.at..end, "");
            self.at = end;
            return;
        }
        self.close(open, self.at, end);
        self.at = end;
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

    /// Whether more articles follow the end of an RSS channel.
    fn ends_channel_too_early(&self, open: &Open<'a>, bytes: usize) -> bool {
        self.family == Family::Rss
            && open.emitted == "channel"
            && self.open.len() == 2
            && self
                .src
                .get(self.at + bytes..)
                .is_some_and(|rest| rest.trim_start().starts_with("<item"))
    }
}
