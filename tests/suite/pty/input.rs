//! What comes from a terminal and is no key.

use super::screen::{MODERN, SILENT, Screen};
use super::two_sections;

/// What comes while the list is shown changes nothing: no row, no mark.
#[track_caller]
fn check_means_nothing(parts: &[&str]) {
    let env = two_sections();
    let screen = Screen::start_in(&env, &[], &[], SILENT);
    screen.wait_for("News article 1");
    screen.send("j");
    screen.send("?");
    screen.wait_for("suspend");
    screen.send("\x07");
    screen.wait_for_end_of("suspend");
    let (looks, articles) = (screen.looks(), env.json(&["list", "--format", "json"]));
    screen.send_in_parts(parts);
    // What came before these keys was heard before them.
    screen.send("?");
    screen.wait_for("suspend");
    screen.send("\x07");
    screen.wait_for_end_of("suspend");
    screen.wait_for_looks(&looks);
    assert_eq!(env.json(&["list", "--format", "json"]), articles);
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn late_answers_mean_nothing() {
    check_means_nothing(&["\x1b]11;rgb:ff", "ff/ffff/ffff\x1b", "\\"]);
    check_means_nothing(&["\x1b[?2026;", "2$y\x1b[?62;2", "2c\x1b[?1007;2$y"]);
}

#[test]
fn what_nobody_asked_for_means_nothing() {
    check_means_nothing(&["\x1bP1$rq", "AQ\x1b\\"]);
    check_means_nothing(&["\x1b]52;c;cUFRCg==\x07\x1b]4;1;rgb:aa/bb/cc\x1b\\"]);
    check_means_nothing(&["\x1b[>41;354;0c\x1b[0n\x1b[I\x1b[O\x1b[8;30;100t"]);
}

#[test]
fn a_paste_is_no_row_of_keys() {
    check_means_nothing(&[
        "\x1b[200~qA\rQ\nq",
        "\x1b[A\x1b]0;A\x07AAA\x03",
        "q\x1b[201~",
    ]);
}

#[test]
fn an_arrow_may_come_in_parts() {
    let env = two_sections();
    let screen = Screen::start_in(&env, &[], &[], MODERN);
    screen.wait_for("News article 1");
    let before = screen.looks();
    screen.send("j");
    screen.wait_for_other_looks(&before);
    let below = screen.looks();
    screen.send("k");
    screen.wait_for_looks(&before);
    // An Esc, `[` and `B` would go to the section before.
    screen.send_in_parts(&["\x1b[", "B"]);
    screen.wait_for_looks(&below);
    screen.send_in_parts(&["\x1b[1", ";1", "A"]);
    screen.wait_for_looks(&before);
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}
