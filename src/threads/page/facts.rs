//! What a page says besides its comments: in its head, its forms and its scripts.

use url::Url;

use super::elsewhere;
use super::markup::{self, Step, has_one_of};
use super::others::Others;
use crate::html::{Dom, Element, Kind, NodeId};
use crate::model::comment::Openness;
use crate::threads::discourse::is_topic;
use crate::threads::elements::classes;
use crate::threads::links::{last_number, numbered_in};

/// The types of feeds.
const FEEDS: [&str; 3] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
];

/// What a feed's address has behind the article's.
const FEED_ENDS: [&str; 6] = ["atom", "rss2", "rss", "rdf", "feed", ""];

/// What a page says.
pub(super) struct Facts {
    /// What relative addresses are relative to.
    pub(super) base: Url,
    pub(super) rest_root: Option<Url>,
    pub(super) post: Option<u64>,
    pub(super) comment_feed: Option<Url>,
    pub(super) openness: Openness,
    /// Whether there is a place for those who want to write.
    pub(super) has_place: bool,
    pub(super) pages: Vec<Url>,
    pub(super) elsewhere: Option<&'static str>,
    pub(super) discourse: Option<Url>,
}

/// Reads a page that was found at `url`.
pub(super) fn facts(tree: &Dom, url: &Url) -> Facts {
    let mut told = Told {
        base: url.clone(),
        named_base: None,
        others: Others::new(url),
        rest_root: None,
        post_in_data: None,
        post_in_link: None,
        post_in_class: None,
        post_in_form: None,
        feeds: Vec::new(),
        links: Vec::new(),
        has_form: false,
        place: Place::Ahead,
        for_accounts: false,
        is_closed: false,
        elsewhere: None,
        embedded: Embedded::default(),
    };
    markup::walk(tree, Dom::ROOT, |step| {
        match step {
            Step::In(id) => {
                if let Some(element) = tree.element(id) {
                    told.take(tree, id, element);
                }
            }
            Step::Out(id) if told.place == Place::Within(id) => told.place = Place::Behind,
            Step::Out(_) => {}
        }
        true
    });
    for link in std::mem::take(&mut told.links) {
        told.others.met(link);
    }
    let post = (told.post_in_data)
        .or(told.post_in_link)
        .or(told.post_in_class)
        .or(told.post_in_form);
    let articles = told.others.articles();
    let is_own = |feed: &Url| {
        articles
            .iter()
            .any(|article| is_feed_of(feed, article, post))
    };
    Facts {
        has_place: told.place != Place::Ahead,
        comment_feed: told.feeds.into_iter().find(is_own),
        rest_root: told.rest_root,
        post,
        openness: if told.has_form {
            Openness::Open
        } else if told.for_accounts {
            Openness::Accounts
        } else if told.is_closed {
            Openness::Closed
        } else {
            Openness::Unknown
        },
        pages: told.others.pages(),
        elsewhere: told.elsewhere,
        discourse: told.embedded.address(url),
        base: told.named_base.unwrap_or(told.base),
    }
}

/// Where the place for those who want to write stands, as the page is gone through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It didn't come yet.
    Ahead,
    /// This element is it.
    Within(NodeId),
    /// It has been.
    Behind,
}

struct Told {
    base: Url,
    named_base: Option<Url>,
    others: Others,
    rest_root: Option<Url>,
    post_in_data: Option<u64>,
    post_in_link: Option<u64>,
    post_in_class: Option<u64>,
    post_in_form: Option<u64>,
    feeds: Vec<Url>,
    links: Vec<Url>,
    place: Place,
    has_form: bool,
    for_accounts: bool,
    is_closed: bool,
    elsewhere: Option<&'static str>,
    embedded: Embedded,
}

impl Told {
    fn take(&mut self, tree: &Dom, id: NodeId, element: &Element) {
        self.elsewhere = self.elsewhere.or_else(|| elsewhere::of_element(element));
        self.for_accounts |= has_one_of(element, &["must-log-in"]);
        self.is_closed |= has_one_of(element, &["no-comments", "nocomments", "comments-closed"]);
        if self.place == Place::Ahead && element.attribute("id") == Some("respond") {
            self.place = Place::Within(id);
        }
        match element.name() {
            // The first one counts (HTML, "The base element").
            "base" if self.named_base.is_none() => self.named_base = self.address(element),
            "link" => self.take_link(element),
            "meta" if element.attribute("name") == Some("generator") => {
                let program = element.attribute("content").unwrap_or_default();
                self.embedded.is_forum |= program.starts_with("Discourse");
            }
            "body" => {
                let number = |class: &str| {
                    let number = class.strip_prefix("postid-");
                    number.or(class.strip_prefix("page-id-"))?.parse().ok()
                };
                self.post_in_class = classes(element).find_map(number);
            }
            "form" => {
                let action = element.attribute("action").unwrap_or_default();
                self.has_form |= element.attribute("id") == Some("commentform")
                    || action.contains("wp-comments-post.php");
            }
            "input" if element.attribute("name") == Some("comment_post_ID") => {
                let number = element
                    .attribute("value")
                    .and_then(|v| v.trim().parse().ok());
                self.post_in_form = self.post_in_form.or(number);
            }
            "a" => {
                let address = element.attribute("href").unwrap_or_default();
                if address.contains("comment-page-") || address.contains("cpage=") {
                    self.links.extend(self.address(element));
                }
                self.for_accounts |= matches!(self.place, Place::Within(_))
                    && address.contains("wp-login.php?redirect_to=");
                if self.embedded.topic_link.is_none() && names_discourse(element) {
                    let link = self.address(element);
                    self.embedded.topic_link = link.filter(is_topic);
                }
            }
            "iframe" if self.embedded.frame.is_none() => {
                let source = element.attribute("src").unwrap_or_default();
                let source = self.base.join(source.trim()).ok();
                self.embedded.frame = source.filter(|url| {
                    let mut named = url.query_pairs().map(|(name, _)| name);
                    url.path().ends_with("/embed/comments") && named.any(|name| name == "embed_url")
                });
            }
            "script" => {
                for child in &tree.node(id).children {
                    if let Kind::Text(script) = &tree.node(*child).kind {
                        self.elsewhere = self.elsewhere.or_else(|| elsewhere::of_script(script));
                        self.embedded.take(script);
                    }
                }
            }
            _ => {}
        }
    }

