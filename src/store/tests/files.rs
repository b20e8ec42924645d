use std::fs;
use std::path::Path;

use super::*;
use crate::model::article::Mark;

/// Every file of a data folder with its bytes.
fn bytes(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, fs::read(file.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Opens what lies in `dir` both ways, and makes sure that not a byte of it changes.
#[track_caller]
fn check_refused(dir: &Path, message: &str) {
    let before = bytes(dir);
    for error in [Store::open(dir).err(), Reader::open(dir).err()] {
        let problem = error.expect("opened").problem();
        assert!(problem.what.as_str().contains(message), "{problem:?}");
        assert!(problem.hint.is_some());
    }
    let mut after = bytes(dir);
    // The log's index is no data; looking at a log needs one.
    after.retain(|(name, _)| before.iter().any(|(known, _)| known == name));
    assert!(before == after, "the files changed");
}

#[test]
fn a_new_database_says_whose_it_is() {
    let cache = Cache::new();
    let pragma = |name: &str| -> String {
        let conn = &cache.store.conn;
        conn.pragma_query_value(None, name, |row| {
            let value: rusqlite::types::Value = row.get(0)?;
            Ok(format!("{value:?}"))
        })
        .unwrap()
    };
    assert_eq!(pragma("application_id"), "Integer(1195465285)");
    assert_eq!(pragma("auto_vacuum"), "Integer(2)");
    assert_eq!(pragma("user_version"), "Integer(3)");
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
}

#[cfg(unix)]
#[test]
fn a_missing_folder_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let outside = tempfile::tempdir().unwrap();
    let dir = outside.path().join("deep/er");
    Store::open(&dir).unwrap();
    let mode = fs::metadata(&dir).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("file"), "").unwrap();
    let error = Store::open(&outside.path().join("file/dir")).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
}

#[test]
fn without_a_database_there_is_nothing_until_there_is_one() {
    let dir = tempfile::tempdir().unwrap();
    for reader in [
        Reader::open(dir.path()).unwrap(),
        Reader::open(&dir.path().join("absent")).unwrap(),
    ] {
        assert_eq!(list(&reader, &ListQuery::default()), []);
        assert_eq!(reader.feeds().unwrap(), []);
        assert_eq!(reader.article(ArticleId(1)).unwrap(), None);
        assert_eq!(reader.also_in(ArticleId(1)).unwrap(), []);
    }
    assert_eq!(bytes(dir.path()), []);
    let reader = Reader::open(dir.path()).unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    store.sync_feeds(&["http://a"]).unwrap();
    assert_eq!(reader.feeds().unwrap().len(), 1);
}

#[test]
fn an_empty_file_is_a_new_database() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("gazette.db"), "").unwrap();
    assert_eq!(Reader::open(dir.path()).unwrap().feeds().unwrap(), []);
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(store.sync_feeds(&["http://a"]).unwrap().len(), 1);
}

#[test]
fn another_programs_database_is_left_alone() {
    for id in [0, 7] {
        let dir = tempfile::tempdir().unwrap();
        let conn = Connection::open(dir.path().join("gazette.db")).unwrap();
        conn.execute_batch("create table feeds (id); insert into feeds values (1)")
            .unwrap();
        conn.pragma_update(None, "application_id", id).unwrap();
        conn.close().unwrap();
        check_refused(dir.path(), "is another program's database");
    }
}

#[test]
fn a_newer_database_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.conn.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    check_refused(dir.path(), "belongs to a newer Gazette");
}

#[test]
fn a_database_that_is_newer_in_its_log_alone_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.conn.pragma_update(None, "user_version", 99).unwrap();
    // As after a kill: database and log, and nobody who has them open.
    let copy = tempfile::tempdir().unwrap();
    for name in ["gazette.db", "gazette.db-wal"] {
        fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
    }
    assert!(
        fs::metadata(copy.path().join("gazette.db-wal"))
            .unwrap()
            .len()
            > 0
    );
    check_refused(copy.path(), "belongs to a newer Gazette");
}

#[test]
fn a_database_that_a_newer_program_takes_over_meanwhile_is_left_alone() {
    let mut cache = Cache::new();
    let version = |cache: &Cache| -> i64 {
        let conn = &cache.store.conn;
        conn.pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap()
    };
    let conn = &cache.store.conn;
    conn.pragma_update(None, "user_version", 99).unwrap();
    conn.pragma_update(None, "application_id", 0).unwrap();
    // As where the newer program came after the look at the file.
    let error = open::migrate(&mut cache.store.conn, &cache.store.path).unwrap_err();
    assert!(
        matches!(error, StoreError::Newer { version: 99, .. }),
        "{error:?}"
    );
    assert_eq!(version(&cache), 99);
    let conn = &cache.store.conn;
    let id: i64 = conn
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .unwrap();
    assert_eq!(id, 0, "something was written");
}

