use url::Url;

use super::*;
use crate::model::comment::{CommentId, Receipt, Refusal, Why};
use crate::threads::answer::{Fate, of_form, of_rest, who};

fn receipt(id: &str, url: &str) -> Receipt {
    Receipt {
        id: Some(CommentId(id.to_owned())),
        url: Some(url.to_owned()),
    }
}

fn refused(why: Why, words: &str) -> Fate {
    let words = words.to_owned();
    Fate::Refused(Refusal { why, words })
}

const PAGE: &str = "http://127.0.0.1:8901/2026/10/post/";

/// What became of a comment that a file of the corpus answers; nothing where there is no corpus.
fn saved_fate(name: &str) -> Option<Fate> {
    let head = String::from_utf8(saved(&format!("{name}.headers"))?).unwrap();
    let body = saved(name)?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    if name.starts_with("rest") {
        return Some(of_rest(status, &body));
    }
    let location = head
        .lines()
        .find_map(|line| line.strip_prefix("Location: "));
    let page = Url::parse(PAGE).unwrap();
    Some(of_form(
        status,
        location,
        &String::from_utf8(body).unwrap(),
        &page,
    ))
}

#[track_caller]
fn check_saved(folder: &str, name: &str, expected: &Fate) {
    if let Some(fate) = saved_fate(&format!("{folder}/{name}")) {
        assert_eq!(fate, *expected, "{name}");
    }
}

#[track_caller]
fn check_form(status: u16, location: Option<&str>, body: &str, expected: &Fate) {
    let page = Url::parse("https://example.org/post/").unwrap();
    assert_eq!(of_form(status, location, body, &page), *expected);
}

#[track_caller]
fn check_rest(status: u16, body: &str, expected: &Fate) {
    assert_eq!(of_rest(status, body.as_bytes()), *expected);
}

#[test]
fn saved_answers_to_the_form_are_understood() {
    let check =
        |name: &str, expected: Fate| check_saved("form", &format!("{name}.html"), &expected);
    let late =
        "http://127.0.0.1:8901/2026/10/late-filing-fees-waived-after-system-fault/comment-page-1/";
    let fares = "http://127.0.0.1:8901/2026/10/ferry-fares-concessions-from-1-december";
    check(
        "awaiting-moderation",
        Fate::Held(receipt(
            "657",
            &format!(
                "{late}?unapproved=657&moderation-hash=ba39ba9c711d4663114525877805b80a#comment-657"
            ),
        )),
    );
    for (name, id) in [
        ("success", "658"),
        ("reply-success", "659"),
        ("reply-to-missing-parent", "660"),
        ("reply-parent-of-other-post", "661"),
    ] {
        check(
            name,
            Fate::Published(receipt(id, &format!("{late}#comment-{id}"))),
        );
    }
    for (name, id) in [("cookies-consent", "662"), ("html-is-filtered", "664")] {
        let url = format!("{fares}/comment-page-1/#comment-{id}");
        check(name, Fate::Published(receipt(id, &url)));
    }
    check(
        "redirect-to",
        Fate::Published(receipt("663", &format!("{fares}/#comment-663"))),
    );
    for (name, words) in [
        ("bad-email", "Error: Please enter a valid email address."),
        ("empty-comment", "Error: Please type your comment text."),
        (
            "missing-both-fields-absent",
            "Error: Please fill the required fields.",
        ),
        (
            "missing-name-email",
            "Error: Please fill the required fields.",
        ),
        ("name-too-long", "Error: Your name is too long."),
        ("too-long", "Error: Your comment is too long."),
    ] {
        check(name, refused(Why::Invalid, words));
    }
    check("no-such-post", refused(Why::Other, ""));
    check("get-405", refused(Why::Other, ""));
    check(
        "closed",
        refused(Why::Closed, "Sorry, comments are closed for this item."),
    );
    check(
        "registration-required",
        refused(Why::MustLogIn, "Sorry, you must be logged in to comment."),
    );
    check(
        "duplicate",
        refused(
            Why::Duplicate,
            "Duplicate comment detected; it looks as though you’ve already said that!",
        ),
    );
    check(
        "flood",
        refused(
            Why::TooFast,
            "You are posting comments too quickly. Slow down.",
        ),
    );
}

