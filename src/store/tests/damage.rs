//! Databases that were damaged in many ways: what is kept, and what can still be read.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::*;
use crate::model::article::Mark;
use crate::model::comment::{Comment, CommentId, Draft, SiteFacts, ThreadFacts, Words};
use crate::model::document::Spot;

/// Returns a cache with 150 articles in three feeds, some of them marked.
fn filled() -> Cache {
    // It is made once: it takes a while.
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = FILE.get_or_init(|| {
        let Cache { dir, store } = fill();
        drop(store);
        fs::read(dir.path().join("gazette.db")).unwrap()
    });
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("gazette.db"), bytes).unwrap();
    let store = Store::open(dir.path()).unwrap();
    Cache { dir, store }
}

fn fill() -> Cache {
    let mut cache = Cache::new();
    for feed in ["http://a", "http://b", "http://c"] {
        let id = cache.old_feed(feed);
        let articles: Vec<_> = (0..50)
            .map(|n| {
                let mut article = article(&format!("{feed} {n}"), None);
                // Some texts go on over many pages.
                let words: Vec<String> = (0..if n % 20 == 0 { 5000 } else { 100 })
                    .map(|word: u64| format!("{:x}", word.wrapping_mul(0x9e37_79b9_7f4a_7c15 + n)))
                    .collect();
                article.body = pack(&words.join(" "));
                article
            })
            .collect();
        cache.poll(id, now(), &articles);
    }
    let marked: Vec<_> = (1..=150).filter(|id| id % 3 == 0).map(ArticleId).collect();
    cache.store.mark(&marked, Mark::Star).unwrap();
    cache.store.mark(&marked[..25], Mark::Read).unwrap();
    let spot = Spot {
        block: 3,
        offset: 4,
    };
    cache
        .store
        .keep_place(&[(ArticleId(7), spot)], Some("the screen"))
        .unwrap();
    let comment = |number: u64| Comment {
        id: CommentId(number.to_string()),
        parent: None,
        author: "A. Reader".to_owned(),
        by_author: false,
        published: Some(days(-1)),
        html: "<p>Words</p>".to_owned(),
        url: None,
    };
    let facts = ThreadFacts::default();
    for article in [ArticleId(3), ArticleId(9)] {
        let comments: Vec<Comment> = (1..20).map(comment).collect();
        let all = Completeness::Whole;
        let stored = cache
            .store
            .record_comments(article, now(), &comments, all, &facts);
        assert_eq!(stored.unwrap(), 19);
    }
    let words = Words {
        name: "Sam".to_owned(),
        email: "sam@example.test".to_owned(),
        text: "Mine".to_owned(),
    };
    let draft = cache
        .store
        .keep_draft(None, ArticleId(9), None, &words, now());
    draft.unwrap().unwrap();
    let root = |facts: &mut SiteFacts| facts.rest_root = Some("http://a/wp-json/".to_owned());
    cache.store.change_site("http://a", root).unwrap();
    while cache.store.index_some(str::to_owned).unwrap() != Indexing::Done {}
    cache
}

/// What can be asked of a cache that tells whether it is whole.
#[derive(Debug, PartialEq)]
struct Contents {
    articles: Vec<(i64, String, bool, bool, usize)>,
    feeds: Vec<(String, u32, u32, u32)>,
    screen: Option<String>,
    spot: Option<Spot>,
    threads: Vec<Option<KeptThread>>,
    drafts: Vec<Draft>,
}

fn contents(reader: &Reader) -> Contents {
    let articles = list(reader, &ListQuery::default()).into_iter().map(|head| {
        let html = reader.article(head.id).unwrap().unwrap().html;
        let marks = head.marks;
        (head.id.0, head.title, marks.read, marks.starred, html.len())
    });
    Contents {
        articles: articles.collect(),
        feeds: reader
            .feeds()
            .unwrap()
            .into_iter()
            .map(|state| (state.url, state.articles, state.unread, state.starred))
            .collect(),
        screen: reader.screen().unwrap(),
        spot: reader.spot(ArticleId(7)).unwrap(),
        threads: [3, 9]
            .map(|id| reader.thread(ArticleId(id)).unwrap())
            .to_vec(),
        drafts: reader.drafts(ArticleId(9)).unwrap(),
    }
}

/// Closes a cache, lets `harm` change the file's bytes, and returns its folder.
fn harmed(cache: Cache, harm: impl Fn(&mut Vec<u8>)) -> tempfile::TempDir {
    let Cache { dir, store } = cache;
    drop(store);
    let path = dir.path().join("gazette.db");
    let mut bytes = fs::read(&path).unwrap();
    harm(&mut bytes);
    fs::write(&path, bytes).unwrap();
    dir
}

