//! The lines of a panel: what there is to choose from, narrowed by the words that were typed. Facts
//! are to be read, and stay.
//!
//! `update` chooses among them, `view` draws them.

use super::panel::{KeysOf, Panel, PanelDeed, PanelKind, PanelLine};
use super::{Page, Pane, State};
use crate::model::document::Link;
use crate::model::text::display_width;
use crate::services::sheet::{attachment_words, named_address};
use crate::tui::commands::{Command, HELP, HelpLine, entry};
use crate::tui::keymap::{Key, Keymap, Keys};
use crate::tui::shelf::wrapped;

/// The keys of a line take at most so many columns.
pub const KEY_COLUMNS: usize = 11;

/// Returns the lines of a panel that have every word that was typed.
pub fn panel_lines(state: &State, panel: &Panel) -> Vec<PanelLine> {
    let typed = panel.typed.value().to_lowercase();
    let typed: Vec<&str> = typed.split_whitespace().collect();
    let page = state.article.shown();
    match panel.kind {
        PanelKind::Keys(of) => keys(state, of, &typed),
        PanelKind::Links => {
            let mut lines = links(state.links());
            lines.retain(|line| has_all(&format!("{} {}", line.label, line.words), &typed));
            lines
        }
        PanelKind::Headings => lines_of(page, headings, &typed),
        PanelKind::Attachments => lines_of(page, attachments, &typed),
        PanelKind::Facts => {
            let columns = usize::from(state.size.0);
            page.map(|page| facts(&page.facts, columns))
                .unwrap_or_default()
        }
        PanelKind::Address => {
            let columns = usize::from(state.size.0);
            facts(&[("Address".to_owned(), state.copied.clone())], columns)
        }
    }
}

/// Returns how many commands there are in lines of the screen of keys.
pub fn commands_in(state: &State, of: KeysOf, lines: &[PanelLine]) -> usize {
    let stands = |command: Command| match of {
        KeysOf::AllPanes => true,
        KeysOf::ThisPane => does_something(command, state.focus),
    };
    let called = lines.iter().filter_map(|line| match line.deed {
        PanelDeed::Call(command) => help_of(command),
        _ => None,
    });
    let mut called: Vec<&HelpLine> = called.collect();
    // Keys that have no room in one line take another.
    called.dedup_by_key(|help| help.about);
    called
        .into_iter()
        .map(|help| help.commands.iter().filter(|it| stands(**it)).count())
        .sum()
}

fn lines_of(
    page: Option<&Page>,
    all: impl FnOnce(&Page) -> Vec<PanelLine>,
    typed: &[&str],
) -> Vec<PanelLine> {
    let mut lines = page.map(all).unwrap_or_default();
    lines.retain(|line| has_all(&format!("{} {}", line.label, line.words), typed));
    lines
}

/// Whether a text has every typed word, in any case.
fn has_all(text: &str, typed: &[&str]) -> bool {
    if typed.is_empty() {
        return true;
    }
    let text = text.to_lowercase();
    typed.iter().all(|word| text.contains(word))
}

fn keys(state: &State, of: KeysOf, typed: &[&str]) -> Vec<PanelLine> {
    let mut part = None;
    let mut lines = Vec::new();
    for help in HELP {
        let here = help.commands.iter().copied().filter(|command| match of {
            KeysOf::AllPanes => true,
            KeysOf::ThisPane => does_something(*command, state.focus),
        });
        let commands: Vec<Command> = here.collect();
        // Of several commands in a line Enter calls the one that was typed.
        let is_typed = |command: &&Command| {
            entry(**command)
                .is_some_and(|entry| has_all(&format!("{} {}", entry.name, entry.about), typed))
        };
        let called = commands.iter().find(is_typed).or(commands.first());
        let Some(called) = called.copied() else {
            continue;
        };
        let labels = labels(&state.setup.keymap, &commands);
        if !has_all(&sought(help, &labels.join(" "), &commands), typed) {
            continue;
        }
        for label in labels {
            let is_new = part != Some(help.purpose);
            part = Some(help.purpose);
            lines.push(PanelLine {
                part: is_new.then(|| help.purpose.title()),
                label,
                words: help.about.to_owned(),
                deed: PanelDeed::Call(called),
            });
        }
    }
    lines
}

fn does_something(command: Command, pane: Pane) -> bool {
    entry(command).is_some_and(|entry| entry.places.hold(pane))
}

fn help_of(command: Command) -> Option<&'static HelpLine> {
    HELP.iter().find(|line| line.commands.contains(&command))
}

/// Returns what typed words are looked for in.
fn sought(help: &HelpLine, label: &str, commands: &[Command]) -> String {
    let mut text = format!("{label} {}", help.about);
    for entry in commands.iter().filter_map(|command| entry(*command)) {
        text.push_str(&format!(" {} {}", entry.name, entry.about));
    }
    text
}

