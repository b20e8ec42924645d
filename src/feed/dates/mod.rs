//! The odd dates of the world.
//!
//! Two fast paths for what the standards ask for (RFC 3339, RFC 2822), then a reader that takes
//! words and numbers as they come. A missing zone means UTC; a missing time means midnight. Where
//! day and month can't be told apart, the day comes first.
//!
//! - here: the day
//! - `clock`: the time of day and its zone
//! - `names`: months and zones by name
//! - `tokens`: a text in pieces

mod clock;
mod names;
#[cfg(test)]
mod tests;
mod tokens;

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::fmt::rfc2822;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

use clock::Clock;
use tokens::{Number, Token, tokens};

use super::text::{Written, one_line};
use super::{FeedProblem, shortened};

/// So much is told of a date that can't be read.
const LONGEST_TOLD: usize = 60;

/// Dates that can't be read, for the report on a feed.
#[derive(Debug, Default)]
pub(crate) struct UnreadableDates {
    first: String,
    count: u32,
}

impl UnreadableDates {
    /// Counts one.
    pub(crate) fn add(&mut self, text: &str) {
        if self.count == 0 {
            self.first = shortened(&one_line(text, Written::Plain), LONGEST_TOLD);
        }
        self.count = self.count.saturating_add(1);
    }

    /// Returns them as one problem; None where there are none.
    pub(crate) fn into_problem(self) -> Option<FeedProblem> {
        (self.count > 0).then_some(FeedProblem::UnreadableDates {
            first: self.first,
            articles: self.count,
        })
    }
}

/// Reads RFC 2822, whatever the day of the week says.
static RFC_2822: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// No date is longer; anything longer is text.
const LONGEST_DATE_BYTES: usize = 200;

/// Years before this one are what programs write where they have no date.
const FIRST_YEAR: i16 = 1000;

/// Reads a date; None where there is none in it.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_DATE_BYTES {
        return None;
    }
    let at = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| by_rfc_2822(text))
        .or_else(|| loosely(text))?;
    (Offset::UTC.to_datetime(at).year() >= FIRST_YEAR).then_some(at)
}

/// Reads what RFC 2822 describes, but for zones with other names than `GMT`: there it says to
/// take those that it doesn't know for UTC, and `CEST` is not.
fn by_rfc_2822(text: &str) -> Option<Timestamp> {
    if !text.ends_with(|c: char| c.is_ascii_digit()) && !text.ends_with("GMT") {
        return None;
    }
    RFC_2822.parse_timestamp(text).ok()
}

/// Reads a date from its words and numbers, without its comments (RFC 5322 §3.2.2) if that can be.
fn loosely(text: &str) -> Option<Timestamp> {
    let bare = without_comments(text);
    by_words(&bare).or_else(|| (bare != text).then(|| by_words(text))?)
}

/// Takes out what stands in parentheses and is no zone.
fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('(') {
        return text.into();
    }
    let mut bare = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '(' if depth > 0 || !begins_with_zone(text.get(at + 1..).unwrap_or_default()) => {
                depth += 1;
            }
            '\\' if depth > 0 => {
                chars.next();
            }
            ')' if depth > 0 => {
                depth -= 1;
                bare.push(' ');
            }
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare.into()
}

fn begins_with_zone(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let word = text.get(..end).unwrap_or_default().to_ascii_lowercase();
    names::zone(&word).is_some()
}

/// Reads a date from its words and numbers.
fn by_words(text: &str) -> Option<Timestamp> {
    let mut tokens = tokens(text)?;
    if is_year_zero_or_less(&tokens) {
        return None;
    }
    if let Some(at) = since_1970(&tokens) {
        return Some(at);
    }
    let clock = clock::take(&mut tokens);
    let date = date(&tokens)?;
    let Clock {
        hour,
        minute,
        second,
        east_minutes,
    } = clock.unwrap_or_default();
    // The end of a day may be written as its 24th hour (ISO 8601), a leap second as the 60th.
    let (hour, day_after) = if hour == 24 { (0, 1) } else { (hour, 0) };
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    let local = DateTime::from_parts(date.checked_add(day_after.days()).ok()?, time);
    let utc = Offset::UTC.to_timestamp(local).ok()?;
    utc.checked_sub(SignedDuration::from_mins(i64::from(east_minutes)))
        .ok()
}

/// Whether a date begins with a year before the first, as `-0001-11-30` does: what databases keep
/// for "no date".
fn is_year_zero_or_less(tokens: &[Token]) -> bool {
    match tokens {
        [Token::Sign('-'), Token::Number(year), ..] => year.digits >= 4 && year.value < 1000,
        [Token::Number(year), ..] => year.digits == 4 && year.value == 0,
        _ => false,
    }
}

