//! How long the cache takes: storing, indexing, listing, opening, searching, marking.
//!
//! The texts are made up: words of a language of its own, as frequent as words are in English.
//! `cargo bench --bench store`, with a filter behind `--`.

#![allow(clippy::expect_used, missing_docs)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use gazette::config::{self, Config};
use gazette::model::article::{ArticleHead, ArticleId, FeedId, Mark, StoredText};
use gazette::model::document::Spot;
use gazette::model::feed::{CommentsLink, Pace, Validators};
use gazette::search;
use gazette::services::reading;
use gazette::services::rows::{self, Filter, ListOf, Row, RowsQuery, Sort};
use gazette::services::subscriptions::Subscriptions;
use gazette::store::{
    Indexing, Is, ListQuery, NewArticle, Poll, PollOutcome, Reader, Scope, Store, pack,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

const FEEDS: usize = 400;
const SECTIONS: usize = 8;

fn main() {
    divan::main();
}

/// 400 feeds of 100 articles, as a first refresh stores them.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn store_400_feeds_of_100(bencher: Bencher) {
    let polls = LazyLock::new(|| polls(100));
    bencher
        .counter(ItemsCount::new(FEEDS * 100))
        .with_inputs(empty)
        .bench_local_values(|(dir, mut store)| {
            for poll in polls.iter() {
                store.record(poll).expect("stored");
            }
            (dir, store)
        });
}

/// The same again, when no article is new.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn store_400_feeds_of_100_again(bencher: Bencher) {
    let polls = polls(100);
    let (_dir, mut store) = empty();
    for poll in &polls {
        store.record(poll).expect("stored");
    }
    bencher
        .counter(ItemsCount::new(FEEDS * 100))
        .bench_local(|| {
            for poll in &polls {
                store.record(poll).expect("stored");
            }
        });
}

/// The wait for the disk after a refresh.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn make_400_feeds_of_100_durable(bencher: Bencher) {
    let polls = polls(100);
    bencher
        .with_inputs(|| {
            let (dir, mut store) = empty();
            for poll in &polls {
                store.record(poll).expect("stored");
            }
            (dir, store)
        })
        .bench_local_values(|(dir, mut store)| {
            store.make_durable().expect("saved");
            (dir, store)
        });
}

/// The search index of 400 feeds of 100 articles.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn index_40000_articles(bencher: Bencher) {
    let polls = polls(100);
    bencher
        .counter(ItemsCount::new(FEEDS * 100))
        .with_inputs(|| {
            let (dir, mut store) = empty();
            for poll in &polls {
                store.record(poll).expect("stored");
            }
            (dir, store)
        })
        .bench_local_values(|(dir, mut store)| {
            while store.index_some(plain_text).expect("indexed") != Indexing::Done {}
            (dir, store)
        });
}

/// Packing one text.
#[divan::bench]
fn pack_a_text(bencher: Bencher) {
    let mut words = Words(7);
    let html = words.html();
    bencher.bench(|| pack(&html));
}

/// A cache of 400 feeds of 250 articles: 100,000, all indexed.
static LARGE: LazyLock<TempDir> = LazyLock::new(|| {
    let (dir, mut store) = empty();
    for poll in polls(250) {
        store.record(&poll).expect("stored");
    }
    while store.index_some(plain_text).expect("indexed") != Indexing::Done {}
    dir
});

#[divan::bench]
fn open(bencher: Bencher) {
    let dir = LARGE.path();
    bencher.bench_local(|| Reader::open(dir));
}

#[divan::bench]
fn newest_500_of_50_feeds(bencher: Bencher) {
    let section = (1..=400).step_by(8).map(FeedId).collect();
    list(bencher, &query(Scope::Feeds(section), Is::Either));
}

#[divan::bench]
fn newest_500_unread_of_50_feeds(bencher: Bencher) {
    let section = (1..=400).step_by(8).map(FeedId).collect();
    list(bencher, &query(Scope::Feeds(section), Is::Unset));
}

