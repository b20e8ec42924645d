//! What can be known of the terminal without asking it: the environment, and tmux.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What the environment says of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalFacts {
    /// The value of `TERM`, empty where there is none.
    pub term: String,
    /// The program between us and the terminal, if one is.
    pub within: Within,
    /// How many colours there are.
    pub depth: Depth,
    /// Whether the terminal shows UTF-8.
    pub charset: Charset,
    /// The background, if `COLORFGBG` says it.
    pub ground: Option<Ground>,
    /// Whether a browser can be seen where the program runs.
    pub browser: Browser,
    /// The reader's editor, as a shell reads it: `VISUAL`, else `EDITOR`, else `vi`.
    pub editor: String,
}

/// What stands between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Nothing that is known of.
    Nothing,
    /// tmux, which can be run to ask it.
    Tmux,
    /// A tmux on another machine, where SSH was started.
    FarTmux,
    /// GNU screen.
    Screen,
    /// Linux's own console, which has 16 colours and no title.
    LinuxConsole,
}

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None, or the reader wants none (`NO_COLOR`).
    Mono,
    /// The 16 that the reader chose.
    Ansi16,
    /// 256.
    Indexed256,
    /// 24 bits.
    TrueColour,
}

/// Which characters the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// All.
    Utf8,
    /// Surely ASCII alone.
    Ascii,
}

/// A background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Dark letters on light.
    Light,
    /// Light letters on dark.
    Dark,
}

/// Whether a browser can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// There is a desktop.
    Possible,
    /// There is none, or it stands elsewhere.
    Impossible,
}

impl TerminalFacts {
    /// Reads the environment, by a function that returns the value of a variable.
    pub fn read(environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| environment(name).filter(|value| !value.is_empty());
        let term = get("TERM").unwrap_or_default();
        let within = within(&term, &get);
        Self {
            depth: depth(&term, within, &get),
            charset: charset(&get),
            ground: get("COLORFGBG").and_then(|colours| ground_of(&colours)),
            browser: browser(&get),
            editor: get("VISUAL")
                .or_else(|| get("EDITOR"))
                .unwrap_or_else(|| "vi".to_owned()),
            within,
            term,
        }
    }
}

type Get<'a> = dyn Fn(&str) -> Option<String> + 'a;

fn within(term: &str, get: &Get<'_>) -> Within {
    if get("TMUX").is_some() {
        Within::Tmux
    } else if term.starts_with("tmux") {
        Within::FarTmux
    } else if get("STY").is_some() || term.starts_with("screen") {
        Within::Screen
    } else if term == "linux" {
        Within::LinuxConsole
    } else {
        Within::Nothing
    }
}

/// Terminals of 24 bits that say so by their name; `COLORTERM` is lost over SSH.
const TRUE_COLOUR_TERMS: [&str; 7] = [
    "direct",
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "foot",
    "wezterm",
    "contour",
];

fn depth(term: &str, within: Within, get: &Get<'_>) -> Depth {
    if get("NO_COLOR").is_some() || term.is_empty() || term == "dumb" || term.starts_with("vt") {
        return Depth::Mono;
    }
    if within == Within::LinuxConsole {
        return Depth::Ansi16;
    }
    let said = get("COLORTERM").is_some_and(|said| matches!(&*said, "truecolor" | "24bit"));
    let windows_terminal = get("WT_SESSION").is_some();
    let named = TRUE_COLOUR_TERMS.iter().any(|name| term.contains(name));
    // GNU screen 4 has 256 at most, whatever the terminal around it says.
    if within != Within::Screen && (said || windows_terminal || named) {
        Depth::TrueColour
    } else if term.contains("256color") {
        Depth::Indexed256
    } else {
        Depth::Ansi16
    }
}

/// The first that is set counts (POSIX, "Internationalization Variables").
fn charset(get: &Get<'_>) -> Charset {
    let locale = get("LC_ALL")
        .or_else(|| get("LC_CTYPE"))
        .or_else(|| get("LANG"))
        .unwrap_or_default()
        .to_ascii_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") {
        Charset::Utf8
    } else {
        Charset::Ascii
    }
}

/// Reads `15;0` or `0;default;15`: the last number is the background's, of the 16 colours.
fn ground_of(colours: &str) -> Option<Ground> {
    match colours.rsplit(';').next()?.parse().ok()? {
        0..=6 | 8 => Some(Ground::Dark),
        7 | 9..=15 => Some(Ground::Light),
        16_u32.. => None,
    }
}

fn browser(get: &Get<'_>) -> Browser {
    // A display that SSH forwards is one.
    let display = get("DISPLAY").is_some() || get("WAYLAND_DISPLAY").is_some();
    let remote = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        .iter()
        .any(|name| get(name).is_some());
    let own_desktop = cfg!(any(target_os = "macos", windows)) || get("WSL_DISTRO_NAME").is_some();
    if display || (own_desktop && !remote) {
        Browser::Possible
    } else {
        Browser::Impossible
    }
}

/// Asks tmux for the background of the terminal around it; only from tmux 3.6 on does it know.
///
/// Waits for the answer no longer than `limit`; `None` without one.
pub fn tmux_ground(limit: Duration) -> Option<Ground> {
    let answer = answer_of(
        Command::new("tmux").args(["display-message", "-p", "#{client_theme}"]),
        limit,
    )?;
    match answer.trim() {
        "light" => Some(Ground::Light),
        "dark" => Some(Ground::Dark),
        _ => None,
    }
}

