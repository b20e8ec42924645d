//! The panes side by side, the cursor, and windows of any size.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::layout::Position;
use ratatui::style::Modifier;

use super::desk;
use crate::model::article::StoredText;
use crate::services::Connection;
use crate::services::rows::{Filter, ListOf, Sort};
use crate::store::Revision;
use crate::tui::palette::{Depth, Ink, Palette};
use crate::tui::state::article::Newer;
use crate::tui::state::panel::{KeysOf, PanelKind};
use crate::tui::state::{Mode, Pane, State};
use crate::tui::symbols::ASCII;
use crate::tui::theme::{Ground, Theme};
use crate::tui::view::{Look, title, view};

/// Checks some lines of a frame.
#[track_caller]
fn check(state: &State, expected: &[(usize, &str)]) {
    let lines = desk::lines(state);
    for (at, line) in expected {
        assert_eq!(lines[*at], *line, "\n{}", lines.join("\n"));
    }
}

#[test]
fn sections_and_list_stand_side_by_side() {
    check(
        &desk::news((80, 24)),
        &[
            (
                0,
                " Gazette             │ Latest news                               9 unread of 63",
            ),
            (1, " 0 Today          14 │ Today"),
            (
                2,
                " * Starred         6 │▌●  Delayed digital plan asks department… PubTech   09:14",
            ),
            (
                3,
                " ! Closing soon    3 │ ●★ Budget day set for 3 March, with a…   HMT       08:50",
            ),
            (
                5,
                "▏1 Latest news     9 │ ●  Forty towns in Wales to get new…      Wales     08:15",
            ),
            (9, " 5 Statistics      2 │ Yesterday"),
            (
                10,
                " 6 Health & local  7 │ ●  Small firms to see tender notices a…  GOV.UK+1  17:20",
            ),
        ],
    );
}

#[test]
fn narrow_lists_have_two_lines_a_row() {
    check(
        &desk::news((120, 40)),
        &[
            (
                3,
                " * Starred           6 │▌●  Delayed digital plan asks        │",
            ),
            (
                4,
                " ! Closing soon      3 │▌    departments to act as one 09:14 │  PublicTechnology · Ruth Amadi · today 09:14",
            ),
            (
                17,
                "                       │                                     │    2.  Better use of data. One register of who holds",
            ),
            (
                18,
                "                       │ Yesterday                           │        what, and a chief data officer in each",
            ),
        ],
    );
}

#[test]
fn open_sections_show_their_feeds_and_which_fail() {
    let mut state = desk::news((200, 24));
    state.sections.open.insert(1);
    let lines = desk::lines(&state);
    let sections: Vec<&str> = lines[6..10]
        .iter()
        .map(|line| line.split('│').next().unwrap())
        .collect();
    assert_eq!(
        sections,
        [
            " 2 Policy & digital ▾     4 ",
            "       GDS blog           1 ",
            "     ! DSIT               3 ",
            "       POST                 ",
        ]
    );
}

/// Checks the list's heading in a pane of 37 columns.
#[track_caller]
fn check_heading(change: impl FnOnce(&mut State), expected: &str) {
    let mut state = desk::news((120, 24));
    change(&mut state);
    let lines = desk::lines(&state);
    assert_eq!(lines[0].split('│').nth(1).unwrap(), expected);
}

#[test]
fn the_lists_heading_says_what_it_is_and_what_waits() {
    check_heading(|_| {}, " Latest news          9 unread of 63 ");
    check_heading(
        |state| state.list.waiting = 3,
        " Latest news · 3 new: .     9 unread ",
    );
    check_heading(
        |state| {
            state.list.filter = Filter::Unread;
            state.list.sort = Sort::Oldest;
        },
        " Latest news · unread…      9 unread ",
    );
    check_heading(
        |state| {
            let tallies = state.sections.tallies.as_mut().unwrap();
            tallies.sections[0].own.articles = 8_412;
        },
        " Latest news       9 unread of 8,412 ",
    );
}

#[test]
fn offline_the_rows_say_which_articles_are_not_whole() {
    let mut state = desk::news((80, 24));
    state.setup.connection = Connection::Offline;
    state.list.rows[7].stored = StoredText::Summary;
    check(
        &state,
        &[(
            10,
            " 6 Health & local  7 │ ●  Small firms to see tender notices a…  summary   17:20",
        )],
    );
}

#[test]
fn a_row_says_when_a_consultation_closes_soon() {
    let mut state = desk::news((80, 24));
    state.list.rows[0].closes = Some(desk::at("2026-11-27T23:45:00Z"));
    state.list.rows[1].closes = Some(desk::at("2027-01-27T23:45:00Z"));
    state.list.rows[2].closes = Some(desk::at("2026-11-24T23:45:00Z"));
    let row = |line: usize| {
        desk::lines(&state)[line]
            .chars()
            .skip(63)
            .collect::<String>()
    };
    assert_eq!(row(2), " 3 days    09:14");
    assert_eq!(row(3), " HMT       08:50");
    assert_eq!(row(4), " today     08:41");
}

