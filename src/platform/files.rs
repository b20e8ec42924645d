//! Folders and files that are made whole or not at all.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;

use thiserror::Error;

use crate::model::error::{Exit, Problem};

/// No secret is longer, in bytes.
const LONGEST_SECRET: u64 = 4096;

/// Whether a file that is there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// It stays, and the writing fails.
    Never,
    /// It is replaced; its permissions stay, and a symbolic link goes on pointing at it.
    Replace,
}

/// Why a file wasn't written. Nothing of it is there then.
#[derive(Debug, Error)]
pub enum WriteError {
    /// It is there already.
    #[error("`{}` exists already, and stays as it is", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("`{}` can't be written", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl WriteError {
    /// Returns what to tell a person.
    pub fn problem(&self) -> Problem {
        let problem = Problem::new(Exit::Failed, &self.to_string());
        match self {
            Self::Exists { .. } => problem.hint("move it away first, or name another file"),
            Self::Failed { source, .. } => problem.because(&source.to_string()),
        }
    }
}

/// Returns the first line of a file that holds a secret; one that others may read, or that is longer
/// than any secret, errs.
pub fn read_secret(path: &Path) -> io::Result<String> {
    let file = File::open(path)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
        if mode & 0o077 != 0 {
            let why = format!(
                "others may read it (mode {:o}): `chmod 600` it",
                mode & 0o777
            );
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
    }
    let mut text = String::new();
    file.take(LONGEST_SECRET).read_to_string(&mut text)?;
    match text.lines().next().map(str::trim_end) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "its first line is empty",
        )),
    }
}

/// Makes a folder that only its owner may enter (mode 0700 on Unix), and those above it that are
/// missing. A folder that is there stays as it is.
pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a whole file or nothing, and makes the folders above it that are missing.
///
/// What is returned as written is on disk, also after power loss.
pub fn write_atomic(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<(), WriteError> {
    write(path, bytes, overwrite).map_err(|source| {
        let path = path.to_owned();
        match source.kind() {
            // The system says the same where a folder above it is a file.
            io::ErrorKind::AlreadyExists if path.symlink_metadata().is_ok() => {
                WriteError::Exists { path }
            }
            _ => WriteError::Failed { path, source },
        }
    })
}

fn write(path: &Path, bytes: &[u8], overwrite: Overwrite) -> io::Result<()> {
    let target = match overwrite {
        // Also refuses a symbolic link that leads nowhere.
        Overwrite::Never if path.symlink_metadata().is_ok() => {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Overwrite::Never => path.to_owned(),
        Overwrite::Replace => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
    };
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    create_private_folder(folder)?;
    let mut draft = name.to_owned();
    draft.push(format!(".{}.new", process::id()));
    let draft = folder.join(draft);
    let written = fill(&draft, bytes, &target).and_then(|()| match overwrite {
        Overwrite::Never => claim(&draft, &target),
        Overwrite::Replace => fs::rename(&draft, &target),
    });
    if written.is_err() || overwrite == Overwrite::Never {
        // After a rename there is nothing to remove, after a failure what could not be used.
        let _ = fs::remove_file(&draft);
    }
    written?;
    sync_folder(folder);
    Ok(())
}

/// Writes the draft, with the permissions of the file that it replaces.
fn fill(draft: &Path, bytes: &[u8], target: &Path) -> io::Result<()> {
    let mut file = File::create(draft)?;
    if let Ok(replaced) = target.metadata() {
        file.set_permissions(replaced.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives the draft its name unless a file has it, in one step where the file system can link.
fn claim(draft: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(draft, target) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !target.exists() => {
            fs::rename(draft, target)
        }
        done => done,
    }
}

/// Makes a new name last through power loss, where the file system has a way to.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// Writes `new` over `old` and says what was there afterwards, and what else the folder holds.
    #[track_caller]
    fn check(old: Option<&str>, overwrite: Overwrite, expected: Result<&str, &str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/config.toml");
        if let Some(old) = old {
            fs::create_dir(folder.path().join("sub")).unwrap();
            fs::write(&path, old).unwrap();
        }
        let written = write_atomic(&path, b"new", overwrite);
        let there = fs::read_to_string(&path).unwrap();
        match (written, expected) {
            (Ok(()), Ok(text)) | (Err(WriteError::Exists { .. }), Err(text)) => {
                assert_eq!(there, text);
            }
            (written, expected) => panic!("{written:?} instead of {expected:?}"),
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_that_others_may_read_is_none() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let with = |text: &str, mode: u32| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            read_secret(&path).map_err(|error| error.to_string())
        };
        assert_eq!(with("abcd efgh \r\nsecond\n", 0o600).unwrap(), "abcd efgh");
        let refused = with("abcd", 0o640).unwrap_err();
        assert_eq!(refused, "others may read it (mode 640): `chmod 600` it");
        assert!(with("abcd", 0o604).is_err());
        assert_eq!(
            with("\nabcd", 0o400).unwrap_err(),
            "its first line is empty"
        );
        assert!(read_secret(&folder.path().join("absent")).is_err());
    }

    #[test]
    fn a_new_file_is_written_with_its_folder() {
        check(None, Overwrite::Never, Ok("new"));
        check(None, Overwrite::Replace, Ok("new"));
    }

    #[test]
    fn a_file_that_is_there_is_replaced_only_when_told() {
        check(Some("old"), Overwrite::Never, Err("old"));
        check(Some("old"), Overwrite::Replace, Ok("new"));
    }

    #[test]
    fn a_path_that_cannot_be_a_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = write_atomic(&file.join("below"), b"new", Overwrite::Never).unwrap_err();
        assert!(matches!(error, WriteError::Failed { .. }), "{error:?}");
        assert_eq!(error.problem().causes.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay_and_folders_are_private() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [real, link] = ["real.toml", "link.toml"].map(|name| folder.path().join(name));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        write_atomic(&link, b"new", Overwrite::Replace).unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        let private = folder.path().join("a/b");
        create_private_folder(&private).unwrap();
        create_private_folder(&private).unwrap();
        assert_eq!(
            private.metadata().unwrap().permissions().mode() & 0o777,
            0o700
        );
    }
}
