//! Documents in, articles out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;

use url::Url;

use super::parse;
use crate::model::feed::ParsedArticle;

/// Where the documents of these tests come from.
const BASE: &str = "https://example.gov/news/feed.xml";

/// Checks what a document holds: one line for the feed, then a few for each article.
#[track_caller]
fn check(document: &str, expected: &str) {
    assert_eq!(
        summary(document.as_bytes(), None),
        unindented(expected),
        "{document}"
    );
}

/// Checks the lines of the first article alone.
#[track_caller]
fn check_article(document: &str, expected: &str) {
    let all = summary(document.as_bytes(), None);
    let article = all.split_once('\n').map_or("", |(_, article)| article);
    assert_eq!(article, unindented(expected), "{document}");
}

fn unindented(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

fn summary(bytes: &[u8], content_type: Option<&str>) -> String {
    let parsed = match parse(bytes, content_type, &Url::parse(BASE).unwrap()) {
        Ok(parsed) => parsed,
        Err(error) => return format!("error: {error}"),
    };
    let feed = &parsed.feed;
    let mut out = format!(
        "feed {} {}",
        feed.title.as_deref().unwrap_or("-"),
        feed.site.as_deref().unwrap_or("-")
    );
    for article in &feed.articles {
        let title = format!("# {}", article.title);
        write!(out, "\n{}", title.trim_end()).unwrap();
        for (name, value) in lines_of(article) {
            write!(out, "\n{name}: {value}").unwrap();
        }
    }
    for problem in &parsed.problems {
        write!(out, "\n! {problem}").unwrap();
    }
    out.trim_end().to_owned()
}

fn lines_of(article: &ParsedArticle) -> Vec<(&'static str, String)> {
    let date = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    let base = article.base.clone().filter(|base| base != BASE);
    let mut lines = vec![
        ("link", article.permalink.clone()),
        ("guid", article.guid.clone()),
        ("by", article.byline.clone()),
        ("published", date(article.published)),
        ("updated", date(article.updated)),
        ("summary", article.summary.clone()),
        ("content", article.content.clone()),
        ("base", base),
        (
            "comments",
            article.comments.count.map(|count| count.to_string()),
        ),
        ("comments page", article.comments.page.clone()),
        ("comments feed", article.comments.feed.clone()),
    ];
    if !article.categories.is_empty() {
        lines.push(("categories", Some(article.categories.join(", "))));
    }
    for file in &article.enclosures {
        let text = format!(
            "{} {} {}",
            file.url,
            file.media_type.as_deref().unwrap_or("-"),
            file.bytes.map_or("-".to_owned(), |bytes| bytes.to_string())
        );
        lines.push(("file", Some(text)));
    }
    lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?.replace('\n', "⏎"))))
        .collect()
}

/// One RSS item in a feed.
fn rss(item: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\
         <title>News</title><link>https://example.gov/</link><item>{item}</item></channel></rss>"
    )
}

/// One Atom entry in a feed.
fn atom(entry: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title>\
         <link href=\"https://example.gov/\"/><entry>{entry}</entry></feed>"
    )
}

#[test]
fn rss_2_0() {
    check(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
             xmlns:dc="http://purl.org/dc/elements/1.1/"
             xmlns:wfw="http://wellformedweb.org/CommentAPI/"
             xmlns:atom="http://www.w3.org/2005/Atom">
        <channel><title>News &amp;amp; views</title><link>https://example.gov/</link>
        <atom:link href="https://example.gov/news/feed.xml" rel="self" type="application/rss+xml"/>
        <description>All of it</description><ttl>60</ttl>
        <item>
          <title>First</title>
          <link>https://example.gov/1</link>
          <guid isPermaLink="false">id-1</guid>
          <dc:creator><![CDATA[Jo Bloggs]]></dc:creator>
          <pubDate>Tue, 03 Jun 2025 09:39:21 GMT</pubDate>
          <category>Policy</category><category>Digital &amp; data</category><category>Policy</category>
          <comments>https://example.gov/1#comments</comments>
          <wfw:commentRss>https://example.gov/1/feed/</wfw:commentRss>
          <description>Short &lt;b&gt;text&lt;/b&gt;</description>
          <content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>
          <enclosure url="https://example.gov/a.pdf" length="1234" type="application/pdf"/>
        </item>
        <item><title>Second</title></item>
        </channel></rss>"#,
        "feed News & views https://example.gov/
         # First
         link: https://example.gov/1
         guid: id-1
         by: Jo Bloggs
         published: 2025-06-03T09:39:21Z
         summary: Short <b>text</b>
         content: <p>Long text</p>
         comments page: https://example.gov/1#comments
         comments feed: https://example.gov/1/feed/
         categories: Policy, Digital & data
         file: https://example.gov/a.pdf application/pdf 1234
         # Second",
    );
}

