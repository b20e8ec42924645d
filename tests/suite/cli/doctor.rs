//! `gazette doctor` on what goes wrong, by hand in real files.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use crate::support::env::{Ran, TestEnv};
use crate::support::samples::{item, rss};
use crate::support::server::{Answer, FakeServer};

/// A program with one feed of three articles in a file.
fn healthy() -> TestEnv {
    let items = ["a", "b", "c"].map(|guid| item(guid, guid, "<p>text</p>"));
    TestEnv::with_feed_file(&rss(&items.concat()))
}

/// Returns every finding of one kind, as `area: message`.
fn found(ran: &Ran, status: &str) -> Vec<String> {
    let lines = ran.out.lines().map(|line| {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error} in {line}"))
    });
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines
        .filter(|line| line["status"] == status)
        .map(|line| format!("{}: {}", text(&line["check"]), text(&line["message"])))
        .collect()
}

fn doctor(env: &TestEnv) -> Ran {
    env.run(&["doctor", "--offline", "--format", "json"])
}

fn repair(env: &TestEnv) -> Ran {
    env.run(&["doctor", "--offline", "--repair", "--format", "json"])
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if !path.to_string_lossy().ends_with("-shm") {
            files.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    files.retain(|(name, bytes)| !(name.ends_with("-wal") && bytes.is_empty()));
    files.sort();
    files
}

/// Spoils a healthy program's database with `spoil`, and checks that the doctor says what is wrong,
/// that looking changes nothing, and that mending mends it.
#[track_caller]
fn check_mended(spoil: impl FnOnce(&Path), problem: &str) -> TestEnv {
    let env = healthy();
    spoil(&env.path("data/gazette.db"));
    let before = files(&env.path("data"));
    let looked = doctor(&env);
    assert_eq!(looked.code, Some(1), "{}", looked.out);
    let [told] = &found(&looked, "problem")[..] else {
        panic!("{}", looked.out);
    };
    assert!(told.contains(problem), "{told}");
    assert!(files(&env.path("data")) == before, "looking changed a file");

    let mended = repair(&env);
    assert_eq!(mended.code, Some(0), "{}", mended.out);
    let [told] = &found(&mended, "repaired")[..] else {
        panic!("{}", mended.out);
    };
    assert!(told.contains(problem), "{told}");
    let again = doctor(&env);
    assert_eq!(again.code, Some(0), "{}", again.out);
    assert_eq!(found(&again, "problem"), [""; 0]);
    env
}

fn sql(path: &Path, statements: &str) {
    let cache = Connection::open(path).expect("the database opens");
    cache.execute_batch(statements).expect("it is spoilt");
}

#[test]
fn all_is_well_on_a_healthy_machine_and_nothing_is_changed() {
    let env = healthy();
    let before = files(&env.path("data"));
    let ran = doctor(&env);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    for area in ["configuration", "database", "disk", "proxy"] {
        let ok = found(&ran, "ok");
        assert!(
            ok.iter().any(|told| told.starts_with(area)),
            "{area} in {ok:?}"
        );
    }
    let told = found(&ran, "ok").join("\n");
    assert!(told.contains("1 section, 1 feed"), "{told}");
    assert!(told.contains("is whole: 3 articles in"), "{told}");
    let summary: Value =
        serde_json::from_str(ran.out.lines().last().expect("lines")).expect("JSON");
    assert_eq!(summary["summary"]["problems"], 0);
    assert!(files(&env.path("data")) == before);
    let text = env.run(&["doctor", "--offline"]);
    assert!(
        text.out.starts_with("Configuration\n  ok        `"),
        "{}",
        text.out
    );
}

#[test]
fn without_a_database_none_is_made() {
    let env = TestEnv::with_feeds(&["https://policy.example/feed"]);
    for arguments in [
        &["doctor", "--offline"][..],
        &["doctor", "--offline", "--repair"],
    ] {
        assert_eq!(env.run(arguments).code, Some(0));
        assert!(!env.path("data").exists());
    }
}

#[test]
fn a_wrong_configuration_is_told_and_the_rest_is_looked_at() {
    let env = healthy();
    env.configure("[general]\nkeep_day = 3\n");
    let ran = doctor(&env);
    assert_eq!(ran.code, Some(2));
    let told = found(&ran, "problem").join("\n");
    assert!(told.starts_with("configuration: "), "{told}");
    assert!(
        told.contains("config.toml:2:1: unknown key `keep_day`"),
        "{told}"
    );
    assert!(ran.out.contains("did you mean `keep_days`?"), "{}", ran.out);
    assert!(ran.out.contains("is whole"), "{}", ran.out);
}

#[test]
fn counters_that_are_wrong_are_counted_again() {
    let env = check_mended(
        |path| sql(path, "update feeds set unread = unread + 5, articles = 9"),
        "the counts of 1 feed are wrong",
    );
    let cache = Connection::open(env.path("data/gazette.db")).expect("it opens");
    let articles: i64 = cache
        .query_row("select articles from feeds", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(articles, 3);
}

#[test]
fn a_search_index_that_is_wrong_is_made_again() {
    let env = check_mended(
        |path| sql(path, "delete from search where rowid = 2"),
        "the search index is wrong about 1 article",
    );
    assert_eq!(env.json(&["search", "text", "--format", "json"]).len(), 3);
}

#[test]
fn rows_that_belong_to_no_article_are_taken_out() {
    check_mended(
        |path| sql(path, "insert into marks (article_id, read) values (99, 1)"),
        "1 stored row belong",
    );
}

#[test]
fn damage_that_no_statement_has_met_is_found_and_recovered() {
    let env = check_mended(
        |path| {
            let mut bytes = fs::read(path).expect("the database");
            // The page after the first one is where a tree begins.
            bytes[8192 + 200..8192 + 8000].fill(0xA5);
            bytes[8192..8192 + 8].copy_from_slice(&[9; 8]);
            fs::write(path, bytes).expect("it is spoilt");
        },
        "the database is damaged: ",
    );
    let data = files(&env.path("data"));
    assert!(
        data.iter()
            .any(|(name, _)| name.contains("gazette.db.damaged-"))
    );
}

#[test]
fn the_recovery_of_a_file_that_is_no_database_names_both_files() {
    let env = healthy();
    fs::write(env.path("data/gazette.db"), "not SQLite at all".repeat(100)).expect("written");
    let looked = doctor(&env);
    assert_eq!(looked.code, Some(1));
    assert!(looked.err.is_empty());
    let mended = repair(&env);
    assert_eq!(mended.code, Some(0), "{}", mended.out);
    assert_eq!(mended.err.matches("error:").count(), 1, "{}", mended.err);
    assert!(
        mended.err.contains("data/gazette.db` was damaged"),
        "{}",
        mended.err
    );
    assert!(mended.err.contains("gazette.db.damaged-"), "{}", mended.err);
}

#[test]
fn what_belongs_to_others_is_left_alone() {
    for (pragma, told) in [
        ("pragma user_version = 999", "belongs to a newer Gazette"),
        ("pragma application_id = 7", "is another program's database"),
    ] {
        let env = healthy();
        sql(&env.path("data/gazette.db"), pragma);
        let before = files(&env.path("data"));
        for ran in [doctor(&env), repair(&env)] {
            assert_eq!(ran.code, Some(1));
            let problems = found(&ran, "problem").join("\n");
            assert!(problems.contains(told), "{problems}");
        }
        assert!(files(&env.path("data")) == before);
    }
}

#[test]
fn what_a_recovery_left_behind_is_taken_away_and_what_it_set_aside_stays() {
    let env = healthy();
    let [unfinished, aside] = [
        "data/gazette.db-recovering",
        "data/gazette.db.damaged-20261124T100000Z",
    ]
    .map(|name| env.path(name));
    fs::write(&unfinished, "half").expect("written");
    fs::write(&aside, "old").expect("written");
    let looked = doctor(&env);
    assert_eq!(looked.code, Some(0));
    assert!(
        found(&looked, "warning")
            .join("\n")
            .contains("gazette.db-recovering"),
        "{}",
        looked.out
    );
    assert!(
        found(&looked, "ok")
            .join("\n")
            .contains("gazette.db.damaged-"),
        "{}",
        looked.out
    );
    repair(&env);
    assert!(!unfinished.exists());
    assert!(aside.exists());
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_is_open_to_others_is_closed() {
    use std::os::unix::fs::PermissionsExt;
    let env = healthy();
    let folder = env.path("data");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("changed");
    let mode = || {
        fs::metadata(&folder)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    let looked = doctor(&env);
    assert!(
        found(&looked, "warning")
            .join("\n")
            .contains("is open to other users"),
        "{}",
        looked.out
    );
    assert_eq!(mode(), 0o755);
    repair(&env);
    assert_eq!(mode(), 0o700);
}

#[test]
fn hosts_are_asked_once_without_a_poll_and_silent_ones_are_named() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(rss("")));
    let [one, other] = ["/feed?1", "/feed?2"].map(|path| server.url(path));
    // Nobody listens at port 1.
    let env = TestEnv::with_feeds(&[&one, &other, "http://127.0.0.1:1/feed"]);
    let ran = env.run(&["doctor", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let told = found(&ran, "ok").join("\n");
    assert!(told.contains("network: 1 of 2 hosts answered"), "{told}");
    let silent = found(&ran, "warning").join("\n");
    assert!(
        silent.contains("no connection to 127.0.0.1: connection refused"),
        "{silent}"
    );
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].method.as_str(), asked[0].target.as_str()),
        ("HEAD", "/")
    );

    let env = TestEnv::with_feeds(&["http://127.0.0.1:1/feed"]);
    let ran = env.run(&["doctor", "--format", "json"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("check the connection and the proxy"),
        "{}",
        ran.out
    );
}

#[test]
fn offline_leaves_the_network_out() {
    let server = FakeServer::start();
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    let ran = doctor(&env);
    assert_eq!(ran.code, Some(0));
    assert!(
        found(&ran, "skipped")
            .join("\n")
            .contains("network: no host is asked"),
        "{}",
        ran.out
    );
    assert_eq!(server.most_connections(), 0);
}

#[test]
fn a_clock_that_is_wrong_is_told() {
    for (date, told) in [
        (
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "ahead of those of the hosts",
        ),
        ("Sun, 06 Nov 2044 08:49:37 GMT", "behind those of the hosts"),
    ] {
        let server = FakeServer::start();
        server.answer("/", Answer::status(404).header("Date", date));
        let env = TestEnv::with_feeds(&[&server.url("/feed")]);
        let ran = env.run(&["doctor", "--format", "json"]);
        assert!(
            found(&ran, "warning").join("\n").contains(told),
            "{}",
            ran.out
        );
    }
}

#[test]
fn proxies_and_certificates_are_looked_at() {
    let env = healthy();
    let with = |variables: &[(&str, &str)]| {
        let mut command = env.command(&["doctor", "--offline", "--format", "json"]);
        crate::support::env::finish(command.envs(variables.iter().copied()))
    };
    let proxied = with(&[("HTTPS_PROXY", "http://me:secret@proxy.example:3128")]);
    assert!(
        proxied.out.contains("proxy.example:3128"),
        "{}",
        proxied.out
    );
    assert!(!proxied.out.contains("secret"), "{}", proxied.out);
    let untrusting = with(&[("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")]);
    let told = found(&untrusting, "problem").join("\n");
    assert!(
        told.starts_with("certificates: HTTPS cannot be set up"),
        "{}",
        untrusting.out
    );
    assert_eq!(untrusting.code, Some(1));
}

#[test]
fn feeds_that_fail_are_counted() {
    let server = FakeServer::start();
    server.answer("/bad", Answer::status(500));
    server.answer("/gone", Answer::status(410));
    let env = TestEnv::with_feeds(&[&server.url("/bad"), &server.url("/gone")]);
    env.run(&["refresh"]);
    let warnings = found(&doctor(&env), "warning");
    assert_eq!(
        warnings,
        [
            "network: 1 feed failed when last polled",
            "network: 1 feed is gone for good"
        ]
    );
}
