//! A line in pieces: for code, and for words that are longer than a line.

use unicode_segmentation::UnicodeSegmentation;

use crate::model::document::{Span, Style};
use crate::model::text::display_width;

/// Where a line may be cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BreakAt {
    AnyCharacter,
    /// At the last blank, which goes; anywhere where the word behind it has no room in a line
    /// either and begins in the first half of the piece.
    Blanks,
}

/// A character as the reader sees it.
struct Shown<'a> {
    text: &'a str,
    style: Style,
    columns: usize,
}

/// Cuts a line into pieces of at most `first`, then `rest` columns.
pub(crate) fn cut(line: &[Span], first: usize, rest: usize, at: BreakAt) -> Vec<Vec<Span>> {
    let mut left: Vec<Shown> = Vec::new();
    for span in line {
        left.extend(span.text.graphemes(true).map(|text| Shown {
            text,
            style: span.style,
            columns: display_width(text),
        }));
    }
    let mut left = left.as_slice();
    let mut room = first;
    let mut pieces = Vec::new();
    while !left.is_empty() {
        let (end, next) = break_after(left, room, rest, at);
        pieces.push(join(left.get(..end).unwrap_or_default()));
        left = left.get(next..).unwrap_or_default();
        room = rest;
    }
    pieces
}

/// Returns how many characters stay in this piece, and where the next one begins, which has room
/// for `next_room` columns.
fn break_after(line: &[Shown], room: usize, next_room: usize, at: BreakAt) -> (usize, usize) {
    let mut used = 0;
    let mut end = 0;
    while let Some(next) = line.get(end).filter(|next| used + next.columns <= room) {
        used += next.columns;
        end += 1;
    }
    // A character that is wider than the room goes all the same.
    let end = end.max(1);
    if at == BreakAt::AnyCharacter || end >= line.len() {
        return (end, end);
    }
    let is_blank = |shown: &Shown| shown.text == " ";
    let indent = line.iter().take_while(|shown| is_blank(shown)).count();
    let head = line.get(indent..=end).unwrap_or_default();
    let Some(last) = head.iter().rposition(is_blank) else {
        return (end, end);
    };
    let place = indent + last;
    let (before, after) = line.split_at(place);
    let blanks_before = before
        .iter()
        .rev()
        .take_while(|shown| is_blank(shown))
        .count();
    let blanks_after = after.iter().take_while(|shown| is_blank(shown)).count();
    let column: usize = before.iter().map(|shown| shown.columns).sum();
    let word = after.iter().skip(blanks_after).take(next_room + 1);
    let word: usize = word
        .take_while(|shown| !is_blank(shown))
        .map(|shown| shown.columns)
        .sum();
    if column * 2 < room && word > next_room {
        return (end, end);
    }
    (place - blanks_before, place + blanks_after)
}

fn join(characters: &[Shown]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for shown in characters {
        match spans.last_mut() {
            Some(last) if last.style == shown.style => last.text.push_str(shown.text),
            _ => spans.push(Span::new(shown.text, shown.style)),
        }
    }
    spans
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, columns: (usize, usize), at: BreakAt, expected: &[&str]) {
        let line = [Span::new(text, Style::default())];
        let pieces: Vec<String> = cut(&line, columns.0, columns.1, at)
            .iter()
            .map(|piece| piece.iter().map(|span| span.text.as_str()).collect())
            .collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn a_line_is_cut_between_whole_characters() {
        let at = BreakAt::AnyCharacter;
        check("日本e\u{301}語", (4, 3), at, &["日本", "e\u{301}語"]);
        check("日本e\u{301}語", (3, 3), at, &["日", "本e\u{301}", "語"]);
    }

    #[test]
    fn code_is_cut_at_a_blank() {
        let at = BreakAt::Blanks;
        check("let a = b + c;", (10, 8), at, &["let a = b", "+ c;"]);
        check("let a  = b;", (6, 8), at, &["let a", "= b;"]);
        check("a bcdefghijkl", (10, 8), at, &["a bcdefghi", "jkl"]);
        check("a bcdefghijk", (10, 10), at, &["a", "bcdefghijk"]);
        check("       abcdef", (10, 8), at, &["       abc", "def"]);
    }
}
