//! How much there is on the screen, and where.

use super::driver::{Cache, Driver};
use super::feeds::{article, feed};

/// The window's usual sizes.
pub const SIZES: [(u16, u16); 4] = [(50, 20), (80, 24), (120, 40), (200, 50)];

/// Returns how many rows of the list end in a time.
fn titles(driver: &Driver) -> usize {
    let is_time =
        |text: &str| text.len() == 5 && text.chars().filter(char::is_ascii_digit).count() == 4;
    let lines = driver.lines();
    let lists = lines.iter().filter_map(|line| line.split('│').nth(1));
    let last = |list: &str| list.split_whitespace().last().is_some_and(is_time);
    lists.filter(|list| last(list)).count()
}

/// Returns a feed of so many articles, so many minutes apart.
fn spread(count: i64, minutes: i64) -> String {
    let title = |n| format!("A title of about as many words as titles have, number {n}");
    let articles = (1..=count)
        .map(|n| article(&format!("g{n}"), &title(n), n * minutes, "<p>Words.</p>"))
        .collect::<Vec<_>>();
    feed("Wire", &articles)
}

/// Returns the opened article's lines, a page after the other; some stand on two pages.
fn article_lines(driver: &mut Driver) -> Vec<String> {
    let areas = driver.state().areas().unwrap();
    let pane = areas.article.unwrap();
    let mut lines = Vec::new();
    let mut top = None;
    while top != Some(driver.state().article.top) {
        top = Some(driver.state().article.top);
        let (buffer, _) = driver.drawn();
        lines.extend((pane.y + areas.heading_rows..pane.bottom()).map(|y| {
            let cells = (pane.left()..pane.right()).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        }));
        driver.press("<ctrl-d>");
    }
    lines
}

#[test]
fn eighteen_titles_of_two_days_show_at_80x24() {
    let driver = Cache::new("")
        .section("News", &[spread(40, 55)])
        .open(80, 24);
    assert!(titles(&driver) >= 18, "{}", driver.frame());
    assert!(titles(&Driver::demo(80, 24)) >= 18);
}

#[test]
fn three_panes_and_sixteen_titles_of_two_days_show_at_120x40() {
    let driver = Cache::new("")
        .section("News", &[spread(40, 55)])
        .open(120, 40);
    assert!(titles(&driver) >= 16, "{}", driver.frame());
    let areas = driver.state().areas().unwrap();
    assert!(areas.sections.is_some() && areas.list.is_some() && areas.article.is_some());
}

#[test]
fn thirty_titles_of_five_days_show_at_200x50_a_line_each() {
    let driver = Cache::new("")
        .section("News", &[spread(38, 150)])
        .open(200, 50);
    assert_eq!(titles(&driver), 38, "{}", driver.frame());
}

#[test]
fn no_line_of_an_article_is_longer_than_76_columns_and_it_stands_in_the_middle() {
    let mut driver = Driver::demo(200, 50);
    let width = driver.state().areas().unwrap().article.unwrap().width;
    for _ in 0..12 {
        driver.press("<enter>");
        let lines = article_lines(&mut driver);
        let shown = lines.iter().filter(|line| !line.is_empty());
        let starts = shown
            .clone()
            .map(|line| line.len() - line.trim_start().len());
        let left = starts.min().unwrap();
        let ends = shown.map(|line| gazette::model::text::display_width(line));
        assert!(ends.max().unwrap() <= left + 76, "{}", lines.join("\n"));
        let right = usize::from(width) - left - 76;
        assert!(left.abs_diff(right) <= 1, "{left} and {right}");
        driver.press("J");
    }
}

#[test]
fn at_50x20_there_is_one_pane_at_a_time_and_everything_works_in_it() {
    let mut driver = Driver::demo(50, 20);
    assert!(driver.frame().contains("9 unread of 28"));
    assert!(!driver.frame().contains('│'), "{}", driver.frame());
    driver.press("js");
    assert!(
        driver.lines()[4].contains("●  Budget day"),
        "{}",
        driver.frame()
    );
    driver.press("<enter>");
    assert!(!driver.frame().contains('│'));
    assert!(
        driver.lines()[1].contains("Budget day"),
        "{}",
        driver.frame()
    );
    driver.press("q");
    assert!(
        driver.frame().contains("8 unread of 28"),
        "{}",
        driver.frame()
    );
    driver.press("h");
    assert!(!driver.frame().contains('│'));
    assert!(
        driver.frame().contains("Policy & digital"),
        "{}",
        driver.frame()
    );
}

