//! Floor 2: what differs from one system to the next: folders, files, the log.
//!
//! It knows no configuration, no cache and no network, writes nothing to the screen, and reads no
//! environment but what `directories` asks for the places of folders.
//!
//! - `paths`: [`Paths`], where configuration, cache and log live
//! - `files`: [`write_atomic`], and folders for their owner alone
//! - `log`: [`start_log`], a file in the state folder
//! - `signals`: [`Signals`], which ask the program to end

pub mod backend;
mod facts;
mod files;
#[cfg(unix)]
pub mod input;
mod log;
mod paths;
mod signals;
#[cfg(unix)]
pub mod terminal;

pub use facts::{Browser, Charset, Depth, Ground, TerminalFacts, Within, tmux_ground};
pub use files::{Overwrite, WriteError, write_atomic};
pub use log::start_log;
pub use paths::{NoHome, Paths};
pub use signals::Signals;
#[cfg(unix)]
pub use signals::{Signal, SignalListener, suspend};
