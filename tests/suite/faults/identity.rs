//! What the cache promises, 1 and 2: which article is which, and what is unread at first.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{force, subscribed, titles};
use crate::support::env::TestEnv;
use crate::support::samples::rss;
use crate::support::server::{Answer, FakeServer};

/// Polls one document after the other as one feed; returns the lines and the program.
fn polled(documents: &[String]) -> (Vec<Value>, TestEnv) {
    let server = FakeServer::start();
    for document in documents {
        server.answer("/feed", Answer::ok(&**document));
    }
    let env = subscribed(&server, "");
    let lines = documents.iter().map(|_| force(&env)).collect();
    (lines, env)
}

/// Checks that the later documents bring nothing new, and so many articles that changed.
#[track_caller]
fn check_known(documents: &[String], articles: usize, updated: u64) -> TestEnv {
    let (lines, env) = polled(documents);
    for line in &lines[1..] {
        assert_eq!(line["new"], 0, "{line}");
    }
    let changes: u64 = lines
        .iter()
        .filter_map(|line| line["updated"].as_u64())
        .sum();
    assert_eq!(changes, updated, "{lines:?}");
    assert_eq!(titles(&env).len(), articles);
    env
}

/// An item of these elements.
fn item(elements: &[(&str, &str)]) -> String {
    let elements: String = elements
        .iter()
        .map(|(name, text)| format!("<{name}>{text}</{name}>"))
        .collect();
    format!("<item>{elements}</item>")
}

const DATE: &str = "Tue, 24 Nov 2026 09:14:00 GMT";

#[test]
fn an_article_is_known_by_its_guid_through_every_change() {
    let first = item(&[
        ("guid", "tag:1"),
        ("title", "a"),
        ("link", "https://a.example/1"),
        ("description", "x"),
    ]);
    let second = item(&[
        ("guid", "tag:1"),
        ("title", "b"),
        ("link", "https://b.example/2"),
        ("description", "y"),
    ]);
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(rss(&first)));
    server.answer("/feed", Answer::ok(rss(&second)));
    let env = subscribed(&server, "");
    force(&env);
    for mark in ["read", "star"] {
        assert_eq!(env.run(&["mark", mark, "1"]).code, Some(0));
    }
    let line = force(&env);
    assert_eq!(
        (&line["new"], &line["updated"], &line["status"]),
        (&0.into(), &1.into(), &"new".into())
    );
    let article = &env.json(&["show", "1", "--format", "json"])[0];
    for (field, value) in [
        ("id", Value::from(1)),
        ("title", "b".into()),
        ("url", "https://b.example/2".into()),
        ("read", true.into()),
        ("starred", true.into()),
        ("changed", true.into()),
        ("revisions", 1.into()),
    ] {
        assert_eq!(article[field], value, "{field}");
    }
}

#[test]
fn feeds_without_guids_bring_nothing_new_at_the_second_poll() {
    // By link, whatever else changes.
    let by_link = |title: &str| {
        item(&[
            ("title", title),
            ("link", "https://a.example/1"),
            ("pubDate", DATE),
        ])
    };
    check_known(&[rss(&by_link("a")), rss(&by_link("b"))], 1, 1);
    // By title and date where there is no link, either.
    let bare = |text: &str| item(&[("title", "a"), ("pubDate", DATE), ("description", text)]);
    check_known(&[rss(&bare("x")), rss(&bare("y"))], 1, 1);
    let undated = |text: &str| item(&[("title", "a"), ("description", text)]);
    check_known(&[rss(&undated("x")), rss(&undated("y"))], 1, 1);
    // In another order, with others before them.
    let [a, b, c] = ["a", "b", "c"].map(|title| item(&[("title", title)]));
    let (lines, _) = polled(&[rss(&[&*a, &b].concat()), rss(&[&*c, &b, &a].concat())]);
    assert_eq!(lines[1]["new"], 1);
}

