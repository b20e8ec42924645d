//! Has the reader's own editor change a text.

use std::fs;
use std::io::{self, Write};
use std::process::{Command, ExitStatus};

use tempfile::Builder;
use thiserror::Error;

use super::Guest;

/// A text wasn't edited.
#[derive(Debug, Error)]
pub enum EditError {
    /// It couldn't be handed over, or taken back.
    #[error("the text can’t be handed over in a file")]
    File(#[source] io::Error),
    /// The editor can't be run.
    #[error("`{editor}` can't be run")]
    NoEditor {
        /// The editor.
        editor: String,
        /// Why.
        source: io::Error,
    },
    /// The editor said that it failed.
    #[error("`{editor}` failed ({status})")]
    Failed {
        /// The editor.
        editor: String,
        /// How it ended.
        status: ExitStatus,
    },
}

impl Guest {
    /// Has an editor change a text, in a file that its owner alone can read and that is gone
    /// afterwards; returns when the editor ends.
    ///
    /// The keyboard must be paused and the screen left before. `editor` is a command as `VISUAL` and
    /// `EDITOR` hold it: a shell reads it, as every program that honours them lets one do.
    pub fn edit(&self, text: &str, editor: &str) -> Result<String, EditError> {
        let named = Builder::new().prefix("gazette-").suffix(".txt").tempfile();
        let mut file = named.map_err(EditError::File)?;
        let written = file.write_all(text.as_bytes());
        written
            .and_then(|()| file.flush())
            .map_err(EditError::File)?;
        let no_editor = |source: io::Error| EditError::NoEditor {
            editor: editor.to_owned(),
            source,
        };
        let child = Command::new("sh")
            .arg("-c")
            .arg(format!("exec {editor} \"$1\""))
            .arg("gazette")
            .arg(file.path())
            .spawn()
            .map_err(no_editor)?;
        match self.host(child).map_err(no_editor)? {
            Some(status) if !status.success() => Err(EditError::Failed {
                editor: editor.to_owned(),
                status,
            }),
            // Some editors put another file in its place.
            _ => {
                let bytes = fs::read(file.path()).map_err(EditError::File)?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(editor: &str, expected: Option<&str>) {
        let edited = Guest::default().edit("one\n", editor);
        assert_eq!(edited.ok().as_deref(), expected, "{editor}");
    }

    #[test]
    fn an_editor_gets_the_text_and_gives_it_back() {
        check("true", Some("one\n"));
        check("sed -i 's/one/two words/'", Some("two words\n"));
        check(
            "sh -c 'printf three > \"$1.new\"; mv \"$1.new\" \"$1\"' -",
            Some("three"),
        );
        check("sh -c 'test $(stat -c %a \"$1\") = 600' -", Some("one\n"));
    }

    #[test]
    fn an_editor_that_fails_changes_nothing() {
        check("false", None);
        check("no-such-editor-is-there", None);
    }
}
