//! How many at once, and how long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{ask, get, network, run};
use crate::support::server::{Answer, FakeServer, Gate};
use gazette::net::{Client, FetchError, Network};
use tokio::task::JoinSet;

/// Asks all addresses at once and returns how many answered.
async fn ask_all(client: Arc<Client>, addresses: Vec<String>) -> usize {
    let mut tasks = JoinSet::new();
    for address in addresses {
        let client = Arc::clone(&client);
        tasks.spawn(async move { ask(&client, &address).await.is_ok() });
    }
    tasks
        .join_all()
        .await
        .into_iter()
        .filter(|good| *good)
        .count()
}

#[test]
fn a_host_is_asked_no_more_than_so_often_at_once() {
    let gate = Gate::default();
    let server = FakeServer::start();
    let held = gate.clone();
    server.decide_all(move |_| Answer::ok("body").behind(&held));
    let addresses = (0..20).map(|n| server.url(&format!("/{n}"))).collect();
    let client = Arc::new(Client::new(network()));
    let answered = std::thread::scope(|scope| {
        scope.spawn(|| {
            server.wait_for_questions(4);
            gate.open();
        });
        run(ask_all(client, addresses))
    });
    assert_eq!(answered, 20);
    assert_eq!(server.most_at_once(), 4);
    assert!(
        server.most_connections() <= 4,
        "{} connections",
        server.most_connections()
    );
}

#[test]
fn a_host_counts_over_its_ports_and_redirects() {
    let gate = Gate::default();
    let first = FakeServer::start();
    let second = FakeServer::start();
    let held = gate.clone();
    let away = second.url("/");
    first.decide_all(move |_| Answer::redirect(302, away.clone()));
    second.decide_all(move |_| Answer::ok("body").behind(&held));
    let addresses = (0..10)
        .flat_map(|n| [first.url(&format!("/{n}")), second.url(&format!("/{n}"))])
        .collect();
    let settings = Network {
        connections_per_host: 1,
        ..network()
    };
    let client = Arc::new(Client::new(settings));
    let (answered, opened) = std::thread::scope(|scope| {
        let opening = scope.spawn(|| {
            second.wait_for_questions(1);
            let opened = Instant::now();
            gate.open();
            opened
        });
        let answered = run(ask_all(client, addresses));
        (answered, opening.join().unwrap())
    });
    assert_eq!(answered, 20);
    assert_eq!(second.most_at_once(), 1);
    // While the second port was answering, the first was not asked.
    let held_from = second.asked()[0].time;
    for asked in first.asked() {
        assert!(asked.time < held_from || asked.time > opened);
    }
}

#[test]
fn all_hosts_together_are_asked_no_more_than_so_often_at_once() {
    let gate = Gate::default();
    // One server on every loopback address: many hosts.
    let server = FakeServer::start_at([0, 0, 0, 0]);
    let held = gate.clone();
    server.decide_all(move |_| Answer::ok("body").behind(&held));
    let port = server.address().port();
    let addresses = (1..=12)
        .map(|n| format!("http://127.0.0.{n}:{port}/"))
        .collect();
    let settings = Network {
        connections: 5,
        ..network()
    };
    let client = Arc::new(Client::new(settings));
    let answered = std::thread::scope(|scope| {
        scope.spawn(|| {
            server.wait_for_questions(5);
            gate.open();
        });
        run(ask_all(client, addresses))
    });
    assert_eq!(answered, 12);
    assert_eq!(server.most_at_once(), 5);
}

#[test]
fn a_host_that_hangs_holds_up_no_other() {
    let hanging = FakeServer::start_at([127, 0, 0, 2]);
    let healthy = FakeServer::start_at([127, 0, 0, 3]);
    hanging.decide_all(|_| Answer::hang());
    healthy.decide_all(|_| Answer::ok("body"));
    let settings = Network {
        connections: 6,
        ..network()
    };
    let client = Arc::new(Client::new(settings));
    run(async {
        // More than the host may have: those that wait must not take the others' places.
        let mut stuck = JoinSet::new();
        for n in 0..20 {
            let client = Arc::clone(&client);
            let address = hanging.url(&format!("/{n}"));
            stuck.spawn(async move { ask(&client, &address).await.is_ok() });
        }
        tokio::task::yield_now().await;
        let addresses = (0..20).map(|n| healthy.url(&format!("/{n}"))).collect();
        assert_eq!(ask_all(client, addresses).await, 20);
        assert!(stuck.try_join_next().is_none(), "the others still hang");
        stuck.abort_all();
    });
}

/// The time limit of the tests that must reach it.
const SHORT: Duration = Duration::from_millis(150);

#[track_caller]
fn check_timeout(server: &FakeServer) {
    let settings = Network {
        timeout: SHORT,
        ..network()
    };
    let found = get(settings, &server.url("/feed"));
    assert!(
        matches!(found, Err(FetchError::Timeout { limit: SHORT, .. })),
        "{found:?}"
    );
}

#[test]
fn a_server_that_does_not_answer_is_left() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::hang());
    check_timeout(&server);
}

#[test]
fn a_body_that_does_not_end_is_left() {
    let server = FakeServer::start();
    let never = Gate::default();
    server.answer("/feed", Answer::ok("slowly").pause_after(3, &never));
    check_timeout(&server);
}

#[test]
fn the_time_limit_covers_all_redirects() {
    let server = FakeServer::start();
    let pace = SHORT / 4;
    server.answer("/feed", Answer::redirect(302, "/x?0").delay(pace));
    server.decide_all(move |asked| Answer::redirect(302, format!("{}0", asked.target)).delay(pace));
    check_timeout(&server);
    assert!(server.asked().len() <= 5);
}

#[test]
fn waiting_for_a_permit_does_not_count() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::ok("body").delay(SHORT / 3));
    let settings = Network {
        timeout: SHORT,
        connections_per_host: 1,
        ..network()
    };
    let addresses = (0..5).map(|n| server.url(&format!("/{n}"))).collect();
    let client = Arc::new(Client::new(settings));
    assert_eq!(run(ask_all(client, addresses)), 5);
}

#[test]
fn a_refusal_whose_page_hangs_is_still_a_refusal() {
    let server = FakeServer::start();
    let never = Gate::default();
    let refusal = Answer::status(503)
        .header("Retry-After", "120")
        .body("wait");
    server.answer("/feed", refusal.pause_after(1, &never));
    let response = get(network(), &server.url("/feed")).unwrap();
    assert_eq!(response.status, 503);
    assert_eq!(response.headers.get("retry-after"), Some(&b"120"[..]));
}
