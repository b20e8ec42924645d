//! What runs beside the screen: each a thread that waits for work and answers with messages.
//!
//! None shares a lock with the screen. A job that panics becomes a message, and the next job runs.
//! What a thread does between two waits can be called without a thread too: that of the reader of
//! the cache in [`reader::Answering`], that of the writer in [`writer::Writing`], a refresh in
//! [`refresher::run`].
//!
//! - [`outlet`]: the way into the one channel
//! - [`reader`]: reads the cache; [`pages`] lays articles out for it
//! - [`writer`]: writes marks, the reader's own comments and the place
//! - [`refresher`]: polls feeds, a thread for the time of a refresh
//! - [`courier`]: fetches and sends comments
//! - [`export`]: writes an article to a file

pub mod courier;
pub mod export;
pub mod outlet;
mod pages;
pub mod reader;
pub mod refresher;
#[cfg(test)]
mod tests;
pub mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};

use self::outlet::Outlet;
use super::message::{Message, Worker};
use crate::store::Folder;

/// Runs a job; one that panics is told as a message, and nothing comes back. Tells as well where the
/// job found the cache damaged and had it recovered.
fn guarded<T>(
    outlet: &Outlet,
    folder: &Folder,
    worker: Worker,
    job: impl FnOnce() -> T,
) -> Option<T> {
    // Whoever calls this drops what the job may have left half done.
    let done = catch_unwind(AssertUnwindSafe(job));
    for recovery in folder.recoveries_to_show() {
        outlet.tell(Message::Recovered(Box::new(recovery)));
    }
    if done.is_err() {
        tracing::error!(?worker, "a job came upon a fault of its own");
        outlet.tell(Message::Failed(worker));
    }
    done.ok()
}
