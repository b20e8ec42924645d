//! Promise 1: validators come back byte for byte, from the answer that is stored and no other.

use rusqlite::Connection;

use super::{check_asked, feed, force, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer, Gate};

const ETAG: &str = "if-none-match";
const DATE: &str = "if-modified-since";

/// Adds what is given of `ETag` and `Last-Modified`.
fn with(answer: Answer, etag: Option<&[u8]>, date: Option<&[u8]>) -> Answer {
    let answer = match etag {
        Some(etag) => answer.header("ETag", etag),
        None => answer,
    };
    match date {
        Some(date) => answer.header("Last-Modified", date),
        None => answer,
    }
}

#[test]
fn each_value_comes_back_byte_for_byte_over_restarts() {
    for (etag, date) in [
        (Some(&b"\"strong\""[..]), None),
        (
            Some(b"W/\"weak\""),
            Some(&b"Tue, 24 Nov 2026 09:14:00 GMT"[..]),
        ),
        (Some(b"no quotes"), Some(b"yesterday at noon")),
        (Some(b"\"one\", \"two\""), None),
        (Some(b"'odd\" quote\\"), Some(b"2026-11-24T09:14:00Z")),
        (Some(b"\"\xe9\xff\""), Some(b"0")),
        (None, Some(b"Sunday, 06-Nov-94 08:49:37 GMT")),
        (Some(b"W/unquoted"), None),
        (
            Some(b"\"a  b\tc\""),
            Some(b"Tue,  24 Nov 2026 09:14:00 GMT"),
        ),
        (Some("\"caf\u{e9}\"".as_bytes()), None),
        (Some(&[b'x'; 6000]), None),
    ] {
        let server = FakeServer::start();
        server.answer("/feed", with(Answer::ok(feed("a")), etag, date));
        server.answer("/feed", Answer::status(304));
        let env = subscribed(&server);
        refresh(&env);
        for _ in 0..2 {
            let line = force(&env);
            assert_eq!(
                (&line["status"], &line["http"]),
                (&"unchanged".into(), &304.into())
            );
        }
        for asked in &server.asked_for("/feed")[1..] {
            assert_eq!(asked.header(ETAG), etag);
            assert_eq!(asked.header(DATE), date);
        }
        let first = &server.asked_for("/feed")[0];
        assert_eq!((first.header(ETAG), first.header(DATE)), (None, None));
    }
}

#[test]
fn a_line_that_is_no_header_field_spoils_none_beside_it() {
    for (name, value) in [
        ("X-Control", &b"a\x01b"[..]),
        ("No Token", b"x"),
        ("Caf\u{e9}", b"x"),
        ("", b"x"),
        ("no colon\r\nX-Next", b"x"),
        ("X-Folded", b"one\r\n two"),
    ] {
        let odd = |answer: Answer| answer.header(name, value);
        let server = FakeServer::start();
        server.answer("/feed", odd(Answer::redirect(302, "/new")));
        server.answer("/new", odd(Answer::ok(feed("a"))).header("ETag", "\"a\""));
        server.answer("/new", odd(Answer::status(304)));
        let refusal = odd(Answer::status(503)).header("Retry-After", "7200");
        server.answer("/new", refusal);
        let env = subscribed(&server);
        for status in ["new", "unchanged", "failed", "not_due"] {
            let line = force(&env);
            assert_eq!(line["status"], status, "{name:?}: {line}");
        }
        let etags = [None, Some("\"a\""), Some("\"a\"")];
        check_asked(&server, "/new", ETAG, &etags);
    }
    // A blank after the name is no part of it.
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")).header("ETag ", "\"a\""));
    let env = subscribed(&server);
    refresh(&env);
    force(&env);
    check_asked(&server, "/feed", ETAG, &[None, Some("\"a\"")]);
}

