//! Frames of the comments and of writing one: those of the pictures, and other sizes.

use std::sync::Arc;

use ratatui::buffer::Cell;

use super::desk::{at, dark, drawn, lines, news};
use crate::config::RefreshMode;
use crate::model::article::ArticleId;
use crate::model::comment::{
    Comment, CommentId, Draft, DraftId, DraftState, Openness, Receipt, Refusal, ThreadFacts, Why,
    Words,
};
use crate::services::Connection;
use crate::services::comments::{About, Conversation, EntryId, Heard};
use crate::tui::keymap::Key;
use crate::tui::message::{Loaded, Message, Written};
use crate::tui::palette::{Depth, Palette};
use crate::tui::state::comments::Fetching;
use crate::tui::state::{Pane, State, Talk};
use crate::tui::symbols::{ASCII, UNICODE};
use crate::tui::theme::{Ground, Theme};
use crate::tui::update::update;
use crate::tui::view::Look;

/// The moment of the pictures of comments.
const NOW: &str = "2026-11-24T11:53:00Z";

/// Number, what it answers (0 for none), author, minutes ago and text.
type Told<'a> = (u64, u64, &'a str, i64, &'a str);

/// The comments of the picture.
const PICTURE: [Told<'_>; 10] = [
    (
        1,
        0,
        "Priya Nair",
        131,
        "The fourth pillar is the one that fails first. We lost six people to the private sector \
         this year and the pay band has not moved.",
    ),
    (
        2,
        1,
        "Tom Hale",
        90,
        "Same here. Has anybody used the new pay framework?",
    ),
    (
        3,
        2,
        "Ruth Amadi",
        48,
        "Two departments have. I will write about it next week.",
    ),
    (
        4,
        0,
        "Colin Marsh",
        85,
        "Shared platforms were promised before.",
    ),
    (5, 4, "Ines Duarte", 80, "Which ones?"),
    (6, 5, "Colin Marsh", 79, "The notice service, for one."),
    (7, 6, "Ines Duarte", 75, "That one exists."),
    (8, 7, "Colin Marsh", 70, "In two departments."),
    (9, 4, "Owen Pryce", 60, "And it works there."),
    (
        10,
        99,
        "",
        52,
        "That was my point. Thank you for putting it so clearly.",
    ),
];

fn comment((id, parent, author, minutes, text): Told<'_>) -> (Comment, jiff::Timestamp) {
    let published = at(NOW) - jiff::SignedDuration::from_mins(minutes);
    let comment = Comment {
        id: CommentId(id.to_string()),
        parent: (parent > 0).then(|| CommentId(parent.to_string())),
        author: author.to_owned(),
        by_author: false,
        published: Some(published),
        html: format!("<p>{text}</p>"),
        url: Some(format!(
            "https://publictechnology.example/plan#comment-{id}"
        )),
    };
    (comment, published)
}

fn draft(id: i64, reply_to: u64, state: DraftState, text: &str) -> Draft {
    Draft {
        id: DraftId(id),
        article: ArticleId(1),
        reply_to: (reply_to > 0).then(|| CommentId(reply_to.to_string())),
        words: Words {
            name: "Sam Okoro".to_owned(),
            email: "s.okoro@dept.example".to_owned(),
            text: text.to_owned(),
        },
        state,
        changed: at("2026-11-24T11:52:00Z"),
        is_lost: false,
    }
}

