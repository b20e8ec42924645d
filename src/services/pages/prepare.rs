//! Makes finished rows of pages, away from both the network and the database.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use twox_hash::XxHash3_64;
use url::Url;

use crate::extract::{self, ExtractError, Page, Source, SourceKind};
use crate::html;
use crate::net::{FetchError, Response, Verdict};
use crate::polite;
use crate::store::{self, NewPage, PageFailure};

use super::super::refresh::jitter;
use super::fetch::Answer;
use super::plan::Job;
use crate::model::text::in_one_line;

/// How long the reading of one page may take.
const READING_AT_MOST: Duration = Duration::from_secs(5);

/// What relative addresses on www.gov.uk are relative to.
const GOV_UK: &str = "https://www.gov.uk/";

/// What came of one page.
pub(super) struct Finished {
    /// The page.
    pub(super) job: Job,
    /// When its answer came.
    pub(super) at: Timestamp,
    /// What it was.
    pub(super) outcome: Outcome,
}

/// What a page was.
pub(super) enum Outcome {
    /// Of use.
    Page(Box<NewPage>),
    /// Of none.
    Failed {
        /// Why.
        why: String,
        /// When it is asked again.
        again: PageFailure,
        /// Until when its host wants to be left alone.
        rest: Option<Timestamp>,
    },
    /// It says that it moved here.
    Moved(Source),
    /// Not asked for, as its host is left alone.
    LeftAlone,
}

/// Why an answer has no text.
enum Useless {
    /// The text is here.
    Moved(Source),
    /// For this reason.
    Because(String),
}

impl From<ExtractError> for Useless {
    fn from(error: ExtractError) -> Self {
        let source = match &error {
            ExtractError::Moved { to } => extract::address(to),
            _ => None,
        };
        source.map_or_else(|| Self::Because(error.to_string()), Self::Moved)
    }
}

impl From<&str> for Useless {
    fn from(why: &str) -> Self {
        Self::Because(why.to_owned())
    }
}

/// Reads an answer; one that says that it moved is of no use where it may not.
pub(super) fn prepare(answer: Answer, max_body_bytes: u64, may_move: bool) -> Finished {
    let Answer { job, at, got } = answer;
    let outcome = match got {
        None => Outcome::LeftAlone,
        Some(Err(error)) => failed(&job, at, &error, None),
        Some(Ok(response)) => match read(&job, at, *response, max_body_bytes) {
            Outcome::Moved(_) if !may_move => useless("the page has moved too often".to_owned()),
            outcome => outcome,
        },
    };
    Finished { job, at, outcome }
}

fn read(job: &Job, at: Timestamp, response: Response, max_body_bytes: u64) -> Outcome {
    if response.verdict().ok() != Some(Verdict::Answered) {
        let error = FetchError::Status {
            code: response.status,
        };
        let rest = polite::retry_after(response.status, &response.headers, at);
        return failed(job, at, &error, rest);
    }
    let content_type = response.headers.get("content-type");
    let content_type = content_type.map(|kind| String::from_utf8_lossy(kind).into_owned());
    let url = response.url;
    let body = match response.body.decode(max_body_bytes) {
        Ok(body) => body,
        Err(error) => return failed(job, at, &error, None),
    };
    match in_time(job, body, content_type, url) {
        Ok(page) => Outcome::Page(page),
        Err(Useless::Moved(source)) => Outcome::Moved(source),
        Err(Useless::Because(why)) => useless(why),
    }
}

/// Says why a page is of no use, however often it is asked.
fn useless(why: String) -> Outcome {
    Outcome::Failed {
        why,
        again: PageFailure::ForGood,
        rest: None,
    }
}

/// Makes a finished row of a page.
fn new_page(page: &Page, base: String) -> NewPage {
    let withdrawn = page.facts.withdrawn.as_ref().map(|withdrawal| {
        let why = in_one_line(&html::plain_text(&withdrawal.explanation));
        if why.is_empty() {
            "Withdrawn by its publisher.".to_owned()
        } else {
            why
        }
    });
    NewPage {
        words_hash: words_hash(&[
            &html::plain_text(&page.html),
            withdrawn.as_deref().unwrap_or(""),
        ]),
        body: store::pack(&page.html),
        base: Some(base),
        facts: page.facts.clone(),
        withdrawn,
    }
}

/// Returns a hash of words that is the same whatever stands between them.
fn words_hash(texts: &[&str]) -> i64 {
    let words = texts.iter().flat_map(|text| text.split_whitespace());
    let joined: String = words.flat_map(|word| [word, " "]).collect();
    XxHash3_64::oneshot(joined.as_bytes()).cast_signed()
}

/// Reads a page on a thread of its own, which is given up where it takes too long: no reader of
/// strangers' pages can be stopped from outside.
fn in_time(
    job: &Job,
    body: Vec<u8>,
    content_type: Option<String>,
    url: Url,
) -> Result<Box<NewPage>, Useless> {
    let (done, reading) = mpsc::channel();
    let (kind, title, feed_html) = (job.source.kind, job.title.clone(), job.feed_html.clone());
    let spawned = thread::Builder::new()
        .name("page".to_owned())
        .spawn(move || {
            let read = catch_unwind(AssertUnwindSafe(|| {
                let (page, base) = match kind {
                    SourceKind::GovUk => (extract::govuk(&body), GOV_UK),
                    SourceKind::Html => (
                        extract::page(&body, content_type.as_deref(), &url),
                        url.as_str(),
                    ),
                };
                let page = page?;
                if extract::is_better(&page, &title, &feed_html) {
                    Ok(Box::new(new_page(&page, base.to_owned())))
                } else {
                    Err("the page has less than the summary".into())
                }
            }));
            let broken = || Err("the page broke its reader".into());
            // Nobody waits any more where it took too long.
            let _ = done.send(read.unwrap_or_else(|_| broken()));
        });
    let too_slow = || Err("the reading of the page took too long".into());
    match spawned {
        Ok(_) => reading
            .recv_timeout(READING_AT_MOST)
            .unwrap_or_else(|_| too_slow()),
        Err(error) => Err(Useless::Because(error.to_string())),
    }
}

/// Says why a page could not be fetched, and when it is asked again.
fn failed(job: &Job, at: Timestamp, error: &FetchError, rest: Option<Timestamp>) -> Outcome {
    let again = if is_final(error) {
        PageFailure::ForGood
    } else {
        let jitter = jitter(job.url().as_str(), at);
        // Where no server answered it was the network's fault, which may soon be mended.
        let failures = error.status().map_or(0, |_| job.failures);
        let backed_off = polite::after_failure(at, failures, jitter);
        PageFailure::Until(rest.map_or(backed_off, |rest| rest.max(backed_off)))
    };
    Outcome::Failed {
        why: error.to_string(),
        again,
        rest,
    }
}

/// Whether asking again would bring the same.
fn is_final(error: &FetchError) -> bool {
    match error {
        FetchError::After { cause, .. } => is_final(cause),
        FetchError::Status { code } => matches!(code, 204..=206 | 400 | 404..=407 | 410 | 451),
        FetchError::PrivateHost { .. }
        | FetchError::Redirect(_)
        | FetchError::TooLarge { .. }
        | FetchError::NoPage
        | FetchError::Scheme { .. } => true,
        _ => false,
    }
}
