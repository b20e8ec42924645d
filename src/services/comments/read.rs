//! Reads the comments of articles from their sites, and stores them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::{Mutex as Turn, mpsc, oneshot};
use url::Url;

use super::super::refresh::{settings, shown_address};
use super::super::{Connection, Parts, Stop, pipeline};
use super::ask::{Asker, Fault, Found, Job};
use crate::model::article::ArticleId;
use crate::model::comment::SiteFacts;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::net::{Client, Network};
use crate::store::{Commented, Store, StoreError, ThreadState};

/// How many questions go to one host at once.
const AT_ONCE_OF_A_HOST: usize = 2;

/// What came of reading comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The articles whose comments were read.
    pub articles: Vec<ArticleId>,
    /// Those of them with new comments.
    pub with_news: Vec<ArticleId>,
    /// How many comments are new.
    pub new: u32,
    /// The articles whose comments could not be read, and why.
    pub failed: Vec<(ArticleId, SafeText)>,
    /// Whether it was stopped early.
    pub stopped: bool,
}

/// A site's turn to be asked, and what is known of it by then.
type Site = Arc<Turn<Option<SiteFacts>>>;

/// What came of one article.
struct Answer {
    job: Job,
    got: Result<Found, Fault>,
    /// What is known of its site now.
    site: SiteFacts,
}

/// Reads the comments of an article from its site and stores them; one that doesn't exist is a
/// problem of use.
///
/// Errs offline, and where they can't be read: what was stored before stays.
pub fn fetch(
    parts: &Parts<'_>,
    store: &mut Store,
    id: ArticleId,
    stop: Stop<'_>,
) -> Result<Read, Problem> {
    let article = store.commented(id)?.ok_or_else(|| super::no_article(id))?;
    if parts.connection == Connection::Offline {
        return Err(Problem::new(Exit::Failed, "offline")
            .hint("without --offline the comments are asked for"));
    }
    let title = SafeText::line(&article.title);
    let state = store.thread_state(id)?.unwrap_or_default();
    let read = read(parts, store, vec![(article, state)], stop)?;
    if let Some((_, why)) = read.failed.first() {
        let what = format!("the comments of “{title}” could not be read");
        return Err(Problem::new(Exit::Failed, &what)
            .because(why.as_str())
            .hint("what is stored stays; --refresh tries again"));
    }
    Ok(read)
}

/// Reads the comments of several articles, those of one site one after the other.
pub(super) fn read(
    parts: &Parts<'_>,
    store: &mut Store,
    wanted: Vec<(Commented, ThreadState)>,
    stop: Stop<'_>,
) -> Result<Read, Problem> {
    let now = (parts.clock)();
    let resting = resting(store, now)?;
    let mut read = Read::default();
    let mut jobs = Vec::new();
    for (article, state) in wanted {
        let id = article.article;
        match job(store, article, state)? {
            Ok(job) if resting.contains(job.permalink.host_str().unwrap_or_default()) => {
                let why = "its site asked to be left alone for now";
                read.failed.push((id, SafeText::line(why)));
            }
            Ok(job) => jobs.push(job),
            Err(why) => read.failed.push((id, SafeText::line(why))),
        }
    }
    if jobs.is_empty() {
        return Ok(read);
    }
    let settings = settings(parts);
    let clock = parts.clock;
    let mut fault = None;
    let mut left: Vec<ArticleId> = jobs.iter().map(|job| job.article.article).collect();
    read.stopped = pipeline::run(
        jobs.len(),
        move |answers, cancelled| ask_all(settings, jobs, answers, cancelled, clock),
        |answer: Answer| answer,
        stop,
        &mut |answer: Answer| {
            left.retain(|id| *id != answer.job.article.article);
            if let Err(error) = record(parts, store, answer, &mut read) {
                fault = fault.take().or(Some(error));
            }
        },
    );
    if !read.stopped {
        // Nothing is heard of a question that ended through a fault of the program's own.
        let why = SafeText::line("a fault of gazette’s own");
        read.failed
            .extend(left.into_iter().map(|id| (id, why.clone())));
    }
    match fault {
        Some(error) => Err(error.problem()),
        None => Ok(read),
    }
}

