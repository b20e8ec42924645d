//! Everything that the outside is asked to do.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::state::article::Form;
use super::state::place::Place;
use crate::model::article::{ArticleId, Mark};
use crate::model::comment::{CommentId, Draft, DraftId, Words};
use crate::services::rows::RowsQuery;

/// Something to be done outside `update`.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the reader of the cache.
    Ask(Question),
    /// Write into the cache.
    Write(Change),
    /// Poll feeds, or fetch pages.
    Refresh(Errand),
    /// Stop polling and fetching.
    StopRefresh,
    /// Fetch or send comments.
    Correspond(Letter),
    /// Stop fetching and sending them.
    StopCorresponding,
    /// Have the reader's editor change a text.
    Edit(String),
    /// Open an address (`http:`, `https:` or `mailto:`) with another program.
    Open(String),
    /// Put text on the clipboard.
    Copy(String),
    /// Write an article to a file.
    WriteFile {
        /// The article.
        id: ArticleId,
        /// The file; its ending says what is written ([`FileKind::of`]).
        path: PathBuf,
    },
    /// Wake the program at a moment; nothing stands for never.
    WakeAt(Option<Timestamp>),
    /// Draw every cell again.
    Redraw,
    /// Stop until the shell lets the program go on.
    Suspend,
    /// End.
    Quit,
}

/// What a file can hold of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Its sanitised HTML.
    Html,
    /// Markdown.
    Markdown,
    /// What the article pane shows.
    Text,
}

impl FileKind {
    /// Returns what a file holds, by its ending in either case; nothing where that says nothing.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        match &*ending.to_ascii_lowercase() {
            "html" => Some(Self::Html),
            "md" => Some(Self::Markdown),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// A question to the reader of the cache. A newer one of the same kind takes the place of one that
/// waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The rows of a list.
    Rows {
        /// The number of the question.
        ticket: u64,
        /// Which.
        query: RowsQuery,
    },
    /// An article, laid out.
    Page {
        /// The number of the question.
        ticket: u64,
        /// Which.
        id: ArticleId,
        /// At which width, in columns.
        width: u16,
        /// What of it.
        form: Form,
    },
    /// The comments of an article, laid out.
    Talk {
        /// The number of the question.
        ticket: u64,
        /// The article.
        id: ArticleId,
        /// At which width, in columns.
        width: u16,
        /// Whether they are wanted although they are those of the last answer.
        even: Even,
    },
    /// The counts.
    Counts {
        /// The number of the question.
        ticket: u64,
        /// The first moment of the reader's day.
        today: Timestamp,
        /// The list that new articles may wait for: its question's number, what it asked and the
        /// newest article that was stored then.
        list: Option<(u64, RowsQuery, ArticleId)>,
        /// The article that is opened.
        article: Option<ArticleId>,
        /// Whether the counts are wanted although nobody else wrote into the cache.
        even: Even,
    },
}

/// Whether an answer is wanted in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Even {
    /// They are.
    Unchanged,
    /// Only where another connection wrote since the last answer.
    IfChanged,
}

/// A change to the cache.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Set or take away a mark.
    Mark {
        /// The number of the act.
        act: u64,
        /// The articles; the same stories in other feeds go with them.
        ids: Vec<ArticleId>,
        /// The mark.
        mark: Mark,
    },
    /// Take back what an act of marking changed, and nothing else: of a story that several feeds
    /// carry, an article may have had the mark before.
    TakeBack {
        /// The number of the act.
        act: u64,
        /// Its mark.
        mark: Mark,
    },
    /// Keep where the reader is.
    Keep(Box<Place>),
    /// Note that the reader has seen the comments of an article.
    Visit(ArticleId),
    /// Store what the reader wrote.
    KeepDraft(Box<DraftKept>),
    /// Let a comment of the reader's own be sent.
    Release(Sheet),
    /// Throw a comment of the reader's own away.
    ThrowAway {
        /// Which.
        sheet: Sheet,
        /// Whether it can be brought back by undoing.
        noted: Noted,
    },
    /// Put one back that was thrown away.
    BringBack(Box<Draft>),
}

/// A comment that is being written: its number in the cache is known once it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The number of the writing.
    pub number: u64,
    /// The comment's number in the cache, where it was there before.
    pub draft: Option<DraftId>,
}

/// What the reader wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftKept {
    /// Which comment it is.
    pub sheet: Sheet,
    /// The article.
    pub article: ArticleId,
    /// The comment that it answers.
    pub reply_to: Option<CommentId>,
    /// What it says; none where that was handed over before.
    pub words: Option<Words>,
    /// How soon it has to be stored.
    pub when: When,
}

/// How soon something has to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Within a fraction of a second; what follows meanwhile takes its place.
    Soon,
    /// At once.
    Now,
}

/// Whether something that was thrown away is still to be noted as a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is to be.
    NotYet,
    /// It is noted, or needn't be.
    Already,
}

/// What is asked of sites about comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Fetch those of an article.
    Fetch(ArticleId),
    /// Send one of the reader's own.
    Send(DraftId),
    /// After a refresh of these feeds: send what waits, and fetch what is kept fresh.
    FollowUp(Polls),
}

/// What is asked of servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Poll feeds, then fetch the pages that are wanted of them.
    Poll(Polls),
    /// Fetch the pages of these articles.
    Fetch(Vec<ArticleId>),
}

/// Which feeds to poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polls {
    /// Of this section alone, by its place in the configuration.
    pub section: Option<usize>,
    /// Whether feeds that aren't due are polled too.
    pub urgency: crate::polite::Urgency,
}
