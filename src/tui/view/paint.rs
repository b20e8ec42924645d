//! Putting text into cells: whatever lies outside them is left out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Look;
use crate::model::text::display_width;
use crate::tui::cut;
use crate::tui::palette::Ink;

/// Draws into the cells of a frame.
pub(super) struct Brush<'a> {
    cells: &'a mut Buffer,
    look: &'a Look,
}

/// How the row that the bar stands on is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bar {
    /// It isn't this row.
    None,
    /// In the pane with the focus.
    Selected,
    /// In another pane.
    Elsewhere,
}

impl<'a> Brush<'a> {
    pub(super) fn new(cells: &'a mut Buffer, look: &'a Look) -> Self {
        Self { cells, look }
    }

    /// Returns how everything looks.
    pub(super) fn look(&self) -> &'a Look {
        self.look
    }

    /// Returns a style of the theme.
    pub(super) fn ink(&self, ink: Ink) -> Style {
        self.look.theme.style(ink)
    }

    /// Returns a style of the theme for a row, which has one foreground where the bar stands on it.
    pub(super) fn ink_in(&self, bar: Bar, ink: Ink) -> Style {
        match bar {
            Bar::None => self.ink(ink),
            Bar::Selected => self.ink(Ink::Selected),
            Bar::Elsewhere => self.ink(Ink::Elsewhere),
        }
    }

    /// Returns the sign for text that was left out.
    pub(super) fn ellipsis(&self) -> &'static str {
        self.look.symbols.ellipsis
    }

    pub(super) fn fill(&mut self, area: Rect, style: Style) {
        self.cells.set_style(area, style);
    }

    /// Writes text from a column on, in at most so many columns; returns the column after it.
    pub(super) fn put(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let area = self.cells.area;
        if x >= area.right() || !(area.top()..area.bottom()).contains(&y) {
            return x;
        }
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.put_ascii(x, y, columns, text, style);
        }
        let (next, _) = self
            .cells
            .set_stringn(x, y, text, usize::from(columns), style);
        next
    }

    /// Writes text of which each byte takes a column, as most does: parting it into what a reader
    /// takes for characters would be most of the work of a frame.
    fn put_ascii(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let room = columns.min(self.cells.area.right().saturating_sub(x));
        let mut next = x;
        for letter in text.chars().take(room.into()) {
            if let Some(cell) = self.cells.cell_mut((next, y)) {
                cell.set_char(letter).set_style(style);
            }
            next += 1;
        }
        next
    }

    /// Writes text that ends before a column.
    pub(super) fn put_right(&mut self, right: u16, y: u16, text: &str, style: Style) {
        let columns = narrow(display_width(text));
        self.put(right.saturating_sub(columns), y, columns, text, style);
    }

    /// Writes words of the program's own.
    pub(super) fn say(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let symbols = &self.look.symbols;
        self.put(x, y, columns, &symbols.plainly(text), style)
    }

    /// Draws the line between two panes.
    pub(super) fn upright(&mut self, x: u16, y: u16, rows: u16) {
        let style = self.ink(Ink::Rule);
        for y in y..y.saturating_add(rows) {
            self.put(x, y, 1, self.look.symbols.pane_rule, style);
        }
    }

    /// Marks the rows that the bar stands on.
    pub(super) fn bar(&mut self, area: Rect, bar: Bar) {
        let (mark, ink) = match bar {
            Bar::None => return,
            Bar::Selected => (self.look.symbols.selected, Ink::Selected),
            Bar::Elsewhere => (self.look.symbols.elsewhere, Ink::Elsewhere),
        };
        let style = self.ink(ink);
        self.fill(area, style);
        for y in area.y..area.bottom() {
            self.put(area.x, y, 1, mark, style);
        }
    }

    /// Writes a heading, its right part whole and its left part cut to what is left.
    pub(super) fn heading(&mut self, area: Rect, left: (&str, Style), right: (&str, Style)) {
        let right_columns = display_width(right.0);
        let gap = if right_columns == 0 { 0 } else { 2 };
        let room = usize::from(area.width).saturating_sub(right_columns + gap);
        let text = cut::title(left.0, room, self.ellipsis());
        self.put(area.x, area.y, area.width, &text, left.1);
        self.put_right(area.right(), area.y, right.0, right.1);
    }
}

/// Returns a style without its boldness.
pub(super) fn light(style: Style) -> Style {
    Style {
        add_modifier: style.add_modifier.difference(Modifier::BOLD),
        ..style
    }
}

/// Returns a number of columns as cells are counted.
pub(super) fn narrow(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}
