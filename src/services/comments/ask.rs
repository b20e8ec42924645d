//! Asks a site for the comments of an article, in the way that works there.
//!
//! First through WordPress's REST interface, where the feed or an earlier answer said where it is;
//! then the article's page, which may say so as well, and may hold the comments itself; last the
//! comment feed, which has the newest alone.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::extract;
use crate::feed;
use crate::model::comment::{Comment, CommentId, Openness, SiteFacts, ThreadFacts, Way};
use crate::net::{Client, FetchError, LinkRequest, Response, Verdict, Wanted};
use crate::polite::{self, Headers};
use crate::store::{Commented, Completeness};
use crate::threads::{self, discourse, links, rest};
use crate::threads::{PageTold, ThreadError};

/// How many pages of comments are asked for at most: fifty thousand comments through the interface.
const MOST_PAGES: usize = 500;

/// How many bytes of comments are kept of one article at most.
const MOST_BYTES: usize = 32 << 20;

/// How long what was found of a site holds: that its interface is closed, that its pages have no
/// comments.
const HOLDS_FOR: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What a comment feed of WordPress has at most, unless its owner has changed that.
const FEED_ITEMS: usize = 10;

/// An article whose comments are wanted, with what is known.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// The article.
    pub(super) article: Commented,
    /// Its permalink.
    pub(super) permalink: Url,
    /// Where its feed is polled: a link from a public host to a private one isn't followed.
    pub(super) feed: Url,
    /// What is known of its comments.
    pub(super) facts: ThreadFacts,
    /// What is known of its site.
    pub(super) site: SiteFacts,
}

/// The comments of an article.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) comments: Vec<Comment>,
    pub(super) completeness: Completeness,
    pub(super) facts: ThreadFacts,
}

/// Why comments couldn't be read.
#[derive(Debug)]
pub(super) struct Fault {
    /// Why.
    pub(super) why: String,
    /// Until when the host wants to be left alone.
    pub(super) rest: Option<Timestamp>,
}

impl From<FetchError> for Fault {
    fn from(error: FetchError) -> Self {
        Self::because(error.to_string())
    }
}

impl From<ThreadError> for Fault {
    fn from(error: ThreadError) -> Self {
        Self::because(error.to_string())
    }
}

impl Fault {
    fn because(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            rest: None,
        }
    }
}

/// What is newest on some posts of a site.
#[derive(Debug)]
pub(super) struct News {
    /// The newest comments, each with its post.
    pub(super) newest: Vec<(u64, CommentId)>,
    /// How many comments there are on all these posts, where the site says so.
    pub(super) total: Option<usize>,
}

/// An answer with a body.
struct Document {
    body: Vec<u8>,
    headers: Headers,
    url: Url,
}

/// Why an interface isn't of use.
enum Closed {
    /// It doesn't answer as one: the next way may do.
    ForNow,
    /// The site can't be reached, or wants to be left alone: no other way will do either.
    Fault(Fault),
}

impl From<Fault> for Closed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Asks for the comments of articles of one site.
pub(super) struct Asker {
    client: Client,
    max_body_bytes: u64,
    clock: fn() -> Timestamp,
}

impl Asker {
    pub(super) fn new(client: Client, max_body_bytes: u64, clock: fn() -> Timestamp) -> Self {
        Self {
            client,
            max_body_bytes,
            clock,
        }
    }

    /// Asks for the comments of one article; returns as well what is known of its site then.
    pub(super) async fn ask(&self, job: &Job) -> (Result<Found, Fault>, SiteFacts) {
        let mut site = job.site.clone();
        let got = self.ask_all_ways(job, &mut site).await;
        (got, site)
    }

    /// Asks a site for what is newest on some posts; nothing where its interface doesn't answer.
    pub(super) async fn news(
        &self,
        root: &Url,
        feed: &Url,
        posts: Vec<u64>,
    ) -> Result<Option<News>, Fault> {
        let posts: Vec<String> = posts.iter().map(u64::to_string).collect();
        let parameters = [
            ("post", &*posts.join(",")),
            ("per_page", "100"),
            ("order", "desc"),
            ("orderby", "date_gmt"),
            ("_fields", "id,post"),
        ];
        let address = rest::route(root, "wp/v2/comments", &parameters);
        let Some(document) = self.data(feed, &address).await? else {
            return Ok(None);
        };
        let total = count_in(&document.headers, "x-wp-total");
        Ok(rest::places(&document.body)
            .ok()
            .map(|newest| News { newest, total }))
    }