#[test]
fn saved_answers_of_the_interface_are_understood() {
    let check =
        |name: &str, expected: Fate| check_saved("rest-post", &format!("{name}.json"), &expected);
    let link = |id: &str| {
        let page =
            "http://127.0.0.1:8901/2026/10/blood-donors-wanted-in-five-towns/comment-page-1/";
        receipt(id, &format!("{page}#comment-{id}"))
    };
    check("app-password-201", Fate::Published(link("665")));
    check("anonymous-allowed-201-hold", Fate::Held(link("666")));
    check("anonymous-known-201-approved", Fate::Published(link("667")));
    let login = refused(Why::Password, "Sorry, you must be logged in to comment.");
    check("anonymous-401", login.clone());
    check("app-password-bad-401", login);
    let no_post = "Sorry, you are not allowed to create this comment without a post.";
    check("anonymous-bad-post", refused(Why::Other, no_post));
    check("anonymous-no-post", refused(Why::Other, no_post));
    check(
        "anonymous-closed",
        refused(Why::Closed, "Sorry, comments are closed for this item."),
    );
    check(
        "anonymous-duplicate",
        refused(
            Why::Duplicate,
            "Duplicate comment detected; it looks as though you’ve already said that!",
        ),
    );
    check(
        "anonymous-empty",
        refused(Why::Invalid, "Invalid comment content."),
    );
    check(
        "anonymous-flood",
        refused(
            Why::TooFast,
            "You are posting comments too quickly. Slow down.",
        ),
    );
    check(
        "anonymous-missing-email",
        refused(
            Why::Invalid,
            "Creating a comment requires valid author name and email values.",
        ),
    );
}

