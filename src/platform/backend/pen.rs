//! Where the cursor stands and how it writes, and the shortest way to change either.
//!
//! Only sequences that every terminal of the last thirty years knows: ECMA-48's CUP, CHA, VPA, CUU,
//! CUD, CUF, CUB, EL, ED and SGR.

use std::fmt::Write as _;

use ratatui::buffer::CellWidth;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::grid::{Look, SEEN_ON_BLANK, Spot, Text};

pub(super) const ERASE_LINE: &[u8] = b"\x1b[K";

/// The cursor's place and look.
#[derive(Debug, Default)]
pub(super) struct Pen {
    /// `None` where terminals may differ: at a row's end, and after a cluster of characters.
    place: Option<Position>,
    /// `None` before anything is known.
    look: Option<Look>,
}

impl Pen {
    /// Empties the screen on the terminal's own ground.
    pub(super) fn erase(&mut self, bytes: &mut Vec<u8>) {
        self.look = Some(Look::PLAIN);
        bytes.extend(b"\x1b[m\x1b[2J");
    }

    /// Empties the row from the cursor on, which stays; only for the terminal's own ground, since
    /// terminals differ with any other (background colour erase).
    pub(super) fn erase_line(&mut self, bytes: &mut Vec<u8>) {
        self.take_look_of(&Spot::EMPTY, bytes);
        bytes.extend(ERASE_LINE);
    }

    /// Goes to a place, over the cells before it if that is shorter: `row` is what they show.
    pub(super) fn reach(&mut self, to: Position, row: &[Spot], bytes: &mut Vec<u8>) {
        let Some(from) = self.place.filter(|from| *from != to) else {
            return self.move_to(to, bytes);
        };
        let way = shortest_move(Some(from), to);
        if from.y == to.y && from.x < to.x {
            let gap = row.get(usize::from(from.x)..usize::from(to.x));
            if let Some(text) = gap.and_then(|gap| self.written(gap, way.len())) {
                bytes.extend(text.as_bytes());
                self.place = Some(to);
                return;
            }
        }
        bytes.extend(way.as_bytes());
        self.place = Some(to);
    }

    /// Goes to a place.
    pub(super) fn move_to(&mut self, to: Position, bytes: &mut Vec<u8>) {
        if self.place != Some(to) {
            bytes.extend(shortest_move(self.place, to).as_bytes());
            self.place = Some(to);
        }
    }

    /// Writes a cell where the cursor stands, in a screen of so many columns.
    pub(super) fn write(&mut self, spot: &Spot, columns: u16, bytes: &mut Vec<u8>) {
        self.take_look_of(spot, bytes);
        let mut buffer = [0; 4];
        let text = match &spot.text {
            Text::Blank => " ",
            Text::Char(c) => c.encode_utf8(&mut buffer),
            Text::Cluster(text) => text,
            Text::Tail => return,
        };
        bytes.extend(text.as_bytes());
        let width = text.cell_width();
        self.place = self
            .place
            .filter(|_| !matches!(spot.text, Text::Cluster(_)))
            .map(|place| Position::new(place.x.saturating_add(width), place.y))
            .filter(|place| place.x < columns);
    }

    /// Returns the text of cells that look as the pen writes, if it is no longer than `most` bytes.
    fn written(&self, gap: &[Spot], most: usize) -> Option<String> {
        if gap.first().is_some_and(|spot| spot.text == Text::Tail) {
            return None;
        }
        let mut text = String::new();
        for spot in gap {
            if text.len() > most || self.look != Some(self.look_for(spot)) {
                return None;
            }
            match spot.text {
                Text::Blank => text.push(' '),
                Text::Char(c) => text.push(c),
                Text::Tail => {}
                Text::Cluster(_) => return None,
            }
        }
        (text.len() <= most).then_some(text)
    }

    /// Returns the look to write a cell with. On bare ground it takes what isn't seen as it is.
    fn look_for(&self, spot: &Spot) -> Look {
        match self.look {
            Some(look) if spot.is_ground() => Look {
                bg: spot.look.bg,
                modifier: look.modifier.difference(SEEN_ON_BLANK),
                ..look
            },
            _ => spot.look,
        }
    }

    fn take_look_of(&mut self, spot: &Spot, bytes: &mut Vec<u8>) {
        let wanted = self.look_for(spot);
        if self.look != Some(wanted) {
            bytes.extend(look_change(self.look, wanted).as_bytes());
            self.look = Some(wanted);
        }
    }
}

/// Returns the shortest sequence that moves the cursor.
fn shortest_move(from: Option<Position>, to: Position) -> String {
    let (column, row) = (u32::from(to.x) + 1, u32::from(to.y) + 1);
    let anywhere = match (column, row) {
        (1, 1) => "\x1b[H".to_owned(),
        (1, row) => format!("\x1b[{row}H"),
        (column, 1) => format!("\x1b[;{column}H"),
        (column, row) => format!("\x1b[{row};{column}H"),
    };
    let along = match from {
        Some(from) if from.y == to.y => {
            let steps = match from.x.abs_diff(to.x) {
                steps if from.x < to.x => counted(steps.into(), 'C'),
                steps => counted(steps.into(), 'D'),
            };
            [steps, counted(column, 'G')]
        }
        Some(from) if from.x == to.x => {
            let steps = match from.y.abs_diff(to.y) {
                steps if from.y < to.y => counted(steps.into(), 'B'),
                steps => counted(steps.into(), 'A'),
            };
            [steps, counted(row, 'd')]
        }
        _ => return anywhere,
    };
    let ways = along.into_iter().chain([anywhere]);
    ways.min_by_key(String::len).unwrap_or_default()
}

