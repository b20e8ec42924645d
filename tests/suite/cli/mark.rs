//! `gazette mark`.

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};

fn env() -> TestEnv {
    TestEnv::with_feed_file(&rss(&[item("a", "A", "x"), item("b", "B", "x")].concat()))
}

fn marks(env: &TestEnv) -> Vec<(i64, bool, bool)> {
    let mut marks: Vec<_> = env
        .json(&["list", "--format", "json"])
        .iter()
        .map(|a| {
            (
                a["id"].as_i64().unwrap_or(0),
                a["read"] == true,
                a["starred"] == true,
            )
        })
        .collect();
    marks.sort_unstable();
    marks
}

#[test]
fn marks_are_set_and_taken_away() {
    let env = env();
    env.run(&["mark", "unread", "1", "2"]);
    assert_eq!(
        env.run(&["mark", "read", "1"]).out,
        "1 article marked read\n"
    );
    assert_eq!(
        env.run(&["mark", "star", "2", "2"]).out,
        "1 article starred\n"
    );
    assert_eq!(marks(&env), [(1, true, false), (2, false, true)]);
    env.run(&["mark", "unread", "1"]);
    env.run(&["mark", "unstar", "2"]);
    assert_eq!(marks(&env), [(1, false, false), (2, false, false)]);
}

#[test]
fn unknown_ids_are_named_and_the_known_ones_are_done() {
    let env = env();
    env.run(&["mark", "unread", "1", "2"]);
    let partly = env.run(&["mark", "read", "1", "99"]);
    assert_eq!(partly.code, Some(3));
    assert!(
        partly.err.starts_with("error: no article has the id 99\n"),
        "{}",
        partly.err
    );
    assert!(marks(&env)[0].1);
    assert_eq!(env.run(&["mark", "read", "98", "99"]).code, Some(2));
    assert_eq!(env.run(&["mark", "read"]).code, Some(2));
}

#[test]
fn whole_sections_are_marked() {
    let env = env();
    env.run(&["mark", "unread", "1", "2"]);
    assert_eq!(
        env.run(&[
            "mark",
            "read",
            "--section",
            "News",
            "--before",
            "2009-01-01"
        ])
        .out,
        "0 articles marked read\n"
    );
    assert_eq!(
        env.run(&["mark", "read", "--section", "News"]).out,
        "2 articles marked read\n"
    );
    assert!(marks(&env).iter().all(|mark| mark.1));
    assert_eq!(
        env.run(&["mark", "read", "--section", "Nowhere"]).code,
        Some(2)
    );
}
