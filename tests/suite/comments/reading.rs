//! A thread is read whole, in the way that works at its site.

use std::time::Duration;

use super::{ids, printed, read, site, tree};
use serde_json::json;

use crate::support::env::TestEnv;
use crate::support::samples::rss;
use crate::support::server::Answer;
use crate::support::wordpress::{Comment, FakeWordPress, Post, Rest, Shown};

#[test]
fn a_thread_comes_in_its_order_with_utc_times_and_plain_text() {
    let site = site();
    site.change(|site| site.posts[0].comments[1].author = "Ilse & Bram".to_owned());
    let env = site.reader("");
    let comments = read(&env, "ferry", &[]);
    assert_eq!(tree(&comments), [(11, 0, 1), (12, 11, 2), (13, 0, 1)]);
    let reply = &comments[1];
    assert_eq!(reply["author"], "Ilse & Bram");
    assert_eq!(reply["text"], "At nine.");
    let published = site.post(7).comments[1].published;
    assert_eq!(reply["published"], published.to_string());
    let link = site.change(|site| site.link(&site.posts[0]));
    assert_eq!(reply["url"], format!("{link}comment-page-1/#comment-12"));
}

#[test]
fn three_hundred_comments_are_three_requests_of_which_none_is_a_page() {
    let site = FakeWordPress::start();
    let many = (1..=300).map(|id| Comment::new(id, "Bo", &format!("Number {id}.")));
    site.add(Post::new(7, "ferry").with(many));
    let env = site.reader("");
    assert_eq!(
        ids(&read(&env, "ferry", &[])),
        (1..=300).collect::<Vec<_>>()
    );
    let lists = site.asked("/wp/v2/comments?");
    assert_eq!(lists.len(), 3);
    assert!(lists.iter().all(|asked| asked.target.contains("order=asc")));
    assert!(
        site.asked("/ferry/").is_empty(),
        "the feed said where the interface is"
    );
    read(&env, "ferry", &[]);
    assert_eq!(
        site.asked("/wp/v2/comments?").len(),
        3,
        "what is stored is asked for no more"
    );
}

#[test]
fn what_comes_twice_on_two_pages_stands_there_once() {
    let site = FakeWordPress::start();
    let many = (1..=120).map(|id| Comment::new(id, "Bo", "Again."));
    site.add(Post::new(7, "ferry").with(many));
    let env = site.reader("");
    // The second list begins three comments earlier than it should.
    let link = site.change(|site| site.link(&site.posts[0]));
    site.server().decide_all(move |asked| {
        let is_second = asked.target.contains("page=2");
        let range = if is_second { 98..=120 } else { 1..=100 };
        let list: Vec<_> = range
            .map(|id| {
                json!({
                    "id": id,
                    "parent": 0,
                    "author_name": "Bo",
                    "date_gmt": "2026-11-01T08:00:00",
                    "content": {"rendered": "<p>Again.</p>"},
                    "link": format!("{link}#comment-{id}"),
                    "type": "comment",
                })
            })
            .collect();
        let told = if asked.target.contains("/posts/") {
            json!({"id": 7, "link": link, "comment_status": "open"})
        } else {
            list.into()
        };
        Answer::ok(told.to_string())
            .header("Content-Type", "application/json")
            .header("X-WP-Total", "120")
            .header("X-WP-TotalPages", "2")
    });
    assert_eq!(
        ids(&read(&env, "ferry", &[])),
        (1..=120).collect::<Vec<_>>()
    );
}

#[test]
fn answers_to_what_is_gone_circles_and_depth_are_shown_as_they_are() {
    let site = FakeWordPress::start();
    let deep = (1..=9).map(|id| Comment::new(id, "Bo", "Deeper.").reply_to(id - 1));
    let odd = [
        Comment::new(20, "Bo", "Spam.").shown(Shown::Hidden),
        Comment::new(21, "Bo", "To spam.").reply_to(20),
        Comment::new(30, "Bo", "Round.").reply_to(31),
        Comment::new(31, "Bo", "And round.").reply_to(30),
        Comment::new(40, "Bo", "Held.").shown(Shown::Held),
    ];
    site.add(Post::new(7, "ferry").with(deep.chain(odd)));
    let env = site.reader("");
    let comments = read(&env, "ferry", &[]);
    let line = (1..=9).map(|id| (id, id - 1, id));
    let rest = [(21, 0, 1), (30, 0, 1), (31, 30, 2)];
    assert_eq!(tree(&comments), line.chain(rest).collect::<Vec<_>>());
    assert_eq!(comments[9]["in_reply_to"], 20);
    assert!(printed(&env, "ferry").contains("no longer shows"));
}

