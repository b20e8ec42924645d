//! The place is never lost, and what comes back after a restart.

use gazette::services::rows::{Filter, ListOf, Sort};
use gazette::tui::state::Pane;

use super::driver::{Cache, Driver};
use super::feeds::{article, feed, many};

/// Opens a long article's third page in another section than the first.
fn amid(columns: u16, rows: u16) -> Driver {
    let words = |n| {
        format!(
            "<p>Paragraph {n}. {}</p>",
            "Words and more words. ".repeat(12)
        )
    };
    let long: String = (1..=40).map(words).collect();
    let mut articles = many("b", 40);
    articles[20] = article("long", "The long one", 210, &long);
    let mut driver = Cache::new("[general]\nrefresh = \"manual\"\n")
        .section("First", &[feed("One", &many("a", 3))])
        .section("Second", &[feed("Two", &articles)])
        .open(columns, rows);
    driver
        .press("2")
        .press(&"j".repeat(20))
        .press("<enter><space><space>");
    driver
}

/// Returns the first line of the article that has words.
fn top_line(driver: &Driver) -> String {
    let areas = driver.state().areas().unwrap();
    let pane = areas.article.unwrap();
    let (buffer, _) = driver.drawn();
    let line = |y| {
        let cells = (pane.left()..pane.right()).map(|x| buffer[(x, y)].symbol());
        cells.collect::<String>().trim().to_owned()
    };
    let mut lines = (pane.y + areas.heading_rows..pane.bottom()).map(line);
    lines.find(|line| !line.is_empty()).unwrap()
}

#[test]
fn a_restart_shows_the_same_section_row_article_and_top_line() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let driver = amid(columns, rows);
        let before = driver.frame();
        assert!(before.contains("Paragraph"), "{before}");
        let again = driver.restart(columns, rows);
        assert_eq!(again.frame(), before);
        assert_eq!(again.state().focus, Pane::Article);
        let mut again = again;
        assert_eq!(again.press("q").state().list.of, ListOf::Section(1));
        assert_eq!(again.state().list.selected, 20);
    }
}

#[test]
fn another_width_and_back_keeps_the_top_block() {
    let mut driver = amid(120, 40);
    let (spot, line, frame) = (
        driver.state().article.spot,
        top_line(&driver),
        driver.frame(),
    );
    driver.resize(80, 24);
    assert_eq!(driver.state().article.spot.block, spot.block);
    driver.resize(32, 9).resize(120, 40);
    assert_eq!(driver.state().article.spot, spot);
    assert_eq!(top_line(&driver), line);
    assert_eq!(driver.frame(), frame);
}

#[test]
fn a_restart_in_another_window_shows_the_same_block() {
    let driver = amid(120, 40);
    let spot = driver.state().article.spot;
    let again = driver.restart(80, 24);
    assert_eq!(again.state().article.spot.block, spot.block);
    assert_eq!(again.state().focus, Pane::Article);
}

#[test]
fn an_article_that_was_left_is_taken_up_where_it_was_left() {
    let mut driver = amid(80, 24);
    let before = driver.frame();
    driver.press("qj<enter>qk<enter>");
    assert_eq!(driver.frame(), before);
}

#[test]
fn filter_sort_and_folds_come_back() {
    let mut driver = Driver::demo(120, 40);
    driver.press("fu,oh2xjjj");
    let before = driver.frame();
    let (list, sections) = (driver.state().list.clone(), driver.state().sections.clone());
    assert_eq!((list.filter, list.sort), (Filter::Unread, Sort::Oldest));
    assert!(!sections.open.is_empty());
    let again = driver.restart(120, 40);
    let restored = &again.state().list;
    assert_eq!(
        (restored.of, restored.filter, restored.sort),
        (list.of, list.filter, list.sort)
    );
    assert_eq!(restored.selected, list.selected);
    assert_eq!(again.state().sections.open, sections.open);
    assert_eq!(again.frame(), before);
}

#[test]
fn digits_go_to_sections() {
    let mut driver = Driver::demo(120, 40);
    for (key, heading) in [
        ("2", "Policy & digital"),
        ("6", "Health & local"),
        ("0", "Today"),
        ("*", "Starred"),
        ("1", "Latest news"),
    ] {
        let lines = driver.press(key).lines();
        let list = lines[0].split('│').nth(1).unwrap();
        assert!(list.trim_start().starts_with(heading), "{key}: {list}");
    }
    driver.press("9");
    assert!(
        driver.foot().contains("There is no section 9"),
        "{}",
        driver.foot()
    );
}

#[test]
fn sections_pane_and_article_alone_are_turned_on_and_off() {
    let mut driver = Driver::demo(120, 40);
    let before = driver.lines()[..39].to_vec();
    driver.press("\\");
    assert!(
        !driver.frame().contains("Policy & digital"),
        "{}",
        driver.frame()
    );
    assert_eq!(driver.press("\\").lines()[..39], before);
    driver.press("<enter>z");
    assert!(!driver.frame().contains('│'), "{}", driver.frame());
    driver.press("z");
    assert!(
        driver.frame().contains("Policy & digital"),
        "{}",
        driver.frame()
    );
}

#[test]
fn the_way_back_ends_the_program_at_last() {
    use gazette::tui::effect::Effect;
    let mut driver = Driver::demo(80, 24);
    driver.press("<enter>qq");
    assert_eq!(driver.state().focus, Pane::Sections);
    assert_eq!(driver.outside, []);
    driver.press("q");
    assert_eq!(driver.outside, [Effect::Quit]);
    driver.press("Q");
    assert_eq!(driver.outside, [Effect::Quit, Effect::Quit]);
}
