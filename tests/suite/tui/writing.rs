//! Writing comments: nothing is lost, and nothing is sent before `y`.

use gazette::model::comment::{Draft, DraftId, DraftState, Receipt, Refusal, Why, Words};
use gazette::services::comments::Sent;
use gazette::store::Reader;
use gazette::tui::effect::{Effect, Letter};
use gazette::tui::message::{Message, Outside, Talked};
use gazette::tui::state::{Mode, Pane};

use super::comments::{TALK, selected, with};
use super::driver::{Cache, Driver};
use super::feeds::{article, feed, store};

/// Returns what is stored of the reader's own comments.
fn drafts(driver: &Driver) -> Vec<Draft> {
    let reader = Reader::open(&driver.shared().data_dir).unwrap();
    reader.drafts(selected(driver)).unwrap()
}

fn texts(driver: &Driver) -> Vec<String> {
    drafts(driver)
        .into_iter()
        .map(|draft| draft.words.text)
        .collect()
}

/// What was asked to be sent.
fn sent(driver: &Driver) -> Vec<DraftId> {
    let sent = driver.outside.iter().filter_map(|effect| match effect {
        Effect::Correspond(Letter::Send(draft)) => Some(*draft),
        _ => None,
    });
    sent.collect()
}

#[track_caller]
fn check_foot(driver: &Driver, said: &str) {
    assert!(driver.foot().contains(said), "{}", driver.foot());
}

/// Tells what became of the comment that was sent.
fn outcome(driver: &mut Driver, state: DraftState) {
    let draft = *sent(driver).last().unwrap();
    let now = super::driver::clock();
    store(driver)
        .change_draft(draft, &state, now, |_| true)
        .unwrap();
    driver.hear(Message::Talked(Talked::Sent {
        draft,
        outcome: Ok(Sent::Settled(state)),
    }));
}

#[test]
fn a_draft_is_stored_from_the_first_letter_on() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cr");
    assert_eq!(texts(&driver), [] as [&str; 0]);
    driver.press("W");
    assert_eq!(texts(&driver), ["W"]);
    driver.press("ords");
    // As after a kill, a third of a second later.
    let driver = driver.restart(80, 24);
    assert_eq!(texts(&driver), ["Words"]);
    let draft = drafts(&driver).remove(0);
    assert_eq!(draft.state, DraftState::Draft);
    assert_eq!(draft.words.name, "Sam Okoro");
    assert_eq!(draft.reply_to.unwrap().0, "1");
}

#[test]
fn a_reply_left_with_esc_q_is_there_after_a_restart_and_nothing_is_sent() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("crMy answer<esc>q");
    check_foot(&driver, "The draft is kept · r goes on with it");
    let lines = driver.lines();
    let here = lines.iter().find(|line| line.starts_with('▌')).unwrap();
    assert!(here.ends_with("draft, not sent"), "{here}");
    assert!(
        driver.frame().contains("draft, not sent"),
        "{}",
        driver.frame()
    );
    let mut driver = driver.restart(80, 24);
    let frame = driver.frame();
    assert!(frame.contains("My answer"), "{frame}");
    assert!(frame.contains("draft, not sent"), "{frame}");
    assert_eq!(sent(&driver), []);
    // Enter goes on with it.
    driver.press("]k<enter>");
    assert!(
        driver.frame().contains("Reply to Author 1"),
        "{}",
        driver.frame()
    );
    driver.press(", and more<esc>q");
    assert_eq!(texts(&driver), ["My answer, and more"]);
    assert_eq!(sent(&driver), []);
}

#[test]
fn only_y_sends_and_the_outcome_is_told() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cCMy comment<esc>");
    let frame = driver.frame();
    assert!(
        frame.contains("y  send now to news.example as Sam Okoro"),
        "{frame}"
    );
    driver.press("xYs<enter>");
    assert_eq!(sent(&driver), []);
    driver.press("y");
    assert_eq!(sent(&driver), [drafts(&driver)[0].id]);
    assert_eq!(drafts(&driver)[0].state, DraftState::Waiting);
    check_foot(&driver, "Sending the comment");
    outcome(&mut driver, DraftState::Held(Receipt::default()));
    check_foot(
        &driver,
        "Held: the site shows it once a moderator has approved it",
    );
    assert!(driver.frame().contains("held since"), "{}", driver.frame());
    assert_eq!(sent(&driver).len(), 1);
}

