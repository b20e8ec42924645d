//! `gazette search`.

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};

fn env() -> TestEnv {
    TestEnv::with_feed_file(&rss(&[
        item(
            "a",
            "Procurement rules",
            "<p>The <b>café</b> tender opens in March.</p>",
        ),
        item(
            "b",
            "Bus lanes",
            "<p>Procurement of buses, by year-end.</p>",
        ),
    ]
    .concat()))
}

#[track_caller]
fn check(env: &TestEnv, words: &[&str], titles: &[&str]) {
    let mut arguments = vec!["search", "--format", "json", "--"];
    arguments.extend_from_slice(words);
    let got: Vec<String> = env
        .json(&arguments)
        .iter()
        .map(|a| a["title"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(got, titles, "{words:?}");
}

#[test]
fn all_words_must_be_there_in_title_or_text() {
    let env = env();
    check(&env, &["procurement"], &["Procurement rules", "Bus lanes"]);
    check(&env, &["procurement tender"], &["Procurement rules"]);
    check(&env, &["PROCUREMENT", "cafe"], &["Procurement rules"]);
    check(&env, &["year-end"], &["Bus lanes"]);
    check(&env, &["strong"], &[]);
    check(&env, &["absent", "procurement"], &[]);
}

#[test]
fn nothing_that_is_typed_is_an_error() {
    let env = env();
    for query in [
        "\"",
        "AND",
        "NEAR(",
        "*",
        "-",
        "title:",
        "a\"b",
        "'; drop table articles",
        "(((",
        "^",
        "\u{0}x",
        "{}",
    ] {
        let ran = env.run(&["search", "--", &query.replace('\u{0}', "")]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{query}");
    }
}
