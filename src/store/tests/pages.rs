use std::path::Path;

use super::*;
use crate::model::article::{ChangeNote, Mark, PageFacts};

/// A page with a text, and change notes of these days.
fn page(text: &str, words_hash: i64, notes: &[i64]) -> NewPage {
    let note = |day: &i64| ChangeNote {
        at: days(*day),
        note: format!("changed on day {day}"),
    };
    NewPage {
        body: pack(text),
        words_hash,
        base: Some("https://example.test/page".to_owned()),
        facts: PageFacts {
            changes: notes.iter().map(note).collect(),
            ..PageFacts::default()
        },
        withdrawn: None,
    }
}

fn summary(title: &str, published: Timestamp) -> NewArticle {
    NewArticle {
        stored: StoredText::Summary,
        ..article(title, Some(published))
    }
}

/// A cache with one article that has only a summary.
fn with_summary() -> (Cache, FeedId, ArticleId) {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    cache.poll(feed, days(-1), &[summary("one", days(-2))]);
    let id = cache.id("one");
    (cache, feed, id)
}

fn wanted(cache: &mut Cache, feed: FeedId, of: PagesOf) -> Vec<ArticleId> {
    let wanted = cache.store.wanted_pages(&[(feed, of)], None, now());
    wanted.unwrap().iter().map(|page| page.article).collect()
}

#[test]
fn the_text_of_a_page_is_shown_and_no_change() {
    let (mut cache, feed, id) = with_summary();
    cache.store.mark(&[id], Mark::Read).unwrap();
    let changed = cache
        .store
        .record_page(&[id], now(), &page("<p>All of it</p>", 5, &[]));
    assert_eq!(changed.unwrap(), 0);
    let kept = cache.reader().article(id).unwrap().unwrap();
    assert_eq!(kept.html, "<p>All of it</p>");
    assert_eq!(kept.base.as_deref(), Some("https://example.test/page"));
    assert_eq!(kept.head.stored, StoredText::Whole);
    assert!(!kept.head.changed && kept.revisions == 0);
    // What the feed says again takes nothing of it away.
    let again = cache.poll(feed, now(), &[summary("one", days(-2))]);
    assert_eq!(again, Recorded::default());
    let kept = cache.reader().article(id).unwrap().unwrap();
    assert_eq!(
        (kept.html.as_str(), kept.head.stored),
        ("<p>All of it</p>", StoredText::Whole)
    );
    cache.check_counters();
}

#[test]
fn another_text_of_a_page_is_a_change_and_keeps_the_earlier_one() {
    let (mut cache, _, id) = with_summary();
    let store = &mut cache.store;
    store
        .record_page(&[id], now(), &page("<p>Old</p>", 5, &[-5]))
        .unwrap();
    store.mark(&[id], Mark::Read).unwrap();
    store.record_visits(&[id], now()).unwrap();
    let same = store.record_page(&[id], days(1), &page("<p >Old</p>", 5, &[-5, 1]));
    assert_eq!(same.unwrap(), 0, "the same words under a new date");
    let other = store.record_page(&[id], days(2), &page("<p>New</p>", 6, &[-5, 1, 2]));
    assert_eq!(other.unwrap(), 1);
    let kept = cache.reader().article(id).unwrap().unwrap();
    assert!(kept.head.changed);
    assert_eq!(kept.revisions, 1);
    let visit = kept.visit.unwrap();
    assert_eq!((visit.at, visit.notes_until), (now(), Some(days(1))));
    // Who reads the new text has still come from the old one, however often it is opened.
    for day in [3, 4] {
        cache.store.record_visits(&[id], days(day)).unwrap();
        cache.store.mark(&[id], Mark::Read).unwrap();
        let visit = cache.reader().article(id).unwrap().unwrap().visit.unwrap();
        assert_eq!((visit.at, visit.before), (days(day), Some(now())));
    }
}

