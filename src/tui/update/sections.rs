//! The sections pane.

use std::collections::BTreeSet;

use super::super::effect::Effect;
use super::super::shelf;
use super::super::state::history::Deed;
use super::super::state::list::Arrival;
use super::super::state::sections::section_of;
use super::super::state::{Pane, SectionsPane, State};
use super::list;
use crate::services::rows::{Filter, ListOf};

/// Moves the bar by some rows; the list follows.
pub(super) fn step(state: &mut State, by: isize, out: &mut Vec<Effect>) {
    let rows = state.sections.rows(&state.setup);
    let at = state.sections.at(&rows);
    let to = at
        .saturating_add_signed(by)
        .min(rows.len().saturating_sub(1));
    if let Some(of) = rows.get(to).filter(|_| to != at) {
        go_to(state, *of, out);
    }
}

/// Goes to what a list is of; the list is read anew.
pub(super) fn go_to(state: &mut State, of: ListOf, out: &mut Vec<Effect>) {
    let filter = state.list.filter;
    arrive(state, of, filter, Arrival::First, out);
}

/// Goes to what a list is of, and does something once it is there.
pub(super) fn arrive(
    state: &mut State,
    of: ListOf,
    filter: Filter,
    arrival: Arrival,
    out: &mut Vec<Effect>,
) {
    if state.focus == Pane::Article {
        state.focus = Pane::List;
    }
    state.sections.selected = of;
    keep_in_sight(state);
    let sort = state.list.sort;
    list::load(state, of, filter, sort, arrival, out);
}

/// Goes to the next or previous section, feeds left out.
pub(super) fn neighbour(state: &mut State, by: isize, out: &mut Vec<Effect>) {
    let mut all = vec![ListOf::Today, ListOf::Starred, ListOf::Closing];
    all.extend((0..state.setup.sections.len()).map(ListOf::Section));
    let here = match state.sections.selected {
        ListOf::Feed { section, .. } => ListOf::Section(section),
        of => of,
    };
    let at = all.iter().position(|of| *of == here).unwrap_or_default();
    match at.checked_add_signed(by).and_then(|to| all.get(to)) {
        Some(of) => go_to(state, *of, out),
        None if by > 0 => state.say("This is the last section"),
        None => state.say("This is the first section"),
    }
}

/// Shows or hides the feeds of the section that the bar stands on.
pub(super) fn fold(state: &mut State, out: &mut Vec<Effect>) {
    let Some(section) = section_of(state.sections.selected) else {
        state.say("Only sections have feeds to show");
        return;
    };
    if state.sections.open.remove(&section) {
        leave_folded(state, out);
    } else {
        state.sections.open.insert(section);
    }
    keep_in_sight(state);
}

/// Shows the feeds of all sections, or hides them where all are shown.
pub(super) fn fold_all(state: &mut State, out: &mut Vec<Effect>) {
    let before = state.sections.open.clone();
    let all = (0..state.setup.sections.len()).collect();
    let after = if before == all { BTreeSet::new() } else { all };
    set_open(state, after.clone(), out);
    state.history.note(Deed::Folded { before, after });
}

/// Shows the feeds of these sections alone.
pub(super) fn set_open(state: &mut State, open: BTreeSet<usize>, out: &mut Vec<Effect>) {
    state.sections.open = open;
    leave_folded(state, out);
    keep_in_sight(state);
}

/// Goes from a feed that is hidden now to its section.
fn leave_folded(state: &mut State, out: &mut Vec<Effect>) {
    if let ListOf::Feed { section, .. } = state.sections.selected
        && !state.sections.open.contains(&section)
    {
        go_to(state, ListOf::Section(section), out);
    }
}

/// Shows the sections pane or hides it.
pub(super) fn show_or_hide(state: &mut State) {
    state.display.sections_pane = state.display.sections_pane.other();
    if state.display.sections_pane == SectionsPane::Hidden && state.focus == Pane::Sections {
        state.focus = Pane::List;
    }
    list::keep_in_sight(state);
}

/// Scrolls as little as brings the bar into sight.
pub(super) fn keep_in_sight(state: &mut State) {
    let rows = state.sections.rows(&state.setup);
    let at = state.sections.at(&rows);
    state.sections.top = shelf::sections_top(state, at, state.sections.top);
}
