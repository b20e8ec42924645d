//! Which command a key calls, and what it does.

use super::super::commands::{Command, Places, entry};
use super::super::effect::Effect;
use super::super::keymap::{Key, Meaning};
use super::super::state::article::Form;
use super::super::state::panel::Mode;
use super::super::state::{Alone, Crossing, NoticeKind, Pane, State};
use super::{article, comments, compose, list, marks, news, panel, sections, take, unread};
use crate::services::rows::{Filter, ListOf};

/// Whether a key is heard although something is being read: what stops or ends.
pub(super) fn is_urgent(state: &State, key: Key) -> bool {
    matches!(
        state.setup.keymap.meaning(key, state.focus),
        Meaning::Calls(Command::Stop | Command::Quit | Command::Suspend | Command::Redraw)
    ) && matches!(state.mode, Mode::Browsing)
}

/// Hears one key.
pub(super) fn press(state: &mut State, key: Key, out: &mut Vec<Effect>) {
    if state
        .notice
        .as_ref()
        .is_some_and(|notice| notice.is_over(state.now))
    {
        state.notice = None;
    }
    if state.areas().is_none() {
        return in_a_small_window(state, key, out);
    }
    match std::mem::take(&mut state.mode) {
        Mode::Browsing => browse(state, key, out),
        Mode::Prefix(prefix) => second(state, prefix, key, out),
        Mode::Digits(typed) => article::digit_or_other(state, &typed, key, out),
        Mode::Panel(open) => panel::press(state, open, key, out),
        Mode::FileName(name) => take::file_name(state, name, key, out),
        Mode::Writing(writing) => compose::press(state, writing, key, out),
    }
}

/// Takes pasted text: into a field, else it is no keys.
pub(super) fn paste(state: &mut State, text: &str, out: &mut Vec<Effect>) {
    if matches!(state.mode, Mode::Writing(_)) {
        return compose::paste(state, text, out);
    }
    let line = crate::model::text::SafeText::line(text).into_string();
    let typed = match &mut state.mode {
        Mode::Panel(open) => (!open.kind.is_for_reading()).then_some(&mut open.typed),
        Mode::FileName(name) => Some(name),
        Mode::Browsing | Mode::Prefix(_) | Mode::Digits(_) | Mode::Writing(_) => None,
    };
    match typed {
        Some(field) => {
            for letter in line.chars() {
                field.handle(tui_input::InputRequest::InsertChar(letter));
            }
        }
        None => state.say("Pasted text is not taken for keys"),
    }
}

/// In a window too small for the panes only going back and ending make sense.
fn in_a_small_window(state: &mut State, key: Key, out: &mut Vec<Effect>) {
    match state.setup.keymap.meaning(key, state.focus) {
        Meaning::Calls(Command::Back) if !matches!(state.mode, Mode::Browsing) => {
            if let Mode::Writing(writing) = std::mem::take(&mut state.mode) {
                compose::leave_small(state, writing, out);
            }
        }
        Meaning::Calls(Command::Back) => back(state, out),
        Meaning::Calls(Command::Quit | Command::Stop) => out.push(Effect::Quit),
        Meaning::Calls(Command::Suspend) => out.push(Effect::Suspend),
        Meaning::Calls(Command::Redraw) => out.push(Effect::Redraw),
        _ => {}
    }
}

fn browse(state: &mut State, key: Key, out: &mut Vec<Effect>) {
    match state.setup.keymap.meaning(key, state.focus) {
        Meaning::Calls(Command::OpenLink) if matches!(key, Key::Char('1'..='9')) => {
            article::digit_or_other(state, "", key, out);
        }
        Meaning::Calls(command) => call(state, command, out),
        Meaning::Prefix => state.mode = Mode::Prefix(key),
        Meaning::None => no_key(state, key),
    }
}

fn second(state: &mut State, prefix: Key, key: Key, out: &mut Vec<Effect>) {
    match state.setup.keymap.second(prefix, key, state.focus) {
        Some(command) => call(state, command, out),
        // The usual ways out of anything.
        None if matches!(key, Key::Esc | Key::Ctrl('g') | Key::Char('q')) => {}
        None => {
            let help = state.setup.keymap.shown(Command::Keys);
            state.say(format!(
                "{prefix} {key} is not a key here · {help} all keys"
            ));
        }
    }
}

fn no_key(state: &mut State, key: Key) {
    let help = state.setup.keymap.shown(Command::Keys);
    state.say(format!("{key} is not a key here · {help} all keys"));
}

