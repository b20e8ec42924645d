//! A screen as cells, wide characters kept whole.

use std::mem;

use ratatui::backend::ClearType;
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use crate::model::text::acts;

/// A screen as cells.
#[derive(Debug)]
pub(super) struct Grid {
    size: Size,
    spots: Vec<Spot>,
    /// The rows that something was set in.
    touched: Vec<bool>,
}

/// One cell, described so that equal cells look equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) text: Text,
    pub(super) look: Look,
}

/// What a cell shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// A blank.
    Blank,
    /// A character of one column or two.
    Char(char),
    /// Several characters that are one to the eye.
    Cluster(Box<str>),
    /// The second half of what stands to the left.
    Tail,
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) fg: Color,
    pub(super) bg: Color,
    pub(super) underline: Color,
    pub(super) modifier: Modifier,
}

/// What is seen where no letter is.
pub(super) const SEEN_ON_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

impl Look {
    pub(super) const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        underline: Color::Reset,
        modifier: Modifier::empty(),
    };
}

impl Spot {
    /// A blank on the terminal's own ground.
    pub(super) const EMPTY: Self = Self {
        text: Text::Blank,
        look: Look::PLAIN,
    };

    fn of(cell: &Cell) -> Self {
        let text = text_of(cell.symbol());
        let mut look = Look {
            fg: cell.fg,
            bg: cell.bg,
            underline: cell.underline_color,
            modifier: cell.modifier,
        };
        if text == Text::Blank {
            look.modifier &= SEEN_ON_BLANK;
            if look.modifier.is_empty() {
                look.fg = Color::Reset;
            }
        }
        if !look.modifier.contains(Modifier::UNDERLINED) {
            look.underline = Color::Reset;
        }
        Self { text, look }
    }

    /// Whether nothing but the ground is seen.
    pub(super) fn is_ground(&self) -> bool {
        self.text == Text::Blank && self.look.modifier.is_empty()
    }
}

/// Returns what a symbol shows: nothing, if it could act on the terminal or has no column.
fn text_of(symbol: &str) -> Text {
    if symbol == " " || symbol.chars().any(acts) || symbol.cell_width() == 0 {
        return Text::Blank;
    }
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Text::Char(c),
        _ => Text::Cluster(symbol.into()),
    }
}

impl Grid {
    /// Makes an empty screen.
    pub(super) fn new(size: Size) -> Self {
        let (columns, rows) = (usize::from(size.width), usize::from(size.height));
        Self {
            size,
            spots: vec![Spot::EMPTY; columns * rows],
            touched: vec![false; rows],
        }
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    pub(super) fn row(&self, y: u16) -> &[Spot] {
        let columns = usize::from(self.size.width);
        let row = self.spots.chunks_exact(columns.max(1)).nth(y.into());
        row.unwrap_or_default()
    }

    pub(super) fn row_mut(&mut self, y: u16) -> &mut [Spot] {
        let columns = usize::from(self.size.width);
        let row = self.spots.chunks_exact_mut(columns.max(1)).nth(y.into());
        row.unwrap_or_default()
    }

    pub(super) fn touch_all(&mut self) {
        self.touched.fill(true);
    }

    /// Returns the rows that something was set in since the last time.
    pub(super) fn take_touched(&mut self) -> Vec<u16> {
        let touched = (0..).zip(&mut self.touched);
        touched
            .filter_map(|(y, touched)| mem::take(touched).then_some(y))
            .collect()
    }

    /// Sets a cell, and with it the one to the right if it is wide.
    ///
    /// ratatui names the right half of some wide characters too; that half has no say.
    pub(super) fn set(&mut self, x: u16, y: u16, cell: &Cell) {
        let row = self.row_mut(y);
        let x = usize::from(x);
        let left = row.len().saturating_sub(x);
        let mut spot = Spot::of(cell);
        let mut width = match spot.text {
            Text::Blank => 1,
            _ => usize::from(cell.symbol().cell_width()),
        };
        if width > left {
            spot = Spot::EMPTY;
            width = 1;
        }
        if row.get(x).is_none_or(|old| old.text == Text::Tail) {
            return;
        }
        // Whatever is cut in half goes.
        for old in row.iter_mut().skip(x + width) {
            if old.text != Text::Tail {
                break;
            }
            *old = Spot::EMPTY;
        }
        let tail = Spot {
            text: Text::Tail,
            look: spot.look,
        };
        for (at, place) in row.iter_mut().skip(x).take(width).enumerate() {
            *place = if at == 0 { spot.clone() } else { tail.clone() };
        }
        if let Some(touched) = self.touched.get_mut(usize::from(y)) {
            *touched = true;
        }
    }

    /// Empties a part of the screen, told from a place on it.
    pub(super) fn clear(&mut self, place: Position, region: ClearType) {
        let columns = usize::from(self.size.width);
        let begin = usize::from(place.y) * columns;
        let at = begin + usize::from(place.x);
        let range = match region {
            ClearType::All => 0..self.spots.len(),
            ClearType::AfterCursor => at..self.spots.len(),
            ClearType::BeforeCursor => 0..at + 1,
            ClearType::CurrentLine => begin..begin + columns,
            ClearType::UntilNewLine => at..begin + columns,
        };
        if let Some(spots) = self.spots.get_mut(range) {
            spots.fill(Spot::EMPTY);
        }
        self.touch_all();
    }
}
