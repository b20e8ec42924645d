//! What changed in an article, in its place.

use super::driver::{Cache, Driver, pass};
use super::feeds::{article, feed, refresh, rewrite};

fn news(text: &str) -> String {
    let other = article("two", "Another story", 9, "<p>Other words.</p>");
    feed("Wire", &[article("one", "One story", 5, text), other])
}

fn long(deadline: &str) -> String {
    let many: String = (1..=40).map(|n| format!("<p>Paragraph {n}.</p>")).collect();
    format!("{many}<p>It closes on {deadline}.</p><ol><li>One<li>Two</ol>")
}

/// Opens an article whose text another program has just replaced.
fn updated() -> Driver {
    let mut driver = Cache::new("")
        .section("News", &[news(&long("1 May"))])
        .open(80, 24);
    driver.press("<enter>");
    pass(60);
    rewrite(&driver, 0, &news(&long("8 June")));
    refresh(&driver);
    driver.press("j");
    driver
}

const CHANGED: &str = "It closes on [-1 May.-] {+8 June.+}";

#[test]
fn v_shows_old_and_new_and_the_article_again_at_the_same_spot() {
    let mut driver = updated();
    driver.press("<space>");
    let before = driver.frame();
    assert!(before.contains("A newer version is here"), "{before}");
    for leave in ["v", "q", "<esc>", "<ctrl-g>"] {
        driver.press("v");
        let frame = driver.frame();
        let lines = driver.lines();
        assert!(lines[0].trim_start().starts_with("Changes "), "{frame}");
        assert_eq!(lines[1].trim(), "One story");
        let facts = "Changes since 24 November 2026 · 1 earlier version is kept";
        assert_eq!(lines[3].trim(), facts);
        assert_eq!(lines[5].trim(), "… 39 paragraphs unchanged");
        assert_eq!(lines[7].trim(), "Paragraph 40.");
        assert_eq!(lines[9].trim(), CHANGED);
        assert_eq!(lines[11].trim(), "1.  One");
        assert!(frame.contains("v goes back to the article"), "{frame}");
        assert!(driver.foot().contains("v article"), "{frame}");
        assert_eq!(driver.press(leave).frame(), before, "{leave}");
    }
}

#[test]
fn changes_scroll_and_leave_the_place_in_the_article_alone() {
    let mut driver = updated();
    driver.press("<space>");
    let before = driver.frame();
    let spot = driver.state().article.spot;
    // In so low a window there is more than a page of them.
    driver.resize(80, 12);
    driver.press("v<space>");
    assert!(
        driver.lines()[0].contains("Changes: One story"),
        "{}",
        driver.frame()
    );
    driver.press("g");
    assert_eq!(driver.lines()[1].trim(), "One story");
    driver.press("<space>").resize(60, 12);
    assert!(
        driver.lines()[0].contains("Changes: One story"),
        "{}",
        driver.frame()
    );
    driver.press("v");
    driver.resize(80, 24);
    assert_eq!(driver.frame(), before);
    assert_eq!(driver.state().article.spot, spot);
    driver.press("vGJK");
    assert_eq!(driver.state().article.spot, spot);
}

#[test]
fn the_newer_text_takes_the_place_of_the_changes() {
    let mut driver = updated();
    driver.press("v.");
    let frame = driver.frame();
    assert!(!frame.contains("Changes"), "{frame}");
    driver.press("G");
    assert!(
        driver.frame().contains("It closes on 8 June."),
        "{}",
        driver.frame()
    );
    // It is compared with the one before still.
    driver.press("v");
    assert!(driver.frame().contains(CHANGED), "{}", driver.frame());
}

#[test]
fn another_article_or_pane_shows_articles_again() {
    let mut driver = updated();
    driver.resize(160, 40);
    let before = driver.frame();
    driver.press("v");
    assert!(driver.frame().contains(CHANGED), "{}", driver.frame());
    driver.press("J");
    assert!(
        driver.frame().contains("Other words."),
        "{}",
        driver.frame()
    );
    driver.press("K");
    assert!(!driver.frame().contains(CHANGED), "{}", driver.frame());
    driver.press("v<left>");
    assert!(!driver.frame().contains(CHANGED), "{}", driver.frame());
    driver.press("<enter>v");
    assert!(driver.frame().contains(CHANGED), "{}", driver.frame());
    driver.press("svs");
    assert_eq!(
        before.matches('★').count(),
        driver.frame().matches('★').count()
    );
}

#[test]
fn an_article_without_earlier_texts_says_so() {
    let mut driver = updated();
    driver.press("J");
    let article = |driver: &Driver| driver.lines()[..23].join("\n");
    let before = article(&driver);
    driver.press("v");
    let said = "No earlier version of this article is kept";
    assert!(driver.foot().contains(said), "{}", driver.foot());
    assert_eq!(article(&driver), before);
    // In the list it is no key.
    driver.press("qv");
    assert!(
        driver.foot().contains("v is not a key here"),
        "{}",
        driver.foot()
    );
}