#[test]
fn they_are_never_mixed_from_two_answers() {
    let server = FakeServer::start();
    let answer = |title, etag, date| with(Answer::ok(feed(title)), etag, date);
    server.answer("/feed", answer("a", Some(b"\"a\""), Some(b"Monday")));
    server.answer("/feed", answer("b", None, Some(b"Tuesday")));
    server.answer("/feed", answer("c", Some(b"\"c\""), None));
    server.answer("/feed", answer("d", None, None));
    let env = subscribed(&server);
    refresh(&env);
    for _ in 0..4 {
        force(&env);
    }
    let etags = [None, Some("\"a\""), None, Some("\"c\""), None];
    let dates = [None, Some("Monday"), Some("Tuesday"), None, None];
    check_asked(&server, "/feed", ETAG, &etags);
    check_asked(&server, "/feed", DATE, &dates);
}

#[test]
fn they_count_only_once_the_body_is_stored() {
    let cut = |etag| {
        let answer = Answer::ok(feed("b")).header("ETag", etag);
        answer.announcing(9999).then_close()
    };
    for bad in [
        Answer::ok("<html>Please log in</html>").header("ETag", "\"b\""),
        cut("\"b\""),
        Answer::ok(b"no gzip")
            .header("Content-Encoding", "gzip")
            .header("ETag", "\"b\""),
        Answer::status(500).header("ETag", "\"b\"").body(feed("b")),
        // Only a part of it, or about something else.
        Answer::status(206).header("ETag", "\"b\"").body(feed("b")),
        Answer::status(201).header("ETag", "\"b\"").body(feed("b")),
        Answer::status(204).header("ETag", "\"b\""),
    ] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::ok(feed("a")).header("ETag", "\"a\""));
        server.answer("/feed", bad);
        server.answer("/feed", Answer::ok(feed("c")).header("ETag", "\"c\""));
        let env = subscribed(&server);
        refresh(&env);
        assert_eq!(force(&env)["status"], "failed");
        assert_eq!(force(&env)["status"], "new");
        force(&env);
        let etags = [None, Some("\"a\""), Some("\"a\""), Some("\"c\"")];
        check_asked(&server, "/feed", ETAG, &etags);
    }
}

#[test]
fn they_count_only_once_the_articles_are_in_the_cache() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")).header("ETag", "\"a\""));
    server.answer("/feed", Answer::ok(feed("b")).header("ETag", "\"b\""));
    let env = subscribed(&server);
    refresh(&env);
    let cache = Connection::open(env.path("data/gazette.db")).expect("the database opens");
    cache
        .execute_batch(
            "create trigger full before insert on articles begin
                select raise(fail, 'no room');
             end",
        )
        .expect("a trigger");
    let line = force(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"failed".into(), &200.into())
    );
    cache
        .execute_batch("drop trigger full")
        .expect("room again");
    assert_eq!(force(&env)["status"], "new");
    force(&env);
    let etags = [None, Some("\"a\""), Some("\"a\""), Some("\"b\"")];
    check_asked(&server, "/feed", ETAG, &etags);
}

#[test]
fn they_are_dropped_when_the_address_changes() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")).header("ETag", "\"a\""));
    server.answer("/other", Answer::ok(feed("a")).header("ETag", "\"o\""));
    let env = subscribed(&server);
    refresh(&env);
    let configure = |path: &str| {
        let url = server.url(path);
        env.configure(&format!(
            "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{url}\"\n"
        ));
    };
    configure("/other");
    force(&env);
    check_asked(&server, "/other", ETAG, &[None]);
    // What belongs to the first address is still known there.
    configure("/feed");
    force(&env);
    check_asked(&server, "/feed", ETAG, &[None, Some("\"a\"")]);
}

#[test]
fn the_same_body_to_a_weak_etag_lets_the_date_alone_ask() {
    let server = FakeServer::start();
    let weak = |etag: &str| {
        let answer = Answer::ok(feed("a")).header("ETag", etag);
        answer.header("Last-Modified", "Monday")
    };
    // Some servers name every answer anew.
    for etag in ["W/\"1\"", "W/\"2\"", "W/\"3\""] {
        server.answer("/feed", weak(etag));
    }
    let again = Answer::status(304).header("ETag", "W/\"4\"");
    server.answer("/feed", again.header("Last-Modified", "Tuesday"));
    let env = subscribed(&server);
    assert_eq!(refresh(&env)["status"], "new");
    for _ in 0..4 {
        let line = force(&env);
        assert_eq!(
            (&line["status"], &line["new"]),
            (&"unchanged".into(), &0.into())
        );
    }
    let etags = [None, Some("W/\"1\""), None, None, None];
    check_asked(&server, "/feed", ETAG, &etags);
    let (first, later) = (Some("Monday"), Some("Tuesday"));
    check_asked(&server, "/feed", DATE, &[None, first, first, first, later]);
}

