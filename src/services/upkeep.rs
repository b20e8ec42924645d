//! What is done behind a refresh: old articles go, new ones come into the search index, and room
//! that isn't needed any more goes back to the disk.

use jiff::SignedDuration;

use crate::model::error::Problem;
use crate::store::{Shrinking, Store};

use super::{Parts, Stop, find};

/// Prunes by `keep_days`, indexes what was stored and shrinks the file, in steps that hold nobody up
/// for longer than a tenth of a second, until all is done or `stop` says so; what is left the next
/// call takes up.
pub fn keep_up(parts: &Parts<'_>, store: &mut Store, stop: Stop<'_>) -> Result<(), Problem> {
    // What goes need not be indexed first.
    let pruned = prune(parts, store, stop)?;
    find::index(store, stop)?;
    let shrinking = if pruned > 0 {
        Shrinking::All
    } else {
        Shrinking::Excess
    };
    Ok(store.shrink(shrinking, stop)?)
}

/// Takes out what is older than `keep_days`; returns how many articles that were.
fn prune(parts: &Parts<'_>, store: &mut Store, stop: Stop<'_>) -> Result<u32, Problem> {
    let days = i64::from(parts.config.general.keep_days);
    if days == 0 {
        return Ok(0);
    }
    let now = (parts.clock)();
    // Before the calendar begins nothing was published.
    match now.checked_sub(SignedDuration::from_hours(24 * days)) {
        Ok(before) => Ok(store.prune(before, now, stop)?),
        Err(_) => Ok(0),
    }
}
