//! Many processes at once: nobody is told that the database is locked, and no mark is lost.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{check_whole, look};
use crate::pty::screen::Screen;
use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};
use crate::support::server::{Answer, FakeServer};

const FEEDS: usize = 8;
const ARTICLES: usize = 25;

/// Feeds whose articles change with each poll, and which have a new one each time.
fn busy_feeds() -> (FakeServer, TestEnv) {
    let server = FakeServer::start();
    let polls = AtomicUsize::new(0);
    server.decide_all(move |asked| {
        let poll = polls.fetch_add(1, Ordering::Relaxed);
        let text = format!("<p>Text {poll}.</p>").repeat(40);
        let newest = item(&format!("{}-new-{poll}", asked.target), "New", &text);
        let known = (0..ARTICLES).map(|n| {
            let title = format!("Article {n}");
            item(&format!("{}-{n}", asked.target), &title, &text)
        });
        Answer::ok(rss(&(newest + &known.collect::<String>())))
    });
    let urls: Vec<String> = (0..FEEDS).map(|n| server.url(&format!("/{n}"))).collect();
    let env = TestEnv::new();
    let feeds = urls
        .iter()
        .map(|url| format!("[[sections.feeds]]\nurl = \"{url}\"\n"));
    env.configure(&format!(
        "[general]\nrefresh = \"manual\"\n[network]\nconnections_per_host = 8\n\
         [[sections]]\nname = \"News\"\n{}",
        feeds.collect::<String>()
    ));
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    (server, env)
}

/// Ends what runs beside, also where a check fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs a refresh, marks, lists, searches and a screen beside each other for so long.
fn all_at_once(time: Duration) {
    let (_server, env) = busy_feeds();
    let ids: Vec<u64> = env
        .json(&["list", "--format", "json"])
        .iter()
        .map(|article| article["id"].as_u64().unwrap())
        .collect();
    let begun = Instant::now();
    let over = AtomicBool::new(false);
    let counts = [const { AtomicUsize::new(0) }; 4];
    let longest = thread::scope(|scope| {
        let _over = Over(&over);
        let again = |arguments: &'static [&str], count: &'static str, number: usize| {
            let (env, over, counts) = (&env, &over, &counts);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let ran = env.run(arguments);
                    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{count}");
                    counts[number].fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let running = [
            again(&["refresh", "--force", "--format", "json"], "refresh", 0),
            again(&["list", "--unread"], "list", 1),
            again(&["search", "text", "--limit", "5"], "search", 2),
        ];
        let screen = Screen::start(&env, &[]);
        screen.wait_for("unread");
        let mut longest = Duration::ZERO;
        let mut at = 0;
        while begun.elapsed() < time || at < 10 {
            let id = ids[at % ids.len()].to_string();
            let mark = ["read", "star"][at / ids.len() % 2];
            let asked = Instant::now();
            let ran = env.run(&["mark", mark, &id]);
            longest = longest.max(asked.elapsed());
            assert_eq!((ran.code, &*ran.err), (Some(0), ""));
            screen.send(["j", "\r", "q", "k"][at % 4]);
            at += 1;
            counts[3].store(at, Ordering::Relaxed);
        }
        over.store(true, Ordering::Relaxed);
        for thread in running {
            thread.join().unwrap();
        }
        screen.send("Q");
        let (code, bytes) = screen.end();
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(code, 0);
        assert!(!text.contains("another program holds") && !text.contains("error:"));
        longest
    });
    let marked = counts[3].load(Ordering::Relaxed);
    let list = env.json(&["list", "--format", "json"]);
    let having = |name: &str| -> BTreeSet<u64> {
        let having = list.iter().filter(|article| article[name] == true);
        having
            .map(|article| article["id"].as_u64().unwrap())
            .collect()
    };
    let (read, starred) = (having("read"), having("starred"));
    for (at, id) in (0..marked).zip(ids.iter().cycle()) {
        let of = if (at / ids.len()).is_multiple_of(2) {
            &read
        } else {
            &starred
        };
        assert!(of.contains(id), "the mark {at} of {id} is lost");
    }
    check_whole(&look(&env));
    eprintln!("refreshes, lists, searches, marks: {counts:?}; the longest mark took {longest:?}");
}

#[test]
fn refreshes_marks_lists_and_a_screen_lose_nothing_and_lock_nobody_out() {
    all_at_once(Duration::from_secs(3));
}

#[test]
#[ignore = "it takes minutes; run it where locks have changed"]
fn for_minutes_nothing_is_lost() {
    all_at_once(Duration::from_mins(3));
}

#[test]
fn ten_that_start_at_once_make_one_database() {
    let env = TestEnv::new();
    env.write("feed.xml", rss(&item("a", "A", "x")));
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    for _ in 0..3 {
        thread::scope(|scope| {
            for n in 0..10 {
                let env = &env;
                scope.spawn(move || {
                    let command: &[&str] = [&["refresh", "--force"][..], &["list"]][n % 2];
                    let ran = env.run(command);
                    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{command:?}");
                });
            }
        });
        assert_eq!(env.json(&["list", "--format", "json"]).len(), 1);
        check_whole(&look(&env));
        std::fs::remove_dir_all(env.path("data")).unwrap();
    }
}
