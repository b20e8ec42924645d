//! XML mended before the parser sees it.
//!
//! One pass over the text that copies nothing where nothing is wrong. It closes what was left open,
//! escapes what should have been escaped, and gives elements and namespaces the names that the
//! parser knows. A mistake never costs more than the place where it is. On its way it notes what
//! the parser would hide (see [`super::extras`]).
//!
//! - here: the pass itself
//! - `tags`: start tags as they really come
//! - `root`: the root element
//! - `markup`: texts that hold markup where they may not
//! - `vocabulary`: the words of feeds

mod markup;
mod root;
mod tags;
mod vocabulary;

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2, memmem};
use url::Url;

use super::extras::{self, Fact, Note};
use super::sniff::Family;
use super::text::reference;
use super::{FeedProblem, Mend};
use tags::{Found, Tag, attribute, name_at, push_attribute, start_tag};
use vocabulary::{Part, is_feed_prefix, lookup};

/// A document that an XML parser can read.
#[derive(Debug)]
pub(crate) struct Mended<'a> {
    /// The text, from its root element on.
    pub(crate) text: Cow<'a, str>,
    /// How many articles it holds.
    pub(crate) articles: usize,
    /// What the parser would hide.
    pub(crate) notes: Vec<Note>,
}

/// Feeds are shallow; deeper elements are dropped, so that nothing behind this pass recurses far.
const DEEPEST: usize = 48;

/// Shorter texts are not worth the trouble.
const SHORTEST_UNESCAPED: usize = 64;

/// No feed uses more prefixes than that without declaring them.
const MOST_UNDECLARED: usize = 32;

/// Mends the document whose root element begins at `root_at`.
pub(crate) fn mend<'a>(
    text: &'a str,
    root_at: usize,
    family: Family,
    base: &Url,
    problems: &mut Vec<FeedProblem>,
) -> Mended<'a> {
    let src = text.get(root_at..).unwrap_or_default();
    let mut mends = Mends::default();
    if text
        .get(..root_at)
        .is_some_and(|junk| !junk.trim().is_empty() && !junk.trim_start().starts_with('<'))
    {
        mends.add(Mend::JunkBefore);
    }
    let mended = if holds_controls(src) {
        mends.add(Mend::Control);
        let clean = src.replace(is_control, "");
        let Mended {
            text,
            articles,
            notes,
        } = Pass::run(&clean, family, base, &mut mends);
        Mended {
            text: Cow::Owned(text.into_owned()),
            articles,
            notes,
        }
    } else {
        Pass::run(src, family, base, &mut mends)
    };
    problems.extend(mends.into_problems());
    mended
}

/// Mends the references in a text: names of HTML become characters, other ampersands are escaped.
pub(crate) fn mend_references(text: &str) -> Cow<'_, str> {
    let mut out = Out::new(text);
    let mut at = 0;
    while let Some(offset) = memchr(b'&', text.as_bytes().get(at..).unwrap_or_default()) {
        at += offset;
        match reference_at(text, at) {
            Reference::Sound { bytes } => at += bytes,
            Reference::Mended { bytes, text, .. } => {
                out.replace(at..at + bytes, &text);
                at += bytes;
            }
        }
    }
    out.finish(text.len())
}

/// What an `&` turned out to be.
enum Reference {
    /// XML knows it.
    Sound { bytes: usize },
    /// XML needs another text for it.
    Mended {
        bytes: usize,
        text: String,
        what: Mend,
    },
}

/// Reads the `&` at a place.
fn reference_at(src: &str, at: usize) -> Reference {
    let from = src.get(at..).unwrap_or_default();
    let bytes = from.as_bytes();
    for name in [&b"&lt;"[..], b"&gt;", b"&amp;", b"&quot;", b"&apos;"] {
        if bytes.starts_with(name) {
            return Reference::Sound { bytes: name.len() };
        }
    }
    let Some(found) = reference(from) else {
        return Reference::Mended {
            bytes: 1,
            text: "&amp;".to_owned(),
            what: Mend::Ampersand,
        };
    };
    let [Some(first), second] = found.characters else {
        return Reference::Sound { bytes: found.bytes };
    };
    let numeric = bytes.get(1) == Some(&b'#');
    // quick-xml reads only `x`, in lower case, as the sign of a hexadecimal number.
    if numeric && bytes.get(2) != Some(&b'X') && stands_for_itself(from, found.bytes, first) {
        return Reference::Sound { bytes: found.bytes };
    }
    let mut text = String::new();
    for c in [Some(first), second].into_iter().flatten() {
        match c {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            c if is_control(c) => {}
            c => text.push(c),
        }
    }
    Reference::Mended {
        bytes: found.bytes,
        text,
        what: Mend::Reference,
    }
}

