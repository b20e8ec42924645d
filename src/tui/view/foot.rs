//! The last row: the hints of the place, or a message or a field instead of them; at the right how
//! the news stands.
//!
//! Short of room the hints give way, the least needed first, but the key that lists all keys stays;
//! what is said at the right keeps its most urgent part.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::Input;

use super::news::{Standing, standing};
use super::paint::{Brush, narrow};
use crate::model::comment::DraftState;
use crate::model::text::{clip, display_width};
use crate::services::Connection;
use crate::tui::commands::{Command, entry};
use crate::tui::keymap::Key;
use crate::tui::palette::Ink;
use crate::tui::state::article::Form;
use crate::tui::state::compose::Stage;
use crate::tui::state::{Browser, Mode, Notice, NoticeKind, Pane, State};

use Rank::{Filling, Needed};

/// In narrower windows hints stand closer.
const NARROW: u16 = 60;

/// The keys while a comment is written, the one that ends it last.
const WRITING: &[(&str, &str)] = &[
    ("Tab", "next field"),
    ("Ctrl-e", "your editor"),
    ("Esc", "finish"),
];

/// The keys while it is asked what becomes of it.
const READY: &[(&str, &str)] = &[
    ("y", "send"),
    ("e", "go on"),
    ("d", "throw away"),
    ("q", "keep"),
];

/// A key, and what it does here.
pub(super) struct Hint {
    keys: String,
    words: String,
    rank: Rank,
}

/// How much a hint is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It stays.
    Always,
    /// It stays as long as there is room beside the most urgent news; those of the lowest number
    /// stay longest.
    Needed(u8),
    /// It fills room that is left, those of the lowest number first.
    Filling(u8),
}

/// Draws the row; returns where the field is, while something is typed.
pub(super) fn draw(state: &State, brush: &mut Brush<'_>, area: Rect) -> Option<Position> {
    let mut standing = standing(state);
    match &state.mode {
        Mode::FileName(name) => {
            let said = state.notice.as_ref();
            let room = usize::from(area.width).saturating_sub(display_width(name.value()) + 16);
            let usual = "Enter writes, Esc leaves";
            // Short of room the key that closes stays.
            let words = match said {
                Some(notice) => &notice.text,
                None if display_width(usual) > room => "Esc leaves",
                None => usual,
            };
            let words = brush
                .look()
                .symbols
                .plainly(&format!(" · {words}"))
                .into_owned();
            Some(field(brush, area, "Write to: ", name, &words))
        }
        Mode::Prefix(prefix) => {
            let hints = seconds(state, *prefix);
            // The keys that are waited for are more urgent than any news.
            standing.forms.push(String::new());
            draw_hints(brush, area, hints, &standing);
            None
        }
        Mode::Digits(digits) => {
            let next = match digits.len() {
                1 => "a second digit",
                _ => "another digit",
            };
            let text = format!("Link {digits}_ · Enter opens {digits}, or type {next} · Esc");
            message(brush, area, &text, Ink::Text, &standing);
            let end = area.x + 1 + narrow(display_width("Link ") + digits.len());
            Some(Position::new(end, area.y))
        }
        Mode::Writing(writing) => {
            let hints = match writing.stage {
                Stage::Writing => WRITING,
                Stage::Ready => READY,
            };
            if state.setup.connection == Connection::Offline {
                standing = Standing {
                    forms: vec!["offline: kept until sent".to_owned(), "offline".to_owned()],
                    ink: Ink::Warning,
                };
            }
            match &state.notice {
                Some(notice) => draw_notice(brush, area, notice, &standing),
                None => draw_hints(brush, area, fixed(hints), &standing),
            }
            None
        }
        Mode::Browsing | Mode::Panel(_) => {
            match &state.notice {
                Some(notice) => draw_notice(brush, area, notice, &standing),
                None => draw_hints(brush, area, hints(state), &standing),
            }
            None
        }
    }
}

