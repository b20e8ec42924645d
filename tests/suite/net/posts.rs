//! What is sent, once, and what is known of its fate.

use std::time::Duration;

use gazette::net::{Client, Credentials, FetchError, Network, Post, Posted};

use super::{network, run, url};
use crate::support::server::{Answer, FakeServer};

fn to(address: &str) -> Post {
    Post {
        url: url(address),
        feed: url(address),
        body: b"comment=hello".to_vec(),
        content_type: "application/x-www-form-urlencoded",
        accept: "text/html",
        credentials: None,
    }
}

fn send(settings: Network, post: &Post) -> Result<Posted, FetchError> {
    run(async { Client::new(settings).post(post).await })
}

#[test]
fn a_redirect_is_the_answer_and_no_cookie_comes_back() {
    let server = FakeServer::start();
    let moved = Answer::status(302)
        .header("Location", "/post/#comment-7")
        .header("Set-Cookie", "comment_author=me");
    server.answer("/send", moved);
    let client = Client::new(network());
    for _ in 0..2 {
        let posted = run(client.post(&to(&server.url("/send")))).unwrap();
        assert_eq!(posted.status, 302);
        let location = posted.headers.get("location").unwrap();
        assert_eq!(location, b"/post/#comment-7");
    }
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    for question in asked {
        assert_eq!(question.method, "POST");
        assert_eq!(question.body, b"comment=hello");
        let kind = question.header("content-type").unwrap();
        assert_eq!(kind, b"application/x-www-form-urlencoded");
        assert_eq!(question.header("user-agent").unwrap(), b"gazette/test");
        for name in ["cookie", "authorization", "referer"] {
            assert_eq!(question.header(name), None, "{name}");
        }
    }
}

#[test]
fn the_page_of_a_refusal_is_received() {
    let server = FakeServer::start();
    for status in [200, 403, 409, 500] {
        let path = format!("/{status}");
        server.answer(&path, Answer::status(status).body("<p>Why</p>"));
        let posted = send(network(), &to(&server.url(&path))).unwrap();
        assert_eq!((posted.status, &*posted.body), (status, &b"<p>Why</p>"[..]));
    }
}

#[test]
fn what_reached_nobody_is_unsent() {
    let closed = {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/send", port.local_addr().unwrap())
    };
    let unsent = |settings: Network, address: &str| {
        let error = send(settings, &to(address)).unwrap_err();
        assert!(error.is_unsent(), "{error}");
    };
    unsent(network(), &closed);
    unsent(network(), "http://name.invalid/send");
    unsent(network(), "mailto:somebody@example.org");
    let server = FakeServer::start();
    let offline = Network {
        offline: true,
        ..network()
    };
    unsent(offline, &server.url("/send"));
    let public_alone = Network {
        allow_private_hosts: false,
        ..network()
    };
    unsent(public_alone, &server.url("/send"));
    // The article stands in a public feed.
    let post = Post {
        feed: url("https://example.org/feed"),
        ..to(&server.url("/send"))
    };
    assert!(send(network(), &post).unwrap_err().is_private_host());
    assert!(server.asked().is_empty());
}

#[test]
fn what_may_have_come_is_not_unsent_and_never_sent_again() {
    let server = FakeServer::start();
    server.answer("/cut", Answer::raw(""));
    // The connection was used before, which is where a GET is asked once more.
    let client = Client::new(network());
    server.answer("/well", Answer::ok("fine"));
    run(async {
        client.post(&to(&server.url("/well"))).await.unwrap();
        let error = client.post(&to(&server.url("/cut"))).await.unwrap_err();
        assert!(!error.is_unsent(), "{error}");
    });
    assert_eq!(server.asked_for("/cut").len(), 1);

    server.answer("/slow", Answer::hang());
    let hurried = Network {
        timeout: Duration::from_millis(200),
        ..network()
    };
    let error = send(hurried, &to(&server.url("/slow"))).unwrap_err();
    assert!(!error.is_unsent() && error.is_timeout(), "{error}");
}

#[test]
fn a_password_goes_to_ones_own_host_or_where_nobody_reads_along() {
    let server = FakeServer::start();
    server.answer("/send", Answer::ok("[]"));
    let with_password = |address: &str| Post {
        credentials: Some(Credentials {
            username: "editor".to_owned(),
            password: "abcd efgh".to_owned(),
        }),
        ..to(address)
    };
    send(network(), &with_password(&server.url("/send"))).unwrap();
    let asked = server.asked();
    let header = asked[0].header("authorization").unwrap();
    assert_eq!(header, b"Basic ZWRpdG9yOmFiY2QgZWZnaA==");
    let error = send(network(), &with_password("http://example.org/send")).unwrap_err();
    assert!(matches!(error, FetchError::Unprotected { .. }), "{error}");
}
