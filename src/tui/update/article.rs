//! The article pane.

use std::sync::Arc;

use super::super::effect::{Effect, Question};
use super::super::keymap::Key;
use super::super::shelf;
use super::super::state::article::{Aside, Form, Newer};
use super::super::state::list::Way;
use super::super::state::panel::{Mode, PanelKind};
use super::super::state::{Page, Pane, State};
use super::{comments, keys, list, marks, take, unread};
use crate::config::MarkRead;
use crate::model::article::ArticleId;
use crate::model::document::Spot;
use crate::services::sheet;
use crate::services::sheet::changes::NO_EARLIER_VERSION;

/// How many articles are kept near the one on the screen.
const NEAR: usize = 2;

/// The narrowest and the widest measure, in columns, and the step between two.
const MEASURES: (u16, u16, u16) = (40, 100, 4);

/// Opens the selected article, which makes it read unless the configuration says otherwise.
pub(super) fn read_selected(state: &mut State, out: &mut Vec<Effect>) {
    let Some(row) = state.list.row() else {
        return list::nothing_selected(state);
    };
    let id = row.id;
    state.focus = Pane::Article;
    want(state, id, out);
    // What is opened is opened as it is now.
    take_newer(state, out);
    if state.setup.mark_read == MarkRead::Open {
        marks::opened(state, out);
    }
}

/// Sees to it that the article pane shows what it should: an opened article, or beside a list the
/// selected one; and at the width that there is.
pub(super) fn follow(state: &mut State, out: &mut Vec<Effect>) {
    if state.focus == Pane::Comments {
        return comments::follow(state, out);
    }
    let in_sight = state.areas().is_some_and(|areas| areas.article.is_some());
    let is_needed = state.then.is_some() || is_about_article(&state.mode);
    if !in_sight && state.focus != Pane::Article && !is_needed {
        // Nothing of an article can be seen, but what is open stays open in too small a window.
        if state.areas().is_some() {
            state.article.wanted = None;
            state.article.asked = None;
        }
        return;
    }
    if state.areas().is_none() || state.sections.tallies.is_none() {
        return;
    }
    if state.focus != Pane::Article && state.list.loading.is_none() {
        if let Some(id) = state.list.row().map(|row| row.id) {
            want(state, id, out);
        } else {
            state.article.wanted = None;
            state.article.asked = None;
        }
    } else if let Some(id) = state.article.wanted {
        want(state, id, out);
    }
    clamp(state);
    look_ahead(state, out);
}

/// Whether what lies over the panes needs the article.
fn is_about_article(mode: &Mode) -> bool {
    match mode {
        Mode::FileName(_) => true,
        Mode::Panel(panel) => !matches!(panel.kind, PanelKind::Keys(_)),
        Mode::Browsing | Mode::Prefix(_) | Mode::Digits(_) | Mode::Writing(_) => false,
    }
}

/// Asks for an article's lines, unless they are on the screen, near, or on their way.
pub(super) fn want(state: &mut State, id: ArticleId, out: &mut Vec<Effect>) {
    let width = state.measure();
    if state.article.wanted != Some(id) {
        leave_changes(state);
        state.article.wanted = Some(id);
        state.article.newer = Newer::No;
        state.article.missing = None;
        let row = state.list.row().filter(|row| row.id == id);
        let starred = row.is_some_and(|row| row.starred);
        let near = &mut state.article.near;
        if let Some(at) = near.iter().position(|page| {
            (page.head.id, page.width, page.head.marks.starred) == (id, width, starred)
        }) {
            let page = near.remove(at);
            show(state, page);
        }
    }
    if state.article.missing == Some(id) {
        return;
    }
    let is_there = state
        .article
        .shown()
        .is_some_and(|page| page.width == width);
    if is_there {
        // A newer text of it may be on its way.
        let asked = state.article.asked;
        state.article.asked = asked.filter(|(asked, at, _)| (*asked, *at) == (id, width));
    } else {
        let asked = state.article.asked.filter(|(asked, ..)| *asked == id);
        let form = asked.map_or(state.article.form(), |(_, _, form)| form);
        if asked != Some((id, width, form)) {
            ask(state, id, width, form, out);
        }
    }
}

/// Shows a page; what was shown before stays near.
///
/// An article that comes back at another width, or with a newer text, leaves the reader in place.
pub(super) fn show(state: &mut State, page: Arc<Page>) {
    let id = page.head.id;
    let article = &mut state.article;
    let shown = article.page.as_ref();
    let spot = if shown.is_some_and(|shown| shown.head.id == id) {
        article.spot
    } else {
        article.spots.get(&id).copied().unwrap_or(page.spot)
    };
    if let Some(before) = article.page.replace(page)
        && before.head.id != id
    {
        keep_near(state, before);
    }
    place_at(state, spot);
}

