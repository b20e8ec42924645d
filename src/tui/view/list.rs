//! The list pane: its heading, the headings of days, and the articles.

use std::borrow::Cow;

use jiff::Timestamp;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::paint::{Bar, Brush, light, narrow};
use super::welcome;
use crate::model::article::StoredText;
use crate::model::text::display_width;
use crate::services::Connection;
use crate::services::dates::{in_list, on_day, until};
use crate::services::rows::{Filter, ListOf, Row, Sort, closes_soon};
use crate::services::sheet::shown_title;
use crate::tui::commands::Command;
use crate::tui::cut;
use crate::tui::layout::{Areas, RowForm};
use crate::tui::palette::Ink;
use crate::tui::shelf::{Headed, Shelf};
use crate::tui::state::{Pane, State};

/// Columns before a title: bar, unread or changed, star, blank.
const BEFORE_TITLE: u16 = 4;

/// Columns of the time in rows of one line.
const TIME: usize = 6;

/// From so many columns on sources have more room.
const WIDE_SOURCES: u16 = 70;

/// Columns of the sources, usually and where there is more room.
const SOURCE: [usize; 2] = [8, 15];

/// Draws the pane; returns where its selected row begins, or where it would.
pub(super) fn draw(
    state: &State,
    brush: &mut Brush<'_>,
    areas: &Areas,
    pane: Rect,
) -> Option<Position> {
    heading(state, brush, pane);
    let body = areas.body(pane);
    if state.list.rows.is_empty() {
        welcome::draw(state, brush, body);
        return Some(body.as_position());
    }
    let shelf = Shelf::new(state);
    let lines = match shelf.form {
        RowForm::OneLine => 1,
        RowForm::TwoLines => 2,
    };
    let focused = match state.focus {
        Pane::List => Bar::Selected,
        _ => Bar::Elsewhere,
    };
    let day = light(brush.ink(Ink::Heading));
    let mut cursor = None;
    for placed in shelf.placed(state.list.top) {
        let Some(row) = state.list.rows.get(placed.row) else {
            break;
        };
        let y = body.y + narrow(placed.line);
        if placed.headed == Headed::Yes {
            let text = shelf.heading(placed.row);
            brush.put(body.x + 1, y - 1, body.width - 2, &text, day);
        }
        let area = Rect::new(body.x, y, body.width, lines);
        let mut bar = Bar::None;
        if placed.row == state.list.selected {
            bar = focused;
            cursor = Some(area.as_position());
        }
        brush.bar(area, bar);
        let facts = Facts::new(state, &shelf, row);
        match shelf.form {
            RowForm::OneLine => one_line(brush, area, row, &facts, bar),
            RowForm::TwoLines => two_lines(brush, area, row, &facts, bar),
        }
    }
    cursor
}

/// What stands beside a title.
struct Facts<'a> {
    source: Cow<'a, str>,
    also: usize,
    time: String,
    /// The columns of the time in rows of one line.
    time_columns: usize,
}

impl<'a> Facts<'a> {
    fn new(state: &'a State, shelf: &Shelf<'_>, row: &Row) -> Self {
        let is_offline = state.setup.connection == Connection::Offline;
        let in_closing = state.list.of == ListOf::Closing;
        let soon = row
            .closes
            .filter(|closes| !in_closing && closes_soon(*closes, state.now));
        let (source, also) = if let Some(closes) = soon {
            let until = until(closes, state.now, &state.setup.zone);
            let days = until.strip_prefix("in ").unwrap_or(&until).to_owned();
            (Cow::Owned(days), 0)
        } else if is_offline && row.stored == StoredText::Summary {
            (Cow::Borrowed("summary"), 0)
        } else {
            (
                Cow::Borrowed(state.list.feeds.short(row.feed)),
                row.also.len(),
            )
        };
        let time = match row.closes.filter(|_| in_closing) {
            Some(closes) => closing_time(state, shelf, closes),
            None => in_list(row.at, state.now, &state.setup.zone, shelf.grouped),
        };
        Self {
            source,
            also,
            time_columns: if in_closing {
                display_width(&time)
            } else {
                TIME
            },
            time,
        }
    }
}

/// Returns when a consultation closes, and where there is room how many days are left.
fn closing_time(state: &State, shelf: &Shelf<'_>, closes: Timestamp) -> String {
    const UNTIL: usize = 11;
    let day = on_day(closes, &state.setup.zone);
    if shelf.form == RowForm::TwoLines || shelf.width < WIDE_SOURCES {
        return day;
    }
    let until = until(closes, state.now, &state.setup.zone);
    format!("{day}{until:>UNTIL$}")
}

fn marks(brush: &mut Brush<'_>, area: Rect, row: &Row, bar: Bar) {
    let symbols = &brush.look().symbols;
    let accent = brush.ink_in(bar, Ink::Accent);
    if !row.read {
        brush.put(area.x + 1, area.y, 1, symbols.unread, accent);
    } else if row.changed {
        brush.put(area.x + 1, area.y, 1, symbols.changed, accent);
    }
    if row.starred {
        let warning = brush.ink_in(bar, Ink::Warning);
        brush.put(area.x + 2, area.y, 1, symbols.starred, warning);
    }
}

fn title_style(brush: &Brush<'_>, row: &Row, bar: Bar) -> Style {
    if row.read {
        brush.ink_in(bar, Ink::Dim)
    } else {
        let style = brush.ink_in(bar, Ink::Heading);
        style.add_modifier(Modifier::BOLD)
    }
}

