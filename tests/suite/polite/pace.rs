//! Promise 2: after a good answer nobody is polled sooner than the longest wait that anyone asks for.

use jiff::{SignedDuration, Timestamp};

use super::{check_next, feed, force, next_check, pass, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Returns an HTTP date so many seconds from now.
fn http_date(seconds: i64) -> String {
    let time = Timestamp::now() + SignedDuration::from_secs(seconds);
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Checks when a feed is checked next after an answer with these header fields.
#[track_caller]
fn check_headers(fields: &[(&str, &str)], seconds: i64) {
    let server = FakeServer::start();
    let answer = fields
        .iter()
        .fold(Answer::ok(feed("a")), |answer, (name, value)| {
            answer.header(name, *value)
        });
    server.answer("/feed", answer);
    check_next(&refresh(&subscribed(&server)), seconds);
}

/// Checks when a feed is checked next that has these elements.
#[track_caller]
fn check_elements(elements: &str, seconds: i64) {
    let server = FakeServer::start();
    let channel =
        format!("<channel xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">{elements}");
    server.answer(
        "/feed",
        Answer::ok(feed("a").replace("<channel>", &channel)),
    );
    check_next(&refresh(&subscribed(&server)), seconds);
}

#[test]
fn refresh_minutes_is_the_least_wait() {
    check_headers(&[], HOUR);
    check_headers(&[("Cache-Control", "max-age=60")], HOUR);
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    let env = TestEnv::new();
    let url = server.url("/feed");
    env.configure(&format!(
        "[general]\nrefresh_minutes = 7\n[[sections]]\nname = \"News\"\n\
         [[sections.feeds]]\nurl = \"{url}\"\nrefresh_minutes = 150\n"
    ));
    check_next(&refresh(&env), 150 * 60);
}

#[test]
fn nobody_is_asked_a_part_of_a_second_too_soon() {
    for _ in 0..4 {
        let server = FakeServer::start();
        server.answer("/feed", Answer::ok(feed("a")));
        let before = Timestamp::now();
        let line = refresh(&subscribed(&server));
        let next: Timestamp = line["next_check"]
            .as_str()
            .expect("a time")
            .parse()
            .expect("RFC 3339");
        assert!(next.duration_since(before).as_secs() >= HOUR, "{line}");
    }
}

#[test]
fn cache_control_and_expires_are_kept_up_to_a_day() {
    check_headers(&[("Cache-Control", "public, max-age=7200")], 2 * HOUR);
    check_headers(&[("Cache-Control", "max-age=7200"), ("Age", "1200")], 6000);
    // On two lines, as it was once allowed.
    check_headers(&[("Cache-Control", "public,\r\n max-age=7200")], 2 * HOUR);
    check_headers(&[("Cache-Control", "max-age=7200"), ("Age", "7200")], HOUR);
    check_headers(&[("Cache-Control", "max-age=31536000")], DAY);
    check_headers(&[("Cache-Control", "max-age=99999999999999999999999")], DAY);
    check_headers(&[("Cache-Control", "max-age=-5")], HOUR);
    check_headers(&[("Cache-Control", "s-maxage=9000")], HOUR);
    let three_hours = http_date(3 * HOUR);
    let expires = ("Expires", three_hours.as_str());
    check_headers(&[expires], 3 * HOUR);
    check_headers(&[expires, ("Cache-Control", "max-age=7200")], 2 * HOUR);
    check_headers(&[expires, ("Age", "3600")], 2 * HOUR);
    check_headers(&[expires, ("Cache-Control", "no-cache")], 3 * HOUR);
    for broken in ["max-age=soon", "max-age=", "max-age=0"] {
        check_headers(&[expires, ("Cache-Control", broken)], HOUR);
    }
    // The server's own clock counts, were it years behind.
    let behind = [
        http_date(-9 * 365 * DAY),
        http_date(-9 * 365 * DAY + 4 * HOUR),
    ];
    check_headers(&[("Date", &behind[0]), ("Expires", &behind[1])], 4 * HOUR);
    check_headers(&[("Expires", "0")], HOUR);
    check_headers(&[("Expires", &http_date(-DAY))], HOUR);
    check_headers(&[("Expires", &http_date(50 * DAY))], DAY);
}

#[test]
fn what_the_feed_itself_asks_for_is_kept() {
    check_elements("<ttl>150</ttl>", 150 * 60);
    check_elements("<ttl>99999999999</ttl>", DAY);
    check_elements("<ttl>-3</ttl>", HOUR);
    check_elements("<sy:updatePeriod>daily</sy:updatePeriod>", DAY);
    check_elements(
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        6 * HOUR,
    );
    check_elements("<sy:updatePeriod>weekly</sy:updatePeriod>", 7 * DAY);
    check_elements("<sy:updatePeriod>monthly</sy:updatePeriod>", 7 * DAY);
    let all = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let days: String = all.iter().map(|day| format!("<day>{day}</day>")).collect();
    check_elements(&format!("<skipDays>{days}</skipDays>"), DAY);
}

#[test]
fn a_skipped_day_is_left_out_up_to_a_day() {
    let now = Timestamp::now();
    let usual = now + SignedDuration::from_secs(HOUR);
    let day = usual.strftime("%A");
    let midnight = usual.as_second().div_euclid(DAY) * DAY + DAY;
    let expected = (midnight - now.as_second()).min(DAY);
    check_elements(&format!("<skipDays><day>{day}</day></skipDays>"), expected);
}

#[test]
fn skipped_hours_are_left_out() {
    // All hours but the one that is in five hours.
    let open = (Timestamp::now() + SignedDuration::from_hours(5))
        .strftime("%H")
        .to_string();
    let hours: String = (0..24)
        .filter(|hour| format!("{hour:02}") != open)
        .map(|hour| format!("<hour>{hour}</hour>"))
        .collect();
    let server = FakeServer::start();
    let channel = format!("<channel><skipHours>{hours}</skipHours>");
    server.answer(
        "/feed",
        Answer::ok(feed("a").replace("<channel>", &channel)),
    );
    let line = refresh(&subscribed(&server));
    let next: Timestamp = line["next_check"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("RFC 3339");
    assert_eq!(next.strftime("%H").to_string(), open, "{line}");
}

#[test]
fn a_feed_that_is_not_due_is_not_asked_until_it_is() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::ok(feed("a")).header("Cache-Control", "max-age=7200"),
    );
    let env = subscribed(&server);
    let first = refresh(&env);
    let line = refresh(&env);
    assert_eq!(
        (&line["status"], &line["http"]),
        (&"not_due".into(), &serde_json::Value::Null)
    );
    assert_eq!(line["next_check"], first["next_check"]);
    pass(&env, SignedDuration::from_secs(7100));
    assert_eq!(refresh(&env)["status"], "not_due");
    assert_eq!(server.asked().len(), 1);
    pass(&env, SignedDuration::from_secs(101));
    assert_eq!(refresh(&env)["status"], "unchanged");
    // Nor is it held from who asks by hand.
    force(&env);
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn a_304_has_a_pace_of_its_own_beside_the_feeds() {
    let server = FakeServer::start();
    let slow = feed("a").replace("<channel>", "<channel><ttl>120</ttl>");
    server.answer("/feed", Answer::ok(slow).header("ETag", "\"a\""));
    server.answer(
        "/feed",
        Answer::status(304).header("Cache-Control", "max-age=18000"),
    );
    server.answer("/feed", Answer::status(304));
    let env = subscribed(&server);
    check_next(&refresh(&env), 2 * HOUR);
    check_next(&force(&env), 5 * HOUR);
    check_next(&force(&env), 2 * HOUR);
}

#[test]
fn a_check_that_no_rule_asks_for_any_more_is_due_now() {
    let server = FakeServer::start();
    let weekly = feed("a").replace(
        "<channel>",
        "<channel xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">\
         <sy:updatePeriod>weekly</sy:updatePeriod>",
    );
    server.answer("/feed", Answer::ok(feed("a")));
    server.answer("/weekly", Answer::ok(weekly));
    for (path, status) in [("/feed", "unchanged"), ("/weekly", "not_due")] {
        let env = TestEnv::new();
        let configure = |minutes: i64| {
            let url = server.url(path);
            env.configure(&format!(
                "[general]\nrefresh_minutes = {minutes}\n[[sections]]\nname = \"News\"\n\
                 [[sections.feeds]]\nurl = \"{url}\"\n"
            ));
        };
        configure(7 * 24 * 60);
        check_next(&refresh(&env), 7 * DAY);
        // A restart alone changes nothing.
        assert_eq!(refresh(&env)["status"], "not_due");
        configure(60);
        assert_eq!(refresh(&env)["status"], status, "{path}");
    }
}

#[test]
fn a_slower_configuration_holds_at_once() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    let env = subscribed(&server);
    check_next(&refresh(&env), HOUR);
    let url = server.url("/feed");
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{url}\"\n\
         refresh_minutes = 180\n"
    ));
    pass(&env, SignedDuration::from_secs(2 * HOUR));
    let line = refresh(&env);
    assert_eq!(line["status"], "not_due");
    check_next(&line, HOUR);
    let known = &env.json(&["feeds", "list", "--format", "json"])[0];
    check_next(known, HOUR);
}

