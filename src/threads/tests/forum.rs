use url::Url;

use super::*;
use crate::threads::discourse::{Topic, ask_posts, ask_topic, embedded, posts, topic};

fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

/// A topic of a forum, as it answers; nine posts, of which the last two are asked for later.
const TOPIC: &str = r#"{"post_stream":{"posts":[
    {"id":100,"username":"editor","created_at":"2026-10-17T08:00:00.123Z","post_number":1,
     "post_type":1,"cooked":"<p>This is a companion discussion topic</p>"},
    {"id":101,"name":"Ilse & Bram","username":"ib","created_at":"2026-10-17T09:00:00.999Z",
     "post_number":2,"post_type":1,"reply_to_post_number":null,"hidden":false,"user_deleted":false,
     "deleted_at":null,
     "cooked":"<p>See <a href=\"/t/other/3\">this</a>, <a class=\"x\" href=\"//a.example/\">that</a> <img src=\"/u/a.png\"> title=\"/x\"</p>"},
    {"id":102,"name":" ","username":"jo","created_at":"2026-10-17T10:00:00Z","post_number":3,
     "post_type":2,"reply_to_post_number":2,"cooked":"<p>Yes</p>"},
    {"id":103,"username":"system","post_number":4,"post_type":3,"cooked":"","action_code":"closed"},
    {"id":104,"username":"a","post_number":5,"post_type":1,"hidden":true,"cooked":"<p>Flagged</p>"},
    {"id":105,"username":"b","post_number":6,"post_type":1,"user_deleted":true,"cooked":"<p>(deleted)</p>"},
    {"id":106,"username":"c","post_number":7,"post_type":1,"reply_to_post_number":1,
     "created_at":"later","cooked":"<p>To the article</p>"},
    "broken"],
    "stream":[100,101,102,103,104,105,106,107,108]},"id":12,"posts_count":9,"title":"A plan"}"#;

#[test]
fn a_topic_is_read_without_the_article_and_what_is_no_text() {
    let at = url("https://forum.example/f/t/a-plan/12");
    let read = topic(TOPIC.as_bytes(), &at).unwrap();
    assert_eq!((read.id, read.count), (12, 8));
    assert_eq!(read.missing, [107, 108]);
    let comment =
        |id: &str, parent: Option<&str>, author: &str, at: Option<&str>, html: &str| Comment {
            id: CommentId(id.to_owned()),
            parent: parent.map(|id| CommentId(id.to_owned())),
            author: author.to_owned(),
            by_author: false,
            published: at.map(|at| at.parse().unwrap()),
            html: html.to_owned(),
            url: Some(format!("https://forum.example/f/t/12/{id}")),
        };
    let text = "<p>See <a href=\"https://forum.example/t/other/3\">this</a>, <a class=\"x\" \
        href=\"//a.example/\">that</a> <img src=\"https://forum.example/u/a.png\"> title=\"/x\"</p>";
    let expected = [
        comment("2", None, "Ilse & Bram", Some("2026-10-17T09:00:00Z"), text),
        comment(
            "3",
            Some("2"),
            "jo",
            Some("2026-10-17T10:00:00Z"),
            "<p>Yes</p>",
        ),
        comment("7", None, "c", None, "<p>To the article</p>"),
    ];
    assert_eq!(read.comments, expected);
}

#[test]
fn the_other_posts_are_read_alike() {
    let at = url("https://forum.example/t/12");
    let body = br#"{"post_stream":{"posts":[
        {"id":107,"username":"d","post_number":8,"post_type":1,"reply_to_post_number":7,"cooked":"x"},
        {"id":108,"username":"e","post_number":9,"cooked":null}]},"id":12}"#;
    let read = posts(body, &at).unwrap();
    let told: Vec<_> = (read.iter())
        .map(|one| (&*one.id.0, one.parent.as_ref().map(|id| &*id.0), &*one.html))
        .collect();
    assert_eq!(told, [("8", Some("7"), "x"), ("9", None, "")]);
}

