//! A damaged database: it is set aside, and what can be read of it goes into a new one.
//!
//! The damaged file is copied before anything else, with its log, so that it is kept as it was when
//! the damage was noticed; then a new database is filled from the copy and takes its place in one
//! step. Whoever has the old file open sees at its next statement that another one lies there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params_from_iter};
use thiserror::Error;

use super::body::unpack;
use super::folder::{FileId, Folder, Recovery};
use super::open::{self, PAGE_BYTES, beside, database_path};
use super::salvage::{self, Column, Holds, Table};
use super::schema::OF_ARTICLES;
use super::{StoreError, feeds, make};

/// What is appended to the name of the new database while it is filled.
pub(super) const UNFINISHED: &str = "-recovering";

/// What is appended to its name once it is whole: whoever is killed before it has taken the place of
/// the damaged one leaves the rest to the next.
pub(super) const WHOLE: &str = "-recovered";

/// What follows from the rest, and isn't read from a damaged database.
const MADE_ANEW: &[&str] = &["shared", "reindex"];

/// Sets the database in `folder` aside and puts what can be read of it into a new one, unless the
/// file that lies there is not `damaged` any more: then another process came first.
///
/// On an error the database is as it was.
pub(super) fn recover(folder: &Folder, damaged: FileId, found: String) -> Result<(), StoreError> {
    // A link goes on leading to the database.
    let path = database_path(folder);
    let path = fs::canonicalize(&path).unwrap_or(path);
    let _alone = open::lock_folder(folder);
    if FileId::of(&path) != damaged {
        return Ok(());
    }
    // Nobody writes meanwhile, where the damage lets SQLite have locks at all.
    let holder = hold(&path);
    let made = beside(&path, UNFINISHED);
    let replaced = if beside(&path, WHOLE).exists() {
        finish(&path)
    } else {
        replace(&path, &made).map(Some)
    };
    drop(holder);
    match replaced {
        // Of an earlier one whose file is gone there is nothing to tell.
        Ok(None) => Ok(()),
        Ok(Some((aside, articles))) => {
            folder.note(Recovery {
                database: path,
                aside,
                found,
                articles,
            });
            Ok(())
        }
        Err(fault) => {
            make::remove(&made);
            Err(StoreError::Unrecovered {
                path,
                found,
                reason: fault.to_string(),
            })
        }
    }
}

/// Puts a new database in the place of the one at `path`, filled at `made` first. Returns where the
/// old one is kept, and the number of articles in the new one.
fn replace(path: &Path, made: &Path) -> Result<(PathBuf, u32), Fault> {
    make::remove(made);
    // An empty file is a new database, and has the time of its making.
    File::create(made)?;
    let mut conn = Connection::open(made)?;
    let aside = set_aside(path, made)?;
    let filled = fill(&mut conn, &aside);
    drop(conn);
    let put = filled.and_then(|articles| {
        fs::rename(made, beside(path, WHOLE))?;
        Ok(articles)
    });
    match put {
        Ok(articles) => {
            put_in_place(path)?;
            Ok((aside, articles))
        }
        Err(fault) => {
            // The database stays where it is: a second one of it is of no use.
            make::remove(&aside);
            Err(fault)
        }
    }
}

/// Puts the whole new database in the place of the damaged one. Where this is cut short the next
/// call does it.
fn put_in_place(path: &Path) -> io::Result<()> {
    // It must be seen after a loss of power too that the log goes because of it.
    make::sync_folder_of(path)?;
    make::remove_log(path)?;
    fs::rename(beside(path, WHOLE), path)?;
    make::sync_folder_of(path)
}

/// Ends a recovery that was cut short. Returns what [`replace`] does, where the old one is still kept.
fn finish(path: &Path) -> Result<Option<(PathBuf, u32)>, Fault> {
    let conn = Connection::open(beside(path, WHOLE))?;
    let articles = conn.query_row("select count(*) from articles", [], |row| row.get(0))?;
    drop(conn);
    put_in_place(path)?;
    Ok(last_aside(path)?.map(|aside| (aside, articles)))
}

/// Returns where the database that was set aside last is kept.
fn last_aside(path: &Path) -> io::Result<Option<PathBuf>> {
    let begins = beside(path, ".damaged-");
    let begins = begins.as_os_str().as_encoded_bytes();
    let mut last = None;
    for entry in fs::read_dir(path.parent().unwrap_or(path))? {
        let found = entry?.path();
        let is_log = found.extension().is_some_and(|ending| {
            let ending = ending.as_encoded_bytes();
            ending.ends_with(b"-wal") || ending.ends_with(b"-shm")
        });
        if !is_log && found.as_os_str().as_encoded_bytes().starts_with(begins) {
            last = last.max(Some(found));
        }
    }
    Ok(last)
}

