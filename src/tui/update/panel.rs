//! Panels over the panes: keys, links, headings, attachments, facts.

use tui_input::Input;

use super::super::commands::Command;
use super::super::effect::Effect;
use super::super::keymap::Key;
use super::super::shelf;
use super::super::state::State;
use super::super::state::lines::panel_lines;
use super::super::state::panel::{KeysOf, Mode, Panel, PanelDeed, PanelKind};
use super::{article, keys, take};

/// Shows the keys of the pane with the focus.
pub(super) fn open_keys(state: &mut State) {
    open(state, PanelKind::Keys(KeysOf::ThisPane));
}

/// Shows the links or headings of the article.
pub(super) fn open_over_article(state: &mut State, command: Command) {
    let Some(page) = state.article.shown() else {
        return;
    };
    match command {
        Command::Links if page.links.is_empty() => state.say("This article has no links"),
        Command::Links => open(state, PanelKind::Links),
        _ if page.headings.is_empty() => state.say("This article has no headings"),
        _ => open(state, PanelKind::Headings),
    }
}

/// Opens a panel.
pub(super) fn open(state: &mut State, kind: PanelKind) {
    state.mode = Mode::Panel(Panel {
        kind,
        typed: Input::default(),
        chosen: 0,
        top: 0,
    });
}

/// Hears a key while a panel is open.
pub(super) fn press(state: &mut State, mut panel: Panel, key: Key, out: &mut Vec<Effect>) {
    let lines = panel_lines(state, &panel);
    let page = shelf::panel_in_sight(state, &panel, &lines).max(1);
    let last = lines.len().saturating_sub(1);
    match key {
        Key::Esc | Key::Ctrl('g') => return,
        Key::Ctrl('c') => return keys::call(state, Command::Stop, out),
        Key::Char('q' | 'i') if panel.kind.is_for_reading() => return,
        Key::Enter => {
            if let Some(line) = lines.into_iter().nth(panel.chosen) {
                enter(state, line.deed, out);
            }
            return;
        }
        Key::Up | Key::Ctrl('p') => panel.chosen = panel.chosen.saturating_sub(1),
        Key::Down | Key::Ctrl('n') => panel.chosen = (panel.chosen + 1).min(last),
        Key::Char('k') if panel.kind.is_for_reading() => {
            panel.chosen = panel.chosen.saturating_sub(1);
        }
        Key::Char('j') if panel.kind.is_for_reading() => {
            panel.chosen = (panel.chosen + 1).min(last);
        }
        Key::Char(' ') if panel.kind.is_for_reading() => {
            panel.chosen = (panel.chosen + page).min(last);
        }
        Key::PageUp => panel.chosen = panel.chosen.saturating_sub(page),
        Key::PageDown => panel.chosen = (panel.chosen + page).min(last),
        Key::Tab => {
            if let PanelKind::Keys(of) = panel.kind {
                panel.kind = PanelKind::Keys(match of {
                    KeysOf::ThisPane => KeysOf::AllPanes,
                    KeysOf::AllPanes => KeysOf::ThisPane,
                });
                (panel.chosen, panel.top) = (0, 0);
            }
        }
        key if !panel.kind.is_for_reading() => {
            take::type_into(&mut panel.typed, key);
            (panel.chosen, panel.top) = (named(state, &panel), 0);
        }
        _ => {}
    }
    state.mode = Mode::Panel(panel);
    keep_in_sight(state);
}

/// Scrolls as little as brings the chosen line of an open panel into sight.
pub(super) fn keep_in_sight(state: &mut State) {
    if let Mode::Panel(panel) = &state.mode {
        let lines = panel_lines(state, panel);
        let top = shelf::panel_top(state, panel.kind, &lines, panel.chosen, panel.top);
        if let Mode::Panel(panel) = &mut state.mode {
            panel.top = top;
        }
    }
}

/// Returns the line whose words were typed, else the first.
fn named(state: &State, panel: &Panel) -> usize {
    let typed = panel.typed.value().trim().to_lowercase();
    let lines = panel_lines(state, panel);
    let named = lines
        .iter()
        .position(|line| line.words.to_lowercase() == typed);
    named.unwrap_or(0)
}

fn enter(state: &mut State, deed: PanelDeed, out: &mut Vec<Effect>) {
    match deed {
        PanelDeed::Call(command) => keys::call(state, command, out),
        PanelDeed::Open(address) => take::open(state, &address, out),
        PanelDeed::GoTo(line) => article::go_to(state, line, out),
        PanelDeed::Nothing => {}
    }
}
