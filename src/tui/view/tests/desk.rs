//! States made by hand: the rows and counts of the pictures.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use crate::config::{MarkRead, RefreshMode};
use crate::model::article::{Article, ArticleHead, ArticleId, FeedId, Marks, StoredText};
use crate::model::comment::Words;
use crate::model::document::{HeadingPlace, Spot};
use crate::model::feed::Enclosure;
use crate::services::Connection;
use crate::services::reading::Listed;
use crate::services::rows::{FeedTally, Row, SectionTally, Tallies, Tally};
use crate::services::sheet::changes::Comparison;
use crate::services::sheet::{self, Setting};
use crate::services::subscriptions::Health;
use crate::store::Revision;
use crate::tui::keymap::Keymap;
use crate::tui::palette::{Depth, Palette};
use crate::tui::state::article::{Aside, Form};
use crate::tui::state::list::{Extent, FeedName, FeedNames};
use crate::tui::state::{Browser, Page, SectionSetup, Setup, State};
use crate::tui::symbols::UNICODE;
use crate::tui::theme::{Ground, Theme};
use crate::tui::view::{Look, view};

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

/// Title, source, moment and marks (`u` unread, `c` changed, `s` starred, `+` in another feed) of the
/// articles of the pictures.
const NEWS: [(&str, &str, &str, &str); 23] = [
    (
        "Press release: Delayed digital plan asks departments to act as one",
        "PubTech",
        "24T09:14",
        "u",
    ),
    (
        "Budget day set for 3 March, with a spending review in July",
        "HMT",
        "24T08:50",
        "us",
    ),
    (
        "Guidance on keeping citizens’ data abroad",
        "GDS",
        "24T08:41",
        "c",
    ),
    (
        "Forty towns in Wales to get new flood defences",
        "Wales",
        "24T08:15",
        "u",
    ),
    (
        "Waiting times to be published every week from January",
        "DoH NI",
        "24T07:30",
        "u",
    ),
    (
        "Councils win two more years to balance school budgets",
        "PubTech",
        "24T07:02",
        "u",
    ),
    (
        "Minister’s statement on checks at small ports",
        "HMT",
        "24T06:45",
        "",
    ),
    (
        "Small firms to see tender notices a month earlier",
        "GOV.UK",
        "23T17:20",
        "u+",
    ),
    (
        "What the new procurement rules mean for councils",
        "PubTech",
        "23T16:05",
        "us",
    ),
    (
        "Tax helpline to stay open later in January",
        "HMT",
        "23T15:31",
        "",
    ),
    (
        "Pay remit for delegated grades: questions and answers",
        "GOV.UK",
        "23T14:48",
        "u",
    ),
    ("Bus grants: second round opens", "Wales", "23T12:10", ""),
    (
        "Hospital food standards, one year on",
        "DoH NI",
        "23T11:55",
        "",
    ),
    (
        "Hiring rules eased for short contracts",
        "GOV.UK",
        "23T11:07",
        "u",
    ),
    (
        "Northern stations to be step-free by 2029",
        "GOV.UK",
        "23T10:42",
        "",
    ),
    (
        "Rural broadband: the map is redrawn",
        "PubTech",
        "23T10:15",
        "",
    ),
    (
        "Fewer letters, more texts: tax office trial",
        "HMT",
        "23T09:50",
        "",
    ),
    (
        "Audit backlog: what is still owed",
        "PubTech",
        "23T09:12",
        "s",
    ),
    (
        "Town halls may share chief officers",
        "PubTech",
        "23T08:58",
        "",
    ),
    ("New chair for the flood board", "Wales", "23T08:30", ""),
    ("Sensor networks in care homes", "GDS", "20T16:00", ""),
    (
        "Laptops for field staff: what worked",
        "DSIT",
        "15T10:00",
        "",
    ),
    ("", "GDS blog", "14T10:00", "u"),
];

