//! References and characters: what an `&` turns out to be, and what may not stand in XML at all.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::{Mends, Out};
use crate::feed::Mend;
use crate::feed::text::reference;

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
pub(crate) enum Reference {
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
pub(crate) fn reference_at(src: &str, at: usize) -> Reference {
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
    if numeric
        && found.is_whole
        && bytes.get(2) != Some(&b'X')
        && stands_for_itself(from, found.bytes, first)
    {
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
pub(crate) fn unescaped(text: &str, mends: &mut Mends) -> String {
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
pub(crate) fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text holds C0 controls; written so that it compiles to a few wide instructions.
pub(crate) fn holds_controls(text: &str) -> bool {
    text.as_bytes().chunks(4096).any(|chunk| {
        let controls = chunk
            .iter()
            .map(|&b| u32::from(b < 0x20) - u32::from(matches!(b, b'\n' | b'\r' | b'\t')));
        controls.sum::<u32>() > 0
    })
}
