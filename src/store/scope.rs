//! Which feeds a list or a mark is about.

use rusqlite::Connection;

use crate::model::article::FeedId;

/// Which feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All that are stored, those no longer listed as well.
    #[default]
    All,
    /// These.
    Feeds(Vec<FeedId>),
}

/// Returns the numbers of the feeds in `scope` that meet a condition, each once.
pub(crate) fn feeds_in(
    conn: &Connection,
    scope: &Scope,
    condition: &str,
) -> rusqlite::Result<Vec<i64>> {
    match scope {
        Scope::All => conn
            .prepare_cached(&format!("select id from feeds where true {condition}"))?
            .query_map([], |row| row.get(0))?
            .collect(),
        Scope::Feeds(wanted) => {
            let mut wanted: Vec<i64> = wanted.iter().map(|feed| feed.0).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let mut test =
                conn.prepare_cached(&format!("select 1 from feeds where id = ?1 {condition}"))?;
            let mut feeds = Vec::with_capacity(wanted.len());
            for feed in wanted {
                if test.exists([feed])? {
                    feeds.push(feed);
                }
            }
            Ok(feeds)
        }
    }
}
