#![allow(clippy::unwrap_used, clippy::panic)]
//! What is taken for the same piece, how changes are shown, and that no word is lost.

use jiff::tz::TimeZone;

use super::super::tests::{article, moment};
use super::*;
use crate::model::article::Visit;
use crate::model::text::display_width;

const OLD: &str = "<p>Departments will have to explain why, by May.</p>\
    <h2>The pillars</h2><ol><li>Shared platforms<li>Whole services<li>People and skills</ol>\
    <table><tr><th>Pillar<th>Cost<tr><td>Data<td>3<tr><td>People<td>5</table>\
    <blockquote>It will work, they say.</blockquote><pre>one  two\n  three</pre>";

fn revision(title: &str, html: &str) -> Revision {
    Revision {
        replaced_at: moment("2026-11-19T10:00:00Z"),
        title: title.to_owned(),
        html: html.to_owned(),
    }
}

/// Compares two texts under one title.
fn comparison(old: &str, new: &str) -> Comparison {
    let mut article = article(new);
    article.revisions = 1;
    let revision = revision(&article.head.title, old);
    Comparison::new(&article, &super::super::document(&article), &[revision]).unwrap()
}

fn setting(width: usize) -> Setting<'static> {
    static UTC: TimeZone = TimeZone::UTC;
    Setting {
        width,
        now: moment("2026-11-24T12:00:00Z"),
        zone: &UTC,
    }
}

/// Returns the lines under the head.
fn lines(comparison: &Comparison, width: usize) -> Vec<String> {
    let sheet = comparison.lay_out(&setting(width));
    sheet.body.lines.iter().map(Line::text).collect()
}

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(lines(&comparison(old, new), 60), expected);
}

#[test]
fn words_that_came_and_went_are_marked() {
    check(
        "<p>All have to explain why, by May.",
        "<p>All have to explain to the House why, by June.",
        &[
            "All have to explain {+to the House+} why, by [-May.-]",
            "{+June.+}",
        ],
    );
    check(
        "<p>One, two and three",
        "<p>Two and three",
        &["[-One, two-] {+Two+} and three"],
    );
}

#[test]
fn whole_pieces_come_and_go() {
    check(
        "<p>It opens on Monday.<p>Bring your own bread and butter.<p>It ends at nine.",
        "<p>It opens on Monday.<p>It ends at nine.<p>Dogs are welcome.",
        &[
            "It opens on Monday.",
            "",
            "[-Bring your own bread and butter.-]",
            "",
            "It ends at nine.",
            "",
            "{+Dogs are welcome.+}",
        ],
    );
    check(
        "<p>Nothing of this is left",
        "<p>Wholly different words instead",
        &[
            "[-Nothing of this is left-]",
            "",
            "{+Wholly different words instead+}",
        ],
    );
}

#[test]
fn what_is_unchanged_is_counted_beyond_one_piece_beside_a_change() {
    let text = |last: &str| {
        let many: String = (1..=6).map(|n| format!("<p>Paragraph {n}.")).collect();
        format!("<p>Begins {last}.{many}<p>Ends {last}.")
    };
    check(
        &text("now"),
        &text("later"),
        &[
            "Begins [-now.-] {+later.+}",
            "",
            "Paragraph 1.",
            "",
            "… 4 paragraphs unchanged",
            "",
            "Paragraph 6.",
            "",
            "Ends [-now.-] {+later.+}",
        ],
    );
}

#[test]
fn items_keep_their_markers_and_say_which_they_had() {
    check(
        "<ol><li>Shared platforms<li>Whole services<li>People and skills</ol>",
        "<ol><li>Shared platforms<li>Better use of data<li>Whole services<li>People and skills</ol>",
        &[
            "            1.  Shared platforms",
            "            2.  {+Better use of data+}",
            "  [-2.-]{+3.+}  Whole services",
            "  [-3.-]{+4.+}  People and skills",
        ],
    );
    check(
        "<ul><li>One<ol type=a><li>first of these<li>second of these</ol></ul><p>End",
        "<ul><li>One<ol type=a><li>first of these<li>second of those</ol></ul><p>End",
        &[
            "… 1 paragraph unchanged",
            "",
            "    a.  first of these",
            "    b.  second of [-these-] {+those+}",
            "",
            "End",
        ],
    );
}

#[test]
fn rows_quotes_code_and_headings_are_compared() {
    let new = OLD
        .replace("The pillars", "The five pillars")
        .replace("<td>3", "<td>4")
        .replace("It will", "It may")
        .replace("  three", "    three");
    check(
        OLD,
        &new,
        &[
            "Departments will have to explain why, by May.",
            "",
            "The {+five+} pillars",
            "",
            "  1.  Shared platforms",
            "",
            "… 2 paragraphs unchanged",
            "",
            "Pillar | Cost",
            "",
            "Data | [-3-] {+4+}",
            "",
            "People | 5",
            "",
            "  ▏ It [-will-] {+may+} work, they say.",
            "",
            "  one  two",
            "  [-  -]{+    +}three",
        ],
    );
}

#[test]
fn scripts_without_blanks_are_compared_by_character() {
    check(
        "<p>政府は新しい計画を発表",
        "<p>政府は古い計画を発表",
        &["政府は[-新し-]{+古+}い計画を発表"],
    );
}

