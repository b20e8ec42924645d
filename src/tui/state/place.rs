//! What comes back after a restart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::shelf;
use super::comments::Kept;
use super::{Alone, Pane, SectionsPane, State};
use crate::model::article::ArticleId;
use crate::model::comment::CommentId;
use crate::model::document::Spot;
use crate::services::comments::EntryId;
use crate::services::rows::{Filter, ListOf, Sort};

/// Where the reader is. Sections are named, as their order may change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// What the list is of.
    pub list: PlaceList,
    /// What the list is narrowed to.
    pub filter: String,
    /// How the list is sorted.
    pub sort: String,
    /// The selected article.
    pub article: Option<i64>,
    /// The lines between the list's top and it.
    pub line: usize,
    /// The pane with the focus.
    pub focus: Pane,
    /// The sections whose feeds are shown.
    pub open: BTreeSet<String>,
    /// Whether the sections are shown.
    pub sections_pane: SectionsPane,
    /// Whether an opened article has the window for itself.
    pub alone: Alone,
    /// The measure that the reader chose, in columns.
    pub measure: Option<u16>,
    /// The selected comment, where comments are opened, and the lines from the top of the window down
    /// to it.
    pub comment: Option<(CommentId, isize)>,
    /// The comments that are folded, where comments are opened.
    pub folded: BTreeSet<CommentId>,
    /// Where the reader is in the opened article; kept beside the article, not here.
    #[serde(skip)]
    pub spot: Option<(ArticleId, Spot)>,
}

/// What a list is of, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceList {
    /// Today's articles.
    Today,
    /// Starred ones.
    Starred,
    /// Open consultations.
    Closing,
    /// Those of a section.
    Section(String),
    /// Those of a feed of a section, by its place there.
    Feed(String, usize),
}

impl Default for PlaceList {
    fn default() -> Self {
        Self::Section(String::new())
    }
}

/// The names of filters in a stored place.
const FILTERS: [(Filter, &str); 6] = [
    (Filter::All, ""),
    (Filter::Unread, "unread"),
    (Filter::Starred, "starred"),
    (Filter::Today, "today"),
    (Filter::Changed, "changed"),
    (Filter::Whole, "whole"),
];

/// The names of sorts in a stored place.
const SORTS: [(Sort, &str); 5] = [
    (Sort::Newest, ""),
    (Sort::Oldest, "oldest"),
    (Sort::Source, "source"),
    (Sort::Title, "title"),
    (Sort::Closing, "closing"),
];

impl Place {
    /// Returns where the reader is.
    pub fn of(state: &State) -> Self {
        let name = |section: usize| {
            let section = state.setup.sections.get(section);
            section
                .map(|section| section.name.clone())
                .unwrap_or_default()
        };
        let selected = state.list.row().map(|row| row.id);
        Self {
            list: match state.list.of {
                ListOf::Today => PlaceList::Today,
                ListOf::Starred => PlaceList::Starred,
                ListOf::Closing => PlaceList::Closing,
                ListOf::Section(section) => PlaceList::Section(name(section)),
                ListOf::Feed { section, feed } => PlaceList::Feed(name(section), feed),
            },
            filter: name_of(&FILTERS, state.list.filter),
            sort: name_of(&SORTS, state.list.sort),
            article: selected.map(|id| id.0),
            line: shelf::line_of_row(state, state.list.top, state.list.selected),
            focus: state.focus,
            open: state.sections.open.iter().map(|at| name(*at)).collect(),
            sections_pane: state.display.sections_pane,
            alone: state.display.alone,
            measure: state.display.measure,
            comment: match state.comments.here() {
                Some(Kept {
                    entry: EntryId::Theirs(id),
                    line,
                }) if state.focus == Pane::Comments => Some((id, line)),
                _ => None,
            },
            folded: if state.focus == Pane::Comments {
                let folded = state.comments.folded.iter();
                let theirs = folded.filter_map(|entry| match entry {
                    EntryId::Theirs(id) => Some(id.clone()),
                    EntryId::Own(_) => None,
                });
                theirs.collect()
            } else {
                BTreeSet::new()
            },
            spot: state
                .article
                .shown()
                .filter(|_| state.focus == Pane::Article)
                .map(|page| (page.head.id, state.article.resting_spot())),
        }
    }

    /// Returns what the list is of, where the configuration still has it.
    pub fn list_of(&self, state: &State) -> Option<ListOf> {
        match &self.list {
            PlaceList::Today => Some(ListOf::Today),
            PlaceList::Starred => Some(ListOf::Starred),
            PlaceList::Closing => Some(ListOf::Closing),
            PlaceList::Section(name) => section(state, name).map(ListOf::Section),
            PlaceList::Feed(name, feed) => {
                let at = section(state, name)?;
                (*feed < state.setup.sections.get(at)?.feeds).then_some(ListOf::Feed {
                    section: at,
                    feed: *feed,
                })
            }
        }
    }

    /// Returns what the list is narrowed to.
    pub fn filter(&self) -> Filter {
        value_of(&FILTERS, &self.filter)
    }

    /// Returns how the list is sorted.
    pub fn sort(&self) -> Sort {
        value_of(&SORTS, &self.sort)
    }

    /// Returns the sections whose feeds are shown.
    pub fn open(&self, state: &State) -> BTreeSet<usize> {
        let named = self.open.iter();
        named.filter_map(|name| section(state, name)).collect()
    }
}

fn section(state: &State, name: &str) -> Option<usize> {
    state
        .setup
        .sections
        .iter()
        .position(|section| section.name == name)
}

fn name_of<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> String {
    let found = names.iter().find(|(known, _)| *known == value);
    found
        .map(|(_, name)| (*name).to_owned())
        .unwrap_or_default()
}

fn value_of<T: Copy + Default>(names: &[(T, &'static str)], name: &str) -> T {
    let found = names.iter().find(|(_, known)| *known == name);
    found.map(|(value, _)| *value).unwrap_or_default()
}
