//! Text that must fit its columns: titles, names of feeds, counts.
//!
//! Pure; everything is measured in columns of the terminal. What was left out is told by an
//! ellipsis, which is given, as it depends on the symbols.
//!
//! - [`title`]: a title in one line; [`two_lines`]: over both lines of a narrow row
//! - [`name`], [`source`]: names, cut anywhere
//! - [`count`], [`thousands`]: numbers

use unicode_segmentation::UnicodeSegmentation;

use crate::model::text::display_width;

/// A title is cut before a whole word where that costs at most so many columns.
const WHOLE_WORD_COLUMNS: usize = 8;

/// A row of two lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoLines {
    /// The first line: as much of the title as has room.
    pub first: String,
    /// The beginning of the second line: the rest of the title, if any.
    pub rest: String,
    /// What stands at the right edge of the second line: source and time, or the time alone.
    pub facts: String,
}

/// Cuts a title to at most `columns`, before a whole word where that costs at most 8 of them.
pub fn title(text: &str, columns: usize, ellipsis: &str) -> String {
    let text = text.trim();
    if display_width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(display_width(ellipsis)) else {
        return String::new();
    };
    let hard = beginning(text, room);
    let is_whole_word = text[hard.len()..].starts_with(char::is_whitespace);
    let whole = if is_whole_word {
        hard
    } else {
        hard.rfind(char::is_whitespace).map_or("", |at| &hard[..at])
    };
    let whole = bare_end(whole);
    let costs = display_width(hard.trim_end()) - display_width(whole);
    let kept = if !whole.is_empty() && costs <= WHOLE_WORD_COLUMNS {
        whole
    } else {
        hard.trim_end()
    };
    format!("{kept}{ellipsis}")
}

/// Cuts a name to at most `columns`, anywhere.
pub fn name(text: &str, columns: usize, ellipsis: &str) -> String {
    let text = text.trim();
    if display_width(text) <= columns {
        return text.to_owned();
    }
    match columns.checked_sub(display_width(ellipsis)) {
        Some(room) => format!("{}{ellipsis}", beginning(text, room).trim_end()),
        None => String::new(),
    }
}

/// Cuts the name of a feed to at most `columns`; `+1` behind it, for `also` other feeds that carry
/// the story, is never cut.
pub fn source(feed: &str, also: usize, columns: usize, ellipsis: &str) -> String {
    if also == 0 {
        return name(feed, columns, ellipsis);
    }
    let more = format!("+{also}");
    let room = columns.saturating_sub(more.len());
    name(feed, room, ellipsis) + &more
}

/// Sets a row over two lines of `first_columns` and `second_columns`: the title wrapped at whole
/// words, source and time at the right edge of the second line. Short of room the source gives way
/// first, then the title is cut; the time stays.
pub fn two_lines(
    title_text: &str,
    source: &str,
    time: &str,
    [first_columns, second_columns]: [usize; 2],
    ellipsis: &str,
) -> TwoLines {
    let (first, rest) = wrapped(title_text.trim(), first_columns);
    let gap = usize::from(!time.is_empty());
    let beside_time = second_columns.saturating_sub(display_width(time) + gap);
    let taken = match display_width(rest) {
        0 => 0,
        columns => columns + 1,
    };
    let facts = if source.is_empty() || taken + display_width(source) > beside_time {
        time.to_owned()
    } else {
        format!("{source} {time}").trim_end().to_owned()
    };
    TwoLines {
        first: first.to_owned(),
        rest: title(rest, beside_time, ellipsis),
        facts,
    }
}

/// Returns a count in at most 3 columns: nothing for 0, `999`, then `1k` to `99k`.
pub fn count(n: u32) -> String {
    match n {
        0 => String::new(),
        1..1_000 => n.to_string(),
        _ => format!("{}k", (n / 1_000).min(99)),
    }
}

