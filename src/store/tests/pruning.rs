//! What is old goes, for good, and gives its room back.

use super::*;
use crate::model::article::Mark;
use crate::model::document::Spot;

fn never() -> bool {
    false
}

impl Cache {
    /// Prunes what is older than 30 days on the day of the tests.
    fn prune(&mut self) -> u32 {
        self.store.prune(days(-30), now(), &never).unwrap()
    }

    /// Stores articles that came `came` days ago, all of them read.
    fn read_articles(&mut self, feed: FeedId, came: i64, articles: &[NewArticle]) {
        self.poll(feed, days(-came), articles);
        self.mark_read(articles);
    }

    fn mark_read(&mut self, articles: &[NewArticle]) {
        let ids: Vec<_> = articles.iter().map(|one| self.id(&one.title)).collect();
        self.store.mark(&ids, Mark::Read).unwrap();
    }

    fn index(&mut self) {
        while self.store.index_some(str::to_owned).unwrap() != Indexing::Done {}
    }

    fn all_titles(&self) -> Vec<String> {
        self.titles(&ListQuery::default())
    }

    /// Counts rows by a statement of its own.
    fn count(&self, select: &str) -> i64 {
        let conn = Connection::open(self.dir.path().join("gazette.db")).unwrap();
        conn.query_row(select, [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn what_was_read_and_is_old_goes_by_the_later_of_its_two_dates() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.read_articles(
        feed,
        40,
        &[
            article("published and seen long ago", Some(days(-50))),
            article("without a date", None),
            article("published lately", Some(days(-20))),
            article("published in the future", Some(days(400))),
        ],
    );
    cache.read_articles(feed, 20, &[article("seen lately", Some(days(-500)))]);
    assert_eq!(cache.prune(), 3);
    let mut left = cache.all_titles();
    left.sort();
    assert_eq!(left, ["published lately", "seen lately"]);
    cache.check_counters();
    // At the limit itself it isn't older yet.
    let at_limit = article("at the limit", Some(days(-30)));
    cache.read_articles(feed, 30, &[at_limit]);
    assert_eq!(cache.prune(), 0);
}

#[test]
fn what_the_reader_wants_stays() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles = ["unread", "starred", "tagged", "read", "read, then unread"]
        .map(|title| article(title, Some(days(-60))));
    cache.read_articles(feed, 60, &articles);
    let [unread, starred, tagged, back] =
        ["unread", "starred", "tagged", "read, then unread"].map(|title| cache.id(title));
    cache.store.mark(&[unread, back], Mark::Unread).unwrap();
    cache.store.mark(&[starred], Mark::Star).unwrap();
    let conn = Connection::open(cache.dir.path().join("gazette.db")).unwrap();
    conn.execute("insert into tags values (?1, 'later')", [tagged.0])
        .unwrap();
    assert_eq!(cache.prune(), 1);
    let mut left = cache.all_titles();
    left.sort();
    assert_eq!(left, ["read, then unread", "starred", "tagged", "unread"]);
    cache.check_counters();
}

#[test]
fn what_was_old_at_a_feeds_first_poll_goes_too() {
    let mut cache = Cache::new();
    let feed = cache.feed("http://a");
    cache.poll(feed, days(-40), &[article("old", Some(days(-90)))]);
    assert_eq!(cache.prune(), 1);
}

#[test]
fn a_pruned_article_never_comes_back() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let old = article("a", Some(days(-60)));
    cache.read_articles(feed, 60, std::slice::from_ref(&old));
    assert_eq!(cache.prune(), 1);
    let dated_anew = NewArticle {
        published: Some(now()),
        updated: Some(now()),
        ..with_text(&old, "another text", 9)
    };
    // Its guid stood twice in this document, so it is known by another key.
    let keyed_anew = NewArticle {
        key: 99,
        other_keys: vec![old.key],
        ..dated_anew.clone()
    };
    for again in [&old, &dated_anew, &keyed_anew] {
        let recorded = cache.poll(feed, now(), std::slice::from_ref(again));
        assert_eq!(recorded, Recorded::default());
        assert_eq!(cache.all_titles(), [""; 0]);
    }
    // In another feed, or by a key that is no identity, it is another article.
    let other = cache.old_feed("http://b");
    assert_eq!(cache.poll(other, now(), std::slice::from_ref(&old)).new, 1);
    let stranger = NewArticle {
        title: "another title".to_owned(),
        ..keyed_anew
    };
    assert_eq!(cache.poll(feed, now(), &[stranger]).new, 1);
    cache.check_counters();
}

#[test]
fn nothing_of_a_pruned_article_is_left() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let one = article("a", Some(days(-60)));
    cache.read_articles(feed, 60, &[one.clone(), article("b", None)]);
    // One of them has an earlier text, a place, and a text that the index lacks.
    let place = Spot {
        block: 1,
        offset: 0,
    };
    let id = cache.id("a");
    cache.store.keep_place(&[(id, place)], None).unwrap();
    cache.index();
    cache.poll(feed, days(-59), &[with_text(&one, "another", 2)]);
    cache.mark_read(&[one]);
    assert_eq!(cache.prune(), 2);
    for table in [
        "articles",
        "marks",
        "spots",
        "bodies",
        "revisions",
        "reindex",
    ] {
        let rows = cache.count(&format!("select count(*) from {table}"));
        assert_eq!(rows, 0, "rows of {table}");
    }
    // The words are gone, and no hole is taken for an article that waits to be indexed.
    assert_eq!(cache.count("select count(*) from search('text')"), 0);
    assert_eq!(
        cache.store.index_some(str::to_owned).unwrap(),
        Indexing::Done
    );
}

