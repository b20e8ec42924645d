//! A comment is sent once, as the page asks for it, and its fate is what the site proves.

use serde_json::Value;

use super::{KNOWN, STRANGER, article, ids, post, printed, read, site};
use crate::support::server::Answer;
use crate::support::wordpress::{Door, FakeWordPress, Rest, Shown, Site};

/// A text, what the site says to it, and how the site changes before.
type Case<'a> = (&'a str, &'a str, fn(&mut Site));

/// The settings of a reader with an account at a site.
fn account(site: &FakeWordPress) -> String {
    site.change(|site| site.account = Some(("solveig".to_owned(), "abcd EFGH 1234".to_owned())));
    format!(
        "{KNOWN}[[comments.accounts]]\nsite = \"{}/\"\nusername = \"solveig\"\npassword_file = \"secret\"\n",
        site.url("")
    )
}

/// Makes a file that only its owner may read.
#[cfg(unix)]
fn secret(env: &crate::support::env::TestEnv, password: &str) {
    use std::os::unix::fs::PermissionsExt;
    env.write("secret", format!("{password}\n"));
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(env.path("secret"), mode).unwrap();
}

#[test]
fn a_known_name_is_published_at_once_and_read_back_once() {
    let site = site();
    let env = site.reader(KNOWN);
    let (ran, told) = post(
        &env,
        "ferry",
        "Thank you.\n\nBo was right: 5 < 9 & so on.\n",
        &[],
    );
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(
        (&told["status"], &told["id"]),
        (&"published".into(), &14.into())
    );
    assert!(
        told["url"]
            .as_str()
            .unwrap()
            .ends_with("/comment-page-1/#comment-14"),
        "{told}"
    );
    let sent = &site.sent()[0];
    assert_eq!(sent.asked.target, "/wp-comments-post.php");
    for (name, value) in [
        ("comment", "Thank you.\n\nBo was right: 5 < 9 & so on."),
        ("author", "Runa"),
        ("email", "runa@isles.example"),
        ("comment_post_ID", "7"),
        ("comment_parent", "0"),
    ] {
        let found = sent.field(name).map(|value| value.replace("\r\n", "\n"));
        assert_eq!(found.as_deref(), Some(value), "{name}");
    }
    assert_eq!(sent.field("wp-comment-cookies-consent"), None);
    assert_eq!(sent.asked.header("cookie"), None);
    assert_eq!(ids(&read(&env, "ferry", &["--refresh"])), [11, 12, 13, 14]);
    assert_eq!(printed(&env, "ferry").matches("Bo was right").count(), 1);
}

