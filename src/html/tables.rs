//! `table`: data becomes a [`Table`], what is made for looks becomes its cells' blocks.
//!
//! - `Builder::table` reads the element; spans are clamped, so that no number in a page costs more
//!   than its cells
//! - [`layout`] sets a table at a width: header, one rule, columns two apart, figures at the
//!   right; one that is too wide becomes a record a row

use super::blocks::{Builder, Context, first_line};
use super::flow::Flow;
use super::layout::Layout;
use super::media;
use super::parse::{Dom, Element, Kind, NodeId};
use crate::model::document::{Block, Cell, Inline, Line, Role, Span, Style, Table, inline_text};
use crate::model::text::display_width;

/// The most columns that one cell may cover.
const MAX_COLUMN_SPAN: usize = 40;
/// The most rows that one cell may cover.
const MAX_ROW_SPAN: usize = 1000;
/// Cells beyond this many a row join the last one.
const MAX_CELLS: usize = 60;
/// A table of more columns becomes records at any width.
const MAX_COLUMNS: usize = 30;
/// The columns between two columns.
const GAP: usize = 2;
/// A layout table's cell is longer than a data table's: so many characters of one cell.
const LONG_CELL: usize = 300;

/// A row as it stands in the page.
struct SourceRow<'a> {
    cells: Vec<(NodeId, &'a Element)>,
    in_head: bool,
}

impl Builder<'_> {
    /// `table`: its blocks go to `flow`.
    pub(crate) fn table(&mut self, id: NodeId, flow: &mut Flow, context: Context) {
        let dom = self.dom;
        let mut rows = Vec::new();
        let mut captions = Vec::new();
        gather_rows(dom, id, InHead::No, &mut rows, &mut captions);
        let role = dom.element(id).and_then(|table| table.attribute("role"));
        let is_for_looks = matches!(role, Some("presentation" | "none"));
        let has_header = rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|(_, cell)| cell.name() == "th");
        let mut caption = Vec::new();
        for id in captions {
            caption.extend(self.container(&dom.node(id).children, context));
        }
        let table = self.grid(&rows, context);
        let is_data = !is_for_looks && looks_like_data(&table, has_header || !caption.is_empty());
        let mut caption = caption.into_iter();
        if !is_data {
            flow.blocks.extend(caption);
            flow.blocks.extend(
                table
                    .rows
                    .into_iter()
                    .flatten()
                    .flat_map(|cell| cell.blocks),
            );
            return;
        }
        let words = match caption.next() {
            Some(Block::Paragraph(inlines)) => inlines,
            Some(other) => {
                flow.blocks.push(other);
                Vec::new()
            }
            None => Vec::new(),
        };
        flow.blocks.extend(caption);
        flow.blocks.push(Block::Table(Table {
            caption: words,
            ..table
        }));
    }

    /// Places the cells in rows and columns.
    fn grid(&mut self, source: &[SourceRow], context: Context) -> Table {
        let dom = self.dom;
        let mut table = Table::default();
        // For each column, how many of the rows to come a cell above still covers.
        let mut covered: Vec<usize> = Vec::new();
        let mut only_headers = true;
        for row in source {
            let mut cells: Vec<Cell> = Vec::new();
            let mut column = 0;
            let is_header_row = row.in_head
                || !row.cells.is_empty() && row.cells.iter().all(|(_, cell)| cell.name() == "th");
            for (id, element) in &row.cells {
                let style = Style {
                    strong: context.style.strong || element.name() == "th",
                    ..context.style
                };
                let blocks = self.container(&dom.node(*id).children, Context { style, ..context });
                if cells.len() >= MAX_CELLS {
                    if let Some(last) = cells.last_mut() {
                        last.blocks.extend(blocks);
                    }
                    continue;
                }
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let span = span(element, "colspan", MAX_COLUMN_SPAN);
                let rows = span_rows(element);
                if covered.len() < column + span {
                    covered.resize(column + span, 0);
                }
                for covered in covered.iter_mut().skip(column).take(span) {
                    *covered = rows;
                }
                cells.push(Cell {
                    column,
                    span,
                    blocks,
                });
                column += span;
            }
            for covered in &mut covered {
                *covered = covered.saturating_sub(1);
            }
            if cells.iter().all(|cell| cell.blocks.is_empty()) {
                continue;
            }
            only_headers &= is_header_row;
            if only_headers {
                table.header_rows += 1;
            }
            // A cell that covers more columns than any row has is as wide as the widest row.
            let width = cells.last().map_or(0, |cell| cell.column + 1);
            table.columns = table.columns.max(width);
            table.rows.push(cells);
        }
        for cell in table.rows.iter_mut().flatten() {
            cell.span = cell.span.min(table.columns - cell.column);
        }
        // A table of headers alone is data without a header.
        if table.header_rows == table.rows.len() {
            table.header_rows = 0;
        }
        table
    }
}

