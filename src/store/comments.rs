//! Comments of others: kept for who opened them, and for who starred their article.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Reader, Store, StoreError, seconds, time};
use crate::model::article::ArticleId;
use crate::model::comment::{Comment, CommentId, SiteFacts, ThreadFacts};

/// An article, as far as its comments need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commented {
    /// Its number.
    pub article: ArticleId,
    /// Where its feed is polled.
    pub feed: String,
    /// Its title as plain text.
    pub title: String,
    /// Its permalink.
    pub permalink: Option<String>,
    /// The publisher's identity for it.
    pub guid: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// How many comments its feed counts.
    pub counted: Option<u32>,
    /// Where its feed says that comments are read.
    pub page: Option<String>,
    /// Its comment feed, as its feed says.
    pub comment_feed: Option<String>,
}

/// What is stored of an article's comments besides themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadState {
    /// What is known.
    pub facts: ThreadFacts,
    /// When they were last read from their site.
    pub fetched: Option<Timestamp>,
    /// When the reader last saw them.
    pub visited: Option<Timestamp>,
    /// How often asking unasked has brought nothing, in a row.
    pub quiet: u32,
}

/// Everything that is stored of an article's comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptThread {
    /// The comments, and when each was first seen, in no order.
    pub comments: Vec<(Comment, Timestamp)>,
    /// What is known besides.
    pub state: ThreadState,
}

/// A thread that is kept, and may be asked for again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueThread {
    /// Its article.
    pub article: Commented,
    /// What is known of it.
    pub state: ThreadState,
    /// How many of its comments are stored.
    pub stored: u32,
}

/// Whether comments that came are all that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// They are: what isn't among them is no longer shown at the site.
    Whole,
    /// There may be others, which stay.
    Part,
}

/// The columns that [`commented`] reads.
const COMMENTED: &str = "a.id, f.polled_url, a.title, a.permalink, a.guid, a.byline,
    a.comments_count, a.comments_page, a.comments_feed";

/// The number of columns in [`COMMENTED`].
const COMMENTED_COLUMNS: usize = 9;

impl Reader {
    /// Returns what is known of an article for its comments; `None` where there is no such article.
    pub fn commented(&self, id: ArticleId) -> Result<Option<Commented>, StoreError> {
        self.read(None, |conn| commented_by_id(conn, id))
    }

    /// Returns what is stored of an article's comments; `None` where they were never read nor
    /// visited.
    pub fn thread(&self, id: ArticleId) -> Result<Option<KeptThread>, StoreError> {
        self.read(None, |conn| {
            let Some(state) = state_by_id(conn, id)? else {
                return Ok(None);
            };
            let comments = of_article(conn, id)?;
            Ok(Some(KeptThread { comments, state }))
        })
    }
}

impl Store {
    /// Returns what is known of an article for its comments; `None` where there is no such article.
    pub fn commented(&mut self, id: ArticleId) -> Result<Option<Commented>, StoreError> {
        self.look(|conn| commented_by_id(conn, id))
    }

    /// Returns what is known of an article's comments; `None` where nothing is.
    pub fn thread_state(&mut self, id: ArticleId) -> Result<Option<ThreadState>, StoreError> {
        self.look(|conn| state_by_id(conn, id))
    }

    /// Returns what is known of a site, by its origin.
    pub fn site_facts(&mut self, origin: &str) -> Result<SiteFacts, StoreError> {
        self.look(|conn| site_of(conn, origin))
    }

    /// Returns the comments of an article, in no order.
    pub fn comments(&mut self, id: ArticleId) -> Result<Vec<Comment>, StoreError> {
        let comments = self.look(|conn| of_article(conn, id))?;
        Ok(comments.into_iter().map(|(comment, _)| comment).collect())
    }

    /// Returns the names of an article's comments.
    pub fn comment_names(&mut self, id: ArticleId) -> Result<Vec<String>, StoreError> {
        self.look(|conn| {
            conn.prepare_cached("select name from comments where article_id = ?1")?
                .query_map([id.0], |row| row.get(0))?
                .collect()
        })
    }

