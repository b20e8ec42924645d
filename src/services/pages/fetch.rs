//! Asks for pages, a few of each host at a time, and stops at hosts that fail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::extract::SourceKind;
use crate::net::{Client, FetchError, LinkRequest, Network, Response, Wanted};
use crate::polite::retry_after;

use super::super::pipeline;
use super::plan::Job;

/// How many pages of one host are asked for at once.
const AT_ONCE_OF_A_HOST: usize = 4;

/// A host that fails so often in a row is left alone for this time.
const FAILURES_IN_A_ROW: u32 = 3;

/// What came of asking for one page.
pub(super) struct Answer {
    /// The page.
    pub(super) job: Job,
    /// When the answer came.
    pub(super) at: Timestamp,
    /// The answer; none where the host is left alone.
    pub(super) got: Option<Result<Box<Response>, FetchError>>,
}

/// Sends an answer for each job until all are there or `cancelled` comes.
pub(super) fn fetch_all(
    settings: Network,
    jobs: Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    cancelled: oneshot::Receiver<()>,
    clock: fn() -> Timestamp,
) {
    let asking = ask_all(settings, jobs, answers, clock);
    if let Err(error) = pipeline::run_async(asking, cancelled) {
        tracing::error!(%error, "the system gave no means to ask for pages");
    }
}

async fn ask_all(
    mut settings: Network,
    jobs: Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    clock: fn() -> Timestamp,
) {
    settings.connections_per_host = settings.connections_per_host.min(AT_ONCE_OF_A_HOST);
    let asker = Arc::new(Asker {
        at_once: settings.connections_per_host.max(1),
        client: Client::new(settings),
        hosts: Mutex::default(),
        clock,
    });
    pipeline::ask_each(jobs, answers, |job| {
        let asker = Arc::clone(&asker);
        async move {
            let got = asker.ask(&job).await;
            let at = clock();
            Answer { job, at, got }
        }
    })
    .await;
}

/// What all questions share.
struct Asker {
    client: Client,
    at_once: usize,
    hosts: Mutex<HashMap<String, Host>>,
    clock: fn() -> Timestamp,
}

/// A host, as it did so far.
struct Host {
    turns: Arc<Semaphore>,
    failures_in_a_row: u32,
    /// Whether it asked to be left alone.
    had_enough: bool,
}

/// What an answer says of its host.
enum Reaction {
    /// It answers, whatever the answer is.
    Answered,
    /// It asks to be left alone.
    HadEnough,
    /// It gave no answer, or none that ever ended.
    Failed,
}

impl Reaction {
    fn of(got: &Result<Response, FetchError>, now: Timestamp) -> Self {
        match got {
            Ok(response) => {
                let is_told = retry_after(response.status, &response.headers, now).is_some();
                if is_told || matches!(response.status, 429 | 503) {
                    Self::HadEnough
                } else {
                    Self::Answered
                }
            }
            Err(error) if error.status().is_none() || error.is_timeout() => Self::Failed,
            Err(_) => Self::Answered,
        }
    }
}

impl Asker {
    /// Asks for one page, unless its host is left alone by then.
    async fn ask(&self, job: &Job) -> Option<Result<Box<Response>, FetchError>> {
        let turns = self.with_host(&job.host, |host| Arc::clone(&host.turns));
        let _turn = turns.acquire().await.ok()?;
        let is_left_alone =
            |host: &mut Host| host.had_enough || host.failures_in_a_row >= FAILURES_IN_A_ROW;
        if self.with_host(&job.host, is_left_alone) {
            return None;
        }
        let link = LinkRequest {
            url: job.url().clone(),
            feed: job.feed.clone(),
            wanted: match job.source.kind {
                SourceKind::GovUk => Wanted::Data,
                SourceKind::Html => Wanted::Page,
            },
            credentials: None,
        };
        let got = self.client.get_linked(&link).await;
        let reaction = Reaction::of(&got, (self.clock)());
        self.with_host(&job.host, |host| match reaction {
            Reaction::HadEnough => host.had_enough = true,
            Reaction::Answered => host.failures_in_a_row = 0,
            Reaction::Failed => host.failures_in_a_row += 1,
        });
        Some(got.map(Box::new))
    }

    fn with_host<T>(&self, name: &str, look: impl FnOnce(&mut Host) -> T) -> T {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = hosts.entry(name.to_owned()).or_insert_with(|| Host {
            turns: Arc::new(Semaphore::new(self.at_once)),
            failures_in_a_row: 0,
            had_enough: false,
        });
        look(host)
    }
}
