//! `gazette refresh`, against a real loopback server.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::support::env::{TestEnv, corpus};
use crate::support::samples::{item, rss};
use crate::support::server::{Answer, FakeServer, Gate};

fn feed(titles: &[&str]) -> String {
    rss(&titles
        .iter()
        .map(|title| item(title, title, "<p>text</p>"))
        .collect::<String>())
}

#[test]
fn new_articles_are_stored_and_the_next_poll_is_conditional() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::ok(feed(&["a", "b"]))
            .header("ETag", "W/\"odd \"quote")
            .header("Last-Modified", "today"),
    );
    server.answer("/feed", Answer::status(304));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let first = env.json(&["refresh", "--format", "json"]);
    assert_eq!(
        (
            &first[0]["status"],
            &first[0]["http"],
            &first[0]["new"],
            &first[0]["error"]
        ),
        (&"new".into(), &200.into(), &2.into(), &Value::Null)
    );
    assert_eq!(first[0]["bytes"], feed(&["a", "b"]).len());
    let summary = &first[1]["summary"];
    assert_eq!(
        (
            &summary["feeds"],
            &summary["ok"],
            &summary["failed"],
            &summary["new"]
        ),
        (&1.into(), &1.into(), &0.into(), &2.into())
    );

    let second = env.json(&["refresh", "--format", "json"]);
    assert_eq!(
        (&second[0]["status"], &second[0]["http"]),
        (&"not_due".into(), &Value::Null)
    );
    assert_eq!(server.asked().len(), 1);

    let forced = env.json(&["refresh", "--force", "--format", "json"]);
    assert_eq!(
        (
            &forced[0]["status"],
            &forced[0]["http"],
            &forced[0]["bytes"]
        ),
        (&"unchanged".into(), &304.into(), &0.into())
    );
    let asked = &server.asked()[1];
    assert_eq!(asked.header("if-none-match"), Some(&b"W/\"odd \"quote"[..]));
    assert_eq!(asked.header("if-modified-since"), Some(&b"today"[..]));
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 2);
}

#[test]
fn an_update_keeps_the_id_the_marks_and_the_earlier_text() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::ok(rss(&item("g", "Before", "<p>old text</p>"))),
    );
    server.answer(
        "/feed",
        Answer::ok(rss(&item("g", "After", "<p>new text</p>"))),
    );
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    env.run(&["refresh"]);
    env.run(&["mark", "star", "1"]);
    env.run(&["mark", "read", "1"]);
    let again = env.json(&["refresh", "--force", "--format", "json"]);
    assert_eq!(
        (&again[0]["status"], &again[0]["new"], &again[0]["updated"]),
        (&"new".into(), &0.into(), &1.into())
    );
    let shown = &env.json(&["show", "1", "--format", "json"])[0];
    assert_eq!(
        (&shown["title"], &shown["text"], &shown["revisions"]),
        (&"After".into(), &"new text".into(), &1.into())
    );
    assert_eq!(
        (&shown["read"], &shown["starred"], &shown["changed"]),
        (&true.into(), &true.into(), &true.into())
    );
}

#[test]
fn where_a_feed_tells_only_updates_the_first_stands_in_for_publication() {
    let entry = |day: u8, text: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Notices</title><id>f</id><entry><id>e</id>\
             <title>Notice</title><link href=\"https://policy.example/n\"/>\
             <updated>2026-11-{day}T10:00:00Z</updated><summary>{text}</summary></entry></feed>"
        )
    };
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(entry(20, "first")));
    server.answer("/feed", Answer::ok(entry(22, "second")));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let dates = || {
        let article = &env.json(&["list", "--format", "json"])[0];
        (article["published"].clone(), article["updated"].clone())
    };
    env.run(&["refresh"]);
    assert_eq!(dates(), ("2026-11-20T10:00:00Z".into(), Value::Null));
    env.run(&["refresh", "--force"]);
    assert_eq!(
        dates(),
        ("2026-11-20T10:00:00Z".into(), "2026-11-22T10:00:00Z".into())
    );
}

