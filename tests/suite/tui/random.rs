//! Whatever is pressed in whatever window: nothing breaks, and what always holds, holds. Statements
//! 7, 13 and 39 of the design among it.

use gazette::tui::message::Message;
use gazette::tui::state::{Mode, Pane};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::driver::{Cache, Driver, pass};
use super::feeds::{article, feed};
use super::looks::{has_colour, mono};

/// Keys, most of them with a meaning.
const KEYS: &str = "jjjjkkggGGhhllnnNJJK][0*123456789smMAuuU..fafufsfdfofc,n,o,s,trRxX\\zzoOyyytymycyq\
    wLLT}}{{i<>??qqdQ ccccCppe\u{e9}\u{4e16}";

const NAMED: [&str; 22] = [
    "<enter>",
    "<enter>",
    "<enter>",
    "<esc>",
    "<esc>",
    "<esc>",
    "<tab>",
    "<shift-tab>",
    "<backspace>",
    "<left>",
    "<right>",
    "<up>",
    "<down>",
    "<home>",
    "<end>",
    "<pageup>",
    "<pagedown>",
    "<ctrl-d>",
    "<ctrl-u>",
    "<ctrl-g>",
    "<ctrl-l>",
    "<delete>",
];

/// How many things happen, one after the other.
const EVENTS: u32 = 3000;

