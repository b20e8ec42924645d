//! Which pieces of two texts belong together, and which words of them differ.
//!
//! Equal pieces are found first. Between them those that have most of their words in common are
//! taken for the same piece, in order; what is left came or went whole. Long stretches are cut into
//! parts of like proportion beforehand, and `similar` bounds its own work, so that the whole takes
//! little more than linear time.

use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::pieces::{Piece, Word};

/// At most so many old pieces are weighed against as many new ones.
const PART: usize = 50;

/// More words or pieces than these are compared for so long at most; what is left is then taken for
/// other words. Two texts of 100,000 words each take half a second where nothing fits, so that no
/// real article depends on it.
const HUGE: (usize, Duration) = (300_000, Duration::from_secs(1));

/// Pieces that share less of their words, in percent, aren't the same piece.
const LEAST_LIKENESS: usize = 40;

/// What became of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is as it was.
    Same(Piece),
    /// It is new.
    Added(Piece),
    /// It is gone.
    Removed(Piece),
    /// Some of its words are others.
    Changed {
        /// As it was.
        old: Piece,
        /// As it is.
        new: Piece,
        /// Its words, old and new, in order; those of its marker aren't among them.
        runs: Vec<Run>,
    },
}

/// What became of some words in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They stayed.
    Kept,
    /// They are new.
    Added,
    /// They are gone.
    Removed,
}

/// Words in a row that have the same fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What became of them.
    pub fate: Fate,
    /// The words, with the blanks between.
    pub text: String,
    /// Whether a blank stands before them.
    pub spaced: bool,
}

/// Compares two texts.
pub(super) fn compare(old: Vec<Piece>, new: Vec<Piece>) -> Vec<Change> {
    let mut texts = Numbers::default();
    let mut numbers = |pieces: &[Piece]| -> Vec<u32> {
        pieces.iter().map(|piece| texts.of(&piece.text)).collect()
    };
    let numbered = (numbers(&old), numbers(&new));
    let ops = differences(&numbered.0, &numbered.1);
    let mut words = Numbers::default();
    let mut changes = Vec::with_capacity(new.len());
    let (mut old, mut new) = (old.into_iter(), new.into_iter());
    for op in ops {
        let gone: Vec<Piece> = old.by_ref().take(op.old_range().len()).collect();
        let come: Vec<Piece> = new.by_ref().take(op.new_range().len()).collect();
        if matches!(op, DiffOp::Equal { .. }) {
            changes.extend(come.into_iter().map(Change::Same));
        } else {
            replace(gone, come, &mut words, &mut changes);
        }
    }
    changes
}

/// Compares one piece with another that took its place.
pub(super) fn compare_pieces(old: Piece, new: Piece) -> Change {
    if old.text == new.text {
        Change::Same(new)
    } else {
        changed(old, new)
    }
}

fn differences(old: &[u32], new: &[u32]) -> Vec<DiffOp> {
    let (most, limit) = HUGE;
    let is_huge = old.len() + new.len() > most;
    let deadline = is_huge.then(|| Instant::now() + limit);
    capture_diff_slices_deadline(Algorithm::Myers, old, new, deadline)
}

/// Says what became of pieces that others took the place of.
fn replace(gone: Vec<Piece>, come: Vec<Piece>, words: &mut Numbers, changes: &mut Vec<Change>) {
    let parts = gone.len().max(come.len()).div_ceil(PART);
    let bounds = |len: usize, part: usize| len * part / parts..len * (part + 1) / parts;
    let (lengths, mut gone, mut come) =
        ((gone.len(), come.len()), gone.into_iter(), come.into_iter());
    for part in 0..parts {
        let old = take(&mut gone, bounds(lengths.0, part));
        let new = take(&mut come, bounds(lengths.1, part));
        pair(old, new, words, changes);
    }
}

fn take(pieces: &mut impl Iterator<Item = Piece>, range: Range<usize>) -> Vec<Piece> {
    pieces.take(range.len()).collect()
}

