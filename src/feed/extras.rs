//! What the feed parser hides: facts that the repair pass sees on its way.
//!
//! Counts of comments (`slash:comments`, RFC 4685's `thr:total` and `thr:count`), what a comment
//! answers (`thr:in-reply-to`), guids that are permalinks, `xml:base`, dates and names in elements of
//! other formats, and how often a feed wants to be polled.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Weekday;
use url::Url;

use super::FeedProblem;
use super::dates::UnreadableDates;
use super::text::{Written, one_line};
use crate::model::feed::{ParsedArticle, ParsedFeed};

/// A fact about the feed or, where `article` says so, about one of its articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The article's place in the document, from 0.
    pub(crate) article: Option<usize>,
    pub(crate) fact: Fact,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// How many comments an article has.
    CommentsTotal(u32),
    /// How many answers one of its links leads to.
    CommentsLinked(u32),
    /// What it answers (RFC 4685, `thr:in-reply-to`).
    InReplyTo(String),
    /// Its guid is its permalink (RSS 2.0 `guid`), relative to this where the feed says so.
    GuidIsPermalink(Option<Url>),
    /// Its page, in an element that the parser doesn't read.
    Link(String),
    /// Who wrote it, in an element that the parser doesn't read.
    Byline(String),
    /// When it was published; a lower rank is believed more.
    Published(u8, Timestamp),
    /// When it was updated.
    Updated(u8, Timestamp),
    /// A date of it that can't be read.
    UnreadableDate(String),
    /// Where its content is, when the feed doesn't hold it (Atom `content src`).
    Source(String),
    /// What its relative addresses are relative to.
    Base(Url),
    /// RSS 2.0 `ttl`, in minutes.
    Ttl(u32),
    /// RSS 2.0 `hour` in `skipHours`.
    SkipHour(u8),
    /// RSS 2.0 `day` in `skipDays`.
    SkipDay(Weekday),
    /// `sy:updatePeriod`.
    UpdatePeriod(Duration),
    /// `sy:updateFrequency`.
    UpdateFrequency(u32),
}

const HOUR: Duration = Duration::from_hours(1);

/// Returns what an element with this text says; None where it says nothing that is needed.
pub(crate) fn fact(element: &str, text: &str) -> Option<Fact> {
    let text = one_line(text, Written::Html);
    let text = text.trim();
    match element {
        "slash:comments" | "thr:total" => text.parse().ok().map(Fact::CommentsTotal),
        "ttl" => minutes(text).map(Fact::Ttl),
        // Some count the hours from 1 to 24 (RSS 0.91).
        "hour" => match text.parse::<u8>() {
            Ok(hour @ 0..=24) => Some(Fact::SkipHour(hour % 24)),
            _ => None,
        },
        "day" => weekday(text).map(Fact::SkipDay),
        "updatePeriod" => period(text).map(Fact::UpdatePeriod),
        "updateFrequency" => text.parse().ok().map(Fact::UpdateFrequency),
        _ => None,
    }
}

/// Reads a number of minutes; one too large to hold is the largest that there is.
fn minutes(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u32::MAX))
}

/// Writes what was noted into the feed, and says which dates can't be read.
///
/// `articles` is how many were seen: where the parser saw others, the notes can't be told to them.
pub(crate) fn apply(
    notes: Vec<Note>,
    articles: usize,
    feed: &mut ParsedFeed,
) -> Option<FeedProblem> {
    let same = articles == feed.articles.len();
    let (mut period, mut frequency) = (None, None);
    let mut unreadable = UnreadableDates::default();
    let mut notes = notes.into_iter().peekable();
    while let Some(note) = notes.next() {
        let Some(place) = note.article else {
            match note.fact {
                Fact::Ttl(minutes) => feed.pace.ttl_minutes = Some(minutes),
                Fact::SkipHour(hour) => feed.pace.skip_hours.push(hour),
                Fact::SkipDay(day) => feed.pace.skip_days.push(day),
                Fact::UpdatePeriod(every) => period = Some(every),
                Fact::UpdateFrequency(times) => frequency = Some(times),
                _ => {}
            }
            continue;
        };
        let Some(article) = feed.articles.get_mut(place).filter(|_| same) else {
            continue;
        };
        let mut found = Found::default();
        found.take(note.fact, article);
        // Notes stand in the order of their articles; those of the feed may stand between.
        while let Some(next) = notes.next_if(|next| next.article == Some(place)) {
            found.take(next.fact, article);
        }
        found.apply(article, &mut unreadable);
    }
    if period.is_some() || frequency.is_some() {
        // The module's defaults: once, daily.
        let every = period.unwrap_or(24 * HOUR);
        feed.pace.update_every = Some(every / frequency.unwrap_or(1).max(1));
    }
    unreadable.into_problem()
}

