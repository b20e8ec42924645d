//! Which pages are fetched ahead, and how many.

use std::time::Duration;

use super::*;

#[test]
fn the_whole_article_takes_the_place_of_the_summary() {
    let server = FakeServer::start();
    server.answer("/0", page("the last words"));
    let env = env(&summaries(&server, 1), "");
    let told = refresh(&env, &[]).unwrap();
    assert_eq!(
        told,
        serde_json::json!({"fetched": 1, "failed": 0, "left": 0})
    );
    let shown = article(&env, "A plan, part 0");
    assert_eq!(
        (&shown["source"], &shown["offline"]),
        (&"page".into(), &true.into())
    );
    assert!(
        shown["text"]
            .as_str()
            .unwrap()
            .ends_with("4.  And these are the last words."),
        "{shown}"
    );
    assert_eq!(shown["lists"][0]["start"], 3);
    assert_eq!(
        (&shown["changed"], &shown["revisions"]),
        (&false.into(), &0.into())
    );
    let found = env.json(&["search", "last words", "--format", "json"]);
    assert_eq!(found.len(), 1);
    // What is there is not asked for again.
    assert_eq!(refresh(&env, &["--force"]), None);
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    for name in ["cookie", "authorization", "referer", "if-none-match"] {
        assert!(asked[0].header(name).is_none(), "{name}");
    }
    assert!(
        asked[0]
            .header("user-agent")
            .unwrap()
            .starts_with(b"gazette/")
    );
}

#[test]
fn the_configuration_says_which_pages_are_fetched() {
    let whole =
        |server: &FakeServer| summaries(server, 1).replace("morning…", &"word ".repeat(300));
    let check = |settings: &str, of_feed: &str, summary: usize, full: usize| {
        for (expected, is_full) in [(summary, false), (full, true)] {
            let server = FakeServer::start();
            server.answer("/0", page(&"word ".repeat(400)));
            let feed = if is_full {
                whole(&server)
            } else {
                summaries(&server, 1)
            };
            let env = env(&feed, settings);
            let url = env.file_url("feed.xml");
            env.configure(&format!(
                "{settings}\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{url}\"\n{of_feed}\n"
            ));
            refresh(&env, &[]);
            assert_eq!(
                server.asked().len(),
                expected,
                "{settings} {of_feed} {is_full}"
            );
        }
    };
    let general = |value: &str| format!("[general]\nprefetch_full_text = \"{value}\"");
    check("", "", 1, 0);
    check(&general("never"), "", 0, 0);
    check(&general("always"), "", 1, 1);
    check(&general("never"), "full_text = true", 1, 1);
    check(&general("always"), "full_text = false", 0, 0);
}

#[test]
fn the_newest_come_first_sixty_of_a_host_and_four_at_once() {
    let server = FakeServer::start();
    server.decide_all(|_| page("the end").delay(Duration::from_millis(5)));
    let env = env(&summaries(&server, 80), "");
    let told = refresh(&env, &[]).unwrap();
    assert_eq!(
        told,
        serde_json::json!({"fetched": 60, "failed": 0, "left": 20})
    );
    assert!(server.most_at_once() <= 4, "{}", server.most_at_once());
    let asked: Vec<usize> = server
        .asked()
        .iter()
        .map(|asked| asked.target[1..].parse().unwrap())
        .collect();
    assert!(asked.iter().all(|n| *n < 60), "{asked:?}");
    // The next refresh goes on, though no feed is due.
    let told = refresh(&env, &[]).unwrap();
    assert_eq!(
        told,
        serde_json::json!({"fetched": 20, "failed": 0, "left": 0})
    );
    let text = env.run(&["refresh"]).out;
    assert!(!text.contains("page"), "{text}");
}

#[test]
fn one_page_of_two_feeds_is_asked_for_once() {
    let server = FakeServer::start();
    server.answer("/0", page("the end"));
    let env = TestEnv::new();
    for name in ["a.xml", "b.xml"] {
        env.write(name, summaries(&server, 1).replace("g0", name));
    }
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("a.xml"),
        env.file_url("b.xml")
    ));
    refresh(&env, &[]);
    assert_eq!(server.asked().len(), 1);
    let all = env.json(&["list", "--format", "json"]);
    assert!(
        all.iter().all(|article| article["offline"] == true),
        "{all:?}"
    );
    assert_eq!(all.len(), 2);
}

#[test]
fn offline_and_of_files_nothing_is_asked() {
    let server = FakeServer::start();
    let feed = summaries(&server, 2).replace("/0<", "/0.pdf<");
    let env = env(&feed, "");
    let ran = env.run(&["--offline", "refresh", "--format", "json"]);
    assert!(!ran.out.contains("prefetch"), "{}", ran.out);
    assert!(server.asked().is_empty());
    server.answer("/1", page("the end"));
    refresh(&env, &["--force"]);
    assert_eq!(server.asked().len(), 1);
}
