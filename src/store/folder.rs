//! The data folder, and what happened to the database in it.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::error::{Exit, Problem};

/// The data folder. Whoever opens the cache by one and the same folder, or a clone of it, shares
/// what is known of recoveries.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    recoveries: Arc<Mutex<Vec<Recovery>>>,
}

/// A database that was damaged and is a new one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The database.
    pub database: PathBuf,
    /// Where it is kept as it was when the damage was noticed.
    pub aside: PathBuf,
    /// What was met.
    pub found: String,
    /// How many articles could be read.
    pub articles: u32,
}

impl Folder {
    /// Names a folder; nothing is looked at yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            recoveries: Arc::default(),
        }
    }

    /// Notes a recovery.
    pub(super) fn note(&self, recovery: Recovery) {
        tracing::warn!(aside = %recovery.aside.display(), found = recovery.found, "recovered");
        let mut recoveries = self
            .recoveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        recoveries.push(recovery);
    }

    /// Returns the recoveries since this was last asked; each of them is told once.
    pub fn take_recoveries(&self) -> Vec<Recovery> {
        let mut recoveries = self
            .recoveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *recoveries)
    }
}

impl From<&Path> for Folder {
    fn from(path: &Path) -> Self {
        Self::new(path)
    }
}

impl From<&PathBuf> for Folder {
    fn from(path: &PathBuf) -> Self {
        Self::new(path)
    }
}

impl From<&Folder> for Folder {
    fn from(folder: &Folder) -> Self {
        folder.clone()
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

impl Recovery {
    /// Returns what a person is told.
    pub fn problem(&self) -> Problem {
        let articles = match self.articles {
            0 => "no article".to_owned(),
            1 => "1 article".to_owned(),
            count => format!("{count} articles"),
        };
        let what = format!("the database `{}` was damaged", self.database.display());
        Problem::new(Exit::Failed, &what)
            .because(&self.found)
            .hint(&format!(
                "it is kept as `{}`; {articles} could be read and are in a new one, and the next \
                 refresh brings what its feeds still have",
                self.aside.display()
            ))
    }
}

/// Which file lies at a path: another one where it was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    /// The device and the number of the file there; none where the system doesn't tell.
    inode: Option<(u64, u64)>,
}

impl FileId {
    /// No file, or a system that doesn't tell.
    pub(super) const UNKNOWN: Self = Self { inode: None };

    /// Returns which file lies at a path now.
    pub(super) fn of(path: &Path) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let file = std::fs::metadata(path).ok();
            Self {
                inode: file.map(|file| (file.dev(), file.ino())),
            }
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            Self::UNKNOWN
        }
    }
}
