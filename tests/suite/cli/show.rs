//! `gazette show`.

use serde_json::json;

use crate::support::env::TestEnv;
use crate::support::samples::{item, pillars, rss};

#[test]
fn five_pillars_hang_however_they_were_published() {
    for (name, html) in pillars() {
        let env = TestEnv::with_feed_file(&rss(&item(name, "A strategy", &html)));
        let text = env.run(&["show", "1", "--width", "40"]).out;
        for line in [
            "  1.  Shared platforms that are built",
            "      once and used everywhere by all",
            "      departments",
            "  2.  Better use of data",
            "  3.  Whole services",
            "  4.  People and skills",
            "  5.  Tools for civil servants",
        ] {
            assert!(
                text.lines().any(|got| got == line),
                "{name}: no line `{line}` in\n{text}"
            );
        }
        let shown = &env.json(&["show", "1", "--format", "json"])[0];
        assert_eq!(
            shown["lists"][0]["markers"].to_string(),
            r#"["1.","2.","3.","4.","5."]"#,
            "{name}"
        );
        assert_eq!(shown["lists"][0]["start"], 1, "{name}");
        assert_eq!(
            shown["lists"][0]["items"][1], "Better use of data",
            "{name}"
        );
    }
}

#[test]
fn the_page_goes_from_title_to_links() {
    let item = item(
        "1",
        "Press release: A plan",
        "<p>Read the <a href=\"/plan\">plan</a>, all of it.</p>",
    );
    let env = TestEnv::with_feed_file(&rss(&item
        .replace("24 Nov 2026", "3 Mar 2009")
        .replace("Tue, ", "")));
    assert_eq!(
        env.run(&["show", "1"]).out,
        "A plan\n\nPolicy Weekly · press release · 3 March 2009\nNews · 1 min\n\n\
         Read the plan[1], all of it.\n\nLinks\n  1  plan: policy.example/plan\n"
    );
}

#[test]
fn markdown_goes_from_title_to_attachments() {
    let item = item(
        "1",
        "Press release: A *plan*",
        "<p>Read <a href=\"/plan\">it</a>:</p><ol start=\"3\"><li>third</li></ol>",
    );
    let item = item.replace("24 Nov 2026", "3 Mar 2009").replace("Tue, ", "").replace(
        "</item>",
        "<enclosure url=\"https://policy.example/a.pdf\" type=\"application/pdf\" length=\"2000\"/></item>",
    );
    let env = TestEnv::with_feed_file(&rss(&item));
    assert_eq!(
        env.run(&["show", "1", "--format", "markdown"]).out,
        "# A \\*plan\\*\n\n\
         Policy Weekly · press release · 3 March 2009 · <https://policy.example/1>\\\n\
         News · 1 min\n\n\
         Read [it](https://policy.example/plan):\n\n3. third\n\n\
         ## Attachments\n\n- [application/pdf, 2 kB](https://policy.example/a.pdf)\n"
    );
}

#[test]
fn banners_stand_between_facts_and_text() {
    let feed = |text: &str| rss(&item("1", "A plan", text).replace("Nov 2026", "Nov 2009"));
    let head = |env: &TestEnv| -> String {
        let text = env.run(&["show", "1", "--width", "40"]).out;
        text.split("\n\n").skip(2).collect::<Vec<_>>().join("\n\n")
    };
    let env = TestEnv::with_feed_file(&feed("<p>The plan ties money to…</p>"));
    assert_eq!(
        head(&env),
        "┃ Only the summary is stored. D fetches\n┃ the whole article; offline, later\n\n\
         The plan ties money to…\n"
    );
    env.run(&["mark", "read", "1"]);
    env.write("feed.xml", feed("<p>The plan rests on five pillars.</p>"));
    env.run(&["refresh", "--force"]);
    let changed = head(&env).replace("\n┃", "");
    assert!(
        changed.starts_with("┃ Changed since you read it on "),
        "{changed}"
    );
    let end =
        ". v shows the changes; 1 earlier version is kept.\n\nThe plan rests on five pillars.\n";
    assert!(changed.ends_with(end), "{changed}");
}

