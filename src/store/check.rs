//! Whether the database is whole, and what to do where it isn't.

use std::fs;
use std::path::PathBuf;

use rusqlite::{Connection, Transaction};

use super::error::is_damage;
use super::folder::{FileId, Folder};
use super::open::{self, beside, database_path};
use super::schema::OF_ARTICLES;
use super::{Store, StoreError, feeds, make, recover};

/// A log longer than this is left behind by a process that was killed.
const LONG_LOG_BYTES: u64 = 16 << 20;

/// What was found in a database that is ours and of a version that we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The file.
    pub path: PathBuf,
    /// Its length and that of its log, in bytes.
    pub bytes: u64,
    /// How many articles there are; none where damage hides it.
    pub articles: Option<u64>,
    /// What is wrong with it.
    pub flaws: Vec<Flaw>,
}

/// Something that is wrong with a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// SQLite finds it damaged, and says how.
    Damage(String),
    /// The counters of so many feeds don't agree with their articles.
    Counters(u32),
    /// The search index lacks so many articles, or has more than there are, and doesn't know it.
    Index(u32),
    /// So many rows belong to articles that are not there.
    Orphans(u32),
    /// The log is long, in bytes, and nobody moves it into the database.
    LongLog(u64),
}

/// A file that lies beside the database and is of no use to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// What it is.
    pub kind: LeftoverKind,
}

/// What a file beside the database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftoverKind {
    /// A damaged database that was set aside.
    Aside,
    /// A new one that was never finished.
    Unfinished,
}

/// Looks at every page and every counter of the database in a folder; changes nothing and recovers
/// nothing. `None` where there is no database yet.
pub fn check(folder: &Folder) -> Result<Option<Checked>, StoreError> {
    let path = database_path(folder);
    let bytes = |path| fs::metadata(path).map_or(0, |file| file.len());
    let log_bytes = bytes(beside(&path, "-wal"));
    let mut checked = Checked {
        bytes: bytes(path.clone()) + log_bytes,
        articles: None,
        flaws: Vec::new(),
        path,
    };
    let conn = match open::open_reader(folder) {
        Ok(None) => return Ok(None),
        Ok(Some((conn, _))) => conn,
        Err(StoreError::Damaged { found, .. }) => {
            checked.flaws.push(Flaw::Damage(found));
            return Ok(Some(checked));
        }
        Err(error) => return Err(error),
    };
    match look(&conn) {
        Ok((articles, flaws)) => {
            checked.articles = articles;
            checked.flaws = flaws;
        }
        Err(error) if is_damage(&error) => checked.flaws.push(Flaw::Damage(error.to_string())),
        Err(error) => return Err(StoreError::at(&checked.path, error)),
    }
    if log_bytes > LONG_LOG_BYTES {
        checked.flaws.push(Flaw::LongLog(log_bytes));
    }
    Ok(Some(checked))
}

fn look(conn: &Connection) -> rusqlite::Result<(Option<u64>, Vec<Flaw>)> {
    let tx = conn.unchecked_transaction()?;
    let verdict: String = tx.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Ok((None, vec![Flaw::Damage(verdict)]));
    }
    let count = |select: &str| tx.query_row(select, [], |row| row.get::<_, u32>(0));
    let mut flaws = Vec::new();
    let counters = count(
        "select count(*) from feeds f where (f.articles, f.unread, f.starred) is not
            (select count(*), count(*) - count(nullif(coalesce(m.read, 0), 0)),
                count(nullif(coalesce(m.starred, 0), 0))
             from articles a left join marks m on m.article_id = a.id where a.feed_id = f.id)",
    )?;
    if counters > 0 {
        flaws.push(Flaw::Counters(counters));
    }
    let unindexed = count(&format!("select count(*) from ({MISINDEXED})"))?;
    if unindexed > 0 {
        flaws.push(Flaw::Index(unindexed));
    }
    let mut orphans = 0;
    for table in OF_ARTICLES {
        orphans += count(&format!("select count(*) from {table} {LOST}"))?;
    }
    if orphans > 0 {
        flaws.push(Flaw::Orphans(orphans));
    }
    let articles = count("select count(*) from articles")?;
    Ok((Some(u64::from(articles)), flaws))
}

/// The condition for rows that belong to no article.
const LOST: &str = "where not exists (select 1 from articles where id = article_id)";

/// The articles that should be in the search index and are not, and those that are in it and should
/// not be, but for what the index knows itself.
const MISINDEXED: &str = "
    select id from articles
        where id <= (select value from meta where name = 'indexed_through')
            and id not in (select id from search_docsize)
            and id not in (select article_id from reindex)
    union
    select id from search_docsize
        where id not in (select id from articles) and id not in (select article_id from reindex)";

impl Store {
    /// Counts anew, takes out what belongs to no article, notes what the search index lacks so that
    /// the next indexing takes it up, and moves the log into the database.
    pub fn mend(&mut self) -> Result<(), StoreError> {
        self.write(mend)?;
        self.look(|conn| conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())))?;
        self.make_durable()
    }
}

fn mend(tx: &Transaction) -> rusqlite::Result<()> {
    tx.execute_batch(&format!("insert or ignore into reindex {MISINDEXED}"))?;
    for table in OF_ARTICLES {
        tx.execute(&format!("delete from {table} {LOST}"), [])?;
    }
    feeds::recount(tx)
}

/// Sets the damaged database in a folder aside and puts what can be read of it into a new one. What
/// became of it the folder tells ([`Folder::take_recoveries`]).
pub fn recover_damaged(folder: &Folder, found: String) -> Result<(), StoreError> {
    recover::recover(folder, FileId::of(&database_path(folder)), found)
}

/// Returns the files beside the database that are of no use to it, in the order of their names.
pub fn leftovers(folder: &Folder) -> Vec<Leftover> {
    let path = database_path(folder);
    let Some(name) = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
    else {
        return Vec::new();
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut leftovers: Vec<Leftover> = entries
        .filter_map(|entry| {
            let found = entry.file_name();
            let kind = match found.to_string_lossy().strip_prefix(&name)? {
                ending if ending.starts_with(".damaged-") => LeftoverKind::Aside,
                ending
                    if [recover::UNFINISHED, make::UNFINISHED]
                        .iter()
                        .any(|unfinished| ending.starts_with(unfinished)) =>
                {
                    LeftoverKind::Unfinished
                }
                _ => return None,
            };
            let bytes = entry.metadata().ok()?.len();
            let path = entry.path();
            Some(Leftover { path, bytes, kind })
        })
        .collect();
    leftovers.sort_by(|one, other| one.path.cmp(&other.path));
    leftovers
}

/// Removes what a recovery that was cut short left behind, unless one is under way.
pub fn remove_unfinished(folder: &Folder) -> Result<(), StoreError> {
    let _alone = open::lock_folder(folder);
    for leftover in leftovers(folder) {
        if leftover.kind == LeftoverKind::Unfinished {
            fs::remove_file(&leftover.path).map_err(|source| StoreError::Folder {
                path: leftover.path,
                source,
            })?;
        }
    }
    Ok(())
}