/// Whether rows are in a `thead`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InHead {
    Yes,
    No,
}

fn gather_rows<'a>(
    dom: &'a Dom,
    id: NodeId,
    in_head: InHead,
    rows: &mut Vec<SourceRow<'a>>,
    captions: &mut Vec<NodeId>,
) {
    for &child in &dom.node(id).children {
        let Kind::Element(element) = &dom.node(child).kind else {
            continue;
        };
        if media::is_hidden(element) {
            continue;
        }
        match element.name() {
            "caption" => captions.push(child),
            "thead" => gather_rows(dom, child, InHead::Yes, rows, captions),
            "tr" => {
                let cells = dom.node(child).children.iter().filter_map(|cell| {
                    let element = dom.element(*cell)?;
                    let is_cell = matches!(element.name(), "td" | "th");
                    (is_cell && !media::is_hidden(element)).then_some((*cell, element))
                });
                rows.push(SourceRow {
                    cells: cells.collect(),
                    in_head: in_head == InHead::Yes,
                });
            }
            _ => gather_rows(dom, child, in_head, rows, captions),
        }
    }
}

fn span(cell: &Element, name: &str, most: usize) -> usize {
    let digits = cell.attribute(name).unwrap_or_default().trim();
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    match digits.get(..end).unwrap_or_default() {
        "" => 1,
        digits => digits.parse().unwrap_or(most).clamp(1, most),
    }
}

fn span_rows(cell: &Element) -> usize {
    // 0 means all rows that are left.
    match cell.attribute("rowspan").map(str::trim) {
        Some("0") => MAX_ROW_SPAN,
        _ => span(cell, "rowspan", MAX_ROW_SPAN),
    }
}

/// Whether a table says something by its rows and columns.
fn looks_like_data(table: &Table, has_header: bool) -> bool {
    if table.rows.is_empty() || table.columns < 2 {
        return false;
    }
    if has_header {
        return true;
    }
    let cells = || table.rows.iter().flatten();
    table.rows.len() > 1
        && cells().all(|cell| {
            first_line(&cell.blocks).is_some_and(|line| line.len() < LONG_CELL)
                && !cell.blocks.first().is_some_and(is_picture)
        })
}

fn is_picture(block: &Block) -> bool {
    matches!(block, Block::Paragraph(inlines) if media::is_picture_line(inlines))
}

/// Sets a table in at most `width` columns.
pub(crate) fn layout(table: &Table, width: usize, layout: &mut Layout) -> Vec<Line> {
    match grid_lines(table, width) {
        Some(lines) => lines,
        None => records(table, width, layout),
    }
}

/// A cell in one line.
struct FlatCell {
    column: usize,
    span: usize,
    spans: Vec<Span>,
    width: usize,
}

/// Sets a table as a grid, where all of it fits.
fn grid_lines(table: &Table, width: usize) -> Option<Vec<Line>> {
    if table.columns > MAX_COLUMNS {
        return None;
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut flat = Vec::with_capacity(row.len());
        for cell in row {
            let cell = flatten(cell)?;
            if cell.width > width {
                return None;
            }
            flat.push(cell);
        }
        rows.push(flat);
    }
    let widths = column_widths(table, &rows);
    let total = total_width(&widths);
    if total > width {
        return None;
    }
    let figures = figure_columns(table, &rows);
    let mut lines = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        if at > 0 && at == table.header_rows {
            lines.push(line(vec![Span::of(Role::Rule, "─".repeat(total))]));
        }
        lines.push(line(row_spans(row, &widths, &figures)));
    }
    Some(lines)
}

