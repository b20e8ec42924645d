use proptest::prelude::*;

use rusqlite::StatementStatus;

use super::*;
use crate::model::article::Mark;

#[test]
fn unknown_numbers_are_told_and_the_others_marked() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None), article("two", None)]);
    let (one, two) = (cache.id("one"), cache.id("two"));
    let marked = cache
        .store
        .mark(&[two, ArticleId(99), one], Mark::Star)
        .unwrap();
    assert_eq!(marked.done, [two, one]);
    assert_eq!(marked.unknown, [ArticleId(99)]);
    assert!(cache.head("one").marks.starred && cache.head("two").marks.starred);
    cache.store.mark(&[one], Mark::Unstar).unwrap();
    assert!(!cache.head("one").marks.starred);
    cache.check_counters();
}

#[test]
fn a_mark_goes_to_the_same_story_in_other_feeds_and_back() {
    let mut cache = Cache::new();
    let (a, b) = (cache.old_feed("http://a"), cache.old_feed("http://b"));
    cache.poll(a, now(), &[in_story("in a", 5), in_story("other", 6)]);
    cache.poll(b, now(), &[in_story("in b", 5)]);
    cache.store.mark(&[cache.id("in a")], Mark::Read).unwrap();
    cache.store.mark(&[cache.id("in b")], Mark::Star).unwrap();
    for title in ["in a", "in b"] {
        let marks = cache.head(title).marks;
        assert!(marks.read && marks.starred, "{title}");
    }
    assert!(!cache.head("other").marks.read);
    cache.check_counters();
    cache.store.mark(&[cache.id("in b")], Mark::Unread).unwrap();
    assert!(!cache.head("in a").marks.read);
    cache.check_counters();
    assert_eq!(cache.reader().also_in(cache.id("in a")).unwrap(), [b]);
    assert_eq!(cache.reader().also_in(cache.id("other")).unwrap(), []);
}

#[test]
fn a_story_that_arrives_later_has_the_marks() {
    let mut cache = Cache::new();
    let a = cache.old_feed("http://a");
    cache.poll(a, now(), &[in_story("in a", 5)]);
    cache.store.mark(&[cache.id("in a")], Mark::Read).unwrap();
    cache.store.mark(&[cache.id("in a")], Mark::Star).unwrap();
    let (b, c) = (cache.old_feed("http://b"), cache.feed("http://c"));
    cache.poll(b, now(), &[in_story("in b", 5)]);
    cache.poll(c, now(), &[in_story("in c", 5)]);
    for title in ["in b", "in c"] {
        let marks = cache.head(title).marks;
        assert!(marks.read && marks.starred, "{title}");
    }
    cache.check_counters();
}

#[test]
fn a_permalink_on_two_articles_of_a_feed_joins_nothing() {
    let mut cache = Cache::new();
    let (a, b) = (cache.old_feed("http://a"), cache.old_feed("http://b"));
    cache.poll(a, now(), &[in_story("in a", 5)]);
    cache.store.mark(&[cache.id("in a")], Mark::Read).unwrap();
    // Both in one document.
    cache.poll(b, now(), &[in_story("first", 5), in_story("second", 5)]);
    assert!(!cache.head("first").marks.read && !cache.head("second").marks.read);
    cache.store.mark(&[cache.id("second")], Mark::Star).unwrap();
    assert!(!cache.head("in a").marks.starred && !cache.head("first").marks.starred);
    assert_eq!(cache.reader().also_in(cache.id("in a")).unwrap(), []);
    // One after the other.
    cache.poll(a, now(), &[in_story("later", 5)]);
    assert!(!cache.head("later").marks.read);
    cache.check_counters();
}

#[test]
fn an_article_that_was_old_at_first_reads_no_other() {
    let mut cache = Cache::new();
    let (a, b) = (cache.feed("http://a"), cache.old_feed("http://b"));
    let old = NewArticle {
        published: Some(days(-40)),
        ..in_story("in a", 5)
    };
    cache.poll(a, now(), &[old]);
    cache.poll(b, now(), &[in_story("in b", 5)]);
    assert!(cache.head("in a").marks.read);
    assert!(!cache.head("in b").marks.read);
}

#[test]
fn marking_all_keeps_to_feeds_and_dates() {
    let mut cache = Cache::new();
    let (a, b) = (cache.old_feed("http://a"), cache.old_feed("http://b"));
    for (feed, name) in [(a, 'a'), (b, 'b')] {
        let articles: Vec<_> = (0..1200)
            .map(|n| article(&format!("{name}{n}"), Some(days(-n % 10))))
            .collect();
        cache.poll(feed, now(), &articles);
    }
    let scope = Scope::Feeds(vec![a]);
    let changed = cache
        .store
        .mark_all(&scope, Some(days(-4)), Mark::Read)
        .unwrap();
    assert_eq!(changed, 600);
    assert_eq!((cache.state(a).unread, cache.state(b).unread), (600, 1200));
    assert!(cache.head("a5").marks.read && !cache.head("a4").marks.read);
    assert_eq!(
        cache.store.mark_all(&Scope::All, None, Mark::Read).unwrap(),
        1800
    );
    assert_eq!(
        cache.store.mark_all(&Scope::All, None, Mark::Read).unwrap(),
        0
    );
    assert_eq!(
        cache.store.mark_all(&scope, None, Mark::Unread).unwrap(),
        1200
    );
    cache.check_counters();
}

