//! A disk that is full, and one that can't be written: reading goes on.

use std::fs;
use std::process::Command;

use crate::support::disk::SmallDisk;
use crate::support::env::{Ran, TestEnv, finish};
use crate::support::samples::{item, rss};

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
            let files = ["gazette.db", "gazette.db-wal"].map(|name| env.path("data").join(name));
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

/// Returns the program as somebody may run it to whom `path` doesn't belong, so that modes bind
/// them. `None`, and a word of it, where the administrator can be nobody else.
#[cfg(unix)]
fn somebody_else(env: &TestEnv, arguments: &[&str]) -> Option<Command> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let administrator = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !administrator {
        return Some(env.command(arguments));
    }
    let all_may_look = fs::Permissions::from_mode(0o755);
    fs::set_permissions(env.path(""), all_may_look).expect("the folder is ours");
    let own = env.command(arguments);
    let as_nobody = |program: &std::ffi::OsStr| {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
            .arg(program)
            .env_clear()
            .envs(
                own.get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .current_dir(env.path(""));
        command
    };
    let runs = as_nobody(own.get_program()).arg("--version").output();
    if !runs.is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: the administrator can't run the program as somebody else");
        return None;
    }
    let mut command = as_nobody(own.get_program());
    command.args(arguments);
    Some(command)
}

#[cfg(unix)]
#[test]
fn where_only_the_mode_forbids_writing_reading_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    for (folder, file) in [(0o555, 0o444), (0o555, 0o666), (0o777, 0o444)] {
        let env = subscribed();
        assert_eq!(env.run(&["refresh"]).code, Some(0));
        let set = |name: &str, mode: u32| {
            fs::set_permissions(env.path(name), fs::Permissions::from_mode(mode))
                .expect("the file is ours");
        };
        set("data/gazette.db", file);
        set("data", folder);
        let before = fs::read(env.path("data/gazette.db")).expect("it can be read");
        let mut forbidden = Vec::new();
        for arguments in [
            &["list"][..],
            &["search", "text"],
            &["show", "2"],
            &["mark", "read", "1"],
            &["refresh", "--force"],
            &["list"],
        ] {
            let Some(mut command) = somebody_else(&env, arguments) else {
                set("data", 0o755);
                return;
            };
            forbidden.push((arguments[0], finish(&mut command)));
        }
        set("data", 0o755);
        for (name, ran) in &forbidden {
            let case = format!("{name} with {folder:o} and {file:o}: {}", ran.err);
            if matches!(*name, "mark" | "refresh") {
                assert_eq!(ran.code, Some(1), "{case}");
                assert!(ran.err.contains("cannot be written"), "{case}");
                assert!(ran.err.contains("gazette.db"), "{case}");
                assert!(ran.err.contains("hint: reading goes on; "), "{case}");
            } else {
                assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{case}");
                assert!(ran.out.lines().count() >= 3, "{case}{}", ran.out);
            }
        }
        let after = fs::read(env.path("data/gazette.db")).expect("it can be read");
        assert!(before == after, "not a byte is changed");
        set("data/gazette.db", 0o644);
        assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
        check_whole(&env);
    }
}
