//! The comments pane: its heading, and each comment with its rails, its author, its facts and its
//! text.

use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::paint::{Bar, Brush, light, narrow};
use crate::model::document::Line;
use crate::model::text::display_width;
use crate::services::Connection;
use crate::services::comments::{Entry, standing};
use crate::services::dates::ago;
use crate::tui::commands::Command;
use crate::tui::cut;
use crate::tui::layout::{Areas, margin, rails};
use crate::tui::palette::Ink;
use crate::tui::shelf::wrapped;
use crate::tui::state::comments::{Fetching, TalkRow};
use crate::tui::state::{Pane, State, Talk};

/// Columns between the bar and the text.
const BESIDE_BAR: u16 = 4;

/// A name keeps so many columns beside the facts.
const LEAST_NAME: usize = 8;

/// Draws the pane; returns where the selected comment begins, or the first line of it in sight.
pub(super) fn draw(state: &State, brush: &mut Brush<'_>, areas: &Areas, area: Rect) -> Position {
    let talk = state.comments.talk.as_deref();
    let width = talk.map_or(state.measure(), |talk| talk.width);
    let text = inset(areas.body(area), width);
    heading(state, brush, inset(area, width));
    let Some(talk) = talk else {
        return text.as_position();
    };
    if talk.conversation.entries.is_empty() {
        return nothing(state, brush, areas, text, talk);
    }
    let pane = Pen {
        state,
        talk,
        body: areas.body(area),
        text,
    };
    let first = state
        .comments
        .rows
        .partition_point(|row| row.end < state.comments.top);
    let rows = state.comments.rows.iter().skip(first);
    let bottom = state.comments.top + usize::from(text.height);
    let mut cursor = None;
    for row in rows.take_while(|row| row.line <= bottom) {
        let drawn = pane.comment(brush, row);
        cursor = cursor.or(drawn.filter(|_| row.entry == state.comments.selected));
    }
    pane.remarks(brush);
    cursor.unwrap_or(text.as_position())
}

/// Returns the columns of a pane that its text stands in.
pub(super) fn inset(pane: Rect, width: u16) -> Rect {
    let inset = margin(pane.width, width);
    Rect {
        x: pane.x + inset,
        width: width.min(pane.width),
        ..pane
    }
}

/// Draws the heading: what the pane shows, and the article's title.
pub(super) fn heading_of(
    state: &State,
    brush: &mut Brush<'_>,
    area: Rect,
    left: &str,
    title: &str,
) {
    let style = match state.focus {
        Pane::Comments => brush.ink(Ink::Heading),
        _ => light(brush.ink(Ink::Heading)),
    };
    let left = brush.look().symbols.plainly(left);
    let room = usize::from(area.width).saturating_sub(display_width(&left) + 2);
    let room = room.min(usize::from(area.width) * 9 / 20);
    let title = cut::title(title, room, brush.ellipsis());
    let dim = brush.ink(Ink::Dim);
    brush.heading(Rect { height: 1, ..area }, (&left, style), (&title, dim));
}

fn heading(state: &State, brush: &mut Brush<'_>, area: Rect) {
    let talk = state.comments.talk.as_deref();
    let title = talk.map_or("", |talk| talk.conversation.title.as_str());
    let left = match talk.map_or((0, 0), counted) {
        (0, _) => "Comments".to_owned(),
        (1, _) => "Comments · 1".to_owned(),
        (count, 1) => format!("Comments · {} in 1 thread", thousands(count)),
        (count, threads) => {
            format!(
                "Comments · {} in {} threads",
                thousands(count),
                thousands(threads)
            )
        }
    };
    heading_of(state, brush, area, &left, title);
}

fn thousands(count: usize) -> String {
    cut::thousands(count as u64)
}

/// Returns how many comments there are, the reader's own among them, and in how many threads.
fn counted(talk: &Talk) -> (usize, usize) {
    let entries = &talk.conversation.entries;
    let threads = entries.iter().filter(|entry| entry.depth == 1).count();
    (entries.len(), threads)
}

