//! The article pane: the lines of one article at one width, and where the reader is in it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Pane;
use crate::model::article::{ArticleHead, ArticleId};
use crate::model::document::{HeadingPlace, Line, Link, Spot};
use crate::model::feed::Enclosure;

/// The article pane.
#[derive(Clone, Debug, Default)]
pub struct ArticlePane {
    /// The lines on the screen.
    pub page: Option<Arc<Page>>,
    /// Where the reader is: it stays through another width.
    pub spot: Spot,
    /// The first line in sight.
    pub top: usize,
    /// The article that should be on the screen; the selected row's.
    pub wanted: Option<ArticleId>,
    /// The number of the last question for a page.
    pub ticket: u64,
    /// What that question was for, while it has no answer.
    pub asked: Option<(ArticleId, u16, Form)>,
    /// The article itself, while its changes are shown in its place.
    pub aside: Option<Aside>,
    /// Articles near the one on the screen, laid out: where the reader came from, and where the
    /// next key will lead. So the bar and the article move in one frame.
    pub near: Vec<Arc<Page>>,
    /// What was asked for ahead: the question's number, the article and the width.
    pub ahead: Option<(u64, ArticleId, u16)>,
    /// The row that was selected when it was last looked ahead; it tells the way.
    pub row: usize,
    /// An article that was asked for and can't be shown; it isn't asked for again.
    pub missing: Option<ArticleId>,
    /// Where the reader was in the articles of this run of the program.
    pub spots: HashMap<ArticleId, Spot>,
    /// A newer text is stored than the one on the screen.
    pub newer: Newer,
}

/// What is shown of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// It, from title to links.
    #[default]
    Text,
    /// What changed in it.
    Changes,
}

/// An article in whose place something else is shown.
#[derive(Clone, Debug)]
pub struct Aside {
    /// The article.
    pub page: Arc<Page>,
    /// Where the reader is in it.
    pub spot: Spot,
}

/// Whether a newer text is stored than the one on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newer {
    /// Not that is known.
    #[default]
    No,
    /// It is.
    Yes,
}

/// One article, laid out at one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Everything about the article but its text.
    pub head: ArticleHead,
    /// What of it is laid out.
    pub form: Form,
    /// The hash of its text.
    pub revision: i64,
    /// How many earlier texts are kept.
    pub revisions: u32,
    /// The width that it is laid out for, in columns.
    pub width: u16,
    /// Title, facts, banners, standfirst, text, attachments and links; or title and changes.
    pub lines: Vec<Line>,
    /// Where each line stands in the article.
    pub spots: Vec<Spot>,
    /// The numbered links: number `n` is at `n - 1`.
    pub links: Vec<Link>,
    /// The headings, with their places in `lines`.
    pub headings: Vec<HeadingPlace>,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// The title without the kind of document before it.
    pub title: String,
    /// The feed's title.
    pub source: String,
    /// Name and value of what `i` shows.
    pub facts: Vec<(String, String)>,
    /// How it is cited.
    pub citation: String,
    /// A Markdown link to it; empty without an address.
    pub markdown_link: String,
    /// Where the reader was last.
    pub spot: Spot,
}

impl ArticlePane {
    /// Whether keys must wait for the article: it has the focus and isn't there yet.
    pub fn is_awaited(&self, focus: Pane) -> bool {
        focus == Pane::Article && self.asked.is_some()
    }

    /// Returns what is shown of the article.
    pub fn form(&self) -> Form {
        match self.aside {
            Some(_) => Form::Changes,
            None => Form::Text,
        }
    }

    /// Returns where the reader is in the article itself.
    pub fn resting_spot(&self) -> Spot {
        self.aside.as_ref().map_or(self.spot, |aside| aside.spot)
    }

    /// Returns the page of the article that should be on the screen.
    pub fn shown(&self) -> Option<&Page> {
        self.page
            .as_deref()
            .filter(|page| self.wanted == Some(page.head.id))
    }
}