/// Reads seconds or milliseconds since 1970, as a number alone or as `/Date(…)/`.
fn since_1970(tokens: &[Token]) -> Option<Timestamp> {
    let inside = match tokens {
        [
            Token::Sign('/'),
            Token::Word(date),
            Token::Sign('('),
            inside @ ..,
        ] if date == "date" => inside,
        all => all,
    };
    let [Token::Number(number), tail @ ..] = inside else {
        return None;
    };
    if tail.iter().filter(|token| token.is_number()).count() > 1 {
        return None;
    }
    let value = i64::try_from(number.value).ok()?;
    match number.digits {
        10 => Timestamp::from_second(value).ok(),
        13 => Timestamp::from_millisecond(value).ok(),
        _ => None,
    }
}

/// Makes a day of what is left without the time.
fn date(tokens: &[Token]) -> Option<Date> {
    if let Some(date) = counted_day(tokens) {
        return Some(date);
    }
    let mut numbers = Vec::with_capacity(3);
    for token in tokens {
        if let Token::Number(number) = token {
            numbers.push(*number);
        }
    }
    if let [all, ..] = numbers.as_slice()
        && all.digits == 8
    {
        return day(all.value / 10_000, all.value / 100 % 100, all.value % 100);
    }
    if let Some(month) = month(tokens) {
        return match *numbers.as_slice() {
            [only] if only.digits == 4 => day(only.value, month, 1),
            [a, b, ..] if a.digits == 4 => day(a.value, month, b.value),
            [a, b, ..] => day(full_year(b)?, month, a.value),
            _ => None,
        };
    }
    match *numbers.as_slice() {
        [year, a, b, ..] if year.digits == 4 => {
            day(year.value, a.value, b.value).or_else(|| day(year.value, b.value, a.value))
        }
        [a, b, year, ..] if year.digits == 4 || year.digits == 2 => {
            let year = full_year(year)?;
            day(year, b.value, a.value).or_else(|| day(year, a.value, b.value))
        }
        [year, month] if year.digits == 4 => day(year.value, month.value, 1),
        [year] if year.digits == 4 => day(year.value, 1, 1),
        _ => None,
    }
}

/// Reads a day by its number in the year (`2026-208`) or in a week (`2026-W31-1`), as ISO 8601
/// writes them.
fn counted_day(tokens: &[Token]) -> Option<Date> {
    match tokens {
        [
            Token::Number(year),
            Token::Sign('-'),
            Token::Number(day),
            tail @ ..,
        ] if year.digits == 4 && day.digits == 3 && !tail.iter().any(Token::is_number) => {
            let first = Date::new(i16::try_from(year.value).ok()?, 1, 1).ok()?;
            let after = i64::try_from(day.value).ok()?.checked_sub(1)?;
            let found = first.checked_add(after.days()).ok()?;
            (after >= 0 && found.year() == first.year()).then_some(found)
        }
        [
            Token::Number(year),
            Token::Sign('-'),
            Token::Word(w),
            Token::Number(week),
            tail @ ..,
        ] if year.digits == 4 && w == "w" && week.digits == 2 => {
            let weekday = match tail {
                [Token::Sign('-'), Token::Number(weekday), ..] => {
                    Weekday::from_monday_one_offset(i8::try_from(weekday.value).ok()?).ok()?
                }
                _ => Weekday::Monday,
            };
            let year = i16::try_from(year.value).ok()?;
            let week = i8::try_from(week.value).ok()?;
            let day = ISOWeekDate::new(year, week, weekday).ok()?;
            Some(day.date())
        }
        _ => None,
    }
}

/// Finds the month's name.
///
/// Some names mean a day of the week as well (`mar.` is mardi, Mawrth is Tuesday in Welsh): they
/// count only where no other month is named, and the last of them is the month.
fn month(tokens: &[Token]) -> Option<u64> {
    let mut doubtful = None;
    for token in tokens {
        let Token::Word(word) = token else { continue };
        let Some(found) = names::month(word) else {
            continue;
        };
        if !names::is_weekday_too(word) {
            return Some(found);
        }
        doubtful = Some(found);
    }
    doubtful.or_else(|| {
        tokens.windows(3).find_map(|window| match window {
            [Token::Number(_), Token::Word(numeral), Token::Number(_)] => names::roman(numeral),
            _ => None,
        })
    })
}

/// Returns a year in full: two digits from 70 on are of the 20th century.
fn full_year(year: Number) -> Option<u64> {
    match (year.digits, year.value) {
        (4, year) => Some(year),
        (2, year @ 70..) => Some(1900 + year),
        (2, year) => Some(2000 + year),
        _ => None,
    }
}

fn day(year: u64, month: u64, day: u64) -> Option<Date> {
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}
