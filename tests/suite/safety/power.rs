//! What a command saved is on the disk before its last line, so that it outlives a loss of power:
//! every file that was written was waited for, and so was every new name in its folder.
//!
//! `strace` shows the order of the calls. Where there is none, or it may not be used, these tests
//! say that they are skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::env::{TestEnv, finish};
use crate::support::samples::{item, rss};

/// Runs the program under `strace`, and returns its calls; nothing where that can't be.
fn calls(env: &TestEnv, arguments: &[&str]) -> Option<Vec<String>> {
    let tried = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        eprintln!("skipped: strace can't be used here");
        return None;
    }
    let program = env.command(arguments);
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-qq", "-s", "80", "-e"])
        .arg("trace=write,pwrite64,ftruncate,fsync,fdatasync,openat,mkdir,mkdirat,/^rename,unlink")
        .arg("-o")
        .arg(env.path("calls"))
        .arg(program.get_program())
        .args(arguments)
        .env_clear()
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    let ran = finish(&mut command);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    let calls = fs::read_to_string(env.path("calls")).unwrap();
    Some(calls.lines().map(str::to_owned).collect())
}

/// What was done to a folder's files up to the last line that was printed.
#[derive(Default)]
struct Saved {
    /// The files that were written, and whether they were waited for since.
    files: BTreeMap<String, bool>,
    /// The folders that got new names, and whether they were waited for since.
    folders: BTreeMap<String, bool>,
    /// How often a file was waited for.
    waits: usize,
}

impl Saved {
    /// Reads calls such as `17 pwrite64(5</tmp/x/gazette.db-wal>, "…", 32, 0) = 32`.
    fn before_the_last_line(calls: &[String], env: &TestEnv) -> Self {
        let is_printed = |call: &String| call.contains(" write(1<");
        let last = calls
            .iter()
            .rposition(is_printed)
            .expect("a line is printed");
        let mut saved = Self::default();
        let home = env.path("");
        let home = home.to_str().unwrap();
        for call in &calls[..last] {
            let call = call.split_once(' ').unwrap().1.trim_start();
            let Some((name, rest)) = call.split_once('(') else {
                continue;
            };
            let opened = || Some(rest.split_once('<')?.1.split_once('>')?.0.to_owned());
            let quoted = || rest.split('"').skip(1).step_by(2).map(str::to_owned);
            match name {
                "write" | "pwrite64" | "ftruncate" => {
                    let file = opened().unwrap_or_default();
                    if is_data(&file, home) {
                        saved.files.insert(file, false);
                    }
                }
                "fsync" | "fdatasync" => {
                    let file = opened().unwrap_or_default();
                    saved.waits += usize::from(is_data(&file, home));
                    for known in [&mut saved.files, &mut saved.folders] {
                        if let Some(is_waited_for) = known.get_mut(&file) {
                            *is_waited_for = true;
                        }
                    }
                }
                "openat" if rest.contains("O_CREAT") => {
                    saved.name(quoted().next(), home);
                }
                "mkdir" | "mkdirat" => saved.name(quoted().next(), home),
                "rename" | "renameat" | "renameat2" => {
                    let (from, to) = (quoted().next().unwrap(), quoted().nth(1));
                    if let (Some(state), Some(to)) = (saved.files.remove(&from), &to) {
                        saved.files.insert(to.clone(), state);
                    }
                    saved.name(to, home);
                }
                "unlink" => {
                    saved.files.remove(&quoted().next().unwrap());
                }
                _ => {}
            }
        }
        saved
    }

    /// Notes a new name.
    fn name(&mut self, path: Option<String>, home: &str) {
        let path = path.unwrap_or_default();
        if is_data(&path, home)
            && let Some(folder) = Path::new(&path).parent()
        {
            let folder = folder.to_str().unwrap().to_owned();
            self.folders.insert(folder, false);
        }
    }

    /// Checks that all was waited for, these files among it.
    #[track_caller]
    fn check(&self, files: &[&str]) {
        let lost: BTreeSet<_> = [&self.files, &self.folders]
            .into_iter()
            .flatten()
            .filter(|(_, is_waited_for)| !**is_waited_for)
            .collect();
        assert!(lost.is_empty(), "not waited for: {lost:?}");
        for file in files {
            let is_known = |known: &String| known.ends_with(file);
            assert!(self.files.keys().any(is_known), "{file} wasn't written");
        }
        assert!(self.waits > 0);
    }
}

/// Whether a file is part of the cache. What stands in the log's index follows from the log.
fn is_data(path: &str, home: &str) -> bool {
    let below = path.strip_prefix(home).unwrap_or_default();
    below.starts_with("deep/") && !below.ends_with("-shm") || below == "deep"
}

fn env() -> TestEnv {
    let env = TestEnv::new();
    let items = (0..30).map(|n| item(&n.to_string(), &format!("Article {n}"), "word"));
    env.write("feed.xml", rss(&items.collect::<String>()));
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    env
}

/// Adds a data folder that isn't there at first, nor the one above it.
fn there<'a>(folder: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--data-dir", folder], arguments].concat()
}

#[test]
fn what_a_refresh_stored_is_on_the_disk_before_its_summary() {
    let env = env();
    let folder = env.path("deep/data");
    let arguments = there(folder.to_str().unwrap(), &["refresh", "--format", "json"]);
    let Some(first) = calls(&env, &arguments) else {
        return;
    };
    let saved = Saved::before_the_last_line(&first, &env);
    // The names of both folders, of the database and of its log were waited for as well.
    saved.check(&["gazette.db", "gazette.db-wal"]);
    assert_eq!(saved.folders.len(), 3, "{:?}", saved.folders);

    env.write("feed.xml", rss(&item("new", "New", "word")));
    let later = calls(&env, &[&arguments[..], &["--force"]].concat()).unwrap();
    Saved::before_the_last_line(&later, &env).check(&["gazette.db-wal"]);
}

#[test]
fn a_mark_is_on_the_disk_before_it_is_told() {
    let env = env();
    let folder = env.path("deep/data");
    let folder = folder.to_str().unwrap();
    assert_eq!(env.run(&there(folder, &["refresh"])).code, Some(0));
    let feed = env.file_url("feed.xml");
    for (arguments, file) in [
        (&["mark", "star", "3"][..], "gazette.db-wal"),
        (&["mark", "read", "3", "4", "5"], "gazette.db-wal"),
        // Where the cache is closed before the line is printed the log is moved into it.
        (&["mark", "unread", "--feed", &feed], "gazette.db"),
    ] {
        let Some(calls) = calls(&env, &there(folder, arguments)) else {
            return;
        };
        Saved::before_the_last_line(&calls, &env).check(&[file]);
    }
}