#[test]
fn what_a_site_does_not_take_is_kept_and_can_be_sent_again() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cCMy comment<esc>y");
    let refused = |why, words: &str| {
        DraftState::Refused(Refusal {
            why,
            words: words.to_owned(),
        })
    };
    outcome(&mut driver, refused(Why::Closed, "Sorry."));
    check_foot(
        &driver,
        "! Not sent: comments are closed on this page. The draft is kept",
    );
    driver.press("Gr<esc>y");
    assert_eq!(sent(&driver).len(), 2);
    outcome(
        &mut driver,
        refused(Why::Invalid, "Please enter a valid email address."),
    );
    check_foot(
        &driver,
        "! Not sent: Please enter a valid email address. The draft is kept",
    );
    driver.press("r<esc>y");
    outcome(&mut driver, DraftState::Unknown);
    check_foot(
        &driver,
        "! Sent, but no clear answer came · r, then y, sends the same again",
    );
    assert!(
        driver.frame().contains("unknown: sent, no answer"),
        "{}",
        driver.frame()
    );
    driver.press("r<esc>y");
    assert_eq!(texts(&driver), ["My comment"]);
    assert_eq!(sent(&driver).len(), 4);
}

#[test]
fn a_captcha_opens_the_page_in_the_browser() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cCMy comment<esc>y");
    outcome(
        &mut driver,
        DraftState::Refused(Refusal {
            why: Why::Captcha,
            words: String::new(),
        }),
    );
    let open = Effect::Open("https://news.example/one".to_owned());
    assert_eq!(driver.outside.last(), Some(&open));
    check_foot(&driver, "The draft is kept");
}

#[test]
fn offline_a_comment_waits_after_y_and_is_counted() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let settings = "[comments]\nname = \"Sam\"\nemail = \"s@x.example\"\n";
    let mut driver = Cache::new(settings)
        .offline()
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("CMine");
    check_foot(&driver, "offline: kept until sent");
    driver.press("<esc>y");
    assert_eq!(driver.outside, []);
    check_foot(
        &driver,
        "Offline: the next refresh that reaches the site sends it",
    );
    assert!(
        driver.frame().contains("waiting for the network"),
        "{}",
        driver.frame()
    );
    driver.press("q<esc>");
    check_foot(&driver, "1 to send");
}

#[test]
fn what_waits_and_is_written_on_takes_another_yes() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let settings = "[comments]\nname = \"Sam\"\nemail = \"s@x.example\"\n";
    let mut driver = Cache::new(settings)
        .offline()
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("CMine<esc>yr<esc>q");
    let frame = driver.frame();
    assert!(frame.contains("draft, not sent"), "{frame}");
    assert!(!frame.contains("waiting for the network"), "{frame}");
    driver.press("q<esc>");
    assert!(!driver.frame().contains("to send"), "{}", driver.frame());
}

#[test]
fn what_lacks_is_said_instead_of_sending() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let mut driver = Cache::new("")
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("C<esc>y");
    check_foot(&driver, "There is no text to send");
    driver.press("Mine<esc>y");
    check_foot(&driver, "Your name is missing");
    driver.press("Sam<esc>y");
    check_foot(&driver, "Your e-mail address is missing");
    driver.press("s@x.example<esc>y");
    let draft = drafts(&driver).remove(0);
    assert_eq!(sent(&driver), [draft.id]);
    let words = Words {
        name: "Sam".to_owned(),
        email: "s@x.example".to_owned(),
        text: "Mine".to_owned(),
    };
    assert_eq!(draft.words, words);
}

