//! A comparison as blocks, which are then set like an article.

use super::compare::{Change, Fate, Run};
use super::pieces::{Form, Piece};
use crate::model::document::{Block, Inline, List, ListItem, Role, Span, Style};

/// So many unchanged pieces stand before and after a changed one.
const CONTEXT: usize = 1;

/// How words that came or went are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// `[-old-] {+new+}`: for every terminal, screen readers and scripts.
    Brackets,
    /// Struck out and strong, as Markdown can say it.
    Markdown,
}

/// Returns the blocks that show changes: those pieces in full, what stands beside them, and how much
/// is left out.
pub(super) fn blocks(changes: &[Change], marks: Marks) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut left_out = 0;
    for (at, change) in changes.iter().enumerate() {
        if is_near_a_change(changes, at) {
            put_gap(&mut blocks, &mut left_out);
            put(&mut blocks, change, marks);
        } else {
            left_out += 1;
        }
    }
    put_gap(&mut blocks, &mut left_out);
    blocks
}

fn is_near_a_change(changes: &[Change], at: usize) -> bool {
    let end = (at + CONTEXT + 1).min(changes.len());
    let near = changes.get(at.saturating_sub(CONTEXT)..end);
    let mut near = near.unwrap_or_default().iter();
    near.any(|change| !matches!(change, Change::Same(_)))
}

/// Says how many pieces were left out.
fn put_gap(blocks: &mut Vec<Block>, left_out: &mut usize) {
    let text = match std::mem::take(left_out) {
        0 => return,
        1 => "… 1 paragraph unchanged".to_owned(),
        count => format!("… {count} paragraphs unchanged"),
    };
    blocks.push(Block::Paragraph(vec![Inline::Text(Span::of(
        Role::Facts,
        text,
    ))]));
}

/// Puts a piece below the others, into the list or quotation that it stands in.
fn put(blocks: &mut Vec<Block>, change: &Change, marks: Marks) {
    let piece = match change {
        Change::Same(piece) | Change::Added(piece) | Change::Removed(piece) => piece,
        Change::Changed { new, .. } => new,
    };
    let text = inlines(change, marks);
    let block = match piece.form {
        Form::Text | Form::Row => Block::Paragraph(text),
        Form::Heading(level) => Block::Heading(level, text),
        Form::Code => Block::Code(text),
    };
    let marker = marker(change, marks);
    match blocks.last_mut() {
        _ if piece.depth > 0 => put_item(blocks, piece.depth, marker, block),
        Some(Block::Quote(quoted)) if piece.quoted => put_below(quoted, block),
        _ if piece.quoted => blocks.push(Block::Quote(vec![block])),
        _ => put_below(blocks, block),
    }
}

/// Puts a block so many lists deep.
fn put_item(blocks: &mut Vec<Block>, depth: usize, marker: String, block: Block) {
    let Some(depth) = depth.checked_sub(1) else {
        return put_below(blocks, block);
    };
    if !matches!(blocks.last(), Some(Block::List(_))) {
        blocks.push(Block::List(List::default()));
    }
    let Some(Block::List(list)) = blocks.last_mut() else {
        return;
    };
    let begins = depth == 0 && !marker.is_empty();
    match list.items.last_mut() {
        Some(item) if !begins => put_item(&mut item.blocks, depth, marker, block),
        _ => {
            let mut item = ListItem::default();
            if depth == 0 {
                item.marker = marker;
                item.blocks.push(block);
            } else {
                put_item(&mut item.blocks, depth, marker, block);
            }
            list.items.push(item);
        }
    }
}

/// Puts a block below others; lines of code join those above them.
fn put_below(blocks: &mut Vec<Block>, block: Block) {
    match (blocks.last_mut(), block) {
        (Some(Block::Code(above)), Block::Code(line)) => {
            above.push(Inline::Break);
            above.extend(line);
        }
        (_, block) => blocks.push(block),
    }
}

