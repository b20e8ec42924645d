//! What is known of each feed.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Weekday;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::{Reader, Store, StoreError, time};
use crate::model::article::FeedId;
use crate::model::feed::{Pace, Validators};
use crate::polite::Schedule;

/// What is known of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedState {
    /// Its number.
    pub id: FeedId,
    /// Its address as configured.
    pub url: String,
    /// Where it is polled: elsewhere once it moved for good.
    pub polled_url: String,
    /// The feed's own title.
    pub title: Option<String>,
    /// The site that the feed belongs to.
    pub site: Option<String>,
    /// What the server gave to ask conditionally with.
    pub validators: Validators,
    /// The address that gave the validators; they are sent nowhere else.
    pub validators_url: Option<String>,
    /// How often the document asks to be polled.
    pub pace: Pace,
    /// The hash of the last document that was read and stored.
    pub body_hash: Option<i64>,
    /// When it was last polled.
    pub last_poll: Option<Timestamp>,
    /// When a poll last went well.
    pub last_good: Option<Timestamp>,
    /// When it is due.
    pub next_poll: Option<Timestamp>,
    /// Until when the server asked to be left alone (`Retry-After`).
    pub not_before: Option<Timestamp>,
    /// How many polls failed in a row.
    pub failures: u32,
    /// The HTTP status of the last poll.
    pub last_status: Option<u16>,
    /// Why the last poll failed.
    pub last_error: Option<String>,
    /// What had to be mended in the last document, a few words each.
    pub problems: Vec<String>,
    /// Whether the server said that it is gone for good.
    pub gone: bool,
    /// The date of its newest article.
    pub last_news: Option<Timestamp>,
    /// How many articles are stored.
    pub articles: u32,
    /// How many of them are unread.
    pub unread: u32,
    /// How many of them are starred.
    pub starred: u32,
}

impl FeedState {
    /// Returns what decides when it is polled.
    pub fn schedule(&self) -> Schedule {
        Schedule {
            next_poll: self.next_poll,
            not_before: self.not_before,
            last_poll: self.last_poll,
            failures: self.failures,
            update_every: self.pace.update_every,
        }
    }
}

/// The columns that [`state`] reads.
const STATE: &str = "select id, url, polled_url, title, site, etag, last_modified, body_hash,
    last_poll, next_poll, not_before, failures, last_status, last_error, gone, last_news,
    articles, unread, starred, validators_url, pace, last_good,
    (select problems from health where feed_id = feeds.id) from feeds";

impl Store {
    /// Makes sure that each address has its feed, and returns what is known, in the order of
    /// `urls`.
    pub fn sync_feeds(&mut self, urls: &[&str]) -> Result<Vec<FeedState>, StoreError> {
        let known: Option<Vec<_>> =
            self.look(|conn| urls.iter().map(|url| feed_at(conn, url)).collect())?;
        if let Some(known) = known {
            return Ok(known);
        }
        self.write(|tx| {
            let mut insert = tx.prepare(
                "insert into feeds (url, polled_url) values (?1, ?1) on conflict (url) do nothing",
            )?;
            for url in urls {
                insert.execute([url])?;
            }
            let states = urls.iter().map(|url| feed_at(tx, url));
            Ok(states
                .collect::<rusqlite::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }
}

impl Reader {
    /// Returns every feed that was ever polled or configured, in the order of their numbers.
    pub fn feeds(&self) -> Result<Vec<FeedState>, StoreError> {
        self.read(Vec::new(), |conn| {
            conn.prepare_cached(&format!("{STATE} order by id"))?
                .query_map([], state)?
                .collect()
        })
    }
}

/// Counts anew what every feed has.
pub(super) fn recount(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute(
        "update feeds set (articles, unread, starred, last_news) =
            (select count(*), count(*) - count(nullif(coalesce(m.read, 0), 0)),
                count(nullif(coalesce(m.starred, 0), 0)), max(a.sorted_at)
             from articles a left join marks m on m.article_id = a.id
             where a.feed_id = feeds.id)",
        [],
    )?;
    Ok(())
}

/// Returns the feed that is configured with an address.
fn feed_at(conn: &Connection, url: &str) -> rusqlite::Result<Option<FeedState>> {
    conn.prepare_cached(&format!("{STATE} where url = ?1"))?
        .query_row([url], state)
        .optional()
}

fn state(row: &Row) -> rusqlite::Result<FeedState> {
    let when = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(time));
    Ok(FeedState {
        id: FeedId(row.get(0)?),
        url: row.get(1)?,
        polled_url: row.get(2)?,
        title: row.get(3)?,
        site: row.get(4)?,
        validators: Validators {
            etag: row.get(5)?,
            last_modified: row.get(6)?,
        },
        body_hash: row.get(7)?,
        last_poll: when(8)?,
        last_good: when(21)?,
        next_poll: when(9)?,
        not_before: when(10)?,
        failures: row.get(11)?,
        last_status: row.get(12)?,
        last_error: row.get(13)?,
        gone: row.get(14)?,
        last_news: when(15)?,
        articles: row.get(16)?,
        unread: row.get(17)?,
        starred: row.get(18)?,
        validators_url: row.get(19)?,
        pace: row
            .get::<_, Option<String>>(20)?
            .map(|text| unpack_pace(&text))
            .unwrap_or_default(),
        problems: row
            .get::<_, Option<String>>(22)?
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default(),
    })
}

/// A [`Pace`] as it is stored.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredPace {
    ttl_minutes: Option<u32>,
    skip_hours: Vec<u8>,
    /// Monday is 1.
    skip_days: Vec<i8>,
    update_every_seconds: Option<u64>,
    fresh_for_seconds: Option<u64>,
}

/// Returns a pace as it is stored; none for one that asks for nothing.
pub(super) fn pack_pace(pace: &Pace) -> Option<String> {
    if *pace == Pace::default() {
        return None;
    }
    let stored = StoredPace {
        ttl_minutes: pace.ttl_minutes,
        skip_hours: pace.skip_hours.clone(),
        skip_days: pace
            .skip_days
            .iter()
            .map(|day| day.to_monday_one_offset())
            .collect(),
        update_every_seconds: pace.update_every.map(|every| every.as_secs()),
        fresh_for_seconds: pace.fresh_for.map(|fresh| fresh.as_secs()),
    };
    serde_json::to_string(&stored).ok()
}

/// Returns a stored pace; one that can't be read asks for nothing.
fn unpack_pace(text: &str) -> Pace {
    let stored: StoredPace = serde_json::from_str(text).unwrap_or_default();
    Pace {
        ttl_minutes: stored.ttl_minutes,
        skip_hours: stored.skip_hours,
        skip_days: stored
            .skip_days
            .iter()
            .filter_map(|day| Weekday::from_monday_one_offset(*day).ok())
            .collect(),
        update_every: stored.update_every_seconds.map(Duration::from_secs),
        fresh_for: stored.fresh_for_seconds.map(Duration::from_secs),
    }
}
