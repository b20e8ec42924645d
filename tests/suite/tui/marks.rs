//! What is read, starred and taken back.

use gazette::model::article::Mark;
use gazette::model::error::{Exit, Problem};
use gazette::tui::message::{Message, Written};
use gazette::tui::state::Pane;

use super::driver::{Cache, Driver, pass};
use super::feeds::{article, feed, many, store};

/// Returns the titles of the list's unread rows.
fn unread(driver: &Driver) -> Vec<String> {
    let rows = driver.state().list.rows.iter().filter(|row| !row.read);
    rows.map(|row| row.title.clone()).collect()
}

/// Returns the frame without its last row, which may say something.
fn above(driver: &Driver) -> Vec<String> {
    let mut lines = driver.lines();
    lines.pop();
    lines
}

/// Returns one section of three unread articles, and another of two.
fn two_sections() -> Cache {
    Cache::new("")
        .section("First", &[feed("One", &many("a", 3))])
        .section("Second", &[feed("Two", &many("b", 2))])
}

#[test]
fn moving_in_the_list_marks_nothing() {
    let mut driver = Driver::demo(120, 40);
    let before = (unread(&driver), driver.lines()[0].clone());
    driver.press(&"j".repeat(20));
    let heading = driver.lines()[0].split('│').nth(1).unwrap().to_owned();
    assert_eq!(unread(&driver), before.0);
    assert!(before.1.contains(&heading), "{heading}");
    let tallies = driver.state().sections.tallies.clone().unwrap();
    assert_eq!(tallies.sections[0].own.unread, 9);
    let again = driver.restart(120, 40);
    assert_eq!(unread(&again), before.0);
}

#[test]
fn an_opened_article_is_read_in_the_same_frame() {
    let mut driver = Driver::demo(120, 40);
    // Nothing is written or read yet when this frame is drawn.
    driver.hold().press("<enter>");
    let lines = driver.lines();
    assert!(lines[0].contains("8 unread of 28"), "{}", driver.frame());
    assert!(
        lines[6].starts_with("▏1 Latest news       8"),
        "{}",
        driver.frame()
    );
    assert!(
        lines[3].contains("▏   Delayed digital plan"),
        "{}",
        driver.frame()
    );
    driver.release();
    assert_eq!(driver.lines(), lines);
}

#[test]
fn undo_brings_mark_and_counts_back_and_redo_takes_them_again() {
    let mut driver = Driver::demo(120, 40);
    let before = above(&driver);
    driver.press("<enter>q");
    let read = above(&driver);
    assert_ne!(read, before);
    driver.press("u");
    assert_eq!(above(&driver), before);
    assert!(
        driver.foot().contains("1 article unread again · U redoes"),
        "{}",
        driver.foot()
    );
    driver.press("U");
    assert_eq!(above(&driver), read);
    assert_eq!(above(&driver.restart(120, 40)), read);
}

#[test]
fn all_read_and_then_undone_leaves_the_same_rows_unread() {
    let mut driver = Driver::demo(120, 40);
    let before = unread(&driver);
    assert_eq!(before.len(), 9);
    driver.press("A");
    assert_eq!(
        driver.foot().split("  ").next().unwrap().trim(),
        "9 articles marked read · u brings them back"
    );
    assert_eq!(unread(&driver), [""; 0]);
    driver.press("u");
    assert_eq!(unread(&driver), before);
    assert!(
        driver.foot().contains("9 articles unread again · U redoes"),
        "{}",
        driver.foot()
    );
    assert_eq!(unread(&driver.restart(120, 40)), before);
}

#[test]
fn undo_gives_the_folds_of_all_sections_back() {
    let mut driver = Driver::demo(120, 40);
    driver.press("hx");
    let before = above(&driver);
    driver.press("X");
    assert_ne!(above(&driver), before);
    driver.press("u");
    assert_eq!(above(&driver), before);
}

#[test]
fn a_row_just_read_stays_among_the_unread_until_the_list_is_brought_up_to_date() {
    let mut driver = Driver::demo(80, 24);
    driver.press("fu");
    let title = unread(&driver)[0].clone();
    driver.press("<enter>q");
    assert!(driver.frame().contains("unread only"), "{}", driver.frame());
    assert!(
        driver.lines()[2].contains("▌   Delayed digital plan"),
        "{}",
        driver.frame()
    );
    driver.press(".");
    let titles = driver.state().list.rows.iter().map(|row| &row.title);
    assert!(titles.clone().all(|shown| *shown != title));
    assert_eq!(titles.count(), 8);
}

#[test]
fn space_reads_on_and_asks_before_another_section() {
    let mut driver = two_sections().open(80, 24);
    driver.press("<space><space><space>");
    assert_eq!(driver.state().list.selected, 2);
    assert!(
        driver.frame().contains("Words of a3."),
        "{}",
        driver.frame()
    );
    driver.press("<space>");
    assert!(
        driver
            .foot()
            .contains("End · Space again: next unread, in Second (2)"),
        "{}",
        driver.foot()
    );
    assert!(
        driver.frame().contains("Words of a3."),
        "{}",
        driver.frame()
    );
    driver.press("<space>");
    assert!(
        driver.frame().contains("Words of b1."),
        "{}",
        driver.frame()
    );
}

