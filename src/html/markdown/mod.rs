//! The block tree → Markdown: CommonMark 0.31 with the tables and the strikethrough of GFM.
//!
//! Never changes a word or a number of the article, whatever a renderer makes of it: what would act
//! as markup is escaped, and a marker that Markdown can't say is text. Knows no width.
//!
//! - [`markdown`]: the way in; here the blocks
//! - `lists`: which lists Markdown can say, and what is made a list
//! - `inline`: what stands in a paragraph
//! - `escape`: text and addresses that mean what they say

mod escape;
mod inline;
mod lists;

use super::grid::record_cells;
use crate::model::document::{Block, Cell, Document, Inline, Link, List, ListItem, Role, Table};
use escape::{autolink, longest_run};
use inline::{BreakIs, paragraph};
use lists::{Marking, bullet, definitions, hang, marking, may_follow_text, number_of};

/// Deeper lists and quotes aren't indented any more: some renderers drop what is nested deeper
/// than twenty levels, of which a list takes two.
const MAX_LEVELS: usize = 8;

/// Returns a document as Markdown, with a line break at its end; nothing for one without blocks.
///
/// - A list keeps its numbers: where they are decimal and consecutive, as a list that begins with
///   the first, else (`a.`, `(i)`, numbers that jump or go backwards) as a list of bullets whose
///   items begin with the escaped marker. So the numbers are the author's in every renderer, and
///   what an item holds still hangs below it.
/// - Of two lists in a row the second has another sign (`*`, `)`), without which they were one.
/// - A table of simple cells is a table, any other a list of records. A list of definitions is a
///   list of its terms.
pub fn markdown(document: &Document) -> String {
    let writer = Writer {
        links: &document.links,
        level: 0,
    };
    let mut lines = writer.blocks(&document.blocks, Lists::Apart).lines;
    lines.push(String::new());
    if lines.len() == 1 {
        return String::new();
    }
    lines.join("\n")
}

/// Whether a list may stand directly below its item's paragraph.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    Apart,
    Close,
}

/// Blocks that were written.
#[derive(Default)]
struct Written {
    lines: Vec<String>,
    last: Last,
}

/// What was written last.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    Paragraph,
    /// A list with this sign behind its numbers, or as its bullet.
    List(char),
    #[default]
    Other,
}

impl Written {
    /// Adds a block, a blank line before it.
    fn push(&mut self, lines: Vec<String>, kind: Last) {
        if !lines.is_empty() && !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.push_close(lines, kind);
    }

    /// Adds a block directly below the one before.
    fn push_close(&mut self, lines: Vec<String>, kind: Last) {
        if !lines.is_empty() {
            self.lines.extend(lines);
            self.last = kind;
        }
    }
}

/// Writes blocks at one depth.
#[derive(Clone, Copy)]
struct Writer<'a> {
    links: &'a [Link],
    level: usize,
}

