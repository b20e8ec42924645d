//! Whole articles: which pages a refresh asks for, what becomes of them, and what is shown then.

mod again;
mod ahead;
mod apart;
mod govuk;
mod proxy;
mod resume;
mod worse;

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};
use crate::support::server::{Answer, FakeServer};

/// What every page of these tests says.
const SENTENCE: &str = "Departments that build their own sign-in, payment or notice service will \
                        have to explain why, under a plan laid before Parliament this morning.";

/// A page with a whole article, whose last words are these.
fn page(last: &str) -> Answer {
    Answer::ok(format!(
        "<html><head><title>A plan</title></head><body><nav><a href=/>Home</a></nav><article>\
         <h1>A plan</h1><p>{SENTENCE} {SENTENCE}</p><ol start=3><li>{SENTENCE}</li>\
         <li>And these are {last}.</li></ol></article></body></html>"
    ))
    .header("content-type", "text/html; charset=utf-8")
}

/// A feed with so many summaries, the newest first, whose pages are on the server.
fn summaries(server: &FakeServer, count: usize) -> String {
    let items = (0..count).map(|n| summary(&server.url(&format!("/{n}")), n));
    rss(&items.collect::<String>())
}

/// An article of which the feed has a summary alone.
fn summary(address: &str, n: usize) -> String {
    let day = format!(
        "{:02} {} 2009",
        28 - n % 28,
        ["Mar", "Feb", "Jan"][n / 28 % 3]
    );
    item(
        &format!("g{n}"),
        &format!("A plan, part {n}"),
        "Departments will have to explain why, under a plan laid this morning…",
    )
    .replace(&format!("https://policy.example/g{n}"), address)
    .replace("Tue, 24 Nov 2026", &day)
}

/// A folder whose one feed, in a file, has this text; nothing was refreshed yet.
fn env(feed: &str, settings: &str) -> TestEnv {
    let env = TestEnv::new();
    env.write("feed.xml", feed);
    env.configure(&format!(
        "{settings}\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    env
}

/// Refreshes; returns what is said of the pages, if anything is.
#[track_caller]
fn refresh(env: &TestEnv, arguments: &[&str]) -> Option<serde_json::Value> {
    let ran = env.run(&[&["refresh", "--format", "json"], arguments].concat());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let lines: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told = lines.iter().position(|line| line.get("prefetch").is_some());
    if let Some(at) = told {
        assert_eq!(at + 2, lines.len(), "before the summary: {}", ran.out);
    }
    told.map(|at| lines[at]["prefetch"].clone())
}

/// Returns an article by its title.
#[track_caller]
fn article(env: &TestEnv, title: &str) -> serde_json::Value {
    let all = env.json(&["list", "--format", "json"]);
    let found = all.iter().find(|article| article["title"] == title);
    let id = found.unwrap_or_else(|| panic!("{title} in {all:?}"))["id"].to_string();
    env.json(&["show", &id, "--format", "json"]).remove(0)
}
