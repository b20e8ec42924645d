//! Answers of the reader of the cache.

use std::sync::Arc;

use super::super::effect::{Effect, Even};
use super::super::message::{Counts, Loaded, Part, QuestionKind};
use super::super::shelf;
use super::super::state::article::{Form, Newer};
use super::super::state::comments::Kept;
use super::super::state::list::{Arrival, Extent, Reach, Way};
use super::super::state::place::Place;
use super::super::state::{Page, Pane, State, Then, Touched};
use super::{article, comments, keys, list, marks, news, sections, unread};
use crate::model::article::ArticleId;
use crate::services::comments::EntryId;
use crate::services::rows::{Filter, ListOf, Row};
use crate::services::sheet::changes::NO_EARLIER_VERSION;

/// Takes an answer.
pub(super) fn loaded(state: &mut State, loaded: Loaded, out: &mut Vec<Effect>) {
    match loaded {
        Loaded::Start { place, counts } => start(state, &place, *counts, out),
        Loaded::Rows { ticket, rows, part } if ticket == state.list.ticket => {
            take_rows(state, ticket, rows, part, out);
        }
        Loaded::Page { ticket, page }
            if ticket == state.article.ticket && state.article.asked.is_some() =>
        {
            take_page(state, page, out);
        }
        Loaded::Page {
            ticket,
            page: Some(page),
        } if is_ahead(state, ticket) => {
            state.article.ahead = None;
            article::keep_near(state, page);
        }
        Loaded::Talk { ticket, talk } if ticket == state.comments.ticket => {
            comments::show(state, talk, out);
        }
        // Answers to questions that were put anew since.
        Loaded::Rows { .. } | Loaded::Page { .. } | Loaded::Talk { .. } => {}
        Loaded::Counts(counts) => take_counts(state, *counts, out),
        Loaded::Failed { of, problem } => {
            match of {
                QuestionKind::Rows(ticket) if ticket == state.list.ticket => no_more_rows(state),
                // Nobody asked to see it: it is told when somebody does.
                QuestionKind::Page(ticket) if is_ahead(state, ticket) => return,
                QuestionKind::Page(ticket) if ticket == state.article.ticket => {
                    go_without(state);
                }
                QuestionKind::Talk(ticket) if ticket == state.comments.ticket => {
                    comments::give_up(state);
                }
                QuestionKind::Start => {
                    state.sections.tallies.get_or_insert_default();
                }
                QuestionKind::Rows(_)
                | QuestionKind::Page(_)
                | QuestionKind::Talk(_)
                | QuestionKind::Counts => {}
            }
            super::complain(state, &problem);
        }
    }
}

/// Goes where the reader was last.
fn start(state: &mut State, place: &Place, counts: Counts, out: &mut Vec<Effect>) {
    state.list.feeds = counts.feeds;
    state.news.day = Some(state.today());
    state.news.to_send = counts.to_send;
    state.sections.tallies = Some(counts.tallies);
    state.sections.open = place.open(state);
    state.display.sections_pane = place.sections_pane;
    state.display.alone = place.alone;
    state.display.measure = place.measure;
    let first = if state.setup.sections.is_empty() {
        ListOf::Today
    } else {
        ListOf::default()
    };
    let of = place.list_of(state).unwrap_or(first);
    // A feed is only selected where it is in sight.
    if let ListOf::Feed { section, .. } = of {
        state.sections.open.insert(section);
    }
    state.sections.selected = of;
    state.focus = match place.focus {
        Pane::Sections => Pane::Sections,
        Pane::List | Pane::Article | Pane::Comments => Pane::List,
    };
    sections::keep_in_sight(state);
    let arrival = match place.article.map(ArticleId) {
        Some(id) if matches!(place.focus, Pane::Article | Pane::Comments) => Arrival::Reopen {
            id,
            line: place.line,
            comments: place.focus == Pane::Comments,
        },
        Some(id) => Arrival::Keep {
            id,
            row: 0,
            line: place.line,
        },
        None => Arrival::First,
    };
    let folded = place.folded.iter().cloned().map(EntryId::Theirs);
    state.comments.folded = folded.collect();
    state.comments.kept = place.comment.clone().map(|(id, line)| Kept {
        entry: EntryId::Theirs(id),
        line,
    });
    list::load(state, of, place.filter(), place.sort(), arrival, out);
    state.kept = place.clone();
}

fn take_rows(state: &mut State, ticket: u64, rows: Vec<Row>, part: Part, out: &mut Vec<Effect>) {
    let (Part::First { newest } | Part::Only { newest }) = part else {
        // Those of a list that was given up have no place.
        if state.list.streaming == Some(ticket) {
            let first = state.list.rows.len();
            state.list.rows.extend(rows);
            arrive(state, part, first, out);
        }
        return;
    };
    let Some(loading) = state.list.loading.take() else {
        return;
    };
    let list = &mut state.list;
    list.of = loading.of;
    list.filter = loading.filter;
    list.sort = loading.sort;
    list.rows = rows;
    list.newest = newest;
    list.waiting = 0;
    list.selected = 0;
    list.top = 0;
    list.streaming = Some(ticket);
    list.seeking = Some(loading.arrival);
    arrive(state, part, 0, out);
}

