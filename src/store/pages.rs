//! Articles' own pages: which are wanted, and what they told.
//!
//! A page's text is shown instead of the feed's. An article's hash is then the sum of both hashes,
//! so that whichever of the two changes, the article has changed.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::body::{PackedBody, unpack};
use super::prune::OLD;
use super::record::keep_revision;
use super::visits::note_seen_changes;
use super::{Store, StoreError, seconds, time};
use crate::model::article::{ArticleId, FeedId, PageFacts};

/// A page as it is stored: a finished row.
#[derive(Clone, Debug)]
pub struct NewPage {
    /// Its text, which takes the place of the feed's.
    pub body: PackedBody,
    /// The hash of its words: where it differs the article changed.
    pub words_hash: i64,
    /// What relative addresses in it are relative to.
    pub base: Option<String>,
    /// What it tells besides.
    pub facts: PageFacts,
    /// Why it was withdrawn, as plain text; none where it wasn't.
    pub withdrawn: Option<String>,
}

/// Why a page gave nothing, and when it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFailure {
    /// Not before this time.
    Until(Timestamp),
    /// Not before its feed tells of a newer text.
    ForGood,
}

/// An article whose page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPage {
    /// The article.
    pub article: ArticleId,
    /// Where its feed is polled.
    pub feed: String,
    /// Its permalink.
    pub permalink: String,
    /// How often the page failed in a row.
    pub failures: u32,
}

/// Which articles of a feed have their pages fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagesOf {
    /// Those whose feed has only a summary.
    Summaries,
    /// All.
    All,
    /// Those that the reader wants.
    Asked,
}

/// `pages.due` of a page that is fetched whatever the configuration says.
const ASKED: i64 = 2;

/// Which articles lack a page: article `?1` and those of its story.
const LACKING: &str = "(a.id = ?1 or a.story = (select story from articles where id = ?1))
    and a.permalink is not null and (p.due > 0 or p.html is null and not a.whole)";

/// The columns that [`wanted`] reads, of the tables that [`WANTED_FROM`] joins.
const WANTED: &str = "select a.id, a.permalink, coalesce(p.failures, 0), f.polled_url, a.sorted_at,
    a.feed_id";

/// The tables of [`WANTED`] beside the articles.
const WANTED_FROM: &str =
    "join feeds f on f.id = a.feed_id left join pages p on p.article_id = a.id";

/// Returns the statement for articles of feed `?3` whose pages were never asked for; `?1` and `?2`
/// are those of [`OLD`].
fn never_asked(of: PagesOf) -> Option<String> {
    let articles = match of {
        PagesOf::Asked => return None,
        // Without the index every article of every feed would be looked at.
        PagesOf::Summaries => "articles a indexed by articles_of_summaries",
        PagesOf::All => "articles a",
    };
    let summaries = match of {
        PagesOf::Summaries => "a.whole = 0",
        PagesOf::Asked | PagesOf::All => "true",
    };
    Some(format!(
        "{WANTED} from {articles} {WANTED_FROM}
         where a.feed_id = ?3 and {summaries} and a.permalink is not null
            and p.article_id is null and not ({OLD})"
    ))
}

/// Returns the statement for articles whose pages are due; `?1` and `?2` are those of [`OLD`].
fn due() -> String {
    format!(
        "{WANTED}, p.due from pages p join articles a on a.id = p.article_id
         join feeds f on f.id = a.feed_id
         where p.due > 0 and coalesce(p.next_try, 0) <= ?2 and a.permalink is not null
            and not ({OLD})"
    )
}