#[test]
fn closing_soon_tells_the_closing_time_and_the_days_left() {
    let mut state = desk::news((80, 24));
    state.display.sections_pane = crate::tui::state::SectionsPane::Hidden;
    state.list.of = ListOf::Closing;
    state.list.rows.truncate(3);
    let closing = [
        "2026-11-27T23:45:00Z",
        "2026-12-02T17:00:00Z",
        "2026-12-07T23:59:00Z",
    ];
    for (row, closes) in state.list.rows.iter_mut().zip(closing) {
        row.closes = Some(desk::at(closes));
    }
    check(
        &state,
        &[
            (
                0,
                " Closing soon                                        3 within 14 days, 11 later",
            ),
            (
                1,
                "▌●  Delayed digital plan asks departments… PubTech  Fri 27 Nov 23:45  in 3 days",
            ),
        ],
    );
}

#[test]
fn the_heading_of_a_day_stays_and_there_is_none_by_title() {
    let mut state = desk::news((80, 24));
    state.list.top = 3;
    let second = |state: &State| desk::lines(state)[1].split('│').nth(1).unwrap().to_owned();
    assert_eq!(second(&state), " Today");
    state.list.sort = Sort::Title;
    assert!(second(&state).starts_with(" ●  Forty towns"));
}

#[test]
fn an_article_says_how_far_its_reader_is() {
    let heading = |top, newer| {
        let mut state = desk::news((80, 24));
        state.focus = Pane::Article;
        desk::open(&mut state, &desk::article());
        state.article.top = top;
        state.article.newer = newer;
        desk::lines(&state)[0].trim().to_owned()
    };
    let joined = |left: &str, right: &str| {
        let gap = 72 - left.chars().count() - right.chars().count();
        format!("{left}{}{right}", " ".repeat(gap))
    };
    let title = "Delayed digital plan asks departments to act as one";
    assert_eq!(heading(0, Newer::No), joined("PublicTechnology", "Top"));
    assert_eq!(heading(8, Newer::No), joined(title, "61%"));
    assert_eq!(heading(14, Newer::No), joined(title, "End"));
    assert_eq!(
        heading(0, Newer::Yes),
        joined("PublicTechnology", "A newer version is here · .")
    );
}

#[test]
fn below_an_article_stands_what_opens_its_page() {
    let mut state = desk::news((80, 50));
    state.focus = Pane::Article;
    let mut article = desk::article();
    desk::open(&mut state, &article);
    let foot = |state: &State| {
        let lines = desk::lines(state);
        let last = lines[..49].iter().rfind(|line| !line.is_empty());
        last.unwrap().trim().to_owned()
    };
    assert_eq!(foot(&state), "12 comments · c reads them · C adds yours");
    article.head.permalink = None;
    desk::open(&mut state, &article);
    assert_eq!(foot(&state), "2  asked: unions.example/reply");
}

#[test]
fn changes_stand_in_the_place_of_their_article() {
    let mut state = desk::news((80, 24));
    state.focus = Pane::Article;
    let mut article = desk::article();
    article.revisions = 2;
    let old = article.html.replace("five pillars", "four pillars");
    let revision = Revision {
        replaced_at: desk::at("2026-11-19T10:00:00Z"),
        title: article.head.title.clone(),
        html: old.replace("<li>Tools for civil servants. Laptops, networks and rules that let people do their work.</li>", ""),
    };
    desk::open(&mut state, &article);
    desk::compare(&mut state, &article, &[revision]);
    check(
        &state,
        &[
            (
                0,
                "    Changes                                                              Top",
            ),
            (
                3,
                "    Changes since 19 November 2026 · 2 earlier versions are kept",
            ),
            (7, "    Its [-four-] {+five+} pillars are:"),
            (12, "    … 2 paragraphs unchanged"),
            (
                16,
                "      5.  {+Tools for civil servants. Laptops, networks and rules that let",
            ),
            (
                23,
                " Space page   v article   s star   q back   ? all keys   1 feed failing · 09:20",
            ),
        ],
    );
    let (cells, _) = desk::drawn(&state, &desk::dark());
    let ink = |x| (cells[(x, 7)].fg, cells[(x, 7)].modifier);
    let theme = desk::dark().theme;
    let looks = [8, 17].map(ink);
    assert_eq!(
        looks,
        [
            (theme.style(Ink::Error).fg.unwrap(), Modifier::CROSSED_OUT),
            (theme.style(Ink::Accent).fg.unwrap(), Modifier::BOLD),
        ]
    );
}

#[test]
fn an_article_on_its_way_has_its_source_alone() {
    let mut state = desk::news((80, 24));
    state.focus = Pane::Article;
    state.list.selected = 1;
    state.article.wanted = Some(state.list.rows[1].id);
    let lines = desk::lines(&state);
    assert_eq!(lines[0].trim(), "HM Treasury");
    assert!(lines[1..23].iter().all(String::is_empty));
}

