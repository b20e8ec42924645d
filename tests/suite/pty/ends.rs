//! However it ends, the terminal is as it was.

use std::process::{Command, Stdio};

use gazette::platform::TerminalFacts;
use gazette::platform::terminal::Screen as Entered;
use rustix::process::{Pid, Signal, test_kill_process};

use super::screen::{Answers, MODERN, SILENT, Screen};
use super::two_sections;
use crate::support::env::{TestEnv, finish};

const PLAN: &str = "Delayed digital plan asks departments";

#[test]
fn the_demo_is_read_and_left() {
    let env = TestEnv::new();
    env.configure("");
    let screen = Screen::start(&env, &["demo"]);
    screen.wait_for(PLAN);
    assert!(!screen.is_cooked());
    screen.wait_for_modes("it has the screen", |modes| {
        modes.second_screen() && [1007, 2004].iter().all(|mode| modes.set().contains(mode))
    });
    screen.send("\r");
    screen.wait_for("Shared platforms. Build once, use everywhere");
    screen.send(" ");
    screen.wait_for("Money follows sharing");
    screen.send("q");
    screen.wait_for_end_of("Money follows sharing");
    screen.send("q");
    screen.wait_for("Enter list");
    screen.send("q");
    let (code, _) = screen.end();
    assert_eq!(code, 0);
    let left = std::fs::read_dir(env.path("")).unwrap();
    let mut left: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(
        left,
        [".local", "config.toml"],
        "the samples are gone, the log stays"
    );
}

#[test]
fn a_terminal_that_answers_nothing_is_left_too() {
    let env = two_sections();
    let screen = Screen::start_in(&env, &[], &[], SILENT);
    screen.wait_for("News article 1");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn a_wheel_that_sent_arrows_before_goes_on() {
    const WHEEL: Answers = &[("\x1b[?1007$p", "\x1b[?1007;1$y"), MODERN[3]];
    let env = two_sections();
    let screen = Screen::start_in(&env, &[], &[], WHEEL);
    screen.wait_for("News article 1");
    screen.send("Q");
    assert_eq!(screen.end_with_modes(&[25, 1007]).0, 0);
}

#[test]
fn signals_end_it_in_order() {
    let env = two_sections();
    for (signal, expected) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let screen = Screen::start(&env, &[]);
        screen.wait_for("News article 1");
        screen.send("z\r");
        screen.wait_for("line 1.");
        screen.signal(signal);
        assert_eq!(screen.end().0, expected, "{signal:?}");
    }
}

#[test]
fn signals_end_it_also_where_its_terminal_takes_nothing() {
    let env = two_sections();
    for (signal, expected) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let screen = Screen::start(&env, &[]);
        screen.wait_for("News article 1");
        screen.hold("\x0c");
        screen.signal(signal);
        let (code, bytes) = screen.end_held();
        assert_eq!(code, expected, "{signal:?}");
        let text = String::from_utf8_lossy(&bytes);
        let last = text.rfind("\x1b[?1049").map(|at| &text[at..]);
        assert!(last.is_some_and(|last| last.starts_with("\x1b[?1049l")));
    }
}

/// Opens an article with a shell in the terminal, and ends Gazette; the shell ends first.
#[track_caller]
fn check_guest(line: &str) -> TestEnv {
    let env = two_sections();
    let config = std::fs::read_to_string(env.path("config.toml")).unwrap();
    env.configure(&format!(
        "[ui]\nopener_terminal = true\n\
         opener = [\"sh\", \"-c\", 'echo $$ >guest; {line}']\n{config}"
    ));
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.send("o");
    screen.wait_for("a guest is here");
    screen.signal(Signal::TERM);
    assert_eq!(screen.end().0, 143);
    let guest = std::fs::read_to_string(env.path("guest")).unwrap();
    let guest = Pid::from_raw(guest.trim().parse().unwrap()).unwrap();
    assert!(test_kill_process(guest).is_err(), "the guest lives on");
    env
}

#[test]
fn a_signal_ends_it_with_the_program_that_has_the_terminal() {
    let env = check_guest(
        "trap \"echo bye >told; exit\" TERM; echo a guest is here; while :; do read line; done",
    );
    assert!(env.path("told").exists(), "the guest may end in order");
    check_guest("trap \"\" TERM; echo a guest is here; exec cat");
}

#[test]
fn it_ends_with_its_terminal() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    assert_eq!(screen.close("j"), 129);
}

#[test]
fn without_a_terminal_it_says_what_works() {
    let env = two_sections();
    let ran = finish(env.command(&[]).stdin(Stdio::null()));
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.is_empty(), "{}", ran.out);
    assert!(ran.err.contains("needs a terminal") && ran.err.contains("gazette list"));
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let env = TestEnv::new();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "pty::ends::panics_on_the_screen", "--ignored"]);
    let screen = Screen::spawn(&env, &command, MODERN);
    let (code, bytes) = screen.end();
    assert_ne!(code, 0);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("\x1b[?1049h") && text.contains("a fault of its own"));
}

/// Nothing that comes from outside makes the program panic on its main thread; so this does.
#[test]
#[ignore = "`a_panic_gives_the_terminal_back` runs it in a terminal"]
fn panics_on_the_screen() {
    let facts = TerminalFacts::read(&|_| None);
    let _screen = Entered::enter(&facts).unwrap();
    panic!("a fault of its own");
}
