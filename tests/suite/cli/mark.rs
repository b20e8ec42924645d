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

#[test]
fn of_marks_that_an_error_cut_short_those_that_are_stored_are_told() {
    let items: String = (0..700).map(|n| item(&n.to_string(), "A", "x")).collect();
    let env = TestEnv::with_feed_file(&rss(&items));
    assert_eq!(
        env.run(&["mark", "unread", "--section", "News"]).code,
        Some(0)
    );
    let cache = rusqlite::Connection::open(env.path("data/gazette.db")).unwrap();
    cache
        .execute_batch(
            "create trigger no before insert on marks when new.article_id = 650
             begin select raise(abort, 'refused'); end",
        )
        .unwrap();
    drop(cache);
    let ids: Vec<String> = (1..=700).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let starred = |env: &TestEnv| env.json(&["list", "--starred", "--format", "json"]).len();
    for arguments in [
        &[&["mark", "star"], &ids[..]].concat()[..],
        &["mark", "star", "--section", "News"],
    ] {
        let ran = env.run(arguments);
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        assert_eq!(ran.out, format!("{} articles starred\n", starred(&env)));
        assert_eq!(starred(&env), 500);
        assert!(ran.err.contains("refused"), "{}", ran.err);
        assert_eq!(
            env.run(&["mark", "unstar", "--section", "News"]).code,
            Some(0)
        );
    }
    let ran = env.run(&["mark", "star", "650"]);
    assert_eq!((ran.code, &*ran.out), (Some(1), ""), "nothing is stored");
}
