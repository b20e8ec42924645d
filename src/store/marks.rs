//! What the reader did to articles, and the stories that several feeds carry.
//!
//! A mark on an article goes to those with the same permalink in other feeds. A permalink that
//! stands on two articles of one feed is no story's: it joins nothing.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::list::{Scope, feeds_in};
use super::{Store, StoreError, seconds};
use crate::model::article::{ArticleId, FeedId, Mark};

/// `marks.read` of an article that nobody read.
pub(crate) const UNREAD: i64 = 0;

/// `marks.read` of an article that the reader marked read.
pub(crate) const BY_READER: i64 = 1;

/// `marks.read` of an article that was old when its feed was first polled. The reader did nothing
/// to it, so it tells nothing about the same story elsewhere.
pub(crate) const OLD_AT_FIRST: i64 = 2;

/// How many articles one transaction marks: no longer than the writing of a feed.
const MARKS_AT_ONCE: u32 = 500;

/// Which articles were marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Those that are there, in the order asked for.
    pub done: Vec<ArticleId>,
    /// Those that are not.
    pub unknown: Vec<ArticleId>,
}

/// An article and its marks, beside others of the same story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sibling {
    pub(crate) id: i64,
    pub(crate) feed: FeedId,
    pub(crate) read: i64,
    pub(crate) starred: bool,
}

impl Store {
    /// Marks articles, and the same stories in other feeds. It is on the disk when this returns.
    pub fn mark(&mut self, ids: &[ArticleId], mark: Mark) -> Result<Marked, StoreError> {
        self.write_durably(|tx| {
            let mut marked = Marked::default();
            for id in ids {
                if mark_story(tx, *id, mark)? {
                    marked.done.push(*id);
                } else {
                    marked.unknown.push(*id);
                }
            }
            Ok(marked)
        })
    }

    /// Marks all articles in `scope` that are older than `before` (all without it), and returns
    /// how many of them that changed. It is on the disk when this returns.
    ///
    /// Many articles are several transactions, so that others come to their turn.
    pub fn mark_all(
        &mut self,
        scope: &Scope,
        before: Option<Timestamp>,
        mark: Mark,
    ) -> Result<u32, StoreError> {
        let wanting = format!(
            "select a.id from articles a left join marks m on m.article_id = a.id
             where a.feed_id = ?1 and a.sorted_at < ?2 and a.id > ?3 and {}
             order by a.id limit ?4",
            match mark {
                Mark::Read => "coalesce(m.read, 0) = 0",
                Mark::Unread => "m.read > 0",
                Mark::Star => "coalesce(m.starred, 0) = 0",
                Mark::Unstar => "m.starred > 0",
            }
        );
        let before = before.map_or(i64::MAX, seconds);
        let feeds =
            feeds_in(&self.conn, scope, "").map_err(|source| StoreError::at(&self.path, source))?;
        let mut changed = 0;
        for feed in feeds {
            let mut last = 0;
            loop {
                let ids = self.write(|tx| {
                    let ids: Vec<i64> = tx
                        .prepare_cached(&wanting)?
                        .query_map(params![feed, before, last, MARKS_AT_ONCE], |row| row.get(0))?
                        .collect::<rusqlite::Result<_>>()?;
                    for id in &ids {
                        mark_story(tx, ArticleId(*id), mark)?;
                    }
                    Ok(ids)
                })?;
                changed += u32::try_from(ids.len()).unwrap_or(u32::MAX);
                match ids.last() {
                    Some(id) => last = *id,
                    None => break,
                }
            }
        }
        self.make_durable()?;
        Ok(changed)
    }
}

/// Returns all articles of a story.
pub(crate) fn siblings(conn: &Connection, story: i64) -> rusqlite::Result<Vec<Sibling>> {
    conn.prepare_cached(
        "select a.id, a.feed_id, coalesce(m.read, 0), coalesce(m.starred, 0)
         from articles a left join marks m on m.article_id = a.id where a.story = ?1",
    )?
    .query_map([story], sibling)?
    .collect()
}

/// Whether articles with one permalink are one story: no two are of one feed.
pub(crate) fn joins(siblings: &[Sibling]) -> bool {
    let mut feeds = HashSet::new();
    siblings.iter().all(|sibling| feeds.insert(sibling.feed))
}

fn sibling(row: &Row) -> rusqlite::Result<Sibling> {
    Ok(Sibling {
        id: row.get(0)?,
        feed: FeedId(row.get(1)?),
        read: row.get(2)?,
        starred: row.get(3)?,
    })
}

/// Marks an article and the same story in other feeds; says whether there is such an article.
fn mark_story(tx: &Connection, id: ArticleId, mark: Mark) -> rusqlite::Result<bool> {
    let found = tx
        .prepare_cached(
            "select a.id, a.feed_id, coalesce(m.read, 0), coalesce(m.starred, 0), a.story
             from articles a left join marks m on m.article_id = a.id where a.id = ?1",
        )?
        .query_row([id.0], |row| Ok((sibling(row)?, row.get(4)?)))
        .optional()?;
    let Some((article, story)) = found else {
        return Ok(false);
    };
    let story: Vec<Sibling> = match story {
        Some(story) => siblings(tx, story)?,
        None => Vec::new(),
    };
    if !story.is_empty() && joins(&story) {
        for sibling in &story {
            mark_one(tx, sibling, mark)?;
        }
    } else {
        mark_one(tx, &article, mark)?;
    }
    Ok(true)
}

/// Marks one article and keeps its feed's counters.
fn mark_one(tx: &Connection, article: &Sibling, mark: Mark) -> rusqlite::Result<()> {
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
        tx.prepare_cached("delete from marks where article_id = ?1 and read = 0 and starred = 0")?
            .execute([article.id])?;
    }
    let (unread, starred) = match mark {
        Mark::Read if article.read == UNREAD => (-1, 0),
        Mark::Unread if article.read != UNREAD => (1, 0),
        Mark::Star if !article.starred => (0, 1),
        Mark::Unstar if article.starred => (0, -1),
        _ => return Ok(()),
    };
    tx.prepare_cached(
        "update feeds set unread = unread + ?2, starred = starred + ?3 where id = ?1",
    )?
    .execute([article.feed.0, unread, starred])?;
    Ok(())
}
