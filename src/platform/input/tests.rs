use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use proptest::prelude::*;

use super::{Decoder, Input};

const LATER: Duration = Duration::from_mins(1);

/// Writes an input briefly: `j`, `^c`, `<up>`, `(paste)`, `[other]`.
fn name(input: &Input) -> String {
    let key = match input {
        Input::Key(key) => key,
        Input::Paste(text) => return format!("({text})"),
        other => return format!("[{other:?}]"),
    };
    let code = match key.code {
        KeyCode::Char(c) => c.to_string(),
        code => format!("<{}>", format!("{code:?}").to_lowercase()),
    };
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    format!("{}{code}", if control { "^" } else { "" })
}

/// What reads at these milliseconds bring, up to long after the last.
fn decode(reads: &[(u64, &[u8])]) -> String {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    for (at, bytes) in reads {
        let now = Duration::from_millis(*at);
        while let Some(deadline) = decoder.deadline().filter(|deadline| *deadline <= now) {
            inputs.extend(decoder.expired(deadline));
        }
        inputs.extend(decoder.bytes(bytes, now));
    }
    inputs.extend(decoder.expired(LATER));
    assert_eq!(decoder.deadline(), None);
    inputs.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// Checks bytes that come in one read.
#[track_caller]
fn check(bytes: &str, expected: &str) {
    assert_eq!(decode(&[(0, bytes.as_bytes())]), expected, "{bytes:?}");
}

/// Checks bytes wherever a slow line may cut them, 49 ms and another read apart.
#[track_caller]
fn check_cut(bytes: &str, expected: &str) {
    let bytes = bytes.as_bytes();
    for at in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(at);
        let found = decode(&[(0, head), (49, tail), (98, b"z")]);
        assert_eq!(found, format!("{expected} z").trim_start(), "cut at {at}");
    }
}

#[test]
fn keys_come_as_they_are_named() {
    check("jJ0?é日", "j J 0 ? é 日");
    check("\r\t\x7f", "<enter> <tab> <backspace>");
    check("\x03\x04\x00\x1a\n\x08", "^c ^d ^  ^z ^j ^h");
    let shifted = KeyEvent::new(KeyCode::Char('J'), KeyModifiers::SHIFT);
    let found = Decoder::default().bytes(b"J", Duration::ZERO);
    assert_eq!(found, [Input::Key(shifted)]);
}

