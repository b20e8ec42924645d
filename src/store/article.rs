//! One article at a time.

use rusqlite::Error::FromSqlConversionFailure;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, Statement};

use super::body::unpack;
use super::marks;
use super::{Reader, StoreError, time};
use crate::model::article::{
    Article, ArticleHead, ArticleId, FeedId, Marks, PageFacts, StoredText, Visit,
};

/// What parts the tags of an article in one answer; no tag has it.
const BETWEEN_TAGS: char = '\u{1f}';

/// The columns that [`head`] reads.
const HEAD: &str = "select a.id, a.feed_id, a.guid, a.title, a.permalink, a.byline, a.published,
    a.updated, a.first_seen, a.standfirst, coalesce(m.read, 0) > 0, coalesce(m.starred, 0),
    (select group_concat(tag, char(31)) from tags where article_id = a.id),
    coalesce((select counted from threads where article_id = a.id and told is a.comments_count),
        a.comments_count),
    a.whole, m.read_hash is not null and m.read_hash <> a.content_hash, p.closes, p.withdrawn";

/// The number of columns in [`HEAD`].
const HEAD_COLUMNS: usize = 18;

/// The tables that [`HEAD`] reads.
const HEAD_FROM: &str = "from articles a left join marks m on m.article_id = a.id
    left join pages p on p.article_id = a.id";

impl Reader {
    /// Returns an article with its text; `None` where there is no such article.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>, StoreError> {
        self.read(None, |conn| {
            conn.prepare_cached(&format!(
                "{HEAD}, coalesce(p.base, a.base), a.enclosures, coalesce(p.html, b.html),
                    (select count(*) from revisions where article_id = a.id),
                    case when p.html is not null then p.facts end, v.at, v.note, v.before
                 {HEAD_FROM} left join bodies b on b.article_id = a.id
                 left join visits v on v.article_id = a.id where a.id = ?1"
            ))?
            .query_row([id.0], |row| {
                let packed: Option<Vec<u8>> = row.get(HEAD_COLUMNS + 2)?;
                let enclosures: Option<String> = row.get(HEAD_COLUMNS + 1)?;
                let html = unpack(&packed.unwrap_or_default()).map_err(|error| {
                    FromSqlConversionFailure(HEAD_COLUMNS + 2, Type::Blob, Box::new(error))
                })?;
                Ok(Article {
                    head: head(row)?,
                    html,
                    base: row.get(HEAD_COLUMNS)?,
                    enclosures: enclosures
                        .and_then(|json| serde_json::from_str(&json).ok())
                        .unwrap_or_default(),
                    revisions: row.get(HEAD_COLUMNS + 3)?,
                    page: facts(row, HEAD_COLUMNS + 4)?,
                    visit: visit(row, HEAD_COLUMNS + 5)?,
                })
            })
            .optional()
        })
    }

    /// Returns the hash of an article's text, another one for each text; `None` where there is no
    /// such article.
    pub fn text_hash(&self, id: ArticleId) -> Result<Option<i64>, StoreError> {
        self.read(None, |conn| {
            conn.prepare_cached("select content_hash from articles where id = ?1")?
                .query_row([id.0], |row| row.get(0))
                .optional()
        })
    }

    /// Returns the other feeds that carry the same story, by number.
    pub fn also_in(&self, id: ArticleId) -> Result<Vec<FeedId>, StoreError> {
        self.read(Vec::new(), |conn| {
            let story: Option<i64> = conn
                .prepare_cached("select story from articles where id = ?1")?
                .query_row([id.0], |row| row.get(0))
                .optional()?
                .flatten();
            let Some(story) = story else {
                return Ok(Vec::new());
            };
            let mut siblings = marks::siblings(conn, story)?;
            siblings.retain(|sibling| sibling.id != id.0);
            let mut feeds: Vec<FeedId> = siblings.iter().map(|sibling| sibling.feed).collect();
            feeds.sort_unstable();
            Ok(feeds)
        })
    }
}

/// Returns the statement that [`head_of`] runs.
pub(crate) fn head_by_id() -> String {
    format!("{HEAD} {HEAD_FROM} where a.id = ?1")
}

/// Returns everything about an article but its text.
pub(crate) fn head_of(by_id: &mut Statement, id: i64) -> rusqlite::Result<Option<ArticleHead>> {
    by_id.query_row([id], head).optional()
}

fn head(row: &Row) -> rusqlite::Result<ArticleHead> {
    let when = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(time));
    let tags = row.get_ref(12)?.as_str_or_null()?;
    let mut tags: Vec<String> = tags.map_or_else(Vec::new, |tags| {
        tags.split(BETWEEN_TAGS).map(str::to_owned).collect()
    });
    tags.sort_unstable();
    Ok(ArticleHead {
        id: ArticleId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        guid: row.get(2)?,
        title: row.get(3)?,
        permalink: row.get(4)?,
        byline: row.get(5)?,
        published: when(6)?,
        updated: when(7)?,
        first_seen: time(row.get(8)?),
        standfirst: row.get(9)?,
        marks: Marks {
            read: row.get(10)?,
            starred: row.get(11)?,
            tags,
        },
        comments_count: row.get(13)?,
        stored: if row.get(14)? {
            StoredText::Whole
        } else {
            StoredText::Summary
        },
        changed: row.get(15)?,
        closes: when(16)?,
        withdrawn: row.get(17)?,
    })
}

/// Returns what a page told; what can't be read any more is as if it had told nothing.
fn facts(row: &Row, column: usize) -> rusqlite::Result<Option<PageFacts>> {
    let facts = row.get_ref(column)?.as_str_or_null()?;
    Ok(facts.map(|facts| serde_json::from_str(facts).unwrap_or_default()))
}

fn visit(row: &Row, column: usize) -> rusqlite::Result<Option<Visit>> {
    let at = row.get_ref(column)?.as_str_or_null()?;
    let notes_until: Option<i64> = row.get(column + 1)?;
    let before = row.get_ref(column + 2)?.as_str_or_null()?;
    Ok(at.and_then(|at| at.parse().ok()).map(|at| Visit {
        at,
        notes_until: notes_until.map(time),
        before: before.and_then(|before| before.parse().ok()),
    }))
}