/// Returns the files that were set aside.
fn aside(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    let mut aside: Vec<_> = files
        .filter(|path| path.to_string_lossy().contains(".damaged-"))
        .collect();
    aside.sort();
    aside
}

/// Damages a filled cache, reads all of it, and expects it to be set aside as it was, with at least
/// so many articles in the new one. Returns what is read then, and what was there before.
#[track_caller]
fn check(least: usize, harm: impl Fn(&mut Vec<u8>)) -> (Contents, Contents) {
    let cache = filled();
    let before = contents(&cache.reader());
    let dir = harmed(cache, harm);
    let damaged = fs::read(dir.path().join("gazette.db")).unwrap();
    let folder = Folder::new(dir.path());
    let reader = Reader::open(&folder).unwrap();
    let after = contents(&reader);
    let kept = aside(dir.path());
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(fs::read(&kept[0]).unwrap() == damaged, "kept as it was");
    let told = folder.take_recoveries();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0].aside, told[0].articles as usize),
        (&kept[0], after.articles.len())
    );
    assert!(
        told[0]
            .problem()
            .hint
            .unwrap()
            .as_str()
            .contains(".damaged-")
    );
    assert!(after.articles.len() >= least, "{}", after.articles.len());
    for article in &after.articles {
        // A text that is lost leaves its article.
        let old = before
            .articles
            .iter()
            .find(|old| old.0 == article.0)
            .unwrap();
        assert_eq!(
            (&article.1, article.4 == old.4 || article.4 == 0),
            (&old.1, true)
        );
    }
    let store = Store::open(&folder).unwrap();
    let sound: String = store
        .conn
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    let cache = Cache { dir, store };
    cache.check_counters();
    (after, before)
}

/// Overwrites pages.
fn spoil(bytes: &mut [u8], pages: impl IntoIterator<Item = usize>) {
    for page in pages {
        let page = &mut bytes[page * 8192..(page + 1) * 8192];
        page.fill(0xa5);
    }
}

