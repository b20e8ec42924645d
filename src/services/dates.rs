//! Dates as a reader writes and reads them: en-GB, the reader's own zone, 24 hours.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::error::{Exit, Problem};

/// Reads a moment that a person typed: `24h`, `7d`, or a date such as `2026-11-24` (its first
/// moment in `zone`), or RFC 3339.
pub fn parse_when(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, Problem> {
    let wrong = || {
        Problem::new(Exit::Usage, &format!("`{text}` is no moment in time"))
            .hint("write `24h`, `7d` or a date such as `2026-11-24`")
    };
    let trimmed = text.trim();
    let ago = |unit: char, hours: i64| {
        let count: i64 = trimmed
            .strip_suffix(unit)?
            .parse()
            .ok()
            .filter(|n| *n >= 0)?;
        now.checked_sub(SignedDuration::from_hours(count.checked_mul(hours)?))
            .ok()
    };
    if let Some(moment) = ago('h', 1)
        .or_else(|| ago('d', 24))
        .or_else(|| ago('w', 7 * 24))
    {
        return Ok(moment);
    }
    if let Ok(moment) = trimmed.parse::<Timestamp>() {
        return Ok(moment);
    }
    let date: Date = trimmed.parse().map_err(|_| wrong())?;
    zone.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| wrong())
}

/// Returns a moment as an article's facts say it: `today 09:14`, else `13 November 2026`.
pub fn in_facts(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    let today = zone.to_datetime(now).date();
    if then.date() == today {
        format!("today {:02}:{:02}", then.hour(), then.minute())
    } else {
        format!("{} {} {}", then.day(), month(then.month()), then.year())
    }
}

/// Returns a moment as a row says it: `09:14` today, else `15 Nov`, before this year `Dec 2025`.
pub fn in_row(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    let today = zone.to_datetime(now).date();
    let short = &month(then.month())[..3];
    if then.date() == today {
        format!("{:02}:{:02}", then.hour(), then.minute())
    } else if then.year() == today.year() {
        format!("{} {short}", then.day())
    } else {
        format!("{short} {}", then.year())
    }
}

/// Returns the day of a moment, short: `24 Nov`.
pub fn short_day(moment: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    format!("{} {}", then.day(), &month(then.month())[..3])
}

/// Returns a moment as machines read it: RFC 3339 in UTC, whole seconds.
pub fn rfc3339(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Returns the English name of a month, 1 to 12.
fn month(number: i8) -> &'static str {
    match number {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check_when(text: &str, expected: Option<&str>) {
        let got = parse_when(text, at("2026-11-24T12:00:00Z"), &TimeZone::UTC).ok();
        assert_eq!(got.map(rfc3339).as_deref(), expected, "{text}");
    }

    #[test]
    fn moments_are_ages_or_dates() {
        check_when("24h", Some("2026-11-23T12:00:00Z"));
        check_when("7d", Some("2026-11-17T12:00:00Z"));
        check_when(" 2w", Some("2026-11-10T12:00:00Z"));
        check_when("2026-11-01", Some("2026-11-01T00:00:00Z"));
        check_when("2026-11-01T10:00:00+01:00", Some("2026-11-01T09:00:00Z"));
        for wrong in [
            "",
            "d",
            "-1d",
            "soon",
            "2026-13-01",
            "99999999999999999999h",
            "9999999999999d",
        ] {
            check_when(wrong, None);
        }
    }

    #[test]
    fn a_date_is_a_day_in_the_readers_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let got = parse_when("2026-11-01", at("2026-11-24T12:00:00Z"), &zone).unwrap();
        assert_eq!(rfc3339(got), "2026-10-31T22:00:00Z");
    }

    #[test]
    fn dates_are_short_in_rows_and_long_in_facts() {
        let now = at("2026-11-24T12:00:00Z");
        let check = |moment: &str, row: &str, facts: &str| {
            assert_eq!(in_row(at(moment), now, &TimeZone::UTC), row);
            assert_eq!(in_facts(at(moment), now, &TimeZone::UTC), facts);
        };
        check("2026-11-24T09:14:00Z", "09:14", "today 09:14");
        check("2026-11-15T09:14:00Z", "15 Nov", "15 November 2026");
        check("2025-12-01T09:14:00Z", "Dec 2025", "1 December 2025");
    }
}
