//! Rows of a list on the screen, newest first, each story once.
//!
//! A row is read with as little as it shows. Of the articles of one story the newest that the list
//! is about stands for it; which stories several articles have is known ([`super::schema`]), so
//! that the others cost no question.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::closing;
use super::list::Key;
use super::marks::{self, Sibling};
use super::{Reader, StoreError, seconds, time};
use crate::model::article::{ArticleId, FeedId, StoredText};

/// One story in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number of the article that stands for the story.
    pub id: ArticleId,
    /// The feed that brought the article.
    pub feed: FeedId,
    /// The other listed feeds that carry the story, sorted.
    pub also: Vec<FeedId>,
    /// The title as published; empty where there is none.
    pub title: String,
    /// What orders it: when it was published, or first seen here if it told no such date or one in
    /// the future.
    pub at: Timestamp,
    /// It was read.
    pub read: bool,
    /// It was starred.
    pub starred: bool,
    /// Its text changed since it was read.
    pub changed: bool,
    /// How much of its text is stored.
    pub stored: StoredText,
    /// When the consultation that it tells of closes, if it is open.
    pub closes: Option<Timestamp>,
}

/// Which of a list's rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those not read.
    Unread,
    /// Those starred.
    Starred,
    /// Those of today.
    Today,
    /// Those whose text changed since they were read.
    Changed,
    /// Those whose whole text is stored.
    Whole,
}

/// Which articles a list is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowsOf {
    /// Those of these feeds.
    Feeds(Vec<FeedId>),
    /// Today's of these feeds.
    Today(Vec<FeedId>),
    /// The starred ones of all feeds.
    Starred,
    /// Consultations of these feeds that are open, the first to close first.
    Closing(Vec<FeedId>),
}

/// Which rows to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowQuery {
    /// Which articles it is about.
    pub of: RowsOf,
    /// Which of its rows are shown.
    pub filter: Filter,
    /// The first moment of today.
    pub today: Timestamp,
    /// The moment from which on a consultation is open.
    pub now: Timestamp,
    /// The feeds that a row names beside its own.
    pub listed: HashSet<FeedId>,
}

/// The most rows in the first chunk: more than a screen shows.
const FIRST_CHUNK: usize = 100;

/// The most rows in a later chunk.
const LATER_CHUNK: usize = 2000;

/// What says "no limit" in a statement.
const NO_LIMIT: i64 = -1;

/// The columns that [`Found::read`] reads.
const COLUMNS: &str = "select a.id, a.feed_id, a.sorted_at, a.title,
    a.whole, coalesce(m.read, 0) > 0, coalesce(m.starred, 0) > 0,
    coalesce(m.read_hash <> a.content_hash, 0),
    (select s.story from shared s where s.story = a.story)";