/// What happens.
#[derive(Clone, Debug)]
enum Event {
    Key(String),
    Resize(u16, u16),
    Paste(String),
    Time(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let letters: Vec<String> = KEYS.chars().map(String::from).collect();
    let named: Vec<String> = NAMED.iter().map(|name| (*name).to_owned()).collect();
    prop_oneof![
        20 => prop::sample::select(letters).prop_map(Event::Key),
        8 => prop::sample::select(named).prop_map(Event::Key),
        1 => (1_u16..300, 1_u16..90).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
        1 => prop::sample::select(vec![(1, 1), (39, 12), (40, 12), (59, 20), (60, 20), (80, 24), (111, 30), (120, 40)])
            .prop_map(|(columns, rows)| Event::Resize(columns, rows)),
        1 => ".{0,8}".prop_map(Event::Paste),
        1 => (1_i64..100).prop_map(Event::Time),
    ]
}

/// Checks what holds after everything that happens.
fn check(driver: &Driver, what: &str) {
    let (buffer, cursor) = driver.drawn();
    let frame = driver.frame();
    assert!(
        buffer.area.contains(cursor),
        "{what}: the cursor is outside\n{frame}"
    );
    assert!(!has_colour(&buffer), "{what}: a colour\n{frame}");
    assert!(
        !frame.contains(['┌', '┐', '└', '┘', '╭', '╮']),
        "{what}: a box\n{frame}"
    );
    let Some(areas) = driver.state().areas() else {
        return;
    };
    if matches!(driver.state().mode, Mode::FileName(_)) {
        return assert_eq!(cursor.y, areas.foot.y, "{what}: not in the field\n{frame}");
    }
    if matches!(driver.state().mode, Mode::Writing(_)) {
        let pane = areas.article.unwrap();
        assert!(pane.contains(cursor), "{what}: not in the field\n{frame}");
        return;
    }
    let is_main = matches!(
        driver.state().mode,
        Mode::Browsing | Mode::Prefix(_) | Mode::Digits(_)
    );
    if !is_main {
        return;
    }
    let rules = |line: &str| line.matches('│').count();
    // Comments have rails.
    assert!(
        driver.state().focus == Pane::Comments || frame.lines().all(|line| rules(line) <= 2),
        "{what}: rules\n{frame}"
    );
    if matches!(driver.state().mode, Mode::Digits(_)) {
        return assert_eq!(cursor.y, areas.foot.y, "{what}: not in the field\n{frame}");
    }
    let at = buffer[cursor].symbol();
    match driver.state().focus {
        // An empty list has its cursor in its first line.
        Pane::List if driver.state().list.rows.is_empty() => {}
        Pane::Sections | Pane::List => assert_eq!(at, "▌", "{what}: not on the row\n{frame}"),
        Pane::Comments if driver.state().comments.rows.is_empty() => {}
        Pane::Comments => assert_eq!(at, "▌", "{what}: not on the comment\n{frame}"),
        Pane::Article => {
            let pane = areas.article.unwrap();
            assert!(pane.contains(cursor), "{what}: not in the article\n{frame}");
            let first = pane.y + areas.heading_rows;
            assert_eq!(cursor.y, first, "{what}: not in the top line\n{frame}");
        }
    }
}

#[test]
fn after_every_key_in_every_window_the_cursor_is_where_the_focus_is() {
    let mut driver = Driver::demo(80, 24);
    driver.look = mono();
    let mut runner = TestRunner::new_with_rng(
        Config {
            failure_persistence: None,
            ..Config::default()
        },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let mut happened = Vec::new();
    for _ in 0..EVENTS {
        let event = event().new_tree(&mut runner).unwrap().current();
        happened.push(event.clone());
        let last = &happened[happened.len().saturating_sub(12)..];
        let what = format!("{last:?}");
        match event {
            Event::Key(key) => {
                // A file's name is never finished: nothing is written beside the tests.
                let is_name = matches!(driver.state().mode, Mode::FileName(_));
                let key = if is_name && key == "<enter>" {
                    "<esc>"
                } else {
                    &key
                };
                driver.press(key);
            }
            Event::Resize(columns, rows) => {
                driver.resize(columns, rows);
            }
            Event::Paste(text) => {
                driver.hear(Message::Paste(text));
            }
            Event::Time(seconds) => pass(seconds),
        }
        check(&driver, &what);
    }
}

#[test]
fn every_screen_can_be_drawn_in_every_window() {
    let links = "<p><a href=\"https://gov.example/N\">Words</a></p>";
    let links: String = (1..=12)
        .map(|n| links.replace('N', &n.to_string()))
        .collect();
    let one = article("one", "One story", 5, &links);
    let digits = Cache::new("").section("News", &[feed("Wire", &[one])]);
    let mut driver = digits.open(80, 24);
    driver.press("<enter>1");
    assert!(matches!(driver.state().mode, Mode::Digits(_)));
    in_every_window(driver, "digits");
    for keys in [
        "",
        "h",
        "hX",
        "*",
        "fc",
        "<enter>",
        "<enter>z",
        "?",
        "<enter>L",
        "<enter>T",
        "i",
        "w",
        "y",
        "yq",
        "c",
        "C",
        "Ctext<esc>",
    ] {
        let mut driver = Driver::demo(80, 24);
        driver.press(keys);
        in_every_window(driver, keys);
    }
}

#[test]
fn after_every_key_among_comments_in_every_window_the_cursor_is_where_the_focus_is() {
    let talk: Vec<(u64, u64, String)> = (1..=40)
        .map(|id| {
            (
                id,
                if id % 7 == 0 { 0 } else { id - 1 },
                "Words. ".repeat(usize::try_from(id * id % 300).unwrap()),
            )
        })
        .collect();
    let talk: Vec<_> = talk
        .iter()
        .map(|(id, parent, text)| (*id, *parent, text.as_str()))
        .collect();
    let mut driver = super::comments::with(&talk, 80, 24);
    driver.look = mono();
    driver.press("c");
    let keys = "jjjjjjkkkJK][pnNxxXgG  b<ctrl-d><ctrl-u><pagedown><pageup><enter>uU<esc>z<>";
    let keys: Vec<&str> = keys.split_inclusive('>').collect();
    let mut letters = Vec::new();
    for part in keys {
        match part.split_once('<') {
            Some((before, named)) if named.len() > 1 => {
                letters.extend(before.chars().map(String::from));
                letters.push(format!("<{named}"));
            }
            _ => letters.extend(part.chars().map(String::from)),
        }
    }
    let mut runner = TestRunner::new_with_rng(
        Config {
            failure_persistence: None,
            ..Config::default()
        },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let event = prop_oneof![
        20 => prop::sample::select(letters).prop_map(Event::Key),
        1 => (40_u16..200, 12_u16..60).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
    ];
    for _ in 0..EVENTS / 3 {
        let event = event.new_tree(&mut runner).unwrap().current();
        let what = format!("{event:?}");
        match event {
            Event::Key(key) => driver.press(&key),
            Event::Resize(columns, rows) => driver.resize(columns, rows),
            Event::Paste(_) | Event::Time(_) => &mut driver,
        };
        assert_eq!(driver.state().focus, Pane::Comments, "{what}");
        check(&driver, &what);
    }
}

/// Draws a screen in windows of many sizes.
fn in_every_window(mut driver: Driver, what: &str) {
    driver.look = mono();
    for columns in [1, 2, 7, 39, 40, 59, 60, 80, 111, 112, 159, 160, 300] {
        for rows in [1, 2, 11, 12, 29, 30, 90] {
            driver.resize(columns, rows);
            check(&driver, &format!("{what} {columns}x{rows}"));
        }
    }
}
