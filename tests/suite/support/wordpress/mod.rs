//! A WordPress that is only played: posts and comments as values, answers as a real one gives them.
//!
//! ```ignore
//! let site = FakeWordPress::start();
//! site.add(Post::new(7, "ferry").with([
//!     Comment::new(11, "Runa", "When does it leave?"),
//!     Comment::new(12, "Bo", "At nine.").reply_to(11),
//! ]));
//! let env = site.reader("");                        // one feed, refreshed
//! site.change(|site| site.rest = Rest::Closed(401));
//! // … env.run(&["comments", …]) …
//! assert_eq!(site.sent()[0].field("comment"), Some("Thank you."));
//! ```
//!
//! It has the main feed (the newest ten), the comment feed of each post (the newest ten), the articles
//! in the classic theme with their pages of comments and their form, the REST interface as far as
//! comments need it, and the door for comments, `wp-comments-post.php`. What it doesn't know answers 404.

mod door;
mod feeds;
mod page;
mod rest;
mod saved;
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use url::Url;

use super::env::TestEnv;
use super::server::{Answer, Asked, FakeServer};

pub use saved::SavedWordPress;

/// A WordPress that is played.
pub struct FakeWordPress {
    server: FakeServer,
    site: Arc<Mutex<Site>>,
}

/// What a site holds, and how it behaves.
pub struct Site {
    /// Its address, without a slash at the end.
    pub url: String,
    /// The posts.
    pub posts: Vec<Post>,
    /// How the REST interface answers.
    pub rest: Rest,
    /// How a comment that is sent is answered.
    pub door: Door,
    /// Whether addresses have words (`/2026/11/ferry/`) or only numbers (`/?p=7`).
    pub is_pretty: bool,
    /// How many threads stand on one page of comments.
    pub threads_on_page: usize,
    /// Whether a second comment within 15 seconds is too fast.
    pub is_slowing: bool,
    /// A hidden field of the form that the site insists on: its name and value.
    pub token: Option<(String, String)>,
    /// Whether pages show comments and a form at all. Without, a script brings them.
    pub has_comments_on_pages: bool,
    /// An account: name and Application Password.
    pub account: Option<(String, String)>,
    /// When the last comment was taken.
    last: Option<Timestamp>,
}

/// How the REST interface answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// As it comes.
    Open,
    /// An error with this status, in JSON, as plug-ins that close it give it.
    Closed(u16),
    /// A firewall's page, 403.
    Html,
    /// 429; ask again after so many seconds.
    Busy(u32),
    /// Right, after a while.
    Slow(Duration),
}

/// How a comment that is sent is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Anybody may write.
    Open,
    /// Only accounts may.
    Accounts,
    /// A proof is asked for that only a browser gives.
    Captcha,
    /// It is taken, and the connection ends without an answer.
    Lost,
    /// The connection ends without an answer, and nothing was taken.
    Cut,
    /// A firewall's page, 403.
    Firewall,
}

/// A post.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its number.
    pub id: u64,
    /// The last part of its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published: Timestamp,
    /// Whether it takes comments.
    pub is_open: bool,
    /// How many pingbacks it has.
    pub pingbacks: usize,
    /// Its comments, those that nobody is shown among them.
    pub comments: Vec<Comment>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its number.
    pub id: u64,
    /// The number of what it answers, or 0.
    pub parent: u64,
    /// Its author, as plain text.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// The number of the author's account, or 0; 1 wrote the posts.
    pub account: u64,
    /// What it says, as the site renders it.
    pub html: String,
    /// What it says, as it was sent.
    pub text: String,
    /// When it was published.
    pub published: Timestamp,
    /// Who sees it.
    pub shown: Shown,
}

/// Who sees a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Everybody.
    Approved,
    /// Its author and the moderators.
    Held,
    /// Nobody: spam, or in the bin.
    Hidden,
}

/// A comment that somebody sent.
pub struct Sent {
    /// The request.
    pub asked: Asked,
    /// The fields of its body, of a form or of JSON.
    pub fields: Vec<(String, String)>,
}