    /// Stores the comments of an article as they were read at `at`. Returns how many of them are new.
    ///
    /// A comment that is known already keeps the time at which it was first seen, and where they are
    /// a part the parent that it had: it may come from a better source.
    pub fn record_comments(
        &mut self,
        id: ArticleId,
        at: Timestamp,
        comments: &[Comment],
        completeness: Completeness,
        facts: &ThreadFacts,
    ) -> Result<u32, StoreError> {
        let facts = json(facts);
        let at = seconds(at);
        self.write(|tx| {
            let exists = tx
                .prepare_cached("select 1 from articles where id = ?1")?
                .exists([id.0])?;
            // It was pruned meanwhile.
            if !exists {
                return Ok(0);
            }
            let count = |tx: &Connection| {
                tx.prepare_cached("select count(*) from comments where article_id = ?1")?
                    .query_row([id.0], |row| row.get::<_, u32>(0))
            };
            if completeness == Completeness::Whole {
                let names: Vec<&str> = comments.iter().map(|one| one.id.0.as_str()).collect();
                tx.prepare_cached(
                    "delete from comments where article_id = ?1
                        and name not in (select value from json_each(?2))",
                )?
                .execute(params![id.0, json(&names)])?;
            }
            let before = count(tx)?;
            let mut put = tx.prepare_cached(
                "insert into comments (article_id, name, parent, published, first_seen, by_author,
                    author, url, html)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 on conflict (article_id, name) do update set
                    parent = case when ?10 then ?3 else coalesce(parent, ?3) end, published = ?4,
                    by_author = ?6, author = ?7, url = ?8, html = ?9",
            )?;
            for one in comments {
                put.execute(params![
                    id.0,
                    one.id.0,
                    one.parent.as_ref().map(|parent| parent.0.as_str()),
                    one.published.map(seconds),
                    at,
                    one.by_author,
                    one.author,
                    one.url,
                    one.html,
                    completeness == Completeness::Whole,
                ])?;
            }
            let after = count(tx)?;
            tx.prepare_cached(
                "insert into threads (article_id, fetched, told, counted, quiet, facts)
                 select id, ?2, comments_count, ?3, 0, ?4 from articles where id = ?1
                 on conflict (article_id) do update set fetched = ?2, told = excluded.told,
                    counted = ?3, facts = ?4",
            )?
            .execute(params![id.0, at, after, facts])?;
            Ok(after - before)
        })
    }

    /// Notes that comments of an article can't be read, and why that is no matter of time.
    pub fn record_no_comments(
        &mut self,
        id: ArticleId,
        facts: &ThreadFacts,
    ) -> Result<(), StoreError> {
        let facts = json(facts);
        self.run_for_each(
            &[id],
            &[&facts],
            "insert into threads (article_id, quiet, facts) select id, 0, ?2
                 from articles where id = ?1
             on conflict (article_id) do update set facts = ?2",
        )
    }

    /// Notes that the reader saw an article's comments.
    pub fn visit_comments(&mut self, id: ArticleId, at: Timestamp) -> Result<(), StoreError> {
        self.run_for_each(
            &[id],
            &[&seconds(at), &json(&ThreadFacts::default())],
            "insert into threads (article_id, visited, quiet, facts) select id, ?2, 0, ?3
                 from articles where id = ?1
             on conflict (article_id) do update set visited = max(coalesce(visited, ?2), ?2)",
        )
    }

    /// Notes when the threads of these articles may be asked for unasked again, and how often that
    /// has brought nothing.
    pub fn rest_threads(
        &mut self,
        ids: &[ArticleId],
        until: Timestamp,
        quiet: u32,
    ) -> Result<(), StoreError> {
        self.run_for_each(
            ids,
            &[&seconds(until), &quiet, &json(&ThreadFacts::default())],
            "insert into threads (article_id, next_try, quiet, facts) select id, ?2, ?3, ?4
                 from articles where id = ?1
             on conflict (article_id) do update set next_try = ?2, quiet = ?3",
        )
    }

    /// Returns the threads that are kept and may be asked for at `now`: those that were opened since
    /// `opened_from`, and those of starred articles whose feed tells of comments.
    pub fn due_threads(
        &mut self,
        opened_from: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<DueThread>, StoreError> {
        self.look(|conn| {
            // Two questions, each with an index of its own; what is both comes once.
            let mut found = conn.prepare_cached(&format!(
                "select {COMMENTED}, coalesce(t.facts, '{{}}'), t.fetched, t.visited,
                    coalesce(t.quiet, 0),
                    (select count(*) from comments where article_id = a.id)
                 from (select article_id from threads where visited >= ?1
                       union select article_id from marks where starred > 0) kept
                 join articles a on a.id = kept.article_id
                 join feeds f on f.id = a.feed_id
                 left join threads t on t.article_id = a.id
                 where (t.article_id is null or coalesce(t.next_try, 0) <= ?2)
                    and a.permalink is not null
                    and (t.fetched is not null or t.visited is not null
                        or coalesce(a.comments_count, 0) > 0 or a.comments_feed is not null)
                 order by a.id desc"
            ))?;
            let due = found.query_map([seconds(opened_from), seconds(now)], |row| {
                Ok(DueThread {
                    article: commented(row)?,
                    state: state(row, COMMENTED_COLUMNS)?,
                    stored: row.get(COMMENTED_COLUMNS + 4)?,
                })
            })?;
            due.collect()
        })
    }

    /// Changes what is known of a site, by its origin; writes nothing where that changes nothing.
    pub fn change_site(
        &mut self,
        origin: &str,
        change: impl Fn(&mut SiteFacts),
    ) -> Result<(), StoreError> {
        let known = self.look(|conn| site_of(conn, origin))?;
        let mut facts = known.clone();
        change(&mut facts);
        if facts == known {
            return Ok(());
        }
        self.write(|tx| {
            let mut facts = site_of(tx, origin)?;
            change(&mut facts);
            tx.prepare_cached(
                "insert into sites (site, sent, facts) values (?1, 0, ?2)
                 on conflict (site) do update set facts = ?2",
            )?
            .execute(params![origin, json(&facts)])?;
            Ok(())
        })
    }
}

