//! How much is in the lists of the screen.
//!
//! Each feed counts its articles itself. What a list of several feeds would count twice is worked
//! out from the stories that several articles have; no other article is looked at but today's.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::closing;
use super::marks::{self, Sibling, UNREAD};
use super::{Reader, StoreError, seconds};
use crate::model::article::FeedId;

/// How much is in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows it has.
    pub articles: u32,
    /// How many of them are unread.
    pub unread: u32,
}

/// How much is in several lists, each story counted once in each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Of each feed.
    pub feeds: HashMap<FeedId, Tally>,
    /// Of each group of feeds that was asked for, in their order.
    pub groups: Vec<Tally>,
    /// Today's of the listed feeds.
    pub today: Tally,
    /// The starred ones of all feeds.
    pub starred: Tally,
    /// Open consultations of the listed feeds that close soon.
    pub closing: Tally,
    /// How many close later.
    pub closing_later: u32,
}

/// The moments that what is counted is told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// The first moment of today.
    pub today: Timestamp,
    /// Now.
    pub now: Timestamp,
    /// What closes before this closes soon.
    pub soon: Timestamp,
}

impl Reader {
    /// Counts what is in each feed, in groups of feeds, today's of the `listed` feeds, their
    /// consultations that close, and the starred ones.
    pub fn tally(
        &self,
        groups: &[Vec<FeedId>],
        listed: &[FeedId],
        moments: Moments,
    ) -> Result<Tallied, StoreError> {
        let groups: Vec<HashSet<FeedId>> = groups
            .iter()
            .map(|feeds| feeds.iter().copied().collect())
            .collect();
        let listed: HashSet<FeedId> = listed.iter().copied().collect();
        let none = Tallied {
            groups: vec![Tally::default(); groups.len()],
            ..Tallied::default()
        };
        self.read(none, |conn| tally(conn, &groups, &listed, moments))
    }
}

fn tally(
    conn: &Connection,
    groups: &[HashSet<FeedId>],
    listed: &HashSet<FeedId>,
    moments: Moments,
) -> rusqlite::Result<Tallied> {
    let today = seconds(moments.today);
    let (closing, closing_later) = of_closing(conn, listed, moments)?;
    let mut tallied = Tallied {
        feeds: of_feeds(conn)?,
        groups: Vec::new(),
        today: of_today(conn, listed, today)?,
        starred: conn
            .prepare_cached(&format!(
                "select count(*), count(case when read = {UNREAD} then 1 end)
                 from marks where starred > 0"
            ))?
            .query_row([], counted)?,
        closing,
        closing_later,
    };
    for group in groups {
        let mut sum = Tally::default();
        for feed in group.iter().filter_map(|feed| tallied.feeds.get(feed)) {
            sum.add(*feed);
        }
        tallied.groups.push(sum);
    }
    let mut groups_of: HashMap<FeedId, Vec<usize>> = HashMap::new();
    for (number, group) in groups.iter().enumerate() {
        for feed in group {
            groups_of.entry(*feed).or_default().push(number);
        }
    }
    let mut shared = conn.prepare_cached("select story from shared")?;
    let mut stories = shared.query([])?;
    let mut of_story = conn.prepare_cached(marks::SIBLINGS)?;
    let mut siblings = Vec::new();
    while let Some(row) = stories.next()? {
        marks::read_siblings(&mut of_story, row.get(0)?, &mut siblings)?;
        // The first is the one that stands for the story.
        siblings.sort_unstable_by_key(|sibling| std::cmp::Reverse(sibling.key()));
        let numbers = siblings.iter().filter_map(|one| groups_of.get(&one.feed));
        let mut numbers: Vec<usize> = numbers.flatten().copied().collect();
        numbers.sort_unstable();
        for number in repeated(&numbers) {
            if let (Some(group), Some(tally)) = (groups.get(number), tallied.groups.get_mut(number))
            {
                tally.once(&siblings, |sibling| group.contains(&sibling.feed));
            }
        }
        tallied.today.once(&siblings, |sibling| {
            sibling.sorted_at >= today && listed.contains(&sibling.feed)
        });
        tallied.starred.once(&siblings, |sibling| sibling.starred);
    }
    Ok(tallied)
}

