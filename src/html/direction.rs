//! Which way a paragraph runs: as its `dir` says, else as its first letter does.
//!
//! A paragraph that runs another way than its first letter says begins with a mark, U+200E or
//! U+200F, which Unicode has for it (UAX #9, rules P2 and P3); the layout takes it out.

use super::parse::Element;
use crate::model::document::{Inline, Role};

/// Which way a paragraph runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// Returns the mark for it.
    fn mark(self) -> char {
        match self {
            Self::LeftToRight => '\u{200e}',
            Self::RightToLeft => '\u{200f}',
        }
    }
}

/// Returns the direction that holds inside an element, `around` being the one around it; `None`
/// leaves it to the letters. On words in a paragraph `dir` says nothing about the paragraph.
pub(crate) fn inside(element: &Element, around: Option<Direction>) -> Option<Direction> {
    let is_inline = matches!(
        element.name(),
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "em"
            | "font"
            | "i"
            | "label"
            | "q"
            | "small"
            | "span"
            | "strong"
            | "time"
            | "u"
    );
    match element.attribute("dir") {
        Some(dir) if !is_inline => match dir.to_ascii_lowercase().as_str() {
            "ltr" => Some(Direction::LeftToRight),
            "rtl" => Some(Direction::RightToLeft),
            "auto" => None,
            _ => around,
        },
        _ => around,
    }
}

/// Puts the mark before a paragraph whose letters say something else than `direction`.
pub(crate) fn mark(paragraph: &mut [Inline], direction: Option<Direction>) {
    let Some(direction) = direction else {
        return;
    };
    if of_paragraph(paragraph) != direction
        && let Some(Inline::Text(first)) = paragraph.first_mut()
    {
        first.text.insert(0, direction.mark());
    }
}

/// Returns a paragraph's first text without the mark, where it has one.
pub(crate) fn unmark(text: &str) -> Option<&str> {
    text.strip_prefix(['\u{200e}', '\u{200f}'])
}

/// Returns which way a paragraph runs: left to right where no letter says otherwise.
pub(crate) fn of_paragraph(inlines: &[Inline]) -> Direction {
    let first = inlines
        .iter()
        .filter_map(|inline| match inline {
            Inline::Text(span) if span.style.role != Role::Number => Some(span.text.chars()),
            Inline::Text(_) | Inline::Break => None,
        })
        .flatten()
        .find(|c| c.is_alphabetic() || matches!(c, '\u{200e}' | '\u{200f}'));
    match first {
        Some(
            '\u{200f}'
            | '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}',
        ) => Direction::RightToLeft,
        _ => Direction::LeftToRight,
    }
}
