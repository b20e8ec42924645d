use std::fs;

use super::*;
use crate::model::article::Mark;
use crate::model::document::Spot;

const fn spot(block: u32, offset: u32) -> Spot {
    Spot { block, offset }
}

#[test]
fn a_spot_is_kept_until_the_reader_is_at_the_beginning_again() {
    let mut cache = Cache::new();
    let (one, two) = (ArticleId(1), ArticleId(2));
    let check = |cache: &Cache, expected: [Option<Spot>; 2]| {
        let reader = cache.reader();
        let found = [one, two].map(|id| reader.spot(id).unwrap());
        assert_eq!(found, expected);
    };
    check(&cache, [None, None]);
    let spots = [(one, spot(3, 7)), (two, spot(0, u32::MAX))];
    cache.store.keep_place(&spots, None).unwrap();
    check(&cache, [Some(spot(3, 7)), Some(spot(0, u32::MAX))]);
    let spots = [(one, spot(4, 0)), (two, Spot::default())];
    cache.store.keep_place(&spots, None).unwrap();
    check(&cache, [Some(spot(4, 0)), None]);
}

#[test]
fn what_the_screen_shows_is_kept_until_it_tells_another() {
    let mut cache = Cache::new();
    let screen = |cache: &Cache| cache.reader().screen().unwrap();
    assert_eq!(screen(&cache), None);
    cache.store.keep_place(&[], Some("{\"list\":1}")).unwrap();
    cache
        .store
        .keep_place(&[(ArticleId(1), spot(1, 1))], None)
        .unwrap();
    assert_eq!(screen(&cache).as_deref(), Some("{\"list\":1}"));
    cache.store.keep_place(&[], Some("7")).unwrap();
    assert_eq!(screen(&cache).as_deref(), Some("7"));
}

#[test]
fn a_reader_tells_when_another_connection_wrote() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let reader = cache.reader();
    let first = reader.data_version().unwrap();
    reader.feeds().unwrap();
    assert_eq!(reader.data_version().unwrap(), first);
    cache.poll(feed, now(), &[article("one", None)]);
    let second = reader.data_version().unwrap();
    assert_ne!(second, first);
    assert_eq!(reader.data_version().unwrap(), second);
}

#[test]
fn questions_at_once_see_one_state() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    let reader = cache.reader();
    let (before, after) = reader
        .at_once(|| {
            let before = reader.newest_id()?;
            cache.poll(feed, days(1), &[article("two", None)]);
            Ok::<_, StoreError>((before, reader.newest_id()?))
        })
        .unwrap();
    assert_eq!(before, after);
    assert_ne!(reader.newest_id().unwrap(), before);
}

/// What a list shows of each article, by title.
fn marks(cache: &Cache) -> Vec<(String, bool, bool, bool)> {
    let heads = cache.all().into_iter();
    heads
        .map(|head| {
            (
                head.title,
                head.marks.read,
                head.marks.starred,
                head.changed,
            )
        })
        .collect()
}

#[test]
fn a_mark_taken_back_leaves_all_articles_as_they_were() {
    let mut cache = Cache::new();
    let (a, b, c) = (
        cache.old_feed("http://a"),
        cache.feed("http://b"),
        cache.old_feed("http://c"),
    );
    // The story is old in `b`, so read, and unread in the two others.
    let old = NewArticle {
        published: Some(days(-40)),
        ..in_story("in b", 5)
    };
    cache.poll(b, now(), &[old]);
    cache.poll(a, now(), &[in_story("in a", 5), article("other", None)]);
    cache.poll(c, now(), &[in_story("in c", 5)]);
    let other = cache.id("other");
    cache.store.mark(&[other], Mark::Star).unwrap();
    let before = marks(&cache);
    let asked = [cache.id("in a"), other, cache.id("in b")];
    for mark in [Mark::Read, Mark::Unread, Mark::Star, Mark::Unstar] {
        let marked = cache.store.mark(&asked, mark).unwrap();
        assert_eq!(marked.done, asked);
        assert_ne!(marks(&cache), before, "{mark:?}");
        cache.check_counters();
        cache.store.take_back(&marked.changed, mark).unwrap();
        assert_eq!(marks(&cache), before, "{mark:?}");
        cache.check_counters();
    }
}

#[test]
fn an_article_with_a_newer_text_has_it_again_when_a_mark_is_taken_back() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let one = article("one", None);
    cache.poll(feed, now(), std::slice::from_ref(&one));
    let id = cache.id("one");
    cache.store.mark(&[id], Mark::Read).unwrap();
    cache.poll(feed, days(1), &[with_text(&one, "<p>Newer</p>", 2)]);
    let before = marks(&cache);
    assert!(cache.head("one").changed);
    for mark in [Mark::Read, Mark::Unread, Mark::Star] {
        let marked = cache.store.mark(&[id], mark).unwrap();
        assert_ne!(marks(&cache), before, "{mark:?}");
        cache.store.take_back(&marked.changed, mark).unwrap();
        assert_eq!(marks(&cache), before, "{mark:?}");
        cache.check_counters();
    }
}

#[test]
fn an_article_that_nobody_read_is_one_again_when_a_mark_is_taken_back() {
    let mut cache = Cache::new();
    let (a, b) = (cache.feed("http://a"), cache.old_feed("http://b"));
    let old = NewArticle {
        published: Some(days(-40)),
        ..in_story("in a", 5)
    };
    cache.poll(a, now(), &[old]);
    let id = cache.id("in a");
    for mark in [Mark::Read, Mark::Unread] {
        let marked = cache.store.mark(&[id], mark).unwrap();
        cache.store.take_back(&marked.changed, mark).unwrap();
    }
    // What was old at first tells nothing about the same story elsewhere.
    cache.poll(b, now(), &[in_story("in b", 5)]);
    assert!(cache.head("in a").marks.read && !cache.head("in b").marks.read);
}

#[test]
fn another_database_in_the_place_of_the_one_before_is_another_version() {
    let first = Cache::new();
    let reader = first.reader();
    let before = reader.data_version().unwrap();
    let second = Cache::new();
    fs::rename(first.dir.path(), second.dir.path().join("gone")).unwrap();
    fs::rename(second.dir.path(), first.dir.path()).unwrap();
    assert_ne!(reader.data_version().unwrap(), before);
}