/// Returns the marker that an item has now, with the one that it had where that was another.
fn marker(change: &Change, marks: Marks) -> String {
    match change {
        Change::Changed { old, new, .. } if old.marker != new.marker => {
            let marked = [
                (Fate::Removed, old.marker.as_str()),
                (Fate::Added, new.marker.as_str()),
            ]
            .into_iter()
            .filter(|(_, marker)| !marker.is_empty())
            .map(|(fate, marker)| bracketed(fate, marker));
            match marks {
                Marks::Brackets => marked.collect(),
                // Only a plain number makes a list; the old one is named in the text.
                Marks::Markdown => new.marker.clone(),
            }
        }
        Change::Changed { new, .. } => new.marker.clone(),
        Change::Same(piece) => piece.marker.clone(),
        Change::Added(piece) | Change::Removed(piece) => {
            let fate = fate(change);
            // Without words the marker alone came or went.
            if piece.words.is_empty() && marks == Marks::Brackets {
                bracketed(fate, &piece.marker)
            } else {
                piece.marker.clone()
            }
        }
    }
}

fn fate(change: &Change) -> Fate {
    match change {
        Change::Added(_) => Fate::Added,
        Change::Removed(_) => Fate::Removed,
        Change::Same(_) | Change::Changed { .. } => Fate::Kept,
    }
}

/// Returns the words of a piece, those marked that came or went.
pub(super) fn inlines(change: &Change, marks: Marks) -> Vec<Inline> {
    let (piece, runs) = match change {
        Change::Changed { new, runs, .. } => (new, runs.as_slice()),
        Change::Same(piece) | Change::Added(piece) | Change::Removed(piece) => {
            let whole = Run::whole(fate(change), piece);
            return whole
                .map(|run| words(&run, piece, marks))
                .into_iter()
                .collect();
        }
    };
    let mut inlines = Vec::new();
    if let (Marks::Markdown, Change::Changed { old, new, .. }) = (marks, change)
        && old.marker != new.marker
        && !old.marker.is_empty()
    {
        inlines.push(span(Fate::Removed, &old.marker, new, marks));
        inlines.push(span(Fate::Kept, " ", new, marks));
    }
    for (at, run) in runs.iter().enumerate() {
        if at > 0 && run.spaced {
            inlines.push(span(Fate::Kept, " ", piece, marks));
        }
        inlines.push(words(run, piece, marks));
    }
    inlines
}

fn words(run: &Run, piece: &Piece, marks: Marks) -> Inline {
    match marks {
        Marks::Brackets => span(run.fate, &bracketed(run.fate, &run.text), piece, marks),
        Marks::Markdown => span(run.fate, &run.text, piece, marks),
    }
}

fn bracketed(fate: Fate, text: &str) -> String {
    match fate {
        Fate::Kept => text.to_owned(),
        Fate::Added => format!("{{+{text}+}}"),
        Fate::Removed => format!("[-{text}-]"),
    }
}

fn span(fate: Fate, text: &str, piece: &Piece, marks: Marks) -> Inline {
    let usual = match piece.form {
        Form::Text | Form::Row if piece.quoted => Role::Quote,
        Form::Text | Form::Row => Role::Text,
        Form::Heading(level) => Role::Heading(level),
        Form::Code => Role::Code,
    };
    let (role, strong, strike) = match (marks, fate) {
        (_, Fate::Kept) => (usual, false, false),
        (Marks::Brackets, Fate::Added) => (Role::Added, false, false),
        (Marks::Brackets, Fate::Removed) => (Role::Removed, false, false),
        (Marks::Markdown, Fate::Added) => (Role::Text, true, false),
        (Marks::Markdown, Fate::Removed) => (Role::Text, false, true),
    };
    let style = Style {
        role,
        strong,
        strike,
        ..Style::default()
    };
    Inline::Text(Span::new(text, style))
}
