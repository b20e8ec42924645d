//! Consultations that are open, by when they close: few of all articles, in an index of their own.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::Connection;

use super::article::{head_by_id, head_of};
use super::list::ListQuery;
use super::scope::feeds_in;
use super::{Reader, StoreError, seconds};
use crate::model::article::ArticleHead;

impl Reader {
    /// Hands the consultations of `query` that close after `now` and not after `until` to `each`,
    /// the first to close first, until it breaks off.
    pub fn list_closing(
        &self,
        query: &ListQuery,
        now: Timestamp,
        until: Timestamp,
        each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read((), |conn| {
            let feeds: HashSet<i64> = feeds_in(conn, &query.scope, "")?.into_iter().collect();
            let mut heads = conn.prepare_cached(&head_by_id())?;
            let mut closing: Vec<(i64, i64)> = open_at(conn, now)?
                .into_iter()
                .map(|(id, at)| (at, id))
                .filter(|(at, _)| *at <= seconds(until))
                .collect();
            closing.sort_unstable();
            let mut left = query.limit.unwrap_or(usize::MAX);
            for (_, id) in closing {
                let head = head_of(&mut heads, id)?;
                let asked_for =
                    head.filter(|head| feeds.contains(&head.feed.0) && query.asks_for(head));
                if let Some(head) = asked_for {
                    if left == 0 || each(head).is_break() {
                        break;
                    }
                    left -= 1;
                }
            }
            Ok(())
        })
    }
}

/// Returns when the consultations that are open at `now` close, by the article.
pub(super) fn open_at(conn: &Connection, now: Timestamp) -> rusqlite::Result<HashMap<i64, i64>> {
    // The index has all of it: no page is read.
    conn.prepare_cached("select article_id, closes from pages where closes > ?1")?
        .query_map([seconds(now)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
