//! What can go wrong with the cache, and how a person is told.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::model::error::{Exit, Problem};

/// Something that the cache could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder is not there and can't be made, or can't be looked into.
    #[error("the data folder `{}` cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database file can't be opened.
    #[error("the database `{}` cannot be opened", path.display())]
    Unreadable {
        /// The database file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The database can be read but not written.
    #[error("the database `{}` cannot be written", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// There is no room on the disk.
    #[error("the disk with `{}` is full", path.display())]
    DiskFull {
        /// The database file.
        path: PathBuf,
    },
    /// Another process held the database for too long.
    #[error("another program holds the database `{}`", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// The file is damaged, or is no database at all.
    #[error("the database `{}` is damaged", path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What was met.
        found: String,
    },
    /// The file is damaged, and no new one could take its place.
    #[error("the database `{}` is damaged and could not be recovered", path.display())]
    Unrecovered {
        /// The database file.
        path: PathBuf,
        /// What was met.
        found: String,
        /// Why there is no new one.
        reason: String,
    },
    /// A feed is not among those that are known.
    #[error("the database `{}` does not know this feed", path.display())]
    UnknownFeed {
        /// The database file.
        path: PathBuf,
    },
    /// A newer Gazette wrote the database.
    #[error("the database `{}` belongs to a newer Gazette", path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The version of its tables.
        version: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// Another program wrote the database.
    #[error("`{}` is another program's database", path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// Anything else that SQLite says.
    #[error("the database `{}` failed", path.display())]
    Sql {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Sorts what SQLite said about the file at `path`.
    pub(crate) fn at(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_damage(&source) {
            let found = source.to_string();
            return Self::Damaged { path, found };
        }
        if is_out_of_room(&source) {
            return Self::DiskFull { path };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::CannotOpen) => Self::Unreadable { path, source },
            _ => Self::Sql { path, source },
        }
    }

    /// Returns what a person is told.
    pub fn problem(&self) -> Problem {
        let problem = Problem::new(Exit::Failed, &self.to_string());
        match self {
            Self::Folder { source, .. } => problem
                .because_of(source)
                .hint("name another folder with `--data-dir DIR`"),
            Self::Unreadable { source, .. } => problem
                .because_of(source)
                .hint("check who may read the file and its folder"),
            Self::ReadOnly { .. } => problem
                .because("the file or its folder is read-only")
                .hint("reading goes on; to write, check who may write the file and its folder"),
            Self::DiskFull { .. } => {
                problem.hint("reading goes on; make room, then do the same again")
            }
            Self::Locked { .. } => problem.hint("try again in a moment"),
            Self::Damaged { found, .. } => problem.because(found).hint(
                "do the same again: it is set aside then, and what can be read of it is kept",
            ),
            Self::Unrecovered { found, reason, .. } => problem.because(found).because(reason).hint(
                "nothing was changed; see that the folder can be written and has room for it twice",
            ),
            Self::UnknownFeed { .. } => problem.hint("refresh once more"),
            Self::Newer { version, known, .. } => problem
                .because(&format!(
                    "its tables have version {version}, this program knows up to {known}"
                ))
                .hint("nothing was changed; use the newer program, or another `--data-dir`"),
            Self::Foreign { .. } => {
                problem.hint("nothing was changed; name another folder with `--data-dir DIR`")
            }
            Self::Sql { source, .. } => problem.because_of(source),
        }
    }
}

/// Whether SQLite found no room for a file, be it the index of the log.
pub(super) fn is_out_of_room(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

/// Whether SQLite met damage.
///
/// The statements are ours and right for the tables of this version, and so are the kinds of the
/// values: where one of them doesn't fit, what is stored is not what was written.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error;
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    ) || matches!(
        error,
        Error::SqlInputError { .. }
            | Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..)
    ) || matches!(
        error,
        // A format of the tables that no SQLite writes has no code of its own.
        Error::SqliteFailure(_, Some(words)) if words == "unsupported file format"
    )
}
