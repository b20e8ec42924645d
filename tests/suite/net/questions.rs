//! What a question says.

use super::{ask, network, run, url};
use crate::support::server::{Answer, FakeServer};
use gazette::model::feed::Validators;
use gazette::net::{Client, Credentials, FetchError, Network, Request, Verdict};

/// Asks twice, the second time with what the first answer gave; returns the second question's
/// `If-None-Match` and `If-Modified-Since`.
#[track_caller]
fn check_validators(etag: Option<&[u8]>, last_modified: Option<&[u8]>) {
    let server = FakeServer::start();
    let mut answer = Answer::ok("body");
    for (name, value) in [("ETag", etag), ("Last-Modified", last_modified)] {
        if let Some(value) = value {
            answer = answer.header(name, value);
        }
    }
    server.answer("/feed", answer);
    server.answer("/feed", Answer::status(304));
    let client = Client::new(network());
    let second = run(async {
        let first = ask(&client, &server.url("/feed")).await.unwrap();
        let validators = first.validators(&Validators::default());
        let request = Request {
            url: url(&server.url("/feed")),
            validators: &validators,
            validators_of: Some(first.url),
            credentials: None,
        };
        client.get(request).await.unwrap()
    });
    assert_eq!(second.verdict().unwrap(), Verdict::Unchanged);
    let asked = &server.asked_for("/feed")[1];
    assert_eq!(asked.header("if-none-match"), etag);
    assert_eq!(asked.header("if-modified-since"), last_modified);
}

#[test]
fn validators_come_back_byte_for_byte() {
    check_validators(Some(b"\"strong\""), Some(b"Mon, 02 Mar 2026 12:00:00 GMT"));
    check_validators(Some(b"W/\"weak, with; odd 'signs\""), None);
    check_validators(Some(b"no quotes at all"), Some(b"2026-03-02 12:00"));
    check_validators(Some(b"\"caf\xe9 \xc3\xa9\""), Some(b"yesterday"));
    check_validators(None, Some(b"0"));
}

#[test]
fn a_first_question_has_no_validators() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok("body"));
    super::get(network(), &server.url("/feed")).unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.method, "GET");
    assert_eq!(asked.header("if-none-match"), None);
    assert_eq!(asked.header("if-modified-since"), None);
    assert_eq!(asked.header("cookie"), None);
    assert_eq!(asked.header("authorization"), None);
}

#[test]
fn a_question_says_who_asks_and_which_encodings_it_reads() {
    let server = FakeServer::start();
    server.answer("/feed?a=b%20c", Answer::ok("body"));
    let response = super::get(network(), &server.url("/feed?a=b%20c#top")).unwrap();
    assert_eq!(response.status, 200);
    let asked = &server.asked()[0];
    assert_eq!(asked.header("user-agent").unwrap(), b"gazette/test");
    assert_eq!(
        asked.header("accept-encoding").unwrap(),
        b"gzip, br, zstd, deflate"
    );
    let host = server.address().to_string();
    assert_eq!(asked.header("host").unwrap(), host.as_bytes());
}

/// Asks with credentials and returns the `Authorization` that each target was asked with.
fn authorizations(
    server: &FakeServer,
    address: &str,
    credentials: Option<Credentials>,
) -> Vec<(String, Option<String>)> {
    let validators = Validators::default();
    let request = Request {
        url: url(address),
        validators: &validators,
        validators_of: None,
        credentials,
    };
    run(Client::new(network()).get(request)).unwrap();
    server
        .asked()
        .iter()
        .map(|asked| {
            let value = asked.header("authorization");
            let value = value.map(|value| String::from_utf8(value.to_vec()).unwrap());
            (asked.target.clone(), value)
        })
        .collect()
}

#[test]
fn credentials_stay_with_their_origin() {
    let server = FakeServer::start();
    let other = FakeServer::start();
    server.answer("/feed", Answer::redirect(301, "/moved"));
    server.answer("/moved", Answer::redirect(301, other.url("/away")));
    other.answer("/away", Answer::ok("body"));
    let credentials = Credentials {
        username: "me".to_owned(),
        password: "secret".to_owned(),
    };
    let basic = Some("Basic bWU6c2VjcmV0".to_owned());
    assert_eq!(
        authorizations(&server, &server.url("/feed"), Some(credentials)),
        [
            ("/feed".to_owned(), basic.clone()),
            ("/moved".to_owned(), basic)
        ]
    );
    assert_eq!(other.asked_for("/away")[0].header("authorization"), None);
}

#[test]
fn credentials_in_the_address_are_sent_as_a_header() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok("body"));
    let address = server.url("/feed").replace("://", "://me:secret@");
    assert_eq!(
        authorizations(&server, &address, None),
        [("/feed".to_owned(), Some("Basic bWU6c2VjcmV0".to_owned()))]
    );
}

#[test]
fn a_redirect_s_own_credentials_are_not_used() {
    let server = FakeServer::start();
    let to = server.url("/to").replace("://", "://them:theirs@");
    server.answer("/feed", Answer::redirect(302, to));
    server.answer("/to", Answer::ok("body"));
    assert_eq!(
        authorizations(&server, &server.url("/feed"), None)[1],
        ("/to".to_owned(), None)
    );
}

#[test]
fn offline_asks_nobody() {
    let server = FakeServer::start();
    let settings = Network {
        offline: true,
        ..network()
    };
    let found = super::get(settings, &server.url("/feed"));
    assert!(matches!(found, Err(FetchError::Offline)));
    assert!(server.asked().is_empty());
    assert_eq!(server.most_connections(), 0);
}

#[test]
fn only_http_addresses_are_asked() {
    let found = super::get(network(), "ftp://example.gov/feed");
    assert!(matches!(found, Err(FetchError::Scheme { scheme }) if scheme == "ftp"));
}

#[test]
fn connections_are_used_again() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::status(304));
    let client = Client::new(network());
    run(async {
        for n in 0..10 {
            ask(&client, &server.url(&format!("/{n}"))).await.unwrap();
        }
    });
    assert_eq!(server.asked().len(), 10);
    assert!(server.asked().iter().all(|asked| asked.connection == 0));
}

#[test]
fn refusals_with_a_short_page_keep_their_connection() {
    let server = FakeServer::start();
    server.answer("/a", Answer::status(404).body("nothing here"));
    server.answer("/a", Answer::status(500).body("oh"));
    let client = Client::new(network());
    run(async {
        for _ in 0..3 {
            let response = ask(&client, &server.url("/a")).await.unwrap();
            assert_eq!(response.body.received(), 0);
        }
    });
    assert!(server.asked().iter().all(|asked| asked.connection == 0));
}