#[test]
fn json_holds_text_html_links_and_lists() {
    let env = TestEnv::with_feed_file(&rss(&item(
        "g-1",
        "A plan",
        "<p onclick=\"x()\">Read <a href=\"/plan\">it</a>.<script>alert(1)</script></p><ol start=\"3\"><li>third</li></ol>\
         <h2>Two <em>*parts*</em></h2><blockquote><h3>One</h3></blockquote>",
    )));
    let shown = &env.json(&["show", "1", "--format", "json"])[0];
    assert_eq!(shown["guid"], "g-1");
    assert_eq!(shown["section"], "News");
    assert_eq!(shown["feed_title"], "Policy Weekly");
    assert_eq!(
        shown["text"],
        "Read it[1].\n\n  3.  third\n\nTwo *parts*\n\n  ▏ One"
    );
    assert_eq!(
        shown["links"],
        json!([{"n": 1, "url": "https://policy.example/plan", "text": "it"}])
    );
    assert_eq!(
        shown["lists"],
        json!([{"start": 3, "markers": ["3."], "items": ["third"]}])
    );
    assert_eq!(
        (
            &shown["source"],
            &shown["revisions"],
            &shown["reading_minutes"]
        ),
        (&"feed".into(), &0.into(), &1.into())
    );
    assert_eq!(
        shown["headings"],
        json!([{"level": 2, "text": "Two *parts*"}, {"level": 3, "text": "One"}])
    );
    let html = shown["html"].as_str().expect("html is text");
    assert!(
        !html.contains("script")
            && !html.contains("onclick")
            && html.contains("https://policy.example/plan"),
        "{html}"
    );
}

#[test]
fn nothing_in_an_article_acts_on_the_terminal() {
    let hostile = "a\u{9b}2J b &#27;[31mred &#x202e;txt &#155;1m c\u{7f}";
    let env = TestEnv::with_feed_file(&rss(&item("1", "T&#27;]0;owned&#7; \u{9d}x", hostile)));
    for arguments in [
        &["show", "1"][..],
        &["show", "1", "--format", "html"],
        &["show", "1", "--format", "markdown"],
        &["show", "1", "--format", "json"],
        &["list"],
        &["list", "--format", "json"],
    ] {
        let ran = env.run(arguments);
        assert_eq!(ran.code, Some(0));
        let decoded = match serde_json::from_str::<serde_json::Value>(&ran.out) {
            Ok(value) => strings(&value),
            Err(_) => ran.out,
        };
        let bad = decoded.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        assert_eq!(bad, None, "{arguments:?}: {decoded:?}");
    }
}

/// Returns all strings in a JSON value, decoded.
fn strings(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("{text}\n"),
        serde_json::Value::Array(values) => values.iter().map(strings).collect(),
        serde_json::Value::Object(fields) => fields.values().map(strings).collect(),
        _ => String::new(),
    }
}

#[test]
fn no_line_is_wider_than_asked() {
    let html = "<p>Supercalifragilisticexpialidocious https://policy.example/a/very/long/address/that/goes/on?and=on&amp;on=yes</p>\
                <table><tr><th>Department</th><th>Budget</th></tr><tr><td>Environment, food and rural affairs</td><td>1,200.5</td></tr></table>\
                <blockquote><ol><li>One<ol><li>Two<ul><li>Three</li></ul></li></ol></li></ol></blockquote>";
    let env = TestEnv::with_feed_file(&rss(&item(
        "1",
        "A title with extraordinarily long words",
        html,
    )));
    for width in [20, 33, 76] {
        let text = env.run(&["show", "1", "--width", &width.to_string()]).out;
        for line in text.lines() {
            assert!(
                gazette::model::text::display_width(line) <= width,
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn an_article_that_is_not_there_is_wrong_use() {
    let env = TestEnv::with_feed_file(&rss(""));
    let ran = env.run(&["show", "7"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "error: no article has the id 7\n  hint: `gazette list` shows the ids\n"
    );
    assert_eq!(env.run(&["show", "1", "--width", "19"]).code, Some(2));
}
