//! Polls the feeds that are due and stores what they bring, one transaction a feed.
//!
//! ```text
//! jobs ─> fetch (one async thread) ─> prepare (a thread a core) ─> record (the caller's thread)
//!         sockets and waiting         decode, parse, hash,         finished rows into the store,
//!                                     compress                     one report a feed
//! ```
//!
//! Every channel is bounded, so that a slow disk slows the network down and memory stays flat. What
//! becomes of a poll, good or bad, ends in one place: [`crate::store::Store::record`].
//!
//! - [`plan`]: which feeds, and which of them are due
//! - [`fetch`]: asks their servers, all at once within the limits
//! - [`prepare`], [`rows`]: turn an answer into finished rows

mod fetch;
mod plan;
mod prepare;
mod rows;

use jiff::Timestamp;
use url::Url;

use crate::model::comment::SiteFacts;
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::polite::Urgency;
use crate::store::{PollOutcome, Recorded, Store, StoreError};

pub(in crate::services) use self::fetch::{AskError, credentials, settings};
pub(in crate::services) use self::plan::selected;
use self::plan::{Job, Plan};
use self::prepare::Finished;
pub(in crate::services) use self::prepare::jitter;
use super::{Parts, Stop, pipeline};

/// Which feeds to refresh.
#[derive(Clone, Debug)]
pub struct Request {
    /// Only the feeds of these sections.
    pub sections: Vec<String>,
    /// Only these feeds, by the address that the configuration has.
    pub feeds: Vec<String>,
    /// Whether feeds that aren't due are polled as well.
    pub urgency: Urgency,
}

/// What a refresh tells while it runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// So many feeds will be polled.
    Begun {
        /// How many.
        polls: usize,
    },
    /// A feed is done, and what it brought is stored.
    Feed(&'a Report),
}

/// What became of one feed.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its address as configured.
    pub feed: String,
    /// Its title, as configured or as it says itself.
    pub title: Option<String>,
    /// Where it is polled now.
    pub url: String,
    /// How it went.
    pub status: Status,
    /// The last HTTP status of this poll; none where no server was asked.
    pub http: Option<u16>,
    /// New articles.
    pub new: u32,
    /// Updated articles.
    pub updated: u32,
    /// Body bytes received, before decompression.
    pub bytes: u64,
    /// Why it failed.
    pub error: Option<SafeText>,
    /// Who said just now that it is gone for good.
    pub gone: Option<SafeText>,
    /// When it is polled next; none where it is gone.
    pub next_check: Option<Timestamp>,
}

/// How the poll of one feed went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It brought something new or updated.
    New,
    /// It brought neither.
    Unchanged,
    /// It was not polled, as it isn't due.
    NotDue,
    /// It is polled elsewhere from now on.
    Moved,
    /// Its server says that it is gone for good.
    Gone,
    /// It could not be polled, or what came was no feed.
    Failed,
}

impl Status {
    /// Returns its name as scripts know it.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::NotDue => "not_due",
            Self::Moved => "moved",
            Self::Gone => "gone",
            Self::Failed => "failed",
        }
    }
}

/// How a refresh went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Feeds looked at, due or not.
    pub feeds: usize,
    /// Feeds polled.
    pub polled: usize,
    /// Feeds whose poll failed.
    pub failed: usize,
    /// New articles.
    pub new: u32,
    /// Updated articles.
    pub updated: u32,
    /// How long it took, in milliseconds.
    pub elapsed_ms: i64,
    /// Whether it was stopped before all feeds were done.
    pub stopped: bool,
}

impl Summary {
    fn count(&mut self, report: &Report) {
        self.feeds += 1;
        self.failed += usize::from(report.status == Status::Failed);
        self.new += report.new;
        self.updated += report.updated;
    }
}

/// What a refresh comes to.
#[derive(Debug)]
pub struct Done {
    /// How it went.
    pub summary: Summary,
    /// Why what was stored may not outlive a power cut, should that be so.
    pub fault: Option<Problem>,
}

