//! A comment that is being written: what it answers, its fields, and the question what becomes of
//! it.

use jiff::Timestamp;
use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::comments::{heading_of, inset, spans};
use super::paint::{Brush, narrow};
use crate::model::text::{SafeText, display_width};
use crate::services::comments::EntryId;
use crate::tui::cut;
use crate::tui::layout::Areas;
use crate::tui::palette::Ink;
use crate::tui::shelf::{WritingDesk, quoted, wrapped, writing};
use crate::tui::state::State;
use crate::tui::state::compose::{Compose, MOST_CHARACTERS, Saved, Slot, Stage};

/// Columns of the words before the fields.
const LABEL: u16 = 8;

/// The address stands so many columns from the left where it stands beside the name.
const EMAIL_AT: u16 = 29;

/// Draws the pane; returns where the cursor is.
pub(super) fn draw(
    state: &State,
    compose: &Compose,
    brush: &mut Brush<'_>,
    areas: &Areas,
    area: Rect,
) -> Position {
    let width = state.measure();
    let body = inset(areas.body(area), width);
    let mut left = what(state, compose);
    if compose.stage == Stage::Ready {
        left.push_str(" · ready");
    }
    let talk = state.comments.talk.as_deref();
    let title = talk.map_or("", |talk| talk.conversation.title.as_str());
    heading_of(state, brush, inset(area, width), &left, title);
    match compose.stage {
        Stage::Writing => fields(state, compose, brush, body),
        Stage::Ready => question(state, compose, brush, body),
    }
}

/// Returns what is being written.
fn what(state: &State, compose: &Compose) -> String {
    let Some(id) = &compose.reply_to else {
        return "A comment".to_owned();
    };
    let answered = state.comments.talk.as_deref().and_then(|talk| {
        let at = talk.position(&EntryId::Theirs(id.clone()))?;
        talk.entry(at)
    });
    match answered {
        Some(entry) if entry.own.is_some() => "Reply to yourself".to_owned(),
        Some(entry) => format!("Reply to {}", entry.author),
        None => "Reply to a comment that is gone".to_owned(),
    }
}

fn fields(state: &State, compose: &Compose, brush: &mut Brush<'_>, body: Rect) -> Position {
    let desk = writing(state, compose);
    let lines = quoted(state, compose).unwrap_or_default();
    let mark = brush.ink(Ink::Quote);
    for (y, line) in (body.y..).zip(lines.iter().take(desk.quoted)) {
        brush.put(body.x, y, 1, brush.look().symbols.elsewhere, mark);
        spans(brush, (body.x + 2, y, body.right() + 2), line, None);
    }
    if lines.len() > desk.quoted
        && let Some(y) = desk.quoted.checked_sub(1)
    {
        let dots = brush.ellipsis();
        brush.put(body.right() + 1, body.y + narrow(y), 1, dots, mark);
    }
    let at_names = names(state, compose, brush, body, &desk);
    let at_text = text(compose, brush, body, desk.text, desk.rows);
    status(state, compose, brush, body, desk.status);
    at_names.unwrap_or(at_text)
}

/// Draws name and address, or which account it is sent from; returns where the next letter goes if it
/// goes there.
fn names(
    state: &State,
    compose: &Compose,
    brush: &mut Brush<'_>,
    body: Rect,
    desk: &WritingDesk,
) -> Option<Position> {
    let dim = brush.ink(Ink::Dim);
    if let Some(account) = state.account() {
        let words = format!("As {account}, your account at this site");
        brush.say(body.x, body.y + desk.name, body.width, &words, dim);
        return None;
    }
    let in_one_row = desk.name == desk.email;
    let name_room = if in_one_row {
        EMAIL_AT - LABEL - 1
    } else {
        body.width.saturating_sub(LABEL)
    };
    let name = (body.x, body.y + desk.name, name_room);
    let at_name = field(
        brush,
        name,
        "Name",
        &compose.name,
        compose.slot == Slot::Name,
    );
    let note = "not published";
    let email_x = if in_one_row {
        body.x + EMAIL_AT
    } else {
        body.x
    };
    let email_y = body.y + desk.email;
    let room = body.right().saturating_sub(email_x + LABEL);
    let room = room.saturating_sub(narrow(note.len()) + 2);
    let email = (email_x, email_y, room);
    let at_email = field(
        brush,
        email,
        "E-mail",
        &compose.email,
        compose.slot == Slot::Email,
    );
    brush.put_right(body.right(), email_y, note, dim);
    match compose.slot {
        Slot::Name => Some(at_name),
        Slot::Email => Some(at_email),
        Slot::Text => None,
    }
}