impl Reader {
    /// Hands the rows of a list to `each` in chunks, newest first, until it breaks off; the first
    /// chunk is short, so that it is there at once.
    pub fn rows(
        &self,
        query: &RowQuery,
        each: &mut dyn FnMut(Vec<Row>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        // Where this meets damage it goes on from there, on what could be recovered.
        let mut last_row = None;
        self.read((), |conn| {
            let handed = last_row;
            let each = &mut |mut chunk: Vec<Row>| {
                chunk.retain(|row| handed.is_none_or(|handed| key_of(row) < handed));
                last_row = chunk.last().map(key_of).or(last_row);
                each(chunk)
            };
            let list = List::new(conn, query)?;
            match &query.of {
                RowsOf::Feeds(_) | RowsOf::Today(_) => list.of_feeds(each),
                RowsOf::Starred => list.of_starred(each),
                RowsOf::Closing(_) => list.of_closing(each),
            }
        })
    }

    /// Returns how many rows a list gained by articles with numbers above `after`.
    pub fn arrived(&self, query: &RowQuery, after: ArticleId) -> Result<u32, StoreError> {
        self.read(0, |conn| List::new(conn, query)?.gained(after))
    }

    /// Returns the newest article's number, which [`Reader::arrived`] takes; 0 where there is none.
    pub fn newest_id(&self) -> Result<ArticleId, StoreError> {
        self.read(ArticleId(0), |conn| {
            conn.prepare_cached("select coalesce(max(id), 0) from articles")?
                .query_row([], |row| row.get(0).map(ArticleId))
        })
    }
}

/// A row that was read, and its story where other articles have it too.
struct Found {
    row: Row,
    shared: Option<i64>,
}

impl Found {
    fn read(row: &rusqlite::Row) -> rusqlite::Result<Self> {
        Ok(Self {
            row: Row {
                id: ArticleId(row.get(0)?),
                feed: FeedId(row.get(1)?),
                also: Vec::new(),
                title: row.get(3)?,
                at: time(row.get(2)?),
                read: row.get(5)?,
                starred: row.get(6)?,
                changed: row.get(7)?,
                stored: if row.get(4)? {
                    StoredText::Whole
                } else {
                    StoredText::Summary
                },
                closes: None,
            },
            shared: row.get(8)?,
        })
    }
}

/// Returns a row's place in its list.
fn key_of(row: &Row) -> Key {
    Key {
        sorted_at: seconds(row.at),
        id: row.id.0,
    }
}

/// A list under way.
struct List<'conn, 'query> {
    conn: &'conn Connection,
    query: &'query RowQuery,
    /// The feeds whose articles it is about; `None` for all.
    feeds: Option<HashSet<FeedId>>,
    /// Articles older than this are none of its.
    since: i64,
    /// When the open consultations close, by the article: few of all.
    closing: HashMap<i64, i64>,
}

impl<'conn, 'query> List<'conn, 'query> {
    fn new(conn: &'conn Connection, query: &'query RowQuery) -> rusqlite::Result<Self> {
        let since = match (&query.of, query.filter) {
            (RowsOf::Today(_), _) | (_, Filter::Today) => seconds(query.today),
            _ => i64::MIN,
        };
        let feeds = match &query.of {
            RowsOf::Feeds(feeds) | RowsOf::Today(feeds) | RowsOf::Closing(feeds) => {
                Some(feeds.iter().copied().collect())
            }
            RowsOf::Starred => None,
        };
        Ok(Self {
            conn,
            query,
            feeds,
            since,
            closing: closing::open_at(conn, query.now)?,
        })
    }

    /// Whether an article is one that the list is about.
    ///
    /// The filter is no part of it: what it leaves out stands for its story all the same, so that
    /// a list of unread stories has as many rows as are counted.
    fn is_about(&self, article: &Sibling) -> bool {
        let of_feed = self.feeds.as_ref();
        of_feed.is_none_or(|feeds| feeds.contains(&article.feed))
            && article.sorted_at >= self.since
            && match self.query.of {
                RowsOf::Starred => article.starred,
                RowsOf::Closing(_) => self.closing.contains_key(&article.id),
                RowsOf::Feeds(_) | RowsOf::Today(_) => true,
            }
    }

    /// Returns what a statement asks beside feed and date.
    fn conditions(&self) -> String {
        let starred = match self.query.of {
            RowsOf::Starred => " and m.starred > 0",
            RowsOf::Feeds(_) | RowsOf::Today(_) | RowsOf::Closing(_) => "",
        };
        let filter = match self.query.filter {
            Filter::All | Filter::Today => "",
            Filter::Unread => " and coalesce(m.read, 0) = 0",
            Filter::Starred => " and m.starred > 0",
            Filter::Changed => " and m.read_hash <> a.content_hash",
            Filter::Whole => " and a.whole > 0",
        };
        format!("{starred}{filter}")
    }

    /// Returns the feeds in which something may be found, as their counters tell.
    fn feeds_worth_a_look(&self) -> rusqlite::Result<Vec<i64>> {
        let condition = match self.query.filter {
            Filter::Unread => "and unread > 0",
            Filter::Starred => "and starred > 0",
            Filter::All | Filter::Today | Filter::Changed | Filter::Whole => "and articles > 0",
        };
        let mut all = self.conn.prepare_cached(&format!(
            "select id from feeds where coalesce(last_news, ?1) >= ?1 {condition}"
        ))?;
        let mut rows = all.query([self.since])?;
        let mut feeds = Vec::new();
        while let Some(row) = rows.next()? {
            let feed = row.get(0)?;
            let wanted = self.feeds.as_ref();
            if wanted.is_none_or(|wanted| wanted.contains(&FeedId(feed))) {
                feeds.push(feed);
            }
        }
        Ok(feeds)
    }

