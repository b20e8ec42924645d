//! What changed in an article: an earlier text of it and today's, word by word.
//!
//! - [`Comparison`]: which earlier text is compared, and what became of each piece of text
//! - `pieces`: a text as a row of pieces; `compare`: what belongs together; `lay`: what is shown

mod compare;
mod lay;
mod pieces;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::{Setting, Sheet, base, head, one_paragraph, shown_title};
use crate::html;
use crate::model::article::Article;
use crate::model::document::{Block, Document, Inline, Line, Role, Span, inline_text};
use crate::model::text::SafeText;
use crate::services::dates;
use crate::store::Revision;

use self::compare::{compare, compare_pieces};
use self::lay::Marks;
use self::pieces::{Form, pieces};

pub use self::compare::{Change, Fate, Run};
pub use self::pieces::Piece;

/// What is said of an article whose text never changed.
pub const NO_EARLIER_VERSION: &str = "No earlier version of this article is kept";

/// An earlier text of an article beside today's.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Since when there have been changes: the reader's last visit, or when the earlier text was
    /// replaced.
    pub since: Timestamp,
    /// How many earlier texts are kept.
    pub kept: u32,
    /// The title, then the text in document order.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// Compares the text that the reader saw last with today's: `document` is that of `article`, as
    /// [`super::document`] gives it. Where the reader has seen today's text, or none, the newest
    /// earlier one is taken. `revisions` are the newest first; nothing where there are none.
    pub fn new(article: &Article, document: &Document, revisions: &[Revision]) -> Option<Self> {
        let (revision, since) = seen_last(article, revisions)?;
        let earlier = html::parse(&revision.html, base(article).as_ref());
        let title = |title: &str| {
            let words = [Inline::Text(Span::of(
                Role::Text,
                SafeText::line(shown_title(title)).into_string(),
            ))];
            pieces::Piece::of(Form::Heading(1), &inline_text(&words))
        };
        let mut changes = vec![compare_pieces(
            title(&revision.title),
            title(&article.head.title),
        )];
        changes.extend(compare(pieces(&earlier.blocks), pieces(&document.blocks)));
        Some(Self {
            since,
            kept: article.revisions,
            changes,
        })
    }

    /// Lays the comparison out like an article: its title, since when, and the changes.
    pub fn lay_out(&self, setting: &Setting<'_>) -> Sheet {
        let set = |blocks| {
            let document = Document {
                blocks,
                ..Document::default()
            };
            html::render(&document, setting.width)
        };
        let (title, body) = self.blocks(Marks::Brackets);
        let mut head = set(vec![title]).lines;
        head.push(Line::default());
        head.extend(head::facts(&self.facts(setting), setting.width));
        head.push(Line::default());
        Sheet {
            head,
            body: set(body),
            foot: Vec::new(),
        }
    }

    /// Returns the comparison as Markdown, with a line break at its end: `~~old~~ **new**`.
    pub fn markdown(&self, setting: &Setting<'_>) -> String {
        let (title, body) = self.blocks(Marks::Markdown);
        let facts = one_paragraph(&self.facts(setting).join(" · "), Role::Facts);
        let blocks = [vec![title, facts], body].concat();
        html::markdown(&Document {
            blocks,
            ..Document::default()
        })
    }

    /// Returns title and text.
    fn blocks(&self, marks: Marks) -> (Block, Vec<Block>) {
        let (title, text) = match self.changes.split_first() {
            Some((title, text)) => (lay::inlines(title, marks), text),
            None => (Vec::new(), &[][..]),
        };
        let is_same = |change: &Change| matches!(change, Change::Same(_));
        let body = if self.changes.iter().all(is_same) {
            let text = "No word changed: links or formatting did.";
            vec![one_paragraph(text, Role::Text)]
        } else {
            lay::blocks(text, marks)
        };
        (Block::Heading(1, title), body)
    }

    /// Since when there have been changes, and how many earlier texts are kept.
    fn facts(&self, setting: &Setting<'_>) -> [String; 2] {
        let since = dates::long_day(self.since, setting.zone);
        let kept = match self.kept {
            0 | 1 => "1 earlier version is kept".to_owned(),
            count => format!("{count} earlier versions are kept"),
        };
        [format!("Changes since {since}"), kept]
    }
}

/// Returns the earlier text that the reader saw last, and when; else the newest, and when it was
/// replaced.
fn seen_last<'a>(
    article: &Article,
    revisions: &'a [Revision],
) -> Option<(&'a Revision, Timestamp)> {
    // Of what was replaced after the visit, the first was on the screen.
    let seen_at = |visit: Timestamp| {
        let second = visit.as_second();
        let mut later = revisions.iter().rev();
        let seen = later.find(|revision| revision.replaced_at.as_second() >= second)?;
        Some((seen, visit))
    };
    // Who has just opened the article has seen today's text by now.
    let at_visit = article
        .visit
        .and_then(|visit| seen_at(visit.at).or_else(|| seen_at(visit.before?)));
    at_visit.or_else(|| {
        let newest = revisions.first()?;
        Some((newest, newest.replaced_at))
    })
}