/// Polls every feed of `request` that is due and stores what they bring.
///
/// A failing feed is a [`Report`], not an error; an error is a section or feed that doesn't exist
/// or a cache that can't be opened. What was reported is stored; when this returns without a fault
/// it also outlives a power cut.
pub fn refresh(
    parts: &Parts<'_>,
    store: &mut Store,
    request: &Request,
    stop: Stop<'_>,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<Done, Problem> {
    let started = (parts.clock)();
    let Plan { jobs, settled } = plan::plan(parts, store, request, started)?;
    let mut summary = Summary::default();
    for report in &settled {
        summary.count(report);
        // A feed that could not even be asked counts as one whose poll failed.
        summary.polled += usize::from(report.status == Status::Failed);
        on(Event::Feed(report));
    }
    let mut fault = None;
    if !jobs.is_empty() {
        on(Event::Begun { polls: jobs.len() });
        summary.stopped = poll_all(parts, store, jobs, stop, &mut |report| {
            summary.count(report);
            summary.polled += 1;
            on(Event::Feed(report));
        });
        fault = store.make_durable().err().map(Problem::from);
    }
    let elapsed = (parts.clock)().duration_since(started).as_millis();
    summary.elapsed_ms = i64::try_from(elapsed).unwrap_or(i64::MAX).max(0);
    Ok(Done { summary, fault })
}

/// Runs the jobs through fetch, prepare and record; returns whether it was stopped early: each feed
/// that was under way stays wholly as it was.
fn poll_all(
    parts: &Parts<'_>,
    store: &mut Store,
    jobs: Vec<Job>,
    stop: Stop<'_>,
    done: &mut dyn FnMut(&Report),
) -> bool {
    let clock = parts.clock;
    let settings = fetch::settings(parts);
    let max_body_bytes = settings.max_body_bytes;
    pipeline::run(
        jobs.len(),
        move |answers, cancelled| fetch::fetch_all(settings, jobs, answers, cancelled, clock),
        |answer| prepare::prepare(answer, max_body_bytes),
        stop,
        &mut |finished| done(&record(store, finished)),
    )
}

/// Stores what a poll brought and says what became of it.
fn record(store: &mut Store, finished: Finished) -> Report {
    let report = stored(store, finished);
    if let Some(error) = &report.error {
        tracing::warn!(feed = shown_address(&report.feed), %error, "poll failed");
    } else {
        tracing::info!(
            feed = shown_address(&report.feed),
            status = report.status.word(),
            http = report.http,
            new = report.new,
            updated = report.updated,
            "polled"
        );
    }
    report
}

fn stored(store: &mut Store, finished: Finished) -> Report {
    let Finished {
        mut poll,
        feed,
        title,
        url,
        bytes,
        moved,
        due_before,
        rest_root,
    } = finished;
    if let Some(root) = rest_root {
        let site = root.origin().ascii_serialization();
        let named = |facts: &mut SiteFacts| facts.rest_root = Some(root.to_string());
        // Its comments are found without it too.
        if let Err(error) = store.change_site(&site, named) {
            tracing::warn!(%error, "what a feed said of its site was not stored");
        }
    }
    let mut report = Report {
        feed,
        title,
        url,
        status: Status::Failed,
        http: poll.status,
        new: 0,
        updated: 0,
        bytes,
        error: None,
        gone: None,
        next_check: poll.next_poll.max(poll.not_before),
    };
    let recorded = match store.record(&poll) {
        // The feed's own row was lost with a damaged database.
        Err(StoreError::UnknownFeed { .. }) => {
            store.sync_feeds(&[&report.feed]).and_then(|feeds| {
                poll.feed = feeds.first().map_or(poll.feed, |feed| feed.id);
                store.record(&poll)
            })
        }
        recorded => recorded,
    };
    match (recorded, &poll.outcome) {
        (Err(error), _) => {
            report.error = Some(SafeText::line(&error.problem().in_one_line()));
            report.next_check = due_before;
        }
        (Ok(_), PollOutcome::Failed { error }) => report.error = Some(SafeText::line(error)),
        (Ok(_), PollOutcome::Gone { reason }) => {
            report.status = Status::Gone;
            report.gone = Some(SafeText::line(reason));
        }
        (Ok(Recorded { new, updated }), _) => {
            report.new = new;
            report.updated = updated;
            report.status = match (moved, new + updated) {
                (true, _) => Status::Moved,
                (false, 0) => Status::Unchanged,
                (false, _) => Status::New,
            };
        }
    }
    report
}

/// Returns an address without the password that may be written in it, for logs and messages.
pub fn shown_address(address: &str) -> String {
    if let Ok(mut url) = Url::parse(address)
        && url.password().is_some()
        && url.set_password(None).is_ok()
    {
        return url.into();
    }
    address.to_owned()
}
