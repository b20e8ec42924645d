//! The sections pane: Today, Starred, Closing soon, the sections, and the feeds of those that are open.

use ratatui::layout::{Position, Rect};

use super::paint::{Bar, Brush, light, narrow};
use crate::model::text::display_width;
use crate::services::rows::{FeedTally, ListOf};
use crate::services::subscriptions::Health;
use crate::tui::commands::Command;
use crate::tui::cut;
use crate::tui::layout::Areas;
use crate::tui::palette::Ink;
use crate::tui::shelf::section_line;
use crate::tui::state::{Pane, State};

/// Columns before the name of a section: bar, key, blank.
const BEFORE_NAME: u16 = 3;

/// Columns before the name of a feed.
const BEFORE_FEED: u16 = 7;

/// Columns of a count and the margin after it.
const COUNT: u16 = 4;

/// Draws the pane; returns where the selected row begins, if it is in sight.
pub(super) fn draw(
    state: &State,
    brush: &mut Brush<'_>,
    areas: &Areas,
    pane: Rect,
) -> Option<Position> {
    let heading = brush.ink(Ink::Heading);
    let (focused, bar) = match state.focus {
        Pane::Sections => (heading, Bar::Selected),
        _ => (light(heading), Bar::Elsewhere),
    };
    brush.put(pane.x + 1, pane.y, pane.width - 1, "Gazette", focused);
    let body = areas.body(pane);
    let mut cursor = None;
    let top = state.sections.top;
    let rows = state.sections.rows(&state.setup);
    for (at, of) in rows.into_iter().enumerate().skip(top) {
        let line = narrow(section_line(top, at));
        if line >= body.height {
            break;
        }
        let row = Rect::new(body.x, body.y + line, body.width, 1);
        if of == state.sections.selected {
            brush.bar(row, bar);
            cursor = Some(row.as_position());
            draw_row(state, brush, row, of, bar);
        } else {
            draw_row(state, brush, row, of, Bar::None);
        }
    }
    cursor
}

fn draw_row(state: &State, brush: &mut Brush<'_>, area: Rect, of: ListOf, bar: Bar) {
    let tally = state.sections.tally(of).unwrap_or_default();
    let count = cut::count(match of {
        ListOf::Starred | ListOf::Closing => tally.articles,
        _ => tally.unread,
    });
    let accent = brush.ink_in(bar, Ink::Accent);
    let text = brush.ink_in(bar, Ink::Text);
    brush.put_right(area.right() - 1, area.y, &count, accent);
    let name = state.sections.name(&state.setup, of);
    // A count of three digits needs a blank before it.
    let gap = u16::from(count.len() > 2);
    let room = |before: u16| area.width.saturating_sub(before + COUNT + gap);
    if let ListOf::Feed { section, feed } = of {
        let known = feed_tally(state, section, feed);
        if known.is_some_and(|feed| matches!(feed.health, Health::Failing | Health::Gone)) {
            let error = brush.ink_in(bar, Ink::Error);
            let sign = brush.look().symbols.failing;
            brush.put(area.x + BEFORE_FEED - 2, area.y, 1, sign, error);
        }
        let short = known.map(|feed| feed.short.as_str());
        let name = short.filter(|short| !short.is_empty()).unwrap_or(name);
        let room = room(BEFORE_FEED);
        let name = cut::name(name, room.into(), brush.ellipsis());
        brush.put(area.x + BEFORE_FEED, area.y, room, &name, text);
        return;
    }
    // A key of more than one column is left to the screen of keys.
    let key = key(state, of);
    if display_width(&key) == 1 {
        brush.put(area.x + 1, area.y, 1, &key, accent);
    }
    let is_open = matches!(of, ListOf::Section(at) if state.sections.open.contains(&at));
    let sign = if is_open { 2 } else { 0 };
    let room = room(BEFORE_NAME + sign);
    let name = cut::name(name, room.into(), brush.ellipsis());
    let end = brush.put(area.x + BEFORE_NAME, area.y, room, &name, text);
    if is_open {
        brush.put(end + 1, area.y, 1, brush.look().symbols.open, accent);
    }
}

fn feed_tally(state: &State, section: usize, feed: usize) -> Option<&FeedTally> {
    let tallies = state.sections.tallies.as_ref()?;
    tallies.sections.get(section)?.feeds.get(feed)
}

/// Returns the key that goes to a section.
fn key(state: &State, of: ListOf) -> String {
    let command = match of {
        ListOf::Today => Some(Command::Today),
        ListOf::Starred => Some(Command::Starred),
        ListOf::Closing => Some(Command::Closing),
        ListOf::Section(at) => u8::try_from(at + 1).ok().map(Command::Section),
        ListOf::Feed { .. } => None,
    };
    command.map_or_else(String::new, |command| state.setup.keymap.shown(command))
}
