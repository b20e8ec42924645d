//! JSON as sites write it: what isn't quite JSON is mended, and one broken element of a list loses
//! none of the others.

use std::borrow::Cow;

use serde_json::Value;

/// As many places are tried as the beginning of an answer, where something stands before it.
const MOST_BEGINNINGS: usize = 8;

/// Reads a value.
pub(super) fn value(body: &[u8]) -> Option<Value> {
    let body = trimmed(body);
    serde_json::from_slice(body)
        .or_else(|_| serde_json::from_str(&mended(&String::from_utf8_lossy(body))))
        .ok()
}

/// Reads the elements of a list, without those that can't be read; None where there is no list, or
/// not all of it.
///
/// Some sites print a warning or a byte order mark before their answer.
pub(super) fn list(body: &[u8]) -> Option<Vec<Value>> {
    let body = trimmed(body);
    if body.starts_with(b"{") {
        return None;
    }
    memchr::memchr_iter(b'[', body)
        .take(MOST_BEGINNINGS)
        .find_map(|start| list_at(body.get(start..)?))
}

fn list_at(body: &[u8]) -> Option<Vec<Value>> {
    if let Ok(listed) = serde_json::from_slice(body) {
        return Some(listed);
    }
    let text = mended(&String::from_utf8_lossy(body));
    let elements = elements(&text)?;
    // A bracket in a warning may be closed there, too: what is in it says nothing.
    let listed: Vec<Value> = (elements.iter())
        .filter_map(|element| serde_json::from_str(element).ok())
        .collect();
    (!listed.is_empty()).then_some(listed)
}

fn trimmed(body: &[u8]) -> &[u8] {
    body.trim_ascii()
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii()
}

/// Parts a list into its elements; None where it doesn't end, or something follows it.
fn elements(text: &str) -> Option<Vec<&str>> {
    let mut elements = Vec::new();
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut start = 1;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    elements.push(text.get(start..at)?);
                    return text.get(at + 1..)?.trim().is_empty().then_some(elements);
                }
            }
            b',' if depth == 1 => {
                elements.push(text.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

/// Escapes what JSON doesn't allow in a text: raw control characters, half a surrogate pair, a
/// backslash that escapes nothing.
fn mended(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 64);
    let mut quoted = false;
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c < ' ' || matches!(c, '"' | '\\')) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let mut taken = 1;
        match after.as_bytes().first() {
            Some(b'"') => {
                quoted = !quoted;
                out.push('"');
            }
            Some(b'\\') if quoted => {
                let (escape, length) = escape(after);
                out.push_str(&escape);
                taken = length;
            }
            Some(b'\\') => out.push('\\'),
            Some(byte) if quoted => out.push_str(&format!("\\u{byte:04x}")),
            _ => out.push(' '),
        }
        rest = after.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Returns the escape at the beginning of a text as it may stand, and how long the one there is.
fn escape(text: &str) -> (Cow<'_, str>, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
    };
    match (text.as_bytes().get(1), unit(0)) {
        (_, Some(0xd800..=0xdbff)) if matches!(unit(6), Some(0xdc00..=0xdfff)) => {
            (text.get(..12).unwrap_or_default().into(), 12)
        }
        (_, Some(0xd800..=0xdfff)) => ("\\ufffd".into(), 6),
        (_, Some(_)) => (text.get(..6).unwrap_or_default().into(), 6),
        (Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'), _) => {
            (text.get(..2).unwrap_or_default().into(), 2)
        }
        _ => ("\\\\".into(), 1),
    }
}
