//! Reading comments: keys, folds, what is new, and the way back.

use gazette::model::article::ArticleId;
use gazette::model::comment::{Comment, CommentId, ThreadFacts};
use gazette::model::error::{Exit, Problem};
use gazette::store::Completeness;
use gazette::tui::effect::{Effect, Letter};
use gazette::tui::message::{Message, Talked};
use gazette::tui::state::Pane;
use jiff::SignedDuration;

use super::driver::{Cache, Driver, clock, pass};
use super::feeds::{article, feed, many, store};

/// Number, what it answers (0 for none) and text.
pub type Told<'a> = (u64, u64, &'a str);

/// Two threads: one of five comments, one of two and an answer to nobody.
pub const TALK: [Told<'_>; 8] = [
    (1, 0, "The first thread begins."),
    (2, 1, "An answer to it."),
    (3, 2, "An answer to the answer."),
    (
        4,
        1,
        "Another answer, see <a href=\"https://gov.example/x\">this</a>.",
    ),
    (5, 4, "A last one."),
    (6, 0, "The second thread begins."),
    (7, 6, "Its only answer."),
    (8, 99, "Well said."),
];

/// Stores comments of an article, as reading them from their site does, so many minutes ago.
pub fn told(driver: &Driver, id: ArticleId, talk: &[Told<'_>], minutes: i64) {
    let comments: Vec<Comment> = talk
        .iter()
        .map(|(id, parent, text)| Comment {
            id: CommentId(id.to_string()),
            parent: (*parent > 0).then(|| CommentId(parent.to_string())),
            author: format!("Author {id}"),
            by_author: false,
            published: Some(clock() - SignedDuration::from_mins(100 - i64::try_from(*id).unwrap())),
            html: format!("<p>{text}</p>"),
            url: Some(format!("https://news.example/one#comment-{id}")),
        })
        .collect();
    let at = clock() - SignedDuration::from_mins(minutes);
    let facts = ThreadFacts::default();
    store(driver)
        .record_comments(id, at, &comments, Completeness::Part, &facts)
        .unwrap();
}

/// Returns the number of the selected article.
pub fn selected(driver: &Driver) -> ArticleId {
    driver.state().list.row().unwrap().id
}

/// Opens a list of three articles, the first of which has comments.
pub fn with(talk: &[Told<'_>], columns: u16, rows: u16) -> Driver {
    let mut articles = vec![article("one", "One story", 5, "<p>Words.</p>")];
    articles.extend(many("a", 2));
    let driver = Cache::new("[general]\nrefresh = \"manual\"\n[comments]\nname = \"Sam Okoro\"\nemail = \"s@dept.example\"\n")
        .section("News", &[feed("Wire", &articles)])
        .open(columns, rows);
    let id = selected(&driver);
    told(&driver, id, talk, 30);
    driver
}

/// Returns the first line of the selected comment, without its bar.
#[track_caller]
fn here(driver: &Driver) -> String {
    let lines = driver.lines();
    let line = lines.iter().find(|line| line.starts_with('▌'));
    line.unwrap_or_else(|| panic!("{}", driver.frame()))
        .trim_start_matches(['▌', '│', '▸', ' '])
        .to_owned()
}

#[track_caller]
fn check_at(driver: &Driver, author: u64) {
    let line = here(driver);
    assert!(line.starts_with(&format!("Author {author} ")), "{line}");
}

/// Tells that comments were fetched.
fn fetched(driver: &mut Driver) {
    let article = selected(driver);
    driver.hear(Message::Talked(Talked::Fetched {
        article,
        problem: None,
    }));
}

#[test]
fn comments_open_from_the_list_and_from_the_article_and_lead_back() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("c");
    assert_eq!(driver.state().focus, Pane::Comments);
    assert!(
        driver.frame().contains("Comments · 8 in 3 threads"),
        "{}",
        driver.frame()
    );
    driver.press("q");
    assert_eq!(driver.state().focus, Pane::List);
    driver.press("<enter>c").press("q");
    assert_eq!(driver.state().focus, Pane::Article);
}

#[test]
fn reading_comments_marks_nothing() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cjjjGq");
    assert!(!driver.state().list.row().unwrap().read);
}

#[test]
fn keys_go_by_comment_depth_thread_and_parent() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("c");
    check_at(&driver, 1);
    check_at(driver.press("jj"), 3);
    check_at(driver.press("p"), 2);
    check_at(driver.press("J"), 4);
    check_at(driver.press("J"), 7);
    check_at(driver.press("K"), 4);
    check_at(driver.press("]"), 6);
    check_at(driver.press("]"), 8);
    check_at(driver.press("[["), 1);
    check_at(driver.press("G"), 8);
    check_at(driver.press("gj"), 2);
    assert!(driver.foot().ends_with("2/8"), "{}", driver.foot());
}

