//! Everything that can happen.

use std::path::PathBuf;
use std::sync::Arc;

use super::effect::Noted;
use super::keymap::Key;
use super::state::list::FeedNames;
use super::state::place::Place;
use super::state::{Page, Talk};
use crate::model::article::ArticleId;
use crate::model::comment::{Draft, DraftId};
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::services::comments::{Followed, Sent};
use crate::services::pages::Fetched;
use crate::services::refresh::Summary;
use crate::services::rows::{Row, Tallies};
use crate::store::Recovery;

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The window has this many columns and rows now.
    Resize(u16, u16),
    /// The program was stopped and goes on.
    Resumed,
    /// The reader of the cache answered.
    Loaded(Loaded),
    /// A refresh goes on.
    Refresh(Refresh),
    /// Comments were fetched or sent, or could not be.
    Talked(Talked),
    /// A change was written, or could not be.
    Written(Written),
    /// Something outside the program was done, or could not be.
    Outside(Outside),
    /// The time asked for has come.
    Due,
    /// Another program wrote into the cache.
    CacheChanged,
    /// The cache was damaged, and what could be read of it is in a new one.
    Recovered(Box<Recovery>),
    /// A worker failed through a fault of its own.
    Failed(Worker),
}

/// An answer of the reader of the cache.
#[derive(Debug)]
pub enum Loaded {
    /// What there is to know at the start.
    Start {
        /// Where the reader was last.
        place: Box<Place>,
        /// The counts.
        counts: Box<Counts>,
    },
    /// Rows of a list; the first answer to a question takes the old list's place.
    Rows {
        /// The number of the question.
        ticket: u64,
        /// The rows.
        rows: Vec<Row>,
        /// Which part of the answer it is.
        part: Part,
    },
    /// An article, laid out; nothing where it isn't stored any more.
    Page {
        /// The number of the question.
        ticket: u64,
        /// The article.
        page: Option<Arc<Page>>,
    },
    /// Comments, laid out; nothing where their article isn't stored any more.
    Talk {
        /// The number of the question.
        ticket: u64,
        /// The comments.
        talk: Option<Arc<Talk>>,
    },
    /// The counts, after something changed.
    Counts(Box<Counts>),
    /// The cache could not be read.
    Failed {
        /// The question that has no answer.
        of: QuestionKind,
        /// Why.
        problem: Box<Problem>,
    },
}

/// Which part of an answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first; more follow.
    First {
        /// The newest article stored when the rows were read.
        newest: ArticleId,
    },
    /// The first and only one.
    Only {
        /// The newest article stored when the rows were read.
        newest: ArticleId,
    },
    /// A later one; more follow.
    More,
    /// The last, of more than one.
    Last,
}

/// Which question something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// That at the start.
    Start,
    /// That for the rows of a list.
    Rows(u64),
    /// That for an article.
    Page(u64),
    /// That for comments.
    Talk(u64),
    /// That for the counts.
    Counts,
}

/// What is counted.
#[derive(Clone, Debug)]
pub struct Counts {
    /// The number of the question; 0 at the start.
    pub ticket: u64,
    /// Articles of what, and how the feeds do.
    pub tallies: Tallies,
    /// The feeds' names.
    pub feeds: Arc<FeedNames>,
    /// How many comments of the reader's own wait to be sent.
    pub to_send: usize,
    /// How many articles wait for the list that was asked about.
    pub waiting: Option<Waiting>,
    /// The hash of the text of the article that was asked about.
    pub revision: Option<(ArticleId, i64)>,
}

/// How many articles wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The number of the question that brought the list.
    pub ticket: u64,
    /// How many.
    pub articles: u32,
}

/// How a refresh goes.
#[derive(Debug)]
pub enum Refresh {
    /// It polls so many feeds.
    Begun {
        /// How many.
        polls: usize,
    },
    /// So many are done; at most twice a second.
    Polled {
        /// How many.
        done: usize,
    },
    /// It has ended.
    Done {
        /// How it went.
        summary: Summary,
        /// The first feed that failed, if one did.
        failure: Option<Failure>,
        /// Whether any server was reached.
        reached: Reached,
        /// How many pages are fetched now.
        pages: usize,
    },
    /// So many pages are fetched now.
    Fetching {
        /// How many.
        pages: usize,
    },
    /// So many of them are done; at most twice a second.
    Stored {
        /// How many.
        done: usize,
    },
    /// All of them are done.
    Fetched(Fetched),
    /// It could not begin, or what it stored may not last.
    Failed(Box<Problem>),
}

/// A feed that could not be polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its title, else its address.
    pub feed: SafeText,
    /// Why.
    pub why: SafeText,
    /// When it is tried again.
    pub next_try: Option<jiff::Timestamp>,
}

/// Whether a refresh reached any server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It did, or had none to ask.
    Some,
    /// It had servers to ask, and none answered.
    None,
}

/// What became of a change.
#[derive(Debug)]
pub enum Written {
    /// A mark is stored.
    Marked,
    /// A mark could not be stored. Answers come in the order of the changes.
    Failed {
        /// Why.
        problem: Box<Problem>,
    },
    /// The place could not be kept.
    PlaceLost(Box<Problem>),
    /// A comment of the reader's own is stored.
    DraftKept {
        /// The number of the writing.
        sheet: u64,
        /// Its number; none where it is on its way or at its site, and stays as it was.
        draft: Option<DraftId>,
    },
    /// A comment may be sent; none where it isn't there any more, or is on its way already.
    Released(Option<DraftId>),
    /// A comment was thrown away; nothing where it is on its way, or was gone.
    ThrownAway {
        /// As it was.
        draft: Option<Box<Draft>>,
        /// Whether that is still to be noted as a deed.
        noted: Noted,
    },
    /// A comment that was thrown away is back.
    BroughtBack,
    /// What was to be done with a comment of the reader's own could not be done.
    DraftLost(Box<Problem>),
}

/// What became of comments that were to be fetched or sent.
#[derive(Debug)]
pub enum Talked {
    /// Those of an article were fetched, or could not be.
    Fetched {
        /// The article.
        article: ArticleId,
        /// Why they could not.
        problem: Option<Box<Problem>>,
    },
    /// One of the reader's own was sent, or could not be.
    Sent {
        /// Which.
        draft: DraftId,
        /// What became of it.
        outcome: Result<Sent, Box<Problem>>,
    },
    /// After a refresh those that waited were sent, and others fetched.
    Followed(Result<Box<Followed>, Box<Problem>>),
}

/// What was done outside the program.
#[derive(Debug)]
pub enum Outside {
    /// An article was written to a file.
    WroteFile(PathBuf),
    /// The reader's editor gave a text back.
    Edited(String),
    /// Something could not be done.
    Failed(Box<Problem>),
}

/// A part of the program that runs beside the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// What reads the cache.
    Reader,
    /// What writes marks.
    Writer,
    /// What polls feeds.
    Refresher,
    /// What fetches and sends comments.
    Courier,
    /// What writes an article to a file.
    Export,
}
