//! Writing a comment in a terminal: what was typed outlives a kill, and the reader's editor gets the
//! terminal meanwhile.

use rusqlite::{Connection, OpenFlags};
use rustix::process::Signal;

use super::screen::{MODERN, Screen};
use super::two_sections;
use crate::support::env::TestEnv;

/// Returns the texts of what is stored of the reader's own comments.
fn drafts(env: &TestEnv) -> Vec<String> {
    let file = env.path("data").join("gazette.db");
    let open = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let texts = open.and_then(|cache| {
        let mut texts = cache.prepare("select body from drafts order by id")?;
        let texts = texts.query_map([], |row| row.get(0))?;
        texts.collect()
    });
    texts.unwrap_or_default()
}

#[test]
fn what_was_typed_outlives_a_kill() {
    let env = two_sections();
    let screen = Screen::start(&env, &["--offline"]);
    screen.wait_for("News article 1");
    screen.send("C");
    screen.wait_for("Esc finish");
    screen.send("W");
    screen.wait_until("the first letter is stored", || drafts(&env) == ["W"]);
    screen.send("ords of mine\rand more");
    let all = "Words of mine\nand more";
    screen.wait_until("all of it is stored", || drafts(&env) == [all]);
    screen.signal(Signal::KILL);
    drop(screen);

    let screen = Screen::start(&env, &["--offline"]);
    screen.wait_for("draft, not sent");
    screen.wait_for("Words of mine");
    screen.send("rQ");
    screen.wait_for("and moreQ");
    screen.send("\x1b");
    screen.wait_for("send now to");
    screen.send("q");
    screen.wait_for("The draft is kept");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
    assert_eq!(drafts(&env), [format!("{all}Q")]);
}

#[test]
fn a_hang_up_loses_no_letter() {
    let env = two_sections();
    let screen = Screen::start(&env, &["--offline"]);
    screen.wait_for("News article 1");
    screen.send("CAll that was typed.");
    screen.wait_for("All that was typed.");
    screen.signal(Signal::HUP);
    screen.end();
    assert_eq!(drafts(&env), ["All that was typed."]);
}

#[test]
fn the_readers_editor_gets_the_terminal_and_the_text() {
    let env = two_sections();
    let editor =
        "sh -c 'printf EDITING; read -r key; printf \"%s by ed\" \"$(cat \"$1\")\" > \"$1\"' -";
    let variables = [("EDITOR", editor)];
    let screen = Screen::start_in(&env, &["--offline"], &variables, MODERN);
    screen.wait_for("News article 1");
    screen.send("Cwritten");
    screen.wait_for("written");
    screen.send("\x05");
    screen.wait_for("EDITING");
    // What is typed now is the editor's.
    screen.send("q\r");
    screen.wait_for("written by ed");
    screen.wait_until("it is stored", || drafts(&env) == ["written by ed"]);
    screen.send("!");
    screen.wait_for("written by ed!");
    screen.send("\x1b");
    screen.wait_for("send now to");
    screen.send("d");
    screen.wait_for("Draft thrown away");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
    assert_eq!(drafts(&env), [] as [&str; 0]);
}

#[test]
fn an_editor_that_fails_leaves_the_text_as_it_was() {
    let env = two_sections();
    let variables = [("VISUAL", "no-such-editor-is-there")];
    let screen = Screen::start_in(&env, &["--offline"], &variables, MODERN);
    screen.wait_for("News article 1");
    screen.send("Cwritten");
    screen.wait_for("written");
    screen.send("\x05");
    screen.wait_for("! the text wasn’t edited");
    screen.send(" on");
    screen.wait_for("written on");
    screen.send("\x1b");
    screen.wait_for("send now to");
    screen.send("q");
    screen.wait_for("The draft is kept");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
    assert_eq!(drafts(&env), ["written on"]);
}
