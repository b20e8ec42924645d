//! The comments pane: opened, filled, left, and what its commands do.
//!
//! - [`moves`]: moving among comments, and folding them

mod moves;

use std::sync::Arc;

pub(super) use self::moves::fold_again;
use self::moves::{
    clamp, down, fold, fold_all, go_to, last_top, lay, new_one, parent, same_depth, scroll, select,
    signed, thread, up,
};
use super::super::commands::Command;
use super::super::effect::{Change, Effect, Even, Letter, Question};
use super::super::message::Talked;
use super::super::shelf;
use super::super::state::comments::{FetchedFor, Fetching, Written};
use super::super::state::{Alone, Mode, Pane, State, Talk};
use super::{compose, list, news, panel, take};
use crate::model::article::ArticleId;
use crate::model::comment::DraftId;
use crate::model::error::Problem;
use crate::services::Connection;
use crate::services::comments::{Entry, EntryId};

/// Comments that were fetched so short a time ago, in seconds, aren't fetched again unasked.
const FRESH_SECONDS: i64 = 60;

/// Opens the comments of the article in hand.
pub(super) fn open(state: &mut State, then: Option<Command>, out: &mut Vec<Effect>) {
    let id = match state.focus {
        Pane::Article => state.article.wanted,
        Pane::Comments => state.comments.wanted,
        Pane::Sections | Pane::List => state.list.row().map(|row| row.id),
    };
    match id {
        Some(id) => open_of(state, id, then, out),
        None => list::nothing_selected(state),
    }
}

/// Opens the comments of an article; the way back leads to where the reader is.
pub(super) fn open_of(
    state: &mut State,
    id: ArticleId,
    then: Option<Command>,
    out: &mut Vec<Effect>,
) {
    keep_place(state);
    let from = match state.focus {
        Pane::Article => Pane::Article,
        Pane::Comments => state.comments.from,
        Pane::Sections | Pane::List => Pane::List,
    };
    super::focus(state, Pane::Comments);
    let pane = &mut state.comments;
    if pane.wanted != Some(id) {
        // At the start they are what comes back, else those of other comments.
        if pane.wanted.is_some() {
            pane.kept = None;
            pane.folded.clear();
        }
        pane.wanted = Some(id);
    }
    pane.from = from;
    pane.new.clear();
    pane.written = None;
    pane.talk = None;
    pane.rows.clear();
    pane.fetching = Fetching::No;
    pane.then = then;
    ask(state, out);
}

/// Goes back to where the comments were opened from.
pub(super) fn leave(state: &mut State) {
    keep_place(state);
    state.comments.then = None;
    state.comments.asked = None;
    let from = state.comments.from;
    super::focus(state, from);
}

/// Keeps in mind where the reader is.
fn keep_place(state: &mut State) {
    if let Some(here) = state.comments.here() {
        state.comments.kept = Some(here);
    }
}

/// Selects the comment that the reader has just written, once it is here.
fn select_written(state: &mut State) {
    let Some(Written::As(draft)) = state.comments.written else {
        return;
    };
    let talk = state.comments.talk.as_ref();
    if let Some(at) = talk.and_then(|talk| talk.position(&EntryId::Own(draft))) {
        state.comments.written = None;
        go_to(state, at);
    }
}

/// Sees to it that the comments are laid out for the width that there is.
pub(super) fn follow(state: &mut State, out: &mut Vec<Effect>) {
    let Some(id) = state.comments.wanted.filter(|_| state.areas().is_some()) else {
        return;
    };
    let width = state.measure();
    let is_there = state
        .comments
        .talk
        .as_ref()
        .is_some_and(|talk| talk.width == width);
    if !is_there && state.comments.talk.is_some() && state.comments.asked != Some((id, width)) {
        ask(state, out);
    }
    clamp(state);
}

/// Asks for what is stored.
fn ask(state: &mut State, out: &mut Vec<Effect>) {
    ask_for(state, Even::Unchanged, out);
}

