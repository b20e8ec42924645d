//! When a feed may be polled again.
//!
//! After a good answer the longest wait wins that anyone asks for; after a failure the wait doubles;
//! a `Retry-After` is kept by everyone.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::freshness::fresh_for;
use super::headers::{Headers, date, seconds};
use crate::model::feed::Pace;

/// The longest wait that headers, `ttl`, `skipHours` and `skipDays` may ask for, and the longest
/// back-off.
const ONE_DAY: Duration = Duration::from_hours(24);
/// The longest wait that the Syndication module may ask for.
const LONGEST_UPDATE_PERIOD: Duration = Duration::from_hours(7 * 24);
/// The longest wait that a `Retry-After` may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(30 * 24);
/// The wait after the first failure.
const FIRST_BACK_OFF: Duration = Duration::from_mins(5);
/// How far apart the clocks of two runs may seem without one of them being wrong: a run reads its
/// clock once and may take a while.
const CLOCK_SLACK: Duration = Duration::from_mins(10);

/// What the cache knows about one feed's polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The next check as it was reckoned at the last poll; none before the first.
    pub next_poll: Option<Timestamp>,
    /// What a `Retry-After` asked for.
    pub not_before: Option<Timestamp>,
    /// The last poll, good or bad.
    pub last_poll: Option<Timestamp>,
    /// How many polls have failed since the last good one.
    pub failures: u32,
    /// How long the feed's Syndication module asks to wait.
    pub update_every: Option<Duration>,
}

/// Whether a feed may be polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Now.
    Now,
    /// At this time, which is still to come.
    At(Timestamp),
}

/// How much a poll is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// When it is due.
    Usual,
    /// At once (`--force`): nothing but a `Retry-After` holds it back.
    Forced,
}

/// Returns whether a feed may be polled, where `refresh` is its `refresh_minutes`.
///
/// A next check further away than the rules allow was reckoned by a clock that was wrong, and
/// counts for nothing.
pub fn is_due(state: Schedule, now: Timestamp, refresh: Duration, urgency: Urgency) -> Due {
    let held = state
        .not_before
        .filter(|time| *time <= later(now, LONGEST_RETRY_AFTER + CLOCK_SLACK));
    let planned = match urgency {
        Urgency::Usual => planned(state, now, refresh),
        Urgency::Forced => None,
    };
    match held.max(planned) {
        Some(time) if time > now => Due::At(time),
        _ => Due::Now,
    }
}

/// Returns the planned next check where the rules allow it.
fn planned(state: Schedule, now: Timestamp, refresh: Duration) -> Option<Timestamp> {
    let next = state.next_poll?;
    let last = state.last_poll.unwrap_or(now);
    if last > later(now, CLOCK_SLACK) {
        return None;
    }
    let longest = if state.failures == 0 {
        refresh.max(ONE_DAY).max(update_period(state.update_every))
    } else {
        ONE_DAY
    };
    if next > later(later(last, longest), CLOCK_SLACK) {
        return None;
    }
    // The configuration may have become slower since the last poll.
    let slowest = match (state.failures, state.last_poll) {
        (0, Some(last)) => later(last, refresh),
        _ => next,
    };
    Some(next.max(slowest))
}

/// Returns when a feed that answered well is next polled: as late as `refresh` (its
/// `refresh_minutes`), the answer's headers, and the feed's own elements ask for.
///
/// `Cache-Control`, `Expires`, `ttl`, `skipHours` and `skipDays` may each ask for a day from now,
/// the Syndication module for a week. Where a 304 says nothing of freshness, what the document's own
/// answer said still holds (RFC 9111 §3.2).
pub fn after_answer(
    now: Timestamp,
    refresh: Duration,
    headers: &Headers,
    pace: &Pace,
) -> Timestamp {
    let says = ["cache-control", "expires"]
        .iter()
        .any(|name| headers.get(name).is_some());
    let fresh = if says {
        fresh_for(now, headers)
    } else {
        pace.fresh_for
    };
    let fresh = fresh.unwrap_or_default().min(ONE_DAY);
    let ttl = Duration::from_mins(u64::from(pace.ttl_minutes.unwrap_or(0))).min(ONE_DAY);
    let update = update_period(pace.update_every);
    let asked = later(now, refresh.max(fresh).max(ttl).max(update));
    let allowed = out_of_skipped(pace, asked);
    whole(allowed.min(asked.max(later(now, ONE_DAY))))
}

/// Returns the wait that the Syndication module asks for, as far as it may.
fn update_period(update_every: Option<Duration>) -> Duration {
    update_every.unwrap_or_default().min(LONGEST_UPDATE_PERIOD)
}

/// Returns the first moment from `time` on that lies in no skipped hour or day (UTC, as in RSS 2.0).
fn out_of_skipped(pace: &Pace, time: Timestamp) -> Timestamp {
    let mut time = time;
    // Nine days of hours: whoever skips all of them never lets go.
    for _ in 0..9 * 24 {
        let moment = Offset::UTC.to_datetime(time);
        let hour = u8::try_from(moment.hour()).unwrap_or_default();
        if !pace.skip_days.contains(&moment.weekday()) && !pace.skip_hours.contains(&hour) {
            return time;
        }
        let into_hour = time.as_second().rem_euclid(3600).unsigned_abs();
        let Ok(hour_start) = Timestamp::from_second(time.as_second()) else {
            return time;
        };
        time = later(hour_start, Duration::from_secs(3600 - into_hour));
    }
    time
}

/// Returns when a feed that failed is tried again: about 5 minutes later, twice as long after each
/// further failure, up to a day. A `Retry-After` holds beside it ([`Schedule::not_before`]).
///
/// `failures_so_far` counts those before this one. `jitter` from 0 to 1 spreads feeds that failed
/// together over a tenth of the wait to either side.
pub fn after_failure(now: Timestamp, failures_so_far: u32, jitter: f64) -> Timestamp {
    let doubled = FIRST_BACK_OFF
        .saturating_mul(1 << failures_so_far.min(9))
        .min(ONE_DAY);
    let spread = if jitter.is_finite() {
        0.9 + 0.2 * jitter.clamp(0.0, 1.0)
    } else {
        1.0
    };
    whole(later(now, doubled.mul_f64(spread).min(ONE_DAY)))
}

/// Returns when the server wants to be asked again (RFC 9110 §10.2.3), in seconds or as a date, at
/// most 30 days from now.
///
/// Heeded on 429, 503 and 403 alone; nothing where it lies in the past or says nothing readable.
pub fn retry_after(status: u16, headers: &Headers, now: Timestamp) -> Option<Timestamp> {
    if !matches!(status, 403 | 429 | 503) {
        return None;
    }
    let value = headers.get("retry-after")?;
    let time = match seconds(value) {
        Some(wait) => later(
            now,
            Duration::from_secs(wait.min(LONGEST_RETRY_AFTER.as_secs())),
        ),
        None => date(value)?,
    };
    (time > now).then(|| whole(time.min(later(now, LONGEST_RETRY_AFTER))))
}

/// Returns the next whole second: what is stored and told has no parts of one, and would otherwise
/// be sooner than what was asked for.
fn whole(time: Timestamp) -> Timestamp {
    let second = time.as_second() + i64::from(time.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// Returns the time `wait` later, or the last that there is.
fn later(time: Timestamp, wait: Duration) -> Timestamp {
    time.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
