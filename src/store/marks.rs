//! What the reader did to articles, and the stories that several feeds carry.
//!
//! A mark on an article goes to those with the same permalink in other feeds. A permalink that
//! stands on two articles of one feed is no story's: it joins nothing.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Statement};
use thiserror::Error;

use super::list::Key;
use super::scope::{Scope, feeds_in};
use super::{Store, StoreError, seconds};
use crate::model::article::{ArticleId, FeedId, Mark};

/// `marks.read` of an article that nobody read.
pub(crate) const UNREAD: i64 = 0;

/// `marks.read` of an article that the reader marked read.
pub(crate) const BY_READER: i64 = 1;

/// `marks.read` of an article that was old when its feed was first polled. The reader did nothing
/// to it, so it tells nothing about the same story elsewhere.
pub(crate) const OLD_AT_FIRST: i64 = 2;

/// After how many articles a transaction that marks ends: no longer than the writing of a feed.
pub(super) const MARKS_AT_ONCE: usize = 500;

/// Which articles were marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Those that are there, in the order asked for.
    pub done: Vec<ArticleId>,
    /// Those that are not.
    pub unknown: Vec<ArticleId>,
    /// Those that became others than they were, with the same stories in other feeds: what
    /// [`Store::take_back`] takes.
    pub changed: Vec<Changed>,
}

/// An article that a mark changed, and what it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    id: i64,
    read: i64,
    read_hash: Option<i64>,
    starred: bool,
}

/// Marking that an error cut short. What was done before it is stored.
#[derive(Debug, Error)]
#[error("{source}")]
pub struct CutShort<T> {
    /// What was done, as if nothing more had been asked for.
    pub done: T,
    /// The error.
    pub source: Box<StoreError>,
}

/// An article and its marks, beside others of the same story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sibling {
    pub(crate) id: i64,
    pub(crate) feed: FeedId,
    pub(crate) read: i64,
    pub(crate) starred: bool,
    pub(crate) sorted_at: i64,
}

impl Store {
    /// Marks articles, and the same stories in other feeds. It is on the disk when this returns.
    ///
    /// Many articles are several transactions, so that others come to their turn.
    pub fn mark(&mut self, ids: &[ArticleId], mark: Mark) -> Result<Marked, CutShort<Marked>> {
        let mut marked = Marked::default();
        let ended = self.in_turns(
            ids,
            |tx, id| mark_story(tx, *id, mark),
            |id, touched| {
                let list = match touched {
                    Some(_) => &mut marked.done,
                    None => &mut marked.unknown,
                };
                list.push(*id);
                let changed = touched.iter().flatten().filter_map(|(_, changed)| *changed);
                marked.changed.extend(changed);
            },
        );
        told(ended, marked)
    }

    /// Takes a mark back from the articles that it changed, and from no other: a story may have had
    /// different marks in its feeds before. They are then as read, or as starred, as they were. It is
    /// on the disk when this returns.
    pub fn take_back(&mut self, changed: &[Changed], mark: Mark) -> Result<(), StoreError> {
        self.in_turns(changed, |tx, one| restore(tx, one, mark), |_, _| ())
    }

    /// Marks all articles in `scope` that are older than `before` (all without it), and the same
    /// stories in other feeds. Returns how many of those in `scope` and older than `before` changed.
    /// It is on the disk when this returns.
    ///
    /// Many articles are several transactions, so that others come to their turn.
    pub fn mark_all(
        &mut self,
        scope: &Scope,
        before: Option<Timestamp>,
        mark: Mark,
    ) -> Result<u32, CutShort<u32>> {
        let before = before.map_or(i64::MAX, seconds);
        // What is to be marked is looked for before the lock is taken.
        let looked = self.look(|conn| {
            let feeds = feeds_in(conn, scope, "")?;
            let mut ids = Vec::new();
            for feed in &feeds {
                wanting(conn, *feed, before, mark, &mut ids)?;
            }
            Ok((HashSet::<i64>::from_iter(feeds), ids))
        });
        let (feeds, ids) = looked.map_err(|source| CutShort {
            done: 0,
            source: Box::new(source),
        })?;
        let mut count = 0;
        let ended = self.in_turns(
            &ids,
            |tx, id| mark_story(tx, *id, mark),
            |_, touched| {
                let asked_for = touched.iter().flatten().filter(|(article, _)| {
                    article.changes_by(mark)
                        && feeds.contains(&article.feed.0)
                        && article.sorted_at < before
                });
                count += u32::try_from(asked_for.count()).unwrap_or(u32::MAX);
            },
        );
        told(ended, count)
    }

