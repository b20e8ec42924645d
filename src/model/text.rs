//! Text that cannot act on a terminal.
//!
//! Whatever a feed, a page, a header, an address or a configuration file says goes through
//! [`SafeText`] before it is drawn, printed or logged. What is taken out: C0 and C1 controls, DEL,
//! escape sequences, and the bidirectional overrides and isolates (U+202A to U+202E, U+2066 to
//! U+2069). What stays: every visible character, in order.

use std::borrow::Cow;
use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text without any character that could act on a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct SafeText(String);

impl SafeText {
    /// Makes one line of `text`: line breaks and tabs become single blanks.
    pub fn line(text: &str) -> Self {
        Self(defuse(text, Breaks::Join).into_owned())
    }

    /// Keeps the line breaks of `text` (as `\n`); a tab becomes four blanks.
    pub fn block(text: &str) -> Self {
        Self(defuse(text, Breaks::Keep).into_owned())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the text away.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Returns the width in terminal columns, of a text of one line.
    pub fn width(&self) -> usize {
        display_width(&self.0)
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Returns text in one line, with one blank between two words.
pub fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Returns how many terminal columns `text` takes, the larger number where terminals differ.
pub fn display_width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.width() + lam_alefs(text) + spacing_marks(text)
}

/// Counts the marks that take room of their own, though Unicode takes them for a part of the letter
/// before them and the `unicode-width` crate for none; and the letters below others in Khmer, which
/// some terminals set beside them.
fn spacing_marks(text: &str) -> usize {
    let marks = text.chars().filter(|c| is_spacing_mark(*c)).count();
    let below = text.match_indices('\u{17d2}');
    let is_letter = |c: char| matches!(c, '\u{1780}'..='\u{17b3}');
    let below = below.filter(|(at, sign)| {
        let after = text.get(at + sign.len()..).unwrap_or_default();
        after.starts_with(is_letter)
    });
    marks + below.count()
}

/// Marks of Unicode's category Mc that are `Other_Grapheme_Extend` (`PropList.txt`).
fn is_spacing_mark(c: char) -> bool {
    c >= '\u{9be}'
        && matches!(
            c,
            '\u{9be}'
                | '\u{9d7}'
                | '\u{b3e}'
                | '\u{b57}'
                | '\u{bbe}'
                | '\u{bd7}'
                | '\u{cc0}'
                | '\u{cc2}'
                | '\u{cc7}'
                | '\u{cc8}'
                | '\u{cca}'
                | '\u{ccb}'
                | '\u{cd5}'
                | '\u{cd6}'
                | '\u{d3e}'
                | '\u{d57}'
                | '\u{dcf}'
                | '\u{ddf}'
                | '\u{1715}'
                | '\u{1734}'
                | '\u{1b35}'
                | '\u{1b3b}'
                | '\u{1b3d}'
                | '\u{1b43}'
                | '\u{1b44}'
                | '\u{1baa}'
                | '\u{1bf2}'
                | '\u{1bf3}'
                | '\u{302e}'
                | '\u{302f}'
                | '\u{a953}'
                | '\u{a9c0}'
        )
}

/// Counts the pairs of lam and alef, marks between them allowed: some terminals join the two in one
/// column, as the `unicode-width` crate counts them, others don't.
fn lam_alefs(text: &str) -> usize {
    let after_lam = text.split('\u{644}').skip(1);
    after_lam
        .filter_map(|after| after.chars().find(|c| c.width() != Some(0)))
        .filter(|c| matches!(c, '\u{622}' | '\u{623}' | '\u{625}' | '\u{627}'))
        .count()
}

/// Cuts `text` to at most `columns`, the last of them `…` where something was left out.
pub fn clip(text: &str, columns: usize) -> Cow<'_, str> {
    if display_width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width + 1 > columns {
            break;
        }
        used += width;
        kept.push(c);
    }
    let end = kept.trim_end().len();
    kept.truncate(end);
    if columns > 0 {
        kept.push('…');
    }
    Cow::Owned(kept)
}

/// Whether a line break stays one or becomes a blank.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Keep,
    Join,
}

/// Returns `text` without what could act on a terminal.
fn defuse(text: &str, breaks: Breaks) -> Cow<'_, str> {
    if !text.bytes().any(|b| needs_a_look(b, breaks)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut endless = Endless::default();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str(line_break(breaks)),
            '\r' => {
                if !rest.as_str().starts_with('\n') {
                    out.push_str(line_break(breaks));
                }
            }
            '\t' => out.push_str(if breaks == Breaks::Keep { "    " } else { " " }),
            '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => {
                let skipped = sequence_length(c, rest.as_str(), &mut endless);
                rest = rest.as_str().get(skipped..).unwrap_or_default().chars();
            }
            c if acts(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Returns what stands for a line break.
fn line_break(breaks: Breaks) -> &'static str {
    match breaks {
        Breaks::Keep => "\n",
        Breaks::Join => " ",
    }
}

/// Whether a UTF-8 byte may belong to a character that has to go: a control, or the first byte of
/// C1 (0xC2) or of the bidirectional controls and line separators (0xE2).
fn needs_a_look(byte: u8, breaks: Breaks) -> bool {
    match byte {
        b'\n' => breaks == Breaks::Join,
        0..=0x1f | 0x7f | 0xc2 | 0xe2 => true,
        _ => false,
    }
}

