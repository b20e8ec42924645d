//! Keeps threads fresh that the reader opened, and those of starred articles.
//!
//! A site with an open interface is asked one question for all its articles; only threads with news
//! are read again. What brings nothing is asked for less and less often.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};
use url::Url;

use super::super::refresh::settings;
use super::super::{Connection, Parts, Stop, pipeline};
use super::ask::{Asker, Fault, News};
use super::read::{self, Read, origin};
use crate::model::article::ArticleId;
use crate::model::comment::{SiteFacts, Way};
use crate::model::error::Problem;
use crate::net::{Client, Network};
use crate::polite::Urgency;
use crate::store::{DueThread, Store, StoreError};

/// How long a thread is kept fresh after the reader's last visit.
const OPENED_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How soon a thread is asked for again; doubled each time that it brings nothing.
const SOONEST: SignedDuration = SignedDuration::from_hours(1);

/// And how late at most.
const LATEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many articles one question is about.
const POSTS_AT_ONCE: usize = 50;

/// How many threads of one site are read at once, and of all sites.
const MOST_OF_A_SITE: usize = 20;
const MOST_OF_ALL: usize = 100;

/// What is asked of one site: whether there is news on these posts.
struct Question {
    root: Url,
    /// What the address of a feed of theirs is.
    feed: Url,
    threads: Vec<DueThread>,
}

/// A question, and what came of it: nothing where the interface doesn't answer.
type Answer = (Question, Result<Option<News>, Fault>);

/// Reads those threads again that are kept and have news. Offline nothing is asked.
pub(super) fn keep_fresh(
    parts: &Parts<'_>,
    store: &mut Store,
    urgency: Urgency,
    stop: Stop<'_>,
) -> Result<Read, Problem> {
    let now = (parts.clock)();
    if parts.connection == Connection::Offline {
        return Ok(Read::default());
    }
    let opened_from = now.checked_sub(OPENED_WITHIN).unwrap_or(Timestamp::MIN);
    let until = match urgency {
        Urgency::Forced => Timestamp::MAX,
        Urgency::Usual => now,
    };
    let due = store.due_threads(opened_from, until)?;
    if due.is_empty() {
        return Ok(Read::default());
    }
    let resting = read::resting(store, now)?;
    let is_asked = |thread: &DueThread| !resting.contains(&read::host(&thread.article));
    let due = due.into_iter().filter(is_asked).collect();
    let (questions, mut wanted) = questions(store, due, now)?;
    let quiet = if questions.is_empty() {
        Vec::new()
    } else {
        let (news, quiet) = ask(parts, store, questions, stop)?;
        wanted.extend(news);
        quiet
    };
    rest(store, &quiet, now)?;
    let wanted = within_limits(wanted);
    if wanted.is_empty() || stop() {
        return Ok(Read::default());
    }
    let before = wanted.clone();
    let threads = wanted.into_iter().map(|one| (one.article, one.state));
    let read = read::read(parts, store, threads.collect(), stop)?;
    if !read.stopped {
        let soon = now.checked_add(SOONEST).unwrap_or(now);
        store.rest_threads(&read.with_news, soon, 0)?;
        let mut quiet = before;
        quiet.retain(|one| !read.with_news.contains(&one.article.article));
        rest(store, &quiet, now)?;
    }
    Ok(read)
}

/// Parts what is due into questions about many articles and threads that must be read to see.
fn questions(
    store: &mut Store,
    due: Vec<DueThread>,
    now: Timestamp,
) -> Result<(Vec<Question>, Vec<DueThread>), StoreError> {
    let mut sites: BTreeMap<String, Vec<DueThread>> = BTreeMap::new();
    let mut wanted = Vec::new();
    for thread in due {
        let site = read::permalink(&thread.article).map(|url| origin(&url));
        let is_rest = thread.state.facts.way == Some(Way::Rest);
        match site {
            Some(site) if is_rest && thread.state.facts.post.is_some() => {
                sites.entry(site).or_default().push(thread);
            }
            _ => wanted.push(thread),
        }
    }
    let mut questions = Vec::new();
    for (site, threads) in sites {
        let SiteFacts {
            rest_root,
            rest_closed_until,
            ..
        } = store.site_facts(&site)?;
        let root = rest_root.and_then(|root| Url::parse(&root).ok());
        let is_closed = rest_closed_until.is_some_and(|until| now < until);
        let Some(root) = root.filter(|_| !is_closed) else {
            wanted.extend(threads);
            continue;
        };
        for some in threads.chunks(POSTS_AT_ONCE) {
            let feed = some
                .first()
                .and_then(|one| Url::parse(&one.article.feed).ok());
            if let Some(feed) = feed {
                questions.push(Question {
                    root: root.clone(),
                    feed,
                    threads: some.to_vec(),
                });
            }
        }
    }
    Ok((questions, wanted))
}

