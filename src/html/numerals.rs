//! How the items of a list are numbered: the attributes that say so, and numbers as letters and
//! numerals.
//!
//! The rules are the HTML standard's (4.4.5 "The ol element", 2.3.4 "Numbers") and those of CSS
//! Counter Styles 3 for what has no letters.

use super::parse::Element;

/// How the numbers of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numerals {
    Decimal,
    Letters(Case),
    Roman(Case),
    /// Not at all: each item has a bullet.
    Bullet,
}

/// Small or capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
}

/// Reads the style property for the marks of a list, and `type`, which stands for it where it is
/// missing. HTML compares all of `type`: with a blank in it, it is none.
pub(crate) fn numerals(element: &Element) -> Option<Numerals> {
    let style = element.attribute("style").and_then(numerals_of_style);
    style.or_else(|| match element.attribute("type")? {
        "1" => Some(Numerals::Decimal),
        "a" => Some(Numerals::Letters(Case::Lower)),
        "A" => Some(Numerals::Letters(Case::Upper)),
        "i" => Some(Numerals::Roman(Case::Lower)),
        "I" => Some(Numerals::Roman(Case::Upper)),
        sign if element.name() == "li" => ["disc", "circle", "square"]
            .iter()
            .any(|known| sign.eq_ignore_ascii_case(known))
            .then_some(Numerals::Bullet),
        _ => None,
    })
}

/// Returns the `type` that stands for the style of an `ol` or `li`.
pub(crate) fn type_of_style(element: &Element) -> Option<&'static str> {
    if !matches!(element.name(), "ol" | "li") {
        return None;
    }
    match numerals_of_style(element.attribute("style")?)? {
        Numerals::Decimal => Some("1"),
        Numerals::Letters(Case::Lower) => Some("a"),
        Numerals::Letters(Case::Upper) => Some("A"),
        Numerals::Roman(Case::Lower) => Some("i"),
        Numerals::Roman(Case::Upper) => Some("I"),
        Numerals::Bullet => Some("disc"),
    }
}

/// Reads `list-style-type` or `list-style`, of several the last.
fn numerals_of_style(style: &str) -> Option<Numerals> {
    words_of_list_style(&style.to_ascii_lowercase())
        .filter_map(|word| match word {
            "decimal" => Some(Numerals::Decimal),
            "lower-alpha" | "lower-latin" => Some(Numerals::Letters(Case::Lower)),
            "upper-alpha" | "upper-latin" => Some(Numerals::Letters(Case::Upper)),
            "lower-roman" => Some(Numerals::Roman(Case::Lower)),
            "upper-roman" => Some(Numerals::Roman(Case::Upper)),
            "disc" | "circle" | "square" => Some(Numerals::Bullet),
            _ => None,
        })
        .last()
}

pub(crate) fn words_of_list_style(style: &str) -> impl Iterator<Item = &str> {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .filter(|(property, _)| matches!(property.trim(), "list-style-type" | "list-style"))
        .flat_map(|(_, value)| value.split(|c: char| c.is_ascii_whitespace() || c == '!'))
}

/// Reads an integer as HTML's "rules for parsing integers" do: what follows the digits is ignored.
/// What is too large for any list is no number.
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    format!("{sign}{}", &digits[..end]).parse().ok()
}

/// Writes a number; outside of the range of letters or numerals it is decimal.
pub(crate) fn write_number(number: i64, numerals: Numerals) -> String {
    let letters = match numerals {
        Numerals::Decimal | Numerals::Bullet => None,
        Numerals::Letters(case) => letters(number).map(|text| (text, case)),
        Numerals::Roman(case) => roman(number).map(|text| (text, case)),
    };
    match letters {
        None => number.to_string(),
        Some((text, Case::Lower)) => text,
        Some((text, Case::Upper)) => text.to_ascii_uppercase(),
    }
}

/// a to z, then aa.
fn letters(number: i64) -> Option<String> {
    let mut rest = u64::try_from(number).ok().filter(|n| *n > 0)?;
    let mut text = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        text.push(char::from(b'a' + digit));
        rest = (rest - 1) / 26;
    }
    Some(text.iter().rev().collect())
}

/// 1 to 3999.
fn roman(number: i64) -> Option<String> {
    const STEPS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in STEPS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

/// Reads a small Roman numeral, written as one writes it today.
pub(crate) fn parse_roman(text: &str) -> Option<i64> {
    let value = |c| match c {
        b'm' => Some(1000),
        b'd' => Some(500),
        b'c' => Some(100),
        b'l' => Some(50),
        b'x' => Some(10),
        b'v' => Some(5),
        b'i' => Some(1),
        _ => None,
    };
    let mut total = 0;
    let mut last = 0;
    for byte in text.bytes().rev() {
        let value: i64 = value(byte)?;
        total += if value < last { -value } else { value };
        last = last.max(value);
    }
    (roman(total).as_deref() == Some(text)).then_some(total)
}
