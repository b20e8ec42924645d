//! Which items typed by hand make a list: consecutive markers of one form, lists of other forms
//! between them.

use super::marker::{Form, Reading};
use super::typed::{Item, TextLine};

/// Typed lists are nested so deep, where indentation doesn't say it.
const MAX_DEPTH: usize = 3;

/// Items that follow one another in place and number, with the runs between them.
pub(crate) struct Run {
    /// The number of its first item, where it has one.
    pub(crate) start: Option<i64>,
    /// Its first item, and the one after all that belongs to it.
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) parts: Vec<RunPart>,
}

/// An item of a run, and the run of another form below it.
pub(crate) struct RunPart {
    pub(crate) item: usize,
    pub(crate) inner: Option<Run>,
}

/// Finds the lists: runs of at least two items.
pub(crate) fn find_runs(paragraphs: &[Vec<TextLine>], items: &[Item]) -> Vec<Run> {
    let sequence = Sequence { paragraphs, items };
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let readings = item.marker.readings.iter();
        // Of the longest the first: numerals before letters.
        let best = readings
            .map(|reading| sequence.run(at, *reading, &[], None))
            .rev()
            .max_by_key(|run| run.end);
        match best {
            Some(run) if run.parts.len() > 1 => {
                at = run.end;
                runs.push(run);
            }
            _ => at += 1,
        }
    }
    runs
}

/// All items of a text, in order.
struct Sequence<'a> {
    paragraphs: &'a [Vec<TextLine>],
    items: &'a [Item],
}

impl Sequence<'_> {
    /// Whether an item may be read so, directly behind the one before.
    fn follows(&self, at: usize, wanted: Reading) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.items.get(before));
        let (Some(before), Some(next)) = (before, self.items.get(at)) else {
            return false;
        };
        next.marker.readings.contains(&wanted) && is_next(self.paragraphs, before, next)
    }

    /// Returns the longest run that begins with an item read so. It ends before what reads as
    /// `stop`, the next item of the run around it; `around` are the forms of all those.
    fn run(&self, first: usize, reading: Reading, around: &[Form], stop: Option<Reading>) -> Run {
        let mut run = Run {
            start: reading.number(),
            first,
            end: first + 1,
            parts: vec![RunPart {
                item: first,
                inner: None,
            }],
        };
        let mut wanted = reading;
        loop {
            wanted = wanted.next();
            let is_stopped = stop.is_some_and(|stop| self.follows(run.end, stop));
            let goes_on = !is_stopped && self.follows(run.end, wanted);
            let inner = self.inner(&run, wanted, around);
            if goes_on && let Some(inner) = inner {
                // `(i)` after `(h)`: what makes the longer run.
                let plain = self.run(run.end, wanted, around, stop);
                let nested = self.run(inner.end, wanted, around, stop);
                let rest = if nested.end > plain.end {
                    run.nest(inner);
                    nested
                } else {
                    plain
                };
                run.end = rest.end;
                run.parts.extend(rest.parts);
                return run;
            }
            if let Some(inner) = inner {
                let goes_on = self.follows(inner.end, wanted);
                run.nest(inner);
                if !goes_on {
                    return run;
                }
            } else if !goes_on {
                self.leave_numeral(&mut run, wanted.form);
                return run;
            }
            run.parts.push(RunPart {
                item: run.end,
                inner: None,
            });
            run.end += 1;
        }
    }

    /// Returns the run of another form below the last item of a run: one that begins with its
    /// first number and after which the outer run goes on, or that is like one before it.
    fn inner(&self, outer: &Run, wanted: Reading, around: &[Form]) -> Option<Run> {
        if around.len() >= MAX_DEPTH {
            return None;
        }
        let around: Vec<Form> = around.iter().copied().chain([wanted.form]).collect();
        let readings = self.items.get(outer.end)?.marker.readings.iter();
        let firsts = readings.filter(|reading| {
            reading.value == 1
                && !around.contains(&reading.form)
                && self.follows(outer.end, **reading)
        });
        let runs = firsts.flat_map(|first| {
            [None, Some(wanted)].map(|stop| self.run(outer.end, *first, &around, stop))
        });
        runs.filter(|run| run.parts.len() > 1)
            .filter(|run| self.follows(run.end, wanted) || self.is_like_one_in(run, outer))
            .max_by_key(|run| (self.follows(run.end, wanted), run.end))
    }

    /// Whether an item of `outer` has a run of the same form as `run` below it.
    fn is_like_one_in(&self, run: &Run, outer: &Run) -> bool {
        let marker = |run: &Run| self.items.get(run.first).map(|item| &item.marker.readings);
        let mut inner = outer.parts.iter().filter_map(|part| part.inner.as_ref());
        inner.any(|inner| marker(inner) == marker(run))
    }

    /// Ends a run of letters before an `i` that begins numerals: `(h)`, `(i)`, `(ii)`.
    fn leave_numeral(&self, run: &mut Run, form: Form) {
        let Some(last) = self.items.get(run.end - 1) else {
            return;
        };
        let readings = last.marker.readings.iter();
        let mut others = readings.filter(|reading| reading.form != form && reading.value == 1);
        let begins_numerals = others.any(|reading| {
            let second = Reading {
                value: 2,
                ..*reading
            };
            self.follows(run.end, second)
        });
        if begins_numerals && run.parts.len() > 1 {
            run.parts.pop();
            run.end -= 1;
        }
    }
}

impl Run {
    /// Puts a run below the last item.
    fn nest(&mut self, inner: Run) {
        self.end = inner.end;
        if let Some(last) = self.parts.last_mut() {
            last.inner = Some(inner);
        }
    }
}

/// Whether nothing stands between two items.
fn is_next(paragraphs: &[Vec<TextLine>], before: &Item, next: &Item) -> bool {
    if before.paragraph == next.paragraph {
        return before.end == next.first;
    }
    next.paragraph == before.paragraph + 1
        && next.first == 0
        && paragraphs
            .get(before.paragraph)
            .is_some_and(|lines| before.end == lines.len())
}
