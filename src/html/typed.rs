//! Lists typed by hand: lines such as `1. …`, `(a) …`, `iv) …` or `- …` that follow one another.
//!
//! Two or more consecutive paragraphs or lines with consecutive markers of one form are a list and
//! keep their markers; a lone one is text. Between them may be runs of other forms, the lists below.
//! Works on paragraphs with line breaks, on preformatted text and on text without any markup, where
//! also indented lines continue an item or hold a list, and a line break is a blank.
//!
//! - [`find_lists`]: for paragraphs of HTML
//! - [`preformatted_blocks`], [`code_block`]: for `pre`
//! - [`plain_blocks`]: for text without markup

use super::marker::{Marker, Reading, is_bullet, marker};
use super::runs::{Run, find_runs};
use crate::model::document::{Block, Inline, List, ListItem, Span, Style};

/// Deeper indentation means nothing more.
const MAX_INDENT: usize = 32;

/// A line of text.
#[derive(Clone, Default)]
pub(crate) struct TextLine {
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

/// Takes what was typed before the items of a list as their markers, where all of them follow one
/// another; returns whether they do.
pub(crate) fn adopt_markers(list: &mut List) -> bool {
    let typed: Option<Vec<Marker>> = list
        .items
        .iter()
        .map(|item| marker(&first_line(item)))
        .collect();
    let Some(typed) = typed.filter(|typed| typed.len() > 1) else {
        return false;
    };
    let firsts = typed.first().map_or(&[][..], |first| &first.readings);
    let follow_one_another = |first: &&Reading| {
        let mut wanted = **first;
        typed.iter().all(|marker| {
            let is_wanted = marker.readings.contains(&wanted);
            wanted = wanted.next();
            is_wanted
        })
    };
    let Some(first) = firsts.iter().find(follow_one_another) else {
        return false;
    };
    list.start = first.number();
    for (item, marker) in list.items.iter_mut().zip(&typed) {
        item.marker.clone_from(&marker.text);
        if let Some(Block::Paragraph(inlines)) = item.blocks.first_mut() {
            let mut line = split_lines(std::mem::take(inlines));
            if let Some(first) = line.first_mut() {
                strip(&mut first.spans, marker.length);
            }
            *inlines = join_lines(line, |_| 0);
        }
    }
    true
}

fn first_line(item: &ListItem) -> Vec<Span> {
    match item.blocks.first() {
        Some(Block::Paragraph(inlines)) => inlines
            .iter()
            .map_while(|inline| match inline {
                Inline::Text(span) => Some(span.clone()),
                Inline::Break => None,
            })
            .collect(),
        _ => Vec::new(),
    }
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
    let is_numbered = |block: &Block| matches!(block, Block::List(list) if list.start.is_some());
    if found.iter().any(is_numbered) {
        return found;
    }
    // Without a list that is more than signs the lines stay as they are, blank ones too.
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
    join_broken_lines(&mut out);
    out
}

/// Makes blanks of line breaks, but for those before what looks like an item.
fn join_broken_lines(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => {
                let mut begins_item = false;
                for inline in inlines.iter_mut().rev() {
                    match inline {
                        Inline::Text(span) => {
                            begins_item = marker(std::slice::from_ref(span)).is_some();
                        }
                        Inline::Break if begins_item => {}
                        Inline::Break => *inline = Inline::Text(Span::new(" ", Style::default())),
                    }
                }
            }
            Block::List(list) => {
                for item in &mut list.items {
                    join_broken_lines(&mut item.blocks);
                }
            }
            _ => {}
        }
    }
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
                && (span
                    .text
                    .bytes()
                    .take(8)
                    .any(|b| matches!(b, b'.' | b')' | b'0'..=b'9' | b'('))
                    || span.text.starts_with(is_bullet));
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

/// A run of lines from a marker on.
pub(crate) struct Item {
    pub(crate) marker: Marker,
    /// Its lines: paragraph, first line, the line after the last.
    pub(crate) paragraph: usize,
    pub(crate) first: usize,
    pub(crate) end: usize,
}

/// Turns paragraphs into blocks, runs of markers into lists.
fn regroup(paragraphs: Vec<Vec<TextLine>>, make: fn(Vec<TextLine>) -> Block, out: &mut Vec<Block>) {
    let items = find_items(&paragraphs);
    let runs = find_runs(&paragraphs, &items);
    let mut paragraphs: Vec<Vec<TextLine>> = paragraphs;
    let mut position = (0, 0);
    for run in runs {
        let (Some(first), Some(last)) = (items.get(run.first), items.get(run.end - 1)) else {
            continue;
        };
        copy_text(
            &mut paragraphs,
            position,
            (first.paragraph, first.first),
            make,
            out,
        );
        position = (last.paragraph, last.end);
        out.push(hang(&mut paragraphs, &items, run));
    }
    let end = (paragraphs.len(), 0);
    copy_text(&mut paragraphs, position, end, make, out);
}

/// Makes a list of a run.
fn hang(paragraphs: &mut [Vec<TextLine>], items: &[Item], run: Run) -> Block {
    let mut hung = Vec::new();
    for part in run.parts {
        let Some(item) = items.get(part.item) else {
            continue;
        };
        let mut item = list_item(paragraphs, item);
        if let Some(inner) = part.inner {
            item.blocks.push(hang(paragraphs, items, inner));
        }
        hung.push(item);
    }
    Block::List(List {
        start: run.start,
        items: hung,
    })
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
        if let Some(start) = runs.first().and_then(|run| candidates.get(run.first)) {
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
        let markers: Vec<Option<Marker>> = lines.iter().map(|line| marker(&line.spans)).collect();
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
