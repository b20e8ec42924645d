//! Documents in, articles out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod broken;

use std::fmt::Write as _;

use url::Url;

use super::{FeedProblem, parse};
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
    // Most documents of these tests have no ids; one test asks for that.
    let problems = parsed.problems.iter();
    for problem in problems.filter(|p| !matches!(p, FeedProblem::MissingIds { .. })) {
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
        ("in reply to", article.in_reply_to.clone()),
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

#[test]
fn bare_ampersands_and_signs_are_text() {
    check(
        &rss("<title>Q&A: R&D < 3 & more</title><link>https://example.gov/?a=1&b=2</link>"),
        "feed News https://example.gov/
         # Q&A: R&D < 3 & more
         link: https://example.gov/?a=1&b=2
         ! mended: an unescaped `&` (4 times)
         ! mended: an unescaped `<`",
    );
}

#[test]
fn names_of_html_are_characters() {
    check(
        &rss("<title>Tea&nbsp;&mdash; caf&eacute; &#150; &#x93;x&#x94; &bogus; &#0;</title>"),
        "feed News https://example.gov/
         # Tea — café – “x” &bogus; \u{fffd}
         ! mended: a reference that XML doesn't know (7 times)
         ! mended: an unescaped `&`",
    );
}

#[test]
fn titles_are_decoded_twice_and_never_a_third_time() {
    let title = |written: &str, expected: &str| {
        check_article(
            &rss(&format!("<title>{written}</title>")),
            &format!("# {expected}"),
        );
    };
    title("AT&amp;amp;T", "AT&T");
    title("It&amp;rsquo;s &amp;#8216;new&amp;#8217;", "It’s ‘new’");
    title("&amp;amp;lt;b&amp;amp;gt;", "&lt;b&gt;");
    title("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news");
    title("<![CDATA[<b>Bold</b> &amp; news]]>", "Bold & news");
    title("a &lt; b", "a < b");
    title("Two\n\t lines", "Two lines");
    title(
        "<b>Bold</b> news",
        "Bold news\n! mended: HTML that was not escaped",
    );
}

#[test]
fn a_document_that_is_cut_keeps_what_came_before() {
    let whole = rss(
        "<title>First</title></item><item><title>Second</title><link>https://example.gov/2</link>",
    );
    check(
        whole.split_once("https://example.gov/2").unwrap().0,
        "feed News https://example.gov/
         # First
         # Second
         ! mended: the document ends too early",
    );
    check(
        whole.split_once("ink>https://example.gov/2").unwrap().0,
        "feed News https://example.gov/
         # First
         # Second
         ! mended: the document ends too early",
    );
    check_article(
        &atom("<title>T</title><content type='xhtml'><div><p>One</p><p>Two")
            .replace("</entry></feed>", ""),
        "# T
         content: <div><p>One</p><p>Two
         ! mended: the document ends too early",
    );
}

#[test]
fn open_elements_are_closed() {
    check_article(
        &rss("<title>One<link>https://example.gov/1</link><item><title>Two</title>"),
        "# One
         link: https://example.gov/1
         # Two
         ! mended: an element that was not closed (2 times)",
    );
    check_article(
        &rss("<title>One</title><description>Text<pubDate>3 Jun 2025</pubDate>"),
        "# One
         published: 2025-06-03T00:00:00Z
         summary: Text
         ! mended: an element that was not closed",
    );
    check_article(
        &rss("<title>One</titel><guid>1</guid></p>"),
        "# One
         guid: 1
         ! mended: an end tag without a start (2 times)
         ! mended: an element that was not closed",
    );
}

#[test]
fn cdata_that_is_parted_to_hold_another_is_read_whole() {
    let parsed = parse(
        rss(
            "<content:encoded><![CDATA[<p>a</p><script>//<![CDATA[\nvar x=1;\n//]]]]><![CDATA[></script>\
             <p>end words</p>]]></content:encoded></item><item><title>Next</title>\
             <description><![CDATA[a <![CDATA[ z ]]]]><![CDATA[> <i>q</i>]]></description>",
        )
        .as_bytes(),
        None,
        &Url::parse("https://site.example/feed").unwrap(),
    )
    .unwrap();
    let articles = parsed.feed.articles;
    assert_eq!(articles.len(), 2);
    assert!(
        articles[0]
            .content
            .as_deref()
            .is_some_and(|html| html.ends_with("<p>end words</p>"))
    );
    assert!(
        articles[1]
            .summary
            .as_deref()
            .is_some_and(|html| html.ends_with("<i>q</i>"))
    );
}

#[test]
fn cdata_may_lack_its_end_or_hold_another() {
    check_article(
        &rss("<title><![CDATA[One</title><description><![CDATA[<p>x</p>]]></description>"),
        "# One
         summary: <p>x</p>
         ! mended: CDATA without its end",
    );
    check_article(
        &rss("<title>One</title><description><![CDATA[a <![CDATA[b]]> c]]></description>"),
        "# One
         summary: a b c
         ! mended: CDATA without its end",
    );
}

#[test]
fn html_that_nobody_escaped_is_kept_whole() {
    check_article(
        &rss(
            "<title>T</title><description><p>One<br>two &amp; three</p><p>four</description><guid>1</guid>",
        ),
        "# T
         link: -
         guid: 1
         summary: <p>One<br>two &amp; three</p><p>four
         ! mended: HTML that was not escaped"
            .replace("         link: -\n", "")
            .as_str(),
    );
}

#[test]
fn xhtml_is_kept_as_it_is() {
    check_article(
        &atom(
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <em>b</em></div></title>\
             <content type='xhtml'><x:div xmlns:x='u'>1 &lt; 2<x:br/><x:a id='n'/>\
             <img alt='a &quot;b&quot;' src='/i.png'/></x:div></content>",
        ),
        "# A b
         content: <div xmlns:x='u'>1 &lt; 2<br><a id='n'></a><img alt='a &quot;b&quot;' src='/i.png'></div>",
    );
}

#[test]
fn types_that_nobody_knows_lose_nothing_else() {
    check_article(
        &atom(
            "<title type='application/octet-stream'>T</title>\
             <summary type='application/xhtml+xml'><div>S</div></summary>\
             <content type='text/plain'>a &lt; b</content>",
        ),
        "# T
         summary: <div>S</div>
         content: a &lt; b",
    );
    check_article(
        &atom("<title>T</title><content type='image/png' src='/a.png'/>"),
        "# T
         link: https://example.gov/a.png",
    );
    check_article(
        &atom(
            "<title>T</title><content type='image/svg+xml'><svg><text>words</text></svg></content>",
        ),
        "# T
         content: <svg><text>words</text></svg>",
    );
}

#[test]
fn atom_0_3() {
    check(
        r#"<?xml version="1.0"?>
        <feed version="0.3" xmlns="http://purl.org/atom/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <title mode="escaped" type="text/html">Old &lt;i&gt;news&lt;/i&gt;</title><tagline>x</tagline>
        <link rel="alternate" type="text/html" href="https://example.gov/"/>
        <entry><title>One</title><link rel="alternate" type="text/html" href="https://example.gov/1"/>
        <id>1</id><issued>2004-05-01T10:00:00Z</issued><modified>2004-05-02T10:00:00Z</modified>
        <author><name>Jo</name><url>https://example.gov/jo</url></author>
        <content type="text/html" mode="escaped">&lt;p&gt;Text&lt;/p&gt;</content></entry>
        <entry><title>Two</title><content type="application/xhtml+xml" mode="xml"><div>x<br/>y</div></content></entry>
        </feed>"#,
        "feed Old news https://example.gov/
         # One
         link: https://example.gov/1
         guid: 1
         by: Jo
         published: 2004-05-01T10:00:00Z
         updated: 2004-05-02T10:00:00Z
         content: <p>Text</p>
         # Two
         content: <div>x<br>y</div>
         ! mended: an unusual namespace",
    );
}

#[test]
fn every_kind_of_rss_root_is_read() {
    let item = "<channel><title>News</title><item><title>T</title><guid>1</guid></item></channel>";
    for root in [
        "<rss>{}</rss>",
        "<rss version='0.93'>{}</rss>",
        "<rss version='0.94'>{}</rss>",
        "<rss version='2.01'>{}</rss>",
        "<rss version='2.1'>{}</rss>",
        "<rss version='2.0' xmlns='http://backend.userland.com/rss2'>{}</rss>",
        "<RSS VERSION='2.0'>{}</RSS>",
        "<rss xmlns='http://purl.org/rss/1.0/' version='0.91'>{}</rss>",
        "\n\n<?xml version='1.0'?>{}",
        "junk <rss version=2.0>{}",
        "<rss version=\"2.0\" {}</rss>",
    ] {
        let document = root.replace("{}", item);
        let found = summary(document.as_bytes(), None);
        assert!(
            found.starts_with("feed News -\n# T\nguid: 1"),
            "{document}: {found}"
        );
    }
    check_article(
        "<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>T</TITLE><PUBDATE>3 Jun 2025</PUBDATE>\
         <DESCRIPTION>x</DESCRIPTION></ITEM></CHANNEL></RSS>",
        "# T
         published: 2025-06-03T00:00:00Z
         summary: x
         ! mended: a missing or unknown RSS version",
    );
}

#[test]
fn a_channel_may_be_missing_or_end_too_early() {
    let item = "<item><title>T</title></item>";
    for document in [
        format!("<rss version='2.0'><title>News</title>{item}</rss>"),
        format!("<rss version='2.0'><channel><title>News</title></channel>{item}</rss>"),
        format!("<channel><title>News</title>{item}</channel>"),
    ] {
        let found = summary(document.as_bytes(), None);
        assert!(found.starts_with("feed News -\n# T"), "{document}: {found}");
    }
}

#[test]
fn rdf() {
    check(
        r#"<?xml version="1.0"?>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
          xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
        <channel rdf:about="https://example.gov/"><title>News</title><link>https://example.gov/</link></channel>
        <item rdf:about="https://example.gov/1"><title>One</title><link>https://example.gov/1</link>
          <dc:date>2025-06-03T10:00:00+01:00</dc:date><dc:creator>jo@example.gov (Jo)</dc:creator>
          <description>&lt;b&gt;x&lt;/b&gt;</description><slash:comments>7</slash:comments></item>
        <item rdf:about="https://example.gov/2?a=1&amp;b=2"><title>Two</title></item>
        <item><title>Three</title><slash:comments>3</slash:comments></item>
        </rdf:RDF>"#,
        "feed News https://example.gov/
         # One
         link: https://example.gov/1
         by: Jo
         published: 2025-06-03T09:00:00Z
         summary: <b>x</b>
         comments: 7
         # Two
         link: https://example.gov/2?a=1&b=2
         # Three
         comments: 3",
    );
    check_article(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
        <channel><title>News</title></channel><item><title>T</title><link>https://example.gov/1</link></item></rdf:RDF>"#,
        "# T
         link: https://example.gov/1
         ! mended: an unusual namespace",
    );
}

#[test]
fn prefixes_need_no_declaration() {
    check_article(
        &rss(
            "<title>T</title><dc:creator>Jo</dc:creator><dc:date>2025-06-03</dc:date>\
             <content:encoded><![CDATA[<p>x</p>]]></content:encoded><media:title>M</media:title>\
             <slash:comments>5</slash:comments><foo:title>F</foo:title>\
             <a10:updated>2025-06-04T10:00:00Z</a10:updated>",
        ),
        "# T
         by: Jo
         published: 2025-06-03T00:00:00Z
         updated: 2025-06-04T10:00:00Z
         content: <p>x</p>
         comments: 5
         ! mended: an undeclared prefix (6 times)",
    );
}

#[test]
fn atom_dates_inside_rss_count() {
    check_article(
        &rss(
            "<title>T</title><a10:updated xmlns:a10='http://www.w3.org/2005/Atom'>2025-06-04T10:00:00Z</a10:updated>",
        ),
        "# T
         published: 2025-06-04T10:00:00Z",
    );
}

#[test]
fn comments_are_counted() {
    check_article(
        &atom(
            "<title>T</title><link rel='replies' type='text/html' href='/1#c' thr:count='4' \
             xmlns:thr='http://purl.org/syndication/thread/1.0'/>",
        ),
        "# T
         comments: 4
         comments page: https://example.gov/1#c",
    );
    check_article(
        &atom(
            "<title>T</title><link rel='replies' href='/1.atom' thr:count='4'/><thr:total> 9 </thr:total>",
        ),
        "# T
         comments: 9
         comments feed: https://example.gov/1.atom
         ! mended: an undeclared prefix",
    );
}

#[test]
fn a_comment_says_what_it_answers() {
    check_article(
        &atom(
            "<title>T</title><t:in-reply-to ref='https://example.gov/?p=3&amp;q=1#comment-6' \
             href='/3' xmlns:t='http://purl.org/syndication/thread/1.0'/>\
             <t:in-reply-to ref='second' xmlns:t='http://purl.org/syndication/thread/1.0'/>",
        ),
        "# T
         in reply to: https://example.gov/?p=3&q=1#comment-6",
    );
    check_article(
        &rss("<title>T</title><thr:in-reply-to ref=\"tag:a\"></thr:in-reply-to>"),
        "# T
         in reply to: tag:a
         ! mended: an undeclared prefix",
    );
}

#[test]
fn a_guid_may_be_the_permalink() {
    check_article(
        &rss("<title>T</title><guid>https://example.gov/1</guid>"),
        "# T
         link: https://example.gov/1
         guid: https://example.gov/1",
    );
    check_article(
        &rss("<title>T</title><guid isPermaLink=\"false\">https://example.gov/1</guid>"),
        "# T
         guid: https://example.gov/1",
    );
    check_article(
        &rss(
            "<title>T</title><link>https://example.gov/2</link><guid>https://example.gov/1</guid>",
        ),
        "# T
         link: https://example.gov/2
         guid: https://example.gov/1",
    );
}

#[test]
fn a_guid_of_several_lines_is_no_permalink() {
    let document = rss("<title>T</title><guid>https://example.gov/1\nand more</guid>");
    let read = parse(document.as_bytes(), None, &Url::parse(BASE).unwrap()).unwrap();
    assert_eq!(read.feed.articles[0].permalink, None);
}

#[test]
fn addresses_are_relative_to_xml_base_then_to_the_feed() {
    check_article(
        &rss(
            "<title>T</title><link>/1</link><enclosure url='a.pdf' type='application/pdf' length='0'/>",
        ),
        "# T
         link: https://example.gov/1
         file: https://example.gov/news/a.pdf application/pdf -",
    );
    check(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/a/"><title>News</title>
        <entry xml:base="b/"><title>One</title><link href="1"/><content xml:base="../c/" type="html">x</content></entry>
        <entry><title>Two</title><link href="2"/><summary type="html">x</summary></entry>
        <entry xml:base=""><title>Three</title><link href="3"/><summary type="html">y</summary></entry>
        <entry xml:base="http://"><title>Four</title><link href="4"/></entry></feed>"#,
        "feed News -
         # One
         link: https://other.example/a/b/1
         content: x
         base: https://other.example/a/c/
         # Two
         link: https://other.example/a/2
         summary: x
         base: https://other.example/a/
         # Three
         link: https://other.example/a/3
         summary: y
         base: https://other.example/a/
         # Four
         link: https://other.example/a/4
         ! mended: a broken tag",
    );
}

#[test]
fn an_empty_link_is_no_link() {
    check_article(&rss("<title>T</title><link> </link>"), "# T");
    check_article(&rss("<title>T</title><link/>"), "# T");
    check_article(&rss("<title>T</title><link>urn:x</link>"), "# T");
}

#[test]
fn names_stand_beside_addresses() {
    let by = |author: &str, expected: &str| {
        check_article(
            &rss(&format!("<title>T</title><author>{author}</author>")),
            &format!("# T\nby: {expected}"),
        );
    };
    by("jo@example.gov (Jo Bloggs)", "Jo Bloggs");
    by("Jo Bloggs &lt;jo@example.gov&gt;", "Jo Bloggs");
    by("jo@example.gov", "jo@example.gov");
    by("Jo Bloggs", "Jo Bloggs");
    by("jo@example.gov (Jörg Łuk)", "Jörg Łuk");
    by(
        "<![CDATA[Press office &#38; media desk]]>",
        "Press office & media desk",
    );
    let found = summary(
        rss("<author>日本–jo@example.gov–日本</author>").as_bytes(),
        None,
    );
    assert!(found.starts_with("feed News"), "{found}");
}

#[test]
fn a_feed_says_how_often_it_wants_to_be_polled() {
    let document = rss("<title>T</title>").replace(
        "<item>",
        "<ttl> 90 </ttl><skipHours><hour>0</hour><hour>24</hour><hour>5</hour><hour>99</hour></skipHours>\
         <skipDays><day>Saturday</day><day>sun</day></skipDays>\
         <sy:updatePeriod xmlns:sy='u'>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency><item>",
    );
    let pace = parse(document.as_bytes(), None, &Url::parse(BASE).unwrap())
        .unwrap()
        .feed
        .pace;
    assert_eq!(pace.ttl_minutes, Some(90));
    assert_eq!(pace.skip_hours, [0, 0, 5]);
    assert_eq!(
        pace.skip_days,
        [jiff::civil::Weekday::Saturday, jiff::civil::Weekday::Sunday]
    );
    assert_eq!(pace.update_every, Some(std::time::Duration::from_mins(30)));
}

#[test]
fn the_syndication_module_goes_by_any_prefix() {
    for prefix in ["sy", "syn", "x"] {
        let document = format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
             xmlns:{prefix}='http://purl.org/rss/1.0/modules/syndication/' \
             xmlns='http://purl.org/rss/1.0/'><channel><title>T</title>\
             <{prefix}:updatePeriod>weekly</{prefix}:updatePeriod>\
             <{prefix}:updateFrequency>2</{prefix}:updateFrequency></channel></rdf:RDF>"
        );
        let found = parse(document.as_bytes(), None, &Url::parse(BASE).unwrap()).unwrap();
        let half_a_week = std::time::Duration::from_hours(84);
        assert_eq!(found.feed.pace.update_every, Some(half_a_week), "{prefix}");
    }
}