#[divan::bench]
fn newest_500_of_all(bencher: Bencher) {
    list(bencher, &query(Scope::All, Is::Either));
}

#[divan::bench]
fn starred_of_all_where_none_is(bencher: Bencher) {
    let starred = ListQuery {
        starred: Is::Set,
        ..query(Scope::All, Is::Either)
    };
    list(bencher, &starred);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn all_100000(bencher: Bencher) {
    let all = ListQuery {
        limit: None,
        ..query(Scope::All, Is::Either)
    };
    list(bencher, &all);
}

#[divan::bench]
fn article(bencher: Bencher) {
    let reader = Reader::open(LARGE.path()).expect("opened");
    let mut number = 0;
    bencher.bench_local(|| {
        number = (number + 7919) % 100_000;
        reader.article(ArticleId(number + 1))
    });
}

#[divan::bench]
fn feeds(bencher: Bencher) {
    let reader = Reader::open(LARGE.path()).expect("opened");
    bencher.bench_local(|| reader.feeds());
}

/// Words by how frequent they are.
#[divan::bench(args = ["w0", "w10", "w100", "w1000", "w10000", "w10 w100", "w3-w5"], sample_size = 1, sample_count = 20)]
fn search_50(bencher: Bencher, text: &str) {
    let reader = Reader::open(LARGE.path()).expect("opened");
    let query = search::parse(text);
    bencher.bench_local(|| {
        let mut heads = Vec::new();
        reader
            .search(&query, plain_text, Some(50), &mut keep(&mut heads))
            .expect("searched");
        heads
    });
}

/// The first rows of a section of 50 feeds, 5,000 articles.
#[divan::bench(args = [Filter::All, Filter::Unread, Filter::Changed])]
fn first_chunk_of_5000(bencher: Bencher, filter: Filter) {
    let screen = Screen::new();
    bencher.bench_local(|| screen.rows(ListOf::Section(0), filter, Chunks::First));
}

#[divan::bench(args = [Filter::All, Filter::Unread, Filter::Changed])]
fn whole_section_of_5000(bencher: Bencher, filter: Filter) {
    let screen = Screen::new();
    bencher.bench_local(|| screen.rows(ListOf::Section(0), filter, Chunks::All));
}

#[divan::bench]
fn first_chunk_of_today(bencher: Bencher) {
    let screen = Screen::new();
    bencher.bench_local(|| screen.rows(ListOf::Today, Filter::All, Chunks::First));
}

#[divan::bench]
fn starred_200_of_40000(bencher: Bencher) {
    let screen = Screen::new();
    bencher.bench_local(|| screen.rows(ListOf::Starred, Filter::All, Chunks::All));
}

/// 40,000 articles in 400 feeds and 8 sections; one in ten is a story of two feeds.
#[divan::bench]
fn tallies_of_40000(bencher: Bencher) {
    let screen = Screen::new();
    bencher.bench_local(|| {
        rows::tallies(
            &screen.reader,
            &screen.config,
            &screen.feeds,
            now() - SignedDuration::from_hours(12),
            now(),
        )
    });
}

/// After 1,000 new articles.
#[divan::bench]
fn arrived_1000(bencher: Bencher) {
    let screen = Screen::new();
    let query = rows_query(ListOf::Section(0), Filter::All);
    bencher.bench_local(|| {
        rows::arrived(
            &screen.reader,
            &screen.config,
            &screen.feeds,
            &query,
            ArticleId(39_000),
        )
    });
}

#[divan::bench]
fn subscriptions(bencher: Bencher) {
    let screen = Screen::new();
    bencher.bench_local(|| Subscriptions::load(&screen.config, &screen.reader));
}

#[divan::bench]
fn data_version(bencher: Bencher) {
    let screen = Screen::new();
    bencher.bench_local(|| screen.reader.data_version());
}

#[divan::bench]
fn opened(bencher: Bencher) {
    let screen = Screen::new();
    let mut number = 0;
    bencher.bench_local(|| {
        number = (number + 7919) % 40_000;
        reading::opened(&screen.reader, &screen.feeds, ArticleId(number + 1))
    });
}

#[divan::bench]
fn keep_place(bencher: Bencher) {
    let mut store = Store::open(SHARING.path()).expect("opened");
    let mut block = 0;
    bencher.bench_local(|| {
        block += 1;
        let spot = Spot { block, offset: 3 };
        store.keep_place(&[(ArticleId(7), spot)], Some("a text of the screen"))
    });
}

/// A mark, on the disk.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn mark(bencher: Bencher) {
    let mut store = Store::open(LARGE.path()).expect("opened");
    let mut number = 0;
    bencher.bench_local(|| {
        number = (number + 7919) % 100_000;
        store.mark(&[ArticleId(number + 1)], Mark::Read)
    });
}

