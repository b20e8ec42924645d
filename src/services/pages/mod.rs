//! Fetches articles' own pages, where their feeds have only summaries.
//!
//! A refresh does it for what is new once all feeds are stored, and the reader for what is wanted on
//! the train. A page that is worse than what the feed has never takes its place, and no host is
//! asked for more than four pages at once, nor after it asked to be left alone.
//!
//! - `plan`: which pages, and in which order
//! - `fetch`: asks for them, and stops at hosts that fail
//! - `prepare`: makes finished rows of them

mod fetch;
mod plan;
mod prepare;

use crate::model::article::ArticleId;
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::store::{Store, StoreError};

pub use self::plan::Plan;
use self::prepare::{Finished, Outcome};
use super::refresh::{Request, selected, settings, shown_address};
use super::{Parts, Stop, pipeline};

/// How often a page may say that it moved.
const MOST_MOVES: u32 = 3;

/// What came of fetching pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Pages that were stored.
    pub fetched: usize,
    /// The articles whose text is that of such a page.
    pub articles: Vec<ArticleId>,
    /// Pages that couldn't be fetched or were of no use.
    pub failed: usize,
    /// Pages that are still wanted: those beyond the limits, and those of hosts that are left alone.
    pub left: usize,
    /// Why the first one failed.
    pub failure: Option<SafeText>,
    /// Whether it was stopped early.
    pub stopped: bool,
}

/// Plans to fetch the pages that are wanted of the feeds of a refresh, the newest first, as far as
/// the configuration and the limits of one refresh allow. What is left the next plan takes up.
///
/// Offline there are none.
pub fn plan_ahead(
    parts: &Parts<'_>,
    store: &mut Store,
    request: &Request,
) -> Result<Plan, Problem> {
    let feeds = selected(parts.config, request)?;
    plan::ahead(parts, store, &feeds)
}

/// Plans to fetch the pages of these articles, but for those whose whole text is stored already.
/// They stay wanted until they are stored; offline that is all that is done.
pub fn plan_these(
    parts: &Parts<'_>,
    store: &mut Store,
    articles: &[ArticleId],
) -> Result<Plan, Problem> {
    store.want_pages(articles)?;
    plan::these(parts, store, articles)
}

impl Plan {
    /// Returns how many pages will be asked for.
    pub fn pages(&self) -> usize {
        self.jobs.len()
    }

    /// Whether no page is wanted at all.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.left == 0
    }
}

/// Fetches the pages of a plan; `on_page` hears of each that is done, well or not.
pub fn fetch(
    parts: &Parts<'_>,
    store: &mut Store,
    plan: Plan,
    stop: Stop<'_>,
    on_page: &mut dyn FnMut(),
) -> Result<Fetched, Problem> {
    let mut fetched = Fetched::default();
    let planned = plan.jobs.len();
    let mut fault = None;
    let mut jobs = plan.jobs;
    let mut moves = 0;
    while !jobs.is_empty() && !fetched.stopped {
        let (clock, settings) = (parts.clock, settings(parts));
        let max_body_bytes = settings.max_body_bytes;
        let now = std::mem::take(&mut jobs);
        fetched.stopped = pipeline::run(
            now.len(),
            move |answers, cancelled| fetch::fetch_all(settings, now, answers, cancelled, clock),
            |answer| prepare::prepare(answer, max_body_bytes, moves < MOST_MOVES),
            stop,
            &mut |finished: Finished| {
                if let Outcome::Moved(source) = &finished.outcome {
                    jobs.push(finished.job.clone().moved(source.clone()));
                    return;
                }
                match record(store, &finished) {
                    Ok(()) => fetched.count(&finished),
                    Err(error) => fault = fault.take().or(Some(error)),
                }
                on_page();
            },
        );
        moves += 1;
        if !jobs.is_empty() {
            match plan::resting(parts, store) {
                Ok(resting) => jobs.retain(|job| !resting.contains(&job.host)),
                Err(error) => {
                    fault = fault.or(Some(error));
                    break;
                }
            }
        }
    }
    let done = fetched.fetched + fetched.failed;
    fetched.left = plan.left + planned.saturating_sub(done);
    if fetched.fetched + fetched.failed > 0 {
        fault = fault.or(store.make_durable().err());
    }
    match fault {
        Some(error) => Err(error.problem()),
        None => Ok(fetched),
    }
}

impl Fetched {
    fn count(&mut self, finished: &Finished) {
        match &finished.outcome {
            Outcome::Page(_) => {
                self.fetched += 1;
                self.articles.extend(&finished.job.articles);
            }
            Outcome::Failed { why, .. } => {
                self.failed += 1;
                self.failure.get_or_insert_with(|| SafeText::line(why));
            }
            Outcome::Moved(_) | Outcome::LeftAlone => {}
        }
    }
}

/// Stores what came of asking for a page.
fn record(store: &mut Store, finished: &Finished) -> Result<(), StoreError> {
    let page = shown_address(finished.job.url().as_str());
    match &finished.outcome {
        Outcome::Page(new) => {
            let changed = store.record_page(&finished.job.articles, finished.at, new)?;
            tracing::info!(page, changed, "page stored");
        }
        Outcome::Failed { why, again, rest } => {
            tracing::info!(page, why = SafeText::line(why).as_str(), "no page");
            if let Some(until) = rest {
                store.rest_host(&finished.job.host, *until)?;
            }
            store.record_page_failure(&finished.job.articles, *again)?;
        }
        Outcome::Moved(_) | Outcome::LeftAlone => {}
    }
    Ok(())
}
