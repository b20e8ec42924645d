//! Keys, what they are told to be, and what isn't one.

use std::collections::BTreeMap;

use gazette::tui::commands::TABLE;
use gazette::tui::message::Message;
use gazette::tui::state::Pane;

use super::driver::{Cache, Driver, pass};
use super::feeds::{article, feed};

#[test]
fn the_keys_of_a_pane_are_all_listed() {
    for (pane, keys) in [
        (Pane::Sections, "h?"),
        (Pane::List, "?"),
        (Pane::Article, "<enter>?"),
    ] {
        let mut driver = Driver::demo(200, 90);
        let frame = driver.press(keys).frame();
        for entry in TABLE.iter().filter(|entry| entry.places.hold(pane)) {
            // Sections share a line.
            let is_digit = |key: &&str| key.chars().all(|c| c.is_ascii_digit() && c != '0');
            let usual = entry.keys.iter().find(|key| !is_digit(key));
            let Some(usual) = usual else { continue };
            let shown = gazette::tui::keymap::Keys::parse(usual)
                .unwrap()
                .to_string();
            let last = shown.rsplit(' ').next().unwrap();
            let has = frame.split_whitespace().any(|word| word == last);
            assert!(has, "{pane:?}: {} has no {shown} in\n{frame}", entry.name);
        }
    }
}

#[test]
fn typed_letters_narrow_the_keys_and_enter_runs_what_is_left() {
    let mut driver = Driver::demo(80, 24);
    driver.press("?star");
    let frame = driver.frame();
    assert!(frame.contains("▌   s          star"), "{frame}");
    assert!(!frame.contains("read or unread"), "{frame}");
    driver.press("<enter>");
    assert!(
        driver.lines()[2].contains("▌●★ Delayed"),
        "{}",
        driver.frame()
    );
    driver.press("?read or unread<enter>");
    assert!(
        driver.lines()[2].contains("▌ ★ Delayed"),
        "{}",
        driver.frame()
    );
}

#[test]
fn of_two_commands_in_a_line_the_one_that_was_typed_is_run() {
    let mut driver = Driver::demo(80, 24);
    driver.press("su?redo<enter>");
    assert!(
        driver.lines()[2].contains("▌●★ Delayed"),
        "{}",
        driver.frame()
    );
    driver.press("?third<enter>");
    assert!(driver.lines()[0].contains("Comment"), "{}", driver.frame());
}

#[test]
fn what_a_key_closes_is_gone_without_a_trace() {
    for keys in [
        "?<esc>",
        "?<ctrl-g>",
        "?abc<ctrl-g>",
        "y<esc>",
        "fq",
        ",<ctrl-g>",
        "w<esc>",
    ] {
        let mut driver = Driver::demo(80, 24);
        let before = driver.frame();
        assert_eq!(driver.press(keys).frame(), before, "{keys}");
    }
}

#[test]
fn a_key_without_meaning_changes_the_message_alone() {
    let mut driver = Driver::demo(80, 24);
    let before = driver.lines();
    let place = driver.state().kept.clone();
    driver.press("d");
    assert!(
        driver.foot().contains("d is not a key here · ? all keys"),
        "{}",
        driver.foot()
    );
    assert_eq!(driver.lines()[..23], before[..23]);
    assert_eq!(driver.state().kept, place);
    // The message goes at the first key after four seconds.
    driver.press("jk");
    assert!(
        driver.foot().contains("d is not a key"),
        "{}",
        driver.foot()
    );
    pass(5);
    assert_eq!(driver.press("jk").lines(), before);
}

#[test]
fn pasted_text_is_not_taken_for_keys() {
    let mut driver = Driver::demo(80, 24);
    let before = driver.lines();
    driver.hear(Message::Paste("AQ\nmmjj\x1b[A".to_owned()));
    assert!(
        driver.foot().contains("Pasted text is not taken for keys"),
        "{}",
        driver.foot()
    );
    assert_eq!(driver.lines()[..23], before[..23]);
    assert_eq!(driver.outside, []);
}

#[test]
fn pasted_text_goes_into_a_field_as_one_harmless_line() {
    let mut driver = Driver::demo(80, 24);
    driver
        .press("?")
        .hear(Message::Paste("un\x1b[31mdo\n".to_owned()));
    let frame = driver.frame();
    assert!(!frame.contains('\x1b'), "{frame}");
    assert!(frame.contains("> un"), "{frame}");
}

#[test]
fn commands_have_the_keys_that_the_configuration_gives_them() {
    let mut driver = Driver::demo_with(80, 24, |config| {
        config.keys = BTreeMap::from([
            ("star".to_owned(), vec!["F".to_owned()]),
            ("undo".to_owned(), vec!["Ctrl-u".to_owned()]),
            ("half-page-up".to_owned(), Vec::new()),
        ]);
    });
    driver.press("F");
    assert!(driver.lines()[2].contains("▌●★"), "{}", driver.frame());
    assert!(
        driver.foot().contains("Starred · ^u takes it back"),
        "{}",
        driver.foot()
    );
    driver.press("<ctrl-u>");
    assert!(driver.lines()[2].contains("▌●  "), "{}", driver.frame());
    driver.press("s");
    assert!(
        driver.foot().contains("s is not a key here"),
        "{}",
        driver.foot()
    );
    pass(5);
    driver.press("j");
    assert!(driver.foot().contains("F star"), "{}", driver.foot());
    assert!(
        driver.press("?").frame().contains("F          star"),
        "{}",
        driver.frame()
    );
}

#[test]
fn keys_that_come_while_an_article_is_read_are_heard_after_it() {
    let mut driver = Driver::demo(80, 24);
    driver.hold().press("<enter><space>q");
    assert_eq!(driver.state().focus, Pane::Article);
    driver.release();
    assert_eq!(driver.state().focus, Pane::List);
    assert!(driver.state().list.rows[0].read);
}

#[test]
fn nothing_hostile_reaches_the_screen() {
    let title = "\u{1b}[2J\u{9b}31m\u{202e}evil\u{2066}\u{7}\u{0}\u{85}\r\n title";
    let title: String = title
        .chars()
        .map(|c| format!("&#x{:x};", u32::from(c)))
        .collect();
    let html = format!(
        "<p>{title}</p><pre>{title}</pre><p><a href=\"https://a.example/\">{title}</a></p>"
    );
    let one = article("one", &title, 5, &html).replace("&#x0;", "");
    let mut driver = Cache::new("")
        .section("News", &[feed(&title.replace("&#x0;", ""), &[one])])
        .open(120, 40);
    for keys in [
        "",
        "<enter>",
        "L",
        "<esc>i",
        "<esc>hx",
        "l<enter>yt",
        "yc",
        "w",
    ] {
        let frame = driver.press(keys).frame();
        let bad = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!frame.contains(bad), "{keys}: {frame:?}");
        assert!(frame.contains("evil"), "{keys}: {frame}");
    }
}
