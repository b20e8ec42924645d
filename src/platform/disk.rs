//! What a folder's file system allows, and who may enter the folder.

use std::fs;
use std::io;
use std::path::Path;

/// What can be known of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderFacts {
    /// Bytes that this user may still write; none where the system doesn't tell.
    pub free_bytes: Option<u64>,
    /// Whether files can be made in it.
    pub access: Access,
    /// Whether others than its owner may enter it.
    pub privacy: Privacy,
}

/// Whether something can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It can.
    Write,
    /// It can be read at most.
    Read,
}

/// Whom a folder lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Its owner alone.
    Private,
    /// Others too.
    Open,
}

/// Looks at a folder, without changing anything. Errs where it is absent or no folder.
pub fn folder_facts(path: &Path) -> io::Result<FolderFacts> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    Ok(FolderFacts {
        free_bytes: free_bytes(path),
        access: access(path, &metadata),
        privacy: privacy(&metadata),
    })
}

/// Whether a file that is there can be written.
pub fn file_access(path: &Path) -> io::Result<Access> {
    Ok(access(path, &fs::metadata(path)?))
}

/// Lets nobody but its owner into a folder.
pub fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(unix)]
fn free_bytes(path: &Path) -> Option<u64> {
    let facts = rustix::fs::statvfs(path).ok()?;
    Some(facts.f_bavail.saturating_mul(facts.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(unix)]
fn access(path: &Path, _: &fs::Metadata) -> Access {
    // The system knows best: a file system that is read-only, an owner, a group.
    match rustix::fs::access(path, rustix::fs::Access::WRITE_OK) {
        Ok(()) => Access::Write,
        Err(_) => Access::Read,
    }
}

#[cfg(not(unix))]
fn access(_: &Path, metadata: &fs::Metadata) -> Access {
    if metadata.permissions().readonly() {
        Access::Read
    } else {
        Access::Write
    }
}

#[cfg(unix)]
fn privacy(metadata: &fs::Metadata) -> Privacy {
    match std::os::unix::fs::MetadataExt::mode(metadata) & 0o077 {
        0 => Privacy::Private,
        _ => Privacy::Open,
    }
}

#[cfg(not(unix))]
fn privacy(_: &fs::Metadata) -> Privacy {
    Privacy::Private
}
