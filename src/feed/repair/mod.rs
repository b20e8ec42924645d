//! XML mended before the parser sees it.
//!
//! One pass over the text that copies nothing where nothing is wrong. It closes what was left open,
//! escapes what should have been escaped, and gives elements and namespaces the names that the
//! parser knows. A mistake never costs more than the place where it is. On its way it notes what
//! the parser would hide (see [`super::extras`]).
//!
//! - here: what is mended before and after the pass, and where its output goes
//! - `pass`: the pass itself
//! - `references`: ampersands and characters
//! - `tags`: start tags as they really come
//! - `root`: the root element
//! - `markup`: texts that hold markup where they may not
//! - `vocabulary`: the words of feeds
//! - `asides`: what stands in for them

mod asides;
mod markup;
mod pass;
mod references;
mod root;
mod tags;
mod vocabulary;

use std::borrow::Cow;
use std::ops::Range;

use url::Url;

use super::extras::Note;
use super::sniff::Family;
use super::{FeedProblem, Mend};
use pass::Pass;
use references::{holds_controls, is_control};

/// A document that an XML parser can read.
#[derive(Debug)]
pub(crate) struct Mended<'a> {
    /// The text, from its root element on.
    pub(crate) text: Cow<'a, str>,
    /// How many articles it holds.
    pub(crate) articles: usize,
    /// What the parser would hide.
    pub(crate) notes: Vec<Note>,
}

/// Mends the document whose root element begins at `root_at`.
pub(crate) fn mend<'a>(
    text: &'a str,
    root_at: usize,
    family: Family,
    base: &Url,
    problems: &mut Vec<FeedProblem>,
) -> Mended<'a> {
    let src = text.get(root_at..).unwrap_or_default();
    let mut mends = Mends::default();
    let mended = if holds_controls(src) {
        mends.add(Mend::Control);
        let clean = src.replace(is_control, "");
        let Mended {
            text,
            articles,
            notes,
        } = Pass::run(&clean, family, base, &mut mends);
        Mended {
            text: Cow::Owned(text.into_owned()),
            articles,
            notes,
        }
    } else {
        Pass::run(src, family, base, &mut mends)
    };
    problems.extend(mends.into_problems());
    mended
}

/// How often each kind of mistake was mended.
#[derive(Debug, Default)]
struct Mends(Vec<(Mend, u32)>);

impl Mends {
    fn add(&mut self, what: Mend) {
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => self.0.push((what, 1)),
        }
    }

    fn into_problems(self) -> impl Iterator<Item = FeedProblem> {
        self.0
            .into_iter()
            .map(|(what, times)| FeedProblem::Mended { what, times })
    }
}

/// A text with replacements; nothing is copied before the first.
struct Out<'a> {
    src: &'a str,
    copied: usize,
    text: String,
}

impl<'a> Out<'a> {
    fn new(src: &'a str) -> Self {
        Self {
            src,
            copied: 0,
            text: String::new(),
        }
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        if self.text.capacity() == 0 {
            self.text
                .reserve(self.src.len() + self.src.len() / 16 + 256);
        }
        self.text
            .push_str(self.src.get(self.copied..range.start).unwrap_or_default());
        self.text.push_str(with);
        self.copied = self.copied.max(range.end);
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.replace(at..at, text);
    }

    /// Returns the text up to `end` of the source.
    fn finish(mut self, end: usize) -> Cow<'a, str> {
        if self.copied == 0 && self.text.is_empty() {
            return Cow::Borrowed(self.src.get(..end).unwrap_or_default());
        }
        self.text
            .push_str(self.src.get(self.copied..end).unwrap_or_default());
        Cow::Owned(self.text)
    }
}
