//! Lists articles, opens one, marks them.

use std::ops::ControlFlow;

use jiff::Timestamp;

use crate::config::Config;
use crate::model::article::{Article, ArticleHead, ArticleId, FeedId, Mark};
use crate::model::document::Spot;
use crate::model::error::{Exit, Problem};
use crate::store::{CutShort, ListQuery, Marked, Reader, Scope, Store};

use super::sheet;
use super::sheet::changes::Comparison;
use super::subscriptions::Subscriptions;

/// Which feeds a list or a mark is about.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The feeds of this section.
    pub section: Option<String>,
    /// This feed, by its address.
    pub feed: Option<String>,
}

impl Place {
    /// Returns the section asked for, by its own name.
    pub fn asked<'a>(&self, config: &'a Config) -> Result<Option<&'a str>, Problem> {
        let found = self.section.as_deref().map(|name| config.section(name));
        let found = found.transpose().map_err(|unknown| unknown.problem())?;
        Ok(found.map(|section| section.name.as_str()))
    }

    /// Returns the feeds meant: those of the section, of them the one with the address.
    pub fn scope(&self, config: &Config, feeds: &Subscriptions) -> Result<Scope, Problem> {
        let section = self
            .section
            .as_deref()
            .map(|name| feeds.in_section(config, name))
            .transpose()?;
        let feed = self
            .feed
            .as_deref()
            .map(|url| feeds.with_address(config, url))
            .transpose()?;
        Ok(match (section, feed) {
            (None, None) => Scope::All,
            (Some(ids), None) => Scope::Feeds(ids),
            (None, Some(id)) => Scope::Feeds(id.into_iter().collect()),
            (Some(ids), Some(id)) => {
                Scope::Feeds(id.filter(|id| ids.contains(id)).into_iter().collect())
            }
        })
    }
}

/// An article beside the feed that brought it.
pub struct Listed<'a> {
    /// The article.
    pub head: ArticleHead,
    /// The feed's address as configured.
    pub feed: &'a str,
    /// The feed's title.
    pub feed_title: &'a str,
    /// The feed's name where room is short: its title where it has no shorter one.
    pub feed_short: &'a str,
    /// The section asked for, else the first that lists the feed.
    pub section: Option<&'a str>,
}

impl<'a> Listed<'a> {
    /// Puts an article beside its feed, whose tags join the reader's.
    pub fn new(mut head: ArticleHead, feeds: &'a Subscriptions, asked: Option<&'a str>) -> Self {
        let feed = feeds.feed(head.feed);
        let title = feed.map_or("", |feed| &feed.title);
        head.marks
            .tags
            .extend(feed.iter().flat_map(|feed| feed.tags.iter().cloned()));
        head.marks.tags.sort_unstable();
        head.marks.tags.dedup();
        Self {
            feed: feed.map_or("", |feed| &feed.url),
            feed_title: title,
            feed_short: feed.and_then(|feed| feed.short.as_deref()).unwrap_or(title),
            section: asked.or_else(|| feed.and_then(|feed| feed.section.as_deref())),
            head,
        }
    }
}

/// Calls `each` with the articles of `query`, the newest first.
pub fn list(
    reader: &Reader,
    query: &ListQuery,
    each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
) -> Result<(), Problem> {
    Ok(reader.list(query, each)?)
}

/// Calls `each` with the open consultations of `query` that close by `until`, the first to close
/// first.
pub fn list_closing(
    reader: &Reader,
    query: &ListQuery,
    now: Timestamp,
    until: Timestamp,
    each: &mut dyn FnMut(ArticleHead) -> ControlFlow<()>,
) -> Result<(), Problem> {
    Ok(reader.list_closing(query, now, until, each)?)
}

/// Opens one article; one that doesn't exist is a problem of use.
pub fn open(reader: &Reader, id: ArticleId) -> Result<Article, Problem> {
    reader.article(id)?.ok_or_else(|| {
        Problem::new(Exit::Usage, &format!("no article has the id {}", id.0))
            .hint("`gazette list` shows the ids")
    })
}

/// An opened article, with what is shown around its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The article.
    pub article: Article,
    /// The hash of its text: where [`Reader::text_hash`] gives another one, there is a newer text.
    pub revision: i64,
    /// The titles of the other feeds that carry the same story.
    pub also_in: Vec<String>,
    /// Where the reader was in it.
    pub spot: Spot,
}

/// Opens one article with all that is shown around it, as it is at one moment; one that doesn't
/// exist is a problem of use.
pub fn opened(reader: &Reader, feeds: &Subscriptions, id: ArticleId) -> Result<Opened, Problem> {
    reader.at_once(|| {
        Ok(Opened {
            article: open(reader, id)?,
            revision: reader.text_hash(id)?.unwrap_or_default(),
            also_in: also_in(reader, feeds, id)?,
            spot: reader.spot(id)?.unwrap_or_default(),
        })
    })
}

/// Opens one article beside the text of it that the reader saw last; without a comparison where no
/// earlier text is kept. One that doesn't exist is a problem of use.
pub fn compared(reader: &Reader, id: ArticleId) -> Result<(Article, Option<Comparison>), Problem> {
    let (article, revisions) = reader
        .at_once(|| -> Result<_, Problem> { Ok((open(reader, id)?, reader.revisions(id)?)) })?;
    let document = sheet::document(&article);
    let comparison = Comparison::new(&article, &document, &revisions);
    Ok((article, comparison))
}

/// Returns the titles of the other feeds that carry the same story.
pub fn also_in(
    reader: &Reader,
    feeds: &Subscriptions,
    id: ArticleId,
) -> Result<Vec<String>, Problem> {
    let others: Vec<FeedId> = reader.also_in(id)?;
    Ok(others
        .into_iter()
        .filter_map(|id| feeds.feed(id))
        .map(|feed| feed.title.clone())
        .collect())
}

/// Marks articles by their ids; who marks them read has visited them.
pub fn mark(
    store: &mut Store,
    ids: &[ArticleId],
    mark: Mark,
    now: Timestamp,
) -> Result<Marked, CutShort<Marked>> {
    // What stands for a visit goes first: it alone changes nothing that is shown.
    if mark == Mark::Read
        && let Err(source) = store.record_visits(ids, now)
    {
        return Err(CutShort {
            done: Marked::default(),
            source: Box::new(source),
        });
    }
    store.mark(ids, mark)
}

/// Marks every article of some feeds that is older than a moment; returns how many changed.
pub fn mark_all(
    store: &mut Store,
    scope: &Scope,
    before: Option<Timestamp>,
    mark: Mark,
) -> Result<u32, CutShort<u32>> {
    store.mark_all(scope, before, mark)
}