/// Returns the pages, from 0, whose first byte is this.
fn pages_of_kind(bytes: &[u8], kind: u8) -> Vec<usize> {
    let pages = bytes.chunks(8192).enumerate().skip(1);
    pages
        .filter(|(_, page)| page[0] == kind)
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn without_its_first_page_all_can_be_read() {
    let (after, before) = check(150, |bytes| spoil(bytes, [0]));
    assert_eq!(after, before);
    let (after, before) = check(150, |bytes| bytes[..100].fill(0));
    assert_eq!(after, before);
}

#[test]
fn without_its_indexes_all_can_be_read() {
    let (after, before) = check(150, |bytes| {
        let leaves = pages_of_kind(bytes, 10);
        assert!(!leaves.is_empty());
        spoil(bytes, leaves);
    });
    assert_eq!(after, before);
}

#[test]
fn without_the_pages_between_root_and_rows_all_can_be_read() {
    let (after, before) = check(150, |bytes| {
        let interior = pages_of_kind(bytes, 5);
        assert!(!interior.is_empty());
        spoil(bytes, interior);
    });
    assert_eq!(after, before);
}

#[test]
fn of_a_file_that_is_cut_short_the_rest_can_be_read() {
    let (after, before) = check(15, |bytes| bytes.truncate(bytes.len() / 3));
    assert!(after.articles != before.articles);
    check(0, |bytes| bytes.truncate(5000));
}

#[test]
fn of_pages_of_rows_those_that_are_left_can_be_read() {
    let (after, before) = check(50, |bytes| {
        let leaves = pages_of_kind(bytes, 13);
        spoil(bytes, leaves.into_iter().step_by(4));
    });
    assert!(after.articles != before.articles);
}

#[test]
fn a_file_of_anything_is_set_aside_and_begun_anew() {
    check(0, |bytes| *bytes = b"x".to_vec());
    check(0, |bytes| bytes.fill(b'?'));
}

#[test]
fn writing_meets_damage_as_reading_does() {
    let dir = harmed(filled(), |bytes| {
        let leaves = pages_of_kind(bytes, 10);
        spoil(bytes, leaves);
    });
    let folder = Folder::new(dir.path());
    let mut store = Store::open(&folder).unwrap();
    store.mark(&[ArticleId(1)], Mark::Star).unwrap();
    let feed = store.sync_feeds(&["http://a"]).unwrap()[0].id;
    assert_eq!(
        store
            .record(&fetched(feed, days(1), &[article("new", None)]))
            .unwrap()
            .new,
        1
    );
    assert_eq!(folder.take_recoveries().len(), 1);
    let cache = Cache { dir, store };
    assert!(cache.head("new").id.0 > 150, "no number is given twice");
    assert_eq!(cache.all().len(), 151);
}

#[test]
fn what_stands_in_the_log_alone_is_recovered_and_kept() {
    let mut cache = filled();
    cache.store.shorten_log().unwrap();
    cache.store.mark(&[ArticleId(1)], Mark::Star).unwrap();
    cache.store.make_durable().unwrap();
    // As after a kill: database and log, and nobody who has them open.
    let copy = tempfile::tempdir().unwrap();
    for name in ["gazette.db", "gazette.db-wal"] {
        fs::copy(cache.dir.path().join(name), copy.path().join(name)).unwrap();
    }
    let path = copy.path().join("gazette.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..16].fill(0);
    fs::write(&path, &bytes).unwrap();
    let log = fs::read(copy.path().join("gazette.db-wal")).unwrap();
    let reader = Reader::open(copy.path()).unwrap();
    assert_eq!(contents(&reader), contents(&cache.reader()));
    let kept = aside(copy.path());
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(fs::read(&kept[0]).unwrap() == bytes);
    assert!(kept[1].to_string_lossy().ends_with("Z-wal") && fs::read(&kept[1]).unwrap() == log);
}

#[test]
fn a_text_that_is_spoilt_comes_back_with_the_next_document() {
    let cache = filled();
    cache
        .store
        .conn
        .execute("update bodies set html = x'00' where article_id = 5", [])
        .unwrap();
    let dir = harmed(cache, |_| ());
    let folder = Folder::new(dir.path());
    let reader = Reader::open(&folder).unwrap();
    let article = reader.article(ArticleId(5)).unwrap().unwrap();
    assert_eq!(article.html, "");
    let mut store = Store::open(&folder).unwrap();
    let mut again = super::article(&article.head.title, None);
    again.body = pack("<p>Again.</p>");
    let feed = store.sync_feeds(&["http://a"]).unwrap().remove(0);
    assert_eq!(
        (feed.validators, feed.body_hash),
        (Validators::default(), Some(0))
    );
    assert_eq!(
        store
            .record(&fetched(feed.id, days(1), &[again]))
            .unwrap()
            .updated,
        1
    );
    let article = reader.article(ArticleId(5)).unwrap().unwrap();
    assert_eq!(
        (article.html.as_str(), article.revisions),
        ("<p>Again.</p>", 0)
    );
}

#[test]
fn who_has_the_damaged_file_open_finds_the_new_one() {
    let mut cache = filled();
    let reader = cache.reader();
    let version = reader.data_version().unwrap();
    // Another process meets damage that is none of theirs yet.
    let folder = Folder::new(cache.dir.path());
    let file = FileId::of(&cache.dir.path().join("gazette.db"));
    recover::recover(&folder, file, "as told".to_owned()).unwrap();
    recover::recover(&folder, file, "too late".to_owned()).unwrap();
    assert_eq!(folder.take_recoveries().len(), 1);
    cache.store.mark(&[ArticleId(1)], Mark::Star).unwrap();
    assert!(
        list(&reader, &ListQuery::default())
            .iter()
            .any(|head| head.id.0 == 1 && head.marks.starred)
    );
    let _ = version;
    cache.check_counters();
}

#[test]
fn a_pruned_article_stays_away_from_what_is_recovered() {
    let mut cache = filled();
    cache.store.mark(&[ArticleId(10)], Mark::Read).unwrap();
    let pruned = cache.store.prune(days(1), days(2), &|| false).unwrap();
    assert_eq!(pruned, 1);
    let dir = harmed(cache, |bytes| spoil(bytes, [0]));
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(list(&reader, &ListQuery::default()).len(), 149);
    let mut store = Store::open(dir.path()).unwrap();
    let feed = store.sync_feeds(&["http://a"]).unwrap()[0].id;
    let again = [article("http://a 40", None), article("http://a 41", None)];
    let recorded = store.record(&fetched(feed, days(2), &again)).unwrap();
    assert_eq!(recorded.new, 0);
    assert_eq!(list(&reader, &ListQuery::default()).len(), 149);
}

#[test]
fn articles_of_a_feed_whose_own_row_is_lost_stay() {
    let cache = filled();
    cache
        .store
        .conn
        .execute("delete from feeds where id = 2", [])
        .unwrap();
    let dir = harmed(cache, |bytes| spoil(bytes, [0]));
    let reader = Reader::open(dir.path()).unwrap();
    let feeds: Vec<_> = reader
        .feeds()
        .unwrap()
        .into_iter()
        .map(|feed| (feed.url, feed.articles))
        .collect();
    let expected = [("http://a", 50), ("recovered:2", 50), ("http://c", 50)];
    assert_eq!(feeds, expected.map(|(url, count)| (url.to_owned(), count)));
}

#[test]
fn a_list_that_meets_damage_half_way_goes_on_where_it_was() {
    let dir = harmed(filled(), |bytes| {
        let leaves = pages_of_kind(bytes, 13);
        spoil(bytes, leaves.into_iter().step_by(7));
    });
    let reader = Reader::open(dir.path()).unwrap();
    let once = list(&reader, &ListQuery::default());
    let mut ids: Vec<_> = once.iter().map(|head| head.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), once.len(), "an article came twice");
}

/// Any bytes anywhere: nothing panics, nothing is told that wasn't there, and all that is read once
/// more is the same.
#[test]
fn whatever_is_spoilt_nothing_is_made_up() {
    let whole = filled();
    let before = contents(&whole.reader());
    let Cache { dir: source, store } = whole;
    drop(store);
    let bytes = fs::read(source.path().join("gazette.db")).unwrap();
    // A linear congruence: the same every time.
    let mut state: u64 = 7;
    let mut dice = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..40 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("gazette.db");
        let mut spoilt = bytes.clone();
        for _ in 0..=dice(30) {
            let at = dice(spoilt.len());
            let length = 1 + dice(3000);
            let end = (at + length).min(spoilt.len());
            let with = u8::try_from(dice(256)).unwrap();
            spoilt[at..end].fill(with);
        }
        fs::write(&path, &spoilt).unwrap();
        let folder = Folder::new(dir.path());
        let Ok(reader) = Reader::open(&folder) else {
            // The numbers that say whose file it is were hit.
            continue;
        };
        let heads = list(&reader, &ListQuery::default());
        for head in &heads {
            assert!((1..=150).contains(&head.id.0), "{head:?}");
            let _ = reader.article(head.id).unwrap();
        }
        assert!(heads.len() <= before.articles.len());
        assert!(folder.take_recoveries().len() <= 2);
    }
}

