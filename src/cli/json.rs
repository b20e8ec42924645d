//! The names that scripts know: the program's values as JSON Lines. Every text is made safe here.

use jiff::Timestamp;
use serde::Serialize;

use crate::html;
use crate::model::article::{Article, StoredText};
use crate::model::comment::{CommentId, DraftState, Place, Threaded};
use crate::model::document::Document;
use crate::model::text::SafeText;
use crate::services::comments::{self, Followed};
use crate::services::dates::rfc3339;
use crate::services::pages::Fetched;
use crate::services::reading::Listed;
use crate::services::refresh::{Report, Summary};
use crate::services::sheet;
use crate::services::sheet::changes::{Change, Comparison, Piece};
use crate::services::subscriptions::Subscription;

/// An article as `list`, `search` and `show` print it.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "scripts read them by name")]
pub(super) struct ArticleJson {
    id: i64,
    guid: Option<SafeText>,
    feed: SafeText,
    feed_title: SafeText,
    section: Option<SafeText>,
    title: SafeText,
    url: Option<SafeText>,
    author: Option<SafeText>,
    published: Option<String>,
    updated: Option<String>,
    read: bool,
    starred: bool,
    tags: Vec<SafeText>,
    summary: SafeText,
    comments_count: Option<u32>,
    offline: bool,
    changed: bool,
    closes: Option<String>,
    withdrawn: Option<SafeText>,
    also_in: Vec<SafeText>,
}

impl ArticleJson {
    pub(super) fn new(listed: &Listed<'_>, also_in: &[String]) -> Self {
        let head = &listed.head;
        Self {
            id: head.id.0,
            guid: safe(head.guid.as_deref()),
            feed: SafeText::line(listed.feed),
            feed_title: SafeText::line(listed.feed_title),
            section: safe(listed.section),
            title: SafeText::line(&head.title),
            url: safe(head.permalink.as_deref()),
            author: safe(head.byline.as_deref()),
            published: head.published.map(rfc3339),
            updated: head.updated.map(rfc3339),
            read: head.marks.read,
            starred: head.marks.starred,
            tags: head
                .marks
                .tags
                .iter()
                .map(|tag| SafeText::line(tag))
                .collect(),
            summary: SafeText::line(&head.standfirst),
            comments_count: head.comments_count,
            offline: head.stored == StoredText::Whole,
            changed: head.changed,
            closes: head.closes.map(rfc3339),
            withdrawn: safe(head.withdrawn.as_deref()),
            also_in: also_in.iter().map(|title| SafeText::line(title)).collect(),
        }
    }
}

/// A comment as `comments` prints it.
#[derive(Serialize)]
pub(super) struct CommentJson {
    id: NameJson,
    parent: Option<NameJson>,
    in_reply_to: Option<NameJson>,
    depth: u32,
    author: SafeText,
    published: Option<String>,
    text: SafeText,
    url: Option<SafeText>,
}

/// A comment's name at its site: a number where it is one.
#[derive(Serialize)]
#[serde(untagged)]
enum NameJson {
    Number(u64),
    Text(SafeText),
}

impl NameJson {
    fn new(id: &CommentId) -> Self {
        match id.number() {
            Some(number) => Self::Number(number),
            None => Self::Text(SafeText::line(&id.0)),
        }
    }
}

impl CommentJson {
    /// Puts a comment together.
    pub(super) fn new(one: &Threaded) -> Self {
        let told = &one.comment;
        let answered = || told.parent.as_ref().map(NameJson::new);
        Self {
            id: NameJson::new(&told.id),
            parent: answered().filter(|_| one.place == Place::Reply),
            in_reply_to: answered(),
            depth: one.depth,
            author: SafeText::line(&told.author),
            published: told.published.map(rfc3339),
            text: SafeText::block(&html::plain_text(&told.html)),
            url: safe(told.url.as_deref()),
        }
    }
}

/// An article as `show` prints it.
#[derive(Serialize)]
pub(super) struct ShownJson {
    #[serde(flatten)]
    article: ArticleJson,
    text: SafeText,
    html: SafeText,
    source: &'static str,
    links: Vec<LinkJson>,
    lists: Vec<ListJson>,
    headings: Vec<HeadingJson>,
    revisions: u32,
    words: usize,
    reading_minutes: usize,
}

