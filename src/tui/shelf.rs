//! Which rows and lines fit where: the arithmetic that scrolling and drawing share.
//!
//! Nothing in here draws or changes anything, and all of it costs as much as the screen has lines,
//! however long the list is: a row's day is compared with that of the row above it, no more.
//!
//! - [`Shelf`]: how the rows of the list stand under the headings of their days
//! - [`rows_in_sight`], [`top_for`], [`line_of_row`], [`top_with_line`]: the same for `update`
//! - [`sections_height`], [`sections_top`]: the sections
//! - [`article_height`], [`article_lines`]: the article
//! - [`writing`]: the fields of a comment
//! - [`panel_spots`], [`panel_in_sight`], [`panel_top`]: what lies over the panes
//! - [`wrapped`]: the program's own words over several lines

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::layout::{Areas, RowForm, Spacing, row_form};
use super::state::article::Form;
use super::state::compose::Compose;
use super::state::list::Extent;
use super::state::panel::{Panel, PanelKind, PanelLine};
use super::state::{Pane, State};
use crate::model::document::Line;
use crate::model::text::display_width;
use crate::services::comments::EntryId;
use crate::services::dates::{Grouped, in_group};
use crate::services::rows::{ListOf, Row, Sort};

/// From so many columns on the keys stand in two columns.
const TWO_COLUMNS: u16 = 70;

/// The sections pane has a blank line below this row, Closing soon.
const BLANK_AFTER: usize = 2;

/// How the rows of a list stand in its pane.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    rows: &'a [Row],
    zone: &'a TimeZone,
    now: Timestamp,
    /// Whether the rows stand under headings of days.
    pub grouped: Grouped,
    /// How a row stands.
    pub form: RowForm,
    /// The lines of the pane under its heading.
    pub height: usize,
    /// Its columns.
    pub width: u16,
    gap: usize,
}

/// Where one row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The row's place in the list.
    pub row: usize,
    /// Its first line, counted from the first under the pane's heading.
    pub line: usize,
    /// Whether the heading of its day stands in the line above.
    pub headed: Headed,
}

/// Whether the heading of a day stands above a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headed {
    /// It does.
    Yes,
    /// It doesn't.
    No,
}

impl<'a> Shelf<'a> {
    /// Returns how the rows of the list stand in the window as it is. Where the list is out of
    /// sight, it is as it will be when it comes back.
    pub fn new(state: &'a State) -> Self {
        let areas = areas_with(state, Pane::List, |areas| areas.list);
        let (body, spacing) = areas.map_or((Rect::ZERO, Spacing::Close), |(areas, pane)| {
            (areas.body(pane), areas.spacing)
        });
        Self {
            rows: &state.list.rows,
            zone: &state.setup.zone,
            now: state.now,
            grouped: match (state.list.of, state.list.sort) {
                (ListOf::Closing, Sort::Newest)
                | (_, Sort::Source | Sort::Title | Sort::Closing) => Grouped::No,
                (_, Sort::Newest | Sort::Oldest) => Grouped::ByDay,
            },
            form: row_form(body.width),
            height: usize::from(body.height),
            width: body.width,
            gap: usize::from(spacing == Spacing::Airy),
        }
    }

