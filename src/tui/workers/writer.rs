//! The thread that writes marks and the place.
//!
//! A mark is written at once. The place changes with every key, so it is written at the latest half
//! a second after it changed, and at the end.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::guarded;
use super::outlet::{Heard, Outlet};
use crate::model::article::{ArticleId, Mark};
use crate::model::document::Spot;
use crate::model::error::{Exit, Problem};
use crate::services::reading;
use crate::store::{Changed, CutShort, Folder, Store};
use crate::tui::effect::Change;
use crate::tui::message::{Message, Worker, Written};
use crate::tui::state::place::Place;

/// How long a place may wait to be written.
const PLACE_WAITS: Duration = Duration::from_millis(500);

/// How many acts of marking can be taken back: more than the screen remembers.
const ACTS_KEPT: usize = 200;

/// The thread that writes.
#[derive(Debug)]
pub(in crate::tui) struct Writer {
    changes: Sender<Change>,
    end: Receiver<Problem>,
}

/// How the writing ended.
#[derive(Debug)]
pub(in crate::tui) enum End {
    /// All is written, or was told.
    Written,
    /// Something could not be written, and nobody listened any more.
    Failed(Problem),
    /// It still writes.
    Unfinished,
}

impl Writer {
    /// Starts the thread.
    pub(in crate::tui) fn start(
        data_dir: Folder,
        clock: fn() -> Timestamp,
        outlet: Outlet,
    ) -> Result<Self, Problem> {
        let (changes, wanted) = mpsc::channel();
        let (untold, end) = mpsc::channel();
        let mut writing = Writing::new(data_dir, clock, outlet, untold);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writing.run(&wanted))
            .map_err(|error| {
                Problem::new(Exit::Failed, "no thread can be started").because_of(&error)
            })?;
        Ok(Self { changes, end })
    }

    /// Has a change written.
    pub(in crate::tui) fn write(&self, change: Change) {
        // The thread outlives its jobs.
        let _ = self.changes.send(change);
    }

    /// Waits until all is written, for so long.
    pub(in crate::tui) fn finish(self, limit: Duration) -> End {
        drop(self.changes);
        match self.end.recv_timeout(limit) {
            Ok(problem) => End::Failed(problem),
            Err(RecvTimeoutError::Disconnected) => End::Written,
            Err(RecvTimeoutError::Timeout) => End::Unfinished,
        }
    }
}

/// A place that waits to be written.
#[derive(Debug)]
struct Pending {
    place: Place,
    /// The spots in all articles that were left meanwhile.
    spots: HashMap<ArticleId, Spot>,
    until: Instant,
}

/// What the thread works with: the cache, the place that waits and the way its answers go.
pub struct Writing {
    data_dir: Folder,
    clock: fn() -> Timestamp,
    outlet: Outlet,
    store: Option<Store>,
    pending: Option<Pending>,
    /// What each act of marking changed, by its number.
    acts: BTreeMap<u64, Vec<Changed>>,
    /// Where failures go that nobody hears any more.
    untold: Sender<Problem>,
}

impl Writing {
    /// Makes one; `untold` takes failures that nobody hears any more. The cache is opened with the
    /// first change.
    pub fn new(
        data_dir: Folder,
        clock: fn() -> Timestamp,
        outlet: Outlet,
        untold: Sender<Problem>,
    ) -> Self {
        Self {
            data_dir,
            clock,
            outlet,
            store: None,
            pending: None,
            acts: BTreeMap::new(),
            untold,
        }
    }

    /// Writes a mark and says how that went; a place is noted until [`keep`](Self::keep).
    pub fn write(&mut self, change: Change) {
        match change {
            Change::Mark { act, ids, mark } => {
                self.guarded(|writing| writing.mark(act, &ids, mark));
            }
            Change::TakeBack { act, mark } => {
                self.guarded(|writing| writing.take_back(act, mark));
            }
            Change::Keep(place) => self.note(*place),
        }
    }

    /// Writes the place that was noted last.
    pub fn keep(&mut self) {
        self.guarded(Self::keep_noted);
    }

    fn run(&mut self, changes: &Receiver<Change>) {
        loop {
            let next = match &self.pending {
                None => changes.recv().map_err(RecvTimeoutError::from),
                Some(pending) => {
                    let rest = pending.until.saturating_duration_since(Instant::now());
                    changes.recv_timeout(rest)
                }
            };
            match next {
                Ok(change) => self.write(change),
                Err(RecvTimeoutError::Timeout) => self.keep(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.keep();
    }

    /// Runs a job; after one that panicked the cache is opened afresh.
    fn guarded(&mut self, job: impl FnOnce(&mut Self)) {
        let (outlet, folder) = (self.outlet.clone(), self.data_dir.clone());
        if guarded(&outlet, &folder, Worker::Writer, || job(self)).is_none() {
            self.store = None;
        }
    }

    fn store(&mut self) -> Result<&mut Store, Problem> {
        let store = match self.store.take() {
            Some(store) => store,
            None => Store::open(&self.data_dir)?,
        };
        Ok(self.store.insert(store))
    }

    fn mark(&mut self, act: u64, ids: &[ArticleId], mark: Mark) {
        let now = (self.clock)();
        let done = self.store().and_then(|store| {
            reading::mark(store, ids, mark, now).map_err(|CutShort { done, source }| {
                // The screen takes the mark back from all of them, so none may keep it.
                let _ = store.take_back(&done.changed, mark);
                source.problem()
            })
        });
        let done = done.map(|marked| {
            self.acts.insert(act, marked.changed);
            while self.acts.len() > ACTS_KEPT {
                self.acts.pop_first();
            }
        });
        self.tell(done);
    }

    fn take_back(&mut self, act: u64, mark: Mark) {
        let changed = self.acts.get(&act).cloned().unwrap_or_default();
        let done = self
            .store()
            .and_then(|store| Ok(store.take_back(&changed, mark)?));
        self.tell(done);
    }

    fn tell(&self, done: Result<(), Problem>) {
        match done {
            Ok(()) => {
                self.outlet.tell(Message::Written(Written::Marked));
            }
            Err(problem) => self.complain(problem, |problem| Written::Failed { problem }),
        }
    }

    fn note(&mut self, mut place: Place) {
        let spot = place.spot.take();
        let pending = self.pending.get_or_insert_with(|| Pending {
            place: Place::default(),
            spots: HashMap::new(),
            until: Instant::now() + PLACE_WAITS,
        });
        pending.spots.extend(spot);
        pending.place = place;
    }

    fn keep_noted(&mut self) {
        let Some(Pending { place, spots, .. }) = self.pending.take() else {
            return;
        };
        let spots: Vec<(ArticleId, Spot)> = spots.into_iter().collect();
        let screen = serde_json::to_string(&place).ok();
        let kept = self
            .store()
            .and_then(|store| Ok(store.keep_place(&spots, screen.as_deref())?));
        if let Err(problem) = kept {
            self.complain(problem, Written::PlaceLost);
        }
    }

    fn complain(&self, problem: Problem, told: impl FnOnce(Box<Problem>) -> Written) {
        let message = Message::Written(told(Box::new(problem.clone())));
        if self.outlet.tell(message) == Heard::No {
            // Whoever waits for the end hears the first.
            let _ = self.untold.send(problem);
        }
    }
}
