//! The cache: the one SQLite file that everything shown comes from, and the only place with SQL.
//!
//! It never asks the clock, opens a socket, or knows HTML: times, packed texts and the function
//! that makes plain text of HTML come in as arguments. No statement leaves this folder.
//!
//! [`Store`] is the one connection of a process that writes; [`Reader`]s are many. Every change is
//! one transaction that takes the write lock at its beginning, so that no transaction has to be
//! given up half-way, and none holds it longer than the writing of one feed.
//!
//! - [`open`]: looks before it touches, creates, refuses what is not ours
//! - [`schema`]: the tables, as a list of migrations
//! - [`feeds`]: what is known of each feed
//! - [`poll`], [`record`]: what a poll brought, and the storing of it
//! - [`marks`]: what the reader did, and stories that several feeds carry
//! - [`scope`]: which feeds a list or a mark is about
//! - [`list`], [`article`]: reading
//! - [`rows`], [`tally`]: the lists of the screen, and how much is in them
//! - [`place`]: where the reader is
//! - [`index`]: the search index, and searching
//! - [`body`]: texts, compressed
//! - [`error`]: what can go wrong

mod article;
mod body;
mod error;
mod feeds;
mod index;
mod list;
mod marks;
mod open;
mod place;
mod poll;
mod record;
mod rows;
mod schema;
mod scope;
mod tally;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use body::{PackedBody, pack};
pub use error::StoreError;
pub use feeds::FeedState;
pub use index::Indexing;
pub use list::{Is, ListQuery};
pub use marks::Marked;
pub use poll::{NewArticle, Poll, PollOutcome, Recorded};
pub use rows::{Filter, Row, RowQuery, RowsOf};
pub use scope::Scope;
pub use tally::{Tallied, Tally};

/// The connection that writes; one in a process.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    conn: Connection,
    /// How much text the next transaction puts into the search index.
    batch_bytes: usize,
}

/// A connection that reads; it never writes, and works on a read-only file and folder.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    path: PathBuf,
    conn: OnceCell<Connection>,
}

impl Store {
    /// Opens the database in a data folder; makes folder, file and tables where they lack.
    ///
    /// Errs, and changes nothing, where the file is no database, another program's or of a newer
    /// version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            path: open::database_path(dir),
            conn: open::open_writer(dir)?,
            batch_bytes: index::BATCH_BYTES,
        })
    }

    /// Makes all that was committed so far survive a loss of power.
    ///
    /// Ordinary commits run at `synchronous=NORMAL`, where the log is not waited for. One commit
    /// at `FULL` waits for the log file, and with it for every earlier commit in it; what is no
    /// longer in the log was moved into the database by a checkpoint, which waits for both files.
    /// That is half the work of a checkpoint, which waits for the log too, then writes all of it
    /// again.
    pub fn make_durable(&mut self) -> Result<(), StoreError> {
        // Only a commit that changes a page is written to the log.
        self.write_durably(|tx| {
            tx.execute("update meta set value = value + 1 where name = 'saved'", [])?;
            Ok(())
        })
    }

    /// Moves the log into the database, as far as nobody reads from it, without stopping anyone.
    ///
    /// Commits do that themselves only when the log has become very long.
    fn shorten_log(&self) -> Result<(), StoreError> {
        self.conn
            .query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))
            .map_err(|source| StoreError::at(&self.path, source))
    }

    /// Runs `work` in one transaction that holds the write lock from its beginning.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let run = || {
            let tx = self
                .conn
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&tx)?;
            tx.commit()?;
            Ok(done)
        };
        run().map_err(|source| StoreError::at(&self.path, source))
    }

    /// The same, and waits until it is on the disk, with everything before it.
    fn write_durably<T>(
        &mut self,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.set_synchronous("full")?;
        let done = self.write(work);
        self.set_synchronous("normal")?;
        done
    }

    fn set_synchronous(&self, level: &str) -> Result<(), StoreError> {
        self.conn
            .pragma_update(None, "synchronous", level)
            .map_err(|source| StoreError::at(&self.path, source))
    }
}

impl Reader {
    /// Opens the database in a data folder for reading.
    ///
    /// Where there is none yet all answers are empty, until there is one.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let reader = Self {
            dir: dir.to_owned(),
            path: open::database_path(dir),
            conn: OnceCell::new(),
        };
        reader.conn()?;
        Ok(reader)
    }

    /// Returns the connection; `None` while there is no database.
    fn conn(&self) -> Result<Option<&Connection>, StoreError> {
        if let Some(conn) = self.conn.get() {
            return Ok(Some(conn));
        }
        let opened = open::open_reader(&self.dir)?;
        Ok(opened.map(|conn| self.conn.get_or_init(|| conn)))
    }

    /// Returns a number that changes whenever another connection, also one of this process, wrote;
    /// 0 while there is no database.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.conn()?.map_or(Ok(0), |conn| {
            conn.pragma_query_value(None, "data_version", |row| row.get(0))
                .map_err(|source| StoreError::at(&self.path, source))
        })
    }

    /// Lets `work` ask several questions of one unchanging state of the database.
    pub fn at_once<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(conn) = self.conn()?.filter(|conn| conn.is_autocommit()) else {
            return work();
        };
        let _snapshot = conn
            .unchecked_transaction()
            .map_err(|source| StoreError::at(&self.path, source))?;
        work()
    }

    /// Runs `work` on one unchanging state of the database; `none` where there is none yet.
    fn read<T>(
        &self,
        none: T,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let Some(conn) = self.conn()? else {
            return Ok(none);
        };
        let run = || {
            // A question inside another one sees the same state.
            if !conn.is_autocommit() {
                return work(conn);
            }
            let snapshot = conn.unchecked_transaction()?;
            work(&snapshot)
        };
        run().map_err(|source| StoreError::at(&self.path, source))
    }
}

/// Returns a time as it is stored: whole seconds since 1970.
fn seconds(time: Timestamp) -> i64 {
    time.as_second()
}

/// Returns a stored time.
fn time(seconds: i64) -> Timestamp {
    // The range of stored numbers is wider than that of times only in a damaged file.
    Timestamp::from_second(seconds).unwrap_or_default()
}
