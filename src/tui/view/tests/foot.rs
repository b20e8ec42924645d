//! The last row, and what a list without rows says.

use tui_input::Input;

use super::desk::{self, at};
use crate::services::Connection;
use crate::services::refresh::Summary;
use crate::services::rows::{Filter, ListOf, Tallies};
use crate::tui::keymap::Key;
use crate::tui::state::list::Extent;
use crate::tui::state::news::{Network, Progress, ProgressOf};
use crate::tui::state::{Mode, Pane, State};

#[track_caller]
fn check(size: (u16, u16), change: impl FnOnce(&mut State), expected: &str) {
    let mut state = desk::news(size);
    change(&mut state);
    assert_eq!(desk::lines(&state).last().unwrap(), expected);
}

fn tallies(state: &mut State) -> &mut Tallies {
    state.sections.tallies.as_mut().unwrap()
}

#[test]
fn hints_give_way_and_the_key_of_all_keys_stays() {
    let check = |size, focus, expected| check(size, |state| state.focus = focus, expected);
    check(
        (120, 40),
        Pane::List,
        " j k move   Enter read   Space page, then next unread   n next unread   s star   ? all keys      1 feed failing · 09:20",
    );
    check(
        (80, 24),
        Pane::List,
        " j k move   Enter read   s star   ? all keys             1 feed failing · 09:20",
    );
    check(
        (50, 20),
        Pane::List,
        " Enter read  h sections  ? all keys         09:20",
    );
    check(
        (40, 12),
        Pane::List,
        " Enter read  ? all keys  1 feed failing",
    );
    check(
        (80, 24),
        Pane::Sections,
        " j k move   Enter list   x feeds   ? all keys            1 feed failing · 09:20",
    );
    check(
        (80, 24),
        Pane::Article,
        " Space page   c comments   o browser   1-2 links   q back   ? all keys    09:20",
    );
    check(
        (50, 20),
        Pane::Article,
        " Space page  o browser  q back  ? all keys  09:20",
    );
}

#[test]
fn the_news_says_how_it_stands() {
    let check = |change: fn(&mut State), expected: &str| {
        let mut state = desk::news((100, 24));
        change(&mut state);
        let foot = desk::lines(&state).pop().unwrap();
        let (_, news) = foot.split_once("? all keys").unwrap();
        assert_eq!(news.trim_start(), expected);
    };
    check(|state| tallies(state).failing = 0, "09:20");
    check(
        |state| tallies(state).failing = 2,
        "2 feeds failing · 09:20",
    );
    check(
        |state| {
            tallies(state).failing = 0;
            state.news.last = Some(Summary {
                new: 31,
                ..Summary::default()
            });
        },
        "31 new · 09:20",
    );
    check(
        |state| {
            state.news.running = Some(Progress {
                done: 12,
                all: 17,
                ..Progress::default()
            });
        },
        "Refreshing 12 of 17 feeds · 1 failing",
    );
    check(
        |state| {
            state.news.running = Some(Progress {
                of: ProgressOf::Pages,
                done: 3,
                all: 40,
            });
        },
        "Fetching 3 of 40 pages · 1 failing",
    );
    check(
        |state| state.setup.connection = Connection::Offline,
        "Offline · news of 09:20",
    );
    check(
        |state| state.news.network = Network::Unreached,
        "Offline · news of 09:20",
    );
    check(
        |state| tallies(state).last_good = Some(at("2026-11-21T09:00:00Z")),
        "News of Saturday 21 November: R refreshes",
    );
    check(|state| tallies(state).last_good = None, "");
}

#[test]
fn messages_and_questions_take_the_place_of_hints() {
    let size = (80, 24);
    check(
        size,
        |state| state.say("9 articles marked read · u brings them back"),
        " 9 articles marked read · u brings them back             1 feed failing · 09:20",
    );
    check(
        size,
        |state| state.complain("HM Treasury: the server answered 503, next try 10:40"),
        " ! HM Treasury: the server answered 503, next try 10:40  1 feed failing · 09:20",
    );
    check(
        size,
        |state| state.mode = Mode::Digits("1".to_owned()),
        " Link 1_ · Enter opens 1, or type a second digit · Esc   1 feed failing · 09:20",
    );
    check(
        size,
        |state| state.mode = Mode::Prefix(Key::Char('y')),
        " y address   t title and address   m Markdown   c citation   q paragraph  09:20",
    );
    check(
        (50, 20),
        |state| state.mode = Mode::Prefix(Key::Char('f')),
        " a all  u unread  s starred  d today's  c changed",
    );
    check(
        size,
        |state| state.mode = Mode::FileName(Input::new("name.md".to_owned())),
        " Write to: name.md_ · Enter writes, Esc leaves",
    );
}

#[test]
fn rebound_keys_are_shown() {
    let mut state = desk::news((80, 24));
    let user = [("read".to_owned(), vec!["e".to_owned()])];
    state.setup.keymap = crate::tui::keymap::Keymap::new(&user.into()).unwrap();
    let foot = desk::lines(&state).pop().unwrap();
    assert!(foot.contains(" e read "), "{foot}");
}

/// Checks what a list without rows says.
#[track_caller]
fn check_empty(change: impl FnOnce(&mut State), expected: &[&str]) {
    let mut state = desk::news((50, 20));
    state.list.rows.clear();
    change(&mut state);
    let lines = desk::lines(&state);
    let said: Vec<&str> = lines[1..19].iter().map(|line| line.trim()).collect();
    let said: Vec<&str> = said.into_iter().filter(|line| !line.is_empty()).collect();
    assert_eq!(said, expected);
}

fn nothing_stored(state: &mut State) {
    *tallies(state) = Tallies {
        never_polled: 21,
        ..Tallies::default()
    };
}

#[test]
fn an_empty_list_says_why_and_what_to_press() {
    check_empty(
        |state| state.list.filter = Filter::Unread,
        &[
            "Nothing unread here. f a shows all 63 · ] goes",
            "to Policy & digital (4 unread)",
        ],
    );
    check_empty(|_| {}, &["No articles yet. Next look at 10:20"]);
    check_empty(
        |state| state.list.of = ListOf::Starred,
        &["Nothing starred yet. s stars an article."],
    );
    check_empty(|state| state.list.extent = Extent::Part, &[]);
}

#[test]
fn the_first_run_is_welcomed() {
    check_empty(
        |state| {
            nothing_stored(state);
            state.news.running = Some(Progress {
                done: 5,
                all: 17,
                ..Progress::default()
            });
        },
        &[
            "Welcome to Gazette. 21 feeds in 7 sections are",
            "set up.",
            "Fetching the first news: 5 of 17. Articles",
            "appear here as they come.",
        ],
    );
    check_empty(
        |state| {
            nothing_stored(state);
            state.setup.connection = Connection::Offline;
        },
        &[
            "Nothing is stored yet and there is no network. R",
            "tries again; gazette demo shows samples.",
        ],
    );
}
