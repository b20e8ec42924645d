//! Sites that are not as they should be: one odd article takes nothing from the others.

use serde_json::{Value, json};

use super::{article, ids, read};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, Asked, FakeServer};

/// Starts a site whose feed has an article for each slug, with the numbers from 1 on as their posts.
/// `page` and `rest` answer for a post.
fn site(
    slugs: &'static [&'static str],
    page: fn(u64, &str) -> String,
    rest: fn(u64) -> Answer,
) -> (FakeServer, TestEnv) {
    let server = FakeServer::start();
    let url = server.url("");
    server.decide_all(move |asked: &Asked| answer(asked, slugs, &url, page, rest));
    let env = TestEnv::new();
    env.configure(&format!(
        "[general]\nprefetch_full_text = \"never\"\n[[sections]]\nname = \"Isles\"\n\
         [[sections.feeds]]\nurl = \"{}\"\n",
        server.url("/feed")
    ));
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    (server, env)
}

fn answer(
    asked: &Asked,
    slugs: &[&str],
    url: &str,
    page: fn(u64, &str) -> String,
    rest: fn(u64) -> Answer,
) -> Answer {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    if path == "/feed" {
        let item = |slug: &&str| {
            format!(
                "<item><title>News of the {slug}</title><link>{url}/{slug}/</link>\
                 <guid isPermaLink=\"true\">{url}/{slug}/</guid><description>x</description></item>"
            )
        };
        let items: String = slugs.iter().map(item).collect();
        return Answer::ok(format!(
            "<rss version=\"2.0\"><channel><title>Isles</title>{items}</channel></rss>"
        ));
    }
    if path.starts_with("/wp-json/") {
        let post = query.split('&').find_map(|pair| pair.strip_prefix("post="));
        return rest(post.and_then(|post| post.parse().ok()).unwrap_or(0));
    }
    let slug = path.trim_matches('/');
    match slugs.iter().position(|one| *one == slug) {
        Some(at) => Answer::ok(page(at as u64 + 1, url)).header("Content-Type", "text/html"),
        None => Answer::status(404),
    }
}

fn data(value: &Value) -> Answer {
    Answer::ok(value.to_string()).header("Content-Type", "application/json")
}

fn one_comment(post: u64) -> Answer {
    data(
        &json!([{ "id": post * 10, "parent": 0, "author_name": "Bo", "type": "comment",
        "date_gmt": "2026-11-20T10:00:00", "content": { "rendered": "<p>Yes.</p>" } }]),
    )
}

fn with_interface(post: u64, root: &str) -> String {
    format!(
        "<link rel=\"https://api.w.org/\" href=\"{root}/wp-json/\"><body class=\"postid-{post}\"><p>x"
    )
}

#[test]
fn an_interface_that_fails_for_one_article_is_asked_for_another() {
    let (_server, env) = site(&["ferry", "quay"], with_interface, |post| match post {
        1 => Answer::ok("[".repeat(100_000)).header("Content-Type", "application/json"),
        post => one_comment(post),
    });
    assert_eq!(ids(&read(&env, "ferry", &[])), [0_u64; 0]);
    assert_eq!(ids(&read(&env, "quay", &[])), [20]);
}

#[test]
fn a_page_that_names_a_dead_interface_elsewhere_spoils_no_other() {
    let (_server, env) = site(
        &["ferry", "quay"],
        |post, url| match post {
            1 => with_interface(post, "http://127.0.0.2:1"),
            post => with_interface(post, url),
        },
        one_comment,
    );
    let id = article(&env, "ferry");
    let ran = env.run(&["comments", &id]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("The page shows no comments"),
        "{}",
        ran.out
    );
    assert_eq!(ids(&read(&env, "quay", &[])), [20]);
}

#[test]
fn comments_at_a_service_are_said_to_be_there_also_where_the_interface_has_none() {
    let (_server, env) = site(
        &["ferry"],
        |post, url| {
            let page = with_interface(post, url);
            format!(
                "{page}<div id=\"disqus_thread\"></div><script src=\"https://x.disqus.com/embed.js\"></script>"
            )
        },
        |_| data(&json!([])),
    );
    let id = article(&env, "ferry");
    let out = env.run(&["comments", &id]).out;
    assert!(out.contains("Comments at Disqus"), "{out}");
    assert!(!out.contains("No comments yet"), "{out}");
}

#[test]
fn a_post_that_the_interface_refuses_closes_it_for_no_other() {
    let (server, env) = site(&["ferry", "quay"], with_interface, |post| match post {
        1 => Answer::status(401),
        post => one_comment(post),
    });
    read(&env, "ferry", &[]);
    assert_eq!(ids(&read(&env, "quay", &[])), [20]);
    let asked = server.asked();
    let pages = asked
        .iter()
        .filter(|asked| asked.target.starts_with("/quay"));
    assert_eq!(pages.count(), 1);
}

#[test]
fn an_interface_that_is_closed_is_not_asked_for_the_next_article() {
    let slugs: &[&str] = &["ferry", "quay", "school", "bridge"];
    let (server, env) = site(slugs, with_interface, |_| Answer::status(401));
    for slug in slugs {
        read(&env, slug, &[]);
    }
    // For the first one's comments, then whether it answers at all.
    let asked = server.asked();
    let of_interface = |asked: &&Asked| asked.target.starts_with("/wp-json/");
    assert_eq!(asked.iter().filter(of_interface).count(), 2);
}
