//! Whole documents to begin with: the golden cases, real feeds where there are some at hand, and a
//! few lines for the small targets.

use std::fs;
use std::path::{Path, PathBuf};

/// Larger documents slow the run down and break in no other ways.
const MOST_BYTES: u64 = 400_000;

/// Returns the documents of a target, always in the same order.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    match target {
        "feed" => {
            let kinds = ["rss", "atom", "rdf", "xml", "json"];
            collect(&root().join("tests/golden/feeds"), &kinds, &mut found);
            collect(&corpus(), &kinds, &mut found);
            found.extend(FEEDS.iter().map(|feed| feed.as_bytes().to_vec()));
        }
        "html" => {
            let kinds = ["html", "htm"];
            collect(&root().join("tests/golden/render"), &kinds, &mut found);
            collect(&corpus(), &kinds, &mut found);
            found.extend(ARTICLES.iter().map(|article| article.as_bytes().to_vec()));
        }
        "comments" => {
            collect(
                &corpus().join("wordpress"),
                &["html", "json", "xml"],
                &mut found,
            );
            found.extend(SITES.iter().map(|site| site.as_bytes().to_vec()));
        }
        "query" => found.extend(QUERIES.iter().map(|query| query.as_bytes().to_vec())),
        "headers" => found.extend(HEADERS.iter().map(|lines| lines.as_bytes().to_vec())),
        _ => found.extend(DATES.iter().map(|date| date.as_bytes().to_vec())),
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Real feeds and pages, as the tests look for them.
fn corpus() -> PathBuf {
    std::env::var_os("GAZETTE_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from)
}

fn collect(folder: &Path, kinds: &[&str], found: &mut Vec<Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, kinds, found);
        } else if path
            .extension()
            .is_some_and(|kind| kinds.iter().any(|known| kind == *known))
            && fs::metadata(&path).is_ok_and(|file| file.len() <= MOST_BYTES)
        {
            found.extend(fs::read(&path));
        }
    }
}

const FEEDS: [&str; 5] = [
    r#"<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xml:base="https://example.gov/x/"><channel>
<title>News &amp; more</title><link>https://example.gov/</link><ttl>5</ttl>
<skipHours><hour>1</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<item><title>One</title><link>https://example.gov/1</link><guid isPermaLink="false">1</guid>
<dc:creator>jo@example.gov (J&ouml;rg)</dc:creator><pubDate>Tue, 03 Jun 2025 09:39:21 GMT</pubDate>
<description>a &lt;b&gt;c&lt;/b&gt; d</description><slash:comments>4</slash:comments>
<content:encoded><![CDATA[<p>Text</p>]]></content:encoded>
<enclosure url="https://example.gov/a.mp3" length="1" type="audio/mpeg"/></item>
<item><title>Two</title><description><p>raw <br> html</p></description></item></channel></rss>"#,
    r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.gov/"><title type="html">N</title>
<entry><id>1</id><title>One</title><link href="/1"/><updated>2025-06-03T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a<br/><em>b</em></div></content></entry>
<entry xml:base="x/"><id>2</id><title>Zwei</title><summary type="html">&lt;i&gt;</summary>
<link rel="replies" thr:count="3" href="c"/><content src="a.html" type="text/html"/></entry></feed>"#,
    r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="u"><title>N</title><link>https://example.gov/</link></channel>
<item rdf:about="https://example.gov/1"><title>One</title></item></rdf:RDF>"#,
    r#"Content-Type: application/json; charset=utf-8
{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": "1",
"content_html": "<p>x</p>", "authors": [{"name": "j@example.gov"}], "date_published": "2025-06-03",
"attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 3}], "tags": ["a"]}]}"#,
    r#"Content-Type: text/xml; charset=windows-1252
<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>N</title><entry>
<title mode="escaped">T</title><issued>2004-01-01</issued>
<content type="text/html" mode="escaped">&lt;p></content></entry></feed>"#,
];

const ARTICLES: [&str; 3] = [
    "<h1>A</h1><p>b <a href='/x'>c</a> <b>d</b></p><ol start=5 type=i reversed><li>e<ul><li>f</ul><li value=9>g</ol>\
     <table><caption>h</caption><tr><th colspan=2>i<th rowspan=3>j<tr><td>k<td>l</table><pre>m\tn\n o</pre>\
     <dl><dt>p<dd>q</dl><blockquote>r<hr></blockquote><img src=a.png alt=s><details><summary>t</summary>u</details>",
    "1. one\n2. two\n\na) three\nb) four\n\n- five\n- six https://example.gov/seven\n",
    "<p>日本語の文章 שלום عربى 👩‍👩‍👧 e\u{301} &#x202e; &nbsp;&shy;&#27;[31m <q>x</q><sup>1</sup><del>y</del></p>",
];

const SITES: [&str; 3] = [
    r##"<link rel="https://api.w.org/" href="/wp-json/"><body class="postid-7"><ol><li id="comment-1"
 class="comment depth-1"><article><b class="fn">Jo</b><time datetime="2025-06-03T10:00:00+01:00"></time>
<div class="comment-content"><p>a &amp; b</p></div></article><ol class="children"><li id="comment-2"
 class="comment depth-2"><div class="comment-content">c</div><a class="comment-reply-link"
 data-commentid="2" href="#comment-2">Reply</a></li></ol></li><li class="pingback" id="comment-3"></li></ol>
<nav><a class="page-numbers" href="/feeds/all.xml/comment-page-1/">1</a></nav><form id="commentform"
 action="/wp-comments-post.php" method="post"><textarea name="comment" required></textarea><input
 name="author"><input name="email"><input type="checkbox" name="wp-comment-cookies-consent" value="yes">
<input type="hidden" name="comment_post_ID" value="7"><input type="hidden" name="comment_parent"></form>"##,
    r#"[{"id":1,"parent":2,"author":1,"author_name":"J&amp;o","date_gmt":"2025-06-03T10:00:00","type":"comment",
"content":{"rendered":"<p>x</p>"},"link":"https://news.example.gov/#comment-1"},{"id":2,"parent":1}]"#,
    r#"{"id":9,"posts_count":3,"post_stream":{"posts":[{"id":1,"post_number":1},{"id":2,"post_number":2,
