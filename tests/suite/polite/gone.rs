//! Promise 3: what is gone is left alone, and said.

use serde_json::Value;

use super::{feed, force, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

/// The last document of a feed that GOV.UK took down.
fn ended(entries: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Announcements</title>\
         <id>https://www.gov.uk/announcements</id><updated>2026-11-20T10:00:00Z</updated>\
         <entry><title>This feed has ended</title>\
         <id>tag:www.gov.uk,2005:announcements/feed-ended</id>\
         <summary type=\"html\">&lt;p&gt;Use &lt;a href=\"https://www.gov.uk/search/news\"&gt;news\
         &lt;/a&gt; or &lt;a href=\"/search/all\"&gt;everything&lt;/a&gt;.&lt;/p&gt;</summary>\
         <link href=\"https://www.gov.uk/announcements\"/></entry>{entries}</feed>"
    )
}

/// Checks that a feed is not asked any more, and that all that was cached stays.
#[track_caller]
fn check_left_alone(env: &TestEnv, server: &FakeServer, reason: &str) {
    let asked = server.asked().len();
    for line in [refresh(env), force(env)] {
        assert_eq!(
            (&line["status"], &line["next_check"]),
            (&"gone".into(), &Value::Null)
        );
    }
    assert_eq!(server.asked().len(), asked);
    let known = &env.json(&["feeds", "list", "--format", "json"])[0];
    assert_eq!(
        (&known["state"], &known["next_check"]),
        (&"gone".into(), &Value::Null)
    );
    assert_eq!(known["error"], reason);
    assert_eq!(env.json(&["list", "--format", "json"])[0]["title"], "a");
}

#[test]
fn a_410_ends_polling_and_says_so() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    server.answer("/feed", Answer::status(410).header("Retry-After", "60"));
    let env = subscribed(&server);
    refresh(&env);
    let ran = env.run(&["refresh", "--force"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(
        ran.out.contains(
            "Policy Weekly: gone for good: its server says so (410); it is not polled any more"
        ),
        "{}",
        ran.out
    );
    check_left_alone(&env, &server, "gone for good: its server says so (410)");
}

#[test]
fn what_is_gone_or_moved_counts_as_done() {
    let server = FakeServer::start();
    server.answer("/gone", Answer::status(410));
    server.answer("/old", Answer::redirect(301, "/new"));
    server.answer("/new", Answer::ok(feed("a")));
    let (gone, old, lost) = (server.url("/gone"), server.url("/old"), server.url("/lost"));
    let env = TestEnv::with_feeds(&[&gone, &old]);
    let ran = env.run(&["refresh", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let end = ran.out.lines().last().expect("a summary");
    let end: Value = serde_json::from_str(end).expect("JSON");
    assert_eq!(
        (&end["summary"]["ok"], &end["summary"]["failed"]),
        (&2.into(), &0.into())
    );
    // What is gone was not polled this time, so all that were polled failed.
    let env = TestEnv::with_feeds(&[&gone, &lost]);
    assert_eq!(env.run(&["refresh"]).code, Some(3));
    assert_eq!(env.run(&["refresh", "--force"]).code, Some(1));
    // Where nothing is due, nothing failed.
    assert_eq!(env.run(&["refresh"]).code, Some(0));
}

#[test]
fn behind_a_permanent_redirect_too() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    server.answer("/feed", Answer::redirect(301, "/new"));
    server.answer("/new", Answer::status(410));
    let env = subscribed(&server);
    refresh(&env);
    let line = force(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"gone".into(), &410.into())
    );
    assert_eq!(line["url"], server.url("/feed"));
    check_left_alone(&env, &server, "gone for good: its server says so (410)");
}

#[test]
fn a_feed_that_ends_politely_is_gone_and_its_successors_are_named() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    server.answer("/feed", Answer::ok(ended("")));
    let env = subscribed(&server);
    refresh(&env);
    let line = force(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"gone".into(), &200.into())
    );
    assert_eq!((&line["new"], &line["error"]), (&0.into(), &Value::Null));
    let reason = format!(
        "gone for good: its publisher has ended it; see https://www.gov.uk/search/news, {}, \
         https://www.gov.uk/announcements",
        server.url("/search/all")
    );
    check_left_alone(&env, &server, &reason);
}

#[test]
fn an_article_about_a_feed_that_ends_ends_none() {
    let server = FakeServer::start();
    let other =
        "<entry><title>News</title><id>n</id><updated>2026-11-20T10:00:00Z</updated></entry>";
    server.answer("/feed", Answer::ok(ended(other)));
    let line = refresh(&subscribed(&server));
    assert_eq!((&line["status"], &line["new"]), (&"new".into(), &2.into()));
}
