//! What each screen looks like, in each of the usual sizes: compare with the design's pictures.

use gazette::tui::message::{Message, Refresh};
use gazette::tui::palette::{Depth, Palette};

use super::driver::{Cache, Driver, painted};
use super::feeds::{article, feed, many, rewrite};
use super::shape::SIZES;

/// Nothing polls by itself.
const MANUAL: &str = "[general]\nrefresh = \"manual\"\n";

/// Compares a text with what it was before.
fn compare(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Compares a screen in each size with what it looked like before.
fn check(name: &str, open: impl Fn(u16, u16) -> Driver) {
    for (columns, rows) in SIZES {
        let driver = open(columns, rows);
        let (_, cursor) = driver.drawn();
        let frame = without_next_try(&driver.frame());
        let text = format!("{frame}\ncursor at {},{}", cursor.x, cursor.y);
        compare(&format!("{name}-{columns}x{rows}"), &text);
    }
}

/// Returns a frame without the minute of a feed's next try, which has a share of chance.
fn without_next_try(frame: &str) -> String {
    match frame.split_once("next try 10:") {
        Some((before, after)) => format!("{before}next try 10:__{}", &after[2..]),
        None => frame.to_owned(),
    }
}

/// Returns the demo after some keys.
fn demo(keys: &str) -> impl Fn(u16, u16) -> Driver {
    move |columns, rows| {
        let mut driver = Driver::demo(columns, rows);
        driver.press(keys);
        driver
    }
}

/// Returns three sections, one of them without articles.
fn sections() -> Cache {
    Cache::new(MANUAL)
        .section(
            "Latest news",
            &[feed("HM Treasury", &many("a", 12)), feed("Wales", &[])],
        )
        .section("Comment", &[feed("The Plain Ledger", &many("b", 1))])
        .section("Consultations", &[feed("Policy papers", &[])])
}

#[test]
fn main() {
    check("main", demo(""));
}

#[test]
fn the_sections() {
    check("sections", demo("hxj"));
}

#[test]
fn an_article() {
    check("article", demo("<enter>"));
}

#[test]
fn comments() {
    check("comments", demo("c"));
}

#[test]
fn comments_further_down_with_a_folded_thread() {
    check("comments-on", demo("c]xjj<ctrl-d>"));
}

#[test]
fn an_article_without_comments() {
    check("no-comments", demo("jjjjc"));
}

#[test]
fn a_reply() {
    check(
        "reply",
        demo("cjrWords of mine.<enter><enter>More of them."),
    );
}

#[test]
fn a_reply_that_is_ready() {
    check(
        "reply-ready",
        demo("cjrWords of mine.<enter><enter>More of them.<esc>"),
    );
}

#[test]
fn an_article_further_down() {
    check("article-on", demo("<enter><space>"));
}

#[test]
fn an_article_with_banners_nested_lists_and_a_table() {
    check("article-rich", demo("2<enter>"));
    check("article-rich-on", demo("2<enter><space>"));
}

#[test]
fn keys() {
    check("keys", demo("?"));
}

#[test]
fn keys_of_an_article() {
    check("keys-article", demo("<enter>?"));
}

#[test]
fn links() {
    check("links", demo("<enter>L"));
}

#[test]
fn facts() {
    for (columns, rows) in SIZES {
        let one = article("one", "One story", 5, "<p>Some words.</p>");
        let mut driver = Cache::new(MANUAL)
            .section("News", &[feed("Wire", &[one])])
            .open(columns, rows);
        driver.press("i");
        // The feed's address names a folder of this run, and may take more lines than one.
        let mut is_address = false;
        let mut lines = driver.lines();
        lines.retain(|line| {
            is_address = line.contains("Its address") || (is_address && line.starts_with("      "));
            !is_address && !line.is_empty()
        });
        compare(&format!("facts-{columns}x{rows}"), &lines.join("\n"));
    }
}

#[test]
fn the_first_run() {
    check("first-run", |columns, rows| {
        let mut driver = sections().unpolled(columns, rows);
        driver.hold().press("R");
        driver.hear(Message::Refresh(Refresh::Begun { polls: 4 }));
        driver.hear(Message::Refresh(Refresh::Polled { done: 1 }));
        driver
    });
}

#[test]
fn the_first_run_without_a_network() {
    check("first-run-offline", |columns, rows| {
        sections().offline().unpolled(columns, rows)
    });
}

#[test]
fn an_empty_filter() {
    check("empty-filter", |columns, rows| {
        let mut driver = sections().open(columns, rows);
        driver.press("Afu.");
        super::driver::pass(5);
        driver.press("<esc>fu");
        driver
    });
}

#[test]
fn an_empty_section() {
    check("empty-section", |columns, rows| {
        let mut driver = sections().open(columns, rows);
        driver.press("3");
        driver
    });
}

#[test]
fn offline() {
    check("offline", |columns, rows| {
        sections().offline().open(columns, rows)
    });
}

#[test]
fn a_failing_feed() {
    check("failing", |columns, rows| {
        let mut driver = sections().open(columns, rows);
        rewrite(&driver, 0, "this is no feed");
        driver.press("RR");
        driver
    });
}

#[test]
fn a_feed_that_failed_before() {
    check("failed", |columns, rows| {
        let mut driver = sections().open(columns, rows);
        rewrite(&driver, 0, "this is no feed");
        driver.press("RR<esc>");
        driver
    });
}

#[test]
fn a_refresh_under_way() {
    check("refreshing", |columns, rows| {
        let mut driver = sections().open(columns, rows);
        driver.hold().press("RR");
        driver.hear(Message::Refresh(Refresh::Begun { polls: 4 }));
        driver.hear(Message::Refresh(Refresh::Polled { done: 3 }));
        driver
    });
}

#[test]
fn a_message() {
    check("message", demo("A"));
}

#[test]
fn a_second_key() {
    check("copy", demo("y"));
}

#[test]
fn too_small() {
    for (columns, rows) in [(32, 9), (12, 5), (39, 40)] {
        let mut driver = Driver::demo(80, 24);
        driver.resize(columns, rows);
        compare(&format!("small-{columns}x{rows}"), &driver.frame());
    }
}

#[test]
fn colours_and_weights() {
    for (name, palette) in [("dark", Palette::Dark), ("light", Palette::Light)] {
        for (screen, keys) in [("main", "js"), ("article", "<enter>")] {
            let mut driver = Driver::demo(120, 40);
            driver.look = painted(palette, Depth::TrueColour);
            driver.press(keys);
            compare(&format!("{screen}-{name}-120x40"), &driver.styled());
        }
    }
}
