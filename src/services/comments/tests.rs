//! What is shown of comments, and in which order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::conversation::{About, Conversation, Heard};
use super::{lay_out, outcome};
use crate::model::article::ArticleId;
use crate::model::comment::{
    Comment, CommentId, Draft, DraftId, DraftState, Openness, Receipt, Refusal, ThreadFacts, Way,
    Why, Words,
};
use crate::model::text::SafeText;

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn minutes_ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn id(number: u64) -> CommentId {
    CommentId(number.to_string())
}

fn comment(number: u64, parent: Option<u64>, author: &str, minutes: i64) -> Comment {
    Comment {
        id: id(number),
        parent: parent.map(id),
        author: author.to_owned(),
        by_author: false,
        published: Some(minutes_ago(minutes)),
        html: format!("<p>Words of {number}</p>"),
        url: None,
    }
}

fn draft(number: i64, reply_to: Option<u64>, state: DraftState) -> Draft {
    Draft {
        id: DraftId(number),
        article: ArticleId(1),
        reply_to: reply_to.map(id),
        words: Words {
            text: format!("Mine <{number}>\n\nsecond"),
            ..Words::default()
        },
        state,
        changed: minutes_ago(9),
        is_lost: false,
    }
}

/// Three comments: one with an answer of the article's author, and one that stands alone.
fn heard(drafts: Vec<Draft>) -> Heard {
    let comments = [
        comment(1, None, "Priya", 120),
        comment(2, Some(1), "Ruth Amadi", 48),
        comment(3, Some(9), "", 52),
    ];
    Heard {
        comments: comments.map(|one| (one, minutes_ago(40))).to_vec(),
        facts: ThreadFacts {
            way: Some(Way::Rest),
            ..ThreadFacts::default()
        },
        fetched: Some(minutes_ago(40)),
        visited: None,
        drafts,
    }
}

fn about() -> About<'static> {
    About {
        article: ArticleId(1),
        title: "A plan",
        permalink: Some("https://example.test/plan"),
        byline: Some("Ruth Amadi"),
        counted: None,
    }
}

fn shown(heard: Heard) -> Conversation {
    Conversation::new(&about(), heard)
}

/// Returns the conversation as `gazette comments` prints it, without the heading.
#[track_caller]
fn check(heard: Heard, expected: &[&str]) {
    let lines = lay_out(&shown(heard), 60, now(), &TimeZone::UTC);
    let lines: Vec<&str> = lines[2..].iter().map(SafeText::as_str).collect();
    assert_eq!(lines, expected);
}

#[test]
fn comments_stand_in_threads_below_who_wrote_them() {
    check(
        heard(Vec::new()),
        &[
            "",
            "Priya · 2 hours ago · 1 reply · #1",
            "Words of 1",
            "",
            "  Ruth Amadi · author of the article · 48 min ago · #2",
            "  Words of 2",
            "",
            "Anon · 52 min ago · #3",
            "In reply to a comment that the site no longer shows",
            "Words of 3",
        ],
    );
    let conversation = shown(heard(Vec::new()));
    assert_eq!(conversation.heading(), "3 comments in 2 threads");
    assert_eq!(conversation.site.as_str(), "example.test");
}

#[test]
fn the_readers_own_stand_behind_the_other_answers_and_at_the_end() {
    let held = DraftState::Held(Receipt {
        id: Some(id(7)),
        url: None,
    });
    let drafts = vec![
        draft(1, Some(1), held),
        draft(2, None, DraftState::Draft),
        draft(3, Some(8), DraftState::Waiting),
    ];
    check(
        heard(drafts),
        &[
            "",
            "Priya · 2 hours ago · 2 replies · #1",
            "Words of 1",
            "",
            "  Ruth Amadi · author of the article · 48 min ago · #2",
            "  Words of 2",
            "",
            "  You · held since 11:51",
            "  Held: the site shows it once a moderator has approved it.",
            "  Mine <1>",
            "",
            "  second",
            "",
            "Anon · 52 min ago · #3",
            "In reply to a comment that the site no longer shows",
            "Words of 3",
            "",
            "You · draft, not sent",
            "Mine <2>",
            "",
            "second",
            "",
            "You · waiting for the network",
            "In reply to a comment that the site no longer shows",
            "Mine <3>",
            "",
            "second",
        ],
    );
}