#[test]
fn where_there_is_nowhere_to_go_it_is_said() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("c");
    let check = |driver: &mut Driver, keys: &str, said: &str| {
        driver.press(keys);
        assert!(driver.foot().contains(said), "{keys}: {}", driver.foot());
    };
    check(&mut driver, "p", "This comment begins its thread");
    check(&mut driver, "[", "This is the first thread");
    check(&mut driver, "K", "No earlier comment of this depth");
    check(&mut driver, "n", "No comment is new since your last visit");
    check(&mut driver, "G]", "This is the last thread");
    check(
        &mut driver,
        "p",
        "The site no longer shows what this answers",
    );
    check(&mut driver, "J", "No further comment of this depth");
    check(&mut driver, "s", "s is not a key here · ? all keys");
}

#[test]
fn a_branch_is_hidden_and_its_count_shown() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cx");
    let frame = driver.frame();
    assert!(frame.contains("▸ Author 1 "), "{frame}");
    assert!(frame.contains("4 replies folded"), "{frame}");
    assert!(!frame.contains("The first thread begins."), "{frame}");
    assert!(!frame.contains("Author 5"), "{frame}");
    check_at(driver.press("j"), 6);
    driver.press("k<enter>");
    assert!(driver.frame().contains("A last one."), "{}", driver.frame());
}

#[test]
fn a_reply_to_a_comment_that_is_gone_says_so() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cG");
    let lines = driver.lines();
    let says = "▌   In reply to a comment that the site no longer shows";
    assert!(lines.iter().any(|line| line == says), "{}", driver.frame());
}

#[test]
fn all_threads_fold_and_undoing_shows_what_was_folded_before() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cjxX");
    assert!(!driver.frame().contains("folded"), "{}", driver.frame());
    driver.press("u");
    assert!(
        driver.frame().contains("1 reply folded"),
        "{}",
        driver.frame()
    );
    driver.press("U");
    assert!(!driver.frame().contains("folded"), "{}", driver.frame());
    driver.press("X");
    let frame = driver.frame();
    assert!(frame.contains("4 replies folded"), "{frame}");
    assert!(frame.contains("Well said."), "{frame}");
    check_at(&driver, 1);
}

#[test]
fn what_came_since_the_last_visit_is_new_and_n_goes_through_it() {
    let mut driver = with(&TALK[..2], 80, 40);
    driver.press("c");
    assert!(!driver.frame().contains("new ·"), "{}", driver.frame());
    driver.press("q");
    told(&driver, selected(&driver), &TALK, -1);
    driver.press("c");
    assert!(
        driver.foot().contains("8 comments · 6 new: n"),
        "{}",
        driver.foot()
    );
    check_at(driver.press("n"), 3);
    check_at(driver.press("n"), 4);
    check_at(driver.press("NN"), 8);
    // From the last it goes on with the first.
    check_at(driver.press("n"), 3);
    // What hides a new one opens.
    check_at(driver.press("kkx"), 1);
    check_at(driver.press("n"), 3);
    driver.press("qc");
    assert!(driver.frame().contains("new ·"), "{}", driver.frame());
}

#[test]
fn the_site_is_asked_when_comments_open_unless_that_was_a_moment_ago() {
    let mut driver = with(&TALK, 80, 24);
    let asked = [Effect::Correspond(Letter::Fetch(selected(&driver)))];
    driver.press("c");
    assert_eq!(driver.outside, asked);
    // What is on its way isn't asked for twice.
    driver.press("qc");
    assert_eq!(driver.outside, asked);
    told(&driver, selected(&driver), &TALK, 0);
    fetched(&mut driver);
    driver.press("qc");
    assert_eq!(driver.outside, asked);
    driver.press("R");
    assert_eq!(driver.outside.len(), 2);
    driver.press("R");
    assert!(
        driver.foot().contains("The comments are being fetched"),
        "{}",
        driver.foot()
    );
    assert_eq!(driver.outside.len(), 2);
    fetched(&mut driver);
    assert!(
        driver.foot().contains("8 comments · none new"),
        "{}",
        driver.foot()
    );
}

#[test]
fn comments_that_arrive_move_neither_the_selection_nor_its_line() {
    let mut driver = with(&TALK[3..], 80, 12);
    driver.press("cjj");
    let line = |driver: &Driver| {
        let lines = driver.lines();
        lines.iter().position(|line| line.starts_with('▌'))
    };
    let (before, at) = (here(&driver), line(&driver));
    told(&driver, selected(&driver), &TALK, -1);
    fetched(&mut driver);
    assert_eq!((here(&driver), line(&driver)), (before, at));
    assert!(
        driver.foot().contains("8 comments · 3 new: n"),
        "{}",
        driver.foot()
    );
}