    /// Hands over the rows of feeds.
    ///
    /// The first chunk is merged from a few articles of each feed at a time. All others are read
    /// feed by feed and sorted, which is less work for each of them.
    fn of_feeds(&self, each: &mut dyn FnMut(Vec<Row>) -> ControlFlow<()>) -> rusqlite::Result<()> {
        let mut next = self.conn.prepare_cached(&format!(
            "{COLUMNS} from articles a left join marks m on m.article_id = a.id
             where a.feed_id = ?1 and (a.sorted_at, a.id) < (?2, ?3) and a.sorted_at >= ?4 {}
             order by a.sorted_at desc, a.id desc limit ?5",
            self.conditions()
        ))?;
        let feeds = self.feeds_worth_a_look()?;
        let mut shelves = Vec::with_capacity(feeds.len());
        let mut heap = BinaryHeap::with_capacity(feeds.len());
        // Twice as many as are wanted, as some feeds have more of the newest than others.
        let take = (2 * FIRST_CHUNK / feeds.len().max(1)).clamp(1, FIRST_CHUNK);
        for feed in &feeds {
            let mut new = Shelf::new(*feed, take);
            if let Some(key) = new.next_key(&mut next, self.since)? {
                heap.push((key, shelves.len()));
            }
            shelves.push(new);
        }
        let mut chunk = Vec::with_capacity(FIRST_CHUNK);
        let mut last = Key::ABOVE_ALL;
        while chunk.len() < FIRST_CHUNK
            && let Some((key, number)) = heap.pop()
        {
            last = key;
            let Some(from) = shelves.get_mut(number) else {
                continue;
            };
            if let Some(found) = from.taken.pop_front() {
                chunk.extend(self.fold(found)?);
            }
            if let Some(key) = from.next_key(&mut next, self.since)? {
                heap.push((key, number));
            }
        }
        if chunk.is_empty() || each(chunk).is_break() || heap.is_empty() {
            return Ok(());
        }
        let mut rest = Vec::new();
        for feed in feeds {
            let older = params![feed, last.sorted_at, last.id, self.since, NO_LIMIT];
            let mut rows = next.query(older)?;
            while let Some(row) = rows.next()? {
                rest.extend(self.fold(Found::read(row)?)?);
            }
        }
        hand_over(rest, LATER_CHUNK, each);
        Ok(())
    }

    /// Hands over the rows of starred articles.
    fn of_starred(
        &self,
        each: &mut dyn FnMut(Vec<Row>) -> ControlFlow<()>,
    ) -> rusqlite::Result<()> {
        // The marks go first: few of them are stars, and an index has these alone.
        let mut starred = self.conn.prepare_cached(&format!(
            "{COLUMNS} from marks m cross join articles a on a.id = m.article_id
             where a.sorted_at >= ?1 {}",
            self.conditions()
        ))?;
        let mut rows = starred.query([self.since])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(self.fold(Found::read(row)?)?);
        }
        hand_over(found, FIRST_CHUNK, each);
        Ok(())
    }

    /// Hands over the rows of open consultations.
    fn of_closing(
        &self,
        each: &mut dyn FnMut(Vec<Row>) -> ControlFlow<()>,
    ) -> rusqlite::Result<()> {
        let mut of_article = self.conn.prepare_cached(&format!(
            "{COLUMNS} from articles a left join marks m on m.article_id = a.id
             where a.id = ?1 and a.sorted_at >= ?2 {}",
            self.conditions()
        ))?;
        let mut closing: Vec<(i64, i64)> = self.closing.iter().map(|(id, at)| (*at, *id)).collect();
        closing.sort_unstable();
        let mut found = Vec::new();
        for (_, id) in closing {
            let article = of_article.query_row([id, self.since], Found::read);
            let Some(article) = article.optional()? else {
                continue;
            };
            let wanted = self.feeds.as_ref();
            if wanted.is_none_or(|wanted| wanted.contains(&article.row.feed)) {
                found.extend(self.fold(article)?);
            }
        }
        if !found.is_empty() {
            // It is the only chunk, so it doesn't matter whether more are wanted.
            let _ = each(found);
        }
        Ok(())
    }

