//! The cache: the one SQLite file that everything shown comes from, and the only place with SQL.
//!
//! It never asks the clock, opens a socket, or knows HTML: times, packed texts and the function
//! that makes plain text of HTML come in as arguments. No statement leaves this folder.
//!
//! [`Store`] is the one connection of a process that writes; [`Reader`]s are many. Every change is
//! one transaction that takes the write lock at its beginning, so that no transaction has to be
//! given up half-way, and none holds it longer than the writing of one feed.
//!
//! - [`open`]: looks before it touches, refuses what is not ours; [`make`]: makes what is missing
//! - [`schema`]: the tables, as a list of migrations
//! - [`feeds`]: what is known of each feed
//! - [`poll`], [`record`]: what a poll brought, and the storing of it
//! - [`marks`]: what the reader did, and stories that several feeds carry
//! - [`scope`]: which feeds a list or a mark is about
//! - [`list`], [`article`]: reading
//! - [`pages`]: articles' own pages; [`closing`]: the consultations among them
//! - [`comments`]: what others say under articles; [`drafts`]: what the reader does
//! - [`visits`]: when the reader was at an article
//! - [`revisions`]: earlier texts
//! - [`prune`]: what goes out again
//! - [`rows`], [`tally`]: the lists of the screen, and how much is in them
//! - [`place`]: where the reader is
//! - [`index`]: the search index, and searching
//! - [`body`]: texts, compressed
//! - [`folder`], [`recover`], [`salvage`]: a damaged database, and what can still be read of it
//! - [`mod@check`]: whether it is whole
//! - [`error`]: what can go wrong

mod article;
mod body;
mod check;
mod closing;
mod comments;
mod drafts;
mod error;
mod feeds;
mod folder;
mod index;
mod list;
mod make;
mod marks;
mod open;
mod pages;
mod place;
mod poll;
mod prune;
mod record;
mod recover;
mod revisions;
mod rows;
mod salvage;
mod schema;
mod scope;
mod tally;
mod visits;

#[cfg(test)]
mod tests;

use std::cell::{Cell, Ref, RefCell};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ToSql, Transaction, TransactionBehavior, params_from_iter};

pub use body::{PackedBody, pack};
pub use check::{
    Checked, Flaw, Leftover, LeftoverKind, check, leftovers, recover_damaged, remove_unfinished,
};
pub use comments::{Commented, Completeness, DueThread, KeptThread, ThreadState};
pub use drafts::Turn;
pub use error::StoreError;
pub use feeds::FeedState;
pub use folder::{Folder, Recovery};
pub use index::Indexing;
pub use list::{Is, ListQuery};
pub use marks::{Changed, CutShort, Marked};
pub use pages::{NewPage, PageFailure, PagesOf, WantedPage};
pub use poll::{NewArticle, Poll, PollOutcome, Recorded};
pub use prune::Shrinking;
pub use revisions::Revision;
pub use rows::{Filter, Row, RowQuery, RowsOf};
pub use scope::Scope;
pub use tally::{Moments, Tallied, Tally};

use self::folder::FileId;
use self::marks::MARKS_AT_ONCE;
use self::open::Sight;
use crate::model::article::ArticleId;

/// The connection that writes; one in a process.
#[derive(Debug)]
pub struct Store {
    folder: Folder,
    path: PathBuf,
    conn: Connection,
    /// The file that the connection has open.
    file: FileId,
    /// How much text the next transaction puts into the search index.
    batch_bytes: usize,
}

/// A connection that reads; it never writes, and works on a read-only file and folder.
///
/// It is as good as new after a recovery: where a question met damage it is asked once more.
#[derive(Debug)]
pub struct Reader {
    folder: Folder,
    path: PathBuf,
    /// None while there is no database.
    opened: RefCell<Option<Opened>>,
    /// How many databases were opened, one in the place of the other.
    times_opened: Cell<u32>,
    /// Whether a question inside [`Reader::at_once`] met damage.
    met_damage: Cell<bool>,
}

/// A connection that reads, and the file that it has open.
#[derive(Debug)]
struct Opened {
    conn: Connection,
    file: FileId,
    sight: Sight,
}

