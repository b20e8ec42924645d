//! Turns an answer into what is stored: decoded, parsed, hashed and compressed, away from both the
//! network and the database.

use std::panic::{self, AssertUnwindSafe};

use jiff::Timestamp;
use twox_hash::XxHash3_64;
use url::Url;

use crate::feed::{self, FeedError, identity};
use crate::html;
use crate::model::article::StoredText;
use crate::model::feed::{Pace, ParsedArticle, ParsedFeed, Validators};
use crate::model::text::SafeText;
use crate::net::{FetchError, Response, Verdict};
use crate::polite::{self, Headers};
use crate::store::{self, NewArticle, Poll, PollOutcome};

use super::failure;
use super::fetch::{Answer, Got};
use super::plan::Job;

/// The longest standfirst that is kept where the publisher wrote one, in characters.
const SUMMARY_CHARS: usize = 1_000;

/// The longest beginning of a text that stands in for a standfirst, in characters.
const OPENING_CHARS: usize = 300;

/// A text of this many words is taken for the whole article, though it came as a summary.
const WHOLE_FROM_WORDS: usize = 200;

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
    /// The last HTTP status.
    pub(super) http: Option<u16>,
    /// Body bytes received.
    pub(super) bytes: u64,
    /// Whether the subscription moved.
    pub(super) moved: bool,
}

/// Reads an answer. A parser that panics on it makes it a failed poll, never more.
pub(super) fn digest(answer: Answer, max_body_bytes: u64, clock: fn() -> Timestamp) -> Finished {
    let Answer { job, at, got } = answer;
    let url = job.state.polled_url.clone();
    let (http, bytes, moved) = match &got {
        Ok(Got::Http(response)) => (
            Some(response.status),
            response.body.received(),
            response.moved.as_ref().map(Url::to_string),
        ),
        Ok(Got::File(content)) => (None, content.len() as u64, None),
        Err(error) => (error.status(), 0, None),
    };
    let read = panic::catch_unwind(AssertUnwindSafe(|| match got {
        Ok(Got::Http(response)) => read_response(&job, at, *response, max_body_bytes),
        Ok(Got::File(content)) => read_file(&job, at, &content),
        Err(error) => failure(&job, at, error.status(), None, &error.to_string()),
    }));
    let poll = read.unwrap_or_else(|_| {
        failure(
            &job,
            clock(),
            http,
            None,
            "this program could not read it: please report the feed's address",
        )
    });
    let stored = matches!(
        poll.outcome,
        PollOutcome::Fetched { .. } | PollOutcome::Unchanged { .. }
    );
    let moved = moved.filter(|moved| stored && *moved != url);
    let own_title = match &poll.outcome {
        PollOutcome::Fetched { title, .. } => title.clone(),
        _ => None,
    };
    Finished {
        poll,
        title: job.title.or(own_title).or(job.state.title),
        feed: job.state.url,
        moved: moved.is_some(),
        url: moved.unwrap_or(url),
        http,
        bytes,
    }
}

fn read_response(job: &Job, now: Timestamp, response: Response, max_body_bytes: u64) -> Poll {
    let failed = |error: &FetchError| {
        let not_before = polite::retry_after(response.status, &response.headers, now);
        failure(
            job,
            now,
            Some(response.status),
            not_before,
            &error.to_string(),
        )
    };
    let verdict = match response.verdict() {
        Ok(verdict) => verdict,
        Err(error) => return failed(&error),
    };
    let polled_url = response
        .moved
        .as_ref()
        .map_or_else(|| job.state.polled_url.clone(), Url::to_string);
    let validators = response.validators(&job.state.validators);
    let validators_url = Some(response.url.to_string());
    let poll = |next_poll, outcome| Poll {
        feed: job.state.id,
        at: now,
        status: Some(response.status),
        next_poll,
        not_before: None,
        outcome,
    };
    let next = |pace: &Pace| {
        Some(polite::after_answer(
            now,
            job.refresh,
            &response.headers,
            pace,
        ))
    };
    match verdict {
        Verdict::Gone => return poll(None, PollOutcome::Gone),
        Verdict::Unchanged => {
            let outcome = PollOutcome::Unchanged {
                polled_url,
                validators,
                validators_url,
                body_hash: job.state.body_hash,
            };
            return poll(next(&job.state.pace), outcome);
        }
        Verdict::Answered => {}
    }
    let bytes = match response.body.decode(max_body_bytes) {
        Ok(bytes) => bytes,
        Err(error) => return failure(job, now, Some(response.status), None, &error.to_string()),
    };
    let body_hash = hash(&bytes);
    if job.state.body_hash == Some(body_hash) && polled_url == job.state.polled_url {
        let validators = polite::validators::without_weak_etag(validators);
        let outcome = PollOutcome::Unchanged {
            polled_url,
            validators,
            validators_url,
            body_hash: Some(body_hash),
        };
        return poll(next(&job.state.pace), outcome);
    }
    let content_type = response
        .headers
        .get("content-type")
        .map(String::from_utf8_lossy);
    match parse(job, &bytes, content_type.as_deref(), &response.url) {
        Ok(feed) => poll(
            next(&feed.pace),
            fetched(
                feed,
                &response.url,
                polled_url,
                validators,
                validators_url,
                body_hash,
            ),
        ),
        Err(error) => failure(job, now, Some(response.status), None, &error.to_string()),
    }
}