impl Store {
    /// Returns the articles of these feeds whose pages are to be fetched at `now`, the newest first;
    /// none that would be pruned, being old and older than `kept_from`.
    pub fn wanted_pages(
        &mut self,
        feeds: &[(FeedId, PagesOf)],
        kept_from: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<WantedPage>, StoreError> {
        let before = kept_from.map_or(i64::MIN, seconds);
        let now = seconds(now);
        self.look(|conn| {
            let mut found = Vec::new();
            let mut due = conn.prepare_cached(&due())?;
            let mut rows = due.query([before, now])?;
            while let Some(row) = rows.next()? {
                let feed = FeedId(row.get(5)?);
                let asked = row.get::<_, i64>(6)? == ASKED;
                let of = feeds.iter().find(|(known, _)| *known == feed);
                if of.is_some_and(|(_, of)| asked || *of != PagesOf::Asked) {
                    found.push((row.get::<_, i64>(4)?, wanted(row)?));
                }
            }
            for (feed, of) in feeds {
                let Some(statement) = never_asked(*of) else {
                    continue;
                };
                let mut never_asked = conn.prepare_cached(&statement)?;
                let mut rows = never_asked.query([before, now, feed.0])?;
                while let Some(row) = rows.next()? {
                    found.push((row.get::<_, i64>(4)?, wanted(row)?));
                }
            }
            found.sort_by_key(|(at, page)| std::cmp::Reverse((*at, page.article)));
            Ok(found.into_iter().map(|(_, page)| page).collect())
        })
    }

    /// Notes that the reader wants the pages of these articles and of their stories in other feeds,
    /// whatever became of them before: they are due until they are stored.
    pub fn want_pages(&mut self, ids: &[ArticleId]) -> Result<(), StoreError> {
        self.run_for_each(
            ids,
            &[&ASKED],
            &format!(
                "insert into pages (article_id, words_hash, due, failures)
                 select a.id, 0, ?2, 0 from articles a left join pages p on p.article_id = a.id
                 where {LACKING}
                 on conflict (article_id) do update set due = ?2, next_try = null, failures = 0"
            ),
        )
    }

    /// Returns what is needed to fetch the pages of these articles and of their stories in other
    /// feeds; those without a permalink, and those whose whole text is stored, are left out.
    pub fn pages_of(&mut self, ids: &[ArticleId]) -> Result<Vec<WantedPage>, StoreError> {
        self.look(|conn| {
            let mut of = conn.prepare_cached(&format!(
                "{WANTED} from articles a {WANTED_FROM} where {LACKING}"
            ))?;
            let mut pages = Vec::new();
            for id in ids {
                let mut rows = of.query([id.0])?;
                while let Some(row) = rows.next()? {
                    pages.push(wanted(row)?);
                }
            }
            Ok(pages)
        })
    }

    /// Returns an article's title and its feed's text as HTML; `None` where there is no such article.
    pub fn feed_text(&mut self, id: ArticleId) -> Result<Option<(String, String)>, StoreError> {
        self.look(|conn| {
            conn.prepare_cached(
                "select a.title, b.html from articles a left join bodies b on b.article_id = a.id
                 where a.id = ?1",
            )?
            .query_row([id.0], |row| {
                let packed = row.get_ref(1)?.as_blob_or_null()?;
                let html = packed.and_then(|packed| unpack(packed).ok());
                Ok((row.get(0)?, html.unwrap_or_default()))
            })
            .optional()
        })
    }

    /// Returns the hosts that asked to be left alone for longer than until `now`.
    pub fn hosts_at_rest(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, StoreError> {
        self.look(|conn| {
            conn.prepare_cached("select host, not_before from hosts where not_before > ?1")?
                .query_map([seconds(now)], |row| Ok((row.get(0)?, time(row.get(1)?))))?
                .collect()
        })
    }

    /// Stores a page for each of `articles`, which have one permalink. Says how many of them
    /// changed by it; that a text came at all is no change.
    pub fn record_page(
        &mut self,
        articles: &[ArticleId],
        at: Timestamp,
        page: &NewPage,
    ) -> Result<u32, StoreError> {
        self.write(|tx| {
            let mut changed = 0;
            for article in articles {
                changed += u32::from(record(tx, article.0, at, page)?);
            }
            Ok(changed)
        })
    }

    /// Notes that the page of `articles` gave nothing. What was stored of it stays.
    pub fn record_page_failure(
        &mut self,
        articles: &[ArticleId],
        failure: PageFailure,
    ) -> Result<(), StoreError> {
        let next_try = match failure {
            PageFailure::Until(time) => Some(seconds(time)),
            PageFailure::ForGood => None,
        };
        self.run_for_each(
            articles,
            &[&next_try.is_some(), &next_try],
            "insert into pages (article_id, words_hash, due, next_try, failures)
             select id, 0, ?2, ?3, 1 from articles where id = ?1
             on conflict (article_id) do update set due = excluded.due * max(due, 1),
                next_try = excluded.next_try, failures = failures + 1",
        )
    }

    /// Notes that a host asks to be left alone until then.
    pub fn rest_host(&mut self, host: &str, until: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached("insert or replace into hosts (host, not_before) values (?1, ?2)")?
                .execute(params![host, seconds(until)])?;
            Ok(())
        })
    }
}

