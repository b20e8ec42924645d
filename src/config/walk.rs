//! Typed reading of one TOML table, with the place of everything that is wrong.
//!
//! A [`Walk`] is asked for each key that its table may have; what it was never asked for is an
//! unknown key. A wrong value is noted as a fault and reads as an absent one, so that one pass
//! finds every fault of a file.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Fault, Wrong};
use super::nearest::{alike, nearest};
use crate::model::text::{SafeText, clip};

/// How many columns of a wrong value are repeated in its fault.
const FOUND_COLUMNS: usize = 60;

/// The text of a configuration and what was found wrong in it.
pub(super) struct Page<'t> {
    text: &'t str,
    faults: RefCell<Vec<(usize, Fault)>>,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            faults: RefCell::default(),
        }
    }

    /// Notes what is wrong with a key at a byte of the text.
    pub(super) fn note(&self, at: usize, table: &str, key: &str, wrong: Wrong) {
        let (line, column) = self.place(at);
        let fault = Fault {
            line,
            column,
            table: table.to_owned(),
            key: key.to_owned(),
            wrong,
        };
        self.faults.borrow_mut().push((at, fault));
    }

    /// Returns the line of a byte of the text, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.place(at).0
    }

    /// Returns all faults in file order.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|(at, _)| *at);
        faults.into_iter().map(|(_, fault)| fault).collect()
    }

    /// Returns line and column, in characters, of a byte of the text, both from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }

    /// Returns what is written in a range of the text, cut short.
    pub(super) fn written(&self, range: Range<usize>) -> String {
        let text = SafeText::line(self.text.get(range).unwrap_or_default());
        clip(text.as_str(), FOUND_COLUMNS).into_owned()
    }
}

/// A value and the byte of the text where it begins.
#[derive(Clone, Copy)]
pub(super) struct Placed<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

/// One table that is being read.
pub(super) struct Walk<'t> {
    page: &'t Page<'t>,
    /// As written in a file, such as `[general]`; empty for the file itself.
    name: &'static str,
    /// Where its header begins.
    at: usize,
    table: &'t DeTable<'t>,
    /// The keys it was asked for; `None` where its keys are free.
    known: Option<Vec<&'static str>>,
}

impl<'t> Walk<'t> {
    /// Begins with the file itself.
    pub(super) fn new(page: &'t Page<'t>, table: &'t Spanned<DeTable<'t>>) -> Self {
        Self {
            page,
            name: "",
            at: 0,
            table: table.get_ref(),
            known: Some(Vec::new()),
        }
    }