#[test]
fn whose_password_it_is() {
    if let Some(me) = saved("rest-post/me.json") {
        assert_eq!(who(&me).unwrap(), "Imra Hartwell");
        assert!(who(&saved("rest-post/anonymous-401.json").unwrap()).is_err());
    }
    assert_eq!(
        who(br#"{"id":2,"name":"Ilse &amp; Bram"}"#).unwrap(),
        "Ilse & Bram"
    );
    assert!(who(br#"{"name":"A site"}"#).is_err());
    assert!(who(b"<html>").is_err() && who(b"{").is_err() && who(b"").is_err());
}

#[test]
fn a_redirect_to_a_comment_of_the_site_is_a_success_and_nothing_else() {
    let taken = |url: &str| Fate::Published(receipt("12", url));
    let there = "https://example.org/post/#comment-12";
    check_form(302, Some(there), "", &taken(there));
    check_form(303, Some("/post/#comment-12"), "", &taken(there));
    check_form(302, Some("#comment-12"), "", &taken(there));
    let plain = "http://example.org/post/#comment-12";
    check_form(302, Some(plain), "", &taken(plain));
    let held = "https://example.org/post/?unapproved=12&moderation-hash=a1#comment-12";
    check_form(302, Some(held), "", &Fate::Held(receipt("12", held)));
    for elsewhere in [
        "https://example.org/post/",
        "https://example.org/post/#comments",
        "https://example.org/post/#comment-",
        "https://example.org/post/#comment-12a",
        "https://other.example/post/#comment-12",
        "https://example.org:444/post/#comment-12",
    ] {
        check_form(302, Some(elsewhere), "", &Fate::Unknown);
    }
    // The question itself was sent on.
    let words = format!("the site led elsewhere: {there}");
    for status in [301, 307, 308] {
        check_form(status, Some(there), "", &refused(Why::Other, &words));
    }
    check_form(200, Some(there), "", &refused(Why::Other, ""));
    check_form(201, Some(there), "", &refused(Why::Other, ""));
    let login = "https://example.org/wp-login.php?redirect_to=x";
    check_form(302, Some(login), "", &refused(Why::MustLogIn, ""));
    // A site that is more secure than the page was asked for.
    let page = Url::parse("http://example.org/post/").unwrap();
    assert_eq!(of_form(302, Some(there), "", &page), taken(there));
}

#[test]
fn an_answer_that_proves_nothing_leaves_the_fate_unknown() {
    let broken =
        "<body id=error-page><div class=wp-die-message>There has been a critical error.</div>";
    for status in [0, 101, 408, 500, 502, 503, 504, 520, 999] {
        check_form(status, None, broken, &Fate::Unknown);
        check_rest(
            status,
            r#"{"code":"internal_server_error","message":"x"}"#,
            &Fate::Unknown,
        );
    }
    check_form(302, None, "", &Fate::Unknown);
    check_form(302, Some("https://["), "", &Fate::Unknown);
    check_rest(201, "", &Fate::Unknown);
    check_rest(201, r#"{"id":7,"status":"appr"#, &Fate::Unknown);
    check_rest(200, "<html>", &Fate::Unknown);
    check_rest(200, r#"[{"id":7,"status":"approved"}]"#, &Fate::Unknown);
    check_rest(204, "", &Fate::Unknown);
}

#[test]
fn a_refusal_has_the_words_of_the_site_in_its_language() {
    let die = |words: &str| {
        format!(
            "<title>Fehler</title><body id=error-page><div class=wp-die-message><p>{words}</p></div>\
            <p><a href='javascript:history.back()'>&laquo; Back</a></p>"
        )
    };
    check_form(
        200,
        None,
        &die("<strong>Fehler:</strong> Bitte die\n Felder ausf&uuml;llen."),
        &refused(Why::Invalid, "Fehler: Bitte die Felder ausfüllen."),
    );
    let closed = "Die Kommentare sind geschlossen.";
    check_form(403, None, &die(closed), &refused(Why::Other, closed));
    let english = "Sorry, comments are closed for this item.";
    check_form(403, None, &die(english), &refused(Why::Closed, english));
    check_form(
        409,
        None,
        &die("Doppelt"),
        &refused(Why::Duplicate, "Doppelt"),
    );
    check_form(
        429,
        None,
        &die("Langsam"),
        &refused(Why::TooFast, "Langsam"),
    );
    check_form(
        200,
        None,
        &die("Error: Please complete the CAPTCHA."),
        &refused(Why::Captcha, "Error: Please complete the CAPTCHA."),
    );
    // Of old.
    check_form(
        200,
        None,
        "<body id=error-page><p>ERROR: please type a comment.</p><p><a href='javascript:history.back()'>Back</a>",
        &refused(Why::Invalid, "ERROR: please type a comment."),
    );
    // Somebody before WordPress.
    let firewall = "<title>403 Forbidden</title><body><h1>Forbidden</h1><p>nginx";
    check_form(403, None, firewall, &refused(Why::Other, "403 Forbidden"));
    check_form(200, None, firewall, &refused(Why::Other, "403 Forbidden"));
    let challenge =
        "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x.js'>";
    check_form(
        403,
        None,
        challenge,
        &refused(Why::Captcha, "Just a moment..."),
    );
    check_rest(403, challenge, &refused(Why::Captcha, "Just a moment..."));
    let Fate::Refused(long) = of_form(
        200,
        None,
        &die(&"a ".repeat(5000)),
        &Url::parse(PAGE).unwrap(),
    ) else {
        panic!("taken");
    };
    assert!(long.words.ends_with('…') && long.words.chars().count() <= 300);
}

#[test]
fn a_refusal_of_the_interface_goes_by_its_code() {
    let error = |code: &str, message: &str| format!(r#"{{"code":"{code}","message":"{message}"}}"#);
    check_rest(
        400,
        &error("comment_flood", "Zu <b>schnell</b> &#8211; langsam"),
        &refused(Why::TooFast, "Zu schnell – langsam"),
    );
    check_rest(
        401,
        &error("incorrect_password", "x"),
        &refused(Why::Password, "x"),
    );
    check_rest(
        401,
        &error("of_a_plugin", "x"),
        &refused(Why::Password, "x"),
    );
    check_rest(401, "<title>Who?</title>", &refused(Why::Password, "Who?"));
    check_rest(403, &error("of_a_plugin", "x"), &refused(Why::Other, "x"));
    check_rest(
        400,
        &error("captcha_missing", "x"),
        &refused(Why::Captcha, "x"),
    );
    check_rest(429, &error("too_many", "x"), &refused(Why::TooFast, "x"));
    check_rest(404, &error("rest_no_route", "x"), &refused(Why::Other, "x"));
    check_rest(
        500,
        &error("rest_comment_failed_create", "Creating comment failed."),
        &refused(Why::Other, "Creating comment failed."),
    );
    check_rest(301, "", &refused(Why::Other, "the site led elsewhere"));
    // A warning before the answer; a number as a text; what a filter thinks of it.
    check_rest(
        201,
        "<b>Notice</b>\n{\"id\":\"7\",\"status\":\"spam\",\"link\":null}",
        &Fate::Held(Receipt {
            id: Some(CommentId("7".to_owned())),
            url: None,
        }),
    );
}

#[test]
fn hostile_answers_are_read_in_time() {
    let page = Url::parse(PAGE).unwrap();
    for body in [
        "<div class=wp-die-message>".repeat(100_000),
        format!("<div class=wp-die-message>{}", "<b> ".repeat(100_000)),
        "{".repeat(100_000),
        "[".repeat(100_000),
        "\u{9d}".repeat(100_000),
        " ".repeat(1_000_000),
    ] {
        for status in [200, 201, 403, 500] {
            let _ = of_form(status, Some(&body), &body, &page);
            let _ = of_rest(status, body.as_bytes());
        }
        let _ = of_form(302, Some(&body), &body, &page);
        let _ = who(body.as_bytes());
    }
}
