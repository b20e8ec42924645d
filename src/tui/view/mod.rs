//! Draws the state: pure, keeps nothing, and formats nothing that is out of sight.
//!
//! - [`view`]: one frame; [`title`]: the terminal's title
//! - `sections`, `list`, `article`, `comments`, `compose`, `panel`: a file a pane; `welcome`: what a list without rows says
//! - `foot`: the last row: hints or a message; `news`: what stands at its right edge
//! - `paint`: putting text into cells, never outside them

mod article;
mod comments;
mod compose;
mod foot;
mod list;
mod news;
mod paint;
mod panel;
mod sections;
#[cfg(test)]
pub(crate) mod tests;
mod welcome;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use self::paint::Brush;
use super::layout::{Areas, SMALLEST};
use super::palette::Ink;
use super::shelf::wrapped;
use super::state::sections::section_of;
use super::state::{Mode, Pane, State};
use super::symbols::Symbols;
use super::theme::Theme;

/// How everything looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Colours and weights.
    pub theme: Theme,
    /// Marks and lines.
    pub symbols: Symbols,
}

/// Draws one frame and puts the cursor on what has the focus.
pub fn view(state: &State, look: &Look, frame: &mut Frame<'_>) {
    let window = frame.area();
    let mut brush = Brush::new(frame.buffer_mut(), look);
    brush.fill(window, look.theme.ground());
    let cursor = match (state.areas(), &state.mode) {
        (None, _) => too_small(state, &mut brush, window),
        (Some(areas), Mode::Panel(panel)) => panel::draw(state, panel, &mut brush, &areas),
        (Some(areas), _) => panes(state, &mut brush, &areas),
    };
    frame.set_cursor_position(cursor);
}

/// Returns the terminal's title: what the list is of, and how many of its articles are unread. It
/// is made of the program's and the configuration's own words.
pub fn title(state: &State) -> String {
    let of = state.list.of;
    // A feed has words of its own.
    let named = section_of(of).map_or(of, crate::services::rows::ListOf::Section);
    let name = state.sections.name(&state.setup, named);
    match state.sections.tally(of).map_or(0, |tally| tally.unread) {
        0 => format!("Gazette: {name}"),
        unread => format!("Gazette: {name} ({unread})"),
    }
}

fn panes(state: &State, brush: &mut Brush<'_>, areas: &Areas) -> Position {
    let mut cursor = None;
    if let Some(area) = areas.sections {
        let at = sections::draw(state, brush, areas, area);
        cursor = cursor.or(at.filter(|_| state.focus == Pane::Sections));
    }
    if let Some(area) = areas.list {
        let at = list::draw(state, brush, areas, area);
        cursor = cursor.or(at.filter(|_| state.focus == Pane::List));
    }
    if let Some(area) = areas.article {
        let (pane, at) = match (&state.mode, state.focus) {
            (Mode::Writing(writing), pane) => {
                (pane, compose::draw(state, writing, brush, areas, area))
            }
            (_, Pane::Comments) => (Pane::Comments, comments::draw(state, brush, areas, area)),
            _ => (Pane::Article, article::draw(state, brush, areas, area)),
        };
        cursor = cursor.or(Some(at).filter(|_| state.focus == pane));
    }
    for area in [areas.sections, areas.list].into_iter().flatten() {
        brush.upright(area.right(), area.y, area.height);
    }
    let field = foot::draw(state, brush, areas.foot);
    field.or(cursor).unwrap_or_default()
}

/// Says that the window is too small, in as much of it as there is.
fn too_small(state: &State, brush: &mut Brush<'_>, window: Rect) -> Position {
    let (columns, rows) = state.size;
    let back = state.setup.keymap.shown(super::commands::Command::Back);
    let (least_columns, least_rows) = SMALLEST;
    let text = format!(
        "Gazette needs {least_columns}x{least_rows}. This window is {columns}x{rows}. {back} goes back"
    );
    let style = brush.ink(Ink::Text);
    for (y, line) in (window.y..window.bottom()).zip(wrapped(&text, window.width.into())) {
        brush.put(window.x, y, window.width, line, style);
    }
    window.as_position()
}
