#![allow(clippy::unwrap_used)]

use super::*;
use jiff::SignedDuration;
use jiff::civil::Weekday;

/// A Monday.
const NOW: &str = "2026-03-02T12:00:00Z";
const HOUR: Duration = Duration::from_hours(1);

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Returns the time so many minutes from now.
fn at(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn headers(fields: &[(&str, &str)]) -> Headers {
    Headers::new(
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())),
    )
}

mod due {
    use super::*;

    const DAY: i64 = 24 * 60;

    /// A feed that was polled half an hour ago.
    fn polled(next_minutes: i64) -> Schedule {
        Schedule {
            next_poll: Some(at(next_minutes)),
            last_poll: Some(at(-30)),
            ..Schedule::default()
        }
    }

    #[track_caller]
    fn check(state: Schedule, urgency: Urgency, expected_minutes: Option<i64>) {
        let expected = expected_minutes.map_or(Due::Now, |minutes| Due::At(at(minutes)));
        assert_eq!(is_due(state, now(), HOUR, urgency), expected);
    }

    #[test]
    fn a_feed_is_due_at_its_next_check() {
        check(Schedule::default(), Urgency::Usual, None);
        check(polled(30), Urgency::Usual, Some(30));
        check(polled(DAY - 30), Urgency::Usual, Some(DAY - 30));
        let earlier = Schedule {
            last_poll: Some(at(-60)),
            ..polled(0)
        };
        check(earlier, Urgency::Usual, None);
        check(polled(30), Urgency::Forced, None);
    }

    #[test]
    fn a_retry_after_holds_back_even_who_is_forced() {
        let held = Schedule {
            not_before: Some(at(20 * DAY)),
            failures: 1,
            ..polled(20 * DAY)
        };
        check(held, Urgency::Usual, Some(20 * DAY));
        check(held, Urgency::Forced, Some(20 * DAY));
        let past = Schedule {
            not_before: Some(at(-1)),
            ..polled(30)
        };
        check(past, Urgency::Forced, None);
    }

    #[test]
    fn a_check_further_away_than_the_rules_allow_is_due_now() {
        check(polled(DAY), Urgency::Usual, None);
        let weekly = |next_minutes| Schedule {
            update_every: Some(Duration::from_hours(24 * 365)),
            ..polled(next_minutes)
        };
        check(weekly(6 * DAY), Urgency::Usual, Some(6 * DAY));
        check(weekly(7 * DAY), Urgency::Usual, None);
        let failed = Schedule {
            failures: 3,
            ..polled(2 * DAY)
        };
        check(failed, Urgency::Usual, None);
        let held = Schedule {
            not_before: Some(at(31 * DAY)),
            ..polled(31 * DAY)
        };
        check(held, Urgency::Usual, None);
        check(held, Urgency::Forced, None);
    }

    #[test]
    fn a_last_poll_in_the_future_makes_a_feed_due() {
        let ahead = Schedule {
            last_poll: Some(at(2 * DAY)),
            ..polled(2 * DAY + 60)
        };
        check(ahead, Urgency::Usual, None);
        let another_run = Schedule {
            last_poll: Some(at(2)),
            ..polled(62)
        };
        check(another_run, Urgency::Usual, Some(62));
    }

    #[test]
    fn a_slower_configuration_holds_at_once_but_not_after_a_failure() {
        check(polled(5), Urgency::Usual, Some(30));
        let failed = Schedule {
            failures: 1,
            ..polled(5)
        };
        check(failed, Urgency::Usual, Some(5));
    }

    #[test]
    fn a_long_refresh_of_the_user_s_own_is_kept() {
        let monthly = Duration::from_hours(30 * 24);
        let state = Schedule {
            last_poll: Some(now()),
            ..polled(30 * DAY)
        };
        let due = is_due(state, now(), monthly, Urgency::Usual);
        assert_eq!(due, Due::At(at(30 * DAY)));
    }
}

mod answer {
    use super::*;

    #[track_caller]
    fn check(fields: &[(&str, &str)], pace: &Pace, expected: &str) {
        let found = after_answer(now(), HOUR, &headers(fields), pace);
        assert_eq!(found.to_string(), expected, "{fields:?} {pace:?}");
    }

    fn ttl(minutes: u32) -> Pace {
        Pace {
            ttl_minutes: Some(minutes),
            ..Pace::default()
        }
    }

    fn skip_hours(hours: &[u8]) -> Pace {
        Pace {
            skip_hours: hours.to_vec(),
            ..Pace::default()
        }
    }

    fn skip_days(days: &[Weekday]) -> Pace {
        Pace {
            skip_days: days.to_vec(),
            ..Pace::default()
        }
    }

    fn every(hours: u64) -> Pace {
        Pace {
            update_every: Some(Duration::from_hours(hours)),
            ..Pace::default()
        }
    }

    #[test]
    fn refresh_minutes_are_the_least() {
        check(&[], &Pace::default(), "2026-03-02T13:00:00Z");
        check(
            &[("Cache-Control", "max-age=60")],
            &ttl(5),
            "2026-03-02T13:00:00Z",
        );
    }

