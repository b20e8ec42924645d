//! Copies to the clipboard of whoever sits at the terminal, however far away.
//!
//! Neither way says whether it worked: the terminal may refuse it without a word.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::facts::Within;

/// The longest string for GNU screen, in bytes: it drops one that is longer than 768, before 4.2.1
/// than 512 and long ago than 256.
const SCREEN_STRING: usize = 240;

/// How a text goes to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// By these bytes, which the caller writes to the terminal between two frames.
    ByTerminal(Vec<u8>),
    /// By tmux, which has it already.
    ByTmux,
}

/// The text is on no clipboard.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The Linux console has none.
    #[error("the Linux console has no clipboard")]
    NoClipboard,
    /// tmux couldn't be run.
    #[error("`tmux` can't be run")]
    NoTmux(#[source] io::Error),
    /// tmux refused: before 3.2 it doesn't know how.
    #[error("`tmux load-buffer -w` failed, which tmux 3.2 and later know")]
    Refused,
}

/// Copies a text: by OSC 52, or inside tmux by `tmux load-buffer -w`, since tmux refuses OSC 52
/// from programs by default. Waits for tmux.
///
/// GNU screen keeps OSC 52 to itself, and hands on what stands in device control strings.
pub fn copy(text: &str, within: Within) -> Result<Copied, CopyError> {
    let escape = || format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    match within {
        Within::LinuxConsole => Err(CopyError::NoClipboard),
        Within::Tmux => hand_over(Command::new("tmux").args(["load-buffer", "-w", "-"]), text)
            .map(|()| Copied::ByTmux),
        Within::Screen => Ok(Copied::ByTerminal(through_screen(escape().as_bytes()))),
        Within::Nothing | Within::FarTmux => Ok(Copied::ByTerminal(escape().into_bytes())),
    }
}

/// Returns what makes GNU screen send these bytes to its terminal: strings short enough for it.
fn through_screen(bytes: &[u8]) -> Vec<u8> {
    let strings = bytes.chunks(SCREEN_STRING);
    strings
        .flat_map(|string| [b"\x1bP", string, b"\x1b\\"].concat())
        .collect()
}

/// Runs a program with a text as its input.
fn hand_over(command: &mut Command, text: &str) -> Result<(), CopyError> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(CopyError::NoTmux)?;
    // A program that refuses doesn't read; its status says so.
    if let Some(mut input) = child.stdin.take() {
        let _ = input.write_all(text.as_bytes());
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(CopyError::Refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_told_in_base64() {
        let check = |text, expected: &str| {
            for within in [Within::Nothing, Within::FarTmux] {
                let copied = copy(text, within).unwrap();
                assert_eq!(copied, Copied::ByTerminal(expected.into()));
            }
        };
        check("hi", "\x1b]52;c;aGk=\x07");
        check("£\x1b]0;x\x07", "\x1b]52;c;wqMbXTA7eAc=\x07");
    }

    #[test]
    fn gnu_screen_hands_it_on_in_short_strings() {
        let check = |text: &str, expected: &str| {
            let copied = copy(text, Within::Screen).unwrap();
            assert_eq!(copied, Copied::ByTerminal(expected.into()));
        };
        check("hi", "\x1bP\x1b]52;c;aGk=\x07\x1b\\");
        let (first, rest) = ("QUFB".repeat(58), "QUFB");
        check(
            &"A".repeat(180),
            &format!("\x1bP\x1b]52;c;{first}Q\x1b\\\x1bPUFB{rest}\x07\x1b\\"),
        );
    }

    #[test]
    fn a_console_without_a_clipboard_says_so() {
        let copied = copy("hi", Within::LinuxConsole);
        assert!(matches!(copied, Err(CopyError::NoClipboard)), "{copied:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_gets_the_text_and_may_refuse() {
        let shell = |line: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            command
        };
        let taken = hand_over(&mut shell("test \"$(cat)\" = 'a \"b\" $c'"), "a \"b\" $c");
        assert!(taken.is_ok(), "{taken:?}");
        let long = "x".repeat(1_000_000);
        assert!(matches!(
            hand_over(&mut shell("exit 1"), &long),
            Err(CopyError::Refused)
        ));
        assert!(matches!(
            hand_over(&mut Command::new("no such program"), ""),
            Err(CopyError::NoTmux(_))
        ));
    }
}