#[test]
fn json_is_read_even_where_it_is_not_strict() {
    check(
        r#"{"version": "https://jsonfeed.org/version/1", "items": [
            {"id": 7, "url": "https://example.gov/7", "title": null, "content_text": "a",
             "author": {"name": "Jörg–j@example.gov"}, "tags": ["x", 1],
             "attachments": [{"url": "https://example.gov/a.pdf", "size_in_bytes": -1}, {}]},
            "nonsense"]}"#,
        "feed - -
         #
         link: https://example.gov/7
         guid: 7
         by: Jörg–j at example.gov
         content: a
         categories: x
         file: https://example.gov/a.pdf application/octet-stream -
         ! mended: JSON that isn't quite JSON Feed",
    );
    check(
        "{\"error\": 1}",
        "error: the server sent JSON without a feed, not a feed",
    );
    check(
        "{\"items\": [{\"id\": 1}]}",
        "error: the server sent JSON without a feed, not a feed",
    );
    let broken = summary(b"{\"version\": \"x\" \"y\"}", None);
    assert!(
        broken.starts_with("error: the feed is broken: "),
        "{broken}"
    );
}

#[test]
fn utf_16_is_read() {
    let text = rss("<title>Łódź</title>");
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(
        summary(&bytes, None),
        "feed News https://example.gov/\n# Łódź"
    );
}

