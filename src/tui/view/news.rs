//! How the news stands, at the right edge of the last row: a refresh that runs, what it brought,
//! feeds that fail, how old the news is.

use crate::services::Connection;
use crate::services::dates::news_of;
use crate::tui::commands::Command;
use crate::tui::cut;
use crate::tui::palette::Ink;
use crate::tui::state::news::{Network, ProgressOf};
use crate::tui::state::{Mode, Pane, State};

/// What there is to say.
pub(super) struct Standing {
    /// The same with more and less words, the longest first; the last is the most urgent part.
    pub(super) forms: Vec<String>,
    /// How it is written.
    pub(super) ink: Ink,
}

impl Standing {
    fn new(ink: Ink, parts: &[String]) -> Self {
        let forms = (1..=parts.len()).rev().map(|n| parts[..n].join(" · "));
        Self {
            forms: forms.collect(),
            ink,
        }
    }
}

/// Returns how the news stands; among comments also which of them is selected.
pub(super) fn standing(state: &State) -> Standing {
    let mut standing = of_news(state);
    let count = state.comments.talk.as_deref();
    let count = count.map_or(0, |talk| talk.conversation.entries.len());
    let is_among_them = state.focus == Pane::Comments && !matches!(state.mode, Mode::Writing(_));
    if is_among_them && count > 0 {
        let here = format!("{}/{count}", (state.comments.selected + 1).min(count));
        for form in &mut standing.forms {
            form.push_str(" · ");
            form.push_str(&here);
        }
        // Beside the hints, offline, how old the news is stays.
        if state.setup.connection == Connection::Online || state.notice.is_some() {
            standing.forms.push(here);
        }
    }
    standing
}

fn of_news(state: &State) -> Standing {
    let tallies = state.sections.tallies.as_ref();
    let failing = tallies.map_or(0, |tallies| tallies.failing);
    if let Some(running) = state.news.running {
        let counted = format!("{} of {}", running.done, running.all);
        let whole = match running.of {
            ProgressOf::Feeds => format!("Refreshing {counted} feeds"),
            ProgressOf::Pages => format!("Fetching {counted} pages"),
        };
        let mut standing = Standing::new(Ink::Dim, &[whole]);
        if failing > 0 {
            let longest = format!("{} · {failing} failing", standing.forms[0]);
            standing.forms.insert(0, longest);
        }
        standing.forms.push(counted);
        return standing;
    }
    let last = tallies.and_then(|tallies| tallies.last_good);
    let age = last.map(|last| news_of(last, state.now, &state.setup.zone));
    let is_today = last.is_some_and(|last| last >= state.today());
    let is_offline =
        state.setup.connection == Connection::Offline || state.news.network == Network::Unreached;
    let fails = match failing {
        0 => None,
        1 => Some("1 feed failing".to_owned()),
        count => Some(format!("{} feeds failing", cut::thousands(count.into()))),
    };
    let to_send = match state.news.to_send {
        0 => None,
        count => Some(format!("{} to send", cut::thousands(count as u64))),
    };
    match age {
        None if is_offline => Standing::new(Ink::Warning, &["Offline".to_owned()]),
        None => Standing::new(Ink::Dim, &[]),
        Some(age) if is_offline => {
            // How old the news is stays: hints give way.
            let whole = format!("Offline · news of {age}");
            let parts: Vec<String> = [Some(whole), to_send].into_iter().flatten().collect();
            Standing::new(Ink::Warning, &parts)
        }
        Some(age) if !is_today => {
            let key = state.setup.keymap.shown(Command::RefreshAll);
            let old = format!("News of {age}");
            let forms = vec![format!("{old}: {key} refreshes"), old];
            Standing {
                forms,
                ink: Ink::Warning,
            }
        }
        Some(time) => {
            let new = state.news.last.map_or(0, |last| last.new);
            let new = (new > 0).then(|| format!("{} new", cut::thousands(new.into())));
            let ink = if fails.is_some() {
                Ink::Error
            } else {
                Ink::Dim
            };
            let mut forms: Vec<String> = Vec::new();
            let mut form = |parts: &[Option<&String>]| {
                let parts: Vec<&str> = parts.iter().flatten().map(|part| part.as_str()).collect();
                forms.push(parts.join(" · "));
            };
            form(&[new.as_ref(), fails.as_ref(), to_send.as_ref(), Some(&time)]);
            if to_send.is_some() {
                form(&[to_send.as_ref(), fails.as_ref(), Some(&time)]);
                form(&[to_send.as_ref(), Some(&time)]);
            }
            form(&[fails.as_ref().or(new.as_ref()), Some(&time)]);
            if fails.is_some() {
                form(&[fails.as_ref()]);
            }
            form(&[Some(&time)]);
            Standing { forms, ink }
        }
    }
}
