//! Whole articles: `D`, what is told of it, and what an open article says.

use super::driver::{Cache, Driver};
use super::feeds::feed;
use crate::support::server::{Answer, FakeServer};

/// Nothing polls by itself, and no page is fetched ahead.
const MANUAL: &str = "[general]\nrefresh = \"manual\"\nprefetch_full_text = \"never\"\n";

/// An article of which the feed has a summary alone, and whose page is on the server.
fn summary(server: &FakeServer, name: &str, hours: i64) -> String {
    super::feeds::article(
        name,
        &format!("Plan {name}"),
        hours,
        "<p>The plan ties money to…</p>",
    )
    .replace(
        &format!("https://news.example/{name}"),
        &server.url(&format!("/{name}")),
    )
}

/// A page that has the whole article.
fn page(name: &str) -> Answer {
    let sentence = "The plan ties money to shared services, and departments that build their own \
                    will have to explain why, under rules laid before Parliament this morning.";
    Answer::ok(format!(
        "<html><body><article><h1>Plan {name}</h1><p>{sentence} {sentence}</p>\
         <p>{sentence} The last words of {name}.</p></article></body></html>"
    ))
}

/// Opens a list of two such articles; `first` is what the server answers for the newer one.
fn reading(server: &FakeServer, first: Answer) -> Driver {
    server.answer("/a", first);
    server.answer("/b", page("b"));
    let articles = [summary(server, "a", 1), summary(server, "b", 2)];
    Cache::new(MANUAL)
        .section("News", &[feed("Wire", &articles)])
        .open(120, 40)
}

#[test]
fn all_shown_articles_are_stored_whole() {
    let server = FakeServer::start();
    let mut driver = reading(&server, page("a"));
    driver.press("D");
    assert!(
        driver.foot().contains("2 pages stored"),
        "{}",
        driver.foot()
    );
    driver.press("<enter>");
    assert!(
        driver.frame().contains("The last words of a."),
        "{}",
        driver.frame()
    );
    assert!(!driver.frame().contains("Only the summary"));
    driver.press("D");
    let said = "The whole article is stored already";
    assert!(driver.foot().contains(said), "{}", driver.foot());
    driver.press("qD");
    let said = "All articles shown are stored whole already";
    assert!(driver.foot().contains(said), "{}", driver.foot());
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn an_open_article_alone_is_stored_and_announced() {
    let server = FakeServer::start();
    let mut driver = reading(&server, page("a"));
    driver.press("j<enter>D");
    assert!(driver.foot().contains("1 page stored"), "{}", driver.foot());
    let frame = driver.frame();
    assert!(frame.contains("A newer version is here · ."), "{frame}");
    assert!(frame.contains("Only the summary is stored"), "{frame}");
    driver.press(".");
    assert!(
        driver.frame().contains("The last words of b."),
        "{}",
        driver.frame()
    );
    assert_eq!(server.asked_for("/b").len(), 1);
    assert!(server.asked_for("/a").is_empty());
}

#[test]
fn what_could_not_be_fetched_is_told() {
    let server = FakeServer::start();
    let mut driver = reading(&server, Answer::status(404));
    driver.press("D");
    let said = "! 1 page stored, 1 failed: the server answered 404: nothing is there";
    assert!(driver.foot().contains(said), "{}", driver.foot());
    // Whoever asks again is heard.
    server.decide("/a", |_| page("a"));
    driver.press("qD");
    assert!(driver.foot().contains("1 page stored"), "{}", driver.foot());
}

#[test]
fn offline_pages_are_wanted_for_later() {
    let server = FakeServer::start();
    let articles = [summary(&server, "a", 1)];
    let mut driver = Cache::new(MANUAL)
        .offline()
        .section("News", &[feed("Wire", &articles)])
        .open(120, 40);
    driver.press("D");
    let said = "Offline: 1 page wanted, the next refresh with a network fetches it";
    assert!(driver.foot().contains(said), "{}", driver.foot());
    assert!(server.asked().is_empty());
}
