//! `gazette show --changes`: an earlier text beside today's.

use serde_json::json;

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};

const OLD: &str =
    "<p>Answers close on 1 May.</p><ol><li>Shared platforms<li>Whole services</ol><p>The end.</p>";
const NEW: &str = "<p>Answers close on 8 June.</p><ol><li>Shared platforms<li>Whole services<li>People</ol><p>The end.</p>";

/// Makes a cache in which an article that was read has another text now.
fn updated() -> TestEnv {
    let feed = |text: &str| rss(&item("1", "Press release: A plan", text));
    let env = TestEnv::with_feed_file(&feed(OLD));
    env.run(&["mark", "read", "1"]);
    env.write("feed.xml", feed(NEW));
    assert_eq!(env.run(&["refresh", "--force"]).code, Some(0));
    env
}

#[test]
fn words_that_came_and_went_are_marked() {
    let ran = updated().run(&["show", "1", "--changes", "--width", "40"]);
    let text = ran.out;
    assert!(text.starts_with("A plan\n\nChanges since "), "{text}");
    let end = "\n1 earlier version is kept\n\n\
        Answers close on [-1 May.-] {+8 June.+}\n\n  1.  Shared platforms\n  2.  Whole services\n  \
        3.  {+People+}\n\nThe end.\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn json_names_every_piece() {
    let same = |text: &str| json!({"kind": "same", "old": text, "new": text});
    assert_eq!(
        updated().json(&["show", "1", "--changes", "--format", "json"]),
        [json!({
            "id": 1,
            "revisions": 1,
            "changes": [
                same("A plan"),
                {"kind": "changed", "old": "Answers close on 1 May.", "new": "Answers close on 8 June."},
                same("1. Shared platforms"),
                same("2. Whole services"),
                {"kind": "added", "old": null, "new": "3. People"},
                same("The end."),
            ]
        })]
    );
}

#[test]
fn markdown_strikes_out_and_stresses() {
    let text = updated()
        .run(&["show", "1", "--changes", "--format", "markdown"])
        .out;
    let end = "\n\nAnswers close on ~~1 May.~~ **8 June.**\n\n\
        1. Shared platforms\n2. Whole services\n3. **People**\n\nThe end.\n";
    assert!(
        text.starts_with("# A plan\n\n") && text.ends_with(end),
        "{text}"
    );
}

#[test]
fn the_text_that_was_read_last_is_compared() {
    let env = updated();
    let third = NEW.replace("8 June", "9 June");
    env.write("feed.xml", rss(&item("1", "A plan", &third)));
    env.run(&["refresh", "--force"]);
    let text = env.run(&["show", "1", "--changes"]).out;
    assert!(text.contains("close on [-1 May.-] {+9 June.+}"), "{text}");
    assert!(text.contains("2 earlier versions are kept"), "{text}");
}

#[test]
fn without_an_earlier_text_it_says_so() {
    let env = TestEnv::with_feed_file(&rss(&item("1", "A plan", OLD)));
    for format in ["text", "markdown"] {
        let ran = env.run(&["show", "1", "--changes", "--format", format]);
        let said = "No earlier version of this article is kept.\n";
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), said));
    }
    assert_eq!(
        env.json(&["show", "1", "--changes", "--format", "json"]),
        [json!({"id": 1, "revisions": 0, "changes": []})]
    );
    assert_eq!(env.run(&["show", "7", "--changes"]).code, Some(2));
}

#[test]
fn it_goes_with_neither_skim_nor_html() {
    let env = updated();
    let ran = env.run(&["show", "1", "--changes", "--skim"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    let ran = env.run(&["show", "1", "--changes", "--format", "html"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "error: `--changes` can't be printed as HTML\n  \
         hint: text, markdown and json are the formats that it has\n"
    );
}

#[test]
fn nothing_in_an_earlier_text_acts_on_the_terminal() {
    let hostile = "a\u{9b}2J b &#27;[31mred &#x202e;txt &#155;1m c\u{7f}";
    let env = TestEnv::with_feed_file(&rss(&item("1", "T&#27;]0;owned&#7; \u{9d}x", hostile)));
    env.write("feed.xml", rss(&item("1", "Harmless", "<p>Harmless</p>")));
    env.run(&["refresh", "--force"]);
    for format in ["text", "markdown", "json"] {
        let ran = env.run(&["show", "1", "--changes", "--format", format]);
        assert_eq!(ran.code, Some(0));
        let bad = ran.out.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        assert_eq!(bad, None, "{format}: {:?}", ran.out);
    }
}
