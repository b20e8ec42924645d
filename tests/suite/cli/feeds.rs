//! `gazette feeds list`.

use crate::support::env::TestEnv;
use crate::support::samples::{news, rss};

#[test]
fn each_feed_is_listed_once_with_its_state() {
    let env = TestEnv::new();
    env.write("good.xml", rss(&news("a", "A", "x")));
    env.write("page.xml", "<!doctype html><html><body>Sorry</body></html>");
    let (good, page) = (env.file_url("good.xml"), env.file_url("page.xml"));
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{good}\"\nshort = \"PW\"\n\
         [[sections.feeds]]\nurl = \"{page}\"\n[[sections.feeds]]\nurl = \"https://policy.example/new\"\n\
         [[sections]]\nname = \"Again\"\n[[sections.feeds]]\nurl = \"{good}\"\n"
    ));
    assert_eq!(
        env.run(&["refresh", "--feed", &good, "--feed", &page]).code,
        Some(3)
    );
    let feeds = env.json(&["feeds", "list", "--format", "json"]);
    let states: Vec<_> = feeds
        .iter()
        .map(|feed| feed["state"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(states, ["ok", "failing", "new"]);
    assert_eq!(
        (&feeds[0]["title"], &feeds[0]["short"], &feeds[0]["section"]),
        (&"Policy Weekly".into(), &"PW".into(), &"News".into())
    );
    assert!(
        feeds[1]["error"]
            .as_str()
            .is_some_and(|error| error.contains("not a feed")),
        "{}",
        feeds[1]
    );
    assert!(feeds[0]["next_check"].is_string() && feeds[2]["next_check"].is_null());
    let text = env.run(&["feeds", "list"]).out;
    assert!(
        text.starts_with("News\n") && text.contains("failing"),
        "{text}"
    );
    let mut told = text.lines().skip_while(|line| !line.contains("failing"));
    assert!(
        told.next().is_some_and(|row| row.ends_with(&page)),
        "{text}"
    );
    assert!(
        told.next()
            .is_some_and(|why| why.starts_with("      ") && why.contains("not a feed")),
        "{text}"
    );
}

#[test]
fn what_had_to_be_mended_is_told_until_it_is_right() {
    let broken = rss("<item><title>Fish & chips</title><pubDate>soon</pubDate></item>");
    let env = TestEnv::with_feed_file(&broken);
    let problems =
        |env: &TestEnv| env.json(&["feeds", "list", "--format", "json"])[0]["problems"].clone();
    let told = problems(&env).to_string();
    assert!(told.contains("a date can't be read: `soon`"), "{told}");
    assert!(told.contains("mended: "), "{told}");
    let text = env.run(&["feeds", "list"]).out;
    assert!(
        text.contains("\n      a date can't be read: `soon`\n"),
        "{text}"
    );
    let right = "<item><guid>1</guid><title>Fish</title><pubDate>Tue, 24 Nov 2026 09:14:00 GMT</pubDate></item>";
    env.write("feed.xml", rss(right));
    env.run(&["refresh", "--force"]);
    assert_eq!(problems(&env), serde_json::json!([]));
}
