//! The terminal's keys as the screen names them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::keymap::Key;

/// Returns the key, if it is one that the screen knows.
pub(super) fn key(event: &KeyEvent) -> Option<Key> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    Some(match event.code {
        KeyCode::Char(letter) if control => Key::Ctrl(letter.to_ascii_lowercase()),
        KeyCode::Char(letter) => Key::Char(letter),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: KeyCode, modifiers: KeyModifiers, expected: Option<Key>) {
        assert_eq!(key(&KeyEvent::new(code, modifiers)), expected);
    }

    #[test]
    fn keys_are_what_the_keymap_calls_them() {
        let none = KeyModifiers::NONE;
        check(KeyCode::Char('j'), none, Some(Key::Char('j')));
        check(
            KeyCode::Char('G'),
            KeyModifiers::SHIFT,
            Some(Key::Char('G')),
        );
        check(
            KeyCode::Char('d'),
            KeyModifiers::CONTROL,
            Some(Key::Ctrl('d')),
        );
        check(KeyCode::Tab, KeyModifiers::SHIFT, Some(Key::BackTab));
        check(KeyCode::PageDown, none, Some(Key::PageDown));
        check(KeyCode::F(1), none, None);
    }
}
