//! Lists typed by hand: lines such as `1. …`, `(a) …` or `iv) …` that follow one another.
//!
//! Two or more consecutive paragraphs or lines with consecutive markers of one form are a list and
//! keep their markers; a lone one is text. Works on paragraphs with line breaks, on preformatted
//! text and on text without any markup, where also indented lines continue an item or hold a list.
//!
//! - [`find_lists`]: for paragraphs of HTML
//! - [`preformatted_blocks`], [`code_block`]: for `pre`
//! - [`plain_blocks`]: for text without markup

use super::lists::{Case, parse_roman};
use crate::model::document::{Block, Inline, List, ListItem, Span, Style};

/// Items longer than this many digits are years, amounts or addresses.
const MAX_DIGITS: usize = 3;

/// Deeper indentation means nothing more.
const MAX_INDENT: usize = 32;

/// A line of text.
#[derive(Clone, Default)]
struct TextLine {
    /// How many blanks it begins with.
    indent: usize,
    spans: Vec<Span>,
}

impl TextLine {
    /// Returns how deep the line stands; deeper than any list is all the same.
    fn depth(&self) -> usize {
        self.indent.min(MAX_INDENT)
    }
}

/// Finds the lists in a sequence of blocks.
pub(crate) fn find_lists(blocks: Vec<Block>) -> Vec<Block> {
    if !blocks.iter().any(may_begin_item) {
        return blocks;
    }
    let mut out = Vec::new();
    let mut paragraphs = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => paragraphs.push(split_lines(inlines)),
            other => {
                regroup(std::mem::take(&mut paragraphs), paragraph, &mut out);
                out.push(other);
            }
        }
    }
    regroup(paragraphs, paragraph, &mut out);
    out
}

/// Makes code of lines that are code.
pub(crate) fn code_block(lines: &[Vec<Span>]) -> Option<Block> {
    let lines: Vec<TextLine> = lines.iter().map(|spans| indented(spans.clone())).collect();
    let lines = trim_blank(&lines);
    (!lines.is_empty()).then(|| code(lines.to_vec()))
}

/// Makes lists and code of preformatted lines.
pub(crate) fn preformatted_blocks(lines: Vec<Vec<Span>>) -> Vec<Block> {
    let lines: Vec<TextLine> = lines.into_iter().map(indented).collect();
    let mut found = Vec::new();
    regroup(split_paragraphs(&lines), code, &mut found);
    if found.iter().any(|block| matches!(block, Block::List(_))) {
        return found;
    }
    // Without a list the lines stay as they are, blank ones too.
    let lines = trim_blank(&lines);
    if lines.is_empty() {
        return Vec::new();
    }
    vec![code(lines.to_vec())]
}

/// Makes paragraphs and lists of text without markup, safe already.
pub(crate) fn plain_blocks(text: &str) -> Vec<Block> {
    let lines: Vec<TextLine> = text
        .split('\n')
        .map(|line| {
            let line: String = line
                .chars()
                .filter(|c| !super::flow::is_invisible(*c))
                .map(|c| if c == '\u{a0}' { ' ' } else { c })
                .collect();
            indented(vec![Span::new(line, Style::default())])
        })
        .collect();
    let mut out = Vec::new();
    regroup(split_paragraphs(&lines), paragraph, &mut out);
    out
}

/// Whether a list may begin in a block: a look at the first letters of each line.
fn may_begin_item(block: &Block) -> bool {
    let Block::Paragraph(inlines) = block else {
        return false;
    };
    let mut at_start = true;
    inlines.iter().any(|inline| match inline {
        Inline::Break => {
            at_start = true;
            false
        }
        Inline::Text(span) => {
            let begins = at_start
                && span
                    .text
                    .bytes()
                    .take(8)
                    .any(|b| matches!(b, b'.' | b')' | b'0'..=b'9' | b'('));
            at_start = false;
            begins
        }
    })
}

fn split_lines(inlines: Vec<Inline>) -> Vec<TextLine> {
    let mut lines = vec![TextLine::default()];
    for inline in inlines {
        match inline {
            Inline::Break => lines.push(TextLine::default()),
            Inline::Text(span) => {
                if let Some(line) = lines.last_mut() {
                    line.spans.push(span);
                }
            }
        }
    }
    lines
}

