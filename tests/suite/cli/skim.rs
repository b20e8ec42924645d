//! `gazette show --skim`: an article at a glance.

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};

const BODY: &str = "<p>The plan rests on five pillars. They are these:</p><ul><li>no number</ul>\
    <ol start=\"9\"><li><p>Shared platforms. Build once, use everywhere.</p><p>More of it.</p>\
    <li>Better use of data, with one register of who holds what and a chief data officer in each \
    department<li>Tools</ol><ol><li>Another list</ol><p>Unions welcomed it.</p>";

fn skimmed(body: &str) -> TestEnv {
    let item = item("1", "Press release: A plan", body);
    TestEnv::with_feed_file(&rss(&item
        .replace("24 Nov 2026", "3 Mar 2009")
        .replace("Tue, ", "")))
}

const SKIM: &str = "A plan\n\nPolicy Weekly · press release\n3 March 2009\nNews · 1 min\n\n\
     The plan rests on five pillars.\n\n   9.  Shared platforms\n  \
     10.  Better use of data, with one…\n  11.  Tools";

#[test]
fn standfirst_and_the_first_line_of_each_item_are_shown() {
    let env = skimmed(BODY);
    let text = env.run(&["show", "1", "--skim", "--width", "36"]).out;
    assert_eq!(text, format!("{SKIM}\n"));
    for width in ["20", "25"] {
        let text = env.run(&["show", "1", "--skim", "--width", width]).out;
        let limit = width.parse().unwrap();
        for line in text.lines() {
            assert!(gazette::model::text::display_width(line) <= limit, "{line}");
        }
        // Title, its facts, standfirst, three items of one line each.
        let items = text.lines().filter(|line| line.starts_with("  "));
        assert_eq!(items.count(), 3, "{text}");
    }
}

#[test]
fn json_has_the_skim_as_its_text_and_everything_else_as_ever() {
    let env = skimmed(BODY);
    let printed = env.run(&["show", "1", "--skim", "--width", "36"]).out;
    let arguments = ["show", "1", "--skim", "--width", "36", "--format", "json"];
    let shown = &env.json(&arguments)[0];
    assert_eq!(shown["text"].as_str().unwrap(), printed.trim_end());
    let mut whole = env.json(&["show", "1", "--format", "json"]).remove(0);
    whole["text"] = shown["text"].clone();
    assert_eq!(shown, &whole);
}

#[test]
fn markdown_has_the_same() {
    assert_eq!(
        skimmed(BODY)
            .run(&["show", "1", "--skim", "--format", "markdown"])
            .out,
        "# A plan\n\n\
         Policy Weekly · press release · 3 March 2009 · <https://policy.example/1>\\\nNews · 1 min\n\n\
         The plan rests on five pillars.\n\n\
         9. Shared platforms\n10. Better use of data, with one register of who holds what and a \
         chief data officer in each department\n11. Tools\n"
    );
}

#[test]
fn without_a_numbered_list_the_first_sentence_is_all() {
    let text = skimmed("<p>It is “done.” So they say.</p>")
        .run(&["show", "1", "--skim"])
        .out;
    assert!(text.ends_with("\n\nIt is “done.”\n"), "{text}");
    let text = skimmed("<ul><li>One</ul>")
        .run(&["show", "1", "--skim"])
        .out;
    assert!(text.ends_with("\nNews · 1 min\n"), "{text}");
}

#[test]
fn a_banner_takes_one_line() {
    let env = skimmed("<p>The plan ties money to…</p>");
    let text = env.run(&["show", "1", "--skim", "--width", "36"]).out;
    let banner = "\n\n┃ Only the summary is stored. D…\n\nThe plan ties money to…\n";
    assert!(text.ends_with(banner), "{text}");
}

#[test]
fn it_is_no_html() {
    let ran = skimmed(BODY).run(&["show", "1", "--skim", "--format", "html"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
}