#[test]
fn what_the_site_shows_of_ones_own_is_there_once_and_published() {
    let held = DraftState::Held(Receipt {
        id: Some(id(2)),
        url: None,
    });
    let conversation = shown(heard(vec![draft(1, Some(1), held)]));
    assert_eq!(conversation.entries.len(), 3);
    let own = &conversation.entries[1];
    assert_eq!(own.author.as_str(), "You");
    let state = &own.own.as_ref().unwrap().state;
    assert!(matches!(state, DraftState::Published(_)));
}

#[test]
fn what_came_since_the_last_visit_is_new() {
    let mut told = heard(Vec::new());
    assert_eq!(shown(told.clone()).new_ones(), 0);
    told.visited = Some(minutes_ago(50));
    assert_eq!(shown(told.clone()).new_ones(), 3);
    told.visited = Some(minutes_ago(40));
    assert_eq!(shown(told).new_ones(), 0);
}

#[test]
fn a_reader_is_told_why_there_are_fewer_and_whether_one_may_write() {
    let remarks = |counted, facts: ThreadFacts| {
        let about = About { counted, ..about() };
        let told = Heard {
            facts,
            ..heard(Vec::new())
        };
        let conversation = Conversation::new(&about, told);
        let remarks = conversation.remarks.iter();
        remarks
            .map(|one| one.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    let by_interface = ThreadFacts {
        way: Some(Way::Rest),
        ..ThreadFacts::default()
    };
    assert!(remarks(Some(3), by_interface.clone()).is_empty());
    let links = "The feed counts 5: with links from other pages (pingbacks), which are not shown";
    assert_eq!(remarks(Some(5), by_interface.clone()), [links]);
    let told = ThreadFacts {
        pingbacks: Some(2),
        openness: Openness::Closed,
        ..by_interface.clone()
    };
    let both = [
        "The site counts 2 links from other pages as well (pingbacks)",
        "Comments are closed",
    ];
    assert_eq!(remarks(Some(5), told), both);
    let partial = ThreadFacts {
        way: Some(Way::Feed),
        is_partial: true,
        ..ThreadFacts::default()
    };
    let some = "The site gives only its newest comments; older ones may be missing";
    assert_eq!(remarks(Some(30), partial), [some]);
    let cut_short = ThreadFacts {
        is_partial: true,
        ..by_interface.clone()
    };
    let lacking = "Some comments could not be read; others may be missing";
    assert_eq!(remarks(None, cut_short), [lacking]);
    let elsewhere = ThreadFacts {
        elsewhere: Some("Disqus".to_owned()),
        openness: Openness::Accounts,
        ..ThreadFacts::default()
    };
    let away = [
        "The comments are at Disqus, which Gazette doesn’t read · o opens the page",
        "Only accounts of the site may comment",
    ];
    assert_eq!(remarks(None, elsewhere), away);
}

#[test]
fn nobodys_text_reaches_the_terminal_as_more_than_text() {
    let mut told = heard(Vec::new());
    told.comments[0].0.author = "\u{1b}[31mRed\u{202e}".to_owned();
    told.comments[0].0.html = "<p>\u{1b}]52;c;x\u{7}words</p><script>no</script>".to_owned();
    let conversation = Conversation::new(
        &About {
            title: "A\u{9b}plan",
            ..about()
        },
        told,
    );
    let lines = lay_out(&conversation, 60, now(), &TimeZone::UTC);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    assert!(
        text.chars().all(|c| c == '\n' || !c.is_control()),
        "{text:?}"
    );
    assert!(text.contains("words") && !text.contains("no</script>"));
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn the_sites_own_words_say_why_a_comment_is_refused() {
    let refused = |words: &str| {
        outcome(&DraftState::Refused(Refusal {
            why: Why::TooFast,
            words: words.to_owned(),
        }))
    };
    assert_eq!(refused("Slow down."), "Slow down.");
    let without = "Not sent: too soon after the last one. The draft is kept";
    assert_eq!(refused(""), without);
}

#[test]
fn ones_own_words_are_known_again_as_a_site_sets_them() {
    let typed = "It's \"quoted\" -- and <b>bold</b>,\n\n5 < 6 & more...";
    let shown = "<p>It’s “quoted” — and <b>bold</b>,</p>\n<p>5 &lt; 6 &amp; more…</p>";
    assert_eq!(super::send::letters(typed), super::send::letters(shown));
    assert_ne!(
        super::send::letters(typed),
        super::send::letters("It's quoted and bold")
    );
}
