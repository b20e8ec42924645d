use std::collections::HashMap;

use url::Url;

use super::*;
use crate::feed::parse;
use crate::model::feed::ParsedFeed;
use crate::threads::feed::comments;

fn parsed(body: &[u8]) -> ParsedFeed {
    let base = Url::parse("https://example.org/2026/11/plan/feed/").unwrap();
    parse(body, None, &base).unwrap().feed
}

/// Returns number or id, parent, author and text of each comment of a feed.
fn read(body: &str, article: Option<&str>) -> Vec<(String, String, String, String)> {
    let lines = comments(&parsed(body.as_bytes()), article);
    (lines.into_iter())
        .map(|one| {
            let parent = one.parent.map_or(String::new(), |id| id.0);
            (one.id.0, parent, one.author, one.html)
        })
        .collect()
}

/// Returns what the database holds of the comments on a post, by number.
fn held(post: u64) -> HashMap<u64, Value> {
    let truth = truth(post).unwrap();
    let all = truth["comments"].as_array().unwrap().clone();
    all.into_iter()
        .map(|one| (one["id"].as_u64().unwrap(), one))
        .collect()
}

/// Returns words without the controls that no XML may hold; in names blanks may stand for them.
fn bare(text: &str) -> String {
    let is_kept = |c: &char| c.is_whitespace() || !c.is_control();
    words(&text.chars().filter(is_kept).collect::<String>())
}

/// Checks the comments of a feed; returns how many there are.
#[track_caller]
fn check(name: &str, post: u64) -> Option<usize> {
    let held = held(post);
    let found = comments(&parsed(&saved(name)?), Some(&format!("http://x/?p={post}")));
    for one in &found {
        let id = one.id.number().unwrap();
        let told = (
            one.parent.as_ref().and_then(CommentId::number).unwrap_or(0),
            bare(&one.author).replace(' ', ""),
            one.published.unwrap().to_string(),
            bare(&html::plain_text(&one.html)),
        );
        let truth = &held[&id];
        let text = |name: &str| truth[name].as_str().unwrap();
        let expected = (
            truth["db_parent"].as_u64().unwrap(),
            bare(text("author")).replace(' ', ""),
            text("date_gmt").to_owned(),
            bare(text("text")),
        );
        assert_eq!(told, expected, "{name}, {id}");
        assert_eq!(truth["type"], "comment", "{name}, {id}");
        let fragment = format!("#comment-{id}");
        assert!(one.url.as_ref().unwrap().ends_with(&fragment), "{name}");
    }
    Some(found.len())
}

#[test]
fn feeds_have_what_the_database_holds() {
    for (name, post, count) in [
        ("threads", 27, 10),
        ("300", 37, 10),
        ("300-all", 37, 300),
        ("closed", 21, 4),
        ("hostile", 38, 10),
        ("imported", 39, 6),
        ("none", 20, 0),
        ("orphans", 33, 10),
        // Two of the ten are pingbacks.
        ("pingbacks", 34, 8),
    ] {
        for kind in ["", "-atom"] {
            let name = format!("feeds/comments-{name}{kind}.xml");
            match check(&name, post) {
                Some(found) => assert_eq!(found, count, "{name}"),
                None => return,
            }
        }
    }
}

#[test]
fn of_all_comments_of_a_site_those_of_one_post_are_taken() {
    let Some(body) = saved("feeds/comments-site.xml") else {
        return;
    };
    let feed = parsed(&body);
    let all = comments(&feed, None).len();
    let of = |post: u64| comments(&feed, Some(&format!("https://old.example/?p={post}"))).len();
    assert_eq!(all, 10);
    let each: Vec<usize> = (7..=46).map(of).collect();
    assert_eq!(each.iter().sum::<usize>(), all);
    assert!(each.iter().all(|count| *count < all));
}

/// A comment as WordPress's feeds have it.
fn item(number: u64, text: &str) -> String {
    format!(
        "<item><title>By: Jo</title><link>https://example.org/2026/11/plan/#comment-{number}</link>
         <dc:creator><![CDATA[Ilse &#38; Bram]]></dc:creator>
         <guid isPermaLink=\"false\">https://example.org/?p=37#comment-{number}</guid>
         <content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )
}

fn rss(items: &[String]) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>x</title>{}</channel></rss>",
        items.concat()
    )
}

#[track_caller]
fn check_text(text: &str, parent: &str, left: &str) {
    let found = read(&rss(&[item(7, text)]), None);
    assert_eq!(found.len(), 1);
    assert_eq!((&*found[0].1, &*found[0].3), (parent, left), "{text}");
    assert_eq!((&*found[0].0, &*found[0].2), ("7", "Ilse & Bram"));
}

#[test]
fn the_paragraph_that_tells_the_parent_is_no_part_of_the_text() {
    let link =
        "<a href=\"https://example.org/2026/11/plan/comment-page-2/#comment-6\">Jo &amp; B.</a>";
    for said in [
        format!("In reply to {link}."),
        format!("Als Antwort auf {link}."),
        format!("{link} への返信。"),
        link.to_owned(),
    ] {
        check_text(&format!("<p>{said}</p>\n<p>Yes</p>\n"), "6", "<p>Yes</p>");
    }
}

