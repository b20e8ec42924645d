use proptest::prelude::*;

use super::*;
use crate::model::article::Mark;
use crate::search;

/// A stand-in for the real thing: takes the tags away.
fn plain_text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    text
}

fn found(cache: &Cache, query: &str, limit: Option<usize>) -> Vec<String> {
    let mut titles = Vec::new();
    let keep = &mut |head: ArticleHead| {
        titles.push(head.title);
        ControlFlow::Continue(())
    };
    let query = search::parse(query);
    cache
        .reader()
        .search(&query, plain_text, limit, keep)
        .unwrap();
    titles
}

fn index(cache: &mut Cache) {
    for _ in 0..1000 {
        if cache.store.index_some(plain_text).unwrap() == Indexing::Done {
            return;
        }
    }
    panic!("the index is never done");
}

/// Searches before, in the midst of and after indexing.
#[track_caller]
fn check(articles: &[NewArticle], query: &str, titles: &[&str]) {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), articles);
    assert_eq!(found(&cache, query, None), titles, "before");
    index(&mut cache);
    assert_eq!(found(&cache, query, None), titles, "after");
    cache.poll(feed, days(1), &[article("another one", Some(days(-50)))]);
    assert_eq!(
        found(&cache, query, None),
        titles,
        "with one that is not indexed"
    );
}

fn three() -> [NewArticle; 3] {
    let base = |title, day| article(title, Some(days(day)));
    [
        with_text(&base("Older tax", -9), "<p>The <b>plan</b> for Llŷn</p>", 1),
        with_text(
            &base("Newer", -1),
            "<p>Tax, a plan &amp; more: foo-bar</p>",
            1,
        ),
        with_text(&base("Other", -2), "<p>bar foo</p>", 1),
    ]
}

#[test]
fn words_in_titles_and_texts_are_found_newest_first() {
    check(&three(), "plan TAX", &["Newer", "Older tax"]);
    check(&three(), "llyn", &["Older tax"]);
    check(&three(), "foo-bar", &["Newer"]);
    check(&three(), "nothing", &[]);
}

#[test]
fn no_query_is_an_error() {
    for query in [
        "",
        "\"",
        "*",
        "foo*",
        "NEAR(foo bar)",
        "title:foo",
        "-foo",
        "(",
        "a\u{0}b",
        "AND OR NOT",
        "^foo",
        "{title}:foo",
        "foo + bar",
        "'; drop table articles; --",
        "\u{301}",
        "é\"",
    ] {
        let mut cache = Cache::new();
        let feed = cache.old_feed("http://a");
        cache.poll(feed, now(), &three());
        let before = found(&cache, query, None);
        index(&mut cache);
        assert_eq!(found(&cache, query, None), before, "{query}");
    }
}

#[test]
fn a_limit_keeps_the_newest() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..30)
        .map(|n| article(&n.to_string(), Some(days(-n))))
        .collect();
    cache.poll(feed, now(), &articles);
    index(&mut cache);
    assert_eq!(found(&cache, "text", Some(3)), ["0", "1", "2"]);
    assert_eq!(found(&cache, "text", Some(0)), [""; 0]);
    assert_eq!(found(&cache, "text", None).len(), 30);
}

#[test]
fn a_changed_text_is_found_by_its_new_words_alone() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let first = with_text(&article("one", None), "early words", 1);
    cache.poll(feed, now(), std::slice::from_ref(&first));
    index(&mut cache);
    cache.poll(feed, days(1), &[with_text(&first, "late words", 2)]);
    for _ in 0..2 {
        assert_eq!(found(&cache, "early", None), [""; 0]);
        assert_eq!(found(&cache, "late", None), ["one"]);
        assert_eq!(found(&cache, "words", None), ["one"]);
        index(&mut cache);
    }
}

#[test]
fn articles_that_were_taken_out_keep_the_index_from_nothing() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles = ["one", "two", "three"].map(|title| article(title, None));
    cache.poll(feed, now(), &articles);
    index(&mut cache);
    let changed = articles.map(|article| with_text(&article, "late words", 2));
    cache.poll(feed, days(1), &changed);
    // The two with the highest numbers.
    let sql = "delete from articles where title <> 'three'";
    assert_eq!(cache.store.conn.execute(sql, []).unwrap(), 2);
    // Their changes are waiting, beside one of an article that is there.
    assert_eq!(
        cache.store.index_some(plain_text).unwrap(),
        Indexing::Done,
        "an article of three is there"
    );
    assert_eq!(found(&cache, "late", None), ["three"]);
    for (table, expected) in [("reindex", 0), ("search", 1)] {
        let sql = format!("select count(*) from {table}");
        let count: i64 = cache
            .store
            .conn
            .query_one(&sql, [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, expected, "rows of {table}");
    }
}