/// Does what was to be done once the rows are here, as far as they are: new are those from `first`
/// on.
fn arrive(state: &mut State, part: Part, first: usize, out: &mut Vec<Effect>) {
    match part {
        Part::First { .. } | Part::More => state.list.extent = Extent::Part,
        Part::Only { .. } | Part::Last => {
            state.list.extent = Extent::Whole;
            state.list.streaming = None;
        }
    }
    marks::show_unwritten(state, first);
    let Some(arrival) = state.list.seeking else {
        return;
    };
    let whole = state.list.extent == Extent::Whole;
    let done = match arrival {
        Arrival::First => {
            list::select(state, 0);
            true
        }
        Arrival::Last => {
            let last = state.list.rows.len().saturating_sub(1);
            whole.then(|| list::select(state, last)).is_some()
        }
        Arrival::Keep { id, row, line } => keep(state, id, row, line),
        Arrival::Unread { way, from, reach } => {
            // From the bottom up only the whole list has an answer.
            let complete = whole || (from.is_none() && way == Way::Down);
            let found = if complete {
                unread::in_rows(&state.list.rows, from, way)
            } else {
                None
            };
            if let Some(row) = found {
                list::select(state, row);
                if reach == Reach::Open {
                    article::read_selected(state, out);
                }
            }
            found.is_some()
        }
        Arrival::Reopen {
            id,
            line,
            comments: with_comments,
        } => match state.list.position(id) {
            Some(row) => {
                state.list.top = shelf::top_with_line(state, row, line);
                list::select(state, row);
                state.focus = Pane::Article;
                article::want(state, id, out);
                if with_comments {
                    comments::open(state, None, out);
                }
                true
            }
            None => false,
        },
    };
    if done || whole {
        state.list.seeking = None;
    }
}

/// Selects an article in the screen line that it had; returns whether that is settled.
fn keep(state: &mut State, id: ArticleId, row: usize, line: usize) -> bool {
    let last = state.list.rows.len().saturating_sub(1);
    let (to, found) = state
        .list
        .position(id)
        .map_or((row.min(last), state.list.extent == Extent::Whole), |at| {
            (at, true)
        });
    state.list.top = shelf::top_with_line(state, to, line);
    list::select(state, to);
    found
}

fn take_page(state: &mut State, page: Option<Arc<Page>>, out: &mut Vec<Effect>) {
    let Some(page) = page else {
        go_without(state);
        state.say("This article is no longer stored");
        return;
    };
    let asked = state.article.asked.take();
    let form = asked.map_or(Form::Text, |(_, _, form)| form);
    state.article.missing = None;
    match (form, page.form) {
        (Form::Text, _) => article::show(state, page),
        (Form::Changes, Form::Changes) => article::show_changes(state, page),
        (Form::Changes, Form::Text) => state.say(NO_EARLIER_VERSION),
    }
    article::note_end(state, out);
    if let Some(Then::Call(command)) = state.then.take() {
        keys::call(state, command, out);
    }
}

/// Waits no longer for any answer: whoever had to give it failed.
pub(super) fn give_up(state: &mut State) {
    no_more_rows(state);
    comments::give_up(state);
    state.article.ahead = None;
    if state.article.asked.is_some() {
        go_without(state);
    }
}

/// Waits no longer for rows: those that are here are all.
fn no_more_rows(state: &mut State) {
    state.list.loading = None;
    state.list.streaming = None;
    state.list.seeking = None;
    state.list.extent = Extent::Whole;
}

/// Whether a question was for an article that was asked for ahead.
fn is_ahead(state: &State, ticket: u64) -> bool {
    let ahead = state.article.ahead;
    ahead.is_some_and(|(asked, ..)| asked == ticket)
}

/// Gives an article up that can't be shown.
fn go_without(state: &mut State) {
    state.then = None;
    let asked = state.article.asked.take();
    if asked.is_some_and(|(_, _, form)| form == Form::Changes) {
        // The article itself stays.
        return;
    }
    state.article.missing = state.article.wanted;
    if state.focus == Pane::Article && state.article.shown().is_none() {
        state.focus = Pane::List;
    }
}

fn take_counts(state: &mut State, counts: Counts, out: &mut Vec<Effect>) {
    state.list.feeds = counts.feeds;
    if counts.ticket != state.news.ticket {
        // A mark was set since these were counted.
        return news::ask_counts(state, Even::Unchanged, out);
    }
    let of = state.list.of;
    let before = (
        state.sections.tally(of),
        state.sections.tally(ListOf::Starred),
    );
    state.news.to_send = counts.to_send;
    state.sections.tallies = Some(counts.tallies);
    let after = (
        state.sections.tally(of),
        state.sections.tally(ListOf::Starred),
    );
    article::forget_near(state);
    let mine = counts
        .waiting
        .filter(|waiting| waiting.ticket == state.list.ticket);
    if let Some(waiting) = mine {
        state.list.waiting = waiting.articles;
        let by_themselves = state.touched == Touched::No || state.list.rows.is_empty();
        let arrive = waiting.articles > 0 && by_themselves;
        // Marks that another program set show in the rows; no row moves for them.
        let marked = waiting.articles == 0 && before != after && state.list.filter == Filter::All;
        if (arrive || marked) && state.list.loading.is_none() {
            list::reload(state, out);
        }
    }
    if let Some((id, revision)) = counts.revision
        && let Some(page) = state.article.shown()
        && page.head.id == id
        && page.revision != revision
    {
        state.article.newer = Newer::Yes;
    }
}