/// The article of the pictures.
const ARTICLE: &str = "<p>Departments that build their own sign-in, payment or notice service will \
    have to explain why, under a <a href=\"https://gov.example/plan-2030\">plan</a> laid before \
    Parliament this morning. Its five pillars are:</p><ol>\
    <li>Shared platforms. Build once, use everywhere; copies are retired within two years.</li>\
    <li>Better use of data. One register of who holds what, and a chief data officer in each \
    department.</li>\
    <li>Whole services. The back office is redesigned together with the page that people see.</li>\
    <li>People and skills. The right training in the right place for 20,000 specialists.</li>\
    <li>Tools for civil servants. Laptops, networks and rules that let people do their work.</li>\
    </ol><p>Unions welcomed the fourth pillar but \
    <a href=\"https://unions.example/reply\">asked</a> who will pay for it. A survey of 2,000 staff \
    last year found that three in four could not say what the last plan was for.</p>";

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
        read: false,
        starred: false,
        changed: false,
        stored: StoredText::Whole,
        closes: None,
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
    let setup = Setup {
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
        author: Words::default(),
        accounts: Vec::new(),
    };
    let mut state = State::new(setup, at(NOW), size);
    state.list.feeds = Arc::new(FeedNames {
        names: names.collect(),
    });
    state
}

/// Returns the state of the pictures: the first article selected, its page beside the list.
pub(crate) fn news(size: (u16, u16)) -> State {
    let mut state = empty(size);
    state.list.rows = NEWS
        .iter()
        .zip(1..)
        .map(|((title, source, day, marks), id)| {
            let row = row(title, source, &format!("2026-11-{day}:00Z"));
            Row {
                id: ArticleId(id),
                read: !marks.contains('u'),
                starred: marks.contains('s'),
                changed: marks.contains('c'),
                also: if marks.contains('+') {
                    vec![feed("HMT")]
                } else {
                    Vec::new()
                },
                ..row
            }
        })
        .collect();
    state.list.extent = Extent::Whole;
    let unread = |unread| Tally {
        articles: unread + 5,
        unread,
    };
    let section = |count| SectionTally {
        own: unread(count),
        feeds: [
            ("GDS blog", Health::Ok, 1),
            ("DSIT", Health::Failing, 3),
            ("POST", Health::Ok, 0),
        ]
        .map(|(name, health, count)| feed_tally(name, health, unread(count)))
        .to_vec(),
    };
    let mut tallies = Tallies {
        today: unread(14),
        starred: Tally {
            articles: 6,
            unread: 2,
        },
        closing: Tally {
            articles: 3,
            unread: 1,
        },
        closing_later: 11,
        sections: [9, 4, 1, 3, 2, 7, 0].map(section).to_vec(),
        failing: 1,
        last_good: Some(at("2026-11-24T09:20:00Z")),
        next_poll: Some(at("2026-11-24T10:20:00Z")),
        never_polled: 0,
    };
    tallies.sections[0].own.articles = 63;
    state.sections.tallies = Some(tallies);
    open(&mut state, &article());
    state
}

fn feed_tally(name: &str, health: Health, tally: Tally) -> FeedTally {
    FeedTally {
        tally,
        id: None,
        health,
        title: format!("{name} in full"),
        short: name.to_owned(),
        next_check: Some(at("2026-11-24T10:20:00Z")),
        error: None,
    }
}

