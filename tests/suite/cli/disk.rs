//! A disk that is full, and one that can't be written: reading goes on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::env::{Ran, TestEnv, finish};
use crate::support::samples::{item, rss};

/// A disk of two megabytes of its own, in memory.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Puts one at the program's data folder. `None`, and a word of it, where this user may not.
    fn under(env: &TestEnv) -> Option<Self> {
        let path = env.path("data");
        fs::create_dir(&path).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs"])
            .arg(&path)
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(path));
        }
        eprintln!("skipped: this user may not mount a disk of two megabytes");
        None
    }

    fn fill(&self) {
        let filled = fs::write(self.0.join("filler"), vec![b'x'; 3 << 20]);
        assert!(filled.is_err(), "the disk is full");
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).expect("there is room again");
    }

    fn forbid_writing(&self) {
        let remounted = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&self.0)
            .status();
        assert!(remounted.expect("mount runs").success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A program with a feed of three articles in a file.
fn subscribed() -> TestEnv {
    let env = TestEnv::new();
    let items = ["a", "b", "c"].map(|guid| item(guid, guid, "<p>some text</p>"));
    env.write("feed.xml", rss(&items.concat()));
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    env
}

/// Checks that all three articles can be listed, shown and found.
#[track_caller]
fn check_reading(env: &TestEnv) {
    for (arguments, lines) in [(&["list"][..], 3), (&["search", "text"], 3)] {
        let ran = env.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
        assert_eq!(ran.out.lines().count(), lines, "{arguments:?}");
    }
    let shown = env.run(&["show", "2"]);
    assert_eq!((shown.code, shown.err.as_str()), (Some(0), ""));
    assert!(shown.out.contains("some text"), "{}", shown.out);
    assert_eq!(env.run(&["feeds", "list"]).code, Some(0));
}

#[track_caller]
fn check_refused(ran: &Ran, what: &str) {
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains(what), "{}", ran.err);
    assert!(ran.err.contains("hint: reading goes on; "), "{}", ran.err);
}

#[track_caller]
fn check_whole(env: &TestEnv) {
    let ran = env.run(&["doctor", "--offline"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("is whole"), "{}", ran.out);
}

#[test]
fn on_a_full_disk_reading_goes_on_and_with_room_so_does_writing() {
    let env = subscribed();
    let Some(disk) = SmallDisk::under(&env) else {
        return;
    };
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    disk.fill();
    check_reading(&env);
    check_refused(&env.run(&["mark", "read", "1"]), "is full");
    check_refused(&env.run(&["refresh", "--force"]), "is full");
    check_reading(&env);
    disk.make_room();
    assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
    check_whole(&env);
}

#[test]
fn a_disk_that_fills_up_while_feeds_are_stored_loses_nothing_of_those_before() {
    let env = TestEnv::new();
    let Some(_disk) = SmallDisk::under(&env) else {
        return;
    };
    // Each feed is a sixth of the disk.
    let words = |feed: u64| -> String {
        let words = (1..40_000_u64)
            .map(|n| format!("{:x} ", (n * 9 + feed).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        words.collect()
    };
    let urls: Vec<_> = (0..9)
        .map(|n| {
            let name = format!("{n}.xml");
            env.write(&name, rss(&item(&name, &name, &words(n))));
            env.file_url(&name)
        })
        .collect();
    let feeds: String = urls
        .iter()
        .map(|url| format!("[[sections.feeds]]\nurl = \"{url}\"\n"))
        .collect();
    env.configure(&format!("[[sections]]\nname = \"News\"\n{feeds}"));
    let ran = env.run(&["refresh", "--format", "json"]);
    assert_eq!(ran.code, Some(3), "{}\n{}", ran.out, ran.err);
    let lines: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let mut stored: Vec<_> = lines
        .iter()
        .filter(|line| line["status"] == "new")
        .map(|line| line["feed"].clone())
        .collect();
    let failed: Vec<_> = lines
        .iter()
        .filter(|line| line["status"] == "failed")
        .collect();
    assert!(!stored.is_empty() && !failed.is_empty(), "{}", ran.out);
    for line in failed {
        assert!(
            line["error"]
                .as_str()
                .expect("an error")
                .contains("is full"),
            "{line}"
        );
    }
    let mut listed: Vec<_> = env
        .json(&["list", "--format", "json"])
        .iter()
        .map(|article| article["feed"].clone())
        .collect();
    stored.sort_by_key(ToString::to_string);
    listed.sort_by_key(ToString::to_string);
    assert_eq!(
        listed, stored,
        "what was reported is there, and nothing else"
    );
}

#[test]
fn on_a_disk_that_cannot_be_written_reading_goes_on() {
    for closed in [true, false] {
        let env = subscribed();
        let Some(disk) = SmallDisk::under(&env) else {
            return;
        };
        assert_eq!(env.run(&["refresh"]).code, Some(0));
        if !closed {
            // The last change stands in the log alone, as after a kill.
            let cache = rusqlite::Connection::open(env.path("data/gazette.db")).expect("it opens");
            let count = "select count(*) from articles";
            cache
                .query_row(count, [], |row| row.get::<_, i64>(0))
                .expect("it is read");
            assert_eq!(env.run(&["mark", "star", "3"]).code, Some(0));
            let files = ["gazette.db", "gazette.db-wal"].map(|name| disk.0.join(name));
            let bytes = files.clone().map(|file| fs::read(file).expect("a file"));
            drop(cache);
            for (file, bytes) in files.iter().zip(bytes) {
                fs::write(file, bytes).expect("it is put back");
            }
        }
        disk.forbid_writing();
        check_reading(&env);
        let starred = env.run(&["list", "--starred"]).out.lines().count();
        assert_eq!(starred, usize::from(!closed));
        check_refused(&env.run(&["mark", "read", "1"]), "cannot be written");
        check_refused(&env.run(&["refresh", "--force"]), "cannot be written");
        check_reading(&env);
    }
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_ends_no_program() {
    let env = subscribed();
    let limited = |kib: u32| {
        let binary = env!("CARGO_BIN_EXE_gazette");
        let mut command = Command::new("sh");
        let script = format!("ulimit -f {kib}; exec {binary} refresh --force");
        command
            .args(["-c", &script])
            .env_clear()
            .env("HOME", env.path(""))
            .env("GAZETTE_CONFIG", env.path("config.toml"))
            .env("GAZETTE_DATA_DIR", env.path("data"));
        finish(&mut command)
    };
    let ran = limited(16);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.starts_with("error: "), "{}", ran.err);
    assert_eq!(env.run(&["refresh", "--force"]).code, Some(0));
    check_reading(&env);
}
