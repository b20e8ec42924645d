//! Marks: shown at once, written behind, counted, and taken back.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::commands::Command;
use super::super::effect::{Change, Effect, Even};
use super::super::state::history::{Deed, Story, Way, Writing};
use super::super::state::list::Extent;
use super::super::state::news::Recount;
use super::super::state::{Pane, State};
use super::{article, comments, compose, list, news, sections};
use crate::model::article::{ArticleId, FeedId, Mark};
use crate::services::rows::{Row, Tallies, Tally};

/// Marks the opened article read.
pub(super) fn opened(state: &mut State, out: &mut Vec<Effect>) {
    let row = state.article.wanted.and_then(|id| row_of(state, id));
    if let Some(row) = row.filter(|row| !row.read || row.changed) {
        let stories = vec![Story::from(row)];
        mark(state, Mark::Read, stories, out);
    }
}

/// Returns the row of an article, most often the selected one.
fn row_of(state: &State, id: ArticleId) -> Option<&Row> {
    let selected = state.list.row().filter(|row| row.id == id);
    selected.or_else(|| state.list.rows.iter().find(|row| row.id == id))
}

/// Returns what marks are for: the opened article, also where the list no longer has it, else the
/// selected one.
fn in_hand(state: &State) -> Option<Story> {
    let id = match state.focus {
        Pane::Article | Pane::Comments => state.article.wanted?,
        Pane::Sections | Pane::List => state.list.row()?.id,
    };
    row_of(state, id).map(Story::from).or_else(|| {
        let head = &state.article.shown()?.head;
        Some(Story {
            id,
            feeds: vec![head.feed],
            at: head.published.unwrap_or(head.first_seen),
            unread: !head.marks.read,
            starred: head.marks.starred,
            changed: head.changed,
        })
    })
}

/// Stars the article in hand or takes its star away.
pub(super) fn star(state: &mut State, out: &mut Vec<Effect>) {
    let Some(story) = in_hand(state) else {
        return list::nothing_selected(state);
    };
    let (which, said) = if story.starred {
        (Mark::Unstar, "Star taken away")
    } else {
        (Mark::Star, "Starred")
    };
    mark(state, which, vec![story], out);
    let undo = state.setup.keymap.shown(Command::Undo);
    state.say(format!("{said} · {undo} takes it back"));
}

/// Marks the article in hand read, or unread if it is read.
pub(super) fn toggle_read(state: &mut State, out: &mut Vec<Effect>) {
    let Some(story) = in_hand(state) else {
        return list::nothing_selected(state);
    };
    let (which, said) = if story.unread {
        (Mark::Read, "Marked read")
    } else {
        (Mark::Unread, "Marked unread")
    };
    mark(state, which, vec![story], out);
    let undo = state.setup.keymap.shown(Command::Undo);
    state.say(format!("{said} · {undo} takes it back"));
}

/// Marks everything from the top down to the selected article read.
pub(super) fn read_to_here(state: &mut State, out: &mut Vec<Effect>) {
    if state.list.row().is_none() {
        return list::nothing_selected(state);
    }
    mark_first(state, state.list.selected + 1, out);
}

/// Marks everything in the list read.
pub(super) fn read_all(state: &mut State, out: &mut Vec<Effect>) {
    if state.list.extent == Extent::Part {
        state.say("The list is still being read; try again");
        return;
    }
    mark_first(state, usize::MAX, out);
}

fn mark_first(state: &mut State, rows: usize, out: &mut Vec<Effect>) {
    let stories: Vec<Story> = state
        .list
        .rows
        .iter()
        .take(rows)
        .filter(|row| !row.read)
        .map(Story::from)
        .collect();
    if stories.is_empty() {
        state.say("Nothing here is unread");
        return;
    }
    let count = stories.len();
    mark(state, Mark::Read, stories, out);
    let undo = state.setup.keymap.shown(Command::Undo);
    let (articles, them) = if count == 1 {
        ("1 article".to_owned(), "it")
    } else {
        (format!("{count} articles"), "them")
    };
    state.say(format!(
        "{articles} marked read · {undo} brings {them} back"
    ));
}

