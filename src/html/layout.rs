//! Blocks → lines at a width: indents, markers, marks and blank lines. The text inside is set by
//! `super::render`, tables by `super::grid`.
//!
//! Every part is set at the width that is left for it, then its indent goes before each line. So
//! no line can be wider than asked for. Where too little would be left, the indent goes instead.

use super::cut::{BreakAt, cut};
use super::direction::{self, Direction};
use super::{grid, render};
use crate::model::document::{
    Block, Definition, HeadingPlace, Inline, Line, List, ListItem, Role, Span, Style, inline_text,
};
use crate::model::text::display_width;

/// Text keeps at least so many columns; deeper blocks aren't indented any more.
const MIN_TEXT_COLUMNS: usize = 12;
/// Lists, quotes, tables and code stand so far in.
const INDENT_COLUMNS: usize = 2;
/// Deeper lists and quotes aren't indented any more.
const MAX_LEVELS: usize = 24;

/// Sets blocks at a width.
#[derive(Default)]
pub(crate) struct Layout {
    /// How many pieces of text were set.
    block: usize,
    level: usize,
    /// The headings met, with the pieces that they are.
    headings: Vec<(usize, u8, String)>,
}

impl Layout {
    /// Sets a whole article.
    pub(crate) fn article(&mut self, blocks: &[Block], width: usize) -> Vec<Line> {
        self.spaced_blocks(blocks, width)
    }

    /// Returns where the headings stand in `lines`.
    pub(crate) fn headings(&self, lines: &[Line]) -> Vec<HeadingPlace> {
        // Both are in the order of the article.
        let mut lines = lines.iter().enumerate().peekable();
        let mut places = Vec::new();
        for (block, level, text) in &self.headings {
            while lines
                .next_if(|(_, line)| line.block < *block || line.spans.is_empty())
                .is_some()
            {}
            if let Some((line, _)) = lines.peek().filter(|(_, line)| line.block == *block) {
                places.push(HeadingPlace {
                    line: *line,
                    level: *level,
                    text: text.clone(),
                });
            }
        }
        places
    }

    /// Sets blocks one below the other, a blank line between.
    fn spaced_blocks(&mut self, blocks: &[Block], width: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for block in blocks {
            let set = self.block(block, width);
            if let (false, Some(first)) = (lines.is_empty(), set.first()) {
                lines.push(Line {
                    spans: Vec::new(),
                    block: first.block,
                });
            }
            lines.extend(set);
        }
        lines
    }

