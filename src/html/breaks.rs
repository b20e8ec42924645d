//! Where a line may be broken and where it must not.
//!
//! Whole words stay whole; a word longer than the line may be broken after `/ - . _ ? &`, then
//! anywhere. Between East Asian characters the Unicode line breaking algorithm (UAX #14) decides.
//! A number and its unit, and the parts of a date, stay together.

use std::collections::BTreeMap;

use crate::model::document::Span;
use crate::model::text::display_width;

/// Stands where a line may be broken: a zero-width space. None comes in from outside.
pub(crate) const MAY_BREAK: char = '\u{200b}';

const MONTHS: [&str; 23] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
];

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const UNITS: [&str; 43] = [
    "million", "billion", "trillion", "thousand", "m", "bn", "tn", "k", "per", "%", "km", "cm",
    "mm", "kg", "g", "mg", "t", "tonnes", "miles", "ha", "hectares", "l", "ml", "MW", "GW", "kW",
    "kWh", "MWh", "GWh", "TWh", "Hz", "MHz", "GHz", "MB", "GB", "TB", "°C", "am", "pm", "a.m.",
    "p.m.", "mph", "p",
];

/// Returns the spans with a [`MAY_BREAK`] where lines may be broken inside words, and a no-break
/// space where they must not be broken between words.
pub(crate) fn mark(spans: &[&Span], width: usize) -> Vec<Span> {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let mut edits = BTreeMap::new();
    let mut before: Option<(usize, &str)> = None;
    let mut at = 0;
    for word in text.split(' ') {
        mark_word(word, at, width, &mut edits);
        if let Some((begin, previous)) = before
            && stay_together(previous, word)
            && display_width(text.get(begin..at + word.len()).unwrap_or_default()) <= width
        {
            edits.insert(at - 1, '\u{a0}');
        }
        before = Some((at, word));
        at += word.len() + 1;
    }
    apply(spans, &edits)
}

/// Puts the edits into the spans: a break goes in, a no-break space takes a blank's place.
fn apply(spans: &[&Span], edits: &BTreeMap<usize, char>) -> Vec<Span> {
    let mut edits = edits.iter().peekable();
    let mut begin = 0;
    let mut out = Vec::with_capacity(spans.len());
    for span in spans {
        let end = begin + span.text.len();
        let mut text = String::with_capacity(span.text.len());
        let mut copied = begin;
        while let Some((at, edit)) = edits.next_if(|(at, _)| **at < end) {
            text.push_str(
                span.text
                    .get(copied - begin..at - begin)
                    .unwrap_or_default(),
            );
            text.push(*edit);
            copied = *at + usize::from(*edit != MAY_BREAK);
        }
        text.push_str(span.text.get(copied - begin..).unwrap_or_default());
        out.push(Span::new(text, span.style));
        begin = end;
    }
    out
}

fn mark_word(word: &str, begin: usize, width: usize, edits: &mut BTreeMap<usize, char>) {
    if !word.is_ascii() && word.chars().any(is_east_asian) {
        for (at, _) in unicode_linebreak::linebreaks(word) {
            if at < word.len() {
                edits.insert(begin + at, MAY_BREAK);
            }
        }
    }
    if word.len() > width && display_width(word) > width {
        for (at, c) in word.char_indices() {
            let after = at + c.len_utf8();
            if matches!(c, '/' | '-' | '.' | '_' | '?' | '&') && after < word.len() {
                edits.insert(begin + after, MAY_BREAK);
            }
        }
    }
    for (at, _) in word.match_indices('—') {
        let after = at + '—'.len_utf8();
        if at > 0 && after < word.len() {
            edits.insert(begin + after, MAY_BREAK);
        }
    }
}

fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether no line may end between two words.
fn stay_together(first: &str, second: &str) -> bool {
    let bare = second.trim_end_matches([',', '.', ';', ':', ')', '”', '’', '?', '!']);
    if MONTHS.contains(&first) {
        return is_year(bare) || is_day(bare);
    }
    if DAYS.contains(&first.trim_end_matches(',')) {
        return is_day(bare);
    }
    let opened = first.trim_start_matches(['(', '“', '‘']);
    if MONTHS.contains(&bare) {
        return is_day(opened);
    }
    match first.strip_suffix(',') {
        // `November 24, 2026`
        Some(day) => is_day(day) && is_year(bare),
        None if first == "per" => bare == "cent",
        None => is_number(opened) && (UNITS.contains(&bare) || UNITS.contains(&second)),
    }
}

fn is_number(word: &str) -> bool {
    let word = word.trim_start_matches(['£', '€', '$', '+', '-', '−']);
    word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(|c: char| c.is_ascii_digit())
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word is a day of a month: `3`, `24th`.
fn is_day(word: &str) -> bool {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit())
}
