//! Bytes → text: which characters a document is written in.
//!
//! The order is a promise: byte order mark; UTF-16 seen from the first four bytes; ISO-2022-JP
//! where header or declaration names it; valid UTF-8; the header's charset; the declaration's;
//! windows-1252. Labels are those of the WHATWG Encoding Standard. UTF-8 that isn't valid counts
//! as not named, unless it is UTF-8 but for a few bytes: a template's footer in Latin-1 makes no
//! nonsense of everybody's names.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

use super::{FeedProblem, count, shortened};

/// Labels are told up to this many characters.
const LONGEST_LABEL: usize = 40;

/// Where a declaration is looked for.
const DECLARATION_BYTES: usize = 1024;

/// Returns the document as text, without a byte order mark, and what was wrong with its encoding.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
) -> (Cow<'a, str>, Option<FeedProblem>) {
    if let Some((units, unit)) = utf_32(bytes) {
        return (Cow::Owned(from_utf_32(units, unit)), None);
    }
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark_bytes..).unwrap_or_default();
        return (encoding.decode_without_bom_handling(body).0, None);
    }
    if let Some(encoding) = wide_encoding(bytes) {
        return (encoding.decode_without_bom_handling(bytes).0, None);
    }

    let named_in_header = content_type.and_then(charset_parameter);
    let named_inside = declared(bytes);
    let header = named_in_header.as_deref().and_then(known);
    let inside = named_inside.and_then(known);
    if header == Some(ISO_2022_JP) || inside == Some(ISO_2022_JP) {
        return (ISO_2022_JP.decode_without_bom_handling(bytes).0, None);
    }

    match std::str::from_utf8(bytes) {
        Ok(text) => return (Cow::Borrowed(text), None),
        Err(error) => {
            let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
            // The document was cut within its last character. In one where that is the only one that
            // isn't ASCII nothing speaks for UTF-8.
            if error.error_len().is_none() && !whole.is_ascii() {
                return (String::from_utf8_lossy(whole), None);
            }
        }
    }

    let label = named_in_header.as_deref().or(named_inside);
    // A declaration that can be read byte by byte is not written in UTF-16, whatever it says.
    let narrow = |encoding: &&'static Encoding| {
        *encoding != UTF_8 && *encoding != UTF_16LE && *encoding != UTF_16BE
    };
    let named = header.filter(narrow).or(inside.filter(narrow));
    if let Some((text, strays)) = nearly_utf_8(bytes, if named.is_some() { 10 } else { 1 }) {
        let bytes = count(strays);
        return (Cow::Owned(text), Some(FeedProblem::StrayBytes { bytes }));
    }
    let problem = named.is_none().then(|| FeedProblem::WrongEncoding {
        named: label.map(|label| shortened(label, LONGEST_LABEL)),
        used: WINDOWS_1252.name(),
    });
    let encoding = named.unwrap_or(WINDOWS_1252);
    (encoding.decode_without_bom_handling(bytes).0, problem)
}

/// Reads bytes as UTF-8, and those that are none as windows-1252, and says how many these are; None
/// where there are not `factor` times as many characters of UTF-8.
///
/// Text in another encoding looks like UTF-8 by chance alone, and not ten times to one.
fn nearly_utf_8(bytes: &[u8], factor: usize) -> Option<(String, usize)> {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        let continued = chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        good += continued;
        bad += chunk.invalid().len();
    }
    if good <= bad.saturating_mul(factor) {
        return None;
    }
    let mut text = String::with_capacity(bytes.len() + bad * 2);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    Some((text, bad))
}

/// Reads one unit of UTF-32.
type ReadUnit = fn([u8; 4]) -> u32;

/// Returns the units of a document in UTF-32 and how to read one: the WHATWG has no such encoding,
/// but some programs write it.
fn utf_32(bytes: &[u8]) -> Option<(&[u8], ReadUnit)> {
    match *bytes.first_chunk::<8>()? {
        [0xff, 0xfe, 0, 0, ..] => Some((bytes.get(4..)?, u32::from_le_bytes)),
        [0, 0, 0xfe, 0xff, ..] => Some((bytes.get(4..)?, u32::from_be_bytes)),
        [a, 0, 0, 0, b, 0, 0, 0] if a != 0 && b != 0 => Some((bytes, u32::from_le_bytes)),
        [0, 0, 0, a, 0, 0, 0, b] if a != 0 && b != 0 => Some((bytes, u32::from_be_bytes)),
        _ => None,
    }
}

