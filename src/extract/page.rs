//! Web pages: finding the article among all that stands around it.

use dom_smoothie::{Config, Readability};
use encoding_rs::{Encoding, WINDOWS_1252};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use url::Url;

use super::{ExtractError, Page};
use crate::html;
use crate::model::article::PageFacts;

/// Pages longer than this are no articles, in bytes.
const LONGEST_PAGE: usize = 8 << 20;

/// Elements open at once, from which on a page is flattened first: finding an article takes time
/// with the square of the depth.
const DEEPEST_PAGE: usize = 400;

/// The most elements that are looked at.
const MOST_ELEMENTS: usize = 300_000;

/// How far into a page it says which characters it is written in, in bytes
/// (<https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>).
const SAYS_CHARSET_WITHIN: usize = 1024;

/// Elements that are closed by what follows them, or never: they say nothing of the depth.
const LEFT_OPEN: [&str; 28] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot",
    "th", "thead", "tr", "wbr",
];

/// Reads a web page. `content_type` is what its server says it is, `url` where it was found.
pub fn page(body: &[u8], content_type: Option<&str>, url: &Url) -> Result<Page, ExtractError> {
    if body.len() > LONGEST_PAGE || body.contains(&0) && !body.starts_with(b"\xff\xfe") {
        return Err(ExtractError::NoText);
    }
    let text = decode(body, content_type);
    let text = if depth(&text) > DEEPEST_PAGE {
        html::sanitise(&text, Some(url))
    } else {
        text
    };
    let config = Config {
        max_elements_to_parse: MOST_ELEMENTS,
        ..Config::default()
    };
    let found = Readability::new(text, Some(url.as_str()), Some(config))
        .and_then(|mut page| page.parse())
        .map_err(|_| ExtractError::NoText)?;
    let html = found.content.to_string();
    if html::plain_text(&html).trim().is_empty() {
        return Err(ExtractError::NoText);
    }
    let date = |told: Option<String>| told.as_deref().and_then(date);
    Ok(Page {
        html,
        facts: PageFacts {
            byline: found.byline.as_deref().and_then(byline),
            published: date(found.published_time),
            updated: date(found.modified_time),
            ..PageFacts::default()
        },
    })
}

/// Returns the characters of a page: by a byte order mark, as UTF-8 where they can be, as its server
/// says, as it says itself, else as windows-1252.
fn decode(body: &[u8], content_type: Option<&str>) -> String {
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
    // UTF-8 was tried.
    let told = told.filter(|encoding| *encoding != encoding_rs::UTF_8);
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

/// Returns about how many elements are open at once at the most.
fn depth(text: &str) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let closes = rest.starts_with('/');
        let name = if closes {
            rest.get(1..).unwrap_or_default()
        } else {
            rest
        };
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        let counts = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !LEFT_OPEN.iter().any(|left| left.eq_ignore_ascii_case(name));
        match (counts, closes) {
            (false, _) => {}
            (true, true) => open = open.saturating_sub(1),
            (true, false) => open += 1,
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// Returns who wrote it, without what stands before a name.
fn byline(told: &str) -> Option<String> {
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = match told.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") => told.get(3..).unwrap_or_default().trim(),
        _ => told.as_str(),
    };
    let is_name = !name.is_empty() && name.chars().count() <= 120 && !name.contains("://");
    is_name.then(|| name.to_owned())
}

/// Reads a date as pages tell it; one without a zone is in UTC.
fn date(told: &str) -> Option<Timestamp> {
    let told = told.trim();
    if let Ok(moment) = told.parse::<Timestamp>() {
        return Some(moment);
    }
    let moment = told
        .parse::<DateTime>()
        .or_else(|_| told.parse::<Date>().map(|day| day.at(0, 0, 0, 0)));
    TimeZone::UTC.to_timestamp(moment.ok()?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A page with a menu, an article of this HTML, and a foot.
    fn around(article: &str) -> String {
        format!(
            "<!doctype html><html><head><title>A plan - The site</title>\
             <meta name=author content='By Ruth Amadi'>\
             <meta property='article:published_time' content='2026-11-20T10:00:00+01:00'></head>\
             <body><nav><ol><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ol></nav>\
             <main><article><h1>A plan</h1>{article}</article></main>\
             <footer><p>All rights reserved by the site.</p></footer></body></html>"
        )
    }

    fn words() -> String {
        let sentence = "Departments that build their own sign-in, payment or notice service will \
                        have to explain why, under a plan laid before Parliament this morning. ";
        format!("<p>{sentence}{sentence}</p><p>{sentence}{sentence}{sentence}</p>")
    }

    fn read(html: &str) -> Page {
        let url = Url::parse("https://news.example/plan").unwrap();
        page(html.as_bytes(), Some("text/html; charset=utf-8"), &url).unwrap()
    }

    #[test]
    fn the_article_is_found_without_what_stands_around_it() {
        let found = read(&around(&words()));
        let text = html::plain_text(&found.html);
        assert!(text.contains("laid before Parliament"), "{text}");
        assert!(
            !text.contains("Home") && !text.contains("All rights"),
            "{text}"
        );
        assert_eq!(found.facts.byline.as_deref(), Some("Ruth Amadi"));
        assert_eq!(
            found.facts.published.unwrap().to_string(),
            "2026-11-20T09:00:00Z"
        );
    }

    #[test]
    fn lists_keep_their_numbers() {
        let list = "<ol start=3 type=a reversed><li value=9>Build once, use everywhere.</li>\
                    <li>One register of who holds what.</li></ol>";
        let found = read(&around(&format!("{}{list}{}", words(), words())));
        for kept in ["start=\"3\"", "type=\"a\"", "reversed", "value=\"9\""] {
            assert!(found.html.contains(kept), "{kept}: {}", found.html);
        }
    }

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
    fn a_page_nested_beyond_measure_is_read_in_time() {
        let deep = "<div>".repeat(50_000);
        let found = read(&around(&format!("{deep}{}", words())));
        assert!(found.html.contains("Parliament"));
        assert!(depth("<div><p><p><b></b></div>") == 2);
    }

    #[test]
    fn what_is_no_page_has_no_text() {
        let url = Url::parse("https://news.example/plan").unwrap();
        for body in [&b"%PDF-1.4 \0\0"[..], b"", b"<html><body></body></html>"] {
            assert_eq!(page(body, None, &url), Err(ExtractError::NoText));
        }
    }
}