/// Returns an escaped text as CDATA.
fn unescaped(text: &str, mends: &mut Mends) -> String {
    let mut cdata = String::with_capacity(text.len() + 12);
    cdata.push_str("<![CDATA[");
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        cdata.push_str(before);
        let known = [
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&amp;", '&'),
            ("&quot;", '"'),
        ];
        let bytes = if let Some((name, c)) = known.iter().find(|(name, _)| from.starts_with(name)) {
            cdata.push(*c);
            name.len()
        } else if let Some(found) = reference(from) {
            if let Reference::Mended { what, .. } = reference_at(from, 0) {
                mends.add(what);
            }
            let characters = found.characters.into_iter().flatten();
            cdata.extend(characters.filter(|c| !is_control(*c)));
            found.bytes
        } else {
            mends.add(Mend::Ampersand);
            cdata.push('&');
            1
        };
        rest = from.get(bytes..).unwrap_or_default();
    }
    cdata.push_str(rest);
    if memmem::find(cdata.as_bytes(), b"]]>").is_some() {
        cdata = cdata.replace("]]>", "]]]]><![CDATA[>");
    }
    cdata.push_str("]]>");
    cdata
}

/// Whether a numeric reference gives the character of its number and XML allows that.
fn stands_for_itself(from: &str, bytes: usize, character: char) -> bool {
    let digits = from.get(2..bytes - 1).unwrap_or_default();
    let number = match digits.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    number == Ok(u32::from(character)) && !is_control(character)
}

/// Whether a character may not stand in XML (XML 1.0 §2.2).
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text holds C0 controls; written so that it compiles to a few wide instructions.
fn holds_controls(text: &str) -> bool {
    text.as_bytes().chunks(4096).any(|chunk| {
        let controls = chunk
            .iter()
            .map(|&b| u32::from(b < 0x20) - u32::from(matches!(b, b'\n' | b'\r' | b'\t')));
        controls.sum::<u32>() > 0
    })
}

/// How often each kind of mistake was mended.
#[derive(Debug, Default)]
struct Mends(Vec<(Mend, u32)>);

impl Mends {
    fn add(&mut self, what: Mend) {
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => self.0.push((what, 1)),
        }
    }

    fn into_problems(self) -> impl Iterator<Item = FeedProblem> {
        self.0
            .into_iter()
            .map(|(what, times)| FeedProblem::Mended { what, times })
    }
}

/// A text with replacements; nothing is copied before the first.
struct Out<'a> {
    src: &'a str,
    copied: usize,
    text: String,
}

impl<'a> Out<'a> {
    fn new(src: &'a str) -> Self {
        Self {
            src,
            copied: 0,
            text: String::new(),
        }
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        if self.text.capacity() == 0 {
            self.text
                .reserve(self.src.len() + self.src.len() / 16 + 256);
        }
        self.text
            .push_str(self.src.get(self.copied..range.start).unwrap_or_default());
        self.text.push_str(with);
        self.copied = self.copied.max(range.end);
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.replace(at..at, text);
    }

    /// Returns the text up to `end` of the source.
    fn finish(mut self, end: usize) -> Cow<'a, str> {
        if self.copied == 0 && self.text.is_empty() {
            return Cow::Borrowed(self.src.get(..end).unwrap_or_default());
        }
        self.text
            .push_str(self.src.get(self.copied..end).unwrap_or_default());
        Cow::Owned(self.text)
    }
}

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
struct Pass<'a, 'm> {
    src: &'a str,
    family: Family,
    /// The prefix that stands for the feed's own namespace, where its elements have one.
    own_prefix: Option<&'a str>,
    at: usize,
    out: Out<'a>,
    open: Vec<Open<'a>>,
    declared: Vec<&'a str>,
    undeclared: Vec<&'a str>,
    bases: Vec<Url>,
    has_bases: bool,
    articles: usize,
    linked: bool,
    about: Option<&'a str>,
    notes: Vec<Note>,
    mends: &'m mut Mends,
    cdata_end: Ahead,
    comment_end: Ahead,
    instruction_end: Ahead,
}

/// Where something stands next, so that one search serves all questions up to there.
struct Ahead {
    what: &'static str,
    next: Option<usize>,
}

impl Ahead {
    fn of(what: &'static str) -> Self {
        Self {
            what,
            next: Some(0),
        }
    }

    /// Returns the next place from `at` on.
    fn from(&mut self, src: &str, at: usize) -> Option<usize> {
        if self.next.is_some_and(|next| next < at) {
            let rest = src.as_bytes().get(at..).unwrap_or_default();
            self.next = memmem::find(rest, self.what.as_bytes()).map(|found| at + found);
        }
        self.next
    }
}

