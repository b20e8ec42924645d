//! What a refresh does behind itself: old articles go, for good.

use rusqlite::Connection;

use crate::support::env::TestEnv;
use crate::support::samples::rss;

fn item(guid: &str, date: &str, text: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">{guid}</guid><title>Article {guid}</title>\
         <pubDate>{date}</pubDate><description>{text}</description></item>"
    )
}

const LONG_AGO: &str = "Mon, 05 Feb 2024 09:00:00 GMT";

/// A feed of 40 old articles with long texts, which was first polled two years ago.
fn old_feed(env: &TestEnv) -> String {
    let items = (0..40).map(|n| {
        let words = (0..2000_u64).map(|word| {
            let mixed = (n * 2000 + word + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            format!("{mixed:x} ")
        });
        item(&n.to_string(), LONG_AGO, &words.collect::<String>())
    });
    let feed = rss(&items.collect::<String>());
    env.write("feed.xml", &feed);
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    let cache = Connection::open(env.path("data/gazette.db")).expect("the database opens");
    cache
        .execute(
            "update articles set first_seen = first_seen - 2 * 365 * 86400",
            [],
        )
        .expect("the clock is moved");
    feed
}

fn configure(env: &TestEnv, keep_days: &str) {
    env.configure(&format!(
        "[general]\n{keep_days}\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
}

fn ids(env: &TestEnv) -> Vec<i64> {
    let mut ids: Vec<i64> = env
        .json(&["list", "--format", "json"])
        .iter()
        .map(|article| article["id"].as_i64().expect("a number"))
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn read_articles_older_than_keep_days_go_and_never_come_back() {
    let env = TestEnv::new();
    configure(&env, "");
    let feed = old_feed(&env);
    let size = || {
        let file = std::fs::metadata(env.path("data/gazette.db"));
        file.expect("the database is there").len()
    };
    let before = size();
    assert_eq!(env.run(&["mark", "star", "7"]).code, Some(0));
    assert_eq!(env.run(&["mark", "unread", "9"]).code, Some(0));
    let reading = env.run(&["list"]).out.lines().count();
    assert_eq!(reading, 40, "no command but refresh takes anything out");

    let summary = env.run(&["refresh", "--quiet"]);
    assert_eq!((summary.code, summary.err.as_str()), (Some(0), ""));
    assert_eq!(ids(&env), [7, 9]);
    assert!(size() < before / 2, "{before} to {}", size());
    assert_eq!(env.run(&["show", "8"]).code, Some(2));
    assert_eq!(env.run(&["search", "Article"]).out.lines().count(), 2);

    // The document is another one now, and its articles have new dates.
    let dated_anew = feed.replace(LONG_AGO, "Mon, 23 Nov 2026 09:00:00 GMT");
    env.write("feed.xml", dated_anew);
    for _ in 0..2 {
        let lines = env.json(&["refresh", "--force", "--format", "json"]);
        assert_eq!(lines[0]["new"], 0);
        assert_eq!(ids(&env), [7, 9]);
    }
    // What is marked read later goes with the next refresh.
    assert_eq!(env.run(&["mark", "read", "9"]).code, Some(0));
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    assert_eq!(ids(&env), [7]);
}

#[test]
fn keep_days_says_how_old_and_0_keeps_all() {
    for (keep_days, left) in [
        ("keep_days = 0", 40),
        ("keep_days = 1000", 40),
        ("keep_days = 700", 0),
    ] {
        let env = TestEnv::new();
        configure(&env, "keep_days = 0");
        old_feed(&env);
        configure(&env, keep_days);
        assert_eq!(env.run(&["refresh"]).code, Some(0));
        assert_eq!(ids(&env).len(), left, "{keep_days}");
    }
}

#[test]
fn a_refresh_whose_pruning_fails_tells_its_result_and_is_partly_done() {
    let env = TestEnv::new();
    configure(&env, "");
    let feed = old_feed(&env);
    let cache = Connection::open(env.path("data/gazette.db")).expect("the database opens");
    cache
        .execute_batch(
            "create trigger held before delete on articles begin select raise(abort, 'held'); end",
        )
        .expect("no article can go");
    let more = item("fresh", "Mon, 23 Nov 2026 09:00:00 GMT", "news");
    env.write("feed.xml", feed.replacen("<item>", &(more + "<item>"), 1));
    let ran = env.run(&["refresh", "--force"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.out.contains("1 new in 1 feed"), "{}", ran.out);
    assert!(ran.err.starts_with("error: the database `"), "{}", ran.err);
    assert!(ran.err.contains("held"), "{}", ran.err);
    assert_eq!(ids(&env).len(), 41);
    cache
        .execute_batch("drop trigger held")
        .expect("they may go");
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    assert_eq!(ids(&env).len(), 1);
}

#[test]
fn twenty_earlier_texts_of_an_article_are_kept() {
    let env = TestEnv::new();
    configure(&env, "");
    for n in 0..26 {
        let text = format!("Text {n}");
        env.write("feed.xml", rss(&item("a", LONG_AGO, &text)));
        assert_eq!(env.run(&["refresh", "--force"]).code, Some(0));
    }
    let article = &env.json(&["show", "1", "--format", "json"])[0];
    assert_eq!(article["revisions"], 20);
    assert!(
        article["text"]
            .as_str()
            .expect("a text")
            .contains("Text 25"),
        "{article}"
    );
}
