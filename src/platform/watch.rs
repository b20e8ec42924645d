//! Hears of changes that other programs make to the cache, where the file system tells.

use std::path::Path;

use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher, WatcherKind};

/// The cache, and the files that SQLite keeps beside it, begin so.
const CACHE: &str = "gazette.db";

/// Watches until dropped.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
    folder: Option<FolderId>,
}

/// Which folder lies at a path: another one where it was replaced.
type FolderId = (u64, u64);

impl Watch {
    /// Whether it is the folder at this path that is watched, and not one that lay there before.
    pub fn is_of(&self, folder: &Path) -> bool {
        self.folder == folder_id(folder)
    }
}

/// Returns which folder lies at a path; nothing where none does, or the system doesn't tell.
fn folder_id(folder: &Path) -> Option<FolderId> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let folder = std::fs::metadata(folder).ok()?;
        Some((folder.dev(), folder.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// Watches the cache's folder; `call` runs, on another thread, at each change of the cache, those
/// of this program among them.
///
/// `None` where the file system tells nothing: nothing here looks for itself.
pub fn watch(folder: &Path, mut call: impl FnMut() + Send + 'static) -> Option<Watch> {
    if RecommendedWatcher::kind() == WatcherKind::PollWatcher {
        return None;
    }
    let told = move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| changes_the_cache(&event)) {
            call();
        }
    };
    let mut watcher = RecommendedWatcher::new(told, Config::default()).ok()?;
    let id = folder_id(folder);
    watcher.watch(folder, RecursiveMode::NonRecursive).ok()?;
    Some(Watch {
        _watcher: watcher,
        folder: id,
    })
}

fn changes_the_cache(event: &Event) -> bool {
    let ours = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(CACHE)
    };
    (event.kind.is_create() || event.kind.is_modify()) && event.paths.iter().any(ours)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::sync::mpsc;
    use std::time::Duration;

    use notify::EventKind;
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    use super::*;

    #[test]
    fn only_changes_of_the_cache_count() {
        let check = |kind, name: &str, expected| {
            let event = Event::new(kind).add_path(Path::new("/a").join(name));
            assert_eq!(changes_the_cache(&event), expected, "{event:?}");
        };
        check(EventKind::Modify(ModifyKind::Any), "gazette.db", true);
        check(EventKind::Modify(ModifyKind::Any), "gazette.db-wal", true);
        check(EventKind::Create(CreateKind::File), "gazette.db-wal", true);
        check(EventKind::Modify(ModifyKind::Any), "gazette.log", false);
        check(EventKind::Access(AccessKind::Any), "gazette.db", false);
    }

    #[test]
    fn a_write_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, told) = mpsc::channel();
        let watch = watch(folder.path(), move || {
            let _ = sender.send(());
        });
        let Some(_watch) = watch else {
            eprintln!("skipped: this file system tells nothing");
            return;
        };
        fs::write(folder.path().join("gazette.db-wal"), "x").unwrap();
        assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok(()));
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_watched() {
        let folder = tempfile::tempdir().unwrap();
        assert!(watch(&folder.path().join("none"), || ()).is_none());
    }
}
