//! Takes out what is old and was read, for good, and gives its room back to the disk.
//!
//! Only the identity of an article stays, so that it never comes back. Everything is done in short
//! transactions, so that others come to their turn.

use std::hash::Hasher;
use std::time::Instant;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use twox_hash::XxHash3_64;

use super::index::LOCK_HELD_AT_MOST;
use super::open::let_others_in;
use super::poll::NewArticle;
use super::schema::OF_ARTICLES;
use super::{Store, StoreError, seconds};

/// How many articles one transaction takes out at most; fewer where their texts are long.
const PRUNED_AT_ONCE: usize = 100;

/// How many pages one transaction gives back: two megabytes.
const PAGES_AT_ONCE: u32 = 256;

/// How many transactions the log takes before it is moved into the database: a few megabytes.
const TURNS_IN_LOG: u32 = 8;

/// Free pages are of use to what comes next; from this part of the file on they are too many.
const TOO_MUCH_ROOM: u32 = 8;

/// Which articles may go: what the reader has read, not starred and not tagged and never wrote about,
/// and is old by the later of publication and first sight. A publication in the future counts as first sight.
///
/// `?1` is the time before which it is old, `?2` the present.
pub(super) const OLD: &str = "a.first_seen < ?1
    and (a.published is null or a.published < ?1 or a.published > ?2)
    and exists (select 1 from marks where article_id = a.id and read > 0 and starred = 0)
    and not exists (select 1 from tags where article_id = a.id)
    and not exists (select 1 from drafts where article_id = a.id)";

/// How much of the room that isn't used goes back to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrinking {
    /// All of it.
    All,
    /// All of it, where it is an eighth of the file or more.
    Excess,
}

