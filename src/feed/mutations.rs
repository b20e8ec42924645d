//! Documents broken at random, from a fixed seed: nothing may panic, and what was mended once needs
//! no more mending.
#![allow(clippy::unwrap_used)]

use url::Url;

use super::sniff::{Document, sniff};
use super::{parse, repair};

/// What is put into documents.
const SPLINTERS: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "\0",
    "\u{1b}",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "</",
    "/>",
    "&#",
    ";",
    "&#xFFFFFFFF;",
    "&nbsp;",
    "é",
    "日",
    "\u{202e}",
    "<item>",
    "</item>",
    "</title>",
    "<title>",
    "<p>",
    "<br/>",
    "xmlns=\"",
    " xml:base=\"",
    "<x:y>",
    "</channel>",
    "=",
    "{",
    "[",
    "@",
    "<entry>",
    "<content type=\"xhtml\">",
    "<summary>",
    "<guid/>",
    "<!DOCTYPE",
];

const DOCUMENTS: &[&str] = &[
    r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
      xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel><title>News &amp; more</title><link>https://example.gov/</link><ttl>5</ttl>
      <item><title>One</title><link>https://example.gov/1</link><guid isPermaLink="false">1</guid>
      <dc:creator>jo@example.gov (Jörg)</dc:creator><pubDate>Tue, 03 Jun 2025 09:39:21 GMT</pubDate>
      <description>a &lt;b&gt;c&lt;/b&gt; d</description><slash:comments>4</slash:comments>
      <content:encoded><![CDATA[<p>Text</p>]]></content:encoded>
      <enclosure url="https://example.gov/a.mp3" length="1" type="audio/mpeg"/></item>
      <item><title>Two</title><description><p>raw <br> html</p></description></item></channel></rss>"#,
    r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.gov/"><title type="html">N</title>
      <entry><id>1</id><title>One</title><link href="/1"/><updated>2025-06-03T10:00:00Z</updated>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a<br/><em>b</em></div></content></entry>
      <entry xml:base="x/"><id>2</id><title>Zwei ä</title><summary type="html">&lt;i&gt;</summary>
      <link rel="replies" thr:count="3" href="c"/><content src="a.html" type="text/html"/></entry></feed>"#,
    r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel rdf:about="u"><title>N</title><link>https://example.gov/</link></channel>
      <item rdf:about="https://example.gov/1"><title>One</title></item></rdf:RDF>"#,
    r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>N</title><entry><title mode="escaped">T</title>
      <issued>2004-01-01</issued><content type="text/html" mode="escaped">&lt;p></content></entry></feed>"#,
    r#"{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": "1",
      "content_html": "<p>x</p>", "authors": [{"name": "jö@example.gov"}], "date_published": "2025-06-03"}]}"#,
];

/// A small generator of numbers (xorshift), the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap()
    }
}

/// Breaks a document in one to four places.
fn mutate(document: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = document.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len());
        let end = (at + numbers.below(30)).min(bytes.len());
        match numbers.below(6) {
            0 => bytes.truncate(at),
            1 => {
                bytes.drain(at..end);
            }
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            _ => {
                let splinter = SPLINTERS[numbers.below(SPLINTERS.len())];
                bytes.splice(at..at, splinter.bytes());
            }
        }
    }
    bytes
}

#[test]
fn broken_documents_never_panic() {
    let base = Url::parse("https://example.gov/feed.xml").unwrap();
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..4000 {
        let document = DOCUMENTS[round % DOCUMENTS.len()];
        let broken = mutate(document.as_bytes(), &mut numbers);
        let text = String::from_utf8_lossy(&broken);
        if let Ok(Document::Xml {
            family, root_at, ..
        }) = sniff(&text)
        {
            // Called by itself, where no guard would hide a panic.
            repair::mend(&text, root_at, family, &base, &mut Vec::new());
        }
        let _ = parse(&broken, None, &base);
    }
}

#[test]
fn mended_documents_are_read() {
    let base = Url::parse("https://example.gov/feed.xml").unwrap();
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for round in 0..2000 {
        // The first three: XML whose root is whole is never lost for a mistake behind it.
        let document = DOCUMENTS[round % 3];
        let (head, tail) = document.split_at(document.find("<title").unwrap());
        let mut broken = head.as_bytes().to_vec();
        broken.extend(mutate(tail.as_bytes(), &mut numbers));
        let read = parse(&broken, None, &base);
        assert!(
            read.is_ok(),
            "{read:?}: {}",
            String::from_utf8_lossy(&broken)
        );
    }
}

#[test]
fn a_well_formed_document_is_not_copied() {
    let base = Url::parse("https://example.gov/feed.xml").unwrap();
    let document = DOCUMENTS[2].replace("<title>One</title>", "<title>One</title><link>u</link>");
    let mended = repair::mend(
        &document,
        0,
        super::sniff::Family::Rdf,
        &base,
        &mut Vec::new(),
    );
    assert!(matches!(mended.text, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn many_open_ends_take_no_long_time() {
    let base = Url::parse("https://example.gov/feed.xml").unwrap();
    for piece in [
        "<![CDATA[x</title>",
        "<!--",
        "<?x ",
        "<a b=\"<",
        "<a b='<a c=\"",
        "&",
        "&a",
        "<item>",
        "<p>",
        "<description><p>",
        "</item>",
        "<x:y>",
        "<media:group>",
        "<![CDATA[<![CDATA[]]>",
        "<a b=\"c\" ",
    ] {
        let document = format!(
            "<rss version=\"2.0\"><channel>{}",
            piece.repeat(60_000 / piece.len())
        );
        parse(document.as_bytes(), None, &base).unwrap();
    }
}

#[test]
fn more_articles_than_any_feed_has_are_left_out() {
    let base = Url::parse("https://example.gov/feed.xml").unwrap();
    let document = format!("<rss version=\"2.0\"><channel>{}", "<item>".repeat(50_001));
    let parsed = parse(document.as_bytes(), None, &base).unwrap();
    assert_eq!(parsed.feed.articles.len(), 50_000);
}
