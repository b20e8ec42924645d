//! Web pages: finding the article among all that stands around it.
//!
//! - here: the limits, and the article as a whole
//! - `decode`: bytes → characters; `clean`: what is no article; `facts`: what a page tells besides

mod clean;
mod decode;
mod facts;

pub use decode::decode;

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use url::Url;

use super::{ExtractError, Page};
use crate::html;
use crate::model::article::PageFacts;

/// Pages longer than this are no articles, in bytes.
const LONGEST_PAGE: usize = 5 << 20;

/// Elements open at once, from which on a page is flattened first: finding an article takes time
/// with the square of the depth.
const DEEPEST_PAGE: usize = 400;

/// What may part so many attributes in one tag is too much.
const MOST_ATTRIBUTES: usize = 4000;

/// A page whose depth times its number of tags is more isn't looked at: all finders of articles go
/// through what is in an element once for each that it is in. Real pages have 40 times 20,000 at
/// the most.
const MOST_WORK: usize = 3_000_000;

/// The most elements that are looked at.
const MOST_ELEMENTS: usize = 300_000;

/// A text of fewer words is no article but what a script fills in later.
const WORDS_OF_AN_ARTICLE: usize = 60;

/// Elements that are closed by what follows them, or never: they say nothing of the depth.
const LEFT_OPEN: [&str; 28] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot",
    "th", "thead", "tr", "wbr",
];

/// Reads a web page. `content_type` is what its server says it is, `url` where it was found.
pub fn page(body: &[u8], content_type: Option<&str>, url: &Url) -> Result<Page, ExtractError> {
    let is_wide = body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff");
    if !may_be_page(content_type) || body.contains(&0) && !is_wide {
        return Err(ExtractError::NoPage);
    }
    if body.len() > LONGEST_PAGE {
        return Err(ExtractError::TooLong);
    }
    let text = decode::decode(body, content_type);
    if content_type.is_some_and(|told| told.starts_with("text/plain")) && !text.contains("<html") {
        return plain(&text);
    }
    let text = if is_too_much(&text) {
        html::sanitise(&text, Some(url))
    } else {
        text
    };
    if depth(&text).saturating_mul(text.matches('<').count()) > MOST_WORK {
        return Err(ExtractError::TooLong);
    }
    let document = Document::from(text);
    let told = facts::told(&document);
    let heading = document.select("h1").first().text().to_string();
    clean::before(&document);
    let config = Config {
        max_elements_to_parse: MOST_ELEMENTS,
        ..Config::default()
    };
    let title = document.select("head title").first().text().to_string();
    let found = Readability::with_document(document, Some(url.as_str()), Some(config))
        .and_then(|mut page| page.parse())
        .ok();
    let titles = [heading, title];
    let html = found
        .as_ref()
        .map_or_else(String::new, |found| clean::after(&found.content, &titles));
    let html = longer(html, told.body.as_deref());
    let text = html::plain_text(&html);
    if text.trim().is_empty() {
        return Err(ExtractError::NoText);
    }
    let [heading, title] = titles;
    let title = format!("{heading} {title}");
    let byline = [
        told.author,
        found.as_ref().and_then(|found| found.byline.clone()),
    ];
    let said = found.as_ref().and_then(|found| found.excerpt.as_deref());
    Ok(Page {
        facts: PageFacts {
            standfirst: said.and_then(|said| facts::standfirst(said, &title, &text)),
            byline: byline
                .into_iter()
                .flatten()
                .find_map(|name| facts::byline(&name)),
            published: told.published,
            updated: told.updated,
            ..PageFacts::default()
        },
        html,
    })
}

/// Whether there may be a page in what a server calls so. Servers that don't know say nothing, or
/// that it is some bytes.
fn may_be_page(content_type: Option<&str>) -> bool {
    const PAGES: [&str; 4] = [
        "application/xhtml+xml",
        "application/xml",
        "application/octet-stream",
        "text/",
    ];
    let told = content_type
        .unwrap_or_default()
        .trim_start()
        .to_ascii_lowercase();
    told.is_empty() || PAGES.iter().any(|page| told.starts_with(page))
}

/// Reads a page without markup.
fn plain(text: &str) -> Result<Page, ExtractError> {
    let html = html::sanitise(text, None);
    if html.trim().is_empty() {
        return Err(ExtractError::NoText);
    }
    Ok(Page {
        html,
        facts: PageFacts::default(),
    })
}

/// Returns the text that a page has for machines, where the article that was found is next to
/// nothing beside it: such a page is filled in by scripts.
fn longer(html: String, body: Option<&str>) -> String {
    let count = |text: &str| text.split_whitespace().count();
    let Some(body) = body else { return html };
    let body_words = count(body);
    if body_words < WORDS_OF_AN_ARTICLE || count(&html::plain_text(&html)) * 2 > body_words {
        return html;
    }
    html::sanitise(body, None)
}

/// Whether finding an article would take time with the square of a page's depth, or reading it with
/// that of a tag's attributes.
fn is_too_much(text: &str) -> bool {
    let mut pieces = text.split('<');
    depth(text) > DEEPEST_PAGE || pieces.any(|piece| separators(piece) > MOST_ATTRIBUTES)
}