fn ask_for(state: &mut State, even: Even, out: &mut Vec<Effect>) {
    let Some(id) = state.comments.wanted else {
        return;
    };
    let width = state.measure();
    let pane = &mut state.comments;
    pane.ticket += 1;
    pane.asked = Some((id, width));
    out.push(Effect::Ask(Question::Talk {
        ticket: pane.ticket,
        id,
        width,
        even,
    }));
}

/// Somebody wrote into the cache: what changed of comments on the screen is shown.
pub(super) fn look(state: &mut State, out: &mut Vec<Effect>) {
    let is_settled = state.comments.talk.is_some() && state.comments.asked.is_none();
    if state.focus == Pane::Comments && is_settled {
        ask_for(state, Even::IfChanged, out);
        // There may be no answer.
        state.comments.asked = None;
    }
}

/// Asks again for what is stored, where comments are on the screen.
pub(super) fn ask_again(state: &mut State, out: &mut Vec<Effect>) {
    if state.focus == Pane::Comments && state.comments.talk.is_some() {
        ask(state, out);
    }
}

/// Shows comments; who reads some already stays where they are.
pub(super) fn show(state: &mut State, talk: Option<Arc<Talk>>, out: &mut Vec<Effect>) {
    if state.focus != Pane::Comments {
        return;
    }
    let Some(talk) = talk else {
        give_up(state);
        state.say("This article is no longer stored");
        return;
    };
    state.comments.asked = None;
    let is_first = state.comments.talk.is_none();
    if !is_first {
        keep_place(state);
    }
    let entries = talk.conversation.entries.iter();
    let new: Vec<EntryId> = entries
        .filter(|entry| entry.is_new)
        .map(|entry| entry.id.clone())
        .collect();
    let pane = &mut state.comments;
    // Before they are fetched for the first time there is nothing to see.
    let is_fetched = |talk: &Talk| talk.conversation.fetched.is_some();
    let was_fetched = pane.talk.as_deref().is_some_and(is_fetched);
    let is_visit = !new.is_empty() || (is_fetched(&talk) && !was_fetched);
    pane.new.extend(new);
    let kept = pane.kept.take();
    let at = kept.as_ref().and_then(|kept| talk.position(&kept.entry));
    let last = talk.conversation.entries.len().saturating_sub(1);
    pane.selected = match at {
        Some(at) => at,
        None if is_first => 0,
        None => pane.selected.min(last),
    };
    pane.talk = Some(talk);
    lay(state);
    if let (Some(kept), Some(row)) = (kept, state.comments.row().copied()) {
        let top = signed(row.line) - kept.line;
        state.comments.top = usize::try_from(top).unwrap_or(0);
    } else {
        state.comments.top = 0;
    }
    clamp(state);
    select_written(state);
    // Only what comes later is new at the next visit.
    if is_visit && state.areas().is_some() {
        note_visit(state, out);
    }
    if is_first {
        arrived(state, out);
    } else {
        say_fetched(state);
    }
}

fn note_visit(state: &State, out: &mut Vec<Effect>) {
    if let Some(talk) = &state.comments.talk {
        out.push(Effect::Write(Change::Visit(talk.conversation.article)));
    }
}

/// What follows once the comments are on the screen: the site is asked, unless it was a moment ago.
fn arrived(state: &mut State, out: &mut Vec<Effect>) {
    let fetched = state
        .comments
        .talk
        .as_ref()
        .and_then(|talk| talk.conversation.fetched);
    let is_fresh = fetched.is_some_and(|fetched| {
        let age = state.now.duration_since(fetched).as_secs();
        (0..FRESH_SECONDS).contains(&age)
    });
    if state.setup.connection == Connection::Offline {
        say_offline(state);
    } else if !is_fresh {
        fetch(state, FetchedFor::Opening, out);
    }
    match state.comments.then.take() {
        Some(command) => {
            call(state, command, out);
        }
        None => say_new(state),
    }
}

fn say_offline(state: &mut State) {
    let fetched = state
        .comments
        .talk
        .as_ref()
        .and_then(|talk| talk.conversation.fetched);
    let said = match fetched {
        Some(fetched) => {
            let day = crate::services::dates::in_facts(fetched, state.now, &state.setup.zone);
            format!("Offline: the comments of {day}")
        }
        None => "Offline: these comments were never fetched".to_owned(),
    };
    state.say(said);
}

