//! An article at a glance: its head, its standfirst, and what its first numbered list is about.

use super::markdown::{beginning, joined};
use super::{Shown, banners, head, one_paragraph};
use crate::html;
use crate::model::article::Article;
use crate::model::document::{
    Block, Definition, Document, Line, List, ListItem, Role, inline_text,
};
use crate::model::text::{clip, display_width};

/// What a word with a full stop is that ends no sentence.
const ABBREVIATIONS: [&str; 26] = [
    "art", "cf", "cl", "co", "dr", "e.g", "etc", "fig", "gen", "hon", "i.e", "inc", "lt", "ltd",
    "mr", "mrs", "ms", "no", "para", "prof", "reg", "rev", "rt", "sch", "st", "vs",
];

/// Columns that a list takes besides its markers and its text.
const AROUND_MARKERS: usize = 4;

/// Lays out title, facts, the first line of each banner, the standfirst or the first sentence, and
/// one line for each item of the first numbered list.
pub fn skim(shown: &Shown<'_>) -> Vec<Line> {
    let Shown {
        article, document, ..
    } = *shown;
    let width = shown.setting.width;
    let mut lines = head::beginning(shown, document.words());
    for banner in banners::banners(shown) {
        lines.extend(one_line(banners::lay_out(banner, width), width));
        lines.push(Line::default());
    }
    let mut blocks = Vec::new();
    blocks.extend(summary(article, document));
    if let Some(list) = points(&document.blocks) {
        let markers = list.items.iter().map(|item| display_width(&item.marker));
        let room = width.saturating_sub(markers.max().unwrap_or(0) + AROUND_MARKERS);
        blocks.push(Block::List(cut(list, room)));
    }
    lines.extend(html::render(&of(blocks), width).lines);
    while lines.last().is_some_and(|line| line.spans.is_empty()) {
        lines.pop();
    }
    lines
}

/// Returns the same as Markdown, with a line break at its end; a width doesn't matter.
pub fn skim_markdown(shown: &Shown<'_>) -> String {
    let mut blocks = Vec::new();
    blocks.extend(summary(shown.article, shown.document));
    blocks.extend(points(&shown.document.blocks).map(Block::List));
    joined(&[&beginning(shown), &of(blocks)])
}

fn of(blocks: Vec<Block>) -> Document {
    Document {
        blocks,
        ..Document::default()
    }
}

/// Returns the first of some lines, cut where others follow it.
fn one_line(lines: Vec<Line>, width: usize) -> Option<Line> {
    let more = lines.len() > 1;
    let mut first = lines.into_iter().next()?;
    if more {
        let used: usize = first
            .spans
            .iter()
            .map(|span| display_width(&span.text))
            .sum();
        if let Some(last) = first.spans.last_mut() {
            let room = width.saturating_sub(used) + display_width(&last.text);
            // One column more than there is, so that there is something to cut.
            let text = format!("{}{}", last.text.trim_end(), " ".repeat(room + 1));
            last.text = clip(&text, room).into_owned();
        }
    }
    Some(first)
}

/// Returns the standfirst, else the first sentence of the text.
fn summary(article: &Article, document: &Document) -> Option<Block> {
    let standfirst = head::standfirst(article).or_else(|| {
        let text = document.blocks.iter().find_map(|block| match block {
            Block::Paragraph(words) => Some(inline_text(words)).filter(|text| !text.is_empty()),
            _ => None,
        })?;
        Some(first_sentence(&text).to_owned())
    })?;
    Some(one_paragraph(&standfirst, Role::Standfirst))
}

/// Returns the first numbered list, of each item its first sentence.
fn points(blocks: &[Block]) -> Option<List> {
    let list = first_numbered(blocks)?;
    let items = list.items.iter().filter(|item| !item.marker.is_empty());
    Some(List {
        start: list.start,
        items: items
            .map(|item| ListItem {
                marker: item.marker.clone(),
                blocks: vec![one_paragraph(point(&first_text(&item.blocks)), Role::Text)],
            })
            .collect(),
    })
}

/// Cuts each item to so many columns.
fn cut(mut list: List, room: usize) -> List {
    for item in &mut list.items {
        if let Some(Block::Paragraph(words)) = item.blocks.first() {
            let text = clip(&inline_text(words), room).into_owned();
            item.blocks = vec![one_paragraph(&text, Role::Text)];
        }
    }
    list
}

fn first_numbered(blocks: &[Block]) -> Option<&List> {
    blocks.iter().find_map(|block| match block {
        Block::List(list) if list.start.is_some() => Some(list),
        Block::List(list) => list
            .items
            .iter()
            .find_map(|item| first_numbered(&item.blocks)),
        Block::Quote(blocks) => first_numbered(blocks),
        Block::Definitions(parts) => parts.iter().find_map(|part| {
            let (Definition::Term(blocks) | Definition::Details(blocks)) = part;
            first_numbered(blocks)
        }),
        Block::Table(table) => {
            let mut cells = table.rows.iter().flatten();
            cells.find_map(|cell| first_numbered(&cell.blocks))
        }
        Block::Paragraph(_) | Block::Heading(..) | Block::Code(_) | Block::Rule => None,
    })
}

/// Returns the first text of an item, in one line.
fn first_text(blocks: &[Block]) -> String {
    let found = blocks.iter().find_map(|block| {
        let text = match block {
            Block::Paragraph(words) | Block::Heading(_, words) | Block::Code(words) => {
                inline_text(words)
            }
            Block::Quote(blocks) => first_text(blocks),
            Block::List(_) | Block::Table(_) | Block::Rule | Block::Definitions(_) => String::new(),
        };
        (!text.is_empty()).then_some(text)
    });
    found.unwrap_or_default()
}

/// Returns what an item is about: its first sentence, without the full stop where more follows.
fn point(text: &str) -> &str {
    let sentence = first_sentence(text);
    if sentence.len() == text.len() {
        return text;
    }
    sentence.strip_suffix('.').unwrap_or(sentence)
}

/// Returns the first sentence of a text of one line; all of it where it doesn't end before.
fn first_sentence(text: &str) -> &str {
    let mut before = "";
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        if ends_sentence(before) && begins_sentence(word) {
            return text.get(..at).unwrap_or(text).trim_end();
        }
        before = word.trim_end();
        at += word.len();
    }
    text
}

fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
    let Some(stem) = bare.strip_suffix('.') else {
        return bare.ends_with(['!', '?', '…', '。', '！', '？']);
    };
    let stem = stem.trim_start_matches(['"', '\'', '“', '‘', '(', '[', '«']);
    let is_initial = stem.chars().count() == 1 && stem.chars().all(char::is_alphabetic);
    !is_initial && !ABBREVIATIONS.contains(&stem.to_lowercase().as_str())
}

fn begins_sentence(word: &str) -> bool {
    let first = word.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(|c| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_the_next_begins() {
        let check = |text: &str, expected: &str| assert_eq!(first_sentence(text), expected);
        check("Build once. Use everywhere.", "Build once.");
        check("Is it? “It is.” So they say.", "Is it?");
        check("“It is.” So they say.", "“It is.”");
        check(
            "At 9 a.m. the doors open. Then",
            "At 9 a.m. the doors open.",
        );
        check(
            "Mr. Amadi and R. Lee agree. Others",
            "Mr. Amadi and R. Lee agree.",
        );
        check("See e.g. Annex 1. Then 2", "See e.g. Annex 1.");
        check("It costs £4.5 million. Or so", "It costs £4.5 million.");
        check("No end", "No end");
        check("", "");
    }
}