impl Opened {
    /// Whether it shows the database that lies at a path, as it is now.
    fn shows(&self, path: &Path) -> bool {
        self.sight == Sight::Live && self.file == FileId::of(path)
    }
}

/// Why work on the database ended.
enum Fault {
    /// SQLite's reasons.
    Sql(rusqlite::Error),
    /// Another file lies in the database's place: it was recovered meanwhile.
    Replaced,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// How often work is begun before damage is an error: the damaged file, and the new one in its
/// place, which another process may have put there meanwhile.
const TRIES: usize = 3;

impl Store {
    /// Opens the database in a data folder; makes folder, file and tables where they lack. A damaged
    /// one is recovered first.
    ///
    /// Errs, and changes nothing, where the file is another program's or of a newer version.
    pub fn open(folder: impl Into<Folder>) -> Result<Self, StoreError> {
        let folder = folder.into();
        let path = open::database_path(&folder);
        let (conn, file) = unharmed(&folder, open::open_writer)?;
        Ok(Self {
            folder,
            path,
            conn,
            file,
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
    fn shorten_log(&mut self) -> Result<(), StoreError> {
        self.look(|conn| conn.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(())))
    }

    /// Runs `work` in one transaction that holds the write lock from its beginning; once more where
    /// it met damage, on what could be recovered.
    fn write<T>(
        &mut self,
        mut work: impl FnMut(&Transaction) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.work(|conn, path, file| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Who recovers a database holds this lock until another file lies in its place.
            if FileId::of(path) != file {
                return Err(Fault::Replaced);
            }
            let done = work(&tx)?;
            tx.commit()?;
            Ok(done)
        })
    }

    /// Runs a statement for each of `articles`, whose number is its `?1`, and `more` what follows; in
    /// transactions that are short each.
    fn run_for_each(
        &mut self,
        articles: &[ArticleId],
        more: &[&dyn ToSql],
        statement: &str,
    ) -> Result<(), StoreError> {
        for turn in articles.chunks(MARKS_AT_ONCE) {
            self.write(|tx| {
                let mut prepared = tx.prepare_cached(statement)?;
                for article in turn {
                    prepared.execute(params_from_iter(
                        [&article.0 as &dyn ToSql].iter().chain(more),
                    ))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Runs `work`, which changes nothing, outside of a transaction; once more where it met damage.
    fn look<T>(
        &mut self,
        mut work: impl FnMut(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.work(|conn, _, _| Ok(work(conn)?))
    }

    /// Runs `work`; where it met damage, once more on what could be recovered.
    fn work<T>(
        &mut self,
        mut work: impl FnMut(&mut Connection, &Path, FileId) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut tries = 1;
        loop {
            let error = match work(&mut self.conn, &self.path, self.file) {
                Ok(done) => return Ok(done),
                Err(Fault::Replaced) => None,
                Err(Fault::Sql(error)) => Some(StoreError::at(&self.path, error)),
            };
            match error {
                Some(StoreError::Damaged { found, .. }) if tries < TRIES => {
                    leave_the_log(&self.conn);
                    recover::recover(&self.folder, self.file, found)?;
                }
                None if tries < TRIES => leave_the_log(&self.conn),
                None => {
                    return Err(StoreError::Locked {
                        path: self.path.clone(),
                    });
                }
                Some(error) => return Err(error),
            }
            (self.conn, self.file) = unharmed(&self.folder, open::open_writer)?;
            tries += 1;
        }
    }

    /// The same, and waits until it is on the disk, with everything before it.
    fn write_durably<T>(
        &mut self,
        work: impl FnMut(&Transaction) -> rusqlite::Result<T>,
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
    /// Opens the database in a data folder for reading; a damaged one is recovered first.
    ///
    /// Where there is none yet all answers are empty, until there is one.
    pub fn open(folder: impl Into<Folder>) -> Result<Self, StoreError> {
        let folder = folder.into();
        let reader = Self {
            path: open::database_path(&folder),
            folder,
            opened: RefCell::new(None),
            times_opened: Cell::new(0),
            met_damage: Cell::new(false),
        };
        reader.renew()?;
        Ok(reader)
    }

    /// Opens the database where it isn't open, and anew where another file lies in its place.
    fn renew(&self) -> Result<(), StoreError> {
        let mut opened = self.opened.borrow_mut();
        if opened
            .as_ref()
            .is_none_or(|opened| !opened.shows(&self.path))
        {
            let (found, file) = unharmed(&self.folder, open::open_reader)?;
            *opened = found.map(|(conn, sight)| Opened { conn, file, sight });
            if opened.is_some() {
                self.times_opened.set(self.times_opened.get() + 1);
            }
        }
        Ok(())
    }

    /// Returns the connection where a question is being asked already: all see the same state.
    fn asking(&self) -> Option<Ref<'_, Connection>> {
        let opened = self.opened.try_borrow().ok()?;
        let opened = Ref::filter_map(opened, Option::as_ref).ok()?;
        (!opened.conn.is_autocommit()).then(|| Ref::map(opened, |opened| &opened.conn))
    }

    /// Returns a number that changes whenever another connection, also one of this process, wrote,
    /// and where another database lies in the place of the one before; 0 until there is one.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        let version: u32 = self.read(0, |conn| {
            conn.pragma_query_value(None, "data_version", |row| row.get(0))
        })?;
        // Each connection counts for itself.
        Ok(i64::from(self.times_opened.get()) << 32 | i64::from(version))
    }

    /// Lets `work` ask several questions of one unchanging state of the database. Where one of them
    /// met damage, `work` is done once more.
    pub fn at_once<T, E: From<StoreError>>(
        &self,
        mut work: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        if self.asking().is_some() {
            return work();
        }
        for _ in 1..TRIES {
            self.renew()?;
            let opened = self.opened.borrow();
            let Some(Opened { conn, file, sight }) = &*opened else {
                break;
            };
            let (file, sight) = (*file, *sight);
            self.met_damage.set(false);
            let snapshot = conn
                .unchecked_transaction()
                .map_err(|source| StoreError::at(&self.path, source))?;
            let done = work();
            drop(snapshot);
            drop(opened);
            if done.is_ok() || !self.met_damage.get() || sight == Sight::Still {
                return done;
            }
            self.recover(file, "a question met damage".to_owned())?;
        }
        work()
    }

    /// Runs `work` on one unchanging state of the database, once more where it met damage; `none`
    /// where there is none yet.
    fn read<T>(
        &self,
        none: T,
        mut work: impl FnMut(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let at = |source| StoreError::at(&self.path, source);
        if let Some(conn) = self.asking() {
            // Who began the question mends and asks again.
            return work(&conn).map_err(at).inspect_err(|error| {
                let damaged = matches!(error, StoreError::Damaged { .. });
                self.met_damage.set(self.met_damage.get() || damaged);
            });
        }
        let mut tries = 1;
        loop {
            self.renew()?;
            let opened = self.opened.borrow();
            let Some(Opened { conn, file, sight }) = &*opened else {
                return Ok(none);
            };
            let (file, sight) = (*file, *sight);
            let done = conn.unchecked_transaction().and_then(|tx| work(&tx));
            drop(opened);
            match done.map_err(at) {
                Err(StoreError::Damaged { found, .. }) if tries < TRIES && sight == Sight::Live => {
                    self.recover(file, found)?;
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    /// Leaves the damaged file and recovers it.
    fn recover(&self, file: FileId, found: String) -> Result<(), StoreError> {
        self.opened.take();
        recover::recover(&self.folder, file, found)
    }
}

/// Opens the database with `open`, after a recovery where it is damaged. Returns as well which file
/// it is.
fn unharmed<T>(
    folder: &Folder,
    open: fn(&Path) -> Result<T, StoreError>,
) -> Result<(T, FileId), StoreError> {
    let path = open::database_path(folder);
    let mut tries = 1;
    loop {
        let before = FileId::of(&path);
        match open(folder) {
            Ok(conn) => {
                let file = FileId::of(&path);
                // One that was made just now wasn't there before.
                if file == before || before == FileId::UNKNOWN {
                    return Ok((conn, file));
                }
            }
            Err(StoreError::Damaged { found, .. }) if tries < TRIES => {
                recover::recover(folder, before, found)?;
            }
            Err(error) => return Err(error),
        }
        tries += 1;
    }
}

/// Keeps a connection from changing a damaged file when it is closed.
fn leave_the_log(conn: &Connection) {
    let _ = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
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
