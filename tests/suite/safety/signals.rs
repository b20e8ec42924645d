//! A refresh is stopped in order, other commands end at once.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rustix::process::Signal;

use super::{LIMIT, end, signal, wait};
use crate::pty::screen::{MODERN, Screen};
use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};
use crate::support::server::{Answer, FakeServer, Gate};

/// What asks a program to end, and the exit code.
const SIGNALS: [(Signal, i32); 3] = [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)];

/// How long a stop may take on a machine that is busy; the requests take 30 seconds.
const STOP: Duration = Duration::from_secs(10);

fn start(env: &TestEnv, arguments: &[&str]) -> Child {
    let mut command = env.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Whether these tests run where SIGHUP is ignored, as under `nohup`.
fn hangups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

/// The signals, without one that the tests themselves were told to ignore.
fn signals() -> Vec<(Signal, i32)> {
    let mut signals = SIGNALS.to_vec();
    if hangups_are_ignored() {
        eprintln!("skipped: SIGHUP is ignored here");
        signals.retain(|(signal, _)| *signal != Signal::HUP);
    }
    signals
}

/// A server with a feed, and one that never answers on another host.
fn good_and_hanging() -> (FakeServer, FakeServer, TestEnv) {
    let good = FakeServer::start();
    good.answer("/feed", Answer::ok(rss(&item("a", "Stored", "x"))));
    let hanging = FakeServer::start_at(Ipv4Addr::new(127, 0, 0, 2));
    hanging.decide_all(|_| Answer::hang());
    let urls: Vec<String> = (0..6).map(|n| hanging.url(&format!("/{n}"))).collect();
    let mut urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let first = good.url("/feed");
    urls.insert(0, &first);
    let env = TestEnv::with_feeds(&urls);
    (good, hanging, env)
}

#[test]
fn a_refresh_is_stopped_in_order() {
    for (sent, expected) in signals() {
        let (_good, hanging, env) = good_and_hanging();
        let mut child = start(&env, &["refresh", "--format", "json"]);
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert!(line.contains("\"status\":\"new\""), "{line}");
        hanging.wait_for_questions(4);
        let begun = Instant::now();
        signal(&child, sent);
        let ran = end(&mut child);
        assert!(begun.elapsed() < STOP, "{:?}", begun.elapsed());
        assert_eq!((ran.code, &*ran.err), (Some(expected), ""), "{sent:?}");
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest.lines().count(), 1, "{rest}");
        assert!(rest.contains("\"summary\"") && rest.contains("\"new\":1"));
        assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);
        // What was under way stays as it was: neither failed nor put off.
        let feeds = env.json(&["feeds", "list", "--format", "json"]);
        let untouched = feeds.iter().filter(|feed| feed["state"] == "new");
        assert_eq!(untouched.count(), 6, "{feeds:?}");
    }
}

#[test]
fn a_stopped_refresh_takes_its_bar_away_and_says_so() {
    let (_good, hanging, env) = good_and_hanging();
    let mut command = env.command(&["refresh"]);
    command.env("TERM", "xterm-256color");
    let screen = Screen::spawn(&env, &command, MODERN);
    screen.wait_for("Refreshing 1 of 7 feeds");
    hanging.wait_for_questions(4);
    let begun = Instant::now();
    screen.signal(Signal::TERM);
    screen.wait_for("Stopped: 1 new in 1 feed");
    assert!(begun.elapsed() < STOP, "{:?}", begun.elapsed());
    screen.wait_for_end_of("Refreshing");
    assert_eq!(screen.end_of_lines(), 143);
}