/// Returns what is known of a site; what can't be read any more is as if it weren't.
fn site_of(conn: &Connection, origin: &str) -> rusqlite::Result<SiteFacts> {
    let facts: Option<String> = conn
        .prepare_cached("select facts from sites where site = ?1")?
        .query_row([origin], |row| row.get(0))
        .optional()?;
    Ok(facts
        .and_then(|facts| serde_json::from_str(&facts).ok())
        .unwrap_or_default())
}

fn of_article(conn: &Connection, id: ArticleId) -> rusqlite::Result<Vec<(Comment, Timestamp)>> {
    conn.prepare_cached(
        "select name, parent, author, by_author, published, html, url, first_seen
         from comments where article_id = ?1 order by rowid",
    )?
    .query_map([id.0], comment)?
    .collect()
}

fn commented_by_id(conn: &Connection, id: ArticleId) -> rusqlite::Result<Option<Commented>> {
    conn.prepare_cached(&format!(
        "select {COMMENTED} from articles a join feeds f on f.id = a.feed_id where a.id = ?1"
    ))?
    .query_row([id.0], commented)
    .optional()
}

fn state_by_id(conn: &Connection, id: ArticleId) -> rusqlite::Result<Option<ThreadState>> {
    conn.prepare_cached("select facts, fetched, visited, quiet from threads where article_id = ?1")?
        .query_row([id.0], |row| state(row, 0))
        .optional()
}

fn commented(row: &Row) -> rusqlite::Result<Commented> {
    Ok(Commented {
        article: ArticleId(row.get(0)?),
        feed: row.get(1)?,
        title: row.get(2)?,
        permalink: row.get(3)?,
        guid: row.get(4)?,
        byline: row.get(5)?,
        counted: row.get(6)?,
        page: row.get(7)?,
        comment_feed: row.get(8)?,
    })
}

fn state(row: &Row, first: usize) -> rusqlite::Result<ThreadState> {
    let facts: String = row.get(first)?;
    let when = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(time));
    Ok(ThreadState {
        facts: serde_json::from_str(&facts).unwrap_or_default(),
        fetched: when(first + 1)?,
        visited: when(first + 2)?,
        quiet: row.get(first + 3)?,
    })
}

fn comment(row: &Row) -> rusqlite::Result<(Comment, Timestamp)> {
    let comment = Comment {
        id: CommentId(row.get(0)?),
        parent: row.get::<_, Option<String>>(1)?.map(CommentId),
        author: row.get(2)?,
        by_author: row.get(3)?,
        published: row.get::<_, Option<i64>>(4)?.map(time),
        html: row.get(5)?,
        url: row.get(6)?,
    };
    Ok((comment, time(row.get(7)?)))
}

/// Returns plain values as JSON.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    // Only keys that are no text and values that write themselves can fail, and there are none.
    serde_json::to_string(value).unwrap_or_default()
}