/// Says why there is nothing to read.
fn nothing(
    state: &State,
    brush: &mut Brush<'_>,
    areas: &Areas,
    text: Rect,
    talk: &Talk,
) -> Position {
    let blank = u16::from(areas.heading_rows == 1);
    let keymap = &state.setup.keymap;
    let fetch = keymap.shown(Command::FetchComments);
    let is_known = talk.conversation.fetched.is_some();
    let words = match state.comments.fetching {
        _ if is_known && talk.remarks.is_empty() => {
            let write = keymap.shown(Command::WriteComment);
            format!("No comments yet. {write} writes the first.")
        }
        _ if is_known => "No comments.".to_owned(),
        // They say why.
        _ if !talk.remarks.is_empty() => String::new(),
        Fetching::Yes(_) | Fetching::Stored(_) => "The comments are being fetched.".to_owned(),
        Fetching::No if state.setup.connection == Connection::Offline => {
            "These comments were never fetched, and there is no network.".to_owned()
        }
        Fetching::No => format!("These comments were never fetched. {fetch} fetches them."),
    };
    let style = brush.ink(Ink::Text);
    let mut y = text.y + blank;
    let words = brush.look().symbols.plainly(&words).into_owned();
    for line in wrapped(&words, text.width.into()) {
        brush.put(text.x, y, text.width, line, style);
        y += 1;
    }
    y += u16::from(y > text.y + blank);
    for line in &talk.remarks {
        spans(brush, (text.x, y, text.right()), line, None);
        y += 1;
    }
    Position::new(text.x, text.y + blank)
}

/// Writes the spans of a line; in a row with a bar all have that row's colour.
pub(super) fn spans(
    brush: &mut Brush<'_>,
    (x, y, right): (u16, u16, u16),
    line: &Line,
    row: Option<Style>,
) {
    let mut x = x;
    for span in &line.spans {
        let own = brush.look().theme.of(span.style);
        let style = row.map_or(own, |row| row.add_modifier(own.add_modifier));
        let text = brush.look().symbols.of(span);
        x = brush.put(x, y, right.saturating_sub(x), &text, style);
    }
}

/// Where comments are drawn.
struct Pen<'a> {
    state: &'a State,
    talk: &'a Talk,
    body: Rect,
    text: Rect,
}