/// Runs a refresh whose password command starts another program that never ends, and returns once
/// both have ended, as told by the pipe that they hold.
#[track_caller]
fn check_family(timeout_seconds: u32, meanwhile: impl FnOnce(&Child)) -> Option<i32> {
    let env = TestEnv::new();
    let made = Command::new("mkfifo").arg(env.path("alive")).status();
    assert!(made.unwrap().success());
    env.configure(&format!(
        "[network]\ntimeout_seconds = {timeout_seconds}\n[[sections]]\nname = \"News\"\n\
         [[sections.feeds]]\nurl = \"http://127.0.0.1:9/\"\nusername = \"me\"\npassword_command = \
         [\"sh\", \"-c\", \"exec 3>alive; echo begun >&3; sleep 1000; echo secret\"]\n"
    ));
    let mut child = start(&env, &["refresh"]);
    let mut alive = BufReader::new(File::open(env.path("alive")).unwrap());
    let mut begun = String::new();
    alive.read_line(&mut begun).unwrap();
    assert_eq!(begun, "begun\n");
    meanwhile(&child);
    let (sender, told) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(alive.read_to_string(&mut String::new()).is_ok());
    });
    let ended = told.recv_timeout(Duration::from_secs(20));
    let code = end(&mut child).code;
    assert_eq!(ended, Ok(true), "a program that it started lives on");
    code
}

#[test]
fn a_password_command_ends_with_the_refresh() {
    let begun = Instant::now();
    let code = check_family(30, |child| signal(child, Signal::TERM));
    assert_eq!(code, Some(143));
    assert!(begun.elapsed() < STOP, "{:?}", begun.elapsed());
}

#[test]
fn a_password_command_that_takes_too_long_ends_with_all_that_it_started() {
    assert_eq!(check_family(1, |_| ()), Some(1));
}