#[test]
fn where_the_interface_is_closed_all_pages_of_comments_are_read() {
    for rest in [
        Rest::Closed(401),
        Rest::Closed(403),
        Rest::Closed(404),
        Rest::Html,
    ] {
        let site = FakeWordPress::start();
        let threads = (1..=7).flat_map(|n| {
            let first = Comment::new(n * 10, "Bo", &format!("Thread {n}."));
            let reply = Comment::new(n * 10 + 1, "Runa", "An answer.").reply_to(n * 10);
            [first, reply]
        });
        site.add(Post::new(7, "ferry").with(threads));
        site.add(Post::new(8, "quay").with([Comment::new(90, "Bo", "Here too.")]));
        site.change(|site| {
            site.rest = rest;
            site.threads_on_page = 3;
        });
        let env = site.reader("");
        let comments = read(&env, "ferry", &[]);
        let expected = (1..=7).flat_map(|n| [(n * 10, 0, 1), (n * 10 + 1, n * 10, 2)]);
        assert_eq!(tree(&comments), expected.collect::<Vec<_>>(), "{rest:?}");
        let published = site.post(7).comments[3].published;
        assert_eq!(comments[3]["published"], published.to_string());
        assert_eq!(comments[3]["text"], "An answer.");
        let asked = site.asked("wp/v2").len();
        assert_eq!(ids(&read(&env, "quay", &[])), [90]);
        assert_eq!(
            site.asked("wp/v2").len(),
            asked,
            "{rest:?} is remembered for the site"
        );
    }
}

#[test]
fn where_pages_show_none_the_feed_is_gathered_over_time() {
    let site = FakeWordPress::start();
    let many = (1..=14).map(|id| Comment::new(id, "Bo", &format!("Number {id}.")));
    site.add(Post::new(7, "ferry").with(many));
    site.change(|site| {
        site.rest = Rest::Closed(401);
        site.has_comments_on_pages = false;
    });
    let env = site.reader("");
    assert_eq!(ids(&read(&env, "ferry", &[])), (5..=14).collect::<Vec<_>>());
    assert!(printed(&env, "ferry").contains("older ones may be missing"));
    let reply = Comment::new(15, "Runa", "To the last.").reply_to(14);
    site.change(|site| {
        let post = site.posts[0].clone().with([reply]);
        site.posts[0] = post;
    });
    let comments = read(&env, "ferry", &["--refresh"]);
    assert_eq!(
        ids(&comments),
        (5..=15).collect::<Vec<_>>(),
        "the oldest of them is kept"
    );
    let last = comments.last().unwrap();
    assert_eq!(
        (&last["parent"], &last["text"]),
        (&14.into(), &"To the last.".into())
    );
}

#[test]
fn an_article_without_comments_does_not_make_the_feed_the_way_of_its_site() {
    let many = |first: u64| (0..14).map(move |n| Comment::new(first + n, "Bo", "Say."));
    let site = FakeWordPress::start();
    site.add(Post::new(6, "bus").closed());
    let orphans = many(100).map(|comment| comment.reply_to(9));
    site.add(Post::new(7, "ferry").with(orphans));
    site.add(Post::new(8, "quay").with(many(200)));
    site.change(|site| site.rest = Rest::Closed(401));
    let env = site.reader("");
    assert!(read(&env, "bus", &[]).is_empty());
    assert_eq!(
        read(&env, "ferry", &[]).len(),
        10,
        "the page shows no orphans"
    );
    assert_eq!(read(&env, "quay", &[]).len(), 14);
}

