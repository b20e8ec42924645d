//! Stopped and continued, killed and started again.

use std::io::Write;
use std::process::Command;

use rusqlite::{Connection, OpenFlags};
use rustix::process::Signal;

use super::screen::{MODERN, Screen};
use super::two_sections;
use crate::support::env::TestEnv;

/// Whether the place in an article is stored, together with what the screen shows.
fn place_is_stored(env: &TestEnv) -> bool {
    let file = env.path("data").join("gazette.db");
    let open = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let spots = open.and_then(|cache| {
        cache.query_row("select count(*) from spots", [], |row| row.get::<_, u32>(0))
    });
    spots.is_ok_and(|spots| spots > 0)
}

#[test]
fn after_a_kill_it_shows_the_same_place() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.send("2");
    screen.wait_for("Figures article 1");
    screen.send("j\r");
    screen.wait_for("Figures 2, line 1.");
    screen.send("q");
    screen.wait_for("Figures article 3");
    let list = screen.texts();
    screen.send("\r");
    screen.wait_for("Figures 2, line 1.");
    screen.send(" ");
    screen.wait_for_end_of("Figures 2, line 1.");
    let article = screen.texts();
    screen.wait_until("the place is stored", || place_is_stored(&env));
    screen.signal(Signal::KILL);
    drop(screen);

    let screen = Screen::start(&env, &[]);
    screen.wait_for_texts(&article);
    screen.send("q");
    screen.wait_for_texts(&list);
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn after_a_stop_it_draws_everything_again() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    let before = screen.looks();
    screen.signal(Signal::STOP);
    screen.wait_for_stop();
    screen.scribble();
    screen.signal(Signal::CONT);
    screen.wait_for_looks(&before);
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn a_shell_gets_the_terminal_meanwhile() {
    let env = two_sections();
    let program = env.command(&[]);
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg("\"$0\"; exit $?")
        .arg(program.get_program());
    shell.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    shell.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    let screen = Screen::spawn(&env, &shell, MODERN);
    screen.wait_for("News article 1");
    let before = screen.looks();
    for _ in 0..2 {
        screen.send("\x1a");
        screen.wait_for_stop();
        screen.wait_for_modes("it left the screen", |modes| {
            modes.set() == [25] && modes.titles == 0
        });
        assert!(screen.is_cooked());
        screen.scribble();
        screen.signal_group(Signal::CONT);
        screen.wait_for_looks(&before);
        assert!(!screen.is_cooked());
    }
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn a_size_that_was_another_meanwhile_is_drawn_for_again() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    let before = screen.looks();
    // Smaller and back again, too quickly for the program to see more than the end.
    screen.scribble();
    screen.signal(Signal::WINCH);
    screen.wait_for_looks(&before);
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn a_terminal_may_take_any_size() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    let before = screen.looks();
    for step in 0..200_u16 {
        // All kinds, in no order; now and then as small as can be.
        screen.resize(match step % 20 {
            0 => (1, 1),
            7 => (1, 50),
            13 => (300, 1),
            _ => (1 + step * 37 % 230, 1 + step * 23 % 70),
        });
        if step % 5 == 0 {
            screen.send_in_parts(&["j", "k"]);
        }
    }
    screen.scribble();
    screen.resize(super::screen::SIZE);
    screen.wait_for("j k move");
    // Where nothing can be shown, a key may have done nothing.
    screen.send("g");
    screen.wait_for_looks(&before);
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn a_database_that_is_damaged_under_the_screen_is_told_there_and_after_it() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    let file = env.path("data/gazette.db");
    let mut damaged = std::fs::File::options().write(true).open(&file).unwrap();
    damaged.write_all(&[0; 4096]).unwrap();
    drop(damaged);
    screen.send("2");
    screen.wait_for("! gazette.db was damaged; it is kept as gazette.db.damaged-");
    // The screen goes on.
    screen.send("\x1b");
    screen.wait_for_end_of("was damaged");
    screen.wait_for("Figures article 1");
    screen.send("Q");
    let (code, bytes) = screen.end();
    assert_eq!(code, 0);
    let text = String::from_utf8_lossy(&bytes);
    let after = text.split("\x1b[?1049l").last().unwrap();
    let told = format!("the database `{}` was damaged", file.display());
    assert_eq!(after.matches("error:").count(), 1, "{after}");
    assert!(after.contains("6 articles could be read"), "{after}");
    assert!(after.contains(&told), "{after}");
    assert!(after.contains(&format!("kept as `{}.damaged-", file.display())));
}
