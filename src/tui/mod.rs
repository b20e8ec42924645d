//! Floor 4: the screen.
//!
//! ```text
//!  terminal ─┐                          ┌─> reader  ─┐
//!  signals  ─┼─> one channel ─> update ─┼─> writer   ├─> one channel (the same)
//!  timer    ─┘        │                 ├─> refresh  │
//!                     │                 └─> courier ─┘
//!                     └─> view(&State) ─> frame, at most one a batch
//! ```
//!
//! [`update`] is pure: a state and a message become a changed state and effects; it reads no clock
//! and does no I/O. [`view`] is pure too: a state becomes cells; it keeps nothing. Only [`runtime`]
//! and [`workers`] block. Nothing in here knows SQL or HTTP.
//!
//! - [`message`], [`effect`]: everything that can happen, everything the outside is asked to do
//! - [`state`], [`update`], [`view`]: a file a pane, the same names in all three
//! - [`layout`], [`shelf`]: size → areas → rows and lines, for `update` and `view` alike
//! - [`commands`], [`keymap`]: the one table of commands, and the keys that call them
//! - [`theme`]: which colours and weights a piece of the screen has; `palette`: the table behind it
//! - [`symbols`]: marks and lines, in Unicode or ASCII
//! - [`cut`]: text that must fit its columns
//! - [`runtime`], [`workers`]: the loop, and what runs beside it

pub mod commands;
pub mod cut;
pub mod effect;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod palette;
#[cfg(unix)]
mod runtime;
pub mod shelf;
pub mod state;
pub mod symbols;
pub mod theme;
pub mod update;
pub mod view;
#[cfg(unix)]
pub mod workers;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use self::keymap::{KeyFault, Keymap};
use crate::config::Wrong;
use crate::model::error::{Exit, Problem};
use crate::platform::TerminalFacts;
use crate::services::SharedParts;

/// What the screen works with.
#[derive(Clone, Debug)]
pub struct ScreenParts {
    /// What services work with.
    pub shared: SharedParts,
    /// What the environment says of the terminal.
    pub terminal: TerminalFacts,
    /// The reader's home folder, where it is known.
    pub home: Option<PathBuf>,
}

/// Shows the screen until the reader leaves it or a signal ends it, and returns that signal's
/// number; the terminal is then as it was before.
///
/// Errs without a terminal on standard input and output, with wrong `[keys]`, where the cache can't
/// be read, and where the last changes could not be written.
pub fn run(parts: ScreenParts) -> Result<Option<i32>, Problem> {
    check_terminal()?;
    #[cfg(unix)]
    return runtime::run(parts);
    #[cfg(not(unix))]
    {
        drop(parts);
        Ok(None)
    }
}

/// Checks that there is a terminal on standard input and output, before anything is done for it.
pub fn check_terminal() -> Result<(), Problem> {
    if cfg!(not(unix)) {
        return Err(
            Problem::new(Exit::Usage, "the screen needs a terminal as Unix has it")
                .hint("`gazette list` and `gazette show` work everywhere"),
        );
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Problem::new(Exit::Usage, "gazette needs a terminal")
            .hint("`gazette list`, `gazette show` and `gazette refresh` work without one"));
    }
    Ok(())
}

/// Checks the configuration's `[keys]`; returns the command whose keys are wrong, and how.
pub fn check_keys(keys: &BTreeMap<String, Vec<String>>) -> Result<(), (String, Wrong)> {
    let Err(fault) = Keymap::new(keys) else {
        return Ok(());
    };
    Err(match fault {
        KeyFault::Unknown { name } => {
            let known = commands::TABLE.iter().map(|entry| entry.name).collect();
            (name, Wrong::UnknownKey { known })
        }
        KeyFault::NoKey { name, keys } => {
            let wrong = Wrong::Value {
                expected: "keys such as `n`, `Ctrl-d`, `PageDown` or `f u`".to_owned(),
                found: keys,
                nearest: None,
            };
            (name, wrong)
        }
        // One of the two may have its usual keys, which stand in no file.
        KeyFault::Clash {
            keys: key,
            first,
            second,
        } => {
            let (name, by) = if keys.contains_key(second) {
                (second, first)
            } else {
                (first, second)
            };
            let by = by.to_owned();
            (name.to_owned(), Wrong::KeyTaken { key, by })
        }
    })
}
