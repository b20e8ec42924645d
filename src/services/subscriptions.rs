//! Which feeds there are, in which section, and how they are doing.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::Config;
use crate::model::article::FeedId;
use crate::model::error::Problem;
use crate::polite::{self, Due, Urgency};
use crate::store::{FeedState, Reader};

/// A healthy feed without news for longer than this is late.
const LATE_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One feed that is configured, or was and still has articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its address as configured.
    pub url: String,
    /// The configured title, else the feed's own, else its address.
    pub title: String,
    /// Its name where room is short.
    pub short: Option<String>,
    /// The tags that all its articles have.
    pub tags: Vec<String>,
    /// The first section that lists it; none for a feed no longer listed.
    pub section: Option<String>,
    /// The least time between two polls.
    pub refresh: Duration,
    /// What the cache knows of it; nothing before its first poll.
    pub state: Option<FeedState>,
}

/// How a feed is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It was never polled.
    New,
    /// It answers.
    Ok,
    /// It answers, but brought nothing new for thirty days.
    Late,
    /// Its last poll failed.
    Failing,
    /// Its server said that it is gone for good.
    Gone,
}

impl Health {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Late => "late",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }
}

impl Subscription {
    /// Returns how the feed is doing.
    pub fn health(&self, now: Timestamp) -> Health {
        let Some(state) = &self.state else {
            return Health::New;
        };
        if state.gone {
            Health::Gone
        } else if state.failures > 0 {
            Health::Failing
        } else if state.last_poll.is_none() {
            Health::New
        } else if state
            .last_news
            .is_some_and(|last| now.duration_since(last) > LATE_AFTER)
        {
            Health::Late
        } else {
            Health::Ok
        }
    }

    /// Returns where the feed is polled now.
    pub fn polled(&self) -> &str {
        self.state
            .as_ref()
            .map_or(&self.url, |state| &state.polled_url)
    }

    /// Returns when the feed is polled next, as a refresh at `now` would decide; nothing for one
    /// that is gone or was never polled.
    pub fn next_check(&self, now: Timestamp) -> Option<Timestamp> {
        let state = self.state.as_ref().filter(|state| !state.gone)?;
        let reckoned = state.next_poll.max(state.not_before)?;
        match polite::is_due(state.schedule(), now, self.refresh, Urgency::Usual) {
            Due::At(next) => Some(next),
            // Not later than now, whatever a clock that was wrong had reckoned.
            Due::Now => Some(reckoned.min(now)),
        }
    }
}

/// All feeds: the configured ones in their order, then those no longer listed.
#[derive(Debug)]
pub struct Subscriptions {
    all: Vec<Subscription>,
    by_id: HashMap<FeedId, usize>,
    listed: usize,
}

impl Subscriptions {
    /// Reads which feeds there are.
    pub fn load(config: &Config, reader: &Reader) -> Result<Self, Problem> {
        let mut states: HashMap<String, FeedState> = reader
            .feeds()?
            .into_iter()
            .map(|state| (state.url.clone(), state))
            .collect();
        let mut all = Vec::new();
        for (section, feed) in config.feeds() {
            let state = states.remove(&feed.url);
            let own_title = state.as_ref().and_then(|state| state.title.clone());
            all.push(Subscription {
                title: feed
                    .title
                    .clone()
                    .or(own_title)
                    .unwrap_or_else(|| feed.url.clone()),
                url: feed.url.clone(),
                short: feed.short.clone(),
                tags: feed.tags.clone(),
                section: Some(section.name.clone()),
                refresh: config.least_wait(feed),
                state,
            });
        }
        let listed = all.len();
        let mut unlisted: Vec<FeedState> = states.into_values().collect();
        unlisted.sort_by_key(|state| state.id);
        all.extend(unlisted.into_iter().map(|state| Subscription {
            title: state.title.clone().unwrap_or_else(|| state.url.clone()),
            url: state.url.clone(),
            short: None,
            tags: Vec::new(),
            section: None,
            refresh: config.general.least_wait(),
            state: Some(state),
        }));
        let by_id = all
            .iter()
            .enumerate()
            .filter_map(|(at, feed)| feed.state.as_ref().map(|state| (state.id, at)))
            .collect();
        Ok(Self { all, by_id, listed })
    }

    /// Returns all feeds: the configured ones in their order, then those no longer listed.
    pub fn all(&self) -> &[Subscription] {
        &self.all
    }

    /// Returns the configured feeds, each once, in the order of the configuration.
    pub fn listed(&self) -> &[Subscription] {
        &self.all[..self.listed]
    }

    /// Returns the feed with a number.
    pub fn feed(&self, id: FeedId) -> Option<&Subscription> {
        self.by_id.get(&id).and_then(|at| self.all.get(*at))
    }

    /// Returns the feeds of a section that the cache knows.
    ///
    /// A section that does not exist is a problem that names the nearest one.
    pub fn in_section(&self, config: &Config, name: &str) -> Result<Vec<FeedId>, Problem> {
        let section = config.section(name).map_err(|unknown| unknown.problem())?;
        let known: HashMap<&str, FeedId> = self
            .all
            .iter()
            .filter_map(|feed| {
                feed.state
                    .as_ref()
                    .map(|state| (feed.url.as_str(), state.id))
            })
            .collect();
        Ok(section
            .feeds
            .iter()
            .filter_map(|feed| known.get(feed.url.as_str()).copied())
            .collect())
    }

    /// Returns the feeds all of whose articles have a tag.
    pub fn with_tag(&self, tag: &str) -> Vec<FeedId> {
        self.all
            .iter()
            .filter(|feed| feed.tags.iter().any(|known| known == tag))
            .filter_map(|feed| feed.state.as_ref().map(|state| state.id))
            .collect()
    }

    /// Returns the feed with an address, as configured or as polled now; none where it is
    /// configured but was never polled. Feeds no longer listed count too.
    pub fn with_address(&self, config: &Config, url: &str) -> Result<Option<FeedId>, Problem> {
        let found = self
            .all
            .iter()
            .find(|feed| feed.url == url)
            .or_else(|| self.all.iter().find(|feed| feed.polled() == url));
        match found {
            Some(feed) => Ok(feed.state.as_ref().map(|state| state.id)),
            None => config
                .feed(url)
                .map(|_| None)
                .map_err(|unknown| unknown.problem()),
        }
    }
}