#[test]
fn a_guid_that_is_doubled_later_makes_no_article_new() {
    let with_link = |link: &str, title: &str| {
        item("g", title, "x").replace(
            "https://policy.example/g",
            &format!("https://policy.example/{link}"),
        )
    };
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(rss(&with_link("1", "One"))));
    server.answer(
        "/feed",
        Answer::ok(rss(&[with_link("2", "Two"), with_link("1", "One")].concat())),
    );
    server.answer("/feed", Answer::ok(rss(&with_link("1", "One"))));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    env.run(&["refresh"]);
    env.run(&["mark", "read", "1"]);
    for expected in [1, 0] {
        assert_eq!(
            env.json(&["refresh", "--force", "--format", "json"])[0]["new"],
            expected
        );
    }
    let one = env
        .json(&["list", "--format", "json"])
        .into_iter()
        .find(|article| article["title"] == "One");
    assert!(one.is_some_and(|one| one["id"] == 1 && one["read"] == true));
}

#[test]
fn one_bad_feed_breaks_no_other_and_exit_codes_say_how_much_was_done() {
    let server = FakeServer::start();
    server.answer("/good", Answer::ok(feed(&["a"])));
    server.answer(
        "/page",
        Answer::ok("<!doctype html><html><title>Sorry</title><body>No feed here"),
    );
    server.answer("/down", Answer::status(503).header("Retry-After", "7200"));
    let (good, page, down) = (
        server.url("/good"),
        server.url("/page"),
        server.url("/down"),
    );
    let unreachable = "http://127.0.0.1:9/feed";
    let env = TestEnv::with_feeds(&[&page, &good, &down, unreachable]);
    let ran = env.run(&["refresh"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.out.contains("Policy Weekly: 1 new"), "{}", ran.out);
    for (feed, why) in [
        (page.as_str(), "not a feed"),
        (&down, "503"),
        (unreachable, "127.0.0.1"),
    ] {
        let told = ran.err.split("error: ").find(|told| told.starts_with(feed));
        assert!(
            told.is_some_and(|told| told.contains("\n  caused by: ") && told.contains(why)),
            "{feed}: {}",
            ran.err
        );
    }
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);
    let failed = env.json(&["refresh", "--force", "--feed", &page, "--format", "json"]);
    assert_eq!(
        (&failed[0]["status"], &failed[0]["http"]),
        (&"failed".into(), &200.into())
    );
    assert_eq!(
        env.run(&["refresh", "--force", "--feed", &page]).code,
        Some(1)
    );
    assert_eq!(
        env.run(&["refresh", "--feed", "http://nowhere.example/"])
            .code,
        Some(2)
    );
    assert_eq!(env.run(&["refresh", "--section", "Nowhere"]).code, Some(2));

    // Never against a Retry-After, not even with --force.
    let held = env.json(&["refresh", "--force", "--feed", &down, "--format", "json"]);
    assert_eq!(held[0]["status"], "not_due");
    assert_eq!(server.asked_for("/down").len(), 1);
}

#[test]
fn offline_opens_no_socket_and_reads_files() {
    let server = FakeServer::start();
    let env = TestEnv::new();
    env.write("feed.xml", feed(&["a"]));
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        server.url("/feed"),
        env.file_url("feed.xml")
    ));
    let ran = env.json(&["--offline", "refresh", "--format", "json"]);
    let of = |status: &str| ran.iter().find(|line| line["status"] == status);
    assert_eq!(
        of("failed").map(|line| &line["error"]),
        Some(&"offline".into())
    );
    let file = of("new").expect("the file is read");
    assert_eq!((&file["http"], &file["new"]), (&Value::Null, &1.into()));
    assert_eq!(env.run(&["--offline", "refresh"]).code, Some(1));
    assert_eq!(server.asked().len(), 0);
    // What could not be asked offline is due as before.
    server.answer("/feed", Answer::ok(feed(&["b"])));
    assert_eq!(
        env.json(&["refresh", "--format", "json"])
            .iter()
            .filter(|line| line["status"] == "new")
            .count(),
        1
    );
}

