//! The article pane: its heading, the lines in sight, and what stands below the text.

use ratatui::layout::{Position, Rect};

use super::paint::{Brush, light, narrow};
use crate::services::sheet::shown_title;
use crate::tui::commands::Command;
use crate::tui::cut;
use crate::tui::layout::{Areas, margin};
use crate::tui::palette::Ink;
use crate::tui::shelf::article_lines;
use crate::tui::state::article::{Form, Newer};
use crate::tui::state::{Page, Pane, State};

/// Columns that the heading is set in where other panes stand beside the article.
const HEADING_INSET: u16 = 2;

/// Draws the pane; returns where the first letter of its top line is.
pub(super) fn draw(state: &State, brush: &mut Brush<'_>, areas: &Areas, area: Rect) -> Position {
    let body = areas.body(area);
    let width = state
        .article
        .shown()
        .map_or(state.measure(), |page| page.width);
    let inset = margin(area.width, width);
    let heading_inset = match areas.list {
        Some(_) => inset.min(HEADING_INSET),
        None => inset,
    };
    let heading = Rect {
        x: area.x + heading_inset,
        width: area.width.saturating_sub(2 * heading_inset),
        height: 1,
        ..area
    };
    let text = Rect {
        x: body.x + inset,
        width: body.width.saturating_sub(inset),
        ..body
    };
    let Some(page) = state.article.shown() else {
        awaited(state, brush, heading);
        return text.as_position();
    };
    draw_heading(state, brush, heading, page, usize::from(body.height));
    let top = state.article.top;
    for (y, line) in (text.y..text.bottom()).zip(page.lines.iter().skip(top)) {
        let mut x = text.x;
        for span in &line.spans {
            let style = brush.look().theme.of(span.style);
            let symbols = &brush.look().symbols;
            x = brush.put(
                x,
                y,
                text.right().saturating_sub(x),
                &symbols.of(span),
                style,
            );
        }
    }
    foot(state, brush, text, page);
    let first = page.lines.get(top).map_or(0, |line| {
        let spans = line.spans.iter().flat_map(|span| span.text.chars());
        spans.take_while(|c| *c == ' ').count()
    });
    Position::new(text.x + narrow(first), text.y)
}

/// Draws the heading of an article that is on its way: what its row knows.
fn awaited(state: &State, brush: &mut Brush<'_>, area: Rect) {
    let row = state.list.row();
    let row = row.filter(|row| state.article.wanted == Some(row.id));
    let name = row.and_then(|row| state.list.feeds.names.get(&row.feed));
    if let Some(name) = name {
        let style = heading_style(state, brush);
        brush.heading(area, (&name.title, style), ("", style));
    }
}

fn heading_style(state: &State, brush: &Brush<'_>) -> ratatui::style::Style {
    let heading = brush.ink(Ink::Heading);
    match state.focus {
        Pane::Article => heading,
        _ => light(heading),
    }
}

/// Draws the source, or the title once it is out of sight; at the right how far the reader is, or
/// that a newer text is there.
fn draw_heading(state: &State, brush: &mut Brush<'_>, area: Rect, page: &Page, height: usize) {
    let title_lines = page.lines.iter().take_while(|line| !line.spans.is_empty());
    let title = (state.article.top >= title_lines.count().max(1)).then(|| shown_title(&page.title));
    let left = match (page.form, title) {
        (Form::Changes, Some(title)) => format!("Changes: {title}"),
        (Form::Changes, None) => "Changes".to_owned(),
        (Form::Text, title) => title.unwrap_or(&page.source).to_owned(),
    };
    let (right, ink) = match state.article.newer {
        Newer::Yes => {
            let key = state.setup.keymap.shown(Command::Update);
            (format!("A newer version is here · {key}"), Ink::Accent)
        }
        Newer::No => {
            let lines = article_lines(state);
            (position(state.article.top, height, lines), Ink::Dim)
        }
    };
    let left_style = heading_style(state, brush);
    let right_style = brush.ink(ink);
    let symbols = &brush.look().symbols;
    let right = symbols.plainly(&right);
    brush.heading(area, (&left, left_style), (&right, right_style));
}

/// Returns how far down a reader is.
fn position(top: usize, height: usize, lines: usize) -> String {
    let last = lines.saturating_sub(height);
    match top {
        _ if last == 0 => "All".to_owned(),
        0 => "Top".to_owned(),
        top if top >= last => "End".to_owned(),
        top => format!("{}%", (top * 100 / last).max(1)),
    }
}

/// Draws what stands below the text.
fn foot(state: &State, brush: &mut Brush<'_>, text: Rect, page: &Page) {
    let line = (page.lines.len() + 1).checked_sub(state.article.top);
    let Some(line) = line.filter(|line| *line < usize::from(text.height)) else {
        return;
    };
    let words = match page.form {
        Form::Text if page.head.permalink.is_none() => return,
        Form::Text => below_the_text(state, page),
        Form::Changes => {
            let key = state.setup.keymap.shown(Command::Changes);
            format!("{key} goes back to the article")
        }
    };
    let style = brush.ink(Ink::Dim);
    brush.say(text.x, text.y + narrow(line), text.width, &words, style);
}

/// Says how many comments there are and which keys read and write them, else which key opens the
/// page.
fn below_the_text(state: &State, page: &Page) -> String {
    let keymap = &state.setup.keymap;
    let (read, write) = (
        keymap.shown(Command::Comments),
        keymap.shown(Command::WriteComment),
    );
    match page.head.comments_count {
        None => format!("{} opens the page", keymap.shown(Command::OpenPage)),
        Some(0) => format!("No comments yet · {write} writes the first"),
        Some(1) => format!("1 comment · {read} reads it · {write} adds yours"),
        Some(count) => {
            let count = cut::thousands(count.into());
            format!("{count} comments · {read} reads them · {write} adds yours")
        }
    }
}
