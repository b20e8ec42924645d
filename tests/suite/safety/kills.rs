//! After `kill -9` each feed is wholly old or wholly new, and one whose line was printed is new.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Read;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{check_whole, look};
use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};
use crate::support::server::{Answer, FakeServer};

const FEEDS: usize = 16;
const ARTICLES: u32 = 20;

/// Returns a moment at random within a time and a tenth of it.
fn moment_within(time: Duration) -> Duration {
    let chance = RandomState::new().hash_one(0) % 1_100;
    time * u32::try_from(chance).unwrap() / 1_000
}

/// Runs the program and kills it at a moment at random within `time`; returns what it printed.
fn killed(env: &TestEnv, arguments: &[&str], time: Duration) -> String {
    let mut command = env.command(arguments);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(moment_within(time));
    child.kill().unwrap();
    child.wait().unwrap();
    let mut printed = String::new();
    child.stdout.unwrap().read_to_string(&mut printed).unwrap();
    printed
}

/// Feeds whose articles all change from one version to the next.
struct Versions {
    server: FakeServer,
    version: Arc<AtomicUsize>,
}

impl Versions {
    fn new() -> (Self, TestEnv) {
        let version = Arc::new(AtomicUsize::new(0));
        let server = FakeServer::start();
        let now = Arc::clone(&version);
        server.decide_all(move |asked| {
            let version = now.load(Ordering::Relaxed);
            let tag = tag(version);
            if asked.header("if-none-match") == Some(tag.as_bytes()) {
                return Answer::status(304).header("ETag", tag);
            }
            let text = format!("<p>Text {version}.</p>").repeat(60);
            let items = (0..ARTICLES)
                .map(|n| item(&format!("{}-{n}", asked.target), &title(version), &text));
            Answer::ok(rss(&items.collect::<String>())).header("ETag", tag)
        });
        let urls: Vec<String> = (0..FEEDS).map(|n| server.url(&format!("/{n}"))).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let env = TestEnv::new();
        let feeds = urls
            .iter()
            .map(|url| format!("[[sections.feeds]]\nurl = \"{url}\"\n"));
        env.configure(&format!(
            "[network]\nconnections_per_host = 16\n[[sections]]\nname = \"News\"\n{}",
            feeds.collect::<String>()
        ));
        (Self { server, version }, env)
    }

    /// Publishes the next version.
    fn publish(&self) -> usize {
        self.version.fetch_add(1, Ordering::Relaxed) + 1
    }
}

fn tag(version: usize) -> String {
    format!("\"v{version}\"")
}

fn title(version: usize) -> String {
    format!("Version {version}")
}

/// Checks that each feed is wholly of one version, its articles and its validators, and that those
/// whose lines were printed are of this one.
#[track_caller]
fn check_feeds(conn: &Connection, version: usize, printed: &str) {
    check_whole(conn);
    let mut feeds = conn
        .prepare(
            "select url, etag, count(a.id), count(distinct a.title), min(a.title)
             from feeds f left join articles a on a.feed_id = f.id group by f.id",
        )
        .unwrap();
    let mut feeds = feeds.query([]).unwrap();
    while let Some(feed) = feeds.next().unwrap() {
        let url: String = feed.get(0).unwrap();
        let etag: Option<Vec<u8>> = feed.get(1).unwrap();
        let counts: (u32, u32) = (feed.get(2).unwrap(), feed.get(3).unwrap());
        let first: Option<String> = feed.get(4).unwrap();
        let is_told = printed
            .lines()
            .any(|line| line.ends_with('}') && line.contains(&format!("\"feed\":\"{url}\"")));
        let Some(first) = first else {
            assert!(!is_told && etag.is_none(), "{url} has nothing");
            continue;
        };
        assert_eq!(counts, (ARTICLES, 1), "{url} is of several versions");
        let of = (0..=version)
            .find(|version| title(*version) == first)
            .unwrap();
        assert_eq!(etag, Some(tag(of).into_bytes()), "{url}: validators");
        assert!(!is_told || of == version, "{url} was told and is old");
    }
    let torn: u32 = conn
        .query_row(
            "select (select count(*) from articles where id not in (select article_id from bodies))
                + (select count(*) from bodies where article_id not in (select id from articles))",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(
        torn, 0,
        "articles without texts, and texts without articles"
    );
}