    async fn ask_all_ways(&self, job: &Job, site: &mut SiteFacts) -> Result<Found, Fault> {
        let root = site
            .rest_root
            .as_deref()
            .and_then(|root| Url::parse(root).ok());
        let is_known = job.facts.way == Some(Way::Rest) && job.facts.post.is_some();
        let trust = if is_known {
            Trust::Told
        } else {
            Trust::Checked
        };
        let mut empty = None;
        if let (Some(root), Some(post)) = (root, known_post(job))
            && !self.holds(site.rest_closed_until)
            && let Some(found) = self.through(job, site, &root, post, trust).await?
        {
            if !found.comments.is_empty() {
                return Ok(found);
            }
            // The page tells whether they are elsewhere, and whether one may write.
            empty = Some(found);
        }
        if empty.is_none()
            && self.holds(site.feeds_alone_until)
            && let Some(mut found) = self.by_feed(job, None).await?
        {
            found.facts.openness = job.facts.openness;
            return Ok(found);
        }
        let document = match self.get(job, &job.permalink, Wanted::Page).await {
            Ok(document) => document,
            // A page may be behind a wall that its comment feed isn't behind.
            Err(_) if let Some(found) = empty => return Ok(found),
            Err(fault) if fault.rest.is_none() && job.article.comment_feed.is_some() => {
                return match self.by_feed(job, None).await? {
                    Some(found) => Ok(found),
                    None => Err(fault),
                };
            }
            Err(fault) => return Err(fault),
        };
        let header = header_links(&document);
        let told = read_page(&document)?;
        let root = (told.rest_root.clone()).or_else(|| links::rest_root(&header).cloned());
        let post = told.post.or_else(|| links::post(&header));
        let found = match (&root, post, empty) {
            (_, _, Some(found)) => Some(found),
            (Some(root), Some(post), None) if !self.holds(site.rest_closed_until) => {
                self.through(job, site, root, post, Trust::Told).await?
            }
            _ => None,
        };
        if let Some(mut found) = found
            && (told.discourse.is_none() || !found.comments.is_empty())
        {
            if told.openness != Openness::Unknown {
                found.facts.openness = told.openness;
            }
            if found.comments.is_empty() {
                found.facts.elsewhere.clone_from(&told.elsewhere);
            }
            found.facts.pingbacks = pingbacks(&told);
            return Ok(found);
        }
        if let Some(topic) = &told.discourse {
            return self.by_forum(job, topic).await;
        }
        let found = self.by_pages(job, told, post, &document.url).await?;
        // An article without comments says nothing of where the others' are.
        let is_silent = found.facts.openness == Openness::Unknown;
        if found.facts.way == Some(Way::Feed) && is_silent && !found.comments.is_empty() {
            site.feeds_alone_until = self.hold();
        }
        Ok(found)
    }

    /// Whether something holds until a moment to come.
    fn holds(&self, until: Option<Timestamp>) -> bool {
        let now = (self.clock)();
        // One further away comes from a clock that was wrong.
        until.is_some_and(|until| now < until && until.duration_since(now) <= HOLDS_FOR)
    }

    fn hold(&self) -> Option<Timestamp> {
        (self.clock)().checked_add(HOLDS_FOR).ok()
    }

    /// Reads a thread through the interface; nothing, and remembers it, where that is closed, and
    /// nothing as well where the post is another one.
    async fn through(
        &self,
        job: &Job,
        site: &mut SiteFacts,
        root: &Url,
        post: u64,
        trust: Trust,
    ) -> Result<Option<Found>, Fault> {
        match self.by_interface(job, root, post, trust).await {
            Ok(found) => {
                site.rest_root = Some(root.to_string());
                site.rest_closed_until = None;
                Ok(found)
            }
            // Whatever is the matter there, the site itself may be well.
            Err(Closed::Fault(_)) if root.origin() != job.permalink.origin() => Ok(None),
            Err(Closed::ForNow) => {
                // It may be this post alone, as one behind a password.
                if !self.answers(job, root).await? {
                    site.rest_closed_until = self.hold();
                }
                Ok(None)
            }
            Err(Closed::Fault(fault)) => Err(fault),
        }
    }