    /// Returns the row where its article stands for its story, with the other feeds.
    fn fold(&self, found: Found) -> rusqlite::Result<Option<Row>> {
        let Found { mut row, shared } = found;
        row.closes = self.closing.get(&row.id.0).copied().map(time);
        let Some(story) = shared else {
            return Ok(Some(row));
        };
        let siblings = marks::siblings(self.conn, story)?;
        if !self.stands(&row, &siblings) {
            return Ok(None);
        }
        let others = siblings.iter().map(|sibling| sibling.feed);
        row.also = others
            .filter(|feed| *feed != row.feed && self.query.listed.contains(feed))
            .collect();
        row.also.sort_unstable();
        Ok(Some(row))
    }

    /// Whether a row's article is the newest of its story that the list is about.
    fn stands(&self, row: &Row, siblings: &[Sibling]) -> bool {
        let key = key_of(row);
        let mut about = siblings.iter().filter(|sibling| self.is_about(sibling));
        !about.any(|sibling| sibling.key() > key)
    }

    /// Returns how many rows the articles above `after` brought.
    fn gained(&self, after: ArticleId) -> rusqlite::Result<u32> {
        let from = "from articles a left join marks m on m.article_id = a.id";
        let conditions = self.conditions();
        let mut newer = self.conn.prepare_cached(&format!(
            "{COLUMNS} {from} where a.id > ?1 and a.sorted_at >= ?2 {conditions}"
        ))?;
        let mut is_shown = self
            .conn
            .prepare_cached(&format!("select 1 {from} where a.id = ?1 {conditions}"))?;
        let mut count = 0;
        let mut rows = newer.query([after.0, self.since])?;
        while let Some(row) = rows.next()? {
            let Found { row, shared } = Found::read(row)?;
            let wanted = self.feeds.as_ref();
            let is_closing = self.closing.contains_key(&row.id.0);
            if wanted.is_some_and(|wanted| !wanted.contains(&row.feed))
                || matches!(self.query.of, RowsOf::Closing(_)) && !is_closing
            {
                continue;
            }
            let siblings = match shared {
                Some(story) => marks::siblings(self.conn, story)?,
                None => Vec::new(),
            };
            let older = siblings
                .iter()
                .filter(|sibling| sibling.id <= after.0 && self.is_about(sibling));
            let had_a_row = match older.max_by_key(|sibling| sibling.key()) {
                Some(stood) => is_shown.exists([stood.id])?,
                None => false,
            };
            count += u32::from(!had_a_row && self.stands(&row, &siblings));
        }
        Ok(count)
    }
}

/// Hands rows over, newest first; the first chunk has `first` at most.
fn hand_over(mut rows: Vec<Row>, first: usize, each: &mut dyn FnMut(Vec<Row>) -> ControlFlow<()>) {
    rows.sort_unstable_by_key(|row| Reverse(key_of(row)));
    let mut rows = rows.into_iter();
    let mut size = first;
    loop {
        let chunk: Vec<Row> = rows.by_ref().take(size).collect();
        if chunk.is_empty() || each(chunk).is_break() {
            break;
        }
        size = LATER_CHUNK;
    }
}

/// The articles of one feed that are not yet in the first chunk.
struct Shelf {
    feed: i64,
    /// The last article that was taken.
    last: Key,
    /// Articles taken, newest first.
    taken: VecDeque<Found>,
    /// How many to take next, twice as many each time; 0 where no more are left.
    take: usize,
}

impl Shelf {
    fn new(feed: i64, take: usize) -> Self {
        Self {
            feed,
            last: Key::ABOVE_ALL,
            taken: VecDeque::new(),
            take,
        }
    }

    /// Returns the place of the feed's next article, which is then the first of those taken.
    fn next_key(&mut self, next: &mut Statement, since: i64) -> rusqlite::Result<Option<Key>> {
        if self.taken.is_empty() && self.take > 0 {
            let mut rows = next.query(params![
                self.feed,
                self.last.sorted_at,
                self.last.id,
                since,
                i64::try_from(self.take).unwrap_or(NO_LIMIT)
            ])?;
            while let Some(row) = rows.next()? {
                self.taken.push_back(Found::read(row)?);
            }
            self.take = if self.taken.len() < self.take {
                0
            } else {
                self.take * 2
            };
            if let Some(last) = self.taken.back() {
                self.last = key_of(&last.row);
            }
        }
        Ok(self.taken.front().map(|found| key_of(&found.row)))
    }
}
