//! Turns an answer into what is stored: decoded, parsed, hashed and compressed, away from both the
//! network and the database.

use std::panic::{self, AssertUnwindSafe};

use jiff::Timestamp;
use twox_hash::XxHash3_64;
use url::Url;

use crate::feed::{self, FeedError, identity};
use crate::html;
use crate::model::feed::{Pace, ParsedArticle, ParsedFeed, Validators};
use crate::model::text::SafeText;
use crate::net::{FetchError, Response, Verdict};
use crate::polite::{self, Headers};
use crate::store::{Poll, PollOutcome};
use crate::threads::links;

use super::fetch::{Answer, AskError, Got};
use super::plan::Job;
use super::rows::row;

/// The version of how documents are read. Where it is raised, documents that didn't change are read
/// once more.
const READING: u64 = 2;

/// How many addresses are told of those that an ended feed names instead of itself.
const MOST_SUCCESSORS: usize = 5;

/// A poll that is ready to be stored.
pub(super) struct Finished {
    /// What to store.
    pub(super) poll: Poll,
    /// The feed's address as configured.
    pub(super) feed: String,
    /// The feed's title, as configured or as it says itself.
    pub(super) title: Option<String>,
    /// Where it is polled from now on.
    pub(super) url: String,
    /// Body bytes received.
    pub(super) bytes: u64,
    /// Whether the subscription moved.
    pub(super) moved: bool,
    /// When the feed is due if nothing of this can be stored.
    pub(super) due_before: Option<Timestamp>,
    /// The root of the REST interface of the feed's site, where the answer names it.
    pub(super) rest_root: Option<Url>,
}

/// What an answer meant.
struct Reading {
    outcome: PollOutcome,
    next_poll: Option<Timestamp>,
}

/// Why an answer was of no use.
struct Failure {
    error: String,
    /// What a `Retry-After` asked for.
    not_before: Option<Timestamp>,
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        Self {
            error: error.to_string(),
            not_before: None,
        }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self {
            error: error.to_string(),
            not_before: None,
        }
    }
}

impl From<FeedError> for Failure {
    fn from(error: FeedError) -> Self {
        Self {
            error: error.to_string(),
            not_before: None,
        }
    }
}

/// A document that came, and what its server said about it.
struct Document {
    bytes: Vec<u8>,
    /// Where it came from.
    url: Url,
    headers: Headers,
    /// Where the feed is polled from now on.
    polled_url: String,
    validators: Validators,
    validators_url: Option<String>,
    /// Whether it was asked for only if it had changed.
    is_conditional: bool,
}

/// Reads an answer. A parser that panics on it makes it a failed poll, never more.
pub(super) fn prepare(answer: Answer, max_body_bytes: u64) -> Finished {
    let Answer { job, at, got } = answer;
    let (status, bytes, moved, rest_root) = match &got {
        Ok(Got::Http(response)) => (
            Some(response.status),
            response.body.received(),
            response.moved.clone(),
            rest_root(response),
        ),
        Ok(Got::File(content)) => (None, content.len() as u64, None, None),
        Err(error) => (error.status(), error.received(), None, None),
    };
    let read = panic::catch_unwind(AssertUnwindSafe(|| read(&job, at, got, max_body_bytes)));
    let read = read.unwrap_or_else(|_| {
        Err(Failure {
            error: "a fault of gazette's own; please report this feed's address".to_owned(),
            not_before: None,
        })
    });
    let moved = moved.map(String::from).filter(|moved| {
        let has_feed = match &read {
            Ok(reading) => !matches!(reading.outcome, PollOutcome::Gone { .. }),
            Err(_) => false,
        };
        has_feed && *moved != job.state.polled_url
    });
    let poll = |next_poll, not_before, outcome| Poll {
        feed: job.state.id,
        at,
        status,
        next_poll,
        not_before,
        outcome,
    };
    let poll = match read {
        Ok(Reading { outcome, next_poll }) => poll(next_poll, None, outcome),
        Err(Failure { error, not_before }) => {
            let jitter = jitter(&job.state.url, at);
            let again = polite::after_failure(at, job.state.failures, jitter);
            let error = SafeText::line(&error).into_string();
            poll(Some(again), not_before, PollOutcome::Failed { error })
        }
    };
    let own_title = match &poll.outcome {
        PollOutcome::Fetched { title, .. } => title.clone(),
        _ => None,
    };
    Finished {
        poll,
        title: job.title.or(own_title).or(job.state.title),
        feed: job.state.url,
        moved: moved.is_some(),
        url: moved.unwrap_or(job.state.polled_url),
        bytes,
        due_before: job.state.next_poll.max(job.state.not_before),
        rest_root,
    }
}

/// Returns the root of WordPress's REST interface that a feed's answer names, at its own site.
fn rest_root(response: &Response) -> Option<Url> {
    let named = links::header_links(response.headers.get_all("link"), &response.url);
    let root = links::rest_root(&named)?;
    (root.origin() == response.url.origin()).then(|| root.clone())
}