#[test]
fn the_cursor_stands_on_what_has_the_focus() {
    let check = |size, change: fn(&mut State), expected| {
        let mut state = desk::news(size);
        change(&mut state);
        let (_, cursor) = desk::drawn(&state, &desk::dark());
        assert_eq!(cursor, Position::from(expected));
    };
    check((80, 24), |_| {}, (22, 2));
    check((80, 24), |state| state.list.selected = 7, (22, 10));
    check((80, 24), |state| state.focus = Pane::Sections, (0, 5));
    check((80, 24), |state| state.focus = Pane::Article, (4, 1));
    check((120, 40), |state| state.focus = Pane::Article, (64, 2));
    // A list's item begins after its blanks.
    let item = |state: &mut State| {
        state.focus = Pane::Article;
        state.article.top = 13;
    };
    check((120, 40), item, (66, 2));
    check((80, 24), |state| state.list.rows.clear(), (22, 1));
    let digits = |state: &mut State| state.mode = Mode::Digits("1".to_owned());
    check((80, 24), digits, (7, 23));
}

#[test]
fn the_title_has_own_words_only() {
    let mut state = desk::news((80, 24));
    assert_eq!(title(&state), "Gazette: Latest news (9)");
    state.list.of = ListOf::Section(6);
    assert_eq!(title(&state), "Gazette: Parliament");
    state.list.of = ListOf::Feed {
        section: 1,
        feed: 1,
    };
    assert_eq!(title(&state), "Gazette: Policy & digital (3)");
}

#[test]
fn a_small_window_says_what_is_needed() {
    check(
        &desk::news((32, 9)),
        &[
            (0, "Gazette needs 40x12. This window"),
            (1, "is 32x9. q goes back"),
        ],
    );
}

/// Draws a state into a window that may have another size than it thinks.
fn draw_into(window: (u16, u16), state: &State) {
    let backend = TestBackend::new(window.0, window.1);
    let mut terminal = Terminal::new(backend).unwrap();
    terminal
        .draw(|frame| view(state, &desk::dark(), frame))
        .unwrap();
}

#[test]
fn no_size_of_a_window_is_too_much() {
    let sizes = [
        (0, 0),
        (1, 1),
        (5, 3),
        (39, 30),
        (40, 12),
        (59, 12),
        (60, 13),
        (111, 30),
    ];
    let kinds = [
        PanelKind::Keys(KeysOf::AllPanes),
        PanelKind::Links,
        PanelKind::Facts,
    ];
    let panels = kinds.map(|kind| Mode::Panel(super::panel::panel(kind)));
    let modes = [Mode::Browsing, Mode::Digits("1".to_owned())];
    for size in sizes.into_iter().chain([(112, 40), (160, 29), (300, 90)]) {
        for focus in Pane::ALL {
            for mode in panels.iter().chain(&modes) {
                let mut state = desk::news(size);
                state.focus = focus;
                state.mode = mode.clone();
                state.complain("Something is wrong with a very long sentence ".repeat(9));
                draw_into(size, &state);
                // The window may have changed before its message is heard.
                draw_into((size.0 / 2, size.1 / 2), &state);
            }
        }
    }
}

#[test]
fn nothing_above_ascii_is_drawn_but_the_words_of_feeds() {
    let look = Look {
        theme: Theme::new(Palette::Dark, Depth::Mono, Ground::Unknown),
        symbols: ASCII,
    };
    let panels = [
        PanelKind::Keys(KeysOf::AllPanes),
        PanelKind::Links,
        PanelKind::Facts,
    ];
    let panels = panels.map(|kind| Mode::Panel(super::panel::panel(kind)));
    for size in [(120, 40), (80, 24), (50, 20), (200, 50), (32, 9)] {
        for mode in panels
            .iter()
            .chain([&Mode::Browsing, &Mode::Digits("1".to_owned())])
        {
            for focus in Pane::ALL {
                let mut state = desk::news(size);
                state.sections.open.insert(1);
                state.list.waiting = 3;
                for row in &mut state.list.rows {
                    row.title = row.title.replace('’', "'");
                }
                state.focus = focus;
                state.mode = mode.clone();
                let (cells, _) = desk::drawn(&state, &look);
                let text: String = cells.content().iter().map(Cell::symbol).collect();
                assert!(text.is_ascii(), "{size:?}: {text}");
            }
        }
    }
}

#[test]
fn unread_titles_and_the_heading_with_the_focus_are_bold() {
    let state = desk::news((80, 24));
    let (cells, _) = desk::drawn(&state, &desk::dark());
    let is_bold = |x, y| cells[(x, y)].modifier.contains(Modifier::BOLD);
    // Unread and selected, unread, read.
    assert_eq!([2, 3, 4].map(|y| is_bold(26, y)), [true, true, false]);
    assert_eq!([1, 23].map(|x| is_bold(x, 0)), [false, true]);
}
