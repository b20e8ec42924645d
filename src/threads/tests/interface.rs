use url::Url;

use super::*;
use crate::model::comment::Openness;

fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

#[test]
fn threads_come_out_as_the_database_has_them() {
    let threads = [
        (27, &["threads"][..]),
        (35, &["deeper"]),
        (33, &["orphans"]),
        (34, &["pingbacks"]),
        (38, &["hostile"]),
        (39, &["imported"]),
        (20, &["none"]),
        (21, &["closed"]),
        (37, &["300-page1", "300-page2", "300-page3", "300-page4"]),
    ];
    for (post, pages) in threads {
        let mut comments = Vec::new();
        for page in pages {
            let Some(body) = saved(&format!("rest/comments-{page}.json")) else {
                return;
            };
            comments.extend(rest::comments(&body, None).unwrap());
        }
        compare(post, &thread(comments).comments);
    }
}

#[test]
fn posts_are_read() {
    let Some(body) = saved("rest/post.json") else {
        return;
    };
    let post = rest::post(&body).unwrap();
    assert_eq!((post.id, post.openness), (37, Openness::Open));
    let by_slug = rest::posts(&saved("rest/post-by-slug.json").unwrap()).unwrap();
    assert_eq!(by_slug.len(), 1);
    assert_eq!(
        rest::post(&saved("rest/not-found.json").unwrap()),
        Err(ThreadError::NotWordPress)
    );
    let refused = saved("rest/comments-per-page-101.json").unwrap();
    assert_eq!(
        rest::comments(&refused, None),
        Err(ThreadError::NotWordPress)
    );
}

#[test]
fn what_is_broken_loses_nothing_else() {
    let body = br#"[{"id":1,"type":"comment","author_name":"Ilse &amp;amp; Bram","date_gmt":"2026-10-17T12:24:00",
        "author":4,"content":{"rendered":"<p>A &amp; B</p>"},"link":"https://example.org/#comment-1"},
        17, {"type":"comment"}, {"id":2,"type":"pingback"},
        {"id":"3","parent":"1","author":"x","date_gmt":"never","content":null,"author_name":null}]"#;
    let read = rest::comments(body, Some(4)).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].author, "Ilse &amp; Bram");
    assert!(read[0].by_author && !read[1].by_author);
    assert_eq!(
        read[0].published,
        Some("2026-10-17T12:24:00Z".parse().unwrap())
    );
    assert_eq!(read[1].id, CommentId("3".to_owned()));
    assert_eq!(read[1].parent, Some(CommentId("1".to_owned())));
    assert_eq!((read[1].published, &*read[1].html), (None, ""));
    // Nobody's account is none's.
    let nobody = br#"[{"id":1,"author":0,"content":{"rendered":""}}]"#;
    assert!(!rest::comments(nobody, Some(0)).unwrap()[0].by_author);
}

