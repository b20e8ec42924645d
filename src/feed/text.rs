//! Small texts: titles, names and categories as plain text.
//!
//! A title is decoded once as XML (by the feed parser) and, where its format lets it hold HTML,
//! once as HTML (here), never a third time: what then still looks like a tag is text.

use std::borrow::Cow;

use html5ever::data::NAMED_ENTITIES;
use memchr::{memchr2, memchr3};

use super::ahead::Ahead;

/// What a small text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// Plain text: what it says is what it means.
    Plain,
    /// HTML: tags go, references become characters.
    Html,
}

/// What CDATA begins with.
const CDATA_START: &str = "<![CDATA[";

/// The longest name of an element, `blockquote` or `figcaption`.
const LONGEST_ELEMENT: usize = 10;

/// The longest name of a reference in HTML, with its semicolon.
const LONGEST_REFERENCE: usize = 33;

/// HTML's elements: only these are taken for tags, so that `Vec<T>` keeps its `<T>`.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "link",
    "mark",
    "meta",
    "nav",
    "nobr",
    "object",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Returns a small text as plain text in one line: white space collapsed, controls gone.
pub(crate) fn one_line(text: &str, written: Written) -> String {
    let plain = match written {
        Written::Plain => Cow::Borrowed(text),
        Written::Html => plain_from_html(text),
    };
    let mut line = String::with_capacity(plain.len());
    for word in plain.split(|c: char| c.is_whitespace() || c.is_control()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    line
}

/// Returns plain text as HTML.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr3(b'<', b'>', b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut html = String::with_capacity(text.len() + 16);
    let (head, tail) = text.split_at(first);
    html.push_str(head);
    for c in tail.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            c => html.push(c),
        }
    }
    Cow::Owned(html)
}

/// A reference at the beginning of a text, such as `&eacute;` or `&#233;`.
pub(crate) struct Reference {
    /// How many bytes it takes, from `&` to `;`.
    pub(crate) bytes: usize,
    /// The characters that it stands for.
    pub(crate) characters: [Option<char>; 2],
    /// Whether it ends in the semicolon that XML wants.
    pub(crate) is_whole: bool,
}

/// Reads the reference that `text` begins with; None where its `&` is just an ampersand.
///
/// Numbers from 128 to 159 are windows-1252, as in HTML; a number that is no character becomes
/// U+FFFD. The semicolon may be missing where HTML lets it and no letter, digit or `=` follows, so
/// that `?a=1&copy=2` stays as it is.
pub(crate) fn reference(text: &str) -> Option<Reference> {
    let inside = text.strip_prefix('&')?;
    let window = inside.as_bytes();
    let window = window.get(..window.len().min(LONGEST_REFERENCE))?;
    let in_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'#';
    let end = window.iter().position(|b| !in_name(b));
    if end.is_none() && inside.len() > LONGEST_REFERENCE {
        return None;
    }
    let end = end.unwrap_or(window.len());
    let is_whole = window.get(end) == Some(&b';');
    if !is_whole && window.get(end) == Some(&b'=') {
        return None;
    }
    let name = inside.get(..end)?;
    let characters = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => all_digits(hex, 16)?,
            None => all_digits(number, 10)?,
        };
        [Some(character(code)), None]
    } else {
        let name = inside.get(..end + usize::from(is_whole))?;
        let &(first, second) = NAMED_ENTITIES.get(name)?;
        [first, second].map(|code| (code != 0).then_some(code).and_then(char::from_u32))
    };
    characters[0].map(|_| Reference {
        bytes: 1 + end + usize::from(is_whole),
        characters,
        is_whole,
    })
}

/// Reads a number; one too large to be a character becomes the largest number.
fn all_digits(digits: &str, radix: u32) -> Option<u32> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    Some(u32::from_str_radix(digits, radix).unwrap_or(u32::MAX))
}

/// Returns the character that HTML gives a number.
fn character(code: u32) -> char {
    match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(&[byte])
            .0
            .chars()
            .next()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        Ok(0) => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Takes the tags out of HTML and decodes its references.
fn plain_from_html(html: &str) -> Cow<'_, str> {
    if memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let mut plain = String::with_capacity(html.len());
    let mut ends = Ends::default();
    let mut at = 0;
    while let Some(offset) = memchr2(b'<', b'&', html.as_bytes().get(at..).unwrap_or_default()) {
        plain.push_str(html.get(at..at + offset).unwrap_or_default());
        at += offset;
        let from = html.get(at..).unwrap_or_default();
        if from.starts_with('&')
            && let Some(reference) = reference(from)
        {
            plain.extend(reference.characters.into_iter().flatten());
            at += reference.bytes;
        } else if let Some(inside) = from.strip_prefix(CDATA_START)
            && let Some(end) = ends.cdata.from(html, at)
        {
            // It was escaped with the rest of the text.
            let length = end - at - CDATA_START.len();
            plain.push_str(inside.get(..length).unwrap_or_default());
            at = end + 3;
        } else if let Some(tag) = tag(html, at, &mut ends) {
            if tag.parts_words {
                plain.push(' ');
            }
            at = tag.end;
        } else {
            plain.push_str(from.get(..1).unwrap_or_default());
            at += 1;
        }
    }
    plain.push_str(html.get(at..).unwrap_or_default());
    Cow::Owned(plain)
}