    /// Returns the rows that fit from `top` on, each with its place.
    pub fn placed(self, top: usize) -> impl Iterator<Item = Placed> + 'a {
        let mut line = 0;
        (top..self.rows.len()).map_while(move |row| {
            let (headed, lead) = self.lead(top, row);
            let at = line + lead;
            line = at + self.row_lines();
            (line <= self.height).then_some(Placed {
                row,
                line: at,
                headed,
            })
        })
    }

    /// Returns the heading of a row's day.
    pub fn heading(&self, row: usize) -> String {
        let row = self.rows.get(row);
        row.map(|row| in_group(row.at, self.now, self.zone))
            .unwrap_or_default()
    }

    fn row_lines(&self) -> usize {
        match self.form {
            RowForm::OneLine => 1,
            RowForm::TwoLines => 2,
        }
    }

    /// Returns whether a row has a heading above it, and the lines between it and the row before.
    fn lead(&self, top: usize, row: usize) -> (Headed, usize) {
        if self.grouped == Grouped::No {
            (Headed::No, 0)
        } else if row == top {
            (Headed::Yes, 1)
        } else if self.begins_group(row) {
            (Headed::Yes, 1 + self.gap)
        } else {
            (Headed::No, 0)
        }
    }

    /// Whether a row stands under another heading than the row above it.
    fn begins_group(&self, row: usize) -> bool {
        let above = row.checked_sub(1).and_then(|above| self.rows.get(above));
        let (Some(above), Some(row)) = (above, self.rows.get(row)) else {
            return true;
        };
        let day = |row: &Row| self.zone.to_datetime(row.at).date();
        day(above) != day(row)
            && in_group(above.at, self.now, self.zone) != in_group(row.at, self.now, self.zone)
    }

    /// Returns the smallest top from which `row` fits.
    fn top_with_last(&self, row: usize) -> usize {
        let sticky = usize::from(self.grouped == Grouped::ByDay);
        let mut used = sticky + self.row_lines();
        let mut top = row;
        while top > 0 {
            // The row that was on top loses the heading that stood there anyway.
            let more = self.row_lines()
                + match self.grouped {
                    Grouped::ByDay if self.begins_group(top) => 1 + self.gap,
                    _ => 0,
                };
            if used + more > self.height {
                break;
            }
            used += more;
            top -= 1;
        }
        top
    }

    /// Returns `top`, but no further down than needed to show the end of a whole list.
    fn not_past_end(&self, top: usize, extent: Extent) -> usize {
        match (extent, self.rows.len().checked_sub(1)) {
            (Extent::Whole, Some(last)) if top > 0 && top + self.height > last => {
                top.min(self.top_with_last(last))
            }
            _ => top,
        }
    }

    fn line_of(&self, top: usize, row: usize) -> usize {
        if row < top {
            return 0;
        }
        let mut line = 0;
        for at in top..=row {
            line += self.lead(top, at).1;
            if at == row || line > self.height {
                break;
            }
            line += self.row_lines();
        }
        line
    }
}

/// Returns how many rows of the list fit whole, from its top on.
pub fn rows_in_sight(state: &State) -> usize {
    Shelf::new(state).placed(state.list.top).count()
}

/// Returns the top of the list that has `selected` in sight: `top` where that is so already, else
/// the one that puts it in the middle. No line stays empty below a whole list that could fill it.
///
/// So the rows stand still while the bar moves over them, and a slow line has little to carry: to
/// scroll by single rows would draw the whole list anew with every key.
pub fn top_for(state: &State, selected: usize, top: usize) -> usize {
    let shelf = Shelf::new(state);
    let is_in_sight = top <= selected && top >= shelf.top_with_last(selected);
    if is_in_sight {
        shelf.not_past_end(top, state.list.extent)
    } else {
        top_with_line(state, selected, shelf.height / 2)
    }
}

/// Returns the line of a row, counted from the list's first line under its heading, when `top` is
/// the first row in sight; more than the pane has where the row is below it.
pub fn line_of_row(state: &State, top: usize, row: usize) -> usize {
    Shelf::new(state).line_of(top, row)
}

/// Returns the top of the list that puts a row as near as possible to a line of it.
pub fn top_with_line(state: &State, row: usize, line: usize) -> usize {
    let shelf = Shelf::new(state);
    let first = shelf.top_with_last(row);
    let nearest = (first..=row)
        .rev()
        .min_by_key(|top| shelf.line_of(*top, row).abs_diff(line));
    shelf.not_past_end(nearest.unwrap_or(row), state.list.extent)
}

/// Returns the lines of the sections pane under its heading.
pub fn sections_height(state: &State) -> usize {
    let found = areas_with(state, Pane::Sections, |areas| areas.sections);
    found.map_or(0, |(areas, pane)| usize::from(areas.body(pane).height))
}

