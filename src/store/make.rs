//! Making the database, so that there is a whole one or none.
//!
//! It is filled under another name, waited for, and then given its own in one step. Whoever is
//! killed meanwhile leaves a draft that the next one throws away.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::StoreError;
use super::open::{self, Found, beside};

/// What is appended to the name of a database while it is made.
pub(super) const UNFINISHED: &str = ".new";

/// Makes a database at `path`, in the folder `dir`, unless another process came first.
///
/// It waits for the folder's lock, so whoever holds that must not come here.
pub(super) fn make(dir: &Path, path: &Path) -> Result<(), StoreError> {
    let _alone = open::lock_folder(dir);
    // Whoever waited for the lock may find that another process has made it.
    if !matches!(open::look(path)?, Found::Nothing) {
        return Ok(());
    }
    // A link that leads nowhere yet stays a link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let at = |source| StoreError::at(path, source);
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull {
            path: path.to_owned(),
        },
        _ => StoreError::Folder {
            path: dir.to_owned(),
            source,
        },
    };
    refuse_read_only(path)?;
    let draft = beside(path, UNFINISHED);
    remove(&draft);
    fill(&draft)
        .map_err(at)
        .and_then(|()| put(&draft, path).map_err(failed))
        .inspect_err(|_| remove(&draft))
}

/// Refuses an empty file that this process may not write: another one would take its place.
fn refuse_read_only(path: &Path) -> Result<(), StoreError> {
    match File::options().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(StoreError::ReadOnly {
                path: path.to_owned(),
            })
        }
        _ => Ok(()),
    }
}

/// Makes the tables in a new file, which is on the disk when this returns.
fn fill(draft: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(draft, flags)?;
    // Nobody reads it before it is whole, and where this fails it is removed.
    conn.pragma_update(None, "journal_mode", "off")?;
    conn.pragma_update(None, "synchronous", "full")?;
    open::prepare_file(&conn)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    open::bring_up(&tx, 0)?;
    tx.commit()?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.close().map_err(|(_, error)| error)
}

/// Gives a finished database its name, for good.
fn put(draft: &Path, path: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    remove_log(path)?;
    fs::rename(draft, path)?;
    sync_folder_of(path)
}

/// Removes what lies beside a database that is about to be replaced: a log of the old one would be
/// taken for the new one's.
pub(super) fn remove_log(path: &Path) -> io::Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(path, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Removes an unfinished database of ours with all that lies beside it.
pub(super) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
    let _ = remove_log(path);
}

/// Makes the folder's new names outlive a loss of power.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        // Windows has no such thing.
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Makes the data folder, for its owner alone, with those above it that are missing; their names
/// outlive a loss of power.
pub(super) fn make_folder(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let missing = dir.ancestors().take_while(|folder| !folder.exists());
    let missing: Vec<&Path> = missing
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    for folder in missing {
        // One that can be entered and not listed can't be waited for, and may be used all the same.
        let _ = sync_folder_of(&std::path::absolute(folder)?);
    }
    Ok(())
}
