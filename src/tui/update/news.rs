//! Refreshes: asked for by the reader or by the clock; and what other programs wrote.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::super::commands::Command;
use super::super::cut;
use super::super::effect::{Effect, Errand, Even, Letter, Polls, Question};
use super::super::message::{Failure, Reached, Refresh};
use super::super::state::article::Newer;
use super::super::state::news::{Armed, AskedBy, Network, Progress, ProgressOf, Recount};
use super::super::state::sections::section_of;
use super::super::state::{Pane, State};
use super::{article, comments};
use crate::config::RefreshMode;
use crate::model::article::{ArticleId, StoredText};
use crate::polite::Urgency;
use crate::services::pages::Fetched;
use crate::services::rows::RowsQuery;
use crate::services::subscriptions::Health;
use crate::services::{Connection, dates};

/// After a refresh began none begins by itself for so long, whatever the feeds say.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// How often keys look for what other programs wrote.
const LOOK_AFTER: SignedDuration = SignedDuration::from_secs(1);

/// Polls the feeds of the section that the list belongs to.
pub(super) fn refresh_section(state: &mut State, out: &mut Vec<Effect>) {
    match section_of(state.sections.selected) {
        Some(section) => ask(state, Armed::Section(section), out),
        None => ask(state, Armed::All, out),
    }
}

/// Polls all feeds.
pub(super) fn refresh_all(state: &mut State, out: &mut Vec<Effect>) {
    ask(state, Armed::All, out);
}

fn ask(state: &mut State, which: Armed, out: &mut Vec<Effect>) {
    let armed = state.news.armed.take();
    if state.news.running.is_some() {
        let stop = state.setup.keymap.shown(Command::Stop);
        state.say(format!("A refresh is under way · {stop} stops it"));
        return;
    }
    let urgency = if armed == Some(which) {
        Urgency::Forced
    } else {
        Urgency::Usual
    };
    if urgency == Urgency::Usual
        && let Due::Nothing { before } = due(state, which)
    {
        let command = match which {
            Armed::All => Command::RefreshAll,
            Armed::Section(_) => Command::RefreshSection,
        };
        let key = state.setup.keymap.shown(command);
        let when = before.map_or_else(String::new, |next| {
            format!(" before {}", moment(state, next))
        });
        state.say(format!("Nothing due{when} · {key} again asks anyway"));
        state.news.armed = Some(which);
        return;
    }
    if state.setup.connection == Connection::Offline {
        state.say("Offline: only feeds in files are read");
    } else {
        state.notice = None;
    }
    state.news.asked_by = AskedBy::Reader;
    begin(
        state,
        Polls {
            section: match which {
                Armed::All => None,
                Armed::Section(section) => Some(section),
            },
            urgency,
        },
        out,
    );
}

/// Whether a refresh has anything to do.
enum Due {
    /// At least one feed is due.
    Something,
    /// None is; the next one at this time, if any ever is.
    Nothing { before: Option<Timestamp> },
}

fn due(state: &State, which: Armed) -> Due {
    let Some(tallies) = &state.sections.tallies else {
        return Due::Something;
    };
    let sections = tallies.sections.iter().enumerate();
    let feeds = sections
        .filter(|(at, _)| match which {
            Armed::All => true,
            Armed::Section(section) => *at == section,
        })
        .flat_map(|(_, section)| &section.feeds);
    let mut before: Option<Timestamp> = None;
    for feed in feeds.filter(|feed| feed.health != Health::Gone) {
        match feed.next_check {
            Some(check) if check > state.now => {
                before = Some(before.map_or(check, |before| before.min(check)));
            }
            // Due, or never polled.
            _ => return Due::Something,
        }
    }
    Due::Nothing { before }
}

/// Returns `10:20`, and before it the day where that isn't today.
fn moment(state: &State, at: Timestamp) -> String {
    let then = state.setup.zone.to_datetime(at);
    let time = format!("{:02}:{:02}", then.hour(), then.minute());
    let day = dates::news_of(at, state.now, &state.setup.zone);
    if day == time {
        time
    } else {
        format!("{day}, {time}")
    }
}

fn begin(state: &mut State, polls: Polls, out: &mut Vec<Effect>) {
    state.news.running = Some(Progress::default());
    state.news.began = Some(state.now);
    state.news.polls = Some(polls);
    out.push(Effect::Refresh(Errand::Poll(polls)));
}

