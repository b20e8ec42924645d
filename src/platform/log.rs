//! The log: a file in the state folder, one event a line, that cannot act on a terminal.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use super::files::{Overwrite, create_private_folder, write_atomic};
use crate::model::text::SafeText;

/// A log of this length is set aside and a new one begun. The one that was set aside before goes, so
/// that both together hold no more than 5 MB.
const MOST_BYTES: u64 = 5_000_000 / 2 - LONGEST_EVENT as u64;

/// An event longer than this is cut, in bytes.
const LONGEST_EVENT: usize = 16 * 1024;

/// Starts the log and returns its file.
///
/// `verbosity` counts the `-v`: warnings without, then information, then everything. The log of
/// earlier runs is continued; once it is too long it becomes `gazette.log.old`. `None` where the
/// folder can't be written or the process has a log already: the program goes on without.
pub fn start_log(state_dir: &Path, verbosity: u8) -> Option<PathBuf> {
    let path = state_dir.join("gazette.log");
    let log = DefusedLog::open(path.clone()).ok()?;
    tracing::subscriber::set_global_default(subscriber(log, verbosity)).ok()?;
    Some(path)
}

/// Opens the log for appending; a new one where it is too long.
fn open(path: &Path) -> io::Result<File> {
    let file = append(path)?;
    if file.metadata()?.len() < MOST_BYTES {
        return Ok(file);
    }
    // Other processes may find the same at the same time: one sets it aside.
    file.lock()?;
    if is_at(&file, path) {
        set_aside(&file, path)?;
    }
    append(path)
}

fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).read(true);
    // Addresses of feeds may tell more about the reader than others should know.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives the log its other name; of one that is far too long only the end stays.
fn set_aside(mut file: &File, path: &Path) -> io::Result<()> {
    let length = file.metadata()?.len();
    if length > MOST_BYTES + LONGEST_EVENT as u64 {
        file.seek(SeekFrom::Start(length - MOST_BYTES))?;
        let mut end = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut end)?;
        let whole_lines = end
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let end = end.get(whole_lines..).unwrap_or_default();
        write_atomic(path, end, Overwrite::Replace).map_err(io::Error::other)?;
    }
    fs::rename(path, path.with_extension("log.old"))
}

/// Whether an open file still has this name.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (Ok(open), Ok(named)) = (file.metadata(), fs::metadata(path)) else {
            return false;
        };
        (open.dev(), open.ino()) == (named.dev(), named.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

fn subscriber(log: DefusedLog, verbosity: u8) -> impl Subscriber {
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
            .with_writer(Arc::new(log))
            .with_filter(levels),
    )
}

/// A log file where every event is one line of [`SafeText`], whatever its fields hold.
struct DefusedLog {
    path: PathBuf,
    file: Mutex<File>,
}

impl DefusedLog {
    fn open(path: PathBuf) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        let file = Mutex::new(open(&path)?);
        Ok(Self { path, file })
    }

    /// Writes a line; to a new log where this one has become too long, or another process has set
    /// it aside.
    fn append(&self, line: &str) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.metadata()?.len() >= MOST_BYTES {
            *file = open(&self.path)?;
        }
        // One call, so that lines of several processes don't mix (POSIX `O_APPEND`).
        file.write_all(line.as_bytes())
    }
}

impl Write for &DefusedLog {
    /// Takes one event; `fmt` hands over each in one piece.
    ///
    /// Never errs: `fmt` would tell it on stderr, which may be the screen.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let held = event.get(..LONGEST_EVENT).unwrap_or(event);
        let text = String::from_utf8_lossy(held);
        let _ = self.append(&format!("{}\n", SafeText::line(text.trim_end())));
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
        let file = DefusedLog::open(path.clone()).unwrap();
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

    /// Returns the lengths of the log and of the one that was set aside.
    fn lengths(path: &Path) -> (u64, u64) {
        let length = |path: &Path| path.metadata().map_or(0, |file| file.len());
        (length(path), length(&path.with_extension("log.old")))
    }

    #[test]
    fn several_logs_at_once_never_hold_more_than_five_megabytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gazette.log");
        let logs: Vec<_> = (0..3)
            .map(|_| DefusedLog::open(path.clone()).unwrap())
            .collect();
        for number in 0..3000 {
            for (name, mut log) in logs.iter().enumerate() {
                let event = format!("{number} of {name} {}", "x".repeat(1000));
                log.write_all(event.as_bytes()).unwrap();
            }
            let (new, old) = lengths(&path);
            assert!(new + old <= 5_000_000, "{new} and {old} after {number}");
        }
        let (new, old) = lengths(&path);
        assert!(new > 0 && old > 2_000_000, "{new} and {old}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("\n2999 of 2"), "the newest line is there");
    }

    #[test]
    fn of_a_log_that_is_far_too_long_the_end_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gazette.log");
        let lines: String = (0..900_000).map(|n| format!("line {n}\n")).collect();
        fs::write(&path, lines).unwrap();
        open(&path).unwrap();
        let (new, old) = lengths(&path);
        assert!(
            new == 0 && old <= MOST_BYTES && old > MOST_BYTES / 2,
            "{new} and {old}"
        );
        let kept = fs::read_to_string(path.with_extension("log.old")).unwrap();
        assert!(kept.starts_with("line "));
        assert!(kept.ends_with("line 899999\n"));
    }

    #[test]
    fn one_event_is_no_longer_than_a_page_or_two() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gazette.log");
        let mut log = &DefusedLog::open(path.clone()).unwrap();
        log.write_all("é".repeat(9_000_000).as_bytes()).unwrap();
        let (new, _) = lengths(&path);
        assert!(new <= 2 * LONGEST_EVENT as u64, "{new}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(start_log(&file, 0), None);
    }
}