/// Says how many comments are new since the last visit, where any are.
fn say_new(state: &mut State) {
    let new = new_ones(state);
    if new > 0 && !matches!(state.mode, Mode::Writing(_)) {
        let key = state.setup.keymap.shown(Command::NewNext);
        let all = counted(state);
        state.say(format!("{all} · {new} new: {key}"));
    }
}

/// Says what the site gave, once that is on the screen.
fn say_fetched(state: &mut State) {
    let Fetching::Stored(why) = state.comments.fetching else {
        return;
    };
    state.comments.fetching = Fetching::No;
    if new_ones(state) > 0 {
        say_new(state);
    } else if why == FetchedFor::Reader && !matches!(state.mode, Mode::Writing(_)) {
        let all = counted(state);
        state.say(format!("{all} · none new"));
    }
}

fn new_ones(state: &State) -> usize {
    let pane = &state.comments;
    pane.talk.as_ref().map_or(0, |talk| {
        let entries = talk.conversation.entries.iter();
        entries.filter(|entry| pane.is_new(entry)).count()
    })
}

/// Returns `12 comments`.
fn counted(state: &State) -> String {
    let talk = state.comments.talk.as_ref();
    match talk.map_or(0, |talk| talk.conversation.entries.len()) {
        0 => "No comments".to_owned(),
        1 => "1 comment".to_owned(),
        count => format!("{count} comments"),
    }
}

/// Asks the site.
fn fetch(state: &mut State, why: FetchedFor, out: &mut Vec<Effect>) {
    if let Some(id) = state.comments.wanted {
        state.comments.fetching = Fetching::Yes(why);
        if state.comments.in_flight.replace(id) != Some(id) {
            out.push(Effect::Correspond(Letter::Fetch(id)));
        }
    }
}

/// One of the reader's own is published: where its thread is on the screen, the site is asked for it.
pub(super) fn fetch_published(state: &mut State, draft: DraftId, out: &mut Vec<Effect>) {
    let is_it = |entry: &Entry| entry.own.as_ref().is_some_and(|own| own.id == draft);
    let talk = state.comments.talk.as_ref();
    let is_here = talk.is_some_and(|talk| talk.conversation.entries.iter().any(is_it));
    if is_here && state.comments.fetching == Fetching::No {
        fetch(state, FetchedFor::Opening, out);
    }
}

/// The reader wants the site to be asked.
fn fetch_again(state: &mut State, out: &mut Vec<Effect>) {
    match state.comments.fetching {
        _ if state.setup.connection == Connection::Offline => say_offline(state),
        Fetching::No => {
            state.say("Fetching the comments");
            fetch(state, FetchedFor::Reader, out);
        }
        Fetching::Yes(_) | Fetching::Stored(_) => state.say("The comments are being fetched"),
    }
}

/// Takes what was told of comments that were fetched or sent.
pub(super) fn talked(state: &mut State, talked: Talked, out: &mut Vec<Effect>) {
    match talked {
        Talked::Fetched { article, problem } => {
            let is_last = |asked: &mut ArticleId| *asked == article;
            state.comments.in_flight.take_if(is_last);
            let Fetching::Yes(why) = state.comments.fetching else {
                return;
            };
            if state.comments.wanted != Some(article) {
                return;
            }
            state.comments.fetching = Fetching::No;
            if state.focus != Pane::Comments {
                return;
            }
            if let Some(problem) = problem {
                say_unfetched(state, &problem);
            } else {
                state.comments.fetching = Fetching::Stored(why);
            }
            // What was fetched before it failed is there.
            ask(state, out);
        }
        Talked::Sent { draft, outcome } => compose::sent(state, draft, outcome, out),
        Talked::Followed(followed) => {
            match followed {
                Ok(followed) => {
                    for (draft, became) in followed.sent.sent {
                        compose::settled(state, draft.id, &became, out);
                    }
                }
                Err(problem) => super::complain(state, &problem),
            }
            look(state, out);
            news::ask_counts(state, Even::Unchanged, out);
        }
    }
}