#[test]
fn a_next_check_by_a_clock_that_was_wrong_is_due_now() {
    let server = FakeServer::start();
    server.answer(
        "/feed",
        Answer::ok(feed("a")).header("Cache-Control", "max-age=7200"),
    );
    let env = subscribed(&server);
    for wrong in [-3 * DAY, -9 * 365 * DAY, 9 * 365 * DAY] {
        force(&env);
        let before = server.asked().len();
        pass(&env, SignedDuration::from_secs(wrong));
        let known = &env.json(&["feeds", "list", "--format", "json"])[0];
        let next = next_check(known);
        assert!(next <= 0, "{next}");
        assert_eq!(refresh(&env)["status"], "unchanged", "{wrong}");
        assert_eq!(server.asked().len(), before + 1);
        assert_eq!(refresh(&env)["status"], "not_due");
    }
}

#[test]
fn a_next_check_further_away_than_anyone_may_ask_is_due_now() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed("a")));
    let env = subscribed(&server);
    refresh(&env);
    let cache = rusqlite::Connection::open(env.path("data/gazette.db")).expect("it opens");
    cache
        .execute("update feeds set next_poll = last_poll + 8 * 86400", [])
        .expect("it is written");
    assert_eq!(refresh(&env)["status"], "unchanged");
}

#[test]
fn a_304_that_says_nothing_leaves_the_documents_freshness_as_it_was() {
    for (name, value) in [
        ("Cache-Control", "max-age=36000".to_owned()),
        ("Expires", http_date(10 * HOUR)),
    ] {
        let server = FakeServer::start();
        let first = Answer::ok(feed("a")).header("ETag", "\"a\"");
        server.answer("/feed", first.header(name, value));
        server.answer("/feed", Answer::status(304));
        server.answer(
            "/feed",
            Answer::status(304).header("Cache-Control", "no-cache"),
        );
        server.answer("/feed", Answer::ok(feed("b")));
        let env = subscribed(&server);
        check_next(&refresh(&env), 10 * HOUR);
        check_next(&force(&env), 10 * HOUR);
        check_next(&force(&env), HOUR);
        check_next(&force(&env), HOUR);
    }
}
