use crate::model::feed::{ParsedArticle, ParsedFeed};
use crate::threads::feed::comments;

/// Returns number or id, parent and text of each comment of a feed.
fn read(articles: Vec<ParsedArticle>, article: Option<&str>) -> Vec<(String, String, String)> {
    let feed = ParsedFeed {
        articles,
        ..ParsedFeed::default()
    };
    let lines = comments(&feed, article).into_iter().map(|one| {
        let parent = one.parent.map_or(String::new(), |id| id.0);
        (one.id.0, parent, one.html)
    });
    lines.collect()
}

/// A comment as WordPress's feeds have it.
fn item(text: &str) -> ParsedArticle {
    ParsedArticle {
        guid: Some("https://example.org/?p=37#comment-7".to_owned()),
        permalink: Some("https://example.org/2026/11/plan/#comment-7".to_owned()),
        content: Some(text.to_owned()),
        ..ParsedArticle::default()
    }
}

#[track_caller]
fn check_text(text: &str, parent: &str, left: &str) {
    let found = read(vec![item(text)], None);
    let expected = ("7".to_owned(), parent.to_owned(), left.to_owned());
    assert_eq!(found, [expected], "{text}");
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
fn a_paragraph_that_the_feed_itself_contradicts_is_the_readers_own() {
    let text = "<p>See <a href=\"https://example.org/2026/11/plan/#comment-6\">Jo</a>.</p>";
    for (to, parent) in [("https://example.org/?p=37", ""), ("x#comment-5", "5")] {
        let told = ParsedArticle {
            in_reply_to: Some(to.to_owned()),
            ..item(text)
        };
        let found = read(vec![told], None);
        assert_eq!(
            found,
            [("7".to_owned(), parent.to_owned(), text.to_owned())]
        );
    }
}

#[test]
fn a_feed_without_content_has_its_text_escaped() {
    let summary = "In reply to &lt;a href=&quot;https://example.org/2026/11/plan/#comment-6&quot;&gt;\
        Jo&lt;/a&gt;.\n\nA &amp;lt; &lt;em&gt;b&lt;/em&gt;\n\nTwo";
    let told = ParsedArticle {
        content: None,
        summary: Some(summary.to_owned()),
        ..item("")
    };
    let found = read(vec![told], None);
    assert_eq!(found[0].1, "6");
    assert_eq!(found[0].2, "<p>A &lt; <em>b</em></p>\n<p>Two</p>");
}

#[test]
fn links_from_other_pages_are_no_comments() {
    let texts = [
        "<p>[&#8230;] as announced [&#8230;]</p>",
        "<p>[…] I agree</p>",
    ];
    let found = read(texts.map(item).to_vec(), None);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].2, texts[1]);
}

/// Entries of Atom feeds: id and what it answers.
fn entries(told: &[(&str, &str)]) -> Vec<ParsedArticle> {
    let entry = |(id, to): &(&str, &str)| ParsedArticle {
        guid: Some((*id).to_owned()),
        in_reply_to: Some((*to).to_owned()).filter(|to| !to.is_empty()),
        content: Some(" <p>Yes ".to_owned()),
        ..ParsedArticle::default()
    };
    told.iter().map(entry).collect()
}

#[track_caller]
fn check_parents(told: &[(&str, &str)], article: Option<&str>, parents: &[&str]) {
    let found = read(entries(told), article);
    let expected: Vec<_> = (told.iter().zip(parents))
        .map(|((id, _), parent)| ((*id).to_owned(), (*parent).to_owned(), "<p>Yes".to_owned()))
        .collect();
    assert_eq!(found, expected);
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
fn articles_are_no_comments() {
    let told = [
        ("https://example.org/?p=37", ""),
        ("https://example.org/?p=38", ""),
        ("https://example.org/plan/", ""),
    ];
    assert_eq!(read(entries(&told), Some("https://example.org/plan/")), []);
    let told = read(entries(&told), Some("https://example.org/?p=37"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "https://example.org/plan/");
}

#[test]
fn atom_of_wordpress_refers_by_number_or_to_the_post() {
    let found = read(
        entries(&[
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
            .map(|at| ParsedArticle {
                guid: Some(format!("tag:x:{at}")),
                in_reply_to: Some(format!("tag:x:{}", at * 7 % 200_000)),
                content: Some("<p><a href=\"".to_owned()),
                ..ParsedArticle::default()
            })
            .collect(),
        ..ParsedFeed::default()
    };
    assert_eq!(comments(&of(100_000), Some("tag:x:article")).len(), 100_000);
}
