//! Tags off, in one pass over the bytes and without a tree.
//!
//! For the search index, counts of words and standfirsts, where speed matters more than structure.
//! Scripts, styles and comments go with their contents, character references become characters,
//! blocks are parted by `\n`.

use std::borrow::Cow;
use std::ops::Range;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::{memchr, memchr2, memchr3, memmem};

use super::blocks::is_block;
use crate::model::text::SafeText;

/// The longest named reference, `&CounterClockwiseContourIntegral;`, without its `&`.
const MAX_NAME: usize = 32;

/// Whether text holds anything that HTML reads as a tag or a comment.
pub(crate) fn has_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).any(|at| match bytes.get(at + 1) {
        Some(b'/') => bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic),
        Some(b'!' | b'?') => true,
        Some(next) => next.is_ascii_alphabetic(),
        None => false,
    })
}

/// Undoes one escaping too many: `&lt;p&gt;…&lt;/p&gt;` from first to last is nobody's text.
pub(crate) fn unescaped(html: &str) -> Cow<'_, str> {
    let body = html.trim();
    let is_escaped = body.starts_with("&lt;")
        && body.ends_with("&gt;")
        && ["&lt;/p&gt;", "&lt;/div&gt;", "&lt;/li&gt;", "&lt;br"]
            .iter()
            .any(|tag| body.contains(tag))
        && !has_markup(body);
    if is_escaped {
        Cow::Owned(decode(body))
    } else {
        Cow::Borrowed(html)
    }
}

/// Returns the text of HTML.
pub(crate) fn plain_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    strip(html, usize::MAX, &mut out);
    let end = out.trim_end().len();
    out.truncate(end);
    out
}

/// Returns the first `max_chars` characters of the text in one line.
pub(crate) fn standfirst(html: &str, max_chars: usize) -> String {
    let mut limit = max_chars.saturating_mul(4).saturating_add(64);
    loop {
        let mut raw = String::new();
        let is_whole = strip(html, limit, &mut raw) == Reached::End;
        let line = SafeText::line(&raw);
        let mut words = line.as_str().split_whitespace();
        let mut out = String::new();
        let mut chars = 0;
        for word in words.by_ref() {
            let length = word.chars().count() + usize::from(chars > 0);
            if chars + length > max_chars {
                return cut_short(out, word, max_chars - chars.min(max_chars));
            }
            if chars > 0 {
                out.push(' ');
            }
            out.push_str(word);
            chars += length;
        }
        if is_whole {
            return out;
        }
        // Mostly white space so far.
        limit = limit.saturating_mul(4);
    }
}

/// Ends a standfirst before a word that has no room.
fn cut_short(mut out: String, word: &str, room: usize) -> String {
    if out.is_empty() {
        // One word longer than all: a part of it says more than nothing.
        out.extend(word.chars().take(room.saturating_sub(1)));
    } else if room == 0 {
        // The sign needs a place too.
        match out.rfind(' ') {
            Some(blank) => out.truncate(blank),
            None => {
                out.pop();
            }
        }
    }
    let end = out
        .trim_end_matches([' ', ',', ';', ':', '–', '-', '('])
        .len();
    out.truncate(end);
    out.push('…');
    out
}

/// Replaces character references; everything else stays.
pub(crate) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        rest = reference(after, &mut out);
    }
    out.push_str(rest);
    out
}

/// How far [`strip`] came.
#[derive(PartialEq, Eq)]
enum Reached {
    End,
    Limit,
}

/// Appends the text of `html` to `out` until that has `limit` bytes.
fn strip(html: &str, limit: usize, out: &mut String) -> Reached {
    let mut rest = html;
    let mut quotes = Quotes::default();
    while let Some(at) = memchr2(b'<', b'&', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        if out.len() >= limit {
            return Reached::Limit;
        }
        rest = if after.starts_with('&') {
            reference(after, out)
        } else {
            markup(after, &mut quotes, out)
        };
    }
    out.push_str(rest);
    Reached::End
}

/// Which quotation marks still come in what is left: without it a search for the end of a value
/// could run to the end of the text again and again.
#[derive(Default)]
struct Quotes {
    no_double: bool,
    no_single: bool,
}

/// Goes through the start tags of a text.
pub(crate) struct Tags<'a> {
    html: &'a str,
    at: usize,
    quotes: Quotes,
}

impl<'a> Tags<'a> {
    /// Starts at the first tag.
    pub(crate) fn new(html: &'a str) -> Self {
        Self {
            html,
            at: 0,
            quotes: Quotes::default(),
        }
    }

    /// Returns where the next start tag of at least `length` bytes stands.
    pub(crate) fn next_long(&mut self, length: usize) -> Option<Range<usize>> {
        let bytes = self.html.as_bytes();
        loop {
            let start = self.at + memchr(b'<', bytes.get(self.at..)?)?;
            let tag = bytes.get(start..)?;
            self.at = start + 1;
            if tag.get(1).is_some_and(u8::is_ascii_alphabetic) {
                self.at = start + tag_end(tag, &mut self.quotes);
                if self.at - start >= length {
                    return Some(start..self.at);
                }
            }
        }
    }
}

