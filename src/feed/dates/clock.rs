//! The time of day and its zone.

use super::names;
use super::tokens::{Number, Token};

/// No zone is further from UTC.
const FURTHEST_ZONE_MINUTES: i32 = 14 * 60;

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) east_minutes: i32,
}

/// Finds the time of day and its zone and takes them out of the tokens.
pub(super) fn take(tokens: &mut Vec<Token>) -> Option<Clock> {
    with_colons(tokens)
        .or_else(|| basic(tokens))
        .or_else(|| with_a_dot(tokens))
        .or_else(|| hour_alone(tokens))
}

/// `14:33`, `14:33:00.5`, `2:33 pm`, `14h33`.
fn with_colons(tokens: &mut Vec<Token>) -> Option<Clock> {
    let start = tokens.windows(3).position(|w| match w {
        [Token::Number(hour), Token::Sign(':'), Token::Number(minute)] => {
            hour.digits <= 2 && minute.digits <= 2
        }
        [Token::Number(hour), Token::Word(h), Token::Number(minute)] => {
            hour.digits <= 2 && h == "h" && minute.digits == 2
        }
        _ => false,
    })?;
    let mut clock = hour_and_minute(tokens, start)?;
    // `2026-07-27+01:00` is a day in a zone.
    if matches!(before(tokens, start), Some(Token::Sign('+'))) {
        let mut clock = Clock::default();
        let end = zone_at(&mut clock, tokens, start - 1);
        tokens.drain(start - 1..end);
        return Some(clock);
    }
    let mut end = start + 3;
    if let [Token::Sign(':'), Token::Number(_), ..] = tokens.get(end..)? {
        clock.second = small(tokens.get(end + 1)?)?;
        end += 2;
        if let [Token::Sign('.' | ','), Token::Number(_), ..] = tokens.get(end..)? {
            end += 2;
        }
    }
    Some(finish(clock, tokens, start, end))
}

/// `3.30 pm`, `15.30 Uhr`, and `15.30` behind a year.
fn with_a_dot(tokens: &mut Vec<Token>) -> Option<Clock> {
    let mut year_seen = false;
    let mut start = None;
    for (at, token) in tokens.iter().enumerate() {
        let [
            Token::Number(hour),
            Token::Sign('.'),
            Token::Number(minute),
            tail @ ..,
        ] = tokens.get(at..)?
        else {
            year_seen |= matches!(token, Token::Number(year) if year.digits == 4);
            continue;
        };
        let parted = !matches!(before(tokens, at), Some(Token::Sign('.' | '-' | '/')));
        let named = matches!(tail, [Token::Word(word), ..] if is_hour_word(word));
        if hour.digits <= 2 && minute.digits == 2 && parted && (year_seen || named) {
            start = Some(at);
            break;
        }
        year_seen |= hour.digits == 4;
    }
    let start = start?;
    let mut clock = hour_and_minute(tokens, start)?;
    let mut end = start + 3;
    if let [Token::Sign('.'), Token::Number(second), ..] = tokens.get(end..)?
        && second.digits == 2
    {
        clock.second = small(tokens.get(end + 1)?)?;
        end += 2;
    }
    Some(finish(clock, tokens, start, end))
}

/// `T093921Z`, and the tail of `20250603093921`.
fn basic(tokens: &mut Vec<Token>) -> Option<Clock> {
    let (at, digits) = match tokens.as_slice() {
        [Token::Number(day), ..] if matches!(day.digits, 12 | 14) => {
            let digits = day.digits - 8;
            let clock_part = 10_u64.pow(u32::try_from(digits).ok()?);
            let (day, clock) = (day.value / clock_part, day.value % clock_part);
            tokens.splice(
                0..1,
                [
                    Token::Number(Number {
                        value: day,
                        digits: 8,
                    }),
                    Token::Number(Number {
                        value: clock,
                        digits,
                    }),
                ],
            );
            (1, digits)
        }
        all => {
            let at = all.windows(2).position(|w| {
                matches!(w, [Token::Word(t), Token::Number(clock)]
                    if t == "t" && matches!(clock.digits, 4 | 6))
            })?;
            tokens.remove(at);
            match tokens.get(at)? {
                Token::Number(clock) => (at, clock.digits),
                _ => return None,
            }
        }
    };
    let Token::Number(Number { value, .. }) = tokens.get(at)? else {
        return None;
    };
    let six = if digits == 4 { value * 100 } else { *value };
    let part = |divisor: u64| i8::try_from(six / divisor % 100).ok();
    let clock = Clock {
        hour: part(10_000)?,
        minute: part(100)?,
        second: part(1)?,
        east_minutes: 0,
    };
    Some(finish(clock, tokens, at, at + 1))
}

/// `3 pm`, `15 Uhr`.
fn hour_alone(tokens: &mut Vec<Token>) -> Option<Clock> {
    let start = tokens.windows(2).position(|w| {
        matches!(w, [Token::Number(hour), Token::Word(word)]
            if hour.digits <= 2 && is_hour_word(word))
    })?;
    let clock = Clock {
        hour: small(tokens.get(start)?)?,
        ..Clock::default()
    };
    Some(finish(clock, tokens, start, start + 1))
}

/// Whether a word stands behind an hour.
fn is_hour_word(word: &str) -> bool {
    matches!(word, "am" | "pm" | "uhr" | "h")
}