#[derive(Serialize)]
struct LinkJson {
    n: u16,
    url: SafeText,
    text: SafeText,
}

#[derive(Serialize)]
struct HeadingJson {
    level: u8,
    text: SafeText,
}

#[derive(Serialize)]
struct ListJson {
    start: i64,
    markers: Vec<SafeText>,
    items: Vec<SafeText>,
}

impl ShownJson {
    /// Puts an article together; `text` is its text at the usual width or its skim, `html` its
    /// sanitised HTML.
    pub(super) fn new(
        article: ArticleJson,
        shown: &Article,
        document: &Document,
        text: &str,
        html: &str,
    ) -> Self {
        let words = document.words();
        Self {
            article,
            text: SafeText::block(text),
            html: SafeText::block(html),
            source: if shown.page.is_some() { "page" } else { "feed" },
            links: document
                .links
                .iter()
                .map(|link| LinkJson {
                    n: link.n,
                    url: SafeText::line(&link.url),
                    text: SafeText::line(&link.text),
                })
                .collect(),
            lists: document
                .lists()
                .iter()
                .map(|list| ListJson {
                    start: list.start,
                    markers: list
                        .markers
                        .iter()
                        .map(|marker| SafeText::line(marker))
                        .collect(),
                    items: list.items.iter().map(|item| SafeText::line(item)).collect(),
                })
                .collect(),
            headings: document
                .headings()
                .iter()
                .map(|(level, text)| HeadingJson {
                    level: *level,
                    text: SafeText::line(text),
                })
                .collect(),
            revisions: shown.revisions,
            words,
            reading_minutes: sheet::reading_minutes(words),
        }
    }
}

/// What changed in an article, as `show --changes` prints it.
#[derive(Serialize)]
pub(super) struct ChangesJson {
    id: i64,
    revisions: u32,
    changes: Vec<ChangeJson>,
}

#[derive(Serialize)]
struct ChangeJson {
    kind: &'static str,
    old: Option<SafeText>,
    new: Option<SafeText>,
}

impl ChangesJson {
    /// Names what became of each piece of an article; nothing without an earlier text.
    pub(super) fn new(shown: &Article, comparison: Option<&Comparison>) -> Self {
        let changes = comparison.map_or(&[][..], |comparison| &comparison.changes);
        Self {
            id: shown.head.id.0,
            revisions: shown.revisions,
            changes: changes.iter().map(ChangeJson::new).collect(),
        }
    }
}

impl ChangeJson {
    fn new(change: &Change) -> Self {
        let (kind, old, new) = match change {
            Change::Same(piece) => ("same", Some(piece), Some(piece)),
            Change::Added(piece) => ("added", None, Some(piece)),
            Change::Removed(piece) => ("removed", Some(piece), None),
            Change::Changed { old, new, .. } => ("changed", Some(old), Some(new)),
        };
        let safe = |piece: Option<&Piece>| piece.map(|piece| SafeText::line(piece.text()));
        Self {
            kind,
            old: safe(old),
            new: safe(new),
        }
    }
}

/// What became of one feed, as `refresh` prints it.
#[derive(Serialize)]
pub(super) struct ReportJson {
    feed: SafeText,
    url: SafeText,
    status: &'static str,
    http: Option<u16>,
    new: u32,
    updated: u32,
    bytes: u64,
    error: Option<SafeText>,
    next_check: Option<String>,
}

impl ReportJson {
    pub(super) fn new(report: &Report) -> Self {
        Self {
            feed: SafeText::line(&report.feed),
            url: SafeText::line(&report.url),
            status: report.status.word(),
            http: report.http,
            new: report.new,
            updated: report.updated,
            bytes: report.bytes,
            error: report.error.clone(),
            next_check: report.next_check.map(rfc3339),
        }
    }
}

/// What came of the pages that a refresh fetched ahead.
#[derive(Serialize)]
pub(super) struct PrefetchJson {
    prefetch: PrefetchFields,
}

#[derive(Serialize)]
struct PrefetchFields {
    fetched: usize,
    failed: usize,
    left: usize,
}