fn heard(told: &[Told<'_>]) -> Heard {
    Heard {
        comments: told.iter().copied().map(comment).collect(),
        fetched: Some(at("2026-11-24T11:50:00Z")),
        ..Heard::default()
    }
}

/// What the picture shows.
fn picture() -> Heard {
    Heard {
        drafts: vec![
            draft(
                1,
                1,
                DraftState::Held(Receipt::default()),
                "We used it for four posts. It took nine weeks each time.",
            ),
            draft(
                2,
                0,
                DraftState::Draft,
                "On the second pillar: who keeps the register once the plan is adopted?",
            ),
        ],
        ..heard(&PICTURE)
    }
}

fn conversation(heard: Heard) -> Conversation {
    let about = About {
        article: ArticleId(1),
        title: "Delayed digital plan asks departments to act as one",
        permalink: Some("https://publictechnology.example/plan"),
        byline: Some("Ruth Amadi"),
        counted: None,
    };
    Conversation::new(&about, heard)
}

/// Hears a message at the time of the picture.
fn hear(state: &mut State, message: Message) {
    update(state, at(NOW), message);
}

fn press(state: &mut State, keys: &str) {
    for key in keys.chars() {
        let key = match key {
            '⏎' => Key::Enter,
            '⎋' => Key::Esc,
            '⇥' => Key::Tab,
            '␣' => Key::Char(' '),
            key => Key::Char(key),
        };
        hear(state, Message::Key(key));
    }
}

/// Answers the question for comments.
fn answer(state: &mut State, heard: Heard) {
    let talk = Talk::new(conversation(heard), state.measure());
    let ticket = state.comments.ticket;
    let talk = Some(Arc::new(talk));
    hear(state, Message::Loaded(Loaded::Talk { ticket, talk }));
}

/// Opens comments from the list, without a word of the last row.
fn opened(size: (u16, u16), heard: Heard) -> State {
    let mut state = news(size);
    // Nothing is polled beside.
    state.setup.refresh = RefreshMode::Manual;
    press(&mut state, "c");
    answer(&mut state, heard);
    state.notice = None;
    state
}

/// Returns where a text stands: its row.
#[track_caller]
fn row_of(lines: &[String], text: &str) -> usize {
    let found = lines.iter().position(|line| line.contains(text));
    found.unwrap_or_else(|| panic!("no {text:?} in\n{}", lines.join("\n")))
}

#[test]
fn comments_are_those_of_the_picture() {
    let mut state = opened((80, 24), picture());
    let id = EntryId::Theirs(CommentId("4".to_owned()));
    press(&mut state, "]x[[");
    assert!(state.comments.folded.contains(&id));
    state.notice = None;
    let expected = "    Comments · 12 in 4 threads                    Delayed digital plan asks…
▌   Priya Nair                                       2 hours ago · 3 replies
▌   The fourth pillar is the one that fails first. We lost six people to the
▌   private sector this year and the pay band has not moved.
    │
    │ Tom Hale                                          1 hour ago · 1 reply
    │ Same here. Has anybody used the new pay framework?
    │ │
    │ │ Ruth Amadi, author of the article                         48 min ago
    │ │ Two departments have. I will write about it next week.
    │
    │ You                                                   held since 11:52
    │ We used it for four posts. It took nine weeks each time.
    │ Held: the site shows it once a moderator has approved it.

    ▸ Colin Marsh                              1 hour ago · 5 replies folded

    Anon                                                          52 min ago
    In reply to a comment that the site no longer shows
    That was my point. Thank you for putting it so clearly.

    You                                                      draft, not sent
    On the second pillar: who keeps the register once the plan is adopted?
 j k next   x fold   ] thread   r reply   C write   q back   ? all keys    1/12";
    assert_eq!(lines(&state).join("\n"), expected);
    let (_, cursor) = drawn(&state, &dark());
    assert_eq!((cursor.x, cursor.y), (0, 1));
}

#[test]
fn an_article_without_comments_says_which_key_writes_the_first() {
    let state = opened((80, 24), heard(&[]));
    let lines = lines(&state);
    assert!(lines[0].starts_with("    Comments   "), "{}", lines[0]);
    assert_eq!(
        lines[1..3],
        ["", "    No comments yet. C writes the first."]
    );
    assert_eq!(
        lines[23],
        " C write   o open page   q back   ? all keys             1 feed failing · 09:20"
    );
}

#[test]
fn a_reply_is_that_of_the_picture() {
    let mut state = opened((80, 12), picture());
    state.author = Words {
        name: "Sam Okoro".to_owned(),
        email: "s.okoro@dept.example".to_owned(),
        text: String::new(),
    };
    state.setup.connection = Connection::Offline;
    press(&mut state, "r");
    let text = "We used the framework for four posts. It took nine weeks each time, and the offer \
                still came from the old band.";
    hear(&mut state, Message::Paste(text.to_owned()));
    let (sheet, draft) = (state.sheets, Some(DraftId(3)));
    update(
        &mut state,
        at("2026-11-24T11:51:00Z"),
        Message::Written(Written::DraftKept { sheet, draft }),
    );
    let expected = "    Reply to Priya Nair                           Delayed digital plan asks…
    ▏ The fourth pillar is the one that fails first. We lost six people to the
    ▏ private sector this year and the pay band has not moved.

    Name    Sam Okoro            E-mail  s.okoro@dept.example  not published

    We used the framework for four posts. It took nine weeks each time, and
    the offer still came from the old band._


    Draft saved 11:51 · 111 of 65,000 characters      public under this name
 Tab next field   Ctrl-e your editor   Esc finish      offline: kept until sent";
    assert_eq!(lines(&state).join("\n"), expected);
    let (_, cursor) = drawn(&state, &dark());
    assert_eq!((cursor.x, cursor.y), (43, 7));

    press(&mut state, "⎋");
    let expected = "    Reply to Priya Nair · ready                   Delayed digital plan asks…
    We used the framework for four posts. It took nine weeks each time, and
    the offer still came from the old band.

    y  send now to publictechnology.example as Sam Okoro
    e  go on writing
    q  keep the draft for later
    d  throw the draft away (u brings it back)";
    assert_eq!(lines(&state)[..8].join("\n"), expected);
}