    /// Sets blocks one below the other, blank lines only between paragraphs.
    pub(crate) fn tight_blocks(&mut self, blocks: &[Block], width: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let set = self.block(block, width);
            let is_apart = at > 0 && !matches!(block, Block::List(_));
            if let (true, false, Some(first)) = (is_apart, lines.is_empty(), set.first()) {
                lines.push(Line {
                    spans: Vec::new(),
                    block: first.block,
                });
            }
            lines.extend(set);
        }
        lines
    }

    fn block(&mut self, block: &Block, width: usize) -> Vec<Line> {
        match block {
            Block::Paragraph(inlines) => self.text(inlines, width),
            Block::Heading(level, inlines) => {
                self.headings
                    .push((self.block, *level, inline_text(inlines)));
                self.text(inlines, width)
            }
            Block::List(list) => self.list(list, width),
            Block::Quote(blocks) => {
                let indent = self.indent(width);
                let mark = vec![
                    Span::new(" ".repeat(indent), Style::default()),
                    Span::of(Role::QuoteMark, "▏"),
                    Span::new(" ", Style::default()),
                ];
                self.prefixed(width, indent + 2, &mark, &mark, |layout, width| {
                    layout.spaced_blocks(blocks, width)
                })
            }
            Block::Table(table) => {
                let mut lines = Vec::new();
                if !table.caption.is_empty() {
                    lines = self.text(&table.caption, width);
                }
                let indent = self.indent(width);
                let blanks = [Span::new(" ".repeat(indent), Style::default())];
                let (block, headings) = (self.block, self.headings.len());
                let mut set = self.prefixed(width, indent, &blanks, &blanks, |layout, width| {
                    grid::layout(table, width, layout)
                });
                // A table is one place, however its rows are set, and its headings are no places.
                self.block = block + 1;
                self.headings.truncate(headings);
                for line in &mut set {
                    line.block = block;
                }
                lines.extend(set);
                lines
            }
            Block::Code(inlines) => {
                let indent = self.indent(width);
                let blanks = [Span::new(" ".repeat(indent), Style::default())];
                self.prefixed(width, indent, &blanks, &blanks, |layout, width| {
                    layout.code(inlines, width)
                })
            }
            Block::Rule => {
                let rule = vec![Span::of(Role::Rule, "─".repeat(width))];
                self.numbered(vec![rule])
            }
            Block::Definitions(parts) => self.definitions(parts, width),
        }
    }

    /// Returns how far a block stands in: nested ones stand under their parent's text.
    fn indent(&self, width: usize) -> usize {
        if self.level == 0 && width >= MIN_TEXT_COLUMNS + INDENT_COLUMNS {
            INDENT_COLUMNS
        } else {
            0
        }
    }

    /// Gives finished lines their place in the article.
    fn numbered(&mut self, lines: Vec<Vec<Span>>) -> Vec<Line> {
        let block = self.block;
        self.block += 1;
        lines
            .into_iter()
            .map(|spans| Line { spans, block })
            .collect()
    }

    fn text(&mut self, inlines: &[Inline], width: usize) -> Vec<Line> {
        let mut lines = render::flow(inlines, width);
        if let Some(first) = lines.first_mut().and_then(|line| line.first_mut())
            && let Some(text) = direction::unmark(&first.text)
        {
            first.text = text.to_owned();
        }
        if direction::of_paragraph(inlines) == Direction::RightToLeft {
            for line in &mut lines {
                let used = render::columns(line);
                if used > 0 && used < width {
                    let blanks = " ".repeat(width - used);
                    line.insert(0, Span::new(blanks, Style::default()));
                }
            }
        }
        self.numbered(lines)
    }

    /// Sets something `columns` narrower, `first` before its first line and `rest` before the
    /// others; where that would leave too little, without them.
    fn prefixed(
        &mut self,
        width: usize,
        columns: usize,
        first: &[Span],
        rest: &[Span],
        set: impl FnOnce(&mut Self, usize) -> Vec<Line>,
    ) -> Vec<Line> {
        if columns + MIN_TEXT_COLUMNS > width || self.level >= MAX_LEVELS {
            return set(self, width);
        }
        self.level += 1;
        let mut lines = set(self, width - columns);
        self.level -= 1;
        for (at, line) in lines.iter_mut().enumerate() {
            let prefix = if at == 0 { first } else { rest };
            put_before(line, prefix);
        }
        lines
    }

    fn list(&mut self, list: &List, width: usize) -> Vec<Line> {
        let markers = list.items.iter().map(|item| display_width(&item.marker));
        let marker_columns = markers.max().unwrap_or(0);
        let indent = self.indent(width);
        let text_column = indent + marker_columns + 2;
        let is_deep = text_column + MIN_TEXT_COLUMNS > width || self.level >= MAX_LEVELS;
        let mut items = Vec::new();
        for item in &list.items {
            if is_deep {
                items.push(self.deep_item(item, width));
                continue;
            }
            let blanks = indent + marker_columns - display_width(&item.marker);
            let first = [
                Span::new(" ".repeat(blanks), Style::default()),
                Span::of(Role::Number, item.marker.clone()),
                Span::new("  ", Style::default()),
            ];
            let rest = [Span::new(" ".repeat(text_column), Style::default())];
            items.push(
                self.prefixed(width, text_column, &first, &rest, |layout, width| {
                    layout.item(item, width)
                }),
            );
        }
        // Where an item has paragraphs of its own, blank lines part the items too.
        let is_loose = list.items.iter().any(|item| is_loose(&item.blocks));
        let mut lines: Vec<Line> = Vec::new();
        for item in items {
            if is_loose && let (false, Some(first)) = (lines.is_empty(), item.first()) {
                lines.push(Line {
                    spans: Vec::new(),
                    block: first.block,
                });
            }
            lines.extend(item);
        }
        lines
    }

    /// Sets an item's blocks; an empty one is an empty line, for its marker's sake.
    fn item(&mut self, item: &ListItem, width: usize) -> Vec<Line> {
        // A marker stands in a line of its own before a list or a table.
        let mut lines = if starts_with_text(&item.blocks) || item.marker.is_empty() {
            Vec::new()
        } else {
            self.numbered(vec![Vec::new()])
        };
        lines.extend(self.tight_blocks(&item.blocks, width));
        lines
    }

    /// Sets an item where there is no room to hang it: its marker begins its text.
    fn deep_item(&mut self, item: &ListItem, width: usize) -> Vec<Line> {
        if item.marker.is_empty() {
            return self.tight_blocks(&item.blocks, width);
        }
        let marker = Inline::Text(Span::of(Role::Number, format!("{} ", item.marker)));
        let mut blocks = item.blocks.clone();
        // What stands beside its marker elsewhere is one piece of text with it here too.
        let is_one_piece = starts_with_text(&blocks);
        if let Some(Block::Paragraph(inlines) | Block::Heading(_, inlines) | Block::Code(inlines)) =
            blocks.first_mut()
        {
            inlines.insert(0, marker);
            return self.tight_blocks(&blocks, width);
        }
        let block = self.block;
        let mut lines = self.text(&[marker], width);
        if is_one_piece {
            self.block = block;
        }
        lines.extend(self.tight_blocks(&blocks, width));
        lines
    }

    fn definitions(&mut self, parts: &[Definition], width: usize) -> Vec<Line> {
        let blanks = [Span::new(" ".repeat(INDENT_COLUMNS), Style::default())];
        let mut lines = Vec::new();
        for part in parts {
            match part {
                Definition::Term(blocks) => lines.extend(self.tight_blocks(blocks, width)),
                Definition::Details(blocks) => lines.extend(self.prefixed(
                    width,
                    INDENT_COLUMNS,
                    &blanks,
                    &blanks,
                    |layout, width| layout.tight_blocks(blocks, width),
                )),
            }
        }
        lines
    }

    /// Sets code: its lines stay; too long ones go on below, marked.
    fn code(&mut self, inlines: &[Inline], width: usize) -> Vec<Line> {
        let mut lines = vec![Vec::new()];
        for inline in inlines {
            match inline {
                Inline::Break => lines.push(Vec::new()),
                Inline::Text(span) => {
                    if let Some(line) = lines.last_mut() {
                        line.push(span.clone());
                    }
                }
            }
        }
        let mut set = Vec::new();
        for line in lines {
            if render::columns(&line) <= width {
                set.push(line);
                continue;
            }
            let pieces = cut(&line, width, width - 2, BreakAt::Blanks);
            for (at, mut piece) in pieces.into_iter().enumerate() {
                if at > 0 {
                    piece.insert(0, Span::of(Role::Rule, "↪ "));
                }
                set.push(piece);
            }
        }
        self.numbered(set)
    }
}

