use std::time::Duration;

use jiff::civil::Weekday;

use super::*;
use crate::model::article::Mark;

#[test]
fn an_article_comes_out_as_it_went_in() {
    let mut cache = Cache::new();
    let feed = cache.feed("https://example.test/feed");
    let full = NewArticle {
        byline: Some("A. Clerk".to_owned()),
        updated: Some(days(0)),
        standfirst: "In short".to_owned(),
        comments: CommentsLink {
            count: Some(3),
            page: Some("https://example.test/one#comments".to_owned()),
            feed: None,
        },
        enclosures: vec![crate::model::feed::Enclosure {
            url: "https://example.test/a.pdf".to_owned(),
            media_type: Some("application/pdf".to_owned()),
            bytes: Some(5),
            title: None,
        }],
        base: Some("https://example.test/".to_owned()),
        ..article("one", Some(days(-1)))
    };
    cache.poll(feed, now(), std::slice::from_ref(&full));
    let kept = cache.reader().article(cache.id("one")).unwrap().unwrap();
    assert_eq!(kept.html, "<p>Text of one</p>");
    assert_eq!(kept.enclosures, full.enclosures);
    assert_eq!(kept.base, full.base);
    assert_eq!(kept.revisions, 0);
    assert_eq!(kept.head.guid, full.guid);
    assert_eq!(kept.head.permalink, full.permalink);
    assert_eq!(kept.head.byline, full.byline);
    assert_eq!(kept.head.published, full.published);
    assert_eq!(kept.head.updated, full.updated);
    assert_eq!(kept.head.first_seen, now());
    assert_eq!(kept.head.standfirst, "In short");
    assert_eq!(kept.head.comments_count, Some(3));
    assert_eq!(kept.head.stored, StoredText::Whole);
}

#[test]
fn an_unknown_article_is_none() {
    let cache = Cache::new();
    assert_eq!(cache.reader().article(ArticleId(7)).unwrap(), None);
}

#[test]
fn a_changed_text_keeps_number_marks_and_date_and_the_earlier_text() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let first = article("one", Some(days(-2)));
    assert_eq!(cache.poll(feed, now(), std::slice::from_ref(&first)).new, 1);
    let id = cache.id("one");
    cache.store.mark(&[id], Mark::Read).unwrap();
    cache.store.mark(&[id], Mark::Star).unwrap();
    assert!(!cache.head("one").changed);

    let second = NewArticle {
        published: Some(days(-1)),
        ..with_text(&first, "<p>Otherwise</p>", 2)
    };
    let recorded = cache.poll(feed, days(1), std::slice::from_ref(&second));
    assert_eq!(recorded, Recorded { new: 0, updated: 1 });
    let kept = cache.reader().article(id).unwrap().unwrap();
    assert_eq!(kept.html, "<p>Otherwise</p>");
    assert_eq!(kept.revisions, 1);
    assert_eq!(kept.head.published, Some(days(-2)));
    assert_eq!(kept.head.updated, Some(days(-1)));
    assert_eq!(kept.head.first_seen, now());
    assert!(kept.head.marks.read && kept.head.marks.starred && kept.head.changed);

    cache.store.mark(&[id], Mark::Read).unwrap();
    assert!(!cache.head("one").changed, "read again");
    cache.check_counters();
}

#[test]
fn the_same_text_under_a_new_date_is_no_change() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let first = article("one", Some(days(-2)));
    cache.poll(feed, now(), std::slice::from_ref(&first));
    let again = NewArticle {
        updated: Some(days(0)),
        ..first
    };
    assert_eq!(cache.poll(feed, days(1), &[again]), Recorded::default());
    let kept = cache.reader().article(cache.id("one")).unwrap().unwrap();
    assert_eq!(kept.revisions, 0);
    assert_eq!(kept.head.updated, Some(days(0)));
}

#[test]
fn at_most_twenty_revisions_are_kept() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let first = article("one", Some(days(-2)));
    for text in 0..30 {
        cache.poll(feed, now(), &[with_text(&first, &text.to_string(), text)]);
    }
    let kept = cache.reader().article(cache.id("one")).unwrap().unwrap();
    assert_eq!((kept.revisions, kept.html.as_str()), (20, "29"));
}