/// Returns the first row of the sections pane that has the row `selected` in sight: `top` where
/// that is so already, else moved as little as possible. Nothing stays above while there is room
/// below.
pub fn sections_top(state: &State, selected: usize, top: usize) -> usize {
    let height = sections_height(state).max(1);
    let last = state.sections.rows(&state.setup).len().saturating_sub(1);
    let mut top = top.min(selected);
    while top > 0 && section_line(top - 1, last) < height {
        top -= 1;
    }
    while top < selected && section_line(top, selected) >= height {
        top += 1;
    }
    top
}

/// Returns the line of a row of the sections pane when `top` is the first row in sight.
pub fn section_line(top: usize, row: usize) -> usize {
    let blank = usize::from(top <= BLANK_AFTER && row > BLANK_AFTER);
    row.saturating_sub(top) + blank
}

/// Returns the lines of the article pane under its heading.
pub fn article_height(state: &State) -> usize {
    let found = areas_with(state, Pane::Article, |areas| areas.article);
    found.map_or(0, |(areas, pane)| usize::from(areas.body(pane).height))
}

/// Returns how many lines the article has, with what stands below its text.
pub fn article_lines(state: &State) -> usize {
    state.article.shown().map_or(0, |page| {
        let has_foot = page.head.permalink.is_some() || page.form == Form::Changes;
        let foot = if has_foot { 2 } else { 0 };
        page.lines.len() + foot
    })
}

/// Where the fields of a comment stand, in rows counted from the first under the pane's heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WritingDesk {
    /// The columns of the text.
    pub width: u16,
    /// How many lines of what is answered are in sight.
    pub quoted: usize,
    /// The row of the name.
    pub name: u16,
    /// The row of the address, which may be the same.
    pub email: u16,
    /// The first row of the text.
    pub text: u16,
    /// How many rows it has.
    pub rows: usize,
    /// The row that says whether it is stored.
    pub status: u16,
}

/// From so many columns of text name and address stand in one row.
const ONE_ROW_OF_NAMES: u16 = 60;

/// Returns where the fields of a comment stand in the window as it is.
pub fn writing(state: &State, compose: &Compose) -> WritingDesk {
    let height = u16::try_from(article_height(state)).unwrap_or(u16::MAX);
    let width = state.measure();
    let answered = quoted(state, compose).map_or(0, <[Line]>::len);
    // What is answered stays in sight, but not at the cost of the answer.
    let most = usize::from(height / 4).max(2);
    let quoted = answered.min(most);
    let below_quote = u16::try_from(quoted).unwrap_or(0) + u16::from(quoted > 0);
    let name = below_quote;
    let email = name + u16::from(width < ONE_ROW_OF_NAMES);
    let text = email + 2;
    let status = height.saturating_sub(1).max(text + 1);
    let rows = status - text;
    let blank = u16::from(rows > 3);
    WritingDesk {
        width,
        quoted,
        name,
        email,
        text,
        rows: usize::from(rows - blank),
        status,
    }
}

/// Returns the lines of what a comment answers, where that is there.
pub fn quoted<'a>(state: &'a State, compose: &Compose) -> Option<&'a [Line]> {
    let talk = state.comments.talk.as_ref()?;
    let at = talk.position(&EntryId::Theirs(compose.reply_to.clone()?))?;
    talk.texts.get(at).map(Vec::as_slice)
}

/// Where one line of a panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelSpot {
    /// The line's place among those that are left.
    pub line: usize,
    /// The column of lines that it stands in.
    pub column: u16,
    /// Its row, counted from the first under the panel's head.
    pub row: u16,
    /// The heading in the row above it.
    pub heading: Option<&'static str>,
}

/// The rows that a panel has above its lines: heading, what was typed, a blank one.
pub const PANEL_HEAD: u16 = 3;

/// Returns how many columns of lines a panel has.
pub fn panel_columns(state: &State, kind: PanelKind) -> u16 {
    match kind {
        PanelKind::Keys(_) if state.size.0 >= TWO_COLUMNS => 2,
        _ => 1,
    }
}

