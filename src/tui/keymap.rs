//! Keys and what they call: the table of [`super::commands`] with the user's `[keys]`.

use std::collections::BTreeMap;
use std::fmt;

use super::commands::{Command, Entry, Places, TABLE};
use super::state::Pane;

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "keys bear their names")]
pub enum Key {
    Char(char),
    Ctrl(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
}

/// Keys by the names that `[keys]` and the table use.
const NAMED: [(&str, Key); 16] = [
    ("Enter", Key::Enter),
    ("Esc", Key::Esc),
    ("Tab", Key::Tab),
    ("Shift-Tab", Key::BackTab),
    ("Backspace", Key::Backspace),
    ("Delete", Key::Delete),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PageUp", Key::PageUp),
    ("PageDown", Key::PageDown),
    ("Space", Key::Char(' ')),
    ("Comma", Key::Char(',')),
];

impl Key {
    /// Reads a key's name: `j`, `Ctrl-d`, `Space`, `PageDown`. Names are read without case.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some((_, key)) = NAMED
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            return Some(*key);
        }
        let lower = name.to_ascii_lowercase();
        let (text, control) = match lower.strip_prefix("ctrl-") {
            Some(rest) => (rest, true),
            None => (name, false),
        };
        let mut letters = text.chars();
        match (letters.next(), letters.next(), control) {
            (Some(letter), None, false) if !letter.is_control() => Some(Self::Char(letter)),
            // A terminal sends these as other keys.
            (Some('h' | 'i' | 'j' | 'm' | '['), None, true) => None,
            (Some(letter @ ('a'..='z' | '\\' | ']' | '^' | '_')), None, true) => {
                Some(Self::Ctrl(letter))
            }
            _ => None,
        }
    }
}

/// As the screen shows it: `^d`, `↓`, `Space`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(letter) => write!(f, "{letter}"),
            Self::Ctrl(letter) => write!(f, "^{letter}"),
            Self::Enter => f.write_str("Enter"),
            Self::Esc => f.write_str("Esc"),
            Self::Tab => f.write_str("Tab"),
            Self::BackTab => f.write_str("Shift-Tab"),
            Self::Backspace => f.write_str("BS"),
            Self::Delete => f.write_str("Del"),
            Self::Left => f.write_str("←"),
            Self::Right => f.write_str("→"),
            Self::Up => f.write_str("↑"),
            Self::Down => f.write_str("↓"),
            Self::Home => f.write_str("Home"),
            Self::End => f.write_str("End"),
            Self::PageUp => f.write_str("PgUp"),
            Self::PageDown => f.write_str("PgDn"),
        }
    }
}

/// One key, or two pressed one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keys {
    /// One key.
    One(Key),
    /// A prefix key and a second one.
    Two(Key, Key),
}

impl Keys {
    /// Reads one or two keys' names with a blank between.
    pub fn parse(names: &str) -> Option<Self> {
        let mut parts = names.split_whitespace();
        let first = Key::parse(parts.next()?)?;
        match (parts.next(), parts.next()) {
            (None, _) => Some(Self::One(first)),
            (Some(second), None) => Some(Self::Two(first, Key::parse(second)?)),
            _ => None,
        }
    }

    fn first(self) -> Key {
        match self {
            Self::One(key) | Self::Two(key, _) => key,
        }
    }

    /// Whether no keyboard could tell the two apart: the same, or one begins the other.
    fn clash(self, other: Self) -> bool {
        match (self, other) {
            (Self::Two(..), Self::Two(..)) | (Self::One(_), Self::One(_)) => self == other,
            _ => self.first() == other.first(),
        }
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(key) => write!(f, "{key}"),
            Self::Two(first, second) => write!(f, "{first} {second}"),
        }
    }
}

/// What is wrong with `[keys]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// No command has this name.
    #[error("no command is named `{name}`")]
    Unknown {
        /// The name.
        name: String,
    },
    /// A text that names no key.
    #[error("`{keys}` is no key")]
    NoKey {
        /// The command.
        name: String,
        /// The text.
        keys: String,
    },
    /// Two commands on one key in one place.
    #[error("`{keys}` is a key of both `{first}` and `{second}`")]
    Clash {
        /// The key.
        keys: String,
        /// A command that has it.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
}

/// What a key does in a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It calls a command.
    Calls(Command),
    /// A second key follows.
    Prefix,
    /// Nothing.
    None,
}

/// Which keys call which commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<(Keys, Command, Places)>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            bindings: TABLE
                .iter()
                .flat_map(|entry| {
                    let keys = entry.keys.iter().filter_map(|keys| Keys::parse(keys));
                    keys.map(|keys| (keys, entry.command, entry.places))
                })
                .collect(),
        }
    }
}

