use url::Url;

use super::*;
use crate::model::comment::{Why, Words};
use crate::threads::form::{Form, NoForm, encode, form};

fn page() -> Url {
    Url::parse("https://example.org/2026/post/").unwrap()
}

fn words() -> Words {
    Words {
        name: "Ilse Bram".to_owned(),
        email: "ilse@example.org".to_owned(),
        text: "Well said.".to_owned(),
    }
}

/// The stock form with this in place of its text, and this after its other fields.
fn around(text: &str, more: &str) -> String {
    format!(
        "<body><div id=respond class=comment-respond><form action='/wp-comments-post.php' \
         method=post id=commentform novalidate>{text}\
         <p><label for=author>Name</label><input id=author name=author type=text required>\
         <p><label for=email>Email</label><input id=email name=email type=email required>\
         <p><input id=url name=url type=url>\
         <p><input name=wp-comment-cookies-consent type=checkbox value=yes>\
         <label>Save my name.</label>{more}\
         <p><input name=submit type=submit value='Post Comment'>\
         <input type=hidden name=comment_post_ID value=27>\
         <input type=hidden name=comment_parent value=0></form></div>"
    )
}

const TEXT: &str = "<p><label for=comment>Comment <span class=required>*</span></label>\
    <textarea id=comment name=comment required></textarea>";

fn stock(more: &str) -> String {
    around(TEXT, more)
}

fn read(html: &str) -> Form {
    form(html, &page()).unwrap()
}

/// What is sent, as `name=value`, for a reply to 58.
fn sent(html: &str) -> Vec<String> {
    let fields = read(html).fill(&words(), Some(58));
    let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
    fields.collect()
}

#[track_caller]
fn check_sends(html: &str, expected: &[&str]) {
    assert_eq!(sent(html), expected);
}

#[track_caller]
fn check_none(html: &str, why: Why, words: &str) {
    let expected = NoForm {
        why,
        words: words.to_owned(),
    };
    assert_eq!(form(html, &page()), Err(expected));
}

const STOCK: [&str; 7] = [
    "comment=Well said.",
    "author=Ilse Bram",
    "email=ilse@example.org",
    "url=",
    "submit=Post Comment",
    "comment_post_ID=27",
    "comment_parent=58",
];

