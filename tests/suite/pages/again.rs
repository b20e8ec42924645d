//! Pages that are asked again, and those that aren't.

use super::*;

/// A feed with one summary, updated at this hour.
fn updated(server: &FakeServer, hour: u32, summary: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Wire</title><id>feed</id>\
         <updated>2009-11-20T{hour:02}:00:00Z</updated><entry><id>plan</id><title>A plan</title>\
         <link href=\"{}\"/><published>2009-11-20T06:00:00Z</published>\
         <updated>2009-11-20T{hour:02}:00:00Z</updated><summary>{summary}</summary></entry></feed>",
        server.url("/plan")
    )
}

const SUMMARY: &str = "Departments will have to explain why, under a plan laid this morning…";

/// Returns `changed` and `revisions` of the article.
#[track_caller]
fn change(env: &TestEnv) -> (bool, u64) {
    let shown = article(env, "A plan");
    (
        shown["changed"].as_bool().unwrap(),
        shown["revisions"].as_u64().unwrap(),
    )
}

#[test]
fn who_read_the_summary_is_told_of_no_change_when_the_page_comes() {
    let server = FakeServer::start();
    let env = env(
        &updated(&server, 7, SUMMARY),
        "[general]\nprefetch_full_text = \"never\"",
    );
    assert_eq!(refresh(&env, &[]), None);
    assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
    server.answer("/plan", page("the end"));
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    assert_eq!(refresh(&env, &[]).unwrap()["fetched"], 1);
    assert_eq!(change(&env), (false, 0));
}

#[test]
fn an_updated_article_has_its_page_asked_again() {
    let server = FakeServer::start();
    server.decide("/plan", |_| page("the end"));
    let env = env(&updated(&server, 7, SUMMARY), "");
    refresh(&env, &[]);
    assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
    // The same words in another dress.
    server.decide("/plan", |_| page("the  <b>end</b>"));
    env.write("feed.xml", updated(&server, 8, SUMMARY));
    refresh(&env, &["--force"]);
    assert_eq!(server.asked().len(), 2);
    assert_eq!(change(&env), (false, 0));
    server.decide("/plan", |_| page("other words"));
    env.write("feed.xml", updated(&server, 9, SUMMARY));
    refresh(&env, &["--force"]);
    assert_eq!(change(&env), (true, 1));
    let changes = env.run(&["show", "1", "--changes"]).out;
    assert!(
        changes.contains("[-the end.-] {+other words.+}"),
        "{changes}"
    );
}

#[test]
fn another_summary_of_the_same_page_is_no_change() {
    let server = FakeServer::start();
    server.answer("/plan", page("the end"));
    let env = env(&updated(&server, 7, SUMMARY), "");
    refresh(&env, &[]);
    assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
    env.write(
        "feed.xml",
        updated(&server, 8, "Departments must explain why under a plan…"),
    );
    refresh(&env, &["--force"]);
    assert_eq!(server.asked().len(), 2);
    assert_eq!(change(&env), (false, 0));
}

#[test]
fn what_failed_for_good_is_asked_again_where_the_feed_tells_of_a_newer_text() {
    let server = FakeServer::start();
    server.answer("/plan", Answer::status(404));
    server.answer("/plan", page("the end"));
    let env = env(&updated(&server, 7, SUMMARY), "");
    assert_eq!(refresh(&env, &[]).unwrap()["failed"], 1);
    assert_eq!(refresh(&env, &["--force"]), None);
    env.write("feed.xml", updated(&server, 8, SUMMARY));
    assert_eq!(refresh(&env, &["--force"]).unwrap()["fetched"], 1);
    assert_eq!(article(&env, "A plan")["source"], "page");
}

#[test]
fn a_page_that_was_taken_away_leaves_its_text() {
    let server = FakeServer::start();
    server.answer("/plan", page("the end"));
    server.answer("/plan", Answer::status(410));
    let env = env(&updated(&server, 7, SUMMARY), "");
    refresh(&env, &[]);
    env.write("feed.xml", updated(&server, 8, SUMMARY));
    assert_eq!(refresh(&env, &["--force"]).unwrap()["failed"], 1);
    let shown = article(&env, "A plan");
    assert!(shown["text"].as_str().unwrap().contains("the end"));
    assert_eq!(
        (&shown["source"], &shown["offline"], &shown["changed"]),
        (&"page".into(), &true.into(), &false.into())
    );
}

#[test]
fn a_failed_page_is_forgotten_where_none_are_wanted_any_more() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::status(500));
    let env = env(&updated(&server, 7, SUMMARY), "");
    assert_eq!(refresh(&env, &[]).unwrap()["failed"], 1);
    env.configure(&format!(
        "[general]\nprefetch_full_text = \"never\"\n[[sections]]\nname = \"News\"\n\
         [[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    // Its time has come.
    let cache = rusqlite::Connection::open(env.path("data/gazette.db")).unwrap();
    cache.execute("update pages set next_try = 0", []).unwrap();
    assert_eq!(refresh(&env, &["--force"]), None);
    // Nor where the feed tells of a newer text.
    env.write("feed.xml", updated(&server, 8, SUMMARY));
    assert_eq!(refresh(&env, &["--force"]), None);
    assert_eq!(server.asked().len(), 1);
}