/// Asks the sites; returns the threads with news, and those without.
fn ask(
    parts: &Parts<'_>,
    store: &mut Store,
    questions: Vec<Question>,
    stop: Stop<'_>,
) -> Result<(Vec<DueThread>, Vec<DueThread>), Problem> {
    let settings = settings(parts);
    let clock = parts.clock;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    let mut fault = None;
    pipeline::run(
        questions.len(),
        move |answers, cancelled| ask_all(settings, questions, answers, cancelled, clock),
        |answer| answer,
        stop,
        &mut |(question, news): Answer| {
            let parted = match news {
                Ok(Some(news)) => part(store, question.threads, &news),
                // The interface is closed: each is read in another way.
                Ok(None) => Ok((question.threads, Vec::new())),
                Err(failed) => {
                    rest_host(store, &question, &failed).map(|()| (Vec::new(), question.threads))
                }
            };
            match parted {
                Ok((some, none)) => {
                    with.extend(some);
                    without.extend(none);
                }
                Err(error) => fault = fault.take().or(Some(error)),
            }
        },
    );
    match fault {
        Some(error) => Err(error.problem()),
        None => Ok((with, without)),
    }
}

fn ask_all(
    settings: Network,
    questions: Vec<Question>,
    answers: &mpsc::Sender<Answer>,
    cancelled: oneshot::Receiver<()>,
    clock: fn() -> Timestamp,
) {
    let max_body_bytes = settings.max_body_bytes;
    let asker = Arc::new(Asker::new(Client::new(settings), max_body_bytes, clock));
    let asking = pipeline::ask_each(questions, answers, |question: Question| {
        let asker = Arc::clone(&asker);
        async move {
            let posts = question
                .threads
                .iter()
                .filter_map(|one| one.state.facts.post);
            let news = asker
                .news(&question.root, &question.feed, posts.collect())
                .await;
            (question, news)
        }
    });
    if let Err(error) = pipeline::run_async(asking, cancelled) {
        tracing::error!(%error, "the system gave no means to ask for comments");
    }
}

/// Leaves a host alone that asked for it.
fn rest_host(store: &mut Store, question: &Question, failed: &Fault) -> Result<(), StoreError> {
    match (failed.rest, question.root.host_str()) {
        (Some(until), Some(host)) => store.rest_host(host, until),
        _ => Ok(()),
    }
}

/// Parts threads into those with news and those without.
///
/// A comment that was approved late has an old date, and one that is gone leaves no trace: where the
/// numbers don't come out even all threads are read.
fn part(
    store: &mut Store,
    threads: Vec<DueThread>,
    news: &News,
) -> Result<(Vec<DueThread>, Vec<DueThread>), StoreError> {
    let mut stored = 0;
    let mut unknown = 0;
    let mut with: HashSet<ArticleId> = HashSet::new();
    for thread in &threads {
        let id = thread.article.article;
        let names: HashSet<String> = store.comment_names(id)?.into_iter().collect();
        stored += names.len();
        let mine = news
            .newest
            .iter()
            .filter(|(post, _)| Some(*post) == thread.state.facts.post);
        let fresh = mine.filter(|(_, name)| !names.contains(&name.0)).count();
        if fresh > 0 {
            unknown += fresh;
            with.insert(id);
        }
    }
    let is_even = news.total.is_none_or(|total| total == stored + unknown);
    Ok(threads
        .into_iter()
        .partition(|thread| !is_even || with.contains(&thread.article.article)))
}

/// Leaves threads alone that brought nothing, twice as long as the last time.
fn rest(store: &mut Store, quiet: &[DueThread], now: Timestamp) -> Result<(), StoreError> {
    let mut by_quiet: BTreeMap<u32, Vec<ArticleId>> = BTreeMap::new();
    for thread in quiet {
        let times = thread.state.quiet.saturating_add(1);
        by_quiet
            .entry(times)
            .or_default()
            .push(thread.article.article);
    }
    for (times, ids) in by_quiet {
        let longer = SOONEST.checked_mul(1 << times.min(10)).unwrap_or(LATEST);
        let until = now.checked_add(longer.min(LATEST)).unwrap_or(now);
        store.rest_threads(&ids, until, times)?;
    }
    Ok(())
}

/// Returns the threads that are read now: of each site those that were read longest ago.
fn within_limits(mut wanted: Vec<DueThread>) -> Vec<DueThread> {
    wanted.sort_by_key(|thread| thread.state.fetched);
    let mut of_sites: BTreeMap<String, usize> = BTreeMap::new();
    wanted.retain(|thread| {
        let count = of_sites.entry(read::host(&thread.article)).or_default();
        *count += 1;
        *count <= MOST_OF_A_SITE
    });
    wanted.truncate(MOST_OF_ALL);
    wanted
}