#[test]
fn the_head_names_the_day_and_how_many_texts_are_kept() {
    let mut article = article("<p>New words here");
    article.head.title = "Press release: A new plan".to_owned();
    article.revisions = 2;
    let document = super::super::document(&article);
    let revisions = [
        revision("A plan", "<p>Words here"),
        Revision {
            replaced_at: moment("2026-11-02T10:00:00Z"),
            ..revision("First", "<p>First words")
        },
    ];
    let head = |article: &Article| -> Vec<String> {
        let comparison = Comparison::new(article, &document, &revisions).unwrap();
        let sheet = comparison.lay_out(&setting(60));
        sheet.head.iter().map(Line::text).collect()
    };
    assert_eq!(
        head(&article),
        [
            "A {+new+} plan",
            "",
            "Changes since 19 November 2026 · 2 earlier versions are kept",
            ""
        ]
    );
    // The text that the reader saw is the one that was replaced next.
    let mut visit = |at| {
        article.visit = Some(Visit {
            at: moment(at),
            notes_until: None,
            before: None,
        });
        let head = head(&article);
        let since = head[2].split(" · ").next().unwrap_or_default();
        format!("{} / {since}", head[0])
    };
    assert_eq!(
        visit("2026-11-01T08:00:00Z"),
        "[-First-] {+A new plan+} / Changes since 1 November 2026"
    );
    assert_eq!(
        visit("2026-11-02T10:00:01Z"),
        "A {+new+} plan / Changes since 2 November 2026"
    );
    assert_eq!(
        visit("2026-11-20T10:00:00Z"),
        "A {+new+} plan / Changes since 19 November 2026"
    );
}

#[test]
fn a_text_whose_words_are_the_same_says_so() {
    check(
        "<p>The <a href=/a>plan</a>",
        "<p>The <b><a href=/b>plan</a></b>",
        &["No word changed: links or formatting did."],
    );
    let article = article("<p>Text");
    let document = super::super::document(&article);
    assert!(Comparison::new(&article, &document, &[]).is_none());
}

#[test]
fn markdown_strikes_out_and_stresses() {
    let new = OLD
        .replace("by May.", "by *June*.")
        .replace("<li>Whole", "<li>Data<li>Whole");
    assert_eq!(
        comparison(OLD, &new).markdown(&setting(60)),
        "# Delayed digital plan asks departments to act as one\n\n\
         Changes since 19 November 2026 · 1 earlier version is kept\n\n\
         Departments will have to explain why, by ~~May.~~ **\\*June\\*.**\n\n\
         ## The pillars\n\n\
         1. Shared platforms\n2. **Data**\n3. ~~2.~~ Whole services\n4. ~~3.~~ People and skills\n\n\
         Pillar | Cost\n\n… 5 paragraphs unchanged\n"
    );
}

/// Returns the words of one side, from what is shown.
fn words_of(comparison: &Comparison, side: Fate) -> Vec<String> {
    let mut words = Vec::new();
    for change in &comparison.changes[1..] {
        let piece = match (change, side) {
            (Change::Same(piece), _)
            | (Change::Added(piece), Fate::Added)
            | (Change::Removed(piece), Fate::Removed) => piece.text().to_owned(),
            (Change::Changed { runs, .. }, _) => {
                let runs = runs.iter();
                let runs = runs.filter(|run| run.fate == Fate::Kept || run.fate == side);
                runs.map(|run| run.text.clone())
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            _ => continue,
        };
        words.extend(piece.split_whitespace().map(str::to_owned));
    }
    words
}

/// Numbers without a pattern, from a seed.
fn numbers(mut seed: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    }
}

/// Makes paragraphs of words from so many different ones.
fn text(seed: u64, paragraphs: u64, words: u64, vocabulary: u64) -> String {
    let mut next = numbers(seed);
    let mut text = String::new();
    for _ in 0..paragraphs {
        text.push_str("<p>");
        for _ in 0..words {
            text.push_str(&format!("w{} ", next(vocabulary)));
        }
    }
    text
}

#[test]
fn both_texts_are_whole_on_their_side_and_no_line_is_too_wide() {
    let samples = [
        (text(1, 30, 8, 40), text(2, 20, 9, 40)),
        (text(3, 130, 3, 4), text(4, 90, 3, 4)),
        (text(5, 1, 400, 30), text(6, 1, 300, 30)),
        (OLD.to_owned(), text(7, 5, 5, 5)),
        (String::new(), OLD.replace("<ol>", "<ol start=998>")),
        (OLD.to_owned(), OLD.replace("<ol>", "<ol start=1000000>")),
    ];
    for (old, new) in samples {
        let comparison = comparison(&old, &new);
        for (side, html) in [(Fate::Removed, &old), (Fate::Added, &new)] {
            if html != OLD && !html.contains("<ol") {
                let expected = crate::html::plain_text(html);
                let expected: Vec<&str> = expected.split_whitespace().collect();
                assert_eq!(words_of(&comparison, side), expected);
            }
        }
        for width in [20, 21, 33, 76] {
            for line in comparison.lay_out(&setting(width)).lines() {
                assert!(display_width(&line.text()) <= width, "{width}: {line:?}");
            }
        }
    }
}