/// What is known of an article beside what its feed tells now.
pub(super) struct Beside {
    /// Its number.
    pub(super) id: i64,
    /// Its title.
    pub(super) title: String,
    /// The hash of the article as it is shown.
    pub(super) content_hash: i64,
    /// The date that its feed last told of an update.
    pub(super) updated: Option<i64>,
    /// The date of publication that its feed told first.
    pub(super) published: Option<i64>,
    /// The hash of its page's words; 0 without.
    pub(super) words_hash: i64,
    /// Whether its page was ever asked.
    pub(super) is_known: bool,
    /// Whether its page has the text that is shown.
    pub(super) has_text: bool,
}

/// The columns that [`Beside`] is read from.
const BESIDE: &str = "select a.id, a.content_hash, a.updated, a.published,
        coalesce(p.words_hash, 0), p.article_id is not null, p.html is not null, a.title
    from articles a left join pages p on p.article_id = a.id";

/// Returns what is known of an article and its page.
pub(super) fn beside(tx: &Connection, id: i64) -> rusqlite::Result<Option<Beside>> {
    tx.prepare_cached(&format!("{BESIDE} where a.id = ?1"))?
        .query_row([id], Beside::read)
        .optional()
}

/// Returns what is known of the article that a feed has by a key, and of its page.
pub(super) fn beside_by_key(
    tx: &Connection,
    feed: FeedId,
    key: i64,
) -> rusqlite::Result<Option<Beside>> {
    tx.prepare_cached(&format!("{BESIDE} where a.feed_id = ?1 and a.key = ?2"))?
        .query_row([feed.0, key], Beside::read)
        .optional()
}

impl Beside {
    fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            content_hash: row.get(1)?,
            updated: row.get(2)?,
            published: row.get(3)?,
            words_hash: row.get(4)?,
            is_known: row.get(5)?,
            has_text: row.get(6)?,
            title: row.get(7)?,
        })
    }
}

/// Reads a row of [`WANTED`].
fn wanted(row: &Row) -> rusqlite::Result<WantedPage> {
    Ok(WantedPage {
        article: ArticleId(row.get(0)?),
        permalink: row.get(1)?,
        failures: row.get(2)?,
        feed: row.get(3)?,
    })
}

/// Has an article's page fetched again, as its feed tells of a newer text.
pub(super) fn ask_again(tx: &Connection, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update pages set due = case when html is null then max(due, 1) else 2 end,
            next_try = null, failures = 0
         where article_id = ?1",
    )?
    .execute([id])?;
    Ok(())
}

/// Stores a page for one article; says whether the article changed by it.
fn record(tx: &Connection, id: i64, at: Timestamp, page: &NewPage) -> rusqlite::Result<bool> {
    let Some(known) = beside(tx, id)? else {
        return Ok(false);
    };
    let had_text = known.has_text;
    let content_hash = known
        .content_hash
        .wrapping_sub(known.words_hash)
        .wrapping_add(page.words_hash);
    let changes = had_text && known.words_hash != page.words_hash;
    if changes {
        keep_revision(tx, id, seconds(at))?;
        note_seen_changes(tx, id, known.content_hash)?;
    }
    put(tx, id, at, page)?;
    tx.prepare_cached("update articles set content_hash = ?2, whole = 1 where id = ?1")?
        .execute([id, content_hash])?;
    if !had_text {
        // Who read the summary has read the article as it was.
        stay_read(tx, id, known.content_hash, content_hash)?;
    }
    if changes || !had_text {
        tx.prepare_cached("insert or ignore into reindex values (?1)")?
            .execute([id])?;
    }
    Ok(changes)
}

/// Has who read the one text have read the other, too.
pub(super) fn stay_read(tx: &Connection, id: i64, one: i64, other: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("update marks set read_hash = ?3 where article_id = ?1 and read_hash = ?2")?
        .execute([id, one, other])?;
    Ok(())
}

/// Puts a page in the place of the one before.
fn put(tx: &Connection, id: i64, at: Timestamp, page: &NewPage) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert or replace into pages (article_id, words_hash, due, next_try, failures, fetched,
            closes, withdrawn, base, facts, html)
         values (?1, ?2, 0, null, 0, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        id,
        page.words_hash,
        seconds(at),
        page.facts.closes.map(seconds),
        page.withdrawn,
        page.base,
        serde_json::to_string(&page.facts).unwrap_or_default(),
        page.body.as_bytes(),
    ])?;
    Ok(())
}
