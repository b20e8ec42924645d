//! The lists of the screen: their rows, each story once, how much is in them, and what arrived.
//!
//! - [`rows`]: a list, as it is drawn
//! - [`arrived`]: how many rows it would gain
//! - [`tallies`]: what is counted beside the lists and in the state

use std::collections::HashMap;
use std::ops::ControlFlow;

use jiff::{SignedDuration, Timestamp};

use crate::config::{Config, Section};
use crate::model::article::{ArticleId, FeedId};
use crate::model::error::Problem;
use crate::store::{Moments, Reader, RowQuery, RowsOf};

use super::subscriptions::{Health, Subscription, Subscriptions};

pub use crate::store::{Filter, Row, Tally};

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListOf {
    /// What is dated today, of all listed feeds.
    Today,
    /// What is starred, of all feeds, listed or not.
    Starred,
    /// Open consultations of all listed feeds, the first to close first.
    Closing,
    /// A section, by its place in the configuration.
    Section(usize),
    /// One feed of a section.
    Feed {
        /// The section's place in the configuration.
        section: usize,
        /// The feed's place in the section.
        feed: usize,
    },
}

impl Default for ListOf {
    fn default() -> Self {
        Self::Section(0)
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By the feed's short name, without case; the newest first within one.
    Source,
    /// By title, without case; the newest first where it is the same.
    Title,
    /// By the time at which consultations close; the newest first among the others.
    Closing,
}

/// In how many days a consultation closes soon.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Whether what closes then closes soon.
pub fn closes_soon(closes: Timestamp, now: Timestamp) -> bool {
    closes > now && closes.duration_since(now) < SOON
}

/// Which rows to list, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsQuery {
    /// What the list is of.
    pub of: ListOf,
    /// Which of its rows are shown.
    pub filter: Filter,
    /// Their order.
    pub sort: Sort,
    /// The first moment of the reader's day.
    pub today: Timestamp,
    /// Now.
    pub now: Timestamp,
}

impl RowsQuery {
    /// Returns what the cache is asked.
    fn asked(&self, config: &Config, feeds: &Subscriptions) -> RowQuery {
        let sections = || by_section(config, feeds);
        RowQuery {
            of: match self.of {
                ListOf::Today => RowsOf::Today(ids(feeds.listed())),
                ListOf::Starred => RowsOf::Starred,
                ListOf::Closing => RowsOf::Closing(ids(feeds.listed())),
                ListOf::Section(section) => {
                    let found = sections().into_iter().nth(section);
                    RowsOf::Feeds(ids(found.into_iter().flatten()))
                }
                ListOf::Feed { section, feed } => {
                    let found = sections().into_iter().nth(section);
                    RowsOf::Feeds(ids(found.into_iter().flatten().nth(feed)))
                }
            },
            filter: self.filter,
            today: self.today,
            now: self.now,
            listed: ids(feeds.listed()).into_iter().collect(),
        }
    }
}

/// Returns the feeds of each section, in their order.
fn by_section<'a>(config: &Config, feeds: &'a Subscriptions) -> Vec<Vec<&'a Subscription>> {
    let listed = feeds.listed().iter();
    let by_url: HashMap<&str, &Subscription> =
        listed.map(|feed| (feed.url.as_str(), feed)).collect();
    let of_section = |section: &Section| {
        let found = section.feeds.iter();
        found
            .filter_map(|feed| by_url.get(feed.url.as_str()).copied())
            .collect()
    };
    config.sections.iter().map(of_section).collect()
}

/// Returns the numbers of feeds that the cache knows.
fn ids<'a>(feeds: impl IntoIterator<Item = &'a Subscription>) -> Vec<FeedId> {
    feeds.into_iter().filter_map(id).collect()
}

/// Returns a feed's number; none before the cache knows it.
fn id(feed: &Subscription) -> Option<FeedId> {
    feed.state.as_ref().map(|state| state.id)
}

/// Returns a feed's name where room is short: its title where it has no shorter one.
fn short_name(feed: &Subscription) -> &str {
    feed.short.as_deref().unwrap_or(&feed.title)
}

/// Hands the rows of a list to `each` in chunks, in their order, until it breaks off.
///
/// The newest come at once, in a first chunk of at most 100; another order is one chunk.
pub fn rows(
    reader: &Reader,
    config: &Config,
    feeds: &Subscriptions,
    query: &RowsQuery,
    each: &mut dyn FnMut(Vec<Row>) -> ControlFlow<()>,
) -> Result<(), Problem> {
    let asked = query.asked(config, feeds);
    if query.sort == Sort::Newest {
        return Ok(reader.rows(&asked, each)?);
    }
    let mut rows = Vec::new();
    reader.rows(&asked, &mut |chunk| {
        rows.extend(chunk);
        ControlFlow::Continue(())
    })?;
    // The sorts are stable, so the newest stays first where nothing else orders.
    match query.sort {
        Sort::Newest => {}
        Sort::Oldest => rows.reverse(),
        Sort::Source => {
            let mut names: HashMap<FeedId, String> = HashMap::new();
            for row in &rows {
                names.entry(row.feed).or_insert_with(|| {
                    let feed = feeds.feed(row.feed);
                    feed.map_or("", short_name).to_lowercase()
                });
            }
            rows.sort_by(|one, other| names.get(&one.feed).cmp(&names.get(&other.feed)));
        }
        Sort::Title => rows.sort_by_cached_key(|row| row.title.to_lowercase()),
        Sort::Closing => rows.sort_by_key(|row| row.closes.unwrap_or(Timestamp::MAX)),
    }
    if !rows.is_empty() {
        // It was the only chunk, so it doesn't matter whether more are wanted.
        let _ = each(rows);
    }
    Ok(())
}