#[test]
fn a_site_that_gives_no_comments_is_told_of_and_what_is_stored_stays() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("c");
    let article = selected(&driver);
    let problem = Problem::new(Exit::Failed, "the server answered 503");
    driver.hear(Message::Talked(Talked::Fetched {
        article,
        problem: Some(Box::new(problem)),
    }));
    assert!(
        driver
            .foot()
            .contains("! Comments not fetched: the server answered 503 · R tries again"),
        "{}",
        driver.foot()
    );
    check_at(&driver, 1);
}

#[test]
fn offline_nothing_is_asked_and_how_old_the_comments_are_is_said() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let mut driver = Cache::new("")
        .offline()
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("c");
    assert!(
        driver
            .foot()
            .contains("Offline: these comments were never fetched"),
        "{}",
        driver.foot()
    );
    driver.press("q");
    told(&driver, selected(&driver), &TALK, 30);
    driver.press("c");
    assert!(
        driver.foot().contains("Offline: the comments of today"),
        "{}",
        driver.foot()
    );
    driver.press("R");
    assert_eq!(driver.outside, []);
}

#[test]
fn links_of_the_selected_comment_open_by_number_and_its_page_by_o() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("c");
    driver.outside.clear();
    driver.press("jjj1o");
    let open = |address: &str| Effect::Open(address.to_owned());
    assert_eq!(
        driver.outside,
        [
            open("https://gov.example/x"),
            open("https://news.example/one#comment-4")
        ]
    );
    driver.press("L");
    assert!(
        driver.frame().contains("gov.example/x"),
        "{}",
        driver.frame()
    );
    assert!(driver.foot().ends_with("1 link"), "{}", driver.foot());
    driver.press("<esc>j1");
    assert!(
        driver.foot().contains("This comment has no links"),
        "{}",
        driver.foot()
    );
}

#[test]
fn comments_come_back_after_a_restart_with_the_selected_one() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cjj");
    let mut driver = driver.restart(120, 40);
    assert_eq!(driver.state().focus, Pane::Comments);
    assert!(
        driver.frame().contains("Comments · 8 in 3 threads"),
        "{}",
        driver.frame()
    );
    assert_eq!(driver.state().comments.selected, 2);
    driver.press("q");
    assert_eq!(driver.state().focus, Pane::Article);
}

#[test]
fn folds_come_back_after_a_restart() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cx");
    let before = driver.frame();
    assert!(before.contains("folded"), "{before}");
    let driver = driver.restart(80, 24);
    assert!(driver.frame().contains("folded"), "{}", driver.frame());
}

#[test]
fn what_another_program_fetches_or_sends_is_seen() {
    let mut driver = with(&TALK[..2], 80, 24);
    driver.press("cj");
    told(&driver, selected(&driver), &TALK[..4], -1);
    driver.hear(Message::CacheChanged);
    check_at(&driver, 2);
    assert!(
        driver.frame().contains("Comments · 4 in 1 thread"),
        "{}",
        driver.frame()
    );
    assert!(driver.frame().contains("new ·"), "{}", driver.frame());
    // They stay new while they are looked at.
    driver.hear(Message::CacheChanged);
    assert!(driver.frame().contains("new ·"), "{}", driver.frame());
}

#[test]
fn the_selected_comment_stays_through_another_width() {
    let mut driver = with(&TALK, 120, 40);
    driver.press("cjjjj");
    driver.resize(50, 20);
    check_at(&driver, 5);
    driver.resize(32, 9).resize(80, 24);
    check_at(&driver, 5);
}

#[test]
fn the_cursor_stands_on_the_selected_comment_after_every_key() {
    for size in [(80, 24), (50, 20), (40, 12)] {
        let mut driver = with(&TALK, size.0, size.1);
        driver.press("c");
        for key in "jjJK][pnxxjX Gkkg".chars() {
            driver.press(&key.to_string());
            let (buffer, cursor) = driver.drawn();
            assert_eq!(
                buffer[(cursor.x, cursor.y)].symbol(),
                "▌",
                "{key}: {}",
                driver.frame()
            );
        }
    }
}

#[test]
fn at_the_first_visit_nothing_is_new_though_it_was_fetched_after_it() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let mut driver = Cache::new("")
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("c");
    pass(2);
    told(&driver, selected(&driver), &TALK, 0);
    fetched(&mut driver);
    assert!(
        driver.frame().contains("Comments · 8"),
        "{}",
        driver.frame()
    );
    assert!(!driver.frame().contains("new ·"), "{}", driver.frame());
    pass(2);
    driver.press("qc");
    assert!(!driver.frame().contains("new ·"), "{}", driver.frame());
}