    /// Whether the interface gives any comments at all.
    async fn answers(&self, job: &Job, root: &Url) -> Result<bool, Fault> {
        let parameters = [("per_page", "1"), ("_fields", "id")];
        let address = rest::route(root, "wp/v2/comments", &parameters);
        let document = self.data(&job.feed, &address).await?;
        Ok(document.is_some_and(|document| rest::comments(&document.body, None).is_ok()))
    }

    async fn by_interface(
        &self,
        job: &Job,
        root: &Url,
        number: u64,
        trust: Trust,
    ) -> Result<Option<Found>, Closed> {
        let id = number.to_string();
        let (mut author, mut openness) = (None, job.facts.openness);
        if trust == Trust::Checked {
            let route = format!("wp/v2/posts/{id}");
            let address = rest::route(root, &route, &[("_fields", rest::POST_FIELDS)]);
            let document = self.data(&job.feed, &address).await?;
            let post = document.and_then(|document| rest::post(&document.body).ok());
            // A post of another type isn't among these, and a number may be another site's: the page
            // tells more.
            match post {
                Some(post) if is_same_page(post.link.as_deref(), &job.permalink, number) => {
                    (author, openness) = (post.author, post.openness);
                }
                _ => return Ok(None),
            }
        }
        let mut comments = Vec::new();
        let mut bytes = 0;
        let mut is_partial = true;
        for at in 1..=MOST_PAGES {
            let page = at.to_string();
            let parameters = [
                ("post", id.as_str()),
                ("per_page", "100"),
                ("order", "asc"),
                ("orderby", "date_gmt"),
                ("page", page.as_str()),
                ("_fields", rest::COMMENT_FIELDS),
            ];
            let address = rest::route(root, "wp/v2/comments", &parameters);
            let document = self
                .data(&job.feed, &address)
                .await?
                .ok_or(Closed::ForNow)?;
            let listed = rest::comments(&document.body, author).map_err(|_| Closed::ForNow)?;
            bytes += document.body.len();
            comments.extend(listed);
            if bytes > MOST_BYTES {
                break;
            }
            let is_last =
                count_in(&document.headers, "x-wp-totalpages").is_none_or(|last| at >= last);
            if is_last && links::next(&header_links(&document)).is_none() {
                is_partial = false;
                break;
            }
        }
        Ok(Some(Found {
            comments,
            completeness: completeness(is_partial),
            facts: ThreadFacts {
                way: Some(Way::Rest),
                post: Some(number),
                openness,
                pingbacks: job.facts.pingbacks,
                is_partial,
                elsewhere: None,
            },
        }))
    }