#[test]
fn sequences_of_keys_are_read_wherever_they_are_cut() {
    check_cut("\x1b[A", "<up>");
    check_cut("\x1b[D\x1b[F", "<left> <end>");
    check_cut("\x1bOB", "<down>");
    check_cut("\x1bOH", "<home>");
    check_cut("\x1b[5~", "<pageup>");
    check_cut("\x1b[6~", "<pagedown>");
    check_cut("\x1b[3~", "<delete>");
    check_cut("\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "<home> <end> <home> <end>");
    check_cut("\x1b[Z", "<backtab>");
    check_cut("\x1b[1;5C", "^<right>");
    check_cut("\x1bO5C", "^<right>");
    check_cut("日\u{301}", "日 \u{301}");
}

#[test]
fn an_escape_waits_fifty_milliseconds() {
    assert_eq!(decode(&[(0, b"\x1b")]), "<esc>");
    assert_eq!(decode(&[(0, b"\x1b"), (20, b"j")]), "<esc> j");
    assert_eq!(decode(&[(0, b"\x1b"), (50, b"[A")]), "<esc> [ A");
    assert_eq!(decode(&[(0, b"\x1b"), (30, b"\x1b")]), "<esc> <esc>");
    let mut decoder = Decoder::default();
    let now = Duration::from_millis(700);
    assert_eq!(decoder.bytes(b"\x1b", now), []);
    assert_eq!(decoder.deadline(), Some(Duration::from_millis(750)));
    assert_eq!(decoder.expired(Duration::from_millis(749)), []);
    assert_eq!(decoder.expired(Duration::from_millis(750)).len(), 1);
}

#[test]
fn keys_with_alt_are_dropped() {
    check("\x1bjk", "k");
    check("\x1b\x03k", "k");
    check("\x1bék", "k");
    check("\x1b[1;3Ak", "k");
    check("\x1b[97;3uk", "k");
}

#[test]
fn answers_are_read() {
    check_cut(
        "\x1b]11;rgb:1010/1111/1212\x1b\\",
        "[Background([16, 17, 18])]",
    );
    check_cut("\x1b]11;rgb:10/11/12\x07", "[Background([16, 17, 18])]");
    check("\x1b]11;rgb:f/0/8\x07", "[Background([255, 0, 136])]");
    check("\x1b]11;rgb:fff/000/888\x07", "[Background([255, 0, 136])]");
    check(
        "\x1b]11;rgba:ffff/0000/8080/ffff\x07",
        "[Background([255, 0, 128])]",
    );
    check_cut("\x1b[?2026;2$y", "[Synchronised]");
    check("\x1b[?2026;0$y\x1b[?2026;4$y\x1b[?2027;2$y", "");
    check_cut("\x1b[?1007;1$y", "[WheelArrows]");
    check(
        "\x1b[?1007;3$y\x1b[?1007;2$y\x1b[?1007;0$y",
        "[WheelArrows]",
    );
    check_cut("\x1b[?62;1;4c", "[Attributes]");
    check(
        "\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?2026;2$y\x1b[?62;22cj",
        "[Background([0, 0, 0])] [Synchronised] [Attributes] j",
    );
}

#[test]
fn answers_that_nobody_reads_are_never_keys() {
    check_cut("\x1b[24;80R\x1b[0;0R", "");
    check_cut("\x1b[I\x1b[O", "");
    check_cut("\x1b[?1u\x1b[>0;276;0c\x1b[8;24;80t", "");
    check_cut("\x1bP>|XTerm(370)\x1b\\", "");
    check_cut("\x1bP1$r0m\x1b\\\x1b_Gi=1;OK\x1b\\", "");
    check_cut("\x1b^private\x1b\\\x1bXstring\x1b\\", "");
    check_cut("\x1b]4;1;rgb:ff/ff/ff\x07\x1b]52;c;aGk=\x1b\\", "");
    check(
        "\x1b]11;rgb:xx/00/00\x07\x1b]11;?\x07\x1b]11;rgb:0/0\x07",
        "",
    );
    // Keys of a Linux console, function keys, an old mouse, keypads in application mode.
    check_cut("\x1b[[A\x1b[11~\x1bOP\x1b[M !!\x1bOw", "");
}

#[test]
fn a_string_without_an_end_leaves_the_keyboard_usable() {
    let begun = b"\x1b]0;jjjj";
    assert_eq!(decode(&[(0, begun), (499, b"j"), (1000, b"k")]), "k");
    assert_eq!(decode(&[(0, begun), (100, b"\x03")]), "^c");
    assert_eq!(decode(&[(0, begun), (100, b"\x1b[A")]), "<up>");
    assert_eq!(decode(&[(0, begun), (100, b"\x1b"), (700, b"k")]), "k");
    // A key that repeats, 30 times a second.
    let held: Vec<_> = (1..300).map(|n| (n * 33, &b"j"[..])).collect();
    let reads = [&[(0, &begun[..])], &held[..]].concat();
    let keys = decode(&reads).replace(' ', "").len();
    assert!((140..=150).contains(&keys), "{keys}");
}

#[test]
fn a_long_string_is_no_key_to_its_end() {
    let long = format!("\x1b]52;c;{}\x07k", "QUFB".repeat(10_000));
    check(&long, "k");
    let numbers = format!("\x1b[1;{}Ak", "1".repeat(500));
    check(&numbers, "k");
}

#[test]
fn a_sequence_without_an_end_is_dropped() {
    assert_eq!(decode(&[(0, b"\x1b["), (600, b"A")]), "A");
    assert_eq!(decode(&[(0, b"\x1b[1;"), (600, b"A")]), "A");
    assert_eq!(decode(&[(0, b"\x1bO"), (600, b"A")]), "A");
    check("\x1b[1\x1b[A", "<up>");
    check("\x1b[1\x18A", "A");
    check("\x1b[1\x03", "^c");
    check("\x1bOé", "é");
    assert_eq!(decode(&[(0, b"\xe6"), (600, b"A")]), "A");
    check_cut("\u{9b}", "");
}

#[test]
fn bytes_that_are_no_text_are_dropped() {
    assert_eq!(
        decode(&[(0, b"a\xffb\xc3(\x80\xf5\xe6\x97\x1b[A")]),
        "a b ( <up>"
    );
    assert_eq!(decode(&[(0, b"\xed\xa0\x80x")]), "x");
}

#[test]
fn a_paste_is_one_thing() {
    check_cut("\x1b[200~q Q\rj\x1b[201~", "(q Q\rj)");
    check_cut(
        "\x1b[200~\x1b[A\x1b]0;x\x07\x1b[201~",
        "(\x1b[A\x1b]0;x\x07)",
    );
    check_cut("\x1b[200~\x1b[201~", "()");
    assert_eq!(
        decode(&[(0, b"\x1b[200~ab"), (9_000, b"cd"), (18_000, b"\x1b[201~k")]),
        "(abcd) k"
    );
    assert_eq!(decode(&[(0, b"\x1b[200~ab"), (10_000, b"k")]), "(ab) k");
}

#[test]
fn a_huge_paste_is_cut_and_its_end_found() {
    let bytes = format!("\x1b[200~{}\x1b[201~k", "a".repeat(3 * 1024 * 1024));
    let inputs = Decoder::default().bytes(bytes.as_bytes(), Duration::ZERO);
    let [Input::Paste(text), Input::Key(key)] = &inputs[..] else {
        panic!("{} inputs", inputs.len());
    };
    assert!((1024 * 1024..1024 * 1024 + 16).contains(&text.len()));
    assert_eq!(key.code, KeyCode::Char('k'));
}

#[test]
fn the_kitty_protocol_is_understood() {
    check("\x1b[97u\x1b[97;2u\x1b[97;5u", "a A ^a");
    check(
        "\x1b[27u\x1b[13u\x1b[9;2u\x1b[127u",
        "<esc> <enter> <backtab> <backspace>",
    );
    check("\x1b[27;5;99~", "^c");
    check("\x1b[97;1:3u\x1b[1;1:3A\x1b[57441;2u", "");
    // Num Lock is no modifier.
    check("\x1b[97;129u", "a");
    let mut decoder = Decoder::default();
    let Some(Input::Key(key)) = decoder.bytes(b"\x1b[1;1:2B", Duration::ZERO).pop() else {
        panic!("no key");
    };
    assert_eq!((key.code, key.kind), (KeyCode::Down, KeyEventKind::Repeat));
}

#[test]
fn a_mouse_that_another_program_left_on_presses_no_keys() {
    let check = |bytes: &str| assert_eq!(decode(&[(0, bytes.as_bytes())]), "");
    check("\x1b[<0;5;7M\x1b[<0;5;7m\x1b[<65;1;1M");
    check("\x1b[<0;0;0M\x1b[<0;1M\x1b[<35;1;1M");
}

proptest! {
    /// However bytes are cut into reads, at most 40 ms apart, they mean the same; but for an Esc
    /// and a key, which are one key with Alt in one read.
    #[test]
    fn cuts_change_nothing(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("j"), Just("é"), Just("\x1b[A"), Just("\x1bOB"), Just("\x1b[5~"),
                Just("\x1b]11;rgb:1/2/3\x07"), Just("\x1bPabc\x1b\\"), Just("\x1b[?1;2c"),
                Just("\x1b[200~x\x1b[201~"), Just("\x1b[I"), Just("\x03"),
            ],
            0..12,
        ),
        sizes in proptest::collection::vec(1_usize..6, 0..60),
    ) {
        let whole = parts.concat().into_bytes();
        let mut reads = Vec::new();
        let mut rest = &whole[..];
        for size in sizes {
            let (head, tail) = rest.split_at(size.min(rest.len()));
            reads.push((40 * reads.len() as u64, head));
            rest = tail;
        }
        reads.push((40 * reads.len() as u64, rest));
        prop_assert_eq!(decode(&reads), decode(&[(0, &whole)]));
    }

    /// Whatever comes, an hour of silence later the next key is a key.
    #[test]
    fn nothing_holds_the_keyboard_for_ever(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let found = decode(&[(0, &bytes), (30_000, b"k")]);
        prop_assert!(found.ends_with('k'), "{}", found);
    }
}

