//! The search index, and searching with it.
//!
//! The index is made behind the storing, a few articles at a time. What it lacks is known:
//! articles above `meta.indexed_through` are new, those in `reindex` have another text than the
//! index. A search reads these itself, so its answer is the same at any time.
//!
//! The index holds the words that [`crate::search`] makes of a text, each between blanks; SQLite
//! only splits at the blanks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;
use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Row, params};

use super::article::{head_by_id, head_of};
use super::body::unpack;
use super::list::Key;
use super::open::let_others_in;
use super::{Reader, Store, StoreError};
use crate::model::article::ArticleHead;
use crate::search::{self, Query};

/// How much folded text one transaction puts into the index, at the most and at the least.
pub(super) const BATCH_BYTES: usize = 128 << 10;
const LEAST_BATCH_BYTES: usize = 16 << 10;

/// A transaction that held the lock for longer is followed by smaller ones. How long one takes
/// depends on the machine and on how many different words there are.
pub(super) const LOCK_HELD_AT_MOST: Duration = Duration::from_millis(60);

/// For how long a transaction hands words to the index; the commit takes about as long again.
const WORDS_TAKEN_AT_MOST: Duration = Duration::from_millis(30);

/// How many pages of the index (4 KB) one transaction merges.
const MERGED_PAGES: u32 = 128;

/// How many articles one transaction puts into the index at most.
const BATCH_ARTICLES: u32 = 500;

/// How far the search index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexing {
    /// All that is stored is in it.
    Done,
    /// Some articles are not.
    More {
        /// About how many.
        left: u64,
    },
}

/// An article on its way into the index.
struct Draft {
    id: i64,
    content_hash: i64,
    title: String,
    body: String,
}

/// What one transaction is to put into the index.
pub(super) struct Batch {
    through: i64,
    new: Vec<Draft>,
    changed: Vec<Draft>,
    /// Articles whose text had changed when they were taken out.
    gone: Vec<i64>,
}

impl Store {
    /// Puts some articles into the search index, in one transaction that holds the lock for about
    /// a tenth of a second at most. `plain_text` makes text of HTML.
    ///
    /// Others may do the same at the same time; then the later one's work is for nothing.
    pub fn index_some(&mut self, plain_text: fn(&str) -> String) -> Result<Indexing, StoreError> {
        let bytes = self.batch_bytes;
        // Everything slow is done before the lock is taken.
        let batch = self.look(|conn| Batch::read(conn, bytes, plain_text))?;
        if !batch.is_empty() {
            let mut locked = None;
            self.write(|tx| {
                locked = Some(Instant::now());
                batch.write(tx)
            })?;
            self.batch_bytes = match locked {
                Some(locked) if locked.elapsed() > LOCK_HELD_AT_MOST => self.batch_bytes / 2,
                _ => self.batch_bytes.saturating_add(self.batch_bytes / 4),
            }
            .clamp(LEAST_BATCH_BYTES, BATCH_BYTES);
            let_others_in(2);
            self.merge_index()?;
        }
        let left = self.look(waiting)?;
        if left > 0 {
            return Ok(Indexing::More { left });
        }
        self.shorten_log()?;
        Ok(Indexing::Done)
    }

    /// Merges parts of the search index where there are many of them, or much in them is of articles
    /// that are gone, in short transactions.
    pub(super) fn merge_index(&mut self) -> Result<(), StoreError> {
        loop {
            let merged = self.write(|tx| {
                let before = tx.total_changes();
                tx.prepare_cached("insert into search (search, rank) values ('merge', ?1)")?
                    .execute([MERGED_PAGES])?;
                // https://www.sqlite.org/fts5.html#the_merge_command
                Ok(tx.total_changes() - before >= 2)
            })?;
            if !merged {
                return Ok(());
            }
            let_others_in(2);
        }
    }
}

