//! The list pane.

use super::super::commands::Command;
use super::super::effect::{Effect, Question};
use super::super::shelf;
use super::super::state::list::{Arrival, Extent, Loading};
use super::super::state::{Pane, State};
use super::article;
use crate::services::rows::{Filter, ListOf, RowsQuery, Sort};

/// Moves the bar by some rows.
pub(super) fn step(state: &mut State, by: isize) {
    let last = state.list.rows.len().saturating_sub(1);
    let to = state.list.selected.saturating_add_signed(by).min(last);
    select(state, to);
}

/// Puts the bar on a row, and scrolls as little as brings it into sight.
pub(super) fn select(state: &mut State, row: usize) {
    state.list.selected = row;
    keep_in_sight(state);
}

/// Puts the bar on the last row, once it is there.
pub(super) fn bottom(state: &mut State) {
    match state.list.extent {
        Extent::Part if !state.list.rows.is_empty() => state.list.seeking = Some(Arrival::Last),
        Extent::Part | Extent::Whole => {
            let last = state.list.rows.len().saturating_sub(1);
            select(state, last);
        }
    }
}

/// Scrolls as little as brings the selected row into sight.
pub(super) fn keep_in_sight(state: &mut State) {
    state.list.top = shelf::top_for(state, state.list.selected, state.list.top);
}

/// Goes to the next or previous article: in the list the bar moves, in an article it is opened.
pub(super) fn neighbour(state: &mut State, by: isize, out: &mut Vec<Effect>) {
    if state.focus == Pane::Sections {
        super::focus(state, Pane::List);
    }
    let to = state.list.selected.checked_add_signed(by);
    match to.filter(|to| *to < state.list.rows.len()) {
        Some(to) if state.focus == Pane::Article => {
            select(state, to);
            article::read_selected(state, out);
        }
        Some(to) => select(state, to),
        None if by > 0 => state.say("This is the last article of the list"),
        None => state.say("This is the first article of the list"),
    }
}

/// Asks for the rows of a list, which then take this one's place.
pub(super) fn load(
    state: &mut State,
    of: ListOf,
    filter: Filter,
    sort: Sort,
    arrival: Arrival,
    out: &mut Vec<Effect>,
) {
    state.list.ticket += 1;
    state.list.seeking = None;
    state.list.loading = Some(Loading {
        of,
        filter,
        sort,
        arrival,
    });
    out.push(Effect::Ask(Question::Rows {
        ticket: state.list.ticket,
        query: RowsQuery {
            of,
            filter,
            sort,
            today: state.today(),
            now: state.now,
        },
    }));
}

/// Narrows the list.
pub(super) fn narrow(state: &mut State, filter: Filter, out: &mut Vec<Effect>) {
    let (of, sort, arrival) = (state.list.of, state.list.sort, stay(state));
    load(state, of, filter, sort, arrival, out);
}

/// Sorts the list.
pub(super) fn sort(state: &mut State, sort: Sort, out: &mut Vec<Effect>) {
    let (of, filter, arrival) = (state.list.of, state.list.filter, stay(state));
    load(state, of, filter, sort, arrival, out);
}

/// Shows what waits, and drops what no longer fits the filter.
pub(super) fn bring_up_to_date(state: &mut State, out: &mut Vec<Effect>) {
    article::take_newer(state, out);
    reload(state, out);
}

/// Reads the same list anew; the selected article stays where it is if it can.
pub(super) fn reload(state: &mut State, out: &mut Vec<Effect>) {
    let (of, filter, sort) = (state.list.of, state.list.filter, state.list.sort);
    let arrival = stay(state);
    load(state, of, filter, sort, arrival, out);
}

/// Returns an arrival that leaves the selected article in its screen line.
fn stay(state: &State) -> Arrival {
    state
        .list
        .row()
        .map_or(Arrival::First, |row| Arrival::Keep {
            id: row.id,
            row: state.list.selected,
            line: shelf::line_of_row(state, state.list.top, state.list.selected),
        })
}

/// Says why nothing is selected, where a command needs an article.
pub(super) fn nothing_selected(state: &mut State) {
    let help = state.setup.keymap.shown(Command::SectionNext);
    state.say(format!("No article is selected · {help} next section"));
}