#[test]
fn links_to_comments_in_what_readers_write_tell_no_parent() {
    let at = "https://example.org/2026/11/plan/";
    for text in [
        // Readers' links have more attributes.
        format!("<p>See <a href=\"{at}#comment-6\" rel=\"nofollow ugc\">this</a>.</p>"),
        "<p>See <a href=\"https://example.org/other/#comment-6\">this</a>.</p>".to_owned(),
        "<p>See <a href=\"https://other.example/2026/11/plan/#comment-6\">this</a>.</p>".to_owned(),
        format!("<p>See <a href=\"{at}\">this</a>.</p>"),
        format!("<p>See <a href=\"{at}#comment-7\">myself</a>.</p>"),
        format!("<p><b>See</b> <a href=\"{at}#comment-6\">this</a>.</p>"),
        format!(
            "<p>{} <a href=\"{at}#comment-6\">this</a>.</p>",
            "See ".repeat(40)
        ),
        format!("<p>See <a href=\"{at}#comment-6\">this</a> and more</p>"),
        format!("<p>See <a href=\"{at}#comment-6\">this"),
        "<p>".to_owned(),
    ] {
        check_text(&text, "", &text);
    }
}

#[test]
fn a_feed_without_content_has_its_text_escaped() {
    let item = "<item><link>https://example.org/plan/#comment-7</link><description><![CDATA[In reply to
         &lt;a href=&quot;https://example.org/plan/#comment-6&quot;&gt;Jo&lt;/a&gt;.\n\nA &amp;lt; &lt;em&gt;b&lt;/em&gt;\n\nTwo]]></description></item>";
    let found = read(&rss(&[item.to_owned()]), None);
    assert_eq!(found[0].1, "6");
    assert_eq!(found[0].3, "<p>A &lt; <em>b</em></p>\n<p>Two</p>");
}

#[test]
fn links_from_other_pages_are_no_comments() {
    let texts = [
        "<p>[&#8230;] as announced [&#8230;]</p>",
        "<p>[…] I agree</p>",
    ];
    let found = read(&rss(&texts.map(|text| item(7, text))), None);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].3, texts[1]);
}

/// An Atom feed whose entries answer: id and what it answers.
fn atom(entries: &[(&str, &str)]) -> String {
    let entry = |(id, to): &(&str, &str)| {
        let to = match *to {
            "" => String::new(),
            to => format!("<thr:in-reply-to ref=\"{to}\" href=\"https://example.org/\"/>"),
        };
        format!(
            "<entry><id>{id}</id><title>Re</title><updated>2026-10-17T12:00:00+02:00</updated>
             <author><name>Jo</name></author>{to}<content type=\"html\">&lt;p>Yes</content></entry>"
        )
    };
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\">
         <id>tag:example.org,2026:feed</id><title>x</title>{}</feed>",
        entries.iter().map(entry).collect::<String>()
    )
}

#[track_caller]
fn check_parents(entries: &[(&str, &str)], article: Option<&str>, parents: &[&str]) {
    let found = read(&atom(entries), article);
    let ids: Vec<&str> = found.iter().map(|one| &*one.0).collect();
    assert!(ids.iter().eq(entries.iter().map(|(id, _)| id)));
    let told: Vec<&str> = found.iter().map(|one| &*one.1).collect();
    assert_eq!(told, parents);
    assert!(found.iter().all(|one| one.3 == "<p>Yes" && one.2 == "Jo"));
}

#[test]
fn threads_of_any_atom_feed_are_followed() {
    let thread = [
        ("tag:x:1", "tag:x:article"),
        ("tag:x:2", "tag:x:1"),
        ("tag:x:3", ""),
        // What it answers is in the feed no more.
        ("tag:x:4", "tag:x:0"),
        ("tag:x:5", "tag:x:5"),
    ];
    let parents = ["", "tag:x:1", "", "tag:x:0", ""];
    check_parents(&thread, Some("tag:x:article"), &parents);
    let with_http = [
        ("tag:x:1", "http://example.org/plan"),
        ("tag:x:2", "tag:x:0"),
    ];
    check_parents(
        &with_http,
        Some("https://example.org/plan/"),
        &["", "tag:x:0"],
    );
}

#[test]
fn where_the_article_is_not_known_most_entries_refer_to_it() {
    let thread = [
        ("tag:x:1", "tag:x:article"),
        ("tag:x:2", "tag:x:1"),
        ("tag:x:3", "tag:x:article"),
        ("tag:x:4", "tag:x:0"),
        ("tag:x:5", "tag:x:1"),
        ("tag:x:6", "tag:x:1"),
    ];
    let parents = ["", "tag:x:1", "", "tag:x:0", "tag:x:1", "tag:x:1"];
    check_parents(&thread, None, &parents);
    check_parents(&thread, Some("another guid"), &parents);
}

#[test]
fn atom_of_wordpress_refers_by_number_or_to_the_post() {
    let found = read(
        &atom(&[
            (
                "http://old.example/?p=37#comment-7",
                "https://example.org/?p=37#comment-6",
            ),
            (
                "http://old.example/?p=37#comment-6",
                "https://example.org/?p=37",
            ),
            (
                "http://old.example/?p=38#comment-5",
                "https://example.org/?p=38",
            ),
        ]),
        Some("https://example.org/?p=37"),
    );
    let told: Vec<(&str, &str)> = found.iter().map(|one| (&*one.0, &*one.1)).collect();
    assert_eq!(told, [("7", "6"), ("6", "")]);
}

#[test]
fn many_comments_of_a_feed_are_read_in_time() {
    let of = |count: usize| ParsedFeed {
        articles: (0..count)
            .map(|at| crate::model::feed::ParsedArticle {
                guid: Some(format!("tag:x:{at}")),
                in_reply_to: Some(format!("tag:x:{}", at * 7 % 200_000)),
                content: Some("<p><a href=\"".to_owned()),
                ..Default::default()
            })
            .collect(),
        ..ParsedFeed::default()
    };
    assert_eq!(comments(&of(100_000), Some("tag:x:article")).len(), 100_000);
}
