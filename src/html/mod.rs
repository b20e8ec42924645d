//! HTML → [`Document`] → lines, and the lighter ways to read HTML.
//!
//! Pure: no file, socket, clock or thread; any input gives a result, none a panic. All text that
//! comes out of [`parse()`], [`sanitise()`] and [`standfirst`] is safe for a terminal.
//!
//! ```text
//! HTML ─ parse ─> small DOM ─ blocks, lists, tables, typed ─> Document ─ layout, render ─> lines
//! ```
//!
//! - `parse`: html5ever with a depth cap → a small DOM
//! - `sanitise`: the DOM → HTML that may be handed on
//! - `blocks`, `flow`, `direction`, `links`, `media`, `lists`, `numerals`, `tables`: the DOM → the
//!   block tree, the seam
//! - `typed`, `marker`, `runs`: lists typed by hand, and text without markup
//! - `layout`: blocks → lines, `grid`: tables → lines; `render`: paragraphs → lines, the one file
//!   that knows html2text; `breaks`, `cut`: where a line may end, and where it must
//! - `markdown`: blocks → Markdown
//! - `text`: tags off, fast, for the search index

mod blocks;
mod breaks;
mod cut;
mod direction;
mod flow;
mod grid;
mod layout;
mod links;
mod lists;
mod markdown;
mod marker;
mod media;
mod numerals;
mod parse;
mod render;
mod runs;
mod sanitise;
mod tables;
mod text;
mod typed;

#[cfg(test)]
mod tests;

use url::Url;

use crate::model::document::{Document, Rendered};

pub use markdown::markdown;
pub(crate) use parse::{Dom, Element, Kind, NodeId};

/// Reads HTML, a fragment or a whole document, as blocks. Links are resolved against `base`. In text
/// without any tag blank lines part paragraphs; HTML that was escaped once too often is HTML.
pub fn parse(html: &str, base: Option<&Url>) -> Document {
    let html = &*text::unescaped(html);
    if text::has_markup(html) {
        return blocks::document(&parse::parse(html), base);
    }
    blocks::plain_document(&text::decode(html))
}

/// Reads HTML, a fragment or a whole document, as a tree, for what isn't text to be read: a page's
/// links and parts. In linear time, and no deeper than any real page.
pub(crate) fn tree(html: &str) -> Dom {
    parse::parse(html)
}

/// Sets a document in lines of at most `width` columns (20 to 500).
pub fn render(document: &Document, width: usize) -> Rendered {
    render::render(document, width)
}

/// Returns the HTML that may be handed on: known elements, absolute links that may be opened, no
/// scripts, styles or control characters.
pub fn sanitise(html: &str, base: Option<&Url>) -> String {
    let html = &*text::unescaped(html);
    if text::has_markup(html) {
        return sanitise::sanitise(&parse::parse(html), base);
    }
    sanitise::plain(&text::decode(html))
}

/// Returns plain text as it stands in HTML, in an attribute too.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    sanitise::escape(text, &mut html);
    html
}

/// Returns text with its character references (`&amp;`, `&#8217;`) decoded, once.
pub fn decoded(text: &str) -> String {
    text::decode(text)
}

/// Returns the text of HTML, blocks parted by `\n`, in linear time and without a tree. For the
/// search index and counts of words: not made safe for a terminal.
pub fn plain_text(html: &str) -> String {
    text::plain_text(&text::unescaped(html))
}

/// Returns the first `max_chars` characters of the text in one line, cut after a whole word with
/// `…`. Reads no more of `html` than it needs.
pub fn standfirst(html: &str, max_chars: usize) -> String {
    text::standfirst(&text::unescaped(html), max_chars)
}
