//! Promise 3: where redirects lead, and what moves a subscription.

use std::time::Duration;

use serde_json::json;

use super::{check_asked, feed, force, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

/// Lets a server lead from `/feed` over as many addresses as there are statuses to a feed.
fn chain(statuses: &[u16]) -> FakeServer {
    let server = FakeServer::start();
    let path = |n: usize| {
        if n == 0 {
            "/feed".to_owned()
        } else {
            format!("/{n}")
        }
    };
    for (n, status) in statuses.iter().enumerate() {
        server.answer(&path(n), Answer::redirect(*status, path(n + 1)));
    }
    server.answer(&path(statuses.len()), Answer::ok(feed("a")));
    server
}

/// Checks where a feed is polled the next time.
#[track_caller]
fn check_moves(statuses: &[u16], next: &str) {
    let server = chain(statuses);
    let env = subscribed(&server);
    let line = refresh(&env);
    let moved = next != "/feed";
    assert_eq!(
        line["status"],
        if moved { "moved" } else { "new" },
        "{statuses:?}"
    );
    assert_eq!(line["feed"], server.url("/feed"));
    assert_eq!(line["url"], server.url(next), "{statuses:?}");
    assert_eq!(line["new"], 1);
    let first = server.asked().len();
    force(&env);
    assert_eq!(server.asked()[first].target, next, "{statuses:?}");
    let known = &env.json(&["feeds", "list", "--format", "json"])[0];
    assert_eq!(known["url"], server.url("/feed"));
    assert_eq!(known["polled"], server.url(next));
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);
}

#[test]
fn permanent_redirects_move_the_subscription_and_passing_ones_do_not() {
    check_moves(&[301], "/1");
    check_moves(&[308], "/1");
    for passing in [302, 303, 307] {
        check_moves(&[passing], "/feed");
    }
    check_moves(&[301, 308], "/2");
    check_moves(&[301, 302, 301], "/1");
    check_moves(&[307, 301], "/feed");
}

#[test]
fn nothing_moves_unless_the_new_place_answers_with_a_feed() {
    for answer in [
        Answer::status(404),
        Answer::status(503),
        Answer::status(410),
        Answer::status(304),
        Answer::ok("<html><body>We have moved.</body></html>"),
        Answer::ok(feed("b")).announcing(9999).then_close(),
        Answer::hang(),
    ] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::redirect(301, "/new"));
        server.answer("/new", answer);
        let env = TestEnv::new();
        let url = server.url("/feed");
        env.configure(&format!(
            "[network]\ntimeout_seconds = 1\n[[sections]]\nname = \"News\"\n\
             [[sections.feeds]]\nurl = \"{url}\"\n"
        ));
        let line = refresh(&env);
        assert_ne!(line["status"], "moved");
        assert_eq!(line["url"], url, "{line}");
        let known = &env.json(&["feeds", "list", "--format", "json"])[0];
        assert_eq!(known["polled"], url);
    }
}

#[test]
fn validators_belong_to_the_address_that_gave_them() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")).header("ETag", "\"old\""));
    server.answer("/feed", Answer::redirect(301, "/new"));
    server.answer("/new", Answer::ok(feed("a")).header("ETag", "\"new\""));
    let env = subscribed(&server);
    for _ in 0..3 {
        force(&env);
    }
    check_asked(&server, "/feed", "if-none-match", &[None, Some("\"old\"")]);
    check_asked(&server, "/new", "if-none-match", &[None, Some("\"new\"")]);
}

/// Checks that a redirect is refused before anyone else is asked, and that all that was cached stays.
#[track_caller]
fn check_refused(location: Option<&[u8]>, error: &str) {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    server.answer(
        "/feed",
        match location {
            Some(location) => Answer::redirect(301, location),
            None => Answer::status(301),
        },
    );
    let env = subscribed(&server);
    refresh(&env);
    let line = force(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"failed".into(), &301.into())
    );
    let told = line["error"].as_str().expect("an error");
    assert!(told.contains(error), "{told}");
    assert_eq!(server.asked().len(), 2);
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);
}

#[test]
fn no_redirect_leads_to_another_scheme_nowhere_or_in_a_circle() {
    for scheme in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:text/xml,x",
        "javascript:1",
        "gopher://x/",
    ] {
        check_refused(Some(scheme.as_bytes()), "which is not followed");
    }
    check_refused(None, "without a usable address");
    check_refused(Some(b""), "without a usable address");
    check_refused(Some(b"http://[::bad/"), "without a usable address");
    check_refused(Some(b"/feed"), "in a circle");
    check_refused(Some(b"#top"), "in a circle");
}