#[test]
fn of_two_articles_with_one_key_the_first_counts() {
    let mut cache = Cache::new();
    let feed = cache.feed("https://example.test/feed");
    let first = article("one", None);
    let twin = NewArticle {
        title: "twin".to_owned(),
        ..first.clone()
    };
    for _ in 0..2 {
        cache.poll(feed, now(), &[first.clone(), twin.clone()]);
        assert_eq!(cache.titles(&ListQuery::default()), ["one"]);
    }
}

#[test]
fn a_first_poll_leaves_the_last_seven_days_unread() {
    let mut cache = Cache::new();
    let feed = cache.feed("https://example.test/feed");
    let articles = [
        article("future", Some(days(3))),
        article("fresh", Some(days(-7))),
        article("old", Some(days(-7) - SignedDuration::from_secs(1))),
        article("undated", None),
    ];
    cache.poll(feed, now(), &articles);
    let unread = ListQuery {
        read: Is::Unset,
        ..ListQuery::default()
    };
    assert_eq!(cache.titles(&unread), ["future", "fresh"]);
    assert_eq!(cache.state(feed).unread, 2);
    // What comes later is news, however old.
    cache.poll(feed, now(), &[article("late", Some(days(-90)))]);
    assert_eq!(cache.titles(&unread), ["future", "fresh", "late"]);
    cache.check_counters();
}

#[test]
fn a_first_poll_without_dates_leaves_ten_unread() {
    let mut cache = Cache::new();
    let feed = cache.feed("https://example.test/feed");
    let titles: Vec<String> = (0..15).map(|n| format!("{n}")).collect();
    let articles: Vec<_> = titles.iter().map(|title| article(title, None)).collect();
    cache.poll(feed, now(), &articles);
    assert_eq!(
        cache.titles(&ListQuery::default()),
        titles,
        "document order"
    );
    let unread = ListQuery {
        read: Is::Unset,
        ..ListQuery::default()
    };
    assert_eq!(cache.titles(&unread), titles[..10]);
}

#[test]
fn a_first_poll_that_fails_is_not_the_first() {
    let mut cache = Cache::new();
    let feed = cache.feed("https://example.test/feed");
    fail(&mut cache, feed);
    cache.poll(feed, now(), &[article("old", Some(days(-90)))]);
    assert!(cache.head("old").marks.read);
}

fn fail(cache: &mut Cache, feed: FeedId) {
    let poll = Poll {
        status: Some(503),
        not_before: Some(days(1)),
        outcome: PollOutcome::Failed {
            error: "no answer".to_owned(),
        },
        ..fetched(feed, now(), &[])
    };
    cache.store.record(&poll).unwrap();
}

#[test]
fn failures_count_up_until_an_answer_comes() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let before = cache.state(feed);
    fail(&mut cache, feed);
    fail(&mut cache, feed);
    let failing = cache.state(feed);
    assert_eq!(failing.failures, 2);
    assert_eq!(failing.last_error.as_deref(), Some("no answer"));
    assert_eq!(failing.last_status, Some(503));
    assert_eq!(failing.not_before, Some(days(1)));
    assert_eq!(failing.body_hash, before.body_hash);
    assert_eq!(failing.validators, before.validators);

    let validators = Validators {
        etag: Some(b"\"\xff\"".to_vec()),
        last_modified: None,
    };
    let unchanged = Poll {
        status: Some(304),
        outcome: PollOutcome::Unchanged {
            polled_url: "https://example.test/moved".to_owned(),
            validators: validators.clone(),
            validators_url: Some("https://example.test/today".to_owned()),
            body_hash: None,
        },
        ..fetched(feed, days(1), &[])
    };
    cache.store.record(&unchanged).unwrap();
    let well = cache.state(feed);
    assert_eq!((well.failures, &well.last_error), (0, &None));
    assert_eq!(well.validators, validators);
    assert_eq!(
        well.validators_url.as_deref(),
        Some("https://example.test/today")
    );
    assert_eq!(well.body_hash, before.body_hash);
    assert_eq!(well.polled_url, "https://example.test/moved");
    assert_eq!(well.last_poll, Some(days(1)));
    assert_eq!(well.not_before, None);
}

