//! Where the reader is: the spot in each article, and what the screen was showing.

use rusqlite::{OptionalExtension, params};

use super::{Reader, Store, StoreError};
use crate::model::article::ArticleId;
use crate::model::document::Spot;

impl Store {
    /// Keeps where the reader is in articles, and the text in which the screen tells what it shows;
    /// `None` leaves the earlier text.
    ///
    /// It doesn't wait for the disk: a loss of power may take the last few seconds away, an end of
    /// the program takes nothing.
    pub fn keep_place(
        &mut self,
        spots: &[(ArticleId, Spot)],
        screen: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            for (id, spot) in spots {
                if *spot == Spot::default() {
                    tx.prepare_cached("delete from spots where article_id = ?1")?
                        .execute([id.0])?;
                } else {
                    tx.prepare_cached("insert or replace into spots values (?1, ?2, ?3)")?
                        .execute(params![id.0, spot.block, spot.offset])?;
                }
            }
            if let Some(screen) = screen {
                tx.prepare_cached("insert or replace into meta values ('screen', ?1)")?
                    .execute([screen])?;
            }
            Ok(())
        })
    }
}

impl Reader {
    /// Returns where the reader was in an article; `None` for its beginning.
    pub fn spot(&self, id: ArticleId) -> Result<Option<Spot>, StoreError> {
        self.read(None, |conn| {
            conn.prepare_cached("select block, offset from spots where article_id = ?1")?
                .query_row([id.0], |row| {
                    Ok(Spot {
                        block: row.get(0)?,
                        offset: row.get(1)?,
                    })
                })
                .optional()
        })
    }

    /// Returns the text in which the screen last told what it shows; `None` before the first.
    pub fn screen(&self) -> Result<Option<String>, StoreError> {
        self.read(None, |conn| {
            conn.prepare_cached("select value from meta where name = 'screen'")?
                .query_row([], |row| row.get(0))
                .optional()
        })
    }
}
