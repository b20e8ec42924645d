//! Start tags as they really come: quotes missing, quotes open, signs where none may be.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::references::mend_references;

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Its name, with its prefix.
    pub(crate) name: &'a str,
    /// What stands between the name and the end.
    pub(crate) attributes: &'a str,
    /// How many bytes it takes, from `<` to `>`.
    pub(crate) bytes: usize,
    /// Whether it ends in `/>`.
    pub(crate) ends_itself: bool,
    /// Whether an XML parser reads the same in it.
    pub(crate) sound: bool,
}

/// What a `<` turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// A tag.
    Tag(Tag<'a>),
    /// A tag that the document ends in.
    CutShort,
    /// Just a sign.
    Sign,
}

/// A quoted value with a `<` in it is believed up to this length; a longer one has lost its end.
const LONGEST_VALUE_WITH_A_SIGN: usize = 1024;

/// Reads the start tag that `text` begins with.
pub(crate) fn start_tag(text: &str) -> Found<'_> {
    let bytes = text.as_bytes();
    let Some(name) = name_at(text, 1) else {
        return if text.len() == 1 {
            Found::CutShort
        } else {
            Found::Sign
        };
    };
    let attributes_at = 1 + name.len();
    let mut at = attributes_at;
    // A parser takes everything up to a blank for the name.
    let mut sound =
        bytes.get(attributes_at) != Some(&b'/') || bytes.get(attributes_at + 1) == Some(&b'>');
    loop {
        match bytes.get(at) {
            None => return Found::CutShort,
            Some(b'>') => break,
            Some(b'<') => return Found::Sign,
            Some(b'=') => {
                at += 1;
                while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                    at += 1;
                }
                match bytes.get(at) {
                    Some(quote @ (b'"' | b'\'')) => {
                        let end = quoted(bytes, at, *quote);
                        sound &= end.is_some();
                        at = end.unwrap_or(at + 1);
                    }
                    _ => sound = false,
                }
            }
            Some(b'"' | b'\'') => {
                sound = false;
                at += 1;
            }
            Some(_) => at += 1,
        }
    }
    let ends_itself = at > attributes_at && bytes.get(at - 1) == Some(&b'/');
    let attributes = text
        .get(attributes_at..if ends_itself { at - 1 } else { at })
        .unwrap_or_default();
    Found::Tag(Tag {
        name,
        attributes,
        bytes: at + 1,
        ends_itself,
        sound: sound && !holds_bare_reference(attributes),
    })
}

/// Returns the name that stands at a place; None where no name can begin there.
pub(crate) fn name_at(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let mut length = 0;
    for (index, b) in rest.bytes().enumerate() {
        let fits = match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => true,
            b'0'..=b'9' | b'-' | b'.' | b':' => index > 0,
            _ => false,
        };
        if !fits {
            break;
        }
        length = index + 1;
    }
    let ended = matches!(
        rest.as_bytes().get(length),
        None | Some(b'>' | b'/' | b'<' | b' ' | b'\t' | b'\r' | b'\n')
    );
    (length > 0 && ended).then(|| rest.get(..length)).flatten()
}

/// Returns where a quoted value ends, after its second quote; None where that is missing.
fn quoted(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let value = bytes.get(at + 1..)?;
    let length = memchr(quote, value)?;
    let value = value.get(..length)?;
    // `href="x>text</a><a href="y"`: the first value never ended.
    match memchr2(b'<', b'>', value) {
        Some(sign) if value.get(sign) == Some(&b'>') && memchr(b'<', value).is_some() => None,
        Some(_) if length > LONGEST_VALUE_WITH_A_SIGN => None,
        _ => Some(at + length + 2),
    }
}

/// Whether attributes hold an `&` that XML doesn't allow.
fn holds_bare_reference(attributes: &str) -> bool {
    memchr(b'&', attributes.as_bytes()).is_some()
        && matches!(mend_references(attributes), Cow::Owned(_))
}