#[test]
fn what_is_no_json_is_mended_or_left_out_alone() {
    let body = b"\xef\xbb\xbf [{\"id\":1,\"content\":{\"rendered\":\"raw \x1b[2J\ttab, \\ud83d half, \\ud83d\\ude00 whole, C:\\x\"}},
        {\"id\":2,\"author_name\":\"bad \xff byte, ], [ and \\\"\"},
        {\"id\":3,\"parent\":nothing},
        {\"id\":4,\"content\":[[[\"deep\"]]]}] ";
    let read = rest::comments(body, None).unwrap();
    let ids: Vec<&str> = read.iter().map(|one| one.id.0.as_str()).collect();
    assert_eq!(ids, ["1", "2", "4"]);
    let expected = "raw \u{1b}[2J\ttab, \u{fffd} half, 😀 whole, C:\\x";
    assert_eq!(read[0].html, expected);
    assert_eq!(read[1].author, "bad \u{fffd} byte, ], [ and \"");
}

#[test]
fn what_is_cut_short_or_of_others_is_no_list_of_comments() {
    let whole = r#"[{"id":1},{"id":2,"content":{"rendered":"a, b"}}]"#;
    assert_eq!(rest::comments(whole.as_bytes(), None).unwrap().len(), 2);
    for end in 0..whole.len() {
        let part = whole.get(..end).unwrap();
        assert!(rest::comments(part.as_bytes(), None).is_err(), "{part}");
    }
    for other in [
        r#"{"code":"rest_forbidden","data":[]}"#,
        r#"[{"@type":"NewsArticle"}]"#,
        r#"<html><script>let a = [{"id":1}]</script></html>"#,
        "[] trailing",
        "null",
    ] {
        assert!(rest::comments(other.as_bytes(), None).is_err(), "{other}");
        assert!(rest::posts(other.as_bytes()).is_err(), "{other}");
        assert!(rest::places(other.as_bytes()).is_err(), "{other}");
    }
    assert_eq!(rest::comments(b"[]", None), Ok(Vec::new()));
}

#[test]
fn only_addresses_of_the_web_are_kept() {
    let body = br#"[{"id":1,"link":"javascript:alert(1)"},{"id":2,"link":""},{"id":3,"link":"/a"},
        {"id":4,"link":"https://example.org/#comment-4"}]"#;
    let read = rest::comments(body, None).unwrap();
    let urls: Vec<Option<&str>> = read.iter().map(|one| one.url.as_deref()).collect();
    let kept = Some("https://example.org/#comment-4");
    assert_eq!(urls, [None, None, None, kept]);
}

#[test]
fn many_comments_broken_or_not_are_read_in_time() {
    let one = "{\"id\":7,\"content\":{\"rendered\":\"\x1b[[[{{{\\\\\"}},";
    let body = format!("[{}{{\"id\":8}}]", one.repeat(100_000));
    assert_eq!(
        rest::comments(body.as_bytes(), None).unwrap().len(),
        100_001
    );
    for hostile in ["[", "[{\"id\":", "[\"", "{\"a\":", "\\"] {
        let body = hostile.repeat(200_000);
        assert!(rest::comments(body.as_bytes(), None).is_err());
    }
}

#[test]
fn a_warning_before_the_answer_is_passed_over() {
    let body = b"<b>Deprecated</b>: here\n\xef\xbb\xbf[{\"id\":5,\"post\":9}]";
    let places = rest::places(body).unwrap();
    assert_eq!(places, [(9, CommentId("5".to_owned()))]);
    assert!(rest::comments(b"<html>no</html>", None).is_err());
}

#[test]
fn routes_follow_the_root_or_stand_in_its_parameter() {
    let check = |root: &str, expected: &str| {
        let found = rest::route(
            &url(root),
            "wp/v2/comments",
            &[("post", "37"), ("page", "1")],
        );
        assert_eq!(found.as_str(), expected);
    };
    check(
        "https://example.org/wp-json/",
        "https://example.org/wp-json/wp/v2/comments?post=37&page=1",
    );
    check(
        "https://example.org/blog/api",
        "https://example.org/blog/api/wp/v2/comments?post=37&page=1",
    );
    check(
        "https://example.org/?rest_route=/",
        "https://example.org/?rest_route=%2Fwp%2Fv2%2Fcomments&post=37&page=1",
    );
    check(
        "https://example.org/index.php?lang=de&rest_route=/",
        "https://example.org/index.php?lang=de&rest_route=%2Fwp%2Fv2%2Fcomments&post=37&page=1",
    );
}

#[test]
fn header_fields_lead_to_the_interface_and_name_the_post() {
    let base = url("https://example.org/2026/post/");
    let values: [&[u8]; 3] = [
        b"<https://example.org/wp-json/>; rel=\"https://api.w.org/\", </x>; title=\"a, <b>; c\"; rel=next",
        b"<https://example.org/wp-json/wp/v2/posts/27>; rel=\"alternate\"; type=\"application/json\"",
        b"<https://example.org/?p=28>; rel=shortlink, <broken",
    ];
    let links = links::header_links(values, &base);
    assert_eq!(
        links::rest_root(&links),
        Some(&url("https://example.org/wp-json/"))
    );
    assert_eq!(links::next(&links), Some(&url("https://example.org/x")));
    assert_eq!(links::post(&links), Some(27));
    assert_eq!(links::post(&links[3..]), Some(28));
    // Without permalinks.
    let value: &[u8] = b"<https://example.org/?rest_route=/wp/v2/pages/29>; rel=alternate; type=\"application/json\"";
    assert_eq!(links::post(&links::header_links([value], &base)), Some(29));
}

#[test]
fn what_is_numbered_is_not_always_a_post() {
    let base = url("https://example.org/");
    let check = |route: &str, expected| {
        let value = format!(
            "<https://example.org/wp-json/wp/v2/{route}>; rel=alternate; type=\"application/json\""
        );
        let found = links::post(&links::header_links([value.as_bytes()], &base));
        assert_eq!(found, expected, "{route}");
    };
    check("reports/38", Some(38));
    check("categories/3", None);
    check("users/5", None);
    check("types/post", None);
}

#[test]
fn a_guid_names_the_post_whatever_its_host() {
    let check =
        |guid: &str, expected| assert_eq!(links::numbered_in(&url(guid)), expected, "{guid}");
    check("http://old.example.org/?p=37", Some(37));
    check("https://example.org/?post_type=report&p=38", Some(38));
    check("https://example.org/?page_id=39", Some(39));
    check("https://example.org/?attachment_id=40", Some(40));
    check("https://example.org/2026/11/post/", None);
    check("https://example.org/?p=many", None);
}
