//! The feed parser's types → ours.
//!
//! The only place that names feed-rs (and chrono, in which it hands over its dates). feed-rs may
//! panic; no panic leaves this file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::DateTime;
use feed_rs::model::{Entry, Feed, FeedType, Link, LinkTarget, Person, Text};
use feed_rs::parser::{Builder, ParseFeedError};
use jiff::Timestamp;
use url::Url;

use super::dates::{self, UnreadableDates};
use super::extras::is_web_address;
use super::text::{Written, escape, one_line};
use super::{FeedError, FeedProblem, json};
use crate::model::feed::{CommentsLink, Enclosure, Pace, ParsedArticle, ParsedFeed};

/// Extensions that the parser knows and that can make it give up.
const EXTENSIONS: [&str; 3] = [
    "http://search.yahoo.com/mrss/",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "https://podcastindex.org/namespace/1.0",
];

/// Reads a feed from its mended XML. Dates that can't be read are the pass's to tell.
pub(crate) fn read(text: &str, base: &Url) -> Result<ParsedFeed, FeedError> {
    let mut unreadable = UnreadableDates::default();
    attempt(text, base, &mut unreadable).or_else(|error| {
        // What is wrong may be in a picture's details: better a feed without them than none.
        let mut plain = text.to_owned();
        for namespace in EXTENSIONS {
            plain = plain.replace(namespace, "urn:none");
        }
        attempt(&plain, base, &mut unreadable).map_err(|_| error)
    })
}

/// Reads a JSON Feed.
pub(crate) fn read_json(
    text: &str,
    base: &Url,
    problems: &mut Vec<FeedProblem>,
) -> Result<ParsedFeed, FeedError> {
    let text = text.get(text.find('{').unwrap_or(0)..).unwrap_or_default();
    let mut unreadable = UnreadableDates::default();
    let feed = attempt(text, base, &mut unreadable).or_else(|_| {
        unreadable = UnreadableDates::default();
        attempt(&json::mend(text, problems)?, base, &mut unreadable)
    })?;
    problems.extend(unreadable.into_problem());
    Ok(feed)
}

/// Lets feed-rs read a text.
fn attempt(
    text: &str,
    base: &Url,
    unreadable: &mut UnreadableDates,
) -> Result<ParsedFeed, FeedError> {
    let found = Arc::new(Mutex::new(UnreadableDates::default()));
    let noted = Arc::clone(&found);
    let parser = Builder::new()
        .base_uri(Some(base.as_str()))
        .sanitize_content(false)
        // A missing id stays missing: feed-rs would make up a new one at every poll.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let at = dates::parse(text);
            if at.is_none() && !text.trim().is_empty() {
                noted
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .add(text);
            }
            DateTime::from_timestamp(at?.as_second(), 0)
        })
        .build();
    let feed = catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes())))
        .map_err(|_| FeedError::Malformed {
            reason: "the parser gave up".to_owned(),
        })?
        .map_err(|error: ParseFeedError| FeedError::Malformed {
            reason: error.to_string(),
        })?;
    *unreadable = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(adapt(feed, base))
}

/// What feeds of one kind have in common.
struct Kind<'a> {
    is: FeedType,
    base: &'a Url,
}

impl Kind<'_> {
    fn is_rss(&self) -> bool {
        !matches!(self.is, FeedType::Atom | FeedType::JSON)
    }

    /// Returns what a small text is written in: RSS never says, so its texts may hold HTML.
    fn written(&self, text: &Text) -> Written {
        if self.is_rss() || is_html(text.content_type.as_str()) {
            Written::Html
        } else {
            Written::Plain
        }
    }

    /// Returns a body as HTML; None where there is nothing in it.
    fn body(&self, body: String, media_type: &str) -> Option<String> {
        if body.trim().is_empty() {
            None
        } else if self.is_rss() || is_html(media_type) {
            Some(body)
        } else {
            Some(escape(&body).into_owned())
        }
    }

    /// Returns an address in full; None where it can't be one.
    fn absolute(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.is_empty() {
            return None;
        }
        self.base.join(address).ok().map(String::from)
    }

    /// Returns the address of a page on the web; the feed's own is none.
    fn page(&self, link: &Link) -> Option<String> {
        self.absolute(&link.href).filter(|address| {
            address != self.base.as_str()
                && (address.starts_with("http:") || address.starts_with("https:"))
        })
    }
}

fn is_html(media_type: &str) -> bool {
    media_type.contains("html")
}

fn adapt(feed: Feed, base: &Url) -> ParsedFeed {
    let kind = Kind {
        is: feed.feed_type,
        base,
    };
    let feed_byline = (kind.is == FeedType::Atom)
        .then(|| byline(&feed.authors))
        .flatten();
    let site = page_link(&feed.links).and_then(|link| kind.page(link));
    ParsedFeed {
        title: feed
            .title
            .map(|title| one_line(&title.content, kind.written(&title)))
            .filter(|title| !title.is_empty()),
        site,
        pace: Pace {
            ttl_minutes: feed.ttl,
            ..Pace::default()
        },
        articles: feed
            .entries
            .into_iter()
            .map(|entry| article(entry, &kind, feed_byline.as_deref()))
            .collect(),
    }
}

