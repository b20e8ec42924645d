//! The samples of `gazette demo`: sections, feeds and marks as on a real morning, in a folder of
//! their own.
//!
//! Every name, number and address in them is invented. They are ordinary feed documents below
//! `assets/demo`, read by an ordinary refresh that opens no socket, with three kinds of
//! placeholders that [`Filling`] replaces:
//!
//! - `{-1d 17:20 rfc2822}`, `{-1d 17:20 rfc3339}`: so many days before today, at that time of the
//!   reader's day. Today's times are moved together where some of them are yet to come.
//! - `{+3d long}`: `Friday 27 November 2026`
//! - `{was these words|those words}`: the first of them until the article was read, then the others
//!
//! [`set_up`] never touches anything outside the folder it is given, and leaves that folder to its
//! caller to remove.

mod comments;
mod pages;

use std::ops::ControlFlow;
use std::path::Path;

use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use url::Url;

use crate::config::{self, Config};
use crate::model::article::{ArticleId, Mark};
use crate::model::error::{Exit, Problem};
use crate::net::Proxies;
use crate::platform::{Overwrite, write_atomic};
use crate::polite::Urgency;
use crate::store::{Folder, Is, ListQuery, Reader, Store};

use super::refresh::{self, Event, Request};
use super::{Connection, Parts, find};

/// The name of the folder with the cache, below the one that [`set_up`] is given.
pub const DATA_FOLDER: &str = "data";

const CONFIG: &str = include_str!("../../assets/demo/config.toml");

/// Names each sample by its file below `assets/demo`.
macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../assets/demo/", $name)))),+]
    };
}

/// Each feed's file name and text.
const FEEDS: [(&str, &str); 17] = samples![
    "publictechnology.xml",
    "hm-treasury.xml",
    "digital-service.xml",
    "wales.xml",
    "health-ni.xml",
    "gov-uk.xml",
    "cabinet-office.xml",
    "gds-blog.xml",
    "dsit.xml",
    "post.xml",
    "plain-ledger.xml",
    "corridor-notes.xml",
    "consultations.xml",
    "statistics.xml",
    "health.xml",
    "councils.xml",
    "commons-library.xml",
];

/// The guids of what is still to be read, section by section.
const UNREAD: [&str; 27] = [
    // Latest news: nine stories, one of them in two feeds.
    "pubtech-delayed-plan",
    "treasury-budget-day",
    "wales-forty-towns",
    "doh-waiting-times",
    "pubtech-school-budgets",
    "govuk-tender-notices",
    "treasury-tender-notices",
    "pubtech-procurement",
    "govuk-pay-remit",
    "govuk-hiring",
    // Policy & digital: four.
    "dsit-open-licence",
    "gdsblog-sign-ins",
    "dsit-sharing-data",
    "dsit-automated-decisions",
    // Comment: one.
    "ledger-boring-form",
    // Consultations: three.
    "consult-parking",
    "consult-libraries",
    "consult-bus-shelters",
    // Statistics: two.
    "stats-repairs",
    "stats-commuting",
    // Health & local: seven.
    "nhse-pharmacies",
    "nhse-gardens",
    "courier-potholes",
    "courier-meetings",
    "nhse-letters",
    "courier-swimming",
    "courier-wardens",
];

/// The guids of what is starred.
const STARRED: [&str; 6] = [
    "treasury-budget-day",
    "pubtech-procurement",
    "pubtech-audit",
    "cabinet-plan",
    "dsit-data-officers",
    "ledger-small-repairs",
];

/// Writes the samples below `folder`, reads them into a cache in its [`DATA_FOLDER`] and marks what
/// is read and starred; returns the configuration that lists them.
///
/// Dates are counted back from what `clock` says now, in `zone`. No socket is opened.
pub fn set_up(folder: &Path, clock: fn() -> Timestamp, zone: &TimeZone) -> Result<Config, Problem> {
    let filling = Filling::new(clock(), zone);
    let feeds = folder.join("feeds");
    let address = Url::from_file_path(&feeds).map_err(|()| {
        Problem::new(
            Exit::Failed,
            &format!("`{}` is no whole path", feeds.display()),
        )
    })?;
    let config = config::parse(
        &CONFIG.replace("{feeds}", address.as_str()),
        &folder.join("config.toml"),
    )
    .map_err(|error| error.problem())?;
    let data_dir = Folder::new(folder.join(DATA_FOLDER));
    let parts = Parts {
        config: &config,
        data_dir: &data_dir,
        clock,
        zone: zone.clone(),
        connection: Connection::Offline,
        proxies: Proxies::default(),
    };
    let mut store = Store::open(&data_dir)?;
    for (name, text) in FEEDS {
        write(&feeds.join(name), &filling.fill(text, Version::Read)?)?;
    }
    read_samples(&parts, &mut store, Vec::new())?;
    let reader = Reader::open(&data_dir)?;
    let read = pick(&reader, Is::Unset, |guid| !UNREAD.contains(&guid))?;
    store.mark(&read, Mark::Read)?;
    let starred = pick(&reader, Is::Either, |guid| STARRED.contains(&guid))?;
    store.mark(&starred, Mark::Star)?;
    let mut changed = Vec::new();
    for (name, text) in FEEDS.iter().filter(|(_, text)| text.contains("{was ")) {
        write(&feeds.join(name), &filling.fill(text, Version::Now)?)?;
        changed.push(format!("{address}/{name}"));
    }
    read_samples(&parts, &mut store, changed)?;
    pages::store(&mut store, &reader, &filling, clock())?;
    comments::store(&mut store, &reader, clock())?;
    find::index(&mut store, &|| false)?;
    Ok(config)
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    write_atomic(path, text.as_bytes(), Overwrite::Replace).map_err(|error| error.problem())
}