/// Writes a sequence with a number, which is left out where it is 1.
fn counted(number: u32, last: char) -> String {
    match number {
        1 => format!("\x1b[{last}"),
        number => format!("\x1b[{number}{last}"),
    }
}

/// Returns the shorter of what changes one look into another, and of what sets it from none.
fn look_change(from: Option<Look>, to: Look) -> String {
    let mut afresh = String::from("\x1b[");
    if to != Look::PLAIN {
        afresh.push('0');
        parameters(Look::PLAIN, to, &mut afresh);
    }
    afresh.push('m');
    let Some(from) = from else {
        return afresh;
    };
    let mut changed = String::new();
    parameters(from, to, &mut changed);
    // A `;` stands before each.
    let changed = format!("\x1b[{}m", changed.trim_start_matches(';'));
    if changed.len() < afresh.len() {
        changed
    } else {
        afresh
    }
}

/// What switches each modifier on, and off. Bold and dim share what switches them off.
const SWITCHES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Adds the parameters of SGR that change one look into another, a `;` before each.
fn parameters(from: Look, to: Look, out: &mut String) {
    let mut on = from.modifier;
    for (modifier, _, off) in SWITCHES {
        if on.difference(to.modifier).contains(modifier) {
            let _ = write!(out, ";{off}");
            let alike = SWITCHES.iter().filter(|switch| switch.2 == off);
            alike.for_each(|switch| on.remove(switch.0));
        }
    }
    for (modifier, number, _) in SWITCHES {
        if to.modifier.difference(on).contains(modifier) {
            let _ = write!(out, ";{number}");
        }
    }
    for (before, after, base) in [(from.fg, to.fg, 30), (from.bg, to.bg, 40)] {
        if before != after {
            colour(after, base, out);
        }
    }
    if from.underline != to.underline {
        colour(to.underline, 50, out);
    }
}

/// Adds the parameters of a colour: for letters (30), the ground (40) or an underline (50).
fn colour(colour: Color, base: u8, out: &mut String) {
    let index = match colour {
        Color::Reset => {
            let _ = write!(out, ";{}", base + 9);
            return;
        }
        Color::Rgb(r, g, b) => {
            let _ = write!(out, ";{};2;{r};{g};{b}", base + 8);
            return;
        }
        Color::Indexed(index) => {
            let _ = write!(out, ";{};5;{index}", base + 8);
            return;
        }
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    let _ = match (base, index) {
        // An underline has no short forms.
        (50, _) => write!(out, ";58;5;{index}"),
        (_, 0..=7) => write!(out, ";{}", base + index),
        _ => write!(out, ";{}", base + 60 + index - 8),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: Look, to: Look, expected: &str) {
        assert_eq!(look_change(Some(from), to), format!("\x1b[{expected}m"));
    }

    fn with(modifier: Modifier) -> Look {
        Look {
            modifier,
            ..Look::PLAIN
        }
    }

    #[test]
    fn a_look_changes_in_one_short_sequence() {
        let bold = with(Modifier::BOLD);
        let blue = Look {
            fg: Color::Indexed(110),
            ..Look::PLAIN
        };
        check(Look::PLAIN, bold, "1");
        check(bold, Look::PLAIN, "");
        check(bold, blue, "0;38;5;110");
        check(blue, bold, "0;1");
        let red_on_white = Look {
            fg: Color::LightRed,
            bg: Color::White,
            ..bold
        };
        check(blue, red_on_white, "1;91;107");
        check(red_on_white, with(Modifier::REVERSED), "0;7");
        assert_eq!(look_change(None, bold), "\x1b[0;1m");
        assert_eq!(look_change(None, Look::PLAIN), "\x1b[m");
    }

    #[test]
    fn bold_and_dim_go_together_and_come_alone() {
        let ground = |look: Look| Look {
            fg: Color::Rgb(1, 2, 3),
            bg: Color::Rgb(1, 2, 3),
            ..look
        };
        let both = ground(with(Modifier::BOLD | Modifier::DIM));
        check(both, ground(with(Modifier::BOLD)), "22;1");
        check(both, ground(Look::PLAIN), "22");
        check(both, both, "");
    }

    #[test]
    fn an_underline_has_a_colour_of_its_own() {
        let red = Look {
            underline: Color::Red,
            ..with(Modifier::UNDERLINED)
        };
        check(Look::PLAIN, red, "4;58;5;1");
        check(red, with(Modifier::UNDERLINED), "59");
    }

    #[test]
    fn the_cursor_takes_the_shortest_way() {
        let check = |from: Option<(u16, u16)>, to: (u16, u16), expected: &str| {
            let way = shortest_move(from.map(Position::from), to.into());
            assert_eq!(way, format!("\x1b[{expected}"));
        };
        check(None, (0, 0), "H");
        check(None, (0, 4), "5H");
        check(None, (4, 0), ";5H");
        check(Some((3, 3)), (4, 3), "C");
        check(Some((3, 3)), (2, 3), "D");
        check(Some((3, 3)), (60, 3), "57C");
        check(Some((70, 3)), (0, 3), "G");
        check(Some((3, 3)), (3, 4), "B");
        check(Some((3, 30)), (3, 0), "d");
        check(Some((3, 3)), (9, 9), "10;10H");
    }
}
