//! Two texts as rows of pieces, each with the words that are compared.

use crate::model::document::{Block, Definition, Inline, ListItem, inline_text};
use crate::model::text::display_width;

/// Deeper lists stand no further in.
const MAX_DEPTH: usize = 12;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A paragraph, or what an item or a definition begins with.
    Text,
    /// A heading, level 1 to 6.
    Heading(u8),
    /// A table's row, its cells parted by `|`.
    Row,
    /// One line of code.
    Code,
}

/// A paragraph, heading, list item, table row or line of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub(super) form: Form,
    /// How many lists it stands in.
    pub(super) depth: usize,
    /// Whether it stands in a quotation, outside of any list.
    pub(super) quoted: bool,
    /// The marker of the item that it begins; else empty.
    pub(super) marker: String,
    pub(super) words: Vec<Word>,
    /// Marker and words in one line.
    pub(super) text: String,
}

/// What is compared within a piece: a word with its punctuation, a character of a script that has no
/// blanks between words, or, in code, a run of blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Whether a blank stands before it.
    pub(super) spaced: bool,
}

impl Piece {
    /// Makes a piece of a text of one line.
    pub(super) fn of(form: Form, text: &str) -> Self {
        let words = match form {
            Form::Code => code_words(text),
            Form::Text | Form::Heading(_) | Form::Row => words(text),
        };
        Self {
            form,
            depth: 0,
            quoted: false,
            marker: String::new(),
            words,
            text: text.to_owned(),
        }
    }

    /// Returns its marker and its words, in one line.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn marked(mut self, marker: &str) -> Self {
        marker.clone_into(&mut self.marker);
        let text = format!("{marker} {}", self.text);
        text.trim_end().clone_into(&mut self.text);
        self
    }
}

/// Returns the pieces of a text, in document order.
pub(super) fn pieces(blocks: &[Block]) -> Vec<Piece> {
    let mut flat = Flat::default();
    flat.blocks(blocks);
    flat.pieces
}

#[derive(Default)]
struct Flat {
    pieces: Vec<Piece>,
    depth: usize,
    quoted: bool,
    /// The marker of an item that has no text yet, and how deep it stands.
    marker: Option<(String, usize)>,
}

impl Flat {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(inlines) => self.push(Form::Text, &inline_text(inlines)),
            Block::Heading(level, inlines) => {
                self.push(Form::Heading(*level), &inline_text(inlines));
            }
            Block::List(list) => {
                for item in &list.items {
                    self.item(item);
                }
            }
            Block::Quote(blocks) => {
                let outside = std::mem::replace(&mut self.quoted, true);
                self.blocks(blocks);
                self.quoted = outside;
            }
            Block::Table(table) => {
                self.mark_alone();
                self.push(Form::Text, &inline_text(&table.caption));
                for row in &table.rows {
                    let cells: Vec<String> = row.iter().map(|cell| text_of(&cell.blocks)).collect();
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        self.push(Form::Row, &cells.join(" | "));
                    }
                }
            }
            Block::Code(inlines) => self.code(inlines),
            Block::Definitions(parts) => {
                for part in parts {
                    match part {
                        Definition::Term(blocks) => self.blocks(blocks),
                        Definition::Details(blocks) => self.deeper(|flat| flat.blocks(blocks)),
                    }
                }
            }
            Block::Rule => {}
        }
    }

    fn item(&mut self, item: &ListItem) {
        self.deeper(|flat| {
            flat.mark_alone();
            if !item.marker.is_empty() {
                flat.marker = Some((item.marker.clone(), flat.depth));
            }
            flat.blocks(&item.blocks);
            flat.mark_alone();
        });
    }

    /// Gives a marker that no text follows a piece of its own.
    fn mark_alone(&mut self) {
        if let Some((marker, depth)) = self.marker.take() {
            let mut alone = Piece::of(Form::Text, "").marked(&marker);
            alone.depth = depth;
            self.pieces.push(alone);
        }
    }

    fn deeper(&mut self, work: impl FnOnce(&mut Self)) {
        let outside = self.depth;
        self.depth = (outside + 1).min(MAX_DEPTH);
        work(self);
        self.depth = outside;
    }

    fn code(&mut self, inlines: &[Inline]) {
        let mut line = String::new();
        for inline in inlines {
            match inline {
                Inline::Text(span) => line.push_str(&span.text),
                Inline::Break => self.push(Form::Code, &std::mem::take(&mut line)),
            }
        }
        self.push(Form::Code, &line);
    }

    fn push(&mut self, form: Form, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let mut piece = Piece::of(form, text);
        piece.depth = self.depth;
        piece.quoted = self.quoted && self.depth == 0;
        if let Some((marker, _)) = self.marker.take() {
            piece = piece.marked(&marker);
        }
        self.pieces.push(piece);
    }
}

/// Returns all that blocks hold, in one line.
fn text_of(blocks: &[Block]) -> String {
    // Most cells hold one paragraph.
    if let [Block::Paragraph(inlines)] = blocks {
        return inline_text(inlines);
    }
    let pieces = pieces(blocks);
    let texts: Vec<&str> = pieces.iter().map(Piece::text).collect();
    texts.join(" ")
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let mut spaced = true;
        let mut begin = 0;
        for (at, c) in word.char_indices() {
            if !c.is_alphanumeric() || display_width(c.encode_utf8(&mut [0; 4])) < 2 {
                continue;
            }
            let end = at + c.len_utf8();
            for part in [word.get(begin..at), word.get(at..end)]
                .into_iter()
                .flatten()
            {
                if !part.is_empty() {
                    push_word(&mut words, part, spaced);
                    spaced = false;
                }
            }
            begin = end;
        }
        if let Some(rest) = word.get(begin..).filter(|rest| !rest.is_empty()) {
            push_word(&mut words, rest, spaced);
        }
    }
    words
}

/// Returns the words of a line of code, with the blanks between.
fn code_words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let blank = c.is_whitespace();
        match words.last_mut() {
            Some(word) if last == Some(blank) => word.text.push(c),
            _ => push_word(&mut words, c.encode_utf8(&mut [0; 4]), false),
        }
        last = Some(blank);
    }
    words
}

fn push_word(words: &mut Vec<Word>, text: &str, spaced: bool) {
    words.push(Word {
        text: text.to_owned(),
        spaced,
    });
}