#[test]
fn a_feed_that_moved_for_good_is_polled_at_its_new_place() {
    let server = FakeServer::start();
    server.answer("/old", Answer::redirect(301, "/new"));
    server.answer("/new", Answer::ok(feed(&["a"])).header("ETag", "\"n\""));
    server.answer("/new", Answer::status(304));
    let env = TestEnv::with_feeds(&[&server.url("/old")]);
    let first = &env.json(&["refresh", "--format", "json"])[0];
    assert_eq!(
        (&first["status"], &first["new"], &first["url"]),
        (&"moved".into(), &1.into(), &server.url("/new").into())
    );
    assert_eq!(
        env.json(&["refresh", "--force", "--format", "json"])[0]["status"],
        "unchanged"
    );
    assert_eq!(server.asked_for("/old").len(), 1);
    assert_eq!(
        server.asked_for("/new")[1].header("if-none-match"),
        Some(&b"\"n\""[..])
    );
    assert_eq!(
        env.json(&["feeds", "list", "--format", "json"])[0]["polled"],
        server.url("/new")
    );
}

#[test]
fn credentials_never_go_to_another_origin_also_after_a_move() {
    let (old, new) = (FakeServer::start(), FakeServer::start());
    old.answer("/feed", Answer::redirect(301, new.url("/feed")));
    new.answer("/feed", Answer::ok(feed(&["a"])));
    let written = old.url("/feed").replace("http://", "http://me:secret@");
    for configured in [
        format!(
            "url = \"{}\"\nusername = \"me\"\npassword_command = [\"echo\", \"secret\"]\n",
            old.url("/feed")
        ),
        format!("url = \"{written}\"\n"),
    ] {
        let env = TestEnv::new();
        env.configure(&format!(
            "[[sections]]\nname = \"News\"\n[[sections.feeds]]\n{configured}"
        ));
        assert_eq!(
            env.json(&["refresh", "--format", "json"])[0]["status"],
            "moved"
        );
        assert_eq!(env.run(&["refresh", "--force"]).code, Some(0));
    }
    let sent: Vec<_> = old
        .asked()
        .iter()
        .map(|asked| asked.header("authorization").map(<[u8]>::to_vec))
        .collect();
    assert_eq!(sent, vec![Some(b"Basic bWU6c2VjcmV0".to_vec()); 2]);
    assert_eq!(new.asked().len(), 4);
    assert!(
        new.asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}

#[test]
fn a_password_command_that_fails_or_hangs_fails_its_feed_alone() {
    let server = FakeServer::start();
    server.answer("/good", Answer::ok(feed(&["a"])));
    let env = TestEnv::new();
    let feeds: String = [
        ("/hangs", "[\"tail\", \"-f\", \"/dev/null\"]"),
        ("/fails", "[\"false\"]"),
    ]
    .iter()
    .map(|(path, command)| {
        format!(
            "[[sections.feeds]]\nurl = \"{}\"\nusername = \"me\"\npassword_command = {command}\n",
            server.url(path)
        )
    })
    .collect();
    env.configure(&format!(
        "[network]\ntimeout_seconds = 1\n[[sections]]\nname = \"News\"\n{feeds}[[sections.feeds]]\nurl = \"{}\"\n",
        server.url("/good")
    ));
    let ran = env.json(&["refresh", "--format", "json"]);
    let failed: Vec<_> = ran
        .iter()
        .filter(|report| report["status"] == "failed")
        .collect();
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().all(|report| {
        report["error"]
            .as_str()
            .is_some_and(|error| error.contains("password_command"))
    }));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_password_in_an_address_is_told_to_no_one() {
    let env = TestEnv::with_feeds(&["http://me:secret@127.0.0.1:9/feed"]);
    let ran = env.run(&["-vv", "refresh"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("me@127.0.0.1") && !ran.err.contains("secret"),
        "{}",
        ran.err
    );
    let log = std::fs::read_to_string(env.path(".local/state/gazette/gazette.log"))
        .expect("the log is there");
    assert!(
        log.contains("127.0.0.1") && !log.contains("secret"),
        "{log}"
    );
}

#[test]
fn a_feed_in_two_sections_is_polled_once() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed(&["a"])));
    let url = server.url("/feed");
    let env = TestEnv::new();
    env.configure(&format!(
        "[[sections]]\nname = \"One\"\n[[sections.feeds]]\nurl = \"{url}\"\n[[sections]]\nname = \"Two\"\n[[sections.feeds]]\nurl = \"{url}\"\n"
    ));
    let ran = env.json(&[
        "refresh",
        "--section",
        "One",
        "--section",
        "Two",
        "--format",
        "json",
    ]);
    assert_eq!((ran.len(), server.asked().len()), (2, 1));
    for section in ["One", "Two"] {
        let listed = env.json(&["list", "--section", section, "--format", "json"]);
        assert_eq!(listed[0]["section"], section);
    }
    assert_eq!(env.json(&["list", "--format", "json"])[0]["section"], "One");
    // Taken out of the configuration, it leaves the sections and stays in the list.
    env.configure(
        "[[sections]]\nname = \"One\"\n[[sections.feeds]]\nurl = \"http://127.0.0.1:9/\"\n",
    );
    assert_eq!(
        env.json(&["list", "--section", "One", "--format", "json"])
            .len(),
        0
    );
    assert_eq!(
        env.json(&["list", "--format", "json"])[0]["section"],
        Value::Null
    );
}