fn article(entry: Entry, kind: &Kind<'_>, feed_byline: Option<&str>) -> ParsedArticle {
    let enclosures = enclosures(&entry, kind);
    let comments = comments(&entry.links, kind);
    let guid = Some(entry.id.trim().to_owned()).filter(|guid| !guid.is_empty());
    let permalink = page_link(&entry.links)
        .and_then(|link| kind.page(link))
        .or_else(|| {
            // Ideally, an id is the address of what it stands for (JSON Feed 1.1, items).
            let id = guid.clone().filter(|_| kind.is == FeedType::JSON);
            id.filter(|id| is_web_address(id))
        });
    let (published, updated) = dates_of(&entry);

    let content = entry.content.and_then(|content| {
        let media_type = content.content_type.to_string();
        content.body.and_then(|body| kind.body(body, &media_type))
    });
    let summary = entry
        .summary
        .or_else(|| entry.media.into_iter().find_map(|media| media.description))
        .and_then(|summary| {
            let media_type = summary.content_type.to_string();
            kind.body(summary.content, &media_type)
        })
        .filter(|summary| content.as_deref().map(str::trim) != Some(summary.trim()));

    ParsedArticle {
        guid,
        title: entry.title.map_or_else(String::new, |title| {
            one_line(&title.content, kind.written(&title))
        }),
        permalink,
        byline: byline(&entry.authors).or_else(|| feed_byline.map(str::to_owned)),
        published,
        updated,
        summary,
        content,
        base: Some(kind.base.to_string()),
        categories: categories(entry.categories),
        enclosures,
        comments,
        in_reply_to: None,
    }
}

/// Returns when an article was published and, where the feed tells it apart, updated.
fn dates_of(entry: &Entry) -> (Option<Timestamp>, Option<Timestamp>) {
    let at = |date: Option<DateTime<chrono::Utc>>| {
        date.and_then(|date| Timestamp::from_second(date.timestamp()).ok())
    };
    let (published, updated) = (at(entry.published), at(entry.updated));
    match published {
        None => (updated, None),
        // feed-rs copies an RSS date from one to the other.
        Some(_) => (
            published,
            updated.filter(|updated| Some(*updated) != published),
        ),
    }
}

/// Returns the link to the page that an article or a feed stands for.
fn page_link(links: &[Link]) -> Option<&Link> {
    let pages = || {
        links.iter().filter(|link| {
            link.target.is_none() && matches!(link.rel.as_deref(), None | Some("alternate"))
        })
    };
    pages()
        .find(|link| link.media_type.as_deref().is_none_or(is_html))
        .or_else(|| pages().find(|link| link.rel.is_some()))
}

fn comments(links: &[Link], kind: &Kind<'_>) -> CommentsLink {
    let mut comments = CommentsLink::default();
    for link in links {
        let place = match (&link.target, link.rel.as_deref()) {
            (Some(LinkTarget::Comments), _) => &mut comments.page,
            (Some(LinkTarget::CommentsFeed), _) => &mut comments.feed,
            // RFC 4685 §4.
            (None, Some("replies")) => match link.media_type.as_deref() {
                Some(media_type) if is_html(media_type) => &mut comments.page,
                _ => &mut comments.feed,
            },
            _ => continue,
        };
        if place.is_none() {
            *place = kind.absolute(&link.href);
        }
    }
    comments
}

fn enclosures(entry: &Entry, kind: &Kind<'_>) -> Vec<Enclosure> {
    let mut enclosures: Vec<Enclosure> = Vec::new();
    let mut add = |enclosure: Enclosure| {
        if enclosures.iter().all(|known| known.url != enclosure.url) {
            enclosures.push(enclosure);
        }
    };
    for link in &entry.links {
        let attached = match kind.is {
            // JSON Feed's attachments come as links with a media type and no relation.
            FeedType::JSON => link.media_type.is_some(),
            _ => link.rel.as_deref() == Some("enclosure"),
        };
        if attached
            && let Some(url) = kind.absolute(&link.href)
            && url != kind.base.as_str()
        {
            add(Enclosure {
                url,
                media_type: link.media_type.clone(),
                bytes: link.length,
                title: title_of(link.title.as_deref()),
            });
        }
    }
    for media in &entry.media {
        for content in &media.content {
            let media_type = content.content_type.as_ref().map(ToString::to_string);
            // Pictures in several sizes are no files to keep.
            if media_type
                .as_deref()
                .is_some_and(|kind| kind.starts_with("image/"))
            {
                continue;
            }
            if let Some(url) = &content.url {
                add(Enclosure {
                    url: url.to_string(),
                    media_type,
                    bytes: content.size.filter(|bytes| *bytes > 0),
                    title: title_of(media.title.as_ref().map(|title| title.content.as_str())),
                });
            }
        }
    }
    enclosures
}

fn title_of(title: Option<&str>) -> Option<String> {
    title
        .map(|title| one_line(title, Written::Html))
        .filter(|title| !title.is_empty())
}

fn byline(people: &[Person]) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for person in people {
        let name = person.name.as_deref().or(person.email.as_deref());
        let name = one_line(name.unwrap_or_default(), Written::Html);
        // `jo@example.gov (Jo Bloggs)` comes as `(Jo Bloggs)`.
        let name = name
            .strip_prefix('(')
            .and_then(|name| name.strip_suffix(')'))
            .unwrap_or(&name)
            .trim();
        if !name.is_empty() && names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

fn categories(categories: Vec<feed_rs::model::Category>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for category in categories {
        let name = one_line(&category.label.unwrap_or(category.term), Written::Html);
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