/// The thread, on a terminal of its own.
mod thread {
    use std::io::Write;
    use std::ops::ControlFlow;
    use std::os::fd::BorrowedFd;
    use std::sync::mpsc::{Receiver, channel};

    use portable_pty::{MasterPty, PtySize, native_pty_system};

    use super::*;
    use crate::platform::input::Keyboard;

    struct Terminal {
        master: Box<dyn MasterPty + Send>,
        keys: Box<dyn Write + Send>,
        keyboard: Keyboard,
        inputs: Receiver<Input>,
    }

    impl Terminal {
        fn open() -> Self {
            Self::seen_by(|_| ())
        }

        /// Opens one whose input `see` sees first, on the thread that reads.
        fn seen_by(mut see: impl FnMut(&Input) + Send + 'static) -> Self {
            let pair = native_pty_system().openpty(PtySize::default()).unwrap();
            let keys = pair.master.take_writer().unwrap();
            let path = pair.master.tty_name().unwrap();
            let other = std::fs::File::options()
                .read(true)
                .write(true)
                .open(path)
                .unwrap();
            make_raw(std::os::fd::AsFd::as_fd(&other));
            let (sender, inputs) = channel();
            let keyboard = Keyboard::on(other.into(), move |input| {
                see(&input);
                match sender.send(input) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            })
            .unwrap();
            Self {
                master: pair.master,
                keys,
                keyboard,
                inputs,
            }
        }

