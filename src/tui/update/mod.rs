//! What becomes of a message: a changed state, and effects.
//!
//! Nothing in here reads a clock, a file or a lock; the same state and message always come to the
//! same end, so that a test can press keys and look at what there is.
//!
//! - [`keys`]: which command a key calls, in a pane and in what lies over it
//! - [`sections`], [`list`], [`article`], [`comments`], [`panel`]: a pane each
//! - [`compose`]: writing a comment
//! - [`marks`]: marks, their counts, and taking them back
//! - [`unread`]: reading on from one unread article to the next
//! - [`news`]: refreshes, and what other programs wrote
//! - [`take`]: what is opened, copied or written to a file
//! - [`arrivals`]: answers of the reader of the cache

mod arrivals;
mod article;
mod comments;
mod compose;
mod keys;
mod list;
mod marks;
mod news;
mod panel;
mod sections;
mod take;
mod unread;

use jiff::Timestamp;

use super::effect::{Change, Effect, Even};
use super::message::{Message, Outside, Worker, Written};
use super::state::place::Place;
use super::state::{Pane, State, Touched};
use crate::model::error::Problem;
use crate::model::text::SafeText;

/// How many keys are kept while something is being read that they depend on.
const KEYS_HELD: usize = 1000;

/// Changes the state after what happened at `now`, and returns what is to be done outside.
pub fn update(state: &mut State, now: Timestamp, message: Message) -> Vec<Effect> {
    state.now = now;
    let mut effects = Vec::new();
    let out = &mut effects;
    match message {
        Message::Key(key) => {
            state.touched = Touched::Yes;
            news::look(state, out);
            if state.is_waiting() && !keys::is_urgent(state, key) {
                if state.held.len() < KEYS_HELD {
                    state.held.push_back(key);
                }
            } else {
                keys::press(state, key, out);
            }
        }
        Message::Paste(text) => keys::paste(state, &text, out),
        Message::Resize(columns, rows) => {
            state.size = (columns, rows);
            // In too small a window nothing is in sight, and the earlier screen is to return.
            if state.areas().is_some() {
                list::keep_in_sight(state);
                sections::keep_in_sight(state);
                panel::keep_in_sight(state);
                compose::keep_in_sight(state);
            }
        }
        Message::Resumed => {
            out.push(Effect::Redraw);
            news::look(state, out);
        }
        Message::Loaded(loaded) => arrivals::loaded(state, loaded, out),
        Message::Refresh(refresh) => news::refresh(state, refresh, out),
        Message::Written(Written::Marked) => marks::stored(state, out),
        Message::Written(Written::Failed { problem }) => {
            marks::refused(state, out);
            complain(state, &problem);
        }
        Message::Written(Written::PlaceLost(problem))
        | Message::Outside(Outside::Failed(problem)) => {
            complain(state, &problem);
        }
        Message::Talked(talked) => comments::talked(state, talked, out),
        Message::Written(Written::DraftKept { sheet, draft }) => {
            compose::kept(state, sheet, draft, out);
        }
        Message::Written(Written::Released(draft)) => compose::released(state, draft, out),
        Message::Written(Written::ThrownAway { draft, noted }) => {
            compose::thrown_away(state, draft, noted, out);
        }
        Message::Written(Written::BroughtBack) => {
            comments::ask_again(state, out);
            news::ask_counts(state, Even::Unchanged, out);
        }
        Message::Written(Written::DraftLost(problem)) => compose::lost(state, &problem),
        Message::Outside(Outside::Edited(text)) => compose::edited(state, &text, out),
        Message::Outside(Outside::WroteFile(path)) => {
            let path = path.display().to_string();
            state.say(format!("Written: {}", SafeText::line(&path)));
        }
        Message::Due => {}
        Message::CacheChanged => {
            news::ask_counts(state, Even::IfChanged, out);
            comments::look(state, out);
        }
        Message::Recovered(recovery) => {
            state.complain(SafeText::line(&recovery.in_short()).into_string());
            news::ask_counts(state, Even::Unchanged, out);
        }
        Message::Failed(worker) => {
            let part = match worker {
                Worker::Reader => {
                    arrivals::give_up(state);
                    "reading the cache"
                }
                Worker::Writer => {
                    marks::refused(state, out);
                    "writing a change"
                }
                Worker::Refresher => {
                    news::ended(state, out);
                    "the refresh"
                }
                Worker::Courier => {
                    comments::stopped(state);
                    "fetching or sending comments"
                }
                Worker::Export => "writing a file",
            };
            state.complain(format!(
                "A fault of Gazette’s own stopped {part}; the log says where"
            ));
        }
    }
    settle(state, out);
    effects
}

/// Returns what keeps the reader's place, if it changed since it was last kept.
pub fn place_changed(state: &mut State) -> Option<Effect> {
    if state.sections.tallies.is_none() || state.list.loading.is_some() {
        return None;
    }
    let place = Place::of(state);
    if place == state.kept {
        return None;
    }
    state.kept = place.clone();
    Some(Effect::Write(Change::Keep(Box::new(place))))
}

/// Does what follows from any message: hears held keys, shows the article that belongs on the
/// screen, polls what has become due.
fn settle(state: &mut State, out: &mut Vec<Effect>) {
    article::follow(state, out);
    while !state.is_waiting()
        && let Some(key) = state.held.pop_front()
    {
        keys::press(state, key, out);
        article::follow(state, out);
    }
    news::poll_when_due(state, out);
}

/// Says a problem in the last row.
fn complain(state: &mut State, problem: &Problem) {
    let mut text = problem.what.to_string();
    if let Some(cause) = problem.causes.first() {
        text.push_str(": ");
        text.push_str(cause.as_str());
    }
    if let Some(hint) = &problem.hint {
        text.push_str(" · ");
        text.push_str(hint.as_str());
    }
    state.complain(SafeText::line(&text).into_string());
}

/// Gives the focus to a pane; what was asked for there before is no longer awaited.
fn focus(state: &mut State, pane: Pane) {
    state.focus = pane;
    if pane != Pane::Article {
        article::leave_changes(state);
    }
    list::keep_in_sight(state);
    sections::keep_in_sight(state);
}