fn read(
    job: &Job,
    at: Timestamp,
    got: Result<Got, AskError>,
    max_body_bytes: u64,
) -> Result<Reading, Failure> {
    match got? {
        Got::File(bytes) => {
            let document = Document {
                bytes,
                url: job.url.clone(),
                headers: Headers::default(),
                polled_url: job.state.polled_url.clone(),
                validators: Validators::default(),
                validators_url: None,
                is_conditional: false,
            };
            Ok(read_document(job, at, document)?)
        }
        Got::Http(response) => read_response(job, at, *response, max_body_bytes),
    }
}

fn read_response(
    job: &Job,
    at: Timestamp,
    response: Response,
    max_body_bytes: u64,
) -> Result<Reading, Failure> {
    let verdict = response.verdict().map_err(|error| Failure {
        error: error.to_string(),
        not_before: polite::retry_after(response.status, &response.headers, at),
    })?;
    let validators = response.validators(&job.state.validators);
    let is_conditional = response.is_conditional;
    let Response {
        url,
        moved,
        headers,
        body,
        ..
    } = response;
    let polled_url = moved.map_or_else(|| job.state.polled_url.clone(), String::from);
    let validators_url = Some(url.to_string());
    match verdict {
        Verdict::Gone => Ok(gone("gone for good: its server says so (410)".to_owned())),
        Verdict::Unchanged => Ok(Reading {
            outcome: PollOutcome::Unchanged {
                polled_url,
                validators,
                validators_url,
                body_hash: job.state.body_hash,
            },
            next_poll: Some(polite::after_answer(
                at,
                job.refresh,
                &headers,
                &job.state.pace,
            )),
        }),
        Verdict::Answered => {
            let bytes = body.decode(max_body_bytes)?;
            let document = Document {
                bytes,
                url,
                headers,
                polled_url,
                validators,
                validators_url,
                is_conditional,
            };
            Ok(read_document(job, at, document)?)
        }
    }
}

/// Reads a document, unless it is the last one again.
fn read_document(job: &Job, at: Timestamp, document: Document) -> Result<Reading, FeedError> {
    let Document {
        bytes,
        url,
        headers,
        polled_url,
        validators,
        validators_url,
        is_conditional,
    } = document;
    let next_poll = |pace: &Pace| Some(polite::after_answer(at, job.refresh, &headers, pace));
    // What an earlier answer said of its freshness ends with this one.
    let fresh_for = polite::freshness::fresh_for(at, &headers);
    let with_freshness = |pace: Pace| Pace { fresh_for, ..pace };
    let body_hash = XxHash3_64::oneshot_with_seed(READING, &bytes).cast_signed();
    if job.state.body_hash == Some(body_hash) && polled_url == job.state.polled_url {
        return Ok(Reading {
            outcome: PollOutcome::Unchanged {
                polled_url,
                validators: if is_conditional {
                    polite::validators::without_weak_etag(validators)
                } else {
                    validators
                },
                validators_url,
                body_hash: Some(body_hash),
            },
            next_poll: next_poll(&with_freshness(job.state.pace.clone())),
        });
    }
    let content_type = headers.get("content-type").map(String::from_utf8_lossy);
    let parsed = feed::parse(&bytes, content_type.as_deref(), &url)?;
    let problems: Vec<String> = parsed
        .problems
        .iter()
        .map(|problem| SafeText::line(&problem.to_string()).into_string())
        .collect();
    for problem in &problems {
        tracing::info!(feed = super::shown_address(&job.state.url), %problem, "mended");
    }
    if let Some(ending) = feed::ending(&parsed.feed) {
        return Ok(gone(ended(ending)));
    }
    let ParsedFeed {
        title,
        site,
        pace,
        articles,
    } = parsed.feed;
    let pace = with_freshness(pace);
    let identities = identity::identities(&articles, &url);
    Ok(Reading {
        next_poll: next_poll(&pace),
        outcome: PollOutcome::Fetched {
            title,
            site,
            pace,
            polled_url,
            validators,
            validators_url,
            body_hash,
            problems,
            articles: identities
                .into_iter()
                .zip(articles)
                .map(|(identity, article)| row(identity, article))
                .collect(),
        },
    })
}

/// Returns the end of a feed, with who says so.
fn gone(reason: String) -> Reading {
    Reading {
        outcome: PollOutcome::Gone { reason },
        next_poll: None,
    }
}

/// Says that a feed's publisher has ended it, and which addresses its last article names instead.
fn ended(ending: &ParsedArticle) -> String {
    let html = ending.content.as_ref().or(ending.summary.as_ref());
    let base = ending
        .base
        .as_deref()
        .and_then(|base| Url::parse(base).ok());
    let document = html::parse(html.map_or("", String::as_str), base.as_ref());
    let own = ending.permalink.iter().cloned();
    let named = document.links.into_iter().map(|link| link.url);
    let mut addresses: Vec<String> = Vec::new();
    for address in named.chain(own) {
        if addresses.len() < MOST_SUCCESSORS && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let ended = "gone for good: its publisher has ended it";
    if addresses.is_empty() {
        return ended.to_owned();
    }
    format!("{ended}; see {}", addresses.join(", "))
}

/// Returns a number from 0 to 1 that differs from feed to feed and from time to time, so that
/// feeds that failed together don't come back together.
pub(in crate::services) fn jitter(url: &str, at: Timestamp) -> f64 {
    let seed = at.as_second().cast_unsigned();
    let hash = XxHash3_64::oneshot_with_seed(seed, url.as_bytes());
    f64::from(u32::try_from(hash >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}
