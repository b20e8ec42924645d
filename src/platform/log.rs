//! The log: a file in the state folder, one event a line, that cannot act on a terminal.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use super::files::create_private_folder;
use crate::model::text::SafeText;

/// A log larger than this at the program's start is set aside.
const MOST_BYTES: u64 = 5 * 1024 * 1024;

/// Starts the log and returns its file.
///
/// `verbosity` counts the `-v`: warnings without, then information, then everything. The log of
/// earlier runs is continued; one of more than 5 MB becomes `gazette.log.old`. `None` where the
/// folder can't be written or the process has a log already: the program goes on without.
pub fn start_log(state_dir: &Path, verbosity: u8) -> Option<PathBuf> {
    let path = state_dir.join("gazette.log");
    let file = open(&path).ok()?;
    tracing::subscriber::set_global_default(subscriber(file, verbosity)).ok()?;
    Some(path)
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        create_private_folder(folder)?;
    }
    if path.metadata().is_ok_and(|log| log.len() > MOST_BYTES) {
        fs::rename(path, path.with_extension("log.old"))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    // Addresses of feeds may tell more about the reader than others should know.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn subscriber(file: File, verbosity: u8) -> impl Subscriber {
    let level = match verbosity {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    // Other people's crates are never more talkative than warnings.
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("gazette", level);
    tracing_subscriber::registry().with(
        fmt::layer()
            .with_ansi(false)
            .with_writer(Arc::new(DefusedLog(file)))
            .with_filter(levels),
    )
}

/// A log file where every event is one line of [`SafeText`], whatever its fields hold.
struct DefusedLog(File);

impl Write for &DefusedLog {
    /// Takes one event; `fmt` hands over each in one piece.
    ///
    /// Never errs: `fmt` would tell it on stderr, which may be the screen.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = format!("{}\n", SafeText::line(text.trim_end()));
        // One call, so that lines of several processes don't mix (POSIX `O_APPEND`).
        let _ = (&self.0).write_all(line.as_bytes());
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// Logs with the given verbosity and returns the lines without their times.
    fn logged(verbosity: u8, log: impl FnOnce()) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/gazette.log");
        let file = open(&path).unwrap();
        tracing::subscriber::with_default(subscriber(file, verbosity), log);
        let text = fs::read_to_string(&path).unwrap();
        text.lines()
            .map(|line| line.split_once('Z').unwrap().1.trim().to_owned())
            .collect()
    }

    #[test]
    fn what_a_stranger_wrote_is_one_harmless_line() {
        let lines = logged(0, || {
            let title = "a\u{1b}]0;b\u{7}\nERROR c\u{202e}d\u{9b}2J\r";
            tracing::warn!(title, "{title}");
            tracing::warn!(title = %title, debug = ?title);
        });
        assert_eq!(lines.len(), 2);
        let all = lines.concat();
        assert!(!all.chars().any(char::is_control), "{all:?}");
        assert!(!all.contains('\u{202e}'), "{all:?}");
        assert!(all.contains("ERROR c"), "{all:?}");
    }

    #[test]
    fn more_is_logged_when_asked() {
        let log = || {
            tracing::warn!("one");
            tracing::info!("two");
            tracing::debug!("three");
            tracing::info!(target: "stranger", "four");
        };
        let counts = [0, 1, 2, 3].map(|verbosity| logged(verbosity, log).len());
        assert_eq!(counts, [1, 2, 3, 3]);
    }

    #[test]
    fn a_log_that_grew_large_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gazette.log");
        let old = folder.path().join("gazette.log.old");
        open(&path).unwrap().set_len(MOST_BYTES).unwrap();
        open(&path).unwrap();
        assert!(!old.exists());
        open(&path).unwrap().set_len(MOST_BYTES + 1).unwrap();
        open(&path).unwrap();
        assert_eq!(old.metadata().unwrap().len(), MOST_BYTES + 1);
        assert_eq!(path.metadata().unwrap().len(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_written_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(start_log(&file, 0), None);
    }
}
