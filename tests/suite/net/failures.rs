//! What a person is told when nothing usable came.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use super::{ask, get, network, run, url};
use crate::support::server::{Answer, FakeServer};
use gazette::net::{Client, FetchError, Network, Verdict, read_file};

#[track_caller]
fn check(found: &Result<impl std::fmt::Debug, FetchError>, expected: &str) {
    match found {
        Err(error) => assert_eq!(error.to_string(), expected),
        Ok(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_refused_connection_names_the_host() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    check(
        &get(network(), &format!("http://127.0.0.1:{port}/feed")),
        "no connection to 127.0.0.1: connection refused",
    );
}

#[test]
fn a_name_without_an_address_is_named() {
    check(
        &get(network(), "http://no-such-host.invalid/feed"),
        "the address of no-such-host.invalid was not found",
    );
}

#[test]
fn statuses_are_said_in_words() {
    for (status, expected) in [
        (401, "the site asks for a user name and password (401)"),
        (403, "refused by the site (403)"),
        (404, "the server answered 404: nothing is there"),
        (429, "the server answered 429: too many requests"),
        (503, "the server answered 503"),
        (300, "the server answered 300"),
        (
            304,
            "the server answered 304: nothing has changed since an answer that it never gave",
        ),
    ] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::status(status).body("a page"));
        let response = get(network(), &server.url("/feed")).unwrap();
        assert_eq!(response.status, status);
        check(&response.verdict(), expected);
    }
    for (status, expected) in [
        (200, Verdict::Answered),
        (203, Verdict::Answered),
        (410, Verdict::Gone),
    ] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::status(status));
        let response = get(network(), &server.url("/feed")).unwrap();
        assert_eq!(response.verdict().unwrap(), expected);
    }
}

#[test]
fn an_error_knows_the_last_status_and_says_what_went_wrong() {
    #[track_caller]
    fn check_status(answer: Answer, expected: Option<u16>, text: &str) {
        let server = FakeServer::start();
        server.answer("/feed", answer);
        server.answer("/hang", Answer::hang());
        let settings = Network {
            timeout: Duration::from_millis(150),
            ..network()
        };
        let client = Client::new(settings);
        let error = run(ask(&client, &server.url("/feed"))).unwrap_err();
        assert_eq!(error.status(), expected);
        assert_eq!(error.to_string(), text);
        assert_eq!(error.problem().what.as_str(), text);
    }
    let late = "127.0.0.1 did not answer in full within 0.15 s";
    check_status(Answer::hang(), None, late);
    check_status(Answer::redirect(302, "/hang"), Some(302), late);
    check_status(
        Answer::redirect(307, "/feed"),
        Some(307),
        "the server redirects in a circle",
    );
    check_status(
        Answer::ok("half").announcing(10).then_close(),
        Some(200),
        "the answer was cut short after 4 bytes",
    );
}

#[test]
fn an_answer_that_is_no_http_is_an_error() {
    for garbage in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"\x16\x03\x01",
        b"HTTP/9.9 200 OK\r\n\r\n",
    ] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::raw(garbage));
        let found = get(network(), &server.url("/feed"));
        assert!(
            matches!(&found, Err(FetchError::NoAnswer { host, .. }) if host == "127.0.0.1"),
            "{found:?}"
        );
        assert_eq!(server.asked().len(), 1, "asked once");
    }
}

#[test]
fn a_server_that_hangs_up_is_asked_once() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::raw(""));
    let found = get(network(), &server.url("/feed"));
    assert!(
        matches!(found, Err(FetchError::NoAnswer { .. })),
        "{found:?}"
    );
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_connection_that_ended_while_unused_fails_no_feed() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::ok("body").then_close());
    let client = Client::new(network());
    run(async {
        for n in 0..20 {
            let found = ask(&client, &server.url(&format!("/{n}"))).await;
            assert!(found.is_ok(), "{n} {found:?}");
        }
    });
}

#[test]
fn plain_http_needs_no_certificates_and_the_error_says_what_https_needs() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("none.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let settings = Network {
        ca_file: Some(empty.clone()),
        ..network()
    };
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok("body"));
    assert!(get(settings.clone(), &server.url("/feed")).is_ok());
    check(
        &get(settings, "https://127.0.0.1:1/feed"),
        &format!(
            "`ca_file` {} cannot be used: it holds no certificates in PEM form",
            empty.display()
        ),
    );
}

#[test]
fn a_server_without_tls_gives_a_tls_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/feed", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad\r\n\r\n").unwrap();
        // The client's words are read to their end, so that nothing resets the connection.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    check(
        &get(network(), &address),
        "no secure connection to 127.0.0.1: the other side does not speak TLS as it should",
    );
}

#[test]
fn files_are_read_up_to_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a feed.xml");
    std::fs::write(&path, "12345").unwrap();
    let address = url::Url::from_file_path(&path).unwrap();
    assert_eq!(read_file(&address, 5).unwrap(), b"12345");
    check(&read_file(&address, 4), "the answer is larger than 4 bytes");
    let missing = url::Url::from_file_path(folder.path().join("missing")).unwrap();
    check(
        &read_file(&missing, 5),
        "the file cannot be read: it does not exist",
    );
    let itself = url::Url::from_file_path(folder.path()).unwrap();
    check(
        &read_file(&itself, 5),
        "the file cannot be read: it is no ordinary file",
    );
    check(
        &read_file(&url("file://server/share"), 5),
        "the file cannot be read: the address names no file of this machine",
    );
}