impl Pen<'_> {
    /// Returns the row of the screen that a line of the comments stands in, if it is in sight.
    fn y(&self, line: usize) -> Option<u16> {
        let from_top = line.checked_sub(self.state.comments.top)?;
        (from_top < usize::from(self.text.height)).then(|| self.text.y + narrow(from_top))
    }

    /// Draws what is in sight of a comment; returns where it begins, or its first line in sight.
    fn comment(&self, brush: &mut Brush<'_>, row: &TalkRow) -> Option<Position> {
        let entry = self.talk.entry(row.entry)?;
        let is_selected = row.entry == self.state.comments.selected;
        let bar = match (is_selected, self.state.focus) {
            (false, _) => Bar::None,
            (true, Pane::Comments) => Bar::Selected,
            (true, _) => Bar::Elsewhere,
        };
        let rails = rails(entry.depth, self.talk.width);
        // Between two comments the rails go on.
        if let Some(y) = row.line.checked_sub(1).and_then(|line| self.y(line)) {
            self.rails(brush, y, rails, Bar::None);
        }
        let bar_x = self.text.x.saturating_sub(BESIDE_BAR).max(self.body.x);
        let mut begins = None;
        for line in row.line..row.end {
            let Some(y) = self.y(line) else { continue };
            let area = Rect::new(bar_x, y, self.body.right() - bar_x, 1);
            brush.bar(area, bar);
            begins = begins.or(Some(area.as_position()));
            let x = self.rails(brush, y, rails, bar);
            if line == row.line {
                self.head(brush, x, y, entry, bar);
            } else if let Some(text) = self.line(row, line) {
                let style = (bar != Bar::None).then(|| brush.ink_in(bar, Ink::Text));
                spans(brush, (x, y, self.text.right()), text, style);
            }
        }
        begins
    }

    fn line(&self, row: &TalkRow, line: usize) -> Option<&Line> {
        let below = line.checked_sub(row.line + 1)?;
        self.talk.texts.get(row.entry)?.get(below)
    }

    /// Draws the rails before a comment; returns the column behind them.
    fn rails(&self, brush: &mut Brush<'_>, y: u16, count: u16, bar: Bar) -> u16 {
        let style = brush.ink_in(bar, Ink::Rule);
        for rail in 0..count {
            let x = self.text.x + 2 * rail;
            brush.put(x, y, 1, brush.look().symbols.pane_rule, style);
        }
        self.text.x + 2 * count
    }

    /// Draws the author, and at the right edge what is known of the comment.
    fn head(&self, brush: &mut Brush<'_>, x: u16, y: u16, entry: &Entry, bar: Bar) {
        let is_folded = self.state.comments.folded.contains(&entry.id);
        let room = usize::from(self.text.right().saturating_sub(x));
        let mark = if is_folded {
            format!("{} ", brush.look().symbols.folded)
        } else {
            String::new()
        };
        let roles: &[&str] = if entry.by_author {
            &[", author of the article", ", author", ""]
        } else {
            &[""]
        };
        let name = entry.author.as_str();
        let before = display_width(&mark) + display_width(name);
        let forms = self.facts(entry, is_folded);
        // What is least needed gives way: replies, words about the author, the end of the name.
        let usual = roles.iter().flat_map(|role| {
            let forms = forms.iter().take(2);
            forms.map(move |form| (*role, before + display_width(role), form))
        });
        let cut = forms.iter().map(|form| ("", LEAST_NAME, form));
        let fits =
            |(_, columns, form): &(&str, usize, &String)| columns + 2 + display_width(form) <= room;
        let chosen = usual.chain(cut).find(fits);
        let (role, facts) = chosen.map_or(("", ""), |(role, _, form)| (role, form.as_str()));
        let facts = brush.look().symbols.plainly(facts).into_owned();
        let left = room.saturating_sub(display_width(&facts) + 2);
        let style = brush.ink_in(bar, Ink::Heading).add_modifier(Modifier::BOLD);
        let accent = brush.ink_in(bar, Ink::Accent);
        let end = brush.put(x, y, narrow(left), &mark, accent);
        let room_left = |end: u16| left.saturating_sub(usize::from(end - x));
        let name = cut::name(name, room_left(end), brush.ellipsis());
        let end = brush.put(end, y, narrow(room_left(end)), &name, style);
        let plain = brush.ink_in(bar, Ink::Dim);
        brush.put(end, y, narrow(room_left(end)), role, plain);
        let ink = if self.state.comments.is_new(entry) {
            Ink::Accent
        } else {
            Ink::Dim
        };
        let style = brush.ink_in(bar, ink);
        brush.put_right(self.text.right(), y, &facts, style);
    }

    /// Returns what is known of a comment, the longest form first.
    fn facts(&self, entry: &Entry, is_folded: bool) -> Vec<String> {
        let (now, zone) = (self.state.now, &self.state.setup.zone);
        let stands_deeper =
            entry.depth > 1 && u32::from(rails(entry.depth, self.talk.width)) + 1 < entry.depth;
        let depth = stands_deeper.then(|| format!("depth {}", entry.depth));
        let new = self.state.comments.is_new(entry).then(|| "new".to_owned());
        let state = entry.own.as_ref();
        let state = state.map(|own| standing(&own.state, entry.at, now, zone));
        let at = entry.at.filter(|_| entry.own.is_none());
        let at = at.map(|at| ago(at, now, zone));
        let replies = match (entry.replies, is_folded) {
            (0, false) => None,
            (0, true) => Some("folded".to_owned()),
            (1, false) => Some("1 reply".to_owned()),
            (1, true) => Some("1 reply folded".to_owned()),
            (count, false) => Some(format!("{count} replies")),
            (count, true) => Some(format!("{count} replies folded")),
        };
        let form = |parts: &[&Option<String>]| {
            let parts: Vec<&str> = parts.iter().filter_map(|part| part.as_deref()).collect();
            parts.join(" · ")
        };
        // A folded branch says so before it says when.
        let shorter = if is_folded {
            form(&[&depth, &new, &state, &replies])
        } else {
            form(&[&depth, &new, &state, &at])
        };
        let mut forms = vec![
            form(&[&depth, &new, &state, &at, &replies]),
            shorter,
            form(&[&depth, &new, &state]),
        ];
        forms.dedup();
        forms
    }

    /// Draws what has to be said of all comments, below them.
    fn remarks(&self, brush: &mut Brush<'_>) {
        let pane = &self.state.comments;
        let first = pane.lines.saturating_sub(self.talk.remarks.len());
        for (line, remark) in (first..).zip(&self.talk.remarks) {
            if let Some(y) = self.y(line) {
                spans(brush, (self.text.x, y, self.text.right()), remark, None);
            }
        }
    }
}