#[test]
fn an_article_that_goes_while_it_is_indexed_leaves_no_words() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.read_articles(feed, 60, &[article("a", None), article("b", None)]);
    let path = cache.dir.path().to_owned();
    // Between the reading of the texts and the writing of their words another process prunes.
    let plain_text: fn(&str) -> String = str::to_owned;
    let batch = cache
        .store
        .look(|conn| index::Batch::read(conn, 1 << 20, plain_text))
        .unwrap();
    let mut other = Store::open(&path).unwrap();
    assert_eq!(other.prune(days(-30), now(), &never).unwrap(), 2);
    cache.store.write(|tx| batch.write(tx)).unwrap();
    assert_eq!(cache.count("select count(*) from search('text')"), 0);
}

#[test]
fn a_mark_that_comes_first_keeps_an_article() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..250)
        .map(|n| article(&format!("number {n:03}"), Some(days(-60))))
        .collect();
    cache.read_articles(feed, 60, &articles);
    let path = cache.dir.path().to_owned();
    let last = cache.id("number 000");
    let turns = Cell::new(0);
    // The last article is starred by another process while the first ones go.
    let star_at_second_turn = || {
        turns.set(turns.get() + 1);
        if turns.get() == 2 {
            let mut other = Store::open(&path).unwrap();
            other.mark(&[last], Mark::Star).unwrap();
        }
        false
    };
    let pruned = cache
        .store
        .prune(days(-30), now(), &star_at_second_turn)
        .unwrap();
    assert_eq!(pruned, 249);
    assert_eq!(cache.all_titles(), ["number 000"]);
    cache.check_counters();
}

#[test]
fn it_stops_when_asked_and_goes_on_later() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..250)
        .map(|n| article(&format!("number {n}"), None))
        .collect();
    cache.read_articles(feed, 60, &articles);
    let turns = Cell::new(0);
    let at_second_turn = || {
        turns.set(turns.get() + 1);
        turns.get() == 2
    };
    let some = cache
        .store
        .prune(days(-30), now(), &at_second_turn)
        .unwrap();
    assert!(0 < some && some < 250, "{some}");
    cache.check_counters();
    assert_eq!(cache.prune(), 250 - some);
}

/// An article with 30 KB of text that can't be compressed.
fn long(number: u64) -> NewArticle {
    let words = (0..2000).map(|word| {
        let mixed = (number * 2000 + word + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{mixed:x} ")
    });
    let text: String = words.collect();
    with_text(&article(&format!("number {number}"), None), &text, 1)
}

#[test]
fn the_file_shrinks() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..200).map(long).collect();
    cache.read_articles(feed, 60, &articles);
    cache.index();
    let file = cache.dir.path().join("gazette.db");
    let bytes = || std::fs::metadata(&file).unwrap().len();
    let before = bytes();
    assert!(before > 3 << 20, "{before}");
    assert_eq!(cache.prune(), 200);
    // It needs few transactions, as each has others come to their turn.
    let turns = Cell::new(0);
    let count_turns = || {
        turns.set(turns.get() + 1);
        false
    };
    cache.store.shrink(Shrinking::Excess, &count_turns).unwrap();
    assert!(turns.get() < 10, "{} transactions", turns.get());
    assert!(bytes() < before / 2, "{before} to {}", bytes());
    assert_eq!(
        cache.count("select freelist_count from pragma_freelist_count"),
        0
    );
    assert_eq!(
        cache.count("select integrity_check = 'ok' from pragma_integrity_check"),
        1
    );
}

#[test]
fn a_little_room_stays_for_what_comes_next() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..100).map(long).collect();
    cache.read_articles(feed, 60, &articles);
    let kept: Vec<_> = (5..100).map(|n| cache.id(&format!("number {n}"))).collect();
    cache.store.mark(&kept, Mark::Star).unwrap();
    assert_eq!(cache.prune(), 5);
    let unused = "select freelist_count from pragma_freelist_count";
    let before = cache.count(unused);
    assert!(before > 0);
    cache.store.shrink(Shrinking::Excess, &never).unwrap();
    assert_eq!(cache.count(unused), before);
    cache.store.shrink(Shrinking::All, &never).unwrap();
    assert_eq!(cache.count(unused), 0);
}