#[test]
fn another_key_between_the_two_spaces_asks_anew() {
    let mut driver = two_sections().open(80, 24);
    driver.press("A<enter><space>k<space>");
    assert!(driver.foot().contains("Space again"), "{}", driver.foot());
    assert!(
        driver.frame().contains("Words of a1."),
        "{}",
        driver.frame()
    );
}

#[test]
fn after_the_last_unread_article_nothing_moves() {
    let mut driver = two_sections().open(80, 24);
    driver.press("A]A<enter>");
    let before = above(&driver);
    driver.press("<space>");
    assert_eq!(above(&driver), before);
    assert!(
        driver
            .foot()
            .contains("All read: nothing unread in 2 sections"),
        "{}",
        driver.foot()
    );
    driver.press("n");
    assert_eq!(above(&driver), before);
}

#[test]
fn next_unread_goes_down_then_from_the_top_then_to_the_next_section() {
    let mut driver = two_sections().open(80, 24);
    driver.press("jn");
    assert_eq!(driver.state().list.selected, 2);
    driver.press("mn");
    assert_eq!(driver.state().list.selected, 0);
    driver.press("An");
    assert!(driver.frame().contains("Second"), "{}", driver.frame());
    assert!(
        driver.lines()[2].contains("▌●  Title b1"),
        "{}",
        driver.frame()
    );
}

#[test]
fn one_permalink_in_two_feeds_is_one_row_and_read_in_both() {
    let story = |guid: &str| {
        article(guid, "One story", 30, "<p>Words.</p>")
            .replace(&format!("news.example/{guid}"), "news.example/story")
    };
    let mut driver = Cache::new("")
        .section(
            "Both",
            &[feed("Left", &[story("l")]), feed("Right", &[story("r")])],
        )
        .open(80, 24);
    assert!(
        driver.lines()[0].contains("1 unread of 1"),
        "{}",
        driver.frame()
    );
    assert!(driver.lines()[2].contains("+1"), "{}", driver.frame());
    driver.press("<enter>q");
    assert!(
        driver.lines()[0].contains("1 article"),
        "{}",
        driver.frame()
    );
    driver.press("hxj");
    assert!(
        driver.state().list.rows.iter().all(|row| row.read),
        "{}",
        driver.frame()
    );
    driver.press("j");
    assert_eq!(driver.state().list.rows.len(), 1);
    assert!(
        driver.state().list.rows.iter().all(|row| row.read),
        "{}",
        driver.frame()
    );
}

#[test]
fn a_mark_that_cannot_be_written_is_taken_back() {
    let mut driver = Driver::demo(80, 24);
    let before = above(&driver);
    driver.hold().press("m");
    assert_ne!(above(&driver), before);
    driver.held.clear();
    let problem = Box::new(Problem::new(Exit::Failed, "the disk is full"));
    driver
        .release()
        .hear(Message::Written(Written::Failed { problem }));
    assert_eq!(above(&driver), before);
    assert!(driver.foot().contains("! "), "{}", driver.foot());
    assert!(
        driver.foot().contains("the disk is full"),
        "{}",
        driver.foot()
    );
    pass(5);
    // An error stays until it is sent away.
    assert!(driver.press("j").foot().contains("the disk is full"));
    assert!(!driver.press("<esc>").foot().contains("the disk is full"));
}

#[test]
fn undo_brings_back_the_sign_that_a_text_is_newer_than_the_one_that_was_read() {
    for (keys, said) in [
        ("<enter>q", "Shown as changed again · U redoes"),
        ("m", "1 article read again · U redoes"),
    ] {
        let mut driver = Driver::demo(120, 40);
        let changed = |driver: &Driver| {
            let rows = &driver.state().list.rows;
            rows.iter().position(|row| row.read && row.changed)
        };
        let at = changed(&driver).unwrap();
        driver.press(&"j".repeat(at));
        let before = driver.lines();
        driver.press(keys);
        assert_eq!(changed(&driver), None, "{keys}");
        driver.press("u");
        assert!(driver.foot().contains(said), "{}", driver.foot());
        assert_eq!(above(&driver), before[..39], "{keys}");
        assert_eq!(changed(&driver), Some(at), "{keys}");
        driver.press("U");
        assert_eq!(changed(&driver), None, "{keys}");
        driver.press("u");
        assert_eq!(changed(&driver.restart(120, 40)), Some(at), "{keys}");
    }
}

/// Lets SQLite refuse any change of the marks of one article of a cache.
fn refuse(driver: &Driver, id: i64) {
    let file = driver.folder().join("data").join("gazette.db");
    let cache = rusqlite::Connection::open(file).unwrap();
    let refusal = |when| {
        format!(
            "create trigger no_{when} before {when} on marks when {row}.article_id = {id}
             begin select raise(abort, 'refused'); end;",
            row = if when == "delete" { "old" } else { "new" }
        )
    };
    let all = ["insert", "update", "delete"].map(refusal).concat();
    cache.execute_batch(&all).unwrap();
}

