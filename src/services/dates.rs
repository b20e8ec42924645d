//! Dates as a reader writes and reads them: en-GB, the reader's own zone, 24 hours.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::error::{Exit, Problem};

/// So many days before today a day still has a heading of its own.
const LAST_NAMED_DAY: i32 = 6;

/// Reads a moment in the past that a person typed: `24h`, `7d`, or a date such as `2026-11-24` (its
/// first moment in `zone`), or RFC 3339.
pub fn parse_when(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, Problem> {
    parse(text, zone, 0, &|span| now.checked_sub(span).ok())
}

/// Reads a moment to come that a person typed, in the same way: `24h` is in 24 hours, a date its
/// last moment.
pub fn parse_until(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, Problem> {
    parse(text, zone, 1, &|span| now.checked_add(span).ok())
}

/// Reads a moment that a person typed: a span is `away` from now, a date means the midnight so many
/// days after it.
fn parse(
    text: &str,
    zone: &TimeZone,
    days_after: i64,
    away: &dyn Fn(SignedDuration) -> Option<Timestamp>,
) -> Result<Timestamp, Problem> {
    let wrong = || {
        Problem::new(Exit::Usage, &format!("`{text}` is no moment in time"))
            .hint("write `24h`, `7d` or a date such as `2026-11-24`")
    };
    let trimmed = text.trim();
    let spanned = |unit: char, hours: i64| {
        let count: i64 = trimmed
            .strip_suffix(unit)?
            .parse()
            .ok()
            .filter(|n| *n >= 0)?;
        away(SignedDuration::from_hours(count.checked_mul(hours)?))
    };
    if let Some(moment) = spanned('h', 1)
        .or_else(|| spanned('d', 24))
        .or_else(|| spanned('w', 7 * 24))
    {
        return Ok(moment);
    }
    if let Ok(moment) = trimmed.parse::<Timestamp>() {
        return Ok(moment);
    }
    let date: Date = trimmed.parse().map_err(|_| wrong())?;
    let date = date
        .checked_add(jiff::Span::new().days(days_after))
        .map_err(|_| wrong())?;
    zone.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| wrong())
}

/// Whether a list parts its rows by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouped {
    /// Under headings of [`in_group`].
    ByDay,
    /// Not at all.
    No,
}

/// Returns a moment as an article's facts say it: `today 09:14`, else `13 November 2026`.
pub fn in_facts(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    if then.date() == zone.to_datetime(now).date() {
        format!("today {}", time(then))
    } else {
        long_day(moment, zone)
    }
}

/// Returns how long ago a comment was written: `just now`, `48 min ago`, `2 hours ago`, and after 24
/// hours the date: `13 November 2026`. What is yet to come counts as just written.
pub fn ago(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let minutes = now.duration_since(moment).as_mins();
    match minutes {
        ..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..120 => "1 hour ago".to_owned(),
        120..1440 => format!("{} hours ago", minutes / 60),
        _ => long_day(moment, zone),
    }
}

/// Returns the heading that a list by day has above a moment: `Today` (also for what is yet to
/// come), `Yesterday`, `Friday 20 November` for five days more, `Earlier in November`, `October
/// 2026`.
pub fn in_group(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment).date();
    let today = zone.to_datetime(now).date();
    match days_before(then, today) {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        2..=LAST_NAMED_DAY => then.strftime("%A %-d %B").to_string(),
        _ if (then.year(), then.month()) == (today.year(), today.month()) => {
            format!("Earlier in {}", month(then.month()))
        }
        _ => format!("{} {}", month(then.month()), then.year()),
    }
}

/// Returns a moment as a row on the screen says it: `09:14` under the heading of a day (and where
/// rows aren't grouped, today), else `15 Nov`, before this year `Dec 2025`. What is yet to come
/// counts as today's.
pub fn in_list(moment: Timestamp, now: Timestamp, zone: &TimeZone, grouped: Grouped) -> String {
    let then = zone.to_datetime(moment);
    let today = zone.to_datetime(now).date();
    let last_day = match grouped {
        Grouped::ByDay => LAST_NAMED_DAY,
        Grouped::No => 0,
    };
    if days_before(then.date(), today) <= last_day {
        time(then)
    } else {
        short_date(then.date(), today)
    }
}

/// Returns the moment of the newest news: `08:12` today, else `Saturday 21 November`, before this
/// year with the year.
pub fn news_of(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    let today = zone.to_datetime(now).date();
    if days_before(then.date(), today) == 0 {
        time(then)
    } else if then.year() == today.year() {
        then.strftime("%A %-d %B").to_string()
    } else {
        then.strftime("%A %-d %B %Y").to_string()
    }
}

/// Returns a moment as a row says it: `09:14` today, else `15 Nov`, before this year `Dec 2025`.
pub fn in_row(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    let today = zone.to_datetime(now).date();
    if then.date() == today {
        time(then)
    } else {
        short_date(then.date(), today)
    }
}

/// Returns the day of a moment: `24 November 2026`.
pub fn long_day(moment: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    format!("{} {} {}", then.day(), month(then.month()), then.year())
}