fn read_file(job: &Job, now: Timestamp, content: &[u8]) -> Poll {
    let body_hash = hash(content);
    let polled_url = job.state.polled_url.clone();
    let none = Validators::default();
    let (pace, outcome) = if job.state.body_hash == Some(body_hash) {
        let body_hash = Some(body_hash);
        let outcome = PollOutcome::Unchanged {
            polled_url,
            validators: none,
            validators_url: None,
            body_hash,
        };
        (job.state.pace.clone(), outcome)
    } else {
        match parse(job, content, None, &job.url) {
            Ok(feed) => (
                feed.pace.clone(),
                fetched(feed, &job.url, polled_url, none, None, body_hash),
            ),
            Err(error) => return failure(job, now, None, None, &error.to_string()),
        }
    };
    let next_poll = Some(polite::after_answer(
        now,
        job.refresh,
        &Headers::default(),
        &pace,
    ));
    Poll {
        feed: job.state.id,
        at: now,
        status: None,
        next_poll,
        not_before: None,
        outcome,
    }
}

/// Reads a document; what had to be mended in it goes to the log.
fn parse(
    job: &Job,
    bytes: &[u8],
    content_type: Option<&str>,
    url: &Url,
) -> Result<ParsedFeed, FeedError> {
    let parsed = feed::parse(bytes, content_type, url)?;
    for problem in &parsed.problems {
        tracing::info!(feed = job.state.url, %problem, "mended");
    }
    Ok(parsed.feed)
}

fn fetched(
    feed: ParsedFeed,
    url: &Url,
    polled_url: String,
    validators: Validators,
    validators_url: Option<String>,
    body_hash: i64,
) -> PollOutcome {
    let keys = identity::keys(&feed.articles, url);
    PollOutcome::Fetched {
        title: feed.title,
        site: feed.site,
        pace: feed.pace,
        polled_url,
        validators,
        validators_url,
        body_hash,
        articles: keys
            .into_iter()
            .zip(feed.articles)
            .map(|(key, article)| row(key.0, article))
            .collect(),
    }
}

/// Makes a finished row of an article.
fn row(key: i64, article: ParsedArticle) -> NewArticle {
    let (standfirst, stored) = match (&article.summary, &article.content) {
        (Some(summary), Some(content)) => (
            html::standfirst(summary, SUMMARY_CHARS),
            completeness(content, 0),
        ),
        (None, Some(content)) => (
            html::standfirst(content, OPENING_CHARS),
            completeness(content, 0),
        ),
        (Some(summary), None) => (
            html::standfirst(summary, SUMMARY_CHARS),
            completeness(summary, WHOLE_FROM_WORDS),
        ),
        (None, None) => (String::new(), StoredText::Summary),
    };
    let body = article.content.or(article.summary).unwrap_or_default();
    NewArticle {
        key,
        story: article
            .permalink
            .as_deref()
            .and_then(identity::story)
            .map(|story| story.0),
        content_hash: hash_all(&[&article.title, &standfirst, &body]),
        body: store::pack(&body),
        guid: article.guid,
        title: article.title,
        permalink: article.permalink,
        byline: article.byline,
        published: article.published,
        updated: article.updated,
        standfirst,
        comments: article.comments,
        enclosures: article.enclosures,
        base: article.base,
        stored,
    }
}

/// Tells whether a text is the whole article: long enough, and not cut short by its publisher.
fn completeness(body: &str, least_words: usize) -> StoredText {
    let from = body.len().saturating_sub(600);
    let from = (from..=body.len())
        .find(|at| body.is_char_boundary(*at))
        .unwrap_or(0);
    let ending = html::plain_text(&body[from..]);
    let ending = SafeText::line(
        ending.trim_end_matches(|c: char| c.is_whitespace() || c == ']' || c == ')'),
    );
    let cut = ending.as_str().ends_with('…') || ending.as_str().ends_with("...");
    let long = least_words == 0
        || html::plain_text(body)
            .split_whitespace()
            .take(least_words)
            .count()
            == least_words;
    if cut || !long {
        StoredText::Summary
    } else {
        StoredText::Whole
    }
}

/// Returns a hash that stays the same from release to release.
fn hash(bytes: &[u8]) -> i64 {
    XxHash3_64::oneshot(bytes).cast_signed()
}

/// Returns one hash of several texts, in order.
fn hash_all(texts: &[&str]) -> i64 {
    let mut lengths_and_hashes = Vec::with_capacity(texts.len() * 16);
    for text in texts {
        lengths_and_hashes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        lengths_and_hashes.extend_from_slice(&XxHash3_64::oneshot(text.as_bytes()).to_le_bytes());
    }
    hash(&lengths_and_hashes)
}
