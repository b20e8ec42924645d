#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The head, places that survive another width, and citations.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::model::article::{
    ArticleHead, ArticleId, ChangeNote, FeedId, Marks, PageFacts, StoredText, Visit, Withdrawal,
};
use crate::model::document::Spot;
use crate::model::text::display_width;

const WIDTHS: [usize; 9] = [20, 21, 33, 40, 46, 57, 72, 76, 100];

pub(super) fn article(html: &str) -> Article {
    Article {
        head: ArticleHead {
            id: ArticleId(1),
            feed: FeedId(1),
            guid: None,
            title: "Delayed digital plan asks departments to act as one".to_owned(),
            permalink: Some("https://news.example/plan".to_owned()),
            byline: Some("Ruth Amadi".to_owned()),
            published: Some(moment("2026-11-24T09:14:00Z")),
            updated: None,
            first_seen: moment("2026-11-24T09:20:00Z"),
            standfirst: "A year late, the plan ties money to shared services.".to_owned(),
            marks: Marks::default(),
            comments_count: Some(12),
            stored: StoredText::Whole,
            changed: false,
            closes: None,
            withdrawn: None,
        },
        html: html.to_owned(),
        base: None,
        enclosures: Vec::new(),
        revisions: 0,
        page: None,
        visit: None,
    }
}

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn listed(article: &Article) -> Listed<'static> {
    Listed {
        head: article.head.clone(),
        feed: "https://news.example/feed",
        feed_title: "PublicTechnology",
        feed_short: "PubTech",
        section: Some("Latest news"),
    }
}

fn sheet(article: &Article, width: usize) -> Sheet {
    let setting = Setting {
        width,
        now: moment("2026-11-24T12:00:00Z"),
        zone: &TimeZone::UTC,
    };
    lay_out(&Shown {
        article,
        document: &document(article),
        listed: &listed(article),
        also_in: &["HM Treasury".to_owned()],
        setting: &setting,
    })
}

#[track_caller]
fn check_head(article: &Article, width: usize, expected: &[&str]) {
    let head = sheet(article, width).head;
    let lines: Vec<String> = head.iter().map(Line::text).collect();
    assert_eq!(lines, expected);
}

/// The articles of `tests/golden/render`, and one with everything that changes with the width.
fn samples() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let html = files.filter(|path| path.extension().is_some_and(|kind| kind == "html"));
    let mut samples: Vec<Article> = html
        .map(|path| article(&fs::read_to_string(path).unwrap()))
        .collect();
    assert!(samples.len() >= 5, "golden files are missing");
    let mut last = article(
        "<pre>one\n\n\ntwo, which is longer than many a line may be\n</pre><ol><li><h3>Nested \
         <ol><li><pre>deep code</pre><ol><li><h4>Deeper</h4><ol><li><ol><li><h5>Deepest</h5><p>of \
         all</ol></ol></ol></ol></ol><table><tr><th>Department<th>Budget<tr><td>Environment, food \
         and rural affairs<td>1,200.5<tr><td>Health<td>3</table><blockquote>Quoted<p>twice\
         </blockquote><dl><dt>Term<dd>Details</dl><p>שלום <a href=/x>there</a>",
    );
    last.head.changed = true;
    last.head.stored = StoredText::Summary;
    last.revisions = 3;
    samples.push(last);
    samples
}

#[test]
fn the_head_goes_from_title_to_standfirst() {
    let mut article = article("<p>Departments will have to explain why.");
    check_head(
        &article,
        60,
        &[
            "Delayed digital plan asks departments to act as one",
            "",
            "PublicTechnology · Ruth Amadi · today 09:14",
            "Latest news · 1 min · 12 comments · also in: HM Treasury",
            "",
            "A year late, the plan ties money to shared services.",
            "",
        ],
    );
    let roles = |sheet: &Sheet| -> Vec<Option<Role>> {
        let lines = sheet.head.iter();
        lines
            .map(|line| line.spans.first().map(|span| span.style.role))
            .collect()
    };
    assert_eq!(
        roles(&sheet(&article, 60)),
        [
            Some(Role::Heading(1)),
            None,
            Some(Role::Facts),
            Some(Role::Facts),
            None,
            Some(Role::Standfirst),
            None
        ]
    );
    article.head.changed = true;
    article.head.stored = StoredText::Summary;
    article.revisions = 1;
    article.head.standfirst = String::new();
    check_head(
        &article,
        46,
        &[
            "Delayed digital plan asks departments to act",
            "as one",
            "",
            "PublicTechnology · Ruth Amadi · today 09:14",
            "Latest news · 1 min · 12 comments",
            "also in: HM Treasury",
            "",
            "┃ Changed since you read it. v shows the",
            "┃ changes; 1 earlier version is kept.",
            "",
            "┃ Only the summary is stored. D fetches the",
            "┃ whole article; offline, later",
            "",
        ],
    );
}

