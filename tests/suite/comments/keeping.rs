//! What was read is there offline, and is kept fresh kindly.

use super::{article, ids, read, refresh, site};
use crate::support::wordpress::{Comment, FakeWordPress, Post, Rest};

/// Adds a comment to a post of a site.
fn say(site: &FakeWordPress, post: usize, comment: Comment) {
    site.change(|site| {
        let more = site.posts[post].clone().with([comment]);
        site.posts[post] = more;
    });
}

#[test]
fn a_thread_that_was_opened_is_read_offline_and_no_socket_is_opened() {
    let site = site();
    let env = site.reader("");
    let online = read(&env, "ferry", &[]);
    let asked = site.server().asked().len();
    assert_eq!(read(&env, "ferry", &["--offline"]), online);
    let id = article(&env, "ferry");
    let ran = env.run(&["--offline", "comments", &id, "--refresh"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("error: offline"), "{}", ran.err);
    let never = env.run(&["--offline", "comments", &article(&env, "quay")]);
    assert_eq!(never.code, Some(0));
    assert!(never.out.contains("haven’t been read yet"), "{}", never.out);
    assert_eq!(site.server().asked().len(), asked);
}

#[test]
fn a_comment_that_the_site_took_away_goes() {
    let site = site();
    let env = site.reader("");
    assert_eq!(ids(&read(&env, "ferry", &[])), [11, 12, 13]);
    site.change(|site| site.posts[0].comments.remove(0));
    let comments = read(&env, "ferry", &["--refresh"]);
    assert_eq!(ids(&comments), [12, 13]);
    assert_eq!(
        (&comments[0]["parent"], &comments[0]["depth"]),
        (&serde_json::Value::Null, &1.into())
    );
}

#[test]
fn a_text_that_changed_at_the_site_changes_here() {
    let site = site();
    let env = site.reader("");
    read(&env, "ferry", &[]);
    site.change(|site| "<p>At ten.</p>".clone_into(&mut site.posts[0].comments[1].html));
    assert_eq!(read(&env, "ferry", &["--refresh"])[1]["text"], "At ten.");
}

#[test]
fn many_opened_threads_are_one_question_and_only_those_with_news_are_read() {
    let site = FakeWordPress::start();
    for id in 1..=6 {
        let comments = [Comment::new(id * 10, "Bo", "First.")];
        site.add(Post::new(id, &format!("isle-{id}")).with(comments));
    }
    let env = site.reader("");
    for id in 1..=6 {
        read(&env, &format!("isle-{id}"), &[]);
    }
    say(&site, 2, Comment::new(100, "Hafsa", "Something new."));
    let asked = site.asked("/wp/v2/").len();
    let told = refresh(&env, &["--force"]).expect("a word on comments");
    assert_eq!((&told["threads"], &told["new"]), (&1.into(), &1.into()));
    let asked = site.asked("/wp/v2/").split_off(asked);
    assert!(
        asked.len() <= 3,
        "{:?}",
        asked.iter().map(|one| &one.target).collect::<Vec<_>>()
    );
    assert_eq!(ids(&read(&env, "isle-3", &["--offline"])), [30, 100]);
    assert_eq!(ids(&read(&env, "isle-4", &["--offline"])), [40]);
}

#[test]
fn an_interface_that_closed_is_asked_for_one_of_the_kept_threads_alone() {
    let site = FakeWordPress::start();
    for id in 1..=6 {
        let comments = [Comment::new(id * 10, "Bo", "First.")];
        site.add(Post::new(id, &format!("isle-{id}")).with(comments));
    }
    let env = site.reader("");
    for id in 1..=6 {
        read(&env, &format!("isle-{id}"), &[]);
    }
    site.change(|site| site.rest = Rest::Closed(401));
    let before = site.asked("/wp/v2/").len();
    refresh(&env, &["--force"]);
    // Whether there is news, the first thread, and whether it answers at all.
    assert_eq!(site.asked("/wp/v2/").len(), before + 3);
    assert_eq!(ids(&read(&env, "isle-6", &["--offline"])), [60]);
}

#[test]
fn starred_articles_are_kept_although_nobody_opened_their_threads() {
    let site = site();
    let env = site.reader("");
    assert_eq!(
        env.run(&["mark", "star", &article(&env, "ferry")]).code,
        Some(0)
    );
    refresh(&env, &["--force"]);
    assert_eq!(ids(&read(&env, "ferry", &["--offline"])), [11, 12, 13]);
}

#[test]
fn a_site_that_wants_to_be_left_alone_is_not_asked_by_the_next_refresh() {
    let site = site();
    let env = site.reader("");
    read(&env, "ferry", &[]);
    site.change(|site| site.rest = Rest::Busy(3600));
    let before = site.asked("/wp/v2/").len();
    for _ in 0..3 {
        refresh(&env, &["--force"]);
    }
    assert_eq!(site.asked("/wp/v2/").len(), before + 1);
    assert_eq!(ids(&read(&env, "ferry", &["--offline"])), [11, 12, 13]);
}

#[test]
fn threads_that_nobody_opened_are_not_asked_for() {
    let site = site();
    let env = site.reader("");
    assert_eq!(refresh(&env, &["--force"]), None);
    assert!(site.asked("wp/v2").is_empty() && site.asked("/ferry/").is_empty());
}

#[test]
fn what_came_since_the_last_visit_is_marked_once() {
    let site = site();
    let env = site.reader("");
    let id = article(&env, "ferry");
    assert!(!env.run(&["comments", &id]).out.contains(" · new"));
    // Visits and arrivals are kept in whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    say(&site, 0, Comment::new(20, "Ole", "Later."));
    let shown = env.run(&["comments", &id, "--refresh"]).out;
    assert_eq!(shown.matches(" · new").count(), 1, "{shown}");
    assert!(!env.run(&["comments", &id]).out.contains(" · new"));
}