/// Returns what stands more than once in a sorted list, each once.
fn repeated(sorted: &[usize]) -> impl Iterator<Item = usize> {
    sorted
        .chunk_by(|one, other| one == other)
        .filter(|same| same.len() > 1)
        .filter_map(|same| same.first().copied())
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.articles += other.articles;
        self.unread += other.unread;
    }

    /// Leaves, of the articles of one story that were counted, the newest.
    fn once(&mut self, newest_first: &[Sibling], is_counted: impl Fn(&Sibling) -> bool) {
        let counted = newest_first.iter().filter(|article| is_counted(article));
        for article in counted.skip(1) {
            self.articles = self.articles.saturating_sub(1);
            self.unread = self
                .unread
                .saturating_sub(u32::from(article.read == UNREAD));
        }
    }
}

fn counted(row: &Row) -> rusqlite::Result<Tally> {
    Ok(Tally {
        articles: row.get(0)?,
        unread: row.get(1)?,
    })
}

fn of_feeds(conn: &Connection) -> rusqlite::Result<HashMap<FeedId, Tally>> {
    conn.prepare_cached("select articles, unread, id from feeds")?
        .query_map([], |row| Ok((FeedId(row.get(2)?), counted(row)?)))?
        .collect()
}

/// Counts the open consultations, each story once: those that close soon, and the others.
fn of_closing(
    conn: &Connection,
    listed: &HashSet<FeedId>,
    moments: Moments,
) -> rusqlite::Result<(Tally, u32)> {
    let mut of_article = conn.prepare_cached(&format!(
        "select a.feed_id, coalesce(m.read, {UNREAD}),
            (select s.story from shared s where s.story = a.story)
         from articles a left join marks m on m.article_id = a.id where a.id = ?1"
    ))?;
    let (mut soon, mut later) = (Tally::default(), 0);
    let mut closing: Vec<(i64, i64)> = closing::open_at(conn, moments.now)?.into_iter().collect();
    // Of one story the newest article stands for it, as in lists.
    closing.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
    let mut stories = HashSet::new();
    for (id, at) in closing {
        let article = of_article.query_row([id], |row| {
            Ok((
                FeedId(row.get(0)?),
                row.get::<_, i64>(1)?,
                row.get::<_, Option<i64>>(2)?,
            ))
        });
        let Some((feed, read, story)) = article.optional()? else {
            continue;
        };
        if !listed.contains(&feed) || story.is_some_and(|story| !stories.insert(story)) {
            continue;
        }
        if at < seconds(moments.soon) {
            soon.articles += 1;
            soon.unread += u32::from(read == UNREAD);
        } else {
            later += 1;
        }
    }
    Ok((soon, later))
}

fn of_today(conn: &Connection, listed: &HashSet<FeedId>, today: i64) -> rusqlite::Result<Tally> {
    let mut sum = Tally::default();
    let mut of_feed = conn.prepare_cached(&format!(
        "select count(*), count(case when coalesce(m.read, {UNREAD}) = {UNREAD} then 1 end)
         from articles a left join marks m on m.article_id = a.id
         where a.feed_id = ?1 and a.sorted_at >= ?2"
    ))?;
    let mut with_news = conn.prepare_cached("select id from feeds where last_news >= ?1")?;
    let mut feeds = with_news.query([today])?;
    while let Some(row) = feeds.next()? {
        let feed = FeedId(row.get(0)?);
        if listed.contains(&feed) {
            sum.add(of_feed.query_row(params![feed.0, today], counted)?);
        }
    }
    Ok(sum)
}
