//! A damaged database under the real program.

use std::fs;
use std::path::PathBuf;

use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

/// Twenty articles, so that the rows go on over some pages.
fn feed() -> String {
    let items: String = (0..20)
        .map(|n| {
            let text = format!("number {n} ").repeat(300);
            format!("<item><title>Article {n}</title><guid>{n}</guid><description>{text}</description></item>")
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>Policy</title>{items}</channel></rss>")
}

/// Returns the database files that were set aside.
fn aside(env: &TestEnv) -> Vec<PathBuf> {
    let files = fs::read_dir(env.path("data")).expect("the data folder is there");
    let files = files.map(|file| file.expect("an entry").path());
    files
        .filter(|path| path.to_string_lossy().contains("gazette.db.damaged-"))
        .collect()
}

/// Overwrites the beginning of the database, and returns its bytes then.
fn damage(env: &TestEnv) -> Vec<u8> {
    let path = env.path("data/gazette.db");
    let mut bytes = fs::read(&path).expect("the database is there");
    bytes[..4096].fill(0);
    fs::write(&path, &bytes).expect("it can be written");
    bytes
}

#[test]
fn every_command_goes_on_with_what_could_be_recovered() {
    let env = TestEnv::with_feed_file(&feed());
    assert_eq!(env.run(&["mark", "star", "3"]).code, Some(0));
    for (round, arguments) in [
        &["list", "--format", "json"][..],
        &["show", "3"],
        &["search", "number"],
        &["feeds", "list"],
        &["mark", "read", "4"],
        &["refresh", "--force"],
    ]
    .into_iter()
    .enumerate()
    {
        let damaged = damage(&env);
        let before = aside(&env);
        let ran = env.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
        let new: Vec<_> = aside(&env)
            .into_iter()
            .filter(|path| !before.contains(path))
            .collect();
        assert_eq!(new.len(), 1, "{arguments:?}");
        assert!(fs::read(&new[0]).expect("it is kept") == damaged);
        assert_eq!(ran.err.matches("error:").count(), 1, "{}", ran.err);
        for name in [&env.path("data/gazette.db"), &new[0]] {
            assert!(ran.err.contains(&*name.to_string_lossy()), "{}", ran.err);
        }
        if round == 0 {
            assert_eq!(ran.out.lines().count(), 20);
            assert_eq!(ran.out.matches("\"starred\":true").count(), 1);
        }
        let listed = env.json(&["list", "--format", "json"]);
        assert_eq!(listed.len(), 20, "{arguments:?}");
    }
    let search = env.run(&["search", "\"number 7\""]);
    assert_eq!(search.out.lines().count(), 1, "the index is made anew");
}

#[test]
fn after_a_recovery_a_feed_is_asked_for_all_of_its_document() {
    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(feed()).header("ETag", "\"a\""));
    let env = TestEnv::with_feeds(&[&server.url("/feed")]);
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    damage(&env);
    let ran = env.run(&["refresh", "--force", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(server.asked()[1].header("if-none-match"), None);
    assert!(ran.out.contains("\"new\":0"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn where_nothing_can_be_written_the_damage_is_told_and_nothing_changes() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::with_feed_file(&feed());
    let damaged = damage(&env);
    let folder = env.path("data");
    let allow = |mode| {
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    allow(0o500);
    if fs::File::create(folder.join("probe")).is_ok() {
        eprintln!("skipped: this user writes whatever the permissions say");
        allow(0o700);
        return;
    }
    let ran = env.run(&["list"]);
    allow(0o700);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("is damaged"), "{}", ran.err);
    assert!(fs::read(env.path("data/gazette.db")).expect("it is there") == damaged);
    assert_eq!(aside(&env).len(), 0);
}