#[test]
fn no_more_connections_to_a_host_than_configured() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::ok(feed(&["a"])).delay(Duration::from_millis(20)));
    let env = TestEnv::new();
    let feeds: String = (0..12)
        .map(|n| {
            format!(
                "[[sections.feeds]]\nurl = \"{}\"\n",
                server.url(&format!("/{n}"))
            )
        })
        .collect();
    env.configure(&format!(
        "[network]\nconnections_per_host = 2\n[[sections]]\nname = \"News\"\n{feeds}"
    ));
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    assert_eq!((server.asked().len(), server.most_at_once()), (12, 2));
}

#[test]
fn nothing_hostile_reaches_messages_or_the_log() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::ok(feed(&["a"]).replace(
            "<title>Policy",
            "<title>\u{9b}2J&#27;[31mEvil\u{202e} Policy",
        )),
    );
    server.answer("/moved", Answer::redirect(301, b"/n\x1b[2J\x9b".to_vec()));
    let env = TestEnv::with_feeds(&[&server.url("/feed"), &server.url("/moved")]);
    let ran = env.run(&["-vv", "refresh"]);
    let log = std::fs::read_to_string(env.path(".local/state/gazette/gazette.log"))
        .expect("the log is there");
    for text in [&ran.out, &ran.err, &log] {
        let bad = text
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{202a}'..='\u{202e}'));
        assert_eq!(bad, None, "{text:?}");
    }
    assert!(ran.out.contains("Evil Policy"), "{}", ran.out);
}

#[test]
fn behind_a_passing_redirect_the_validators_still_count() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(302, "/today"));
    server.answer("/today", Answer::ok(feed(&["a"])).header("ETag", "\"t\""));
    server.answer("/today", Answer::status(304));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    env.run(&["refresh"]);
    let again = &env.json(&["refresh", "--force", "--format", "json"])[0];
    assert_eq!(
        (&again["status"], &again["url"]),
        (&"unchanged".into(), &server.url("/feed").into())
    );
    assert_eq!(server.asked_for("/feed")[1].header("if-none-match"), None);
    assert_eq!(
        server.asked_for("/today")[1].header("if-none-match"),
        Some(&b"\"t\""[..])
    );
}

#[test]
fn a_feed_that_is_gone_is_not_polled_again() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::status(410));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let first = env.json(&["refresh", "--format", "json"]);
    assert_eq!(
        (&first[0]["status"], &first[0]["next_check"]),
        (&"gone".into(), &Value::Null)
    );
    assert_eq!(env.run(&["refresh", "--force"]).code, Some(0));
    assert_eq!(server.asked().len(), 1);
    assert_eq!(
        env.json(&["feeds", "list", "--format", "json"])[0]["state"],
        "gone"
    );
}

