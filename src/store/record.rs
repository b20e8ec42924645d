//! What a poll brought: articles, validators and the next poll in one transaction, so that the
//! validators never run ahead of what was stored.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Statement, ToSql, params};

use super::feeds::pack_pace;
use super::marks::{self, Sibling};
use super::pages::{self, Beside};
use super::poll::{NewArticle, Poll, PollOutcome, Recorded};
use super::prune::is_pruned;
use super::{Store, StoreError, seconds};
use crate::model::article::{FeedId, StoredText};
use crate::model::feed::Validators;

/// How far back a feed's first poll leaves articles unread.
const NEWS_AT_FIRST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many articles a first poll leaves unread where none of them tells its date.
const UNDATED_NEWS_AT_FIRST: usize = 10;

/// How many earlier texts of an article are kept.
const MAX_REVISIONS: u32 = 20;

impl Store {
    /// Stores a poll, in one transaction.
    pub fn record(&mut self, poll: &Poll) -> Result<Recorded, StoreError> {
        self.write(|tx| record(tx, poll))?
            .ok_or_else(|| StoreError::UnknownFeed {
                path: self.path.clone(),
            })
    }
}

/// Stores a poll; nothing where its feed isn't known.
fn record(tx: &Connection, poll: &Poll) -> rusqlite::Result<Option<Recorded>> {
    // Two processes may have asked at once: a failure doesn't undo what a server told the other.
    let failed = matches!(poll.outcome, PollOutcome::Failed { .. });
    let known = tx
        .prepare_cached(
            "update feeds set last_poll = ?2, last_status = ?3, next_poll = ?4,
                not_before = case when ?6 and not_before > ?2 then max(not_before, coalesce(?5, 0))
                    else ?5 end
             where id = ?1",
        )?
        .execute(params![
            poll.feed.0,
            seconds(poll.at),
            poll.status,
            poll.next_poll.map(seconds),
            poll.not_before.map(seconds),
            failed,
        ])?;
    if known == 0 {
        return Ok(None);
    }
    let mut recorded = Recorded::default();
    match &poll.outcome {
        PollOutcome::Fetched {
            title,
            site,
            polled_url,
            validators,
            validators_url,
            pace,
            body_hash,
            problems,
            articles,
        } => {
            note_problems(tx, poll.feed, problems)?;
            recorded = Intake::new(tx, poll.feed, poll.at, articles)?.store(articles)?;
            tx.prepare_cached(
                "update feeds set title = coalesce(?2, title), site = coalesce(?3, site), pace = ?4
                 where id = ?1",
            )?
            .execute(params![poll.feed.0, title, site, pack_pace(pace)])?;
            succeed(
                tx,
                poll.feed,
                polled_url,
                (validators, validators_url.as_deref()),
                Some(*body_hash),
            )?;
        }
        PollOutcome::Unchanged {
            polled_url,
            validators,
            validators_url,
            body_hash,
        } => succeed(
            tx,
            poll.feed,
            polled_url,
            (validators, validators_url.as_deref()),
            *body_hash,
        )?,
        PollOutcome::Failed { error } => {
            tx.prepare_cached(
                "update feeds set failures = failures + 1, last_error = ?2 where id = ?1",
            )?
            .execute(params![poll.feed.0, error])?;
        }
        PollOutcome::Gone { reason } => {
            tx.prepare_cached(
                "update feeds set gone = 1, failures = 0, last_error = ?2 where id = ?1",
            )?
            .execute(params![poll.feed.0, reason])?;
        }
    }
    Ok(Some(recorded))
}

/// Keeps what had to be mended in a feed's last document.
fn note_problems(tx: &Connection, feed: FeedId, problems: &[String]) -> rusqlite::Result<()> {
    if problems.is_empty() {
        tx.prepare_cached("delete from health where feed_id = ?1")?
            .execute([feed.0])?;
    } else {
        tx.prepare_cached("insert or replace into health (feed_id, problems) values (?1, ?2)")?
            .execute(params![
                feed.0,
                serde_json::to_string(problems).unwrap_or_default()
            ])?;
    }
    Ok(())
}