/// Runs a program and returns what it wrote, if it ended in time.
fn answer_of(command: &mut Command, limit: Duration) -> Option<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut output = child.stdout.take()?;
    let (sender, answer) = mpsc::channel();
    let reader = thread::Builder::new().spawn(move || {
        let mut text = String::new();
        if output.read_to_string(&mut text).is_ok() {
            let _ = sender.send(text);
        }
    });
    let answer = reader.ok().and_then(|_| answer.recv_timeout(limit).ok());
    let _ = child.kill();
    let _ = child.wait();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(environment: &str) -> TerminalFacts {
        TerminalFacts::read(&|name| {
            environment.split_whitespace().find_map(|set| {
                let (set, value) = set.split_once('=')?;
                (set == name).then(|| value.to_owned())
            })
        })
    }

    #[test]
    fn colours_are_counted() {
        let check = |environment, depth| assert_eq!(facts(environment).depth, depth);
        check("", Depth::Mono);
        check("TERM=dumb COLORTERM=truecolor", Depth::Mono);
        check("TERM=vt220", Depth::Mono);
        check("TERM=xterm", Depth::Ansi16);
        check("TERM=xterm-256color", Depth::Indexed256);
        check("TERM=xterm-256color COLORTERM=24bit", Depth::TrueColour);
        check("TERM=xterm-256color COLORTERM=yes", Depth::Indexed256);
        check("TERM=xterm-direct", Depth::TrueColour);
        check("TERM=xterm-kitty", Depth::TrueColour);
        check("TERM=linux COLORTERM=truecolor", Depth::Ansi16);
        check("TERM=xterm COLORTERM=truecolor NO_COLOR=1", Depth::Mono);
        check(
            "TERM=xterm COLORTERM=truecolor NO_COLOR=",
            Depth::TrueColour,
        );
        check(
            "TERM=tmux-256color COLORTERM=truecolor TMUX=x",
            Depth::TrueColour,
        );
        check(
            "TERM=screen.xterm-256color COLORTERM=truecolor",
            Depth::Indexed256,
        );
    }

    #[test]
    fn what_stands_between_is_known() {
        let check = |environment, within| assert_eq!(facts(environment).within, within);
        check("TERM=xterm", Within::Nothing);
        check("TERM=linux", Within::LinuxConsole);
        check("TERM=screen-256color TMUX=/tmp/tmux,1,0", Within::Tmux);
        check("TERM=tmux-256color", Within::FarTmux);
        check("TERM=screen.linux", Within::Screen);
        check("TERM=xterm STY=1.pts", Within::Screen);
    }

    #[test]
    fn the_first_locale_that_is_set_counts() {
        let check = |environment, charset| assert_eq!(facts(environment).charset, charset);
        check("LANG=en_GB.UTF-8", Charset::Utf8);
        check("LANG=C.utf8", Charset::Utf8);
        check("LANG=en_GB.UTF-8 LC_ALL=C", Charset::Ascii);
        check("LANG=C LC_CTYPE=en_GB.UTF-8 LC_ALL=", Charset::Utf8);
        check("", Charset::Ascii);
    }

    #[test]
    fn a_background_is_read_or_left_open() {
        let check = |colours: &str, ground| {
            assert_eq!(facts(&format!("COLORFGBG={colours}")).ground, ground);
        };
        check("15;0", Some(Ground::Dark));
        check("0;15", Some(Ground::Light));
        check("0;default;15", Some(Ground::Light));
        check("12;8", Some(Ground::Dark));
        check("0;7", Some(Ground::Light));
        check("0;default", None);
        check("0;231", None);
        check("", None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_editor_is_that_of_full_screens_first() {
        let check = |environment, editor| assert_eq!(facts(environment).editor, editor);
        check("VISUAL=emacs EDITOR=ed", "emacs");
        check("VISUAL= EDITOR=ed", "ed");
        check("", "vi");
    }

    #[test]
    fn a_browser_needs_a_display() {
        let check = |environment, browser| assert_eq!(facts(environment).browser, browser);
        check("", Browser::Impossible);
        check("DISPLAY=:0", Browser::Possible);
        check("WAYLAND_DISPLAY=wayland-0", Browser::Possible);
        check("SSH_CONNECTION=a", Browser::Impossible);
        check("SSH_CONNECTION=a DISPLAY=localhost:10.0", Browser::Possible);
        check("WSL_DISTRO_NAME=Ubuntu", Browser::Possible);
        check(
            "WSL_DISTRO_NAME=Ubuntu SSH_TTY=/dev/pts/1",
            Browser::Impossible,
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_waited_for_no_longer_than_asked() {
        let limit = Duration::from_secs(20);
        let quick = answer_of(Command::new("echo").arg("dark"), limit);
        assert_eq!(quick.as_deref(), Some("dark\n"));
        let slow = answer_of(Command::new("sleep").arg("1000"), Duration::ZERO);
        assert_eq!(slow, None);
        assert_eq!(answer_of(&mut Command::new("no such program"), limit), None);
    }
}
