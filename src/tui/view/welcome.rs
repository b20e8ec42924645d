//! What the list says while it has no rows: why, and what to press.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::paint::Brush;
use crate::services::Connection;
use crate::services::dates::Grouped;
use crate::services::dates::in_list;
use crate::services::rows::{Filter, ListOf};
use crate::tui::commands::Command;
use crate::tui::cut;
use crate::tui::palette::Ink;
use crate::tui::shelf::wrapped;
use crate::tui::state::State;
use crate::tui::state::list::Extent;
use crate::tui::state::news::Network;
use crate::tui::state::sections::section_of;

/// Draws what the list says, wrapped to it.
pub(super) fn draw(state: &State, brush: &mut Brush<'_>, area: Rect) {
    let style = brush.ink(Ink::Text);
    let columns = area.width.saturating_sub(2);
    let mut y = area.y;
    for text in said(state) {
        let text = brush.look().symbols.plainly(&text).into_owned();
        for line in wrapped(&text, columns.into()) {
            if y < area.bottom() {
                brush.put(area.x + 1, y, columns, line, style);
            }
            y += 1;
        }
    }
}

fn said(state: &State) -> Vec<String> {
    let is_known = state.list.extent == Extent::Whole && state.list.loading.is_none();
    if state.sections.nothing_stored() {
        first_run(state)
    } else if !is_known || state.sections.tallies.is_none() {
        // Nothing is said that the next moment may prove wrong.
        Vec::new()
    } else if state.list.filter != Filter::All && has_articles(state) {
        vec![nothing_left(state)]
    } else {
        vec![nothing_there(state)]
    }
}

/// Whether what the list is of has articles that a filter can leave out.
fn has_articles(state: &State) -> bool {
    let tally = state.sections.tally(state.list.of);
    tally.is_some_and(|tally| tally.articles > 0)
}

/// No article is stored at all.
fn first_run(state: &State) -> Vec<String> {
    let feeds: usize = state
        .setup
        .sections
        .iter()
        .map(|section| section.feeds)
        .sum();
    let sections = state.setup.sections.len();
    let welcome = format!(
        "Welcome to Gazette. {} in {} are set up.",
        counted(feeds, "feed"),
        counted(sections, "section"),
    );
    let key = state.setup.keymap.shown(Command::RefreshAll);
    let is_offline =
        state.setup.connection == Connection::Offline || state.news.network == Network::Unreached;
    let tallies = state.sections.tallies.as_ref();
    let next = tallies.and_then(|tallies| tallies.next_poll);
    match state.news.running {
        Some(running) => vec![
            welcome,
            format!(
                "Fetching the first news: {} of {}. Articles appear here as they come.",
                running.done, running.all
            ),
        ],
        None if is_offline => vec![format!(
            "Nothing is stored yet and there is no network. {key} tries again; gazette demo shows samples."
        )],
        None if tallies.is_some_and(|tallies| tallies.last_good.is_some()) => {
            vec![welcome, no_articles(state, next)]
        }
        None => vec![welcome, format!("{key} fetches the first news.")],
    }
}

/// The filter leaves nothing.
fn nothing_left(state: &State) -> String {
    let what = match state.list.filter {
        Filter::All => "",
        Filter::Unread => "unread",
        Filter::Starred => "starred",
        Filter::Today => "of today",
        Filter::Changed => "changed",
        Filter::Whole => "stored whole",
    };
    let keymap = &state.setup.keymap;
    let all = keymap.shown(Command::Filter(Filter::All));
    let tally = state.sections.tally(state.list.of).unwrap_or_default();
    let count = cut::thousands(tally.articles.into());
    let mut text = format!("Nothing {what} here. {all} shows all {count}");
    let next = section_of(state.list.of).map(|section| section + 1);
    if let Some(section) = next.and_then(|at| state.setup.sections.get(at).map(|_| at)) {
        let of = ListOf::Section(section);
        let key = keymap.shown(Command::SectionNext);
        let name = state.sections.name(&state.setup, of);
        text.push_str(&format!(" · {key} goes to {name}"));
        match state.sections.tally(of).map_or(0, |tally| tally.unread) {
            0 => {}
            unread => text.push_str(&format!(" ({} unread)", cut::thousands(unread.into()))),
        }
    }
    text
}

/// The section, or whatever else, has no articles.
fn nothing_there(state: &State) -> String {
    let tallies = state.sections.tallies.as_ref();
    let feeds = |section: usize| tallies.and_then(|tallies| tallies.sections.get(section));
    let next = match state.list.of {
        ListOf::Starred => {
            let key = state.setup.keymap.shown(Command::Star);
            return format!("Nothing starred yet. {key} stars an article.");
        }
        ListOf::Closing => return "No open consultation is stored.".to_owned(),
        ListOf::Today => {
            let next = tallies.and_then(|tallies| tallies.next_poll);
            return no_articles(state, next).replace("articles", "articles of today");
        }
        ListOf::Section(section) => feeds(section).and_then(|section| {
            section
                .feeds
                .iter()
                .filter_map(|feed| feed.next_check)
                .min()
        }),
        ListOf::Feed { section, feed } => {
            feeds(section).and_then(|section| section.feeds.get(feed)?.next_check)
        }
    };
    no_articles(state, next)
}

fn no_articles(state: &State, next: Option<Timestamp>) -> String {
    match next.filter(|next| *next > state.now) {
        Some(next) => {
            let when = if next < state.today() + jiff::SignedDuration::from_hours(24) {
                in_list(next, state.now, &state.setup.zone, Grouped::No)
            } else {
                crate::services::dates::short_day(next, &state.setup.zone)
            };
            format!("No articles yet. Next look at {when}")
        }
        None => "No articles yet.".to_owned(),
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