    fn take_link(&mut self, element: &Element) {
        let (Some(rel), Some(url)) = (element.attribute("rel"), self.address(element)) else {
            return;
        };
        let kind = element.attribute("type").unwrap_or_default();
        let is_feed = FEEDS.iter().any(|feed| kind.eq_ignore_ascii_case(feed));
        for rel in rel.split_ascii_whitespace() {
            match rel.to_ascii_lowercase().as_str() {
                "https://api.w.org/" => {
                    self.rest_root.get_or_insert(url.clone());
                }
                "alternate" if kind.eq_ignore_ascii_case("application/json") => {
                    self.post_in_data = self.post_in_data.or(last_number(&url));
                }
                "alternate" if is_feed => self.feeds.push(url.clone()),
                "shortlink" => self.post_in_link = self.post_in_link.or(numbered_in(&url)),
                "canonical" => self.others.also(&url),
                _ => {}
            }
        }
    }

    /// Returns where an element leads.
    fn address(&self, element: &Element) -> Option<Url> {
        let address = element.attribute("href")?.trim();
        let base = self.named_base.as_ref().unwrap_or(&self.base);
        let url = base.join(address).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }
}

/// Whether a feed is that of the comments on an article: its address is the article's and `feed/`,
/// or has the post's number.
fn is_feed_of(feed: &Url, article: &Url, post: Option<u64>) -> bool {
    if feed.origin() != article.origin() {
        return false;
    }
    let is_query = feed.query_pairs().any(|(name, _)| name == "feed");
    if is_query && post.is_some() && numbered_in(feed) == post {
        return true;
    }
    let path = article.path().trim_end_matches('/');
    let rest = feed.path().strip_prefix(path);
    let mut ends = rest.unwrap_or_default().split('/').skip(1);
    let is_below = rest.is_some_and(|rest| rest.starts_with("/feed"));
    // The site's own feed is below its front page.
    is_below && !path.is_empty() && ends.all(|end| FEED_ENDS.contains(&end))
}

/// What a page says of a topic at a Discourse forum that is embedded in it, or that it is itself
/// (<https://meta.discourse.org/t/embed-discourse-comments-on-another-website-via-javascript/31963>).
#[derive(Default)]
struct Embedded {
    /// Whether the page is a forum's own.
    is_forum: bool,
    forum: Option<Url>,
    topic: Option<u64>,
    page: Option<String>,
    topic_link: Option<Url>,
    frame: Option<Url>,
}

impl Embedded {
    fn take(&mut self, script: &str) {
        if self.forum.is_some() || !script.contains("discourseUrl") {
            return;
        }
        self.forum = value_of(script, "discourseUrl")
            .and_then(|address| Url::parse(address).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        self.topic = value_of(script, "topicId").and_then(|number| number.parse().ok());
        self.page = value_of(script, "discourseEmbedUrl")
            .filter(|page| page.starts_with("http"))
            .map(str::to_owned);
    }

    /// Returns the topic's address, or that of the page which names it. `url` is the article's.
    fn address(self, url: &Url) -> Option<Url> {
        if self.is_forum && is_topic(url) {
            return Some(url.clone());
        }
        let Some(mut forum) = self.forum else {
            return self.topic_link.or(self.frame);
        };
        forum.set_query(None);
        forum.set_fragment(None);
        let folder = forum.path().trim_end_matches('/').to_owned();
        if let Some(topic) = self.topic {
            forum.set_path(&format!("{folder}/t/{topic}"));
            return Some(forum);
        }
        forum.set_path(&format!("{folder}/embed/comments"));
        let mut article = url.clone();
        article.set_fragment(None);
        let page = self.page.unwrap_or_else(|| article.into());
        forum.query_pairs_mut().append_pair("embed_url", &page);
        Some(forum)
    }
}

/// Returns the text or number that a script gives a name.
fn value_of<'a>(script: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = script.split_once(name)?;
    let after = after
        .trim_start_matches(['\'', '"'])
        .trim_start()
        .strip_prefix([':', '='])?
        .trim_start();
    match after.strip_prefix(['\'', '"']) {
        Some(text) => text.split(['\'', '"']).next(),
        None => after.split(|c: char| !c.is_ascii_digit()).next(),
    }
}

/// Whether an element belongs to the Discourse plug-in for WordPress.
fn names_discourse(element: &Element) -> bool {
    classes(element).any(|class| class.starts_with("wpdc-") || class.contains("discourse"))
}
