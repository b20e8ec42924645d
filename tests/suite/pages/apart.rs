//! What keeps strangers apart: pages get nothing but the question, and reach no private host.

use super::*;
use crate::support::env::finish;
use crate::support::samples::{item, rss};
use crate::support::server::Gate;

/// Refreshes one summary with this permalink, everything of `http:` through a proxy; returns what
/// was told of the pages.
fn through(proxy: &FakeServer, permalink: &str) -> (TestEnv, serde_json::Value) {
    let feed = rss(
        &item("g0", "A plan", "Departments will have to explain why…")
            .replace("https://policy.example/g0", permalink),
    );
    let env = env(&feed, "");
    let mut command = env.command(&["refresh", "--format", "json"]);
    let ran = finish(command.env("HTTP_PROXY", proxy.url("")));
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let told = ran.out.lines().find(|line| line.contains("prefetch"));
    let told: serde_json::Value = serde_json::from_str(told.unwrap()).unwrap();
    (env, told["prefetch"].clone())
}

#[test]
fn a_public_page_leads_to_no_private_host() {
    for target in [
        "http://127.0.0.1:9/",
        "http://10.0.0.1/",
        "http://localhost/",
    ] {
        let proxy = FakeServer::start();
        proxy.decide_all(|_| page("the end"));
        proxy.answer("http://news.example/0", Answer::redirect(302, target));
        let (env, told) = through(&proxy, "http://news.example/0");
        assert_eq!((&told["fetched"], &told["failed"]), (&0.into(), &1.into()));
        assert_eq!(proxy.asked().len(), 1, "{target}");
        assert_eq!(article(&env, "A plan")["source"], "feed");
    }
    // To a public one it may.
    let proxy = FakeServer::start();
    proxy.decide_all(|_| page("the end"));
    proxy.answer(
        "http://news.example/0",
        Answer::redirect(302, "http://other.example/0"),
    );
    let (env, told) = through(&proxy, "http://news.example/0");
    assert_eq!(told["fetched"], 1);
    assert_eq!(article(&env, "A plan")["source"], "page");
}

#[test]
fn no_page_gets_a_name_and_password_or_anothers_cookies() {
    let server = FakeServer::start();
    server.decide_all(|_| page("the end").header("set-cookie", "who=you; Path=/"));
    let feed = summaries(&server, 6).replace("http://127", "http://me:secret@127");
    let env = env(&feed, "[network]\nconnections_per_host = 1");
    assert_eq!(refresh(&env, &[]).unwrap()["fetched"], 6);
    for asked in server.asked() {
        for name in ["cookie", "authorization", "referer"] {
            assert!(asked.header(name).is_none(), "{name}");
        }
    }
}

#[test]
fn a_feeds_password_stays_with_the_feed() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::ok(summaries(&server, 1).replace(&server.url("/0"), "/0")),
    );
    server.answer("/0", page("the end"));
    let env = TestEnv::new();
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        server.url("/feed").replace("http://", "http://me:secret@")
    ));
    assert_eq!(refresh(&env, &[]).unwrap()["fetched"], 1);
    assert!(
        server.asked_for("/feed")[0]
            .header("authorization")
            .is_some()
    );
    assert!(server.asked_for("/0")[0].header("authorization").is_none());
    assert_eq!(article(&env, "A plan, part 0")["url"], server.url("/0"));
}

#[test]
fn a_host_whose_bodies_stall_is_left_alone_after_a_few_pages() {
    let server = FakeServer::start();
    let gate = Gate::default();
    let closed = gate.clone();
    server.decide_all(move |_| page("the end").pause_after(40, &closed));
    let env = env(&summaries(&server, 30), "[network]\ntimeout_seconds = 1");
    let told = refresh(&env, &[]).unwrap();
    gate.open();
    assert!(told["failed"].as_u64().unwrap() <= 8, "{told}");
    assert!(told["left"].as_u64().unwrap() >= 22, "{told}");
}

#[test]
fn a_refusal_that_asks_for_rest_is_heard_at_once() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::status(403).header("retry-after", "86400"));
    let env = env(&summaries(&server, 30), "");
    let told = refresh(&env, &[]).unwrap();
    assert!(told["failed"].as_u64().unwrap() <= 4, "{told}");
    assert!(server.asked().len() <= 4);
}

#[test]
fn a_packed_page_is_unpacked() {
    let server = FakeServer::start();
    let text =
        format!("<article><h1>A plan</h1><p>{SENTENCE} {SENTENCE}</p><p>{SENTENCE}</p></article>");
    let packed = crate::net::bodies::gzip(text.as_bytes());
    server.answer(
        "/0",
        Answer::ok(packed)
            .header("content-encoding", "gzip")
            .header("content-type", "text/html"),
    );
    let env = env(&summaries(&server, 1), "");
    assert_eq!(refresh(&env, &[]).unwrap()["fetched"], 1);
}
