//! Opening the database: looking first, creating what is missing, refusing what is not ours.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{is_damage, is_out_of_room};
use super::schema::{APPLICATION_ID, KNOWN_VERSION, MIGRATIONS};
use super::{StoreError, make, recover};

/// How long a statement waits between two tries while another process holds the database.
///
/// SQLite's own handler waits up to a tenth of a second between tries. Beside a process that holds
/// the lock again and again with short pauses, as indexing does, it may miss every pause.
const BUSY_PAUSE: Duration = Duration::from_millis(1);

/// How many tries there are: they take about five seconds.
const BUSY_TRIES: i32 = 4_500;

/// The size of a database page.
pub(super) const PAGE_BYTES: u32 = 8192;

/// The most that the reader keeps of the file in memory, in KiB.
const READER_CACHE_KIB: u32 = 1024;

/// The most that the writer keeps of the file in memory, in KiB.
const WRITER_CACHE_KIB: u32 = 2048;

/// How many statements a connection keeps ready: all that it ever runs.
const STATEMENTS: usize = 64;

/// The length of the log from which a commit also moves it into the database, in bytes.
///
/// Each such move waits for the disk, so a refresh should see few of them.
const CHECKPOINT_BYTES: u32 = 256 << 20;

/// What is left of the log file once it was moved into the database, in bytes.
const KEPT_LOG_BYTES: u32 = 4 << 20;

/// Returns where the database lives in a data folder.
pub(crate) fn database_path(dir: &Path) -> PathBuf {
    dir.join("gazette.db")
}

/// Returns the file whose name has this ending after that of a database.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// What lies at the database's path.
pub(super) enum Found {
    /// Nothing, or an empty file: a new database.
    Nothing,
    /// A database of ours, of today's version.
    Ours,
    /// A database of ours, of an earlier version.
    Older,
}

/// Opens the database for writing; makes the folder, the file and the tables where they lack.
pub(crate) fn open_writer(dir: &Path) -> Result<Connection, StoreError> {
    let path = database_path(dir);
    make::make_folder(dir).map_err(|source| StoreError::Folder {
        path: dir.to_owned(),
        source,
    })?;
    let at = |source| StoreError::at(&path, source);
    if let Found::Nothing = look(&path)? {
        make::make(dir, &path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(&path, flags).map_err(at)?;
    if conn.is_readonly("main").map_err(at)? {
        return Err(StoreError::ReadOnly { path });
    }
    prepare_writer(&mut conn).map_err(at)?;
    migrate(&mut conn, &path)?;
    conn.pragma_update(None, "journal_mode", "wal")
        .map_err(at)?;
    Ok(conn)
}

/// Waits until no other process makes or recovers a database in this folder, and keeps all others waiting until
/// the file that is returned is closed. None where the system has no such locks: then two that
/// begin at the same moment may meet, and one of them says so.
pub(super) fn lock_folder(dir: &Path) -> Option<File> {
    let folder = File::open(dir).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// How a connection that reads sees what others write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// At once, and never half of it.
    Live,
    /// Not at all, as it has no locks: what seems to be damage may be the writing of others.
    Still,
}

/// Opens the database for reading; `None` where there is none yet.
pub(super) fn open_reader(dir: &Path) -> Result<Option<(Connection, Sight)>, StoreError> {
    let path = database_path(dir);
    match look(&path)? {
        Found::Nothing => return Ok(None),
        Found::Ours => {}
        // Opening it for writing brings it up to date.
        Found::Older => drop(open_writer(dir)?),
    }
    read_only(&path)
        .map(Some)
        .map_err(|source| StoreError::at(&path, source))
}

/// Looks at the file without changing a byte of it.
///
/// Nothing is written before this is sure that the file is ours and of a version that we know.
pub(super) fn look(path: &Path) -> Result<Found, StoreError> {
    if beside(path, recover::WHOLE).exists() {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            found: "its recovery was cut short".to_owned(),
        });
    }
    let Some(header) = header(path).map_err(|source| StoreError::Folder {
        path: path.to_owned(),
        source,
    })?
    else {
        return Ok(Found::Nothing);
    };
    let number = |from: usize| {
        let bytes = header.get(from..from + 4)?.try_into().ok()?;
        Some(i64::from(i32::from_be_bytes(bytes)))
    };
    // The header of a database: magic text, `user_version` at 60, `application_id` at 68
    // (https://www.sqlite.org/fileformat2.html §1.3).
    let (Some(version), Some(application)) = (number(60), number(68)) else {
        return Err(damaged(path));
    };
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(damaged(path));
    }
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    let mut newest = version;
    if has_log(path) {
        // A newer version may stand in the log alone. A connection that can't write leaves both
        // files as they are, even when it is the last one to close them.
        let at = |source| StoreError::at(path, source);
        let (conn, _) = read_only(path).map_err(at)?;
        newest = conn
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(at)?;
    }
    if newest > KNOWN_VERSION {
        return Err(newer(path, newest));
    }
    Ok(if newest < KNOWN_VERSION {
        Found::Older
    } else {
        Found::Ours
    })
}

/// Returns a file without SQLite's header as an error.
fn damaged(path: &Path) -> StoreError {
    StoreError::Damaged {
        path: path.to_owned(),
        found: "the file does not begin like an SQLite database".to_owned(),
    }
}