#[test]
fn what_a_page_tells_stands_over_its_text() {
    let mut article = article("<p>Departments will have to <a href='/why'>explain</a> why.");
    article.head.published = Some(moment("2026-11-20T10:00:00Z"));
    article.head.changed = true;
    article.revisions = 3;
    let note = |at: &str, note: &str| ChangeNote {
        at: moment(at),
        note: note.to_owned(),
    };
    article.visit = Some(Visit {
        at: moment("2026-11-19T08:00:00Z"),
        notes_until: Some(moment("2026-11-18T00:00:00Z")),
        before: None,
    });
    article.page = Some(PageFacts {
        standfirst: Some("What each must report.".to_owned()),
        kind: Some("Policy paper".to_owned()),
        organisations: vec!["Cabinet Office".to_owned()],
        published: Some(moment("2026-11-13T10:00:00Z")),
        changes: vec![
            note("2026-11-20T10:00:00Z", "Figure 2 corrected."),
            note("2026-11-18T00:00:00Z", "Annex added."),
        ],
        withdrawn: Some(Withdrawal {
            at: Some(moment("2026-11-23T10:00:00Z")),
            explanation: "<p>A shorter plan, <a href='/new'>laid today</a>, holds.</p>".to_owned(),
        }),
        government: Some("2015 to 2016 government".to_owned()),
        closes: Some(moment("2026-11-27T23:45:00Z")),
        ..PageFacts::default()
    });
    check_head(
        &article,
        76,
        &[
            "Delayed digital plan asks departments to act as one",
            "",
            "PublicTechnology · policy paper · Cabinet Office · Ruth Amadi",
            "13 November 2026, updated 20 November 2026",
            "Latest news · 1 min · 12 comments · also in: HM Treasury",
            "",
            "┃ Withdrawn on 23 November 2026. A shorter plan, laid today[1], holds.",
            "",
            "┃ Open until Friday 27 November 2026, 23:45 (in 3 days) · o answers",
            "",
            "┃ Published under the 2015 to 2016 government",
            "",
            "┃ Changed since you read it on 19 November 2026: Figure 2 corrected. v shows",
            "┃ the changes; 3 earlier versions are kept.",
            "",
            "What each must report.",
            "",
        ],
    );
    let laid_out = sheet(&article, 76);
    let body: Vec<String> = laid_out.body.lines.iter().map(Line::text).collect();
    assert_eq!(body, ["Departments will have to explain[2] why."]);
    assert_eq!(laid_out.body.links.len(), 2);
    article.page.as_mut().unwrap().closes = Some(moment("2026-11-20T00:00:00Z"));
    let closed = "┃ Closed on Friday 20 November 2026, 00:00";
    assert!(
        sheet(&article, 76)
            .head
            .iter()
            .any(|line| line.text() == closed)
    );
}

#[test]
fn no_line_of_a_sheet_is_wider_than_asked() {
    for article in samples() {
        for width in WIDTHS {
            for line in sheet(&article, width).lines() {
                let text = line.text();
                assert!(display_width(&text) <= width, "{width}: {text}");
            }
        }
    }
}

#[test]
fn each_line_has_a_spot_of_its_own_in_order() {
    for article in samples() {
        for width in WIDTHS {
            let sheet = sheet(&article, width);
            let spots = sheet.spots();
            assert_eq!(spots.len(), sheet.lines().count());
            for (line, pair) in spots.windows(2).enumerate() {
                assert!(pair[0] < pair[1], "{width}: line {line} of {spots:?}");
            }
            assert_eq!(spots[0], Spot::default());
        }
    }
}

