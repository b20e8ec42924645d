use std::collections::HashSet;
use std::path::Path;

use jiff::SignedDuration;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::config;
use crate::model::article::{ArticleHead, Mark, PageFacts, StoredText};
use crate::model::document::Spot;
use crate::model::feed::{CommentsLink, Pace, Validators};
use crate::services::reading;
use crate::store::{ListQuery, NewArticle, NewPage, Poll, PollOutcome, Store, pack};

/// Feed `b` stands in both sections, `d` in none.
const CONFIG: &str = r#"
[[sections]]
name = "One"
feeds = [
    { url = "https://a.example/", title = "zebra" },
    { url = "https://b.example/", title = "Long name of b", short = "Bee" },
]
[[sections]]
name = "Two"
feeds = [
    { url = "https://b.example/" },
    { url = "https://c.example/", title = "ant" },
]
"#;

const A: usize = 0;
const B: usize = 1;
const C: usize = 2;
const D: usize = 3;

const ONE: ListOf = ListOf::Section(0);
const TWO: ListOf = ListOf::Section(1);

/// A cache with four feeds that were polled before, and a clock that stands still.
struct Desk {
    _dir: TempDir,
    store: Store,
    reader: Reader,
    config: Config,
    feeds: Vec<FeedId>,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let urls = ["a", "b", "c", "d"].map(|name| format!("https://{name}.example/"));
        let states = store.sync_feeds(&urls.each_ref().map(String::as_str));
        let mut desk = Self {
            feeds: states.unwrap().iter().map(|state| state.id).collect(),
            config: config::parse(CONFIG, Path::new("config.toml")).unwrap(),
            reader: Reader::open(dir.path()).unwrap(),
            _dir: dir,
            store,
        };
        for feed in [A, B, C, D] {
            desk.poll_at(feed, hours(-24 * 30), &[]);
        }
        desk
    }

    fn poll(&mut self, feed: usize, articles: &[NewArticle]) {
        self.poll_at(feed, now(), articles);
    }

    fn poll_at(&mut self, feed: usize, at: Timestamp, articles: &[NewArticle]) {
        let outcome = PollOutcome::Fetched {
            title: Some(format!("feed {feed}")),
            site: None,
            polled_url: "https://example.test/feed".to_owned(),
            validators: Validators::default(),
            validators_url: None,
            pace: Pace::default(),
            body_hash: 1,
            problems: Vec::new(),
            articles: articles.to_vec(),
        };
        self.record(feed, at, Some(at + SignedDuration::from_hours(1)), outcome);
    }

    fn record(&mut self, feed: usize, at: Timestamp, next: Option<Timestamp>, is: PollOutcome) {
        let poll = Poll {
            feed: self.feeds[feed],
            at,
            status: None,
            next_poll: next,
            not_before: None,
            outcome: is,
        };
        self.store.record(&poll).unwrap();
    }

    fn subscriptions(&self) -> Subscriptions {
        Subscriptions::load(&self.config, &self.reader).unwrap()
    }

    fn chunks(&self, query: &RowsQuery) -> Vec<Vec<Row>> {
        let mut chunks = Vec::new();
        let keep = &mut |chunk| {
            chunks.push(chunk);
            ControlFlow::Continue(())
        };
        rows(
            &self.reader,
            &self.config,
            &self.subscriptions(),
            query,
            keep,
        )
        .unwrap();
        chunks
    }

    fn rows(&self, of: ListOf, filter: Filter) -> Vec<Row> {
        self.chunks(&query(of, filter, Sort::Newest)).concat()
    }

    fn titles(&self, of: ListOf, filter: Filter) -> Vec<String> {
        titles(&self.rows(of, filter))
    }

    fn arrived(&self, of: ListOf, filter: Filter, after: ArticleId) -> u32 {
        let query = query(of, filter, Sort::Newest);
        arrived(
            &self.reader,
            &self.config,
            &self.subscriptions(),
            &query,
            after,
        )
        .unwrap()
    }

    fn newest(&self) -> ArticleId {
        newest_id(&self.reader).unwrap()
    }

    fn tallies(&self) -> Tallies {
        tallies(
            &self.reader,
            &self.config,
            &self.subscriptions(),
            today(),
            now(),
        )
        .unwrap()
    }

    fn heads(&self) -> Vec<ArticleHead> {
        let mut heads = Vec::new();
        let keep = &mut |head| {
            heads.push(head);
            ControlFlow::Continue(())
        };
        self.reader.list(&ListQuery::default(), keep).unwrap();
        heads
    }

    fn id(&self, title: &str) -> ArticleId {
        let heads = self.heads();
        heads.iter().find(|head| head.title == title).unwrap().id
    }

    fn mark(&mut self, title: &str, mark: Mark) {
        let id = self.id(title);
        self.store.mark(&[id], mark).unwrap();
    }
}

