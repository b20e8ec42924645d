//! Redirects, as a server sees them.

use std::net::{IpAddr, ToSocketAddrs};

use super::{ask, get, network, run, url};
use crate::support::server::{Answer, FakeServer};
use gazette::model::feed::Validators;
use gazette::net::{Client, FetchError, Network, Proxies, Request};
use gazette::polite::RedirectError;

/// Follows `/0` through redirects of these statuses to an answer; returns where it moved.
#[track_caller]
fn check_moved(statuses: &[u16], expected: Option<&str>) {
    let server = FakeServer::start();
    for (n, status) in statuses.iter().enumerate() {
        let to = format!("/{}", n + 1);
        server.answer(&format!("/{n}"), Answer::redirect(*status, to));
    }
    let last = format!("/{}", statuses.len());
    server.answer(&last, Answer::ok("body"));
    let response = get(network(), &server.url("/0")).unwrap();
    assert_eq!(response.url.as_str(), server.url(&last));
    let moved = response.moved.map(|moved| moved.path().to_owned());
    assert_eq!(moved.as_deref(), expected, "{statuses:?}");
}

#[test]
fn leading_permanent_redirects_move() {
    check_moved(&[], None);
    check_moved(&[301], Some("/1"));
    check_moved(&[308, 301, 302, 301], Some("/2"));
    check_moved(&[302], None);
    check_moved(&[303, 301], None);
    check_moved(&[307, 308], None);
    check_moved(&[301; 10], Some("/10"));
}

#[track_caller]
fn check_refused(server: &FakeServer, expected: &RedirectError, questions: usize) {
    match get(network(), &server.url("/feed")) {
        Err(FetchError::Redirect(found)) => assert_eq!(found, *expected),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.asked().len(), questions);
}

#[test]
fn loops_end_at_once() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(301, "/feed"));
    check_refused(&server, &RedirectError::Circle, 1);

    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(302, "/b"));
    server.answer("/b", Answer::redirect(302, "/feed#again"));
    check_refused(&server, &RedirectError::Circle, 2);
}

#[test]
fn ten_redirects_are_the_most() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(302, "/x?0"));
    server.decide_all(|asked| Answer::redirect(302, format!("{}0", asked.target)));
    check_refused(&server, &RedirectError::TooMany, 11);
}

#[test]
fn a_redirect_without_an_address_is_an_error() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::status(301));
    check_refused(&server, &RedirectError::NoAddress { status: 301 }, 1);
}

#[test]
fn other_schemes_are_refused() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::redirect(301, "file:///etc/passwd"));
    let expected = RedirectError::OtherScheme {
        scheme: "file".to_owned(),
    };
    check_refused(&server, &expected, 1);
}

/// Asks `/feed` with validators that belong to `owner`; returns whether each question carried them.
fn conditional(server: &FakeServer, owner: Option<&str>) -> Vec<(String, bool)> {
    let validators = Validators {
        etag: Some(b"\"mine\"".to_vec()),
        last_modified: Some(b"Monday".to_vec()),
    };
    let request = Request {
        url: url(&server.url("/feed")),
        validators: &validators,
        validators_of: owner.map(|path| url(&server.url(path))),
        credentials: None,
    };
    run(Client::new(network()).get(request)).unwrap();
    server
        .asked()
        .iter()
        .map(|asked| {
            let etag = asked.header("if-none-match").is_some();
            assert_eq!(etag, asked.header("if-modified-since").is_some());
            (asked.target.clone(), etag)
        })
        .collect()
}

#[test]
fn validators_go_to_the_address_that_gave_them_alone() {
    for (owner, expected) in [(None, (true, false)), (Some("/to"), (false, true))] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::redirect(302, "/to"));
        server.answer("/to", Answer::ok("body"));
        let (first, second) = expected;
        assert_eq!(
            conditional(&server, owner),
            [("/feed".to_owned(), first), ("/to".to_owned(), second)]
        );
    }
}

#[test]
fn a_cookie_wall_is_passed_once_and_its_cookie_is_forgotten() {
    let server = FakeServer::start();
    server.decide("/feed", |asked| match asked.header("cookie") {
        None => Answer::redirect(302, "/consent"),
        Some(_) => Answer::ok("body"),
    });
    server.answer(
        "/consent",
        Answer::redirect(302, "/feed").header("Set-Cookie", "agreed=1; Path=/"),
    );
    let client = Client::new(network());
    run(async {
        ask(&client, &server.url("/feed")).await.unwrap();
        ask(&client, &server.url("/feed")).await.unwrap();
    });
    let cookies: Vec<bool> = server
        .asked_for("/feed")
        .iter()
        .map(|asked| asked.header("cookie") == Some(b"agreed=1"))
        .collect();
    assert_eq!(cookies, [false, true, false, true]);
}

