//! Lays articles out for the article pane.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::article::{Article, ArticleId, StoredText};
use crate::model::document::{Document, HeadingPlace};
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::services::reading::{self, Listed, Opened};
use crate::services::sheet::Sheet;
use crate::services::sheet::changes::Comparison;
use crate::services::subscriptions::Subscriptions;
use crate::services::{SharedParts, dates, sheet};
use crate::store::{Reader, Revision};
use crate::tui::state::Page;
use crate::tui::state::article::Form;

/// Lays articles out. It keeps the last one's tree, so that another width only lays out again.
#[derive(Debug, Default)]
pub(super) struct Pages {
    last: Option<Tree>,
}

#[derive(Debug)]
struct Tree {
    id: ArticleId,
    revision: i64,
    base: Option<String>,
    document: Document,
}

impl Pages {
    /// Returns an article at a width, or its changes; the article itself where no earlier text is
    /// kept, nothing where it isn't stored any more.
    pub(super) fn page(
        &mut self,
        parts: &SharedParts,
        reader: &Reader,
        feeds: &Subscriptions,
        id: ArticleId,
        (width, form): (u16, Form),
    ) -> Result<Option<Arc<Page>>, Problem> {
        let opened = reader.at_once(|| -> Result<_, Problem> {
            if reader.text_hash(id)?.is_none() {
                return Ok(None);
            }
            let opened = reading::opened(reader, feeds, id)?;
            let revisions = match form {
                Form::Text => Vec::new(),
                Form::Changes => reader.revisions(id)?,
            };
            Ok(Some((opened, revisions)))
        })?;
        Ok(opened.map(|(opened, revisions)| {
            Arc::new(self.lay_out(parts, feeds, opened, &revisions, width))
        }))
    }

    fn lay_out(
        &mut self,
        parts: &SharedParts,
        feeds: &Subscriptions,
        opened: Opened,
        revisions: &[Revision],
        width: u16,
    ) -> Page {
        let Opened {
            article,
            revision,
            also_in,
            spot,
        } = opened;
        let base = sheet::base(&article).map(String::from);
        let is_same = |tree: &Tree| {
            (tree.id, tree.revision) == (article.head.id, revision) && tree.base == base
        };
        let tree = match self.last.take().filter(is_same) {
            Some(tree) => tree,
            None => Tree {
                id: article.head.id,
                revision,
                document: sheet::document(&article),
                base,
            },
        };
        let listed = Listed::new(article.head.clone(), feeds, None);
        let setting = sheet::Setting {
            width: usize::from(width),
            now: (parts.clock)(),
            zone: &parts.zone,
        };
        let sheet = sheet::lay_out(&sheet::Shown {
            article: &article,
            document: &tree.document,
            listed: &listed,
            also_in: &also_in,
            setting: &setting,
        });
        let mut page = Page {
            form: Form::Text,
            revision,
            revisions: article.revisions,
            width,
            headings: headings(&sheet),
            spots: sheet.spots(),
            links: tree.document.links.clone(),
            title: one_line(sheet::shown_title(&article.head.title)),
            source: one_line(listed.feed_title),
            facts: facts(parts, &article, &listed, sheet.body.words),
            citation: sheet::citation(&listed, setting.now, setting.zone),
            markdown_link: article
                .head
                .permalink
                .as_deref()
                .map_or_else(String::new, |url| {
                    sheet::markdown_link(sheet::shown_title(&article.head.title), url)
                }),
            head: listed.head.clone(),
            lines: sheet.lines().cloned().collect(),
            enclosures: article.enclosures.clone(),
            spot,
        };
        if let Some(comparison) = Comparison::new(&article, &tree.document, revisions) {
            let sheet = comparison.lay_out(&setting);
            page.form = Form::Changes;
            page.headings = headings(&sheet);
            page.spots = sheet.spots();
            page.lines = sheet.lines().cloned().collect();
        }
        self.last = Some(tree);
        page
    }
}

/// Returns where the headings stand among all lines of a sheet.
fn headings(sheet: &Sheet) -> Vec<HeadingPlace> {
    let below = sheet.head.len();
    let headings = sheet.body.headings.iter().map(|heading| HeadingPlace {
        line: heading.line + below,
        ..heading.clone()
    });
    headings.collect()
}

/// Returns name and value of what is known about an article.
fn facts(
    parts: &SharedParts,
    article: &Article,
    listed: &Listed<'_>,
    words: usize,
) -> Vec<(String, String)> {
    let head = &article.head;
    let day = |moment: Timestamp| {
        let time = parts.zone.to_datetime(moment).strftime("%H:%M");
        format!("{}, {time}", dates::long_day(moment, &parts.zone))
    };
    let stored = match head.stored {
        StoredText::Whole => "whole",
        StoredText::Summary => "summary",
    };
    let facts = [
        ("Feed", Some(listed.feed_title.to_owned())),
        ("Its address", Some(listed.feed.to_owned())),
        ("Section", listed.section.map(str::to_owned)),
        ("Address", head.permalink.clone()),
        ("Author", head.byline.clone()),
        ("Published", head.published.map(day)),
        ("Updated", head.updated.map(day)),
        ("First seen", Some(day(head.first_seen))),
        ("Guid", head.guid.clone()),
        ("Earlier versions", Some(article.revisions.to_string())),
        ("Words", Some(words.to_string())),
        ("Stored", Some(stored.to_owned())),
        ("Number", Some(head.id.0.to_string())),
    ];
    let known = facts.into_iter().filter_map(|(name, value)| {
        let value = one_line(&value?);
        (!value.is_empty()).then(|| (name.to_owned(), value))
    });
    known.collect()
}

/// Makes one harmless line of what a stranger wrote.
fn one_line(text: &str) -> String {
    SafeText::line(text).into_string()
}