impl Batch {
    pub(super) fn read(
        conn: &Connection,
        bytes: usize,
        plain_text: fn(&str) -> String,
    ) -> rusqlite::Result<Self> {
        let snapshot = conn.unchecked_transaction()?;
        let mut batch = Self {
            through: indexed_through(&snapshot)?,
            new: Vec::new(),
            changed: Vec::new(),
            gone: Vec::new(),
        };
        let mut room = bytes;
        let mut take = |row: &Row| -> rusqlite::Result<(Draft, bool)> {
            let draft = Draft::read(row, plain_text)?;
            room = room.saturating_sub(draft.title.len() + draft.body.len());
            Ok((draft, room > 0))
        };
        let mut newer = snapshot.prepare_cached(
            "select a.id, a.content_hash, a.title, coalesce(p.html, b.html)
             from articles a left join bodies b on b.article_id = a.id
             left join pages p on p.article_id = a.id
             where a.id > ?1 order by a.id limit ?2",
        )?;
        let mut rows = newer.query(params![batch.through, BATCH_ARTICLES])?;
        let mut go_on = true;
        while go_on && let Some(row) = rows.next()? {
            let (draft, room_left) = take(row)?;
            batch.new.push(draft);
            go_on = room_left;
        }
        let mut changed = snapshot.prepare_cached(
            "select a.id, a.content_hash, a.title, coalesce(p.html, b.html)
             from reindex r join articles a on a.id = r.article_id
             left join bodies b on b.article_id = a.id
             left join pages p on p.article_id = a.id
             where a.id <= ?1 order by a.id limit ?2",
        )?;
        let mut rows = changed.query(params![batch.through, BATCH_ARTICLES])?;
        while go_on && let Some(row) = rows.next()? {
            let (draft, room_left) = take(row)?;
            batch.changed.push(draft);
            go_on = room_left;
        }
        batch.gone = snapshot
            .prepare_cached(
                "select article_id from reindex
                 where not exists (select 1 from articles where id = article_id) limit ?1",
            )?
            .query_map([BATCH_ARTICLES], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(batch)
    }

    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }

    pub(super) fn write(&self, tx: &Connection) -> rusqlite::Result<()> {
        // Another process may have done the same meanwhile.
        if indexed_through(tx)? != self.through {
            return Ok(());
        }
        let begun = Instant::now();
        let in_time = || begun.elapsed() < WORDS_TAKEN_AT_MOST;
        let mut last = None;
        for draft in self.new.iter().take_while(|_| in_time()) {
            draft.insert(tx)?;
            last = Some(draft.id);
        }
        if let Some(last) = last {
            tx.prepare_cached("update meta set value = ?1 where name = 'indexed_through'")?
                .execute([last])?;
        }
        for draft in self.changed.iter().take_while(|_| in_time()) {
            // A text that changed again meanwhile has its turn later.
            let current = tx
                .prepare_cached(
                    "delete from reindex where article_id = ?1 and exists
                        (select 1 from articles where id = ?1 and content_hash = ?2)",
                )?
                .execute([draft.id, draft.content_hash])?;
            if current > 0 {
                tx.prepare_cached("delete from search where rowid = ?1")?
                    .execute([draft.id])?;
                draft.insert(tx)?;
            }
        }
        // No number is ever given to a second article.
        for id in &self.gone {
            tx.prepare_cached("delete from search where rowid = ?1")?
                .execute([id])?;
            tx.prepare_cached("delete from reindex where article_id = ?1")?
                .execute([id])?;
        }
        Ok(())
    }
}

impl Draft {
    fn read(row: &Row, plain_text: fn(&str) -> String) -> rusqlite::Result<Self> {
        let id = row.get(0)?;
        let (title, text) = texts(row, 2, id, plain_text)?;
        let mut draft = Self {
            id,
            content_hash: row.get(1)?,
            title: String::with_capacity(title.len() + 2),
            body: String::new(),
        };
        search::fold(title, &mut draft.title);
        search::fold(&text, &mut draft.body);
        Ok(draft)
    }

    fn insert(&self, tx: &Connection) -> rusqlite::Result<()> {
        // It may have been pruned since it was read.
        tx.prepare_cached(
            "insert into search (rowid, title, body)
             select id, ?2, ?3 from articles where id = ?1",
        )?
        .execute(params![self.id, self.title, self.body])?;
        Ok(())
    }
}

