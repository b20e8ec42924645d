//! Promise 6: characters, and kinds of feeds.

use super::{force, subscribed, titles};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

/// Polls one document; returns the program with what came of it.
fn polled(bytes: &[u8], content_type: Option<&str>) -> (TestEnv, serde_json::Value) {
    let server = FakeServer::start();
    let answer = Answer::ok(bytes);
    server.answer(
        "/feed",
        match content_type {
            Some(content_type) => answer.header("Content-Type", content_type),
            None => answer,
        },
    );
    let env = subscribed(&server, "");
    let line = force(&env);
    (env, line)
}

/// Checks the title of the one article of a document.
#[track_caller]
fn check(bytes: &[u8], content_type: Option<&str>, title: &str) {
    let (env, line) = polled(bytes, content_type);
    assert_eq!(line["status"], "new", "{line}");
    assert_eq!(titles(&env), [title]);
}

/// A document whose declaration names an encoding, if any, around the bytes of a title.
fn document(declared: Option<&str>, title: &[u8]) -> Vec<u8> {
    let declaration = declared.map_or_else(String::new, |encoding| {
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>")
    });
    let head = format!(
        "{declaration}<rss version=\"2.0\"><channel><title>x</title><item><guid>1</guid><title>"
    );
    [head.as_bytes(), title, b"</title></item></channel></rss>"].concat()
}

fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

const CAFE: &str = "Café – 日本";

#[test]
fn a_byte_order_mark_has_the_first_word() {
    let utf_8 = document(Some("iso-8859-1"), CAFE.as_bytes());
    let marked = [&b"\xef\xbb\xbf"[..], &utf_8].concat();
    check(&marked, Some("text/xml; charset=windows-1251"), CAFE);
    let text = String::from_utf8(utf_8).expect("UTF-8");
    for (mark, unit) in [
        (&b"\xff\xfe"[..], u16::to_le_bytes as fn(u16) -> [u8; 2]),
        (b"\xfe\xff", u16::to_be_bytes),
    ] {
        let marked = [mark, &utf_16(&text, unit)].concat();
        check(&marked, Some("text/xml; charset=utf-8"), CAFE);
    }
}

#[test]
fn utf_16_is_seen_from_the_first_four_bytes() {
    let text = String::from_utf8(document(Some("utf-8"), CAFE.as_bytes())).expect("UTF-8");
    for unit in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        check(&utf_16(&text, unit), None, CAFE);
        let bare = text.split_once("?>").expect("a declaration").1;
        check(&utf_16(bare, unit), Some("text/xml; charset=utf-8"), CAFE);
    }
}

#[test]
fn iso_2022_jp_is_read_where_it_is_named() {
    // 日本 between the escape sequences, which are valid UTF-8 as well.
    let title = b"\x1b$BF|K\\\x1b(B";
    check(&document(Some("iso-2022-jp"), title), None, "日本");
    check(
        &document(None, title),
        Some("text/xml; charset=ISO-2022-JP"),
        "日本",
    );
}

#[test]
fn valid_utf_8_is_utf_8_whatever_is_named() {
    for named in [
        "iso-8859-1",
        "windows-1251",
        "shift_jis",
        "no-such-thing",
        "us-ascii",
    ] {
        check(&document(Some(named), CAFE.as_bytes()), None, CAFE);
        let content_type = format!("application/rss+xml; charset={named}");
        check(&document(None, CAFE.as_bytes()), Some(&content_type), CAFE);
    }
}

#[test]
fn what_is_no_utf_8_is_what_header_then_declaration_say() {
    let cyrillic = b"\xd0\xee\xf1\xf1\xe8\xff";
    check(&document(Some("windows-1251"), cyrillic), None, "Россия");
    check(
        &document(Some("iso-8859-1"), cyrillic),
        Some("text/xml; charset=\"Windows-1251\""),
        "Россия",
    );
    check(
        &document(Some("windows-1251"), cyrillic),
        Some("text/xml; charset=utf-8"),
        "Россия",
    );
    check(
        &document(Some("windows-1251"), cyrillic),
        Some("text/xml; charset=nonsense"),
        "Россия",
    );
    check(
        &document(Some("shift_jis"), b"\x93\xfa\x96\x7b"),
        None,
        "日本",
    );
}

#[test]
fn the_rest_is_windows_1252_and_so_are_its_other_names() {
    let quoted = b"\x93caf\xe9\x94 \x80";
    for named in [
        None,
        Some("utf-8"),
        Some("iso-8859-1"),
        Some("latin1"),
        Some("us-ascii"),
        Some("x-unknown"),
    ] {
        check(&document(named, quoted), None, "“café” €");
    }
}

#[test]
fn every_kind_of_feed_is_read_whatever_the_content_type_says() {
    let kinds = [
        "<?xml version=\"1.0\"?><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"
            xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel><title>x</title></channel>
            <item><title>one</title><link>https://a.example/1</link></item></rdf:RDF>",
        "<!DOCTYPE rss SYSTEM \"http://my.netscape.com/publish/formats/rss-0.91.dtd\"><rss version=\"0.91\">
            <channel><title>x</title><item><title>one</title><link>https://a.example/1</link></item></channel></rss>",
        "<rss version=\"0.92\"><channel><title>x</title><item><title>one</title></item></channel></rss>",
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">
            <channel rdf:about=\"u\"><title>x</title></channel>
            <item rdf:about=\"https://a.example/1\"><title>one</title></item></rdf:RDF>",
        "<rss version=\"2.0\"><channel><title>x</title><item><title>one</title></item></channel></rss>",
        "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><title>x</title>
            <entry><title>one</title><id>1</id></entry></feed>",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><entry><id>1</id><title>one</title></entry></feed>",
        "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"x\",\"items\":[{\"id\":\"1\",\"title\":\"one\"}]}",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"x\",\"items\":[{\"id\":\"1\",\"title\":\"one\"}]}",
    ];
    for kind in kinds {
        for content_type in [
            None,
            Some("text/html"),
            Some("application/octet-stream"),
            Some("image/png"),
            Some(";;"),
        ] {
            check(kind.as_bytes(), content_type, "one");
        }
    }
}

#[test]
fn malformed_xml_is_mended_and_what_is_in_it_kept() {
    for (document, expected) in [
        ("\n\n junk <?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title>
            <item><title>R&D & more&nbsp;</title></item></channel></rss>", vec!["R&D & more"]),
        ("<rss><channel><title>x</title><item><title>one</title></item><item><title>two</title><descr", vec!["one", "two"]),
        ("<RSS version=2.0><CHANNEL><TITLE>x</TITLE><ITEM><TITLE>one</TITLE></ITEM></CHANNEL></RSS>", vec!["one"]),
        ("<rss version=\"2.0\"><channel><title>x</title><item><media:title>m</media:title><title>one</title>
            <dc:creator>z</dc:creator></item></channel></rss>", vec!["one"]),
        ("<rss version=\"2.0\"><channel><title>x</title><item><title>one<b></title></item>
            <item><title>two\u{1}</title></item></channel></rss>", vec!["one", "two"]),
    ] {
        let (env, line) = polled(document.as_bytes(), None);
        assert_eq!(line["status"], "new", "{line}\n{document}");
        let mut found = titles(&env);
        found.sort();
        assert_eq!(found, expected);
    }
}