fn one_line(brush: &mut Brush<'_>, area: Rect, row: &Row, facts: &Facts<'_>, bar: Bar) {
    let has_room = area.width >= WIDE_SOURCES && facts.time_columns == TIME;
    let columns = SOURCE[usize::from(has_room)];
    let right = area.right() - 1;
    // The month and year of an old article take from the source.
    let time = display_width(&facts.time);
    let source_columns = columns - time.saturating_sub(facts.time_columns).min(columns);
    let source = cut::source(&facts.source, facts.also, source_columns, brush.ellipsis());
    let source_x = right - narrow(facts.time_columns + 1 + columns);
    let title_columns = source_x.saturating_sub(area.x + BEFORE_TITLE + 1);
    let title = cut::title(
        shown_title(&row.title),
        title_columns.into(),
        brush.ellipsis(),
    );
    marks(brush, area, row, bar);
    let style = title_style(brush, row, bar);
    let dim = brush.ink_in(bar, Ink::Dim);
    brush.put(area.x + BEFORE_TITLE, area.y, title_columns, &title, style);
    brush.put(source_x, area.y, narrow(source_columns), &source, dim);
    brush.put_right(right, area.y, &facts.time, dim);
}

fn two_lines(brush: &mut Brush<'_>, area: Rect, row: &Row, facts: &Facts<'_>, bar: Bar) {
    let inner = area.width - BEFORE_TITLE - 1;
    let source = cut::source(&facts.source, facts.also, SOURCE[1], brush.ellipsis());
    let columns = [usize::from(inner), usize::from(inner - 1)];
    let title = shown_title(&row.title);
    let cut = cut::two_lines(title, &source, &facts.time, columns, brush.ellipsis());
    marks(brush, area, row, bar);
    let style = title_style(brush, row, bar);
    let dim = brush.ink_in(bar, Ink::Dim);
    let x = area.x + BEFORE_TITLE;
    brush.put(x, area.y, inner, &cut.first, style);
    brush.put(x + 1, area.y + 1, inner - 1, &cut.rest, style);
    brush.put_right(area.right() - 1, area.y + 1, &cut.facts, dim);
}

/// Draws what the list is of, what waits, and how many articles it has. Short of room the number
/// of all gives way first, then the name is cut.
fn heading(state: &State, brush: &mut Brush<'_>, pane: Rect) {
    let symbols = &brush.look().symbols;
    let mut name = state.sections.name(&state.setup, state.list.of).to_owned();
    if let Some(words) = narrowed(state.list.filter, state.list.sort) {
        name.push_str(&symbols.plainly(" · "));
        name.push_str(&words);
    }
    let waiting = match state.list.waiting {
        0 => String::new(),
        new => {
            let key = state.setup.keymap.shown(Command::Update);
            let new = cut::thousands(new.into());
            symbols
                .plainly(&format!(" · {new} new: {key}"))
                .into_owned()
        }
    };
    let room = usize::from(pane.width).saturating_sub(2);
    let left = display_width(&name) + display_width(&waiting);
    let count = counted(state, room.saturating_sub(left + 1));
    let name_columns = room.saturating_sub(display_width(&count) + 1 + display_width(&waiting));
    let name = cut::title(&name, name_columns, brush.ellipsis());
    let heading = brush.ink(Ink::Heading);
    let style = match state.focus {
        Pane::List => heading,
        _ => light(heading),
    };
    let (accent, dim) = (brush.ink(Ink::Accent), brush.ink(Ink::Dim));
    let x = brush.put(pane.x + 1, pane.y, narrow(room), &name, style);
    brush.put(x, pane.y, narrow(room), &waiting, accent);
    brush.put_right(pane.right() - 1, pane.y, &count, dim);
}

/// Returns how many articles the list has: `9 unread of 63`, with less room `9 unread`, where all are
/// read `63 articles`; nothing where there are none.
fn counted(state: &State, room: usize) -> String {
    let Some(tally) = state.sections.tally(state.list.of) else {
        return String::new();
    };
    if state.list.of == ListOf::Closing {
        let later = state.sections.tallies.as_ref();
        let later = later.map_or(0, |tallies| tallies.closing_later);
        return closing(tally.articles, later, room);
    }
    match (tally.unread, tally.articles) {
        (0, 0) => return String::new(),
        (0, 1) => return "1 article".to_owned(),
        (0, articles) => return format!("{} articles", cut::thousands(articles.into())),
        _ => {}
    }
    let unread = format!("{} unread", cut::thousands(tally.unread.into()));
    let full = format!("{unread} of {}", cut::thousands(tally.articles.into()));
    if full.len() <= room { full } else { unread }
}

/// Returns how many consultations close when.
fn closing(soon: u32, later: u32, room: usize) -> String {
    let within = format!("{soon} within 14 days");
    let full = format!("{within}, {later} later");
    match (soon, later) {
        (0, 0) => String::new(),
        (_, 0) => within,
        _ if full.len() <= room => full,
        _ => within,
    }
}

/// Returns how a list is narrowed and sorted, where that isn't the usual.
fn narrowed(filter: Filter, sort: Sort) -> Option<String> {
    let filter = match filter {
        Filter::All => None,
        Filter::Unread => Some("unread only"),
        Filter::Starred => Some("starred only"),
        Filter::Today => Some("today only"),
        Filter::Changed => Some("changed only"),
        Filter::Whole => Some("stored whole only"),
    };
    let sort = match sort {
        Sort::Newest => None,
        Sort::Oldest => Some("oldest first"),
        Sort::Source => Some("by source"),
        Sort::Title => Some("by title"),
        Sort::Closing => Some("by closing date"),
    };
    match (filter, sort) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (Some(filter), Some(sort)) => Some(format!("{filter}, {sort}")),
    }
}
