//! What can be wrong with a configuration, and how it is told.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::nearest::{alike, nearest};
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file that was asked for doesn't exist.
    #[error("no configuration file `{}`", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file can't be read.
    #[error("the configuration file `{}` can't be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file says something wrong.
    #[error("{}", faults.first().map_or_else(String::new, |fault| fault.at(path)))]
    Faulty {
        /// The file.
        path: PathBuf,
        /// What is wrong, in file order; at least one.
        faults: Vec<Fault>,
    },
}

impl ConfigError {
    /// Returns what to tell a person: the first fault and, in its hint, what to do.
    pub fn problem(&self) -> Problem {
        let first = self.problems().into_iter().next();
        first.unwrap_or_else(|| usage(&self.to_string()))
    }

    /// Returns what to tell a person, one problem for each fault in file order; at least one.
    pub fn problems(&self) -> Vec<Problem> {
        let problem = usage(&self.to_string());
        match self {
            Self::Missing { .. } => {
                vec![problem.hint("`gazette config init` writes a commented example to start from")]
            }
            Self::Unreadable { source, .. } => vec![problem.because(&source.to_string())],
            Self::Faulty { path, faults } => faults
                .iter()
                .map(|fault| {
                    let problem = usage(&fault.at(path));
                    match fault.hint() {
                        Some(hint) => problem.hint(&hint),
                        None => problem,
                    }
                })
                .collect(),
        }
    }
}

/// One thing that is wrong in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The table as it is written in a file, such as `[general]`; empty for the file itself.
    pub table: String,
    /// The key; empty where the text is no TOML.
    pub key: String,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The text is no TOML, in the parser's words.
    Syntax(String),
    /// The table has no such key.
    UnknownKey {
        /// The keys that it has.
        known: Vec<&'static str>,
    },
    /// The table needs this key.
    MissingKey,
    /// The table needs this key or another one.
    MissingEither {
        /// The other.
        other: &'static str,
    },
    /// The key has another value than it may have.
    Value {
        /// What it may have, in words.
        expected: String,
        /// What it has, as written.
        found: String,
        /// The right value that may have been meant.
        nearest: Option<&'static str>,
    },
    /// Another section has this name.
    SectionTwice {
        /// The name.
        name: String,
        /// The line of the other section's name.
        line: usize,
    },
    /// The section lists this feed already.
    FeedTwice {
        /// The address, as written here.
        url: String,
        /// The line of the other address.
        line: usize,
    },
    /// Another command has this key of the keyboard.
    KeyTaken {
        /// The key of the keyboard.
        key: String,
        /// The other command.
        by: String,
    },
}

impl Fault {
    /// Returns place and fault in one line.
    fn at(&self, path: &Path) -> String {
        format!(
            "{}:{}:{}: {}",
            path.display(),
            self.line,
            self.column,
            self.what()
        )
    }

    /// Returns the fault without its place.
    fn what(&self) -> String {
        let key = &self.key;
        let within = match self.table.as_str() {
            "" => String::new(),
            table => format!(" in {table}"),
        };
        match &self.wrong {
            Wrong::Syntax(message) => message.clone(),
            Wrong::UnknownKey { .. } => format!("unknown key `{key}`{within}"),
            Wrong::MissingKey => format!("missing key `{key}`{within}"),
            Wrong::MissingEither { other } => {
                format!("missing key `{key}` or `{other}`{within}")
            }
            Wrong::Value {
                expected, found, ..
            } => format!("`{key}`{within}: expected {expected}, found `{found}`"),
            Wrong::SectionTwice { name, line } => {
                format!("`{key}`{within}: the section of line {line} is called `{name}` too")
            }
            Wrong::FeedTwice { url, line } => {
                format!("`{key}`{within}: this section lists `{url}` already, in line {line}")
            }
            Wrong::KeyTaken { key: taken, by } => {
                format!("`{by}` and `{key}`{within} are both on the key `{taken}`")
            }
        }
    }

    /// Returns what to do about it.
    fn hint(&self) -> Option<String> {
        match &self.wrong {
            Wrong::UnknownKey { known } => {
                let nearest = nearest(&self.key, known.iter().copied())?;
                if alike(&self.key, nearest) {
                    return Some(format!("did you mean `{nearest}`?"));
                }
                let known = known.join("`, `");
                Some(format!("the nearest key is `{nearest}`; all are `{known}`"))
            }
            Wrong::Value { nearest, .. } => {
                nearest.map(|nearest| format!("did you mean `{nearest}`?"))
            }
            Wrong::SectionTwice { .. } => {
                Some("put the feeds of both under one of them".to_owned())
            }
            Wrong::FeedTwice { .. } => Some("take one of the two out".to_owned()),
            Wrong::KeyTaken { .. } => Some("give one of them another key".to_owned()),
            Wrong::Syntax(_) | Wrong::MissingKey | Wrong::MissingEither { .. } => None,
        }
    }
}

/// No section has this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no section `{name}`")]
pub struct UnknownSection {
    /// What was asked for.
    pub name: String,
    /// The name nearest to it, where there is any section.
    pub nearest: Option<String>,
}

impl UnknownSection {
    /// Returns what to tell a person.
    pub fn problem(&self) -> Problem {
        suggesting(&self.to_string(), self.nearest.as_deref())
    }
}

/// No section lists this address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no section lists the feed `{url}`")]
pub struct UnknownFeed {
    /// What was asked for.
    pub url: String,
    /// The address nearest to it, where there is any feed.
    pub nearest: Option<String>,
}

impl UnknownFeed {
    /// Returns what to tell a person.
    pub fn problem(&self) -> Problem {
        suggesting(&self.to_string(), self.nearest.as_deref())
    }
}

/// A wrong name and the one that may have been meant.
fn suggesting(what: &str, nearest: Option<&str>) -> Problem {
    let problem = usage(what);
    match nearest {
        Some(nearest) => problem.hint(&format!("did you mean `{nearest}`?")),
        None => problem.hint("the configuration has none; `gazette config path` says where it is"),
    }
}

/// A wrong use in one line: names in a file may hold line breaks, and must not look like a hint.
fn usage(what: &str) -> Problem {
    Problem::new(Exit::Usage, SafeText::line(what).as_str())
}
