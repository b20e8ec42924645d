//! A table of data at a width: header, one rule, columns two apart, figures at the right; one that
//! is too wide becomes a record a row.
//!
//! - [`layout`]: the way in, decides between the two
//! - `grid_lines`: rows as high as their highest cell
//! - `records`: each value behind its column's name; no name and no link of the header is lost
//! - [`record_cells`]: what they hold, also for a table that Markdown can't say

use super::layout::Layout;
use super::render::columns;
use crate::model::document::{
    Block, Cell, Definition, Inline, Line, Role, Span, Style, Table, inline_text,
};

/// A table of more columns becomes records at any width.
const MAX_COLUMNS: usize = 30;
/// The columns between two columns.
const GAP: usize = 2;

/// Sets a table in at most `width` columns.
pub(crate) fn layout(table: &Table, width: usize, layout: &mut Layout) -> Vec<Line> {
    match grid_lines(table, width, layout) {
        Some(lines) => lines,
        None => records(table, width, layout),
    }
}

/// A cell with its lines.
struct SetCell {
    column: usize,
    span: usize,
    lines: Vec<Vec<Span>>,
    /// The columns of its widest line.
    width: usize,
    /// Whether it holds more than one paragraph, which is no figure.
    has_blocks: bool,
}

/// Sets a table as a grid, where all of it fits.
fn grid_lines(table: &Table, width: usize, layout: &mut Layout) -> Option<Vec<Line>> {
    // A table in a cell would be set twice at each depth, to be measured and to be shown.
    let mut cells = table.rows.iter().flatten();
    if table.columns > MAX_COLUMNS || cells.any(|cell| holds_table(&cell.blocks)) {
        return None;
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut set = Vec::with_capacity(row.len());
        for cell in row {
            let cell = set_cell(cell, width, layout);
            if cell.width > width {
                return None;
            }
            set.push(cell);
        }
        rows.push(set);
    }
    let widths = column_widths(table, &rows);
    let total = total_width(&widths);
    if total > width {
        return None;
    }
    let figures = figure_columns(table, &rows);
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 && at == table.header_rows {
            lines.push(line(vec![Span::of(Role::Rule, "─".repeat(total))]));
        }
        let height = row.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        for at in 0..height.max(1) {
            lines.push(line(row_spans(row, at, &widths, &figures)));
        }
    }
    Some(lines)
}

fn line(spans: Vec<Span>) -> Line {
    Line { spans, block: 0 }
}

fn holds_table(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Table(_) => true,
        Block::List(list) => list.items.iter().any(|item| holds_table(&item.blocks)),
        Block::Quote(blocks) => holds_table(blocks),
        Block::Definitions(parts) => parts.iter().any(|part| {
            let (Definition::Term(blocks) | Definition::Details(blocks)) = part;
            holds_table(blocks)
        }),
        Block::Paragraph(_) | Block::Heading(..) | Block::Code(_) | Block::Rule => false,
    })
}

/// Sets a cell as wide as its text is; a paragraph may come out wider than `width`.
fn set_cell(cell: &Cell, width: usize, layout: &mut Layout) -> SetCell {
    let (lines, has_blocks): (Vec<Vec<Span>>, _) = match cell.blocks.as_slice() {
        [] => (Vec::new(), false),
        [Block::Paragraph(inlines) | Block::Heading(_, inlines)] => {
            let lines = inlines.split(|inline| *inline == Inline::Break);
            let lines = lines.map(|line| line.iter().filter_map(shown).collect());
            (lines.collect(), false)
        }
        blocks => {
            let lines = layout.tight_blocks(blocks, width);
            (lines.into_iter().map(|line| line.spans).collect(), true)
        }
    };
    SetCell {
        has_blocks,
        column: cell.column,
        span: cell.span,
        width: lines.iter().map(|line| columns(line)).max().unwrap_or(0),
        lines,
    }
}

fn shown(inline: &Inline) -> Option<Span> {
    match inline {
        Inline::Text(span) => Some(Span::new(span.text.replace('\u{a0}', " "), span.style)),
        Inline::Break => None,
    }
}