    /// Reads the comments that stand on the article's page, and on the pages that it leads to; where
    /// there are none, those of the comment feed.
    async fn by_pages(
        &self,
        job: &Job,
        told: PageTold,
        post: Option<u64>,
        url: &Url,
    ) -> Result<Found, Fault> {
        let pingbacks = pingbacks(&told);
        let mut facts = ThreadFacts {
            way: Some(Way::Pages),
            post,
            openness: told.openness,
            pingbacks,
            is_partial: false,
            elsewhere: told.elsewhere.clone(),
        };
        let is_empty = told.comments.is_empty() && told.pages.is_empty();
        if is_empty {
            let counted = job.article.counted.unwrap_or_default();
            let lacks_some = counted > pingbacks.unwrap_or_default();
            // A page without a form that shows none says nothing: its comments may come by script.
            if facts.openness == Openness::Unknown || lacks_some {
                let feed = told.comment_feed.as_ref();
                if let Some(mut found) = self.by_feed(job, feed).await? {
                    found.facts.openness = facts.openness;
                    found.facts.post = facts.post;
                    return Ok(found);
                }
                let is_silent = facts.elsewhere.is_none() && facts.openness == Openness::Unknown;
                if is_silent && lacks_some {
                    return Err(Fault::because("no comments were found on the page"));
                }
            }
        }
        let mut comments = told.comments;
        let mut asked: HashSet<Url> = HashSet::from([url.clone()]);
        let mut ahead = told.pages;
        let mut bytes = 0;
        while let Some(next) = ahead.pop() {
            if asked.len() > MOST_PAGES || bytes > MOST_BYTES {
                facts.is_partial = true;
                break;
            }
            if !asked.insert(next.clone()) {
                continue;
            }
            let more = match self.get(job, &next, Wanted::Page).await {
                Ok(document) => {
                    bytes += document.body.len();
                    read_page(&document)?
                }
                Err(fault) if fault.rest.is_some() => return Err(fault),
                // One page that can't be had takes nothing from the others.
                Err(_) => {
                    facts.is_partial = true;
                    continue;
                }
            };
            comments.extend(more.comments);
            ahead.extend(more.pages.into_iter().filter(|page| !asked.contains(page)));
            ahead.truncate(MOST_PAGES);
        }
        let mut completeness = completeness(facts.is_partial);
        if job.facts.way == Some(Way::Rest) {
            // Pages hide orphans and depth, which the interface gave while it was open.
            completeness = Completeness::Part;
            facts.way = Some(Way::Rest);
        }
        Ok(Found {
            comments,
            completeness,
            facts,
        })
    }

    /// Reads the comment feed that the page or the article's feed names; nothing where there is none.
    async fn by_feed(&self, job: &Job, named: Option<&Url>) -> Result<Option<Found>, Fault> {
        let in_feed = (job.article.comment_feed.as_deref()).and_then(|url| Url::parse(url).ok());
        let Some(url) = named.cloned().or(in_feed) else {
            return Ok(None);
        };
        let document = self.get(job, &url, Wanted::Feed).await?;
        let content_type = content_type(&document.headers);
        let parsed = feed::parse(&document.body, content_type.as_deref(), &document.url)
            .map_err(|error| Fault::because(error.to_string()))?;
        let comments = threads::feed::comments(&parsed.feed, job.article.guid.as_deref());
        let counted = job.article.counted.unwrap_or_default() as usize;
        let is_partial = counted > comments.len() || comments.len() >= FEED_ITEMS;
        Ok(Some(Found {
            // What was gathered before stays.
            completeness: Completeness::Part,
            comments,
            facts: ThreadFacts {
                way: Some(Way::Feed),
                post: job.facts.post,
                openness: Openness::Unknown,
                pingbacks: None,
                is_partial,
                elsewhere: None,
            },
        }))
    }

    /// Reads a topic at a Discourse forum.
    async fn by_forum(&self, job: &Job, topic: &Url) -> Result<Found, Fault> {
        let mut topic = topic.clone();
        if discourse::ask_topic(&topic).is_none() {
            // What the page embeds, which names the topic.
            let frame = self.get(job, &topic, Wanted::Page).await?;
            let html = characters(&frame);
            topic = discourse::embedded(&html, &frame.url).ok_or(ThreadError::NotDiscourse)?;
        }
        let topic = &topic;
        let address = discourse::ask_topic(topic).ok_or(ThreadError::NotDiscourse)?;
        let document = self.get(job, &address, Wanted::Data).await?;
        let told = discourse::topic(&document.body, topic)?;
        let mut comments = told.comments;
        for missing in told
            .missing
            .chunks(discourse::POSTS_AT_ONCE)
            .take(MOST_PAGES)
        {
            let address = discourse::ask_posts(topic, missing).ok_or(ThreadError::NotDiscourse)?;
            let document = self.get(job, &address, Wanted::Data).await?;
            comments.extend(discourse::posts(&document.body, topic)?);
        }
        Ok(Found {
            comments,
            completeness: Completeness::Whole,
            facts: ThreadFacts {
                way: Some(Way::Discourse),
                ..ThreadFacts::default()
            },
        })
    }

