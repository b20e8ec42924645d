//! What `u` takes back and `U` does again.

use std::collections::{BTreeSet, HashSet, VecDeque};

use jiff::Timestamp;

use crate::model::article::{ArticleId, FeedId, Mark};
use crate::model::comment::Draft;
use crate::services::comments::EntryId;
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
    /// Folded or unfolded all threads of comments.
    FoldedComments {
        /// The article.
        article: ArticleId,
        /// Which branches were folded before.
        before: HashSet<EntryId>,
        /// Which are folded after.
        after: HashSet<EntryId>,
    },
    /// Threw a comment of the reader's own away.
    ThrewAway(Box<Draft>),
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
    /// Whether its text is newer than the one that was read, before the mark.
    pub changed: bool,
}

/// A mark that is shown and not yet known to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The number of its act.
    pub act: u64,
    /// The mark.
    pub mark: Mark,
    /// Whether it is set or taken back.
    pub way: Way,
    /// The stories.
    pub stories: Vec<Story>,
}

/// Whether a mark is set or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Set, or set again.
    Forth,
    /// Taken back: all is as it was before.
    Back,
}

impl Way {
    /// Returns the other one.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Forth => Self::Back,
            Self::Back => Self::Forth,
        }
    }
}

impl Story {
    /// Whether a mark changes how many are unread or starred.
    pub fn counts_for(&self, mark: Mark) -> bool {
        match mark {
            Mark::Read => self.unread,
            Mark::Unread => !self.unread,
            Mark::Star => !self.starred,
            Mark::Unstar => self.starred,
        }
    }

    /// Whether a mark makes it another than it was.
    pub fn changes_by(&self, mark: Mark) -> bool {
        self.counts_for(mark) || mark == Mark::Read && self.changed
    }

    /// Shows a mark in its row, or takes it back there.
    pub fn show(&self, row: &mut Row, mark: Mark, way: Way) {
        match (way, mark) {
            (Way::Forth, _) => {
                mark.set(&mut row.read, &mut row.starred);
                row.changed &= !matches!(mark, Mark::Read | Mark::Unread);
            }
            (Way::Back, Mark::Read | Mark::Unread) => {
                row.read = !self.unread;
                row.changed = self.changed;
            }
            (Way::Back, Mark::Star | Mark::Unstar) => row.starred = self.starred,
        }
    }
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
            changed: row.changed,
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

    /// Notes that an act of marking is still done, as it could not be taken back.
    pub fn keep(&mut self, act: u64) {
        let is_it = |deed: &Deed| matches!(deed, Deed::Marked { act: that, .. } if *that == act);
        if let Some(at) = self.undone.iter().position(is_it) {
            self.done.push_back(self.undone.remove(at));
        }
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