#[test]
fn a_draft_thrown_away_comes_back_by_undoing() {
    let mut driver = with(&TALK, 80, 40);
    driver.press("cCMy comment<esc>d");
    assert_eq!(texts(&driver), [] as [&str; 0]);
    assert!(!driver.frame().contains("My comment"), "{}", driver.frame());
    check_foot(&driver, "Draft thrown away · u brings it back");
    driver.press("u");
    assert_eq!(texts(&driver), ["My comment"]);
    assert!(driver.frame().contains("My comment"), "{}", driver.frame());
    driver.press("U");
    assert_eq!(texts(&driver), [] as [&str; 0]);
    driver.press("u");
    assert_eq!(texts(&driver), ["My comment"]);
}

#[test]
fn what_has_no_words_leaves_nothing_behind() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cCab<backspace><backspace><esc>q");
    assert_eq!(texts(&driver), [] as [&str; 0]);
    check_foot(&driver, "Nothing was written");
}

#[test]
fn keys_change_the_text_as_in_any_field() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cCone two<ctrl-w>three<enter>four<ctrl-a>4 <up><end>!<esc>q");
    assert_eq!(texts(&driver), ["one three!\n4 four"]);
    driver.press("Gr<down><ctrl-u>five<home><ctrl-k><esc>q");
    assert_eq!(texts(&driver), ["one three!\n"]);
}

#[test]
fn a_paste_goes_into_the_field_with_its_line_breaks() {
    let mut driver = with(&TALK, 80, 24);
    driver
        .press("cC")
        .hear(Message::Paste("one\r\ntwo\u{1b}[31m".to_owned()));
    driver
        .press("<tab>")
        .hear(Message::Paste("A\nB".to_owned()));
    driver.press("<esc>q");
    assert_eq!(texts(&driver), ["one\ntwo"]);
    assert_eq!(drafts(&driver)[0].words.name, "Sam OkoroA B");
}

#[test]
fn the_readers_editor_changes_the_text() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cCone<ctrl-e>");
    assert_eq!(driver.outside.last(), Some(&Effect::Edit("one".to_owned())));
    driver.hear(Message::Outside(Outside::Edited("one\ntwo\n".to_owned())));
    assert_eq!(texts(&driver), ["one\ntwo"]);
    // In a field of one line it goes to the end.
    driver.press("<tab><home><ctrl-e>!<esc>q");
    assert_eq!(drafts(&driver)[0].words.name, "Sam Okoro!");
    let edits = driver
        .outside
        .iter()
        .filter(|effect| matches!(effect, Effect::Edit(_)));
    assert_eq!(edits.count(), 1);
}

#[test]
fn writing_begins_anywhere_and_ends_among_the_comments() {
    for keys in ["C", "<enter>C", "cC"] {
        let mut driver = with(&TALK, 120, 40);
        driver.press(keys);
        assert!(matches!(driver.state().mode, Mode::Writing(_)), "{keys}");
        driver.press("qQ?<esc>q");
        assert_eq!(driver.state().focus, Pane::Comments);
        assert_eq!(texts(&driver), ["qQ?"]);
    }
}

#[test]
fn the_cursor_stands_in_the_field() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cCabc");
    let (_, cursor) = driver.drawn();
    assert_eq!(driver.lines()[usize::from(cursor.y)].trim(), "abc_");
    assert_eq!(cursor.x, 7);
    driver.press("<tab>");
    let (_, cursor) = driver.drawn();
    let line = &driver.lines()[usize::from(cursor.y)];
    assert!(line.contains("Name    Sam Okoro_"), "{line}");
    assert_eq!(cursor.x, 21);
}

#[test]
fn a_long_text_scrolls_with_the_cursor() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cC");
    for line in 1..=60 {
        driver.press(&format!("line {line}<enter>"));
    }
    assert!(driver.frame().contains("line 60"), "{}", driver.frame());
    assert!(!driver.frame().contains("line 2\n"), "{}", driver.frame());
    driver.press("<pageup><pageup><pageup><pageup><pageup>");
    assert!(driver.frame().contains("line 1\n"), "{}", driver.frame());
}