#[test]
fn a_site_without_permalinks_is_read_by_what_it_names() {
    let site = site();
    site.change(|site| site.is_pretty = false);
    let env = site.reader("");
    assert_eq!(ids(&read(&env, "ferry", &[])), [11, 12, 13]);
    assert!(site.asked("/wp-json").is_empty(), "nothing is guessed");
    site.change(|site| site.rest = Rest::Closed(401));
    let env = site.reader("");
    assert_eq!(ids(&read(&env, "ferry", &[])), [11, 12, 13]);
}

#[test]
fn a_number_in_the_feed_that_is_another_posts_is_not_believed() {
    let site = site();
    let env = TestEnv::new();
    let link = site.change(|site| site.link(&site.posts[0]));
    env.write(
        "feed.xml",
        rss(&format!(
            "<item><guid isPermaLink=\"false\">https://old.example/?p=8</guid>\
             <title>News of the ferry</title><link>{link}</link></item>"
        )),
    );
    let settings = "[network]\nallow_private_hosts = true\n";
    env.configure(&format!(
        "{settings}[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    assert_eq!(ids(&read(&env, "ferry", &[])), [11, 12, 13]);
}

#[test]
fn no_comments_is_an_answer() {
    let site = site();
    let env = site.reader("");
    assert!(read(&env, "quay", &[]).is_empty());
    assert!(printed(&env, "quay").contains("No comments yet"));
    let asked = site.server().asked().len();
    read(&env, "quay", &[]);
    assert_eq!(site.server().asked().len(), asked);
}

#[test]
fn a_busy_site_is_left_alone_as_long_as_it_asks() {
    let site = site();
    let env = site.reader("");
    assert_eq!(read(&env, "ferry", &[]).len(), 3);
    site.change(|site| site.rest = Rest::Busy(3600));
    let id = super::article(&env, "ferry");
    let ran = env.run(&["comments", &id, "--refresh"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("error: "), "{}", ran.err);
    let asked = site.server().asked().len();
    assert_eq!(env.run(&["comments", &id, "--refresh"]).code, Some(1));
    assert_eq!(site.server().asked().len(), asked, "Retry-After is kept");
    assert_eq!(
        read(&env, "ferry", &["--offline"]).len(),
        3,
        "what was stored stays"
    );
}

#[test]
fn a_slow_interface_ends_at_the_time_limit_and_what_was_stored_stays() {
    let site = site();
    let env = site.reader("[network]\ntimeout_seconds = 1\n");
    assert_eq!(read(&env, "ferry", &[]).len(), 3);
    site.change(|site| site.rest = Rest::Slow(Duration::from_secs(4)));
    let id = super::article(&env, "ferry");
    let ran = env.run(&["comments", &id, "--refresh"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert_eq!(read(&env, "ferry", &["--offline"]).len(), 3);
}

#[test]
fn nothing_in_a_comment_acts_on_the_terminal() {
    let site = FakeWordPress::start();
    let bad =
        "<p>\u{1b}[31mred\u{1b}]0;x\u{7} \u{9b}2J \u{202e}turned</p><script>alert(1)</script>";
    site.add(Post::new(7, "ferry").with([
        Comment::new(11, "\u{1b}[2JName\u{202e}", "").html(bad),
        Comment::new(12, "Bo", "Clean.").reply_to(11),
    ]));
    for rest in [Rest::Open, Rest::Closed(401)] {
        site.change(|site| site.rest = rest);
        let env = site.reader("");
        let comments = read(&env, "ferry", &[]);
        assert_eq!(ids(&comments), [11, 12]);
        let text = format!("{}{}", comments[0]["text"], comments[0]["author"]);
        let all = format!("{text}{}", printed(&env, "ferry"));
        let decoded: String = comments
            .iter()
            .flat_map(|one| {
                [
                    one["text"].as_str().unwrap(),
                    one["author"].as_str().unwrap(),
                ]
                .concat()
                .chars()
                .collect::<Vec<_>>()
            })
            .collect();
        let acts =
            |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(
            !all.chars().any(acts) && !decoded.chars().any(acts),
            "{all:?}"
        );
        assert!(decoded.contains("red") && decoded.contains("Name") && !decoded.contains("alert"));
    }
}
