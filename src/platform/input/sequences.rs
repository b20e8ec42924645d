//! What one whole control sequence, string or byte means; most mean nothing.
//!
//! The forms are xterm's (`ctlseqs`) and the kitty keyboard protocol's, which is never asked for
//! here but may have been left on.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::Input;

/// Makes a key, with Shift where the character is a capital, as crossterm does.
pub(super) fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    let shift = match code {
        KeyCode::Char(c) if c.is_uppercase() => KeyModifiers::SHIFT,
        _ => KeyModifiers::NONE,
    };
    Input::Key(KeyEvent::new(code, modifiers | shift))
}

/// Returns the key that sends one ASCII byte.
pub(super) fn single_byte(byte: u8) -> Option<Input> {
    let plain = |code| Some(key(code, KeyModifiers::NONE));
    let control = |c: u8| Some(key(KeyCode::Char(c.into()), KeyModifiers::CONTROL));
    match byte {
        b'\r' => plain(KeyCode::Enter),
        b'\t' => plain(KeyCode::Tab),
        0x7f => plain(KeyCode::Backspace),
        0x00 => control(b' '),
        0x01..=0x1a => control(byte - 1 + b'a'),
        0x1c..=0x1f => control(byte - 0x1c + b'4'),
        b' '..=b'~' => plain(KeyCode::Char(byte.into())),
        _ => None,
    }
}

/// Returns the key of `ESC O` and this byte.
pub(super) fn single_shift(last: u8) -> Option<Input> {
    let code = match last {
        b'M' => KeyCode::Enter,
        b'I' => KeyCode::Tab,
        _ => cursor_key(last)?,
    };
    Some(key(code, KeyModifiers::NONE))
}

/// Returns what `ESC [`, these parameters and this final byte mean.
pub(super) fn control(parameters: &[u8], last: u8) -> Option<Input> {
    let parameters = str::from_utf8(parameters).ok()?;
    if let Some(private) = parameters.strip_prefix('?') {
        return match (private, last) {
            (_, b'c') => Some(Input::Attributes),
            // 1 set, 2 not set, 3 always set (DECRPM); 0 and 4 say that it can't be had.
            ("2026;1$" | "2026;2$" | "2026;3$", b'y') => Some(Input::Synchronised),
            ("1007;1$" | "1007;3$", b'y') => Some(Input::WheelArrows),
            _ => None,
        };
    }
    let mut fields = parameters.split(';');
    let first = fields.next().unwrap_or_default();
    let held = fields.next();
    match last {
        b'Z' => pressed(KeyCode::BackTab, held),
        b'~' if first == "27" => pressed(coded(fields.next()?)?, held),
        b'~' => pressed(numbered_key(first)?, held),
        b'u' => pressed(coded(first.split(':').next()?)?, held),
        _ if matches!(first, "" | "1") => pressed(cursor_key(last)?, held),
        _ => None,
    }
}

/// Reads the answer to OSC 11, the background: `11;rgb:` and three numbers of 1 to 4 digits.
pub(super) fn command(text: &[u8]) -> Option<Input> {
    let text = str::from_utf8(text).ok()?.strip_prefix("11;")?;
    let colours = text
        .strip_prefix("rgb:")
        .or_else(|| text.strip_prefix("rgba:"))?;
    let mut parts = colours.split('/').map(share_of_255);
    let background = [parts.next()??, parts.next()??, parts.next()??];
    Some(Input::Background(background))
}

/// Scales a hexadecimal number to 255, its largest value (`XParseColor`).
fn share_of_255(digits: &str) -> Option<u8> {
    let most = match digits.len() {
        1 => 0xf,
        2 => 0xff,
        3 => 0xfff,
        4 => 0xffff,
        _ => return None,
    };
    let value = u32::from_str_radix(digits, 16).ok()?;
    u8::try_from((value * 255 + most / 2) / most).ok()
}

fn cursor_key(last: u8) -> Option<KeyCode> {
    match last {
        b'A' => Some(KeyCode::Up),
        b'B' => Some(KeyCode::Down),
        b'C' => Some(KeyCode::Right),
        b'D' => Some(KeyCode::Left),
        b'F' => Some(KeyCode::End),
        b'H' => Some(KeyCode::Home),
        _ => None,
    }
}

fn numbered_key(number: &str) -> Option<KeyCode> {
    match number {
        "1" | "7" => Some(KeyCode::Home),
        "2" => Some(KeyCode::Insert),
        "3" => Some(KeyCode::Delete),
        "4" | "8" => Some(KeyCode::End),
        "5" => Some(KeyCode::PageUp),
        "6" => Some(KeyCode::PageDown),
        _ => None,
    }
}

/// Returns the key of a code point.
fn coded(number: &str) -> Option<KeyCode> {
    match number.parse().ok()? {
        9 => Some(KeyCode::Tab),
        13 => Some(KeyCode::Enter),
        27 => Some(KeyCode::Esc),
        8 | 127 => Some(KeyCode::Backspace),
        // Keys without a character (kitty).
        57344..=63743 => None,
        code => char::from_u32(code)
            .filter(|c| !c.is_control())
            .map(KeyCode::Char),
    }
}

/// Makes a key with what was held and how it was struck: `5` or `5:1`. `None` if it was let go, or
/// with Alt or another key that nothing here has a use for.
fn pressed(code: KeyCode, held: Option<&str>) -> Option<Input> {
    let mut parts = held.unwrap_or_default().split(':');
    let mask = match parts.next().unwrap_or_default() {
        "" => 0,
        number => number.parse::<u8>().ok()?.checked_sub(1)?,
    };
    let kind = match parts.next() {
        Some("3") => return None,
        Some("2") => KeyEventKind::Repeat,
        _ => KeyEventKind::Press,
    };
    // Alt, Super, Hyper, Meta; above them are Caps Lock and Num Lock.
    if mask & 0b11_1010 != 0 {
        return None;
    }
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, mask & 1 != 0);
    modifiers.set(KeyModifiers::CONTROL, mask & 4 != 0);
    let code = match code {
        KeyCode::BackTab => {
            modifiers |= KeyModifiers::SHIFT;
            code
        }
        KeyCode::Tab if mask & 1 != 0 => KeyCode::BackTab,
        // The code is that of the unshifted key, and `J` is `J` in every form.
        KeyCode::Char(c) if modifiers == KeyModifiers::SHIFT => {
            KeyCode::Char(c.to_uppercase().next().unwrap_or(c))
        }
        _ => code,
    };
    Some(Input::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
}