impl PrefetchJson {
    pub(super) fn new(fetched: &Fetched) -> Self {
        Self {
            prefetch: PrefetchFields {
                fetched: fetched.fetched,
                failed: fetched.failed,
                left: fetched.left,
            },
        }
    }
}

/// What came of comments in a refresh.
#[derive(Serialize)]
pub(super) struct FollowedJson {
    comments: FollowedFields,
}

#[derive(Serialize)]
struct FollowedFields {
    sent: Vec<SentJson>,
    waiting: usize,
    threads: usize,
    new: u32,
    failed: usize,
}

impl FollowedJson {
    pub(super) fn new(followed: &Followed) -> Self {
        let sent = followed.sent.sent.iter();
        Self {
            comments: FollowedFields {
                sent: sent.map(|(_, state)| SentJson::new(state)).collect(),
                waiting: followed.sent.waiting,
                threads: followed.read.articles.len(),
                new: followed.read.new,
                failed: followed.read.failed.len(),
            },
        }
    }
}

/// What became of a comment that was sent.
#[derive(Serialize)]
pub(super) struct SentJson {
    status: &'static str,
    id: Option<NameJson>,
    url: Option<SafeText>,
    message: SafeText,
}

impl SentJson {
    pub(super) fn new(state: &DraftState) -> Self {
        let receipt = match state {
            DraftState::Published(receipt) | DraftState::Held(receipt) => Some(receipt),
            _ => None,
        };
        Self {
            status: comments::word(state),
            id: receipt
                .and_then(|receipt| receipt.id.as_ref())
                .map(NameJson::new),
            url: safe(receipt.and_then(|receipt| receipt.url.as_deref())),
            message: SafeText::line(&comments::outcome(state)),
        }
    }

    /// Returns the same for people.
    pub(super) fn in_words(&self) -> String {
        match (self.status, &self.url) {
            ("refused", _) => format!("Refused: {} (the draft is kept)", self.message),
            (_, Some(url)) => format!("{} · {url}", self.message),
            (_, None) => self.message.to_string(),
        }
    }
}

/// How a refresh went, as its last line.
#[derive(Serialize)]
pub(super) struct SummaryJson {
    summary: SummaryFields,
}

#[derive(Serialize)]
struct SummaryFields {
    feeds: usize,
    ok: usize,
    failed: usize,
    new: u32,
    updated: u32,
    elapsed_ms: i64,
}

impl SummaryJson {
    pub(super) fn new(summary: &Summary) -> Self {
        Self {
            summary: SummaryFields {
                feeds: summary.feeds,
                ok: summary.feeds - summary.failed,
                failed: summary.failed,
                new: summary.new,
                updated: summary.updated,
                elapsed_ms: summary.elapsed_ms,
            },
        }
    }
}

/// A feed as `feeds list` prints it.
#[derive(Serialize)]
pub(super) struct FeedJson {
    url: SafeText,
    polled: SafeText,
    title: SafeText,
    short: Option<SafeText>,
    section: Option<SafeText>,
    state: &'static str,
    last_news: Option<String>,
    next_check: Option<String>,
    error: Option<SafeText>,
    /// What had to be mended in its last document.
    problems: Vec<SafeText>,
}

impl FeedJson {
    pub(super) fn new(feed: &Subscription, now: Timestamp) -> Self {
        let state = feed.state.as_ref();
        Self {
            url: SafeText::line(&feed.url),
            polled: SafeText::line(feed.polled()),
            title: SafeText::line(&feed.title),
            short: safe(feed.short.as_deref()),
            section: safe(feed.section.as_deref()),
            state: feed.health(now).word(),
            last_news: state.and_then(|state| state.last_news).map(rfc3339),
            next_check: feed.next_check(now).map(rfc3339),
            error: safe(state.and_then(|state| state.last_error.as_deref())),
            problems: state
                .into_iter()
                .flat_map(|state| &state.problems)
                .map(|problem| SafeText::line(problem))
                .collect(),
        }
    }
}

fn safe(text: Option<&str>) -> Option<SafeText> {
    text.map(SafeText::line)
}
