//! Comments as the command line has them: read in the way that works at a site, kept, and written.

mod keeping;
mod odd;
mod reading;
mod saved;
mod waiting;
mod writing;

use gazette::model::comment::{DraftId, DraftState, Words};
use gazette::store::Store;
use jiff::Timestamp;
use serde_json::Value;

use crate::support::env::{Ran, TestEnv};
use crate::support::wordpress::{Comment, FakeWordPress, Post};

/// Who has a comment of the reader's own that a site shows: what this one writes is published at once.
const KNOWN: &str = "[comments]\nname = \"Runa\"\nemail = \"runa@isles.example\"\n";

/// Whom no site knows.
const STRANGER: &str = "[comments]\nname = \"Tuva\"\nemail = \"tuva@isles.example\"\n";

/// A site with a post of three comments, in two threads, and one without any.
fn site() -> FakeWordPress {
    let site = FakeWordPress::start();
    site.add(Post::new(7, "ferry").with([
        Comment::new(11, "Runa", "When does it leave?"),
        Comment::new(12, "Bo", "At nine.").reply_to(11),
        Comment::new(13, "Hafsa", "Is there a map?"),
    ]));
    site.add(Post::new(8, "quay"));
    site
}

/// Returns the number of the article with this slug.
#[track_caller]
fn article(env: &TestEnv, slug: &str) -> String {
    let listed = env.json(&["list", "--format", "json"]);
    let title = format!("News of the {slug}");
    let found = listed.iter().find(|one| one["title"] == title.as_str());
    found.expect("an article")["id"].to_string()
}

/// Returns the comments of an article as the command prints them.
#[track_caller]
fn read(env: &TestEnv, slug: &str, more: &[&str]) -> Vec<Value> {
    let id = article(env, slug);
    env.json(&[&["comments", &id, "--format", "json"], more].concat())
}

/// Returns the numbers of comments, each with its parent's (0 without one) and its depth.
fn tree(comments: &[Value]) -> Vec<(u64, u64, u64)> {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    (comments.iter())
        .map(|one| {
            (
                number(&one["id"]),
                number(&one["parent"]),
                number(&one["depth"]),
            )
        })
        .collect()
}

/// Returns the numbers of comments.
fn ids(comments: &[Value]) -> Vec<u64> {
    tree(comments).into_iter().map(|(id, ..)| id).collect()
}

/// Sends a comment; returns how the program ended and what it printed.
#[track_caller]
fn post(env: &TestEnv, slug: &str, text: &str, more: &[&str]) -> (Ran, Value) {
    env.write("comment.txt", text);
    let id = article(env, slug);
    let arguments = ["comments", &id, "--post", "comment.txt", "--format", "json"];
    let ran = env.run(&[&arguments, more].concat());
    let told = serde_json::from_str(&ran.out).unwrap_or(Value::Null);
    (ran, told)
}

/// Returns what the command prints of an article's comments for people.
#[track_caller]
fn printed(env: &TestEnv, slug: &str) -> String {
    let ran = env.run(&["--offline", "comments", &article(env, slug)]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    ran.out
}

/// Keeps a comment that may be sent, as the screen does after `y` while the site can't be reached.
fn release(env: &TestEnv, slug: &str, text: &str) -> DraftId {
    let article = gazette::model::article::ArticleId(article(env, slug).parse().unwrap());
    let words = Words {
        name: "Runa".to_owned(),
        email: "runa@isles.example".to_owned(),
        text: text.to_owned(),
    };
    let mut store = Store::open(env.path("data").as_path()).unwrap();
    let now = Timestamp::now();
    let id = store.keep_draft(None, article, None, &words, now).unwrap();
    let id = id.expect("a draft");
    let is_kept = store.change_draft(id, &DraftState::Waiting, now, |_| true);
    assert!(is_kept.unwrap());
    id
}

/// Returns what a refresh says of comments, if it says anything.
#[track_caller]
fn refresh(env: &TestEnv, more: &[&str]) -> Option<Value> {
    let told = env.json(&[&["refresh", "--format", "json"], more].concat());
    let found = told.iter().find_map(|line| line.get("comments"));
    found.cloned()
}