impl Keymap {
    /// Joins the table with the user's keys, which replace those of the commands they name.
    pub fn new(user: &BTreeMap<String, Vec<String>>) -> Result<Self, KeyFault> {
        let mut bindings: Vec<(Keys, &'static Entry)> = Vec::new();
        if let Some(name) = user
            .keys()
            .find(|name| super::commands::named(name).is_none())
        {
            return Err(KeyFault::Unknown { name: name.clone() });
        }
        for entry in TABLE {
            let Some(names) = user.get(entry.name) else {
                let keys = entry.keys.iter().filter_map(|keys| Keys::parse(keys));
                bindings.extend(keys.map(|keys| (keys, entry)));
                continue;
            };
            for keys in names {
                let parsed = Keys::parse(keys).ok_or_else(|| KeyFault::NoKey {
                    name: entry.name.to_owned(),
                    keys: keys.clone(),
                })?;
                bindings.push((parsed, entry));
            }
        }
        for (at, (keys, entry)) in bindings.iter().enumerate() {
            let other = bindings[..at].iter().find(|(other, that)| {
                other.clash(*keys)
                    && that.places.meet(entry.places)
                    && that.command != entry.command
            });
            if let Some((that, other)) = other {
                return Err(KeyFault::Clash {
                    keys: if that == keys {
                        keys.to_string()
                    } else {
                        keys.first().to_string()
                    },
                    first: other.name,
                    second: entry.name,
                });
            }
        }
        Ok(Self {
            bindings: bindings
                .into_iter()
                .map(|(keys, entry)| (keys, entry.command, entry.places))
                .collect(),
        })
    }

    /// Returns what one key does in a pane.
    pub fn meaning(&self, key: Key, pane: Pane) -> Meaning {
        let found = self
            .bindings
            .iter()
            .find(|(keys, _, places)| keys.first() == key && places.hold(pane));
        match found {
            Some((Keys::One(_), command, _)) => Meaning::Calls(*command),
            Some((Keys::Two(..), ..)) => Meaning::Prefix,
            None => Meaning::None,
        }
    }

    /// Returns the command of a second key after a prefix.
    pub fn second(&self, prefix: Key, key: Key, pane: Pane) -> Option<Command> {
        self.bindings
            .iter()
            .find(|(keys, _, places)| *keys == Keys::Two(prefix, key) && places.hold(pane))
            .map(|(_, command, _)| *command)
    }

    /// Returns the second keys after a prefix, with their commands, in the order of the table.
    pub fn seconds(&self, prefix: Key, pane: Pane) -> impl Iterator<Item = (Key, Command)> {
        self.bindings
            .iter()
            .filter_map(move |(keys, command, places)| match keys {
                Keys::Two(first, second) if *first == prefix && places.hold(pane) => {
                    Some((*second, *command))
                }
                _ => None,
            })
    }

    /// Returns the keys of a command, the usual one first.
    pub fn keys_of(&self, command: Command) -> impl Iterator<Item = Keys> {
        self.bindings
            .iter()
            .filter(move |(_, that, _)| *that == command)
            .map(|(keys, ..)| *keys)
    }

    /// Returns the keys of commands that belong together: first the usual key of each, then the
    /// second of each, and so on.
    pub fn keys_of_all(&self, commands: &[Command]) -> Vec<Keys> {
        let keys: Vec<Vec<Keys>> = commands
            .iter()
            .map(|command| self.keys_of(*command).collect())
            .collect();
        let most = keys.iter().map(Vec::len).max().unwrap_or_default();
        (0..most)
            .flat_map(|at| keys.iter().filter_map(move |keys| keys.get(at).copied()))
            .collect()
    }

    /// Returns the usual key of a command as the screen shows it; empty for one without a key.
    pub fn shown(&self, command: Command) -> String {
        self.keys_of(command)
            .next()
            .map(|keys| keys.to_string())
            .unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tui::commands::{HELP, named};

    fn user(lines: &[(&str, &[&str])]) -> Result<Keymap, KeyFault> {
        let keys = lines.iter().map(|(name, keys)| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect();
            ((*name).to_owned(), keys)
        });
        Keymap::new(&keys.collect())
    }

    #[test]
    fn every_key_of_the_table_is_a_key_and_no_two_commands_share_one() {
        for entry in TABLE {
            for keys in entry.keys {
                assert!(Keys::parse(keys).is_some(), "{keys}");
            }
        }
        assert_eq!(user(&[]).unwrap(), Keymap::default());
    }

    #[test]
    fn every_command_has_one_name_and_stands_in_one_line_of_help() {
        for entry in TABLE {
            assert_eq!(named(entry.name).unwrap().command, entry.command);
            let lines = HELP
                .iter()
                .filter(|line| line.commands.contains(&entry.command));
            assert_eq!(lines.count(), 1, "{}", entry.name);
        }
    }

    #[test]
    fn the_users_keys_replace_those_of_the_command() {
        let map = user(&[("next-unread", &["e", "Ctrl-n"])]).unwrap();
        let meaning = |key| map.meaning(Key::parse(key).unwrap(), Pane::List);
        assert_eq!(meaning("e"), Meaning::Calls(Command::UnreadNext));
        assert_eq!(meaning("Ctrl-n"), Meaning::Calls(Command::UnreadNext));
        assert_eq!(meaning("n"), Meaning::None);
    }

    #[test]
    fn wrong_keys_are_told() {
        let told = |lines| user(lines).unwrap_err().to_string();
        assert_eq!(
            told(&[("next-unred", &["e"])]),
            "no command is named `next-unred`"
        );
        assert_eq!(told(&[("star", &["Hyper-s"])]), "`Hyper-s` is no key");
        assert_eq!(
            told(&[("star", &["j"])]),
            "`j` is a key of both `down` and `star`"
        );
        // A prefix key is taken too.
        assert_eq!(
            told(&[("star", &["f"])]),
            "`f` is a key of both `star` and `filter-all`"
        );
    }

    #[test]
    fn one_key_may_do_another_thing_in_another_pane() {
        let map = Keymap::default();
        let enter = |pane| map.meaning(Key::Enter, pane);
        assert_eq!(enter(Pane::List), Meaning::Calls(Command::Read));
        assert_eq!(enter(Pane::Article), Meaning::Calls(Command::LineOn));
        assert_eq!(map.meaning(Key::Char('y'), Pane::List), Meaning::Prefix);
        assert_eq!(map.meaning(Key::Char('y'), Pane::Sections), Meaning::None);
    }
}