/// Keeps a page at hand for the next key.
pub(super) fn keep_near(state: &mut State, page: Arc<Page>) {
    let near = &mut state.article.near;
    near.retain(|other| other.head.id != page.head.id);
    near.insert(0, page);
    near.truncate(NEAR);
}

/// Asks for the article that the next key will most likely lead to, once the one on the screen is
/// there: the neighbour on the way, or from an opened article the next unread one.
fn look_ahead(state: &mut State, out: &mut Vec<Effect>) {
    let width = state.measure();
    let here = state.list.selected;
    let is_settled = state
        .article
        .shown()
        .is_some_and(|page| page.width == width)
        && state.article.asked.is_none()
        && !state.is_waiting();
    if !is_settled {
        return;
    }
    let next = match state.focus {
        Pane::Article | Pane::Comments => unread::in_rows(&state.list.rows, Some(here), Way::Down),
        Pane::Sections | Pane::List if here < state.article.row => here.checked_sub(1),
        Pane::Sections | Pane::List => here.checked_add(1),
    };
    state.article.row = here;
    let Some(id) = next
        .and_then(|at| state.list.rows.get(at))
        .map(|row| row.id)
    else {
        return;
    };
    let is_near = |page: &Arc<Page>| page.head.id == id && page.width == width;
    let is_asked = state
        .article
        .ahead
        .is_some_and(|(_, asked, at)| (asked, at) == (id, width));
    if is_asked || state.article.near.iter().any(is_near) {
        return;
    }
    state.article.ticket += 1;
    state.article.ahead = Some((state.article.ticket, id, width));
    out.push(Effect::Ask(Question::Page {
        ticket: state.article.ticket,
        id,
        width,
        form: Form::Text,
    }));
}

/// Forgets what was laid out ahead, as it may no longer be so.
pub(super) fn forget_near(state: &mut State) {
    state.article.near.clear();
    state.article.ahead = None;
}

fn ask(state: &mut State, id: ArticleId, width: u16, form: Form, out: &mut Vec<Effect>) {
    // It takes the place of what was asked for ahead.
    state.article.ahead = None;
    state.article.ticket += 1;
    state.article.asked = Some((id, width, form));
    out.push(Effect::Ask(Question::Page {
        ticket: state.article.ticket,
        id,
        width,
        form,
    }));
}

/// Takes the newer text of the opened article, if there is one.
pub(super) fn take_newer(state: &mut State, out: &mut Vec<Effect>) {
    if let (Newer::Yes, Some(id)) = (state.article.newer, state.article.wanted) {
        state.article.newer = Newer::No;
        leave_changes(state);
        let width = state.measure();
        ask(state, id, width, Form::Text, out);
        if state.focus == Pane::Article && state.setup.mark_read == MarkRead::Open {
            marks::opened(state, out);
        }
    }
}

/// Shows what changed in the opened article in its place, or the article again.
pub(super) fn changes(state: &mut State, out: &mut Vec<Effect>) {
    if state.article.form() == Form::Changes {
        return leave_changes(state);
    }
    let Some((id, revisions)) = state
        .article
        .shown()
        .map(|page| (page.head.id, page.revisions))
    else {
        return;
    };
    // A newer text has made the one on the screen an earlier one.
    if revisions == 0 && state.article.newer == Newer::No {
        state.say(NO_EARLIER_VERSION);
        return;
    }
    let width = state.measure();
    ask(state, id, width, Form::Changes, out);
}

/// Shows changes in the place of their article, from the top; at another width where they were.
pub(super) fn show_changes(state: &mut State, page: Arc<Page>) {
    let article = &mut state.article;
    let before = article.page.replace(page);
    if article.aside.is_none()
        && let Some(page) = before
    {
        article.aside = Some(Aside {
            page,
            spot: article.spot,
        });
        article.spot = Spot::default();
    }
    place_at(state, state.article.spot);
}

/// Shows the article again, where its changes are shown in its place.
pub(super) fn leave_changes(state: &mut State) {
    let Some(Aside { mut page, spot }) = state.article.aside.take() else {
        return;
    };
    let asked = state.article.asked;
    state.article.asked = asked.filter(|(_, _, form)| *form == Form::Text);
    // It may have been starred or marked meanwhile.
    if let Some(changes) = state.article.page.take()
        && changes.head.marks != page.head.marks
    {
        Arc::make_mut(&mut page).head.marks = changes.head.marks.clone();
    }
    state.article.page = Some(page);
    place_at(state, spot);
}

/// Scrolls by some lines.
pub(super) fn scroll(state: &mut State, by: isize, out: &mut Vec<Effect>) {
    let top = state.article.top.saturating_add_signed(by);
    go_to(state, top, out);
}

/// Puts a line at the top, as far as there are lines below it.
pub(super) fn go_to(state: &mut State, line: usize, out: &mut Vec<Effect>) {
    let top = line.min(last_top(state));
    let Some(page) = state.article.shown() else {
        return;
    };
    let spot = page.spots.get(top).or(page.spots.last());
    let (id, spot) = (page.head.id, spot.copied().unwrap_or_default());
    if top != state.article.top {
        state.article.top = top;
        state.article.spot = spot;
        if state.article.form() == Form::Text {
            state.article.spots.insert(id, spot);
        }
    }
    note_end(state, out);
}