    /// Asks the interface; nothing where it doesn't answer as one.
    async fn data(&self, feed: &Url, url: &Url) -> Result<Option<Document>, Fault> {
        let response = self.answer(feed, url, Wanted::Data).await?;
        if response.status != 200 {
            return Ok(None);
        }
        self.document(response).map(Some)
    }

    async fn get(&self, job: &Job, url: &Url, wanted: Wanted) -> Result<Document, Fault> {
        let response = self.answer(&job.feed, url, wanted).await?;
        if response.verdict()? != Verdict::Answered {
            return Err(FetchError::Status {
                code: response.status,
            }
            .into());
        }
        self.document(response)
    }

    /// Asks for an answer of any status but those of a host that wants to be left alone.
    async fn answer(&self, feed: &Url, url: &Url, wanted: Wanted) -> Result<Response, Fault> {
        let link = LinkRequest {
            url: url.clone(),
            feed: feed.clone(),
            wanted,
            credentials: None,
        };
        let response = self.client.get_linked(&link).await?;
        match self.rest_asked(&response) {
            Some(rest) => Err(rest),
            None => Ok(response),
        }
    }

    /// Returns that a host wants to be left alone, where it says so.
    fn rest_asked(&self, response: &Response) -> Option<Fault> {
        let rest = polite::retry_after(response.status, &response.headers, (self.clock)());
        if rest.is_none() && !matches!(response.status, 429 | 503) {
            return None;
        }
        let error = FetchError::Status {
            code: response.status,
        };
        Some(Fault {
            rest,
            ..Fault::from(error)
        })
    }

    fn document(&self, response: Response) -> Result<Document, Fault> {
        Ok(Document {
            body: response.body.decode(self.max_body_bytes)?,
            headers: response.headers,
            url: response.url,
        })
    }
}

fn read_page(document: &Document) -> Result<PageTold, Fault> {
    let html = characters(document);
    let read = std::panic::catch_unwind(|| threads::page(&html, &document.url));
    read.map_err(|_| Fault::because("a fault of gazette’s own; please report this page"))
}

fn characters(document: &Document) -> String {
    let content_type = content_type(&document.headers);
    extract::decode(&document.body, content_type.as_deref())
}

/// Where the number of a post comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// From the feed: the post's address is compared.
    Checked,
    /// From the article's own page, or its comments were read by it before.
    Told,
}

/// Returns the number that the article's post probably has.
fn known_post(job: &Job) -> Option<u64> {
    let guid = job
        .article
        .guid
        .as_deref()
        .and_then(|guid| Url::parse(guid).ok());
    (job.facts.post)
        .or_else(|| guid.as_ref().and_then(links::numbered_in))
        .or_else(|| links::numbered_in(&job.permalink))
}

/// Whether a post's address is an article's, whatever its scheme and what follows the path; without
/// permalinks the number stands in it.
fn is_same_page(link: Option<&str>, permalink: &Url, number: u64) -> bool {
    if links::numbered_in(permalink) == Some(number) {
        return true;
    }
    let Some(link) = link.and_then(|link| Url::parse(link).ok()) else {
        return false;
    };
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host).to_owned();
        (host, url.path().trim_end_matches('/').to_owned())
    };
    bare(&link) == bare(permalink) && links::numbered_in(&link).is_none_or(|at| at == number)
}

fn header_links(document: &Document) -> Vec<links::HeaderLink> {
    links::header_links(document.headers.get_all("link"), &document.url)
}

/// Returns a number that a header field has.
fn count_in(headers: &Headers, name: &str) -> Option<usize> {
    std::str::from_utf8(headers.get(name)?)
        .ok()?
        .trim()
        .parse()
        .ok()
}

pub(super) fn content_type(headers: &Headers) -> Option<String> {
    let value = headers.get("content-type")?;
    Some(String::from_utf8_lossy(value).into_owned())
}

fn completeness(is_partial: bool) -> Completeness {
    if is_partial {
        Completeness::Part
    } else {
        Completeness::Whole
    }
}

/// Returns how many pingbacks a page shows, where it shows all there is.
fn pingbacks(told: &PageTold) -> Option<u32> {
    (told.pages.is_empty() && told.openness != Openness::Unknown).then_some(told.pingbacks)
}
