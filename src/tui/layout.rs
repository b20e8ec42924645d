//! Where things stand: size and what is shown → areas. Used by `update` and `view` alike.

use ratatui::layout::Rect;

use super::state::{Alone, Display, Pane, SectionsPane};

/// No smaller window shows more than one sentence, in columns and rows.
pub const SMALLEST: (u16, u16) = (40, 12);

/// From so many columns three panes stand side by side.
const THREE_PANES: u16 = 112;

/// From so many columns two panes stand side by side.
const TWO_PANES: u16 = 60;

/// From so many columns sections and list are wide.
const WIDE: u16 = 160;

/// From so many rows a blank row follows the headings and parts the day groups.
const TALL: u16 = 30;

/// From so many columns a pane's list has one line a row.
const ONE_LINE_ROWS: u16 = 56;

/// To this depth a comment has a rail for each comment that it stands below.
const RAILED_DEPTH: u32 = 8;

/// Rails leave a comment's text so many columns, where it has as many without them.
const BESIDE_RAILS: u16 = 30;

/// Where the panes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// The sections, if they are in sight: heading row and the rest.
    pub sections: Option<Rect>,
    /// The list, if it is in sight.
    pub list: Option<Rect>,
    /// The article or its comments, if they are in sight.
    pub article: Option<Rect>,
    /// The last row.
    pub foot: Rect,
    /// How many rows the headings take: one, and a blank one where there is room.
    pub heading_rows: u16,
    /// Whether a blank row parts the day groups.
    pub spacing: Spacing,
}

/// Whether there is room for blank rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// There is.
    Airy,
    /// There is none.
    Close,
}

/// How a list's rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowForm {
    /// Marks, title, source and time in one line.
    OneLine,
    /// The title over two lines, source and time at the end of the second.
    TwoLines,
}

impl Areas {
    /// Works out the areas; `None` where the window is too small for any.
    pub fn new(size: (u16, u16), focus: Pane, display: &Display) -> Option<Self> {
        let (columns, rows) = size;
        if columns < SMALLEST.0 || rows < SMALLEST.1 {
            return None;
        }
        let height = rows - 1;
        let pane = |x: u16, width: u16| Some(Rect::new(x, 0, width, height));
        let whole = pane(0, columns);
        // Hidden sections come back while they have the focus.
        let hidden = display.sections_pane == SectionsPane::Hidden && focus != Pane::Sections;
        let alone = display.alone == Alone::Yes;
        let is_opened = matches!(focus, Pane::Article | Pane::Comments);
        let sections_width = match columns {
            WIDE.. => 28,
            THREE_PANES.. => 23,
            _ => 21,
        };
        let (sections, list, article) = if is_opened && (alone || columns < THREE_PANES) {
            (None, None, whole)
        } else if columns >= THREE_PANES {
            let list_width = if columns >= WIDE {
                u16::try_from(u32::from(columns) * 38 / 100).unwrap_or(columns)
            } else {
                37
            };
            let list_x = if hidden { 0 } else { sections_width + 1 };
            let article_x = list_x + list_width + 1;
            (
                if hidden {
                    None
                } else {
                    pane(0, sections_width)
                },
                pane(list_x, list_width),
                pane(article_x, columns - article_x),
            )
        } else if columns >= TWO_PANES {
            if hidden {
                (None, whole, None)
            } else {
                let list_x = sections_width + 1;
                (
                    pane(0, sections_width),
                    pane(list_x, columns - list_x),
                    None,
                )
            }
        } else if focus == Pane::Sections {
            (whole, None, None)
        } else {
            (None, whole, None)
        };
        let airy = rows >= TALL;
        Some(Self {
            sections,
            list,
            article,
            foot: Rect::new(0, height, columns, 1),
            heading_rows: if airy { 2 } else { 1 },
            spacing: if airy { Spacing::Airy } else { Spacing::Close },
        })
    }

    /// Returns what of a pane lies under its heading.
    pub fn body(&self, pane: Rect) -> Rect {
        let top = self.heading_rows.min(pane.height);
        Rect::new(pane.x, pane.y + top, pane.width, pane.height - top)
    }
}

/// Returns how the rows of a list of this width stand.
pub fn row_form(width: u16) -> RowForm {
    if width < ONE_LINE_ROWS {
        RowForm::TwoLines
    } else {
        RowForm::OneLine
    }
}

/// Returns the columns of an article's lines in a pane: no more than the measure asked for, with
/// margins.
pub fn measure(pane: u16, asked: u16) -> u16 {
    let margin = if pane >= 80 { 8 } else { 4 };
    asked.min(pane.saturating_sub(margin)).max(1)
}

/// Returns the blank columns before an article's lines.
pub fn margin(pane: u16, measure: u16) -> u16 {
    pane.saturating_sub(measure) / 2
}

/// Returns how many rails stand before a comment at a depth, 1 for one that begins a thread; each
/// takes two columns of the measure.
pub fn rails(depth: u32, measure: u16) -> u16 {
    let room = measure.saturating_sub(BESIDE_RAILS) / 2;
    let above = depth.min(RAILED_DEPTH).saturating_sub(1);
    u16::try_from(above).unwrap_or(room).min(room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(columns: u16, rows: u16, focus: Pane) -> Areas {
        Areas::new((columns, rows), focus, &Display::default()).unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn panes_stand_side_by_side_as_far_as_there_is_room() {
        let widths = |columns, focus| {
            let areas = areas(columns, 24, focus);
            let width = |pane: Option<Rect>| pane.map(|pane| pane.width);
            (
                width(areas.sections),
                width(areas.list),
                width(areas.article),
            )
        };
        assert_eq!(widths(200, Pane::List), (Some(28), Some(76), Some(94)));
        assert_eq!(widths(120, Pane::List), (Some(23), Some(37), Some(58)));
        assert_eq!(widths(80, Pane::List), (Some(21), Some(58), None));
        assert_eq!(widths(80, Pane::Article), (None, None, Some(80)));
        assert_eq!(widths(50, Pane::List), (None, Some(50), None));
        assert_eq!(widths(50, Pane::Sections), (Some(50), None, None));
    }

    #[test]
    fn a_small_window_has_no_panes() {
        assert!(Areas::new((39, 24), Pane::List, &Display::default()).is_none());
        assert!(Areas::new((80, 11), Pane::List, &Display::default()).is_none());
        assert!(Areas::new((40, 12), Pane::List, &Display::default()).is_some());
    }

    #[test]
    fn the_sections_and_all_but_the_article_can_be_hidden() {
        let display = Display {
            sections_pane: SectionsPane::Hidden,
            alone: Alone::Yes,
            ..Display::default()
        };
        let list = Areas::new((120, 40), Pane::List, &display).unwrap_or_else(|| unreachable!());
        assert_eq!(
            (list.sections, list.list.map(|pane| pane.x)),
            (None, Some(0))
        );
        let article =
            Areas::new((120, 40), Pane::Article, &display).unwrap_or_else(|| unreachable!());
        assert_eq!(article.article, Some(Rect::new(0, 0, 120, 39)));
        assert_eq!(article.list, None);
    }

    #[test]
    fn the_measure_leaves_margins() {
        assert_eq!(
            [94, 80, 58, 50].map(|pane| measure(pane, 76)),
            [76, 72, 54, 46]
        );
        assert_eq!(margin(94, 76), 9);
    }
}
