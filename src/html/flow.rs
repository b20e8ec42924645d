//! A paragraph under construction: white space collapsed, styles kept apart.

use super::blocks::Space;
use super::direction::{self, Direction};
use super::links::{LinkWords, number_style};
use crate::model::document::{Block, Inline, Role, Span, Style};

/// Blocks that are done, and the paragraph that isn't yet.
#[derive(Default)]
pub(crate) struct Flow {
    /// The blocks that are done.
    pub(crate) blocks: Vec<Block>,
    /// Which way the page says that the paragraph runs.
    pub(crate) direction: Option<Direction>,
    inlines: Vec<Inline>,
    /// White space was met after the last character.
    pending: Option<Style>,
}

impl Flow {
    /// Whether the paragraph holds anything.
    pub(crate) fn has_text(&self) -> bool {
        self.inlines
            .iter()
            .rev()
            .any(|inline| matches!(inline, Inline::Text(_)))
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str, style: Style, space: Space) {
        match space {
            Space::Collapse => self.push_collapsed(text, style),
            Space::Lines => {
                for (at, line) in text.split('\n').enumerate() {
                    if at > 0 {
                        self.line_break();
                    }
                    self.push_collapsed(line, style);
                }
            }
            Space::Keep => self.push_kept(text, style),
        }
    }

    fn push_collapsed(&mut self, text: &str, style: Style) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if is_blank(c) {
                rest = rest.trim_start_matches(is_blank);
                if c == '\u{a0}' && self.pending.is_none() && !rest_is_after_blank(text, rest) {
                    self.no_break_space(rest, style);
                } else {
                    self.pending = Some(style);
                }
                continue;
            }
            let end = rest.find(is_blank).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            self.push_word(word, style);
            rest = after;
        }
    }

    /// A single blank that must not become a line break.
    fn no_break_space(&mut self, rest: &str, style: Style) {
        let inside = matches!(self.inlines.last(), Some(Inline::Text(_)));
        if inside && !rest.is_empty() {
            self.append("\u{a0}", style);
        } else {
            self.pending = Some(style);
        }
    }

    fn push_word(&mut self, word: &str, style: Style) {
        if let Some(seen) = self.pending.take()
            && let Some(Inline::Text(last)) = self.inlines.last()
        {
            let blank = if last.style == style && seen == style {
                style
            } else {
                Style {
                    role: match style.role {
                        Role::Number | Role::Code => Role::Text,
                        role => role,
                    },
                    ..Style::default()
                }
            };
            self.append(" ", blank);
        }
        if word.contains(is_invisible) {
            let shown = word.replace(is_invisible, "");
            self.append(&shown, style);
        } else {
            self.append(word, style);
        }
    }

    fn push_kept(&mut self, text: &str, style: Style) {
        self.pending = None;
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.inlines.push(Inline::Break);
            }
            let line: String = line
                .chars()
                .filter(|c| !is_invisible(*c))
                .map(|c| if c == '\u{a0}' { ' ' } else { c })
                .collect();
            self.append(&line, style);
        }
    }

    fn append(&mut self, text: &str, style: Style) {
        if text.is_empty() {
            return;
        }
        if let Some(Inline::Text(last)) = self.inlines.last_mut()
            && last.style == style
        {
            last.text.push_str(text);
            return;
        }
        self.inlines.push(Inline::Text(Span::new(text, style)));
    }

    /// Adds a line break.
    pub(crate) fn line_break(&mut self) {
        self.pending = None;
        self.inlines.push(Inline::Break);
    }

    /// Adds a link's number, after a blank where the words are a bare address.
    pub(crate) fn link_number(&mut self, n: u16, words: LinkWords) {
        let blank = match words {
            LinkWords::Address => "\u{a0}",
            LinkWords::Text => "",
        };
        while matches!(self.inlines.last(), Some(Inline::Break)) {
            self.inlines.pop();
            self.pending = Some(Style::default());
        }
        self.append(&format!("{blank}[{n}]"), number_style(n));
    }

    /// Ends the paragraph. Two line breaks in a row part paragraphs too.
    pub(crate) fn end_paragraph(&mut self) {
        self.pending = None;
        let inlines = std::mem::take(&mut self.inlines);
        let mut paragraph = Vec::new();
        let mut breaks = 0;
        for inline in inlines {
            match inline {
                Inline::Break => breaks += 1,
                Inline::Text(span) => {
                    if breaks > 1 && !paragraph.is_empty() {
                        self.paragraph(std::mem::take(&mut paragraph));
                    } else if breaks == 1 && !paragraph.is_empty() {
                        paragraph.push(Inline::Break);
                    }
                    breaks = 0;
                    paragraph.push(Inline::Text(span));
                }
            }
        }
        if !paragraph.is_empty() {
            self.paragraph(paragraph);
        }
    }

    fn paragraph(&mut self, mut inlines: Vec<Inline>) {
        direction::mark(&mut inlines, self.direction);
        self.blocks.push(Block::Paragraph(inlines));
    }

    /// Takes what was written so far, line by line.
    pub(crate) fn take_lines(&mut self) -> Vec<Vec<Span>> {
        self.pending = None;
        let mut lines = vec![Vec::new()];
        for inline in std::mem::take(&mut self.inlines) {
            match inline {
                Inline::Break => lines.push(Vec::new()),
                Inline::Text(span) => {
                    if let Some(line) = lines.last_mut() {
                        line.push(span);
                    }
                }
            }
        }
        lines
    }
}

/// Whether the white space that ends where `rest` begins was more than one character.
fn rest_is_after_blank(text: &str, rest: &str) -> bool {
    let before = &text[..text.len() - rest.len()];
    before.chars().rev().take_while(|c| is_blank(*c)).count() > 1
}

/// White space, a no-break space included.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}')
}

/// What takes no room and only says where a word may be broken.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}
