//! What real sites answer, beside the truth that their database holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods
)]

mod answer;
mod feeds;
mod form;
mod forum;
mod garbage;
mod interface;
mod pages;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::html;
use crate::model::comment::{Comment, CommentId, Threaded};

/// Returns a file of the corpus; nothing, and says so, where there is no corpus.
fn saved(name: &str) -> Option<Vec<u8>> {
    let corpus = std::env::var("GAZETTE_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus").to_owned());
    let folder = PathBuf::from(corpus).join("wordpress");
    if !folder.exists() {
        eprintln!("skipped: no corpus beside the repository");
        return None;
    }
    Some(fs::read(folder.join(name)).unwrap())
}

/// Returns what the database holds of a post.
fn truth(post: u64) -> Option<Value> {
    let truth: Value = serde_json::from_slice(&saved("truth.json")?).unwrap();
    let posts = truth["posts"].as_array().unwrap();
    Some(posts.iter().find(|one| one["id"] == post).unwrap().clone())
}

/// Returns text without regard to blanks and controls.
fn words(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Compares a thread with the truth about a post: order, depth, parents, authors, times and texts.
#[track_caller]
fn compare(post: u64, laid: &[Threaded]) {
    let truth = truth(post).unwrap();
    let expected = truth["comments"].as_array().unwrap();
    let line = |one: &Threaded| {
        let told: &Comment = &one.comment;
        (
            told.id.number().unwrap(),
            u64::from(one.depth),
            told.parent
                .as_ref()
                .and_then(CommentId::number)
                .unwrap_or(0),
            words(&told.author),
            told.published.unwrap().to_string(),
            words(&html::plain_text(&told.html)),
        )
    };
    let expected: Vec<_> = expected
        .iter()
        .filter(|one| one["type"] == "comment")
        .map(|one| {
            (
                one["id"].as_u64().unwrap(),
                one["depth"].as_u64().unwrap(),
                one["db_parent"].as_u64().unwrap(),
                words(one["author"].as_str().unwrap()),
                one["date_gmt"].as_str().unwrap().to_owned(),
                words(one["text"].as_str().unwrap()),
            )
        })
        .collect();
    let laid: Vec<_> = laid.iter().map(line).collect();
    assert_eq!(laid, expected, "post {post}");
}