/// Does what a command says.
pub(super) fn call(state: &mut State, command: Command, out: &mut Vec<Effect>) {
    let crossing = std::mem::take(&mut state.crossing);
    if crossing == Crossing::Ready {
        // What was asked is answered, or no longer of interest.
        state.notice = None;
    }
    if !matches!(command, Command::RefreshAll | Command::RefreshSection) {
        state.news.armed = None;
    }
    if state.focus == Pane::Comments {
        if comments::call(state, command, out) {
            return;
        }
        // What means nothing here is done where the reader came from.
        if entry(command).is_some_and(|entry| !entry.places.hold(Pane::Comments)) {
            comments::leave(state);
        }
    } else if entry(command).is_some_and(|entry| entry.places == Places::Comments) {
        return comments::open(state, Some(command), out);
    }
    match command {
        Command::Down => down(state, 1, out),
        Command::Up => up(state, 1, out),
        Command::Top => top(state, out),
        Command::Bottom => bottom(state, out),
        Command::HalfDown => {
            let rows = half(state);
            down(state, rows, out);
        }
        Command::HalfUp => {
            let rows = half(state);
            up(state, rows, out);
        }
        Command::PageDown => {
            let rows = page(state);
            down(state, rows, out);
        }
        Command::PageUp => {
            let rows = page(state);
            up(state, rows, out);
        }
        Command::ReadOn => read_on(state, crossing, out),
        Command::PaneLeft => pane_left(state),
        Command::PaneRight => match state.focus {
            Pane::Sections => super::focus(state, Pane::List),
            Pane::List => article::read_selected(state, out),
            Pane::Article | Pane::Comments => {}
        },
        Command::PaneNext => match state.focus {
            Pane::Sections => super::focus(state, Pane::List),
            Pane::List if state.list.row().is_some() => article::read_selected(state, out),
            Pane::List | Pane::Article | Pane::Comments => super::focus(state, Pane::Sections),
        },
        Command::PanePrevious => match state.focus {
            Pane::Sections if state.list.row().is_some() => article::read_selected(state, out),
            Pane::Sections | Pane::Article | Pane::Comments => super::focus(state, Pane::List),
            Pane::List => super::focus(state, Pane::Sections),
        },
        Command::Read => match state.focus {
            Pane::Sections => super::focus(state, Pane::List),
            Pane::List | Pane::Article | Pane::Comments => article::read_selected(state, out),
        },
        Command::LineOn => article::scroll(state, 1, out),
        Command::UnreadNext => unread::next(state, out),
        Command::UnreadPrevious => unread::previous(state, out),
        Command::ArticleNext => list::neighbour(state, 1, out),
        Command::ArticlePrevious => list::neighbour(state, -1, out),
        Command::SectionNext => sections::neighbour(state, 1, out),
        Command::SectionPrevious => sections::neighbour(state, -1, out),
        Command::Today => sections::go_to(state, ListOf::Today, out),
        Command::Starred => sections::go_to(state, ListOf::Starred, out),
        Command::Closing => sections::go_to(state, ListOf::Closing, out),
        Command::Section(number) => section(state, number, out),
        Command::Star => marks::star(state, out),
        Command::ToggleRead => marks::toggle_read(state, out),
        Command::ReadToHere => marks::read_to_here(state, out),
        Command::ReadAll => marks::read_all(state, out),
        Command::Undo => marks::undo(state, out),
        Command::Redo => marks::redo(state, out),
        Command::Update => list::bring_up_to_date(state, out),
        Command::Filter(filter) => list::narrow(state, filter, out),
        Command::Sort(sort) => list::sort(state, sort, out),
        Command::RefreshSection => news::refresh_section(state, out),
        Command::RefreshAll => news::refresh_all(state, out),
        Command::StoreWhole => news::store_whole(state, out),
        Command::Fold => sections::fold(state, out),
        Command::FoldAll => sections::fold_all(state, out),
        Command::SectionsPane => sections::show_or_hide(state),
        Command::Alone => alone(state, out),
        Command::Redraw => out.push(Effect::Redraw),
        Command::Suspend => out.push(Effect::Suspend),
        Command::OpenPage
        | Command::OpenAttachment
        | Command::Copy(_)
        | Command::WriteFile
        | Command::Facts => take::with_article(state, command, out),
        Command::OpenLink => panel::open_over_article(state, Command::Links),
        Command::Links | Command::Headings => panel::open_over_article(state, command),
        Command::HeadingNext => article::heading_next(state, out),
        Command::HeadingPrevious => article::heading_previous(state, out),
        Command::Changes => article::changes(state, out),
        Command::Comments => comments::open(state, None, out),
        Command::WriteComment => comments::open(state, Some(command), out),
        // They were seen to above.
        Command::Reply
        | Command::OpenComment
        | Command::CommentNext
        | Command::CommentPrevious
        | Command::ThreadNext
        | Command::ThreadPrevious
        | Command::Parent
        | Command::NewNext
        | Command::NewPrevious
        | Command::FoldComment
        | Command::FoldComments
        | Command::FetchComments => {}
        Command::Narrower => article::change_measure(state, -1),
        Command::Wider => article::change_measure(state, 1),
        Command::Keys => panel::open_keys(state),
        Command::Back => back(state, out),
        Command::Quit => out.push(Effect::Quit),
        Command::Cancel => cancel(state, out),
        Command::Stop => stop(state, out),
    }
}

