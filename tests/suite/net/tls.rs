//! HTTPS: whom it trusts, and what it never does.

use super::{get, network};
use crate::support::server::{Answer, FakeServer};
use gazette::net::{FetchError, Network, Response};
use gazette::polite::RedirectError;

/// Settings that trust the servers here.
fn trusting() -> Network {
    Network {
        ca_file: Some(FakeServer::authority()),
        ..network()
    }
}

fn server() -> FakeServer {
    let server = FakeServer::start_tls_at([127, 0, 0, 1]);
    server.answer("/feed", Answer::ok("body"));
    server
}

#[track_caller]
fn check_tls_error(found: Result<Response, FetchError>, expected: &str) {
    let text = found.unwrap_err().to_string();
    assert_eq!(text, expected);
}

#[test]
fn an_authority_in_ca_file_is_trusted() {
    let server = server();
    let response = get(trusting(), &server.url("/feed")).unwrap();
    assert_eq!(response.body.decode(10).unwrap(), b"body");
}

#[test]
fn an_authority_that_nobody_knows_is_not_trusted() {
    let server = server();
    check_tls_error(
        get(network(), &server.url("/feed")),
        "no secure connection to 127.0.0.1: its certificate is signed by nobody this machine trusts",
    );
    assert!(server.asked().is_empty());
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let server = FakeServer::start_tls_at([127, 0, 0, 2]);
    check_tls_error(
        get(trusting(), &server.url("/feed")),
        "no secure connection to 127.0.0.2: its certificate is for another name",
    );
    assert!(server.asked().is_empty());
}

#[test]
fn https_never_leads_to_http() {
    let plain = FakeServer::start();
    let secure = FakeServer::start_tls_at([127, 0, 0, 1]);
    secure.answer("/feed", Answer::redirect(301, plain.url("/feed")));
    let found = get(trusting(), &secure.url("/feed"));
    assert!(
        matches!(found, Err(FetchError::Redirect(RedirectError::LessSecure))),
        "{found:?}"
    );
    assert!(plain.asked().is_empty());
}

#[test]
fn http_may_lead_to_https() {
    let secure = server();
    let plain = FakeServer::start();
    plain.answer("/feed", Answer::redirect(301, secure.url("/feed")));
    let response = get(trusting(), &plain.url("/feed")).unwrap();
    assert_eq!(response.moved.unwrap().as_str(), secure.url("/feed"));
}

#[test]
fn a_body_cut_short_under_tls_is_an_error() {
    let secure = FakeServer::start_tls_at([127, 0, 0, 1]);
    secure.answer("/feed", Answer::ok(vec![b'x'; 5000]).cut_after(3000));
    let found = get(trusting(), &secure.url("/feed"));
    assert!(
        matches!(found, Err(FetchError::Truncated { .. })),
        "{found:?}"
    );
}