/// Returns a database with later tables than we know as an error.
fn newer(path: &Path, version: i64) -> StoreError {
    StoreError::Newer {
        path: path.to_owned(),
        version,
        known: KNOWN_VERSION,
    }
}

/// Returns the first 72 bytes of a file, of SQLite's header as much as we ask; `None` where it is
/// absent or empty.
fn header(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut header = Vec::with_capacity(72);
    file.take(72).read_to_end(&mut header)?;
    Ok((!header.is_empty()).then_some(header))
}

/// Whether a write-ahead log with something in it lies beside the database.
pub(super) fn has_log(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// Opens an existing database for reading.
fn read_only(path: &Path) -> rusqlite::Result<(Connection, Sight)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    match prepare_reader(&mut conn) {
        Ok(()) => Ok((conn, Sight::Live)),
        Err(error)
            if is_out_of_room(&error)
                || matches!(
                    error.sqlite_error_code(),
                    Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
                ) =>
        {
            match unlocked(path, flags) {
                Ok(conn) => Ok((conn, Sight::Still)),
                // Without locks nothing tells damage from what others are writing.
                Err(met) if is_damage(&met) => Err(error),
                Err(met) => Err(met),
            }
        }
        Err(error) => Err(error),
    }
}

/// Opens a database in a folder where nothing can be written, or on a disk that is full.
///
/// A WAL database wants the index of its log beside it, for which there is no room there, so it is
/// read without locks: nobody who may do no more than this process changes it meanwhile.
fn unlocked(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let how = if has_log(path) {
        // What was committed last stands in the log alone. A connection that has the database for
        // itself keeps the log's index in memory; without locks, since an exclusive lock needs a
        // file that can be written (https://www.sqlite.org/wal.html, "Use of WAL Without
        // Shared-Memory").
        if cfg!(windows) {
            "vfs=win32-none"
        } else {
            "vfs=unix-none"
        }
    } else {
        "immutable=1"
    };
    let flags = flags | OpenFlags::SQLITE_OPEN_URI;
    let mut conn = Connection::open_with_flags(uri(path, how), flags)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // It must be set before the first read.
    conn.pragma_update(None, "locking_mode", "exclusive")?;
    prepare_reader(&mut conn)?;
    Ok(conn)
}

/// Returns the address of a database, with how to read it (<https://www.sqlite.org/uri.html>).
fn uri(path: &Path, how: &str) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            byte => uri.extend(format!("%{byte:02X}").chars()),
        }
    }
    uri.push('?');
    uri.push_str(how);
    uri
}

/// Waits while another process holds the database; says whether to try once more.
pub(super) fn wait_for_others(tries: i32) -> bool {
    #[expect(clippy::disallowed_methods, reason = "SQLite calls this to wait")]
    std::thread::sleep(BUSY_PAUSE);
    tries < BUSY_TRIES
}

/// Leaves the database to others for as long as they may wait between two tries, so many times over:
/// who takes the lock again at once is rarely found without it.
pub(super) fn let_others_in(tries: u32) {
    #[expect(
        clippy::disallowed_methods,
        reason = "others tell nobody that they wait"
    )]
    std::thread::sleep(tries * BUSY_PAUSE);
}

/// Sets up a connection that reads, and reads something, so that a failure shows here.
fn prepare_reader(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.busy_handler(Some(wait_for_others))?;
    keep_plans(conn)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    set_cache(conn, READER_CACHE_KIB)?;
    conn.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
}

/// Sets up a connection that writes.
fn prepare_writer(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.busy_handler(Some(wait_for_others))?;
    keep_plans(conn)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    set_cache(conn, WRITER_CACHE_KIB)?;
    conn.pragma_update(None, "synchronous", "normal")?;
    conn.pragma_update(None, "foreign_keys", false)?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_BYTES / PAGE_BYTES)?;
    conn.pragma_update(None, "journal_size_limit", KEPT_LOG_BYTES)
}

/// Sets what a database must be told before its first table.
pub(super) fn prepare_file(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "page_size", PAGE_BYTES)?;
    conn.pragma_update(None, "auto_vacuum", "incremental")
}

/// Lets a statement keep its plan whatever values it is given.
///
/// Otherwise SQLite makes the plan anew at each value, where a partial index is in question.
fn keep_plans(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Bounds a connection's page cache.
fn set_cache(conn: &Connection, kib: u32) -> rusqlite::Result<()> {
    // A negative size is one in KiB instead of pages.
    conn.pragma_update(None, "cache_size", -i64::from(kib))
}

/// Brings the tables up to date, in one transaction: the file is never half of a version.
pub(crate) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let at = |source| StoreError::at(path, source);
    let version = |conn: &Connection| -> Result<i64, StoreError> {
        conn.pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(at)
    };
    if version(conn)? == KNOWN_VERSION {
        return Ok(());
    }
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(at)?;
    // Another process may have come first, and be a newer program.
    let from = version(&tx)?;
    if from > KNOWN_VERSION {
        return Err(newer(path, from));
    }
    bring_up(&tx, from).map_err(at)?;
    tx.commit().map_err(at)
}

/// Takes the steps from one version of the tables to that of today.
pub(super) fn bring_up(tx: &Connection, from: i64) -> rusqlite::Result<()> {
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    for step in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", KNOWN_VERSION)
}