    /// Works on each of `all` with `work`, in transactions that are short each, and hands to `each`
    /// what was touched, once that is stored; `None` for an article that is not there.
    fn in_turns<T>(
        &mut self,
        mut all: &[T],
        work: impl Fn(&Connection, &T) -> rusqlite::Result<Option<Vec<Touched>>>,
        mut each: impl FnMut(&T, Option<Vec<Touched>>),
    ) -> Result<(), StoreError> {
        let mut ended = Ok(());
        while !all.is_empty() && ended.is_ok() {
            let turn = self.write(|tx| {
                let mut turn = Vec::new();
                let mut looked_at = 0;
                for one in all {
                    if looked_at >= MARKS_AT_ONCE {
                        break;
                    }
                    let touched = work(tx, one)?;
                    looked_at += touched.as_ref().map_or(1, |touched| touched.len().max(1));
                    turn.push(touched);
                }
                Ok(turn)
            });
            match turn {
                Ok(turn) => {
                    let (done, left) = all.split_at_checked(turn.len()).unwrap_or((all, &[]));
                    for (one, touched) in done.iter().zip(turn) {
                        each(one, touched);
                    }
                    all = left;
                }
                Err(error) => ended = Err(error),
            }
        }
        let saved = self.make_durable();
        ended.and(saved)
    }
}

/// Returns what was done, with the error that cut it short.
fn told<T>(ended: Result<(), StoreError>, done: T) -> Result<T, CutShort<T>> {
    match ended {
        Ok(()) => Ok(done),
        Err(source) => Err(CutShort {
            done,
            source: Box::new(source),
        }),
    }
}

/// Adds to `ids` the articles of a feed that a mark would change.
fn wanting(
    conn: &Connection,
    feed: i64,
    before: i64,
    mark: Mark,
    ids: &mut Vec<ArticleId>,
) -> rusqlite::Result<()> {
    let unmarked = match mark {
        Mark::Read => "coalesce(m.read, 0) = 0",
        Mark::Unread => "m.read > 0",
        Mark::Star => "coalesce(m.starred, 0) = 0",
        Mark::Unstar => "m.starred > 0",
    };
    let mut wanting = conn.prepare_cached(&format!(
        "select a.id from articles a left join marks m on m.article_id = a.id
         where a.feed_id = ?1 and a.sorted_at < ?2 and {unmarked}"
    ))?;
    let mut rows = wanting.query([feed, before])?;
    while let Some(row) = rows.next()? {
        ids.push(ArticleId(row.get(0)?));
    }
    Ok(())
}

/// What [`siblings`] asks: two articles of one feed follow each other.
pub(crate) const SIBLINGS: &str =
    "select a.id, a.feed_id, coalesce(m.read, 0), coalesce(m.starred, 0), a.sorted_at
     from articles a left join marks m on m.article_id = a.id where a.story = ?1
     order by a.feed_id";

/// Returns all articles of a story; none where two of them are of one feed, as then their
/// permalink is no story's.
pub(crate) fn siblings(conn: &Connection, story: i64) -> rusqlite::Result<Vec<Sibling>> {
    let mut siblings = Vec::new();
    read_siblings(&mut *conn.prepare_cached(SIBLINGS)?, story, &mut siblings)?;
    Ok(siblings)
}

/// Puts all articles of a story into `siblings`, which is emptied before, as [`siblings`] does;
/// `statement` is [`SIBLINGS`].
///
/// It looks at no more articles than there are feeds: one permalink may stand on every article of
/// a feed.
pub(crate) fn read_siblings(
    statement: &mut Statement,
    story: i64,
    siblings: &mut Vec<Sibling>,
) -> rusqlite::Result<()> {
    siblings.clear();
    let mut rows = statement.query([story])?;
    while let Some(row) = rows.next()? {
        let sibling = sibling(row)?;
        if siblings
            .last()
            .is_some_and(|last| last.feed == sibling.feed)
        {
            siblings.clear();
            break;
        }
        siblings.push(sibling);
    }
    Ok(())
}

fn sibling(row: &Row) -> rusqlite::Result<Sibling> {
    Ok(Sibling {
        id: row.get(0)?,
        feed: FeedId(row.get(1)?),
        read: row.get(2)?,
        starred: row.get(3)?,
        sorted_at: row.get(4)?,
    })
}

/// An article that was marked, as it was before, and what a mark changed of it.
type Touched = (Sibling, Option<Changed>);

/// Marks an article and the same story in other feeds; `None` where there is no such article.
fn mark_story(
    tx: &Connection,
    id: ArticleId,
    mark: Mark,
) -> rusqlite::Result<Option<Vec<Touched>>> {
    let Some((article, story)) = find(tx, id.0)? else {
        return Ok(None);
    };
    let mut articles = match story {
        Some(story) => siblings(tx, story)?,
        None => Vec::new(),
    };
    if articles.is_empty() {
        articles.push(article);
    }
    let touched = articles.into_iter().map(|article| {
        let changed = set(tx, &article, mark)?;
        Ok((article, changed))
    });
    touched.collect::<rusqlite::Result<_>>().map(Some)
}