#[test]
fn a_poll_of_a_feed_whose_row_is_lost_is_told() {
    let mut cache = filled();
    let poll = fetched(FeedId(99), days(1), &[article("new", None)]);
    let told = cache.store.record(&poll);
    assert!(
        matches!(told, Err(StoreError::UnknownFeed { .. })),
        "{told:?}"
    );
    assert_eq!(cache.all().len(), 150);
}

#[test]
fn a_recovery_that_was_cut_short_is_ended_by_the_next_who_comes() {
    let mut cache = filled();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, days(1), &[article("in the log", None)]);
    let (path, log) = ("gazette.db", "gazette.db-wal");
    let copy = tempfile::tempdir().unwrap();
    for name in [path, log] {
        fs::copy(cache.dir.path().join(name), copy.path().join(name)).unwrap();
    }
    let file = copy.path().join(path);
    let older = fs::read(&file).unwrap();
    let mut bytes = older.clone();
    bytes[..100].fill(0);
    fs::write(&file, bytes).unwrap();
    let recovered = contents(&Reader::open(copy.path()).unwrap());
    assert_eq!(recovered.articles.len(), 151);
    // As a kill leaves it that comes once the log is gone and before the new file has its name; that
    // the old one is damaged isn't seen without its log.
    let left = tempfile::tempdir().unwrap();
    fs::copy(&file, left.path().join("gazette.db-recovered")).unwrap();
    fs::write(left.path().join(path), older).unwrap();
    for kept in aside(copy.path()) {
        fs::copy(&kept, left.path().join(kept.file_name().unwrap())).unwrap();
    }
    let folder = Folder::new(left.path());
    assert_eq!(contents(&Reader::open(&folder).unwrap()), recovered);
    assert!(!left.path().join("gazette.db-recovered").exists());
    let told = folder.take_recoveries();
    let kept: Vec<_> = told.iter().map(|one| one.aside.clone()).collect();
    assert_eq!(kept.len(), 1);
    assert!(aside(left.path()).contains(&kept[0]), "{kept:?}");
    assert!(!kept[0].to_string_lossy().ends_with("-wal"));
}

#[test]
fn a_header_that_no_sqlite_writes_is_damage() {
    let (after, before) = check(150, |file| file[44..48].copy_from_slice(&[0, 0, 0, 9]));
    assert_eq!(after, before);
    // A version below the first one: no newer program wrote that.
    let dir = harmed(filled(), |file| file[60..64].fill(0xff));
    let mut store = Store::open(dir.path()).unwrap();
    store.mark(&[ArticleId(1)], Mark::Star).unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(list(&reader, &ListQuery::default()).len(), 150);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_damaged_database_goes_on_leading_to_it() {
    let dir = harmed(filled(), |bytes| bytes[..4096].fill(0));
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("gazette.db");
    std::os::unix::fs::symlink(dir.path().join("gazette.db"), &link).unwrap();
    let reader = Reader::open(elsewhere.path()).unwrap();
    assert_eq!(list(&reader, &ListQuery::default()).len(), 150);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(aside(dir.path()).len(), 1);
}