#[test]
fn a_window_too_small_for_it_loses_nothing() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cCabc").resize(32, 9).resize(80, 24);
    driver.press("d<esc>q");
    assert_eq!(texts(&driver), ["abcd"]);
    driver.press("Gre").resize(32, 9).press("q").resize(80, 24);
    assert_eq!(texts(&driver), ["abcde"]);
    assert_eq!(driver.state().focus, Pane::Comments);
}

#[test]
fn what_cannot_be_stored_is_told_and_not_sent_until_it_is() {
    let mut driver = with(&TALK, 80, 24);
    driver.press("cCone");
    let file = driver.folder().join("data").join("gazette.db");
    let cache = rusqlite::Connection::open(file).unwrap();
    let rename = |from: &str, to: &str| {
        let change = format!("alter table {from} rename to {to}");
        cache.execute_batch(&change).unwrap();
    };
    rename("drafts", "elsewhere");
    driver.press(" two<esc>");
    assert!(driver.foot().starts_with(" ! "), "{}", driver.foot());
    driver.press("e");
    assert!(
        driver.frame().contains("! Draft not saved · 7 of 65,000"),
        "{}",
        driver.frame()
    );
    driver.press("<esc>y");
    assert_eq!(sent(&driver), []);
    rename("elsewhere", "drafts");
    let driver = driver.restart(80, 24);
    assert_eq!(texts(&driver), ["one two"]);
    assert_eq!(drafts(&driver)[0].state, DraftState::Draft);
}

#[test]
fn a_text_longer_than_any_site_takes_is_not_sent() {
    let mut driver = with(&TALK, 80, 24);
    driver
        .press("cC")
        .hear(Message::Paste("word ".repeat(13_001)));
    assert!(
        driver.frame().contains("! Too long: 65,005 of 65,000"),
        "{}",
        driver.frame()
    );
    driver.press("<esc>y");
    check_foot(&driver, "The text has more than 65,000 characters");
    assert_eq!(sent(&driver), []);
}

#[test]
fn where_the_reader_has_an_account_no_name_is_asked_for() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let settings = "[[comments.accounts]]\nsite = \"https://news.example/\"\n\
        username = \"sokoro\"\npassword_command = [\"true\"]\n";
    let mut driver = Cache::new(settings)
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("CMi<tab>ne");
    let frame = driver.frame();
    assert!(
        frame.contains("As sokoro, your account at this site"),
        "{frame}"
    );
    driver.press("<esc>");
    let frame = driver.frame();
    assert!(
        frame.contains("send now to news.example as sokoro"),
        "{frame}"
    );
    driver.press("y");
    assert_eq!(sent(&driver).len(), 1);
}

#[test]
fn a_name_that_was_typed_once_is_there_for_the_next_comment() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let mut driver = Cache::new("")
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("CMine<tab>Sam<tab>s@x.example<esc>yC");
    assert!(
        driver.frame().contains("Name    Sam  "),
        "{}",
        driver.frame()
    );
}

#[test]
fn what_is_written_while_it_is_sent_is_a_new_draft() {
    let articles = [article("one", "One story", 5, "<p>Words.</p>")];
    let settings = "[comments]\nname = \"Sam\"\nemail = \"s@x.example\"\n";
    let mut driver = Cache::new(settings)
        .section("News", &[feed("Wire", &articles)])
        .open(80, 24);
    driver.press("CMine<esc>q");
    driver.press("r");
    // Another process sends it.
    let draft = drafts(&driver).remove(0);
    let mut store = store(&driver);
    let sent = DraftState::Held(Receipt::default());
    assert!(
        store
            .change_draft(draft.id, &sent, draft.changed, |_| true)
            .unwrap()
    );
    driver.press(", and more");
    driver.press("<esc>q");
    assert_eq!(texts(&driver), ["Mine", "Mine, and more"]);
}