/// Puts the reader at a spot, without moving it.
pub(super) fn place_at(state: &mut State, spot: Spot) {
    state.article.spot = spot;
    if let Some(page) = state.article.shown() {
        state.article.top = sheet::line_of(&page.spots, spot);
    }
    clamp(state);
}

/// Marks an article read whose end is in sight, where the configuration says so.
pub(super) fn note_end(state: &mut State, out: &mut Vec<Effect>) {
    if state.setup.mark_read == MarkRead::End
        && state.focus == Pane::Article
        && state.article.shown().is_some()
        && state.article.form() == Form::Text
        && is_at_end(state)
    {
        marks::opened(state, out);
    }
}

/// Whether the last line is in sight.
pub(super) fn is_at_end(state: &State) -> bool {
    state.article.top >= last_top(state)
}

fn last_top(state: &State) -> usize {
    shelf::article_lines(state).saturating_sub(shelf::article_height(state))
}

/// Keeps the top line where lines are; the spot stays, for a window that is larger again.
fn clamp(state: &mut State) {
    let Some(page) = state.article.shown() else {
        return;
    };
    let top = sheet::line_of(&page.spots, state.article.spot);
    state.article.top = top.min(last_top(state));
}

/// Goes to the next heading.
pub(super) fn heading_next(state: &mut State, out: &mut Vec<Effect>) {
    let top = state.article.top;
    let next = state.article.shown().and_then(|page| {
        let mut lines = page.headings.iter().map(|heading| heading.line);
        lines.find(|line| *line > top)
    });
    match next {
        Some(line) if top < last_top(state) => go_to(state, line, out),
        _ => state.say("No further heading"),
    }
}

/// Goes to the previous heading.
pub(super) fn heading_previous(state: &mut State, out: &mut Vec<Effect>) {
    let top = state.article.top;
    let previous = state.article.shown().and_then(|page| {
        let mut lines = page.headings.iter().rev().map(|heading| heading.line);
        lines.find(|line| *line < top)
    });
    match previous {
        Some(line) => go_to(state, line, out),
        None if top > 0 => go_to(state, 0, out),
        None => state.say("No earlier heading"),
    }
}

/// Makes the lines narrower or wider by a step.
pub(super) fn change_measure(state: &mut State, steps: i16) {
    let (least, most, step) = MEASURES;
    let now = state.display.measure.unwrap_or(state.setup.text_width);
    let to = i32::from(now) + i32::from(steps) * i32::from(step);
    let to = u16::try_from(to).unwrap_or(least).clamp(least, most);
    state.display.measure = Some(to);
    let shown = state.measure();
    if shown < to {
        state.say(format!(
            "Lines of {to} columns, as far as the window goes: {shown}"
        ));
    } else {
        state.say(format!("Lines of {to} columns"));
    }
}

/// Hears a digit of a link's number, or what ends it.
pub(super) fn digit_or_other(state: &mut State, typed: &str, key: Key, out: &mut Vec<Effect>) {
    let links = state.links().len();
    match key {
        Key::Char(digit @ '0'..='9') => {
            let typed = format!("{typed}{digit}");
            let begins = (1..=links)
                .map(|number| number.to_string())
                .filter(|number| number.starts_with(&typed));
            let number: usize = typed.parse().unwrap_or_default();
            match begins.count() {
                0 => state.say(no_link(state, &typed, links)),
                1 if (1..=links).contains(&number) => open_link(state, number, out),
                _ => state.mode = Mode::Digits(typed),
            }
        }
        Key::Enter => {
            let number = typed.parse().unwrap_or_default();
            open_link(state, number, out);
        }
        Key::Backspace => {
            let shorter: String = typed.chars().take(typed.chars().count() - 1).collect();
            if !shorter.is_empty() {
                state.mode = Mode::Digits(shorter);
            }
        }
        Key::Esc | Key::Ctrl('g') | Key::Char('q') => {}
        other => keys::press(state, other, out),
    }
}

fn no_link(state: &State, typed: &str, links: usize) -> String {
    match links {
        0 if state.focus == Pane::Comments => "This comment has no links".to_owned(),
        0 => "This article has no links".to_owned(),
        1 => format!("There is no link {typed}, only link 1"),
        _ => format!("There is no link {typed}, only 1 to {links}"),
    }
}

fn open_link(state: &mut State, number: usize, out: &mut Vec<Effect>) {
    let links = state.links();
    let link = number.checked_sub(1).and_then(|at| links.get(at));
    if let Some(url) = link.map(|link| link.url.clone()) {
        take::open(state, &url, out);
    } else {
        let said = no_link(state, &number.to_string(), links.len());
        state.say(said);
    }
}
