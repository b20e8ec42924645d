//! States made by hand: the rows and counts of the pictures.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{MarkRead, RefreshMode};
use crate::model::article::{ArticleId, FeedId, StoredText};
use crate::services::Connection;
use crate::services::rows::{Dated, Row};
use crate::tui::keymap::Keymap;
use crate::tui::state::history::History;
use crate::tui::state::list::{FeedName, FeedNames};
use crate::tui::state::{
    ArticlePane, Browser, List, Mode, Pane, SectionSetup, Sections, Setup, State, Touched,
};

/// The moment of the pictures.
pub(crate) const NOW: &str = "2026-11-24T09:31:00Z";

/// Sources by their short names, with their titles, numbered from 1.
const FEEDS: [(&str, &str); 9] = [
    ("PubTech", "PublicTechnology"),
    ("GDS", "GDS"),
    ("Wales", "Wales"),
    ("DoH NI", "DoH NI"),
    ("HMT", "HM Treasury"),
    ("GOV.UK", "GOV.UK news"),
    ("GDS blog", "GDS blog"),
    ("DSIT", "DSIT"),
    ("Cabinet Office", "Cabinet Office"),
];

/// Reads a moment.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn feed(short: &str) -> FeedId {
    let found = FEEDS.iter().position(|(known, _)| *known == short);
    FeedId(found.map_or(0, |at| i64::try_from(at).unwrap() + 1))
}

/// Returns an unread row.
pub(crate) fn row(title: &str, source: &str, moment: &str) -> Row {
    Row {
        id: ArticleId(0),
        feed: feed(source),
        also: Vec::new(),
        title: title.to_owned(),
        at: at(moment),
        dated: Dated::Published,
        read: false,
        starred: false,
        changed: false,
        stored: StoredText::Whole,
    }
}

/// Returns a state without any article.
pub(crate) fn empty(size: (u16, u16)) -> State {
    let names = FEEDS.iter().map(|(short, title)| {
        let name = FeedName {
            title: (*title).to_owned(),
            short: (*short).to_owned(),
            sections: vec![0],
        };
        (feed(short), name)
    });
    let section = |name: &str| SectionSetup {
        name: name.to_owned(),
        feeds: 3,
        files: 0,
    };
    State {
        setup: Setup {
            sections: [
                "Latest news",
                "Policy & digital",
                "Comment",
                "Consultations",
                "Statistics",
                "Health & local",
                "Parliament",
            ]
            .map(section)
            .to_vec(),
            keymap: Keymap::default(),
            zone: TimeZone::UTC,
            connection: Connection::Online,
            refresh: RefreshMode::Auto,
            mark_read: MarkRead::Open,
            text_width: 76,
            browser: Browser::There,
        },
        now: at(NOW),
        size,
        focus: Pane::List,
        mode: Mode::Browsing,
        display: crate::tui::state::Display::default(),
        sections: Sections::default(),
        list: List {
            feeds: Arc::new(FeedNames {
                names: names.collect(),
            }),
            ..List::default()
        },
        article: ArticlePane::default(),
        news: crate::tui::state::news::News::default(),
        notice: None,
        history: History::default(),
        held: std::collections::VecDeque::new(),
        then: None,
        kept: crate::tui::state::place::Place::default(),
        touched: Touched::Yes,
        crossing: crate::tui::state::Crossing::Asks,
        writing: std::collections::VecDeque::new(),
    }
}