/// Takes what a refresh tells.
pub(super) fn refresh(state: &mut State, refresh: Refresh, out: &mut Vec<Effect>) {
    match refresh {
        Refresh::Begun { polls } => {
            state.news.running = Some(Progress {
                all: polls,
                ..Progress::default()
            });
        }
        Refresh::Polled { done } => {
            if let Some(progress) = &mut state.news.running {
                progress.done = done;
            }
            ask_counts(state, Even::Unchanged, out);
        }
        Refresh::Done {
            summary,
            failure,
            reached,
            pages,
        } => {
            state.news.last = Some(summary);
            state.news.network = match reached {
                Reached::Some => Network::Reached,
                Reached::None => Network::Unreached,
            };
            match (state.news.asked_by, failure) {
                (AskedBy::Reader, Some(failure)) => say_failure(state, &failure),
                (AskedBy::Reader, None) if summary.new == 0 && state.notice.is_none() => {
                    state.say("Nothing new");
                }
                _ => {}
            }
            let polls = state.news.polls.take().filter(|_| !summary.stopped);
            if let Some(polls) = polls.filter(|_| state.setup.connection == Connection::Online) {
                out.push(Effect::Correspond(Letter::FollowUp(polls)));
            }
            if pages == 0 {
                return ended(state, out);
            }
            // What becomes of them is told where somebody asked for them alone.
            state.news.asked_by = AskedBy::Clock;
            fetching(state, pages);
            ask_counts(state, Even::Unchanged, out);
        }
        Refresh::Fetching { pages } => fetching(state, pages),
        Refresh::Stored { done } => {
            if let Some(progress) = &mut state.news.running {
                progress.done = done;
            }
        }
        Refresh::Fetched(fetched) => {
            note_stored(state, &fetched.articles);
            if state.news.asked_by == AskedBy::Reader {
                say_fetched(state, &fetched);
                show_stored(state, &fetched.articles, out);
            }
            ended(state, out);
        }
        Refresh::Failed(problem) => {
            super::complain(state, &problem);
            ended(state, out);
        }
    }
}

fn fetching(state: &mut State, pages: usize) {
    state.news.running = Some(Progress {
        of: ProgressOf::Pages,
        done: 0,
        all: pages,
    });
}

/// Notes in the rows which articles are stored whole now.
fn note_stored(state: &mut State, articles: &[ArticleId]) {
    let articles: HashSet<ArticleId> = articles.iter().copied().collect();
    for row in &mut state.list.rows {
        if articles.contains(&row.id) {
            row.stored = StoredText::Whole;
        }
    }
}

/// Shows the whole text beside the list, where the reader has just asked for it. An opened article
/// stays as it is until its reader wants the newer text.
fn show_stored(state: &mut State, articles: &[ArticleId], out: &mut Vec<Effect>) {
    let shown = state.article.shown().map(|page| page.head.id);
    if state.focus != Pane::Article && shown.is_some_and(|id| articles.contains(&id)) {
        state.article.newer = Newer::Yes;
        article::take_newer(state, out);
    }
}

/// Says what became of the pages that the reader asked for.
fn say_fetched(state: &mut State, fetched: &Fetched) {
    let pages = |count: usize| {
        let noun = if count == 1 { "page" } else { "pages" };
        format!("{} {noun}", cut::thousands(count as u64))
    };
    let stored = format!("{} stored", pages(fetched.fetched));
    let offline = state.setup.connection == Connection::Offline;
    match (&fetched.failure, fetched.left) {
        (_, left) if offline && left > 0 => {
            let them = if left == 1 { "it" } else { "them" };
            state.say(format!(
                "Offline: {} wanted, the next refresh with a network fetches {them}",
                pages(left)
            ));
        }
        (Some(failure), _) => {
            let failed = cut::thousands(fetched.failed as u64);
            state.complain(format!("{stored}, {failed} failed: {failure}"));
        }
        (None, 0) if fetched.fetched == 0 => state.say("There is nothing to fetch here"),
        (None, 0) => state.say(stored),
        (None, left) => state.say(format!(
            "{stored}, {} left for later",
            cut::thousands(left as u64)
        )),
    }
}

