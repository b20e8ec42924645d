//! What may be written, and what may not.

use std::time::Duration;

use super::bytes::{Piece, looks, pieces};
use super::screen::{MODERN, Screen};
use super::two_sections;
use crate::support::env::TestEnv;

/// Goes through lists, an article and what lies over them; returns what was written.
fn tour(env: &TestEnv, variables: &[(&str, &str)], title: &str) -> Vec<u8> {
    let screen = Screen::start_in(env, &[], variables, MODERN);
    screen.wait_for(title);
    for key in [
        "j", "k", "s", "m", "m", "s", "x", "x", "\r", "i", "\x07", " ", "b",
    ] {
        screen.send_in_parts(&[key]);
    }
    for key in ["L", "\x07", "T", "\x07"] {
        screen.send_in_parts(&[key]);
    }
    screen.send("?");
    screen.wait_for("suspend");
    screen.send("\x07");
    screen.wait_for_end_of("suspend");
    screen.send("Q");
    let (code, bytes) = screen.end();
    assert_eq!(code, 0);
    bytes
}

/// Whether numbers of SGR name a colour other than the terminal's own.
fn colours(numbers: &[u16]) -> Vec<u16> {
    let colour = |number: &&u16| matches!(number, 30..=38 | 40..=48 | 58 | 90..=107);
    numbers.iter().filter(colour).copied().collect()
}

#[test]
fn without_colours_none_is_written() {
    let env = two_sections();
    let plain = looks(&tour(&env, &[("NO_COLOR", "1")], "News article 1"));
    assert!(colours(&plain).is_empty(), "{plain:?}");
    assert!(plain.contains(&7), "the selected row is reversed");
    assert!(!colours(&looks(&tour(&env, &[], "News article 1"))).is_empty());
}

#[test]
fn where_ascii_is_all_there_is_nothing_else_is_written() {
    let env = two_sections();
    for variables in [
        [("TERM", "linux"), ("LANG", "C.UTF-8")],
        [("TERM", "xterm-256color"), ("LANG", "C")],
    ] {
        let bytes = tour(&env, &variables, "News article 1");
        let text = String::from_utf8(bytes).unwrap();
        let strange: String = text.chars().filter(|c| !c.is_ascii()).collect();
        assert_eq!(strange, "", "{variables:?}");
    }
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    let env = two_sections();
    let screen = Screen::start(&env, &[]);
    screen.wait_for("News article 1");
    screen.wait_for_silence(Duration::from_secs(2));
    screen.send("Q");
    assert_eq!(screen.end().0, 0);
}

/// Whether the program may write this anywhere.
fn is_ours(piece: &Piece) -> bool {
    match piece {
        Piece::Text(text) => !text.chars().any(acts_on_a_terminal),
        Piece::Command(text) => {
            text == "11;?"
                || text
                    .strip_prefix("0;")
                    .is_some_and(|title| !title.chars().any(acts_on_a_terminal))
        }
        Piece::Control(parameters, last) => {
            let numbers = parameters
                .split(';')
                .all(|number| number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit()));
            match (&**parameters, last) {
                ("?1007$" | "?2026$", 'p') | ("", 'c' | 'K') | ("2", 'J') => true,
                ("22;0" | "23;0", 't') => true,
                (mode, 'h' | 'l') => ["?25", "?1007", "?1049", "?2004", "?2026"].contains(&mode),
                (_, 'A' | 'B' | 'C' | 'D' | 'G' | 'H' | 'd' | 'm') => numbers,
                _ => false,
            }
        }
        Piece::Other(_) => false,
    }
}

/// Whether a character does something, rather than being seen: a control, or one that turns the
/// order of others.
fn acts_on_a_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a feed may try, each followed by a word that is seen. XML has no way to write ESC and BEL;
/// the references are tried nonetheless.
const ATTACKS: &str = "\u{9d}52;c;SE9TVElMRQ==\u{9c}one \u{9b}2J two \u{9b}31m three \
    \u{202e}four\u{202c} \u{2066}five\u{2069} \u{200f}six &#27;[2J seven \
    &#27;]52;c;SE9TVElMRQ==&#7;eight &#x1b;]0;owned&#x07; nine &#155;6n ten &#157;0;x&#156; eleven \
    \x1b[?1049l\x1b]0;owned\x07 twelve \x1bP+q544e\x1b\\ &#8238;thirteen&#8237; &amp;#27;[5n \
    &amp;#x9b;c &amp;#x202e; last";

#[test]
fn a_feed_acts_on_no_terminal() {
    let env = TestEnv::new();
    let item = format!(
        "<item><guid>1{ATTACKS}</guid><title>Seen {ATTACKS}</title><author>A {ATTACKS}</author>\
         <category>C {ATTACKS}</category><link>https://hostile.example/{ATTACKS}</link>\
         <enclosure url=\"https://hostile.example/{ATTACKS}.pdf\" type=\"{ATTACKS}\" length=\"9\"/>\
         <description>&lt;h2 id=\"{ATTACKS}\"&gt;H {ATTACKS}&lt;/h2&gt;&lt;p&gt;P {ATTACKS} \
         &lt;a href='https://hostile.example/{ATTACKS}'&gt;L {ATTACKS}&lt;/a&gt; \
         &lt;img alt='{ATTACKS}' src='{ATTACKS}'&gt;&lt;/p&gt;&lt;pre&gt;{ATTACKS}&lt;/pre&gt;\
         &lt;table&gt;&lt;tr&gt;&lt;td&gt;{ATTACKS}&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;\
         </description></item>"
    );
    env.write(
        "feed.xml",
        format!(
            "<rss version=\"2.0\"><channel><title>Feed {ATTACKS}</title>\
             <link>https://hostile.example/{ATTACKS}</link>{item}</channel></rss>"
        ),
    );
    env.configure(&format!(
        "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
        env.file_url("feed.xml")
    ));
    let refreshed = env.run(&["refresh"]);
    assert_eq!(refreshed.code, Some(0), "{}", refreshed.err);
    let bytes = tour(&env, &[], "Seen");
    let strange: Vec<_> = pieces(&bytes)
        .into_iter()
        .filter(|piece| !is_ours(piece))
        .collect();
    assert_eq!(strange, []);
    assert!(
        String::from_utf8_lossy(&bytes).contains("eleven"),
        "the rest is seen"
    );
}

#[test]
fn what_isnt_ours_is_found() {
    for strange in [
        "\x1b]52;c;SE9TVElMRQ==\x07",
        "\x1b]0;a\u{202e}b\x07",
        "\x1b[?1004h",
        "\x1b[5n",
        "\x1b[1;5r",
        "\x1bPq\x1b\\",
        "a\tb",
        "a\u{9b}2J",
        "a\u{2066}",
    ] {
        assert!(
            !pieces(strange.as_bytes()).iter().all(is_ours),
            "{strange:?}"
        );
    }
}
