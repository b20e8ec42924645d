//! An article as it is kept, and what the reader did to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::feed::Enclosure;

/// A feed's number in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedId(pub i64);

/// An article's number in the cache, stable for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub i64);

/// Everything about an article but its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleHead {
    /// Its number.
    pub id: ArticleId,
    /// The feed that brought it.
    pub feed: FeedId,
    /// The publisher's identity for it, as published.
    pub guid: Option<String>,
    /// Its title as plain text; empty where it has none.
    pub title: String,
    /// Its lasting web address.
    pub permalink: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// When it was published, as first told.
    pub published: Option<Timestamp>,
    /// When the publisher last updated it.
    pub updated: Option<Timestamp>,
    /// When it was first seen here.
    pub first_seen: Timestamp,
    /// The standfirst or the beginning of the text, as plain text.
    pub standfirst: String,
    /// What the reader did to it.
    pub marks: Marks,
    /// How many comments the publisher counts.
    pub comments_count: Option<u32>,
    /// How much of its text is stored.
    pub stored: StoredText,
    /// Whether its text changed since it was read.
    pub changed: bool,
    /// When the consultation that it tells of closes.
    pub closes: Option<Timestamp>,
    /// Why its publisher has withdrawn it, as plain text.
    pub withdrawn: Option<String>,
}

/// What the *reader* did to an article, apart from the article itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// It was read.
    pub read: bool,
    /// It was starred.
    pub starred: bool,
    /// The reader's tags, sorted.
    pub tags: Vec<String>,
}

/// How much of an article's text is in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredText {
    /// The publisher's summary alone.
    Summary,
    /// The whole text, readable offline.
    Whole,
}

/// An article with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Everything but the text.
    pub head: ArticleHead,
    /// The text as HTML, as published: not sanitised. That of its page where there is one, else its
    /// feed's.
    pub html: String,
    /// What relative addresses in `html` are relative to.
    pub base: Option<String>,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// How many earlier texts are kept.
    pub revisions: u32,
    /// What its own page tells, where the text is that of the page.
    pub page: Option<PageFacts>,
    /// When the reader last read it.
    pub visit: Option<Visit>,
}

/// A reader's last visit to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// Where the text has changed since: up to when the reader may have seen the change notes.
    pub notes_until: Option<Timestamp>,
    /// The last visit before, at which it had another text.
    pub before: Option<Timestamp>,
}

/// What an article's own page tells besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageFacts {
    /// The standfirst, as plain text.
    pub standfirst: Option<String>,
    /// What kind of document it is, in words: `Policy paper`.
    pub kind: Option<String>,
    /// Who wrote it, as plain text.
    pub byline: Option<String>,
    /// The organisations that published it, the leading ones first.
    pub organisations: Vec<String>,
    /// When it was first published.
    pub published: Option<Timestamp>,
    /// When it was last updated in substance.
    pub updated: Option<Timestamp>,
    /// What its publisher says that was changed, the newest first; the first publication is none.
    pub changes: Vec<ChangeNote>,
    /// That it no longer holds.
    pub withdrawn: Option<Withdrawal>,
    /// The government under which it was published, where that is an earlier one than today's, as
    /// its publisher names it: `2010 to 2015 Conservative and Liberal Democrat coalition government`.
    pub government: Option<String>,
    /// When a consultation opens.
    pub opens: Option<Timestamp>,
    /// When it closes.
    pub closes: Option<Timestamp>,
}

/// What a publisher says about one update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNote {
    /// When it was updated.
    pub at: Timestamp,
    /// What was changed, as plain text in one line.
    pub note: String,
}

/// That a publisher has withdrawn an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// When.
    pub at: Option<Timestamp>,
    /// Why, and what holds instead, as HTML as published: not sanitised.
    pub explanation: String,
}

/// One mark that the reader sets or takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Read.
    Read,
    /// Not read.
    Unread,
    /// Starred.
    Star,
    /// Not starred.
    Unstar,
}

impl Mark {
    /// Sets the mark, or takes it away, in what is kept of an article.
    pub fn set(self, read: &mut bool, starred: &mut bool) {
        match self {
            Self::Read => *read = true,
            Self::Unread => *read = false,
            Self::Star => *starred = true,
            Self::Unstar => *starred = false,
        }
    }

    /// Returns the mark that takes this one away.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Read => Self::Unread,
            Self::Unread => Self::Read,
            Self::Star => Self::Unstar,
            Self::Unstar => Self::Star,
        }
    }
}