impl Sent {
    /// Returns a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

impl Post {
    /// A post that takes comments and has none, published two days ago.
    pub fn new(id: u64, slug: &str) -> Self {
        let hour = Timestamp::now().as_second() / 3600;
        let published = Timestamp::from_second((hour - 48) * 3600).unwrap();
        Self {
            id,
            slug: slug.to_owned(),
            title: format!("News of the {slug}"),
            published,
            is_open: true,
            pingbacks: 0,
            comments: Vec::new(),
        }
    }

    /// With these comments, published one after the other, a minute apart.
    #[must_use]
    pub fn with(mut self, comments: impl IntoIterator<Item = Comment>) -> Self {
        for mut comment in comments {
            let minutes = i64::try_from(self.comments.len() + 1).unwrap();
            comment.published = self.published + SignedDuration::from_mins(minutes);
            self.comments.push(comment);
        }
        self
    }

    /// Closed for comments.
    #[must_use]
    pub fn closed(mut self) -> Self {
        self.is_open = false;
        self
    }

    /// Returns the comments that everybody sees.
    fn approved(&self) -> impl Iterator<Item = &Comment> {
        (self.comments.iter()).filter(|comment| comment.shown == Shown::Approved)
    }

    /// Returns what the site counts: comments and pingbacks.
    fn count(&self) -> usize {
        self.approved().count() + self.pingbacks
    }
}

impl Comment {
    /// A comment that everybody sees. Its time is that of the post that gets it.
    pub fn new(id: u64, author: &str, text: &str) -> Self {
        Self {
            id,
            parent: 0,
            author: author.to_owned(),
            email: format!("{}@isles.example", author.to_lowercase().replace(' ', ".")),
            account: 0,
            html: rendered(text),
            text: text.to_owned(),
            published: Timestamp::UNIX_EPOCH,
            shown: Shown::Approved,
        }
    }

    /// As an answer to this one.
    #[must_use]
    pub fn reply_to(mut self, parent: u64) -> Self {
        self.parent = parent;
        self
    }

    /// Shown to these alone.
    #[must_use]
    pub fn shown(mut self, shown: Shown) -> Self {
        self.shown = shown;
        self
    }

    /// With this HTML instead of its text.
    #[must_use]
    pub fn html(mut self, html: &str) -> Self {
        html.clone_into(&mut self.html);
        self
    }
}

impl FakeWordPress {
    /// Starts one without posts.
    pub fn start() -> Self {
        let server = FakeServer::start();
        let site = Arc::new(Mutex::new(Site {
            url: format!("http://{}", server.address()),
            posts: Vec::new(),
            rest: Rest::Open,
            door: Door::Open,
            is_pretty: true,
            threads_on_page: 50,
            is_slowing: false,
            token: None,
            has_comments_on_pages: true,
            account: None,
            last: None,
        }));
        let played = Arc::clone(&site);
        server.decide_all(move |asked| {
            let answer = lock(&played).answer(asked);
            match asked.method.as_str() {
                "HEAD" => answer.head_alone(),
                _ => answer,
            }
        });
        Self { server, site }
    }

    /// Adds a post.
    pub fn add(&self, post: Post) {
        lock(&self.site).posts.push(post);
    }

    /// Changes what the site holds, or how it behaves.
    pub fn change<T>(&self, change: impl FnOnce(&mut Site) -> T) -> T {
        change(&mut lock(&self.site))
    }

    /// Returns a post as it is now.
    pub fn post(&self, id: u64) -> Post {
        self.change(|site| site.post(id).expect("a post").clone())
    }

    /// Returns the address of a path here.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Returns the server, which knows what it was asked.
    pub fn server(&self) -> &FakeServer {
        &self.server
    }

    /// Returns the requests whose path and query hold this.
    pub fn asked(&self, part: &str) -> Vec<Asked> {
        let mut asked = self.server.asked();
        asked.retain(|asked| asked.target.contains(part));
        asked
    }

    /// Returns the comments that were sent, in the order in which they came.
    pub fn sent(&self) -> Vec<Sent> {
        let asked = self.server.asked().into_iter();
        asked
            .filter(|asked| asked.method == "POST")
            .map(|asked| Sent {
                fields: door::fields(&asked),
                asked,
            })
            .collect()
    }