/// What the notes on one article say, of which the best is believed.
#[derive(Default)]
struct Found {
    published: Option<(u8, Timestamp)>,
    updated: Option<(u8, Timestamp)>,
    unreadable: Option<String>,
    link: Option<String>,
    source: Option<String>,
    guid_is_permalink: bool,
    /// What the guid is relative to, where the feed says that it is an address.
    guid_base: Option<Url>,
}

impl Found {
    fn take(&mut self, fact: Fact, article: &mut ParsedArticle) {
        let better =
            |known: Option<(u8, Timestamp)>, rank| known.is_none_or(|(best, _)| rank <= best);
        match fact {
            Fact::CommentsTotal(count) => article.comments.count = Some(count),
            Fact::CommentsLinked(count) => {
                article.comments.count = article.comments.count.or(Some(count));
            }
            Fact::InReplyTo(guid) => {
                article.in_reply_to.get_or_insert(guid);
            }
            Fact::Base(base) => article.base = Some(base.into()),
            Fact::Byline(name) => {
                article.byline.get_or_insert(name);
            }
            Fact::Published(rank, at) if better(self.published, rank) => {
                self.published = Some((rank, at));
            }
            Fact::Updated(rank, at) if better(self.updated, rank) => {
                self.updated = Some((rank, at));
            }
            Fact::UnreadableDate(text) => {
                self.unreadable.get_or_insert(text);
            }
            Fact::Link(address) => {
                self.link.get_or_insert(address);
            }
            Fact::Source(address) => self.source = Some(address),
            Fact::GuidIsPermalink(base) => {
                self.guid_is_permalink = true;
                self.guid_base = base;
            }
            _ => {}
        }
    }

    fn apply(self, article: &mut ParsedArticle, unreadable: &mut UnreadableDates) {
        let date = |found: Option<(u8, Timestamp)>| found.map(|(_, at)| whole_seconds(at));
        match (date(self.published), date(self.updated)) {
            (None, None) => {
                if let Some(text) = self.unreadable.filter(|_| article.published.is_none()) {
                    unreadable.add(&text);
                }
            }
            (Some(published), updated) => {
                article.published = Some(published);
                article.updated = updated.filter(|updated| *updated != published);
            }
            (None, updated) => {
                article.published = updated;
                article.updated = None;
            }
        }
        if article.permalink.is_none() {
            let guid = article.guid.as_deref().filter(|_| self.guid_is_permalink);
            let guid = guid.and_then(|guid| match &self.guid_base {
                Some(base) if !guid.contains(char::is_whitespace) => {
                    base.join(guid).ok().map(String::from)
                }
                _ => Some(guid.to_owned()),
            });
            article.permalink = [self.link, self.source, guid]
                .into_iter()
                .flatten()
                .find(|address| is_web_address(address));
        }
    }
}

/// Returns a moment without what is less than a second.
fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Whether a text is an absolute address of a page, all of it: an end that is missing makes an
/// address of everything up to the next one, lines and all.
pub(crate) fn is_web_address(text: &str) -> bool {
    !text.contains(char::is_control)
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn weekday(name: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    let start = name.get(..3)?.to_ascii_lowercase();
    DAYS.iter()
        .find(|(day, _)| *day == start)
        .map(|(_, day)| *day)
}

fn period(name: &str) -> Option<Duration> {
    let hours = match name.to_ascii_lowercase().as_str() {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 24 * 7,
        "monthly" => 24 * 30,
        "yearly" => 24 * 365,
        _ => return None,
    };
    Some(HOUR * hours)
}
