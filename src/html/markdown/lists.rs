//! Which lists Markdown can say, and what is made a list.

use super::super::marker::is_bullet;
use crate::model::document::{Block, Definition, Inline, List, ListItem};

/// A longer number begins no list (CommonMark 5.2).
const MAX_DIGITS: usize = 9;

/// How the items of a list are marked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Marking {
    Bullets,
    /// Numbers as Markdown counts them, with this sign behind them.
    Numbers(char),
    /// Bullets, and behind them the markers as text.
    Text,
}

/// Returns how a list's items can be marked.
pub(super) fn marking(list: &List) -> Marking {
    let markers = list.items.iter().map(|item| item.marker.as_str());
    let markers: Vec<&str> = markers.filter(|marker| !marker.is_empty()).collect();
    let is_sign = |marker: &&str| marker.chars().all(is_bullet);
    if markers.iter().all(is_sign) {
        return Marking::Bullets;
    }
    let number = |marker: &str, sign: char| -> Option<u32> {
        let digits = marker.strip_suffix(sign)?;
        let is_plain = digits.bytes().all(|b| b.is_ascii_digit())
            && digits.len() <= MAX_DIGITS
            && (digits == "0" || !digits.starts_with('0'));
        digits.parse().ok().filter(|_| is_plain)
    };
    for sign in ['.', ')'] {
        let numbers: Option<Vec<u32>> = markers.iter().map(|m| number(m, sign)).collect();
        if numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] + 1 == pair[1])) {
            return Marking::Numbers(sign);
        }
    }
    Marking::Text
}

/// Returns the digits of a decimal marker.
pub(super) fn number_of(marker: &str) -> &str {
    marker.trim_end_matches(['.', ')'])
}

/// Whether a list may begin in the line below a paragraph: with an item that isn't empty, and with
/// no other number than 1 (CommonMark 5.2).
pub(super) fn may_follow_text(items: &[ListItem], marking: Marking) -> bool {
    match (marking, items.first()) {
        (Marking::Numbers(_), Some(first)) => {
            number_of(&first.marker) == "1" && !first.blocks.is_empty()
        }
        _ => true,
    }
}

/// Puts a marker before the first line, and the others below its text.
pub(super) fn hang(marker: &str, lines: Vec<String>) -> Vec<String> {
    let indent = " ".repeat(marker.len() + 1);
    let mut marker = Some(marker);
    let line = |line: String| match marker.take() {
        Some(marker) => format!("{marker} {line}").trim_end().to_owned(),
        None if line.is_empty() => line,
        None => format!("{indent}{line}"),
    };
    lines.into_iter().map(line).collect()
}

/// Makes an item of a list without numbers.
pub(super) fn bullet(blocks: Vec<Block>) -> ListItem {
    ListItem {
        marker: "•".to_owned(),
        blocks,
    }
}

/// Makes a list of definitions a list of terms, what is said of a term in the line below it.
pub(super) fn definitions(parts: &[Definition]) -> List {
    let mut items: Vec<ListItem> = Vec::new();
    let mut after_term = false;
    for part in parts {
        let (Definition::Term(blocks) | Definition::Details(blocks)) = part;
        let is_term = matches!(part, Definition::Term(_));
        if items.is_empty() || is_term && !after_term {
            items.push(bullet(Vec::new()));
        }
        let mut blocks = blocks.as_slice();
        let Some(item) = items.last_mut() else {
            continue;
        };
        if after_term
            && let (Some(Block::Paragraph(above)), Some((Block::Paragraph(first), rest))) =
                (item.blocks.last_mut(), blocks.split_first())
        {
            above.push(Inline::Break);
            above.extend(first.iter().cloned());
            blocks = rest;
        }
        item.blocks.extend(blocks.iter().cloned());
        after_term = is_term;
    }
    List { start: None, items }
}
