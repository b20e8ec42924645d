//! The comments pane: the comments of one article, laid out at one width, and where the reader is
//! among them.

use std::collections::HashSet;
use std::sync::Arc;

use super::Pane;
use crate::html;
use crate::model::article::ArticleId;
use crate::model::comment::DraftId;
use crate::model::document::{Block, Document, Inline, Line, Link, Role, Span};
use crate::services::comments::{Conversation, Entry, EntryId};
use crate::tui::commands::Command;
use crate::tui::layout::rails;

/// The comments pane.
#[derive(Clone, Debug, Default)]
pub struct CommentsPane {
    /// The comments on the screen.
    pub talk: Option<Arc<Talk>>,
    /// The article whose comments should be on the screen.
    pub wanted: Option<ArticleId>,
    /// The pane that they were opened from, to which the way back leads.
    pub from: Pane,
    /// The number of the last question for comments.
    pub ticket: u64,
    /// What that question was for, while it has no answer.
    pub asked: Option<(ArticleId, u16)>,
    /// The comments that stand in no folded branch, with their lines.
    pub rows: Vec<TalkRow>,
    /// How many lines there are, with the remarks below the comments.
    pub lines: usize,
    /// The selected comment, by its place in the conversation; meaningless without comments.
    pub selected: usize,
    /// The first line in sight.
    pub top: usize,
    /// Where the reader was when the comments were left, or before they were read anew.
    pub kept: Option<Kept>,
    /// The comment of the reader's own that is selected once it is here: it was just written.
    pub written: Option<Written>,
    /// The comments whose branches are folded.
    pub folded: HashSet<EntryId>,
    /// The comments that were new at any time of this visit: being looked at they stay so.
    pub new: HashSet<EntryId>,
    /// Whether the site is being asked.
    pub fetching: Fetching,
    /// The article whose comments are being fetched, whether or not they are still on the screen.
    pub in_flight: Option<ArticleId>,
    /// What is to be done once the comments are here.
    pub then: Option<Command>,
}

/// Where the reader was among comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The selected comment.
    pub entry: EntryId,
    /// The lines from the top of the window down to its first; less than none where that is above.
    pub line: isize,
}

/// A comment of the reader's own that was just written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The one of this writing, whose number isn't known yet.
    In(u64),
    /// This one.
    As(DraftId),
}

/// Whether the site is being asked for comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fetching {
    /// It isn't.
    #[default]
    No,
    /// It is.
    Yes(FetchedFor),
    /// It has answered, and what it gave is being read from the cache.
    Stored(FetchedFor),
}

/// Why the site is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchedFor {
    /// The comments were opened.
    Opening,
    /// The reader wants it.
    Reader,
}

/// Where one comment stands among the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkRow {
    /// Its place in the conversation.
    pub entry: usize,
    /// Its first line, with its author.
    pub line: usize,
    /// The line after its last.
    pub end: usize,
}

/// The comments of an article, laid out at one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    /// The comments.
    pub conversation: Conversation,
    /// The width that they are laid out for, in columns.
    pub width: u16,
    /// What stands below the author of each: its text, and what has to be said of it.
    pub texts: Vec<Vec<Line>>,
    /// What has to be said of all.
    pub remarks: Vec<Line>,
}

impl Talk {
    /// Lays comments out.
    pub fn new(conversation: Conversation, width: u16) -> Self {
        let texts = conversation.entries.iter();
        let texts = texts.map(|entry| text_of(entry, width)).collect();
        let remarks = conversation.remarks.iter();
        let remarks = remarks.flat_map(|remark| said(remark.as_str(), width.into()));
        Self {
            texts,
            remarks: remarks.collect(),
            conversation,
            width,
        }
    }

    /// Returns the comment at a place.
    pub fn entry(&self, at: usize) -> Option<&Entry> {
        self.conversation.entries.get(at)
    }