#[test]
fn the_pace_that_a_feed_asks_for_outlives_an_unchanged_answer() {
    let server = FakeServer::start();
    let slow = feed(&["a"]).replace("<channel>", "<channel><ttl>600</ttl>");
    server.answer("/feed", Answer::ok(slow).header("ETag", "\"a\""));
    server.answer("/feed", Answer::status(304));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    env.run(&["refresh"]);
    let again = &env.json(&["refresh", "--force", "--format", "json"])[0];
    assert_eq!(again["http"], 304);
    let next: jiff::Timestamp = again["next_check"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a time");
    assert!(
        next.duration_since(jiff::Timestamp::now()).as_hours() >= 9,
        "{next}"
    );
}

#[test]
fn a_refresh_that_is_stopped_keeps_what_it_reported() {
    let server = FakeServer::start();
    let gate = Gate::default();
    server.answer("/quick", Answer::ok(feed(&["a"])));
    server.answer("/stuck", Answer::ok(feed(&["b"])).behind(&gate));
    let env = TestEnv::with_feeds(&[&server.url("/stuck"), &server.url("/quick")]);
    let mut child = env
        .command(&["refresh", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("it is piped");
    let mut line = [0; 20];
    stdout
        .read_exact(&mut line)
        .expect("the quick feed is reported");
    let pid = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill runs")
            .success()
    );
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(128 + 15));
    let titles: Vec<_> = env
        .json(&["list", "--format", "json"])
        .iter()
        .map(|a| a["title"].clone())
        .collect();
    assert_eq!(titles, ["a"]);
    gate.open();
}

#[test]
fn a_hanging_feed_ends_at_the_time_limit() {
    let server = FakeServer::start();
    server.answer("/hang", Answer::hang());
    server.answer(
        "/good",
        Answer::ok(feed(&["a"])).delay(Duration::from_millis(50)),
    );
    let env = TestEnv::new();
    env.configure(&format!(
        "[network]\ntimeout_seconds = 1\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        server.url("/hang"),
        server.url("/good")
    ));
    let ran = env.json(&["refresh", "--format", "json"]);
    assert_eq!(
        (&ran[0]["status"], &ran[1]["status"]),
        (&"new".into(), &"failed".into())
    );
    assert!(
        ran[1]["error"]
            .as_str()
            .is_some_and(|error| error.contains("1 s")),
        "{}",
        ran[1]
    );
}

#[test]
fn quiet_prints_errors_alone() {
    let server = FakeServer::start();
    server.answer("/good", Answer::ok(feed(&["a"])));
    let env = TestEnv::with_feeds(&[&server.url("/good"), &server.url("/lost")]);
    let ran = env.run(&["refresh", "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
    assert!(ran.err.contains("404"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let env = TestEnv::with_feeds(&["http://127.0.0.1:9/"]);
    env.write("file", "in the way");
    let ran = env.run(&["--data-dir", "file/data", "refresh"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.starts_with("error: ") && ran.err.contains("file/data"),
        "{}",
        ran.err
    );
}

/// Every real feed is read, or says why there is nothing in it.
#[test]
fn real_feeds_give_what_is_in_them() {
    let Some(corpus) = corpus() else { return };
    let env = TestEnv::new();
    let mut names: Vec<_> = std::fs::read_dir(corpus.join("real/feeds"))
        .expect("a folder of feeds")
        .map(|file| file.expect("a file").path())
        .collect();
    names.sort();
    let feeds: String = names
        .iter()
        .map(|path| {
            format!(
                "[[sections.feeds]]\nurl = \"file://{}\"\n",
                path.canonicalize().expect("a path").display()
            )
        })
        .collect();
    env.configure(&format!("[[sections]]\nname = \"Real\"\n{feeds}"));
    let reports = env.json(&["refresh", "--format", "json"]);
    let failed: Vec<_> = reports
        .iter()
        .filter(|report| report["status"] == "failed")
        .collect();
    for report in &failed {
        assert!(
            report["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty()),
            "{report}"
        );
    }
    // A list of subscriptions is no feed; nothing else fails.
    assert_eq!(failed.len(), 1, "{failed:?}");
    let articles = env.json(&["list", "--format", "json"]);
    assert!(articles.len() > 650, "{}", articles.len());
    for article in articles.iter().step_by(7) {
        let id = article["id"].to_string();
        let ran = env.run(&["show", &id, "--width", "60"]);
        assert_eq!(ran.code, Some(0), "{article}");
        let wide = ran
            .out
            .lines()
            .find(|line| gazette::model::text::display_width(line) > 60);
        assert_eq!(wide, None, "{article}");
    }
}
