//! What the fetcher promises a server (asking politely, redirects, what is gone), through the real
//! program: a file a subject.

mod gone;
mod moves;
mod origins;
mod pace;
mod private;
mod retry;
mod validators;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::Value;

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};
use crate::support::server::FakeServer;

/// A feed with one article of this title.
fn feed(title: &str) -> String {
    rss(&item(title, title, "text"))
}

/// A program whose one feed is `/feed` of this server.
fn subscribed(server: &FakeServer) -> TestEnv {
    TestEnv::with_feeds(&[&server.url("/feed")])
}

/// Polls what is due and returns the line of the first feed.
fn refresh(env: &TestEnv) -> Value {
    polled(env, &["refresh", "--format", "json"])
}

/// Polls all feeds, due or not, and returns the line of the first.
fn force(env: &TestEnv) -> Value {
    polled(env, &["refresh", "--force", "--format", "json"])
}

fn polled(env: &TestEnv, arguments: &[&str]) -> Value {
    let ran = env.run(arguments);
    let line = ran.out.lines().next().expect("a line a feed");
    serde_json::from_str(line).expect("JSON")
}

/// Returns in how many seconds a feed says that it is checked next.
fn next_check(line: &Value) -> i64 {
    let next: Timestamp = line["next_check"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("no next check in {line}"));
    next.duration_since(Timestamp::now()).as_secs()
}

/// Checks that the next check is so many seconds away, give or take the time that a test takes.
#[track_caller]
fn check_next(line: &Value, seconds: i64) {
    let next = next_check(line);
    assert!(
        (seconds - 60..=seconds + 1).contains(&next),
        "{next} s, not {seconds}: {line}"
    );
}

/// Lets so much time pass, as the cache sees it.
fn pass(env: &TestEnv, time: SignedDuration) {
    let cache = Connection::open(env.path("data/gazette.db")).expect("the database opens");
    let moved = cache
        .execute(
            "update feeds set last_poll = last_poll - ?1, last_good = last_good - ?1,
                next_poll = next_poll - ?1, not_before = not_before - ?1",
            [time.as_secs()],
        )
        .expect("the clock is moved");
    assert!(moved > 0, "no feed is known yet");
}

/// Checks the values of a header field in the questions that a path was asked.
#[track_caller]
fn check_asked(server: &FakeServer, path: &str, field: &str, expected: &[Option<&str>]) {
    let asked = server.asked_for(path);
    let values = asked.iter().map(|asked| asked.header(field));
    let values: Vec<_> = values
        .map(|value| value.map(String::from_utf8_lossy))
        .collect();
    let values: Vec<_> = values.iter().map(Option::as_deref).collect();
    assert_eq!(values, expected, "{field} at {path}");
}
