//! When pages are asked for, how many, and what a kill leaves.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::*;
use crate::support::server::Gate;

/// Returns the configuration with these feeds.
fn feeds(urls: &[String]) -> String {
    let feeds = urls
        .iter()
        .map(|url| format!("[[sections.feeds]]\nurl = \"{url}\"\n"));
    format!(
        "[[sections]]\nname = \"News\"\n{}",
        feeds.collect::<String>()
    )
}

#[test]
fn pages_come_after_all_feeds() {
    let server = FakeServer::start();
    server.decide_all(|_| page("the end"));
    let gate = Gate::default();
    server.answer("/slow", Answer::ok(rss("")).behind(&gate));
    let env = TestEnv::new();
    env.write("feed.xml", summaries(&server, 2));
    env.configure(&feeds(&[env.file_url("feed.xml"), server.url("/slow")]));
    let mut child = env.command(&["refresh", "--quiet"]).spawn().unwrap();
    server.wait_for_questions(1);
    thread::sleep(Duration::from_millis(100));
    assert_eq!(server.asked().len(), 1, "the slow feed alone");
    gate.open();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn two_hundred_pages_at_most_are_fetched_ahead() {
    let servers: Vec<FakeServer> = (1..=4u8)
        .map(|n| FakeServer::start_at([127, 0, 0, n]))
        .collect();
    let env = TestEnv::new();
    let mut urls = Vec::new();
    for (n, server) in servers.iter().enumerate() {
        server.decide_all(|_| page("the end"));
        let name = format!("{n}.xml");
        env.write(&name, summaries(server, 70));
        urls.push(env.file_url(&name));
    }
    env.configure(&feeds(&urls));
    let told = refresh(&env, &[]).unwrap();
    assert_eq!(
        told,
        serde_json::json!({"fetched": 200, "failed": 0, "left": 80})
    );
    let asked = |server: &FakeServer| server.asked().len();
    assert!(servers.iter().all(|server| asked(server) <= 60));
    let text = env.run(&["refresh"]);
    assert_eq!(
        (text.code, text.out.as_str()),
        (
            Some(0),
            "Nothing due in 4 feeds; --force asks anyway · 80 pages stored\n"
        )
    );
    assert_eq!(servers.iter().map(asked).sum::<usize>(), 280);
}

#[test]
fn a_killed_refresh_is_taken_up() {
    let server = FakeServer::start();
    let gate = Gate::default();
    let closed = gate.clone();
    // The last pages wait until the kill.
    server.decide_all(move |asked| {
        let n: usize = asked.target[1..].parse().unwrap();
        if n < 6 {
            page("the end")
        } else {
            page("the end").behind(&closed)
        }
    });
    let env = env(&summaries(&server, 12), "");
    let mut child = env
        .command(&["refresh", "--format", "json"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    server.wait_for_questions(10);
    let whole = || {
        let all = env.json(&["list", "--format", "json"]);
        all.iter()
            .filter(|article| article["offline"] == true)
            .count()
    };
    while whole() < 6 {
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    gate.open();
    assert_eq!(whole(), 6);
    assert_eq!(refresh(&env, &[]).unwrap()["fetched"], 6);
    assert_eq!(whole(), 12);
    let of_first = server.asked_for("/0").len();
    assert_eq!(of_first, 1, "what was stored is not asked for again");
}

#[test]
fn marks_get_through_while_pages_come() {
    let server = FakeServer::start();
    server.decide_all(|_| page("the end").delay(Duration::from_millis(10)));
    let env = env(&summaries(&server, 20), "");
    let mut child = env.command(&["refresh", "--quiet"]).spawn().unwrap();
    server.wait_for_questions(1);
    let mut marked = 0;
    for id in 1..=20 {
        marked += i32::from(env.run(&["mark", "star", &id.to_string()]).code == Some(0));
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(marked, 20);
    let all = env.json(&["list", "--format", "json"]);
    let is_both =
        |article: &&serde_json::Value| article["starred"] == true && article["offline"] == true;
    assert_eq!(all.iter().filter(is_both).count(), 20);
}

#[test]
fn the_last_line_tells_of_the_pages() {
    let server = FakeServer::start();
    server.decide_all(|asked| match asked.target.as_str() {
        "/3" => Answer::status(404),
        _ => page("the end"),
    });
    let env = env(&summaries(&server, 65), "");
    let ran = env.run(&["refresh"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(
        ran.out
            .contains("65 new in 1 feed · 59 pages stored, 1 failed, 5 left · "),
        "{}",
        ran.out
    );
}
