//! The sections pane: Today, Starred, Closing soon, the sections, and the feeds of those that are open.

use std::collections::BTreeSet;

use super::Setup;
use crate::services::rows::{ListOf, Tallies, Tally};

/// The sections pane.
#[derive(Clone, Debug, Default)]
pub struct Sections {
    /// How many articles there are of what; nothing before they were first counted.
    pub tallies: Option<Tallies>,
    /// The sections whose feeds are shown, by their place in the configuration.
    pub open: BTreeSet<usize>,
    /// The row that the bar stands on.
    pub selected: ListOf,
    /// The first row in sight.
    pub top: usize,
}

impl Sections {
    /// Returns the rows from top to bottom.
    pub fn rows(&self, setup: &Setup) -> Vec<ListOf> {
        let mut rows = vec![ListOf::Today, ListOf::Starred, ListOf::Closing];
        for (section, known) in setup.sections.iter().enumerate() {
            rows.push(ListOf::Section(section));
            if self.open.contains(&section) {
                rows.extend((0..known.feeds).map(|feed| ListOf::Feed { section, feed }));
            }
        }
        rows
    }

    /// Returns the place of the bar among the rows.
    pub fn at(&self, rows: &[ListOf]) -> usize {
        rows.iter()
            .position(|row| *row == self.selected)
            .unwrap_or_default()
    }

    /// Returns how many articles there are of something.
    pub fn tally(&self, of: ListOf) -> Option<Tally> {
        let tallies = self.tallies.as_ref()?;
        match of {
            ListOf::Today => Some(tallies.today),
            ListOf::Starred => Some(tallies.starred),
            ListOf::Closing => Some(tallies.closing),
            ListOf::Section(section) => tallies.sections.get(section).map(|tally| tally.own),
            ListOf::Feed { section, feed } => tallies
                .sections
                .get(section)?
                .feeds
                .get(feed)
                .map(|feed| feed.tally),
        }
    }

    /// Returns the name of a row.
    pub fn name<'a>(&'a self, setup: &'a Setup, of: ListOf) -> &'a str {
        match of {
            ListOf::Today => "Today",
            ListOf::Starred => "Starred",
            ListOf::Closing => "Closing soon",
            ListOf::Section(section) => setup
                .sections
                .get(section)
                .map_or("", |section| &section.name),
            ListOf::Feed { section, feed } => self
                .tallies
                .as_ref()
                .and_then(|tallies| tallies.sections.get(section)?.feeds.get(feed))
                .map_or("", |feed| &feed.title),
        }
    }

    /// Whether no article is stored at all, as far as is known.
    pub fn nothing_stored(&self) -> bool {
        self.tallies.as_ref().is_some_and(|tallies| {
            tallies.starred.articles == 0
                && tallies
                    .sections
                    .iter()
                    .all(|section| section.own.articles == 0)
        })
    }
}

/// Returns the section that a list belongs to; none for Today, Starred and Closing soon.
pub fn section_of(of: ListOf) -> Option<usize> {
    match of {
        ListOf::Today | ListOf::Starred | ListOf::Closing => None,
        ListOf::Section(section) | ListOf::Feed { section, .. } => Some(section),
    }
}