/// Whether a character acts on a terminal rather than being shown: a control, or one that turns the
/// direction of a text.
pub(crate) fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns how many bytes after an introducer belong to its escape sequence (ECMA-48).
///
/// A sequence without an end takes only its introducer with it: without that the rest is inert
/// text, and text is never lost.
fn sequence_length(introducer: char, rest: &str, endless: &mut Endless) -> usize {
    let (kind, from) = match introducer {
        '\u{1b}' => match rest.chars().next() {
            Some(c @ ('[' | ']' | 'P' | 'X' | '^' | '_')) => (c, 1),
            // Two-character sequences: intermediates, then one final character.
            Some(' '..='/') => {
                let tail = rest.trim_start_matches(|c| (' '..='/').contains(&c));
                return match tail.chars().next() {
                    Some(c @ '0'..='~') => rest.len() - tail.len() + c.len_utf8(),
                    _ => 0,
                };
            }
            // `c`, `7`, `8`, `=` and the like: one final character.
            Some('c' | '7' | '8' | '=' | '>' | 'D' | 'E' | 'H' | 'M' | 'N' | 'O' | 'Z') => {
                return 1;
            }
            _ => return 0,
        },
        '\u{9b}' => ('[', 0),
        _ => (']', 0),
    };
    let body = &rest[from..];
    if kind == '[' {
        let tail = body.trim_start_matches(|c| ('0'..='?').contains(&c));
        let tail = tail.trim_start_matches(|c| (' '..='/').contains(&c));
        return match tail.chars().next() {
            Some('@'..='~') => from + (body.len() - tail.len()) + 1,
            _ => from,
        };
    }
    from + endless.string_length(body)
}

/// Remembers where the end of a control string was sought in vain, so that many beginnings without
/// an end don't take quadratic time.
#[derive(Default)]
struct Endless {
    /// The bytes left at the end of the line that was searched last.
    left: Option<usize>,
}

impl Endless {
    /// Returns how many bytes at the beginning of `body` belong to a control string (OSC, DCS and
    /// the like); 0 for one that doesn't end on its line.
    fn string_length(&mut self, body: &str) -> usize {
        if self.left.is_some_and(|left| body.len() >= left) {
            return 0;
        }
        for (at, c) in body.char_indices() {
            match c {
                '\u{7}' | '\u{9c}' => return at + c.len_utf8(),
                '\u{1b}' if body[at + 1..].starts_with('\\') => return at + 2,
                '\u{1b}' => return at,
                '\n' => {
                    self.left = Some(body.len() - at);
                    return 0;
                }
                _ => {}
            }
        }
        self.left = Some(0);
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, line: &str) {
        assert_eq!(SafeText::line(input).as_str(), line);
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        check(
            "Pâté £450m – “quoted” 日本 👩‍👩‍👧",
            "Pâté £450m – “quoted” 日本 👩‍👩‍👧",
        );
    }

    #[test]
    fn sequences_go_and_words_stay() {
        check("a\u{1b}[31mred\u{1b}[0m b", "ared b");
        check("a\u{1b}]0;title\u{7}b", "ab");
        check("a\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "alink");
        check("a\u{9b}2Jb\u{9d}52;c;eA==\u{9c}c", "abc");
        check("a\u{1b}Pq..\u{1b}\\b\u{1b}cc\u{1b}(Bd", "abcd");
    }

    #[test]
    fn a_sequence_without_an_end_loses_no_word() {
        check("a\u{1b}]0;title and text", "a0;title and text");
        check("a\u{1b}[31", "a31");
        check("cut\u{1b}", "cut");
    }

    #[test]
    fn many_beginnings_without_an_end_take_linear_time() {
        // Quadratic, this would take minutes.
        let text = "\u{9d}x".repeat(200_000);
        assert_eq!(SafeText::line(&text).as_str().len(), 200_000);
        check("\u{9d}a\n\u{9d}0;b\u{7}c", "a c");
    }

    #[test]
    fn controls_and_bidirectional_overrides_go() {
        check("a\u{0}b\u{7f}c\u{80}d\u{202e}e\u{2066}f\u{2069}", "abcdef");
        check("a\tb\r\nc\rd\u{2028}e\u{85}f", "a b c d e f");
        assert_eq!(SafeText::block("a\tb\r\nc\rd").as_str(), "a    b\nc\nd");
    }

    #[test]
    fn vowel_signs_that_stand_beside_their_letter_take_a_column() {
        assert_eq!(display_width("বাংলা"), 5);
        assert_eq!(display_width("අවස්ථාව"), 6);
        assert_eq!(display_width("ខ្មែរ"), 4);
        assert_eq!(display_width("दुनिया"), 5);
    }

    #[test]
    fn a_lam_and_an_alef_take_two_columns_as_on_most_terminals() {
        assert_eq!(display_width("لا"), 2);
        assert_eq!(display_width("الأسئلة والإجابات"), 17);
        assert_eq!(display_width("ل\u{64e}ا"), 2);
        assert_eq!(display_width("سلم"), 3);
    }

    #[test]
    fn clipping_counts_columns() {
        assert_eq!(clip("日本語", 5), "日本…");
        assert_eq!(clip("plain", 5), "plain");
        assert_eq!(clip("plain words", 7), "plain…");
        assert_eq!(clip("x", 0), "");
    }
}