#[test]
fn a_loop_that_sets_cookies_ends_too() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::redirect(302, "/feed").header("Set-Cookie", "again=1"),
    );
    check_refused(&server, &RedirectError::Circle, 2);
}

/// A server that is asked as a proxy, so that hosts can have any name.
fn proxied(server: &FakeServer) -> Network {
    Network {
        proxy: Some(format!("http://{}", server.address())),
        ..network()
    }
}

#[test]
fn a_public_host_cannot_lead_to_a_private_one() {
    for private in ["http://127.0.0.1/x", "http://[::1]/x", "http://localhost/x"] {
        let server = FakeServer::start();
        server.answer("http://public.example/feed", Answer::redirect(302, private));
        let found = get(proxied(&server), "http://public.example/feed");
        assert!(
            matches!(
                found,
                Err(FetchError::Redirect(RedirectError::PrivateHost { .. }))
            ),
            "{private}"
        );
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn a_proxy_on_a_private_host_may_follow_public_redirects() {
    let server = FakeServer::start();
    server.answer(
        "http://public.example/feed",
        Answer::redirect(302, "http://other.example/feed"),
    );
    server.answer("http://other.example/feed", Answer::ok("body"));
    let response = get(proxied(&server), "http://public.example/feed").unwrap();
    assert_eq!(response.url.as_str(), "http://other.example/feed");
}

#[test]
fn a_proxy_with_a_name_may_follow_public_redirects() {
    let server = FakeServer::start();
    server.answer(
        "http://public.example/feed",
        Answer::redirect(302, "http://other.example/feed"),
    );
    server.answer("http://other.example/feed", Answer::ok("body"));
    let settings = Network {
        proxy: Some(format!("http://localhost:{}", server.address().port())),
        ..network()
    };
    assert!(get(settings, "http://public.example/feed").is_ok());
}

#[test]
fn a_private_host_may_lead_to_another() {
    let server = FakeServer::start();
    let other = FakeServer::start_at([127, 0, 0, 9]);
    server.answer("/feed", Answer::redirect(302, other.url("/feed")));
    other.answer("/feed", Answer::ok("body"));
    assert!(get(network(), &server.url("/feed")).is_ok());
}

/// A name other than `localhost` that leads to this machine, and its address there; most machines
/// know one.
fn private_name() -> Option<(String, IpAddr)> {
    let own = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let found = [own.trim(), "ip6-localhost", "localhost.localdomain"]
        .into_iter()
        .find_map(|name| {
            let addresses: Vec<_> = (name, 0).to_socket_addrs().ok()?.collect();
            let [only] = addresses.as_slice() else {
                return None;
            };
            only.ip()
                .is_loopback()
                .then(|| (name.to_owned(), only.ip()))
        });
    if found.is_none() {
        eprintln!("skipped: this machine has no other name for itself");
    }
    found
}

#[test]
fn a_name_with_a_private_address_is_as_private_as_the_address() {
    let Some((name, address)) = private_name() else {
        return;
    };
    let server = FakeServer::start_at(address);
    let other = FakeServer::start_at([127, 0, 0, 9]);
    server.answer("/feed", Answer::redirect(302, other.url("/feed")));
    other.answer("/feed", Answer::ok("body"));
    let named = format!("http://{name}:{}/feed", server.address().port());
    assert!(get(network(), &named).is_ok());
    let settings = Network {
        allow_private_hosts: false,
        ..network()
    };
    let found = get(settings, &named);
    assert!(
        matches!(&found, Err(FetchError::PrivateHost { host }) if *host == name),
        "{found:?}"
    );
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_public_host_cannot_lead_to_a_name_with_a_private_address() {
    let Some((name, address)) = private_name() else {
        return;
    };
    let proxy = FakeServer::start();
    let private = FakeServer::start_at(address);
    let to = format!("http://{name}:{}/secret", private.address().port());
    proxy.answer("http://public.example/feed", Answer::redirect(302, to));
    let settings = Network {
        environment: Proxies {
            http: Some(format!("http://{}", proxy.address())),
            https: None,
            not_for: Some(name.clone()),
        },
        ..network()
    };
    let found = get(settings, "http://public.example/feed");
    assert!(
        matches!(&found, Err(FetchError::PrivateHost { host }) if *host == name),
        "{found:?}"
    );
    assert_eq!(private.most_connections(), 0);
}

#[test]
fn private_hosts_can_be_forbidden_altogether() {
    let server = FakeServer::start();
    let settings = Network {
        allow_private_hosts: false,
        ..network()
    };
    let found = get(settings, &server.url("/feed"));
    assert!(matches!(found, Err(FetchError::PrivateHost { .. })));
    assert!(server.asked().is_empty());
}
