//! `gazette` and `gazette demo`: the screen, which another front end draws.

use crate::config::Config;
use crate::model::error::{Exit, Problem};
use crate::platform::Signals;
use crate::services::{Connection, SharedParts, demo};
use crate::store::Folder;

use super::Surroundings;
use super::out::{Ended, Stopped};

/// Shows the screen.
pub(super) fn open(surroundings: &Surroundings, shared: SharedParts) -> Ended {
    match (surroundings.screen)(shared)? {
        Some(number) => Err(Stopped::Signal(number)),
        None => Ok(Exit::Done),
    }
}

/// Shows the screen on sample feeds, without a network; it looks and listens as the reader's own
/// configuration has it. The samples' folder is gone afterwards, also where a signal ends this.
pub(super) fn demo(
    surroundings: &Surroundings,
    own: Config,
    shared: &dyn Fn(Config, Folder, Connection) -> SharedParts,
) -> Ended {
    (surroundings.check_terminal)()?;
    // The screen hears signals by itself, but a signal that came before must not leave the folder.
    let signals = Signals::note().map_err(|error| {
        Problem::new(Exit::Failed, "signals can't be listened to").because_of(&error)
    })?;
    let folder = tempfile::tempdir().map_err(|error| {
        Problem::new(Exit::Failed, "no folder for the samples can be made").because_of(&error)
    })?;
    let samples = demo::set_up(folder.path(), surroundings.clock, &surroundings.zone)?;
    if let Some(number) = signals.received() {
        return Err(Stopped::Signal(number));
    }
    let config = Config {
        ui: own.ui,
        keys: own.keys,
        ..samples
    };
    let data_dir = Folder::new(folder.path().join(demo::DATA_FOLDER));
    open(surroundings, shared(config, data_dir, Connection::Offline))
}
