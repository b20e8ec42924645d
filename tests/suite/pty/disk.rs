//! Where nothing can be written, reading goes on.

use std::fs;

use super::screen::Screen;
use super::two_sections;
use crate::support::disk::SmallDisk;
use crate::support::env::TestEnv;

/// Two sections whose cache lies on a disk of two megabytes.
fn on_small_disk() -> Option<(TestEnv, SmallDisk)> {
    let env = two_sections();
    fs::rename(env.path("data"), env.path("made")).unwrap();
    let disk = SmallDisk::under(&env)?;
    fs::copy(env.path("made/gazette.db"), env.path("data/gazette.db")).unwrap();
    Some((env, disk))
}

/// Reads two articles, and marks one.
#[track_caller]
fn read_on(screen: &Screen, refusal: &str) {
    screen.wait_for("News article 1");
    screen.send("\r");
    screen.wait_for("News 1, line 1.");
    screen.send("q");
    screen.wait_for("News article 3");
    screen.send("j\r");
    screen.wait_for("News 2, line 1.");
    screen.send("q");
    screen.wait_for("News article 3");
    screen.send("m");
    screen.wait_for(refusal);
    assert!(
        screen.rows()[0].contains("3 unread of 3"),
        "{:?}",
        screen.rows()
    );
}

#[test]
fn on_a_full_disk_articles_are_read_and_marked_once_there_is_room() {
    let Some((env, disk)) = on_small_disk() else {
        return;
    };
    disk.fill();
    let screen = Screen::start(&env, &[]);
    read_on(&screen, "is full");
    disk.make_room();
    screen.send("m");
    screen.wait_until("it is marked", || {
        screen.rows()[0].contains("2 unread of 3")
    });
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
    assert_eq!(env.run(&["list", "--unread"]).out.lines().count(), 5);
}

#[test]
fn on_a_disk_that_cannot_be_written_articles_are_read() {
    let Some((env, disk)) = on_small_disk() else {
        return;
    };
    disk.forbid_writing();
    let screen = Screen::start(&env, &[]);
    read_on(&screen, "cannot be written");
    screen.send("Q");
    // The place where the reader was could not be kept, which is told behind the screen.
    assert_eq!(screen.end().0, 1);
}