/// Returns the article of the pictures.
pub(crate) fn article() -> Article {
    Article {
        head: ArticleHead {
            id: ArticleId(1),
            feed: feed("PubTech"),
            guid: None,
            title: "Delayed digital plan asks departments to act as one".to_owned(),
            permalink: Some("https://publictechnology.example/plan".to_owned()),
            byline: Some("Ruth Amadi".to_owned()),
            published: Some(at("2026-11-24T09:14:00Z")),
            updated: None,
            first_seen: at(NOW),
            standfirst: "A year late, the plan ties money to shared services and rests on five \
                pillars for the work to 2030."
                .to_owned(),
            marks: Marks::default(),
            comments_count: Some(12),
            stored: StoredText::Whole,
            changed: false,
            closes: None,
            withdrawn: None,
        },
        html: ARTICLE.to_owned(),
        base: None,
        enclosures: vec![Enclosure {
            url: "https://gov.example/plan.pdf".to_owned(),
            media_type: Some("application/pdf".to_owned()),
            bytes: Some(2_400_000),
            title: Some("The plan".to_owned()),
        }],
        revisions: 0,
        page: None,
        visit: None,
    }
}

/// Puts an article on the screen, as the window's measure has it.
pub(crate) fn open(state: &mut State, article: &Article) {
    let width = state.measure();
    let document = sheet::document(article);
    let listed = Listed {
        head: article.head.clone(),
        feed: "",
        feed_title: "PublicTechnology",
        feed_short: "PubTech",
        section: Some("Latest news"),
    };
    let setting = Setting {
        width: width.into(),
        now: state.now,
        zone: &state.setup.zone,
    };
    let laid_out = sheet::lay_out(&sheet::Shown {
        article,
        document: &document,
        listed: &listed,
        also_in: &[],
        setting: &setting,
    });
    let facts = [
        ("Feed", "https://publictechnology.example/feed.xml"),
        ("Guid", "tag:x,2026:1"),
    ];
    let page = Page {
        head: article.head.clone(),
        form: Form::Text,
        revision: 0,
        revisions: article.revisions,
        width,
        lines: laid_out.lines().cloned().collect(),
        spots: Vec::new(),
        links: laid_out.body.links.clone(),
        headings: vec![HeadingPlace {
            line: 3,
            level: 2,
            text: "The plan".to_owned(),
        }],
        enclosures: article.enclosures.clone(),
        title: article.head.title.clone(),
        source: "PublicTechnology".to_owned(),
        facts: facts
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        citation: String::new(),
        markdown_link: String::new(),
        spot: Spot::default(),
    };
    state.article.wanted = Some(article.head.id);
    state.article.page = Some(Arc::new(page));
}

/// Puts what changed in an article in its place.
pub(crate) fn compare(state: &mut State, article: &Article, revisions: &[Revision]) {
    let page = state.article.page.clone().unwrap();
    let setting = Setting {
        width: page.width.into(),
        now: state.now,
        zone: &state.setup.zone,
    };
    let document = sheet::document(article);
    let comparison = Comparison::new(article, &document, revisions).unwrap();
    let sheet = comparison.lay_out(&setting);
    state.article.page = Some(Arc::new(Page {
        form: Form::Changes,
        lines: sheet.lines().cloned().collect(),
        spots: sheet.spots(),
        ..Page::clone(&page)
    }));
    let spot = state.article.spot;
    state.article.aside = Some(Aside { page, spot });
}

/// Returns a look in dark colours.
pub(crate) fn dark() -> Look {
    Look {
        theme: Theme::new(Palette::Dark, Depth::TrueColour, Ground::Painted),
        symbols: UNICODE,
    }
}

/// Draws a frame.
pub(crate) fn drawn(state: &State, look: &Look) -> (Buffer, Position) {
    let (columns, rows) = state.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| view(state, look, frame)).unwrap();
    let cursor = terminal.get_cursor_position().unwrap();
    (terminal.backend().buffer().clone(), cursor)
}

/// Returns the lines of a frame, blanks at their ends left out.
pub(crate) fn lines(state: &State) -> Vec<String> {
    let (buffer, _) = drawn(state, &dark());
    let area = buffer.area;
    let line = |y| {
        let cells = (area.left()..area.right()).map(|x| buffer[(x, y)].symbol());
        cells.collect::<String>().trim_end().to_owned()
    };
    (area.top()..area.bottom()).map(line).collect()
}
