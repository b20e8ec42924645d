//! What arrives while somebody reads, and refreshes.

use gazette::tui::effect::Effect;
use gazette::tui::message::{Message, Refresh};
use ratatui::buffer::Buffer;

use super::driver::{Cache, Driver, pass};
use super::feeds::{article, feed, many, refresh, rewrite};

/// Nothing polls by itself.
const MANUAL: &str = "[general]\nrefresh = \"manual\"\n";

/// Opens a section of five articles at a window of three panes; a key was pressed.
fn reading() -> Driver {
    let mut driver = Cache::new(MANUAL)
        .section("News", &[feed("Wire", &many("a", 5))])
        .section("Other", &[feed("Other", &many("b", 2))])
        .open(120, 40);
    driver.press("jj");
    driver
}

/// Has three newer articles brought into the first feed by another program.
fn three_arrive(driver: &mut Driver) {
    let mut articles: Vec<String> = (1..=3)
        .map(|n| article(&format!("new{n}"), &format!("New {n}"), n, "<p>News.</p>"))
        .collect();
    articles.extend(many("a", 5));
    rewrite(driver, 0, &feed("Wire", &articles));
    refresh(driver);
    driver.hear(Message::CacheChanged);
}

/// Returns the cells of list rows and article.
fn body(driver: &Driver) -> Buffer {
    let (buffer, _) = driver.drawn();
    let areas = driver.state().areas().unwrap();
    let list = areas.list.unwrap();
    let mut body = buffer.clone();
    for (x, y) in buffer.area.positions().map(Into::into) {
        if x < list.x || y < areas.heading_rows || y >= list.bottom() {
            body[(x, y)].reset();
        }
    }
    body
}

#[test]
fn what_a_refresh_brings_changes_no_cell_of_rows_and_article() {
    let mut driver = reading();
    let before = body(&driver);
    three_arrive(&mut driver);
    assert_eq!(body(&driver), before);
    let heading = driver.lines()[0].clone();
    assert!(heading.contains("News · 3 new: ."), "{heading}");
    assert!(heading.contains("8 unread of 8"), "{heading}");
}

#[test]
fn what_waits_is_shown_when_asked_for_and_the_selected_article_keeps_its_line() {
    let mut driver = reading();
    let line = |driver: &Driver| {
        driver
            .lines()
            .iter()
            .position(|line| line.contains("▌●  Title a3"))
    };
    let before = line(&driver);
    three_arrive(&mut driver);
    driver.press(".");
    assert!(driver.frame().contains("News ") && !driver.frame().contains("new: ."));
    assert_eq!(driver.state().list.rows.len(), 8);
    let selected = driver.state().list.row().unwrap();
    assert_eq!(selected.title, "Title a3");
    // Five rows are above it now, and the list is not long enough to scroll: it stays selected.
    assert!(line(&driver) >= before, "{}", driver.frame());
}

#[test]
fn the_selected_article_keeps_its_line_where_the_list_is_longer_than_the_screen() {
    let mut driver = Cache::new(MANUAL)
        .section("News", &[feed("Wire", &many("a", 50))])
        .open(80, 24);
    driver.press(&"j".repeat(30));
    let line = |driver: &Driver| {
        driver
            .lines()
            .iter()
            .position(|line| line.contains("▌●  Title a31 "))
    };
    let before = line(&driver).unwrap();
    let mut articles = vec![article("new", "New", 1, "<p>News.</p>")];
    articles.extend(many("a", 50));
    rewrite(&driver, 0, &feed("Wire", &articles));
    refresh(&driver);
    driver.hear(Message::CacheChanged).press(".");
    assert_eq!(driver.state().list.rows.len(), 51);
    assert_eq!(line(&driver), Some(before), "{}", driver.frame());
}

#[test]
fn before_the_first_key_new_articles_come_in_by_themselves() {
    let mut driver = Cache::new(MANUAL)
        .section("News", &[feed("Wire", &many("a", 5))])
        .open(120, 40);
    three_arrive(&mut driver);
    assert_eq!(driver.state().list.rows.len(), 8);
}

#[test]
fn an_open_article_never_changes_under_its_reader() {
    let mut driver = reading();
    driver.press("<enter>");
    let before = body(&driver);
    let articles = many("a", 5)
        .concat()
        .replace("Words of a3", "Other words of a3");
    rewrite(&driver, 0, &feed("Wire", &[articles]));
    refresh(&driver);
    driver.hear(Message::CacheChanged);
    let rest = |buffer: Buffer| {
        let area = driver.state().areas().unwrap().article.unwrap();
        let cells = area.positions().map(|at| buffer[at].clone());
        cells.skip(usize::from(area.width)).collect::<Vec<_>>()
    };
    assert_eq!(rest(body(&driver)), rest(before));
    let frame = driver.frame();
    assert!(frame.contains("A newer version is here · ."), "{frame}");
    driver.press(".");
    assert!(
        driver.frame().contains("Other words of a3"),
        "{}",
        driver.frame()
    );
}