/// Draws what is to be said.
fn draw_notice(brush: &mut Brush<'_>, area: Rect, notice: &Notice, standing: &Standing) {
    match notice.kind {
        NoticeKind::Message => message(brush, area, &notice.text, Ink::Text, standing),
        NoticeKind::Error => {
            let text = format!("! {}", notice.text);
            message(brush, area, &text, Ink::Error, standing);
        }
    }
}

/// Draws a field after a word, and words after it; returns where the next letter goes.
pub(super) fn field(
    brush: &mut Brush<'_>,
    area: Rect,
    before: &str,
    typed: &Input,
    after: &str,
) -> Position {
    let text = brush.ink(Ink::Text);
    let dim = brush.ink(Ink::Dim);
    let x = brush.put(area.x + 1, area.y, area.width, before, text);
    let kept = narrow(display_width(after)).min(area.width / 2);
    let room = area.right().saturating_sub(x + 2 + kept);
    let skipped = typed.visual_scroll(room.into());
    let value = after_columns(typed.value(), skipped);
    let end = brush.put(x, area.y, room, value, text);
    let end = brush.put(end, area.y, 1, "_", brush.ink(Ink::Accent));
    brush.put(
        end,
        area.y,
        area.right().saturating_sub(end + 1),
        after,
        dim,
    );
    Position::new(
        x + narrow(typed.visual_cursor().saturating_sub(skipped)).min(room),
        area.y,
    )
}

/// Returns what is left of a text after so many columns of it.
pub(super) fn after_columns(text: &str, columns: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut starts = [0].into_iter().chain(ends);
    let start = starts.find(|at| display_width(&text[..*at]) >= columns);
    &text[start.unwrap_or(text.len())..]
}

/// Draws a message, and beside it what has room.
fn message(brush: &mut Brush<'_>, area: Rect, text: &str, ink: Ink, standing: &Standing) {
    let room = usize::from(area.width).saturating_sub(2);
    let text = brush.look().symbols.plainly(text).into_owned();
    let text = clip(&text, room).replace('…', brush.ellipsis());
    let style = brush.ink(ink);
    brush.put(area.x + 1, area.y, narrow(room), &text, style);
    let left = room.saturating_sub(display_width(&text) + 2);
    draw_standing(brush, area, standing, left);
}

/// Draws as much of how the news stands as has room.
fn draw_standing(brush: &mut Brush<'_>, area: Rect, standing: &Standing, room: usize) {
    let form = standing
        .forms
        .iter()
        .find(|form| display_width(form) <= room);
    if let Some(form) = form {
        let style = brush.ink(standing.ink);
        let form = brush.look().symbols.plainly(form).into_owned();
        brush.put_right(area.right() - 1, area.y, &form, style);
    }
}

/// Draws hints, and how the news stands.
fn draw_hints(brush: &mut Brush<'_>, area: Rect, mut hints: Vec<Hint>, standing: &Standing) {
    let symbols = &brush.look().symbols;
    for hint in &mut hints {
        hint.keys = symbols.plainly(&hint.keys).into_owned();
    }
    let gap = if area.width < NARROW { 2 } else { 3 };
    let room = usize::from(area.width).saturating_sub(2);
    // A form of no columns needs no blank before it.
    let beside = |form: &str| match display_width(form) {
        0 => 0,
        columns => columns + 1,
    };
    let shortest = standing.forms.iter().map(|form| beside(form)).min();
    fit(&mut hints, room, gap, shortest.unwrap_or(0));
    let needed = columns(&hints, gap, is_needed);
    let form = standing.forms.iter().map(|form| beside(form));
    let taken = form
        .filter(|taken| needed + taken <= room)
        .max()
        .unwrap_or(0);
    let mut filling: Vec<Rank> = hints.iter().map(|hint| hint.rank).collect();
    filling.retain(|rank| !is_needed(*rank));
    filling.sort_unstable();
    let mut kept: Vec<Rank> = Vec::new();
    let stays = |kept: &[Rank], rank| is_needed(rank) || kept.contains(&rank);
    for rank in filling {
        kept.push(rank);
        if columns(&hints, gap, |rank| stays(&kept, rank)) + taken > room {
            kept.pop();
        }
    }
    hints.retain(|hint| stays(&kept, hint.rank));
    let (keys, words) = (brush.ink(Ink::Accent), brush.ink(Ink::Dim));
    put_hints(brush, area, &hints, gap, [keys, words]);
    draw_standing(brush, area, standing, taken.saturating_sub(1));
}

