//! The marker of a list typed by hand: `1.`, `2)`, `(a)`, `iv.`, and what number it may stand for;
//! and the signs that begin the items of a list without numbers: `-`, `*`, `•`.

use super::numerals::{Case, parse_roman};
use crate::model::document::Span;

/// Numbers of more digits are years, amounts or addresses.
const MAX_DIGITS: usize = 3;

/// A marker as it may be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) form: Form,
    pub(crate) value: i64,
}

impl Reading {
    /// Returns what the next marker must be.
    pub(crate) fn next(self) -> Self {
        let value = match self.form.signs {
            Signs::Bullet(_) => self.value,
            Signs::Digits | Signs::Letter(_) | Signs::Roman(_) => self.value.saturating_add(1),
        };
        Self { value, ..self }
    }

    /// Returns the number, nothing for a sign that is none.
    pub(crate) fn number(self) -> Option<i64> {
        (!matches!(self.form.signs, Signs::Bullet(_))).then_some(self.value)
    }
}

/// What consecutive markers have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    signs: Signs,
    close: char,
    opened: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    Digits,
    Letter(Case),
    Roman(Case),
    /// A sign without a number.
    Bullet(char),
}

/// Whether a sign begins the items of a list without numbers.
pub(crate) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '-' | '*' | '–' | '·' | '‣' | '◦' | '▪' | '●' | '○' | '■'
    )
}

/// The marker at a line's start.
pub(crate) struct Marker {
    pub(crate) text: String,
    /// How many bytes of the line are marker and blanks.
    pub(crate) length: usize,
    /// `i` is a letter or a numeral.
    pub(crate) readings: Vec<Reading>,
}

/// Reads the marker at a line's start.
pub(crate) fn marker(line: &[Span]) -> Option<Marker> {
    // The longest is `(xxviii) `; markers in bold stand in a span of their own.
    let mut head = String::new();
    for span in line {
        head.extend(span.text.chars().take(12));
        if head.len() >= 12 {
            break;
        }
    }
    if let Some(bullet) = head.chars().next().filter(|c| is_bullet(*c)) {
        return bullet_marker(bullet, head.get(bullet.len_utf8()..)?);
    }
    let opened = head.starts_with('(');
    let body = head.get(usize::from(opened)..)?;
    let end = body.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (signs, rest) = body.split_at(end);
    let close = rest.chars().next().filter(|c| matches!(c, '.' | ')'))?;
    if opened && close == '.' {
        return None;
    }
    let rest = rest.get(1..)?;
    let blanks = rest.len() - rest.trim_start().len();
    if blanks == 0 {
        return None;
    }
    let form = |signs| Form {
        signs,
        close,
        opened,
    };
    let readings = readings(signs, close)
        .into_iter()
        .map(|(signs, value)| Reading {
            form: form(signs),
            value,
        })
        .collect::<Vec<_>>();
    if readings.is_empty() {
        return None;
    }
    let length = usize::from(opened) + signs.len() + 1;
    Some(Marker {
        text: head.get(..length)?.to_owned(),
        length: length + blanks,
        readings,
    })
}

/// Reads a sign without a number, `rest` behind it.
fn bullet_marker(bullet: char, rest: &str) -> Option<Marker> {
    let blanks = rest.len() - rest.trim_start().len();
    let form = Form {
        signs: Signs::Bullet(bullet),
        close: ' ',
        opened: false,
    };
    (blanks > 0).then(|| Marker {
        text: bullet.to_string(),
        length: bullet.len_utf8() + blanks,
        // As every one of them, also the first below another item.
        readings: vec![Reading { form, value: 1 }],
    })
}

fn readings(signs: &str, close: char) -> Vec<(Signs, i64)> {
    if signs.bytes().all(|b| b.is_ascii_digit()) {
        let number = signs.parse().ok().filter(|_| signs.len() <= MAX_DIGITS);
        return number.map(|n| (Signs::Digits, n)).into_iter().collect();
    }
    let case = if signs.bytes().all(|b| b.is_ascii_lowercase()) {
        Case::Lower
    } else if signs.bytes().all(|b| b.is_ascii_uppercase()) {
        Case::Upper
    } else {
        return Vec::new();
    };
    let lower = signs.to_ascii_lowercase();
    let mut readings = Vec::new();
    if let Some(value) = parse_roman(&lower) {
        readings.push((Signs::Roman(case), value));
    }
    // `A.` and `B.` are the initials of names.
    let initial = case == Case::Upper && close == '.';
    if let [letter] = lower.as_bytes()
        && !initial
    {
        readings.push((Signs::Letter(case), i64::from(letter - b'a') + 1));
    }
    readings
}
