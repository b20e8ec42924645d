//! What the program wrote, piece by piece.

use std::collections::BTreeMap;

/// A piece of what a program writes to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Characters, controls other than ESC among them.
    Text(String),
    /// `ESC [`, these parameters, and this final byte.
    Control(String, char),
    /// `ESC ]` and this text, up to BEL or `ESC \`.
    Command(String),
    /// An ESC and what it begins, which is none of these.
    Other(String),
}

/// Cuts what was written into pieces. It must be UTF-8.
pub fn pieces(bytes: &[u8]) -> Vec<Piece> {
    let mut rest = str::from_utf8(bytes).expect("UTF-8");
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, length) = match rest.strip_prefix('\x1b') {
            None => {
                let length = rest.find('\x1b').unwrap_or(rest.len());
                (Piece::Text(rest[..length].to_owned()), length)
            }
            Some(after) => {
                let (piece, length) = sequence(after);
                (piece, 1 + length)
            }
        };
        pieces.push(piece);
        rest = &rest[length..];
    }
    pieces
}

/// Reads what stands behind an ESC; returns its length too.
fn sequence(text: &str) -> (Piece, usize) {
    let other = || (Piece::Other(text.chars().take(20).collect()), 0);
    if let Some(control) = text.strip_prefix('[') {
        return match control.find(|c: char| !(' '..='?').contains(&c)) {
            Some(at) if control[at..].starts_with(|c| ('@'..='~').contains(&c)) => {
                let last = control[at..].chars().next().unwrap();
                (Piece::Control(control[..at].to_owned(), last), at + 2)
            }
            _ => other(),
        };
    }
    if let Some(command) = text.strip_prefix(']') {
        let bell = command.find('\x07').map(|at| (at, 1));
        let end = command.find("\x1b\\").map(|at| (at, 2));
        return match bell.into_iter().chain(end).min() {
            Some((at, end)) => (Piece::Command(command[..at].to_owned()), 1 + at + end),
            None => other(),
        };
    }
    other()
}

/// The numbers of all SGR sequences. What a colour's own numbers are is left in.
pub fn looks(bytes: &[u8]) -> Vec<u16> {
    let numbers = |piece: Piece| match piece {
        Piece::Control(parameters, 'm') => parameters
            .split(';')
            .map(|number| number.parse().unwrap_or(0))
            .collect(),
        _ => Vec::new(),
    };
    pieces(bytes).into_iter().flat_map(numbers).collect()
}

/// The private modes and the stack of titles after all that was written.
pub struct Modes {
    modes: BTreeMap<u16, bool>,
    /// How many titles are put aside.
    pub titles: i32,
}

impl Modes {
    /// Reads what was written. A piece that isn't whole yet counts for nothing.
    pub fn after(bytes: &[u8]) -> Self {
        let mut found = Self {
            modes: BTreeMap::new(),
            titles: 0,
        };
        let whole = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        for piece in pieces(&bytes[..whole]) {
            let Piece::Control(parameters, last) = piece else {
                continue;
            };
            let modes = parameters.strip_prefix('?').unwrap_or_default().split(';');
            let modes = modes.filter_map(|mode| mode.parse().ok());
            match (&*parameters, last) {
                (_, 'h') => found.modes.extend(modes.map(|mode| (mode, true))),
                (_, 'l') => found.modes.extend(modes.map(|mode| (mode, false))),
                ("22;0", 't') => found.titles += 1,
                ("23;0", 't') => found.titles -= 1,
                _ => {}
            }
        }
        found
    }

    /// Returns the modes that are set.
    pub fn set(&self) -> Vec<u16> {
        let set = self.modes.iter().filter(|(_, set)| **set);
        set.map(|(mode, _)| *mode).collect()
    }

    /// Whether the second screen is shown.
    pub fn second_screen(&self) -> bool {
        self.set().contains(&1049)
    }
}

#[test]
fn what_is_written_is_cut_into_pieces() {
    let text = |text: &str| Piece::Text(text.to_owned());
    let control = |parameters: &str, last| Piece::Control(parameters.to_owned(), last);
    let cut = pieces(b"a\x1b[1;2Hb\x1b]0;t\x07\x1b]11;?\x1b\\\x1b[m\x1bPq\x1b\\");
    assert_eq!(
        cut,
        [
            text("a"),
            control("1;2", 'H'),
            text("b"),
            Piece::Command("0;t".to_owned()),
            Piece::Command("11;?".to_owned()),
            control("", 'm'),
            Piece::Other("Pq\x1b\\".to_owned()),
            text("Pq"),
            Piece::Other("\\".to_owned()),
            text("\\"),
        ]
    );
    assert_eq!(Modes::after(b"\x1b[?25l\x1b[?1049h\x1b[?7").set(), [1049]);
}