/// A chain of so many comments, each an answer to the one before it.
fn chain(count: u64) -> Heard {
    let text = "Each of these answers the one above it, so that the last of them stands very deep.";
    let told: Vec<Told<'_>> = (1..=count)
        .map(|id| (id, id - 1, "Name", 50, text))
        .collect();
    heard(&told)
}

#[test]
fn at_depth_12_the_text_still_has_40_columns() {
    for size in [(80, 24), (120, 40)] {
        let mut state = opened(size, chain(12));
        press(&mut state, "G");
        let lines = lines(&state);
        let head = row_of(&lines, "depth 12");
        let x = state
            .areas()
            .and_then(|areas| areas.article)
            .map_or(0, |area| area.x);
        let text: String = lines[head + 1].chars().skip(usize::from(x) + 1).collect();
        let text = text.trim_start_matches(['│', ' ']);
        assert!(
            text.starts_with("Each of these answers the one above"),
            "{text}"
        );
        assert!(text.chars().count() > 34, "{text}");
    }
}

#[test]
fn rails_go_to_depth_8_and_deeper_comments_say_how_deep() {
    let mut state = opened((80, 60), chain(11));
    press(&mut state, "G");
    let lines = lines(&state);
    let rails = |line: &str| line.chars().filter(|c| *c == '│').count();
    let heads: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].contains("Name"))
        .collect();
    let counted: Vec<usize> = heads.iter().map(|at| rails(&lines[*at])).collect();
    assert_eq!(counted, [0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7]);
    assert!(
        lines[heads[8]].contains("depth 9 · 50 min ago"),
        "{}",
        lines[heads[8]]
    );
    assert!(!lines[heads[7]].contains("depth"), "{}", lines[heads[7]]);
}

#[test]
fn what_became_of_ones_own_comments_is_said_in_words() {
    let refused = DraftState::Refused(Refusal {
        why: Why::Duplicate,
        words: "It looks as though you’ve already said that!".to_owned(),
    });
    let states = [
        (DraftState::Draft, "draft, not sent"),
        (DraftState::Waiting, "waiting for the network"),
        (DraftState::Sending, "sending"),
        (DraftState::Held(Receipt::default()), "held since 11:52"),
        (refused, "refused: already said"),
        (DraftState::Unknown, "unknown: sent, no answer"),
    ];
    for (at, (own, words)) in states.into_iter().enumerate() {
        let is_refused = at == 4;
        let heard = Heard {
            drafts: vec![draft(1, 0, own, "Mine.")],
            ..heard(&[])
        };
        let lines = lines(&opened((80, 24), heard));
        assert!(lines[1].ends_with(words), "{}", lines[1]);
        let says = "▌   It looks as though you’ve already said that!";
        assert_eq!(lines[3] == says, is_refused, "{}", lines[3]);
    }
}

#[test]
fn a_comment_that_came_since_the_last_visit_says_so() {
    let heard = Heard {
        visited: Some(at("2026-11-24T11:00:00Z")),
        ..picture()
    };
    let lines = lines(&opened((80, 24), heard));
    let told = |name: &str| lines[row_of(&lines, name)].clone();
    assert!(
        told("Ruth Amadi").ends_with("new · 48 min ago"),
        "{}",
        told("Ruth Amadi")
    );
    assert!(!told("Tom Hale").contains("new"), "{}", told("Tom Hale"));
}

