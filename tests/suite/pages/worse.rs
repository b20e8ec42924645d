//! Pages that are of no use, and hosts that don't answer.

use super::*;

/// Refreshes one summary whose page answers so; the summary must stay, and be told as whole as it
/// is.
#[track_caller]
fn check(answer: impl Fn() -> Answer + Send + Sync + 'static, again: usize) {
    let server = FakeServer::start();
    server.decide("/0", move |_| answer());
    let env = env(
        &summaries(&server, 1),
        "[network]\ntimeout_seconds = 1\nmax_body_bytes = 60000",
    );
    let told = refresh(&env, &[]).unwrap();
    assert_eq!(
        told,
        serde_json::json!({"fetched": 0, "failed": 1, "left": 0})
    );
    let shown = article(&env, "A plan, part 0");
    assert_eq!(
        (&shown["source"], &shown["offline"]),
        (&"feed".into(), &false.into())
    );
    assert!(
        shown["text"]
            .as_str()
            .unwrap()
            .starts_with("Departments will have to")
    );
    // Neither at once nor, where it would bring the same, ever again.
    let asked = server.asked().len();
    assert!(asked >= again, "{asked}");
    assert_eq!(refresh(&env, &["--force"]), None);
    assert_eq!(server.asked().len(), asked);
}

#[test]
fn a_worse_page_never_replaces_the_summary() {
    let body = |text: &str| Answer::ok(format!("<html><body><p>{text}</p></body></html>"));
    check(
        move || {
            body(
                "We use cookies. Accept all cookies to read about the plan that Departments will have to explain, under a plan laid this morning.",
            )
        },
        1,
    );
    check(
        move || {
            body(
                "Please enable JavaScript to read why Departments will have to explain, under a plan laid this morning, and more.",
            )
        },
        1,
    );
    check(move || body("Departments."), 1);
    check(move || body(""), 1);
    check(|| Answer::ok(vec![0, 1, 2, 3]), 1);
}

#[test]
fn a_page_that_does_not_come_is_not_asked_for_at_once() {
    for status in [401, 403, 404, 410, 451, 500, 503] {
        check(move || Answer::status(status), 1);
    }
    check(Answer::hang, 1);
    check(|| page("the end").cut_after(40), 1);
    check(
        || Answer::ok(SENTENCE.repeat(9)).header("content-type", "application/pdf"),
        1,
    );
    check(|| page(&"word ".repeat(20_000)), 1);
    check(|| Answer::redirect(302, "/0"), 1);
}

#[test]
fn a_host_that_asks_for_rest_gets_it_also_after_a_restart() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::status(429).header("retry-after", "86400"));
    let env = env(&summaries(&server, 20), "");
    let told = refresh(&env, &[]).unwrap();
    let count = |name: &str| told[name].as_u64().unwrap();
    assert!(count("failed") <= 4 && count("failed") >= 1, "{told}");
    assert_eq!(count("failed") + count("left"), 20, "{told}");
    let asked = server.asked().len();
    let told = refresh(&env, &["--force"]).unwrap();
    assert_eq!(
        (&told["fetched"], &told["failed"]),
        (&0.into(), &0.into()),
        "{told}"
    );
    assert_eq!(server.asked().len(), asked);
}

#[test]
fn a_host_that_hangs_is_left_alone_after_a_few_pages() {
    let server = FakeServer::start();
    server.decide_all(|_| Answer::hang());
    let env = env(&summaries(&server, 30), "[network]\ntimeout_seconds = 1");
    let told = refresh(&env, &[]).unwrap();
    assert!(told["failed"].as_u64().unwrap() <= 8, "{told}");
    assert!(told["left"].as_u64().unwrap() >= 22, "{told}");
}

#[test]
fn a_moved_page_is_followed() {
    let server = FakeServer::start();
    server.answer("/0", Answer::redirect(301, "/new"));
    server.answer("/new", page("the end"));
    let env = env(&summaries(&server, 1), "");
    assert_eq!(refresh(&env, &[]).unwrap()["fetched"], 1);
    assert_eq!(article(&env, "A plan, part 0")["source"], "page");
}

#[test]
fn what_failed_is_asked_again_when_its_time_has_come() {
    let server = FakeServer::start();
    server.answer("/0", Answer::status(500));
    server.answer("/0", Answer::status(500));
    server.answer("/0", page("the end"));
    let env = env(&summaries(&server, 1), "");
    for (fetched, failed) in [(0, 1), (0, 1), (1, 0)] {
        let told = refresh(&env, &[]).unwrap();
        assert_eq!(
            told,
            serde_json::json!({"fetched": fetched, "failed": failed, "left": 0})
        );
        assert_eq!(refresh(&env, &[]), None);
        let cache = rusqlite::Connection::open(env.path("data/gazette.db")).unwrap();
        cache.execute("update pages set next_try = 0", []).unwrap();
    }
}