/// Pairs what belongs together, in order, so that the pairs have as much in common as can be.
fn pair(gone: Vec<Piece>, come: Vec<Piece>, words: &mut Numbers, changes: &mut Vec<Change>) {
    let mut numbers = |pieces: &[Piece]| -> Vec<Vec<u32>> {
        pieces.iter().map(|piece| words.sorted(piece)).collect()
    };
    let (old_words, new_words) = (numbers(&gone), numbers(&come));
    let columns = come.len() + 1;
    let at = |row: usize, column: usize| row * columns + column;
    let mut best = vec![0_usize; (gone.len() + 1) * columns];
    let mut likeness = vec![0_usize; best.len()];
    for (row, old) in old_words.iter().enumerate().rev() {
        for (column, new) in new_words.iter().enumerate().rev() {
            let alike = alike(old, new);
            let paired = match alike {
                0 => 0,
                alike => alike + value(&best, at(row + 1, column + 1)),
            };
            let alone = value(&best, at(row + 1, column)).max(value(&best, at(row, column + 1)));
            put(&mut likeness, at(row, column), alike);
            put(&mut best, at(row, column), paired.max(alone));
        }
    }
    let (mut row, mut column) = (0, 0);
    let (mut gone, mut come) = (gone.into_iter().peekable(), come.into_iter().peekable());
    while gone.peek().is_some() || come.peek().is_some() {
        let here = value(&best, at(row, column));
        let alike = value(&likeness, at(row, column));
        let is_pair = alike > 0 && here == alike + value(&best, at(row + 1, column + 1));
        // What is gone stands before what came in its place.
        let goes = value(&best, at(row + 1, column)) == here;
        match (gone.peek().is_some(), come.peek().is_some()) {
            (true, true) if is_pair => {
                if let (Some(old), Some(new)) = (gone.next(), come.next()) {
                    changes.push(changed(old, new));
                }
                row += 1;
                column += 1;
            }
            (true, is_new) if !is_new || goes => {
                changes.extend(gone.next().map(Change::Removed));
                row += 1;
            }
            _ => {
                changes.extend(come.next().map(Change::Added));
                column += 1;
            }
        }
    }
}

fn value(table: &[usize], at: usize) -> usize {
    table.get(at).copied().unwrap_or_default()
}

fn put(table: &mut [usize], at: usize, value: usize) {
    if let Some(place) = table.get_mut(at) {
        *place = value;
    }
}

/// Returns how much of their words two pieces share, in percent; 0 where that is too little to be
/// the same piece. Both are sorted.
fn alike(old: &[u32], new: &[u32]) -> usize {
    let both = old.len() + new.len();
    let most = 2 * old.len().min(new.len());
    if both == 0 || most * 100 < LEAST_LIKENESS * both {
        return 0;
    }
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    let mut shared = 0;
    while let (Some(a), Some(b)) = (old.peek(), new.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => _ = old.next(),
            std::cmp::Ordering::Greater => _ = new.next(),
            std::cmp::Ordering::Equal => {
                shared += 1;
                old.next();
                new.next();
            }
        }
    }
    let alike = 200 * shared / both;
    if alike < LEAST_LIKENESS { 0 } else { alike }
}

/// Compares the words of a piece.
fn changed(old: Piece, new: Piece) -> Change {
    let mut numbers = Numbers::default();
    let mut numbered = |piece: &Piece| -> Vec<u32> {
        let words = piece.words.iter();
        words.map(|word| numbers.of(&word.text)).collect()
    };
    let (before, after) = (numbered(&old), numbered(&new));
    let mut runs = Vec::new();
    for op in differences(&before, &after) {
        if let DiffOp::Equal { .. } = op {
            push(&mut runs, Fate::Kept, &new.words, op.new_range());
        } else {
            push(&mut runs, Fate::Removed, &old.words, op.old_range());
            push(&mut runs, Fate::Added, &new.words, op.new_range());
        }
    }
    Change::Changed { old, new, runs }
}

fn push(runs: &mut Vec<Run>, fate: Fate, words: &[Word], range: Range<usize>) {
    runs.extend(words.get(range).and_then(|words| Run::of(fate, words)));
}

impl Run {
    /// Returns all words of a piece; nothing where it has none.
    pub(super) fn whole(fate: Fate, piece: &Piece) -> Option<Self> {
        Self::of(fate, &piece.words)
    }

    fn of(fate: Fate, words: &[Word]) -> Option<Self> {
        let first = words.first()?;
        let mut text = String::new();
        for word in words {
            if word.spaced && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&word.text);
        }
        Some(Self {
            fate,
            text,
            spaced: first.spaced,
        })
    }
}

/// A number for each text, the same for equal ones.
#[derive(Default)]
struct Numbers {
    known: HashMap<String, u32>,
}

impl Numbers {
    fn of(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        self.known.insert(text.to_owned(), next);
        next
    }

    /// Returns the numbers of a piece's words, sorted.
    fn sorted(&mut self, piece: &Piece) -> Vec<u32> {
        let words = piece.words.iter();
        let mut numbers: Vec<u32> = words.map(|word| self.of(&word.text)).collect();
        numbers.sort_unstable();
        numbers
    }
}