#[test]
fn where_nothing_is_due_a_second_press_asks_anyway() {
    let mut driver = reading();
    driver.press("R");
    let foot = driver.foot();
    assert!(foot.contains("Nothing due before "), "{foot}");
    assert!(foot.contains(" · R again asks anyway"), "{foot}");
    let articles = many("a", 6);
    rewrite(&driver, 0, &feed("Wire", &articles));
    driver.press("R");
    assert!(
        driver.lines()[0].contains("6 unread of 6"),
        "{}",
        driver.frame()
    );
    driver.press("r");
    assert!(
        driver.foot().contains(" · r again asks anyway"),
        "{}",
        driver.foot()
    );
    // Another key between the two takes that back.
    driver.press("jr");
    assert!(
        driver.foot().contains(" · r again asks anyway"),
        "{}",
        driver.foot()
    );
}

#[test]
fn a_refresh_says_how_far_it_is_and_then_what_it_brought() {
    let mut driver = reading();
    driver
        .hold()
        .press("RR")
        .hear(Message::Refresh(Refresh::Begun { polls: 2 }));
    assert!(
        driver.foot().contains("Refreshing 0 of 2 feeds"),
        "{}",
        driver.foot()
    );
    driver.hear(Message::Refresh(Refresh::Polled { done: 1 }));
    assert!(
        driver.foot().contains("Refreshing 1 of 2 feeds"),
        "{}",
        driver.foot()
    );
    driver.press("R");
    assert!(
        driver.foot().contains("A refresh is under way"),
        "{}",
        driver.foot()
    );
    rewrite(&driver, 0, &feed("Wire", &many("a", 6)));
    pass(5);
    driver.release().press("k");
    assert!(driver.foot().contains("1 new · 10:20"), "{}", driver.foot());
}

#[test]
fn a_feed_that_fails_is_counted_and_told_to_who_asked() {
    let mut driver = reading();
    rewrite(&driver, 1, "this is no feed");
    driver.press("RR");
    assert!(driver.foot().contains("! Other: "), "{}", driver.foot());
    driver.press("<esc>");
    assert!(
        driver.foot().contains("1 feed failing"),
        "{}",
        driver.foot()
    );
}

#[test]
fn offline_the_state_names_the_age_of_the_news_and_summaries_are_named() {
    let whole = format!("<p>{}</p>", "Words of a whole article. ".repeat(80));
    let articles = [
        article("short", "Short", 10, "<p>A summary.</p>"),
        article("long", "Long", 20, &whole)
            .replace("description>", "content:encoded>")
            .replace(
                "<item>",
                "<item xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">",
            ),
    ];
    let mut driver = Cache::new(MANUAL)
        .offline()
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    assert!(
        driver.foot().contains("Offline · news of 10:20"),
        "{}",
        driver.foot()
    );
    let lines = driver.lines();
    assert!(
        lines[2].contains("Short") && lines[2].contains(" summary "),
        "{}",
        driver.frame()
    );
    assert!(
        lines[3].contains("Long") && lines[3].contains(" Wire "),
        "{}",
        driver.frame()
    );
    pass(86_400);
    driver.press("j");
    assert!(
        driver
            .foot()
            .contains("Offline · news of Tuesday 24 November"),
        "{}",
        driver.foot()
    );
}

#[test]
fn offline_only_feeds_in_files_are_read() {
    let mut driver = Cache::new(MANUAL)
        .offline()
        .section("News", &[feed("Wire", &many("a", 2))])
        .open(80, 24);
    driver.press("RR");
    assert!(
        driver
            .foot()
            .contains("Offline: only feeds in files are read"),
        "{}",
        driver.foot()
    );
}

#[test]
fn while_nothing_happens_the_frame_stays_as_it_is() {
    let mut driver = Driver::demo(120, 40);
    let before = driver.drawn();
    assert_eq!(driver.drawn(), before);
    driver.hold().hear(Message::Due);
    assert_eq!(driver.drawn(), before);
    // And the program asks for no moment to wake at: the demo polls nothing.
    assert!(
        driver
            .held
            .iter()
            .all(|effect| !matches!(effect, Effect::WakeAt(Some(_))))
    );
}

#[test]
fn the_first_news_come_in_by_themselves() {
    let mut driver = Cache::new("")
        .section("News", &[feed("Wire", &many("a", 3))])
        .unpolled(80, 24);
    assert!(driver.frame().contains("Title a1"), "{}", driver.frame());
    driver.press("j");
    assert_eq!(driver.state().list.selected, 1);
}

#[test]
fn a_section_without_articles_says_so_under_a_filter_too() {
    let mut driver = Cache::new(MANUAL)
        .section("News", &[feed("Wire", &many("a", 3))])
        .section("Bare", &[feed("Bare", &[])])
        .open(80, 24);
    driver.press("fu2");
    let frame = driver.frame();
    assert!(frame.contains("No articles yet."), "{frame}");
    assert!(!frame.contains("shows all 0"), "{frame}");
}
