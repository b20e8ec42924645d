//! Comments of a site that is only played, in a terminal: read, kept, written and sent.

use std::time::Duration;

use super::screen::Screen;
use crate::support::env::TestEnv;
use crate::support::wordpress::{Comment, Door, FakeWordPress, Post, Rest};

/// Who writes, and that nothing is polled unasked.
const SETTINGS: &str = "[general]\nrefresh = \"manual\"\nprefetch_full_text = \"never\"\n\
    [comments]\nname = \"Sam Okoro\"\nemail = \"sam@dept.example\"\n";

/// Starts a site with one post of two comments, and a folder that has its feed.
fn ferry() -> (FakeWordPress, TestEnv) {
    let site = FakeWordPress::start();
    site.add(Post::new(7, "ferry").with([
        Comment::new(11, "Runa", "When does it leave?"),
        Comment::new(12, "Bo", "At nine.").reply_to(11),
    ]));
    let env = site.reader(SETTINGS);
    (site, env)
}

/// Opens the comments of the only article and waits for the second of them.
fn opened(env: &TestEnv) -> Screen {
    let screen = Screen::start(env, &[]);
    screen.wait_for("1 unread of 1");
    screen.send("c");
    screen.wait_for("At nine.");
    screen
}

fn leave(screen: Screen) {
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

#[test]
fn what_is_stored_shows_at_once_and_what_the_site_has_comes_later() {
    let (site, env) = ferry();
    leave(opened(&env));
    site.change(|site| {
        site.rest = Rest::Slow(Duration::from_secs(3));
        let comments = &mut site.posts[0].comments;
        comments.push(Comment::new(13, "Ilse", "From which pier?").reply_to(12));
    });
    let screen = Screen::start(&env, &[]);
    // The comments come back by themselves, as they are stored.
    screen.wait_for("At nine.");
    assert!(!screen.texts().iter().any(|line| line.contains("pier")));
    screen.send("R");
    screen.wait_for("From which pier?");
    screen.wait_for("3 comments");
    leave(screen);
}

#[test]
fn a_reply_is_sent_after_y_alone_and_once() {
    let (site, env) = ferry();
    let screen = opened(&env);
    screen.send("jrThank you, Bo.");
    screen.wait_for("Draft saved");
    screen.send("\x1b");
    screen.wait_for("send now to 127.0.0.1 as Sam Okoro");
    assert_eq!(site.sent().len(), 0);
    screen.send("y");
    screen.wait_for("Held: the site shows it once a moderator has approved it");
    screen.wait_for("held since");
    leave(screen);
    let sent = site.sent();
    assert_eq!(sent.len(), 1);
    let field = |name| sent[0].field(name);
    assert_eq!(field("comment"), Some("Thank you, Bo."));
    assert_eq!(field("author"), Some("Sam Okoro"));
    assert_eq!(field("email"), Some("sam@dept.example"));
    assert_eq!(field("comment_parent"), Some("12"));
}

#[test]
fn where_comments_were_closed_meanwhile_the_draft_is_kept() {
    let (site, env) = ferry();
    let screen = opened(&env);
    site.change(|site| site.posts[0].is_open = false);
    screen.send("CToo late.");
    screen.wait_for("Too late.");
    screen.send("\x1b");
    screen.wait_for("send now to");
    screen.send("y");
    screen.wait_for("! Not sent: comments are closed on this page. The draft is kept");
    screen.wait_for("refused: comments are closed");
    leave(screen);
    assert_eq!(site.sent().len(), 0);
    // It is there after a restart.
    let screen = Screen::start(&env, &[]);
    screen.wait_for("Too late.");
    leave(screen);
}

#[test]
fn a_lost_answer_is_unknown_and_sending_the_same_again_settles_it() {
    let (site, env) = ferry();
    let screen = opened(&env);
    site.change(|site| site.door = Door::Lost);
    screen.send("CHello.");
    screen.wait_for("Hello.");
    screen.send("\x1b");
    screen.wait_for("send now to");
    screen.send("y");
    screen.wait_for("! Sent, but no clear answer came");
    screen.wait_for("unknown: sent, no answer");
    site.change(|site| site.door = Door::Open);
    screen.send("r");
    screen.wait_for("No answer came: Esc, then y, sends the same again");
    screen.send("\x1b");
    screen.wait_for("send now to");
    assert_eq!(site.sent().len(), 1);
    screen.send("y");
    screen.wait_for("held since");
    leave(screen);
    let sent = site.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].asked.body, sent[1].asked.body);
}

#[test]
fn what_was_written_offline_is_sent_by_the_next_refresh() {
    let (site, env) = ferry();
    leave(opened(&env));
    let screen = Screen::start(&env, &["--offline"]);
    screen.wait_for("At nine.");
    screen.send("CFrom a train.");
    screen.wait_for("offline: kept until sent");
    screen.wait_for("From a train.");
    screen.send("\x1b");
    screen.wait_for("send now to");
    screen.send("y");
    screen.wait_for("waiting for the network");
    leave(screen);
    assert_eq!(site.sent().len(), 0);
    let screen = Screen::start(&env, &[]);
    screen.wait_for("waiting for the network");
    screen.send("q");
    screen.wait_for("1 to send");
    screen.send("RR");
    screen.wait_for("Held: the site shows it once a moderator has approved it");
    screen.wait_for_end_of("1 to send");
    leave(screen);
    assert_eq!(site.sent().len(), 1);
}