/// Reads what may follow a time of day, and takes all of it out of the tokens.
fn finish(mut clock: Clock, tokens: &mut Vec<Token>, start: usize, end: usize) -> Clock {
    let end = half_of_day(&mut clock, tokens, end);
    let zone_end = zone_at(&mut clock, tokens, end);
    // The `T` of ISO 8601 is no word of the date; East Asia names the half of the day first.
    let start = match before(tokens, start) {
        Some(Token::Word(word)) => match (word.as_str(), clock.hour) {
            ("오후" | "下午" | "午後", 1..=11) => {
                clock.hour += 12;
                start - 1
            }
            ("t" | "오전" | "오후" | "上午" | "下午" | "午前" | "午後", _) => start - 1,
            _ => start,
        },
        _ => start,
    };
    tokens.drain(start..zone_end);
    if zone_end == end {
        take_zone_behind(&mut clock, tokens, start);
    }
    clock
}

/// Takes a zone that stands further behind, as in `Tue Jun 3 09:39:21 2025 +0100`.
fn take_zone_behind(clock: &mut Clock, tokens: &mut Vec<Token>, from: usize) {
    for at in from..tokens.len() {
        let is_zone = match tokens.get(at..) {
            // With fewer digits it may as well be a day.
            Some([Token::Sign('+' | '-'), Token::Number(zone)]) => zone.digits == 4,
            Some(
                [
                    Token::Sign('+' | '-'),
                    Token::Number(_),
                    Token::Sign(':'),
                    Token::Number(_),
                ],
            ) => true,
            // Short ones, and those within a text, are words.
            Some([Token::Word(name)] | [Token::Word(name), Token::Sign(_), ..]) => {
                name.len() > 2 && names::zone(name).is_some()
            }
            _ => false,
        };
        if is_zone {
            let end = zone_at(clock, tokens, at);
            tokens.drain(at..end);
            return;
        }
    }
}

/// Reads `am` or `pm` at `end`; returns where it goes on.
fn half_of_day(clock: &mut Clock, tokens: &[Token], end: usize) -> usize {
    let (half, after) = match tokens.get(end..) {
        // `p.m.`
        Some(
            [
                Token::Word(half),
                Token::Sign('.'),
                Token::Word(m),
                Token::Sign('.'),
                ..,
            ],
        ) if m == "m" => (half.as_str(), end + 4),
        Some([Token::Word(half), ..]) => (half.as_str(), end + 1),
        _ => return end,
    };
    match (half, clock.hour) {
        ("am" | "a", 12) => clock.hour = 0,
        ("pm" | "p", 1..=11) => clock.hour += 12,
        ("am" | "a" | "pm" | "p" | "uhr" | "h", _) => {}
        _ => return end,
    }
    after
}

/// Reads a zone at `end`; returns where it goes on.
fn zone_at(clock: &mut Clock, tokens: &[Token], end: usize) -> usize {
    match tokens.get(end..) {
        Some(
            [
                Token::Sign(sign @ ('+' | '-')),
                Token::Number(hours),
                tail @ ..,
            ],
        ) => {
            let (east, after) = match (hours.digits, tail) {
                (1 | 2, [Token::Sign(':'), Token::Number(minutes), ..]) if minutes.digits == 2 => {
                    (hours.value * 60 + minutes.value, end + 4)
                }
                // `15:30 - 7 July`, `15:30 - 07/27`: a day.
                (1 | 2, [Token::Sign('-' | '/' | '.'), ..]) => return end,
                (1 | 2, [Token::Word(word), ..]) if names::month(word).is_some() => return end,
                (1 | 2, _) => (hours.value * 60, end + 2),
                (3 | 4, _) => (hours.value / 100 * 60 + hours.value % 100, end + 2),
                _ => return end,
            };
            match i32::try_from(east) {
                Ok(east) if east <= FURTHEST_ZONE_MINUTES => {
                    clock.east_minutes = if *sign == '-' { -east } else { east };
                    after
                }
                _ => end,
            }
        }
        Some([Token::Sign('('), Token::Word(_), ..]) => zone_at(clock, tokens, end + 1),
        Some([Token::Word(name), tail @ ..]) => {
            let Some(east_minutes) = names::zone(name) else {
                return end;
            };
            clock.east_minutes = east_minutes;
            let after = end + 1;
            match tail {
                // `GMT+1` and `UTC-0500`.
                [Token::Sign('+' | '-'), ..] if east_minutes == 0 => zone_at(clock, tokens, after),
                // `CET DST`
                [Token::Word(summer), ..] if summer == "dst" => {
                    clock.east_minutes += 60;
                    after + 1
                }
                _ => after,
            }
        }
        _ => end,
    }
}

fn hour_and_minute(tokens: &[Token], start: usize) -> Option<Clock> {
    Some(Clock {
        hour: small(tokens.get(start)?)?,
        minute: small(tokens.get(start + 2)?)?,
        ..Clock::default()
    })
}

fn before(tokens: &[Token], at: usize) -> Option<&Token> {
    tokens.get(at.checked_sub(1)?)
}

fn small(token: &Token) -> Option<i8> {
    match token {
        Token::Number(number) => i8::try_from(number.value).ok(),
        _ => None,
    }
}