/// Notes that a poll went well.
fn succeed(
    tx: &Connection,
    feed: FeedId,
    polled_url: &str,
    (validators, validators_url): (&Validators, Option<&str>),
    body_hash: Option<i64>,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update feeds set polled_url = ?2, etag = ?3, last_modified = ?4,
            body_hash = coalesce(?5, body_hash), validators_url = ?6, failures = 0,
            last_error = null, gone = 0, last_good = last_poll
         where id = ?1",
    )?
    .execute(params![
        feed.0,
        polled_url,
        validators.etag,
        validators.last_modified,
        body_hash,
        validators_url,
    ])?;
    Ok(())
}

/// Whether a feed's articles were ever stored before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    First,
    Later,
}

/// The articles of one document on their way into the cache.
struct Intake<'tx> {
    tx: &'tx Connection,
    feed: FeedId,
    at: Timestamp,
    turn: Turn,
    /// Whether any article of the document tells a date.
    dated: bool,
    /// The keys of the document's articles.
    keys: HashSet<i64>,
    /// How many articles of the document share each permalink.
    stories: HashMap<i64, u32>,
    recorded: Recorded,
    unread: u32,
    starred: u32,
    newest: Option<i64>,
}

impl<'tx> Intake<'tx> {
    fn new(
        tx: &'tx Connection,
        feed: FeedId,
        at: Timestamp,
        articles: &[NewArticle],
    ) -> rusqlite::Result<Self> {
        let never_fetched = tx
            .prepare_cached("select body_hash is null from feeds where id = ?1")?
            .query_row([feed.0], |row| row.get(0))?;
        let mut stories = HashMap::new();
        for story in articles.iter().filter_map(|article| article.story) {
            *stories.entry(story).or_default() += 1;
        }
        Ok(Self {
            tx,
            feed,
            at,
            turn: if never_fetched {
                Turn::First
            } else {
                Turn::Later
            },
            dated: articles.iter().any(|article| article.published.is_some()),
            keys: articles.iter().map(|article| article.key).collect(),
            stories,
            recorded: Recorded::default(),
            unread: 0,
            starred: 0,
            newest: None,
        })
    }

    /// Stores the articles and the feed's counters.
    fn store(mut self, articles: &[NewArticle]) -> rusqlite::Result<Recorded> {
        let mut keys = HashSet::new();
        let once = articles.iter().filter(|article| keys.insert(article.key));
        let in_order: Vec<_> = once.enumerate().collect();
        // The last article of the document goes first: of two with one date, the one with the
        // higher number comes first in lists.
        for (place, article) in in_order.into_iter().rev() {
            // Nothing of a feed is there before its first document, so nothing is looked up.
            let known = self.turn == Turn::Later
                && (self.update(article)? || is_pruned(self.tx, self.feed.0, article)?);
            if !known {
                self.insert(place, article)?;
            }
        }
        self.tx
            .prepare_cached(
                "update feeds set articles = articles + ?2, unread = unread + ?3,
                    starred = starred + ?4,
                    last_news = max(coalesce(last_news, ?5), coalesce(?5, last_news))
                 where id = ?1",
            )?
            .execute(params![
                self.feed.0,
                self.recorded.new,
                self.unread,
                self.starred,
                self.newest,
            ])?;
        Ok(self.recorded)
    }