#[test]
fn atom_1_0() {
    check(
        r#"<?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom">
        <title>News</title><id>tag:example.gov,2025:feed</id>
        <link rel="self" href="https://example.gov/news/feed.xml"/>
        <link rel="alternate" type="text/html" href="https://example.gov/news"/>
        <author><name>HM Government</name></author>
        <entry><id> tag:example.gov,2025:/1 </id><title type="html">A &lt;i&gt;new&lt;/i&gt; &amp;amp; old</title>
          <link rel="alternate" type="text/html" href="/1"/>
          <link rel="enclosure" type="audio/mpeg" length="99" href="/1.mp3" title="Listen"/>
          <link rel="replies" type="text/html" href="/1#comments"/>
          <link rel="replies" type="application/atom+xml" href="/1/comments.atom"/>
          <published>2025-06-01T10:00:00Z</published><updated>2025-06-03T10:00:00+01:00</updated>
          <category term="p1" label="Press release"/>
          <summary>1 &lt; 2 &amp; 3</summary>
          <content type="html">&lt;p&gt;Text&lt;/p&gt;</content></entry>
        <entry><id>2</id><title>Only &lt;updated></title><updated>2025-06-03T10:00:00Z</updated>
          <author><name>Jo</name></author><author><name>Sam</name></author></entry>
        </feed>"#,
        "feed News https://example.gov/news
         # A new & old
         link: https://example.gov/1
         guid: tag:example.gov,2025:/1
         by: HM Government
         published: 2025-06-01T10:00:00Z
         updated: 2025-06-03T09:00:00Z
         summary: 1 &lt; 2 &amp; 3
         content: <p>Text</p>
         comments page: https://example.gov/1#comments
         comments feed: https://example.gov/1/comments.atom
         categories: Press release
         file: https://example.gov/1.mp3 audio/mpeg 99
         # Only <updated>
         guid: 2
         by: Jo, Sam
         published: 2025-06-03T10:00:00Z",
    );
}

#[test]
fn json_feed() {
    check(
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "News",
            "home_page_url": "https://example.gov/", "feed_url": "https://example.gov/feed.json",
            "items": [
              {"id": "1", "url": "/1", "title": "First & <b>", "content_html": "<p>Text</p>",
               "summary": "a < b", "date_published": "2025-06-03T10:00:00+01:00",
               "date_modified": "2025-06-04T10:00:00Z", "authors": [{"name": "Jo"}], "tags": ["x"],
               "attachments": [{"url": "https://example.gov/a.mp3", "mime_type": "audio/mpeg",
                                "size_in_bytes": 5}]},
              {"id": "2", "content_text": "1 < 2"}
            ]}"#,
        "feed News https://example.gov/
         # First & <b>
         link: https://example.gov/1
         guid: 1
         by: Jo
         published: 2025-06-03T09:00:00Z
         updated: 2025-06-04T10:00:00Z
         summary: a &lt; b
         content: <p>Text</p>
         categories: x
         file: https://example.gov/a.mp3 audio/mpeg 5
         #
         guid: 2
         content: 1 &lt; 2",
    );
}

#[test]
fn an_article_whose_date_can_not_be_read_is_kept() {
    check(
        &rss("<title>T</title><pubDate>the other day</pubDate>"),
        "feed News https://example.gov/
         # T
         ! a date can't be read: `the other day`",
    );
}

#[test]
fn nothing_is_said_to_be_nothing() {
    check("", "error: the server sent an empty document");
    check(" \n", "error: the server sent an empty document");
}

#[test]
fn an_rss_date_is_not_an_update() {
    check_article(
        &rss("<title>T</title><pubDate>Tue, 03 Jun 2025 09:39:21 GMT</pubDate>"),
        "# T
         published: 2025-06-03T09:39:21Z",
    );
}

#[test]
fn a_summary_that_repeats_the_content_is_dropped() {
    check_article(
        &atom("<title>T</title><summary type='html'>x</summary><content type='html'>x</content>"),
        "# T
         content: x",
    );
}
