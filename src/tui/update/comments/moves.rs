//! Moving among comments, and folding them.

use std::collections::HashSet;

use super::super::super::shelf;
use super::super::super::state::State;
use super::super::super::state::comments::TalkRow;
use super::super::super::state::history::Deed;
use crate::model::article::ArticleId;
use crate::model::comment::Place;
use crate::services::comments::EntryId;

/// Works out which lines there are.
pub(super) fn lay(state: &mut State) {
    let pane = &mut state.comments;
    if let Some(talk) = &pane.talk {
        (pane.rows, pane.lines) = talk.rows(&pane.folded);
    }
}

/// Keeps the top line where lines are, and a selected comment in sight.
pub(super) fn clamp(state: &mut State) {
    let last = last_top(state);
    state.comments.top = state.comments.top.min(last);
    if let Some(row) = state.comments.row().copied() {
        let height = shelf::article_height(state);
        let pane = &mut state.comments;
        if row.line >= pane.top + height || row.end <= pane.top {
            pane.top = top_for(row, pane.top, height).min(last);
        }
    }
}

pub(super) fn last_top(state: &State) -> usize {
    state
        .comments
        .lines
        .saturating_sub(shelf::article_height(state))
}

/// Returns the top line that has a comment in sight, moved as little as possible: whole, else from
/// its first line on.
fn top_for(row: TalkRow, top: usize, height: usize) -> usize {
    let lowest = row.end.saturating_sub(height).min(row.line);
    top.clamp(lowest, row.line)
}

/// Selects the comment of a row and brings it into sight.
pub(super) fn select(state: &mut State, at: usize) {
    let Some(row) = state.comments.rows.get(at).copied() else {
        return;
    };
    let height = shelf::article_height(state);
    state.comments.selected = row.entry;
    state.comments.top = top_for(row, state.comments.top, height);
}

/// Selects a comment, and shows what hides it.
pub(super) fn go_to(state: &mut State, entry: usize) {
    let Some(talk) = state.comments.talk.clone() else {
        return;
    };
    let mut above = talk.parent(entry);
    let mut opened = false;
    while let Some(at) = above {
        if let Some(entry) = talk.entry(at) {
            opened |= state.comments.folded.remove(&entry.id);
        }
        above = talk.parent(at);
    }
    if opened {
        lay(state);
    }
    let at = state.comments.row_of(entry);
    select(state, at);
}

/// The next comment; within one that is taller than the window, the next line.
pub(super) fn down(state: &mut State) {
    let height = shelf::article_height(state);
    let Some(row) = state.comments.row().copied() else {
        return scroll(state, 1);
    };
    let at = state.comments.row_of(state.comments.selected);
    if row.end > state.comments.top + height {
        state.comments.top += 1;
    } else if at + 1 < state.comments.rows.len() {
        select(state, at + 1);
    } else if state.comments.top < last_top(state) {
        state.comments.top += 1;
    }
}

/// The previous comment; within one that begins above the window, the previous line.
pub(super) fn up(state: &mut State) {
    let height = shelf::article_height(state);
    let Some(row) = state.comments.row().copied() else {
        return scroll(state, -1);
    };
    let at = state.comments.row_of(state.comments.selected);
    if row.line < state.comments.top {
        state.comments.top -= 1;
    } else if let Some(before) = at.checked_sub(1) {
        select(state, before);
        // Who comes from below reads a tall one from its end.
        if let Some(row) = state.comments.row().copied()
            && row.end - row.line > height
        {
            state.comments.top = row.end - height;
        }
    }
}

/// Scrolls by lines; the selection goes along with what is in sight.
pub(super) fn scroll(state: &mut State, by: isize) {
    let (height, last) = (shelf::article_height(state), last_top(state));
    let pane = &mut state.comments;
    let before = pane.top;
    pane.top = before.saturating_add_signed(by).min(last);
    let edge = if pane.top != before {
        None
    } else if by > 0 {
        pane.rows.len().checked_sub(1)
    } else {
        Some(0)
    };
    if let Some(at) = edge {
        return select(state, at);
    }
    let bottom = pane.top + height;
    let selected = pane.row().copied();
    // It stays where it still begins in sight, or fills the window.
    let stays = selected.is_some_and(|row| {
        let begins = row.line >= pane.top && row.line < bottom;
        begins || (row.line < pane.top && row.end >= bottom)
    });
    if stays {
        return;
    }
    let first = pane.rows.partition_point(|row| row.line < pane.top);
    let to = match pane.rows.get(first).filter(|row| row.line < bottom) {
        Some(_) if by < 0 => pane
            .rows
            .partition_point(|row| row.line < bottom)
            .saturating_sub(1),
        Some(_) => first,
        None => first.saturating_sub(1),
    };
    if let Some(row) = pane.rows.get(to) {
        pane.selected = row.entry;
    }
}

