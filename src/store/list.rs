//! Articles, newest first.
//!
//! Each feed has its articles in order in an index; a list of many feeds takes from each a few
//! numbers at a time and merges them. So the first rows of a section are there at once, whatever
//! its size, and nothing is ever sorted.

use std::collections::{BinaryHeap, VecDeque};
use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::{Connection, Statement, params};

use super::article::{head_by_id, head_of};
use super::scope::{Scope, feeds_in};
use super::{Reader, StoreError, seconds};
use crate::model::article::{ArticleHead, FeedId};

/// What is asked of a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Is {
    /// Set or not.
    #[default]
    Either,
    /// Set.
    Set,
    /// Not set.
    Unset,
}

/// Which articles to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Of which feeds.
    pub scope: Scope,
    /// Read, unread or both.
    pub read: Is,
    /// Starred, not starred or both.
    pub starred: Is,
    /// With this tag of the reader's, or of a feed in `tagged`.
    pub tag: Option<String>,
    /// The feeds all of whose articles have the tag.
    pub tagged: Vec<FeedId>,
    /// Not older than this (by publication, or first sight where that is unknown).
    pub since: Option<Timestamp>,
    /// Older than this.
    pub before: Option<Timestamp>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl ListQuery {
    /// Whether it asks for an article, whatever its feed.
    pub(crate) fn asks_for(&self, head: &ArticleHead) -> bool {
        let is = |asked, set: bool| match asked {
            Is::Either => true,
            Is::Set => set,
            Is::Unset => !set,
        };
        let dated = head.published.filter(|at| *at <= head.first_seen);
        let at = dated.unwrap_or(head.first_seen);
        let tagged = self
            .tag
            .as_ref()
            .is_none_or(|tag| head.marks.tags.contains(tag) || self.tagged.contains(&head.feed));
        is(self.read, head.marks.read)
            && is(self.starred, head.marks.starred)
            && tagged
            && self.since.is_none_or(|since| at >= since)
            && self.before.is_none_or(|before| at < before)
    }
}

/// How many numbers are first taken from each feed; later times take twice as many each, up to
/// the most.
const FIRST_TAKE: u32 = 8;
const MOST_TAKEN: u32 = 256;

impl Reader {
    /// Hands the articles that `query` asks for to `each`, newest first, until it breaks off.
    pub fn list(
        &self,
        query: &ListQuery,
        each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut listed = Listed::default();
        self.read((), |conn| list(conn, query, &mut listed, each))
    }
}

/// How far a list is. Where it meets damage it goes on from there, on what could be recovered.
#[derive(Default)]
struct Listed {
    count: usize,
    last: Option<Key>,
}

fn list(
    conn: &Connection,
    query: &ListQuery,
    listed: &mut Listed,
    each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    // A feed's counters tell where nothing can be found.
    let worth_a_look = match (query.read, query.starred) {
        (_, Is::Set) => "and starred > 0",
        (Is::Unset, _) => "and unread > 0",
        _ => "and articles > 0",
    };
    let mut keys = conn.prepare_cached(&next_keys(query))?;
    let mut heads = conn.prepare_cached(&head_by_id())?;
    let mut shelves = Vec::new();
    let mut heap = BinaryHeap::new();
    for feed in feeds_in(conn, &query.scope, worth_a_look)? {
        let mut shelf = Shelf::new(feed, query, listed.last);
        if let Some(key) = shelf.next(&mut keys, query)? {
            heap.push((key, shelves.len()));
        }
        shelves.push(shelf);
    }
    let limit = query.limit.unwrap_or(usize::MAX);
    while let Some((key, from)) = heap.pop() {
        if listed.count == limit {
            break;
        }
        let article = head_of(&mut heads, key.id)?;
        listed.count += 1;
        listed.last = Some(key);
        if article.is_some_and(|head| each(head).is_break()) {
            break;
        }
        if let Some(shelf) = shelves.get_mut(from)
            && let Some(key) = shelf.next(&mut keys, query)?
        {
            heap.push((key, from));
        }
    }
    Ok(())
}

/// Returns the statement that takes the next numbers of a feed.
fn next_keys(query: &ListQuery) -> String {
    let mut sql = String::from("select a.sorted_at, a.id from articles a");
    if query.read != Is::Either || query.starred != Is::Either {
        sql.push_str(" left join marks m on m.article_id = a.id");
    }
    sql.push_str(" where a.feed_id = ?1 and (a.sorted_at, a.id) < (?2, ?3) and a.sorted_at >= ?4");
    sql.push_str(match query.read {
        Is::Either => "",
        Is::Set => " and m.read > 0",
        Is::Unset => " and coalesce(m.read, 0) = 0",
    });
    sql.push_str(match query.starred {
        Is::Either => "",
        Is::Set => " and m.starred > 0",
        Is::Unset => " and coalesce(m.starred, 0) = 0",
    });
    sql.push_str(
        " and (?6 is null or exists (select 1 from tags where article_id = a.id and tag = ?6))",
    );
    sql.push_str(" order by a.sorted_at desc, a.id desc limit ?5");
    sql
}

/// An article's place in a list: the newest is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) sorted_at: i64,
    pub(crate) id: i64,
}

impl Key {
    /// A place before that of every article.
    pub(crate) const ABOVE_ALL: Self = Self {
        sorted_at: i64::MAX,
        id: i64::MAX,
    };
}

/// The articles of one feed that were not yet listed.
struct Shelf {
    feed: i64,
    /// The last key that was taken.
    last: Key,
    /// Keys taken and not yet listed, newest first.
    taken: VecDeque<Key>,
    /// How many to take next; 0 where no more are left.
    take: u32,
}

impl Shelf {
    fn new(feed: i64, query: &ListQuery, listed: Option<Key>) -> Self {
        Self {
            feed,
            // Below the first second of `before`: no article has the number 0 or less.
            last: listed.unwrap_or(Key {
                sorted_at: query.before.map_or(i64::MAX, seconds),
                id: 0,
            }),
            taken: VecDeque::new(),
            take: query.limit.map_or(FIRST_TAKE, |limit| {
                FIRST_TAKE.min(u32::try_from(limit).unwrap_or(FIRST_TAKE))
            }),
        }
    }

    /// Returns the feed's next article.
    fn next(&mut self, keys: &mut Statement, query: &ListQuery) -> rusqlite::Result<Option<Key>> {
        if self.taken.is_empty() && self.take > 0 {
            let all_tagged = query.tagged.iter().any(|feed| feed.0 == self.feed);
            let mut rows = keys.query(params![
                self.feed,
                self.last.sorted_at,
                self.last.id,
                query.since.map_or(i64::MIN, seconds),
                self.take,
                query.tag.as_deref().filter(|_| !all_tagged),
            ])?;
            while let Some(row) = rows.next()? {
                self.taken.push_back(Key {
                    sorted_at: row.get(0)?,
                    id: row.get(1)?,
                });
            }
            self.take = if self.taken.len() < self.take as usize {
                0
            } else {
                (self.take * 2).min(MOST_TAKEN)
            };
            if let Some(last) = self.taken.back() {
                self.last = *last;
            }
        }
        Ok(self.taken.pop_front())
    }
}
