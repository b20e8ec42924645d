//! What lies over the panes: keys, links, headings, attachments, facts.

use ratatui::layout::{Position, Rect};

use super::foot;
use super::paint::{Bar, Brush, narrow};
use crate::model::text::display_width;
use crate::tui::commands::TABLE;
use crate::tui::cut;
use crate::tui::layout::Areas;
use crate::tui::palette::Ink;
use crate::tui::shelf::{PANEL_HEAD, panel_columns, panel_spots};
use crate::tui::state::lines::{KEY_COLUMNS, commands_in, panel_lines};
use crate::tui::state::panel::{KeysOf, Panel, PanelDeed, PanelKind, PanelLine};
use crate::tui::state::{Pane, State};

/// Columns before a heading of a part: bar, blank.
const BEFORE_PART: u16 = 2;

/// Draws the panel; returns where its chosen line begins, else its field.
pub(super) fn draw(state: &State, panel: &Panel, brush: &mut Brush<'_>, areas: &Areas) -> Position {
    let foot = areas.foot;
    let lines = panel_lines(state, panel);
    let head = Rect::new(1, 0, foot.width.saturating_sub(2), 1);
    heading(state, panel, brush, head);
    let mut cursor = Position::new(1, PANEL_HEAD);
    if !panel.kind.is_for_reading() {
        let area = Rect::new(0, 1, foot.width, 1);
        cursor = foot::field(brush, area, "> ", &panel.typed, "");
    }
    let spots = panel_spots(state, panel.kind, &lines, panel.top);
    let width = foot.width / panel_columns(state, panel.kind);
    let labels = labels(panel.kind, &lines);
    for spot in &spots {
        let Some(line) = lines.get(spot.line) else {
            break;
        };
        let area = Rect::new(spot.column * width, PANEL_HEAD + spot.row, width, 1);
        if let Some(part) = spot.heading {
            let style = brush.ink(Ink::Heading);
            brush.put(area.x + BEFORE_PART, area.y - 1, width, part, style);
        }
        let is_chosen = spot.line == panel.chosen && !panel.kind.is_for_reading();
        if is_chosen {
            cursor = area.as_position();
        }
        let bar = if is_chosen { Bar::Selected } else { Bar::None };
        draw_line(brush, area, line, labels, bar);
    }
    let in_sight = spots.len();
    draw_foot(state, panel, brush, foot, &lines, in_sight);
    cursor
}

/// Where the labels of a panel begin, and how many columns they have; without a number each label
/// has as many as it needs.
#[derive(Clone, Copy)]
struct Labels {
    indent: u16,
    columns: Option<usize>,
}

fn labels(kind: PanelKind, lines: &[PanelLine]) -> Labels {
    let widest = || lines.iter().map(|line| display_width(&line.label)).max();
    match kind {
        PanelKind::Keys(_) => Labels {
            indent: BEFORE_PART + 2,
            columns: Some(KEY_COLUMNS),
        },
        PanelKind::Headings => Labels {
            indent: BEFORE_PART,
            columns: None,
        },
        PanelKind::Links | PanelKind::Attachments | PanelKind::Facts | PanelKind::Address => {
            Labels {
                indent: BEFORE_PART,
                columns: widest().map(|widest| widest + 2),
            }
        }
    }
}

fn draw_line(brush: &mut Brush<'_>, area: Rect, line: &PanelLine, labels: Labels, bar: Bar) {
    brush.bar(area, bar);
    let accent = brush.ink_in(bar, Ink::Accent);
    let text = brush.ink_in(bar, Ink::Text);
    let x = area.x + labels.indent;
    let room = |x: u16| area.right().saturating_sub(x + 1);
    let end = brush.say(x, area.y, room(x), &line.label, accent);
    let x = match labels.columns {
        // Names of keys in ASCII may be longer.
        Some(columns) => (x + narrow(columns)).max(end + 1),
        None => x + narrow(display_width(&line.label)),
    };
    let words = match line.deed {
        PanelDeed::Call(_) => brush.look().symbols.plainly(&line.words),
        _ => line.words.as_str().into(),
    };
    let words = cut::title(&words, room(x).into(), brush.ellipsis());
    brush.put(x, area.y, room(x), &words, text);
}

