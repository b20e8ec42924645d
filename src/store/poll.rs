//! One poll of one feed, as it is handed over to be stored.

use jiff::Timestamp;

use super::body::PackedBody;
use crate::model::article::{FeedId, StoredText};
use crate::model::feed::{CommentsLink, Enclosure, Pace, Validators};

/// One poll of one feed.
#[derive(Clone, Debug)]
pub struct Poll {
    /// The feed.
    pub feed: FeedId,
    /// When it was polled.
    pub at: Timestamp,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// When it is due again; none once it is gone.
    pub next_poll: Option<Timestamp>,
    /// Until when the server asked to be left alone.
    pub not_before: Option<Timestamp>,
    /// What came of it.
    pub outcome: PollOutcome,
}

/// What came of a poll.
#[derive(Clone, Debug)]
pub enum PollOutcome {
    /// A document was read.
    Fetched {
        /// The feed's own title; where it has none any more, the last one stays.
        title: Option<String>,
        /// The feed's site; where it has none any more, the last one stays.
        site: Option<String>,
        /// Where the feed is polled from now on.
        polled_url: String,
        /// What the answer gave to ask conditionally with.
        validators: Validators,
        /// The address that gave them.
        validators_url: Option<String>,
        /// How often the document asks to be polled.
        pace: Pace,
        /// The hash of the document.
        body_hash: i64,
        /// What had to be mended in the document, a few words each.
        problems: Vec<String>,
        /// The articles, in document order. Of two with one key the first counts.
        articles: Vec<NewArticle>,
    },
    /// Nothing changed: a 304, or the same document again.
    Unchanged {
        /// Where the feed is polled from now on.
        polled_url: String,
        /// What the next poll asks conditionally with.
        validators: Validators,
        /// The address that gave them.
        validators_url: Option<String>,
        /// The hash of the document; without one the stored hash stays.
        body_hash: Option<i64>,
    },
    /// No document could be read. Nothing but the failure is stored.
    Failed {
        /// Why.
        error: String,
    },
    /// The feed is gone for good. What was stored of it stays.
    Gone {
        /// Who says so, and where its publisher points instead.
        reason: String,
    },
}

/// An article as a feed brought it: a finished row.
#[derive(Clone, Debug)]
pub struct NewArticle {
    /// Its identity within the feed.
    pub key: i64,
    /// What its identity would be in a document with other articles beside it.
    pub other_keys: Vec<i64>,
    /// The publisher's identity for it, as published.
    pub guid: Option<String>,
    /// Its title as plain text.
    pub title: String,
    /// Its lasting web address.
    pub permalink: Option<String>,
    /// What joins it with the same story in other feeds.
    pub story: Option<i64>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When the publisher updated it.
    pub updated: Option<Timestamp>,
    /// The summary or the beginning of the text, as plain text.
    pub standfirst: String,
    /// The hash of title and text: where it differs the article changed.
    pub content_hash: i64,
    /// Where readers' comments are.
    pub comments: CommentsLink,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// What relative addresses in the text are relative to.
    pub base: Option<String>,
    /// How much of the text this is.
    pub stored: StoredText,
    /// The text.
    pub body: PackedBody,
}

/// How many articles a poll changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Articles that were not there before.
    pub new: u32,
    /// Articles whose title or text changed.
    pub updated: u32,
}
