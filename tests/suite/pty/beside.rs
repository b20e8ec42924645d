//! Beside other programs that work with the same cache.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::screen::Screen;
use super::two_sections;
use crate::support::env::TestEnv;
use crate::support::samples::news;

/// Whether a row with this text is marked as unread.
fn is_unread(screen: &Screen, title: &str) -> bool {
    let rows = screen.rows();
    rows.iter().any(|row| row.contains(&format!("●  {title}")))
}

/// Publishes another article, and polls the feeds as cron does.
fn publish(env: &TestEnv, title: &str) {
    let file = env.path("News.xml");
    let feed = fs::read_to_string(&file).unwrap();
    let more = news(title, title, "<p>Words.</p>");
    fs::write(&file, feed.replacen("<item>", &(more + "<item>"), 1)).unwrap();
    assert_eq!(env.run(&["refresh", "--force"]).code, Some(0));
}

#[test]
fn what_another_program_brings_and_marks_is_seen_at_once() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.looks();
    if std::env::consts::OS != "linux" {
        eprintln!("skipped: not every file system tells of changes here");
        return;
    }
    publish(&env, "Quite new");
    screen.wait_for("Quite new");
    screen.wait_until("it is unread", || is_unread(&screen, "Quite new"));
    assert_eq!(env.run(&["mark", "read", "7"]).code, Some(0));
    screen.wait_until("it is read", || !is_unread(&screen, "Quite new"));
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn two_screens_see_each_others_marks() {
    let env = two_sections();
    let screens = [Screen::start(&env, &[]), Screen::start(&env, &[])];
    for screen in &screens {
        screen.wait_for("News article 1");
        screen.wait_until("it is unread", || is_unread(screen, "News article 1"));
    }
    let [one, other] = screens;
    one.send("m");
    other.send("jm");
    for (screen, key) in [(&one, "j"), (&other, "k")] {
        screen.send(key);
        screen.wait_until("both are read", || {
            !is_unread(screen, "News article 1") && !is_unread(screen, "News article 2")
        });
        assert!(is_unread(screen, "News article 3"));
    }
    for screen in [one, other] {
        screen.send("Q");
        assert_eq!(screen.end().0, 0);
    }
    let read = env.json(&["list", "--format", "json"]);
    let read = read.iter().filter(|article| article["read"] == true);
    assert_eq!(read.count(), 2);
}

#[test]
fn a_data_folder_that_goes_and_comes_anew_is_used_again() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.send("j");
    fs::rename(env.path("data"), env.path("gone")).unwrap();
    // The screen goes on without it.
    screen.send("\r");
    screen.wait_for("This article is no longer stored");
    publish(&env, "Quite new");
    screen.send("k");
    screen.wait_until("the new folder is seen", || {
        screen.rows()[0].contains("4 unread of 4")
    });
    // From here on it is told of changes there.
    assert_eq!(
        env.run(&["mark", "read", "--section", "News"]).code,
        Some(0)
    );
    screen.wait_for("4 articles");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn an_article_that_is_pruned_behind_its_reader_stays_on_the_screen() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.send("\r");
    screen.wait_for("News 1, line 1.");
    screen.wait_until("it is marked as read", || {
        env.run(&["list", "--unread"]).out.lines().count() == 5
    });
    let cache = rusqlite::Connection::open(env.path("data/gazette.db")).unwrap();
    cache
        .execute("update articles set first_seen = 0, published = 0", [])
        .unwrap();
    drop(cache);
    assert_eq!(env.run(&["refresh", "--quiet"]).code, Some(0));
    assert_eq!(env.run(&["list"]).out.lines().count(), 5);
    screen.send("j");
    screen.wait_for("News 1, line 2.");
    screen.send(" ");
    screen.wait_for("News 1, line 12.");
    screen.send("q");
    screen.wait_for("News article 2");
    screen.wait_until("it is gone from the list", || {
        !screen
            .rows()
            .iter()
            .any(|row| row.contains("News article 1"))
    });
    screen.send("\r");
    screen.wait_for("News 2, line 1.");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

/// How often the threads of a program began to wait, so far (Linux).
fn waits(process: u32) -> Option<u64> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let of = |task: &Path| {
        let status = fs::read_to_string(task.join("status")).ok()?;
        let line = status
            .lines()
            .find(|line| line.starts_with("voluntary_ctxt"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    tasks.map(|task| of(&task.ok()?.path())).sum()
}

#[test]
fn nothing_wakes_an_idle_screen() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.send("j");
    // The place is written half a second after the key, and read no more after that.
    screen.wait_for_silence(Duration::from_secs(2));
    let Some(before) = waits(screen.process()) else {
        eprintln!("skipped: this system doesn't tell what a program waits for");
        return;
    };
    screen.wait_for_silence(Duration::from_secs(3));
    assert_eq!(waits(screen.process()), Some(before), "something woke it");
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}