/// Whether the first line of blocks is text, not a list's marker, a table's row or a rule.
fn starts_with_text(blocks: &[Block]) -> bool {
    match blocks.first() {
        Some(Block::Paragraph(_) | Block::Heading(..) | Block::Code(_)) => true,
        Some(Block::Quote(blocks)) => starts_with_text(blocks),
        Some(Block::Definitions(parts)) => match parts.first() {
            Some(Definition::Term(blocks) | Definition::Details(blocks)) => {
                starts_with_text(blocks)
            }
            None => false,
        },
        Some(Block::List(_) | Block::Table(_) | Block::Rule) | None => false,
    }
}

/// Whether an item has more than one paragraph.
fn is_loose(blocks: &[Block]) -> bool {
    blocks
        .iter()
        .skip(1)
        .any(|block| !matches!(block, Block::List(_)))
}

/// Puts a prefix before a line. Before a blank line only its marks stay.
fn put_before(line: &mut Line, prefix: &[Span]) {
    let is_blank = line.spans.is_empty();
    let mut spans = prefix.to_vec();
    if is_blank {
        while spans.last().is_some_and(|span| span.text.trim().is_empty()) {
            spans.pop();
        }
    }
    spans.retain(|span| !span.text.is_empty());
    spans.append(&mut line.spans);
    line.spans = spans;
}