/// Takes the last deed back.
pub(super) fn undo(state: &mut State, out: &mut Vec<Effect>) {
    let redo = state.setup.keymap.shown(Command::Redo);
    match state.history.undo() {
        None => state.say("Nothing to undo"),
        Some(Deed::Marked { act, mark, stories }) => {
            let said = if stories.iter().any(|story| story.counts_for(mark)) {
                said(&stories, mark.opposite())
            } else {
                "Shown as changed".to_owned()
            };
            out.push(Effect::Write(Change::TakeBack { act, mark }));
            show_and_await(state, act, mark, Way::Back, stories);
            state.say(format!("{said} again · {redo} redoes"));
        }
        Some(Deed::Folded { before, .. }) => {
            sections::set_open(state, before, out);
            state.say(format!("Feeds shown as before · {redo} redoes"));
        }
        Some(Deed::FoldedComments {
            article, before, ..
        }) => {
            comments::fold_again(state, article, before);
            state.say(format!("Comments shown as before · {redo} redoes"));
        }
        Some(Deed::ThrewAway(draft)) => {
            compose::bring_back(draft, out);
            state.say(format!("The draft is back · {redo} throws it away"));
        }
    }
}

/// Does again what was taken back last.
pub(super) fn redo(state: &mut State, out: &mut Vec<Effect>) {
    let undo = state.setup.keymap.shown(Command::Undo);
    match state.history.redo() {
        None => state.say("Nothing to redo"),
        Some(Deed::Marked { act, mark, stories }) => {
            let said = said(&stories, mark);
            apply(state, act, mark, stories, out);
            state.say(format!("{said} again · {undo} undoes"));
        }
        Some(Deed::Folded { after, .. }) => {
            sections::set_open(state, after, out);
            state.say(format!("Done again · {undo} undoes"));
        }
        Some(Deed::FoldedComments { article, after, .. }) => {
            comments::fold_again(state, article, after);
            state.say(format!("Done again · {undo} undoes"));
        }
        Some(Deed::ThrewAway(draft)) => {
            compose::throw_away_again(draft.id, out);
            state.say(format!("Draft thrown away again · {undo} brings it back"));
        }
    }
}

/// Returns `9 articles unread`.
fn said(stories: &[Story], mark: Mark) -> String {
    let articles = match stories.len() {
        1 => "1 article".to_owned(),
        count => format!("{count} articles"),
    };
    let word = match mark {
        Mark::Read => "read",
        Mark::Unread => "unread",
        Mark::Star => "starred",
        Mark::Unstar => "unstarred",
    };
    format!("{articles} {word}")
}

fn mark(state: &mut State, mark: Mark, stories: Vec<Story>, out: &mut Vec<Effect>) {
    let act = state.history.next_act();
    if stories.iter().any(|story| story.changes_by(mark)) {
        state.history.note(Deed::Marked {
            act,
            mark,
            stories: stories.clone(),
        });
    }
    apply(state, act, mark, stories, out);
}

/// Shows a mark at once and has it written.
fn apply(state: &mut State, act: u64, mark: Mark, stories: Vec<Story>, out: &mut Vec<Effect>) {
    out.push(Effect::Write(Change::Mark {
        act,
        ids: stories.iter().map(|story| story.id).collect(),
        mark,
    }));
    show_and_await(state, act, mark, Way::Forth, stories);
}

/// Shows a mark or its end, and keeps in mind that it is being written.
fn show_and_await(state: &mut State, act: u64, mark: Mark, way: Way, stories: Vec<Story>) {
    show(state, mark, way, &stories);
    article::forget_near(state);
    // What is being counted was counted before this mark.
    state.news.ticket += 1;
    state.writing.push_back(Writing {
        act,
        mark,
        way,
        stories,
    });
}

/// The oldest mark that was being written is stored.
pub(super) fn stored(state: &mut State, out: &mut Vec<Effect>) {
    state.writing.pop_front();
    count_again(state, out);
}

/// Asks for counts that are owed, once nothing is being written any more.
fn count_again(state: &mut State, out: &mut Vec<Effect>) {
    if state.writing.is_empty() && state.news.recount == Recount::Owed {
        news::ask_counts(state, Even::Unchanged, out);
    }
}