#[test]
fn links_that_track_their_reader_are_the_same_links() {
    let linked = |query: &str| {
        item(&[
            ("title", "a"),
            ("link", &format!("https://a.example/1{query}")),
        ])
    };
    check_known(
        &[
            "?utm_source=rss",
            "?utm_source=atom&amp;utm_campaign=7",
            "?at_medium=RSS",
            "",
        ]
        .map(|query| rss(&linked(query))),
        1,
        0,
    );
    // What chooses the page does count.
    let (lines, _) = polled(
        &["?id=1&amp;utm_source=a", "?id=2&amp;utm_source=a"].map(|query| rss(&linked(query))),
    );
    assert_eq!(lines[1]["new"], 1);
}

#[test]
fn a_guid_that_occurs_twice_in_a_document_is_none() {
    let [one, other] = ["1", "2"].map(|n| {
        item(&[
            ("guid", "same"),
            ("title", n),
            ("link", &format!("https://a.example/{n}")),
        ])
    });
    let both = rss(&[&*one, &other].concat());
    check_known(&[both.clone(), both.replace("<title>1", "<title>9")], 2, 1);
    // Nor are a guid and a link that all share.
    let [one, other] = ["1", "2"].map(|n| {
        item(&[
            ("guid", "same"),
            ("title", n),
            ("link", "https://a.example/"),
            ("pubDate", DATE),
        ])
    });
    let both = rss(&[&*one, &other].concat());
    check_known(
        &[
            both.clone(),
            both.replace("</channel>", "<ttl>5</ttl></channel>"),
        ],
        2,
        0,
    );
}

#[test]
fn ids_on_gov_uk_are_compared_without_their_timestamp() {
    let atom = |id: &str, text: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><entry><id>{id}</id><title>a</title>\
             <updated>2026-11-20T10:00:00Z</updated><content>{text}</content></entry></feed>"
        )
    };
    let page = "https://www.gov.uk/government/news/a";
    check_known(
        &[
            atom(&format!("{page}#2026-09-18T10:00:00Z"), "x"),
            atom(&format!("{page}#2026-09-19T11:30:00+01:00"), "y"),
            atom(page, "z"),
        ],
        1,
        2,
    );
    for (one, other) in [
        (
            "https://elsewhere.example/a#2026-09-18T10:00:00Z",
            "https://elsewhere.example/a#2026-09-19T10:00:00Z",
        ),
        (
            "https://www.gov.uk/a#part-one",
            "https://www.gov.uk/a#part-two",
        ),
    ] {
        let (lines, _) = polled(&[atom(one, "x"), atom(other, "x")]);
        assert_eq!(lines[1]["new"], 1, "{one}");
    }
}

#[test]
fn the_same_content_under_a_new_date_is_no_update() {
    let dated = |date: &str| {
        item(&[
            ("guid", "1"),
            ("title", "a"),
            ("description", "text"),
            ("pubDate", date),
        ])
    };
    let env = check_known(
        &[
            rss(&dated(DATE)),
            rss(&dated("Thu, 26 Nov 2026 10:00:00 GMT")),
        ],
        1,
        0,
    );
    let article = &env.json(&["show", "1", "--format", "json"])[0];
    assert_eq!(article["published"], "2026-11-24T09:14:00Z");
    assert_eq!(article["updated"], "2026-11-26T10:00:00Z");
    assert_eq!(article["revisions"], 0);
}

#[test]
fn what_leaves_a_document_and_comes_back_is_known() {
    let [a, b] = ["a", "b"].map(|title| item(&[("guid", title), ("title", title)]));
    check_known(
        &[rss(&[&*a, &b].concat()), rss(&b), rss(&[&*a, &b].concat())],
        2,
        0,
    );
}