/// Reads what begins with `<`; returns what comes after.
fn markup<'a>(text: &'a str, quotes: &mut Quotes, out: &mut String) -> &'a str {
    let bytes = text.as_bytes();
    let after = |at: usize| text.get(at..).unwrap_or_default();
    match bytes.get(1) {
        Some(b'!') if bytes.starts_with(b"<!--") => {
            // `<!-->` and `<!--->` are whole comments (HTML, "comment start state").
            if bytes.starts_with(b"<!-->") {
                return after(5);
            }
            if bytes.starts_with(b"<!--->") {
                return after(6);
            }
            match memmem::find(&bytes[4..], b"-->") {
                Some(end) => after(4 + end + 3),
                None => "",
            }
        }
        Some(b'!' | b'?') => memchr(b'>', bytes).map_or("", |end| after(end + 1)),
        Some(b'/') if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
            let name = tag_name(&bytes[2..]);
            part_blocks(&name, out);
            after(tag_end(bytes, quotes))
        }
        Some(first) if first.is_ascii_alphabetic() => {
            let name = tag_name(&bytes[1..]);
            let rest = after(tag_end(bytes, quotes));
            part_blocks(&name, out);
            if is_raw(name.as_slice()) {
                skip_raw(rest, name.as_slice())
            } else {
                rest
            }
        }
        _ => {
            out.push('<');
            after(1)
        }
    }
}

/// A tag's name in lower case; longer ones than any known are cut.
struct TagName {
    bytes: [u8; 12],
    length: usize,
}

impl TagName {
    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

fn tag_name(bytes: &[u8]) -> TagName {
    let mut name = TagName {
        bytes: [0; 12],
        length: 0,
    };
    for (place, byte) in name.bytes.iter_mut().zip(bytes) {
        if !byte.is_ascii_alphanumeric() {
            break;
        }
        *place = byte.to_ascii_lowercase();
        name.length += 1;
    }
    name
}

/// Returns where a tag ends: after the first `>` outside of a quoted value.
fn tag_end(bytes: &[u8], quotes: &mut Quotes) -> usize {
    let mut at = 1;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr3(b'>', b'"', b'\'', rest))
    {
        at += found;
        let byte = bytes[at];
        at += 1;
        if byte == b'>' {
            return at;
        }
        let gone = if byte == b'"' {
            &mut quotes.no_double
        } else {
            &mut quotes.no_single
        };
        let opens = bytes[..at - 1]
            .iter()
            .rev()
            .find(|byte| !byte.is_ascii_whitespace())
            == Some(&b'=');
        if opens && !*gone {
            match memchr(byte, &bytes[at..]) {
                Some(end) => at += end + 1,
                None => *gone = true,
            }
        }
    }
    bytes.len()
}

/// Whether nothing inside an element is text to read.
fn is_raw(name: &[u8]) -> bool {
    matches!(
        name,
        b"script" | b"style" | b"title" | b"textarea" | b"iframe" | b"noembed" | b"noframes"
    )
}

/// Returns what comes after the end tag `name`.
fn skip_raw<'a>(text: &'a str, name: &[u8]) -> &'a str {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"</") {
        let rest = &bytes[at + 2..];
        if rest
            .get(..name.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
        {
            return text.get(at..).unwrap_or_default();
        }
    }
    ""
}

/// Ends a line where a tag parts blocks.
fn part_blocks(name: &TagName, out: &mut String) {
    let name = str::from_utf8(name.as_slice()).unwrap_or_default();
    let parts = is_block(name)
        || matches!(
            name,
            "br" | "hr"
                | "img"
                | "li"
                | "ul"
                | "ol"
                | "menu"
                | "dl"
                | "pre"
                | "table"
                | "blockquote"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "summary"
                | "legend"
                | "script"
                | "style"
                | "option"
                | "video"
                | "audio"
                | "iframe"
        );
    if parts && !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Reads what begins with `&`; returns what comes after.
fn reference<'a>(text: &'a str, out: &mut String) -> &'a str {
    let body = text.get(1..).unwrap_or_default();
    let read = match body.strip_prefix('#') {
        Some(number) => numeric(number).map(|(c, length)| (c, '\0', length + 1)),
        None => named(body),
    };
    let Some((first, second, length)) = read else {
        out.push('&');
        return body;
    };
    for c in [first, second] {
        if c != '\0' {
            out.push(c);
        }
    }
    body.get(length..).unwrap_or_default()
}

/// Reads a number (HTML, "numeric character reference end state"); returns the character and how
/// many bytes it took.
fn numeric(body: &str) -> Option<(char, usize)> {
    let (digits, radix, prefix) = match body.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (body, 10, 0),
    };
    let end = digits
        .bytes()
        .position(|b| !char::from(b).is_digit(radix))
        .unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let code = digits
        .get(..end)
        .and_then(|digits| u32::from_str_radix(digits, radix).ok())
        .unwrap_or(u32::MAX);
    let windows = code
        .checked_sub(0x80)
        .and_then(|at| C1_REPLACEMENTS.get(usize::try_from(at).ok()?))
        .copied()
        .flatten();
    let c = windows
        .or_else(|| char::from_u32(code).filter(|c| *c != '\0'))
        .unwrap_or(char::REPLACEMENT_CHARACTER);
    let semicolon = usize::from(digits.as_bytes().get(end) == Some(&b';'));
    Some((c, prefix + end + semicolon))
}

/// Reads a name, the longest that is known; returns its one or two characters and how many bytes
/// it took.
fn named(body: &str) -> Option<(char, char, usize)> {
    let name = |end: usize| {
        let name = body.get(..end)?;
        let (first, second) = NAMED_ENTITIES.get(name).copied()?;
        let first = char::from_u32(first).filter(|c| *c != '\0')?;
        Some((first, char::from_u32(second).unwrap_or('\0'), end))
    };
    let letters = body
        .bytes()
        .take(MAX_NAME)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    if body.as_bytes().get(letters) == Some(&b';')
        && let Some(found) = name(letters + 1)
    {
        return Some(found);
    }
    // Some old names need no semicolon: `&amp`, `&pound`.
    (1..=letters).rev().find_map(name)
}