/// Takes hints away, the least needed first, until the rest has room beside so many columns.
fn fit(hints: &mut Vec<Hint>, room: usize, gap: usize, beside: usize) {
    while columns(hints, gap, is_needed) + beside > room {
        let needed = hints.iter().map(|hint| hint.rank);
        let Some(Needed(last)) = needed.filter(|rank| is_needed(*rank)).max() else {
            return;
        };
        hints.retain(|hint| hint.rank != Needed(last));
    }
}

fn is_needed(rank: Rank) -> bool {
    !matches!(rank, Filling(_))
}

/// Returns the columns of the hints that are kept.
fn columns(hints: &[Hint], gap: usize, is_kept: impl Fn(Rank) -> bool) -> usize {
    let kept = hints.iter().filter(|hint| is_kept(hint.rank));
    let all = kept.map(|hint| display_width(&hint.keys) + 1 + display_width(&hint.words) + gap);
    all.sum::<usize>().saturating_sub(gap)
}

/// Writes hints from left to right.
fn put_hints(
    brush: &mut Brush<'_>,
    area: Rect,
    hints: &[Hint],
    gap: usize,
    [keys, words]: [Style; 2],
) {
    let mut x = area.x + 1;
    for hint in hints {
        let room = |x: u16| area.right().saturating_sub(x + 1);
        x = brush.put(x, area.y, room(x), &hint.keys, keys);
        x = brush.put(x + 1, area.y, room(x + 1), &hint.words, words) + narrow(gap);
    }
}

/// Returns the hints of the place.
fn hints(state: &State) -> Vec<Hint> {
    let (keymap, is_narrow) = (&state.setup.keymap, state.size.0 < NARROW);
    let one = |command: Command, words: &str, rank: Rank| Hint {
        keys: keymap.shown(command),
        words: words.to_owned(),
        rank,
    };
    let (down, up) = (keymap.shown(Command::Down), keymap.shown(Command::Up));
    let moves = |rank| Hint {
        keys: format!("{down} {up}"),
        words: "move".to_owned(),
        rank,
    };
    let all_keys = one(Command::Keys, "all keys", Rank::Always);
    let mut hints = match state.focus {
        Pane::Sections => vec![
            moves(Filling(1)),
            one(Command::Read, "list", Needed(1)),
            one(Command::ReadOn, "first unread", Filling(2)),
            one(Command::Fold, "feeds", Needed(2)),
            one(Command::RefreshSection, "refresh", Filling(3)),
            all_keys,
        ],
        Pane::List if is_narrow => vec![
            one(Command::Read, "read", Needed(1)),
            one(Command::PaneLeft, "sections", Needed(2)),
            all_keys,
        ],
        Pane::List => vec![
            moves(Filling(2)),
            one(Command::Read, "read", Needed(1)),
            one(Command::ReadOn, "page, then next unread", Filling(1)),
            one(Command::UnreadNext, "next unread", Filling(3)),
            one(Command::Star, "star", Needed(2)),
            one(Command::ToggleRead, "read/unread", Filling(4)),
            all_keys,
        ],
        Pane::Article if state.article.form() == Form::Changes => vec![
            one(Command::ReadOn, "page", Needed(1)),
            one(Command::Changes, "article", Needed(2)),
            one(Command::Star, "star", Filling(1)),
            one(Command::Back, "back", Needed(3)),
            all_keys,
        ],
        Pane::Comments => comments(state, &one),
        Pane::Article => {
            let opens = match state.setup.browser {
                Browser::There => "browser",
                Browser::Missing => "address",
            };
            let mut hints = vec![
                one(Command::ReadOn, "page", Needed(1)),
                one(Command::UnreadNext, "next unread", Filling(1)),
                one(Command::Star, "star", Filling(2)),
            ];
            let counted = state
                .article
                .shown()
                .and_then(|page| page.head.comments_count);
            if counted.is_some() {
                hints.push(one(Command::Comments, "comments", Needed(5)));
            }
            hints.push(one(Command::OpenPage, opens, Needed(3)));
            hints.extend(links(state));
            hints.extend([one(Command::Back, "back", Needed(2)), all_keys]);
            hints
        }
    };
    // A command may have lost its keys.
    hints.retain(|hint| !hint.keys.is_empty());
    hints
}