fn say_unfetched(state: &mut State, problem: &Problem) {
    let why = problem.causes.first().unwrap_or(&problem.what).clone();
    let again = state.setup.keymap.shown(Command::FetchComments);
    state.complain(format!("Comments not fetched: {why} · {again} tries again"));
}

/// The comments can't be shown.
pub(super) fn give_up(state: &mut State) {
    state.comments.asked = None;
    state.comments.then = None;
    state.comments.fetching = Fetching::No;
    if state.focus == Pane::Comments && state.comments.talk.is_none() {
        leave(state);
    }
}

/// Nobody asks the site any more.
pub(super) fn stopped(state: &mut State) {
    state.comments.in_flight = None;
    state.comments.fetching = Fetching::No;
}

/// Does what a command says among comments; returns whether it is one that means something here.
pub(super) fn call(state: &mut State, command: Command, out: &mut Vec<Effect>) -> bool {
    let page = shelf::article_height(state).saturating_sub(1).max(1);
    match command {
        Command::Down => down(state),
        Command::Up => up(state),
        Command::Top => {
            select(state, 0);
            state.comments.top = 0;
        }
        Command::Bottom => {
            let last = state.comments.rows.len().saturating_sub(1);
            select(state, last);
            state.comments.top = last_top(state);
        }
        Command::HalfDown => scroll(state, signed(page.div_ceil(2))),
        Command::HalfUp => scroll(state, -signed(page.div_ceil(2))),
        Command::PageUp => scroll(state, -signed(page)),
        Command::ReadOn if state.comments.top >= last_top(state) => {
            let last = state.comments.rows.len().saturating_sub(1);
            select(state, last);
            let back = state.setup.keymap.shown(Command::Back);
            state.say(format!("End of the comments · {back} goes back"));
        }
        Command::ReadOn | Command::PageDown => scroll(state, signed(page)),
        Command::PaneLeft | Command::Back => {
            super::keys::forget_error(state);
            leave(state);
        }
        Command::PaneNext => {
            keep_place(state);
            super::focus(state, Pane::Sections);
        }
        Command::PanePrevious => {
            keep_place(state);
            super::focus(state, Pane::List);
        }
        Command::Alone => {
            state.display.alone = match state.display.alone {
                Alone::Yes => Alone::No,
                Alone::No => Alone::Yes,
            };
        }
        Command::Comments | Command::PaneRight => {}
        Command::WriteComment => compose::write(state, out),
        Command::Reply => compose::reply(state, out),
        Command::OpenComment => match state.comments.entry().and_then(|entry| entry.own.as_ref()) {
            Some(own) if own.state.is_unsent() => compose::reply(state, out),
            _ => fold(state),
        },
        Command::CommentNext => same_depth(state, 1),
        Command::CommentPrevious => same_depth(state, -1),
        Command::ThreadNext => thread(state, 1),
        Command::ThreadPrevious => thread(state, -1),
        Command::Parent => parent(state),
        Command::NewNext => new_one(state, 1),
        Command::NewPrevious => new_one(state, -1),
        Command::FoldComment => fold(state),
        Command::FoldComments => fold_all(state),
        Command::FetchComments => fetch_again(state, out),
        Command::OpenPage => open_page(state, out),
        Command::Links | Command::OpenLink => {
            if state.comments.links().is_empty() {
                state.say("This comment has no links");
            } else {
                panel::open(state, super::super::state::panel::PanelKind::Links);
            }
        }
        Command::Stop if state.comments.fetching != Fetching::No => {
            out.push(Effect::StopCorresponding);
        }
        _ => return false,
    }
    true
}

/// Opens the selected comment's page, else the article's.
fn open_page(state: &mut State, out: &mut Vec<Effect>) {
    let of_comment = state.comments.entry().and_then(|entry| entry.url.clone());
    let talk = state.comments.talk.as_ref();
    let of_article = talk.and_then(|talk| talk.conversation.permalink.clone());
    match of_comment.or(of_article) {
        Some(address) => take::open(state, &address, out),
        None => state.say("This article has no address"),
    }
}
