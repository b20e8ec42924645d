//! Draws ratatui's cells with few bytes.
//!
//! It keeps a copy of what is on the screen, gathers a whole frame and hands it over in one write;
//! a frame without a difference writes nothing. It knows cells, not what they show; no character
//! that could act on a terminal passes it.
//!
//! - [`Backend`]: what ratatui draws to
//! - `grid`: a screen as cells, wide characters kept whole
//! - `pen`: where the cursor stands and how it writes, and the shortest way to change either

mod grid;
mod pen;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use ratatui::backend::{Backend as Surface, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use grid::{Grid, Spot, Text};
use pen::Pen;

const SYNCHRONISE: &[u8] = b"\x1b[?2026h";
const SHOW: &[u8] = b"\x1b[?2026l";

/// Draws to a terminal through `W`, which gets each frame in one write.
#[derive(Debug)]
pub struct Backend<W> {
    out: W,
    /// The terminal's size; that of the grids from when ratatui clears the screen.
    size: Size,
    /// What is on the screen.
    shown: Grid,
    /// What the next frame shows.
    wanted: Grid,
    pen: Pen,
    screen: ScreenState,
    frames: Frames,
    cursor: Cursor,
    cursor_wanted: Cursor,
    /// Where the cursor is wanted, if it is shown.
    place: Position,
}

/// Whether the terminal is told where a frame begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// It isn't.
    Plain,
    /// It shows a frame only when it is whole (DEC mode 2026).
    Synchronised,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScreenState {
    /// As `shown` says.
    Known,
    /// Anything; it is erased before the next frame.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cursor {
    Shown,
    Hidden,
}

impl<W: Write> Backend<W> {
    /// Makes a backend for a screen of this size, of which nothing is known.
    pub fn new(out: W, size: Size) -> Self {
        Self {
            out,
            size,
            shown: Grid::new(size),
            wanted: Grid::new(size),
            pen: Pen::default(),
            screen: ScreenState::Unknown,
            frames: Frames::Plain,
            cursor: Cursor::Shown,
            cursor_wanted: Cursor::Shown,
            place: Position::ORIGIN,
        }
    }

    /// Takes the terminal's size after it may have changed. The next frame draws everything, even
    /// where the size is the one of before: a small one in between may have cut what was shown.
    ///
    /// Ratatui, which hears of another size at its next frame, clears the screen then.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.screen = ScreenState::Unknown;
    }

    /// Draws everything at the next frame, since other programs may have written to the screen.
    pub fn forget(&mut self) {
        self.screen = ScreenState::Unknown;
    }

    /// Says whether the terminal is told where a frame begins and ends.
    pub fn set_frames(&mut self, frames: Frames) {
        self.frames = frames;
    }

    /// Returns the bytes that turn what is shown into what is wanted.
    fn frame(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.screen == ScreenState::Unknown {
            self.screen = ScreenState::Known;
            self.pen = Pen::default();
            self.pen.erase(&mut bytes);
            self.shown = Grid::new(self.wanted.size());
            self.wanted.touch_all();
            let cursor: &[u8] = match self.cursor_wanted {
                Cursor::Shown => b"\x1b[?25h",
                Cursor::Hidden => b"\x1b[?25l",
            };
            bytes.extend(cursor);
            self.cursor = self.cursor_wanted;
        }
        for y in self.wanted.take_touched() {
            let (wanted, shown) = (self.wanted.row(y), self.shown.row_mut(y));
            draw_row(&mut self.pen, y, wanted, shown, &mut bytes);
            shown.clone_from_slice(wanted);
        }
        match (self.cursor_wanted, self.cursor) {
            (Cursor::Hidden, Cursor::Shown) => bytes.extend(b"\x1b[?25l"),
            (Cursor::Shown, cursor) => {
                self.pen.move_to(self.place, &mut bytes);
                if cursor == Cursor::Hidden {
                    bytes.extend(b"\x1b[?25h");
                }
            }
            (Cursor::Hidden, Cursor::Hidden) => {}
        }
        self.cursor = self.cursor_wanted;
        bytes
    }
}

/// Draws what differs in a row.
fn draw_row(pen: &mut Pen, y: u16, wanted: &[Spot], shown: &[Spot], bytes: &mut Vec<u8>) {
    let differs = |x: &usize| wanted.get(*x) != shown.get(*x);
    let Some(last) = (0..wanted.len()).rev().find(differs) else {
        return;
    };
    // From here on the row is empty, on the terminal's own ground.
    let empty_from = wanted.len()
        - wanted
            .iter()
            .rev()
            .take_while(|spot| **spot == Spot::EMPTY)
            .count();
    let columns = u16::try_from(wanted.len()).unwrap_or(u16::MAX);
    for x in (0..=last).filter(differs) {
        let Some(spot) = wanted.get(x).filter(|spot| spot.text != Text::Tail) else {
            continue;
        };
        let place = Position::new(u16::try_from(x).unwrap_or(u16::MAX), y);
        pen.reach(place, wanted, bytes);
        if x >= empty_from && last - x >= pen::ERASE_LINE.len() {
            pen.erase_line(bytes);
            return;
        }
        pen.write(spot, columns, bytes);
    }
}

impl<W: Write> Surface for Backend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.wanted.set(x, y, cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor_wanted = Cursor::Hidden;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor_wanted = Cursor::Shown;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.place)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.place = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        if region == ClearType::All {
            self.wanted = Grid::new(self.size);
            self.screen = ScreenState::Unknown;
        } else {
            self.wanted.clear(self.place, region);
        }
        Ok(())
    }

    /// Returns the size that was told last, without asking the terminal at each frame.
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut bytes = self.frame();
        if bytes.is_empty() {
            return Ok(());
        }
        if self.frames == Frames::Synchronised {
            bytes = [SYNCHRONISE, &bytes, SHOW].concat();
        }
        let written = self.out.write_all(&bytes).and_then(|()| self.out.flush());
        if written.is_err() {
            self.screen = ScreenState::Unknown;
        }
        written
    }
}
