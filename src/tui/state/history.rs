//! What `u` takes back and `U` does again.

use std::collections::BTreeSet;
use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::article::{ArticleId, FeedId, Mark};
use crate::services::rows::Row;

/// How many steps can be taken back.
const STEPS: usize = 100;

/// What can be taken back, and done again.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: VecDeque<Deed>,
    undone: Vec<Deed>,
    /// The number of the last act of marking.
    acts: u64,
}

/// Something that the reader did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Set or took away a mark.
    Marked {
        /// The number of the act, by which the writer knows what it changed.
        act: u64,
        /// The mark.
        mark: Mark,
        /// The stories that it changed.
        stories: Vec<Story>,
    },
    /// Folded or unfolded all sections.
    Folded {
        /// Which were open before.
        before: BTreeSet<usize>,
        /// Which are open after.
        after: BTreeSet<usize>,
    },
}

/// As much of a story as is needed to mark it and to count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The article that stands for it.
    pub id: ArticleId,
    /// All the feeds that carry it.
    pub feeds: Vec<FeedId>,
    /// What orders it.
    pub at: Timestamp,
    /// Whether it is unread, before the mark.
    pub unread: bool,
    /// Whether it is starred, before the mark.
    pub starred: bool,
}

impl From<&Row> for Story {
    fn from(row: &Row) -> Self {
        let mut feeds = vec![row.feed];
        feeds.extend(&row.also);
        Self {
            id: row.id,
            feeds,
            at: row.at,
            unread: !row.read,
            starred: row.starred,
        }
    }
}

impl History {
    /// Numbers an act of marking.
    pub fn next_act(&mut self) -> u64 {
        self.acts += 1;
        self.acts
    }

    /// Notes something that was done; what was taken back before can't be done again.
    pub fn note(&mut self, deed: Deed) {
        self.undone.clear();
        self.done.push_back(deed);
        if self.done.len() > STEPS {
            self.done.pop_front();
        }
    }

    /// Forgets an act of marking that came to nothing.
    pub fn forget(&mut self, act: u64) {
        let is_other =
            |deed: &Deed| !matches!(deed, Deed::Marked { act: that, .. } if *that == act);
        self.done.retain(is_other);
        self.undone.retain(is_other);
    }

    /// Takes the last deed to undo it.
    pub fn undo(&mut self) -> Option<Deed> {
        let deed = self.done.pop_back()?;
        self.undone.push(deed.clone());
        Some(deed)
    }

    /// Takes the last deed that was undone to do it again.
    pub fn redo(&mut self) -> Option<Deed> {
        let deed = self.undone.pop()?;
        self.done.push_back(deed.clone());
        Some(deed)
    }
}