/// Returns how many attributes there may be in a tag and the text that follows it.
fn separators(piece: &str) -> usize {
    let separators = piece
        .bytes()
        .filter(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\''));
    separators.count()
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
    fn a_page_nested_beyond_measure_is_read_in_time() {
        let deep = "<div>".repeat(50_000);
        let found = read(&around(&format!("{deep}{}", words())));
        assert!(found.html.contains("Parliament"));
        assert!(depth("<div><p><p><b></b></div>") == 2);
    }

    #[test]
    fn a_page_that_is_both_deep_and_long_is_refused() {
        let page_of = |deep: usize, long: usize| {
            let page = format!("{}{}", "<div>".repeat(deep), "<p>a b".repeat(long));
            let url = Url::parse("https://news.example/plan").unwrap();
            super::page(page.as_bytes(), None, &url)
        };
        assert!(page_of(300, 20_000) == Err(ExtractError::TooLong));
        // Deeper still it is made flat, and then isn't deep any more.
        assert!(page_of(5_000, 20_000).is_ok());
    }

    #[test]
    fn a_tag_with_attributes_beyond_measure_is_read_in_time() {
        let many: String = (0..10_000).map(|i| format!(" a{i}=1")).collect();
        assert!(is_too_much(&many) && !is_too_much("<p class='a b'>one two"));
        let found = read(&around(&format!("<div{many}>{}</div>", words())));
        assert!(found.html.contains("Parliament"));
    }

    #[test]
    fn what_is_no_page_has_no_text() {
        let url = Url::parse("https://news.example/plan").unwrap();
        let check = |body: &[u8], kind: Option<&str>, expected: ExtractError| {
            assert_eq!(page(body, kind, &url), Err(expected));
        };
        check(b"%PDF-1.4 \0\0", None, ExtractError::NoPage);
        check(b"%PDF-1.4", Some("application/pdf"), ExtractError::NoPage);
        check(b"{}", Some("application/json"), ExtractError::NoPage);
        check(b"", None, ExtractError::NoText);
        check(
            b"<html><body></body></html>",
            Some("text/html"),
            ExtractError::NoText,
        );
        check(b" \n", Some("text/plain"), ExtractError::NoText);
        check(&vec![b'a'; LONGEST_PAGE + 1], None, ExtractError::TooLong);
    }

    #[test]
    fn a_page_without_markup_keeps_its_paragraphs() {
        let url = Url::parse("https://news.example/plan.txt").unwrap();
        let found = page(b"One & all\n\nTwo", Some("text/plain; charset=utf-8"), &url).unwrap();
        assert_eq!(html::plain_text(&found.html).trim(), "One & all\nTwo");
    }

    #[test]
    fn the_title_isnt_said_twice_and_what_is_around_isnt_said() {
        let comments = "<div id=comments><h2>2 comments</h2><ol class=comment-list><li><p>First, \
                        I have to say that I don't agree, and so do all others here.</p></ol></div>";
        let more = "<p><a href=/b>Read more</a></p><h3>Related</h3>";
        let found = read(&around(&format!("{}{more}{comments}", words())));
        let text = html::plain_text(&found.html);
        for gone in ["A plan", "comments", "agree", "Read more", "Related"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
    }

    #[test]
    fn styles_of_lists_and_sources_of_quotations_are_kept() {
        let article = format!(
            "{}<ol style='list-style-type: lower-alpha'><li>One register of who holds what.</li>\
             </ol><blockquote><p>It costs less, and it is safer.</p><footer>Ruth Amadi</footer>\
             </blockquote>{}",
            words(),
            words()
        );
        let found = read(&around(&article));
        assert!(
            found.html.contains("list-style-type: lower-alpha"),
            "{}",
            found.html
        );
        assert!(!found.html.contains("data-kept"), "{}", found.html);
        assert!(found.html.contains("Ruth Amadi"), "{}", found.html);
    }

    #[test]
    fn a_page_for_scripts_has_its_text_elsewhere() {
        let body = "Departments that build their own will have to explain why. ".repeat(12);
        let found = read(&format!(
            "<html><head><script type=application/ld+json>{{\"@type\": \"NewsArticle\", \
             \"author\": \"Ruth Amadi\", \"articleBody\": \"{body}\\n\\nThe end.\"}}</script>\
             </head><body><p>Please enable JavaScript.</p></body></html>"
        ));
        let text = html::plain_text(&found.html);
        assert!(
            text.contains("\nThe end.") && !text.contains("JavaScript"),
            "{text}"
        );
        assert_eq!(found.facts.byline.as_deref(), Some("Ruth Amadi"));
    }

    #[test]
    fn saved_pages_have_their_articles() {
        for (name, body) in crate::extract::saved("real/pages") {
            let url = Url::parse("https://news.example/plan").unwrap();
            let found = page(&body, None, &url).unwrap_or_else(|error| panic!("{name}: {error}"));
            let text = html::plain_text(&found.html);
            let count = text.split_whitespace().count();
            // The pages of search.gov are made for its own tests.
            let is_made = name.starts_with("search-gov");
            assert!(
                count >= if is_made { 10 } else { 150 },
                "{name}: {count} words"
            );
            let lists = found.html.matches("<ol").count();
            // One page has lists in its article; those of all others are comments and paths.
            let expected = if name.contains("digitale-exzellenz") {
                3
            } else {
                0
            };
            assert_eq!(lists, expected, "{name}");
        }
    }
}
