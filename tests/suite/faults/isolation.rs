//! Promise 5: one bad feed breaks no other, and delays none of another host.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::feed;
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer, Gate};

fn configure(env: &TestEnv, network: &str, urls: &[String]) {
    let feeds: String = urls
        .iter()
        .map(|url| format!("[[sections.feeds]]\nurl = \"{url}\"\n"))
        .collect();
    env.configure(&format!(
        "[network]\n{network}\n[[sections]]\nname = \"News\"\n{feeds}"
    ));
}

#[test]
fn of_thirty_hosts_five_hang_and_four_fail_and_the_rest_is_stored_at_once() {
    const LIMIT: Duration = Duration::from_secs(4);
    let hosts: Vec<FakeServer> = (1..=30)
        .map(|host| FakeServer::start_at([127, 0, 0, host]))
        .collect();
    for (number, host) in hosts.iter().enumerate() {
        host.answer(
            "/feed",
            match number {
                3 | 8 | 14 | 21 | 29 => Answer::hang(),
                5 => Answer::status(500),
                11 => Answer::ok("<html>no feed</html>"),
                17 => Answer::raw("no HTTP"),
                23 => Answer::ok(feed(&["x"])).announcing(9999).then_close(),
                _ => Answer::ok(feed(&[&format!("news of {number}")])),
            },
        );
    }
    let env = TestEnv::new();
    let urls: Vec<String> = hosts.iter().map(|host| host.url("/feed")).collect();
    configure(
        &env,
        &format!("timeout_seconds = {}", LIMIT.as_secs()),
        &urls,
    );
    let began = Instant::now();
    let mut child = env
        .command(&["refresh", "--format", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("UTF-8");
        serde_json::from_str(&line).expect("JSON")
    };
    let mut statuses: Vec<String> = (0..25)
        .map(|_| next()["status"].as_str().expect("a status").to_owned())
        .collect();
    // All that were reported are there for others, while five hosts still say nothing.
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 21);
    assert!(child.try_wait().expect("it can be asked").is_none());
    assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
    statuses.sort();
    assert_eq!(statuses[..4], ["failed"; 4]);
    assert_eq!(statuses[4..], ["new"; 21]);
    for _ in 0..5 {
        let line = next();
        assert!(
            line["error"]
                .as_str()
                .expect("an error")
                .contains("within 4 s"),
            "{line}"
        );
    }
    let summary = next();
    assert_eq!(summary["summary"]["failed"], 9);
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
    let took = began.elapsed();
    assert!(
        took >= LIMIT && took < LIMIT * 2,
        "one time limit, not {took:?}"
    );
}

#[test]
fn on_one_host_five_hanging_feeds_cost_two_time_limits() {
    const LIMIT: Duration = Duration::from_secs(2);
    let server = FakeServer::start();
    for n in 0..5 {
        server.answer(&format!("/{n}"), Answer::hang());
    }
    let other = FakeServer::start_at([127, 0, 0, 2]);
    other.answer("/feed", Answer::ok(feed(&["a"])));
    let env = TestEnv::new();
    let mut urls: Vec<String> = (0..5).map(|n| server.url(&format!("/{n}"))).collect();
    urls.push(other.url("/feed"));
    configure(
        &env,
        &format!("timeout_seconds = {}", LIMIT.as_secs()),
        &urls,
    );
    let began = Instant::now();
    let ran = env.run(&["refresh", "--format", "json"]);
    let took = began.elapsed();
    assert_eq!(ran.code, Some(3), "{}", ran.out);
    assert!(took < LIMIT * 3, "{took:?}");
    let first: Value = serde_json::from_str(ran.out.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["new"], 1, "the other host is first");
}

#[test]
fn a_slow_host_holds_up_no_other() {
    let gate = Gate::default();
    let slow = FakeServer::start();
    // More than connections_per_host allows at once.
    let mut urls: Vec<String> = (0..8).map(|n| slow.url(&format!("/{n}"))).collect();
    for n in 0..8 {
        slow.answer(&format!("/{n}"), Answer::ok(feed(&["s"])).behind(&gate));
    }
    let quick: Vec<FakeServer> = (2..=6)
        .map(|host| FakeServer::start_at([127, 0, 0, host]))
        .collect();
    for host in &quick {
        host.answer("/feed", Answer::ok(feed(&["q"])));
        urls.push(host.url("/feed"));
    }
    let env = TestEnv::new();
    configure(&env, "", &urls);
    let mut child = env
        .command(&["refresh", "--format", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    for _ in 0..5 {
        let line = lines.next().expect("a line").expect("UTF-8");
        assert!(!line.contains(&slow.url("/")), "{line}");
    }
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 5);
    gate.open();
    assert_eq!(lines.count(), 9);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_host_counts_over_its_ports_and_redirects() {
    let [one, other] = [FakeServer::start(), FakeServer::start()];
    let gate = Gate::default();
    let mut urls = Vec::new();
    for n in 0..6 {
        let path = format!("/{n}");
        one.answer(&path, Answer::redirect(302, other.url(&path)));
        other.answer(&path, Answer::ok(feed(&["a"])).behind(&gate));
        urls.push(one.url(&path));
    }
    let env = TestEnv::new();
    configure(&env, "connections_per_host = 2", &urls);
    let mut child = env
        .command(&["refresh", "--quiet"])
        .spawn()
        .expect("the program starts");
    other.wait_for_questions(2);
    gate.open();
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(other.most_at_once() <= 2, "{}", other.most_at_once());
    assert!(one.most_at_once() <= 2);
}

#[test]
fn a_parser_that_meets_the_worst_takes_no_other_feed_down() {
    let server = FakeServer::start();
    let nested = format!("<rss><channel><item><description>{}", "<b>".repeat(200_000));
    server.answer("/deep", Answer::ok(nested));
    server.answer("/json", Answer::ok("[".repeat(1_000_000)));
    server.answer("/feed", Answer::ok(feed(&["a"])));
    let env = TestEnv::new();
    configure(
        &env,
        "",
        &["/deep", "/json", "/feed"].map(|path| server.url(path)),
    );
    let ran = env.run(&["refresh", "--format", "json"]);
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    assert!(super::titles(&env).contains(&"a".to_owned()));
}