/// The oldest mark that was being written could not be: all is shown as before it.
pub(super) fn refused(state: &mut State, out: &mut Vec<Effect>) {
    if let Some(writing) = state.writing.pop_front() {
        show(state, writing.mark, writing.way.turned(), &writing.stories);
        match writing.way {
            Way::Forth => state.history.forget(writing.act),
            Way::Back => state.history.keep(writing.act),
        }
        state.news.ticket += 1;
    }
    // What was written of many articles before it failed is counted anew.
    state.news.recount = Recount::Owed;
    count_again(state, out);
}

/// Sets a mark in rows and counts, or takes it back there.
fn show(state: &mut State, mark: Mark, way: Way, stories: &[Story]) {
    let by_id: HashMap<ArticleId, &Story> = stories.iter().map(|one| (one.id, one)).collect();
    let mut changed: HashSet<ArticleId> = HashSet::with_capacity(by_id.len());
    let mut in_list: HashSet<ArticleId> = HashSet::with_capacity(by_id.len());
    for row in &mut state.list.rows {
        let Some(story) = by_id.get(&row.id) else {
            continue;
        };
        in_list.insert(row.id);
        let before = (row.read, row.starred);
        story.show(row, mark, way);
        if before != (row.read, row.starred) {
            changed.insert(row.id);
        }
    }
    let shown = match way {
        Way::Forth => mark,
        Way::Back => mark.opposite(),
    };
    if let Some(page) = &mut state.article.page
        && let Some(story) = by_id.get(&page.head.id)
        && (way == Way::Forth || story.counts_for(mark))
    {
        let marks = &mut Arc::make_mut(page).head.marks;
        shown.set(&mut marks.read, &mut marks.starred);
    }
    let today = state.today();
    let Some(tallies) = &mut state.sections.tallies else {
        return;
    };
    let names = &state.list.feeds.names;
    for story in stories {
        // A row says what changes; for a story that isn't listed now the mark was a change.
        let counts = if in_list.contains(&story.id) {
            changed.contains(&story.id)
        } else {
            story.counts_for(mark)
        };
        if !counts {
            continue;
        }
        let sections: HashSet<usize> = story
            .feeds
            .iter()
            .filter_map(|feed| names.get(feed))
            .flat_map(|feed| feed.sections.iter().copied())
            .collect();
        count(tallies, shown, story, &sections, story.at >= today);
    }
}

fn count(
    tallies: &mut Tallies,
    mark: Mark,
    story: &Story,
    sections: &HashSet<usize>,
    is_todays: bool,
) {
    let by = match mark {
        Mark::Unread | Mark::Star => 1,
        Mark::Read | Mark::Unstar => -1,
    };
    let add = |number: &mut u32| *number = number.saturating_add_signed(by);
    if matches!(mark, Mark::Star | Mark::Unstar) {
        add(&mut tallies.starred.articles);
        if story.unread {
            add(&mut tallies.starred.unread);
        }
        return;
    }
    let unread = |tally: &mut Tally| tally.unread = tally.unread.saturating_add_signed(by);
    if is_todays && !sections.is_empty() {
        unread(&mut tallies.today);
    }
    if story.starred {
        unread(&mut tallies.starred);
    }
    for (at, section) in tallies.sections.iter_mut().enumerate() {
        if !sections.contains(&at) {
            continue;
        }
        unread(&mut section.own);
        let carries = |id: Option<FeedId>| id.is_some_and(|id| story.feeds.contains(&id));
        for feed in section.feeds.iter_mut().filter(|feed| carries(feed.id)) {
            unread(&mut feed.tally);
        }
    }
}

/// Shows marks that are still being written on rows that were read before them: those from `first`
/// on.
pub(super) fn show_unwritten(state: &mut State, first: usize) {
    for writing in &state.writing {
        let stories = writing.stories.iter();
        let by_id: HashMap<ArticleId, &Story> = stories.map(|one| (one.id, one)).collect();
        for row in state.list.rows.iter_mut().skip(first) {
            if let Some(story) = by_id.get(&row.id) {
                story.show(row, writing.mark, writing.way);
            }
        }
    }
}