#[test]
fn what_has_to_be_said_of_all_comments_stands_below_them() {
    let heard = Heard {
        facts: ThreadFacts {
            openness: Openness::Closed,
            ..ThreadFacts::default()
        },
        ..heard(&PICTURE[..1])
    };
    let lines = lines(&opened((80, 24), heard));
    assert_eq!(lines[4..6], ["", "    Comments are closed"]);
}

#[test]
fn comments_that_are_elsewhere_are_said_to_be() {
    let heard = Heard {
        facts: ThreadFacts {
            elsewhere: Some("Disqus".to_owned()),
            ..ThreadFacts::default()
        },
        ..Heard::default()
    };
    let mut state = opened((80, 24), heard);
    state.comments.fetching = Fetching::No;
    let lines = lines(&state);
    assert_eq!(lines[1], "");
    assert!(
        lines[2].starts_with("    The comments are at Disqus"),
        "{}",
        lines[2]
    );
}

#[test]
fn comments_stand_in_the_place_of_the_article_where_there_are_three_panes() {
    let state = opened((120, 40), picture());
    insta::assert_snapshot!(lines(&state).join("\n"));
}

#[test]
fn comments_have_a_narrow_window_for_themselves() {
    let mut state = opened((50, 20), picture());
    insta::assert_snapshot!("comments-50x20", lines(&state).join("\n"));
    press(&mut state, "r");
    hear(
        &mut state,
        Message::Paste("A reply of some words that take a second row.".to_owned()),
    );
    insta::assert_snapshot!("reply-50x20", lines(&state).join("\n"));
    press(&mut state, "⎋");
    insta::assert_snapshot!("send-50x20", lines(&state).join("\n"));
}

#[test]
fn with_ascii_symbols_nothing_else_is_drawn() {
    let look = Look {
        symbols: ASCII,
        ..dark()
    };
    let mut state = opened((80, 24), heard(&PICTURE[..3]));
    press(&mut state, "jx");
    state.notice = None;
    let check = |state: &State| {
        let (buffer, _) = drawn(state, &look);
        let strange: String = buffer.content.iter().map(Cell::symbol).collect();
        assert!(strange.is_ascii(), "{strange}");
    };
    check(&state);
    press(&mut state, "r");
    check(&state);
    press(&mut state, "⎋");
    check(&state);
}

#[test]
fn without_colours_the_selected_comment_is_reversed_whole() {
    let look = Look {
        theme: Theme::new(Palette::Dark, Depth::Mono, Ground::Unknown),
        symbols: UNICODE,
    };
    let state = opened((80, 24), picture());
    let (buffer, _) = drawn(&state, &look);
    let reversed = |y: u16| {
        let cells = (0..80).map(|x| buffer[(x, y)].modifier);
        let reversed = ratatui::style::Modifier::REVERSED;
        cells.filter(|modifier| modifier.contains(reversed)).count()
    };
    assert_eq!([1, 2, 3, 4, 5].map(reversed), [80, 80, 80, 0, 0]);
}

#[test]
fn a_comment_taller_than_the_window_is_read_line_by_line() {
    let long = "Words that go on and on. ".repeat(80);
    let told = [
        (1, 0, "Tall", 50, long.as_str()),
        (2, 0, "Short", 40, "Brief."),
    ];
    let mut state = opened((80, 24), heard(&told));
    let last = |state: &State| lines(state)[22].clone();
    let first = |state: &State| lines(state)[1].clone();
    assert!(first(&state).contains("Tall"));
    press(&mut state, "j");
    assert!(!first(&state).contains("Tall"), "{}", first(&state));
    assert_eq!(state.comments.selected, 0);
    press(&mut state, &"j".repeat(30));
    assert_eq!(state.comments.selected, 1);
    assert!(last(&state).contains("Brief."), "{}", last(&state));
    // Back it is read from its end.
    press(&mut state, "k");
    assert_eq!(state.comments.selected, 0);
    assert!(!first(&state).contains("Tall"), "{}", first(&state));
    press(&mut state, &"k".repeat(30));
    assert!(first(&state).contains("Tall"), "{}", first(&state));
}

#[test]
fn in_another_pane_the_bar_of_the_comments_is_gone() {
    let mut state = opened((120, 40), picture());
    press(&mut state, "⇥");
    assert_eq!(state.focus, Pane::Sections);
    let lines = lines(&state);
    assert!(!lines.join("\n").contains("Comments · 12"), "{}", lines[0]);
}
