//! JSON as a strict reader wants it: without comments and trailing commas, with its controls escaped
//! and its ends in place.

use std::fmt::Write as _;

/// JSON that a strict reader reads.
pub(super) struct Strict {
    pub(super) text: String,
    /// Whether it ended in the middle.
    pub(super) is_cut: bool,
}

/// Returns the first value of a text, an object, as strict JSON. Nothing may stand before it; what
/// stands behind it is left out.
pub(super) fn strict(text: &str) -> Strict {
    let mut pass = Pass {
        rest: text,
        out: String::with_capacity(text.len() + 16),
        open: Vec::new(),
    };
    let is_cut = !pass.run();
    Strict {
        text: pass.out,
        is_cut,
    }
}

/// An object or array that is open.
struct Open {
    close: char,
    /// How much of the output is whole: up to the last value and no comma behind it.
    whole: usize,
    /// Whether the next text in it names a field.
    wants_name: bool,
}

struct Pass<'a> {
    rest: &'a str,
    out: String,
    open: Vec<Open>,
}

impl Pass<'_> {
    /// Goes through the text; returns whether it came to the end of the first value.
    fn run(&mut self) -> bool {
        while let Some(c) = self.rest.chars().next() {
            match c {
                '{' | '[' => {
                    self.step(c);
                    self.open.push(Open {
                        close: if c == '{' { '}' } else { ']' },
                        whole: self.out.len(),
                        wants_name: c == '{',
                    });
                }
                '}' | ']' => {
                    self.rest = self.rest.get(1..).unwrap_or_default();
                    self.close();
                    if self.open.is_empty() {
                        return true;
                    }
                }
                '"' => self.text(),
                ',' => {
                    self.step(c);
                    if let Some(open) = self.open.last_mut() {
                        open.wants_name = open.close == '}';
                    }
                }
                ':' => {
                    self.step(c);
                    if let Some(open) = self.open.last_mut() {
                        open.wants_name = false;
                    }
                }
                '/' => self.comment(),
                c if c.is_whitespace() || c == '\u{feff}' || c == '\0' => {
                    self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
                }
                _ => self.word(),
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
        false
    }

    /// Takes a character over.
    fn step(&mut self, c: char) {
        self.out.push(c);
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
    }

    /// Closes what is open, up to its last whole value.
    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            self.out.truncate(open.whole);
            self.out.push(open.close);
            self.value_ends();
        }
    }

    /// A value is whole.
    fn value_ends(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.whole = self.out.len();
        }
    }

    /// A number, `true`, `false`, `null`, or anything else without quotes.
    fn word(&mut self) {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || "{}[]\",:/".contains(c))
            .unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        if serde_json::from_str::<serde_json::Value>(word).is_ok() {
            self.out.push_str(word);
        } else {
            self.out.push_str("null");
        }
        self.rest = after;
        // One that the document ends in may not be all of it.
        if !after.is_empty() {
            self.value_ends();
        }
    }

    /// A text in quotes.
    fn text(&mut self) {
        let is_name = self.open.last().is_some_and(|open| open.wants_name);
        self.step('"');
        loop {
            let Some(at) = self.rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
                // The document ends within it.
                self.out.push_str(self.rest);
                self.rest = "";
                break;
            };
            let (plain, from) = self.rest.split_at(at);
            self.out.push_str(plain);
            self.rest = from;
            match from.bytes().next() {
                Some(b'"') => {
                    self.rest = from.get(1..).unwrap_or_default();
                    break;
                }
                Some(b'\\') => self.escape(),
                Some(control) => {
                    // Writing into a String never fails.
                    let _ = write!(self.out, "\\u{control:04x}");
                    self.rest = from.get(1..).unwrap_or_default();
                }
                None => break,
            }
        }
        self.out.push('"');
        if !is_name {
            self.value_ends();
        }
    }

    /// A backslash and what it stands before.
    fn escape(&mut self) {
        let after = self.rest.get(1..).unwrap_or_default();
        match after.chars().next() {
            Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                self.out.push('\\');
                self.rest = after;
                self.step(c);
            }
            Some('u') => {
                // Half a character, as cutting in the middle of an emoji leaves, is none.
                let unit = |text: &str| {
                    let digits = text.get(2..6)?;
                    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
                    u32::from_str_radix(digits, 16).ok().filter(|_| hex)
                };
                let (length, sound) = match unit(self.rest) {
                    Some(0xd800..=0xdbff) => {
                        let second = self.rest.get(6..).unwrap_or_default();
                        match unit(second) {
                            Some(0xdc00..=0xdfff) if second.starts_with("\\u") => (12, true),
                            _ => (6, false),
                        }
                    }
                    Some(0xdc00..=0xdfff) => (6, false),
                    Some(_) => (6, true),
                    None => (2, false),
                };
                let escape = self.rest.get(..length).unwrap_or_default();
                self.out.push_str(if sound { escape } else { "\\ufffd" });
                self.rest = self.rest.get(length..).unwrap_or_default();
            }
            // `\'` and other escapes that JSON doesn't know; a line that goes on.
            _ => self.rest = after,
        }
    }

    /// A comment, or a stray slash.
    fn comment(&mut self) {
        let end = match self.rest.as_bytes().get(1) {
            Some(b'/') => self.rest.find(['\n', '\r']),
            Some(b'*') => self.rest.find("*/").map(|end| end + 2),
            _ => Some(1),
        };
        let end = end.unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(strict(text).text, expected, "{text}");
    }

    #[test]
    fn commas_and_comments_go() {
        check(r#"{"a": [1, 2,], "b": {},} // x"#, r#"{"a":[1,2],"b":{}}"#);
        check("{/* x */\"a\": // y\n true}", r#"{"a":true}"#);
        check(
            r#"{"a": "// no /* comment */"}"#,
            r#"{"a":"// no /* comment */"}"#,
        );
        check(
            r#"{"a": undefined, "b": -1.5e3, "c": NaN}"#,
            r#"{"a":null,"b":-1.5e3,"c":null}"#,
        );
        check(r#"{"a": 1}); more"#, r#"{"a":1}"#);
    }

    #[test]
    fn texts_are_escaped() {
        check("{\"a\": \"x\n\ty\"}", r#"{"a":"x\u000a\u0009y"}"#);
        check(
            r#"{"a": "it\'s \"q\" \u00e9"}"#,
            r#"{"a":"it's \"q\" \u00e9"}"#,
        );
        check(
            r#"{"a": "\ud83d\ude00 \ud83d x \ude00 \u12"}"#,
            r#"{"a":"\ud83d\ude00 \ufffd x \ufffd \ufffd12"}"#,
        );
    }

    #[test]
    fn what_is_cut_is_closed() {
        for (text, expected) in [
            (r#"{"a": [{"b": "x"#, r#"{"a":[{"b":"x"}]}"#),
            (r#"{"a": [{"b": 1, "c"#, r#"{"a":[{"b":1}]}"#),
            (r#"{"a": [{"b": 1, "c": "#, r#"{"a":[{"b":1}]}"#),
            (r#"{"a": [{"b": 1}, "#, r#"{"a":[{"b":1}]}"#),
            (r#"{"a": 12"#, "{}"),
            (r#"{"a": "x\"#, r#"{"a":"x"}"#),
            ("{", "{}"),
        ] {
            check(text, expected);
            assert!(strict(text).is_cut, "{text}");
        }
        assert!(!strict("{}").is_cut);
    }
}