#[test]
fn a_spot_finds_its_line_again_after_any_other_width() {
    for article in samples() {
        let sheets: Vec<Vec<Spot>> = WIDTHS.map(|width| sheet(&article, width).spots()).into();
        for here in &sheets {
            for (top, spot) in here.iter().enumerate() {
                // A reader who doesn't move keeps the spot.
                assert_eq!(line_of(here, *spot), top);
                for there in &sheets {
                    let met = there[line_of(there, *spot)];
                    assert_eq!(met.block, spot.block, "{spot:?} is not met in {there:?}");
                    let back = here[line_of(here, met)];
                    assert_eq!(back.block, spot.block);
                }
            }
        }
    }
}

#[test]
fn blocks_begin_with_the_same_words_at_every_width() {
    for article in samples() {
        let begins = |width| -> Vec<(u32, Option<char>)> {
            let sheet = sheet(&article, width);
            let mut begins = Vec::new();
            for (spot, line) in sheet.spots().into_iter().zip(sheet.lines()) {
                let first = line.text().chars().find(|c| !c.is_whitespace());
                if first.is_some() && begins.last().is_none_or(|(block, _)| *block != spot.block) {
                    begins.push((spot.block, first));
                }
            }
            begins
        };
        for width in WIDTHS {
            assert_eq!(begins(width), begins(100), "{width}");
        }
    }
}

#[test]
fn a_spot_behind_the_end_is_in_the_last_line() {
    let end = Spot {
        block: u32::MAX,
        offset: 0,
    };
    let spots = sheet(&article("<p>One</p>"), 40).spots();
    assert_eq!(line_of(&spots, end), spots.len() - 1);
    assert_eq!(line_of(&[], end), 0);
}

#[test]
fn a_citation_names_author_title_feed_date_address_and_day() {
    let check = |article: &Article, expected: &str| {
        let now = moment("2026-11-25T12:00:00Z");
        assert_eq!(citation(&listed(article), now, &TimeZone::UTC), expected);
    };
    let mut article = article("");
    check(
        &article,
        "Ruth Amadi, “Delayed digital plan asks departments to act as one”, PublicTechnology, \
         24 November 2026, https://news.example/plan, read 25 November 2026.",
    );
    article.head.byline = None;
    article.head.published = None;
    article.head.title = "Press release: A \u{1b}[31mplan".to_owned();
    check(
        &article,
        "PublicTechnology, “A plan”, https://news.example/plan, read 25 November 2026.",
    );
}

#[test]
fn a_markdown_link_shows_its_words_and_leads_to_its_address() {
    let check = |words, address, expected| assert_eq!(markdown_link(words, address), expected);
    check(
        "A plan",
        "https://a.example/",
        "[A plan](https://a.example/)",
    );
    check(
        "A [b] c\\",
        "https://a.example/",
        "[A \\[b\\] c\\\\](https://a.example/)",
    );
    check(
        "x",
        "https://a.example/b_(c)",
        "[x](<https://a.example/b_(c)>)",
    );
    check("x", "https://a.example/b c", "[x](<https://a.example/b c>)");
    check(
        "x",
        "https://a.example/<b>",
        "[x](https://a.example/%3Cb%3E)",
    );
}

#[test]
fn markdown_has_banners_as_quotations_and_no_address_that_may_not_be_opened() {
    let mut article = article("<p>Departments will have to explain why.");
    article.head.changed = true;
    article.head.byline = Some("R_Amadi_ \u{1b}[31m".to_owned());
    article.head.permalink = Some("javascript:x()".to_owned());
    let setting = Setting {
        width: 60,
        now: moment("2026-11-24T12:00:00Z"),
        zone: &TimeZone::UTC,
    };
    let also_in = ["HM Treasury".to_owned()];
    assert_eq!(
        markdown(&Shown {
            article: &article,
            document: &document(&article),
            listed: &listed(&article),
            also_in: &also_in,
            setting: &setting,
        }),
        "# Delayed digital plan asks departments to act as one\n\n\
         PublicTechnology · R_Amadi\\_ · today 09:14 · javascript:x()\\\n\
         Latest news · 1 min · 12 comments · also in: HM Treasury\n\n\
         > Changed since you read it.\n\n\
         A year late, the plan ties money to shared services.\n\n\
         Departments will have to explain why.\n"
    );
}