#[test]
fn of_many_marks_that_cannot_all_be_written_none_is_kept() {
    let news = feed("News", &many("a", 700));
    let mut driver = Cache::new("").section("News", &[news]).open(80, 24);
    // One of those that are marked after others are stored.
    refuse(&driver, driver.state().list.rows[650].id.0);
    let before = above(&driver);
    driver.press("A");
    assert!(driver.foot().contains("refused"), "{}", driver.foot());
    assert_eq!(above(&driver), before);
    assert_eq!(above(&driver.restart(80, 24)), before);
}

#[test]
fn a_mark_that_cannot_be_taken_back_is_shown_and_can_be_taken_back_later() {
    let mut driver = Driver::demo(80, 24);
    let before = above(&driver);
    driver.press("m");
    let marked = above(&driver);
    driver.hold().press("u");
    assert_eq!(above(&driver), before);
    driver.held.clear();
    let problem = Box::new(Problem::new(Exit::Failed, "the disk is full"));
    driver.hear(Message::Written(Written::Failed { problem }));
    assert_eq!(above(&driver), marked, "at once");
    driver.release();
    assert_eq!(above(&driver), marked);
    driver.press("<esc>u");
    assert_eq!(above(&driver), before);
    assert_eq!(above(&driver.restart(80, 24)), before);
}

#[test]
fn marks_of_another_program_are_seen_at_the_next_key() {
    let mut driver = Driver::demo(80, 24);
    let id = driver.state().list.rows[1].id;
    store(&driver).mark(&[id], Mark::Read).unwrap();
    pass(2);
    driver.press("j");
    assert!(
        driver.lines()[0].contains("8 unread of 28"),
        "{}",
        driver.frame()
    );
    let row = &driver.state().list.rows[1];
    assert!(row.id == id && row.read, "{}", driver.frame());
}

#[test]
fn an_opened_article_that_the_list_no_longer_has_is_the_one_that_is_marked() {
    let mut driver = Driver::demo(120, 40);
    driver.press("fu<enter>.");
    let opened = driver.state().article.wanted.unwrap();
    assert!(driver.state().list.position(opened).is_none());
    driver.press("s");
    let starred = |driver: &Driver| {
        let page = driver.state().article.page.clone().unwrap();
        (page.head.id == opened).then_some(page.head.marks.starred)
    };
    assert_eq!(starred(&driver), Some(true), "{}", driver.frame());
    assert!(
        driver.lines()[3].starts_with(" * Starred           7"),
        "{}",
        driver.frame()
    );
    driver.press("s");
    assert_eq!(starred(&driver), Some(false));
    assert!(
        driver.lines()[3].starts_with(" * Starred           6"),
        "{}",
        driver.frame()
    );
}

#[test]
fn only_space_reads_on_in_a_list() {
    let mut driver = Driver::demo(80, 24);
    driver.press("<pagedown>");
    assert_eq!(driver.state().focus, Pane::List);
    assert!(driver.state().list.selected > 10);
    assert!(
        driver.lines()[0].contains("9 unread of 28"),
        "{}",
        driver.frame()
    );
    driver.press("g<space>");
    assert_eq!(driver.state().focus, Pane::Article);
}

#[test]
fn stars_show_at_once_and_are_counted() {
    let mut driver = Driver::demo(80, 24);
    driver.hold().press("s");
    assert!(
        driver.lines()[2].contains("▌●★ Delayed"),
        "{}",
        driver.frame()
    );
    assert!(
        driver.lines()[2].starts_with(" * Starred         7"),
        "{}",
        driver.frame()
    );
    driver.release().press("s");
    assert!(
        driver.lines()[2].starts_with(" * Starred         6"),
        "{}",
        driver.frame()
    );
}

#[test]
fn everything_down_to_here_is_read() {
    let mut driver = Driver::demo(80, 24);
    driver.press("jjM");
    assert!(
        driver
            .foot()
            .contains("2 articles marked read · u brings them back")
    );
    assert!(
        driver.lines()[0].contains("7 unread of 28"),
        "{}",
        driver.frame()
    );
}

#[test]
fn an_article_is_read_at_its_end_where_the_configuration_says_so() {
    let mut driver = Driver::demo_with(80, 24, |config| {
        config.ui.mark_read = gazette::config::MarkRead::End;
    });
    driver.press("<enter>");
    assert!(!driver.state().list.rows[0].read);
    driver.press("<space>");
    assert!(!driver.state().list.rows[0].read);
    driver.press("G");
    assert!(driver.state().list.rows[0].read);
}

#[test]
fn no_article_is_read_by_itself_where_the_configuration_says_never() {
    let mut driver = Driver::demo_with(80, 24, |config| {
        config.ui.mark_read = gazette::config::MarkRead::Never;
    });
    driver.press("<enter>Gq");
    assert_eq!(driver.state().focus, Pane::List);
    assert!(!driver.state().list.rows[0].read);
    driver.press("m");
    assert!(driver.state().list.rows[0].read);
}