/// Goes through attributes: name and value, the value as written between its quotes.
pub(crate) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let skipped = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '=');
            rest = rest.trim_start_matches(skipped);
            let name_end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '<' | '>'))
                .unwrap_or(rest.len());
            if rest.is_empty() {
                return None;
            }
            if name_end == 0 {
                let mut chars = rest.chars();
                chars.next();
                rest = chars.as_str();
                continue;
            }
            let (name, after) = rest.split_at(name_end);
            let Some(value) = after.trim_start().strip_prefix('=') else {
                rest = after;
                return Some((name, ""));
            };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = if let Some(quote) = quote {
                let inside = value.get(1..).unwrap_or_default();
                inside.split_once(quote).unwrap_or((inside, ""))
            } else {
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                value.split_at(end)
            };
            rest = after;
            return Some((name, value));
        }
    })
}

/// Returns the value of the attribute with this name, as written.
pub(crate) fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    if text.is_empty() {
        return None;
    }
    attributes(text).find_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value))
}

/// Attributes of feeds that the parser knows in lower case only.
const LOWER: &[&str] = &[
    "href", "hreflang", "label", "length", "mode", "rel", "scheme", "src", "term", "title", "type",
    "url",
];

/// Where the IANA lists relations: a relation may be written as an address there (RFC 4287 §4.2.7.2).
const RELATIONS: &str = "http://www.iana.org/assignments/relation/";

/// Returns an attribute of a feed's own element as the parser knows it.
pub(crate) fn usual_attribute<'a>(name: &'a str, value: &'a str) -> (&'a str, Cow<'a, str>) {
    let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
        let lower = LOWER.iter().find(|lower| lower.eq_ignore_ascii_case(name));
        lower.copied().unwrap_or(name)
    } else {
        name
    };
    if name != "rel" {
        return (name, value.into());
    }
    let short = value.trim();
    let short = short.strip_prefix(RELATIONS).unwrap_or(short);
    if short.is_empty() {
        (name, "alternate".into())
    } else if short.len() < value.len() || short.bytes().any(|b| b.is_ascii_uppercase()) {
        (name, short.to_ascii_lowercase().into())
    } else {
        (name, value.into())
    }
}

/// Appends an attribute as XML wants it.
pub(crate) fn push_attribute(out: &mut String, name: &str, value: &str) {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b"_:-.".contains(&b) || b >= 0x80;
    if !name.bytes().all(in_name)
        || name.starts_with(|c: char| c.is_ascii_digit() || "-.:".contains(c))
    {
        return;
    }
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in mend_references(value).chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match start_tag(text) {
            Found::Tag(tag) => {
                let mut found = format!("{} {}", tag.name, tag.bytes);
                for (name, value) in attributes(tag.attributes) {
                    found = format!("{found} {name}=[{value}]");
                }
                if tag.ends_itself {
                    found.push_str(" /");
                }
                if !tag.sound {
                    found.push_str(" mended");
                }
                found
            }
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn sound_tags() {
        check("<a>", "a 3");
        check("<a/>", "a 4 /");
        check("<dc:x a='1>2' b = \"3\" />", "dc:x 24 a=[1>2] b=[3] /");
        check("<a t=\"x < y\">", "a 13 t=[x < y]");
        check("<a h='?a=1&amp;b=2'>", "a 20 h=[?a=1&amp;b=2]");
    }

    #[test]
    fn unsound_tags() {
        check("<a b=c d>", "a 9 b=[c] d=[] mended");
        check("<a h=\"?a=1&b=2\">", "a 16 h=[?a=1&b=2] mended");
        check("<a h=\"x>text</a><a h=\"y\">", "a 8 h=[x] mended");
        check("<a b=\"c\"d=\"e\">", "a 14 b=[c] d=[e]");
        check("<a it's>", "a 8 it=[] s=[] mended");
    }

    #[test]
    fn no_tags() {
        check("< b", "Sign");
        check("<3 x>", "Sign");
        check("<a, b>", "Sign");
        check("<b and c</title>", "Sign");
        check("<lin", "CutShort");
        check("<", "CutShort");
        check("<link href=\"x", "CutShort");
    }
}
