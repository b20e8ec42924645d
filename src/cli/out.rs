//! The only writer of standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;

use super::{Color, EnvironmentColor};

/// How a command ends.
pub(super) type Ended = Result<Exit, Stopped>;

/// Why a command ended before its end.
#[derive(Debug)]
pub(super) enum Stopped {
    /// Nobody reads any more: a quiet end.
    ClosedPipe,
    /// A signal asked for it.
    Signal(i32),
    /// Something went wrong, once or more often; the first counts for the exit code.
    Problems(Vec<Problem>),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Problem::new(Exit::Failed, "the output cannot be written")
            .because_of(&error)
            .into()
    }
}

/// How a piece of text stands out, where there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    Bold,
}

/// Standard output and standard error.
pub(super) struct Out {
    stdout: BufWriter<io::Stdout>,
    colours_output: bool,
    colours_errors: bool,
    /// Whether standard error was a pipe that nobody reads any more.
    pub(super) unheard: bool,
    /// Columns of the terminal on standard output, if it is one.
    pub(super) columns: Option<usize>,
}

impl Out {
    pub(super) fn new(asked: Color, environment: EnvironmentColor) -> Self {
        let colour = |terminal: bool| match (asked, environment) {
            (Color::Always, _) | (Color::Auto, EnvironmentColor::Always) => true,
            (Color::Never, _) | (Color::Auto, EnvironmentColor::Never) => false,
            (Color::Auto, EnvironmentColor::Silent) => terminal,
        };
        let stdout = io::stdout();
        let columns = stdout
            .is_terminal()
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(terminal_size::Width(columns), _)| usize::from(columns))
            .filter(|columns| *columns > 0);
        Self {
            colours_output: colour(stdout.is_terminal()),
            colours_errors: colour(io::stderr().is_terminal()),
            columns,
            unheard: false,
            stdout: BufWriter::with_capacity(64 * 1024, stdout),
        }
    }

    /// Writes one line, or a text of several.
    pub(super) fn line(&mut self, text: &SafeText) -> Result<(), Stopped> {
        Ok(writeln!(self.stdout, "{text}")?)
    }

    /// Writes a line in pieces, some of which stand out.
    pub(super) fn pieces(&mut self, pieces: &[(Weight, SafeText)]) -> Result<(), Stopped> {
        for (weight, text) in pieces {
            if *weight == Weight::Bold && self.colours_output {
                write!(self.stdout, "\u{1b}[1m{text}\u{1b}[0m")?;
            } else {
                write!(self.stdout, "{text}")?;
            }
        }
        Ok(writeln!(self.stdout)?)
    }

    /// Writes one JSON value as a line.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Stopped> {
        serde_json::to_writer(&mut self.stdout, value).map_err(io::Error::from)?;
        Ok(writeln!(self.stdout)?)
    }

    /// Sends what was written on its way.
    pub(super) fn flush(&mut self) -> Result<(), Stopped> {
        Ok(self.stdout.flush()?)
    }

    /// Writes a problem to standard error.
    pub(super) fn problem(&mut self, problem: &Problem) {
        let (strong, plain) = if self.colours_errors {
            ("\u{1b}[1;31m", "\u{1b}[0m")
        } else {
            ("", "")
        };
        let mut text = format!("{strong}error:{plain} {}\n", problem.what);
        for cause in &problem.causes {
            text.push_str(&format!("  caused by: {cause}\n"));
        }
        if let Some(hint) = &problem.hint {
            text.push_str(&format!("  hint: {hint}\n"));
        }
        if let Err(error) = io::stderr().lock().write_all(text.as_bytes()) {
            self.unheard |= error.kind() == io::ErrorKind::BrokenPipe;
        }
    }
}