"reply_to_post_number":1,"username":"jo","cooked":"<p>y</p>"}],"stream":[1,2,3]}}"#,
];

const QUERIES: [&str; 6] = [
    "tax plan\nThe plan for tax",
    "foo-bar gov.uk\na foo, bar at www.gov.uk/guidance",
    "ÉLUNED Tŷ İstanbul ς\neluned ty istanbul σ",
    "日本語 straße\nUK日本語です",
    "\"a b\" OR NOT (c*) NEAR/3 col:d ^e\na b c d e",
    "e\u{301} \u{202e} \0\ntext",
];

const HEADERS: [&str; 6] = [
    "200\nETag: W/\"a,b\"\nLast-Modified: Tue, 03 Jun 2025 09:39:21 GMT\nCache-Control: public, max-age=600\nAge: 10",
    "304\nETag: odd quote\nLast-Modified: yesterday\nExpires: Wed, 04 Jun 2025 09:39:21 GMT\nDate: 0",
    "503\nRetry-After: 120\nCache-Control: no-cache, max-age=\"60\"\nExpires: -1",
    "429\nRetry-After: Sunday, 06-Nov-94 08:49:37 GMT\nAge: 99999999999999999999",
    "301\nLocation: /moved?x=1#y\nLocation: //b.example/ \u{e9}\nLocation: http://127.0.0.1/\nLocation: https://u:p@c.example:444",
    "302\nLocation: ../../a/./b\nLocation: ?q\nLocation: gopher://x\nLocation: http://[::1]/\nLocation: https://0x7f.1/",
];

const DATES: [&str; 14] = [
    "Tue, 03 Jun 2025 09:39:21 GMT",
    "Tue, 3 Jun 25 09:39 +0100",
    "2025-06-03T09:39:21.123456789+01:00",
    "2025-06-03T24:00:00Z",
    "2025-W23-2",
    "20250603T093921Z",
    "20250603093921",
    "1748943561",
    "1748943561000",
    "3 juin 2025 à 14h33",
    "Mehefin 3, 2025 2:33 pm BST",
    "03/06/2025 11:59:60 PM",
    "9999-12-31T23:59:59-23:59",
    "-009999-01-02T00:00:00Z",
];
