//! How fast a feed is read, in bytes of it a second.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use url::Url;

fn main() {
    divan::main();
}

/// An RSS feed of articles whose text is escaped HTML or CDATA.
fn rss(articles: usize, cdata: bool) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\">\n\
         <channel><title>News</title><link>https://example.gov/</link>\n",
    );
    for n in 0..articles {
        let (open, close) = if cdata {
            ("<![CDATA[", "]]>")
        } else {
            ("", "")
        };
        write!(
            out,
            "<item><title>Article {n} &amp; more</title><link>https://example.gov/{n}</link>\n\
             <guid isPermaLink=\"false\">https://example.gov/?p={n}</guid>\n\
             <dc:creator><![CDATA[Jo Bloggs]]></dc:creator>\n\
             <pubDate>Tue, 03 Jun 2025 09:39:21 +0000</pubDate>\n\
             <category>Policy</category><slash:comments>{n}</slash:comments>\n\
             <description>A short text about article {n}.</description>\n\
             <content:encoded>{open}{}{close}</content:encoded></item>\n",
            body(!cdata)
        )
        .unwrap();
    }
    out.push_str("</channel></rss>");
    out
}

fn atom(articles: usize) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title>\n",
    );
    for n in 0..articles {
        write!(
            out,
            "<entry><id>tag:example.gov,2025:/{n}</id><title>Article {n} &amp; more</title>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"https://example.gov/{n}\"/>\n\
             <published>2025-06-03T09:39:21Z</published><updated>2025-06-04T09:39:21Z</updated>\n\
             <author><name>Jo Bloggs</name></author><category term=\"Policy\"/>\n\
             <summary>A short text about article {n}.</summary>\n\
             <content type=\"html\">{}</content></entry>\n",
            body(true)
        )
        .unwrap();
    }
    out.push_str("</feed>");
    out
}

/// About three thousand bytes of HTML.
fn body(escaped: bool) -> String {
    let paragraph = "<p>The department has set out five steps, and <a href=\"https://example.gov/steps\">\
        each of them</a> &amp; its costs are described in a paper that was published today.</p>\n";
    let html = paragraph.repeat(17);
    if escaped {
        html.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        html
    }
}

fn whole(bencher: Bencher, document: &str) {
    let base = Url::parse("https://example.gov/feed.xml").unwrap();
    bencher.counter(BytesCount::of_str(document)).bench(|| {
        gazette::feed::parse(divan::black_box(document.as_bytes()), None, &base).unwrap()
    });
}

fn feed_rs_alone(bencher: Bencher, document: &str) {
    bencher
        .counter(BytesCount::of_str(document))
        .bench(|| feed_rs::parser::parse(divan::black_box(document.as_bytes())).unwrap());
}

#[divan::bench]
fn rss_cdata(bencher: Bencher) {
    whole(bencher, &rss(100, true));
}

#[divan::bench]
fn rss_cdata_feed_rs_alone(bencher: Bencher) {
    feed_rs_alone(bencher, &rss(100, true));
}

#[divan::bench]
fn rss_escaped(bencher: Bencher) {
    whole(bencher, &rss(100, false));
}

#[divan::bench]
fn rss_escaped_feed_rs_alone(bencher: Bencher) {
    feed_rs_alone(bencher, &rss(100, false));
}

#[divan::bench]
fn atom_escaped(bencher: Bencher) {
    whole(bencher, &atom(100));
}

#[divan::bench]
fn atom_escaped_feed_rs_alone(bencher: Bencher) {
    feed_rs_alone(bencher, &atom(100));
}