impl Reader {
    /// Hands the articles that hold all words of `query` to `each`, newest first, until it breaks
    /// off. `plain_text` makes text of HTML, for articles that are not indexed yet.
    pub fn search(
        &self,
        query: &Query,
        plain_text: fn(&str) -> String,
        limit: Option<usize>,
        each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        if query.is_empty() {
            return Ok(());
        }
        // Where this meets damage it goes on from there, on what could be recovered.
        let mut last: Option<Key> = None;
        self.read((), |conn| {
            let mut newest = Newest::new(limit);
            search_index(conn, query, &mut newest)?;
            search_texts(conn, query, plain_text, &mut newest)?;
            let mut heads = conn.prepare_cached(&head_by_id())?;
            let handed = last;
            for key in newest.into_order() {
                if handed.is_some_and(|handed| key >= handed) {
                    continue;
                }
                let head = head_of(&mut heads, key.id)?;
                last = Some(key);
                if head.is_some_and(|head| each(head).is_break()) {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// The newest articles of those found.
struct Newest {
    limit: usize,
    /// The oldest of them on top.
    found: BinaryHeap<Reverse<Key>>,
}

impl Newest {
    fn new(limit: Option<usize>) -> Self {
        Self {
            limit: limit.unwrap_or(usize::MAX),
            found: BinaryHeap::new(),
        }
    }

    fn add(&mut self, key: Key) {
        self.found.push(Reverse(key));
        if self.found.len() > self.limit {
            self.found.pop();
        }
    }

    fn into_order(self) -> impl Iterator<Item = Key> {
        // The newest comes first: `Reverse` sorts it to the front.
        self.found
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse(key)| key)
    }
}

/// Finds what is indexed.
fn search_index(conn: &Connection, query: &Query, newest: &mut Newest) -> rusqlite::Result<()> {
    // A folded word is letters and digits alone, so nothing in it can end the quotes.
    let phrases: Vec<String> = query
        .phrases()
        .map(|phrase| format!("\"{phrase}\""))
        .collect();
    let mut matching = conn.prepare_cached(
        "select a.sorted_at, a.id from search join articles a on a.id = search.rowid
         where search match ?1
            and not exists (select 1 from reindex where article_id = search.rowid)",
    )?;
    let mut rows = matching.query([phrases.join(" ")])?;
    while let Some(row) = rows.next()? {
        newest.add(Key {
            sorted_at: row.get(0)?,
            id: row.get(1)?,
        });
    }
    Ok(())
}

/// Finds what is not indexed yet, in the texts themselves.
fn search_texts(
    conn: &Connection,
    query: &Query,
    plain_text: fn(&str) -> String,
    newest: &mut Newest,
) -> rusqlite::Result<()> {
    let mut missing = conn.prepare_cached(
        "select a.sorted_at, a.id, a.title, coalesce(p.html, b.html)
         from articles a left join bodies b on b.article_id = a.id
         left join pages p on p.article_id = a.id
         where a.id > ?1 or a.id in (select article_id from reindex)",
    )?;
    let mut rows = missing.query([indexed_through(conn)?])?;
    while let Some(row) = rows.next()? {
        let id = row.get(1)?;
        let (title, text) = texts(row, 2, id, plain_text)?;
        if query.matches(&[title, &text]) {
            newest.add(Key {
                sorted_at: row.get(0)?,
                id,
            });
        }
    }
    Ok(())
}

/// Returns the highest number up to which articles are in the index.
fn indexed_through(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("select value from meta where name = 'indexed_through'")?
        .query_row([], |row| row.get(0))
}

/// Returns about how many articles the index lacks, and 0 only where it lacks none.
fn waiting(conn: &Connection) -> rusqlite::Result<u64> {
    // The highest number falls below what is indexed when the newest articles are taken out, and
    // counting those above it one by one would take longer than the indexing of a few.
    conn.query_row(
        "select max(0, coalesce((select max(id) from articles), 0) - ?1)
            + (select count(*) from reindex)",
        [indexed_through(conn)?],
        |row| row.get::<_, i64>(0),
    )
    .map(|left| u64::try_from(left).unwrap_or(0))
}

/// Returns the title and the plain text of article `id`, from two columns.
///
/// One text that is damaged, or that can't be read, must not keep all others from being found: it
/// is empty.
fn texts<'row>(
    row: &'row Row,
    column: usize,
    id: i64,
    plain_text: fn(&str) -> String,
) -> rusqlite::Result<(&'row str, String)> {
    let title = row.get_ref(column)?.as_str()?;
    let packed = row.get_ref(column + 1)?.as_blob_or_null()?;
    let html = packed.and_then(|packed| unpack(packed).ok());
    let text = catch_unwind(|| plain_text(html.as_deref().unwrap_or_default()));
    if text.is_err() {
        tracing::error!(
            article = id,
            "only the title is searched: the text broke its reader"
        );
    }
    Ok((title, text.unwrap_or_default()))
}