/// Returns a date as RSS has it, so many days before now.
fn days_ago(days: i64) -> String {
    let time = Timestamp::now() - SignedDuration::from_hours(24 * days);
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn unread(env: &TestEnv) -> Vec<String> {
    let articles = env.json(&["list", "--unread", "--format", "json"]);
    let mut titles: Vec<String> = articles
        .iter()
        .map(|article| article["title"].as_str().unwrap_or_default().to_owned())
        .collect();
    titles.sort();
    titles
}

#[test]
fn the_first_poll_leaves_the_last_seven_days_unread() {
    let dated = |title: &str, days| {
        item(&[
            ("guid", title),
            ("title", title),
            ("pubDate", &days_ago(days)),
        ])
    };
    let first = [
        dated("today", 0),
        dated("six", 6),
        dated("eight", 8),
        dated("old", 400),
        item(&[("guid", "undated"), ("title", "undated")]),
    ];
    let later = [dated("late and old", 300)];
    let (_, env) = polled(&[rss(&first.concat())]);
    assert_eq!(unread(&env), ["six", "today"]);
    let (_, env) = polled(&[rss(&first.concat()), rss(&later.concat())]);
    assert_eq!(unread(&env), ["late and old", "six", "today"]);
}

#[test]
fn without_any_date_the_first_ten_articles_are_unread() {
    let items: String = (0..15)
        .map(|n| {
            let title = format!("number {n:02}");
            item(&[
                ("guid", &title),
                ("title", &title),
                ("pubDate", "no date at all"),
            ])
        })
        .collect();
    let (_, env) = polled(&[rss(&items)]);
    let expected: Vec<String> = (0..10).map(|n| format!("number {n:02}")).collect();
    assert_eq!(unread(&env), expected);
    assert!(
        env.json(&["list", "--format", "json"])
            .iter()
            .all(|article| article["published"].is_null())
    );
}

#[test]
fn a_mark_goes_to_the_same_story_in_other_feeds_also_later_ones() {
    let server = FakeServer::start();
    let story = |link: &str| {
        rss(&item(&[
            ("guid", link),
            ("title", "a"),
            ("link", link),
            ("pubDate", &days_ago(1)),
        ]))
    };
    server.answer("/one", Answer::ok(story("https://a.example/story")));
    server.answer(
        "/two",
        Answer::ok(story("https://a.example/story?utm_source=x#top")),
    );
    server.answer("/three", Answer::ok(story("https://a.example/story#later")));
    let urls = ["/one", "/two", "/three"].map(|path| server.url(path));
    let configure = |urls: &[String]| {
        let feeds: String = urls
            .iter()
            .map(|url| format!("[[sections.feeds]]\nurl = \"{url}\"\n"))
            .collect();
        format!("[[sections]]\nname = \"News\"\n{feeds}")
    };
    let env = TestEnv::new();
    env.configure(&configure(&urls[..2]));
    env.run(&["refresh"]);
    assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
    assert_eq!(env.run(&["mark", "star", "2"]).code, Some(0));
    env.configure(&configure(&urls));
    env.run(&["refresh"]);
    let articles = env.json(&["list", "--format", "json"]);
    assert_eq!(articles.len(), 3, "a list prints each");
    assert_eq!(env.json(&["search", "a", "--format", "json"]).len(), 3);
    for article in articles {
        assert_eq!(
            (&article["read"], &article["starred"]),
            (&true.into(), &true.into()),
            "{article}"
        );
    }
}

#[test]
fn a_permalink_without_a_path_or_on_two_articles_of_a_feed_joins_nothing() {
    let server = FakeServer::start();
    let linked = |guid: &str, link: &str| {
        item(&[
            ("guid", guid),
            ("title", guid),
            ("link", link),
            ("pubDate", &days_ago(1)),
        ])
    };
    let home = "https://a.example/";
    let doubled = "https://a.example/all";
    server.answer(
        "/one",
        Answer::ok(rss(&[
            linked("1", home),
            linked("2", doubled),
            linked("3", doubled),
        ]
        .concat())),
    );
    server.answer(
        "/two",
        Answer::ok(rss(&[linked("4", home), linked("5", doubled)].concat())),
    );
    let env = TestEnv::with_feeds(&[&server.url("/one"), &server.url("/two")]);
    env.run(&["refresh"]);
    let ids: Vec<(String, String)> = env
        .json(&["list", "--format", "json"])
        .iter()
        .map(|article| {
            (
                article["title"].as_str().unwrap_or_default().to_owned(),
                article["id"].to_string(),
            )
        })
        .collect();
    for title in ["1", "2"] {
        let id = &ids
            .iter()
            .find(|(known, _)| known == title)
            .expect("it is listed")
            .1;
        assert_eq!(env.run(&["mark", "read", id]).code, Some(0));
    }
    assert_eq!(unread(&env), ["3", "4", "5"]);
}