fn column_widths(table: &Table, rows: &[Vec<SetCell>]) -> Vec<usize> {
    let mut widths = vec![0; table.columns];
    for cell in rows.iter().flatten().filter(|cell| cell.span == 1) {
        if let Some(width) = widths.get_mut(cell.column) {
            *width = cell.width.max(*width);
        }
    }
    for cell in rows.iter().flatten().filter(|cell| cell.span > 1) {
        let covered = widths.get_mut(cell.column..cell.column + cell.span);
        if let Some(covered) = covered {
            let missing = cell.width.saturating_sub(total_width(covered));
            if let Some(last) = covered.last_mut() {
                *last += missing;
            }
        }
    }
    widths
}

fn total_width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// Tells for each column whether it holds figures.
fn figure_columns(table: &Table, rows: &[Vec<SetCell>]) -> Vec<bool> {
    let mut figures = vec![None; table.columns];
    for cell in rows.iter().skip(table.header_rows).flatten() {
        let spans = cell.lines.iter().flatten();
        let text: String = spans.map(|span| span.text.as_str()).collect();
        let text = text.trim();
        if cell.span > 1 || text.is_empty() {
            continue;
        }
        if let Some(figure) = figures.get_mut(cell.column) {
            *figure = match is_figure(text) {
                _ if cell.has_blocks => Some(false),
                Figure::Yes => Some(figure.unwrap_or(true)),
                Figure::No => Some(false),
                Figure::Nothing => *figure,
            };
        }
    }
    figures
        .into_iter()
        .map(|figure| figure.unwrap_or(false))
        .collect()
}

/// Whether a cell's text is a figure.
enum Figure {
    Yes,
    No,
    /// A sign for "no figure".
    Nothing,
}

fn is_figure(text: &str) -> Figure {
    if matches!(
        text,
        "-" | "–" | "—" | ".." | "…" | "n/a" | "N/A" | "[x]" | "[z]" | "[c]" | "*"
    ) {
        return Figure::Nothing;
    }
    let text = text.split('[').next().unwrap_or_default();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text
        .chars()
        .filter(|c| !c.is_ascii_digit() && !" ,.%£€$+-−–()/".contains(*c))
        .count();
    // A letter or two may say the unit: `12m`, `3k`, `5 kg`.
    if digits > 0 && others <= 2 && text.starts_with(|c: char| !c.is_alphabetic()) {
        Figure::Yes
    } else {
        Figure::No
    }
}

/// Puts line `at` of each cell of a row into one line.
fn row_spans(row: &[SetCell], at: usize, widths: &[usize], figures: &[bool]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut used = 0;
    for cell in row {
        let Some(text) = cell.lines.get(at).filter(|text| !text.is_empty()) else {
            continue;
        };
        let width = columns(text);
        let begin = widths
            .iter()
            .take(cell.column)
            .map(|width| width + GAP)
            .sum::<usize>();
        let covered = widths
            .get(cell.column..cell.column + cell.span)
            .unwrap_or_default();
        let is_figure = figures.get(cell.column).copied().unwrap_or(false);
        let shift = if is_figure && cell.span == 1 {
            total_width(covered).saturating_sub(width)
        } else {
            0
        };
        let blanks = (begin + shift).saturating_sub(used);
        if blanks > 0 {
            spans.push(Span::new(" ".repeat(blanks), Style::default()));
        }
        used = used.max(begin + shift) + width;
        spans.extend(text.iter().cloned());
    }
    spans
}

/// Sets a table as a record a row, a blank line between records.
fn records(table: &Table, width: usize, layout: &mut Layout) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for record in record_cells(table) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for blocks in record {
            lines.extend(layout.tight_blocks(&blocks, width));
        }
    }
    lines
}

