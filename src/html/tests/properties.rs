//! What holds for every document.

use proptest::prelude::*;

use super::set;
use crate::html::{parse, plain_text, sanitise, standfirst};
use crate::model::document::{Rendered, Role};
use crate::model::text::display_width;

/// Makes documents of elements that nest in any order, whole and broken.
fn documents() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,12}( [a-z]{1,30}){0,8}",
        1 => prop::sample::select(vec![
            "1. a", "(b) c", "日本語の文章", "שלום", "👩‍👩‍👧 e\u{301}", "£450 million", "a/b-c.d",
            "&nbsp;", "&#27;[31m", " \n ", "<br>", "<hr>", "<img src=/p.png alt=pic>",
            "<a href=/x>", "</a>", "<td>", "<tr>", "<th colspan=3>", "<td rowspan=9>",
        ]).prop_map(String::from),
        4 => prop::sample::select(vec![
            "<p>", "</p>", "<div>", "</div>", "<ul>", "</ul>", "<ol type=i start=8>",
            "<ol reversed>", "</ol>", "<li>", "</li>", "<li value=99>", "<blockquote>",
            "</blockquote>", "<table>", "</table>", "<caption>", "<pre>", "</pre>", "<pre><code>",
            "<dl><dt>", "<dd>", "</dl>", "<h2>", "</h2>", "<b>", "</b>", "<i>", "</i>", "<q>",
            "</q>", "<code>", "</code>", "<sup>", "</sup>", "<details><summary>", "</summary>",
        ]).prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.join(" "))
}

/// Returns all that is text of the document, without blanks.
fn letters(rendered: &Rendered) -> String {
    let spans = rendered.lines.iter().flat_map(|line| &line.spans);
    spans
        .filter(|span| match span.style.role {
            Role::QuoteMark | Role::Rule => false,
            Role::Number => span.style.link.is_none(),
            _ => true,
        })
        .flat_map(|span| span.text.chars())
        .filter(|c| !c.is_whitespace())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_line_is_wider_than_the_width(html in documents(), width in 20_usize..100) {
        for line in set(&html, width).lines {
            let text = line.text();
            prop_assert!(display_width(&text) <= width, "{text:?}");
            prop_assert!(!text.chars().any(char::is_control), "{text:?}");
        }
    }

    #[test]
    fn the_same_letters_come_out_at_every_width(html in documents(), width in 20_usize..100) {
        // Records repeat the names of their columns, so tables are compared without them.
        let html = html.replace("<th", "<td");
        // Side by side, the second paragraph of a cell stands below the first of its neighbour.
        let sorted = |width| {
            let mut letters: Vec<char> = letters(&set(&html, width)).chars().collect();
            letters.sort_unstable();
            letters
        };
        prop_assert_eq!(sorted(width), sorted(500));
    }

    #[test]
    fn pieces_of_text_are_counted_alike_at_every_width(html in documents(), width in 20_usize..100) {
        let blocks = |width| -> Vec<usize> {
            let mut blocks: Vec<usize> = set(&html, width).lines.iter().map(|line| line.block).collect();
            blocks.dedup();
            blocks
        };
        let wide = blocks(500);
        prop_assert!(wide.is_sorted(), "{html}");
        prop_assert_eq!(blocks(width), wide, "{}", html);
    }

    #[test]
    fn blank_rows_are_single_and_inside(html in documents(), width in 20_usize..100) {
        // Code keeps its lines, blank ones too.
        let html = html.replace("<pre", "<div");
        let lines = set(&html, width).lines;
        let is_blank: Vec<bool> = lines.iter().map(|line| line.text().trim().is_empty()).collect();
        prop_assert!(!is_blank.windows(2).any(|pair| pair == [true, true]), "{html}");
        prop_assert!(is_blank.first() != Some(&true) && is_blank.last() != Some(&true), "{html}");
    }

    #[test]
    fn words_come_out_in_order(words in prop::collection::vec("[a-z]{3,9}", 1..40),
        tags in prop::collection::vec(prop::sample::select(vec![
            "<p>", "<li>", "<ul><li>", "</ul>", "<blockquote>", "</blockquote>", "<h3>", "</h3>",
            "<b>", "</b>", "<br>", "<dd>", "<dl><dt>", "</dl>", "<ol><li>", "</ol>", "",
        ]), 40), width in 20_usize..100) {
        let html: String = words.iter().zip(&tags).map(|(word, tag)| format!("{tag} {word} ")).collect();
        let text = letters(&set(&html, width));
        let mut at = 0;
        for word in &words {
            let found = text[at..].find(word.as_str());
            prop_assert!(found.is_some(), "{word} in {html}");
            at += found.unwrap() + word.len();
        }
    }

    #[test]
    fn any_characters_are_taken(html in "\\PC{0,200}", more in "[<>&;#/a-z\"'= \u{1b}\u{9b}-]{0,200}") {
        let html = format!("{html}{more}");
        let safe = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n');
        prop_assert!(safe(&sanitise(&html, None)));
        prop_assert!(safe(&standfirst(&html, 80)));
        plain_text(&html);
        set(&html, 33);
    }

    #[test]
    fn counted_words_are_the_words_shown(words in prop::collection::vec("[a-z]{3,9}", 1..40)) {
        let html = format!("<ol><li>{}</ol>", words.join("<li>"));
        prop_assert_eq!(parse(&html, None).words(), words.len());
    }
}
