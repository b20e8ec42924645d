//! What the screen looks like on this terminal.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::config::{self, Ui};
use crate::platform::{self, Charset, TerminalFacts, Within};
use crate::tui::palette::{Depth, Palette};
use crate::tui::symbols::{ASCII, UNICODE};
use crate::tui::theme::{Facts, Inside, Theme};
use crate::tui::view::Look;

/// How long tmux may take to say what it knows; the first frame doesn't wait for it.
const TMUX_LIMIT: Duration = Duration::from_millis(200);

/// What is still being asked of the terminal.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// The background that the terminal named.
    pub(super) background: Option<[u8; 3]>,
    tmux: Option<Receiver<platform::Ground>>,
}

impl Answers {
    /// Asks tmux, where it is one and the answer counts.
    pub(super) fn ask(ui: &Ui, facts: &TerminalFacts) -> Self {
        let mut answers = Self::default();
        if ui.theme == config::Theme::Auto && facts.within == Within::Tmux {
            let (sender, answer) = mpsc::channel();
            let asked = thread::Builder::new()
                .name("tmux".to_owned())
                .spawn(move || {
                    if let Some(ground) = platform::tmux_ground(TMUX_LIMIT) {
                        // The first frame may be there already.
                        let _ = sender.send(ground);
                    }
                });
            answers.tmux = asked.is_ok().then_some(answer);
        }
        answers
    }

    /// Returns what the screen looks like, after what is known by now.
    pub(super) fn look(&self, ui: &Ui, facts: &TerminalFacts) -> Look {
        let tmux = self.tmux.as_ref().and_then(|answer| answer.try_recv().ok());
        let hint = tmux.or(facts.ground).map(|ground| match ground {
            platform::Ground::Light => Palette::Light,
            platform::Ground::Dark => Palette::Dark,
        });
        let known = Facts {
            depth: match facts.depth {
                platform::Depth::Mono => Depth::Mono,
                platform::Depth::Ansi16 => Depth::Ansi16,
                platform::Depth::Indexed256 => Depth::Indexed256,
                platform::Depth::TrueColour => Depth::TrueColour,
            },
            background: self.background,
            inside: match facts.within {
                Within::Tmux | Within::FarTmux | Within::Screen => Inside::Multiplexer,
                Within::Nothing | Within::LinuxConsole => Inside::Terminal,
            },
            hint,
        };
        let plain = match ui.symbols {
            config::Symbols::Ascii => true,
            config::Symbols::Unicode => false,
            config::Symbols::Auto => {
                facts.charset == Charset::Ascii || facts.within == Within::LinuxConsole
            }
        };
        Look {
            theme: Theme::choose(ui.theme, &known),
            symbols: if plain { ASCII } else { UNICODE },
        }
    }
}
