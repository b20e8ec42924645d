#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_collect
)]
//! Cases of HTML and the lines that they must become.

mod cases;
mod golden;
mod lists;
mod markdown;
mod properties;
mod safety;
mod tables;

use super::{parse, render};
use crate::model::document::{Document, Line, Rendered};

/// Reads `html`, its links relative to a site.
fn document(html: &str) -> Document {
    let base = url::Url::parse("https://site.example/news/").unwrap();
    parse(html, Some(&base))
}

/// Sets `html` at `width`.
fn set(html: &str, width: usize) -> Rendered {
    render(&document(html), width)
}

/// Returns the lines as text.
fn text(rendered: &Rendered) -> String {
    let lines: Vec<String> = rendered.lines.iter().map(Line::text).collect();
    lines.join("\n")
}

/// Compares the lines with what they must be; line breaks around `expected` don't count.
#[track_caller]
fn check(html: &str, width: usize, expected: &str) {
    assert_eq!(
        text(&set(html, width)),
        expected.trim_matches('\n'),
        "{html}"
    );
}
