//! What the lists of a screen hold: a row a story, and how many there are of what.

use jiff::Timestamp;

use super::subscriptions::Health;
use crate::model::article::{ArticleId, FeedId, StoredText};

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListOf {
    /// Today's articles of all sections.
    Today,
    /// Starred articles.
    Starred,
    /// Those of a section, by its place in the configuration.
    Section(usize),
    /// Those of one feed of a section, by their places in the configuration.
    Feed {
        /// The section.
        section: usize,
        /// The feed.
        feed: usize,
    },
}

impl Default for ListOf {
    fn default() -> Self {
        Self::Section(0)
    }
}

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Nothing: all articles.
    #[default]
    All,
    /// Unread ones.
    Unread,
    /// Starred ones.
    Starred,
    /// Today's.
    Today,
    /// Those that changed since they were read.
    Changed,
    /// Those stored whole.
    Whole,
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By the source's short name, the newest first within.
    Source,
    /// By title.
    Title,
}

/// Which rows are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsQuery {
    /// Of what.
    pub of: ListOf,
    /// Narrowed to what.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// The first moment of the reader's day.
    pub today: Timestamp,
}

/// Whether the publisher dated an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// It did.
    Published,
    /// It didn't: the first sight stands in.
    FirstSeen,
}

/// One story in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The article that stands for the story.
    pub id: ArticleId,
    /// The feed that brought it.
    pub feed: FeedId,
    /// The other listed feeds that carry the story, sorted.
    pub also: Vec<FeedId>,
    /// Its title as published; empty where it has none.
    pub title: String,
    /// What orders it.
    pub at: Timestamp,
    /// Whether `at` is its publication.
    pub dated: Dated,
    /// It was read.
    pub read: bool,
    /// It was starred.
    pub starred: bool,
    /// Its text changed since it was read.
    pub changed: bool,
    /// How much of its text is stored.
    pub stored: StoredText,
}

/// How many articles there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In all.
    pub articles: u32,
    /// Unread.
    pub unread: u32,
}

/// How many articles there are of what, each story counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Today's.
    pub today: Tally,
    /// Starred ones.
    pub starred: Tally,
    /// By section.
    pub sections: Vec<SectionTally>,
    /// Listed feeds whose last poll failed.
    pub failing: u32,
    /// The newest poll of a listed feed.
    pub last_poll: Option<Timestamp>,
    /// The earliest next check of a listed feed.
    pub next_poll: Option<Timestamp>,
    /// Listed feeds that were never polled.
    pub never_polled: u32,
}

/// How many articles a section has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionTally {
    /// In all.
    pub own: Tally,
    /// By feed, in the order of the configuration.
    pub feeds: Vec<FeedTally>,
}

/// How many articles a feed has, and how it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedTally {
    /// How many.
    pub tally: Tally,
    /// Its number; none before it was first polled.
    pub id: Option<FeedId>,
    /// How it does.
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