/// Returns the hosts that asked to be left alone for now.
pub(super) fn resting(store: &mut Store, now: Timestamp) -> Result<HashSet<String>, StoreError> {
    let hosts = store.hosts_at_rest(now)?.into_iter();
    Ok(hosts.map(|(host, _)| host).collect())
}

/// Returns an article's address, where that is one on the web.
pub(super) fn permalink(article: &Commented) -> Option<Url> {
    let url = Url::parse(article.permalink.as_deref()?).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Returns the host of an article's site; empty where it has no address.
pub(super) fn host(article: &Commented) -> String {
    let url = permalink(article);
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}

/// Puts together what is known of an article; an article without an address has no comments that
/// could be asked for.
fn job(
    store: &mut Store,
    article: Commented,
    state: ThreadState,
) -> Result<Result<Job, &'static str>, StoreError> {
    let Some(permalink) = permalink(&article) else {
        return Ok(Err("the article has no web address"));
    };
    let Ok(feed) = Url::parse(&article.feed) else {
        return Ok(Err("its feed has no address"));
    };
    let site = store.site_facts(&origin(&permalink))?;
    Ok(Ok(Job {
        article,
        permalink,
        feed,
        facts: state.facts,
        site,
    }))
}

/// Returns what names a site: scheme, host and port (RFC 6454 §6.1).
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn ask_all(
    mut settings: Network,
    jobs: Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    cancelled: oneshot::Receiver<()>,
    clock: fn() -> Timestamp,
) {
    settings.connections_per_host = settings.connections_per_host.min(AT_ONCE_OF_A_HOST);
    let max_body_bytes = settings.max_body_bytes;
    let asker = Arc::new(Asker::new(Client::new(settings), max_body_bytes, clock));
    let turns: Arc<Mutex<HashMap<String, Site>>> = Arc::default();
    let asking = pipeline::ask_each(jobs, answers, |mut job: Job| {
        let (asker, turns) = (Arc::clone(&asker), Arc::clone(&turns));
        async move {
            let turn = {
                let mut turns = turns.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(turns.entry(origin(&job.permalink)).or_default())
            };
            let mut known = turn.lock().await;
            // What was found for one article holds for the next.
            if let Some(site) = &*known {
                job.site.clone_from(site);
            }
            let (got, site) = asker.ask(&job).await;
            *known = Some(site.clone());
            Answer { job, got, site }
        }
    });
    if let Err(error) = pipeline::run_async(asking, cancelled) {
        tracing::error!(%error, "the system gave no means to ask for comments");
    }
}

/// Stores what came of one article.
fn record(
    parts: &Parts<'_>,
    store: &mut Store,
    answer: Answer,
    read: &mut Read,
) -> Result<(), StoreError> {
    let now = (parts.clock)();
    let Answer { job, got, site } = answer;
    let id = job.article.article;
    store.change_site(&origin(&job.permalink), |facts| facts.clone_from(&site))?;
    let page = shown_address(job.permalink.as_str());
    match got {
        Ok(found) => {
            let new = store.record_comments(
                id,
                now,
                &found.comments,
                found.completeness,
                &found.facts,
            )?;
            tracing::info!(
                page,
                comments = found.comments.len(),
                new,
                "comments stored"
            );
            read.new += new;
            read.articles.push(id);
            if new > 0 {
                read.with_news.push(id);
            }
        }
        Err(fault) => {
            let why = SafeText::line(&fault.why);
            tracing::info!(page, why = why.as_str(), "no comments");
            if let Some(until) = fault.rest {
                store.rest_host(job.permalink.host_str().unwrap_or_default(), until)?;
            }
            read.failed.push((id, why));
        }
    }
    Ok(())
}
