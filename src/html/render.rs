//! A paragraph at a width: the one file that knows html2text.
//!
//! html2text gets a tree that is built here, piece by piece, never HTML: paragraphs of text with
//! links, whose addresses carry the styles' numbers. What comes back is checked: where a line is
//! too wide, a letter is missing, or html2text gives up, [`greedy`] sets the paragraph instead. So no word depends on another's code.
//!
//! - [`render`]: a document at a width
//! - [`flow`]: one paragraph

use std::panic::{AssertUnwindSafe, catch_unwind};

use html2text::config;
use html2text::render::{TaggedLineElement, TextDecorator};
use html2text::{Handle, RcDom};
use html5ever::interface::{ElementFlags, NodeOrText, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};

use super::breaks;
use super::cut::{BreakAt, cut};
use super::layout::Layout;
use crate::model::document::{Document, Inline, Rendered, Span, Style};
use crate::model::text::display_width;

/// Narrower than this nothing can be set.
const MIN_COLUMNS: usize = 20;
/// Nobody reads lines that are longer.
const MAX_COLUMNS: usize = 500;

/// Sets a document in lines of at most `width` columns (20 to 500).
pub(crate) fn render(document: &Document, width: usize) -> Rendered {
    let width = width.clamp(MIN_COLUMNS, MAX_COLUMNS);
    let mut layout = Layout::default();
    let mut lines = layout.article(&document.blocks, width);
    for line in &mut lines {
        trim_end(&mut line.spans);
    }
    let headings = layout.headings(&lines);
    Rendered {
        lines,
        headings,
        links: document.links.clone(),
        lists: document.lists(),
        words: document.words(),
    }
}

fn trim_end(spans: &mut Vec<Span>) {
    while let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            return;
        }
        spans.pop();
    }
}

/// Sets a paragraph; its own line breaks stay.
pub(crate) fn flow(inlines: &[Inline], width: usize) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    for spans in inlines.split(|inline| *inline == Inline::Break) {
        let spans: Vec<&Span> = spans
            .iter()
            .filter_map(|inline| match inline {
                Inline::Text(span) => Some(span),
                Inline::Break => None,
            })
            .collect();
        let used: usize = spans.iter().map(|span| display_width(&span.text)).sum();
        if used <= width {
            lines.push(spans.into_iter().map(shown).collect());
            continue;
        }
        let spans = breaks::mark(&spans, width);
        let set = catch_unwind(AssertUnwindSafe(|| wrap(&spans, width)))
            .ok()
            .flatten()
            .filter(|set| {
                set.iter().all(|line| columns(line) <= width)
                    && letters(set.iter().flatten()) == letters(&spans)
            });
        for line in set.unwrap_or_else(|| greedy(&spans, width)) {
            if columns(&line) <= width {
                lines.push(line);
            } else {
                lines.extend(cut(&line, width, width, BreakAt::AnyCharacter));
            }
        }
    }
    lines
}

/// Returns how many columns a line takes.
pub(crate) fn columns(line: &[Span]) -> usize {
    line.iter().map(|span| display_width(&span.text)).sum()
}

/// Returns a span as the reader sees it.
fn shown(span: &Span) -> Span {
    let text = span.text.replace('\u{a0}', " ");
    Span::new(text.replace(breaks::MAY_BREAK, ""), span.style)
}

/// Counts what must not get lost.
fn letters<'a>(spans: impl IntoIterator<Item = &'a Span>) -> usize {
    let chars = spans.into_iter().flat_map(|span| span.text.chars());
    chars
        .filter(|c| !c.is_whitespace() && *c != breaks::MAY_BREAK)
        .count()
}

/// Has html2text wrap one paragraph.
fn wrap(spans: &[Span], width: usize) -> Option<Vec<Vec<Span>>> {
    let tree = tree(spans);
    let config = config::with_decorator(Carrier)
        .allow_width_overflow()
        .unicode_strikeout(false);
    let tree = config.dom_to_render_tree(&tree).ok()?;
    let lines = config.render_to_lines(tree, width).ok()?;
    let mut set = Vec::with_capacity(lines.len());
    for line in lines {
        let mut pieces: Vec<Span> = Vec::new();
        for element in line.iter() {
            let TaggedLineElement::Str(piece) = element else {
                continue;
            };
            let style = piece
                .tag
                .iter()
                .find_map(|index| *index)
                .and_then(|index| spans.get(index))
                .map(|span| span.style)
                .unwrap_or_default();
            pieces.push(Span::new(piece.s.replace('\u{a0}', " "), style));
        }
        if pieces.iter().any(|piece| !piece.text.trim().is_empty()) {
            set.push(pieces);
        }
    }
    Some(set)
}