impl Store {
    /// Takes out every article that the reader has read, not starred and not tagged, whose
    /// publication and first sight are both older than `before`, until `stop` says so. Returns how
    /// many were taken out; what is left the next call takes up.
    ///
    /// They never come back. A publication later than `now` counts as first sight.
    pub fn prune(
        &mut self,
        before: Timestamp,
        now: Timestamp,
        stop: &dyn Fn() -> bool,
    ) -> Result<u32, StoreError> {
        let (before, now) = (seconds(before), seconds(now));
        // What is old is looked for before the lock is taken.
        let old = self.look(|conn| {
            conn.prepare(&format!("select a.id from articles a where {OLD}"))?
                .query_map([before, now], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()
        })?;
        let mut pruned = 0;
        let mut left = old.iter();
        let mut turns = 0;
        while !left.as_slice().is_empty() && !stop() {
            let (rest, gone) = self.write(|tx| {
                let locked = Instant::now();
                let (mut left, mut gone) = (left.clone(), 0);
                for id in left.by_ref().take(PRUNED_AT_ONCE) {
                    gone += u32::from(take_out(tx, *id, before, now)?);
                    if locked.elapsed() > LOCK_HELD_AT_MOST {
                        break;
                    }
                }
                Ok((left, gone))
            })?;
            left = rest;
            pruned += gone;
            turns += 1;
            self.pause(turns)?;
        }
        if pruned > 0 {
            self.merge_index()?;
        }
        Ok(pruned)
    }

    /// Gives room that isn't used back to the disk, until `stop` says so.
    ///
    /// The file is shorter once nobody reads what was there before.
    pub fn shrink(
        &mut self,
        shrinking: Shrinking,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        let (pages, mut unused) =
            self.look(|conn| Ok((count(conn, "page_count")?, unused(conn)?)))?;
        if unused == 0 || (shrinking == Shrinking::Excess && unused < pages / TOO_MUCH_ROOM) {
            return Ok(());
        }
        let mut turns = 0;
        while unused > 0 && !stop() {
            let left = self.write(|tx| {
                give_back(tx)?;
                self::unused(tx)
            })?;
            // A file that can't be shortened has only to be read: it keeps its room.
            if left >= unused {
                break;
            }
            unused = left;
            turns += 1;
            self.pause(turns)?;
        }
        self.shorten_log()
    }

    /// Lets others come to their turn, and keeps the log short: it would become several times as
    /// long as what is pruned.
    fn pause(&mut self, turns: u32) -> Result<(), StoreError> {
        if turns.is_multiple_of(TURNS_IN_LOG) {
            self.shorten_log()?;
        }
        let_others_in(4);
        Ok(())
    }
}

/// Gives pages back to the disk, as many as one transaction may.
fn give_back(tx: &Connection) -> rusqlite::Result<()> {
    let mut vacuum = tx.prepare(&format!("pragma incremental_vacuum({PAGES_AT_ONCE})"))?;
    let mut steps = vacuum.query([])?;
    // Each step gives back one page.
    while steps.next()?.is_some() {}
    Ok(())
}

/// Returns how many pages of the file hold nothing.
fn unused(conn: &Connection) -> rusqlite::Result<u32> {
    count(conn, "freelist_count")
}

fn count(conn: &Connection, pragma: &str) -> rusqlite::Result<u32> {
    conn.pragma_query_value(None, pragma, |row| row.get(0))
}

/// Takes one article out, unless the reader or another process came first; says whether it did.
fn take_out(tx: &Connection, id: i64, before: i64, now: i64) -> rusqlite::Result<bool> {
    let taken = tx
        .prepare_cached(&format!(
            "delete from articles as a where id = ?3 and {OLD}
             returning feed_id, key, guid, permalink, title"
        ))?
        .query_row([before, now, id], |row| {
            let guid = row.get_ref(2)?.as_str_or_null()?;
            let permalink = row.get_ref(3)?.as_str_or_null()?;
            let likeness = likeness(guid, permalink, row.get_ref(4)?.as_str()?);
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, likeness))
        })
        .optional()?;
    let Some((feed, key, likeness)) = taken else {
        return Ok(false);
    };
    tx.prepare_cached("insert or ignore into pruned (feed_id, key, likeness) values (?1, ?2, ?3)")?
        .execute([feed, key, likeness])?;
    // What was read counts in nothing but the number of articles.
    tx.prepare_cached("update feeds set articles = articles - 1 where id = ?1")?
        .execute([feed])?;
    for table in OF_ARTICLES.into_iter().chain(["reindex"]) {
        tx.prepare_cached(&format!("delete from {table} where article_id = ?1"))?
            .execute([id])?;
    }
    tx.prepare_cached(
        "delete from search where rowid = ?1 and ?1 <=
            (select value from meta where name = 'indexed_through')",
    )?
    .execute([id])?;
    Ok(true)
}

/// Whether an article was taken out of a feed before, by this key, or by one that it had while its
/// guid was unique, or was not.
///
/// A key that is no identity may be anyone's: with it, guid, permalink and title must be the same.
pub(super) fn is_pruned(
    conn: &Connection,
    feed: i64,
    article: &NewArticle,
) -> rusqlite::Result<bool> {
    let mut pruned = conn.prepare_cached(
        "select 1 from pruned
         where feed_id = ?1 and key = ?2 and (?3 is null or likeness = ?3)",
    )?;
    if pruned.exists(params![feed, article.key, None::<i64>])? {
        return Ok(true);
    }
    let likeness = likeness(
        article.guid.as_deref(),
        article.permalink.as_deref(),
        &article.title,
    );
    for key in &article.other_keys {
        if pruned.exists(params![feed, key, Some(likeness)])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns a hash of what makes two articles the same whose keys differ.
fn likeness(guid: Option<&str>, permalink: Option<&str>, title: &str) -> i64 {
    let mut hash = XxHash3_64::new();
    for part in [guid, permalink, Some(title)] {
        // No part can be taken for the beginning of the next, nor an absent one for an empty one.
        hash.write(&[u8::from(part.is_some())]);
        let part = part.unwrap_or_default();
        hash.write(&part.len().to_le_bytes());
        hash.write(part.as_bytes());
    }
    hash.finish().cast_signed()
}
