//! The characters of a page.

use encoding_rs::{Encoding, WINDOWS_1252};

/// How far into a page it says which characters it is written in, in bytes
/// (<https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>).
const SAYS_CHARSET_WITHIN: usize = 1024;

/// Returns the characters of a page: by a byte order mark, as UTF-8 where they can be, as its server
/// says, as it says itself, else as windows-1252.
pub fn decode(body: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        let marked = body.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(marked).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(body) {
        return text.to_owned();
    }
    let told = content_type.and_then(charset);
    let told = told.or_else(|| {
        let beginning = body.get(..SAYS_CHARSET_WITHIN).unwrap_or(body);
        charset(&String::from_utf8_lossy(beginning))
    });
    // It isn't UTF-8 as a whole; where it says so it is, but for a few bytes.
    told.unwrap_or(WINDOWS_1252).decode(body).0.into_owned()
}

/// Returns the encoding after the first `charset=`.
fn charset(text: &str) -> Option<&'static Encoding> {
    const SIGN: &str = "charset=";
    let lower = text.to_ascii_lowercase();
    let after = lower.get(lower.find(SIGN)? + SIGN.len()..)?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let end = label
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'))
        .unwrap_or(label.len());
    Encoding::for_label(label.get(..end)?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_those_that_the_page_or_its_server_names() {
        let latin = b"<meta charset=iso-8859-2><p>\xe8";
        assert!(decode(latin, None).ends_with('\u{10d}'));
        assert!(decode(b"\xe8", Some("text/html; charset=iso-8859-2")).ends_with('\u{10d}'));
        assert_eq!(decode(b"\xe8", None), "\u{e8}");
        assert_eq!(
            decode("č".as_bytes(), Some("text/html; charset=latin1")),
            "č"
        );
        assert_eq!(decode(b"\xff\xfea\0", None), "a");
    }

    #[test]
    fn one_bad_byte_makes_no_other_encoding_of_utf_8() {
        let body = b"<meta charset=\"utf-8\">\xc3\xa9 \xff \xe2\x80\x99";
        assert!(decode(body, None).ends_with("é \u{fffd} \u{2019}"));
    }
}