#[test]
fn marking_all_counts_what_changed_in_the_scope_alone() {
    let mut cache = Cache::new();
    let (a, b) = (cache.old_feed("http://a"), cache.old_feed("http://b"));
    let newer = NewArticle {
        published: Some(now()),
        ..in_story("newer in b", 6)
    };
    cache.poll(a, now(), &[in_story("in a", 5), in_story("older in a", 6)]);
    cache.poll(b, now(), &[in_story("in b", 5), newer]);
    let mut check = |scope, mark, expected| {
        let count = cache.store.mark_all(&scope, Some(now()), mark).unwrap();
        assert_eq!(count, expected, "{mark:?} of {scope:?}");
    };
    check(Scope::All, Mark::Read, 3);
    check(Scope::All, Mark::Read, 0);
    check(Scope::Feeds(vec![a]), Mark::Unread, 2);
    check(Scope::Feeds(vec![b]), Mark::Star, 1);
    check(Scope::Feeds(vec![a]), Mark::Star, 1);
    assert!(!cache.head("newer in b").marks.read && cache.head("newer in b").marks.starred);
    cache.check_counters();
}

#[test]
fn many_articles_are_marked_in_the_order_asked_for() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..1200).map(|n| article(&n.to_string(), None)).collect();
    cache.poll(feed, now(), &articles);
    let mut ids: Vec<_> = cache.all().iter().map(|head| head.id).collect();
    ids.insert(700, ArticleId(9999));
    let marked = cache.store.mark(&ids, Mark::Read).unwrap();
    assert_eq!(marked.unknown, [ids.remove(700)]);
    assert_eq!(marked.done, ids);
    assert_eq!(cache.state(feed).unread, 0);
    cache.check_counters();
}

#[test]
fn one_permalink_on_all_articles_of_a_feed_is_not_read_through_for_each() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..600).map(|n| in_story(&n.to_string(), 5)).collect();
    cache.poll(feed, now(), &articles);
    let steps = |cache: &Cache| {
        let siblings = cache.store.conn.prepare_cached(marks::SIBLINGS).unwrap();
        siblings.reset_status(StatementStatus::VmStep)
    };
    steps(&cache);
    cache.store.mark_all(&Scope::All, None, Mark::Read).unwrap();
    let marked = steps(&cache);
    assert!((600..600 * 100).contains(&marked), "{marked} steps");
    cache.poll(feed, days(1), &[in_story("later", 5)]);
    let recorded = steps(&cache);
    assert!((1..100).contains(&recorded), "{recorded} steps");
    cache.check_counters();
}

#[derive(Clone, Debug)]
enum Step {
    Poll {
        feed: usize,
        articles: Vec<(u8, u8, u8, i8)>,
    },
    Mark {
        article: usize,
        mark: Mark,
    },
    All {
        feed: usize,
        mark: Mark,
    },
}

fn any_mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        Just(Mark::Read),
        Just(Mark::Unread),
        Just(Mark::Star),
        Just(Mark::Unstar)
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let drafts = prop::collection::vec((0..12_u8, 0..6_u8, 0..3_u8, -20..3_i8), 0..8);
    prop_oneof![
        3 => (0..3_usize, drafts).prop_map(|(feed, articles)| Step::Poll { feed, articles }),
        4 => (0..40_usize, any_mark()).prop_map(|(article, mark)| Step::Mark { article, mark }),
        1 => (0..3_usize, any_mark()).prop_map(|(feed, mark)| Step::All { feed, mark }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]
    #[test]
    fn counters_are_what_a_full_scan_counts(steps in prop::collection::vec(any_step(), 1..25)) {
        let mut cache = Cache::new();
        let feeds = ["http://a", "http://b", "http://c"].map(|url| cache.feed(url));
        for step in steps {
            match step {
                Step::Poll { feed, articles } => {
                    let articles: Vec<_> = articles
                        .into_iter()
                        .map(|(name, story, text, day)| NewArticle {
                            story: (story > 0).then_some(i64::from(story)),
                            content_hash: i64::from(text),
                            ..article(&name.to_string(), Some(days(day.into())))
                        })
                        .collect();
                    cache.poll(feeds[feed], now(), &articles);
                }
                Step::Mark { article, mark } => {
                    if let Some(head) = cache.all().get(article) {
                        cache.store.mark(&[head.id], mark).unwrap();
                    }
                }
                Step::All { feed, mark } => {
                    let scope = Scope::Feeds(vec![feeds[feed]]);
                    cache.store.mark_all(&scope, None, mark).unwrap();
                }
            }
        }
        cache.check_counters();
    }
}
