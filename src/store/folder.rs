//! The data folder, and what happened to the database in it.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::error::{Exit, Problem};

/// The data folder. Whoever opens the cache by one and the same folder, or a clone of it, shares
/// what is known of recoveries.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    recoveries: Arc<Mutex<Recoveries>>,
}

/// The recoveries since they were last taken.
#[derive(Debug, Default)]
struct Recoveries {
    all: Vec<Recovery>,
    /// How many of them were shown.
    shown: usize,
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
        self.recoveries().all.push(recovery);
    }

    /// Returns the recoveries since this was last asked, to be shown while the program goes on; each
    /// of them once. [`Folder::take_recoveries`] returns them as well.
    pub fn recoveries_to_show(&self) -> Vec<Recovery> {
        let mut recoveries = self.recoveries();
        let new = recoveries
            .all
            .get(recoveries.shown..)
            .unwrap_or_default()
            .to_vec();
        recoveries.shown = recoveries.all.len();
        new
    }

    /// Returns the recoveries since this was last asked; each of them is told once.
    pub fn take_recoveries(&self) -> Vec<Recovery> {
        std::mem::take(&mut *self.recoveries()).all
    }

    fn recoveries(&self) -> MutexGuard<'_, Recoveries> {
        self.recoveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
    /// Returns what a person is told in one short line: the names of both files, without folders.
    pub fn in_short(&self) -> String {
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or(path.as_os_str());
            name.to_string_lossy().into_owned()
        };
        let (database, aside) = (name(&self.database), name(&self.aside));
        let articles = self.articles_in_words();
        format!("{database} was damaged; it is kept as {aside} · {articles} could be read")
    }

    fn articles_in_words(&self) -> String {
        match self.articles {
            0 => "no article".to_owned(),
            1 => "1 article".to_owned(),
            count => format!("{count} articles"),
        }
    }

    /// Returns what a person is told.
    pub fn problem(&self) -> Problem {
        let articles = self.articles_in_words();
        let kept = match self.articles {
            0 => "nothing of it could be read, so the new one is empty".to_owned(),
            1 => format!("{articles} could be read and is in a new one"),
            _ => format!("{articles} could be read and are in a new one"),
        };
        let what = format!("the database `{}` was damaged", self.database.display());
        Problem::new(Exit::Failed, &what)
            .because(&self.found)
            .hint(&format!(
                "it is kept as `{}`; {kept}, and the next refresh brings what its feeds still have",
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