    /// Makes a folder whose one feed is the site's, refreshed; `settings` go before the sections.
    pub fn reader(&self, settings: &str) -> TestEnv {
        let env = TestEnv::new();
        env.configure(&format!(
            "{settings}\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
            self.change(|site| site.feed_address()),
        ));
        let ran = env.run(&["refresh"]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        env
    }
}

impl Site {
    /// Answers a question.
    fn answer(&mut self, asked: &Asked) -> Answer {
        let address = format!("{}{}", self.url, asked.target);
        let Ok(url) = Url::parse(&address) else {
            return Answer::status(400);
        };
        if url.path() == "/wp-comments-post.php" {
            return self.take_form(asked);
        }
        if let Some((route, parameters)) = self.route(&url) {
            return self.answer_rest(asked, &route, &parameters);
        }
        if let Some(answer) = self.answer_feed(asked, &url) {
            return answer;
        }
        self.answer_page(&url).unwrap_or_else(|| {
            Answer::status(404)
                .header("Content-Type", "text/html; charset=UTF-8")
                .body("<html><head><title>Page not found</title></head></html>")
        })
    }

    /// Returns a post.
    fn post(&self, id: u64) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    /// Returns the address of a post.
    pub fn link(&self, post: &Post) -> String {
        if self.is_pretty {
            let time = local(post.published);
            format!("{}/{}/{}/", self.url, time.strftime("%Y/%m"), post.slug)
        } else {
            format!("{}/?p={}", self.url, post.id)
        }
    }

    /// Returns the address of a page of a post's comments.
    fn page_link(&self, post: &Post, page: usize) -> String {
        if self.is_pretty {
            format!("{}comment-page-{page}/", self.link(post))
        } else {
            format!("{}&cpage={page}", self.link(post))
        }
    }

    /// Returns the address of a comment, on its page.
    fn comment_link(&self, post: &Post, id: u64) -> String {
        let page = self.page_of(post, id);
        format!("{}#comment-{id}", self.page_link(post, page))
    }

    /// Returns the post of an address of an article, and what stands behind that.
    fn post_at(&self, url: &Url) -> Option<(&Post, String)> {
        if let Some(id) = parameter(url, "p") {
            return Some((self.post(id.parse().ok()?)?, String::new()));
        }
        self.posts.iter().find_map(|post| {
            let link = Url::parse(&self.link(post)).ok()?;
            let rest = url.path().strip_prefix(link.path())?;
            (link.path() != "/").then(|| (post, rest.to_owned()))
        })
    }

    /// Returns the address of the REST interface.
    fn rest_root(&self) -> String {
        if self.is_pretty {
            format!("{}/wp-json/", self.url)
        } else {
            format!("{}/index.php?rest_route=/", self.url)
        }
    }

    /// Returns what an answer about a post says in its header fields: where to find it otherwise.
    fn with_links(&self, answer: Answer, post: Option<&Post>) -> Answer {
        let root = self.rest_root();
        let answer = answer.header("Link", format!("<{root}>; rel=\"https://api.w.org/\""));
        let Some(post) = post else { return answer };
        let (url, id) = (&self.url, post.id);
        answer
            .header(
                "Link",
                format!("<{root}wp/v2/posts/{id}>; rel=\"alternate\"; type=\"application/json\""),
            )
            .header("Link", format!("<{url}/?p={id}>; rel=shortlink"))
    }
}

/// Returns a parameter of an address.
fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// Returns a time in the site's zone, two hours before UTC's.
fn local(time: Timestamp) -> ZonedDateTime {
    time.to_zoned_datetime(TimeZone::fixed(offset(2)))
}

/// Returns text as the site renders it.
fn rendered(text: &str) -> String {
    let paragraphs = text.trim().split("\n\n").map(|paragraph| {
        let lines = escaped(paragraph.trim()).replace('\n', "<br />\n");
        format!("<p>{lines}</p>\n")
    });
    paragraphs.collect()
}

/// Returns text with the signs of HTML written as entities.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Takes a lock that another test's panic may have left.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
