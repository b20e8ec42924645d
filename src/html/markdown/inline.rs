//! A paragraph → lines of Markdown: strong, emphasis, strikethrough, code and links.
//!
//! Works on [`Unit`]s, so that marks can be moved: `**` acts beside some characters only
//! (CommonMark 6.2, "left-flanking"), and blanks or signs at its edge are then left outside of it.

use std::ops::Range;

use super::super::direction;
use super::escape::{
    Around, Place, Start, autolink, destination, find_address, longest_run, push_escaped,
};
use super::{is_link_number, link};
use crate::model::document::{Inline, Link, Role};

/// What a line break becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BreakIs {
    /// A line break (`\` at the line's end).
    Line,
    /// A blank, where there can be one line only.
    Blank,
}

/// A character, or what is one for the marks around it.
struct Unit {
    atom: Atom,
    marks: Marks,
}

enum Atom {
    Char(char),
    Code(String),
    /// An address that stands for itself.
    Address(String),
    Break,
}

/// What holds for a unit.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Marks {
    link: Option<u16>,
    strike: bool,
    strong: bool,
    emphasis: bool,
}

/// A mark that is written before and behind its units. Outer ones come first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Link,
    Strike,
    Strong,
    Emphasis,
}

const MARKS: [Mark; 4] = [Mark::Link, Mark::Strike, Mark::Strong, Mark::Emphasis];

impl Mark {
    fn flag(self, marks: &mut Marks) -> Option<&mut bool> {
        match self {
            Self::Link => None,
            Self::Strike => Some(&mut marks.strike),
            Self::Strong => Some(&mut marks.strong),
            Self::Emphasis => Some(&mut marks.emphasis),
        }
    }

    fn is_in(self, mut marks: Marks) -> bool {
        match self.flag(&mut marks) {
            Some(flag) => *flag,
            None => marks.link.is_some(),
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Link => "",
            Self::Strike => "~~",
            Self::Strong => "**",
            Self::Emphasis => "*",
        }
    }
}

/// Writes a paragraph. No line is blank, none begins or ends with a blank.
pub(super) fn paragraph(inlines: &[Inline], links: &[Link], break_is: BreakIs) -> Vec<String> {
    let mut units = tidied(units(inlines, links, break_is));
    for mark in MARKS {
        for range in runs(&units, mark) {
            settle(&mut units, range, mark);
        }
    }
    let writer = Writer {
        units: &units,
        links,
        start: match break_is {
            BreakIs::Line => Start::OfLine,
            BreakIs::Blank => Start::Inside,
        },
    };
    let mut out = String::new();
    writer.marked(0..units.len(), &MARKS, &mut out);
    out.lines().map(str::to_owned).collect()
}

/// Takes a paragraph apart. The numbers of links go: their words lead there.
fn units(inlines: &[Inline], links: &[Link], break_is: BreakIs) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut last_link = None;
    for inline in inlines {
        let Inline::Text(span) = inline else {
            let atom = match break_is {
                BreakIs::Line => Atom::Break,
                BreakIs::Blank => Atom::Char(' '),
            };
            let marks = Marks::default();
            units.push(Unit { atom, marks });
            continue;
        };
        let link = span.style.link.and_then(|n| link(links, n));
        if is_link_number(inline) {
            // A picture in a link: its words lead to the picture.
            if let Some(link) = link.filter(|link| last_link != Some(link.n)) {
                let marks = Marks::default();
                let atoms = [Atom::Char(' '), Atom::Address(link.url.clone())];
                units.extend(atoms.map(|atom| Unit { atom, marks }));
            }
            continue;
        }
        last_link = link.map(|link| link.n);
        let marks = Marks {
            link: last_link,
            strike: span.style.strike,
            strong: span.style.strong,
            emphasis: span.style.emphasis,
        };
        let mut text = span.text.as_str();
        if units.is_empty() {
            text = direction::unmark(text).unwrap_or(text);
        }
        if span.style.role == Role::Code && !text.trim().is_empty() {
            let atom = Atom::Code(text.to_owned());
            units.push(Unit { atom, marks });
            continue;
        }
        while let Some(found) = find_address(text).filter(|_| link.is_none()) {
            push_characters(&text[..found.start], marks, &mut units);
            let atom = Atom::Address(text[found.clone()].to_owned());
            units.push(Unit { atom, marks });
            text = &text[found.end..];
        }
        push_characters(text, marks, &mut units);
    }
    units
}

fn push_characters(text: &str, marks: Marks, units: &mut Vec<Unit>) {
    let atoms = text.chars().map(Atom::Char);
    units.extend(atoms.map(|atom| Unit { atom, marks }));
}