#[test]
fn locations_may_be_relative_and_odd() {
    for (location, path) in [
        (&b"new"[..], "/a/new"),
        (b"../new?x=1", "/new?x=1"),
        (b"?page=2", "/a/feed?page=2"),
        (b"  /with blank ", "/with%20blank"),
        (b"/caf\xe9", "/caf%E9"),
        ("/café".as_bytes(), "/caf%C3%A9"),
        (b"/new#part", "/new"),
    ] {
        let server = FakeServer::start();
        server.answer("/a/feed", Answer::redirect(302, location));
        server.answer(path, Answer::ok(feed("a")));
        let env = TestEnv::with_feeds(&[&server.url("/a/feed")]);
        assert_eq!(refresh(&env)["status"], "new", "{path}");
    }
    // Another port without a scheme, too.
    let (one, other) = (FakeServer::start(), FakeServer::start());
    let location = format!("//{}/feed", other.address());
    one.answer("/feed", Answer::redirect(302, location));
    other.answer("/feed", Answer::ok(feed("a")));
    assert_eq!(refresh(&subscribed(&one))["status"], "new");
}

#[test]
fn at_most_ten_redirects_are_followed() {
    let ten = chain(&[302; 10]);
    assert_eq!(refresh(&subscribed(&ten))["status"], "new");
    let eleven = chain(&[302; 11]);
    let line = refresh(&subscribed(&eleven));
    let error = line["error"].as_str().expect("an error");
    assert!(error.contains("more than 10 times"), "{error}");
    assert_eq!(eleven.asked().len(), 11);
}

#[test]
fn a_way_that_leads_back_moves_nothing() {
    let server = FakeServer::start();
    let wall = Answer::redirect(301, "/consent").header("Set-Cookie", "seen=1; Path=/");
    server.answer("/feed", wall);
    server.answer("/feed", Answer::ok(feed("a")));
    server.answer("/consent", Answer::redirect(301, "/feed"));
    let line = refresh(&subscribed(&server));
    assert_eq!(
        (&line["status"], &line["url"]),
        (&"new".into(), &server.url("/feed").into())
    );
}

#[test]
fn relative_links_lead_to_the_new_place_though_the_document_is_the_same() {
    let server = FakeServer::start();
    let document = feed("a").replace("<link>https://policy.example/a</link>", "<link>a</link>");
    server.answer("/old/feed", Answer::ok(&*document));
    server.answer("/old/feed", Answer::redirect(301, "/new/feed"));
    server.answer("/new/feed", Answer::ok(&*document));
    let env = TestEnv::with_feeds(&[&server.url("/old/feed")]);
    for (status, link) in [("new", "/old/a"), ("moved", "/new/a")] {
        let line = force(&env);
        assert_eq!(line["status"], status);
        let listed = env.json(&["list", "--format", "json"]);
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["url"], server.url(link));
    }
}

#[test]
fn of_several_locations_the_first_counts() {
    let server = FakeServer::start();
    let answer = Answer::redirect(302, "/one").header("Location", "/two");
    server.answer("/feed", answer);
    server.answer("/one", Answer::ok(feed("a")));
    assert_eq!(refresh(&subscribed(&server))["status"], "new");
}

#[test]
fn the_time_limit_covers_all_hops() {
    let server = FakeServer::start();
    let slow = |answer: Answer| answer.delay(Duration::from_millis(700));
    server.answer("/feed", slow(Answer::redirect(302, "/1")));
    server.answer("/1", slow(Answer::redirect(302, "/2")));
    server.answer("/2", slow(Answer::ok(feed("a"))));
    let env = TestEnv::new();
    let url = server.url("/feed");
    env.configure(&format!(
        "[network]\ntimeout_seconds = 1\n[[sections]]\nname = \"News\"\n\
         [[sections.feeds]]\nurl = \"{url}\"\n"
    ));
    let line = refresh(&env);
    assert_eq!(line["status"], "failed");
    let error = line["error"].as_str().expect("an error");
    assert!(error.contains("1 s"), "{error}");
    assert_eq!(server.asked_for("/2").len(), 0);
}

