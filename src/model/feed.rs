//! What one feed document held, after parsing and before storing.

use jiff::Timestamp;
use jiff::civil::Weekday;
use std::time::Duration;

/// A feed document, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedFeed {
    /// The feed's own title, as plain text.
    pub title: Option<String>,
    /// The site that the feed belongs to: an absolute address.
    pub site: Option<String>,
    /// How often the publisher asks to be polled.
    pub pace: Pace,
    /// The articles, in document order.
    pub articles: Vec<ParsedArticle>,
}

/// How often a feed's own elements ask to be polled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// RSS 2.0 `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// RSS 2.0 `skipHours`: hours of the day in UTC (0 to 23) without polls.
    pub skip_hours: Vec<u8>,
    /// RSS 2.0 `skipDays`: days in UTC without polls.
    pub skip_days: Vec<Weekday>,
    /// RSS 1.0 Syndication module: `updatePeriod` divided by `updateFrequency`.
    pub update_every: Option<Duration>,
    /// How long the answer that brought the document said that it stays fresh (RFC 9111 §4.2).
    pub fresh_for: Option<Duration>,
}

/// What a server wants to hear again with the next question, as bytes as it sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The value of `ETag`.
    pub etag: Option<Vec<u8>>,
    /// The value of `Last-Modified`.
    pub last_modified: Option<Vec<u8>>,
}

/// One article of a feed document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedArticle {
    /// The publisher's identity for it, as published.
    pub guid: Option<String>,
    /// The title as plain text, in one line; empty where there is none.
    pub title: String,
    /// The lasting web address, absolute.
    pub permalink: Option<String>,
    /// Who wrote it, as plain text.
    pub byline: Option<String>,
    /// When it was published; Atom's `updated` where that is all there is.
    pub published: Option<Timestamp>,
    /// When the publisher says that it was updated, where the feed tells that apart.
    pub updated: Option<Timestamp>,
    /// The summary (RSS `description`, Atom `summary`) as HTML.
    pub summary: Option<String>,
    /// The content (`content:encoded`, Atom `content`) as HTML.
    pub content: Option<String>,
    /// What relative addresses inside `summary` and `content` are relative to: an absolute address.
    pub base: Option<String>,
    /// The publisher's categories, as plain text.
    pub categories: Vec<String>,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// Where readers' comments are, and how many.
    pub comments: CommentsLink,
    /// The guid of what it answers (RFC 4685, `thr:in-reply-to`), where it is a comment.
    pub in_reply_to: Option<String>,
}

/// A file attached to an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Enclosure {
    /// Its absolute address.
    pub url: String,
    /// Its media type, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its length in bytes, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Its title, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What a feed says about an article's comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommentsLink {
    /// How many there are: `slash:comments`, `thr:total` or `thr:count`. A hint (RFC 4685 §5).
    pub count: Option<u32>,
    /// The page that shows them: RSS `comments`, Atom `link rel="replies"` of type HTML.
    pub page: Option<String>,
    /// The feed that carries them: `wfw:commentRss`, Atom `link rel="replies"` of a feed's type.
    pub feed: Option<String>,
}