/// A cache of 400 feeds of 100 articles, where one story in ten is also in another feed of the
/// section; half are read, and 200 starred.
static SHARING: LazyLock<TempDir> = LazyLock::new(|| {
    let (dir, mut store) = empty();
    let mut earlier: Vec<Vec<Option<i64>>> = Vec::new();
    for mut poll in polls(100) {
        let PollOutcome::Fetched { articles, .. } = &mut poll.outcome else {
            continue;
        };
        if let Some(stories) = earlier.iter().nth_back(SECTIONS - 1) {
            // Every tenth article, and one between that has its own story.
            let others = articles
                .iter_mut()
                .step_by(10)
                .zip(stories.iter().skip(5).step_by(10));
            for (article, story) in others {
                article.story = *story;
            }
        }
        earlier.push(articles.iter().map(|article| article.story).collect());
        store.record(&poll).expect("stored");
    }
    let ids = |step| -> Vec<ArticleId> { (1..=40_000).step_by(step).map(ArticleId).collect() };
    store.mark(&ids(2), Mark::Read).expect("marked");
    store.mark(&ids(200), Mark::Star).expect("marked");
    dir
});

#[derive(Clone, Copy)]
enum Chunks {
    First,
    All,
}

/// What the screen asks with.
struct Screen {
    config: Config,
    reader: Reader,
    feeds: Subscriptions,
}

impl Screen {
    fn new() -> Self {
        use std::fmt::Write;
        let mut text = String::new();
        for section in 0..SECTIONS {
            write!(text, "[[sections]]\nname = \"Section {section}\"\n").expect("a string");
            for feed in (section..FEEDS).step_by(SECTIONS) {
                let url = format!("https://host{feed}.example/feed.xml");
                write!(text, "[[sections.feeds]]\nurl = \"{url}\"\n").expect("a string");
            }
        }
        let config = config::parse(&text, Path::new("config.toml")).expect("a configuration");
        let reader = Reader::open(SHARING.path()).expect("opened");
        let feeds = Subscriptions::load(&config, &reader).expect("loaded");
        Self {
            config,
            reader,
            feeds,
        }
    }

    fn rows(&self, of: ListOf, filter: Filter, chunks: Chunks) -> Vec<Row> {
        let query = rows_query(of, filter);
        let mut all = Vec::new();
        let keep = &mut |chunk| {
            all.extend(chunk);
            match chunks {
                Chunks::First => ControlFlow::Break(()),
                Chunks::All => ControlFlow::Continue(()),
            }
        };
        rows::rows(&self.reader, &self.config, &self.feeds, &query, keep).expect("listed");
        all
    }
}

fn rows_query(of: ListOf, filter: Filter) -> RowsQuery {
    RowsQuery {
        of,
        filter,
        sort: Sort::Newest,
        today: now() - SignedDuration::from_hours(12),
        now: now(),
    }
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a time")
}