/// Draws a field of one line behind its name; returns where the next letter goes.
fn field(
    brush: &mut Brush<'_>,
    (x, y, room): (u16, u16, u16),
    name: &str,
    typed: &Input,
    is_focused: bool,
) -> Position {
    let (dim, text) = (brush.ink(Ink::Dim), brush.ink(Ink::Text));
    brush.put(x, y, LABEL, name, dim);
    let x = x + LABEL;
    // The cursor takes a column behind the last letter.
    let columns = room.saturating_sub(u16::from(is_focused));
    let skipped = if is_focused {
        typed.visual_scroll(columns.into())
    } else {
        0
    };
    if is_focused {
        let value = super::foot::after_columns(typed.value(), skipped);
        let end = brush.put(x, y, columns, value, text);
        brush.put(end, y, 1, "_", brush.ink(Ink::Accent));
    } else {
        let value = cut::name(typed.value(), columns.into(), brush.ellipsis());
        brush.put(x, y, columns, &value, text);
    }
    Position::new(
        x + narrow(typed.visual_cursor().saturating_sub(skipped)).min(columns),
        y,
    )
}

/// Draws the text from its first row in sight on; returns where the next letter goes.
fn text(compose: &Compose, brush: &mut Brush<'_>, body: Rect, top: u16, rows: usize) -> Position {
    let style = brush.ink(Ink::Text);
    let width = usize::from(body.width);
    let all = compose.text.rows(width);
    let last = all.len().saturating_sub(1);
    let is_focused = compose.slot == Slot::Text;
    for (at, row) in all.iter().enumerate().skip(compose.top).take(rows) {
        let y = body.y + top + narrow(at - compose.top);
        let words = compose.text.text().get(row.clone()).unwrap_or_default();
        let end = brush.put(body.x, y, body.width, words.trim_end_matches(' '), style);
        let end = end + narrow(words.len() - words.trim_end_matches(' ').len());
        if at == last && is_focused {
            brush.put(end.min(body.right()), y, 1, "_", brush.ink(Ink::Accent));
        }
    }
    let (row, column) = compose.text.place(width);
    let y = body.y + top + narrow(row.saturating_sub(compose.top));
    Position::new(body.x + narrow(column.min(width)), y)
}

/// Says whether it is stored, how long it is, and who will see it.
fn status(state: &State, compose: &Compose, brush: &mut Brush<'_>, body: Rect, row: u16) {
    let y = body.y + row;
    let characters = compose.characters();
    let counted = format!(
        "{} of {}",
        cut::thousands(characters as u64),
        cut::thousands(MOST_CHARACTERS as u64)
    );
    let (said, ink) = match compose.saved {
        _ if characters > MOST_CHARACTERS => ("! Too long: ".to_owned(), Ink::Error),
        Saved::Nothing => (String::new(), Ink::Dim),
        Saved::At(at) => (format!("Draft saved {} · ", time(state, at)), Ink::Dim),
        Saved::Failed => ("! Draft not saved · ".to_owned(), Ink::Error),
    };
    let style = brush.ink(ink);
    let whole = format!("{said}{counted} characters");
    let left = if display_width(&whole) <= usize::from(body.width) {
        whole
    } else {
        format!("{said}{counted}")
    };
    let left = brush.look().symbols.plainly(&left).into_owned();
    brush.put(body.x, y, body.width, &left, style);
    let right = "public under this name";
    if display_width(&left) + 2 + right.len() <= usize::from(body.width) {
        let dim = brush.ink(Ink::Dim);
        brush.put_right(body.right(), y, right, dim);
    }
}

fn time(state: &State, at: Timestamp) -> String {
    let at = state.setup.zone.to_datetime(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Draws what would be sent, and what can become of it; returns where the first answer is.
fn question(state: &State, compose: &Compose, brush: &mut Brush<'_>, body: Rect) -> Position {
    let talk = state.comments.talk.as_deref();
    let site = talk.map_or("", |talk| talk.conversation.site.as_str());
    let name = state.account().unwrap_or(compose.name.value().trim());
    let sends = match name {
        "" => format!("send now to {site} (your name is missing)"),
        name => format!("send now to {site} as {}", SafeText::line(name)),
    };
    let answers = [
        ("y", sends),
        ("e", "go on writing".to_owned()),
        ("q", "keep the draft for later".to_owned()),
        ("d", "throw the draft away (u brings it back)".to_owned()),
    ];
    let answers =
        answers.map(|(key, words)| (key, brush.look().symbols.plainly(&words).into_owned()));
    // Which site it is sent to is never cut.
    let columns = usize::from(body.width.saturating_sub(3));
    let answers = answers
        .each_ref()
        .map(|(key, words)| (*key, wrapped(words, columns)));
    let below: usize = answers.iter().map(|(_, lines)| lines.len()).sum();
    let room = usize::from(body.height).saturating_sub(below + 1);
    let style = brush.ink(Ink::Text);
    let rows = compose.text.rows(body.width.into());
    let mut y = body.y;
    for (at, row) in rows.iter().enumerate().take(room.max(1)) {
        let words = compose.text.text().get(row.clone()).unwrap_or_default();
        let is_cut = at + 1 == room && rows.len() > room;
        let words = if is_cut {
            brush.ellipsis()
        } else {
            words.trim_end()
        };
        brush.put(body.x, y, body.width, words, style);
        y += 1;
    }
    y += 1;
    let begins = Position::new(body.x, y);
    let keys = brush.ink(Ink::Accent);
    for (key, lines) in &answers {
        brush.put(body.x, y, 1, key, keys);
        for line in lines {
            brush.put(body.x + 3, y, body.width.saturating_sub(3), line, style);
            y += 1;
        }
    }
    begins
}