fn from_utf_32(units: &[u8], unit: ReadUnit) -> String {
    let characters = units.chunks_exact(4).map(|chunk| {
        let code = chunk.first_chunk::<4>().map_or(0, |chunk| unit(*chunk));
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    characters.collect()
}

/// Returns the UTF-16 that the first four bytes show: two ASCII characters with zeros between.
fn wide_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    match *bytes.first_chunk::<4>()? {
        [0, a, 0, b] if a != 0 && b != 0 => Some(UTF_16BE),
        [a, 0, b, 0] if a != 0 && b != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// Returns the `charset` parameter of a Content-Type (RFC 9110 §8.3.2).
fn charset_parameter(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

/// Returns the label in `<?xml … encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(DECLARATION_BYTES))?;
    // Some write it in capitals.
    let lower = head.to_ascii_lowercase();
    let start = memmem::find(&lower, b"<?xml")?;
    let length = memmem::find(lower.get(start..)?, b"?>")?;
    let head = head.get(start..start + length)?;
    let at = memmem::find(lower.get(start..start + length)?, b"encoding")? + b"encoding".len();
    let value = head.get(at..)?.trim_ascii_start().strip_prefix(b"=")?;
    let value = value.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let end = memchr::memchr(*quote, value)?;
    std::str::from_utf8(value.get(..end)?).ok()
}

/// Returns the encoding with this label, of those that can be decoded.
fn known(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], content_type: Option<&str>, expected: &str) {
        let (text, _) = decode(bytes, content_type);
        assert_eq!(text, expected);
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn a_byte_order_mark_wins() {
        check(
            b"\xef\xbb\xbf<a>\xc3\xa9",
            Some("text/xml; charset=iso-8859-1"),
            "<a>é",
        );
        check(
            b"\xff\xfe<\0a\0\xe9\0",
            Some("text/xml; charset=utf-8"),
            "<aé",
        );
        check(b"\xfe\xff\0<\0a\0\xe9", None, "<aé");
    }

    #[test]
    fn utf_16_is_seen_from_the_first_four_bytes() {
        let text = "<?xml version='1.0' encoding='utf-8'?><a>é€日</a>";
        check(
            &utf16(text, u16::to_le_bytes),
            Some("text/xml; charset=utf-8"),
            text,
        );
        check(&utf16(text, u16::to_be_bytes), None, text);
    }

    #[test]
    fn iso_2022_jp_is_asked_for_before_utf_8() {
        let bytes = b"<a>\x1b$BF|K\\\x1b(B</a>";
        check(bytes, Some("text/xml; charset=ISO-2022-JP"), "<a>日本</a>");
        let declared = [
            b"<?xml version='1.0' encoding='iso-2022-jp'?>".as_slice(),
            bytes,
        ]
        .concat();
        check(
            &declared,
            None,
            "<?xml version='1.0' encoding='iso-2022-jp'?><a>日本</a>",
        );
    }

    #[test]
    fn valid_utf_8_is_utf_8_whatever_is_named() {
        check(
            "<?xml version='1.0' encoding='ISO-8859-1'?>é".as_bytes(),
            Some("text/xml; charset=windows-1251"),
            "<?xml version='1.0' encoding='ISO-8859-1'?>é",
        );
    }

    #[test]
    fn the_header_is_asked_before_the_declaration() {
        check(
            b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\xcf\xf0",
            Some("text/xml; Charset=\"windows-1251\""),
            "<?xml version=\"1.0\" encoding=\"windows-1252\"?>Пр",
        );
        check(
            b"<?xml version=\"1.0\" encoding = 'windows-1251' ?>\xcf\xf0",
            Some("text/xml"),
            "<?xml version=\"1.0\" encoding = 'windows-1251' ?>Пр",
        );
    }

    #[test]
    fn utf_8_that_is_not_valid_counts_as_not_named() {
        check(
            b"<?xml version='1.0' encoding='koi8-r'?>\xc1",
            Some("text/xml; charset=utf-8"),
            "<?xml version='1.0' encoding='koi8-r'?>а",
        );
        let (text, problem) = decode(b"<?xml version='1.0' encoding='UTF-8'?>\x93a\x94", None);
        assert!(text.ends_with("“a”"));
        assert_eq!(
            problem.unwrap().to_string(),
            "the text is not in `UTF-8`; read as windows-1252"
        );
    }

    #[test]
    fn utf_8_with_a_few_other_bytes_stays_utf_8() {
        let (text, problem) = decode(
            b"<?xml encoding='UTF-8'?>caf\xc3\xa9 \xe2\x80\x93 it\x92s",
            None,
        );
        assert!(text.ends_with("café – it’s"));
        assert_eq!(
            problem.unwrap().to_string(),
            "a byte is not UTF-8; read as windows-1252"
        );
        // Ten to one where another encoding is named.
        let named = Some("text/xml; charset=iso-8859-1");
        let ten = "é".repeat(10).into_bytes();
        check(
            &[ten.as_slice(), b"\xf8"].concat(),
            named,
            &format!("{}ø", "Ã©".repeat(10)),
        );
        let eleven = "é".repeat(11).into_bytes();
        check(
            &[eleven.as_slice(), b"\xf8"].concat(),
            named,
            &format!("{}ø", "é".repeat(11)),
        );
    }

    #[test]
    fn utf_32_is_seen_from_its_first_characters() {
        let text = "<a>é日</a>";
        let bytes = |order: fn(u32) -> [u8; 4]| -> Vec<u8> {
            text.chars().flat_map(|c| order(u32::from(c))).collect()
        };
        check(&bytes(u32::to_le_bytes), None, text);
        check(&bytes(u32::to_be_bytes), None, text);
        let marked = [b"\xff\xfe\0\0".as_slice(), &bytes(u32::to_le_bytes)].concat();
        check(&marked, None, text);
    }

    #[test]
    fn a_declaration_may_have_capitals() {
        let (text, _) = decode(
            b"<?XML VERSION='1.0' ENCODING='ISO-8859-2'?>\xa3\xf3d\xbc",
            None,
        );
        assert!(text.ends_with("Łódź"));
    }

    #[test]
    fn a_document_cut_within_a_character_stays_utf_8() {
        check(b"caf\xc3\xa9 \xe2\x82", None, "café ");
        check(b"caf\xe9", Some("text/xml; charset=iso-8859-1"), "café");
        check(b"caf\xe9", None, "café");
    }

    #[test]
    fn nonsense_never_panics() {
        for bytes in [
            &b""[..],
            b"<",
            b"\0\0\0\0",
            b"\xff",
            b"<?xml encoding",
            b"<?xml encoding='?>",
        ] {
            decode(bytes, Some("; charset"));
        }
    }
}
