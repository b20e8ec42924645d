//! When the reader was at an article, and how far its publisher had told of changes by then.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreError, seconds};
use crate::model::article::{ArticleId, PageFacts};

impl Store {
    /// Notes that the reader read these articles at this time, as they are now.
    pub fn record_visits(
        &mut self,
        articles: &[ArticleId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run_for_each(
            articles,
            &[&at.to_string()],
            "insert or replace into visits (article_id, at, before)
                 select a.id, ?2, case when m.read_hash <> a.content_hash then v.at else v.before end
                 from articles a left join marks m on m.article_id = a.id
                 left join visits v on v.article_id = a.id where a.id = ?1",
        )
    }
}

/// Keeps the date of the newest change note that the reader may have seen, where the text is the
/// one that was read.
pub(super) fn note_seen_changes(
    tx: &Connection,
    id: i64,
    content_hash: i64,
) -> rusqlite::Result<()> {
    let facts: Option<String> = tx
        .prepare_cached(
            "select p.facts from pages p join marks m on m.article_id = p.article_id
             where p.article_id = ?1 and m.read_hash = ?2",
        )?
        .query_row([id, content_hash], |row| row.get(0))
        .optional()?
        .flatten();
    let facts: Option<PageFacts> = facts.and_then(|facts| serde_json::from_str(&facts).ok());
    let Some(facts) = facts else {
        return Ok(());
    };
    let newest = facts.changes.iter().map(|note| note.at).max();
    tx.prepare_cached("update visits set note = ?2 where article_id = ?1")?
        .execute(params![id, newest.map_or(0, seconds)])?;
    Ok(())
}
