#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Cases of HTML and the lines that they must become.

use super::{parse, render};
use crate::model::document::Line;

#[track_caller]
fn check(html: &str, width: usize, expected: &str) {
    let rendered = render(&parse(html, None), width);
    let lines: Vec<String> = rendered.lines.iter().map(Line::text).collect();
    assert_eq!(lines.join("\n"), expected.trim_matches('\n'), "{html}");
}

#[test]
fn paragraphs_are_parted_and_wrapped() {
    check(
        "<p>One two three four five six</p><p>b",
        20,
        "One two three four\nfive six\n\nb",
    );
}