impl Unit {
    fn is_blank(&self) -> bool {
        matches!(self.atom, Atom::Char(c) if c.is_whitespace())
    }

    fn is_break(&self) -> bool {
        matches!(self.atom, Atom::Break)
    }
}

/// Leaves out blanks at the edges of lines, blanks beside blanks, and lines without text; a break
/// inside a mark belongs to it.
fn tidied(units: Vec<Unit>) -> Vec<Unit> {
    let mut tidy: Vec<Unit> = Vec::with_capacity(units.len());
    for unit in units {
        if unit.is_break() {
            while tidy.pop_if(|last| last.is_blank()).is_some() {}
        }
        let is_after_gap = tidy
            .last()
            .is_none_or(|last| last.is_blank() || last.is_break());
        if !(is_after_gap && (unit.is_blank() || unit.is_break())) {
            tidy.push(unit);
        }
    }
    while tidy
        .pop_if(|last| last.is_blank() || last.is_break())
        .is_some()
    {}
    for at in 1..tidy.len() {
        if let Some([before, here, after]) = tidy.get_mut(at - 1..=at + 1)
            && here.is_break()
            && before.marks.link == after.marks.link
        {
            here.marks = Marks {
                link: before.marks.link,
                strike: before.marks.strike && after.marks.strike,
                strong: before.marks.strong && after.marks.strong,
                emphasis: before.marks.emphasis && after.marks.emphasis,
            };
        }
    }
    tidy
}

/// Returns the runs of units that have a mark, parted where an outer mark changes.
fn runs(units: &[Unit], mark: Mark) -> Vec<Range<usize>> {
    let is_same = |one: &Unit, next: &Unit| {
        outer(one.marks, mark) == outer(next.marks, mark)
            && mark.is_in(one.marks) == mark.is_in(next.marks)
    };
    let mut at = 0;
    let mut runs = Vec::new();
    for run in units.chunk_by(is_same) {
        let range = at..at + run.len();
        at = range.end;
        if run.first().is_some_and(|unit| mark.is_in(unit.marks)) {
            runs.push(range);
        }
    }
    runs
}

/// Returns the marks that are written around `mark`.
fn outer(mut marks: Marks, mark: Mark) -> Marks {
    let inner = MARKS.iter().skip_while(|other| **other != mark);
    for flag in inner {
        if let Some(flag) = flag.flag(&mut marks) {
            *flag = false;
        }
    }
    marks
}

/// What a character is for the signs beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Sign,
    Letter,
    /// A sign in one version of CommonMark, none in another.
    Unclear,
}

fn class(unit: &Unit) -> Class {
    match unit.atom {
        Atom::Break => Class::Blank,
        Atom::Char(c) if c.is_whitespace() => Class::Blank,
        Atom::Char(c) if c.is_alphanumeric() => Class::Letter,
        Atom::Char(
            '\0'..='\x7f' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{2043}' | '«' | '»',
        )
        | Atom::Code(_)
        | Atom::Address(_) => Class::Sign,
        Atom::Char(_) => Class::Unclear,
    }
}

/// Takes a mark from the units at the edges of its run where its signs wouldn't act.
fn settle(units: &mut [Unit], mut run: Range<usize>, mark: Mark) {
    if mark == Mark::Link {
        return;
    }
    while !run.is_empty() && !acts(units, run.start, run.start.checked_sub(1), mark) {
        unmark(units, run.start, mark);
        run.start += 1;
    }
    while !run.is_empty() && !acts(units, run.end - 1, Some(run.end), mark) {
        unmark(units, run.end - 1, mark);
        run.end -= 1;
    }
}

fn unmark(units: &mut [Unit], at: usize, mark: Mark) {
    if let Some(flag) = units
        .get_mut(at)
        .and_then(|unit| mark.flag(&mut unit.marks))
    {
        *flag = false;
    }
}

/// Whether the signs of a mark act between the last unit inside it and the first outside.
fn acts(units: &[Unit], inside: usize, outside: Option<usize>, mark: Mark) -> bool {
    let Some(inside) = units.get(inside) else {
        return false;
    };
    let is_before_signs = mark == Mark::Strike && (inside.marks.strong || inside.marks.emphasis);
    let inner = match class(inside) {
        Class::Blank => return false,
        _ if is_before_signs => Class::Sign,
        class => class,
    };
    let outside = outside.and_then(|at| units.get(at));
    let outer = match outside {
        None => Class::Blank,
        Some(outside) if outside.marks.link != inside.marks.link => Class::Sign,
        Some(outside) => class(outside),
    };
    // Beside another mark of asterisks, signs that can both open and close would be mistaken.
    let is_beside_marks = mark != Mark::Strike
        && outside.is_some_and(|outside| {
            let marks = outside.marks;
            marks.link == inside.marks.link && (marks.strong || marks.emphasis)
        });
    match (inner, outer) {
        (_, Class::Blank) | (Class::Letter, Class::Sign) => true,
        (Class::Letter, _) | (_, Class::Sign) => !is_beside_marks,
        _ => false,
    }
}

