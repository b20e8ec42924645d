//! An article as a tree of blocks, before any width is known, and as lines, after.
//!
//! All text in here has gone through [`super::text::SafeText`]'s rules. Nothing in here knows HTML
//! or a terminal.
//!
//! - [`Document`], [`Block`], [`Inline`]: the tree that every output is built from
//! - [`Rendered`], [`Line`]: the same at one width
//! - [`Span`], [`Style`], [`Role`]: text and what it is, common to both
//! - [`Link`], [`NumberedList`]: what a reader can refer to by number
//! - [`Spot`]: where a reader is

use super::text::in_one_line;

/// An article's text as a tree of blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What a reader must know before the text: why it was withdrawn.
    pub notice: Vec<Block>,
    /// The blocks in reading order.
    pub blocks: Vec<Block>,
    /// The links in reading order: number `n` is at `n - 1`.
    pub links: Vec<Link>,
}

/// One block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading, level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// A list with its markers already worked out.
    List(List),
    /// Quoted blocks.
    Quote(Vec<Block>),
    /// A table of data (tables made for looks are blocks like any other).
    Table(Table),
    /// Lines that keep their breaks and blanks.
    Code(Vec<Inline>),
    /// A thematic break.
    Rule,
    /// Terms and what is said about them.
    Definitions(Vec<Definition>),
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Text of one style.
    Text(Span),
    /// A line break that the author set.
    Break,
}

/// A list, of any kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The number of the first item as its author counts; `None` for a list without numbers.
    pub start: Option<i64>,
    /// The items.
    pub items: Vec<ListItem>,
}

/// One item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListItem {
    /// `•`, `3.` or what the author typed; empty for content that stood between the items.
    pub marker: String,
    /// What the item holds; empty items stay.
    pub blocks: Vec<Block>,
}

/// A table of data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The caption.
    pub caption: Vec<Inline>,
    /// The rows, the header's first.
    pub rows: Vec<Vec<Cell>>,
    /// How many of the rows are the header.
    pub header_rows: usize,
    /// How many columns there are.
    pub columns: usize,
}

/// One cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Where it begins, counted from 0.
    pub column: usize,
    /// How many columns it covers, at least 1.
    pub span: usize,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A part of a list of definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// What is defined.
    Term(Vec<Block>),
    /// What is said about it.
    Details(Vec<Block>),
}

/// A numbered link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Its number, from 1.
    pub n: u16,
    /// Its absolute address: `http:`, `https:` or `mailto:`.
    pub url: String,
    /// Its words, in one line.
    pub text: String,
}

/// A numbered list without its place in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberedList {
    /// Its first number.
    pub start: i64,
    /// The markers as they are shown.
    pub markers: Vec<String>,
    /// The items' texts without marker and nested lists, each in one line.
    pub items: Vec<String>,
}

/// Text of one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text, without line breaks.
    pub text: String,
    /// How it is meant.
    pub style: Style,
}

impl Span {
    /// Makes a span.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }

    /// Makes a span that is nothing but `role`.
    pub fn of(role: Role, text: impl Into<String>) -> Self {
        Self::new(
            text,
            Style {
                role,
                ..Style::default()
            },
        )
    }
}

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// What the text is.
    pub role: Role,
    /// Of strong importance, or a heading of a table.
    pub strong: bool,
    /// Stressed.
    pub emphasis: bool,
    /// No longer right.
    pub strike: bool,
    /// The number of the link that the text belongs to.
    pub link: Option<u16>,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Running text.
    #[default]
    Text,
    /// A heading, level 1 to 6.
    Heading(u8),
    /// Quoted text.
    Quote,
    /// The mark before quoted text.
    QuoteMark,
    /// A list's marker or a link's number.
    Number,
    /// Code.
    Code,
    /// A rule, or the sign that a line of code goes on: no text.
    Rule,
    /// Source, author, dates and the like, under a title.
    Facts,
    /// The summary between title and text.
    Standfirst,
    /// A warning between facts and standfirst.
    Banner,
    /// The mark before a banner.
    BannerMark,
    /// Words that weren't in an earlier text.
    Added,
    /// Words that were in an earlier text.
    Removed,
}

/// An article at one width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The lines, none wider than the width.
    pub lines: Vec<Line>,
    /// The links, as in the document.
    pub links: Vec<Link>,
    /// The numbered lists, as in the document.
    pub lists: Vec<NumberedList>,
    /// The headings.
    pub headings: Vec<HeadingPlace>,
    /// How many words the text has.
    pub words: usize,
}

/// Where a heading stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingPlace {
    /// The index of its first line.
    pub line: usize,
    /// Its level, 1 to 6.
    pub level: u8,
    /// Its words, in one line.
    pub text: String,
}

