//! What lies over the panes.

use ratatui::layout::Position;
use tui_input::Input;

use super::desk;
use crate::tui::commands::{Command, HELP};
use crate::tui::shelf::{panel_in_sight, panel_top};
use crate::tui::state::lines::panel_lines;
use crate::tui::state::panel::{KeysOf, Panel, PanelDeed, PanelKind};
use crate::tui::state::{Mode, Pane, State};

/// Returns a panel that was just opened.
pub(super) fn panel(kind: PanelKind) -> Panel {
    Panel {
        kind,
        typed: Input::default(),
        chosen: 0,
        top: 0,
    }
}

fn typed(kind: PanelKind, text: &str) -> Panel {
    Panel {
        typed: Input::new(text.to_owned()),
        ..panel(kind)
    }
}

/// Returns label and words of the lines of a panel.
fn listed(state: &State, panel: &Panel) -> Vec<(String, String)> {
    let lines = panel_lines(state, panel).into_iter();
    lines.map(|line| (line.label, line.words)).collect()
}

#[test]
fn typed_words_leave_the_lines_that_have_them() {
    let state = desk::news((80, 24));
    let keys = PanelKind::Keys(KeysOf::ThisPane);
    let check = |text, expected: &[(&str, Command)]| {
        let lines = panel_lines(&state, &typed(keys, text));
        let found: Vec<_> = lines
            .iter()
            .map(|line| (line.label.as_str(), line.deed.clone()))
            .collect();
        let expected = expected.iter();
        let expected = expected.map(|(label, command)| (*label, PanelDeed::Call(*command)));
        assert_eq!(found, expected.collect::<Vec<_>>());
    };
    check("undo", &[("u U", Command::Undo)]);
    // Of two commands in a line it is the one that was typed.
    check("redo", &[("u U", Command::Redo)]);
    check(
        "COPY cit",
        &[(
            "y m c",
            Command::Copy(crate::tui::commands::CopyKey::Citation),
        )],
    );
    // The name of a command counts too.
    check("half-page-down", &[("^d ^u", Command::HalfDown)]);
    check("narrower", &[]);
}

#[test]
fn keys_are_those_of_the_pane_or_of_all() {
    let mut state = desk::news((80, 24));
    state.focus = Pane::Article;
    let labels = |state: &State, of| {
        let lines = listed(state, &panel(PanelKind::Keys(of)));
        lines
            .into_iter()
            .map(|(label, _)| label)
            .collect::<Vec<_>>()
    };
    let article = labels(&state, KeysOf::ThisPane);
    assert!(article.contains(&"} {".to_owned()) && article.contains(&"1-9".to_owned()));
    // Keys that have no room in one line take another.
    assert!(labels(&state, KeysOf::AllPanes).len() >= HELP.len());
    for label in labels(&state, KeysOf::AllPanes) {
        assert!(!label.is_empty() && label.chars().count() <= 11, "{label}");
    }
    for (known, keys) in [(0, "j k ↓ ↑"), (4, "g G"), (5, "Home End")] {
        assert_eq!(labels(&state, KeysOf::AllPanes)[known], keys);
    }
}

#[test]
fn the_keys_stand_in_columns_where_there_is_room() {
    let mut state = desk::news((80, 24));
    state.mode = Mode::Panel(panel(PanelKind::Keys(KeysOf::ThisPane)));
    let lines = desk::lines(&state);
    assert_eq!(
        lines[0],
        " Keys: article list                     type to find, Enter runs, Ctrl-g closes"
    );
    assert_eq!(lines[1], " > _");
    assert!(lines[3].starts_with("  Move      "));
    assert!(lines[4].starts_with("▌   j k ↓ ↑    next, previous  "));
    assert!(lines[23].starts_with(" PgDn more   Tab all panes   Ctrl-g or Esc close  "));
    let (_, cursor) = desk::drawn(&state, &desk::dark());
    assert_eq!(cursor, Position::new(0, 4));
}

#[test]
fn every_line_of_a_panel_can_be_brought_into_sight() {
    for size in [(40, 12), (69, 20), (80, 24), (200, 50)] {
        let state = desk::news(size);
        let mut panel = panel(PanelKind::Keys(KeysOf::AllPanes));
        let lines = panel_lines(&state, &panel);
        for chosen in 0..lines.len() {
            panel.top = panel_top(&state, panel.kind, &lines, chosen, panel.top);
            let in_sight = panel.top..panel.top + panel_in_sight(&state, &panel, &lines);
            assert!(in_sight.contains(&chosen), "{chosen} at {size:?}");
        }
        assert_eq!(
            panel_top(&state, panel.kind, &lines, 2, panel.top),
            2.min(panel.top)
        );
    }
}

#[test]
fn links_attachments_and_facts_are_listed() {
    let mut state = desk::news((50, 20));
    state.focus = Pane::Article;
    desk::open(&mut state, &desk::article());
    let check = |kind, expected: &[(&str, &str)]| {
        let found = listed(&state, &panel(kind));
        let found: Vec<_> = found
            .iter()
            .map(|(label, words)| (label.as_str(), words.as_str()))
            .collect();
        assert_eq!(found, expected);
    };
    check(
        PanelKind::Links,
        &[
            ("1", "plan: gov.example/plan-2030"),
            ("2", "asked: unions.example/reply"),
        ],
    );
    check(
        PanelKind::Attachments,
        &[(
            "1",
            "The plan, application/pdf, 2.4 MB: gov.example/plan.pdf",
        )],
    );
    // What is too long goes on below.
    check(
        PanelKind::Facts,
        &[
            ("Feed", "https://publictechnology.example/feed.xml"),
            ("Guid", "tag:x,2026:1"),
        ],
    );
    assert_eq!(
        listed(&state, &typed(PanelKind::Links, "union")),
        [("2".to_owned(), "asked: unions.example/reply".to_owned())]
    );
}
