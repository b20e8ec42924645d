//! The terminal's modes: entered once, left whatever happens.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{Action, QueueSelector, tcflow, tcflush, tcgetsid, tcgetwinsize};

use super::facts::{TerminalFacts, Within};
use crate::model::text::SafeText;

/// How long leaving waits for answers that are under way, so that they don't come to the shell.
const ANSWER_LIMIT: Duration = Duration::from_millis(100);

/// What was entered and has to be left: the bits below.
static ENTERED: AtomicU8 = AtomicU8::new(0);

const SCREEN: u8 = 1;
const TITLE: u8 = 2;
/// Questions were asked and not all are answered.
const ASKED: u8 = 4;
/// The wheel sent arrows before, and goes on doing so.
const WHEEL: u8 = 8;
/// It is being left.
const LEAVING: u8 = 16;

/// Asks whether the wheel sends arrows already (DECRQM, mode 1007), for the background (OSC 11), for
/// synchronised updates (DECRQM, mode 2026) and, behind them, for what every terminal answers (DA1).
const QUESTIONS: &str = "\x1b[?1007$p\x1b]11;?\x1b\\\x1b[?2026$p\x1b[c";

/// The second screen, in raw mode. Left when dropped.
#[derive(Debug)]
pub struct Screen {
    parts: u8,
    title: SafeText,
}

impl Screen {
    /// Enters raw mode and the second screen, with pastes marked, arrows from the wheel and the
    /// terminal's title put aside. The mouse stays the terminal's, so that selecting works as ever.
    /// Asks the terminal what [`Input`](super::input::Input) can tell.
    pub fn enter(facts: &TerminalFacts) -> io::Result<Self> {
        // The Linux console has no title, and some versions print what they don't know.
        let title = if facts.within == Within::LinuxConsole {
            0
        } else {
            TITLE
        };
        let screen = Self {
            parts: SCREEN | title,
            title: SafeText::default(),
        };
        screen.enter_modes(QUESTIONS)?;
        Ok(screen)
    }

    /// Enters again after [`Screen::leave`]; what was shown must be drawn again.
    pub fn reenter(&mut self) -> io::Result<()> {
        self.enter_modes("")?;
        let title = std::mem::take(&mut self.title);
        self.set_title(&title)
    }

    /// Leaves; does nothing the second time.
    pub fn leave(&self) {
        restore();
    }

    /// Notes that the answer to the last question came, so that leaving needn't wait for it.
    pub fn answered(&self) {
        ENTERED.fetch_and(!ASKED, Ordering::AcqRel);
    }

    /// Notes that the wheel sent arrows before, so that leaving lets it go on.
    pub fn keep_wheel(&mut self) {
        self.parts |= WHEEL;
        ENTERED.fetch_or(WHEEL, Ordering::AcqRel);
    }

    /// Names the terminal's window; writes nothing if it is named so already.
    pub fn set_title(&mut self, title: &SafeText) -> io::Result<()> {
        if self.parts & TITLE == 0 || self.title == *title {
            return Ok(());
        }
        self.title = title.clone();
        Output.write_all(format!("\x1b]0;{title}\x07").as_bytes())
    }