/// Stores the whole text of the opened article, or of all articles of the list.
pub(super) fn store_whole(state: &mut State, out: &mut Vec<Effect>) {
    if state.news.running.is_some() {
        let stop = state.setup.keymap.shown(Command::Stop);
        state.say(format!("A refresh is under way · {stop} stops it"));
        return;
    }
    let rows = state.list.rows.iter();
    let shown =
        rows.filter(|row| state.focus != Pane::Article || state.article.wanted == Some(row.id));
    let lacking = shown.filter(|row| row.stored == StoredText::Summary);
    let ids: Vec<ArticleId> = lacking.map(|row| row.id).collect();
    if ids.is_empty() {
        let what = match state.focus {
            Pane::Article | Pane::Comments => "The whole article is stored already",
            Pane::Sections | Pane::List => "All articles shown are stored whole already",
        };
        state.say(what);
        return;
    }
    state.notice = None;
    state.news.asked_by = AskedBy::Reader;
    state.news.running = Some(Progress {
        of: ProgressOf::Pages,
        done: 0,
        all: ids.len(),
    });
    out.push(Effect::Refresh(Errand::Fetch(ids)));
}

/// No refresh runs any more.
pub(super) fn ended(state: &mut State, out: &mut Vec<Effect>) {
    state.news.running = None;
    state.news.asked_by = AskedBy::Clock;
    ask_counts(state, Even::Unchanged, out);
    // It may have fetched or sent some.
    comments::look(state, out);
}

fn say_failure(state: &mut State, failure: &Failure) {
    if state.setup.connection == Connection::Offline {
        return;
    }
    let mut text = format!("{}: {}", failure.feed, failure.why);
    if let Some(next) = failure.next_try {
        text.push_str(&format!(", next try {}", moment(state, next)));
    }
    state.complain(text);
}

/// Polls what has become due, if the configuration lets the screen do that, and asks to be woken
/// for what becomes due next.
pub(super) fn poll_when_due(state: &mut State, out: &mut Vec<Effect>) {
    let Some(tallies) = &state.sections.tallies else {
        return;
    };
    let first = state.news.began.is_none();
    let polls_by_itself = state.setup.connection == Connection::Online
        && match state.setup.refresh {
            RefreshMode::Auto => true,
            RefreshMode::Start => first,
            RefreshMode::Manual => false,
        };
    if !polls_by_itself || state.news.running.is_some() {
        return;
    }
    let next = if tallies.never_polled > 0 {
        Some(state.now)
    } else {
        tallies.next_poll
    };
    // What can't be polled stays due; that must not keep the program busy.
    let earliest = state.news.began.map(|began| began + PAUSE);
    let next = next.map(|next| earliest.map_or(next, |earliest| next.max(earliest)));
    match next {
        Some(next) if next <= state.now => {
            let polls = Polls {
                section: None,
                urgency: Urgency::Usual,
            };
            begin(state, polls, out);
        }
        Some(_) if state.setup.refresh == RefreshMode::Start => {}
        next => {
            if next != state.news.wake {
                state.news.wake = next;
                out.push(Effect::WakeAt(next));
            }
        }
    }
    // A start that had nothing to poll is over.
    if first && state.news.began.is_none() && state.setup.refresh == RefreshMode::Start {
        state.news.began = Some(state.now);
    }
}

/// Looks, at a key, for what other programs wrote, and for a new day.
pub(super) fn look(state: &mut State, out: &mut Vec<Effect>) {
    let today = state.today();
    if state.news.day.is_some_and(|day| day != today) {
        state.news.day = Some(today);
        return ask_counts(state, Even::Unchanged, out);
    }
    let looked = state.news.looked;
    if looked.is_none_or(|looked| state.now.duration_since(looked) >= LOOK_AFTER) {
        ask_counts(state, Even::IfChanged, out);
    }
}

/// Asks for the counts, for what waits for the list, and for the opened article's text.
pub(super) fn ask_counts(state: &mut State, even: Even, out: &mut Vec<Effect>) {
    if state.sections.tallies.is_none() {
        return;
    }
    state.news.looked = Some(state.now);
    // What is on its way to the disk would be missing in them.
    if !state.writing.is_empty() {
        state.news.recount = Recount::Owed;
        return;
    }
    state.news.recount = Recount::No;
    let list = &state.list;
    let query = RowsQuery {
        of: list.of,
        filter: list.filter,
        sort: list.sort,
        today: state.today(),
        now: state.now,
    };
    let is_read = list.loading.is_none();
    out.push(Effect::Ask(Question::Counts {
        ticket: state.news.ticket,
        today: state.today(),
        list: is_read.then_some((list.ticket, query, list.newest)),
        article: state.article.wanted,
        even,
    }));
}
