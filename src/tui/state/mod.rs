//! Everything that is on the screen, as plain values.
//!
//! `update` changes it, `view` draws it; neither keeps anything of its own.
//!
//! - [`sections`], [`list`], [`article`], [`comments`]: a pane each
//! - [`compose`]: a comment that is being written; [`field`]: its text
//! - [`panel`]: what lies over the panes: keys, links, headings, facts, a file's name
//! - [`lines`]: the lines of a panel, narrowed by what was typed
//! - [`news`]: how the refresh goes and what is known of the feeds
//! - [`history`]: what `u` and `U` bring back
//! - [`place`]: what comes back after a restart

use std::collections::VecDeque;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

pub mod article;
pub mod comments;
pub mod compose;
pub mod field;
pub mod history;
pub mod lines;
pub mod list;
pub mod news;
pub mod panel;
pub mod place;
pub mod sections;

pub use self::article::{ArticlePane, Page};
pub use self::comments::{CommentsPane, Talk};
pub use self::list::List;
pub use self::panel::Mode;
pub use self::sections::Sections;

use self::history::{History, Writing};
use self::news::News;
use self::place::Place;
use super::keymap::{Key, Keymap};
use super::layout::Areas;
use crate::config::{CommentAccount, MarkRead, RefreshMode, Section};
use crate::model::comment::Words;
use crate::model::document::Link;
use crate::services::{self, Connection, SharedParts};

/// How long a message stays at least.
const MESSAGE_STAYS: SignedDuration = SignedDuration::from_secs(4);

/// The whole state of the screen.
#[derive(Clone, Debug)]
pub struct State {
    /// What doesn't change while the program runs.
    pub setup: Setup,
    /// The time of the last message.
    pub now: Timestamp,
    /// The window's columns and rows.
    pub size: (u16, u16),
    /// The pane that keys go to. It is the article or its comments only while they are opened.
    pub focus: Pane,
    /// What lies over the panes, and what the next key means there.
    pub mode: Mode,
    /// What is shown of what.
    pub display: Display,
    /// The sections.
    pub sections: Sections,
    /// The list.
    pub list: List,
    /// The article.
    pub article: ArticlePane,
    /// Its comments.
    pub comments: CommentsPane,
    /// The refresh, and what is known of the feeds.
    pub news: News,
    /// What the last row says instead of the hints.
    pub notice: Option<Notice>,
    /// The address that was copied last because no browser can run.
    pub copied: String,
    /// What can be undone.
    pub history: History,
    /// Keys that came while something that they depend on was being read; they are heard after it.
    pub held: VecDeque<Key>,
    /// What is to be done once what is being read is there.
    pub then: Option<Then>,
    /// The place as it was stored last.
    pub kept: Place,
    /// Whether a key was pressed since the start.
    pub touched: Touched,
    /// Whether the next Space goes on into another section.
    pub crossing: Crossing,
    /// The name and address that the reader's comments bear: those of the configuration, else those
    /// that were typed last.
    pub author: Words,
    /// The number of the last writing of a comment.
    pub sheets: u64,
    /// Marks that are shown and not yet known to be stored, the oldest first.
    pub writing: VecDeque<Writing>,
}

/// What doesn't change while the program runs.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The names of the sections, in the order of the configuration.
    pub sections: Vec<SectionSetup>,
    /// Which keys call which commands.
    pub keymap: Keymap,
    /// The reader's time zone.
    pub zone: TimeZone,
    /// Whether the network may be used.
    pub connection: Connection,
    /// When the screen polls what is due.
    pub refresh: RefreshMode,
    /// What makes an article read.
    pub mark_read: MarkRead,
    /// The measure that the configuration asks for, in columns.
    pub text_width: u16,
    /// Whether a browser can run here.
    pub browser: Browser,
    /// The name and address that the reader's comments bear, as far as the configuration has them.
    pub author: Words,
    /// Hosts at which the reader has an account, and its name: comments bear what the site knows.
    pub accounts: Vec<(String, String)>,
}

/// A section of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionSetup {
    /// Its name.
    pub name: String,
    /// How many feeds it has.
    pub feeds: usize,
    /// How many of them are files, which are read offline too.
    pub files: usize,
}

/// Whether a browser can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// It can, or another program is named in the configuration.
    There,
    /// It can't: addresses are shown and copied instead.
    Missing,
}

/// One of the panes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    /// The sections.
    Sections,
    /// The articles of a section.
    #[default]
    List,
    /// One article.
    Article,
    /// The comments of one article, in its place.
    Comments,
}

impl Pane {
    /// All of them, from left to right.
    pub const ALL: [Self; 4] = [Self::Sections, Self::List, Self::Article, Self::Comments];
}

/// What is shown of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// Whether the sections are shown.
    pub sections_pane: SectionsPane,
    /// Whether an opened article has the window for itself.
    pub alone: Alone,
    /// The measure that the reader chose, in columns.
    pub measure: Option<u16>,
}

/// Whether the sections are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionsPane {
    /// They are, where there is room.
    #[default]
    Shown,
    /// Only while they have the focus.
    Hidden,
}

