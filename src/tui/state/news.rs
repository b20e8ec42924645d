//! How the refresh goes.

use jiff::Timestamp;

use crate::services::refresh::Summary;
use crate::tui::effect::Polls;

/// The refresh, and what there is to say of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The refresh that runs.
    pub running: Option<Progress>,
    /// How the last one of this run of the program went.
    pub last: Option<Summary>,
    /// When the last one began; no other begins by itself within a minute.
    pub began: Option<Timestamp>,
    /// The key that, pressed again, asks servers that aren't due.
    pub armed: Option<Armed>,
    /// Whether servers were reached.
    pub network: Network,
    /// Who asked for the refresh that runs.
    pub asked_by: AskedBy,
    /// The number of the last question for counts; marks raise it too, as they outdate its answer.
    pub ticket: u64,
    /// Whether counts are owed that had to wait for marks being written.
    pub recount: Recount,
    /// What was polled last, while nothing was done for its comments.
    pub polls: Option<Polls>,
    /// How many comments of the reader's own wait to be sent.
    pub to_send: usize,
    /// When the counts were last asked for.
    pub looked: Option<Timestamp>,
    /// The first moment of the day that was last counted.
    pub day: Option<Timestamp>,
    /// When the program asked to be woken.
    pub wake: Option<Timestamp>,
}

/// How far a refresh has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is asked for.
    pub of: ProgressOf,
    /// How many are done.
    pub done: usize,
    /// How many there are.
    pub all: usize,
}

/// What a refresh asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgressOf {
    /// Feeds.
    #[default]
    Feeds,
    /// Articles' own pages.
    Pages,
}

/// Which refresh is asked for once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Armed {
    /// That of a section.
    Section(usize),
    /// That of all.
    All,
}

/// Whether servers were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// Not known, or some were.
    #[default]
    Reached,
    /// At the last refresh none was.
    Unreached,
}

/// Who asked for a refresh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskedBy {
    /// The clock.
    #[default]
    Clock,
    /// The reader: failures are told.
    Reader,
}

/// Whether counts are owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recount {
    /// None are.
    #[default]
    No,
    /// They will be asked for once no mark is being written any more.
    Owed,
}