    /// Returns the place of a comment; one of the reader's own may have become one that the site
    /// shows.
    pub fn position(&self, id: &EntryId) -> Option<usize> {
        let mut entries = self.conversation.entries.iter();
        match id {
            EntryId::Theirs(_) => entries.position(|entry| entry.id == *id),
            EntryId::Own(draft) => {
                entries.position(|entry| entry.own.as_ref().is_some_and(|own| own.id == *draft))
            }
        }
    }

    /// Returns the place of what a comment answers, or of what it stands below.
    pub fn parent(&self, at: usize) -> Option<usize> {
        let depth = self.entry(at)?.depth;
        let before = self.conversation.entries.get(..at)?;
        before.iter().rposition(|entry| entry.depth < depth)
    }

    /// Returns where each comment stands while these branches are folded, and how many lines all
    /// take. A blank line stands between two comments, and before the remarks.
    pub fn rows(&self, folded: &HashSet<EntryId>) -> (Vec<TalkRow>, usize) {
        let mut rows = Vec::with_capacity(self.texts.len());
        let mut line = 0;
        let mut below = None;
        for (at, (entry, text)) in (self.conversation.entries.iter().zip(&self.texts)).enumerate() {
            if below.is_some_and(|depth| entry.depth > depth) {
                continue;
            }
            let is_folded = folded.contains(&entry.id);
            below = is_folded.then_some(entry.depth);
            let end = line + 1 + if is_folded { 0 } else { text.len() };
            rows.push(TalkRow {
                entry: at,
                line,
                end,
            });
            line = end + 1;
        }
        let lines = match (self.remarks.len(), rows.last()) {
            (0, last) => last.map_or(0, |last: &TalkRow| last.end),
            (remarks, _) => line + remarks,
        };
        (rows, lines)
    }
}

/// Lays out what stands below a comment's author.
fn text_of(entry: &Entry, width: u16) -> Vec<Line> {
    let columns = usize::from(width - 2 * rails(entry.depth, width).min(width / 2));
    let about = |words: Option<&str>| words.map_or_else(Vec::new, |words| said(words, columns));
    let mut lines = about(entry.remark_above());
    lines.extend(html::render(&entry.text, columns).lines);
    lines.extend(about(entry.remark_below()));
    lines
}

/// Wraps words about a comment.
fn said(words: &str, columns: usize) -> Vec<Line> {
    let words = crate::model::text::SafeText::line(words).into_string();
    if words.is_empty() {
        return Vec::new();
    }
    let words = Inline::Text(Span::of(Role::Facts, words));
    let document = Document {
        blocks: vec![Block::Paragraph(vec![words])],
        ..Document::default()
    };
    html::render(&document, columns).lines
}

impl CommentsPane {
    /// Whether keys must wait for the comments: they have the focus and aren't there yet.
    pub fn is_awaited(&self, focus: Pane) -> bool {
        focus == Pane::Comments && self.talk.is_none() && self.asked.is_some()
    }

    /// Returns the selected comment.
    pub fn entry(&self) -> Option<&Entry> {
        self.talk.as_ref()?.entry(self.selected)
    }

    /// Returns the links of the selected comment.
    pub fn links(&self) -> &[Link] {
        self.entry().map_or(&[], |entry| &entry.text.links)
    }

    /// Returns where a comment stands among the rows, or the one whose folded branch it is in.
    pub fn row_of(&self, entry: usize) -> usize {
        let after = self.rows.partition_point(|row| row.entry <= entry);
        after.saturating_sub(1)
    }

    /// Returns where the selected comment stands.
    pub fn row(&self) -> Option<&TalkRow> {
        self.rows.get(self.row_of(self.selected))
    }

    /// Returns where the reader is.
    pub fn here(&self) -> Option<Kept> {
        let (entry, row) = self.entry().zip(self.row())?;
        let signed = |lines: usize| isize::try_from(lines).unwrap_or(isize::MAX);
        Some(Kept {
            entry: entry.id.clone(),
            line: signed(row.line) - signed(self.top),
        })
    }

    /// Whether a comment came since the reader's last visit.
    pub fn is_new(&self, entry: &Entry) -> bool {
        entry.own.is_none() && (entry.is_new || self.new.contains(&entry.id))
    }
}