    fn insert(&mut self, place: usize, article: &NewArticle) -> rusqlite::Result<()> {
        let siblings = self.siblings(article)?;
        let published = article.published.map(seconds);
        let seen = seconds(self.at);
        // A date in the future would stay on top until then.
        let sorted_at = published
            .filter(|published| *published <= seen)
            .unwrap_or(seen);
        let mut insert = self.tx.prepare_cached(
            "insert into articles (content_hash, story, published, updated, whole,
                comments_count, title, guid, permalink, byline, standfirst, comments_page,
                comments_feed, enclosures, base, feed_id, key, sorted_at, first_seen)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                ?18, ?19)",
        )?;
        bind(&mut insert, article)?;
        bind_from(
            &mut insert,
            16,
            [&self.feed.0, &article.key, &sorted_at, &seen],
        )?;
        insert.raw_execute()?;
        let id = self.tx.last_insert_rowid();
        self.tx
            .prepare_cached("insert into bodies (article_id, html) values (?1, ?2)")?
            .execute(params![id, article.body.as_bytes()])?;
        self.mark(id, place, article, &siblings)?;
        self.newest = self.newest.max(Some(sorted_at));
        self.recorded.new += 1;
        Ok(())
    }

    /// Returns the same story in other feeds, from before this article came.
    fn siblings(&self, article: &NewArticle) -> rusqlite::Result<Vec<Sibling>> {
        let Some(story) = article
            .story
            .filter(|story| self.stories.get(story) == Some(&1))
        else {
            return Ok(Vec::new());
        };
        let mut siblings = marks::siblings(self.tx, story)?;
        if siblings.iter().any(|sibling| sibling.feed == self.feed) {
            siblings.clear();
        }
        Ok(siblings)
    }

    /// Gives a new article its first marks.
    fn mark(
        &mut self,
        id: i64,
        place: usize,
        article: &NewArticle,
        siblings: &[Sibling],
    ) -> rusqlite::Result<()> {
        let read = if siblings
            .iter()
            .any(|sibling| sibling.read == marks::BY_READER)
        {
            marks::BY_READER
        } else if self.turn == Turn::First && !self.is_news_at_first(place, article) {
            marks::OLD_AT_FIRST
        } else {
            marks::UNREAD
        };
        let starred = siblings.iter().any(|sibling| sibling.starred);
        self.unread += u32::from(read == marks::UNREAD);
        self.starred += u32::from(starred);
        if read != marks::UNREAD || starred {
            let read_hash = (read != marks::UNREAD).then_some(article.content_hash);
            self.tx
                .prepare_cached(
                    "insert into marks (article_id, read, read_hash, starred)
                     values (?1, ?2, ?3, ?4)",
                )?
                .execute(params![id, read, read_hash, starred])?;
        }
        Ok(())
    }

    /// Whether an article of a feed's first document is news.
    fn is_news_at_first(&self, place: usize, article: &NewArticle) -> bool {
        match article.published {
            Some(published) => published >= self.at - NEWS_AT_FIRST,
            None => !self.dated && place < UNDATED_NEWS_AT_FIRST,
        }
    }

    /// Updates the article where it is there already; says whether it is.
    fn update(&mut self, article: &NewArticle) -> rusqlite::Result<bool> {
        let known = match pages::beside_by_key(self.tx, self.feed, article.key)? {
            None => self.known_otherwise(article)?,
            known => known,
        };
        let Some(page) = known else {
            return Ok(false);
        };
        let id = page.id;
        // The feed's text is only a part of what the hash is of.
        let content_hash = article.content_hash.wrapping_add(page.words_hash);
        let differs = page.content_hash != content_hash;
        if differs {
            // Where a page's text is shown, the title alone is seen of what the feed tells.
            if page.has_text && page.title == article.title {
                pages::stay_read(self.tx, id, page.content_hash, content_hash)?;
            } else {
                keep_revision(self.tx, id, seconds(self.at))?;
            }
            self.replace_text(id, article)?;
            self.recorded.updated += 1;
        }
        let has_newer_date = later(article.updated, page.updated)
            || later(article.published, page.published.max(page.updated));
        if page.is_known && (differs || has_newer_date) {
            pages::ask_again(self.tx, id)?;
        }
        self.update_head(id, article, content_hash, page.has_text)?;
        Ok(true)
    }

    /// Finds an article that an earlier document knew by another of its keys, and gives it the key
    /// of this one.
    ///
    /// That happens where its guid was unique then and is doubled now, or the other way round. Guid,
    /// permalink and title must all be the same, as a key that is no identity may be anyone's.
    fn known_otherwise(&self, article: &NewArticle) -> rusqlite::Result<Option<Beside>> {
        for key in &article.other_keys {
            if self.keys.contains(key) {
                continue;
            }
            let known = self
                .tx
                .prepare_cached(
                    "update articles set key = ?3 where feed_id = ?1 and key = ?2
                        and guid is ?4 and permalink is ?5 and title is ?6
                     returning id",
                )?
                .query_row(
                    params![
                        self.feed.0,
                        key,
                        article.key,
                        article.guid,
                        article.permalink,
                        article.title
                    ],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(id) = known {
                return pages::beside(self.tx, id);
            }
        }
        Ok(None)
    }

    /// Puts a new text in the place of the old one.
    fn replace_text(&self, id: i64, article: &NewArticle) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached("insert or replace into bodies (article_id, html) values (?1, ?2)")?
            .execute(params![id, article.body.as_bytes()])?;
        self.tx
            .prepare_cached("insert or ignore into reindex values (?1)")?
            .execute([id])?;
        Ok(())
    }

    /// Writes what differs of an article's head; its date and place in lists stay. A later date of
    /// publication is the publisher's way to say that it was updated.
    fn update_head(
        &self,
        id: i64,
        article: &NewArticle,
        content_hash: i64,
        has_page: bool,
    ) -> rusqlite::Result<()> {
        let mut update = self.tx.prepare_cached(
            "update articles set content_hash = ?1, story = ?2,
                published = coalesce(published, ?3),
                updated = coalesce(?4, case when ?3 > published then ?3 end), whole = ?5,
                comments_count = ?6, title = ?7, guid = ?8, permalink = ?9, byline = ?10,
                standfirst = ?11, comments_page = ?12, comments_feed = ?13, enclosures = ?14,
                base = ?15
             where id = ?16 and (content_hash is not ?1 or story is not ?2
                or published is not coalesce(published, ?3)
                or updated is not coalesce(?4, case when ?3 > published then ?3 end)
                or whole is not ?5 or comments_count is not ?6 or title is not ?7
                or guid is not ?8 or permalink is not ?9 or byline is not ?10
                or standfirst is not ?11 or comments_page is not ?12
                or comments_feed is not ?13 or enclosures is not ?14 or base is not ?15)",
        )?;
        bind(&mut update, article)?;
        bind_from(&mut update, 1, [&content_hash])?;
        let whole = has_page || article.stored == StoredText::Whole;
        bind_from(&mut update, 5, [&whole])?;
        bind_from(&mut update, 16, [&id])?;
        update.raw_execute()?;
        Ok(())
    }
}

