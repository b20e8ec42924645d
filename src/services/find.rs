//! Searches the cache, and keeps its index up to date behind the storing.

use std::ops::ControlFlow;

use crate::html;
use crate::model::article::ArticleHead;
use crate::model::error::Problem;
use crate::search;
use crate::store::{Indexing, Reader, Store};

use super::Stop;

/// Calls `each` with the articles that hold all words of `text`, the newest first.
pub fn search(
    reader: &Reader,
    text: &str,
    limit: Option<usize>,
    each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
) -> Result<(), Problem> {
    let query = search::parse(text);
    Ok(reader.search(&query, html::plain_text, limit, each)?)
}

/// Indexes what was stored and isn't indexed yet, a tenth of a second at a time, until all is done
/// or `stop` says so; what is left the next call takes up.
pub fn index(store: &mut Store, stop: Stop<'_>) -> Result<(), Problem> {
    while !stop() {
        match store.index_some(html::plain_text)? {
            Indexing::Done => break,
            Indexing::More { .. } => {}
        }
    }
    Ok(())
}