/// What is sent of the stock form with these fields before its button.
fn with(more: &[&'static str]) -> Vec<&'static str> {
    let mut all = STOCK.to_vec();
    all.splice(4..4, more.iter().copied());
    all
}

#[test]
fn the_stock_form_is_sent_as_a_browser_sends_it() {
    check_sends(&stock(""), &STOCK);
    let read = read(&stock(""));
    assert_eq!(
        read.action.as_str(),
        "https://example.org/wp-comments-post.php"
    );
    assert_eq!(read.post, Some(27));
    let first = read.fill(&words(), None);
    assert_eq!(first[6], ("comment_parent".to_owned(), "0".to_owned()));
}

#[test]
fn saved_pages_have_their_forms() {
    for (name, post) in [
        ("pages/threads", Some(27)),
        ("pages/replytocom", Some(27)),
        ("pages/block-theme-threads", Some(27)),
        ("pages/deeper", Some(35)),
        ("pages/hostile", Some(38)),
        ("pages/300-page-1", Some(37)),
        ("pages/300-page-newest", Some(37)),
        ("pages/block-theme-300", Some(37)),
        ("form/success-page", Some(27)),
        ("form/awaiting-moderation-page", Some(27)),
    ] {
        let Some(html) = saved(&format!("{name}.html")) else {
            return;
        };
        let html = String::from_utf8(html).unwrap();
        let page = Url::parse("http://127.0.0.1:8901/2026/10/post/").unwrap();
        let form = form(&html, &page).unwrap_or_else(|none| panic!("{name}: {none:?}"));
        assert_eq!(
            form.action.as_str(),
            "http://127.0.0.1:8901/wp-comments-post.php",
            "{name}"
        );
        assert_eq!(form.post, post, "{name}");
        let post = format!("comment_post_ID={}", post.unwrap());
        let mut expected = STOCK.to_vec();
        expected[5] = &post;
        let fields = form.fill(&words(), Some(58));
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(fields, expected, "{name}");
    }
}

#[test]
fn saved_pages_without_a_form_say_why() {
    let page = Url::parse("http://127.0.0.1:8901/2026/10/post/").unwrap();
    for (name, why, words) in [
        ("pages/closed", Why::Closed, "Comments are closed."),
        (
            "pages/registration-required",
            Why::MustLogIn,
            "You must be logged in to post a comment.",
        ),
        (
            "pages/front",
            Why::Other,
            "the page has no form for comments",
        ),
        (
            "pages/by-id-redirect",
            Why::Other,
            "the page has no form for comments",
        ),
    ] {
        let Some(html) = saved(&format!("{name}.html")) else {
            return;
        };
        let none = form(&String::from_utf8(html).unwrap(), &page).unwrap_err();
        assert_eq!((none.why, &*none.words), (why, words), "{name}");
    }
}

#[test]
fn a_page_without_a_form_says_why() {
    check_none("", Why::Other, "the page has no form for comments");
    check_none(
        "<p class='no-comments'>Kommentare sind  geschlossen&#46;</p>",
        Why::Closed,
        "Kommentare sind geschlossen.",
    );
    check_none(
        "<div id=respond><p>Erst <a href='/wp-login.php?redirect_to=x'>anmelden</a>.</div>",
        Why::MustLogIn,
        "Erst anmelden.",
    );
    // A link to log in says nothing of comments elsewhere on the page.
    check_none(
        "<p><a href='/wp-login.php'>Log in</a>",
        Why::Other,
        "the page has no form for comments",
    );
    let long = format!("<p class=no-comments>{}", "a".repeat(400));
    let words = form(&long, &page()).unwrap_err().words;
    assert_eq!(words.chars().count(), 300);
    check_none(
        "<p class=no-comments>Closed\u{1b}[31m, \u{202e}they say<script>x</script>",
        Why::Closed,
        "Closed, they say",
    );
}

#[test]
fn a_form_goes_to_the_very_site_of_its_page_or_nowhere() {
    let to = |action: &str| stock("").replace("/wp-comments-post.php", action);
    let check = |page: &str, action: &str, expected: Option<&str>| {
        let form = form(&to(action), &Url::parse(page).unwrap());
        let form = form
            .map(|form| form.action.to_string())
            .map_err(|none| none.why);
        assert_eq!(
            form,
            expected.map(str::to_owned).ok_or(Why::Other),
            "{action}"
        );
    };
    let page = "https://example.org/a/";
    check(
        page,
        "wp-comments-post.php#x",
        Some("https://example.org/a/wp-comments-post.php"),
    );
    check(page, "//example.org:443/c", Some("https://example.org/c"));
    check(page, "https://other.example/c", None);
    check(page, "https://www.example.org/c", None);
    check(page, "https://example.org:444/c", None);
    check(page, "http://example.org/c", None);
    check(page, "javascript:alert(1)", None);
    check(page, "https://", None);
    check(page, "ftp://example.org/c", None);
    check(
        "http://example.org/a/",
        "https://example.org/c",
        Some("https://example.org/c"),
    );
    check("http://example.org/a/", "https://other.example/c", None);
    check("http://127.0.0.1:8901/", "http://127.0.0.1:8902/c", None);
    // What was written into an address isn't sent as a password.
    check(
        "https://a:b@example.org/",
        "/c",
        Some("https://example.org/c"),
    );
    let based = format!("<base href='https://other.example/'>{}", stock(""));
    assert_eq!(form(&based, &self::page()).unwrap_err().why, Why::Other);
    let got = stock("").replace("method=post", "method=get");
    assert_eq!(form(&got, &self::page()).unwrap_err().why, Why::Other);
}

#[test]
fn a_form_is_known_by_its_action_too() {
    let renamed = stock("").replace("id=commentform", "id=reply-form");
    check_sends(&renamed, &STOCK);
    let other =
        format!("<form action=/search method=post><textarea name=q></textarea></form>{renamed}");
    check_sends(&other, &STOCK);
    let neither = renamed.replace("/wp-comments-post.php", "/comment/reply/12");
    check_none(&neither, Why::Other, "the page has no form for comments");
    let framed = "<form id=commentform method=post action=''><iframe src=https://x.example/></iframe></form>";
    check_none(
        framed,
        Why::Other,
        "the page’s form for comments has no field for a text",
    );
}

#[test]
fn hidden_fields_are_sent_as_the_page_gave_them() {
    let akismet = "<p style='display: none !important;' class=akismet-fields-container>\
        <label>Δ<textarea name=ak_hp_textarea></textarea></label>\
        <input type=hidden id=ak_js_1 name=ak_js value=123><script>1</script></p>";
    check_sends(&stock(akismet), &with(&["ak_hp_textarea=", "ak_js=123"]));
    // The page that a link to reply leads to has the number already.
    let replies = stock("").replace("comment_parent value=0", "comment_parent value=12");
    check_sends(&replies, &STOCK);
    let without = stock("").replace("<input type=hidden name=comment_parent value=0>", "");
    check_sends(&without, &STOCK);
}

#[test]
fn consent_subscriptions_and_other_places_are_never_sent() {
    check_sends(
        &stock(
            "<input type=hidden name=redirect_to value=/thanks>\
             <input type=checkbox name=subscribe_comments value=subscribe checked>\
             <input type=checkbox name=subscribe_blog value=subscribe>\
             <select name=subscribe-reloaded><option value=yes>All</select>\
             <input type=checkbox name=site_newsletter checked>\
             <input type=checkbox name=wp-comment-cookies-consent value=yes checked>",
        ),
        &STOCK,
    );
}

#[test]
fn what_the_page_has_chosen_is_sent() {
    check_sends(
        &stock(
            "<input type=checkbox name=a value=1 checked><input type=checkbox name=b value=1>\
             <input type=radio name=c value=1><input type=radio name=c value=2 checked>\
             <select name=d><option disabled>0<option>1<option selected value=2>two</select>\
             <select name=e><option disabled>0<option> 1 <option>2</select>\
             <select name=f multiple><option>1<option selected>2<option selected>3</select>\
             <input name=g value=preset><input name=h disabled><input>\
             <fieldset disabled><input name=i></fieldset><button name=j value=1 type=button>x</button>",
        ),
        &with(&["a=1", "c=2", "d=2", "e=1", "f=2", "f=3", "g=preset"]),
    );
    // A browser sends the one button that was pressed.
    check_sends(
        &stock("<button name=preview value=1>Preview</button>"),
        &STOCK,
    );
    // A form may have fields elsewhere.
    let apart = format!(
        "{}<input form=commentform type=hidden name=z value=9>",
        stock("")
    );
    assert_eq!(sent(&apart).last().unwrap(), "z=9");
}

#[test]
fn the_text_goes_where_a_person_would_write_it() {
    let check = |text: &str, expected: &[&str]| {
        let fields = sent(&around(text, ""));
        assert_eq!(fields[..fields.len() - 6], *expected, "{text}");
    };
    let trap = "padding:0 !important;clip:rect(1px, 1px, 1px, 1px) !important;position:absolute !important;height:1px !important";
    check(
        &format!(
            "<textarea name=b4f2 required></textarea><textarea name=comment aria-hidden=true style='{trap}'></textarea>"
        ),
        &["b4f2=Well said.", "comment="],
    );
    for hidden in [
        "style='display:none'",
        "style='position: absolute; left: -9999px'",
        "style='opacity:0'",
        "style='visibility : hidden'",
        "hidden",
        "tabindex=-1",
        "aria-hidden=true",
        "class='x my-honeypot'",
    ] {
        check(
            &format!(
                "<textarea {hidden} name=comment required></textarea><textarea name=b required></textarea>"
            ),
            &["comment=", "b=Well said."],
        );
        if hidden != "tabindex=-1" {
            check(
                &format!(
                    "<div {hidden}><p><textarea name=comment required></textarea></div><textarea name=b></textarea>"
                ),
                &["comment=", "b=Well said."],
            );
        }
    }
    check(
        "<textarea name=comment></textarea><textarea name=b></textarea>",
        &["comment=Well said.", "b="],
    );
    // A form that is shown once somebody clicks.
    check(
        "<div style='display:none'><textarea name=comment></textarea></div>",
        &["comment=Well said."],
    );
    let folded = stock("").replace("<form ", "<form style='display:none' ");
    check_sends(&folded, &STOCK);
}

#[test]
fn name_and_address_are_found_where_they_are_called_otherwise() {
    let renamed = stock("")
        .replace("id=author name=author", "autocomplete=name name=x1")
        .replace("id=email name=email", "name=x2")
        .replace(
            "</form>",
            "<p style='display:none'><input name=email><input name=author></p></form>",
        );
    let fields = sent(&renamed);
    assert_eq!(fields[1..3], ["x1=Ilse Bram", "x2=ilse@example.org"]);
    assert_eq!(fields[7..], ["email=", "author="]);
    // Who isn't asked doesn't say.
    let nameless = "<form id=commentform method=post action=/wp-comments-post.php><textarea name=comment></textarea></form>";
    check_sends(nameless, &["comment=Well said.", "comment_parent=58"]);
}

#[test]
fn what_tells_people_from_programs_needs_a_browser() {
    for widget in [
        "<div class=g-recaptcha data-sitekey=x></div>",
        "<div class=h-captcha></div>",
        "<div class=cf-turnstile></div>",
        "<div class=frc-captcha></div>",
        "<div id=mcaptcha__widget-container></div>",
        "<altcha-widget></altcha-widget>",
        "<div data-sitekey=x></div>",
        "<script src='https://www.google.com/recaptcha/api.js'></script>",
        "<input type=hidden name=g-recaptcha-response>",
        "<input name=si_captcha_code>",
    ] {
        check_none(&stock(widget), Why::Captcha, "");
    }
    check_none(
        &stock(
            "<p><label for=m>3 + 4 = ? <i class=required>*</i></label><input id=m name=cptch_number required>",
        ),
        Why::Captcha,
        "3 + 4 = ? *",
    );
    check_none(
        &stock(
            "<label>Seven and <b class=required>two</b>? <input name=answer type=number></label>",
        ),
        Why::Captcha,
        "Seven and two?",
    );
    check_none(
        &stock("<input name=answer aria-required=true>"),
        Why::Captcha,
        "",
    );
    // Elsewhere on the page it is for something else.
    let elsewhere = format!("<div class=g-recaptcha></div>{}", stock(""));
    check_sends(&elsewhere, &STOCK);
    // What is there to be left empty, and what may be.
    check_sends(
        &stock("<p style='display:none'><input name=trap required></p><input name=town>"),
        &with(&["trap=", "town="]),
    );
}

#[test]
fn what_only_the_reader_can_decide_needs_a_browser() {
    check_none(
        &stock(
            "<p><input type=checkbox name=gdpr id=g required><label for=g>I accept the <a href=/p>privacy policy</a>.</label>",
        ),
        Why::Other,
        "the page asks for more: I accept the privacy policy.",
    );
    check_none(
        &stock("<label><input type=checkbox name=gdpr> I agree <b class=required>*</b></label>"),
        Why::Other,
        "the page asks for more: I agree *",
    );
    let asks = "the page asks for more: x";
    check_none(
        &stock("<input type=radio name=x value=1 required>"),
        Why::Other,
        asks,
    );
    check_none(
        &stock("<select name=x required><option value=''>Choose<option>1</select>"),
        Why::Other,
        asks,
    );
    check_none(
        &stock("<input type=file name=x required>"),
        Why::Other,
        asks,
    );
    check_sends(
        &stock(
            "<input type=radio name=x value=1 required><input type=radio name=x value=2 checked>",
        ),
        &with(&["x=2"]),
    );
}

#[test]
fn fields_are_encoded_as_browsers_do() {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let fields = [
        field("comment", "Pâté & \u{1f389}\n\none\r\ntwo\rthree =+*-._~"),
        field("a[b]", ""),
    ];
    assert_eq!(
        String::from_utf8(encode(&fields)).unwrap(),
        "comment=P%C3%A2t%C3%A9+%26+%F0%9F%8E%89%0D%0A%0D%0Aone%0D%0Atwo%0D%0Athree+%3D%2B*-._%7E&a%5Bb%5D="
    );
    assert!(encode(&[]).is_empty());
}

#[test]
fn hostile_pages_are_read_in_time() {
    // Quadratic, each of these would take far longer than all other tests.
    let many = 25_000;
    let inputs: String = (0..many)
        .map(|i| format!("<input name=a{i} id=a{i}>"))
        .collect();
    assert_eq!(read(&stock(&inputs)).fill(&words(), None).len(), many + 7);
    let labels: String = (0..many).map(|i| format!("<label for=a{i}>x")).collect();
    let one_label = format!(
        "<label>{}{inputs}</label>",
        "<b class=required>x</b>".repeat(1000)
    );
    assert_eq!(
        form(&stock(&one_label), &page()).unwrap_err().why,
        Why::Captcha
    );
    let boxes = "<input type=radio name=a>".repeat(many);
    let options = "<option>x".repeat(many);
    let areas = "<textarea name=b></textarea>".repeat(many);
    let classes = format!(
        "<div class='{}' style='{}'>",
        "x ".repeat(many),
        "left:1;".repeat(many)
    );
    for more in [
        format!("{labels}{inputs}"),
        boxes,
        format!("<select name=c>{options}</select>"),
        areas,
        classes,
        "<div style=left:-1px>".repeat(many),
        "<label>".repeat(many),
        "<select><optgroup>".repeat(many),
        "<p class=no-comments>".repeat(many),
        "<form id=commentform>".repeat(many),
        "<a href=wp-login>".repeat(many),
        format!(
            "<input {}>",
            (0..many).map(|i| format!(" a{i}=1")).collect::<String>()
        ),
    ] {
        let _ = form(&stock(&more), &page());
        let _ = form(&more, &page());
    }
}

#[test]
fn broken_pages_are_read() {
    for cut in 0..stock("").len() {
        if let Some(page) = stock("").get(..cut) {
            let _ = form(page, &self::page());
        }
    }
    let _ = form(&stock(""), &Url::parse("data:,x").unwrap()).unwrap_err();
    let _ = form(
        "<base href='http://['><form id=commentform method=post action='http://['>",
        &page(),
    );
}
