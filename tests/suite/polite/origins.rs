//! Promise 3: nothing less secure, and no credentials to another origin, also after a move.

use super::{feed, force, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

/// A program that trusts the servers here, with one feed configured by these lines.
fn trusting(feed: &str) -> TestEnv {
    let env = TestEnv::new();
    let authority = FakeServer::authority();
    env.configure(&format!(
        "[network]\nca_file = \"{}\"\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\n{feed}",
        authority.display()
    ));
    env
}

/// The lines of a feed with a name and a password.
fn with_password(url: &str) -> String {
    format!("url = \"{url}\"\nusername = \"me\"\npassword_command = [\"echo\", \"secret\"]\n")
}

/// Whether each question that a server was asked carried a field.
fn carried(server: &FakeServer, field: &str) -> Vec<bool> {
    let asked = server.asked();
    asked
        .iter()
        .map(|asked| asked.header(field).is_some())
        .collect()
}

#[test]
fn https_never_leads_to_http() {
    for status in [301, 302, 308] {
        let plain = FakeServer::start();
        plain.answer("/feed", Answer::ok(feed("a")));
        let secure = FakeServer::start_tls_at([127, 0, 0, 1]);
        secure.answer("/feed", Answer::redirect(status, plain.url("/feed")));
        let line = refresh(&trusting(&format!("url = \"{}\"\n", secure.url("/feed"))));
        assert_eq!(line["status"], "failed");
        let error = line["error"].as_str().expect("an error");
        assert!(error.contains("from https to http"), "{error}");
        assert_eq!(line["url"], secure.url("/feed"));
        assert!(plain.asked().is_empty());
    }
}

#[test]
fn http_may_move_to_https_and_stays_there_without_the_password() {
    let (plain, secure) = (
        FakeServer::start(),
        FakeServer::start_tls_at([127, 0, 0, 1]),
    );
    plain.answer("/feed", Answer::redirect(301, secure.url("/feed")));
    secure.answer("/feed", Answer::ok(feed("a")));
    let env = trusting(&with_password(&plain.url("/feed")));
    let line = refresh(&env);
    assert_eq!(line["status"], "moved");
    assert_eq!(line["url"], secure.url("/feed"));
    assert_eq!(force(&env)["status"], "unchanged");
    assert_eq!(carried(&plain, "authorization"), [true]);
    assert_eq!(carried(&secure, "authorization"), [false, false]);
}

#[test]
fn passwords_stay_at_home_whatever_way_a_redirect_leads_out() {
    for status in [301, 302, 303, 307, 308] {
        let (home, other) = (FakeServer::start(), FakeServer::start_at([127, 0, 0, 2]));
        home.answer("/feed", Answer::redirect(status, other.url("/feed")));
        home.answer("/back", Answer::ok(feed("a")));
        other.answer("/feed", Answer::redirect(302, home.url("/back")));
        let env = trusting(&with_password(&home.url("/feed")));
        for _ in 0..2 {
            let line = force(&env);
            assert_ne!(line["status"], "failed", "{line}");
        }
        assert_eq!(carried(&other, "authorization"), [false, false]);
        let at_home = home.asked_for("/feed");
        assert!(
            at_home
                .iter()
                .all(|asked| asked.header("authorization").is_some())
        );
    }
}

#[test]
fn a_move_within_the_origin_keeps_the_password() {
    let home = FakeServer::start();
    home.answer("/feed", Answer::redirect(301, "/new"));
    home.answer("/new", Answer::ok(feed("a")));
    let written = home.url("/feed").replace("://", "://me:secret@");
    for lines in [
        with_password(&home.url("/feed")),
        format!("url = \"{written}\"\n"),
    ] {
        let env = trusting(&lines);
        assert_eq!(refresh(&env)["status"], "moved");
        assert_eq!(force(&env)["status"], "unchanged");
    }
    assert_eq!(carried(&home, "authorization"), [true; 6]);
}

#[test]
fn a_cookie_goes_back_to_its_own_origin_alone() {
    let (home, other) = (FakeServer::start(), FakeServer::start());
    let wall = Answer::redirect(302, other.url("/consent"));
    home.answer(
        "/feed",
        wall.header("Set-Cookie", "seen=1; Path=/; Domain=127.0.0.1"),
    );
    home.answer("/feed", Answer::ok(feed("a")));
    other.answer("/consent", Answer::redirect(302, home.url("/feed")));
    let env = subscribed(&home);
    assert_eq!(refresh(&env)["status"], "new");
    assert_eq!(carried(&home, "cookie"), [false, true]);
    assert_eq!(carried(&other, "cookie"), [false]);
    // The next poll knows none.
    force(&env);
    assert_eq!(carried(&home, "cookie"), [false, true, false]);
}