/// Whether a date is told that is later than the one known.
fn later(told: Option<Timestamp>, known: Option<i64>) -> bool {
    told.map(seconds) > known
}

/// Keeps the text that is shown of an article as a revision, unless it is the last one kept.
pub(super) fn keep_revision(tx: &Connection, id: i64, at: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "with shown as (
            select a.title, coalesce(p.html, b.html) as html from articles a
            left join bodies b on b.article_id = a.id left join pages p on p.article_id = a.id
            where a.id = ?1
         ), last as (
            select title, html from revisions where article_id = ?1 order by id desc limit 1
         )
         insert into revisions (article_id, replaced_at, title, html)
         select ?1, ?2, title, html from shown
         where html is not null and (title, html) not in (select title, html from last)",
    )?
    .execute([id, at])?;
    tx.prepare_cached(
        "delete from revisions where article_id = ?1 and id not in
            (select id from revisions where article_id = ?1 order by id desc limit ?2)",
    )?
    .execute(params![id, MAX_REVISIONS])?;
    Ok(())
}

/// Gives a statement what it says of an article as `?1` to `?15`.
fn bind(statement: &mut Statement, article: &NewArticle) -> rusqlite::Result<()> {
    let enclosures = (!article.enclosures.is_empty())
        .then(|| serde_json::to_string(&article.enclosures).unwrap_or_default());
    let columns: [&dyn ToSql; 15] = [
        &article.content_hash,
        &article.story,
        &article.published.map(seconds),
        &article.updated.map(seconds),
        &(article.stored == StoredText::Whole),
        &article.comments.count,
        &article.title,
        &article.guid,
        &article.permalink,
        &article.byline,
        &article.standfirst,
        &article.comments.page,
        &article.comments.feed,
        &enclosures,
        &article.base,
    ];
    bind_from(statement, 1, columns)
}

/// Gives a statement values, the first of them the one that it calls `?first`.
fn bind_from<const N: usize>(
    statement: &mut Statement,
    first: usize,
    values: [&dyn ToSql; N],
) -> rusqlite::Result<()> {
    for (number, value) in (first..).zip(values) {
        statement.raw_bind_parameter(number, value)?;
    }
    Ok(())
}