/// Returns the keys of some commands, in as many labels as they need: the usual one of each, then
/// the second of each, and so on. A prefix that they share stands once: `y y t`; single digits in a
/// row are `1-9`.
fn labels(keymap: &Keymap, commands: &[Command]) -> Vec<String> {
    let all: Vec<Vec<Keys>> = commands
        .iter()
        .map(|command| keymap.keys_of(*command).collect())
        .collect();
    let usual: Vec<Keys> = match all.as_slice() {
        [only] => only.clone(),
        all => all
            .iter()
            .filter_map(|keys| keys.first().copied())
            .collect(),
    };
    if let Some(digits) = digits(&usual) {
        return vec![digits];
    }
    let mut labels = vec![String::new()];
    let mut prefix = None;
    let longest = all.iter().map(Vec::len).max().unwrap_or(0);
    for round in 0..longest {
        let keys: Vec<Keys> = all
            .iter()
            .filter_map(|keys| keys.get(round))
            .copied()
            .collect();
        let Some(label) = labels.last_mut() else {
            break;
        };
        let (before, prefix_before) = (label.len(), prefix);
        let have_room = keys.iter().all(|keys| push_keys(label, &mut prefix, *keys));
        if have_room {
            continue;
        }
        // Keys that belong together stand together, if need be in a label of their own.
        label.truncate(before);
        prefix = prefix_before;
        if before > 0 {
            labels.push(String::new());
            prefix = None;
        }
        for keys in keys {
            let Some(label) = labels.last_mut() else {
                break;
            };
            if !push_keys(label, &mut prefix, keys) {
                let mut next = String::new();
                prefix = None;
                push_keys(&mut next, &mut prefix, keys);
                labels.push(next);
            }
        }
    }
    labels
}

/// Puts keys behind others, without the prefix that stands there already; `false` where there is no
/// room.
fn push_keys(label: &mut String, prefix: &mut Option<Key>, keys: Keys) -> bool {
    let next = match keys {
        Keys::Two(first, second) if *prefix == Some(first) => second.to_string(),
        _ => keys.to_string(),
    };
    let gap = if label.is_empty() { "" } else { " " };
    if display_width(label) + gap.len() + display_width(&next) > KEY_COLUMNS {
        return false;
    }
    label.push_str(gap);
    label.push_str(&next);
    *prefix = match keys {
        Keys::Two(first, _) => Some(first),
        Keys::One(_) => None,
    };
    true
}

/// Returns the first and the last of three or more digits in a row.
fn digits(keys: &[Keys]) -> Option<String> {
    let digit = |keys: &Keys| match keys {
        Keys::One(Key::Char(letter)) => letter.to_digit(10),
        _ => None,
    };
    let digits: Vec<u32> = keys.iter().map_while(digit).collect();
    let in_a_row = digits.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    (digits.len() == keys.len() && digits.len() > 2 && in_a_row)
        .then(|| Some(format!("{}-{}", digits.first()?, digits.last()?)))?
}

fn links(links: &[Link]) -> Vec<PanelLine> {
    let links = links.iter().map(|link| PanelLine {
        part: None,
        label: link.n.to_string(),
        words: named_address(&link.text, &link.url),
        deed: PanelDeed::Open(link.url.clone()),
    });
    links.collect()
}

fn attachments(page: &Page) -> Vec<PanelLine> {
    let attachments = page.enclosures.iter().zip(1..).map(|(enclosure, n)| {
        let words = attachment_words(enclosure);
        PanelLine {
            part: None,
            label: format!("{n}"),
            words: named_address(&words, &enclosure.url),
            deed: PanelDeed::Open(enclosure.url.clone()),
        }
    });
    attachments.collect()
}

fn headings(page: &Page) -> Vec<PanelLine> {
    let highest = page.headings.iter().map(|heading| heading.level).min();
    let depth = |level: u8| level.saturating_sub(highest.unwrap_or(level)).into();
    let headings = page.headings.iter().map(|heading| PanelLine {
        part: None,
        label: "  ".repeat(depth(heading.level)),
        words: heading.text.clone(),
        deed: PanelDeed::GoTo(heading.line),
    });
    headings.collect()
}

/// Returns the facts; nothing of one is cut, so that a long one takes several lines.
fn facts(facts: &[(String, String)], columns: usize) -> Vec<PanelLine> {
    let names = facts.iter().map(|(name, _)| display_width(name));
    // The bar, a blank, the names, two blanks, and the margin at the right.
    let room = columns.saturating_sub(names.max().unwrap_or(0) + 5).max(1);
    let mut lines = Vec::new();
    for (name, value) in facts {
        let mut label = name.as_str();
        for words in wrapped(value, room) {
            lines.push(PanelLine {
                part: None,
                label: std::mem::take(&mut label).to_owned(),
                words: words.to_owned(),
                deed: PanelDeed::Nothing,
            });
        }
    }
    lines
}
