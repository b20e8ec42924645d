//! Bytes and the time in, [`Input`] out.

use std::mem;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};

use super::Input;
use super::sequences::{self, key};

/// How long an Esc waits for the rest of a sequence that a slow line cut.
const ESCAPE_LIMIT: Duration = Duration::from_millis(50);

/// How long the rest of a sequence or a string may be silent.
const SILENCE_LIMIT: Duration = Duration::from_millis(500);

/// How long a string may last in all, so that one without an end leaves the keyboard usable even
/// while a key repeats.
const STRING_LIMIT: Duration = Duration::from_secs(5);

/// How long a paste may be silent. Long, since the rest of a paste must not act as keys.
const PASTE_LIMIT: Duration = Duration::from_secs(10);

/// A longer control sequence means nothing.
const MOST_PARAMETERS: usize = 128;

/// More of a string is never looked at.
const MOST_STRING: usize = 256;

/// More of a paste is dropped.
const MOST_PASTED: usize = 1024 * 1024;

const PASTE_END: &[u8] = b"\x1b[201~";

/// Tells keys, pastes and answers apart, in bytes that may be cut anywhere.
///
/// Times are counted from any one moment; they must not go back.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// When the sequence that is under way began.
    began: Duration,
    /// When the last bytes came.
    last: Duration,
}

/// What is under way.
#[derive(Debug, Default)]
enum State {
    #[default]
    Nothing,
    /// The first bytes of a character of `length`; with Alt it isn't wanted.
    Character {
        bytes: Vec<u8>,
        length: usize,
        alt: Alt,
    },
    /// An Esc, and nothing after it.
    Escape,
    /// `ESC O`, a function key.
    Single,
    /// `ESC [` and what stands before the final byte.
    Control(Vec<u8>),
    /// So many bytes more have no meaning.
    Skip(usize),
    /// `ESC ]` and the like: a string up to BEL or `ESC \`.
    Text {
        kind: Kind,
        bytes: Vec<u8>,
        end: End,
    },
    /// `ESC [ 200 ~`: a paste.
    Paste(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alt {
    Held,
    Up,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Command,
    /// DCS, SOS, PM or APC: nothing that is asked for comes so.
    Other,
}

/// Whether an Esc came, which may begin the end of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Away,
    Escape,
}

/// Whether a byte came in one read with the byte before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Together,
    Later,
}

impl Decoder {
    /// Takes what one read brought at the time `now`.
    ///
    /// An Esc and a character in one read are an Alt-key, which nothing here has a use for; in two
    /// reads they are two keys.
    pub fn bytes(&mut self, bytes: &[u8], now: Duration) -> Vec<Input> {
        let mut out = self.expired(now);
        let mut came = Came::Later;
        for byte in bytes {
            if matches!(self.state, State::Nothing | State::Escape) {
                self.began = now;
            }
            self.byte(*byte, came, &mut out);
            came = Came::Together;
        }
        self.last = now;
        out
    }

    /// Returns when to call [`Decoder::expired`] at the latest; `None` while nothing is under way.
    pub fn deadline(&self) -> Option<Duration> {
        match self.state {
            State::Nothing => None,
            State::Escape => Some(self.last + ESCAPE_LIMIT),
            State::Paste(_) => Some(self.last + PASTE_LIMIT),
            State::Text { .. } => Some((self.last + SILENCE_LIMIT).min(self.began + STRING_LIMIT)),
            _ => Some(self.last + SILENCE_LIMIT),
        }
    }