impl<'a> Pass<'a, '_> {
    fn run(src: &'a str, family: Family, base: &Url, mends: &mut Mends) -> Mended<'a> {
        let root = match start_tag(src) {
            Found::Tag(tag) => tag,
            Found::CutShort | Found::Sign => Tag {
                name: name_at(src, 1).unwrap_or_default(),
                attributes: "",
                bytes: src.len(),
                ends_itself: false,
                sound: false,
            },
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
            linked: false,
            about: None,
            notes: Vec::new(),
            mends,
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

    /// CDATA that ends, that never ends, or that holds another.
    fn cdata(&mut self) {
        const START: &str = "<![CDATA[";
        let inside = self.rest().get(START.len()..).unwrap_or_default();
        let bytes = inside.as_bytes();
        let inside_at = self.at + START.len();
        let end = self
            .cdata_end
            .from(self.src, inside_at)
            .map(|end| end - inside_at);
        let whole = end.map_or(bytes, |end| bytes.get(..end).unwrap_or_default());
        let nested = memmem::find(whole, START.as_bytes());
        if let (Some(end), None) = (end, nested) {
            self.at += START.len() + end + 3;
            return;
        }

        // Without an end, or with another start before it: was the end forgotten?
        let closing = self
            .open
            .last()
            .map_or_else(String::new, |open| format!("</{}", open.name));
        let limit = nested.unwrap_or(bytes.len());
        let forgotten = inside
            .get(..limit)
            .and_then(|text| memmem::find(text.as_bytes(), closing.as_bytes()));
        if let Some(length) = forgotten.or((end.is_none() && nested.is_none()).then_some(limit)) {
            let at = self.at + START.len() + length;
            self.out.insert(at, "]]>");
            self.at = at;
            self.mends.add(Mend::Cdata);
            return;
        }
        self.at += START.len();
        self.nested_cdata(&closing);
    }

    /// Takes the inner marks out of CDATA in CDATA.
    fn nested_cdata(&mut self, closing: &str) {
        self.mends.add(Mend::Cdata);
        let mut depth = 1;
        loop {
            let from = self.rest();
            let bytes = from.as_bytes();
            let start = memmem::find(bytes, b"<![CDATA[");
            let end = memmem::find(bytes, b"]]>");
            match (start, end) {
                (Some(start), Some(end)) if start < end => {
                    let at = self.at + start;
                    self.out.replace(at..at + 9, "");
                    self.at = at + 9;
                    depth += 1;
                }
                (_, Some(end)) => {
                    let at = self.at + end;
                    self.at = at + 3;
                    depth -= 1;
                    let last = self.rest().trim_start().starts_with(closing);
                    if depth == 0 || last {
                        return;
                    }
                    self.out.replace(at..at + 3, "");
                }
                (_, None) => {
                    let length = memmem::find(bytes, closing.as_bytes()).unwrap_or(bytes.len());
                    self.at += length;
                    self.out.insert(self.at, "]]>");
                    return;
                }
            }
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
            && attribute(tag.attributes, "xml:base").is_some_and(|base| !root::is_base(base));
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
        if raw.contains('@') && !raw.is_ascii() {
            let words: Vec<String> = raw
                .split_whitespace()
                .map(|word| {
                    if word.contains('@') {
                        word.replace(|c: char| !c.is_ascii(), " ")
                    } else {
                        word.to_owned()
                    }
                })
                .collect();
            let text = words.join(" ");
            let at = self.at + start;
            self.out
                .replace(at..at + raw.len(), &mend_references(&text));
            self.at = at + raw.len();
        }
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

    /// Remembers a prefix that the root doesn't declare.
    fn note_prefix(&mut self, name: &'a str) {
        let Some((prefix, _)) = name.split_once(':') else {
            return;
        };
        if self.declared.contains(&prefix)
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
    fn set_base(&mut self, tag: &Tag<'a>) {
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

    fn drop_base(&mut self, attributes: &str) {
        if self.has_bases && attribute(attributes, "xml:base").is_some() && self.bases.len() > 1 {
            self.bases.pop();
        }
    }

    /// The article that stands here, as notes name it.
    fn article(&self) -> Option<usize> {
        self.articles.checked_sub(1)
    }

    fn note(&mut self, article: Option<usize>, fact: Fact) {
        self.notes.push(Note { article, fact });
    }

    /// Notes what a start tag says that the parser would hide.
    fn note_attributes(&mut self, tag: &Tag<'a>, word: Option<vocabulary::Word>) {
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
    fn note_text(&mut self, open: &Open<'a>, end: usize) {
        let about_article = match open.emitted {
            "slash:comments" | "thr:total" => true,
            "ttl" | "hour" | "day" | "sy:updatePeriod" | "sy:updateFrequency" => false,
            _ => return,
        };
        let text = self.src.get(open.content_at..end).unwrap_or_default();
        if let Some(fact) = extras::fact(open.emitted, text) {
            let article = if about_article { self.article() } else { None };
            if about_article == article.is_some() {
                self.note(article, fact);
            }
        }
    }
}