/// Where tags, comments and CDATA end.
struct Ends {
    tag: Ahead,
    comment: Ahead,
    cdata: Ahead,
}

impl Default for Ends {
    fn default() -> Self {
        Self {
            tag: Ahead::of(">"),
            comment: Ahead::of("-->"),
            cdata: Ahead::of("]]>"),
        }
    }
}

/// Whether HTML has an element of this name.
pub(crate) fn is_html_element(name: &str) -> bool {
    let known = |name: &str| ELEMENTS.binary_search(&name).is_ok();
    known(name) || name.len() <= LONGEST_ELEMENT && known(&name.to_ascii_lowercase())
}

/// A tag in a text.
struct Tag {
    /// Where it ends.
    end: usize,
    parts_words: bool,
}

/// Reads the tag or comment that stands at a place; None where its `<` is just a sign.
fn tag(html: &str, at: usize, ends: &mut Ends) -> Option<Tag> {
    let text = html.get(at..)?;
    if text.starts_with("<!--") {
        return ends.comment.from(html, at).map(|end| Tag {
            end: end + 3,
            parts_words: false,
        });
    }
    let inside = text.strip_prefix("</").or_else(|| text.strip_prefix('<'))?;
    let name_end = inside
        .bytes()
        .take(LONGEST_ELEMENT + 1)
        .position(|b| !b.is_ascii_alphanumeric())?;
    let (name, after) = inside.split_at(name_end);
    if !after.starts_with(['>', '/', ' ', '\t', '\n', '\r']) || !is_html_element(name) {
        return None;
    }
    let end = ends.tag.from(html, at)?;
    Some(Tag {
        end: end + 1,
        parts_words: matches!(
            name.to_ascii_lowercase().as_str(),
            "br" | "p" | "div" | "li" | "tr" | "td" | "th" | "h1" | "h2" | "h3" | "h4" | "hr"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(one_line(html, Written::Html), expected);
    }

    #[test]
    fn the_table_of_elements_is_sorted() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn a_title_is_decoded_once() {
        check(
            "AT&amp;T &ndash; &#163;5&nbsp;m &#150; &rsquo;",
            "AT&T – £5 m – ’",
        );
        check("&amp;lt;b&amp;gt;", "&lt;b&gt;");
        check("&lt;b&gt; in HTML", "<b> in HTML");
        check(
            "&notareference; &; & &#; &#x; &#xZ;",
            "&notareference; &; & &#; &#x; &#xZ;",
        );
        check(
            "caf&eacute x&nbsp;&lt y&amp z&#233 &#x96",
            "café x < y& zé –",
        );
        check(
            "?a=1&copy=2&notit&regional&amp;lt=3",
            "?a=1&copy=2&notit&regional&lt=3",
        );
        check("&#0; &#xD800; &#99999999999;", "\u{fffd} \u{fffd} \u{fffd}");
    }

    #[test]
    fn tags_go_and_signs_stay() {
        check("<b>Bold</b> and <i class=\"x\">more</i>", "Bold and more");
        check("one<br/>two<p>three", "one two three");
        check("a < b and c > d", "a < b and c > d");
        check("a <b", "a <b");
        check("<blockquote>a</figcaption>", "a");
        check("<![CDATA[Q&A <b>]]> &amp; B", "Q&A <b> & B");
        check("<![CDATA[never ends", "<![CDATA[never ends");
        check("Vec<T> is <not> a tag", "Vec<T> is <not> a tag");
        check("x<!-- note -->y", "xy");
        check("1<2 & 3>2", "1<2 & 3>2");
    }

    #[test]
    fn white_space_collapses_into_one_line() {
        check("  a\n\t b\u{a0}\u{a0}c \u{0} d ", "a b c d");
        assert_eq!(one_line("&amp; <b>", Written::Plain), "&amp; <b>");
    }

    #[test]
    fn plain_text_becomes_html() {
        assert_eq!(escape("a < b & c > d"), "a &lt; b &amp; c &gt; d");
        assert_eq!(escape("plain"), "plain");
    }
}