/// Returns the lines of a panel that fit from `top` on, each with its place. Every column begins
/// with the heading of its first line's part.
pub fn panel_spots(
    state: &State,
    kind: PanelKind,
    lines: &[PanelLine],
    top: usize,
) -> Vec<PanelSpot> {
    let columns = panel_columns(state, kind);
    // The last row has the panel's keys.
    let height = state.size.1.saturating_sub(PANEL_HEAD + 1);
    let (mut column, mut row) = (0, 0);
    let shown = lines.get(..=top).or(Some(lines)).into_iter().flatten();
    let mut part = shown.rev().find_map(|line| line.part);
    let mut spots = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(top) {
        part = line.part.or(part);
        let mut heading = part.filter(|_| row == 0 || line.part.is_some());
        if row + u16::from(heading.is_some()) >= height {
            column += 1;
            row = 0;
            heading = part;
        }
        row += u16::from(heading.is_some());
        if column >= columns || row >= height {
            break;
        }
        spots.push(PanelSpot {
            line: at,
            column,
            row,
            heading,
        });
        row += 1;
    }
    spots
}

/// Returns how many lines of a panel fit from its top on.
pub fn panel_in_sight(state: &State, panel: &Panel, lines: &[PanelLine]) -> usize {
    panel_spots(state, panel.kind, lines, panel.top).len()
}

/// Returns the first line of a panel that has the line `chosen` in sight: `top` where that is so
/// already, else moved as little as possible.
pub fn panel_top(
    state: &State,
    kind: PanelKind,
    lines: &[PanelLine],
    chosen: usize,
    top: usize,
) -> usize {
    let is_in_sight = |top: &usize| {
        let spots = panel_spots(state, kind, lines, *top);
        spots.last().is_some_and(|spot| spot.line >= chosen)
    };
    // No more lines than rows fit into a column.
    let most = usize::from(state.size.1) * usize::from(panel_columns(state, kind));
    let from = top.min(chosen).max(chosen.saturating_sub(most));
    (from..chosen).find(is_in_sight).unwrap_or(chosen)
}

/// Wraps words of the program's own at their blanks; a word that is too long is parted anywhere.
pub fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let fits = |at: &usize| display_width(&rest[..*at]) <= columns;
        let ends = rest.match_indices(' ').map(|(at, _)| at);
        let whole = ends.chain([rest.len()]).take_while(fits).last();
        let end = whole.unwrap_or_else(|| {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
            let first = rest.chars().next().map_or(0, char::len_utf8);
            ends.take_while(fits).last().unwrap_or(first)
        });
        lines.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    lines
}

/// Returns the areas that have a pane in sight, and the pane: those of the window as it is, else
/// those that it has once the pane has the focus.
fn areas_with(
    state: &State,
    pane: Pane,
    area: fn(&Areas) -> Option<Rect>,
) -> Option<(Areas, Rect)> {
    let focused = || Areas::new(state.size, pane, &state.display);
    let mut both = [state.areas(), focused()].into_iter().flatten();
    both.find_map(|areas| area(&areas).map(|rect| (areas, rect)))
}

#[cfg(test)]
mod tests {
    use super::super::view::tests::desk;
    use super::*;
    use crate::model::article::ArticleId;

    /// A list of so many rows of today and then of yesterday.
    fn state(size: (u16, u16), today: usize, yesterday: usize) -> State {
        let mut state = desk::empty(size);
        let days = [
            (today, "2026-11-24T09:00:00Z"),
            (yesterday, "2026-11-23T09:00:00Z"),
        ];
        for (count, at) in days {
            for _ in 0..count {
                let id = ArticleId(i64::try_from(state.list.rows.len()).unwrap_or_default());
                state.list.rows.push(Row {
                    id,
                    ..desk::row("Title", "GDS", at)
                });
            }
        }
        state.list.extent = Extent::Whole;
        state
    }

    /// The rows and their lines.
    fn placed(state: &State, top: usize) -> Vec<(usize, usize)> {
        let placed = Shelf::new(state).placed(top);
        placed.map(|placed| (placed.row, placed.line)).collect()
    }