/// Refreshes these feeds, all without any; a sample that can't be read is a problem.
fn read_samples(parts: &Parts<'_>, store: &mut Store, feeds: Vec<String>) -> Result<(), Problem> {
    let request = Request {
        sections: Vec::new(),
        feeds,
        urgency: Urgency::Forced,
    };
    let mut failure = None;
    let done = refresh::refresh(parts, store, &request, &|| false, &mut |event| {
        if let Event::Feed(report) = event
            && let Some(error) = &report.error
        {
            let what = format!("the sample {} could not be read", report.feed);
            failure = Some(Problem::new(Exit::Failed, &what).because(error.as_str()));
        }
    })?;
    failure.or(done.fault).map_or(Ok(()), Err)
}

/// Returns the articles whose guid is wanted; those without one count as `""`.
fn pick(
    reader: &Reader,
    read: Is,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<ArticleId>, Problem> {
    let query = ListQuery {
        read,
        ..ListQuery::default()
    };
    let mut picked = Vec::new();
    reader.list(&query, &mut |head| {
        if wanted(head.guid.as_deref().unwrap_or_default()) {
            picked.push(head.id);
        }
        ControlFlow::Continue(())
    })?;
    Ok(picked)
}

/// Which words of a `{was …|…}` are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// Those that stood there when the article was read.
    Read,
    /// Those that stand there now.
    Now,
}

/// What placeholders are filled with.
struct Filling {
    now: ZonedDateTime,
    /// The latest time of today that any sample has.
    latest_today: Time,
}

impl Filling {
    fn new(now: Timestamp, zone: &TimeZone) -> Self {
        let times = FEEDS.iter().flat_map(|(_, text)| {
            text.split("{-0d ")
                .skip(1)
                .filter_map(|rest| rest.split(' ').next()?.parse().ok())
        });
        Self {
            now: now.to_zoned_datetime(zone.clone()),
            latest_today: times.max().unwrap_or(Time::midnight()),
        }
    }

    /// Replaces every placeholder of a text. Braces that hold anything else stay.
    fn fill(&self, text: &str, version: Version) -> Result<String, Problem> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let inside = after.split_once('}');
            let placeholder =
                inside.and_then(|(inside, after)| Some((Placeholder::read(inside)?, after)));
            if let Some((placeholder, after)) = placeholder {
                filled.push_str(&self.put(placeholder, version).map_err(|error| {
                    Problem::new(Exit::Failed, "there are no samples of this date")
                        .because_of(&error)
                })?);
                rest = after;
            } else {
                filled.push('{');
                rest = after;
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn put(&self, placeholder: Placeholder<'_>, version: Version) -> Result<String, jiff::Error> {
        match placeholder {
            Placeholder::Was(words, _) if version == Version::Read => Ok(words.to_owned()),
            Placeholder::Was(_, words) => Ok(words.to_owned()),
            Placeholder::Rfc2822(days, time) => rfc2822::to_string(&self.moment(days, time)?),
            Placeholder::Rfc3339(days, time) => {
                Ok(self.moment(days, time)?.timestamp().to_string())
            }
            Placeholder::Long(days) => Ok(self.day(days)?.strftime("%A %-d %B %Y").to_string()),
        }
    }

    /// Returns the date so many days from today.
    fn day(&self, days: i64) -> Result<Date, jiff::Error> {
        let hours = SignedDuration::from_hours(days.saturating_mul(24));
        self.now.date().checked_add(hours)
    }

    /// Returns the moment so many days from today, never one that is yet to come.
    fn moment(&self, days: i64, time: Time) -> Result<ZonedDateTime, jiff::Error> {
        let zone = self.now.time_zone();
        let now = self.now.timestamp();
        let moment = if days == 0 && self.now.time() < self.latest_today {
            self.moved(time)?
        } else {
            zone.to_timestamp(self.day(days)?.to_datetime(time))?
        };
        Ok(moment.min(now).to_zoned_datetime(zone.clone()))
    }

    /// Returns the moment for a time of today while the latest of them is yet to come: all of them
    /// keep their order and stand between the day's first moment and now.
    fn moved(&self, time: Time) -> Result<Timestamp, jiff::Error> {
        let since_midnight = |time: Time| time.duration_since(Time::midnight()).as_secs();
        let first = self.now.start_of_day()?.timestamp();
        let passed = self.now.timestamp().duration_since(first).as_secs();
        let share = since_midnight(time) * passed / since_midnight(self.latest_today).max(1);
        first.checked_add(SignedDuration::from_secs(share))
    }
}

/// What stands between two braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder<'a> {
    /// A moment as RSS writes it: days from today and the time.
    Rfc2822(i64, Time),
    /// A moment as Atom writes it.
    Rfc3339(i64, Time),
    /// A date in words.
    Long(i64),
    /// Words, and those that took their place.
    Was(&'a str, &'a str),
}

impl<'a> Placeholder<'a> {
    fn read(inside: &'a str) -> Option<Self> {
        if let Some(words) = inside.strip_prefix("was ") {
            let (was, now) = words.split_once('|')?;
            return Some(Self::Was(was, now));
        }
        if !inside.starts_with(['+', '-']) {
            return None;
        }
        let (days, rest) = inside.split_once("d ")?;
        let days = days.parse().ok()?;
        match rest.split_once(' ') {
            Some((time, "rfc2822")) => Some(Self::Rfc2822(days, time.parse().ok()?)),
            Some((time, "rfc3339")) => Some(Self::Rfc3339(days, time.parse().ok()?)),
            None if rest == "long" => Some(Self::Long(days)),
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
