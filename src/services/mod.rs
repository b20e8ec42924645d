//! Floor 3: what the program *does*, for every front end alike.
//!
//! A service is a function of the parts, a request and, where it takes long, a progress callback;
//! it returns a value or a [`Problem`]. It knows no terminal and no command line, prints nothing
//! and asks no clock but the one it is given.
//!
//! - [`refresh`]: polls the feeds that are due and stores what they bring
//! - [`subscriptions`]: which feeds there are, in which section, and how they are doing
//! - [`reading`]: lists articles, opens one, marks them
//! - [`rows`]: the lists of the screen: their rows, how much is in them, what arrived
//! - [`find`]: searches, and keeps the search index
//! - [`upkeep`]: prunes, indexes and shrinks the cache behind a refresh
//! - [`pages`]: fetches articles' own pages
//! - `pipeline`: asks, reads and stores at the same time
//! - [`sheet`]: one article as lines, from title to links
//! - [`comments`]: reads, keeps, writes and sends comments
//! - [`dates`]: dates as a reader writes and reads them
//! - [`doctor`]: whether all is well, and what can be mended
//! - [`demo`]: the samples that `gazette demo` shows

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::Config;
use crate::model::error::Problem;
use crate::net::Proxies;
use crate::store::{CutShort, Folder, StoreError};

pub mod comments;
pub mod dates;
pub mod demo;
pub mod doctor;
pub mod find;
pub mod pages;
mod pipeline;
pub mod reading;
pub mod refresh;
pub mod rows;
pub mod sheet;
pub mod subscriptions;
pub mod upkeep;

/// What every service works with.
pub struct Parts<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The data folder.
    pub data_dir: &'a Folder,
    /// Tells the time.
    pub clock: fn() -> Timestamp,
    /// The reader's time zone.
    pub zone: TimeZone,
    /// Whether the network may be used.
    pub connection: Connection,
    /// What the environment says about proxies.
    pub proxies: Proxies,
}

/// The same, for who works on several threads.
#[derive(Clone, Debug)]
pub struct SharedParts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The data folder.
    pub data_dir: Folder,
    /// Tells the time.
    pub clock: fn() -> Timestamp,
    /// The reader's time zone.
    pub zone: TimeZone,
    /// Whether the network may be used.
    pub connection: Connection,
    /// What the environment says about proxies.
    pub proxies: Proxies,
}

impl SharedParts {
    /// Returns what services take.
    pub fn parts(&self) -> Parts<'_> {
        Parts {
            config: &self.config,
            data_dir: &self.data_dir,
            clock: self.clock,
            zone: self.zone.clone(),
            connection: self.connection,
            proxies: self.proxies.clone(),
        }
    }
}

/// Whether the network may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// It may.
    Online,
    /// No internet socket is opened, by anything.
    Offline,
}

/// Tells a long service that it should end: asked often.
pub type Stop<'a> = &'a dyn Fn() -> bool;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        error.problem()
    }
}

impl<T> From<CutShort<T>> for Problem {
    fn from(cut: CutShort<T>) -> Self {
        cut.source.problem()
    }
}