#[test]
fn a_signal_while_the_index_is_made_leaves_a_whole_cache() {
    let server = FakeServer::start();
    let text = |n: usize| {
        let words = (0..400).map(|word| format!("word{}", n * 7 + word * 13));
        words.collect::<Vec<_>>().join(" ")
    };
    let items = (0..2_000).map(|n| item(&n.to_string(), &format!("Article {n}"), &text(n)));
    server.answer("/feed", Answer::ok(rss(&items.collect::<String>())));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let mut child = start(&env, &["refresh"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The index is made once the summary was told.
    let summary = lines.by_ref().map_while(Result::ok).nth(1);
    assert!(summary.is_some_and(|line| line.starts_with("2000 new in 1 feed")));
    signal(&child, Signal::TERM);
    assert_eq!(end(&mut child).code, Some(143));
    let found = env.json(&["search", "word13", "--format", "json"]);
    let expected = (0..2_000).filter(|n| text(*n).split(' ').any(|word| word == "word13"));
    assert_eq!(found.len(), expected.count());
}

#[test]
fn a_second_signal_ends_a_refresh_at_once() {
    let gate = Gate::default();
    let server = FakeServer::start();
    let feed = Answer::ok(rss(&item("a", "A", "x"))).behind(&gate);
    server.answer("/feed", feed);
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let mut child = start(&env, &["refresh"]);
    server.wait_for_questions(1);
    // The refresh waits for this lock when it stores the feed, and a signal waits for the refresh.
    let cache = Connection::open(env.path("data/gazette.db")).unwrap();
    cache.execute_batch("begin immediate").unwrap();
    gate.open();
    server.wait_for_questions(1);
    thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    signal(&child, Signal::TERM);
    thread::sleep(Duration::from_millis(100));
    signal(&child, Signal::TERM);
    assert_eq!(wait(&mut child).code(), Some(143));
    assert!(begun.elapsed() < Duration::from_secs(4));
    drop(cache);
    assert_eq!(env.run(&["refresh"]).code, Some(0));
}

#[test]
fn a_refresh_that_cannot_begin_heeds_a_signal_too() {
    let env = TestEnv::with_feed_file(&rss(&item("a", "A", "x")));
    env.write("more.xml", rss(""));
    let config = std::fs::read_to_string(env.path("config.toml")).unwrap();
    let more = env.file_url("more.xml");
    env.configure(&format!("{config}[[sections.feeds]]\nurl = \"{more}\"\n"));
    let cache = Connection::open(env.path("data/gazette.db")).unwrap();
    cache.execute_batch("begin immediate").unwrap();
    let mut child = start(&env, &["refresh"]);
    wait_for_log_of(&child);
    signal(&child, Signal::TERM);
    let ran = end(&mut child);
    drop(cache);
    assert_eq!((ran.code, &*ran.out), (Some(143), ""));
    assert!(ran.err.contains("another program holds"), "{}", ran.err);
}

/// Returns a folder with a list so long that no pipe takes it whole.
fn long() -> TestEnv {
    let items = (0..2_000).map(|n| item(&n.to_string(), &format!("Article {n}"), "word"));
    TestEnv::with_feed_file(&rss(&items.collect::<String>()))
}

#[test]
fn other_commands_end_at_once() {
    let env = long();
    for (sent, expected) in signals() {
        for arguments in [&["list"][..], &["search", "word"]] {
            let mut child = start(&env, arguments);
            let mut first = [0];
            child
                .stdout
                .as_mut()
                .unwrap()
                .read_exact(&mut first)
                .unwrap();
            signal(&child, sent);
            assert_eq!(wait(&mut child).code(), Some(expected), "{arguments:?}");
        }
        let cache = Connection::open(env.path("data/gazette.db")).unwrap();
        cache.execute_batch("begin immediate").unwrap();
        let mut child = start(&env, &["mark", "star", "1"]);
        wait_for_log_of(&child);
        signal(&child, sent);
        assert_eq!(wait(&mut child).code(), Some(expected), "mark");
        drop(cache);
    }
    assert_eq!(env.run(&["list", "--starred"]).out, "");
}

/// Waits until a child has opened the database, which it does after it began to hear signals.
fn wait_for_log_of(child: &Child) {
    let files = format!("/proc/{}/fd", child.id());
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < LIMIT, "it opens no database");
        let Ok(mut opened) = std::fs::read_dir(&files) else {
            // Only Linux tells.
            return thread::sleep(Duration::from_secs(1));
        };
        let is_log = |file: std::io::Result<std::fs::DirEntry>| {
            let target = file.and_then(|file| std::fs::read_link(file.path()));
            target.is_ok_and(|target| target.to_string_lossy().ends_with("gazette.db-wal"))
        };
        if opened.any(is_log) {
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn what_nohup_ignores_stays_ignored() {
    let gate = Gate::default();
    let server = FakeServer::start();
    let feed = Answer::ok(rss(&item("a", "A", "x"))).behind(&gate);
    server.answer("/feed", feed);
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let program = env.command(&[]);
    let under_nohup = |arguments: &str| {
        let mut shell = Command::new("/bin/sh");
        let line = format!("trap '' HUP; exec \"$0\" {arguments}");
        shell.arg("-c").arg(line).arg(program.get_program());
        let variables = program.get_envs();
        shell
            .env_clear()
            .envs(variables.filter_map(|(name, value)| Some((name, value?))));
        shell.stdout(Stdio::piped()).stderr(Stdio::piped());
        shell.spawn().unwrap()
    };
    if !std::path::Path::new("/proc/self/status").exists() {
        eprintln!("skipped: this system doesn't tell what is ignored");
        return;
    }
    let mut child = under_nohup("refresh");
    server.wait_for_questions(1);
    signal(&child, Signal::HUP);
    gate.open();
    assert_eq!(end(&mut child).code, Some(0));
    let cache = Connection::open(env.path("data/gazette.db")).unwrap();
    cache.execute_batch("begin immediate").unwrap();
    let mut child = under_nohup("mark star 1");
    wait_for_log_of(&child);
    signal(&child, Signal::HUP);
    thread::sleep(Duration::from_millis(100));
    drop(cache);
    assert_eq!(end(&mut child).code, Some(0));
}

#[test]
fn a_pipe_that_is_closed_meanwhile_is_a_quiet_end() {
    let (_good, hanging, env) = good_and_hanging();
    let mut child = start(&env, &["refresh", "--format", "json"]);
    hanging.wait_for_questions(4);
    let pipe = child.stdout.take().unwrap();
    let mut line = String::new();
    BufReader::new(pipe).read_line(&mut line).unwrap();
    assert!(line.contains("\"status\":\"new\""), "{line}");
    // The next line that it prints is the summary's.
    signal(&child, Signal::TERM);
    let ran = end(&mut child);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
    assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);

    let env = long();
    let mut child = start(&env, &["list"]);
    let mut first = [0];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    drop(child.stdout.take());
    let ran = end(&mut child);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""));
}