/// Returns the hints of the comments.
fn comments(state: &State, one: &dyn Fn(Command, &str, Rank) -> Hint) -> Vec<Hint> {
    let keymap = &state.setup.keymap;
    let all_keys = one(Command::Keys, "all keys", Rank::Always);
    if state.comments.rows.is_empty() {
        return vec![
            one(Command::WriteComment, "write", Needed(1)),
            one(Command::OpenPage, "open page", Needed(3)),
            one(Command::Back, "back", Needed(2)),
            all_keys,
        ];
    }
    let (down, up) = (keymap.shown(Command::Down), keymap.shown(Command::Up));
    let own = state.comments.entry().and_then(|entry| entry.own.as_ref());
    let reply = match own.map(|own| &own.state) {
        Some(DraftState::Draft | DraftState::Waiting) => "go on",
        Some(DraftState::Refused(_) | DraftState::Unknown) => "send again",
        _ => "reply",
    };
    vec![
        Hint {
            keys: format!("{down} {up}"),
            words: "next".to_owned(),
            rank: Needed(4),
        },
        one(Command::FoldComment, "fold", Needed(5)),
        one(Command::ThreadNext, "thread", Needed(6)),
        one(Command::Reply, reply, Needed(2)),
        one(Command::WriteComment, "write", Needed(3)),
        one(Command::Back, "back", Needed(1)),
        all_keys,
    ]
}

/// Returns the hint for the numbers of links.
fn links(state: &State) -> Option<Hint> {
    let links = state.article.shown()?.links.len();
    let (keys, words) = match links {
        0 => return None,
        1 => ("1".to_owned(), "link"),
        last => (format!("1-{last}"), "links"),
    };
    Some(Hint {
        keys,
        words: words.to_owned(),
        rank: Needed(4),
    })
}

/// Returns the second keys after a prefix.
fn seconds(state: &State, prefix: Key) -> Vec<Hint> {
    let seconds = state.setup.keymap.seconds(prefix, state.focus);
    let hints = seconds.zip(1..).map(|((key, command), n)| Hint {
        keys: key.to_string(),
        words: entry(command).map_or("", |entry| entry.about).to_owned(),
        rank: Needed(n),
    });
    hints.collect()
}

/// Draws the last row of a panel: fixed keys, the last of which closes it, and what is counted.
pub(super) fn closing(brush: &mut Brush<'_>, area: Rect, hints: &[(&str, &str)], counted: &str) {
    let standing = Standing {
        forms: vec![counted.to_owned(), String::new()],
        ink: Ink::Dim,
    };
    draw_hints(brush, area, fixed(hints), &standing);
}

/// Returns hints for keys that are what they are; the last stays.
fn fixed(hints: &[(&str, &str)]) -> Vec<Hint> {
    let last = hints.len().saturating_sub(1);
    let hints = hints.iter().zip(0..).map(|((keys, words), at)| Hint {
        keys: (*keys).to_owned(),
        words: (*words).to_owned(),
        rank: if usize::from(at) == last {
            Rank::Always
        } else {
            Needed(at)
        },
    });
    hints.collect()
}