/// Takes the blanks at a line's start and end out of its text.
fn indented(mut spans: Vec<Span>) -> TextLine {
    let mut indent = 0;
    let mut blank = 0;
    for span in &mut spans {
        let rest = span.text.trim_start_matches(' ');
        indent += span.text.len() - rest.len();
        if !rest.is_empty() {
            span.text = rest.to_owned();
            break;
        }
        blank += 1;
    }
    spans.drain(..blank);
    while let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        spans.pop();
    }
    TextLine { indent, spans }
}

fn trim_blank(lines: &[TextLine]) -> &[TextLine] {
    let first = lines.iter().position(|line| !line.spans.is_empty());
    let last = lines.iter().rposition(|line| !line.spans.is_empty());
    match (first, last) {
        (Some(first), Some(last)) => &lines[first..=last],
        _ => &[],
    }
}

fn split_paragraphs(lines: &[TextLine]) -> Vec<Vec<TextLine>> {
    lines
        .split(|line| line.spans.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(<[TextLine]>::to_vec)
        .collect()
}

fn join_lines(lines: Vec<TextLine>, indent: fn(&TextLine) -> usize) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            inlines.push(Inline::Break);
        }
        let blanks = indent(&line);
        let mut spans = line.spans.into_iter();
        if let Some(mut first) = spans.next() {
            first.text.insert_str(0, &" ".repeat(blanks));
            inlines.push(Inline::Text(first));
        }
        inlines.extend(spans.map(Inline::Text));
    }
    inlines
}

fn paragraph(lines: Vec<TextLine>) -> Block {
    Block::Paragraph(join_lines(lines, |_| 0))
}

fn code(lines: Vec<TextLine>) -> Block {
    Block::Code(join_lines(lines, |line| line.indent))
}

/// A marker as it may be read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Reading {
    form: Form,
    value: i64,
}

/// What consecutive markers have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Form {
    signs: Signs,
    close: char,
    opened: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    Digits,
    Letter(Case),
    Roman(Case),
}

/// The marker at a line's start.
struct Marker {
    text: String,
    /// How many bytes of the line are marker and blanks.
    length: usize,
    /// `i` is a letter or a numeral.
    readings: Vec<Reading>,
}

/// A run of lines from a marker on.
struct Item {
    marker: Marker,
    /// Its lines: paragraph, first line, the line after the last.
    paragraph: usize,
    first: usize,
    end: usize,
}

/// Turns paragraphs into blocks, runs of markers into lists.
fn regroup(paragraphs: Vec<Vec<TextLine>>, make: fn(Vec<TextLine>) -> Block, out: &mut Vec<Block>) {
    let items = find_items(&paragraphs);
    let runs = find_runs(&paragraphs, &items);
    let mut paragraphs: Vec<Vec<TextLine>> = paragraphs;
    let mut position = (0, 0);
    for (range, start) in runs {
        let run = &items[range];
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        copy_text(
            &mut paragraphs,
            position,
            (first.paragraph, first.first),
            make,
            out,
        );
        let hung = run
            .iter()
            .map(|item| list_item(&mut paragraphs, item))
            .collect();
        out.push(Block::List(List {
            start: Some(start),
            items: hung,
        }));
        position = (last.paragraph, last.end);
    }
    let end = (paragraphs.len(), 0);
    copy_text(&mut paragraphs, position, end, make, out);
}

/// Makes blocks of the lines between two positions (paragraph, line).
fn copy_text(
    paragraphs: &mut [Vec<TextLine>],
    from: (usize, usize),
    to: (usize, usize),
    make: fn(Vec<TextLine>) -> Block,
    out: &mut Vec<Block>,
) {
    for (at, lines) in paragraphs.iter_mut().enumerate().skip(from.0) {
        if at > to.0 {
            break;
        }
        let first = if at == from.0 { from.1 } else { 0 };
        let end = if at == to.0 { to.1 } else { lines.len() };
        let taken: Vec<TextLine> = lines
            .get_mut(first..end)
            .unwrap_or_default()
            .iter_mut()
            .map(std::mem::take)
            .collect();
        if !taken.is_empty() {
            out.push(make(taken));
        }
    }
}