impl Writer<'_> {
    fn deeper(self) -> Self {
        Self {
            level: self.level + 1,
            ..self
        }
    }

    fn blocks(self, blocks: &[Block], lists: Lists) -> Written {
        let mut out = Written::default();
        for block in blocks {
            self.block(block, lists, &mut out);
        }
        out
    }

    fn block(self, block: &Block, lists: Lists, out: &mut Written) {
        match block {
            Block::Paragraph(inlines) => {
                let lines = paragraph(inlines, self.links, BreakIs::Line);
                out.push(lines, Last::Paragraph);
            }
            Block::Heading(level, inlines) => {
                let marks = "#".repeat(usize::from(*level).clamp(1, 6));
                let lines = paragraph(inlines, self.links, BreakIs::Blank);
                let heading = |line: String| format!("{marks} {}", keep_last_marks(line));
                out.push(lines.into_iter().map(heading).collect(), Last::Other);
            }
            Block::List(list) => self.list(list, lists, out),
            Block::Quote(blocks) if self.level < MAX_LEVELS => {
                let written = self.deeper().blocks(blocks, Lists::Apart);
                let quoted = |line: String| format!("> {line}").trim_end().to_owned();
                let lines = written.lines.into_iter().map(quoted);
                out.push(lines.collect(), Last::Other);
            }
            Block::Quote(blocks) => {
                for block in blocks {
                    self.block(block, Lists::Apart, out);
                }
            }
            Block::Table(table) => self.table(table, out),
            Block::Code(inlines) => {
                out.push(code(inlines), Last::Other);
                let addresses = self.addresses_in(inlines);
                out.push(addresses, Last::Paragraph);
            }
            Block::Rule => out.push(vec!["---".to_owned()], Last::Other),
            Block::Definitions(parts) => self.list(&definitions(parts), Lists::Apart, out),
        }
    }

    fn list(self, list: &List, lists: Lists, out: &mut Written) {
        let marking = marking(list);
        // What stood between the items parts the list.
        let parts = list
            .items
            .chunk_by(|one, next| one.marker.is_empty() == next.marker.is_empty());
        for items in parts {
            if items.iter().any(|item| item.marker.is_empty()) {
                for block in items.iter().flat_map(|item| &item.blocks) {
                    self.block(block, Lists::Apart, out);
                }
            } else if self.level >= MAX_LEVELS {
                for item in items {
                    out.push(self.marked(item), Last::Other);
                }
            } else {
                self.items(items, marking, lists, out);
            }
        }
    }

    /// Writes items that follow one another.
    fn items(self, items: &[ListItem], marking: Marking, lists: Lists, out: &mut Written) {
        let sign = match marking {
            Marking::Numbers(')') if out.last == Last::List(')') => '.',
            Marking::Numbers('.') if out.last == Last::List('.') => ')',
            Marking::Numbers(sign) => sign,
            Marking::Bullets | Marking::Text if out.last == Last::List('-') => '*',
            Marking::Bullets | Marking::Text => '-',
        };
        let mut set: Vec<Vec<String>> = Vec::new();
        for item in items {
            let mut lines = match marking {
                Marking::Text => self.deeper().marked(item),
                Marking::Bullets | Marking::Numbers(_) => {
                    self.deeper().blocks(&item.blocks, Lists::Close).lines
                }
            };
            let marker = match marking {
                Marking::Numbers(_) => format!("{}{sign}", number_of(&item.marker)),
                Marking::Bullets | Marking::Text => sign.to_string(),
            };
            match lines.first_mut() {
                // Behind a `-` it would be one rule with it.
                Some(first) if first == "---" => "___".clone_into(first),
                Some(_) => {}
                // A bullet without text is noise.
                None if marking == Marking::Bullets => continue,
                None => lines.push(String::new()),
            }
            set.push(hang(&marker, lines));
        }
        let may_be_close = may_follow_text(items, marking);
        let is_loose = set.iter().flatten().any(String::is_empty);
        let lines = set.join(&[String::new()][usize::from(!is_loose)..]);
        if lists == Lists::Close && out.last == Last::Paragraph && may_be_close {
            out.push_close(lines, Last::List(sign));
        } else {
            out.push(lines, Last::List(sign));
        }
    }

    /// Writes an item with its marker as text before its first words.
    fn marked(self, item: &ListItem) -> Vec<String> {
        let marker = escape::marker(&item.marker);
        let mut out = Written::default();
        let mut blocks = item.blocks.as_slice();
        let mut lines = vec![marker];
        if let Some((Block::Paragraph(inlines), rest)) = blocks.split_first() {
            let mut words = paragraph(inlines, self.links, BreakIs::Line).into_iter();
            if let (Some(first), Some(words)) = (lines.first_mut(), words.next()) {
                *first = format!("{first} {words}");
            }
            lines.extend(words);
            blocks = rest;
        }
        out.push(lines, Last::Paragraph);
        for block in blocks {
            self.block(block, Lists::Close, &mut out);
        }
        out.lines
    }

    fn table(self, table: &Table, out: &mut Written) {
        out.push(
            paragraph(&table.caption, self.links, BreakIs::Line),
            Last::Paragraph,
        );
        let is_simple = table
            .rows
            .iter()
            .flatten()
            .all(|cell| cell.blocks.is_empty() || words(cell).is_some());
        if is_simple {
            out.push(self.rows(table), Last::Other);
            return;
        }
        let record = |cells: Vec<Vec<Block>>| bullet(cells.concat());
        let records = List {
            start: None,
            items: record_cells(table).into_iter().map(record).collect(),
        };
        self.list(&records, Lists::Apart, out);
    }

    /// Writes a table as one; only its first row can be a header.
    fn rows(self, table: &Table) -> Vec<String> {
        let has_header = table.header_rows > 0;
        let mut lines: Vec<String> = Vec::new();
        if !has_header {
            lines.push("|".to_owned() + &"  |".repeat(table.columns));
        }
        for (at, row) in table.rows.iter().enumerate() {
            let mut line = String::from("|");
            let mut column = 0;
            for cell in row.iter().filter(|cell| !cell.blocks.is_empty()) {
                line.push_str(&"  |".repeat(cell.column.saturating_sub(column)));
                let words = words(cell).unwrap_or_default();
                let text = if has_header && at == 0 {
                    paragraph(&without_weight(words), self.links, BreakIs::Blank)
                } else {
                    paragraph(words, self.links, BreakIs::Blank)
                };
                line.push_str(&format!(" {} |", text.concat().replace('|', "\\|")));
                column = cell.column + 1;
            }
            if at == 0 && has_header {
                line.push_str(&"  |".repeat(table.columns.saturating_sub(column)));
            }
            lines.push(line);
        }
        lines.insert(1, "|".to_owned() + &" --- |".repeat(table.columns));
        lines
    }

    /// Returns the addresses that lines of code lead to, which can't say so themselves.
    fn addresses_in(self, inlines: &[Inline]) -> Vec<String> {
        let mut numbers: Vec<u16> = Vec::new();
        for inline in inlines {
            if let Inline::Text(span) = inline {
                numbers.extend(span.style.link.filter(|n| !numbers.contains(n)));
            }
        }
        let mut lines: Vec<String> = numbers
            .into_iter()
            .filter_map(|n| link(self.links, n))
            .map(|link| autolink(&link.url) + "\\")
            .collect();
        if let Some(last) = lines.last_mut() {
            last.pop();
        }
        lines
    }
}