#[test]
fn a_page_is_wanted_once_until_its_feed_tells_of_a_newer_text() {
    let (mut cache, feed, id) = with_summary();
    assert_eq!(wanted(&mut cache, feed, PagesOf::Summaries), [id]);
    cache
        .store
        .record_page(&[id], now(), &page("<p>Old</p>", 5, &[]))
        .unwrap();
    assert!(wanted(&mut cache, feed, PagesOf::All).is_empty());
    let dated = NewArticle {
        updated: Some(days(-1)),
        ..summary("one", days(-2))
    };
    assert_eq!(
        cache
            .poll(feed, now(), std::slice::from_ref(&dated))
            .updated,
        0
    );
    assert_eq!(wanted(&mut cache, feed, PagesOf::Summaries), [id]);
    cache
        .store
        .record_page(&[id], now(), &page("<p>Old</p>", 5, &[]))
        .unwrap();
    cache.poll(feed, now(), std::slice::from_ref(&dated));
    assert!(
        wanted(&mut cache, feed, PagesOf::Summaries).is_empty(),
        "the same date again"
    );
    let new = with_text(&dated, "<p>Another summary</p>", 2);
    assert_eq!(cache.poll(feed, now(), &[new]).updated, 1);
    assert_eq!(wanted(&mut cache, feed, PagesOf::Summaries), [id]);
    // The page follows its feed: that is one change, with one earlier text.
    cache
        .store
        .record_page(&[id], now(), &page("<p>New</p>", 6, &[]))
        .unwrap();
    let kept = cache.reader().article(id).unwrap().unwrap();
    assert_eq!((kept.html.as_str(), kept.revisions), ("<p>New</p>", 1));
}

#[test]
fn a_page_that_failed_is_asked_later_or_not_at_all() {
    let (mut cache, feed, id) = with_summary();
    let store = &mut cache.store;
    store
        .record_page_failure(&[id], PageFailure::Until(days(1)))
        .unwrap();
    assert!(wanted(&mut cache, feed, PagesOf::Summaries).is_empty());
    cache
        .store
        .record_page_failure(&[id], PageFailure::Until(days(-1)))
        .unwrap();
    let page = cache
        .store
        .wanted_pages(&[(feed, PagesOf::Summaries)], None, now())
        .unwrap();
    assert_eq!(page[0].failures, 2);
    cache
        .store
        .record_page_failure(&[id], PageFailure::ForGood)
        .unwrap();
    assert!(wanted(&mut cache, feed, PagesOf::All).is_empty());
    let kept = cache.reader().article(id).unwrap().unwrap();
    assert_eq!(
        (kept.html.as_str(), kept.head.stored),
        ("<p>Text of one</p>", StoredText::Summary)
    );
}

#[test]
fn the_newest_pages_are_wanted_first_and_none_that_would_be_pruned() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let whole = article("whole", Some(days(0)));
    let articles = [summary("old", days(-9)), summary("new", days(-1)), whole];
    cache.poll(feed, now(), &articles);
    let ids = ["new", "old"].map(|title| cache.id(title));
    assert_eq!(wanted(&mut cache, feed, PagesOf::Summaries), ids);
    assert_eq!(wanted(&mut cache, feed, PagesOf::All).len(), 3);
    cache.store.mark(&[ids[1]], Mark::Read).unwrap();
    let kept = cache
        .store
        .wanted_pages(&[(feed, PagesOf::Summaries)], Some(days(1)), now());
    assert_eq!(kept.unwrap().len(), 1);
}

#[test]
fn what_a_page_tells_is_found_by_words() {
    let (mut cache, _, id) = with_summary();
    cache.store.index_some(str::to_owned).unwrap();
    cache
        .store
        .record_page(&[id], now(), &page("a badger sett", 5, &[]))
        .unwrap();
    let found = |cache: &Cache| {
        let mut found = Vec::new();
        let query = crate::search::parse("badger");
        let each = &mut |head: ArticleHead| {
            found.push(head.id);
            ControlFlow::Continue(())
        };
        cache
            .reader()
            .search(&query, str::to_owned, None, each)
            .unwrap();
        found
    };
    assert_eq!(found(&cache), [id]);
    cache.store.index_some(str::to_owned).unwrap();
    assert_eq!(found(&cache), [id]);
}

#[test]
fn a_host_at_rest_is_remembered() {
    let mut cache = Cache::new();
    cache.store.rest_host("example.test", days(1)).unwrap();
    let resting = cache.store.hosts_at_rest(now()).unwrap();
    assert_eq!(resting, [("example.test".to_owned(), days(1))]);
    assert!(cache.store.hosts_at_rest(days(2)).unwrap().is_empty());
}

/// Takes a database back to the tables of the first version.
fn take_back_to_the_first(path: &Path) {
    let conn = rusqlite::Connection::open(path.join("gazette.db")).unwrap();
    conn.execute_batch(
        "drop table pages; drop table visits; drop table hosts; drop table health;
         drop index articles_of_summaries;
         pragma user_version = 1;",
    )
    .unwrap();
}

#[test]
fn a_database_of_an_earlier_version_is_brought_up_to_date_by_who_only_reads() {
    let (cache, _, id) = with_summary();
    let Cache { dir, store } = cache;
    drop(store);
    take_back_to_the_first(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let kept = reader.article(id).unwrap().unwrap();
    assert_eq!(kept.html, "<p>Text of one</p>");
    assert_eq!(kept.page, None);
}