    #[test]
    fn no_part_of_a_second_is_taken_off() {
        let between: Timestamp = "2026-03-02T12:00:00.25Z".parse().unwrap();
        let found = after_answer(between, HOUR, &Headers::default(), &Pace::default());
        assert_eq!(found.to_string(), "2026-03-02T13:00:01Z");
        let found = after_failure(between, 0, 0.5);
        assert_eq!(found.to_string(), "2026-03-02T12:05:01Z");
        let wish = headers(&[("Retry-After", "60")]);
        let found = retry_after(503, &wish, between).unwrap();
        assert_eq!(found.to_string(), "2026-03-02T12:01:01Z");
    }

    #[test]
    fn the_longest_wish_wins_and_is_capped() {
        let max_age = [("Cache-Control", "max-age=7200")];
        check(&max_age, &Pace::default(), "2026-03-02T14:00:00Z");
        check(&max_age, &ttl(180), "2026-03-02T15:00:00Z");
        check(&max_age, &every(4), "2026-03-02T16:00:00Z");
        check(
            &[("Expires", "Mon, 02 Mar 2026 17:00:00 GMT")],
            &ttl(180),
            "2026-03-02T17:00:00Z",
        );
        check(
            &[("Cache-Control", "max-age=31536000")],
            &Pace::default(),
            "2026-03-03T12:00:00Z",
        );
        check(&[], &ttl(u32::MAX), "2026-03-03T12:00:00Z");
        check(&[], &every(30), "2026-03-03T18:00:00Z");
        check(&[], &every(24 * 365), "2026-03-09T12:00:00Z");
    }

    #[test]
    fn skipped_hours_and_days_are_left_out() {
        check(&[], &skip_hours(&[13, 14]), "2026-03-02T15:00:00Z");
        check(&[], &skip_hours(&[12, 14]), "2026-03-02T13:00:00Z");
        check(&[], &skip_days(&[Weekday::Monday]), "2026-03-03T00:00:00Z");
        check(&[], &skip_days(&[Weekday::Tuesday]), "2026-03-02T13:00:00Z");
        let both = Pace {
            skip_hours: vec![0, 1],
            ..skip_days(&[Weekday::Monday])
        };
        check(&[], &both, "2026-03-03T02:00:00Z");
    }

    #[test]
    fn skipping_is_capped_at_a_day() {
        let all: Vec<u8> = (0..24).collect();
        check(&[], &skip_hours(&all), "2026-03-03T12:00:00Z");
        let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday];
        check(&[], &skip_days(&days), "2026-03-03T12:00:00Z");
    }

    #[test]
    fn skipping_begins_at_the_full_hour() {
        let half_past: Timestamp = "2026-03-02T12:30:30.5Z".parse().unwrap();
        let found = after_answer(half_past, HOUR, &Headers::default(), &skip_hours(&[13]));
        assert_eq!(found.to_string(), "2026-03-02T14:00:00Z");
    }
}

mod failure {
    use super::*;

    #[track_caller]
    fn check(failures_so_far: u32, jitter: f64, expected_seconds: i64) {
        let found = after_failure(now(), failures_so_far, jitter);
        assert_eq!(found, now() + SignedDuration::from_secs(expected_seconds));
    }

    #[test]
    fn the_wait_doubles_up_to_a_day() {
        check(0, 0.5, 300);
        check(1, 0.5, 600);
        check(2, 0.5, 1200);
        check(8, 0.5, 76_800);
        check(9, 0.5, 86_400);
        check(u32::MAX, 1.0, 86_400);
    }

    #[test]
    fn jitter_spreads_by_a_tenth() {
        check(0, 0.0, 270);
        check(0, 1.0, 330);
        check(0, 7.0, 330);
        check(0, f64::NAN, 300);
    }
}

mod retry {
    use super::*;

    #[track_caller]
    fn check(status: u16, value: &str, expected_minutes: Option<i64>) {
        let found = retry_after(status, &headers(&[("Retry-After", value)]), now());
        assert_eq!(found, expected_minutes.map(at), "{status} {value}");
    }

    #[test]
    fn seconds_and_dates_are_read() {
        check(429, "120", Some(2));
        check(503, "Mon, 02 Mar 2026 13:00:00 GMT", Some(60));
        check(503, "Monday, 02-Mar-26 13:00:00 GMT", Some(60));
        check(403, "120", Some(2));
    }

    #[test]
    fn other_answers_and_odd_values_ask_for_nothing() {
        for status in [200, 301, 404, 500, 502] {
            check(status, "120", None);
        }
        for odd in [
            "",
            "0",
            "-5",
            "soon",
            "1.5",
            "Mon, 02 Mar 2026 11:00:00 GMT",
        ] {
            check(503, odd, None);
        }
        assert_eq!(retry_after(503, &Headers::default(), now()), None);
    }

    #[test]
    fn thirty_days_are_the_most() {
        check(429, "99999999999999999999", Some(30 * 24 * 60));
        check(429, "Fri, 01 Jan 2100 00:00:00 GMT", Some(30 * 24 * 60));
    }
}