        fn send(&mut self, bytes: &[u8]) {
            self.keys.write_all(bytes).unwrap();
        }

        fn next(&self) -> Option<String> {
            let input = self.inputs.recv_timeout(Duration::from_secs(10));
            input.ok().map(|input| name(&input))
        }
    }

    fn make_raw(terminal: BorrowedFd<'_>) {
        let mut modes = rustix::termios::tcgetattr(terminal).unwrap();
        modes.make_raw();
        rustix::termios::tcsetattr(terminal, rustix::termios::OptionalActions::Now, &modes)
            .unwrap();
    }

    #[test]
    fn real_bytes_come_through() {
        let mut terminal = Terminal::open();
        terminal.send(b"j\x1b[A\x1b[?62c\x1b");
        let found: Vec<_> = (0..4).filter_map(|_| terminal.next()).collect();
        assert_eq!(found, ["j", "<up>", "[Attributes]", "<esc>"]);
    }

    #[test]
    fn a_pause_leaves_the_bytes_to_others() {
        let mut terminal = Terminal::open();
        terminal.send(b"a");
        assert_eq!(terminal.next().as_deref(), Some("a"));
        // More than once, so that a wake-up of before is seen to do no harm.
        for _ in 0..3 {
            terminal.keyboard.pause();
            terminal.send(b"b");
            assert!(terminal.inputs.try_recv().is_err());
            terminal.keyboard.resume();
            assert_eq!(terminal.next().as_deref(), Some("b"));
        }
        terminal.keyboard.stop();
        assert_eq!(terminal.next(), None);
    }

    #[test]
    fn a_terminal_that_goes_away_is_told() {
        let terminal = Terminal::open();
        drop(terminal.keys);
        drop(terminal.master);
        let mut last = None;
        while let Ok(input) = terminal.inputs.recv_timeout(Duration::from_secs(10)) {
            last = Some(input);
        }
        assert_eq!(last, Some(Input::Closed));
    }

    #[test]
    fn a_fault_of_the_thread_closes_the_keyboard() {
        let mut terminal =
            Terminal::seen_by(|input| assert_eq!(*input, Input::Closed, "on purpose"));
        terminal.send(b"j");
        assert_eq!(terminal.next(), Some(name(&Input::Closed)));
        terminal.keyboard.stop();
    }

    #[test]
    fn a_pause_is_had_while_nobody_takes_what_was_sent() {
        let (sender, inputs) = std::sync::mpsc::sync_channel(0);
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut keys = pair.master.take_writer().unwrap();
        let path = pair.master.tty_name().unwrap();
        let other = std::fs::File::options()
            .read(true)
            .write(true)
            .open(path)
            .unwrap();
        make_raw(std::os::fd::AsFd::as_fd(&other));
        let keyboard = Keyboard::on(other.into(), move |input| match sender.send(input) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        })
        .unwrap();
        keys.write_all(b"ab").unwrap();
        keyboard.pause();
        keyboard.resume();
        let limit = Duration::from_secs(10);
        let found: Vec<_> = (0..2)
            .filter_map(|_| inputs.recv_timeout(limit).ok())
            .collect();
        assert_eq!(found.iter().map(name).collect::<String>(), "ab");
    }
}