fn query(of: ListOf, filter: Filter, sort: Sort) -> RowsQuery {
    RowsQuery {
        of,
        filter,
        sort,
        today: today(),
        now: now(),
    }
}

fn titles(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.title.clone()).collect()
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn today() -> Timestamp {
    hours(-12)
}

fn hours(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

/// An article whose identity is its title.
fn article(title: &str, published: Timestamp) -> NewArticle {
    NewArticle {
        key: title.bytes().fold(7, |key: i64, byte| {
            key.wrapping_mul(1_000_003).wrapping_add(i64::from(byte))
        }),
        other_keys: Vec::new(),
        guid: None,
        title: title.to_owned(),
        permalink: None,
        story: None,
        byline: None,
        published: Some(published),
        updated: None,
        standfirst: String::new(),
        content_hash: 1,
        comments: CommentsLink::default(),
        enclosures: Vec::new(),
        base: None,
        stored: StoredText::Whole,
        body: pack("<p>Text</p>"),
    }
}

/// The same with a permalink that other feeds may carry.
fn in_story(title: &str, published: Timestamp, story: i64) -> NewArticle {
    NewArticle {
        story: Some(story),
        permalink: Some(story.to_string()),
        ..article(title, published)
    }
}

/// One story in `a`, `b` and `d`, the newest in `a`, beside another article in each.
fn one_story_in_three_feeds() -> Desk {
    let mut desk = Desk::new();
    desk.poll(
        A,
        &[in_story("in a", hours(-1), 5), article("a", hours(-4))],
    );
    desk.poll(
        B,
        &[in_story("in b", hours(-2), 5), article("b", hours(-5))],
    );
    desk.poll(C, &[article("c", hours(-30))]);
    desk.poll(D, &[in_story("in d", hours(0), 5), article("d", hours(-6))]);
    desk
}

#[test]
fn a_story_is_one_row_and_names_the_other_listed_feeds() {
    let desk = one_story_in_three_feeds();
    let (a, b) = (desk.feeds[A], desk.feeds[B]);
    let check = |of, expected: &[&str], also: &[FeedId]| {
        let rows = desk.rows(of, Filter::All);
        assert_eq!(titles(&rows), expected, "{of:?}");
        assert_eq!(rows[0].also, also, "{of:?}");
    };
    check(ONE, &["in a", "a", "b"], &[b]);
    check(TWO, &["in b", "b", "c"], &[a]);
    check(ListOf::Today, &["in a", "a", "b"], &[b]);
    check(
        ListOf::Feed {
            section: 1,
            feed: 0,
        },
        &["in b", "b"],
        &[a],
    );
}

#[test]
fn a_permalink_on_two_articles_of_a_feed_folds_nothing() {
    let mut desk = one_story_in_three_feeds();
    desk.poll(B, &[in_story("again in b", hours(-3), 5)]);
    let rows = desk.rows(ONE, Filter::All);
    assert_eq!(titles(&rows), ["in a", "in b", "again in b", "a", "b"]);
    assert!(rows.iter().all(|row| row.also.is_empty()));
    // It takes another permalink, so the story is one again.
    desk.poll(B, &[in_story("again in b", hours(-3), 6)]);
    assert_eq!(
        desk.titles(ONE, Filter::All),
        ["in a", "again in b", "a", "b"]
    );
}

#[test]
fn an_article_that_takes_the_permalink_of_another_joins_its_story() {
    let mut desk = Desk::new();
    desk.poll(A, &[in_story("in a", hours(-1), 5)]);
    desk.poll(B, &[article("in b", hours(-2))]);
    assert_eq!(desk.titles(ONE, Filter::All), ["in a", "in b"]);
    desk.poll(B, &[in_story("in b", hours(-2), 5)]);
    assert_eq!(desk.titles(ONE, Filter::All), ["in a"]);
    assert_eq!(desk.tallies().sections[0].own.articles, 1);
}

#[test]
fn starred_ones_come_from_all_feeds_and_are_rows_once() {
    let mut desk = one_story_in_three_feeds();
    desk.mark("in b", Mark::Star);
    desk.mark("d", Mark::Star);
    desk.mark("c", Mark::Star);
    let rows = desk.rows(ListOf::Starred, Filter::All);
    assert_eq!(titles(&rows), ["in d", "d", "c"]);
    assert_eq!(rows[0].also, [desk.feeds[A], desk.feeds[B]]);
    assert_eq!(desk.titles(ListOf::Starred, Filter::Today), ["in d", "d"]);
    desk.mark("in a", Mark::Read);
    assert_eq!(desk.titles(ListOf::Starred, Filter::Unread), ["d", "c"]);
}

#[test]
fn filters_look_at_the_row_that_stands() {
    let mut desk = one_story_in_three_feeds();
    let summary = NewArticle {
        stored: StoredText::Summary,
        ..article("summary", hours(-40))
    };
    desk.poll(B, &[summary]);
    desk.mark("in a", Mark::Read);
    desk.mark("a", Mark::Read);
    desk.mark("b", Mark::Star);
    let changed = NewArticle {
        content_hash: 2,
        ..article("a", hours(-4))
    };
    desk.poll(A, &[changed]);
    let check = |filter, expected: &[&str]| {
        assert_eq!(desk.titles(ONE, filter), expected, "{filter:?}");
    };
    check(Filter::All, &["in a", "a", "b", "summary"]);
    check(Filter::Unread, &["b", "summary"]);
    check(Filter::Starred, &["b"]);
    check(Filter::Today, &["in a", "a", "b"]);
    check(Filter::Changed, &["a"]);
    check(Filter::Whole, &["in a", "a", "b"]);
}

#[test]
fn rows_are_sorted_as_asked() {
    let mut desk = Desk::new();
    desk.poll(A, &[article("One", hours(-1)), article("", hours(-4))]);
    desk.poll(B, &[article("two", hours(-2)), article("Élan", hours(-5))]);
    let check = |sort, expected: &[&str]| {
        let chunks = desk.chunks(&query(ONE, Filter::All, sort));
        assert_eq!(titles(&chunks.concat()), expected, "{sort:?}");
    };
    check(Sort::Newest, &["One", "two", "", "Élan"]);
    check(Sort::Oldest, &["Élan", "", "two", "One"]);
    check(Sort::Source, &["two", "Élan", "One", ""]);
    check(Sort::Title, &["", "One", "two", "Élan"]);
}

#[test]
fn the_first_chunk_is_short_and_the_order_goes_on_behind_it() {
    let mut desk = Desk::new();
    for (feed, name) in [(A, "a"), (B, "b")] {
        let articles: Vec<_> = (0..1500)
            .map(|n| article(&format!("{name}{n}"), hours(-(n * 37 % 1000))))
            .collect();
        desk.poll(feed, &articles);
    }
    let chunks = desk.chunks(&query(ONE, Filter::All, Sort::Newest));
    let sizes: Vec<_> = chunks.iter().map(Vec::len).collect();
    assert_eq!(sizes, [100, 2000, 900]);
    let mut keys: Vec<_> = chunks.concat().iter().map(|row| (row.at, row.id)).collect();
    assert!(keys.is_sorted_by(|one, next| one > next));
    keys.dedup();
    assert_eq!(keys.len(), 3000);
    let oldest = desk.chunks(&query(ONE, Filter::All, Sort::Oldest));
    assert_eq!(oldest.iter().map(Vec::len).collect::<Vec<_>>(), [3000]);
}

#[test]
fn a_list_ends_where_its_reader_breaks_off() {
    let mut desk = Desk::new();
    let articles: Vec<_> = (0..300)
        .map(|n| article(&n.to_string(), hours(-n)))
        .collect();
    desk.poll(A, &articles);
    let mut chunks = 0;
    let stop = &mut |_| {
        chunks += 1;
        ControlFlow::Break(())
    };
    let asked = query(ONE, Filter::All, Sort::Newest);
    rows(
        &desk.reader,
        &desk.config,
        &desk.subscriptions(),
        &asked,
        stop,
    )
    .unwrap();
    assert_eq!(chunks, 1);
}

#[test]
fn a_list_of_nothing_has_no_rows() {
    let desk = one_story_in_three_feeds();
    for of in [
        ListOf::Starred,
        ListOf::Section(2),
        ListOf::Feed {
            section: 0,
            feed: 2,
        },
        ListOf::Feed {
            section: 2,
            feed: 0,
        },
    ] {
        assert_eq!(
            desk.chunks(&query(of, Filter::All, Sort::Newest)),
            Vec::<Vec<Row>>::new()
        );
        assert_eq!(desk.arrived(of, Filter::All, ArticleId(0)), 0);
    }
    let nowhere = tempfile::tempdir().unwrap();
    let empty = Reader::open(nowhere.path()).unwrap();
    assert_eq!(newest_id(&empty).unwrap(), ArticleId(0));
    assert_eq!(empty.data_version().unwrap(), 0);
}

#[test]
fn a_date_in_the_future_orders_no_row() {
    let mut desk = Desk::new();
    desk.poll(
        A,
        &[article("future", hours(30)), article("past", hours(-1))],
    );
    let rows = desk.rows(ONE, Filter::All);
    let dates: Vec<_> = rows.iter().map(|row| row.at).collect();
    assert_eq!(dates, [now(), hours(-1)]);
}

#[test]
fn what_arrived_is_what_a_list_gains() {
    let mut desk = one_story_in_three_feeds();
    let seen = desk.newest();
    assert_eq!(desk.arrived(ONE, Filter::All, seen), 0);
    // One new story in two feeds, one that has a row in section one, an old one, a starred one.
    desk.poll(
        C,
        &[
            in_story("in c", now(), 5),
            in_story("new in c", hours(-1), 9),
        ],
    );
    desk.poll(
        B,
        &[
            in_story("new in b", hours(-2), 9),
            article("old", hours(-70)),
        ],
    );
    desk.poll(D, &[article("new in d", hours(-1))]);
    let check = |desk: &Desk, of, filter, expected| {
        let found = desk.arrived(of, filter, seen);
        assert_eq!(found, expected, "{of:?} {filter:?}");
    };
    check(&desk, ONE, Filter::All, 2);
    check(&desk, ONE, Filter::Today, 1);
    check(&desk, TWO, Filter::All, 2);
    check(&desk, ListOf::Today, Filter::All, 1);
    check(
        &desk,
        ListOf::Feed {
            section: 1,
            feed: 1,
        },
        Filter::All,
        2,
    );
    check(&desk, ListOf::Starred, Filter::All, 0);
    desk.mark("new in c", Mark::Read);
    check(&desk, ONE, Filter::All, 2);
    check(&desk, ONE, Filter::Unread, 1);
    desk.mark("new in d", Mark::Star);
    check(&desk, ListOf::Starred, Filter::All, 1);
    // A story of yesterday comes again today.
    let seen = desk.newest();
    desk.poll(A, &[in_story("yesterday", hours(-30), 8)]);
    let yesterday = desk.newest();
    desk.poll(B, &[in_story("today", hours(-1), 8)]);
    assert_eq!(desk.arrived(ONE, Filter::All, yesterday), 0);
    assert_eq!(desk.arrived(ONE, Filter::All, seen), 1);
    assert_eq!(desk.arrived(ListOf::Today, Filter::All, yesterday), 1);
    assert_eq!(
        desk.newest(),
        desk.heads().iter().map(|head| head.id).max().unwrap()
    );
}

#[test]
fn tallies_tell_how_the_feeds_are_doing() {
    let mut desk = Desk::new();
    desk.poll_at(A, hours(-2), &[article("a", hours(-3))]);
    let failed = PollOutcome::Failed {
        error: "no answer".to_owned(),
    };
    desk.record(B, hours(-1), Some(hours(1)), failed);
    desk.record(
        C,
        hours(-3),
        None,
        PollOutcome::Gone {
            reason: "its server says so".to_owned(),
        },
    );
    desk.record(
        D,
        now(),
        Some(now()),
        PollOutcome::Failed {
            error: String::new(),
        },
    );
    let tallies = desk.tallies();
    assert_eq!((tallies.failing, tallies.never_polled), (1, 0));
    assert_eq!(tallies.last_good, Some(hours(-2)));
    assert_eq!(tallies.next_poll, Some(hours(-1)));
    let bee = &tallies.sections[1].feeds[0];
    assert_eq!((bee.id, bee.health), (Some(desk.feeds[B]), Health::Failing));
    assert_eq!(
        (bee.title.as_str(), bee.short.as_str()),
        ("Long name of b", "Bee")
    );
    assert_eq!(bee.error.as_deref(), Some("no answer"));
    assert_eq!(tallies.sections[0].feeds[0].short, "zebra");
    assert_eq!(tallies.sections[0].feeds[0].next_check, Some(hours(-1)));
    assert_eq!(tallies.sections[1].feeds[1].health, Health::Gone);
}

#[test]
fn tallies_stand_before_the_first_poll() {
    let dir = tempfile::tempdir().unwrap();
    let config = config::parse(CONFIG, Path::new("config.toml")).unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    let feeds = Subscriptions::load(&config, &reader).unwrap();
    let tallies = tallies(&reader, &config, &feeds, today(), now()).unwrap();
    assert_eq!((tallies.never_polled, tallies.next_poll), (3, None));
    let sections: Vec<_> = tallies
        .sections
        .iter()
        .map(|section| section.feeds.len())
        .collect();
    assert_eq!(sections, [2, 2]);
    assert_eq!(tallies.sections[0].own, Tally::default());
    assert_eq!(tallies.sections[0].feeds[0].id, None);
}

#[test]
fn an_opened_article_has_its_feeds_its_spot_and_its_text() {
    let mut desk = one_story_in_three_feeds();
    let id = desk.id("in a");
    let spot = Spot {
        block: 4,
        offset: 70_000,
    };
    desk.store.keep_place(&[(id, spot)], None).unwrap();
    let opened = |desk: &Desk, id| reading::opened(&desk.reader, &desk.subscriptions(), id);
    let found = opened(&desk, id).unwrap();
    assert_eq!(found.article.head.title, "in a");
    assert_eq!(found.also_in, ["Long name of b", "feed 3"]);
    assert_eq!(found.spot, spot);
    let newer = NewArticle {
        content_hash: 2,
        ..in_story("in a", hours(-1), 5)
    };
    desk.poll(A, &[newer]);
    let newer = desk.reader.text_hash(id).unwrap();
    assert!(newer.is_some_and(|newer| newer != found.revision));
    assert_eq!(opened(&desk, id).unwrap().spot, spot);
    assert!(opened(&desk, ArticleId(99)).is_err());
    assert_eq!(opened(&desk, desk.id("a")).unwrap().spot, Spot::default());
}

#[derive(Clone, Debug)]
enum Step {
    Poll {
        feed: usize,
        articles: Vec<(u8, i64, i64)>,
    },
    Mark {
        article: usize,
        mark: Mark,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    // A name tells an article's date, so that it stays.
    let drafts = prop::collection::vec((0..14_u8, 0..7_i64, 0..3_i64), 0..6);
    let mark = prop::sample::select(vec![Mark::Read, Mark::Unread, Mark::Star, Mark::Unstar]);
    prop_oneof![
        (0..4_usize, drafts).prop_map(|(feed, articles)| Step::Poll { feed, articles }),
        (0..40_usize, mark).prop_map(|(article, mark)| Step::Mark { article, mark }),
    ]
}

/// Has articles tell of consultations that close in so many hours.
fn close(desk: &mut Desk, closing: &[(&str, i64)]) {
    for (title, hours) in closing {
        let page = NewPage {
            body: pack("<p>Whole</p>"),
            words_hash: 5,
            base: None,
            facts: PageFacts {
                closes: Some(now() + SignedDuration::from_hours(*hours)),
                ..PageFacts::default()
            },
            withdrawn: None,
        };
        let id = desk.id(title);
        desk.store.record_page(&[id], now(), &page).unwrap();
    }
}

#[test]
fn consultations_stand_in_the_order_in_which_they_close() {
    let mut desk = Desk::new();
    desk.poll(
        A,
        &["a", "b", "c", "d"].map(|title| article(title, hours(-1))),
    );
    close(&mut desk, &[("a", 24 * 20), ("b", 5), ("c", -1)]);
    assert_eq!(desk.titles(ListOf::Closing, Filter::All), ["b", "a"]);
    let rows = desk.rows(ListOf::Closing, Filter::All);
    assert_eq!(rows[0].closes, Some(now() + SignedDuration::from_hours(5)));
    let tallies = desk.tallies();
    assert_eq!((tallies.closing.articles, tallies.closing_later), (1, 1));
    // In any other list they can be sorted so, the others behind them.
    let all = desk
        .chunks(&query(ONE, Filter::All, Sort::Closing))
        .concat();
    assert_eq!(titles(&all)[..2], ["b", "a"]);
    assert_eq!(all.len(), 4);
    assert!(closes_soon(rows[0].closes.unwrap(), now()));
    assert!(!closes_soon(rows[1].closes.unwrap(), now()));
}

/// What a list is by reading everything: stories are known by their permalinks.
fn naive(desk: &Desk, of: ListOf, filter: Filter) -> Vec<ArticleId> {
    let mut heads = desk.heads();
    let mut seen = HashSet::new();
    let mut doubled = HashSet::new();
    for head in &heads {
        if !seen.insert((head.feed, head.permalink.clone())) {
            doubled.insert(head.permalink.clone());
        }
    }
    let [a, b, c] = [A, B, C].map(|feed| desk.feeds[feed]);
    let is_today = |head: &ArticleHead| head.published.is_some_and(|at| at >= today());
    heads.retain(|head| match of {
        ListOf::Today => [a, b, c].contains(&head.feed) && is_today(head),
        ListOf::Starred => head.marks.starred,
        ListOf::Closing => [a, b, c].contains(&head.feed) && head.closes.is_some(),
        ListOf::Section(0) => [a, b].contains(&head.feed),
        ListOf::Section(_) => [b, c].contains(&head.feed),
        ListOf::Feed { .. } => head.feed == b,
    });
    let mut stories = HashSet::new();
    heads.retain(|head| match &head.permalink {
        Some(story) if !doubled.contains(&head.permalink) => stories.insert(story.clone()),
        _ => true,
    });
    heads.retain(|head| match filter {
        Filter::All => true,
        Filter::Unread => !head.marks.read,
        Filter::Starred => head.marks.starred,
        Filter::Today => is_today(head),
        Filter::Changed => head.changed,
        Filter::Whole => head.stored == StoredText::Whole,
    });
    heads.iter().map(|head| head.id).collect()
}

const LISTS: [ListOf; 5] = [
    ListOf::Today,
    ListOf::Starred,
    ONE,
    TWO,
    ListOf::Feed {
        section: 1,
        feed: 0,
    },
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]
    #[test]
    fn lists_and_counts_are_what_reading_everything_gives(
        steps in prop::collection::vec(any_step(), 1..25),
    ) {
        let mut desk = Desk::new();
        for step in steps {
            match step {
                Step::Poll { feed, articles } => {
                    let articles: Vec<_> = articles
                        .into_iter()
                        .map(|(name, story, text)| {
                            let at = hours(-2 * i64::from(name) - i64::try_from(feed).unwrap());
                            let new = article(&name.to_string(), at);
                            NewArticle {
                                content_hash: text,
                                stored: [StoredText::Summary, StoredText::Whole][usize::from(text > 0)],
                                story: (story > 0).then_some(story),
                                permalink: (story > 0).then(|| story.to_string()),
                                ..new
                            }
                        })
                        .collect();
                    desk.poll(feed, &articles);
                }
                Step::Mark { article, mark } => {
                    if let Some(head) = desk.heads().get(article) {
                        desk.store.mark(&[head.id], mark).unwrap();
                    }
                }
            }
        }
        for of in LISTS {
            for filter in [
                Filter::All,
                Filter::Unread,
                Filter::Starred,
                Filter::Today,
                Filter::Changed,
                Filter::Whole,
            ] {
                let ids: Vec<_> = desk.rows(of, filter).iter().map(|row| row.id).collect();
                prop_assert_eq!(&ids, &naive(&desk, of, filter), "{:?} {:?}", of, filter);
                let all = desk.arrived(of, filter, ArticleId(0));
                prop_assert_eq!(ids.len(), usize::try_from(all).unwrap());
            }
        }
        let tallies = desk.tallies();
        let feed = &tallies.sections[1].feeds[0];
        let sections = [&tallies.sections[0].own, &tallies.sections[1].own];
        let counted = [&tallies.today, &tallies.starred, sections[0], sections[1], &feed.tally];
        for (of, tally) in LISTS.into_iter().zip(counted) {
            let rows = desk.rows(of, Filter::All);
            let unread = rows.iter().filter(|row| !row.read).count();
            prop_assert_eq!(usize::try_from(tally.articles).unwrap(), rows.len(), "{:?}", of);
            prop_assert_eq!(usize::try_from(tally.unread).unwrap(), unread, "{:?}", of);
        }
    }
}