/// Writes units.
struct Writer<'a> {
    units: &'a [Unit],
    links: &'a [Link],
    start: Start,
}

impl Writer<'_> {
    /// Writes the units of a range with those of their marks that are in `marks`.
    fn marked(&self, range: Range<usize>, marks: &[Mark], out: &mut String) {
        let Some((mark, inner)) = marks.split_first() else {
            self.plain(range, out);
            return;
        };
        let is_same = |one: &Unit, next: &Unit| match mark {
            Mark::Link => one.marks.link == next.marks.link,
            _ => mark.is_in(one.marks) == mark.is_in(next.marks),
        };
        let mut at = range.start;
        for run in self.units.get(range).unwrap_or_default().chunk_by(is_same) {
            let range = at..at + run.len();
            at = range.end;
            let marks = run.first().map(|unit| unit.marks).unwrap_or_default();
            let link = marks.link.and_then(|n| link(self.links, n));
            match link.filter(|_| *mark == Mark::Link) {
                Some(link) if is_address(run, &link.url) => out.push_str(&autolink(&link.url)),
                Some(link) => {
                    out.push('[');
                    self.marked(range, inner, out);
                    out.push_str(&format!("]({})", destination(&link.url)));
                }
                None => {
                    let sign = if mark.is_in(marks) { mark.sign() } else { "" };
                    out.push_str(sign);
                    self.marked(range, inner, out);
                    out.push_str(sign);
                }
            }
        }
    }

    /// Writes units that have all their marks in common.
    fn plain(&self, range: Range<usize>, out: &mut String) {
        let mut at = range.start;
        let is_same = |one: &Unit, next: &Unit| {
            std::mem::discriminant(&one.atom) == std::mem::discriminant(&next.atom)
        };
        for run in self.units.get(range).unwrap_or_default().chunk_by(is_same) {
            at += run.len();
            let mut text = String::new();
            let mut code = String::new();
            for unit in run {
                match &unit.atom {
                    Atom::Char(c) => text.push(*c),
                    Atom::Code(words) => code.push_str(words),
                    Atom::Address(url) => out.push_str(&autolink(url)),
                    Atom::Break => out.push_str("\\\n"),
                }
            }
            if !code.is_empty() {
                push_code(&code, out);
            }
            let before = out.chars().next_back().unwrap_or('\n');
            let marks = run.first().map(|unit| unit.marks).unwrap_or_default();
            let place = Place {
                start: if before == '\n' {
                    self.start
                } else {
                    Start::Inside
                },
                before,
                after: self.after(at, marks),
                around: if marks.link.is_some() {
                    Around::Link
                } else {
                    Around::Paragraph
                },
            };
            push_escaped(&text, &place, out);
        }
    }

    /// Returns what is written before unit `at`, behind text with these marks: a sign of a mark, a
    /// link's beginning, code, or the end of the line.
    fn after(&self, at: usize, marks: Marks) -> char {
        match self.units.get(at) {
            Some(next) if next.marks.link.is_some() && next.marks.link != marks.link => '[',
            Some(next) if next.is_break() && next.marks == marks => '\\',
            None if marks == Marks::default() => '\n',
            _ => '*',
        }
    }
}

/// Whether units are nothing but the address that they lead to.
fn is_address(units: &[Unit], url: &str) -> bool {
    let mut rest = url.chars();
    let is_same = |unit: &Unit| matches!(unit.atom, Atom::Char(c) if rest.next() == Some(c));
    units.iter().all(is_same) && rest.next().is_none()
}

/// Writes code in as many backticks as it takes (CommonMark 6.1).
fn push_code(code: &str, out: &mut String) {
    let fence = "`".repeat(longest_run(code, '`') + 1);
    let is_bare = |c: Option<char>| c.is_some_and(|c| c != '`' && c != ' ');
    let blank = if is_bare(code.chars().next()) && is_bare(code.chars().next_back()) {
        ""
    } else {
        " "
    };
    out.push_str(&[&fence, blank, code, blank, &fence].concat());
}
