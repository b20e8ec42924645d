//! Which pages are fetched, and in which order.

use std::collections::{HashMap, HashSet};

use jiff::SignedDuration;
use url::Url;

use crate::config::{Config, ConfiguredFeed, Prefetch};
use crate::extract::{self, Source};
use crate::model::article::{ArticleId, FeedId};
use crate::model::error::Problem;
use crate::store::{PagesOf, Store, StoreError, WantedPage};

use super::super::{Connection, Parts};

/// The most pages that a refresh fetches.
const MOST_AHEAD: usize = 200;

/// The most of them from one host.
const MOST_OF_A_HOST: usize = 60;

/// What is to be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// Pages to fetch, the most wanted first.
    pub(super) jobs: Vec<Job>,
    /// Pages that are wanted and not fetched now.
    pub(super) left: usize,
}

/// One page to fetch.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Where it is asked for, and how it is read.
    pub(super) source: Source,
    /// The articles with this page: one story of several feeds.
    pub(super) articles: Vec<ArticleId>,
    /// Where the page's address stands: where its feed is polled, or the page that moved here.
    pub(super) feed: Url,
    /// The host that is asked.
    pub(super) host: String,
    /// How often the page failed in a row.
    pub(super) failures: u32,
    /// The article's title.
    pub(super) title: String,
    /// What the feed says of it, as HTML.
    pub(super) feed_html: String,
}

impl Job {
    /// Returns the same page, at the place to which this one says that it moved.
    pub(super) fn moved(self, source: Source) -> Self {
        Self {
            host: host_of(&source.url),
            feed: self.source.url,
            source,
            ..self
        }
    }

    /// Returns the address that is asked.
    pub(super) fn url(&self) -> &Url {
        &self.source.url
    }
}

/// How many pages one plan has at most, and of one host.
#[derive(Clone, Copy)]
struct Limits {
    all: usize,
    of_a_host: usize,
}

/// Plans what a refresh of these feeds fetches ahead.
pub(super) fn ahead(
    parts: &Parts<'_>,
    store: &mut Store,
    feeds: &[&ConfiguredFeed],
) -> Result<Plan, Problem> {
    let urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    let states = store.sync_feeds(&urls)?;
    let wanted_of: Vec<(FeedId, PagesOf)> = feeds
        .iter()
        .zip(&states)
        .map(|(feed, state)| (state.id, policy(parts.config, feed)))
        .collect();
    if parts.connection == Connection::Offline {
        return Ok(Plan::default());
    }
    let now = (parts.clock)();
    let days = i64::from(parts.config.general.keep_days);
    let kept_from = match days {
        0 => None,
        days => now.checked_sub(SignedDuration::from_hours(24 * days)).ok(),
    };
    let wanted = store.wanted_pages(&wanted_of, kept_from, now)?;
    let limits = Limits {
        all: MOST_AHEAD,
        of_a_host: MOST_OF_A_HOST,
    };
    plan(parts, store, wanted, limits)
}

/// Plans the fetching of these articles' pages.
pub(super) fn these(
    parts: &Parts<'_>,
    store: &mut Store,
    articles: &[ArticleId],
) -> Result<Plan, Problem> {
    let wanted = store.pages_of(articles)?;
    if parts.connection == Connection::Offline {
        return Ok(Plan {
            left: wanted.len(),
            ..Plan::default()
        });
    }
    let limits = Limits {
        all: usize::MAX,
        of_a_host: usize::MAX,
    };
    plan(parts, store, wanted, limits)
}

/// Returns which pages of a feed are fetched ahead.
fn policy(config: &Config, feed: &ConfiguredFeed) -> PagesOf {
    match (feed.full_text, config.general.prefetch_full_text) {
        (Some(true), _) | (None, Prefetch::Always) => PagesOf::All,
        (None, Prefetch::SummaryOnly) => PagesOf::Summaries,
        (Some(false), _) | (None, Prefetch::Never) => PagesOf::Asked,
    }
}

/// Returns the hosts that asked to be left alone for now.
pub(super) fn resting(parts: &Parts<'_>, store: &mut Store) -> Result<HashSet<String>, StoreError> {
    let hosts = store.hosts_at_rest((parts.clock)())?;
    Ok(hosts.into_iter().map(|(host, _)| host).collect())
}

/// Returns what counts as one host.
fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// Puts articles with one page together, and leaves out what no page is asked for.
fn plan(
    parts: &Parts<'_>,
    store: &mut Store,
    wanted: Vec<WantedPage>,
    limits: Limits,
) -> Result<Plan, Problem> {
    let resting = resting(parts, store)?;
    let mut plan = Plan::default();
    let mut places: HashMap<Url, Option<usize>> = HashMap::new();
    let mut of_host: HashMap<String, usize> = HashMap::new();
    for page in wanted {
        let permalink = Url::parse(&page.permalink).ok();
        let Some(source) = permalink.and_then(|url| extract::address(&url)) else {
            continue;
        };
        if let Some(place) = places.get(&source.url) {
            if let Some(job) = place.and_then(|place| plan.jobs.get_mut(place)) {
                job.articles.push(page.article);
            }
            continue;
        }
        let host = host_of(&source.url);
        let count = of_host.entry(host.clone()).or_default();
        let feed = Url::parse(&page.feed).ok();
        let (Some(feed), true) = (
            feed,
            plan.jobs.len() < limits.all && *count < limits.of_a_host && !resting.contains(&host),
        ) else {
            places.insert(source.url, None);
            plan.left += 1;
            continue;
        };
        *count += 1;
        places.insert(source.url.clone(), Some(plan.jobs.len()));
        let (title, feed_html) = store.feed_text(page.article)?.unwrap_or_default();
        plan.jobs.push(Job {
            source,
            articles: vec![page.article],
            feed,
            host,
            failures: page.failures,
            title,
            feed_html,
        });
    }
    Ok(plan)
}