#[test]
fn a_weak_etag_without_a_date_and_a_strong_one_stay() {
    for (etag, date) in [("W/\"a\"", None), ("\"a\"", Some(&b"Monday"[..]))] {
        let server = FakeServer::start();
        server.answer(
            "/feed",
            with(Answer::ok(feed("a")), Some(etag.as_bytes()), date),
        );
        let env = subscribed(&server);
        refresh(&env);
        force(&env);
        force(&env);
        let etags = [None, Some(etag), Some(etag)];
        check_asked(&server, "/feed", ETAG, &etags);
    }
}

/// Checks what is asked with after a 200 with both and a 304 with these.
#[track_caller]
fn check_after_304(sent: (Option<&str>, Option<&str>), expected: (Option<&str>, Option<&str>)) {
    let bytes = |text: Option<&'static str>| text.map(str::as_bytes);
    let both = (bytes(Some("\"a\"")), bytes(Some("Monday")));
    let server = FakeServer::start();
    server.answer("/feed", with(Answer::ok(feed("a")), both.0, both.1));
    let (etag, date) = (sent.0.map(str::as_bytes), sent.1.map(str::as_bytes));
    server.answer("/feed", with(Answer::status(304), etag, date));
    server.answer("/feed", Answer::status(304));
    let env = subscribed(&server);
    refresh(&env);
    for _ in 0..3 {
        assert_eq!(force(&env)["status"], "unchanged");
    }
    let etags = [None, Some("\"a\""), expected.0, expected.0];
    let dates = [None, Some("Monday"), expected.1, expected.1];
    check_asked(&server, "/feed", ETAG, &etags);
    check_asked(&server, "/feed", DATE, &dates);
}

#[test]
fn a_304_that_says_otherwise_is_heeded_and_not_mixed_with_the_200() {
    let kept = (Some("\"a\""), Some("Monday"));
    for same in [(None, None), (kept.0, None), (None, kept.1), kept] {
        check_after_304(same, kept);
    }
    for other in [
        (Some("\"b\""), None),
        (Some("\"b\""), Some("Tuesday")),
        (Some("\"a\""), Some("Tuesday")),
        (None, Some("Tuesday")),
    ] {
        check_after_304(other, other);
    }
}

#[test]
fn a_304_that_nobody_asked_for_is_a_failure() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::status(304));
    server.answer("/feed", Answer::ok(feed("a")));
    let env = subscribed(&server);
    let line = refresh(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"failed".into(), &304.into())
    );
    assert_eq!(force(&env)["status"], "new");
}

#[test]
fn a_body_that_breaks_off_counts_as_far_as_it_came() {
    let slow = Gate::default();
    for (answer, bytes) in [
        (Answer::ok(vec![b'x'; 5000]).cut_after(3000), 3000),
        (Answer::ok(vec![b'x'; 5000]).pause_after(2000, &slow), 2000),
        (Answer::status(404).body("nothing here"), 0),
    ] {
        let server = FakeServer::start();
        server.answer("/feed", answer);
        let env = TestEnv::new();
        let url = server.url("/feed");
        env.configure(&format!(
            "[network]\ntimeout_seconds = 2\n[[sections]]\nname = \"News\"\n\
             [[sections.feeds]]\nurl = \"{url}\"\n"
        ));
        let line = refresh(&env);
        assert_eq!(line["status"], "failed");
        assert_eq!(line["bytes"], bytes);
    }
    slow.open();
}

#[test]
fn what_a_304_costs_is_nothing() {
    let server = FakeServer::start();
    let body = feed("a");
    server.answer("/feed", Answer::ok(&*body).header("ETag", "\"a\""));
    server.answer("/feed", Answer::status(304));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    assert_eq!(refresh(&env)["bytes"], body.len());
    assert_eq!(force(&env)["bytes"], 0);
}