#[test]
fn a_moved_feed_goes_by_its_old_address_and_may_move_back() {
    let server = FakeServer::start();
    let url = server.url("/feed");
    server.answer("/feed", Answer::redirect(301, "/new"));
    server.answer("/feed", Answer::ok(feed("b")).header("ETag", "\"home\""));
    server.answer("/new", Answer::ok(feed("a")).header("ETag", "\"new\""));
    server.answer("/new", Answer::redirect(308, "/feed"));
    let env = subscribed(&server);
    assert_eq!(refresh(&env)["status"], "moved");
    let one = ["refresh", "--force", "--feed", &url, "--format", "json"];
    let line = &env.json(&one)[0];
    assert_eq!(
        (&line["status"], &line["new"]),
        (&"moved".into(), &1.into())
    );
    assert_eq!((&line["feed"], &line["url"]), (&json!(url), &json!(url)));
    let line = &env.json(&one)[0];
    assert_eq!(line["status"], "unchanged");
    check_asked(&server, "/new", "if-none-match", &[None, Some("\"new\"")]);
    let etags = [None, None, Some("\"home\"")];
    check_asked(&server, "/feed", "if-none-match", &etags);
    assert_eq!(
        env.json(&["list", "--feed", &url, "--format", "json"])
            .len(),
        2
    );
}

#[test]
fn a_feed_that_moves_to_another_ones_address_takes_nothing_from_it() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(301, "/other"));
    server.answer("/other", Answer::ok(feed("a")));
    let (url, other) = (server.url("/feed"), server.url("/other"));
    let env = TestEnv::with_feeds(&[&url, &other]);
    for expected in [["moved", "new"], ["unchanged", "unchanged"]] {
        let lines = env.json(&["refresh", "--force", "--format", "json"]);
        for (feed, status) in [&url, &other].into_iter().zip(expected) {
            let line = lines.iter().find(|line| line["feed"] == **feed);
            assert_eq!(line.expect("a line a feed")["status"], status, "{feed}");
            assert_eq!(line.expect("a line a feed")["url"], other);
            let listed = env.json(&["list", "--feed", feed, "--format", "json"]);
            assert_eq!(listed.len(), 1, "{feed}");
            assert_eq!(listed[0]["feed"], **feed);
        }
    }
}

#[test]
fn a_304_from_an_address_that_gave_nothing_is_a_failure() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")).header("ETag", "\"a\""));
    server.answer("/feed", Answer::redirect(301, "/new"));
    server.answer("/new", Answer::status(304).header("ETag", "\"n\""));
    server.answer("/new", Answer::ok(feed("b")));
    let env = subscribed(&server);
    refresh(&env);
    let line = force(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"failed".into(), &304.into())
    );
    assert_eq!(line["url"], server.url("/feed"));
    let line = force(&env);
    assert_eq!(
        (&line["status"], &line["new"]),
        (&"moved".into(), &1.into())
    );
    check_asked(&server, "/new", "if-none-match", &[None, None]);
}

#[test]
fn a_304_is_a_feed_where_the_new_place_is_known_already() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(302, "/new"));
    server.answer("/feed", Answer::redirect(301, "/new"));
    server.answer("/new", Answer::ok(feed("a")).header("ETag", "\"n\""));
    server.answer("/new", Answer::status(304));
    let env = subscribed(&server);
    assert_eq!(refresh(&env)["status"], "new");
    for status in ["moved", "unchanged"] {
        let line = force(&env);
        assert_eq!(
            (&line["status"], &line["http"]),
            (&status.into(), &304.into())
        );
        assert_eq!(line["url"], server.url("/new"));
    }
    assert_eq!(server.asked_for("/feed").len(), 2);
}

#[test]
fn no_credentials_go_to_another_origin() {
    let (home, stranger) = (FakeServer::start(), FakeServer::start());
    home.answer("/feed", Answer::redirect(301, "/here"));
    // Not even those that the address itself names.
    let lure = stranger.url("/feed").replace("://", "://lure:secret@");
    home.answer("/here", Answer::redirect(301, lure));
    stranger.answer("/feed", Answer::ok(feed("a")));
    let url = home.url("/feed").replace("://", "://reader:secret@");
    let env = TestEnv::with_feeds(&[&url]);
    assert_eq!(refresh(&env)["status"], "moved");
    force(&env);
    let sent = |server: &FakeServer| -> Vec<bool> {
        let asked = server.asked();
        asked
            .iter()
            .map(|asked| asked.header("authorization").is_some())
            .collect()
    };
    assert_eq!(sent(&home), [true, true]);
    assert_eq!(sent(&stranger), [false, false]);
}
