//! The earlier texts of an article.

use jiff::Timestamp;
use rusqlite::Error::FromSqlConversionFailure;
use rusqlite::types::Type;

use super::body::unpack;
use super::{Reader, StoreError, time};
use crate::model::article::ArticleId;

/// How much earlier text of one article is read, in bytes: the newest texts that are no longer than
/// that together, and one at least.
const MAX_BYTES: usize = 32 << 20;

/// An earlier text of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// When another text took its place, in whole seconds.
    pub replaced_at: Timestamp,
    /// The title that it had, as plain text.
    pub title: String,
    /// The text as HTML, as published: not sanitised.
    pub html: String,
}

impl Reader {
    /// Returns the earlier texts of an article, the newest first, as far as memory should hold them
    /// (32 MiB); none where there is no such article.
    pub fn revisions(&self, id: ArticleId) -> Result<Vec<Revision>, StoreError> {
        self.read(Vec::new(), |conn| {
            let mut select = conn.prepare_cached(
                "select replaced_at, title, html from revisions where article_id = ?1
                 order by id desc",
            )?;
            let mut rows = select.query([id.0])?;
            let mut revisions: Vec<Revision> = Vec::new();
            let mut bytes = 0;
            while let Some(row) = rows.next()? {
                let packed = row.get_ref(2)?.as_blob()?;
                let html = unpack(packed)
                    .map_err(|error| FromSqlConversionFailure(2, Type::Blob, Box::new(error)))?;
                bytes += html.len();
                if bytes > MAX_BYTES && !revisions.is_empty() {
                    break;
                }
                revisions.push(Revision {
                    replaced_at: time(row.get(0)?),
                    title: row.get(1)?,
                    html,
                });
            }
            Ok(revisions)
        })
    }
}
