//! What is played is played as it was measured.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Comment, Door, FakeWordPress, Post, Rest, SavedWordPress, Shown};
use crate::support::server::Answer;

/// What a server gave back.
struct Given {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Given {
    /// Returns a header field, its values joined with `, `.
    fn header(&self, name: &str) -> String {
        let values = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the numbers of the comments in a list of the interface.
    fn ids(&self) -> Vec<u64> {
        let list = self.json();
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_u64().unwrap())
            .collect()
    }
}

/// Asks, with no help of the program's.
fn ask(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Given {
    let url = url::Url::parse(address).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(&host).unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or(("", ""));
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Given {
        status: status.unwrap_or(0),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

fn get(address: &str) -> Given {
    ask("GET", address, &[], "")
}

/// Sends a comment through the form.
fn send(site: &FakeWordPress, name: &str, text: &str) -> Given {
    let email = format!("{}@isles.example", name.to_lowercase());
    let fields = [
        ("comment", text),
        ("author", name),
        ("email", &email),
        ("comment_post_ID", "7"),
        ("comment_parent", "11"),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    ask("POST", &site.url("/wp-comments-post.php"), &[], &body)
}

/// A site with a thread of seven levels, an orphan, one held and one hidden.
fn site() -> FakeWordPress {
    let site = FakeWordPress::start();
    let levels = (11..18)
        .map(|id| Comment::new(id, "Runa", "Deeper.").reply_to((id - 1) % 17 * u64::from(id > 11)));
    let more = [
        Comment::new(20, "Bo & Ilse", "A < B"),
        Comment::new(21, "Hafsa", "To nobody.").reply_to(9),
        Comment::new(22, "Ole", "Waits.").shown(Shown::Held),
        Comment::new(23, "Spam", "Buy!").shown(Shown::Hidden),
    ];
    let mut post = Post::new(7, "ferry").with(levels.chain(more));
    post.pingbacks = 2;
    site.add(post);
    site.add(Post::new(8, "quay").closed());
    site
}

#[test]
fn the_feed_counts_what_the_site_counts_and_keeps_its_validator() {
    let site = site();
    let feed = get(&site.url("/feed/"));
    assert!(
        feed.body.contains("<slash:comments>11</slash:comments>"),
        "{}",
        feed.body
    );
    assert_eq!(
        feed.body.matches("slash:comments>").count(),
        2,
        "closed and empty: no field"
    );
    assert!(
        feed.header("link")
            .contains("/wp-json/>; rel=\"https://api.w.org/\"")
    );
    site.change(|site| site.posts[0].comments.clear());
    let etag = feed.header("etag");
    let again = ask("GET", &site.url("/feed/"), &[("If-None-Match", &etag)], "");
    assert_eq!((again.status, again.header("link")), (304, String::new()));
}

#[test]
fn the_interface_pages_orders_and_leaves_out() {
    let site = site();
    let list = site.url("/wp-json/wp/v2/comments?post=7&order=asc&per_page=5&_fields=id");
    let first = get(&list);
    assert_eq!(first.ids(), [11, 12, 13, 14, 15]);
    assert_eq!(
        (first.header("x-wp-total"), first.header("x-wp-totalpages")),
        ("9".into(), "2".into())
    );
    let link = first.header("link");
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    assert!(
        link.contains("rel=\"next\"") && next.contains("post%5B0%5D=7"),
        "{link}"
    );
    assert_eq!(get(next).ids(), [16, 17, 20, 21]);
    assert_eq!(get(&format!("{list}&page=3")).ids(), [0; 0]);
    assert_eq!(
        get(&site.url("/wp-json/wp/v2/comments?post=7&per_page=101")).status,
        400
    );
    assert_eq!(get(&site.url("/wp-json/wp/v2/comments/22")).status, 401);
    let head = ask("HEAD", &list, &[], "");
    assert_eq!(
        (head.header("x-wp-total"), head.body),
        ("9".to_owned(), String::new())
    );
    let one = get(&site.url("/wp-json/wp/v2/comments/20")).json();
    assert_eq!(one["author_name"], "Bo &amp; Ilse");
    assert_ne!(one["date"], one["date_gmt"]);
    let bare = get(&list.replace("/wp-json/wp/v2/comments?", "/?rest_route=/wp/v2/comments&"));
    assert_eq!(bare.ids(), [11, 12, 13, 14, 15]);
}

#[test]
fn the_interface_can_be_closed_in_many_ways() {
    let site = site();
    let list = site.url("/wp-json/wp/v2/comments?post=7");
    site.change(|site| {
        site.posts[0].comments[0] = Comment::new(11, "Runa", "").html("<p>Slow.</p>");
        site.rest = Rest::Slow(Duration::from_millis(30));
    });
    let begun = Instant::now();
    assert!(get(&list).body.contains("Slow."));
    assert!(begun.elapsed() >= Duration::from_millis(30));
    for (rest, status) in [
        (Rest::Closed(401), 401),
        (Rest::Html, 403),
        (Rest::Busy(90), 429),
    ] {
        site.change(|site| site.rest = rest);
        assert_eq!(get(&list).status, status);
    }
    assert_eq!(get(&list).header("retry-after"), "90");
}

#[test]
fn pages_nest_to_five_levels_and_show_the_newest_first() {
    let site = site();
    site.change(|site| site.threads_on_page = 1);
    let link = site.change(|site| site.link(&site.posts[0]));
    let newest = get(&link);
    assert!(
        newest.body.contains("<li id=\"comment-20\""),
        "{}",
        newest.body
    );
    assert!(!newest.body.contains("comment-11") && !newest.body.contains("comment-21"));
    let oldest = get(&format!("{link}comment-page-1/"));
    assert_eq!(oldest.body.matches("depth-5").count(), 3);
    assert_eq!(oldest.body.matches("<ol class=\"children\">").count(), 4);
    assert!(oldest.body.contains("class=\"next page-numbers\""));
    assert!(newest.header("link").contains("/wp/v2/posts/7>"));
    assert_eq!(get(&site.url("/?p=7")).header("location"), link);
}

#[test]
fn a_comment_feed_has_the_newest_ten_and_says_what_they_answer() {
    let site = site();
    let link = site.change(|site| site.link(&site.posts[0]));
    let feed = get(&format!("{link}feed/"));
    assert_eq!(feed.body.matches("<item>").count(), 9);
    assert_eq!(feed.body.matches("In reply to <a href").count(), 6);
    assert!(feed.header("link").contains("/wp/v2/posts/7>"));
}

#[test]
fn the_door_answers_as_it_was_measured() {
    let site = site();
    let shown = send(&site, "Runa", "Known.");
    assert_eq!(shown.status, 302);
    assert!(
        shown
            .header("location")
            .ends_with("/comment-page-1/#comment-24"),
        "{}",
        shown.header("location")
    );
    let held = send(&site, "Tuva", "Unknown.");
    assert!(
        held.header("location")
            .contains("?unapproved=25&moderation-hash=")
    );
    assert!(
        get(&held.header("location"))
            .body
            .contains("comment-awaiting-moderation")
    );
    assert_eq!(send(&site, "Runa", "Known.").status, 409);
    assert_eq!(send(&site, "Runa", " ").status, 200);
    site.change(|site| site.is_slowing = true);
    assert_eq!(send(&site, "Runa", "Again.").status, 429);
    site.change(|site| {
        site.is_slowing = false;
        site.door = Door::Accounts;
    });
    assert_eq!(send(&site, "Runa", "Again.").status, 403);
    site.change(|site| site.door = Door::Captcha);
    assert_eq!(send(&site, "Runa", "Again.").status, 403);
    assert_eq!(site.post(7).comments.len(), 13);
    site.change(|site| site.door = Door::Lost);
    assert_eq!(send(&site, "Runa", "Lost.").status, 0);
    site.change(|site| site.door = Door::Cut);
    assert_eq!(send(&site, "Runa", "Cut.").status, 0);
    assert_eq!(site.post(7).comments.len(), 14);
    assert_eq!(get(&site.url("/wp-comments-post.php")).status, 405);
    site.change(|site| site.door = Door::Firewall);
    let blocked = send(&site, "Runa", "Blocked.");
    assert!(blocked.status == 403 && !blocked.body.contains("wp-die-message"));
    let sent = site.sent();
    assert_eq!(sent[0].field("comment"), Some("Known."));
    assert_eq!(sent[0].asked.target, "/wp-comments-post.php");
    assert_eq!(sent.len(), site.asked("/wp-comments-post.php").len() - 1);
}

#[test]
fn a_reader_of_the_site_has_its_articles() {
    let site = site();
    let env = site.reader("");
    let listed = env.json(&["list", "--format", "json"]);
    let counts: Vec<_> = listed.iter().map(|one| &one["comments_count"]).collect();
    assert_eq!(counts, [&Value::from(11), &Value::Null]);
    assert_eq!(site.server().asked().len(), 1);
}

#[test]
fn the_interface_takes_comments_of_the_account_alone() {
    let site = site();
    site.change(|site| site.account = Some(("solveig".to_owned(), "abcd efgh".to_owned())));
    let to = site.url("/wp-json/wp/v2/comments");
    let body = r#"{"post": 7, "content": "By an account.", "parent": 11}"#;
    assert_eq!(ask("POST", &to, &[], body).status, 401);
    let basic = format!("Basic {}", STANDARD.encode("solveig:abcd efgh"));
    let given = ask("POST", &to, &[("Authorization", &basic)], body);
    assert_eq!(given.status, 201);
    assert_eq!(
        (&given.json()["status"], &given.json()["parent"]),
        (&"approved".into(), &11.into())
    );
    let me = site.url("/wp-json/wp/v2/users/me");
    assert_eq!(
        ask("GET", &me, &[("Authorization", &basic)], "").json()["name"],
        "solveig"
    );
    assert_eq!(get(&me).status, 401);
}

#[test]
fn saved_answers_name_the_server_that_gives_them() {
    let Some(site) = SavedWordPress::start() else {
        return;
    };
    let feed = get(&site.url("/feed/"));
    assert_eq!(feed.status, 200);
    assert!(feed.body.contains(&site.url("/?p=46")) && !feed.body.contains("8901"));
    assert!(feed.header("link").contains(&site.url("/wp-json/")));
    assert_eq!(feed.header("content-length"), feed.body.len().to_string());
    let list = site.url(
        "/wp-json/wp/v2/comments?post=37&order=asc&orderby=date_gmt&per_page=100&page=1&_fields=id",
    );
    let first = get(&list);
    assert_eq!(first.ids().len(), 100);
    assert!(
        first
            .header("link")
            .contains(&site.url("/wp-json/wp/v2/comments?post%5B0%5D=37"))
    );
    let comments = site.truth()["posts"][9]["comments"].clone();
    assert_eq!(comments.as_array().unwrap().len(), 300);
    site.then("form/closed.html");
    let closed = ask("POST", &site.url("/wp-comments-post.php"), &[], "comment=x");
    assert_eq!(closed.status, 403);
    site.instead("pages/registration-required.html");
    let page = get(&site.url("/2026/10/late-filing-fees-waived-after-system-fault/"));
    assert!(page.body.contains("must-log-in"));
    site.close_rest(&Answer::status(401));
    assert_eq!(get(&list).status, 401);
    assert_eq!(site.server().asked_for("/feed/").len(), 1);
}