/// The next or previous comment, in the rows, for which something holds.
fn find(state: &State, by: isize, is_it: impl Fn(usize) -> bool) -> Option<usize> {
    let rows = &state.comments.rows;
    let here = state.comments.row_of(state.comments.selected);
    let holds = |at: &usize| rows.get(*at).is_some_and(|row| is_it(row.entry));
    if by > 0 {
        (here + 1..rows.len()).find(holds)
    } else {
        (0..here.min(rows.len())).rev().find(holds)
    }
}

fn depth_of(state: &State, entry: usize) -> Option<u32> {
    let talk = state.comments.talk.as_ref()?;
    talk.entry(entry).map(|entry| entry.depth)
}

pub(super) fn same_depth(state: &mut State, by: isize) {
    let depth = depth_of(state, state.comments.selected);
    match find(state, by, |entry| depth_of(state, entry) == depth) {
        Some(at) => select(state, at),
        None if by > 0 => state.say("No further comment of this depth"),
        None => state.say("No earlier comment of this depth"),
    }
}

pub(super) fn thread(state: &mut State, by: isize) {
    match find(state, by, |entry| depth_of(state, entry) == Some(1)) {
        Some(at) => select(state, at),
        None if by > 0 => state.say("This is the last thread"),
        None => state.say("This is the first thread"),
    }
}

pub(super) fn parent(state: &mut State) {
    let selected = state.comments.selected;
    let above = state
        .comments
        .talk
        .as_ref()
        .and_then(|talk| talk.parent(selected));
    match (above, state.comments.entry().map(|entry| entry.place)) {
        (Some(at), _) => go_to(state, at),
        (None, Some(Place::Orphan)) => state.say("The site no longer shows what this answers"),
        (None, Some(_)) => state.say("This comment begins its thread"),
        (None, None) => {}
    }
}

/// Goes to the next or previous comment that is new, then on from the other end; folded branches
/// open.
pub(super) fn new_one(state: &mut State, by: isize) {
    let pane = &state.comments;
    let Some(talk) = &pane.talk else {
        return;
    };
    let (here, count) = (pane.selected, talk.conversation.entries.len());
    let is_new = |at: &usize| talk.entry(*at).is_some_and(|entry| pane.is_new(entry));
    let found = if by > 0 {
        (here + 1..count).chain(0..here.min(count)).find(is_new)
    } else {
        (0..here.min(count))
            .rev()
            .chain((here + 1..count).rev())
            .find(is_new)
    };
    match found {
        Some(at) => go_to(state, at),
        None if is_new(&here) => state.say("No other comment is new"),
        None => state.say("No comment is new since your last visit"),
    }
}

/// Hides the selected comment with its replies, or shows them.
pub(super) fn fold(state: &mut State) {
    let Some(id) = state.comments.entry().map(|entry| entry.id.clone()) else {
        return;
    };
    let folded = &mut state.comments.folded;
    if !folded.remove(&id) {
        folded.insert(id);
    }
    lay_and_stay(state);
}

/// Hides the replies of all threads, or shows all where any are hidden.
pub(super) fn fold_all(state: &mut State) {
    let Some(talk) = state.comments.talk.clone() else {
        return;
    };
    let before = state.comments.folded.clone();
    let entries = talk.conversation.entries.iter();
    let threads = entries.filter(|entry| entry.depth == 1 && entry.replies > 0);
    let after: HashSet<EntryId> = if before.is_empty() {
        threads.map(|entry| entry.id.clone()).collect()
    } else {
        HashSet::new()
    };
    if before == after {
        state.say("No comment here has replies");
        return;
    }
    set_folded(state, after.clone());
    state.history.note(Deed::FoldedComments {
        article: talk.conversation.article,
        before,
        after,
    });
}

/// Folds these branches of an article's comments alone, where they are on the screen.
pub(in super::super) fn fold_again(
    state: &mut State,
    article: ArticleId,
    folded: HashSet<EntryId>,
) {
    if state.comments.wanted == Some(article) {
        set_folded(state, folded);
    }
}

fn set_folded(state: &mut State, folded: HashSet<EntryId>) {
    state.comments.folded = folded;
    lay_and_stay(state);
}

/// Works the lines out anew; the selected comment, or the one that hides it now, stays in its line.
fn lay_and_stay(state: &mut State) {
    let line = |state: &State| state.comments.row().map(|row| row.line);
    let before = line(state);
    lay(state);
    if let Some(row) = state.comments.row().copied() {
        let pane = &mut state.comments;
        pane.selected = row.entry;
        if let Some(before) = before {
            let moved = signed(row.line) - signed(before);
            // What begins above the window begins in it once it has fewer lines.
            pane.top = pane.top.saturating_add_signed(moved).min(row.line);
        }
    }
    clamp(state);
}

pub(super) fn signed(lines: usize) -> isize {
    isize::try_from(lines).unwrap_or(isize::MAX)
}
