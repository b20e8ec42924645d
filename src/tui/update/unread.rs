//! Reading on: from one unread article to the next, through all sections.

use super::super::commands::Command;
use super::super::effect::Effect;
use super::super::state::list::{Arrival, Extent, Reach, Way};
use super::super::state::sections::section_of;
use super::super::state::{Crossing, Pane, State};
use super::{article, list, sections};
use crate::services::rows::{Filter, ListOf};

/// Where the next unread article is.
enum Found {
    /// In this row of the list.
    Row(usize),
    /// Perhaps among rows that are still on their way.
    OnItsWay,
    /// In this section, which has so many.
    Section(usize, u32),
    /// Nowhere.
    Nowhere,
}

/// Goes to the next unread article, in any section.
pub(super) fn next(state: &mut State, out: &mut Vec<Effect>) {
    go(state, Way::Down, out);
}

/// Goes to the previous unread article, in any section.
pub(super) fn previous(state: &mut State, out: &mut Vec<Effect>) {
    go(state, Way::Up, out);
}

/// Opens the first unread article of the list, or the next one elsewhere.
pub(super) fn first(state: &mut State, out: &mut Vec<Effect>) {
    let found = in_rows(&state.list.rows, None, Way::Down)
        .map_or_else(|| find(state, Way::Down), Found::Row);
    reach(state, &found, Way::Down, Reach::Open, out);
}

/// Space at the end of an article: on to the next unread one; before another section it asks.
pub(super) fn read_on(state: &mut State, crossing: Crossing, out: &mut Vec<Effect>) {
    let found = find(state, Way::Down);
    if let (Found::Section(section, unread), Crossing::Asks) = (&found, crossing) {
        let space = state.setup.keymap.shown(Command::ReadOn);
        let name = sections_name(state, *section);
        state.say(format!(
            "End · {space} again: next unread, in {name} ({unread})"
        ));
        state.crossing = Crossing::Ready;
        return;
    }
    reach(state, &found, Way::Down, Reach::Open, out);
}

fn go(state: &mut State, way: Way, out: &mut Vec<Effect>) {
    let to = match state.focus {
        Pane::Article | Pane::Comments => Reach::Open,
        Pane::Sections | Pane::List => Reach::Select,
    };
    if state.focus == Pane::Sections {
        super::focus(state, Pane::List);
    }
    let found = find(state, way);
    reach(state, &found, way, to, out);
}

fn reach(state: &mut State, found: &Found, way: Way, reach: Reach, out: &mut Vec<Effect>) {
    match *found {
        Found::Row(row) => {
            list::select(state, row);
            if reach == Reach::Open {
                article::read_selected(state, out);
            }
        }
        Found::OnItsWay => {
            let from = Some(state.list.selected);
            state.list.seeking = Some(Arrival::Unread { way, from, reach });
        }
        Found::Section(section, _) => {
            // What narrows this list may hide the very articles that are looked for.
            let filter = match state.list.filter {
                Filter::Unread => Filter::Unread,
                _ => Filter::All,
            };
            let from = None;
            let arrival = Arrival::Unread { way, from, reach };
            sections::arrive(state, ListOf::Section(section), filter, arrival, out);
        }
        Found::Nowhere => {
            let count = state.setup.sections.len();
            let current = state.list.row().is_some_and(|row| !row.read);
            if current {
                state.say("No other article is unread");
            } else if count == 1 {
                state.say("All read: nothing unread in 1 section");
            } else {
                state.say(format!("All read: nothing unread in {count} sections"));
            }
        }
    }
}

/// Looks for the next unread article: on in the list, then from its other end, then in the other
/// sections in order.
fn find(state: &State, way: Way) -> Found {
    let rows = &state.list.rows;
    if let Some(row) = in_rows(rows, Some(state.list.selected), way) {
        return Found::Row(row);
    }
    if state.list.extent == Extent::Part && !rows.is_empty() {
        return Found::OnItsWay;
    }
    let Some(tallies) = &state.sections.tallies else {
        return Found::Nowhere;
    };
    let count = tallies.sections.len();
    // Of the section of an opened feed the other feeds come last.
    let (first, others) = match (state.list.of, way) {
        (ListOf::Section(at), Way::Down) => (at + 1, count.saturating_sub(1)),
        (ListOf::Section(at), Way::Up) => (at + count.saturating_sub(1), count.saturating_sub(1)),
        (of, Way::Down) => (section_of(of).map_or(0, |at| at + 1), count),
        (of, Way::Up) => (
            section_of(of).map_or(count.saturating_sub(1), |at| at + count - 1),
            count,
        ),
    };
    let mut order = (0..others).map(|step| match way {
        Way::Down => (first + step) % count,
        Way::Up => (first + count - step) % count,
    });
    let found = order.find_map(|section| {
        let unread = tallies.sections.get(section)?.own.unread;
        (unread > 0).then_some((section, unread))
    });
    found.map_or(Found::Nowhere, |(section, unread)| {
        Found::Section(section, unread)
    })
}

/// Returns the first unread row after `from` in one direction, then from the other end.
pub(super) fn in_rows(
    rows: &[crate::services::rows::Row],
    from: Option<usize>,
    way: Way,
) -> Option<usize> {
    let unread = |at: &usize| rows.get(*at).is_some_and(|row| !row.read);
    let len = rows.len();
    match (way, from) {
        (Way::Down, None) => (0..len).find(unread),
        (Way::Up, None) => (0..len).rev().find(unread),
        (Way::Down, Some(from)) => (from + 1..len).chain(0..from.min(len)).find(unread),
        (Way::Up, Some(from)) => (0..from.min(len))
            .rev()
            .chain((from + 1..len).rev())
            .find(unread),
    }
}

fn sections_name(state: &State, section: usize) -> &str {
    state
        .setup
        .sections
        .get(section)
        .map_or("", |section| &section.name)
}