/// Makes an article as read, or as starred, as it was before a mark.
fn restore(
    tx: &Connection,
    before: &Changed,
    mark: Mark,
) -> rusqlite::Result<Option<Vec<Touched>>> {
    let Some((article, _)) = find(tx, before.id)? else {
        return Ok(None);
    };
    tx.prepare_cached("insert or ignore into marks (article_id) values (?1)")?
        .execute([before.id])?;
    let (unread, starred) = match mark {
        Mark::Read | Mark::Unread => {
            tx.prepare_cached("update marks set read = ?2, read_hash = ?3 where article_id = ?1")?
                .execute((before.id, before.read, before.read_hash))?;
            let was = i32::from(article.read == UNREAD);
            (i32::from(before.read == UNREAD) - was, 0)
        }
        Mark::Star | Mark::Unstar => {
            tx.prepare_cached("update marks set starred = ?2 where article_id = ?1")?
                .execute((before.id, before.starred))?;
            (0, i32::from(before.starred) - i32::from(article.starred))
        }
    };
    drop_empty(tx, before.id)?;
    count(tx, article.feed, unread, starred)?;
    Ok(Some(vec![(article, None)]))
}

/// Returns an article with its marks and its story.
fn find(tx: &Connection, id: i64) -> rusqlite::Result<Option<(Sibling, Option<i64>)>> {
    tx.prepare_cached(
        "select a.id, a.feed_id, coalesce(m.read, 0), coalesce(m.starred, 0), a.sorted_at, a.story
         from articles a left join marks m on m.article_id = a.id where a.id = ?1",
    )?
    .query_row([id], |row| Ok((sibling(row)?, row.get(5)?)))
    .optional()
}

impl Sibling {
    /// Returns its place in lists.
    pub(crate) fn key(&self) -> Key {
        Key {
            sorted_at: self.sorted_at,
            id: self.id,
        }
    }

    /// Whether a mark makes it another than it was.
    fn changes_by(&self, mark: Mark) -> bool {
        match mark {
            Mark::Read => self.read == UNREAD,
            Mark::Unread => self.read != UNREAD,
            Mark::Star => !self.starred,
            Mark::Unstar => self.starred,
        }
    }
}

/// Sets one article's mark and keeps its feed's counters. Returns what it was before, where that is
/// another thing.
fn set(tx: &Connection, article: &Sibling, mark: Mark) -> rusqlite::Result<Option<Changed>> {
    let (read_hash, has_newer_text) = tx
        .prepare_cached(
            "select m.read_hash, m.read_hash is not a.content_hash
             from articles a left join marks m on m.article_id = a.id where a.id = ?1",
        )?
        .query_row([article.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let is_read_anew = mark == Mark::Read && (article.read != BY_READER || has_newer_text);
    if !is_read_anew && !article.changes_by(mark) {
        return Ok(None);
    }
    let statement = match mark {
        Mark::Read => {
            "insert into marks (article_id, read, read_hash)
             select id, 1, content_hash from articles where id = ?1
             on conflict (article_id) do update set read = 1, read_hash = excluded.read_hash"
        }
        Mark::Unread => "update marks set read = 0, read_hash = null where article_id = ?1",
        Mark::Star => {
            "insert into marks (article_id, starred) values (?1, 1)
             on conflict (article_id) do update set starred = 1"
        }
        Mark::Unstar => "update marks set starred = 0 where article_id = ?1",
    };
    tx.prepare_cached(statement)?.execute([article.id])?;
    if matches!(mark, Mark::Unread | Mark::Unstar) {
        drop_empty(tx, article.id)?;
    }
    if article.changes_by(mark) {
        let (unread, starred) = match mark {
            Mark::Read => (-1, 0),
            Mark::Unread => (1, 0),
            Mark::Star => (0, 1),
            Mark::Unstar => (0, -1),
        };
        count(tx, article.feed, unread, starred)?;
    }
    Ok(Some(Changed {
        id: article.id,
        read: article.read,
        read_hash,
        starred: article.starred,
    }))
}

/// Takes away the row of an article without a mark.
fn drop_empty(tx: &Connection, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from marks where article_id = ?1 and read = 0 and starred = 0")?
        .execute([id])?;
    Ok(())
}

/// Changes a feed's counters.
fn count(tx: &Connection, feed: FeedId, unread: i32, starred: i32) -> rusqlite::Result<()> {
    if (unread, starred) != (0, 0) {
        tx.prepare_cached(
            "update feeds set unread = unread + ?2, starred = starred + ?3 where id = ?1",
        )?
        .execute((feed.0, unread, starred))?;
    }
    Ok(())
}