#[test]
fn what_a_server_asked_for_outlasts_a_failure_that_says_nothing() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let failed = |not_before| Poll {
        not_before,
        outcome: PollOutcome::Failed {
            error: "the server answered 503".to_owned(),
        },
        ..fetched(feed, now(), &[])
    };
    cache.store.record(&failed(Some(days(3)))).unwrap();
    // Another process had asked at the same time.
    cache.store.record(&failed(None)).unwrap();
    assert_eq!(cache.state(feed).not_before, Some(days(3)));
    cache.store.record(&failed(Some(days(2)))).unwrap();
    assert_eq!(cache.state(feed).not_before, Some(days(3)));
    cache.store.record(&failed(Some(days(4)))).unwrap();
    assert_eq!(cache.state(feed).not_before, Some(days(4)));
    // What lies in the past holds nobody, and a good answer ends it.
    cache.poll(feed, now(), &[]);
    assert_eq!(cache.state(feed).not_before, None);
}

#[test]
fn a_feed_that_is_gone_is_gone_until_it_answers() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let gone = Poll {
        status: Some(410),
        next_poll: None,
        outcome: PollOutcome::Gone {
            reason: "its server says so".to_owned(),
        },
        ..fetched(feed, now(), &[])
    };
    cache.store.record(&gone).unwrap();
    let state = cache.state(feed);
    assert!(state.gone);
    assert_eq!(state.next_poll, None);
    cache.poll(feed, days(1), &[]);
    assert!(!cache.state(feed).gone);
}

#[test]
fn the_newest_article_is_the_last_news() {
    let mut cache = Cache::new();
    let feed = cache.feed("https://example.test/feed");
    assert_eq!(cache.state(feed).last_news, None);
    cache.poll(
        feed,
        now(),
        &[article("a", Some(days(-3))), article("b", Some(days(-5)))],
    );
    cache.poll(feed, now(), &[article("c", Some(days(-9)))]);
    assert_eq!(cache.state(feed).last_news, Some(days(-3)));
}

#[test]
fn feeds_come_back_in_the_order_asked_for() {
    let mut cache = Cache::new();
    let urls = |states: &[FeedState]| -> Vec<String> {
        states.iter().map(|state| state.url.clone()).collect()
    };
    let first = cache.store.sync_feeds(&["http://b", "http://a"]).unwrap();
    assert_eq!(urls(&first), ["http://b", "http://a"]);
    let second = cache
        .store
        .sync_feeds(&["http://a", "http://c", "http://a"])
        .unwrap();
    assert_eq!(urls(&second), ["http://a", "http://c", "http://a"]);
    assert_eq!(second[0], first[1]);
    assert_eq!(
        urls(&cache.reader().feeds().unwrap()),
        ["http://b", "http://a", "http://c"]
    );
}

#[test]
fn the_pace_that_a_document_asks_for_is_kept() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let pace = Pace {
        ttl_minutes: Some(90),
        skip_hours: vec![0, 23],
        skip_days: vec![Weekday::Sunday],
        update_every: Some(Duration::from_mins(1)),
        fresh_for: Some(Duration::from_hours(3)),
    };
    let mut poll = fetched(feed, days(1), &[]);
    if let PollOutcome::Fetched { pace: asked, .. } = &mut poll.outcome {
        *asked = pace.clone();
    }
    cache.store.record(&poll).unwrap();
    assert_eq!(cache.state(feed).pace, pace);
    cache.store.record(&fetched(feed, days(2), &[])).unwrap();
    assert_eq!(cache.state(feed).pace, Pace::default());
}

#[test]
fn an_article_whose_guid_is_doubled_later_stays_the_same_one() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    let first = article("one", Some(days(-2)));
    cache.poll(feed, now(), std::slice::from_ref(&first));
    let id = cache.id("one");
    cache.store.mark(&[id], Mark::Read).unwrap();
    let renamed = |title: &str, key| NewArticle {
        key,
        other_keys: vec![first.key],
        title: title.to_owned(),
        ..first.clone()
    };
    // Another article with that guid is no reason to take the number away from the first.
    let twice = [renamed("other", 98), renamed("one", 99)];
    assert_eq!(cache.poll(feed, days(1), &twice).new, 1);
    assert_eq!(cache.id("one"), id);
    assert!(cache.head("one").marks.read);
    let back = NewArticle {
        other_keys: vec![99],
        ..first.clone()
    };
    assert_eq!(cache.poll(feed, days(2), &[back]).new, 0);
    assert_eq!(cache.id("one"), id);
}
