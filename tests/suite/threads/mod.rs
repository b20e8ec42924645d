//! Feeds of comments from a real site, from the bytes on, beside what its database holds.

use std::collections::HashMap;
use std::fs;

use gazette::feed::parse;
use gazette::html::plain_text;
use gazette::model::comment::CommentId;
use gazette::model::feed::ParsedFeed;
use gazette::threads::feed::comments;
use serde_json::Value;
use url::Url;

use crate::support::env::corpus;

/// Returns a file of the site; nothing where there is no corpus.
fn saved(name: &str) -> Option<Vec<u8>> {
    Some(fs::read(corpus()?.join("wordpress").join(name)).unwrap())
}

fn parsed(body: &[u8]) -> ParsedFeed {
    let base = Url::parse("https://example.org/2026/11/plan/feed/").unwrap();
    parse(body, None, &base).unwrap().feed
}

/// Returns what the database holds of the comments on a post, by number.
fn held(post: u64) -> HashMap<u64, Value> {
    let truth: Value = serde_json::from_slice(&saved("truth.json").unwrap()).unwrap();
    let posts = truth["posts"].as_array().unwrap();
    let truth = posts.iter().find(|one| one["id"] == post).unwrap();
    let all = truth["comments"].as_array().unwrap().clone();
    all.into_iter()
        .map(|one| (one["id"].as_u64().unwrap(), one))
        .collect()
}

/// Returns words without the controls that no XML may hold; in names blanks may stand for them.
fn bare(text: &str) -> String {
    let is_kept = |c: &char| c.is_whitespace() || !c.is_control();
    let text: String = text.chars().filter(is_kept).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks the comments of a feed; returns how many there are.
#[track_caller]
fn check(name: &str, post: u64) -> Option<usize> {
    let body = saved(name)?;
    let held = held(post);
    let found = comments(&parsed(&body), Some(&format!("http://x/?p={post}")));
    for one in &found {
        let id = one.id.number().unwrap();
        let told = (
            one.parent.as_ref().and_then(CommentId::number).unwrap_or(0),
            bare(&one.author).replace(' ', ""),
            one.published.unwrap().to_string(),
            bare(&plain_text(&one.html)),
        );
        let truth = &held[&id];
        let text = |name: &str| truth[name].as_str().unwrap();
        let expected = (
            truth["db_parent"].as_u64().unwrap(),
            bare(text("author")).replace(' ', ""),
            text("date_gmt").to_owned(),
            bare(text("text")),
        );
        assert_eq!(told, expected, "{name}, {id}");
        assert_eq!(truth["type"], "comment", "{name}, {id}");
        let fragment = format!("#comment-{id}");
        assert!(one.url.as_ref().unwrap().ends_with(&fragment), "{name}");
    }
    Some(found.len())
}

#[test]
fn feeds_have_what_the_database_holds() {
    for (name, post, count) in [
        ("threads", 27, 10),
        ("300", 37, 10),
        ("300-all", 37, 300),
        ("closed", 21, 4),
        ("hostile", 38, 10),
        ("imported", 39, 6),
        ("none", 20, 0),
        ("orphans", 33, 10),
        // Two of the ten are pingbacks.
        ("pingbacks", 34, 8),
    ] {
        for kind in ["", "-atom"] {
            let name = format!("feeds/comments-{name}{kind}.xml");
            match check(&name, post) {
                Some(found) => assert_eq!(found, count, "{name}"),
                None => return,
            }
        }
    }
}

#[test]
fn of_all_comments_of_a_site_those_of_one_post_are_taken() {
    let Some(body) = saved("feeds/comments-site.xml") else {
        return;
    };
    let feed = parsed(&body);
    let all = comments(&feed, None).len();
    let of = |post: u64| comments(&feed, Some(&format!("https://old.example/?p={post}"))).len();
    assert_eq!(all, 10);
    let each: Vec<usize> = (7..=46).map(of).collect();
    assert_eq!(each.iter().sum::<usize>(), all);
    assert!(each.iter().all(|count| *count < all));
}
