//! A field of several lines: text with a cursor in it, wrapped at a width.
//!
//! Rows are what the reader sees: a row ends at a line break, or where the next word has no room.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::model::text::{SafeText, display_width};

/// Text that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
    /// Where the next letter goes, in bytes.
    cursor: usize,
    /// The column that the cursor keeps to from row to row.
    goal: Option<usize>,
}

impl Field {
    /// Makes a field with a text, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let text = clean(text);
        Self {
            cursor: text.len(),
            text,
            goal: None,
        }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the rows at a width, as ranges of bytes. A line break belongs to no row; a blank at
    /// which a row ends belongs to it. There is always one row.
    pub fn rows(&self, width: usize) -> Vec<Range<usize>> {
        let mut rows = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            wrap(line, start, width.max(1), &mut rows);
            start += line.len() + 1;
        }
        rows
    }

    /// Returns the cursor's row and its column, at a width.
    pub fn place(&self, width: usize) -> (usize, usize) {
        self.place_in(&self.rows(width))
    }

    fn place_in(&self, rows: &[Range<usize>]) -> (usize, usize) {
        let after = rows.partition_point(|row| row.start <= self.cursor);
        let row = after.saturating_sub(1);
        let start = rows.get(row).map_or(0, |row| row.start);
        (row, display_width(self.slice(start..self.cursor)))
    }

    /// Puts text where the cursor is; what could act on a terminal is left out.
    pub fn insert(&mut self, text: &str) {
        let text = clean(text);
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.goal = None;
    }

    /// Puts the cursor before the letter before it.
    pub fn left(&mut self) {
        self.go(self.before());
    }

    /// Puts the cursor behind the letter behind it.
    pub fn right(&mut self) {
        self.go(self.after());
    }

    /// Moves the cursor by rows, in its column as far as they reach.
    pub fn move_rows(&mut self, by: isize, width: usize) {
        let rows = self.rows(width);
        let (row, column) = self.place_in(&rows);
        let goal = self.goal.unwrap_or(column);
        let to = row.saturating_add_signed(by);
        let to = to.min(rows.len().saturating_sub(1));
        match (to.cmp(&row), by > 0) {
            // There is no further row: to the very end.
            (std::cmp::Ordering::Equal, true) => self.go(self.text.len()),
            (std::cmp::Ordering::Equal, false) => self.go(0),
            _ => {
                if let Some(row) = rows.get(to) {
                    self.cursor = self.at_column(row, goal);
                    self.goal = Some(goal);
                }
            }
        }
    }

    /// Puts the cursor at the beginning of its row.
    pub fn home(&mut self, width: usize) {
        let row = self.row(width);
        self.go(row.start);
    }

    /// Puts the cursor at the end of its row.
    pub fn end(&mut self, width: usize) {
        let row = self.row(width);
        self.go(self.at_column(&row, usize::MAX));
    }

    /// Takes away the letter before the cursor.
    pub fn delete_before(&mut self) {
        self.delete(self.before()..self.cursor);
    }

    /// Takes away the letter behind the cursor.
    pub fn delete_after(&mut self) {
        self.delete(self.cursor..self.after());
    }

    /// Takes away the word before the cursor.
    pub fn delete_word(&mut self) {
        let before = self.slice(0..self.cursor);
        let word = before.trim_end();
        let start = word.rfind(char::is_whitespace).map_or(0, |at| {
            at + word[at..].chars().next().map_or(0, char::len_utf8)
        });
        self.delete(start..self.cursor);
    }

    /// Takes away what stands before the cursor in its row.
    pub fn delete_to_home(&mut self, width: usize) {
        let row = self.row(width);
        self.delete(row.start..self.cursor);
    }

    /// Takes away what stands behind the cursor in its row; at the end of it the line break.
    pub fn delete_to_end(&mut self, width: usize) {
        let row = self.row(width);
        if row.end > self.cursor {
            self.delete(self.cursor..row.end);
        } else {
            self.delete_after();
        }
    }

    fn row(&self, width: usize) -> Range<usize> {
        let rows = self.rows(width);
        let (row, _) = self.place_in(&rows);
        rows.get(row).cloned().unwrap_or(0..0)
    }

    /// Returns the last place in a row that is in a column or before it.
    fn at_column(&self, row: &Range<usize>, column: usize) -> usize {
        let text = self.slice(row.clone());
        let ends_line = row.end == self.text.len() || self.text[row.end..].starts_with('\n');
        let mut at = row.start;
        let mut used = 0;
        for letter in text.graphemes(true) {
            used += display_width(letter);
            let next = at + letter.len();
            // Behind the last letter of a row that goes on the cursor would be in the next one.
            if used > column || (next == row.end && !ends_line) {
                break;
            }
            at = next;
        }
        at
    }

    fn go(&mut self, to: usize) {
        self.cursor = to;
        self.goal = None;
    }

    fn delete(&mut self, range: Range<usize>) {
        self.cursor = range.start;
        self.text.replace_range(range, "");
        self.goal = None;
    }

    fn before(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor
            .prev_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    fn after(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        let next = cursor.next_boundary(&self.text, 0).ok().flatten();
        next.unwrap_or(self.text.len())
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }
}

/// Returns text as a field can hold it.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    SafeText::block(&text).into_string()
}