impl SectionsPane {
    /// Returns the other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Shown => Self::Hidden,
            Self::Hidden => Self::Shown,
        }
    }
}

/// Whether an opened article has the window for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alone {
    /// Only where there is no room for more.
    #[default]
    No,
    /// It has.
    Yes,
}

/// Whether a key was pressed since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Touched {
    /// None: new articles come in by themselves.
    #[default]
    No,
    /// One was: new articles wait.
    Yes,
}

/// Whether the next Space goes on into another section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// It asks first.
    #[default]
    Asks,
    /// It was asked for.
    Ready,
}

/// What is to be done once what is being read is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Call a command that needs the selected article's text.
    Call(super::commands::Command),
}

/// What the last row says instead of the hints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// What it is.
    pub kind: NoticeKind,
    /// When it came.
    pub since: Timestamp,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It goes at the first key pressed four seconds or more after it.
    Message,
    /// It goes at Esc or `q`.
    Error,
}

impl Setup {
    /// Takes from the configuration what the screen goes by.
    pub fn new(shared: &SharedParts, keymap: Keymap, browser: Browser) -> Self {
        let config = &shared.config;
        let section = |section: &Section| SectionSetup {
            name: section.name.clone(),
            feeds: section.feeds.len(),
            files: section
                .feeds
                .iter()
                .filter(|feed| is_file(&feed.url))
                .count(),
        };
        Self {
            sections: config.sections.iter().map(section).collect(),
            keymap,
            zone: shared.zone.clone(),
            connection: shared.connection,
            refresh: config.general.refresh,
            mark_read: config.ui.mark_read,
            text_width: config.ui.text_width,
            browser,
            author: services::comments::author(config),
            accounts: accounts(&config.comments.accounts),
        }
    }
}

/// Returns the hosts and names of accounts.
fn accounts(accounts: &[CommentAccount]) -> Vec<(String, String)> {
    let host = |site: &str| Some(Url::parse(site).ok()?.host_str()?.to_owned());
    let known = accounts
        .iter()
        .filter_map(|account| Some((host(&account.site)?, account.username.clone())));
    known.collect()
}

/// Whether an address is that of a file.
pub(super) fn is_file(url: &str) -> bool {
    url.get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"))
}

impl State {
    /// Makes the state of a program that has just started and knows nothing yet.
    pub fn new(setup: Setup, now: Timestamp, size: (u16, u16)) -> Self {
        Self {
            author: setup.author.clone(),
            setup,
            now,
            size,
            focus: Pane::List,
            mode: Mode::Browsing,
            display: Display::default(),
            sections: Sections::default(),
            list: List::default(),
            article: ArticlePane::default(),
            comments: CommentsPane::default(),
            news: News::default(),
            notice: None,
            copied: String::new(),
            history: History::default(),
            held: VecDeque::new(),
            then: None,
            kept: Place::default(),
            touched: Touched::No,
            crossing: Crossing::Asks,
            sheets: 0,
            writing: VecDeque::new(),
        }
    }

    /// Returns where the panes stand; `None` where the window is too small.
    pub fn areas(&self) -> Option<Areas> {
        Areas::new(self.size, self.focus, &self.display)
    }

    /// Returns the measure of an article in the window as it is, in columns.
    pub fn measure(&self) -> u16 {
        let asked = self.display.measure.unwrap_or(self.setup.text_width);
        let pane = self.areas().and_then(|areas| areas.article);
        // Where no article is in sight yet, an opened one would have the whole window.
        super::layout::measure(pane.map_or(self.size.0, |pane| pane.width), asked)
    }

    /// Returns the name of the reader's account at the site whose comments are opened.
    pub fn account(&self) -> Option<&str> {
        let site = &self.comments.talk.as_ref()?.conversation.site;
        let accounts = self.setup.accounts.iter();
        let known = accounts.filter(|(host, _)| host == site.as_str());
        known.map(|(_, name)| name.as_str()).next()
    }

    /// Says something in the last row.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            kind: NoticeKind::Message,
            since: self.now,
        });
    }

    /// Says in the last row that something went wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            kind: NoticeKind::Error,
            since: self.now,
        });
    }

    /// Returns the first moment of the reader's day.
    pub fn today(&self) -> Timestamp {
        let start = self.setup.zone.to_datetime(self.now).date().at(0, 0, 0, 0);
        self.setup.zone.to_timestamp(start).unwrap_or(self.now)
    }

    /// Returns the numbered links of what has the focus: of the selected comment, else of the article.
    pub fn links(&self) -> &[Link] {
        match self.focus {
            Pane::Comments => self.comments.links(),
            _ => self.article.shown().map_or(&[], |page| &page.links),
        }
    }

    /// Whether what keys depend on is being read: the list that was gone to, an opened article or
    /// its comments.
    pub fn is_waiting(&self) -> bool {
        self.list.loading.is_some()
            || self.list.seeking.is_some()
            || self.article.is_awaited(self.focus)
            || self.comments.is_awaited(self.focus)
            || self.then.is_some()
    }
}

impl Notice {
    /// Whether the first key now takes it away.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.kind == NoticeKind::Message && now.duration_since(self.since) >= MESSAGE_STAYS
    }
}
