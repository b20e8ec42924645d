use proptest::prelude::*;
use url::Url;

use super::*;
use crate::model::feed::{ParsedArticle, ParsedFeed};
use crate::threads::{discourse, feed, links, page};

/// Pieces of what sites answer, and of what breaks readers.
const PIECES: [&str; 32] = [
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\udc00",
    ":",
    ",",
    "null",
    "1",
    "-1",
    "1e999",
    "\"id\":7",
    "\"parent\":7",
    "\"content\":{\"rendered\":\"<p>\"}",
    "\"post_stream\":{\"posts\":[",
    "\"post_number\":",
    "\u{1b}",
    "\u{feff}",
    "é",
    "<",
    ">",
    "; rel=\"next\"",
    "<p>In reply to <a href=\"",
    "#comment-6\">",
    "</a>",
    ".</p>",
    "/t/12",
    "ß\u{301}",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec(0..PIECES.len(), 0..40);
    pieces.prop_map(|pieces| pieces.iter().map(|at| PIECES[*at]).collect())
}

proptest! {
    #[test]
    fn nothing_that_a_site_answers_stops_a_reader(
        text in text(), bytes in proptest::collection::vec(any::<u8>(), 0..80)
    ) {
        let base = Url::parse("https://example.org/t/a/12").unwrap();
        for body in [text.as_bytes(), &bytes] {
            let _ = rest::comments(body, Some(1));
            let _ = rest::post(body);
            let _ = rest::places(body);
            let _ = discourse::topic(body, &base);
            let _ = discourse::posts(body, &base);
            let _ = links::post(&links::header_links([body], &base));
        }
        let _ = page(&text, &base);
        let _ = discourse::embedded(&text, &base);
        if let Ok(url) = base.join(&text) {
            let _ = discourse::ask_topic(&url);
            let _ = page("<a href='comment-page-3/'>", &url);
        }
        let one = |guid: &str| ParsedArticle {
            guid: Some(format!("{guid}#comment-7")),
            permalink: Some("https://example.org/#comment-7".to_owned()),
            content: Some(format!("<p>{text}")),
            in_reply_to: Some(text.clone()),
            ..ParsedArticle::default()
        };
        let told = ParsedFeed {
            articles: vec![one(&text), one("https://example.org/?p=1")],
            ..ParsedFeed::default()
        };
        for told in feed::comments(&told, Some(&text)) {
            prop_assert!(told.parent.as_ref() != Some(&told.id));
        }
    }

    #[test]
    fn json_that_is_mended_says_what_it_said(value in "[^\"\\\\]{0,20}") {
        // Raw controls in a text are the one thing that is wrong.
        let body = format!("[{{\"id\":1,\"content\":{{\"rendered\":\"{value}\"}}}}]");
        let read = rest::comments(body.as_bytes(), None).unwrap();
        prop_assert_eq!(&read[0].html, &value);
    }
}
