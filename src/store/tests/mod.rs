//! The cache's promises, on real files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod comments;
mod damage;
mod files;
mod intake;
mod listing;
mod marking;
mod pages;
mod place;
mod pruning;
mod searching;

use std::ops::ControlFlow;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::*;
use crate::model::article::{ArticleHead, ArticleId, FeedId, StoredText};
use crate::model::feed::{CommentsLink, Pace, Validators};

/// A cache in a folder of its own, and a clock that stands still.
struct Cache {
    dir: TempDir,
    store: Store,
}

impl Cache {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        Self { dir, store }
    }

    fn reader(&self) -> Reader {
        Reader::open(self.dir.path()).unwrap()
    }

    fn feed(&mut self, url: &str) -> FeedId {
        self.store.sync_feeds(&[url]).unwrap()[0].id
    }

    /// Makes a feed that was polled before, so that what comes next is news.
    fn old_feed(&mut self, url: &str) -> FeedId {
        let feed = self.feed(url);
        self.poll(feed, days(-30), &[]);
        feed
    }

    fn poll(&mut self, feed: FeedId, at: Timestamp, articles: &[NewArticle]) -> Recorded {
        self.store.record(&fetched(feed, at, articles)).unwrap()
    }

    fn state(&self, feed: FeedId) -> FeedState {
        let feeds = self.reader().feeds().unwrap();
        feeds.into_iter().find(|state| state.id == feed).unwrap()
    }

    fn list(&self, query: &ListQuery) -> Vec<ArticleHead> {
        list(&self.reader(), query)
    }

    fn all(&self) -> Vec<ArticleHead> {
        self.list(&ListQuery::default())
    }

    fn titles(&self, query: &ListQuery) -> Vec<String> {
        self.list(query)
            .into_iter()
            .map(|head| head.title)
            .collect()
    }

    fn id(&self, title: &str) -> ArticleId {
        self.head(title).id
    }

    fn head(&self, title: &str) -> ArticleHead {
        let mut heads = self.all();
        heads.retain(|head| head.title == title);
        assert_eq!(heads.len(), 1, "articles called {title}");
        heads.remove(0)
    }

    /// Compares every counter with a full scan.
    #[track_caller]
    fn check_counters(&self) {
        let heads = self.all();
        for state in self.reader().feeds().unwrap() {
            let of = |test: fn(&&ArticleHead) -> bool| {
                let heads = heads.iter().filter(|head| head.feed == state.id);
                u32::try_from(heads.filter(test).count()).unwrap()
            };
            assert_eq!(state.articles, of(|_| true), "articles of {}", state.url);
            assert_eq!(
                state.unread,
                of(|head| !head.marks.read),
                "unread of {}",
                state.url
            );
            assert_eq!(
                state.starred,
                of(|head| head.marks.starred),
                "starred of {}",
                state.url
            );
        }
    }
}

fn list(reader: &Reader, query: &ListQuery) -> Vec<ArticleHead> {
    let mut heads = Vec::new();
    let keep = &mut |head| {
        heads.push(head);
        ControlFlow::Continue(())
    };
    reader.list(query, keep).unwrap();
    heads
}

/// Noon on the day of the tests.
fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

fn fetched(feed: FeedId, at: Timestamp, articles: &[NewArticle]) -> Poll {
    Poll {
        feed,
        at,
        status: Some(200),
        next_poll: Some(at + SignedDuration::from_hours(1)),
        not_before: None,
        outcome: PollOutcome::Fetched {
            title: Some("A feed".to_owned()),
            site: None,
            polled_url: "https://example.test/feed".to_owned(),
            validators: Validators::default(),
            validators_url: None,
            pace: Pace::default(),
            body_hash: at.as_second(),
            problems: Vec::new(),
            articles: articles.to_vec(),
        },
    }
}

/// An article whose identity is its title.
fn article(title: &str, published: Option<Timestamp>) -> NewArticle {
    let key = title.bytes().fold(7, |key: i64, byte| {
        key.wrapping_mul(1_000_003).wrapping_add(i64::from(byte))
    });
    NewArticle {
        key,
        other_keys: Vec::new(),
        guid: Some(format!("guid of {title}")),
        title: title.to_owned(),
        permalink: Some(format!("https://example.test/{title}")),
        story: None,
        byline: None,
        published,
        updated: None,
        standfirst: String::new(),
        content_hash: 1,
        comments: CommentsLink::default(),
        enclosures: Vec::new(),
        base: None,
        stored: StoredText::Whole,
        body: pack(&format!("<p>Text of {title}</p>")),
    }
}

/// The same with a permalink that other feeds may carry.
fn in_story(title: &str, story: i64) -> NewArticle {
    NewArticle {
        story: Some(story),
        ..article(title, Some(days(-1)))
    }
}

/// The same with another text.
fn with_text(article: &NewArticle, text: &str, content_hash: i64) -> NewArticle {
    NewArticle {
        body: pack(text),
        content_hash,
        ..article.clone()
    }
}