    /// Ends what was under way if its rest didn't come in time.
    ///
    /// An Esc becomes a key, a paste is complete, anything else is dropped.
    pub fn expired(&mut self, now: Duration) -> Vec<Input> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Vec::new();
        }
        match mem::take(&mut self.state) {
            State::Escape => vec![escape()],
            State::Paste(bytes) => vec![paste(&bytes)],
            _ => Vec::new(),
        }
    }

    fn byte(&mut self, byte: u8, came: Came, out: &mut Vec<Input>) {
        match mem::take(&mut self.state) {
            State::Nothing => self.begin(byte, Alt::Up, out),
            State::Character { bytes, length, alt } => {
                self.character(bytes, length, alt, byte, out);
            }
            State::Escape => self.after_escape(byte, came, out),
            State::Single => self.single(byte, out),
            State::Control(parameters) => self.control(parameters, byte, out),
            State::Skip(1) => {}
            State::Skip(left) => self.state = State::Skip(left - 1),
            State::Text { kind, bytes, end } => self.text(kind, bytes, end, byte, out),
            State::Paste(bytes) => self.pasted(bytes, byte, out),
        }
    }

    /// Takes a byte that continues nothing.
    fn begin(&mut self, byte: u8, alt: Alt, out: &mut Vec<Input>) {
        let length = match byte {
            0x1b => {
                self.state = State::Escape;
                return;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => {
                if alt == Alt::Up {
                    out.extend(sequences::single_byte(byte));
                }
                return;
            }
        };
        self.state = State::Character {
            bytes: vec![byte],
            length,
            alt,
        };
    }

    fn character(
        &mut self,
        mut bytes: Vec<u8>,
        length: usize,
        alt: Alt,
        byte: u8,
        out: &mut Vec<Input>,
    ) {
        if !(0x80..=0xbf).contains(&byte) {
            return self.begin(byte, Alt::Up, out);
        }
        bytes.push(byte);
        if bytes.len() < length {
            self.state = State::Character { bytes, length, alt };
        } else if alt == Alt::Up {
            let text = str::from_utf8(&bytes).unwrap_or_default();
            let visible = text.chars().filter(|c| !c.is_control());
            out.extend(visible.map(|c| key(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    fn after_escape(&mut self, byte: u8, came: Came, out: &mut Vec<Input>) {
        let text = |kind| State::Text {
            kind,
            bytes: Vec::new(),
            end: End::Away,
        };
        match byte {
            b'[' => self.state = State::Control(Vec::new()),
            b'O' => self.state = State::Single,
            b']' => self.state = text(Kind::Command),
            b'P' | b'X' | b'^' | b'_' => self.state = text(Kind::Other),
            0x1b => {
                out.push(escape());
                self.state = State::Escape;
            }
            _ if came == Came::Later => {
                out.push(escape());
                self.begin(byte, Alt::Up, out);
            }
            _ => self.begin(byte, Alt::Held, out),
        }
    }

    fn single(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            // `ESC O 5 A` is an old way to write `ESC [ 1 ; 5 A`.
            b'1'..=b'9' => self.state = State::Control(vec![b'1', b';', byte]),
            b' '..=b'~' => out.extend(sequences::single_shift(byte)),
            _ => self.begin(byte, Alt::Up, out),
        }
    }

    fn control(&mut self, mut parameters: Vec<u8>, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b' '..=b'?' => {
                if parameters.len() < MOST_PARAMETERS {
                    parameters.push(byte);
                }
                self.state = State::Control(parameters);
            }
            // The Linux console writes F1 so: `ESC [ [ A`.
            b'[' if parameters.is_empty() => self.state = State::Skip(1),
            // The mouse as X10 wrote it.
            b'M' if parameters.is_empty() => self.state = State::Skip(3),
            b'~' if parameters == b"200" => self.state = State::Paste(Vec::new()),
            b'@'..=b'~' => {
                if parameters.len() < MOST_PARAMETERS {
                    out.extend(sequences::control(&parameters, byte));
                }
            }
            _ => self.abort(byte, out),
        }
    }

    fn text(&mut self, kind: Kind, mut bytes: Vec<u8>, end: End, byte: u8, out: &mut Vec<Input>) {
        match (end, byte) {
            (End::Escape, b'\\') | (End::Away, 0x07) => {
                if kind == Kind::Command {
                    out.extend(sequences::command(&bytes));
                }
            }
            // Any other sequence ends the string (ECMA-48 allows none within).
            (End::Escape, _) => self.after_escape(byte, Came::Together, out),
            // No answer holds these; a reader who sees nothing happen may well press the first.
            (End::Away, 0x03 | 0x18 | 0x1a) => self.abort(byte, out),
            (End::Away, 0x1b) => {
                self.state = State::Text {
                    kind,
                    bytes,
                    end: End::Escape,
                };
            }
            (End::Away, _) => {
                if bytes.len() < MOST_STRING {
                    bytes.push(byte);
                }
                self.state = State::Text { kind, bytes, end };
            }
        }
    }

    fn pasted(&mut self, mut bytes: Vec<u8>, byte: u8, out: &mut Vec<Input>) {
        if bytes.len() >= MOST_PASTED + PASTE_END.len() {
            // The last bytes stay, so that the end is found.
            let tail = bytes.split_off(bytes.len() + 1 - PASTE_END.len());
            bytes.truncate(MOST_PASTED);
            bytes.extend(tail);
        }
        bytes.push(byte);
        match bytes.strip_suffix(PASTE_END) {
            Some(text) => out.push(paste(text)),
            None => self.state = State::Paste(bytes),
        }
    }

    /// Drops what was under way because of a byte that can't belong to it. CAN and SUB only end it
    /// (ECMA-48); any other has its own meaning.
    fn abort(&mut self, byte: u8, out: &mut Vec<Input>) {
        if !matches!(byte, 0x18 | 0x1a) {
            self.begin(byte, Alt::Up, out);
        }
    }
}

fn escape() -> Input {
    key(KeyCode::Esc, KeyModifiers::NONE)
}

fn paste(bytes: &[u8]) -> Input {
    Input::Paste(String::from_utf8_lossy(bytes).into_owned())
}