fn list_item(paragraphs: &mut [Vec<TextLine>], item: &Item) -> ListItem {
    let lines = paragraphs
        .get_mut(item.paragraph)
        .and_then(|lines| lines.get_mut(item.first..item.end))
        .unwrap_or_default();
    let mut lines = lines.iter_mut().map(std::mem::take);
    let mut first = lines.next().unwrap_or_default();
    let own_depth = first.depth();
    strip(&mut first.spans, item.marker.length);
    let mut body: Vec<TextLine> = lines.collect();
    let mut blocks = Vec::new();
    // Lines that are only indented are the item's; lines that aren't have their own breaks.
    let inner: Vec<Block> = {
        let mut found = Vec::new();
        let candidates = find_items(std::slice::from_ref(&body));
        let runs = find_runs(std::slice::from_ref(&body), &candidates);
        if let Some(start) = runs
            .first()
            .and_then(|(range, _)| candidates.get(range.start))
        {
            let nested = body.split_off(start.first);
            regroup(vec![nested], paragraph, &mut found);
        }
        found
    };
    let mut inlines: Vec<Inline> = first.spans.into_iter().map(Inline::Text).collect();
    for line in body {
        if line.depth() > own_depth {
            match inlines.last_mut() {
                Some(Inline::Text(last)) => last.text.push(' '),
                _ => inlines.push(Inline::Text(Span::new(" ", Style::default()))),
            }
        } else {
            inlines.push(Inline::Break);
        }
        inlines.extend(line.spans.into_iter().map(Inline::Text));
    }
    blocks.push(Block::Paragraph(inlines));
    blocks.extend(inner);
    ListItem {
        marker: item.marker.text.clone(),
        blocks,
    }
}

fn strip(spans: &mut Vec<Span>, length: usize) {
    let mut left = length;
    let mut whole = 0;
    for span in &mut *spans {
        if span.text.len() > left {
            span.text.drain(..left);
            break;
        }
        left -= span.text.len();
        whole += 1;
    }
    spans.drain(..whole);
}

fn find_items(paragraphs: &[Vec<TextLine>]) -> Vec<Item> {
    let mut items = Vec::new();
    for (paragraph, lines) in paragraphs.iter().enumerate() {
        let markers: Vec<Option<Marker>> = lines.iter().map(marker).collect();
        let alone = markers.iter().filter(|marker| marker.is_some()).count() == 1
            && markers.first().is_some_and(Option::is_some);
        let mut skip_to = 0;
        for (first, marker) in markers.into_iter().enumerate() {
            let (Some(marker), Some(line)) = (marker, lines.get(first)) else {
                continue;
            };
            if first < skip_to {
                continue;
            }
            let end = if alone {
                lines.len()
            } else {
                let deeper = lines
                    .iter()
                    .skip(first + 1)
                    .take_while(|next| next.depth() > line.depth());
                first + 1 + deeper.count()
            };
            skip_to = end;
            items.push(Item {
                marker,
                paragraph,
                first,
                end,
            });
        }
    }
    items
}

/// Finds runs of items that follow one another in place and number, with their first numbers.
fn find_runs(paragraphs: &[Vec<TextLine>], items: &[Item]) -> Vec<(std::ops::Range<usize>, i64)> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let mut best = (at + 1, 0);
        for reading in &items[at].marker.readings {
            let mut end = at + 1;
            let mut value = reading.value;
            while let Some(next) = items.get(end) {
                let wanted = Reading {
                    form: reading.form,
                    value: value + 1,
                };
                let follows = items
                    .get(end - 1)
                    .is_some_and(|before| is_next(paragraphs, before, next));
                if !follows || !next.marker.readings.contains(&wanted) {
                    break;
                }
                value += 1;
                end += 1;
            }
            if end > best.0 {
                best = (end, reading.value);
            }
        }
        if best.0 > at + 1 {
            runs.push((at..best.0, best.1));
        }
        at = best.0;
    }
    runs
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

/// Reads the marker at a line's start.
fn marker(line: &TextLine) -> Option<Marker> {
    // The longest is `(xxviii) `; markers in bold stand in a span of their own.
    let mut head = String::new();
    for span in &line.spans {
        head.extend(span.text.chars().take(12));
        if head.len() >= 12 {
            break;
        }
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