#[test]
fn what_breaks_one_detail_breaks_nothing_else() {
    check_article(
        &rss("<title>T</title><itunes:duration>99999999999999999999999</itunes:duration>"),
        "# T
         ! mended: an undeclared prefix",
    );
    check_article(
        &rss("<title>T</title><media:title type='x/y'>M</media:title>"),
        "# T
         ! mended: an undeclared prefix",
    );
}

#[test]
fn other_documents_say_what_they_are() {
    check(
        "<!DOCTYPE html><html><head><link rel=alternate></head></html>",
        "error: the server sent an HTML page, not a feed",
    );
    check(
        "<?xml version='1.0'?><opml version='2.0'><body/></opml>",
        "error: the server sent an OPML list of feeds, not a feed",
    );
}

#[test]
fn long_escaped_texts_are_decoded_once() {
    let long = "x".repeat(80);
    check_article(
        &rss(&format!(
            "<title>T</title><description>{long} &lt;b&gt; &amp;amp; &quot; &apos; &#39; &eacute; ]]&gt; a & b</description>"
        )),
        &format!(
            "# T
             summary: {long} <b> &amp; \" ' ' é ]]> a & b
             ! mended: a reference that XML doesn't know
             ! mended: an unescaped `&`"
        ),
    );
    check_article(
        &atom(&format!(
            "<title>T</title><summary>{long} a &lt; b &amp;amp; c</summary>"
        )),
        &format!("# T\nsummary: {long} a &lt; b &amp;amp; c"),
    );
}

/// Each document in `tests/golden/feeds` gives what the text beside it says.
#[test]
fn golden_documents_give_what_stands_beside_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/feeds");
    let mut checked = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        let found = summary(&std::fs::read(&path).unwrap(), None);
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        assert_eq!(found, expected.trim_end(), "{}", path.display());
        checked += 1;
    }
    assert!(checked >= 2);
}

/// Every saved feed gives as many articles as it has elements for them.
#[test]
#[allow(clippy::print_stderr)]
fn saved_feeds_lose_no_article() {
    let corpus = std::env::var("GAZETTE_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus").to_owned());
    for folder in ["real/feeds", "wordpress/feeds"] {
        let Ok(files) = std::fs::read_dir(format!("{corpus}/{folder}")) else {
            eprintln!("skipped: no saved feeds in {corpus}/{folder}");
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "headers" || extension == "opml")
            {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let parsed = parse(&bytes, None, &Url::parse(BASE).unwrap()).unwrap();
            let elements = ["<item>", "<item ", "<entry>", "<entry "]
                .iter()
                .map(|start| memchr::memmem::find_iter(&bytes, start.as_bytes()).count())
                .sum::<usize>();
            assert_eq!(parsed.feed.articles.len(), elements, "{}", path.display());
        }
    }
}
