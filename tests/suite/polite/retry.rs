//! Promise 2: `Retry-After` is kept by everyone, and a failed feed is tried again ever more rarely.

use jiff::{SignedDuration, Timestamp};

use super::{check_next, feed, force, next_check, pass, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

const DAY: i64 = 24 * 3600;

/// Checks when a feed is checked next after a refusal, and that nothing asks it sooner.
#[track_caller]
fn check_held(status: u16, retry_after: &str, seconds: i64) {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::status(status).header("Retry-After", retry_after),
    );
    let env = subscribed(&server);
    let line = refresh(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"failed".into(), &status.into())
    );
    check_next(&line, seconds);
    for line in [force(&env), refresh(&env)] {
        assert_eq!(line["status"], "not_due", "{line}");
        check_next(&line, seconds);
    }
    pass(&env, SignedDuration::from_secs(seconds - 60));
    assert_eq!(force(&env)["status"], "not_due");
    assert_eq!(server.asked().len(), 1);
    pass(&env, SignedDuration::from_secs(61));
    force(&env);
    assert_eq!(server.asked().len(), 2);
}

/// Checks that a value is not heeded: the back-off alone counts, and `--force` asks.
#[track_caller]
fn check_free(status: u16, retry_after: &str) {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::status(status).header("Retry-After", retry_after),
    );
    let env = subscribed(&server);
    let next = next_check(&refresh(&env));
    assert!((200..=331).contains(&next), "{next}");
    force(&env);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn retry_after_in_seconds_and_as_a_date_is_kept_also_with_force() {
    for status in [429, 503, 403] {
        check_held(status, "7200", 7200);
    }
    let in_two_days = Timestamp::now() + SignedDuration::from_secs(2 * DAY);
    for form in [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ] {
        check_held(503, &in_two_days.strftime(form).to_string(), 2 * DAY);
    }
}

#[test]
fn it_is_kept_for_30_days_at_most() {
    check_held(429, "99999999999999999999", 30 * DAY);
    let far = Timestamp::now() + SignedDuration::from_secs(400 * DAY);
    check_held(
        503,
        &far.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        30 * DAY,
    );
}

#[test]
fn what_says_nothing_or_stands_elsewhere_is_not_heeded() {
    for value in ["-5", "soon", "", "12.5", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        check_free(503, value);
    }
    for status in [404, 500, 502] {
        check_free(status, "7200");
    }
}

#[test]
fn a_short_one_does_not_shorten_the_back_off() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::status(503).header("Retry-After", "1"));
    let next = next_check(&refresh(&subscribed(&server)));
    assert!((200..=331).contains(&next), "{next}");
}

#[test]
fn who_is_held_back_is_told_the_next_check_all_the_same() {
    let server = FakeServer::start();
    for _ in 0..4 {
        server.answer("/feed", Answer::status(500));
    }
    server.answer("/feed", Answer::status(503).header("Retry-After", "600"));
    let env = subscribed(&server);
    for _ in 0..4 {
        force(&env);
    }
    let line = force(&env);
    assert!(next_check(&line) > 4000, "the back-off is longer: {line}");
    let held = force(&env);
    assert_eq!(held["status"], "not_due");
    assert_eq!(held["next_check"], line["next_check"]);
    let known = &env.json(&["feeds", "list", "--format", "json"])[0];
    assert_eq!(known["next_check"], line["next_check"]);
}

#[test]
fn one_from_a_clock_that_was_wrong_holds_nobody() {
    for arguments in [&["refresh"][..], &["refresh", "--force"]] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::status(503).header("Retry-After", "7200"));
        server.answer("/feed", Answer::ok(feed("a")));
        let env = subscribed(&server);
        refresh(&env);
        pass(&env, SignedDuration::from_secs(-10 * 365 * DAY));
        assert_eq!(env.run(arguments).code, Some(0));
        assert_eq!(server.asked().len(), 2, "{arguments:?}");
    }
}

#[test]
fn a_failed_feed_is_tried_again_after_five_minutes_doubling_to_a_day() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::status(500));
    let env = TestEnv::new();
    let url = server.url("/feed");
    // Its own pace would be a week.
    env.configure(&format!(
        "[general]\nrefresh_minutes = 10080\n[[sections]]\nname = \"News\"\n\
         [[sections.feeds]]\nurl = \"{url}\"\n"
    ));
    let mut wait = 300;
    for round in 0..12 {
        let next = next_check(&refresh(&env));
        let (least, most) = (wait * 9 / 10 - 60, wait * 11 / 10 + 1);
        assert!(
            (least..=most).contains(&next),
            "{next} in round {round}, not {wait}"
        );
        assert_eq!(refresh(&env)["status"], "not_due");
        pass(&env, SignedDuration::from_secs(next + 1));
        wait = (wait * 2).min(DAY);
    }
    assert_eq!(server.asked().len(), 12);
}

#[test]
fn feeds_that_failed_together_do_not_come_back_together() {
    let server = FakeServer::start();
    let urls: Vec<_> = (0..8).map(|n| server.url(&format!("/{n}"))).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let env = TestEnv::with_feeds(&urls);
    let lines = env.run(&["refresh", "--format", "json"]).out;
    let lines = lines.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        Some(line["next_check"].as_str()?.to_owned())
    });
    let times: std::collections::BTreeSet<_> = lines.collect();
    assert!(times.len() > 3, "{times:?}");
}

#[test]
fn a_good_answer_ends_the_back_off() {
    for good in [Answer::status(304), Answer::ok(feed("b"))] {
        let server = FakeServer::start();
        server.answer("/feed", Answer::ok(feed("a")).header("ETag", "\"a\""));
        server.answer("/feed", Answer::status(500));
        server.answer("/feed", Answer::status(502));
        server.answer("/feed", good);
        server.answer("/feed", Answer::status(500));
        let env = subscribed(&server);
        refresh(&env);
        force(&env);
        let twice = next_check(&force(&env));
        assert!((480..=661).contains(&twice), "{twice}");
        check_next(&force(&env), 3600);
        let once = next_check(&force(&env));
        assert!((200..=331).contains(&once), "{once}");
    }
}
