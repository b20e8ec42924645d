//! One article as lines, from title to links: what `gazette show` prints and the article pane draws.
//!
//! - [`lay_out`]: the whole sheet; `head`: title, facts and standfirst; `banners`: what must be known
//!   before the text
//! - `spots`: places on a sheet that survive another width
//! - [`mod@markdown`]: the same as Markdown, for a file
//! - [`skim()`]: an article at a glance
//! - [`changes`]: an earlier text and today's, word by word
//! - `cite`: the article in one line, for other programs

mod banners;
pub mod changes;
mod cite;
mod head;
mod markdown;
mod skim;
mod spots;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::html;
use crate::model::article::Article;
use crate::model::document::{Block, Document, Inline, Line, List, ListItem, Rendered, Role, Span};
use crate::model::feed::Enclosure;
use crate::model::text::SafeText;

use super::reading::Listed;

pub use cite::{citation, markdown_link};
pub use head::{reading_minutes, shown_title, split_kind};
pub use markdown::markdown;
pub use skim::{skim, skim_markdown};
pub use spots::line_of;

/// An article at one width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Title, facts, banners and standfirst, with a blank line at the end.
    pub head: Vec<Line>,
    /// The text.
    pub body: Rendered,
    /// Attachments and links, each part with a blank line before it.
    pub foot: Vec<Line>,
}

impl Sheet {
    /// Returns all lines from title to links.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.head.iter().chain(&self.body.lines).chain(&self.foot)
    }
}

/// What a sheet depends on besides the article.
pub struct Setting<'a> {
    /// No line is wider, in columns.
    pub width: usize,
    /// The moment that dates are told from.
    pub now: Timestamp,
    /// The reader's time zone.
    pub zone: &'a TimeZone,
}

/// Returns what relative addresses in an article are relative to: what its feed says, but for feeds
/// in files the article's own address.
pub fn base(article: &Article) -> Option<Url> {
    [&article.base, &article.head.permalink]
        .into_iter()
        .flatten()
        .filter_map(|base| Url::parse(base).ok())
        .find(|base| matches!(base.scheme(), "http" | "https"))
}

/// Reads an article's HTML, and why it was withdrawn.
pub fn document(article: &Article) -> Document {
    let base = base(article);
    let page = article.page.as_ref();
    let Some(withdrawn) = page.and_then(|page| page.withdrawn.as_ref()) else {
        return html::parse(&article.html, base.as_ref());
    };
    // Read in one go, so that their links are numbered in one go. Sanitised HTML closes all that it
    // opens.
    let notice = html::sanitise(&withdrawn.explanation, base.as_ref());
    let both = format!("<blockquote>{notice}</blockquote>{}", article.html);
    let mut document = html::parse(&both, base.as_ref());
    if let Some(Block::Quote(_)) = document.blocks.first()
        && let Block::Quote(notice) = document.blocks.remove(0)
    {
        document.notice = notice;
    }
    document
}

/// An article with all that its outputs are made of.
pub struct Shown<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its text, as [`document()`] reads it.
    pub document: &'a Document,
    /// The article beside its feed.
    pub listed: &'a Listed<'a>,
    /// The titles of the other feeds that carry the same story.
    pub also_in: &'a [String],
    /// What its outputs depend on besides.
    pub setting: &'a Setting<'a>,
}

/// Lays an article out.
pub fn lay_out(shown: &Shown<'_>) -> Sheet {
    let width = shown.setting.width;
    let body = html::render(shown.document, width);
    Sheet {
        head: head::lines(shown, body.words),
        foot: foot(shown.article, shown.document, width),
        body,
    }
}

/// Attachments and links.
fn foot(article: &Article, document: &Document, width: usize) -> Vec<Line> {
    let attachments = article.enclosures.iter().map(|enclosure| {
        let words = attachment_words(enclosure);
        ("•".to_owned(), named_address(&words, &enclosure.url))
    });
    let links = document
        .links
        .iter()
        .map(|link| (link.n.to_string(), named_address(&link.text, &link.url)));
    let mut foot = part("Attachments", attachments, width);
    foot.extend(part("Links", links, width));
    foot
}

/// Returns what is known of an attachment besides its address.
pub fn attachment_words(enclosure: &Enclosure) -> String {
    let facts = [
        enclosure.title.clone(),
        enclosure.media_type.clone(),
        enclosure.bytes.map(bytes),
    ];
    let facts: Vec<String> = facts
        .into_iter()
        .flatten()
        .filter(|fact| !fact.is_empty())
        .collect();
    SafeText::line(&facts.join(", ")).into_string()
}

/// Returns `words: address`, the address as a reader sees it and alone where it says it all.
pub fn named_address(words: &str, url: &str) -> String {
    let words = SafeText::line(words).into_string();
    let address = shown_address(url);
    if words.is_empty() || words == address {
        address
    } else {
        format!("{words}: {address}")
    }
}

/// Lays out a heading and a list below it; nothing where the list is empty.
fn part(heading: &str, rows: impl Iterator<Item = (String, String)>, width: usize) -> Vec<Line> {
    let items: Vec<ListItem> = rows
        .map(|(marker, text)| ListItem {
            marker,
            blocks: vec![one_paragraph(&text, Role::Text)],
        })
        .collect();
    if items.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::default()];
    lines.extend(paragraph(heading, Role::Heading(2), width));
    let list = Block::List(List { start: None, items });
    lines.extend(
        html::render(
            &Document {
                blocks: vec![list],
                ..Document::default()
            },
            width,
        )
        .lines,
    );
    lines
}

/// Returns an address as a reader sees it: without `https://`.
pub fn shown_address(url: &str) -> String {
    let bare = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or(url);
    SafeText::line(bare.strip_suffix('/').unwrap_or(bare)).into_string()
}

/// Returns a size as a reader says it.
fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{} kB", count / 1_000),
        _ => format!("{}.{} MB", count / 1_000_000, count / 100_000 % 10),
    }
}

/// Wraps one text that is nothing but `role`.
fn paragraph(text: &str, role: Role, width: usize) -> Vec<Line> {
    let document = Document {
        blocks: vec![one_paragraph(text, role)],
        ..Document::default()
    };
    html::render(&document, width).lines
}

/// Makes a paragraph of one text that is nothing but `role`.
fn one_paragraph(text: &str, role: Role) -> Block {
    let text = SafeText::line(text).into_string();
    Block::Paragraph(vec![Inline::Text(Span::of(role, text))])
}
