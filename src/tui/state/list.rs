//! The list pane: the articles of a section, a row a story.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::article::{ArticleId, FeedId};
use crate::services::rows::{Filter, ListOf, Row, Sort};

/// The list pane.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What it is of.
    pub of: ListOf,
    /// What it is narrowed to.
    pub filter: Filter,
    /// How it is sorted.
    pub sort: Sort,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// Whether all rows are here; the first come before the rest.
    pub extent: Extent,
    /// The selected row; meaningless without rows.
    pub selected: usize,
    /// The first row in sight.
    pub top: usize,
    /// The number of the last question for rows.
    pub ticket: u64,
    /// What is being read to take this list's place.
    pub loading: Option<Loading>,
    /// The question some of whose rows are here and more are on their way.
    pub streaming: Option<u64>,
    /// What is to be done with rows that are still on their way.
    pub seeking: Option<Arrival>,
    /// How many new articles wait to be shown.
    pub waiting: u32,
    /// The newest article that the rows can hold.
    pub newest: ArticleId,
    /// The feeds' names.
    pub feeds: Arc<FeedNames>,
}

/// Whether a list is whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// More rows are on their way.
    #[default]
    Part,
    /// These are all.
    Whole,
}

/// A list that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    /// What it will be of.
    pub of: ListOf,
    /// What it will be narrowed to.
    pub filter: Filter,
    /// How it will be sorted.
    pub sort: Sort,
    /// What happens once its rows are here.
    pub arrival: Arrival,
}

/// What happens once a list's rows are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The first row is selected.
    First,
    /// The last row is selected.
    Last,
    /// This article is selected, in the screen line that it had; if it is gone, the row that has
    /// taken its place.
    Keep {
        /// The article.
        id: ArticleId,
        /// The row that it had.
        row: usize,
        /// The lines between the list's top and it.
        line: usize,
    },
    /// An unread article is selected or opened.
    Unread {
        /// Looked for in which direction.
        way: Way,
        /// Beginning after this row, and going on from the other end; from the end without one.
        from: Option<usize>,
        /// What becomes of it.
        reach: Reach,
    },
    /// This article is selected, in the screen line that it had, and opened again, after a restart.
    Reopen {
        /// The article.
        id: ArticleId,
        /// The lines between the list's top and it.
        line: usize,
        /// Whether its comments were open.
        comments: bool,
    },
}

/// What becomes of an article that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is selected.
    Select,
    /// It is opened.
    Open,
}

/// From which end something is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the top down.
    Down,
    /// From the bottom up.
    Up,
}

/// The names of the feeds, and the sections that each stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedNames {
    /// By the feed's number.
    pub names: HashMap<FeedId, FeedName>,
}

/// How a feed is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedName {
    /// Its title.
    pub title: String,
    /// Its name where room is short.
    pub short: String,
    /// The sections that list it, by their place in the configuration.
    pub sections: Vec<usize>,
}

impl FeedNames {
    /// Returns a feed's name where room is short.
    pub fn short(&self, id: FeedId) -> &str {
        self.names.get(&id).map_or("", |feed| &feed.short)
    }
}

impl List {
    /// Returns the selected row.
    pub fn row(&self) -> Option<&Row> {
        self.rows.get(self.selected)
    }

    /// Returns the place of an article among the rows.
    pub fn position(&self, id: ArticleId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }
}