#[test]
fn what_was_committed_survives_a_kill_and_nothing_else() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    let tx = cache.store.conn.unchecked_transaction().unwrap();
    tx.execute("update feeds set title = 'half'", []).unwrap();
    tx.execute("delete from articles", []).unwrap();
    tx.cache_flush().unwrap();
    let copy = tempfile::tempdir().unwrap();
    for name in ["gazette.db", "gazette.db-wal"] {
        fs::copy(cache.dir.path().join(name), copy.path().join(name)).unwrap();
    }
    drop(tx);
    let reader = Reader::open(copy.path()).unwrap();
    assert_eq!(list(&reader, &ListQuery::default()).len(), 1);
    assert_eq!(reader.feeds().unwrap()[0].title.as_deref(), Some("A feed"));
}

/// What the child process of the next test does: stores polls until it is killed.
#[test]
fn a_child_that_stores_until_it_is_killed() {
    let Some(dir) = std::env::var_os("GAZETTE_TEST_CHILD") else {
        return;
    };
    let mut store = Store::open(Path::new(&dir)).unwrap();
    for n in 0.. {
        let feed = store.sync_feeds(&[&format!("http://{n}")]).unwrap()[0].id;
        let articles: Vec<_> = (0..20)
            .map(|m| article(&format!("{n}-{m}"), None))
            .collect();
        store.record(&fetched(feed, now(), &articles)).unwrap();
        println!("\nstored {n}");
    }
}

#[test]
fn after_a_kill_each_feed_is_whole_and_one_that_was_told_is_there() {
    use std::io::BufRead;
    let dir = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["a_child_that_stores_until_it_is_killed", "--nocapture"])
        .env("GAZETTE_TEST_CHILD", dir.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines
        .map_while(Result::ok)
        .filter(|line| line.starts_with("stored "));
    assert_eq!(told.take(30).count(), 30, "the child ended early");
    child.kill().unwrap();
    child.wait().unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    let states = reader.feeds().unwrap();
    assert!(states.iter().take(30).all(|state| state.articles == 20));
    assert!(states.iter().all(|state| [0, 20].contains(&state.articles)));
    let stored: u32 = states.iter().map(|state| state.articles).sum();
    assert_eq!(list(&reader, &ListQuery::default()).len(), stored as usize);
    Store::open(dir.path())
        .unwrap()
        .sync_feeds(&["http://0"])
        .unwrap();
}

#[test]
fn on_a_full_disk_reading_goes_on_and_writing_later() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    let limit = |store: &Store, pages: u32| {
        store
            .conn
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
    };
    limit(&cache.store, 1);
    let many: Vec<_> = (0..500).map(|n| article(&n.to_string(), None)).collect();
    let full = cache.store.record(&fetched(feed, days(1), &many));
    assert!(matches!(full, Err(StoreError::DiskFull { .. })), "{full:?}");
    assert_eq!(cache.titles(&ListQuery::default()), ["one"]);
    assert_eq!(cache.state(feed).last_poll, Some(now()));
    limit(&cache.store, 1_000_000);
    assert_eq!(cache.poll(feed, days(1), &many).new, 500);
    cache.check_counters();
}

#[test]
fn reading_and_marking_go_on_beside_a_refresh() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    let id = cache.id("one");
    let dir = cache.dir.path().to_owned();
    let refresh = std::thread::spawn(move || {
        let mut store = Store::open(&dir).unwrap();
        for n in 0..50 {
            let articles: Vec<_> = (0..20)
                .map(|m| article(&format!("{n}-{m}"), None))
                .collect();
            store.record(&fetched(feed, now(), &articles)).unwrap();
        }
    });
    let reader = cache.reader();
    for _ in 0..50 {
        cache.store.mark(&[id], Mark::Star).unwrap();
        let listed = list(&reader, &ListQuery::default()).len();
        assert_eq!(listed % 20, 1, "a poll is seen whole or not at all");
        cache.store.mark(&[id], Mark::Unstar).unwrap();
    }
    refresh.join().unwrap();
    assert_eq!(cache.all().len(), 1001);
    cache.check_counters();
}

