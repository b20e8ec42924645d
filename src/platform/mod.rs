//! Floor 2: what differs from one system to the next: folders, files, the log, the terminal.
//!
//! It knows no configuration, no cache, no network and no key's meaning, decides nothing about what
//! is on the screen, and reads no environment but what `directories` asks for the places of folders
//! and what a closure hands over.
//!
//! - `paths`: [`Paths`], where configuration, cache and log live
//! - `files`: [`write_atomic`], and folders for their owner alone
//! - `disk`: what a folder allows
//! - `log`: [`start_log`], a file in the state folder
//! - `signals`: [`Signals`], which ask the program to end, and those that a screen must hear
//! - [`terminal`]: its modes, entered and left; its size; the output that a frame goes to
//! - [`input`]: its bytes as keys, pastes and answers
//! - [`backend`]: ratatui's cells as few bytes
//! - `facts`: [`TerminalFacts`], what the environment says of the terminal
//! - `clipboard`: [`copy`], to whoever sits at the terminal
//! - `opener`: [`open`], an address in another program
//! - `editor`: [`Guest::edit`], a text in the reader's editor
//! - `children`: [`Family`], a child and what it started
//! - `watch`: [`watch()`], what other programs write to the cache

pub mod backend;
#[cfg(unix)]
mod children;
mod clipboard;
mod disk;
#[cfg(unix)]
mod editor;
mod facts;
mod files;
#[cfg(unix)]
pub mod input;
mod log;
mod opener;
mod paths;
mod signals;
#[cfg(unix)]
pub mod terminal;
mod watch;

#[cfg(unix)]
pub use children::Family;
pub use clipboard::{Copied, CopyError, copy};
pub use disk::{Access, FolderFacts, Privacy, file_access, folder_facts, make_private};
#[cfg(unix)]
pub use editor::EditError;
pub use facts::{Browser, Charset, Depth, Ground, TerminalFacts, Within, tmux_ground};
pub use files::{Overwrite, WriteError, read_secret, write_atomic};
pub use log::start_log;
#[cfg(unix)]
pub use opener::Guest;
pub use opener::{OpenError, open};
pub use paths::{NoHome, Paths};
#[cfg(unix)]
pub use signals::{Signal, SignalListener, end_now, suspend};
pub use signals::{Signals, outlive_file_limits};
pub use watch::{Watch, watch};
