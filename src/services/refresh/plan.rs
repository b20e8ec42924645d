//! Which feeds a refresh looks at, and which of them it polls.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::config::{Config, ConfiguredFeed};
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::net::Credentials;
use crate::polite::{self, Due, Schedule};
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
    let feeds = select(parts.config, request)?;
    let urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    let states = store.sync_feeds(&urls)?;
    let mut plan = Plan {
        jobs: Vec::new(),
        settled: Vec::new(),
    };
    for (feed, state) in feeds.into_iter().zip(states) {
        let minutes = feed
            .refresh_minutes
            .unwrap_or(parts.config.general.refresh_minutes);
        let refresh = Duration::from_secs(u64::from(minutes) * 60);
        let settled = |status, error: Option<&str>, next_check| Report {
            feed: feed.url.clone(),
            title: feed.title.clone().or_else(|| state.title.clone()),
            url: state.polled_url.clone(),
            status,
            http: None,
            new: 0,
            updated: 0,
            bytes: 0,
            error: error.map(SafeText::line),
            next_check,
        };
        if state.gone {
            plan.settled.push(settled(Status::Gone, None, None));
            continue;
        }
        let schedule = Schedule {
            next_poll: state.next_poll,
            not_before: state.not_before,
            last_poll: state.last_poll,
            failures: state.failures,
        };
        if let Due::At(next) = polite::is_due(schedule, now, refresh, request.urgency) {
            plan.settled.push(settled(Status::NotDue, None, Some(next)));
            continue;
        }
        let next = state.next_poll.max(state.not_before);
        let url = match Url::parse(&state.polled_url) {
            Ok(url) => url,
            Err(error) => {
                plan.settled
                    .push(settled(Status::Failed, Some(&error.to_string()), next));
                continue;
            }
        };
        if parts.connection == Connection::Offline && url.scheme() != "file" {
            plan.settled
                .push(settled(Status::Failed, Some("offline"), next));
            continue;
        }
        let login = login(feed, &url);
        plan.jobs.push(Job {
            title: feed.title.clone(),
            url,
            state,
            refresh,
            login,
        });
    }
    Ok(plan)
}

/// Returns the feeds of the request, each once, in the order of the configuration.
fn select<'a>(config: &'a Config, request: &Request) -> Result<Vec<&'a ConfiguredFeed>, Problem> {
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
    let chosen: Vec<&ConfiguredFeed> = config
        .feeds()
        .into_iter()
        .map(|(_, feed)| feed)
        .filter(|feed| all || wanted.contains(feed.url.as_str()))
        .collect();
    if chosen.is_empty() {
        return Err(Problem::new(Exit::Usage, "there is no feed to refresh")
            .hint("add one under [[sections]] in the configuration"));
    }
    Ok(chosen)
}
