//! `gazette` and `gazette demo`: the screen, which another front end draws.

use std::path::PathBuf;

use crate::config::Config;
use crate::model::error::{Exit, Problem};
use crate::services::{Connection, SharedParts, demo};

use super::Surroundings;
use super::out::{Ended, Stopped};

/// Shows the screen.
pub(super) fn open(surroundings: &Surroundings, shared: SharedParts) -> Ended {
    match (surroundings.screen)(shared)? {
        Some(number) => Err(Stopped::Signal(number)),
        None => Ok(Exit::Done),
    }
}

/// Shows the screen on sample feeds, in a folder that is gone afterwards, without a network; it
/// looks and listens as the reader's own configuration has it.
pub(super) fn demo(
    surroundings: &Surroundings,
    own: Config,
    shared: &dyn Fn(Config, PathBuf, Connection) -> SharedParts,
) -> Ended {
    let folder = tempfile::tempdir().map_err(|error| {
        Problem::new(Exit::Failed, "no folder for the samples can be made").because_of(&error)
    })?;
    let samples = demo::set_up(folder.path(), surroundings.clock, &surroundings.zone)?;
    let config = Config {
        ui: own.ui,
        keys: own.keys,
        ..samples
    };
    let data_dir = folder.path().join(demo::DATA_FOLDER);
    open(surroundings, shared(config, data_dir, Connection::Offline))
}