#[test]
fn a_reply_goes_below_what_it_answers() {
    let site = site();
    let env = site.reader(KNOWN);
    let (ran, _) = post(&env, "ferry", "At ten, I think.", &["--reply-to", "12"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(site.sent()[0].field("comment_parent"), Some("12"));
    let (ran, _) = post(&env, "ferry", "To nobody.", &["--reply-to", "4711"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("4711"), "{}", ran.err);
    assert_eq!(
        site.sent().len(),
        1,
        "the site would take it for a first comment"
    );
}

#[test]
fn a_strangers_comment_is_held_and_shown_to_its_author_until_it_is_approved() {
    let site = site();
    let env = site.reader(STRANGER);
    let (ran, told) = post(&env, "ferry", "From far away.", &[]);
    assert_eq!((ran.code, &told["status"]), (Some(0), &"held".into()));
    assert_eq!(told["id"], 14);
    assert_eq!(ids(&read(&env, "ferry", &["--refresh"])), [11, 12, 13]);
    assert!(printed(&env, "ferry").contains("You · held since"));
    site.change(|site| site.posts[0].comments[3].shown = Shown::Approved);
    assert_eq!(ids(&read(&env, "ferry", &["--refresh"])), [11, 12, 13, 14]);
    let shown = printed(&env, "ferry");
    assert_eq!(shown.matches("From far away.").count(), 1, "{shown}");
    assert!(!shown.contains("held since"), "{shown}");
}

#[test]
fn what_the_site_refuses_is_told_in_its_own_words_and_kept() {
    let long = "word ".repeat(14_000);
    let nothing: fn(&mut Site) = |_| ();
    let cases: [Case<'_>; 6] = [
        ("At noon.", "closed", |site| site.posts[0].is_open = false),
        ("At noon.", "logged in", |site| site.door = Door::Accounts),
        ("When does it leave?", "already said that", nothing),
        ("At noon.", "too quickly", |site| site.is_slowing = true),
        (&long, "too long", nothing),
        ("At noon.", "", |site| site.door = Door::Firewall),
    ];
    for (text, words, change) in cases {
        let site = site();
        let env = site.reader(KNOWN);
        assert_eq!(post(&env, "quay", "Before that.", &[]).0.code, Some(0));
        site.change(change);
        let (ran, told) = post(&env, "ferry", text, &[]);
        assert_eq!(
            (ran.code, &told["status"]),
            (Some(1), &"refused".into()),
            "{words}: {}",
            ran.err
        );
        let message = told["message"].as_str().unwrap();
        assert!(
            message.contains(words) && !message.is_empty(),
            "{words}: {message}"
        );
        assert_eq!((&told["id"], &told["url"]), (&Value::Null, &Value::Null));
        assert_eq!(site.post(7).comments.len(), 3, "{words}");
        let shown = printed(&env, "ferry");
        let start: String = text.chars().take(9).collect();
        assert!(
            shown.contains("You · refused") && shown.contains(start.trim()),
            "{words}: {shown}"
        );
    }
}

#[test]
fn without_a_name_an_address_or_a_text_nothing_is_sent_or_it_is_refused() {
    let cases = [
        ("", "At noon."),
        (
            "[comments]\nname = \"Runa\"\nemail = \"nonsense\"\n",
            "At noon.",
        ),
        (KNOWN, " \n"),
    ];
    for (settings, text) in cases {
        let site = site();
        let env = site.reader(settings);
        let (ran, told) = post(&env, "ferry", text, &[]);
        assert!(matches!(ran.code, Some(1 | 2)), "{settings}: {}", ran.out);
        assert!(told.is_null() || told["status"] == "refused", "{told}");
        assert!(!ran.err.is_empty() || told["message"] != "", "{settings}");
        assert_eq!(site.post(7).comments.len(), 3);
    }
}

#[test]
fn a_captcha_is_for_the_browser_and_nothing_is_sent() {
    let site = site();
    site.change(|site| site.door = Door::Captcha);
    let env = site.reader(KNOWN);
    let (ran, told) = post(&env, "ferry", "Am I a person?", &[]);
    assert_eq!((ran.code, &told["status"]), (Some(1), &"refused".into()));
    assert!(
        told["message"].as_str().unwrap().contains("browser"),
        "{told}"
    );
    assert!(site.sent().is_empty());
    assert!(printed(&env, "ferry").contains("Am I a person?"));
}

#[test]
fn a_field_that_the_pages_form_has_is_sent_with_it() {
    let site = site();
    site.change(|site| site.token = Some(("ak_js".to_owned(), "4711 & more".to_owned())));
    let env = site.reader(KNOWN);
    assert_eq!(
        post(&env, "ferry", "With the token.", &[]).1["status"],
        "published"
    );
    assert_eq!(site.sent()[0].field("ak_js"), Some("4711 & more"));
    assert_eq!(
        site.sent()[0].field("s"),
        None,
        "the search form is another one"
    );
}

#[test]
fn a_lost_answer_is_unknown_is_sent_no_more_and_found_again_when_the_reader_says_so() {
    let site = site();
    let env = site.reader(KNOWN);
    site.change(|site| site.door = Door::Lost);
    let (ran, told) = post(&env, "ferry", "Did it arrive?", &[]);
    assert_eq!((ran.code, &told["status"]), (Some(1), &"unknown".into()));
    assert!(printed(&env, "ferry").contains("unknown: sent, no answer"));
    assert_eq!(site.sent().len(), 1, "not tried a second time");
    site.change(|site| site.door = Door::Open);
    assert_eq!(super::refresh(&env, &["--force"]), None);
    assert_eq!(site.sent().len(), 1, "nor by a refresh");
    let (ran, told) = post(&env, "ferry", "Did it arrive?", &[]);
    assert_eq!(
        (ran.code, &told["status"]),
        (Some(0), &"published".into()),
        "409 proves it"
    );
    assert_eq!(told["id"], 14);
    assert_eq!(site.post(7).comments.len(), 4);
}

#[test]
fn a_request_that_was_cut_may_have_arrived() {
    let site = site();
    let env = site.reader(KNOWN);
    site.change(|site| site.door = Door::Cut);
    let (ran, told) = post(&env, "ferry", "Cut short.", &[]);
    assert_eq!((ran.code, &told["status"]), (Some(1), &"unknown".into()));
    assert_eq!(site.sent().len(), 1);
    site.change(|site| site.door = Door::Open);
    assert_eq!(
        post(&env, "ferry", "Cut short.", &[]).1["status"],
        "published"
    );
    assert_eq!(site.sent().len(), 2);
}

#[test]
fn offline_the_text_is_kept_and_the_same_command_sends_it_later() {
    let site = site();
    let env = site.reader(KNOWN);
    let asked = site.server().asked().len();
    let (ran, _) = post(&env, "ferry", "Written on the ferry.", &["--offline"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("error: offline"), "{}", ran.err);
    assert_eq!(site.server().asked().len(), asked);
    assert!(printed(&env, "ferry").contains("You · draft, not sent"));
    assert_eq!(super::refresh(&env, &["--force"]), None);
    assert!(
        site.sent().is_empty(),
        "nobody said that it may be sent later"
    );
    assert_eq!(
        post(&env, "ferry", "Written on the ferry.", &[]).1["status"],
        "published"
    );
    let shown = printed(&env, "ferry");
    assert!(!shown.contains("draft, not sent"), "{shown}");
}

#[test]
fn an_unreachable_site_is_said_and_the_text_is_kept() {
    let site = site();
    let env = site.reader(KNOWN);
    drop(site);
    let (ran, _) = post(&env, "ferry", "Nobody there.", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(
        ran.err.starts_with("error: ") && ran.err.contains("kept"),
        "{}",
        ran.err
    );
    assert!(printed(&env, "ferry").contains("Nobody there."));
}

#[test]
fn standard_input_is_a_file_too() {
    use std::io::Write;
    let site = site();
    let env = site.reader(KNOWN);
    let mut child = env
        .command(&["comments", &article(&env, "ferry"), "--post", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all("Blåbär.\n".as_bytes())
        .unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(site.sent()[0].field("comment"), Some("Blåbär."));
}

#[cfg(unix)]
#[test]
fn an_account_writes_through_the_interface_with_its_own_name() {
    let site = site();
    let env = site.reader(&account(&site));
    secret(&env, "abcd EFGH 1234");
    let (ran, told) = post(&env, "ferry", "By an account.", &["--reply-to", "12"]);
    assert_eq!(
        (ran.code, &told["status"], &told["id"]),
        (Some(0), &"published".into(), &14.into())
    );
    let sent = site.sent();
    assert!(sent[0].asked.target.starts_with("/wp-json/wp/v2/comments"));
    assert_eq!(
        (sent[0].field("post"), sent[0].field("parent")),
        (Some("7"), Some("12"))
    );
    assert_eq!(sent[0].field("content"), Some("By an account."));
    site.change(|site| site.door = Door::Accounts);
    assert_eq!(
        post(&env, "ferry", "Only for accounts.", &[]).1["status"],
        "published"
    );
    let again = post(&env, "ferry", "By an account.", &["--reply-to", "12"]);
    assert_eq!(
        (again.0.code, &again.1["status"]),
        (Some(1), &"refused".into())
    );
}

#[cfg(unix)]
#[test]
fn a_password_that_the_site_does_not_take_sends_nothing_and_stands_nowhere() {
    let site = site();
    let env = site.reader(&account(&site));
    secret(&env, "wrong words here");
    let (ran, told) = post(&env, "ferry", "By nobody.", &[]);
    assert_eq!((ran.code, &told["status"]), (Some(1), &"refused".into()));
    assert!(
        site.sent().is_empty(),
        "it doesn’t go out under another name"
    );
    let said = format!("{}{}{}", ran.out, ran.err, printed(&env, "ferry"));
    assert!(!said.contains("wrong words"), "{said}");
    assert!(said.contains("password"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_password_that_others_can_read_is_not_used() {
    let site = site();
    let env = site.reader(&account(&site));
    env.write("secret", "abcd EFGH 1234\n");
    let (ran, _) = post(&env, "ferry", "By an account.", &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("secret"), "{}", ran.err);
    assert!(site.sent().is_empty() && site.asked("users/me").is_empty());
}

#[cfg(unix)]
#[test]
fn passwords_go_to_the_accounts_own_site_alone() {
    let site = site();
    let other = super::site();
    let settings = account(&site).replace(&site.url("/"), &other.url("/"));
    let env = site.reader(&settings);
    secret(&env, "abcd EFGH 1234");
    assert_eq!(
        post(&env, "ferry", "By name.", &[]).1["status"],
        "published"
    );
    let questions = site.server().asked();
    assert!(
        questions
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
    assert!(other.server().asked().is_empty());
}

#[test]
fn a_form_that_leads_elsewhere_is_not_followed() {
    let site = site();
    let other = FakeWordPress::start();
    let env = site.reader(KNOWN);
    read(&env, "ferry", &[]);
    let link = site.change(|site| site.link(&site.posts[0]));
    let page = format!(
        "<html><body class='postid-7'><div id=respond><form id=commentform method=post action='{}'>\
         <textarea name=comment></textarea><input name=author><input name=email>\
         <input type=hidden name=comment_post_ID value=7><input type=hidden name=comment_parent value=0>\
         </form></div></body></html>",
        other.url("/wp-comments-post.php")
    );
    let path = url::Url::parse(&link).unwrap().path().to_owned();
    let html = Answer::ok(page).header("Content-Type", "text/html");
    site.server().answer(&path, html);
    let (ran, told) = post(&env, "ferry", "To whom?", &[]);
    assert_eq!((ran.code, &told["status"]), (Some(1), &"refused".into()));
    assert!(other.server().asked().is_empty() && site.sent().is_empty());
}

#[test]
fn a_closed_interface_hinders_nobody_from_writing() {
    let site = site();
    site.change(|site| site.rest = Rest::Closed(401));
    let env = site.reader(KNOWN);
    assert_eq!(
        post(&env, "ferry", "By the form.", &[]).1["status"],
        "published"
    );
    site.change(|site| site.is_pretty = false);
    let env = site.reader(KNOWN);
    assert_eq!(
        post(&env, "quay", "Without permalinks.", &[]).1["status"],
        "published"
    );
}