/// Returns a record a row: for each cell that holds anything its blocks, its column's name before
/// the first.
pub(crate) fn record_cells(table: &Table) -> Vec<Vec<Vec<Block>>> {
    let mut names = column_names(table);
    let body = || table.rows.iter().skip(table.header_rows);
    let mut is_filled = vec![false; table.columns];
    for cell in body().flatten().filter(|cell| !cell.blocks.is_empty()) {
        if let Some(filled) = is_filled.get_mut(cell.column) {
            *filled = true;
        }
    }
    let mut records = Vec::new();
    for (at, row) in body().enumerate() {
        let mut record = Vec::new();
        let mut cells = row.iter().filter(|cell| !cell.blocks.is_empty()).peekable();
        for (column, name) in names.iter_mut().enumerate() {
            if let Some(cell) = cells.next_if(|cell| cell.column == column) {
                record.push(named(name.take(), &cell.blocks));
            } else if at == 0 && !is_filled[column] && !name.words.is_empty() {
                // No row has a value there: the name alone.
                record.push(named(name.take(), &[]));
            }
        }
        records.push(record);
    }
    records
}

/// What stands above a column.
#[derive(Default)]
struct ColumnName {
    /// The words and the numbers of the header's links, until they were shown once.
    first: Option<Vec<Inline>>,
    words: String,
}

impl ColumnName {
    /// Returns the name as it stands before a value, nothing where the column has none.
    fn take(&mut self) -> Vec<Inline> {
        let style = Style {
            strong: true,
            ..Style::default()
        };
        if self.words.is_empty() {
            return Vec::new();
        }
        match self.first.take() {
            Some(mut inlines) => {
                inlines.push(Inline::Text(Span::new(": ", style)));
                inlines
            }
            None => vec![Inline::Text(Span::new(format!("{}: ", self.words), style))],
        }
    }
}

/// Puts a name before a value.
fn named(mut name: Vec<Inline>, value: &[Block]) -> Vec<Block> {
    if name.is_empty() {
        return value.to_vec();
    }
    let rest = match value.split_first() {
        Some((Block::Paragraph(first), rest)) => {
            name.extend(first.iter().cloned());
            rest
        }
        _ => value,
    };
    let mut blocks = vec![Block::Paragraph(name)];
    blocks.extend_from_slice(rest);
    blocks
}

/// Returns the columns' names: what stands above them in the header.
fn column_names(table: &Table) -> Vec<ColumnName> {
    let mut names = Vec::new();
    names.resize_with(table.columns, ColumnName::default);
    for cell in table.rows.iter().take(table.header_rows).flatten() {
        let mut inlines = Vec::new();
        collect_inlines(&cell.blocks, &mut inlines);
        let words = inline_text(&inlines);
        if words.is_empty() {
            continue;
        }
        for (at, name) in names
            .iter_mut()
            .skip(cell.column)
            .take(cell.span)
            .enumerate()
        {
            let first = name.first.get_or_insert_default();
            if !name.words.is_empty() {
                name.words.push(' ');
                push_blank(first);
            }
            name.words.push_str(&words);
            // A number stands above one column only.
            let shown = inlines
                .iter()
                .filter(|inline| at == 0 || !is_number(inline));
            first.extend(shown.cloned());
        }
    }
    names
}

fn is_number(inline: &Inline) -> bool {
    matches!(inline, Inline::Text(span) if span.style.role == Role::Number)
}

fn push_blank(inlines: &mut Vec<Inline>) {
    if !inlines.is_empty() {
        inlines.push(Inline::Text(Span::new(" ", Style::default())));
    }
}

/// Collects all text of blocks in one line, link numbers included.
fn collect_inlines(blocks: &[Block], out: &mut Vec<Inline>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) | Block::Code(inlines) => {
                push_blank(out);
                for inline in inlines {
                    match inline {
                        Inline::Text(span) => out.push(Inline::Text(span.clone())),
                        Inline::Break => push_blank(out),
                    }
                }
            }
            Block::List(list) => {
                for item in &list.items {
                    collect_inlines(&item.blocks, out);
                }
            }
            Block::Quote(blocks) => collect_inlines(blocks, out),
            Block::Definitions(parts) => {
                for Definition::Term(blocks) | Definition::Details(blocks) in parts {
                    collect_inlines(blocks, out);
                }
            }
            Block::Table(table) => {
                push_blank(out);
                out.extend(table.caption.iter().cloned());
                for cell in table.rows.iter().flatten() {
                    collect_inlines(&cell.blocks, out);
                }
            }
            Block::Rule => {}
        }
    }
}