#[test]
fn what_waits_for_the_index_is_counted_after_the_newest_were_taken_out() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..1700).map(|n| article(&n.to_string(), None)).collect();
    cache.poll(feed, now(), &articles);
    index(&mut cache);
    let changed: Vec<_> = articles
        .iter()
        .map(|article| with_text(article, "late", 2))
        .collect();
    cache.poll(feed, days(1), &changed);
    let sql = "delete from articles where id > 600";
    cache.store.conn.execute(sql, []).unwrap();
    let first = cache.store.index_some(plain_text).unwrap();
    assert!(
        matches!(first, Indexing::More { left: 1..=1200 }),
        "{first:?}"
    );
    index(&mut cache);
    assert_eq!(found(&cache, "late", None).len(), 600);
    assert_eq!(found(&cache, "text", None).len(), 0);
}

/// Fails on some texts, as what reads HTML of all the world may.
fn fragile(html: &str) -> String {
    assert!(!html.contains("poison"), "this text is too much");
    plain_text(html)
}

#[test]
fn a_text_that_cannot_be_read_is_found_by_its_title_and_stops_no_other() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let poisoned = with_text(&article("Heading", None), "<p>poison words</p>", 1);
    cache.poll(
        feed,
        now(),
        &[article("before", None), poisoned, article("after", None)],
    );
    let check = |cache: &Cache, query: &str, expected: &[&str]| {
        let mut titles = Vec::new();
        let keep = &mut |head: ArticleHead| {
            titles.push(head.title);
            ControlFlow::Continue(())
        };
        let query = search::parse(query);
        cache.reader().search(&query, fragile, None, keep).unwrap();
        titles.sort();
        assert_eq!(titles, expected);
    };
    for _ in 0..2 {
        check(&cache, "heading", &["Heading"]);
        check(&cache, "words", &[]);
        check(&cache, "text", &["after", "before"]);
        assert_eq!(cache.store.index_some(fragile).unwrap(), Indexing::Done);
    }
}

#[test]
fn two_that_index_at_once_agree() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    let articles: Vec<_> = (0..1500).map(|n| article(&n.to_string(), None)).collect();
    cache.poll(feed, now(), &articles);
    let dir = cache.dir.path().to_owned();
    let other = std::thread::spawn(move || {
        let mut store = Store::open(&dir).unwrap();
        while store.index_some(plain_text).unwrap() != Indexing::Done {}
    });
    index(&mut cache);
    other.join().unwrap();
    assert_eq!(found(&cache, "text", None).len(), 1500);
    assert_eq!(found(&cache, "1499", None), ["1499"]);
}

#[test]
fn indexing_keeps_marks_and_counters() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &three());
    let id = cache.id("Newer");
    cache.store.mark(&[id], Mark::Star).unwrap();
    index(&mut cache);
    assert!(cache.head("Newer").marks.starred);
    cache.check_counters();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]
    #[test]
    fn the_index_changes_no_answer(
        texts in prop::collection::vec("(\\PC|[a-cÀ-ž -]){0,12}( [a-c]{1,2}){0,4}", 1..6),
        query in "(\\PC|[a-cÀ-ž \"*:()-]){0,6}",
    ) {
        let mut cache = Cache::new();
        let feed = cache.old_feed("http://a");
        let articles: Vec<_> = (0..)
            .zip(&texts)
            .map(|(n, text)| with_text(&article(&format!("{n}"), None), text, 1))
            .collect();
        cache.poll(feed, now(), &articles);
        let before = found(&cache, &query, None);
        index(&mut cache);
        prop_assert_eq!(&before, &found(&cache, &query, None));
        // A text is found by what stands in it.
        let first = texts[0].trim();
        if !search::parse(first).is_empty() && !first.contains(['<', '>']) {
            prop_assert!(found(&cache, first, None).contains(&"0".to_owned()));
        }
    }
}