/// Returns a moment in full: `Friday 27 November 2026, 23:45`.
pub fn in_full(moment: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    then.strftime("%A %-d %B %Y, %H:%M").to_string()
}

/// Returns a moment within a few weeks: `Fri 27 Nov 23:45`.
pub fn on_day(moment: Timestamp, zone: &TimeZone) -> String {
    let then = zone.to_datetime(moment);
    then.strftime("%a %-d %b %H:%M").to_string()
}

/// Returns how long it is until a moment, in days of the calendar: `today`, `tomorrow`, `in 3 days`.
pub fn until(moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let day = |moment| zone.to_datetime(moment).date();
    match days_before(day(now), day(moment)) {
        ..=0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
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

/// Returns how many days a day lies before today; 0 for one that is yet to come.
fn days_before(day: Date, today: Date) -> i32 {
    (today - day).get_days().max(0)
}

/// Returns the time of day: `09:14`.
fn time(then: DateTime) -> String {
    format!("{:02}:{:02}", then.hour(), then.minute())
}

/// Returns a day, short: `15 Nov`, in another year than today's `Dec 2025`.
fn short_date(day: Date, today: Date) -> String {
    let short = &month(day.month())[..3];
    if day.year() == today.year() {
        format!("{} {short}", day.day())
    } else {
        format!("{short} {}", day.year())
    }
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

    fn london() -> TimeZone {
        TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap()
    }

    /// Checks the heading of a moment, and its row under it.
    #[track_caller]
    fn check_group(moment: &str, now: &str, heading: &str, row: &str) {
        let (moment, now) = (at(moment), at(now));
        assert_eq!(in_group(moment, now, &london()), heading);
        assert_eq!(in_list(moment, now, &london(), Grouped::ByDay), row);
    }

    #[test]
    fn seven_days_have_headings_of_their_own() {
        let now = "2026-11-24T12:00:00Z";
        check_group("2026-11-24T09:14:00Z", now, "Today", "09:14");
        check_group("2026-11-23T23:59:59Z", now, "Yesterday", "23:59");
        check_group("2026-11-22T10:00:00Z", now, "Sunday 22 November", "10:00");
        check_group(
            "2026-11-18T10:00:00Z",
            now,
            "Wednesday 18 November",
            "10:00",
        );
        check_group("2026-11-17T10:00:00Z", now, "Earlier in November", "17 Nov");
        check_group("2026-11-01T10:00:00Z", now, "Earlier in November", "1 Nov");
        check_group("2026-10-31T10:00:00Z", now, "October 2026", "31 Oct");
        check_group("2025-11-24T10:00:00Z", now, "November 2025", "Nov 2025");
    }

    #[test]
    fn what_is_yet_to_come_counts_as_todays() {
        let now = "2026-12-31T12:00:00Z";
        check_group("2026-12-31T18:00:00Z", now, "Today", "18:00");
        check_group("2027-03-01T10:00:00Z", now, "Today", "10:00");
        let far = at("2027-03-01T10:00:00Z");
        assert_eq!(in_list(far, at(now), &london(), Grouped::No), "10:00");
    }

    #[test]
    fn days_go_on_over_the_end_of_the_year() {
        let now = "2027-01-02T12:00:00Z";
        check_group(
            "2026-12-30T10:00:00Z",
            now,
            "Wednesday 30 December",
            "10:00",
        );
        check_group("2026-12-26T10:00:00Z", now, "December 2026", "Dec 2026");
    }

    #[test]
    fn days_are_the_readers_own_when_clocks_change() {
        // Clocks went back on 25 October 2026, which had 25 hours.
        let now = "2026-10-26T12:00:00Z";
        check_group("2026-10-24T23:30:00Z", now, "Yesterday", "00:30");
        check_group("2026-10-25T23:30:00Z", now, "Yesterday", "23:30");
        check_group("2026-10-24T22:30:00Z", now, "Saturday 24 October", "23:30");
        // Forward on 29 March 2026: that day had 23 hours.
        let now = "2026-03-29T23:30:00Z";
        check_group("2026-03-29T00:30:00Z", now, "Yesterday", "00:30");
        check_group("2026-03-28T23:30:00Z", now, "Saturday 28 March", "23:30");
    }

    #[test]
    fn without_groups_a_row_has_its_time_today_only() {
        let now = at("2026-11-24T12:00:00Z");
        let check = |moment, row| {
            assert_eq!(in_list(at(moment), now, &TimeZone::UTC, Grouped::No), row);
        };
        check("2026-11-24T09:14:00Z", "09:14");
        check("2026-11-23T09:14:00Z", "23 Nov");
        check("2025-12-01T09:14:00Z", "Dec 2025");
    }

    #[test]
    fn the_age_of_the_news_is_a_time_or_a_day() {
        let now = at("2026-11-24T12:00:00Z");
        let check = |moment, said| assert_eq!(news_of(at(moment), now, &TimeZone::UTC), said);
        check("2026-11-24T08:12:00Z", "08:12");
        check("2026-11-21T08:12:00Z", "Saturday 21 November");
        check("2025-11-21T08:12:00Z", "Friday 21 November 2025");
    }
}