fn line(spans: Vec<Span>) -> Line {
    Line { spans, block: 0 }
}

/// Returns a cell's text in one line, where it has no blocks of its own.
fn flatten(cell: &Cell) -> Option<FlatCell> {
    let inlines = match cell.blocks.as_slice() {
        [] => &[],
        [Block::Paragraph(inlines) | Block::Heading(_, inlines)] => inlines.as_slice(),
        _ => return None,
    };
    let spans: Vec<Span> = inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(span) => Span::new(span.text.replace('\u{a0}', " "), span.style),
            Inline::Break => Span::new(" ", Style::default()),
        })
        .collect();
    let width = spans.iter().map(|span| display_width(&span.text)).sum();
    Some(FlatCell {
        column: cell.column,
        span: cell.span,
        spans,
        width,
    })
}

fn column_widths(table: &Table, rows: &[Vec<FlatCell>]) -> Vec<usize> {
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
fn figure_columns(table: &Table, rows: &[Vec<FlatCell>]) -> Vec<bool> {
    let mut figures = vec![None; table.columns];
    for cell in rows.iter().skip(table.header_rows).flatten() {
        let text: String = cell.spans.iter().map(|span| span.text.as_str()).collect();
        let text = text.trim();
        if cell.span > 1 || text.is_empty() {
            continue;
        }
        if let Some(figure) = figures.get_mut(cell.column) {
            *figure = match is_figure(text) {
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

fn row_spans(row: Vec<FlatCell>, widths: &[usize], figures: &[bool]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    for cell in row {
        let begin = widths
            .iter()
            .take(cell.column)
            .map(|width| width + GAP)
            .sum::<usize>();
        let covered = widths
            .get(cell.column..cell.column + cell.span)
            .unwrap_or_default();
        let room = total_width(covered);
        let is_figure = figures.get(cell.column).copied().unwrap_or(false);
        let shift = if is_figure && cell.span == 1 {
            room.saturating_sub(cell.width)
        } else {
            0
        };
        if cell.width == 0 {
            continue;
        }
        let blanks = (begin + shift).saturating_sub(at);
        if blanks > 0 {
            spans.push(Span::new(" ".repeat(blanks), Style::default()));
        }
        at = at.max(begin + shift) + cell.width;
        spans.extend(cell.spans);
    }
    spans
}

/// Sets a table as a record a row: each value behind its column's name.
fn records(table: &Table, width: usize, layout: &mut Layout) -> Vec<Line> {
    let names = column_names(table);
    let mut lines: Vec<Line> = Vec::new();
    for row in table.rows.iter().skip(table.header_rows) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for cell in row {
            let mut blocks = cell.blocks.clone();
            if blocks.is_empty() {
                continue;
            }
            if let Some(name) = names.get(cell.column).filter(|name| !name.is_empty()) {
                let name = Span::new(
                    format!("{name}: "),
                    Style {
                        strong: true,
                        ..Style::default()
                    },
                );
                if let Some(Block::Paragraph(inlines)) = blocks.first_mut() {
                    inlines.insert(0, Inline::Text(name));
                } else {
                    let name = Block::Paragraph(vec![Inline::Text(name)]);
                    lines.extend(layout.tight_blocks(&[name], width));
                }
            }
            lines.extend(layout.tight_blocks(&blocks, width));
        }
    }
    lines
}

/// Returns the columns' names: what stands above them in the header.
fn column_names(table: &Table) -> Vec<String> {
    let mut names = vec![String::new(); table.columns];
    for row in table.rows.iter().take(table.header_rows) {
        for cell in row {
            let text: Vec<String> = cell
                .blocks
                .iter()
                .map(|block| match block {
                    Block::Paragraph(inlines) | Block::Heading(_, inlines) => inline_text(inlines),
                    _ => String::new(),
                })
                .collect();
            let text = text.join(" ");
            for name in names.iter_mut().skip(cell.column).take(cell.span) {
                if !name.is_empty() && !text.is_empty() {
                    name.push(' ');
                }
                name.push_str(text.trim());
            }
        }
    }
    names
}
