//! Which feeds a refresh looks at, and which of them it polls.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::config::{Config, ConfiguredFeed};
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::net::Credentials;
use crate::polite::{self, Due, Urgency};
use crate::store::{FeedState, Store};

use super::super::{Connection, Parts};
use super::{Report, Request, Status};

/// What is to be done.
pub(super) struct Plan {
    /// Feeds to poll.
    pub(super) jobs: Vec<Job>,
    /// Feeds that need no poll, with what to say of them.
    pub(super) settled: Vec<Report>,
}

/// One feed to poll.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Its configured title.
    pub(super) title: Option<String>,
    /// Where it is polled.
    pub(super) url: Url,
    /// What the cache knows of it.
    pub(super) state: FeedState,
    /// The least time between two polls.
    pub(super) refresh: Duration,
    /// Who asks.
    pub(super) login: Login,
}

/// HTTP Basic credentials, as far as they are known before the password is asked for.
#[derive(Clone, Debug)]
pub(super) enum Login {
    /// None.
    Nobody,
    /// They stand in the configured address.
    Written(Credentials),
    /// A name, and the command that prints the password.
    Command {
        /// The name.
        username: String,
        /// The program and its arguments; none where there is no password.
        command: Vec<String>,
    },
}

/// Returns the credentials for an address: none where the feed moved to another origin than the
/// configured one.
fn login(feed: &ConfiguredFeed, url: &Url) -> Login {
    let Ok(home) = Url::parse(&feed.url) else {
        return Login::Nobody;
    };
    if home.origin() != url.origin() {
        return Login::Nobody;
    }
    match (&feed.username, Credentials::written_in(&home)) {
        (Some(username), _) => Login::Command {
            username: username.clone(),
            command: feed.password_command.clone().unwrap_or_default(),
        },
        (None, Some(credentials)) => Login::Written(credentials),
        (None, None) => Login::Nobody,
    }
}

/// Decides for each feed of the request whether it is polled.
pub(super) fn plan(
    parts: &Parts<'_>,
    store: &mut Store,
    request: &Request,
    now: Timestamp,
) -> Result<Plan, Problem> {
    let feeds = selected(parts.config, request)?;
    let urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    let states = store.sync_feeds(&urls)?;
    let mut plan = Plan {
        jobs: Vec::new(),
        settled: Vec::new(),
    };
    for (feed, state) in feeds.into_iter().zip(states) {
        match poll_url(parts, request, feed, &state, now) {
            Ok(url) => plan.jobs.push(Job {
                title: feed.title.clone(),
                login: login(feed, &url),
                refresh: parts.config.least_wait(feed),
                url,
                state,
            }),
            Err(settled) => plan.settled.push(Report {
                feed: feed.url.clone(),
                title: feed.title.clone().or(state.title),
                url: state.polled_url,
                status: settled.status,
                http: None,
                new: 0,
                updated: 0,
                bytes: 0,
                error: settled.error.as_deref().map(SafeText::line),
                gone: None,
                next_check: settled.next_check,
            }),
        }
    }
    Ok(plan)
}

/// What is said of a feed that is not polled.
struct Settled {
    status: Status,
    error: Option<String>,
    next_check: Option<Timestamp>,
}

/// Returns where to poll a feed, or why it is not polled.
fn poll_url(
    parts: &Parts<'_>,
    request: &Request,
    feed: &ConfiguredFeed,
    state: &FeedState,
    now: Timestamp,
) -> Result<Url, Settled> {
    if state.gone {
        return Err(Settled {
            status: Status::Gone,
            error: None,
            next_check: None,
        });
    }
    let refresh = parts.config.least_wait(feed);
    let due = |urgency| polite::is_due(state.schedule(), now, refresh, urgency);
    if let Due::At(held) = due(request.urgency) {
        // Who is forced is held by less than the next check that nobody forces.
        let next = match due(Urgency::Usual) {
            Due::At(next) => next,
            Due::Now => held,
        };
        return Err(Settled {
            status: Status::NotDue,
            error: None,
            next_check: Some(next),
        });
    }
    // Nothing was asked, so the next check stays as it was.
    let failed = |error: String| Settled {
        status: Status::Failed,
        error: Some(error),
        next_check: state.next_poll.max(state.not_before),
    };
    let url = Url::parse(&state.polled_url).map_err(|error| failed(error.to_string()))?;
    if parts.connection == Connection::Offline && url.scheme() != "file" {
        return Err(failed("offline".to_owned()));
    }
    Ok(url)
}

/// Returns the feeds of the request, each once, in the order of the configuration.
pub(in crate::services) fn selected<'a>(
    config: &'a Config,
    request: &Request,
) -> Result<Vec<&'a ConfiguredFeed>, Problem> {
    let mut wanted: HashSet<&str> = HashSet::new();
    for name in &request.sections {
        let section = config.section(name).map_err(|unknown| unknown.problem())?;
        wanted.extend(section.feeds.iter().map(|feed| feed.url.as_str()));
    }
    for url in &request.feeds {
        let (_, feed) = config.feed(url).map_err(|unknown| unknown.problem())?;
        wanted.insert(&feed.url);
    }
    let all = request.sections.is_empty() && request.feeds.is_empty();
    let feeds = config.feeds().into_iter().map(|(_, feed)| feed);
    Ok(feeds
        .filter(|feed| all || wanted.contains(feed.url.as_str()))
        .collect())
}