/// One line of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The pieces, from left to right; none in a blank line.
    pub spans: Vec<Span>,
    /// Which piece of text it belongs to (paragraph, item, table, …), counted through the article:
    /// the same at every width.
    pub block: usize,
}

/// A place in an article that survives another width: a piece of text, and how far into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Which piece of text, counted through the article; 0 is the title and what stands under it.
    pub block: u32,
    /// How many characters of it stand before; blanks and marks are none, a line of nothing else
    /// is one.
    pub offset: u32,
}

impl Line {
    /// Returns the text without styles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

impl Document {
    /// Returns the numbered lists, nested ones too, in document order.
    pub fn lists(&self) -> Vec<NumberedList> {
        let mut lists = Vec::new();
        collect_lists(&self.blocks, &mut lists);
        lists
    }

    /// Returns the level and the words of each heading, in document order.
    pub fn headings(&self) -> Vec<(u8, String)> {
        let mut headings = Vec::new();
        collect_headings(&self.blocks, &mut headings);
        headings
    }

    /// Counts the words of the text; link numbers and list markers are none.
    pub fn words(&self) -> usize {
        let mut text = String::new();
        blocks_text(&self.blocks, Lists::Include, &mut text);
        text.split_whitespace().count()
    }
}

/// Returns the words of `inlines` in one line, without link numbers.
pub fn inline_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_inlines(inlines, &mut text);
    one_line(&text)
}

/// Whether nested lists belong to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    Include,
    LeaveOut,
}

fn collect_lists(blocks: &[Block], lists: &mut Vec<NumberedList>) {
    for block in blocks {
        match block {
            Block::List(list) => {
                if let Some(start) = list.start {
                    lists.push(numbered(start, list));
                }
                for item in &list.items {
                    collect_lists(&item.blocks, lists);
                }
            }
            Block::Quote(blocks) => collect_lists(blocks, lists),
            Block::Definitions(parts) => {
                for Definition::Term(blocks) | Definition::Details(blocks) in parts {
                    collect_lists(blocks, lists);
                }
            }
            Block::Table(table) => {
                for cell in table.rows.iter().flatten() {
                    collect_lists(&cell.blocks, lists);
                }
            }
            Block::Paragraph(_) | Block::Heading(..) | Block::Code(_) | Block::Rule => {}
        }
    }
}

fn collect_headings(blocks: &[Block], headings: &mut Vec<(u8, String)>) {
    for block in blocks {
        match block {
            Block::Heading(level, words) => headings.push((*level, inline_text(words))),
            Block::List(list) => {
                for item in &list.items {
                    collect_headings(&item.blocks, headings);
                }
            }
            Block::Quote(blocks) => collect_headings(blocks, headings),
            Block::Definitions(parts) => {
                for Definition::Term(blocks) | Definition::Details(blocks) in parts {
                    collect_headings(blocks, headings);
                }
            }
            Block::Table(table) => {
                for cell in table.rows.iter().flatten() {
                    collect_headings(&cell.blocks, headings);
                }
            }
            Block::Paragraph(_) | Block::Code(_) | Block::Rule => {}
        }
    }
}

fn numbered(start: i64, list: &List) -> NumberedList {
    let items = list.items.iter().filter(|item| !item.marker.is_empty());
    NumberedList {
        start,
        markers: items.clone().map(|item| item.marker.clone()).collect(),
        items: items
            .map(|item| {
                let mut text = String::new();
                blocks_text(&item.blocks, Lists::LeaveOut, &mut text);
                one_line(&text)
            })
            .collect(),
    }
}

fn blocks_text(blocks: &[Block], lists: Lists, text: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) | Block::Code(inlines) => {
                push_inlines(inlines, text);
                text.push('\n');
            }
            Block::List(list) if lists == Lists::Include => {
                for item in &list.items {
                    blocks_text(&item.blocks, lists, text);
                }
            }
            Block::List(_) | Block::Rule => {}
            Block::Quote(blocks) => blocks_text(blocks, lists, text),
            Block::Definitions(parts) => {
                for Definition::Term(blocks) | Definition::Details(blocks) in parts {
                    blocks_text(blocks, lists, text);
                }
            }
            Block::Table(table) => {
                push_inlines(&table.caption, text);
                text.push('\n');
                for cell in table.rows.iter().flatten() {
                    blocks_text(&cell.blocks, lists, text);
                }
            }
        }
    }
}

fn push_inlines(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(span) if span.style.role == Role::Number => {}
            Inline::Text(span) => text.push_str(&span.text),
            Inline::Break => text.push('\n'),
        }
    }
}

/// Returns text in one line, without a mark before it that says which way a paragraph runs.
fn one_line(text: &str) -> String {
    in_one_line(text.trim_start_matches(['\u{200e}', '\u{200f}']))
}
