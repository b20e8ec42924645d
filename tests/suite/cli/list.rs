//! `gazette list`.

use std::process::Stdio;

use gazette::model::article::{ArticleId, PageFacts};
use gazette::store::{NewPage, Store};
use jiff::{SignedDuration, Timestamp};

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};

fn env() -> TestEnv {
    let dated = |guid: &str, date: &str| {
        item(guid, guid, "<p>x</p>").replace("Tue, 24 Nov 2026 09:14:00 GMT", date)
    };
    TestEnv::with_feed_file(&rss(&[
        dated("old", "Sat, 03 Jan 2009 10:00:00 GMT"),
        dated("newer", "Mon, 05 Jan 2009 10:00:00 GMT"),
        dated("undated", "when it is ready"),
    ]
    .concat()))
}

#[track_caller]
fn check(env: &TestEnv, arguments: &[&str], titles: &[&str]) {
    let mut all = vec!["list", "--format", "json"];
    all.extend_from_slice(arguments);
    let got: Vec<String> = env
        .json(&all)
        .iter()
        .map(|article| article["title"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(got, titles, "{arguments:?}");
}

#[test]
fn the_newest_come_first_and_undated_ones_by_first_sight() {
    check(&env(), &[], &["undated", "newer", "old"]);
}

#[test]
fn lists_are_narrowed() {
    let env = env();
    env.run(&["mark", "star", "1"]);
    let url = env.file_url("feed.xml");
    check(&env, &["--limit", "1"], &["undated"]);
    check(&env, &["--since", "2009-01-05"], &["undated", "newer"]);
    check(&env, &["--since", "24h"], &["undated"]);
    check(&env, &["--section", "News"], &["undated", "newer", "old"]);
    check(
        &env,
        &["--section", "news", "--feed", &url],
        &["undated", "newer", "old"],
    );
    check(&env, &["--tag", "digital"], &[]);
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{url}\"\ntags = [\"digital\"]\n"
    ));
    check(&env, &["--tag", "digital"], &["undated", "newer", "old"]);
    check(&env, &["--tag", "statistics"], &[]);
    let starred = env.json(&["list", "--starred", "--format", "json"]);
    assert_eq!(starred.len(), 1);
    assert_eq!(starred[0]["id"], 1);
}

#[test]
fn a_first_poll_leaves_only_news_unread() {
    check(&env(), &["--unread"], &[]);
}

#[test]
fn json_has_every_field_of_the_contract() {
    let article = &env().json(&["list", "--format", "json", "--limit", "1"])[0];
    let fields: Vec<&str> = article
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    for field in [
        "id",
        "guid",
        "feed",
        "feed_title",
        "section",
        "title",
        "url",
        "author",
        "published",
        "updated",
        "read",
        "starred",
        "tags",
        "summary",
        "comments_count",
        "offline",
        "changed",
        "closes",
        "withdrawn",
        "also_in",
    ] {
        assert!(fields.contains(&field), "no {field} in {fields:?}");
    }
    assert!(article["published"].is_null());
}

#[test]
fn what_does_not_exist_is_wrong_use_and_names_the_nearest() {
    let env = env();
    let ran = env.run(&["list", "--section", "Newz"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("`Newz`") && ran.err.contains("`News`"),
        "{}",
        ran.err
    );
    assert_eq!(
        env.run(&["list", "--feed", "https://nowhere.example/"])
            .code,
        Some(2)
    );
    assert_eq!(env.run(&["list", "--since", "soon"]).code, Some(2));
    assert_eq!(env.run(&["list", "--sort", "x"]).code, Some(2));
}

#[test]
fn an_empty_cache_lists_nothing_and_writes_nothing() {
    let env = TestEnv::with_feeds(&["https://policy.example/feed"]);
    let ran = env.run(&["list"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (Some(0), "", "")
    );
    assert!(!env.path("data").exists());
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let items: String = (0..3000)
        .map(|n| item(&n.to_string(), "A title that takes room", "<p>x</p>"))
        .collect();
    let env = TestEnv::with_feed_file(&rss(&items));
    let mut child = env
        .command(&["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

/// Has an article's page tell of a consultation that closes in so many hours.
fn close_in(env: &TestEnv, id: i64, hours: i64) {
    let closes = Timestamp::now() + SignedDuration::from_hours(hours);
    let page = NewPage {
        body: gazette::store::pack("<p>Have your say.</p>"),
        words_hash: 1,
        base: None,
        facts: PageFacts {
            closes: Some(closes),
            ..PageFacts::default()
        },
        withdrawn: None,
    };
    let mut store = Store::open(env.path("data").as_path()).unwrap();
    store
        .record_page(&[ArticleId(id)], Timestamp::now(), &page)
        .unwrap();
}

#[test]
fn open_consultations_come_in_the_order_in_which_they_close() {
    let env = env();
    let ids = env.json(&["list", "--format", "json"]);
    let id = |at: usize| ids[at]["id"].as_i64().unwrap();
    close_in(&env, id(0), 24 * 9);
    close_in(&env, id(1), 24 * 3 + 1);
    close_in(&env, id(2), -1);
    check(&env, &["--closing", "10d"], &["newer", "undated"]);
    check(&env, &["--closing", "4d"], &["newer"]);
    check(&env, &["--closing", "10d", "--limit", "1"], &["newer"]);
    check(&env, &["--closing", "10d", "--starred"], &[]);
    env.run(&["mark", "star", &id(0).to_string()]);
    check(&env, &["--closing", "10d", "--starred"], &["undated"]);
    check(&env, &["--closing", "2009-01-01"], &[]);
    check(
        &env,
        &["--closing", "2999-12-31", "--section", "News"],
        &["newer", "undated"],
    );
    let first = &env.json(&["list", "--closing", "4d", "--format", "json"])[0];
    assert!(first["closes"].as_str().unwrap().ends_with('Z'));
    let text = env.run(&["list", "--closing", "10d"]).out;
    assert!(
        text.contains(" in 3 days  Policy Weekly") && text.contains("in 9 days"),
        "{text}"
    );
    let wrong = env.run(&["list", "--closing", "soon"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.err.contains("`soon` is no moment in time"),
        "{}",
        wrong.err
    );
}