    fn enter_modes(&self, questions: &str) -> io::Result<()> {
        enable_raw_mode()?;
        let asked = if questions.is_empty() { 0 } else { ASKED };
        ENTERED.fetch_or(self.parts | asked, Ordering::AcqRel);
        let entered = Output.write_all(entering(self.parts, questions).as_bytes());
        if entered.is_err() {
            restore();
        }
        entered
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back as it was found. Does nothing where nothing was entered or all was left.
fn restore() {
    let parts = ENTERED.fetch_or(LEAVING, Ordering::AcqRel);
    if parts & LEAVING != 0 {
        return;
    }
    if parts & SCREEN != 0 {
        let _ = Output.write_all(leaving(parts).as_bytes());
        // Nobody may drop this any more.
        ENTERED.fetch_and(!SCREEN, Ordering::AcqRel);
        if parts & ASKED != 0 {
            drop_answers();
        }
        let _ = disable_raw_mode();
    }
    ENTERED.store(0, Ordering::Release);
}

/// Whether the screen is there, or its leaving is still being written.
pub fn is_entered() -> bool {
    ENTERED.load(Ordering::Acquire) & SCREEN != 0
}

/// Drops what was written and the terminal doesn't take, so that whoever waits to write goes on.
pub fn drop_unread() {
    let output = io::stdout();
    let _ = tcflush(&output, QueueSelector::OFlush);
    // Linux tells those who wait only where output begins anew.
    let _ = tcflow(&output, Action::OOff);
    let _ = tcflow(&output, Action::OOn);
}

/// Gives the terminal back as [`Screen::leave`] does, and waits for nobody: neither for a terminal
/// that takes nothing, nor for a thread that writes to it.
pub fn leave_at_once() {
    let parts = ENTERED.fetch_or(LEAVING, Ordering::AcqRel);
    if parts & SCREEN != 0 {
        drop_unread();
        let output = io::stdout();
        let mut room = [PollFd::new(&output, PollFlags::OUT)];
        if poll(&mut room, Some(&Timespec::default())).is_ok_and(|ready| ready > 0) {
            let _ = Output.write_all(leaving(parts).as_bytes());
        }
    }
    let _ = disable_raw_mode();
}

/// Returns the terminal's columns and rows.
pub fn size() -> io::Result<(u16, u16)> {
    let size = tcgetwinsize(io::stdout())?;
    Ok(match (size.ws_col, size.ws_row) {
        // A terminal that doesn't know, such as a serial line's.
        (0, _) | (_, 0) => (80, 24),
        size => size,
    })
}

/// Whether a shell is there that could wake the program up if it stopped: none is where the program
/// was started by the terminal itself.
pub fn has_shell() -> bool {
    let own = i32::try_from(std::process::id()).ok();
    let leader = tcgetsid(io::stdin()).or_else(|_| tcgetsid(io::stdout()));
    leader.is_ok_and(|leader| Some(leader.as_raw_nonzero().get()) != own)
}

/// Standard output without a buffer or a lock: what is written in one call goes out in one.
#[derive(Clone, Copy, Debug)]
pub struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let output = io::stdout();
        loop {
            match rustix::io::write(&output, bytes) {
                // Another program may have left the terminal in a mode that doesn't wait.
                Err(Errno::AGAIN) => {
                    poll(&mut [PollFd::new(&output, PollFlags::OUT)], None)?;
                }
                written => return Ok(written?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what enters: the title put aside (xterm, `XTWINOPS`), the second screen, marked pastes,
/// arrows from the wheel, and the cursor shown on an empty screen. The questions stand
/// before the arrows, as one asks for their old setting; `XTSAVE` would put that aside, but many
/// terminals take `XTRESTORE` for margins.
fn entering(parts: u8, questions: &str) -> String {
    let title = if parts & TITLE == 0 { "" } else { "\x1b[22;0t" };
    [
        title,
        "\x1b[?1049h\x1b[?2004h",
        questions,
        "\x1b[?1007h\x1b[m\x1b[2J\x1b[H\x1b[?25h",
    ]
    .concat()
}

/// Returns what leaves: all that [`entering`] changes, undone from its end.
fn leaving(parts: u8) -> String {
    let title = if parts & TITLE == 0 {
        ""
    } else {
        // Empty where the terminal has no stack of titles.
        "\x1b]0;\x07\x1b[23;0t"
    };
    let wheel = if parts & WHEEL == 0 {
        "\x1b[?1007l"
    } else {
        ""
    };
    ["\x1b[m\x1b[?25h", wheel, "\x1b[?2004l\x1b[?1049l", title].concat()
}

/// Waits briefly for what the terminal still says, and drops it.
fn drop_answers() {
    let Ok(terminal) = File::open("/dev/tty") else {
        return;
    };
    if let Ok(limit) = Timespec::try_from(ANSWER_LIMIT) {
        let waiting = PollFd::from_borrowed_fd(terminal.as_fd(), PollFlags::IN);
        let _ = poll(&mut [waiting], Some(&limit));
    }
    let _ = tcflush(&terminal, QueueSelector::IFlush);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The private modes that a text sets and unsets, in order, and its titles.
    fn modes(text: &str, last: char) -> Vec<&str> {
        let sequences = text.split("\x1b[?").skip(1);
        sequences
            .filter_map(|rest| Some(rest.split_once(last)?.0))
            .filter(|number| number.chars().all(|c| c.is_ascii_digit()))
            .collect()
    }

    #[test]
    fn what_was_entered_is_left_from_its_end() {
        for parts in [SCREEN, SCREEN | TITLE] {
            let (entering, leaving) = (entering(parts, QUESTIONS), leaving(parts));
            let entered = modes(&entering, 'h');
            let mut left = modes(&leaving, 'l');
            left.reverse();
            // The cursor is shown before and after.
            assert_eq!(entered.split_last(), Some((&"25", &left[..])));
            assert_eq!(entering.contains("22;0t"), leaving.ends_with("23;0t"));
        }
    }

    #[test]
    fn a_wheel_that_sent_arrows_before_goes_on() {
        let entering = entering(SCREEN, QUESTIONS);
        let (asked, set) = (entering.find("\x1b[?1007$p"), entering.find("\x1b[?1007h"));
        assert!(asked.is_some() && asked < set);
        assert!(leaving(SCREEN).contains("\x1b[?1007l"));
        assert!(!leaving(SCREEN | WHEEL).contains("1007"));
    }

    #[test]
    fn the_terminal_is_as_it_was() {
        let size = |n| std::num::NonZeroU16::new(n).unwrap();
        let mut terminal = vt100::Parser::new(size(5), size(20), 0);
        terminal.process(b"$ gazette\r\n");
        let before = terminal.screen().state_formatted();
        terminal.process(entering(SCREEN | TITLE, QUESTIONS).as_bytes());
        assert!(terminal.screen().alternate_screen());
        assert!(terminal.screen().bracketed_paste());
        terminal.process(b"\x1b[1;7mnews\x1b[3;3H\x1b[?25l");
        terminal.process(leaving(SCREEN | TITLE).as_bytes());
        assert_eq!(terminal.screen().state_formatted(), before);
    }

    #[test]
    fn nothing_is_written_where_nothing_was_entered() {
        // It would be seen in the output of the tests.
        restore();
        assert_eq!(ENTERED.load(Ordering::Acquire), 0);
    }
}