/// Kills so many refreshes; the first makes the database.
fn kill_refreshes(kills: usize) {
    let (feeds, env) = Versions::new();
    let other = TestEnv::new();
    let config = std::fs::read_to_string(env.path("config.toml")).unwrap();
    other.configure(&config);
    let begun = Instant::now();
    assert_eq!(other.run(&["refresh"]).code, Some(0));
    let time = begun.elapsed();
    let (mut told, mut cut) = (0, 0);
    for kill in 1..=kills {
        let version = feeds.publish();
        let printed = killed(&env, &["refresh", "--force", "--format", "json"], time);
        told += printed.lines().count();
        cut += usize::from(!printed.contains("summary"));
        if env.path("data/gazette.db").exists() {
            check_feeds(&look(&env), version, &printed);
        }
        if kill % 4 == 0 {
            let ran = env.run(&["refresh", "--force"]);
            assert_eq!((ran.code, &*ran.err), (Some(0), ""));
            let conn = look(&env);
            let all: String = (0..FEEDS)
                .map(|n| format!("\"feed\":\"{}\"}}\n", feeds.server.url(&format!("/{n}"))))
                .collect();
            check_feeds(&conn, version, &all);
        }
        let listed = env.run(&["list"]);
        assert_eq!((listed.code, &*listed.err), (Some(0), ""));
    }
    eprintln!("{kills} kills, {cut} before the summary, {told} lines told");
}

/// Kills so many marks; the star of each that said so is there.
fn kill_marks(kills: usize) {
    let items = (0..kills).map(|n| item(&n.to_string(), &n.to_string(), "x"));
    let env = TestEnv::with_feed_file(&rss(&items.collect::<String>()));
    let begun = Instant::now();
    assert_eq!(env.run(&["mark", "read", "1"]).code, Some(0));
    let time = begun.elapsed();
    let mut told = 0;
    for id in 1..=kills {
        let id = id.to_string();
        let printed = killed(&env, &["mark", "star", &id], time);
        let conn = look(&env);
        check_whole(&conn);
        let starred: u32 = conn
            .query_row(
                "select count(*) from marks where article_id = ?1 and starred > 0",
                [id],
                |row| row.get(0),
            )
            .unwrap();
        assert!(starred == 1 || printed.is_empty(), "a told mark is lost");
        told += usize::from(!printed.is_empty());
    }
    eprintln!("{kills} kills, {told} marks told");
}

/// Kills so many first starts; the next one finds nothing in its way.
fn kill_makings(kills: usize) {
    let feed = rss(&item("a", "A", "x"));
    let begun = Instant::now();
    TestEnv::with_feed_file(&feed);
    let time = begun.elapsed();
    let (mut drafts, mut made) = (0, 0);
    for _ in 0..kills {
        let env = TestEnv::new();
        env.write("feed.xml", &feed);
        env.configure(&format!(
            "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
            env.file_url("feed.xml")
        ));
        killed(&env, &["refresh"], time);
        drafts += usize::from(env.path("data/gazette.db.new").exists());
        made += usize::from(env.path("data/gazette.db").exists());
        for arguments in [&["list"][..], &["refresh", "--force"], &["list"]] {
            let ran = env.run(arguments);
            assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{arguments:?}");
        }
        assert!(!env.path("data/gazette.db.new").exists());
        assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);
        check_whole(&look(&env));
    }
    eprintln!("{kills} kills, {drafts} in the making, {made} after it");
}

#[test]
fn after_a_kill_each_feed_is_wholly_old_or_wholly_new() {
    kill_refreshes(12);
}

#[test]
fn after_a_kill_a_mark_that_was_told_is_there() {
    kill_marks(10);
}

#[test]
fn after_a_kill_in_the_making_of_the_database_it_is_made() {
    kill_makings(10);
}

#[test]
#[ignore = "it takes minutes; run it where storing has changed"]
fn after_hundreds_of_kills_nothing_is_amiss() {
    kill_refreshes(200);
    kill_marks(150);
    kill_makings(150);
}