#[test]
fn a_window_that_is_too_small_says_so_and_the_earlier_screen_returns() {
    let mut driver = Driver::demo(80, 24);
    driver.press("jj<enter><space>");
    let before = driver.frame();
    driver.resize(32, 9);
    let said: String = driver
        .frame()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(
        said,
        "Gazette needs 40x12. This window is 32x9. q goes back"
    );
    assert_eq!(driver.resize(80, 24).frame(), before);
    driver.press("q6").press(&"j".repeat(6));
    let before = driver.frame();
    assert_eq!(driver.resize(1, 1).resize(80, 24).frame(), before);
}

#[test]
fn the_key_that_lists_all_keys_stands_in_the_last_row() {
    for (columns, rows) in SIZES {
        for keys in [
            "",
            "h",
            "<enter>",
            "<enter><space>",
            "<enter>zq",
            "fu",
            "*",
            "0",
        ] {
            let mut driver = Driver::demo(columns, rows);
            let foot = driver.press(keys).foot();
            assert!(
                foot.contains("? all keys"),
                "{columns}x{rows} {keys:?}: {foot}"
            );
        }
    }
}

#[test]
fn no_screen_has_boxes() {
    for (columns, rows) in SIZES {
        for keys in [
            "", "h", "xh", "<enter>", "?", "<enter>L", "i", "<enter>T", "w", "f",
        ] {
            let mut driver = Driver::demo(columns, rows);
            let frame = driver.press(keys).frame();
            assert!(!frame.contains(['┌', '┐', '└', '┘', '╭', '╮']), "{frame}");
            let rules = |line: &str| line.matches('│').count();
            assert!(frame.lines().all(|line| rules(line) <= 2), "{frame}");
        }
    }
}

/// Opens an article of this text alone in a window of 60 columns; returns its lines.
fn opened(html: &str) -> Vec<String> {
    let one = article("one", "Lists", 5, html);
    let mut driver = Cache::new("")
        .section("News", &[feed("Wire", &[one])])
        .open(60, 40);
    driver.press("<enter>").lines()
}

#[test]
fn the_points_of_a_list_stand_in_one_column_and_its_text_hangs() {
    let items: String = (1..=10)
        .map(|n| format!("<li>word{n} {}</li>", "and more words ".repeat(5)))
        .collect();
    let lines = opened(&format!("<ol>{items}</ol>"));
    let points = (1..=10).map(|n| {
        let label = format!("{n}. ");
        let at = lines
            .iter()
            .position(|line| line.trim_start().starts_with(&label))
            .unwrap();
        let first = lines[at].find("word").unwrap();
        // What follows begins under the item's first letter.
        let next = &lines[at + 1];
        assert_eq!(
            next.len() - next.trim_start().len(),
            first,
            "{}",
            lines.join("\n")
        );
        lines[at].find('.').unwrap()
    });
    let points: Vec<usize> = points.collect();
    assert!(points.iter().all(|point| *point == points[0]), "{points:?}");
}

#[test]
fn a_nested_list_never_begins_left_of_its_parents_text() {
    let lines = opened(
        "<ol><li>Parent<ul><li>Child<ol><li>Grandchild</li></ol></li></ul></li><li>Next</li></ol>",
    );
    let line = |word: &str| lines.iter().find(|line| line.contains(word)).unwrap();
    let label = |word: &str| line(word).len() - line(word).trim_start().len();
    assert!(label("Child") >= line("Parent").find("Parent").unwrap());
    let child = line("Child");
    let column = child[..child.find("Child").unwrap()].chars().count();
    assert!(label("Grandchild") >= column, "{}", lines.join("\n"));
}

#[test]
fn lists_show_their_authors_numbers() {
    for (html, labels) in [
        (
            "<ol start=\"4\"><li>x</li><li>x</li></ol>",
            ["4.  x", "5.  x"],
        ),
        (
            "<ol><li value=\"7\">x</li><li>x</li></ol>",
            ["7.  x", "8.  x"],
        ),
        ("<ol reversed><li>x</li><li>x</li></ol>", ["2.  x", "1.  x"]),
        (
            "<ol type=\"a\"><li>x</li><li>x</li></ol>",
            ["a.  x", "b.  x"],
        ),
        (
            "<ol type=\"I\"><li>x</li><li>x</li></ol>",
            ["I.  x", "II.  x"],
        ),
        ("<p>1. x</p><p>2. x</p>", ["1.  x", "2.  x"]),
        ("<p>Both:<br>(a) x<br>(b) x</p>", ["(a)  x", "(b)  x"]),
    ] {
        let lines = opened(html);
        for label in labels {
            let has = lines.iter().any(|line| line.trim_start() == label);
            assert!(has, "{label} in {html}:\n{}", lines.join("\n"));
        }
    }
}