fn empty() -> (TempDir, Store) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut store = Store::open(dir.path()).expect("opened");
    let urls: Vec<String> = (0..FEEDS)
        .map(|feed| format!("https://host{feed}.example/feed.xml"))
        .collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    store.sync_feeds(&urls).expect("known");
    (dir, store)
}

fn query(scope: Scope, read: Is) -> ListQuery {
    ListQuery {
        scope,
        read,
        limit: Some(500),
        ..ListQuery::default()
    }
}

fn list(bencher: Bencher, query: &ListQuery) {
    let reader = Reader::open(LARGE.path()).expect("opened");
    bencher.bench_local(|| {
        let mut heads = Vec::new();
        reader.list(query, &mut keep(&mut heads)).expect("listed");
        heads
    });
}

fn keep(heads: &mut Vec<ArticleHead>) -> impl FnMut(ArticleHead) -> ControlFlow<()> {
    |head| {
        heads.push(head);
        ControlFlow::Continue(())
    }
}

/// Takes the tags away.
fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    text
}

/// One poll of each feed, with articles an hour apart.
fn polls(articles: usize) -> Vec<Poll> {
    let at = now();
    let mut words = Words(1);
    (0..FEEDS)
        .map(|feed| Poll {
            feed: FeedId(i64::try_from(feed).expect("small") + 1),
            at,
            status: Some(200),
            next_poll: Some(at + SignedDuration::from_hours(1)),
            not_before: None,
            outcome: PollOutcome::Fetched {
                title: Some(words.sentence(3)),
                site: Some(format!("https://host{feed}.example/")),
                polled_url: format!("https://host{feed}.example/feed.xml"),
                validators: Validators::default(),
                validators_url: None,
                pace: Pace::default(),
                body_hash: 1,
                problems: Vec::new(),
                articles: (0..articles)
                    .map(|number| words.article(feed, number, at))
                    .collect(),
            },
        })
        .collect()
}

/// A source of made-up words.
struct Words(u64);

impl Words {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// Adds a word: the more frequent, the lower its number.
    fn word(&mut self, out: &mut String) {
        use std::fmt::Write;
        #[expect(clippy::cast_precision_loss, reason = "a number below 2^31")]
        let chance = (self.next() as f64 + 1.0) / (f64::from(1_u32 << 31) + 2.0);
        // Zipf: the logarithm of the rank is spread evenly.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below 40,000"
        )]
        let rank = 40_000_f64.powf(chance) as u64 - 1;
        write!(out, "w{rank}").expect("a string takes all");
    }

    fn sentence(&mut self, words: usize) -> String {
        let mut out = String::new();
        for _ in 0..words {
            if !out.is_empty() {
                out.push(' ');
            }
            self.word(&mut out);
        }
        out
    }

    /// About 3.5 KB.
    fn html(&mut self) -> String {
        let mut out = String::new();
        while out.len() < 3400 {
            out.push_str("<p class=\"govuk-body\">");
            for _ in 0..40 {
                self.word(&mut out);
                out.push(' ');
            }
            out.push_str("</p>\n");
        }
        out
    }

    fn article(&mut self, feed: usize, number: usize, now: Timestamp) -> NewArticle {
        let html = self.html();
        let hours = i64::try_from(number * 3 + feed % 3).expect("small");
        NewArticle {
            key: self.next().cast_signed(),
            other_keys: Vec::new(),
            guid: Some(format!("tag:host{feed}.example,2026:{number}")),
            title: self.sentence(9),
            permalink: Some(format!(
                "https://host{feed}.example/news/2026/article-{number}"
            )),
            story: Some(self.next().cast_signed()),
            byline: Some(self.sentence(2)),
            published: Some(now - SignedDuration::from_hours(hours)),
            updated: None,
            standfirst: self.sentence(30),
            content_hash: self.next().cast_signed(),
            comments: CommentsLink::default(),
            enclosures: Vec::new(),
            base: Some(format!("https://host{feed}.example/")),
            stored: StoredText::Whole,
            body: pack(&html),
        }
    }
}
