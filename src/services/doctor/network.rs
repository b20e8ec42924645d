//! Proxies, certificates, hosts, and how the feeds are doing.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use url::Url;

use super::{Area, Finding, State, counted};
use crate::model::error::{Exit, Problem};
use crate::net::{self, Client, FetchError, Greeting, Network};
use crate::services::subscriptions::{Health, Subscriptions};
use crate::services::{Connection, Parts, refresh};
use crate::store::Reader;

/// How many hosts are asked whether they are there.
const MOST_HOSTS: usize = 8;

/// How long a host has for its answer at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far a clock may be off before certificates and dates go wrong.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(5);

/// Looks at the network, unless it may not be used.
pub(super) fn examine(parts: &Parts<'_>, each: &mut dyn FnMut(Finding)) {
    let mut settings = refresh::settings(parts);
    settings.timeout = settings.timeout.min(PATIENCE);
    each(proxy(&settings));
    each(match net::check_certificates(&settings) {
        Ok(()) => Finding::new(
            Area::Certificates,
            State::Ok,
            &settings.ca_file.as_ref().map_or_else(
                || "the system's certificates are there".to_owned(),
                |file| {
                    format!(
                        "the system's certificates and `{}` are there",
                        file.display()
                    )
                },
            ),
        ),
        Err(error) => Finding::of(Area::Certificates, &error.problem()),
    });
    if parts.connection == Connection::Offline {
        each(Finding::new(
            Area::Network,
            State::Skipped,
            "no host is asked: the program is told to stay offline",
        ));
    } else {
        hosts(parts, settings, each);
    }
}

/// Says through which proxy hosts are asked.
fn proxy(settings: &Network) -> Finding {
    let said = |from: &str, proxy: &str| format!("{from} is {}", refresh::shown_address(proxy));
    let environment = &settings.environment;
    let what = match (&settings.proxy, &environment.http, &environment.https) {
        (Some(proxy), _, _) => said("`proxy` under `[network]`", proxy),
        (None, None, None) => "none is configured; hosts are asked directly".to_owned(),
        (None, http, https) => {
            let http = http.iter().map(|proxy| said("the one for http", proxy));
            let https = https.iter().map(|proxy| said("the one for https", proxy));
            let all: Vec<String> = http.chain(https).collect();
            format!("the environment names some: {}", all.join("; "))
        }
    };
    Finding::new(Area::Proxy, State::Ok, &what)
}

/// Asks some of the feeds' hosts whether they are there.
fn hosts(parts: &Parts<'_>, settings: Network, each: &mut dyn FnMut(Finding)) {
    let area = Area::Network;
    let mut hosts: Vec<Url> = Vec::new();
    for (_, feed) in parts.config.feeds() {
        let Ok(url) = Url::parse(&feed.url) else {
            continue;
        };
        let is_new = hosts.iter().all(|known| known.origin() != url.origin());
        if matches!(url.scheme(), "http" | "https") && is_new {
            hosts.push(url);
        }
    }
    if hosts.is_empty() {
        each(Finding::new(
            area,
            State::Skipped,
            "no feed needs the network",
        ));
        return;
    }
    let left = hosts.len().saturating_sub(MOST_HOSTS);
    hosts.truncate(MOST_HOSTS);
    let asked = hosts.len();
    let answers = match ask(hosts, settings) {
        Ok(answers) => answers,
        Err(error) => {
            let problem = Problem::new(Exit::Failed, "hosts cannot be asked").because_of(&error);
            each(Finding::of(area, &problem));
            return;
        }
    };
    let answered = answers.iter().filter(|(_, answer)| answer.is_ok()).count();
    // Where others answer, it is that host's own trouble.
    let state = if answered > 0 {
        State::Warning
    } else {
        State::Problem
    };
    let mut clocks = Vec::new();
    for (_, answer) in answers {
        match answer {
            Ok(Greeting { date, .. }) => clocks.extend(date),
            Err(error) => each(silent(state, &error.problem())),
        }
    }
    if answered > 0 {
        let others = match left {
            0 => String::new(),
            left => format!(" ({left} more were not asked)"),
        };
        let what = format!(
            "{answered} of {}{others} answered",
            counted(asked as u64, "host")
        );
        each(Finding::new(area, State::Ok, &what));
    }
    clock((parts.clock)(), clocks, each);
}

/// Says why a host did not answer.
fn silent(state: State, problem: &Problem) -> Finding {
    let finding = Finding {
        state,
        ..Finding::of(Area::Network, problem)
    };
    match (&finding.hint, state) {
        (None, State::Problem) => {
            finding.hint("check the connection and the proxy; what is stored can be read meanwhile")
        }
        _ => finding,
    }
}

/// Says where this machine's clock and those of the hosts are far apart.
fn clock(now: Timestamp, mut clocks: Vec<Timestamp>, each: &mut dyn FnMut(Finding)) {
    // One host's clock may be wrong; the one in the middle hardly is.
    clocks.sort_unstable();
    let Some(theirs) = clocks.get(clocks.len() / 2) else {
        return;
    };
    let ahead = now.duration_since(*theirs);
    if ahead.abs() > CLOCK_SLACK {
        let side = if ahead.is_positive() {
            "ahead of"
        } else {
            "behind"
        };
        let what = format!(
            "this machine's clock is {} {side} those of the hosts",
            counted(ahead.abs().as_secs().unsigned_abs() / 60, "minute")
        );
        let finding = Finding::new(Area::Network, State::Warning, &what);
        each(finding.hint("set the clock: feeds are polled and certificates judged by it"));
    }
}

/// Asks all hosts at once; returns their answers in the order of the hosts.
fn ask(
    hosts: Vec<Url>,
    settings: Network,
) -> std::io::Result<Vec<(usize, Result<Greeting, FetchError>)>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let client = Arc::new(Client::new(settings));
    let mut answers = runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for (number, url) in hosts.into_iter().enumerate() {
            let client = Arc::clone(&client);
            tasks.spawn(async move { (number, client.greet(&url).await) });
        }
        tasks.join_all().await
    });
    // A name that is still being looked up must not hold the program.
    runtime.shutdown_background();
    answers.sort_by_key(|(number, _)| *number);
    Ok(answers)
}

/// Says how many feeds fail.
pub(super) fn feeds(parts: &Parts<'_>, each: &mut dyn FnMut(Finding)) {
    let opened = Reader::open(parts.data_dir).map_err(Problem::from);
    let feeds = match opened.and_then(|reader| Subscriptions::load(parts.config, &reader)) {
        Ok(feeds) => feeds,
        Err(problem) => return each(Finding::of(Area::Database, &problem)),
    };
    let now = (parts.clock)();
    let of = |health: Health| {
        feeds
            .listed()
            .iter()
            .filter(move |feed| feed.health(now) == health)
    };
    let failing = of(Health::Failing).count() as u64;
    let gone = of(Health::Gone).count() as u64;
    for (count, what, hint) in [
        (
            failing,
            "failed when last polled",
            "`gazette feeds list` says why",
        ),
        (
            gone,
            "gone for good",
            "`gazette feeds list` says which; take them out of the configuration",
        ),
    ] {
        if count > 0 {
            let verb = match (what, count) {
                ("gone for good", 1) => " is",
                ("gone for good", _) => " are",
                _ => "",
            };
            let what = format!("{}{verb} {what}", counted(count, "feed"));
            each(Finding::new(Area::Network, State::Warning, &what).hint(hint));
        }
    }
}