/// Parts one line into rows; blanks at the end of a row hang over.
fn wrap(line: &str, start: usize, width: usize, rows: &mut Vec<Range<usize>>) {
    let (mut begin, mut used) = (0, 0);
    // Where the last word begins, and the columns before it.
    let (mut word, mut before_word) = (0, 0);
    for (at, letter) in line.grapheme_indices(true) {
        let columns = display_width(letter);
        if letter.starts_with(char::is_whitespace) {
            used += columns;
            (word, before_word) = (at + letter.len(), used);
            continue;
        }
        if used + columns > width && at > begin {
            let cut = if word > begin { word } else { at };
            rows.push(start + begin..start + cut);
            used = if word > begin { used - before_word } else { 0 };
            begin = cut;
            (word, before_word) = (begin, 0);
        }
        used += columns;
    }
    rows.push(start + begin..start + line.len());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_rows(text: &str, width: usize, expected: &[&str]) {
        let field = Field::new(text);
        let rows = field.rows(width);
        let rows: Vec<&str> = rows.into_iter().map(|row| field.slice(row)).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn rows_end_before_the_word_that_has_no_room() {
        check_rows("", 9, &[""]);
        check_rows("one two three", 7, &["one two ", "three"]);
        check_rows("one two three", 8, &["one two ", "three"]);
        check_rows("one two\n\nthree\n", 9, &["one two", "", "three", ""]);
        check_rows("unbreakable", 4, &["unbr", "eaka", "ble"]);
        check_rows("an unbreakable", 4, &["an ", "unbr", "eaka", "ble"]);
        check_rows("日本語です", 5, &["日本", "語で", "す"]);
        check_rows("blanks    hang", 6, &["blanks    ", "hang"]);
    }

    /// A field with the cursor where `|` stands.
    fn at(text: &str) -> Field {
        let cursor = text.find('|').unwrap_or(text.len());
        Field {
            cursor,
            ..Field::new(&text.replace('|', ""))
        }
    }

    #[track_caller]
    fn check(before: &str, act: impl FnOnce(&mut Field), after: &str) {
        let mut field = at(before);
        act(&mut field);
        let mut text = field.text.clone();
        text.insert(field.cursor, '|');
        assert_eq!(text, after);
    }

    #[test]
    fn letters_go_in_and_out_where_the_cursor_is() {
        check("a|c", |field| field.insert("b"), "ab|c");
        check("a|c", |field| field.insert("1\r\n2\u{1b}"), "a1\n2|c");
        check("ae\u{301}|c", Field::delete_before, "a|c");
        check("a|e\u{301}c", Field::delete_after, "a|c");
        check("|a", Field::delete_before, "|a");
        check("a|", Field::delete_after, "a|");
        check("one two  |three", Field::delete_word, "one |three");
        check("one|", Field::delete_word, "|");
        check(
            "one two| three",
            |field| field.delete_to_home(80),
            "| three",
        );
        check(
            "one |two\nthree",
            |field| field.delete_to_end(80),
            "one |\nthree",
        );
        check(
            "one |\nthree",
            |field| field.delete_to_end(80),
            "one |three",
        );
    }

    #[test]
    fn the_cursor_goes_by_letters_and_rows() {
        check("ae\u{301}|c", Field::left, "a|e\u{301}c");
        check("a|e\u{301}c", Field::right, "ae\u{301}|c");
        check("one two thr|ee", |field| field.home(8), "one two |three");
        check("one t|wo three", |field| field.end(8), "one two| three");
        check("one two t|hree", |field| field.end(8), "one two three|");
        check(
            "one tw|o three",
            |field| field.move_rows(1, 8),
            "one two three|",
        );
        check(
            "o|ne two three",
            |field| field.move_rows(1, 8),
            "one two t|hree",
        );
        check(
            "one two t|hree",
            |field| field.move_rows(-1, 8),
            "o|ne two three",
        );
        check("o|ne", |field| field.move_rows(-1, 8), "|one");
        check("o|ne", |field| field.move_rows(5, 8), "one|");
    }

    #[test]
    fn the_cursor_keeps_its_column_over_shorter_rows() {
        let both = |field: &mut Field| {
            field.move_rows(1, 80);
            field.move_rows(1, 80);
        };
        check("one t|wo\na\nthree four", both, "one two\na\nthree| four");
    }

    proptest! {
        #[test]
        fn rows_hold_the_text_and_every_place_is_in_one(
            text in "[a-c é日\n\u{301}]{0,60}", width in 1_usize..12, keys in "[lrudhe]{0,30}"
        ) {
            let mut field = Field::new(&text);
            let rows = field.rows(width);
            let joined: String = rows.iter().map(|row| field.slice(row.clone())).collect();
            prop_assert_eq!(joined, text.replace('\n', ""));
            for key in keys.chars() {
                match key {
                    'l' => field.left(),
                    'r' => field.right(),
                    'u' => field.move_rows(-1, width),
                    'd' => field.move_rows(1, width),
                    'h' => field.home(width),
                    _ => field.end(width),
                }
                prop_assert!(field.text.is_char_boundary(field.cursor));
                let (row, _) = field.place(width);
                prop_assert!(row < rows.len());
            }
        }
    }
}
