//! Floor 2: the configuration, from TOML with positions to plain values.
//!
//! It reads one file, and asks whether the file of certificates that it names is there. It never
//! writes, opens no socket, and knows no other edge: not the store, not the network.
//!
//! - `settings`: [`Config`] and its parts, with their defaults
//! - `read`: TOML → [`Config`], one function a table
//! - `walk`: one TOML table, asked key by key; notes what is wrong and where
//! - `error`: [`ConfigError`], and how it is told
//! - `nearest`: the nearest right name for a wrong one
//! - `builtin`: the sections that apply where a configuration has none (`defaults.tsv`)

mod builtin;
mod error;
mod nearest;
mod read;
mod settings;
mod walk;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use error::{ConfigError, Fault, UnknownFeed, UnknownSection, Wrong};
pub use settings::{
    CommentAccount, Comments, Config, ConfiguredFeed, General, MarkRead, Mute, Network, Prefetch,
    RefreshMode, Section, Symbols, Theme, Ui,
};

/// The commented example that `gazette config init` writes: every key at its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// A configuration and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a configuration came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There is no file, so the built-in defaults apply.
    BuiltIn,
    /// This file.
    File(PathBuf),
}

/// Looks at `[keys]`: whoever knows the commands returns the one whose keys are wrong, and how.
pub type CheckKeys = fn(&BTreeMap<String, Vec<String>>) -> Result<(), (String, Wrong)>;

/// Loads the configuration.
///
/// `explicit` is the file that was asked for, which must exist; without one `default` is taken if
/// it exists, else the built-in defaults. `check_keys` has the last word on `[keys]`.
pub fn load(
    explicit: Option<&Path>,
    default: &Path,
    check_keys: CheckKeys,
) -> Result<Loaded, ConfigError> {
    let path = explicit.unwrap_or(default);
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match explicit {
                Some(path) => Err(ConfigError::Missing {
                    path: path.to_owned(),
                }),
                None => Ok(Loaded {
                    config: Config::default(),
                    origin: Origin::BuiltIn,
                }),
            };
        }
        Err(source) => {
            return Err(ConfigError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
    };
    let config = parse_bytes(&bytes, path, check_keys)?;
    Ok(Loaded {
        config,
        origin: Origin::File(path.to_owned()),
    })
}

/// Reads a configuration's text; `path` is where it stands.
///
/// Relative paths in it begin in that file's folder. A text without any `[[sections]]` has the
/// built-in ones, so that a file that only sets a theme still has news. Which `[keys]` are
/// right only [`load`] is told.
pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
    parse_and_check(text, path, |_| Ok(()))
}

fn parse_and_check(text: &str, path: &Path, check_keys: CheckKeys) -> Result<Config, ConfigError> {
    // Windows editors put a byte order mark there; columns must not count it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let folder = path.parent().unwrap_or(Path::new(""));
    read::read(text, folder, check_keys).map_err(|faults| ConfigError::Faulty {
        path: path.to_owned(),
        faults,
    })
}

/// Reads a configuration's bytes, which have to be UTF-8 (TOML 1.1, "Encoding").
fn parse_bytes(bytes: &[u8], path: &Path, check_keys: CheckKeys) -> Result<Config, ConfigError> {
    match str::from_utf8(bytes) {
        Ok(text) => parse_and_check(text, path, check_keys),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let page = walk::Page::new(&valid);
            let wrong = Wrong::Syntax("expected UTF-8, found other bytes".to_owned());
            page.note(valid.len(), "", "", wrong);
            Err(ConfigError::Faulty {
                path: path.to_owned(),
                faults: page.into_faults(),
            })
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
mod tests;