#[test]
fn topics_and_posts_have_their_addresses() {
    let asked = |at: &str| ask_topic(&url(at)).map(String::from);
    let json = Some("https://forum.example/t/12.json".to_owned());
    assert_eq!(asked("https://forum.example/t/12"), json);
    assert_eq!(asked("https://forum.example/t/12/3"), json);
    assert_eq!(asked("https://forum.example/t/a-plan/12/3?u=jo#x"), json);
    assert_eq!(
        asked("https://forum.example/f/t/a-plan/12/").as_deref(),
        Some("https://forum.example/f/t/12.json")
    );
    for none in [
        "https://forum.example/",
        "https://forum.example/t/a-plan",
        "https://forum.example/embed/comments?embed_url=https%3A%2F%2Fexample.org%2Ft%2F1",
        "mailto:a@forum.example",
    ] {
        assert_eq!(asked(none), None, "{none}");
    }
    let posts = ask_posts(&url("https://forum.example/t/12"), &[107, 108]).unwrap();
    assert_eq!(
        posts.as_str(),
        "https://forum.example/t/12/posts.json?post_ids%5B%5D=107&post_ids%5B%5D=108"
    );
}

#[test]
fn the_page_for_embedding_leads_to_the_topic() {
    let at = url("https://forum.example/embed/comments?embed_url=x");
    let page = "<header><a href=https://elsewhere.example/t/other/9>x</a>
        <a class=button href='/t/a-plan/12/3'>Continue</a></header><a href=/t/other/13>y</a>";
    let found = embedded(page, &at).map(String::from);
    assert_eq!(found.as_deref(), Some("https://forum.example/t/12"));
    assert_eq!(embedded("<p>Loading discussion…</p>", &at), None);
}

#[test]
fn a_page_of_a_forum_is_its_topic_and_no_other_page_is() {
    let told = |generator: &str, at: &str| {
        let html = format!("<meta name=\"generator\" content=\"{generator}\"><p>A plan</p>");
        page(&html, &url(at)).discourse
    };
    let topic = "https://forum.example/t/a-plan/12";
    assert_eq!(
        told("Discourse 3.5.0 - https://github.com/x", topic),
        Some(url(topic))
    );
    assert_eq!(told("WordPress 6.1.9", topic), None);
    assert_eq!(told("Discourse 3.5.0", "https://forum.example/about"), None);
}

#[test]
fn what_is_no_topic_is_an_error() {
    let at = url("https://forum.example/t/12");
    for body in [
        "",
        "[]",
        "{}",
        r#"{"id":12}"#,
        r#"{"id":12,"post_stream":[]}"#,
        r#"{"id":12,"post_stream":{"posts":7}}"#,
        r#"{"errors":["not found"],"error_type":"not_found"}"#,
        "<html>",
    ] {
        assert_eq!(topic(body.as_bytes(), &at), Err(ThreadError::NotDiscourse));
        assert_eq!(posts(body.as_bytes(), &at), Err(ThreadError::NotDiscourse));
    }
    let empty = r#"{"id":12,"post_stream":{"posts":[]}}"#;
    let expected = Topic {
        id: 12,
        comments: Vec::new(),
        missing: Vec::new(),
        count: 0,
    };
    assert_eq!(topic(empty.as_bytes(), &at), Ok(expected));
}

#[test]
fn long_topics_are_read_in_time() {
    let one = r#"{"id":7,"post_number":9,"cooked":"<a href=\"/a\">\" src=\"/"},"#.repeat(20_000);
    let ids: String = (0..100_000).map(|id| format!("{id},")).collect();
    let body = format!(r#"{{"id":1,"post_stream":{{"posts":[{one}{{}}],"stream":[{ids}0]}}}}"#);
    let read = topic(body.as_bytes(), &url("https://forum.example/t/1")).unwrap();
    assert_eq!((read.comments.len(), read.missing.len()), (20_000, 100_000));
}