/// Builds html2text's tree: one block, and in it a link a span.
fn tree(spans: &[Span]) -> RcDom {
    let dom = RcDom::default();
    let element = |name: &str, attributes| {
        let name = QualName::new(None, ns!(html), LocalName::from(name));
        dom.create_element(name, attributes, ElementFlags::default())
    };
    let text = |parent: &Handle, text: &str| {
        dom.append(parent, NodeOrText::AppendText(StrTendril::from_slice(text)));
    };
    let block = element("div", Vec::new());
    dom.append(&dom.document, NodeOrText::AppendNode(block.clone()));
    for (index, span) in spans.iter().enumerate() {
        // A link that holds nothing but a blank would be dropped.
        if span.style == Style::default() || span.text.trim().is_empty() {
            text(&block, &span.text);
            continue;
        }
        let href = Attribute {
            name: QualName::new(None, ns!(), LocalName::from("href")),
            value: StrTendril::from(index.to_string()),
        };
        let carrier = element("a", vec![href]);
        text(&carrier, &span.text);
        dom.append(&block, NodeOrText::AppendNode(carrier));
    }
    dom
}

/// Decorates nothing; a link's address is the number of its span.
struct Carrier;

impl TextDecorator for Carrier {
    type Annotation = Option<usize>;

    fn decorate_link_start(&mut self, url: &str) -> (String, Self::Annotation) {
        (String::new(), url.parse().ok())
    }

    fn decorate_link_end(&mut self) -> String {
        String::new()
    }

    fn decorate_em_start(&self) -> (String, Self::Annotation) {
        (String::new(), None)
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, Self::Annotation) {
        (String::new(), None)
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, Self::Annotation) {
        (String::new(), None)
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, Self::Annotation) {
        (String::new(), None)
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) -> Self::Annotation {
        None
    }

    fn decorate_preformat_cont(&self) -> Self::Annotation {
        None
    }

    fn decorate_image(&mut self, _: &str, _: &str) -> (String, Self::Annotation) {
        (String::new(), None)
    }

    fn header_prefix(&self, _: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        String::new()
    }

    fn unordered_item_prefix(&self) -> String {
        String::new()
    }

    fn ordered_item_prefix(&self, _: i64) -> String {
        String::new()
    }

    fn make_subblock_decorator(&self) -> Self {
        Self
    }
}

/// Sets a paragraph without html2text: as many words a line as fit.
fn greedy(spans: &[Span], width: usize) -> Vec<Vec<Span>> {
    let mut lines: Vec<Vec<Span>> = vec![Vec::new()];
    let mut used = 0;
    for word in words(spans) {
        let columns = columns(&word);
        // The blank at a line's end takes no room.
        let blank = word.last().is_some_and(|span| span.text.ends_with(' '));
        if used > 0 && used + columns - usize::from(blank) > width {
            lines.push(Vec::new());
            used = 0;
        }
        used += columns;
        if let Some(line) = lines.last_mut() {
            line.extend(word);
        }
    }
    for line in &mut lines {
        trim_end(line);
    }
    lines
}

/// Parts spans where a line may be broken; blanks stay at their word's end.
fn words(spans: &[Span]) -> Vec<Vec<Span>> {
    let mut words: Vec<Vec<Span>> = vec![Vec::new()];
    for span in spans {
        for piece in span.text.split_inclusive([' ', breaks::MAY_BREAK]) {
            let ends = piece.ends_with([' ', breaks::MAY_BREAK]);
            if let Some(word) = words.last_mut() {
                word.push(shown(&Span::new(piece, span.style)));
            }
            if ends {
                words.push(Vec::new());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Role;

    #[track_caller]
    fn check(set: &[Vec<Span>], expected: &[&str]) {
        let lines: Vec<String> = set
            .iter()
            .map(|line| line.iter().map(|span| span.text.as_str()).collect())
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn without_html2text_words_stay_whole_and_styles_apart() {
        let spans = [
            Span::new("one two", Style::default()),
            Span::of(Role::Number, "[1]"),
            Span::new(" a/\u{200b}b on\u{a0}1", Style::default()),
        ];
        let set = greedy(&spans, 10);
        check(&set, &["one two[1]", "a/b on 1"]);
        assert_eq!(set[0][2].style.role, Role::Number);
    }

    #[test]
    fn both_ways_give_the_same_lines() {
        let text = "Departments that build their own sign-in, payment or notice service will \
            have to explain why, under a plan laid before Parliament this morning.";
        let spans = [Span::new(text, Style::default())];
        for width in 20..60 {
            let ours = greedy(&spans, width);
            let lines = |set: &[Vec<Span>]| -> Vec<String> {
                set.iter()
                    .map(|line| line.iter().map(|span| span.text.as_str()).collect())
                    .collect()
            };
            let theirs = wrap(&spans, width).map(|set| lines(&set));
            assert_eq!(theirs, Some(lines(&ours)), "{width}");
        }
    }
}
