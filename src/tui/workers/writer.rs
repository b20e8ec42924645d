//! The thread that writes marks, the reader's own comments and the place.
//!
//! A mark is written at once, and so is the first letter of a comment; what is written on in it, a
//! third of a second after it was typed. The place changes with every key, so it is written at the latest half
//! a second after it changed, and at the end.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::guarded;
use super::outlet::{Heard, Outlet};
use crate::model::article::{ArticleId, Mark};
use crate::model::comment::{CommentId, Draft, DraftId, Words};
use crate::model::document::Spot;
use crate::model::error::{Exit, Problem};
use crate::services::{SharedParts, comments, reading};
use crate::store::{Changed, CutShort, Store};
use crate::tui::effect::{Change, DraftKept, Noted, Sheet, When};
use crate::tui::message::{Message, Worker, Written};
use crate::tui::state::place::Place;

/// How long a place may wait to be written.
const PLACE_WAITS: Duration = Duration::from_millis(500);

/// How long what is written on in a comment may wait to be written.
const DRAFT_WAITS: Duration = Duration::from_millis(300);

/// How long a comment waits that could not be written, where nothing is typed.
const DRAFT_WAITS_AGAIN: Duration = Duration::from_secs(5);

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
    pub(in crate::tui) fn start(parts: Arc<SharedParts>, outlet: Outlet) -> Result<Self, Problem> {
        let (changes, wanted) = mpsc::channel();
        let (untold, end) = mpsc::channel();
        let mut writing = Writing::new(parts, outlet, untold);
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

/// A comment that waits to be written.
#[derive(Debug)]
struct Unsaved {
    sheet: Sheet,
    article: ArticleId,
    reply_to: Option<CommentId>,
    words: Words,
    until: Instant,
}

/// What the thread works with: the cache, what waits to be written and the way its answers go.
pub struct Writing {
    parts: Arc<SharedParts>,
    outlet: Outlet,
    store: Option<Store>,
    pending: Option<Pending>,
    unsaved: Option<Unsaved>,
    /// The numbers of the comments that were written, by the number of the writing.
    drafts: HashMap<u64, DraftId>,
    /// What each act of marking changed, by its number.
    acts: BTreeMap<u64, Vec<Changed>>,
    /// Where failures go that nobody hears any more.
    untold: Sender<Problem>,
}

impl Writing {
    /// Makes one; `untold` takes failures that nobody hears any more. The cache is opened with the
    /// first change.
    pub fn new(parts: Arc<SharedParts>, outlet: Outlet, untold: Sender<Problem>) -> Self {
        Self {
            parts,
            outlet,
            store: None,
            pending: None,
            unsaved: None,
            drafts: HashMap::new(),
            acts: BTreeMap::new(),
            untold,
        }
    }

    /// Writes a change and says how that went; a place is noted until [`keep`](Self::keep), and so is
    /// what is written on in a comment.
    pub fn write(&mut self, change: Change) {
        match change {
            Change::Mark { act, ids, mark } => {
                self.guarded(|writing| writing.mark(act, &ids, mark));
            }
            Change::TakeBack { act, mark } => {
                self.guarded(|writing| writing.take_back(act, mark));
            }
            Change::Keep(place) => self.note(*place),
            Change::Visit(article) => self.guarded(|writing| writing.visit(article)),
            Change::KeepDraft(kept) => self.guarded(|writing| writing.take_draft(*kept)),
            Change::Release(sheet) => self.guarded(|writing| writing.release(sheet)),
            Change::ThrowAway { sheet, noted } => {
                self.guarded(|writing| writing.throw_away(sheet, noted));
            }
            Change::BringBack(draft) => self.guarded(|writing| writing.bring_back(&draft)),
        }
    }

    /// Writes what was noted last.
    pub fn keep(&mut self) {
        self.guarded(Self::keep_unsaved);
        self.guarded(Self::keep_noted);
    }

    fn run(&mut self, changes: &Receiver<Change>) {
        loop {
            let pending = self.pending.as_ref().map(|pending| pending.until);
            let unsaved = self.unsaved.as_ref().map(|unsaved| unsaved.until);
            let next = match pending.into_iter().chain(unsaved).min() {
                None => changes.recv().map_err(RecvTimeoutError::from),
                Some(until) => {
                    changes.recv_timeout(until.saturating_duration_since(Instant::now()))
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
        let (outlet, folder) = (self.outlet.clone(), self.parts.data_dir.clone());
        if guarded(&outlet, &folder, Worker::Writer, || job(self)).is_none() {
            self.store = None;
        }
    }

    fn store(&mut self) -> Result<&mut Store, Problem> {
        let store = match self.store.take() {
            Some(store) => store,
            None => Store::open(&self.parts.data_dir)?,
        };
        Ok(self.store.insert(store))
    }

    fn mark(&mut self, act: u64, ids: &[ArticleId], mark: Mark) {
        let now = self.now();
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

    fn now(&self) -> Timestamp {
        (self.parts.clock)()
    }

    fn visit(&mut self, article: ArticleId) {
        let now = self.now();
        let noted = self
            .store()
            .and_then(|store| comments::visit(store, article, now));
        if let Err(problem) = noted {
            // They show as new once more.
            tracing::warn!(what = %problem.what, causes = ?problem.causes, "a visit isn't noted");
        }
    }

    /// Takes what the reader wrote; a comment that has no number yet is written at once.
    fn take_draft(&mut self, kept: DraftKept) {
        let DraftKept {
            sheet,
            article,
            reply_to,
            words,
            when,
        } = kept;
        let waits = self.unsaved.as_ref();
        if waits.is_some_and(|unsaved| unsaved.sheet.number != sheet.number) {
            self.keep_unsaved();
        }
        if let Some(words) = words {
            let until = Instant::now() + DRAFT_WAITS;
            let until = self
                .unsaved
                .as_ref()
                .map_or(until, |waits| waits.until.min(until));
            self.unsaved = Some(Unsaved {
                sheet,
                article,
                reply_to,
                words,
                until,
            });
        }
        if when == When::Now || self.number_of(sheet).is_none() {
            self.keep_unsaved();
        }
    }

    fn number_of(&self, sheet: Sheet) -> Option<DraftId> {
        // What was given last counts: it isn't the first where that one was sent meanwhile.
        let given = self.drafts.get(&sheet.number).copied();
        given.or(sheet.draft)
    }

    fn keep_unsaved(&mut self) {
        let Some(unsaved) = self.unsaved.take() else {
            return;
        };
        let now = self.now();
        let number = self.number_of(unsaved.sheet);
        let (article, reply_to) = (unsaved.article, unsaved.reply_to.as_ref());
        let kept = self.store().and_then(|store| {
            let keep = |store: &mut Store, number| {
                comments::keep_draft(store, number, article, reply_to, &unsaved.words, now)
            };
            match keep(store, number)? {
                Some(draft) => Ok(Some(draft)),
                // It was sent meanwhile: no word that was written since is lost for that.
                None => keep(store, None),
            }
        });
        match kept {
            Ok(draft) => {
                let sheet = unsaved.sheet.number;
                if let Some(draft) = draft {
                    self.drafts.insert(sheet, draft);
                }
                self.outlet
                    .tell(Message::Written(Written::DraftKept { sheet, draft }));
            }
            Err(problem) => {
                self.unsaved = Some(Unsaved {
                    until: Instant::now() + DRAFT_WAITS_AGAIN,
                    ..unsaved
                });
                self.complain(problem, Written::DraftLost);
            }
        }
    }

    /// Lets a comment be sent, once all of it is stored.
    fn release(&mut self, sheet: Sheet) {
        self.keep_unsaved();
        if self.unsaved.is_some() {
            return;
        }
        let parts = Arc::clone(&self.parts);
        let number = self.number_of(sheet);
        let released = self.store().and_then(|store| match number {
            Some(draft) => {
                let is_there = comments::release(&parts.parts(), store, draft)?;
                Ok(is_there.then_some(draft))
            }
            None => Ok(None),
        });
        self.tell_of_draft(released.map(Written::Released));
    }

    fn throw_away(&mut self, sheet: Sheet, noted: Noted) {
        let is_it = |unsaved: &mut Unsaved| unsaved.sheet.number == sheet.number;
        if noted == Noted::NotYet {
            // What comes back is the whole of it.
            self.keep_unsaved();
        }
        self.unsaved.take_if(is_it);
        let number = self.number_of(sheet);
        let thrown_away = self.store().and_then(|store| match number {
            Some(draft) => comments::throw_away(store, draft),
            None => Ok(None),
        });
        self.tell_of_draft(thrown_away.map(|draft| Written::ThrownAway {
            draft: draft.map(Box::new),
            noted,
        }));
    }

    fn bring_back(&mut self, draft: &Draft) {
        let back = self
            .store()
            .and_then(|store| comments::bring_back(store, draft));
        self.tell_of_draft(back.map(|()| Written::BroughtBack));
    }

    fn tell_of_draft(&self, done: Result<Written, Problem>) {
        match done {
            Ok(written) => {
                self.outlet.tell(Message::Written(written));
            }
            Err(problem) => self.complain(problem, Written::DraftLost),
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
