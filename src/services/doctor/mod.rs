//! Whether all is well: configuration, database, disk, network, and what can be mended.
//!
//! Nothing is changed unless it is asked for, and no feed is polled: a host is only asked whether it
//! is there.
//!
//! - `cache`: the database and the disk that it lies on
//! - `network`: proxies, certificates, hosts, feeds

mod cache;
mod network;

use std::path::Path;

use crate::config::{Loaded, Origin};
use crate::model::error::Problem;
use crate::model::text::SafeText;

use super::Parts;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// The configuration file.
    Configuration,
    /// The database file.
    Database,
    /// The folders that the program writes to.
    Disk,
    /// The proxy between the program and the network.
    Proxy,
    /// The certificates that `https:` needs.
    Certificates,
    /// The hosts of the feeds, and how the feeds are doing.
    Network,
    /// The terminal.
    Terminal,
}

impl Area {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Database => "database",
            Self::Disk => "disk",
            Self::Proxy => "proxy",
            Self::Certificates => "certificates",
            Self::Network => "network",
            Self::Terminal => "terminal",
        }
    }
}

/// How it is with what was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, but not as well as it could.
    Warning,
    /// It doesn't work.
    Problem,
    /// It didn't work, and does now.
    Repaired,
    /// Nobody looked.
    Skipped,
}

impl State {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
            Self::Repaired => "repaired",
            Self::Skipped => "skipped",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub area: Area,
    /// How it is.
    pub state: State,
    /// What was found.
    pub what: SafeText,
    /// What to do about it.
    pub hint: Option<SafeText>,
}

impl Finding {
    /// Makes a finding of a sentence without a full stop.
    pub fn new(area: Area, state: State, what: &str) -> Self {
        Self {
            area,
            state,
            what: SafeText::line(what),
            hint: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(SafeText::line(hint));
        self
    }

    /// Makes a finding of a problem, its causes in the same line.
    fn of(area: Area, problem: &Problem) -> Self {
        let finding = Self::new(area, State::Problem, &problem.in_one_line());
        match &problem.hint {
            Some(hint) => finding.hint(hint.as_str()),
            None => finding,
        }
    }
}

/// Whether the database can be asked for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cache {
    /// It can.
    Readable,
    /// It is absent or not what it should be.
    Unreadable,
}

/// Whether what can be mended is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Nothing is changed.
    Look,
    /// What can be mended is.
    Repair,
}

/// Says how it is with a configuration that was loaded from `path`, or with one that is wrong.
pub fn configuration(path: &Path, loaded: Result<&Loaded, &[Problem]>) -> Vec<Finding> {
    let area = Area::Configuration;
    match loaded {
        Ok(loaded) => {
            let held = format!(
                "{}, {}",
                counted(loaded.config.sections.len() as u64, "section"),
                counted(loaded.config.feeds().len() as u64, "feed")
            );
            let what = match &loaded.origin {
                Origin::File(path) => format!("`{}` is right: {held}", path.display()),
                Origin::BuiltIn => format!(
                    "there is no `{}`; the built-in sections apply: {held}",
                    path.display()
                ),
            };
            vec![Finding::new(area, State::Ok, &what)]
        }
        Err(problems) => problems
            .iter()
            .map(|problem| Finding::of(area, problem))
            .collect(),
    }
}

/// Looks at the database, the folders, the network and the feeds, and hands over each finding as it
/// comes. `state_dir` is where the log is.
pub fn examine(parts: &Parts<'_>, state_dir: &Path, care: Care, each: &mut dyn FnMut(Finding)) {
    let cache = cache::database(parts, care, each);
    cache::disk(parts, state_dir, care, each);
    network::examine(parts, each);
    if cache == Cache::Readable {
        network::feeds(parts, each);
    }
}

/// Returns a number with its noun.
fn counted(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// Returns a number of bytes as people say it.
fn bytes(count: u64) -> String {
    const MEGABYTE: u64 = 1_000_000;
    const GIGABYTE: u64 = 1000 * MEGABYTE;
    let of =
        |unit: u64, name: &str| format!("{}.{} {name}", count / unit, count % unit * 10 / unit);
    match count {
        0..1000 => counted(count, "byte"),
        1000..MEGABYTE => format!("{} kB", count / 1000),
        MEGABYTE..GIGABYTE => of(MEGABYTE, "MB"),
        GIGABYTE.. => of(GIGABYTE, "GB"),
    }
}