/// Takes SQLite's lock on a database, where it still can; until dropped nobody commits to it.
fn hold(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags).ok()?;
    conn.busy_handler(Some(open::wait_for_others)).ok()?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .ok()?;
    conn.execute_batch("begin immediate").ok()?;
    Some(conn)
}

/// Copies the database and its log to names of their own; returns the database's.
fn set_aside(path: &Path, made: &Path) -> io::Result<PathBuf> {
    // The new file was made just now, by the clock of the file system.
    let now = fs::metadata(made)?.modified()?;
    let now = Timestamp::try_from(now).unwrap_or_default();
    let now = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut aside = beside(path, &format!(".damaged-{now}"));
    while aside.symlink_metadata().is_ok() {
        aside = beside(&aside, "-again");
    }
    let copy = |from: &Path, to: &Path| {
        fs::copy(from, to)?;
        File::open(to)?.sync_all()
    };
    let log = beside(path, "-wal");
    let copied = copy(path, &aside).and_then(|()| {
        if open::has_log(path) {
            copy(&log, &beside(&aside, "-wal"))
        } else {
            Ok(())
        }
    });
    match copied {
        Ok(()) => Ok(aside),
        Err(error) => {
            make::remove(&aside);
            Err(error)
        }
    }
}

/// Why there is no new database.
#[derive(Debug, Error)]
enum Fault {
    /// SQLite's reasons, about the new one.
    #[error("the new database failed: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The system's.
    #[error(transparent)]
    File(#[from] io::Error),
}

/// Fills a new database with what can be read of a damaged one; returns the number of articles.
fn fill(conn: &mut Connection, damaged: &Path) -> Result<u32, Fault> {
    // Nobody reads it before it is whole, and where this fails it is removed.
    conn.pragma_update(None, "journal_mode", "off")?;
    conn.pragma_update(None, "synchronous", "full")?;
    open::prepare_file(conn)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    open::bring_up(&tx, 0)?;
    let numbers = take(&tx, damaged)?;
    settle(&tx, numbers)?;
    let articles = tx.query_row("select count(*) from articles", [], |row| row.get(0))?;
    tx.commit()?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    Ok(articles)
}

/// Takes over every row that can be read.
fn take(tx: &Transaction, damaged: &Path) -> Result<Numbers, Fault> {
    let tables = tables(tx)?;
    let mut taking = Taking::new(tx, &tables)?;
    let log = beside(damaged, "-wal");
    let page_bytes = PAGE_BYTES as usize;
    salvage::rows(damaged, &log, page_bytes, &tables, &mut |table, row| {
        taking.row(table, row).map_err(Fault::from)
    })?;
    Ok(taking.numbers)
}

/// Returns the ordinary tables of a new database, as their own statements describe them.
fn tables(conn: &Connection) -> rusqlite::Result<Vec<Table>> {
    let mut names = conn.prepare(
        "select name from pragma_table_list
         where schema = 'main' and type = 'table' and wr = 0 and name <> 'sqlite_schema'",
    )?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    let mut tables = Vec::new();
    for name in names {
        let name = name?;
        if MADE_ANEW.contains(&name.as_str()) {
            continue;
        }
        let mut columns = conn.prepare(
            "select name, type, \"notnull\" = 0,
                type = 'integer' collate nocase and pk > 0
                    and (select count(*) from pragma_table_info(?1) where pk > 0) = 1
             from pragma_table_info(?1)",
        )?;
        let columns = columns.query_map([&name], |row| {
            Ok(Column {
                name: row.get(0)?,
                holds: match row.get_ref(1)?.as_str()?.to_ascii_lowercase().as_str() {
                    "integer" => Holds::Integer,
                    "text" => Holds::Text,
                    "blob" => Holds::Blob,
                    _ => Holds::Any,
                },
                may_be_null: row.get(2)?,
                is_rowid: row.get(3)?,
            })
        })?;
        let columns = columns.collect::<rusqlite::Result<_>>()?;
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

/// The highest numbers that were given, so that none is given again.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    article: i64,
    feed: i64,
}

/// Rows on their way into the new database.
struct Taking<'a> {
    tables: &'a [Table],
    inserts: Vec<rusqlite::Statement<'a>>,
    numbers: Numbers,
}

impl<'a> Taking<'a> {
    fn new(tx: &'a Transaction, tables: &'a [Table]) -> rusqlite::Result<Self> {
        let insert = |table: &Table| {
            let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            let values = vec!["?"; names.len()];
            tx.prepare(&format!(
                "insert or ignore into {} ({}) values ({})",
                table.name,
                names.join(", "),
                values.join(", ")
            ))
        };
        Ok(Self {
            tables,
            inserts: tables.iter().map(insert).collect::<rusqlite::Result<_>>()?,
            numbers: Numbers::default(),
        })
    }