/// Returns a number with a comma at the thousands: `1,234`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns as much of the beginning of `text` as has room, between whole characters.
fn beginning(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.grapheme_indices(true).find(|(_, grapheme)| {
        used += display_width(grapheme);
        used > columns
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Parts `text` where its first line ends: after the last whole word that has room, or within a
/// word that is longer than the line.
fn wrapped(text: &str, columns: usize) -> (&str, &str) {
    let hard = beginning(text, columns);
    let rest = &text[hard.len()..];
    if rest.is_empty() || rest.starts_with(char::is_whitespace) {
        return (hard.trim_end(), rest.trim_start());
    }
    match hard.rfind(char::is_whitespace) {
        Some(at) => (hard[..at].trim_end(), text[at..].trim_start()),
        None => (hard, rest),
    }
}

/// Takes away what says that more follows: an ellipsis says it better.
fn bare_end(text: &str) -> &str {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_title(text: &str, columns: usize, expected: &str) {
        let cut = title(text, columns, "…");
        assert_eq!(cut, expected);
        assert!(display_width(&cut) <= columns, "{cut}");
    }

    #[track_caller]
    fn check_rows(row: (&str, &str, &str), columns: [usize; 2], first: &str, second: &str) {
        let (title, source, time) = row;
        let found = two_lines(title, source, time, columns, "…");
        let used = display_width(&found.rest) + display_width(&found.facts);
        let blanks = columns[1].checked_sub(used);
        let blanks = blanks.map(|blanks| " ".repeat(blanks));
        let line = blanks.map(|blanks| format!("{}{blanks}{}", found.rest, found.facts));
        assert_eq!(found.first, first);
        assert_eq!(line.as_deref(), Some(second));
        assert!(display_width(first) <= columns[0]);
    }

    #[test]
    fn one_line_titles_are_those_of_the_picture_at_80_columns() {
        for (text, expected) in [
            (
                "Delayed digital plan asks departments to act as one",
                "Delayed digital plan asks department…",
            ),
            (
                "Budget day set for 3 March, with a spending review in July",
                "Budget day set for 3 March, with a…",
            ),
            (
                "Guidance on keeping citizens’ data abroad",
                "Guidance on keeping citizens’ data…",
            ),
            (
                "Forty towns in Wales to get new flood defences",
                "Forty towns in Wales to get new…",
            ),
            (
                "Waiting times to be published every week from January",
                "Waiting times to be published every…",
            ),
            (
                "Councils win two more years to balance school budgets",
                "Councils win two more years to…",
            ),
            (
                "Minister’s statement on checks at small ports",
                "Minister’s statement on checks at…",
            ),
            (
                "Small firms to see tender notices a month earlier",
                "Small firms to see tender notices a…",
            ),
            (
                "What the new procurement rules mean for councils",
                "What the new procurement rules mean…",
            ),
            (
                "Tax helpline to stay open later in January",
                "Tax helpline to stay open later in…",
            ),
            (
                "Pay remit for delegated grades: questions and answers",
                "Pay remit for delegated grades…",
            ),
            (
                "Bus grants: second round opens",
                "Bus grants: second round opens",
            ),
            (
                "Hospital food standards, one year on",
                "Hospital food standards, one year on",
            ),
            (
                "Hiring rules eased for short contracts",
                "Hiring rules eased for short…",
            ),
            (
                "Northern stations to be step-free by 2029",
                "Northern stations to be step-free by…",
            ),
            (
                "Fewer letters, more texts: tax office trial",
                "Fewer letters, more texts: tax…",
            ),
        ] {
            check_title(text, 37, expected);
        }
    }

    #[test]
    fn one_line_titles_are_those_of_the_picture_at_200_columns() {
        check_title(
            "Open data licence: third edition, with worked examples",
            48,
            "Open data licence: third edition, with worked…",
        );
        check_title(
            "How we moved four million sign-ins in a weekend",
            48,
            "How we moved four million sign-ins in a weekend",
        );
        check_title(
            "Sharing data between tax and benefits: what changes",
            48,
            "Sharing data between tax and benefits: what…",
        );
        check_title(
            "Regulation of automated decisions: response published",
            48,
            "Regulation of automated decisions: response…",
        );
    }

    #[test]
    fn titles_of_any_script_are_cut_between_characters() {
        check_title(
            "日本語の文章は、単語の間に空白がありません",
            10,
            "日本語の…",
        );
        check_title("e\u{301}e\u{301}e\u{301}e\u{301}", 3, "e\u{301}e\u{301}…");
        check_title("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5, "👩‍👩‍👧👩‍👩‍👧…");
        check_title("words", 1, "…");
        check_title("words", 0, "");
        assert_eq!(title("A title that is long", 10, "~"), "A title~");
    }

    #[test]
    fn rows_of_two_lines_are_those_of_the_picture_at_120_columns() {
        let columns = [32, 31];
        let check = |title, source, time, first, second| {
            check_rows((title, source, time), columns, first, second);
        };
        check(
            "Delayed digital plan asks departments to act as one",
            "PubTech",
            "09:14",
            "Delayed digital plan asks",
            "departments to act as one 09:14",
        );
        check(
            "Budget day set for 3 March, with a spending review in July",
            "HMT",
            "08:50",
            "Budget day set for 3 March, with",
            "a spending review in July 08:50",
        );
        check(
            "Guidance on keeping citizens’ data abroad",
            "GDS",
            "08:41",
            "Guidance on keeping citizens’",
            "data abroad           GDS 08:41",
        );
        check(
            "Waiting times to be published every week from January",
            "DoH NI",
            "07:30",
            "Waiting times to be published",
            "every week from January   07:30",
        );
        check(
            "Small firms to see tender notices a month earlier",
            "GOV.UK+1",
            "17:20",
            "Small firms to see tender",
            "notices a month earlier   17:20",
        );
        check(
            "What the new procurement rules mean for councils",
            "PubTech",
            "16:05",
            "What the new procurement rules",
            "mean for councils PubTech 16:05",
        );
        check(
            "Pay remit for delegated grades: questions and answers",
            "GOV.UK",
            "14:48",
            "Pay remit for delegated grades:",
            "questions and answers     14:48",
        );
        check(
            "Bus grants: second round opens",
            "Wales",
            "12:10",
            "Bus grants: second round opens",
            "                    Wales 12:10",
        );
        check(
            "Northern stations to be step-free by 2029",
            "GOV.UK",
            "10:42",
            "Northern stations to be",
            "step-free by 2029  GOV.UK 10:42",
        );
    }

    #[test]
    fn rows_of_two_lines_are_those_of_the_picture_at_50_columns() {
        let columns = [45, 44];
        let check = |title, source, time, first, second| {
            check_rows((title, source, time), columns, first, second);
        };
        check(
            "Delayed digital plan asks departments to act as one",
            "PubTech",
            "09:14",
            "Delayed digital plan asks departments to act",
            "as one                         PubTech 09:14",
        );
        check(
            "Waiting times to be published every week from January",
            "DoH NI",
            "07:30",
            "Waiting times to be published every week from",
            "January                         DoH NI 07:30",
        );
        check(
            "Minister’s statement on checks at small ports",
            "HMT",
            "06:45",
            "Minister’s statement on checks at small ports",
            "                                   HMT 06:45",
        );
        check(
            "Small firms to see tender notices a month earlier",
            "GOV.UK+1",
            "17:20",
            "Small firms to see tender notices a month",
            "earlier                       GOV.UK+1 17:20",
        );
    }

    #[test]
    fn a_title_too_long_for_two_lines_is_cut_and_the_time_stays() {
        check_rows(
            (
                "A title that goes on and on over more lines than there are here",
                "HMT",
                "15 Nov",
            ),
            [20, 19],
            "A title that goes on",
            "and on over… 15 Nov",
        );
        check_rows(
            ("Supercalifragilistic", "HMT", "09:14"),
            [12, 11],
            "Supercalifra",
            "gili… 09:14",
        );
        check_rows(
            ("Short", "A long name", "09:14"),
            [12, 11],
            "Short",
            "      09:14",
        );
        check_rows(("Short", "HMT", ""), [12, 11], "Short", "        HMT");
    }

    #[test]
    fn names_are_cut_anywhere_and_what_stands_behind_them_never() {
        assert_eq!(name("Policy & digital", 14, "…"), "Policy & digi…");
        assert_eq!(name("Health & local", 14, "…"), "Health & local");
        assert_eq!(source("Cabinet Office", 2, 15, "…"), "Cabinet Offi…+2");
        assert_eq!(source("GOV.UK", 1, 8, "…"), "GOV.UK+1");
        assert_eq!(source("PublicTechnology", 0, 8, "…"), "PublicT…");
        assert_eq!(source("PublicTechnology", 12, 3, "…"), "+12");
    }

    #[test]
    fn counts_have_three_columns() {
        for (n, expected) in [
            (0, ""),
            (7, "7"),
            (999, "999"),
            (1_000, "1k"),
            (1_999, "1k"),
            (99_999, "99k"),
            (4_000_000, "99k"),
        ] {
            assert_eq!(count(n), expected);
        }
    }

    #[test]
    fn thousands_have_a_comma() {
        for (n, expected) in [
            (0, "0"),
            (999, "999"),
            (1_234, "1,234"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(n), expected);
        }
    }
}