    /// Reads a whole number.
    pub(super) fn number<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| range.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            self.wrong(key, value, &expected);
        }
        number
    }

    /// Reads `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "`true` or `false`");
        }
        flag
    }

    /// Reads a text that is not blank.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Placed<&'t str>> {
        self.text_that(key, "a text that is not blank", |text| {
            (!text.trim().is_empty()).then_some(text)
        })
    }

    /// Reads a text that is not blank, where its place doesn't matter any more.
    pub(super) fn string(&mut self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.value.to_owned())
    }

    /// Reads a text that `understand` understands.
    pub(super) fn text_that<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        understand: impl FnOnce(&'t str) -> Option<T>,
    ) -> Option<Placed<T>> {
        let value = self.take(key)?;
        let understood = value.get_ref().as_str().and_then(understand);
        if understood.is_none() {
            self.wrong(key, value, expected);
        }
        understood.map(|understood| Placed {
            at: value.span().start,
            value: understood,
        })
    }

    /// Reads one of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let value = self.take(key)?;
        let word = value.get_ref().as_str();
        let chosen = choices.iter().find(|(name, _)| Some(*name) == word);
        if chosen.is_none() {
            let names = choices.iter().map(|(name, _)| *name);
            let listed: Vec<_> = names.clone().map(|name| format!("`{name}`")).collect();
            let wrong = Wrong::Value {
                expected: format!("one of {}", listed.join(", ")),
                found: self.page.written(value.span()),
                nearest: word
                    .and_then(|word| nearest(word, names).filter(|name| alike(word, name))),
            };
            self.page.note(value.span().start, self.name, key, wrong);
        }
        chosen.map(|(_, value)| *value)
    }

    /// Reads a list of texts that are not blank.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        let texts = texts(value);
        if texts.is_none() {
            self.wrong(key, value, TEXTS);
        }
        texts
    }

    /// Reads a command: a program and its arguments.
    pub(super) fn command(&mut self, key: &'static str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        let command = texts(value).filter(|words| !words.is_empty());
        if command.is_none() {
            self.wrong(key, value, "a program and its arguments as a list of texts");
        }
        command
    }

    /// Reads a table; `None` where the key is absent.
    pub(super) fn table<T>(
        &mut self,
        key: &'static str,
        name: &'static str,
        read: impl FnOnce(&mut Walk<'t>) -> T,
    ) -> Option<T> {
        let value = self.take(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, value, &format!("a table {name}"));
            return None;
        };
        Some(self.within(name, value.span().start, table, read))
    }

    /// Reads a list of tables; `None` where the key is absent.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        name: &'static str,
        mut read: impl FnMut(&mut Walk<'t>) -> T,
    ) -> Option<Vec<T>> {
        let value = self.take(key)?;
        let expected = format!("tables {name}");
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, value, &expected);
            return None;
        };
        let mut all = Vec::new();
        for one in list {
            match one.get_ref().as_table() {
                Some(table) => all.push(self.within(name, one.span().start, table, &mut read)),
                None => self.wrong(key, one, &expected),
            }
        }
        Some(all)
    }

    /// Reads every key of a table whose keys are free, each a list of texts.
    pub(super) fn lists(&mut self) -> Vec<(Placed<&'t str>, Vec<String>)> {
        self.known = None;
        let mut all = Vec::new();
        for (key, value) in self.table {
            let name: &'t str = key.get_ref();
            match texts(value) {
                Some(texts) => all.push((
                    Placed {
                        at: key.span().start,
                        value: name,
                    },
                    texts,
                )),
                None => self.wrong(name, value, TEXTS),
            }
        }
        all.sort_by_key(|(name, _)| name.at);
        all
    }

    /// Notes that the table needs a key.
    pub(super) fn missing(&self, key: &str) {
        if !self.table.contains_key(key) {
            self.page.note(self.at, self.name, key, Wrong::MissingKey);
        }
    }

    /// Notes that the table needs one of two keys.
    pub(super) fn missing_either(&self, key: &str, other: &'static str) {
        if !self.table.contains_key(key) && !self.table.contains_key(other) {
            let wrong = Wrong::MissingEither { other };
            self.page.note(self.at, self.name, key, wrong);
        }
    }

    /// Notes what is wrong with a key of this table.
    pub(super) fn note(&self, at: usize, key: &str, wrong: Wrong) {
        self.page.note(at, self.name, key, wrong);
    }

    /// Returns the line of a byte of the text, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.page.line(at)
    }

    /// Notes every key that was never asked for.
    pub(super) fn end(self) {
        let Some(known) = &self.known else { return };
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let known = known.clone();
                self.note(key.span().start, name, Wrong::UnknownKey { known });
            }
        }
    }

    fn take(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.get_or_insert_default().push(key);
        self.table.get(key)
    }

    fn within<T>(
        &self,
        name: &'static str,
        at: usize,
        table: &'t DeTable<'t>,
        read: impl FnOnce(&mut Walk<'t>) -> T,
    ) -> T {
        let mut walk = Walk {
            page: self.page,
            name,
            at,
            table,
            known: Some(Vec::new()),
        };
        let read = read(&mut walk);
        walk.end();
        read
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let wrong = Wrong::Value {
            expected: expected.to_owned(),
            found: self.page.written(value.span()),
            nearest: None,
        };
        self.note(value.span().start, key, wrong);
    }
}

/// What [`texts`] understands, in words.
const TEXTS: &str = "a list of texts that are not blank";

/// Returns a list of texts that are not blank.
fn texts(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let list = value.get_ref().as_array()?;
    list.iter()
        .map(|one| {
            one.get_ref()
                .as_str()
                .filter(|text| !text.trim().is_empty())
        })
        .map(|text| text.map(str::to_owned))
        .collect()
}
