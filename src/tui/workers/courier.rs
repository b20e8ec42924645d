//! Fetches and sends comments: each time a thread of its own, so that no comment waits for another
//! site's comments.
//!
//! Each has a connection of its own that writes. Of several that would send one comment, one alone
//! does; what isn't sent when the program ends waits in the cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::outlet::Outlet;
use super::{guarded, refresher};
use crate::model::error::{Exit, Problem};
use crate::services::{SharedParts, Stop, comments};
use crate::store::Store;
use crate::tui::effect::Letter;
use crate::tui::message::{Message, Talked, Worker};

/// Whoever fetches and sends.
#[derive(Debug)]
pub(in crate::tui) struct Courier {
    parts: Arc<SharedParts>,
    outlet: Outlet,
    stop: Arc<Stopped>,
    running: Sender<()>,
    end: Receiver<()>,
}

/// What is to stop.
#[derive(Debug, Default)]
pub struct Stopped {
    /// Fetching is.
    fetching: AtomicBool,
    /// All is: the program ends.
    all: AtomicBool,
}

impl Courier {
    /// Makes one.
    pub(in crate::tui) fn new(parts: Arc<SharedParts>, outlet: Outlet) -> Self {
        let (running, end) = mpsc::channel();
        Self {
            parts,
            outlet,
            stop: Arc::default(),
            running,
            end,
        }
    }

    /// Has something fetched or sent.
    pub(in crate::tui) fn take(&self, letter: Letter) -> Result<(), Problem> {
        if let Letter::Fetch(_) = letter {
            self.stop.fetching.store(false, Ordering::Relaxed);
        }
        let (parts, outlet) = (Arc::clone(&self.parts), self.outlet.clone());
        let (stop, running) = (Arc::clone(&self.stop), self.running.clone());
        thread::Builder::new()
            .name("courier".to_owned())
            .spawn(move || {
                let _running = running;
                guarded(&outlet, &parts.data_dir, Worker::Courier, || {
                    run(&parts, &outlet, &letter, &stop);
                });
            })
            .map(drop)
            .map_err(|error| {
                Problem::new(Exit::Failed, "no thread can be started").because_of(&error)
            })
    }

    /// Stops fetching; what is being sent goes its way.
    pub(in crate::tui) fn stop_fetching(&self) {
        self.stop.fetching.store(true, Ordering::Relaxed);
    }

    /// Waits until all has ended, for so long. Half of that time a comment that is on its way has to
    /// be answered; then nobody knows what became of it.
    pub(in crate::tui) fn finish(self, limit: Duration) {
        self.stop_fetching();
        drop(self.running);
        // Nothing is ever sent: that nobody is left who could is the answer.
        let ended = self.end.recv_timeout(limit / 2);
        if ended == Err(mpsc::RecvTimeoutError::Timeout) {
            self.stop.all.store(true, Ordering::Relaxed);
            let _ = self.end.recv_timeout(limit / 2);
        }
    }
}

/// Fetches or sends comments, and says how that went.
pub fn run(parts: &SharedParts, outlet: &Outlet, letter: &Letter, stop: &Stopped) {
    let ends = || stop.all.load(Ordering::Relaxed);
    let stops = || ends() || stop.fetching.load(Ordering::Relaxed);
    let stop: Stop<'_> = match letter {
        Letter::Fetch(_) => &stops,
        Letter::Send(_) | Letter::FollowUp(_) => &ends,
    };
    let shared = parts;
    let parts = parts.parts();
    let store = Store::open(parts.data_dir).map_err(Problem::from);
    let talked = match letter {
        Letter::Fetch(article) => {
            let fetched =
                store.and_then(|mut store| comments::fetch(&parts, &mut store, *article, stop));
            Talked::Fetched {
                article: *article,
                problem: fetched.err().map(Box::new),
            }
        }
        Letter::Send(draft) => {
            let sent = store
                .and_then(|mut store| comments::send_in_its_turn(&parts, &mut store, *draft, stop));
            Talked::Sent {
                draft: *draft,
                outcome: sent.map_err(Box::new),
            }
        }
        Letter::FollowUp(polls) => {
            let request = refresher::request(&shared.config, parts.connection, polls);
            let Some(request) = request else { return };
            let followed = store.and_then(|mut store| {
                // Each is seen on the screen when it is sent, not when all are.
                let on_sent = &mut || {
                    outlet.tell(Message::CacheChanged);
                };
                comments::follow_up(&parts, &mut store, &request, stop, on_sent)
            });
            Talked::Followed(followed.map(Box::new).map_err(Box::new))
        }
    };
    outlet.tell(Message::Talked(talked));
}