fn heading(state: &State, panel: &Panel, brush: &mut Brush<'_>, area: Rect) {
    let (name, help) = match panel.kind {
        PanelKind::Keys(of) => {
            let name = match (of, state.focus) {
                (KeysOf::AllPanes, _) => "Keys: all panes",
                (KeysOf::ThisPane, Pane::Sections) => "Keys: sections",
                (KeysOf::ThisPane, Pane::List) => "Keys: article list",
                (KeysOf::ThisPane, Pane::Article) => "Keys: article",
                (KeysOf::ThisPane, Pane::Comments) => "Keys: comments",
            };
            (name, "type to find, Enter runs, Ctrl-g closes")
        }
        PanelKind::Links => ("Links", "type to find, Enter opens, Ctrl-g closes"),
        PanelKind::Headings => ("Headings", "type to find, Enter goes there, Ctrl-g closes"),
        PanelKind::Attachments => ("Attachments", "type to find, Enter opens, Ctrl-g closes"),
        PanelKind::Facts => ("Facts", "Ctrl-g closes"),
        PanelKind::Address => ("Address, copied", "Ctrl-g closes"),
    };
    let (style, dim) = (brush.ink(Ink::Heading), brush.ink(Ink::Dim));
    let has_room = display_width(name) + 2 + display_width(help) <= area.width.into();
    let help = if has_room { help } else { "Ctrl-g closes" };
    brush.heading(area, (name, style), (help, dim));
}

/// Draws what else can be pressed, and how much is left of what there is.
fn draw_foot(
    state: &State,
    panel: &Panel,
    brush: &mut Brush<'_>,
    area: Rect,
    lines: &[PanelLine],
    in_sight: usize,
) {
    let mut hints = Vec::new();
    if panel.top + in_sight < lines.len() {
        hints.push(("PgDn", "more"));
    } else if panel.top > 0 {
        hints.push(("PgUp", "back"));
    }
    match panel.kind {
        PanelKind::Keys(KeysOf::ThisPane) => hints.push(("Tab", "all panes")),
        PanelKind::Keys(KeysOf::AllPanes) => hints.push(("Tab", "this pane")),
        _ => {}
    }
    let close = match panel.kind {
        PanelKind::Facts | PanelKind::Address => ("Ctrl-g or q", "close"),
        _ => ("Ctrl-g or Esc", "close"),
    };
    hints.push(close);
    let left = counted(state, panel, lines);
    foot::closing(brush, area, &hints, &left);
}

/// Returns how much is left of what there is.
fn counted(state: &State, panel: &Panel, lines: &[PanelLine]) -> String {
    let page = state.article.shown();
    let all = match panel.kind {
        PanelKind::Links => Some((state.links().len(), "link")),
        PanelKind::Headings => page.map(|page| (page.headings.len(), "heading")),
        PanelKind::Attachments => page.map(|page| (page.enclosures.len(), "attachment")),
        PanelKind::Facts | PanelKind::Address | PanelKind::Keys(_) => None,
    };
    match (panel.kind, all) {
        (PanelKind::Keys(of), _) => {
            let found = commands_in(state, of, lines);
            format!("{found} of {} commands", TABLE.len())
        }
        (PanelKind::Facts | PanelKind::Address, _) | (_, None) => String::new(),
        (_, Some((all, what))) => {
            let plural = if all == 1 { "" } else { "s" };
            if lines.len() == all {
                format!("{all} {what}{plural}")
            } else {
                format!("{} of {all} {what}{plural}", lines.len())
            }
        }
    }
}