fn down(state: &mut State, by: usize, out: &mut Vec<Effect>) {
    let by = isize::try_from(by).unwrap_or(isize::MAX);
    step(state, by, out);
}

fn up(state: &mut State, by: usize, out: &mut Vec<Effect>) {
    let by = isize::try_from(by).unwrap_or(isize::MAX);
    step(state, -by, out);
}

fn step(state: &mut State, by: isize, out: &mut Vec<Effect>) {
    match state.focus {
        Pane::Sections => sections::step(state, by, out),
        Pane::List => list::step(state, by),
        Pane::Article | Pane::Comments => article::scroll(state, by, out),
    }
}

fn top(state: &mut State, out: &mut Vec<Effect>) {
    step(state, isize::MIN / 2, out);
}

fn bottom(state: &mut State, out: &mut Vec<Effect>) {
    match state.focus {
        Pane::List => list::bottom(state),
        Pane::Sections | Pane::Article | Pane::Comments => step(state, isize::MAX / 2, out),
    }
}

/// Returns how many rows or lines a page has in the pane with the focus; one stays in sight.
fn page(state: &State) -> usize {
    let rows = match state.focus {
        Pane::Sections => super::super::shelf::sections_height(state),
        Pane::List => super::super::shelf::rows_in_sight(state),
        Pane::Article | Pane::Comments => super::super::shelf::article_height(state),
    };
    rows.saturating_sub(1).max(1)
}

fn half(state: &State) -> usize {
    page(state).div_ceil(2)
}

/// A page on; at the end of an article the next unread one, in a list the selected article, in the
/// sections the first unread one.
fn read_on(state: &mut State, crossing: Crossing, out: &mut Vec<Effect>) {
    match state.focus {
        Pane::Sections => unread::first(state, out),
        Pane::List => article::read_selected(state, out),
        Pane::Article if article::is_at_end(state) => unread::read_on(state, crossing, out),
        Pane::Article | Pane::Comments => {
            let lines = page(state);
            down(state, lines, out);
        }
    }
}

fn pane_left(state: &mut State) {
    match state.focus {
        Pane::Article | Pane::Comments => super::focus(state, Pane::List),
        Pane::List => super::focus(state, Pane::Sections),
        Pane::Sections => {}
    }
}

fn section(state: &mut State, number: u8, out: &mut Vec<Effect>) {
    let at = usize::from(number).saturating_sub(1);
    if at < state.setup.sections.len() {
        sections::go_to(state, ListOf::Section(at), out);
    } else {
        state.say(format!("There is no section {number}"));
    }
}

fn alone(state: &mut State, out: &mut Vec<Effect>) {
    state.display.alone = match (state.focus, state.display.alone) {
        (Pane::Article, Alone::Yes) => Alone::No,
        _ => Alone::Yes,
    };
    if state.focus != Pane::Article {
        article::read_selected(state, out);
    }
}

/// One step back: changes, the article, the list, the sections, then the program.
fn back(state: &mut State, out: &mut Vec<Effect>) {
    forget_error(state);
    match state.focus {
        Pane::Article if state.article.form() == Form::Changes => article::leave_changes(state),
        Pane::Article | Pane::Comments => super::focus(state, Pane::List),
        Pane::List => super::focus(state, Pane::Sections),
        Pane::Sections => out.push(Effect::Quit),
    }
}

/// Ends a message, what is shown in the place of an article, or a filter; never leaves a pane.
fn cancel(state: &mut State, out: &mut Vec<Effect>) {
    if state.notice.take().is_some() {
        return;
    }
    if state.focus == Pane::Comments {
        return;
    }
    if state.article.form() == Form::Changes {
        article::leave_changes(state);
    } else if state.list.filter != Filter::All {
        list::narrow(state, Filter::All, out);
    }
}

/// Stops what runs, else ends.
fn stop(state: &mut State, out: &mut Vec<Effect>) {
    if state.news.running.is_some() {
        out.push(Effect::StopRefresh);
    } else {
        out.push(Effect::Quit);
    }
}

/// Takes away what the last row says of something that went wrong.
pub(super) fn forget_error(state: &mut State) {
    if state
        .notice
        .as_ref()
        .is_some_and(|notice| notice.kind == NoticeKind::Error)
    {
        state.notice = None;
    }
}