    #[test]
    fn days_have_headings_and_where_there_is_room_a_blank_line() {
        // 22 lines, one a row.
        let close = state((80, 24), 2, 30);
        assert_eq!(placed(&close, 0)[..3], [(0, 1), (1, 2), (2, 4)]);
        assert_eq!(rows_in_sight(&close), 20);
        // 37 lines, two a row.
        let airy = state((120, 40), 2, 30);
        assert_eq!(placed(&airy, 0)[..3], [(0, 1), (1, 3), (2, 7)]);
        assert_eq!(rows_in_sight(&airy), 17);
        // The heading of the first row in sight stays.
        assert_eq!(placed(&close, 1)[..2], [(1, 1), (2, 3)]);
        assert_eq!(placed(&close, 5)[0], (5, 1));
    }

    #[test]
    fn without_days_there_are_no_headings() {
        let mut state = state((80, 24), 2, 30);
        state.list.sort = Sort::Title;
        assert_eq!(placed(&state, 0)[..3], [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(rows_in_sight(&state), 22);
    }

    #[test]
    fn rows_stand_still_until_the_bar_leaves_the_screen() {
        let state = state((80, 24), 2, 60);
        let check = |selected, top, expected| assert_eq!(top_for(&state, selected, top), expected);
        check(19, 0, 0);
        // Below the last row and above the first one it comes to the middle.
        check(20, 0, 10);
        check(31, 10, 21);
        check(25, 10, 10);
        check(15, 20, 5);
        check(5, 10, 0);
        // No empty lines below the end.
        check(61, 61, 41);
        check(61, 0, 41);
    }

    #[test]
    fn every_row_is_in_sight_from_the_top_found_for_it() {
        for size in [(80, 24), (120, 40), (50, 20), (40, 12)] {
            let state = state(size, 7, 40);
            for selected in 0..47 {
                for top in 0..47 {
                    let top = top_for(&state, selected, top);
                    let lines = placed(&state, top);
                    assert!(
                        lines.iter().any(|(row, _)| *row == selected),
                        "{selected} from {top}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_row_keeps_its_line() {
        let state = state((120, 40), 7, 60);
        for top in 0..40 {
            for (row, line) in placed(&state, top) {
                assert_eq!(line_of_row(&state, top, row), line);
                assert_eq!(top_with_line(&state, row, line), top, "{row} in {line}");
            }
        }
        // Lines that no row can stand in have the nearest instead.
        assert_eq!(top_with_line(&state, 0, 20), 0);
        assert_eq!(top_with_line(&state, 20, 0), 20);
    }

    #[test]
    fn a_window_without_room_has_no_rows_and_harms_nothing() {
        for size in [(0, 0), (1, 1), (39, 11)] {
            let state = state(size, 3, 3);
            assert_eq!(rows_in_sight(&state), 0);
            assert_eq!(top_for(&state, 4, 0), 4);
            assert_eq!(top_with_line(&state, 4, 3), 4);
            assert_eq!((sections_height(&state), article_height(&state)), (0, 0));
        }
    }

    #[test]
    fn the_sections_have_a_blank_line_after_closing_soon() {
        let lines = |top| [0, 1, 2, 3].map(|row| section_line(top, row));
        assert_eq!(lines(0), [0, 1, 2, 4]);
        assert_eq!(lines(3), [0, 0, 0, 0]);
    }

    #[test]
    fn the_bar_stays_in_sight_in_the_sections() {
        let mut state = desk::empty((80, 12));
        // Thirteen rows in ten lines.
        state.sections.open.insert(0);
        assert_eq!(sections_height(&state), 10);
        for (selected, top, expected) in [(8, 0, 0), (9, 0, 1), (12, 0, 3), (1, 2, 1), (12, 5, 3)] {
            assert_eq!(sections_top(&state, selected, top), expected);
        }
        // With all in sight, none is above.
        state.size = (80, 16);
        for (selected, top) in [(12, 0), (3, 5), (0, 0)] {
            assert_eq!(sections_top(&state, selected, top), 0);
        }
    }

    #[test]
    fn panes_out_of_sight_have_the_height_that_they_come_back_with() {
        let mut state = state((80, 24), 3, 3);
        assert_eq!((rows_in_sight(&state), article_height(&state)), (6, 22));
        state.focus = Pane::Article;
        assert_eq!((rows_in_sight(&state), sections_height(&state)), (6, 22));
    }
}