/// Returns link `n`.
fn link(links: &[Link], n: u16) -> Option<&Link> {
    links.get(usize::from(n).checked_sub(1)?)
}

/// Keeps the `#` at the end of a heading, which would be taken for its closing sequence
/// (CommonMark 4.2).
fn keep_last_marks(mut line: String) -> String {
    let words = line.trim_end_matches('#').len();
    let closes = words < line.len() && (words == 0 || line[..words].ends_with(' '));
    if closes {
        line.insert(words, '\\');
    }
    line
}

/// Writes code, in a fence that no line of it ends.
fn code(inlines: &[Inline]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for inline in inlines {
        match (inline, lines.last_mut()) {
            (Inline::Text(span), Some(line)) if !is_link_number(inline) => {
                line.push_str(&span.text);
            }
            (Inline::Break, _) => lines.push(String::new()),
            _ => {}
        }
    }
    let longest = lines.iter().map(|line| longest_run(line, '`')).max();
    let fence = "`".repeat(longest.map_or(3, |run| (run + 1).max(3)));
    let lines = lines.iter().map(|line| line.trim_end().to_owned());
    std::iter::once(fence.clone())
        .chain(lines)
        .chain([fence.clone()])
        .collect()
}

/// Whether a piece is the number behind a link's words.
fn is_link_number(inline: &Inline) -> bool {
    matches!(inline, Inline::Text(span) if span.style.role == Role::Number && span.style.link.is_some())
}

/// Returns the words of a cell that holds nothing else.
fn words(cell: &Cell) -> Option<&[Inline]> {
    match cell.blocks.as_slice() {
        [Block::Paragraph(inlines) | Block::Heading(_, inlines)] => Some(inlines),
        _ => None,
    }
}

/// Returns the words of a header's cell, which has its weight without marks.
fn without_weight(inlines: &[Inline]) -> Vec<Inline> {
    let mut inlines = inlines.to_vec();
    for inline in &mut inlines {
        if let Inline::Text(span) = inline {
            span.style.strong = false;
        }
    }
    inlines
}