/// Returns how many rows a list gained by articles that came after the one with the number
/// `after`: stories that had no row in it.
pub fn arrived(
    reader: &Reader,
    config: &Config,
    feeds: &Subscriptions,
    query: &RowsQuery,
    after: ArticleId,
) -> Result<u32, Problem> {
    Ok(reader.arrived(&query.asked(config, feeds), after)?)
}

/// Returns the number of the newest article in the cache, for [`arrived`]; 0 where there is none.
/// A list and this are of one moment within [`Reader::at_once`].
pub fn newest_id(reader: &Reader) -> Result<ArticleId, Problem> {
    Ok(reader.newest_id()?)
}

/// What is counted beside the lists and in the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Today's stories, of all listed feeds.
    pub today: Tally,
    /// The starred ones, of all feeds.
    pub starred: Tally,
    /// Open consultations that close soon.
    pub closing: Tally,
    /// How many close later.
    pub closing_later: u32,
    /// The sections, in the order of the configuration.
    pub sections: Vec<SectionTally>,
    /// How many listed feeds failed at their last poll.
    pub failing: u32,
    /// The newest poll of a listed feed that went well.
    pub last_good: Option<Timestamp>,
    /// The earliest next check of a listed feed; none where none has one.
    pub next_poll: Option<Timestamp>,
    /// How many listed feeds were never polled.
    pub never_polled: u32,
}

/// What is in a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionTally {
    /// Each story once.
    pub own: Tally,
    /// Its feeds, in their order.
    pub feeds: Vec<FeedTally>,
}

/// What is in a feed, and how it is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedTally {
    /// Its articles.
    pub tally: Tally,
    /// Its number; none before it is known to the cache.
    pub id: Option<FeedId>,
    /// How it is doing.
    pub health: Health,
    /// Its title.
    pub title: String,
    /// Its name where room is short.
    pub short: String,
    /// When it is polled next.
    pub next_check: Option<Timestamp>,
    /// Why its last poll failed.
    pub error: Option<String>,
}

/// Returns what is in all lists, each story counted once in each, and how the feeds are doing.
///
/// The counts are those of this moment; how feeds are doing is what `feeds` was loaded with.
pub fn tallies(
    reader: &Reader,
    config: &Config,
    feeds: &Subscriptions,
    today: Timestamp,
    now: Timestamp,
) -> Result<Tallies, Problem> {
    let sections = by_section(config, feeds);
    let groups: Vec<Vec<FeedId>> = sections
        .iter()
        .map(|feeds| ids(feeds.iter().copied()))
        .collect();
    let tallied = reader.tally(
        &groups,
        &ids(feeds.listed()),
        Moments {
            today,
            now,
            soon: now.saturating_add(SOON).unwrap_or(Timestamp::MAX),
        },
    )?;
    let of_feed = |feed: &&Subscription| FeedTally {
        tally: id(feed)
            .and_then(|id| tallied.feeds.get(&id).copied())
            .unwrap_or_default(),
        id: id(feed),
        health: feed.health(now),
        title: feed.title.clone(),
        short: short_name(feed).to_owned(),
        next_check: feed.next_check(now),
        error: feed
            .state
            .as_ref()
            .and_then(|state| state.last_error.clone()),
    };
    let sections = sections.iter().zip(&tallied.groups);
    let sections = sections.map(|(feeds, own)| SectionTally {
        own: *own,
        feeds: feeds.iter().map(of_feed).collect(),
    });
    let states = || feeds.listed().iter().map(|feed| feed.state.as_ref());
    let count = |is: &dyn Fn(&Subscription) -> bool| {
        let found = feeds.listed().iter().filter(|feed| is(feed));
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    };
    Ok(Tallies {
        today: tallied.today,
        starred: tallied.starred,
        closing: tallied.closing,
        closing_later: tallied.closing_later,
        sections: sections.collect(),
        failing: count(&|feed| feed.health(now) == Health::Failing),
        last_good: states().filter_map(|state| state?.last_good).max(),
        next_poll: feeds
            .listed()
            .iter()
            .filter_map(|feed| feed.next_check(now))
            .min(),
        never_polled: count(&|feed| {
            let state = feed.state.as_ref();
            state.is_none_or(|state| state.last_poll.is_none())
        }),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