    fn row(&mut self, table: usize, row: Vec<Value>) -> rusqlite::Result<()> {
        let name = self.tables[table].name.as_str();
        let number = |place: usize| match row.get(place) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        };
        match (name, &row[..]) {
            // Two tables of one shape: where they can't be told apart the names do.
            ("meta" | "sqlite_sequence", [Value::Text(name), value]) => {
                let (known, value) = (name.as_str(), value.clone());
                return self.named(known, value);
            }
            ("articles", _) => {
                self.numbers.article = self.numbers.article.max(number(0));
                self.numbers.feed = self.numbers.feed.max(number(1));
            }
            ("feeds", _) => self.numbers.feed = self.numbers.feed.max(number(0)),
            ("marks" | "bodies", _) => {
                self.numbers.article = self.numbers.article.max(number(0));
            }
            _ => {}
        }
        let is_readable =
            |packed: &Value| matches!(packed, Value::Blob(packed) if unpack(packed).is_ok());
        let text = match name {
            "bodies" | "revisions" => row.last(),
            "pages" => row.last().filter(|html| **html != Value::Null),
            _ => None,
        };
        if text.is_some_and(|text| !is_readable(text)) {
            return Ok(());
        }
        self.inserts[table].execute(params_from_iter(row))?;
        Ok(())
    }

    /// Takes a value that has a name.
    fn named(&mut self, name: &str, value: Value) -> rusqlite::Result<()> {
        match (name, value) {
            ("articles", Value::Integer(last)) => {
                self.numbers.article = self.numbers.article.max(last);
            }
            ("feeds", Value::Integer(last)) => self.numbers.feed = self.numbers.feed.max(last),
            ("screen", value @ Value::Text(_)) => {
                if let Some(meta) = self.tables.iter().position(|table| table.name == "meta") {
                    self.inserts[meta].execute((name, value))?;
                }
            }
            // What the search index has is made anew.
            _ => {}
        }
        Ok(())
    }
}

/// Makes a whole of what was read: nothing refers to what is lost, what follows from the rest is
/// right, and the next document of each feed is read in full.
fn settle(tx: &Transaction, numbers: Numbers) -> rusqlite::Result<()> {
    tx.execute_batch(
        "delete from articles where exists
            (select 1 from pruned where feed_id = articles.feed_id and key = articles.key);",
    )?;
    for table in OF_ARTICLES {
        tx.execute(
            &format!("delete from {table} where article_id not in (select id from articles)"),
            [],
        )?;
    }
    tx.execute_batch(
        "
         -- A feed whose own row is lost: its articles stay, and their marks go to the same stories
         -- when the configured feed brings them again.
         insert into feeds (id, url, polled_url, title, body_hash)
            select distinct feed_id, 'recovered:' || feed_id, 'recovered:' || feed_id,
                'Recovered feed ' || feed_id, 0
            from articles where feed_id not in (select id from feeds);
         update feeds set etag = null, last_modified = null, validators_url = null,
            body_hash = case when body_hash is not null then 0 end;

         -- An article without its text gets it as soon as a document has it.
         update articles set content_hash = 0,
                whole = id in (select article_id from pages where html is not null)
            where id not in (select article_id from bodies);
         update marks set read_hash = null
            where article_id not in (select article_id from bodies);",
    )?;
    feeds::recount(tx)?;
    for (table, last) in [("articles", numbers.article), ("feeds", numbers.feed)] {
        let given = tx.execute(
            "update sqlite_sequence set seq = max(seq, ?2) where name = ?1",
            (table, last),
        )?;
        if given == 0 && last > 0 {
            tx.execute("insert into sqlite_sequence values (?1, ?2)", (table, last))?;
        }
    }
    Ok(())
}