#[test]
fn many_processes_may_create_it_at_once() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let dir = dir.path();
            scope.spawn(move || {
                let mut store = Store::open(dir).unwrap();
                store.sync_feeds(&[&format!("http://{n}")]).unwrap();
            });
        }
    });
    assert_eq!(Reader::open(dir.path()).unwrap().feeds().unwrap().len(), 8);
}

#[test]
fn a_database_whose_making_was_cut_short_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let draft = dir.path().join("gazette.db.new");
    // As a kill leaves it: begun, with a table of its own, or no database at all.
    let begun = Connection::open(&draft).unwrap();
    begun.execute_batch("create table feeds (x)").unwrap();
    drop(begun);
    for left in [fs::read(&draft).unwrap(), vec![7; 100], Vec::new()] {
        fs::write(&draft, left).unwrap();
        fs::write(dir.path().join("gazette.db.new-journal"), "x").unwrap();
        let reader = Reader::open(dir.path()).unwrap();
        assert_eq!(reader.feeds().unwrap(), []);
        let mut store = Store::open(dir.path()).unwrap();
        assert_eq!(store.sync_feeds(&["http://a"]).unwrap().len(), 1);
        drop((reader, store));
        let names: Vec<_> = bytes(dir.path()).into_iter().map(|file| file.0).collect();
        assert_eq!(names, ["gazette.db"]);
        fs::remove_file(dir.path().join("gazette.db")).unwrap();
    }
}

#[test]
fn a_new_database_takes_nothing_from_the_log_of_a_lost_one() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    let dir = tempfile::tempdir().unwrap();
    let log = "gazette.db-wal";
    fs::copy(cache.dir.path().join(log), dir.path().join(log)).unwrap();
    assert!(fs::metadata(dir.path().join(log)).unwrap().len() > 0);
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(store.sync_feeds(&["http://b"]).unwrap().len(), 1);
    assert_eq!(Reader::open(dir.path()).unwrap().feeds().unwrap().len(), 1);
}

#[test]
fn a_database_without_tables_is_another_programs() {
    let dir = tempfile::tempdir().unwrap();
    let bare = Connection::open(dir.path().join("gazette.db")).unwrap();
    bare.pragma_update(None, "auto_vacuum", "incremental")
        .unwrap();
    drop(bare);
    check_refused(dir.path(), "is another program's database");
}

#[test]
fn a_database_is_opened_again_as_it_was() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    cache.store.make_durable().unwrap();
    let Cache { dir, store } = cache;
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    let cache = Cache { dir, store };
    assert_eq!(cache.titles(&ListQuery::default()), ["one"]);
}

/// Reads and writes in a folder where nobody may write, and expects as many articles.
#[cfg(unix)]
#[track_caller]
fn check_read_only(dir: &Path, expected: usize) {
    use std::os::unix::fs::PermissionsExt;
    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for file in fs::read_dir(dir).unwrap() {
        allow(&file.unwrap().path(), 0o444);
    }
    allow(dir, 0o555);
    if fs::write(dir.join("probe"), "").is_ok() {
        eprintln!("skipped: this user writes whatever the permissions say");
        allow(dir, 0o755);
        return;
    }
    let before = bytes(dir);
    let listed = list(&Reader::open(dir).unwrap(), &ListQuery::default()).len();
    let written = Store::open(dir);
    let unchanged = before == bytes(dir);
    allow(dir, 0o755);
    assert_eq!(listed, expected);
    assert!(
        matches!(written, Err(StoreError::ReadOnly { .. })),
        "{written:?}"
    );
    assert!(unchanged, "the files changed");
}

#[cfg(unix)]
#[test]
fn reading_works_on_a_read_only_folder() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    let Cache { dir, store } = cache;
    drop(store);
    check_read_only(dir.path(), 1);
}

#[cfg(unix)]
#[test]
fn what_stands_in_the_log_alone_is_read_on_a_read_only_folder() {
    let mut cache = Cache::new();
    let feed = cache.old_feed("http://a");
    cache.poll(feed, now(), &[article("one", None)]);
    cache.store.shorten_log().unwrap();
    cache.poll(feed, days(1), &[article("two", None)]);
    // As after a kill: database and log, and nobody who has them open.
    let copy = tempfile::tempdir().unwrap();
    for name in ["gazette.db", "gazette.db-wal"] {
        fs::copy(cache.dir.path().join(name), copy.path().join(name)).unwrap();
    }
    check_read_only(copy.path(), 2);
}
