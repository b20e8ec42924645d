use super::*;
use crate::model::article::Mark;

/// Three feeds whose articles interleave, with ties.
fn three_feeds() -> (Cache, [FeedId; 3]) {
    let mut cache = Cache::new();
    let feeds = ["http://a", "http://b", "http://c"].map(|url| cache.old_feed(url));
    for (number, feed) in (0..).zip(feeds) {
        let articles: Vec<_> = (0..40)
            .map(|n| {
                article(
                    &format!("{number}-{n}"),
                    Some(days(-(n * 7 + number * 3) % 28)),
                )
            })
            .collect();
        cache.poll(feed, now(), &articles);
    }
    (cache, feeds)
}

/// Compares a list with what sorting and filtering everything gives.
#[track_caller]
fn check(cache: &Cache, query: &ListQuery) -> usize {
    let mut expected = cache.all();
    let sorted_at = |head: &ArticleHead| {
        let published = head
            .published
            .filter(|published| *published <= head.first_seen);
        published.unwrap_or(head.first_seen)
    };
    expected.sort_by_key(|head| std::cmp::Reverse((sorted_at(head), head.id)));
    if let Scope::Feeds(feeds) = &query.scope {
        expected.retain(|head| feeds.contains(&head.feed));
    }
    let wanted = |is: Is, set: bool| match is {
        Is::Either => true,
        Is::Set => set,
        Is::Unset => !set,
    };
    expected.retain(|head| {
        wanted(query.read, head.marks.read)
            && wanted(query.starred, head.marks.starred)
            && query.since.is_none_or(|since| sorted_at(head) >= since)
            && query.before.is_none_or(|before| sorted_at(head) < before)
    });
    expected.truncate(query.limit.unwrap_or(usize::MAX));
    assert_eq!(cache.list(query), expected);
    expected.len()
}

#[test]
fn lists_are_sorted_and_filtered() {
    let (mut cache, [a, b, c]) = three_feeds();
    let all = cache.all();
    let ids: Vec<_> = all.iter().map(|head| head.id).collect();
    cache.store.mark(&ids[10..70], Mark::Read).unwrap();
    cache.store.mark(&ids[30..40], Mark::Star).unwrap();
    assert_eq!(check(&cache, &ListQuery::default()), 120);
    for scope in [
        Scope::All,
        Scope::Feeds(vec![c, a, c]),
        Scope::Feeds(vec![b]),
        Scope::Feeds(vec![FeedId(99)]),
        Scope::Feeds(Vec::new()),
    ] {
        for read in [Is::Either, Is::Set, Is::Unset] {
            for starred in [Is::Either, Is::Set, Is::Unset] {
                for (since, before) in [
                    (None, None),
                    (Some(days(-14)), None),
                    (None, Some(days(-14))),
                    (Some(days(-21)), Some(days(-7))),
                ] {
                    for limit in [None, Some(0), Some(1), Some(25)] {
                        let scope = scope.clone();
                        check(
                            &cache,
                            &ListQuery {
                                scope,
                                read,
                                starred,
                                tag: None,
                                tagged: Vec::new(),
                                since,
                                before,
                                limit,
                            },
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_list_ends_where_its_reader_breaks_off() {
    let (cache, _) = three_feeds();
    let mut seen = 0;
    let stop_at_five = &mut |_| {
        seen += 1;
        if seen == 5 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    cache
        .reader()
        .list(&ListQuery::default(), stop_at_five)
        .unwrap();
    assert_eq!(seen, 5);
}

#[test]
fn tags_come_with_the_article_and_filter_lists() {
    let (cache, _) = three_feeds();
    let id = cache.id("1-3");
    let tag = cache.store.conn.prepare("insert into tags values (?1, ?2)");
    let mut tag = tag.unwrap();
    for name in ["travel", "by hand"] {
        tag.execute(rusqlite::params![id.0, name]).unwrap();
    }
    let tagged = ListQuery {
        tag: Some("travel".to_owned()),
        ..ListQuery::default()
    };
    let heads = cache.list(&tagged);
    assert_eq!(heads.len(), 1);
    assert_eq!(heads[0].marks.tags, ["by hand", "travel"]);
}

#[test]
fn a_date_in_the_future_counts_as_the_first_sight() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, days(-2), &[article("future", Some(days(300)))]);
    cache.poll(feed, now(), &[article("today", Some(days(0)))]);
    assert_eq!(cache.titles(&ListQuery::default()), ["today", "future"]);
    assert_eq!(cache.head("future").published, Some(days(300)));
}
