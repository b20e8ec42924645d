//! `table`: data becomes a [`Table`], what is made for looks becomes its cells' blocks.
//!
//! `Builder::table` reads the element; spans are clamped, so that no number in a page costs more
//! than its cells. `super::grid` sets a table at a width.

use super::blocks::{Builder, Context, first_line};
use super::flow::Flow;
use super::media;
use super::parse::{Dom, Element, Kind, NodeId};
use crate::model::document::{Block, Cell, Table};

/// The most columns that one cell may cover.
const MAX_COLUMN_SPAN: usize = 40;
/// The most rows that one cell may cover.
const MAX_ROW_SPAN: usize = 1000;
/// Cells beyond this many a row join the last one.
const MAX_CELLS: usize = 60;
/// Cells that would begin further to the right join the last one too: cells that cover rows push
/// those of the rows below ever further.
const MAX_COLUMNS: usize = 500;
/// A layout table's cell is longer than a data table's: so many characters of one cell.
const LONG_CELL: usize = 300;

/// A row as it stands in the page.
struct SourceRow<'a> {
    cells: Vec<(NodeId, &'a Element)>,
    group: Group,
}

impl SourceRow<'_> {
    fn headers(&self) -> usize {
        let cells = self.cells.iter();
        cells.filter(|(_, cell)| cell.name() == "th").count()
    }

    fn has_only_headers(&self) -> bool {
        !self.cells.is_empty() && self.headers() == self.cells.len()
    }

    /// Whether the first row of a table is its header though not all of its cells say so: there
    /// are empty ones, as in a corner, or the row below has fewer header cells.
    fn is_mostly_headers(&self, cells: &[Cell], next: Option<&Self>) -> bool {
        let headers = self.headers();
        let is_header_or_empty = |((_, element), cell): (&(NodeId, &Element), &Cell)| {
            element.name() == "th" || cell.blocks.is_empty()
        };
        // One header cell before an empty one is the name of a row.
        let names_row =
            headers == 1 && matches!(self.cells.first(), Some((_, cell)) if cell.name() == "th");
        headers > 0
            && !names_row
            && (self.cells.iter().zip(cells).all(is_header_or_empty)
                || headers * 2 > self.cells.len()
                    && next.is_some_and(|next| next.headers() < headers))
    }
}

impl Builder<'_> {
    /// `table`: its blocks go to `flow`.
    pub(crate) fn table(&mut self, id: NodeId, flow: &mut Flow, context: Context) {
        let dom = self.dom;
        let mut rows = Vec::new();
        let mut captions = Vec::new();
        gather_rows(dom, id, Group::Body, &mut rows, &mut captions);
        let role = dom.element(id).and_then(|table| table.attribute("role"));
        let is_for_looks = matches!(role, Some("presentation" | "none"));
        let has_header_cell = rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|(_, cell)| cell.name() == "th");
        let mut caption = Vec::new();
        for id in captions {
            caption.extend(self.contents(id, context));
        }
        let table = self.grid(&rows, context);
        let labels = if has_header_cell || !caption.is_empty() {
            Labels::Some
        } else {
            Labels::None
        };
        let is_data = !is_for_looks && looks_like_data(&table, labels);
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
        let mut table = Table::default();
        // For each column, how many of the rows to come a cell above still covers.
        let mut covered: Vec<usize> = Vec::new();
        let mut only_headers = true;
        for (at, row) in source.iter().enumerate() {
            let mut cells: Vec<Cell> = Vec::new();
            let mut column = 0;
            for (id, element) in &row.cells {
                let context = context.styled(|style| style.strong |= element.name() == "th");
                let blocks = self.contents(*id, context);
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                if (cells.len() >= MAX_CELLS || column >= MAX_COLUMNS)
                    && let Some(last) = cells.last_mut()
                {
                    last.blocks.extend(blocks);
                    continue;
                }
                column = column.min(MAX_COLUMNS);
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
            only_headers &= match row.group {
                Group::Head => true,
                Group::Foot => false,
                Group::Body => {
                    row.has_only_headers()
                        || table.rows.is_empty()
                            && row.is_mostly_headers(&cells, source.get(at + 1))
                }
            };
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

/// The part of a table that a row is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Head,
    Body,
    Foot,
}

/// Collects the rows as they stand in the page: a foot before the body stays there.
fn gather_rows<'a>(
    dom: &'a Dom,
    id: NodeId,
    group: Group,
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
            "thead" => gather_rows(dom, child, Group::Head, rows, captions),
            "tfoot" => gather_rows(dom, child, Group::Foot, rows, captions),
            "tr" => {
                let cells = dom.node(child).children.iter().filter_map(|cell| {
                    let element = dom.element(*cell)?;
                    let is_cell = matches!(element.name(), "td" | "th");
                    (is_cell && !media::is_hidden(element)).then_some((*cell, element))
                });
                rows.push(SourceRow {
                    cells: cells.collect(),
                    group,
                });
            }
            _ => gather_rows(dom, child, group, rows, captions),
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

/// Whether a table has a caption or header cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Labels {
    Some,
    None,
}

/// Whether a table says something by its rows and columns.
fn looks_like_data(table: &Table, labels: Labels) -> bool {
    if table.rows.is_empty() || table.columns < 2 {
        return false;
    }
    if labels == Labels::Some {
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
