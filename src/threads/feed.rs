//! Feeds of comments: WordPress's, and those of any blog that says what its entries answer
//! (RFC 4685).

use std::collections::{HashMap, HashSet};

use url::Url;

use super::links::numbered_in;
use super::web_address;
use crate::html;
use crate::model::comment::{Comment, CommentId};
use crate::model::feed::{ParsedArticle, ParsedFeed};

/// As long may the words be that stand around the link in WordPress's `In reply to …`, in bytes.
const LONGEST_WORDS: usize = 120;

/// Returns the comments of a feed, in its order. `article` is the guid of what they are about.
///
/// Comments on other articles, links from other pages (pingbacks) and what has no name are left out,
/// where the feed lets them be told apart.
pub fn comments(feed: &ParsedFeed, article: Option<&str>) -> Vec<Comment> {
    let roots = roots(feed, article);
    let post = article.and_then(post_in);
    let is_others = |one: &ParsedArticle| {
        let of = one.guid.as_deref().and_then(post_in);
        (post.zip(of)).is_some_and(|(post, of)| post != of)
    };
    // A site that has no such feed may send on to that of its articles.
    let is_post = |one: &ParsedArticle| {
        let is_it = |guid: &str| article.is_some_and(|article| is_alike(guid, article));
        let guid = one.guid.as_deref().unwrap_or_default();
        is_it(guid) || number_of(one).is_none() && post_in(guid).is_some()
    };
    (feed.articles.iter())
        .filter(|one| !is_others(one) && !is_post(one))
        .filter_map(|one| match number_of(one) {
            Some(number) => of_wordpress(one, number),
            None => of_others(one, &roots),
        })
        .collect()
}

/// Reads a comment that WordPress numbers.
fn of_wordpress(told: &ParsedArticle, number: u64) -> Option<Comment> {
    let html = match (&told.content, &told.summary) {
        (Some(content), _) => content.clone(),
        // Where the feed has no content, the text is escaped once more.
        (None, summary) => paragraphs(&html::decoded(summary.as_deref().unwrap_or_default())),
    };
    if is_pingback(&html) {
        return None;
    }
    let referred = told.in_reply_to.as_deref().map(numbered_comment);
    let leading = Leading::of(&html, told.permalink.as_deref());
    // A paragraph that says another thing than the feed itself is the comment's own.
    let is_said = |leading: &Leading<'_>| referred.is_none_or(|to| to == Some(leading.answered));
    let leading = leading.filter(|leading| leading.answered != number && is_said(leading));
    let parent = match (referred, &leading) {
        (Some(referred), _) => referred,
        (None, leading) => leading.as_ref().map(|leading| leading.answered),
    };
    Some(Comment {
        id: CommentId(number.to_string()),
        parent: parent
            .filter(|parent| *parent != number)
            .map(|parent| CommentId(parent.to_string())),
        html: leading
            .map_or(&*html, |leading| leading.rest)
            .trim()
            .to_owned(),
        ..plain(told)
    })
}

/// Reads an entry of any other feed.
fn of_others(told: &ParsedArticle, roots: &HashSet<&str>) -> Option<Comment> {
    let id = (told.guid.as_deref()).or(told.permalink.as_deref())?;
    let parent = told.in_reply_to.as_deref();
    Some(Comment {
        id: CommentId(id.to_owned()),
        parent: parent
            .filter(|parent| *parent != id && !roots.contains(parent))
            .map(|parent| CommentId(parent.to_owned())),
        ..plain(told)
    })
}

/// Returns what all comments have alike; without a name and a parent.
fn plain(told: &ParsedArticle) -> Comment {
    let text = told.content.as_deref().or(told.summary.as_deref());
    Comment {
        id: CommentId(String::new()),
        parent: None,
        author: told.byline.clone().unwrap_or_default(),
        by_author: false,
        published: told.published,
        html: text.unwrap_or_default().trim().to_owned(),
        url: told.permalink.as_deref().and_then(web_address),
    }
}

/// Returns the guids by which entries refer to the article itself: `article`, or, where none refers to
/// that, the one that most of them refer to of those that aren't in the feed.
fn roots<'a>(feed: &'a ParsedFeed, article: Option<&str>) -> HashSet<&'a str> {
    let referred = || (feed.articles.iter()).filter_map(|one| one.in_reply_to.as_deref());
    let is_article = |guid: &&str| article.is_some_and(|article| is_alike(guid, article));
    let told: HashSet<&str> = referred().filter(is_article).collect();
    if !told.is_empty() {
        return told;
    }
    let known: HashSet<&str> = (feed.articles.iter())
        .filter_map(|one| one.guid.as_deref())
        .collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for guid in referred().filter(|guid| !known.contains(guid)) {
        *counts.entry(guid).or_default() += 1;
    }
    let most = counts
        .iter()
        .max_by_key(|(guid, count)| (**count, std::cmp::Reverse(**guid)));
    most.map(|(guid, _)| *guid).into_iter().collect()
}

/// Whether two guids name one thing: addresses with `http` and `https`, with a last slash and without.
fn is_alike(one: &str, other: &str) -> bool {
    let short = |guid: &'_ str| -> String {
        let guid = guid.trim().trim_end_matches('/');
        let guid = guid
            .strip_prefix("http://")
            .or(guid.strip_prefix("https://"));
        guid.map_or(String::new(), str::to_owned)
    };
    one.trim() == other.trim() || !short(one).is_empty() && short(one) == short(other)
}

/// Returns WordPress's number of a comment: its guid or its address ends in `#comment-69`.
fn number_of(told: &ParsedArticle) -> Option<u64> {
    let numbered = |address: &Option<String>| numbered_comment(address.as_deref()?);
    numbered(&told.guid).or_else(|| numbered(&told.permalink))
}

fn numbered_comment(address: &str) -> Option<u64> {
    let (_, number) = address.trim().rsplit_once("#comment-")?;
    number.parse().ok()
}

/// Returns the number of the post in a guid.
fn post_in(guid: &str) -> Option<u64> {
    numbered_in(&Url::parse(guid.trim()).ok()?)
}

/// Whether a text is what WordPress makes of a link from another page: `[…] words around it […]`.
fn is_pingback(html: &str) -> bool {
    let text = html::plain_text(html);
    let text = text.trim();
    let marks = ["[…]", "[...]"];
    text.len() > 8
        && marks.iter().any(|mark| text.starts_with(mark))
        && marks.iter().any(|mark| text.ends_with(mark))
}

/// Returns text as HTML, with paragraphs where blank lines part it.
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let parts = text.split("\n\n").map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{part}</p>\n")).collect()
}

/// The paragraph that WordPress puts before an answer in its feeds: `In reply to <a
/// href="…#comment-66">Nadja</a>.`, in the site's language.
struct Leading<'a> {
    /// The number of what is answered.
    answered: u64,
    /// What follows the paragraph.
    rest: &'a str,
}

impl<'a> Leading<'a> {
    /// Finds it before a comment at `permalink`: a paragraph of one link, to a comment on the same
    /// page, and of few words around it. WordPress gives this link no attribute but its address, and
    /// those of readers more.
    fn of(html: &'a str, permalink: Option<&str>) -> Option<Self> {
        let inner = html.trim_start().strip_prefix("<p>")?;
        let (before, link) = inner.split_once('<')?;
        let link = link.strip_prefix("a href=\"")?;
        let (address, name) = link.split_once("\">")?;
        let (name, after) = name.split_once("</a>")?;
        let (after, rest) = after.split_once("</p>")?;
        let is_plain = !after.contains('<') && !name.contains('<') && !address.contains('"');
        let is_short = before.len() + after.len() <= LONGEST_WORDS;
        let ends = after.trim_end();
        let is_ended = ends.is_empty() || ends.ends_with(|c: char| !c.is_alphanumeric());
        let address = html::decoded(address);
        let answered = numbered_comment(&address)?;
        (is_plain && is_short && is_ended && is_same_page(&address, permalink?))
            .then_some(Self { answered, rest })
    }
}

/// Whether the addresses of two comments are those of one article, on whichever page of comments.
fn is_same_page(one: &str, other: &str) -> bool {
    let page = |address: &str| {
        let url = Url::parse(address).ok()?;
        let path = url.path().trim_end_matches('/');
        let path = match path.rsplit_once('/') {
            Some((path, last)) if last.starts_with("comment-page-") => path,
            _ => path,
        };
        Some((
            url.host_str()?.to_owned(),
            path.to_owned(),
            numbered_in(&url),
        ))
    };
    page(one).is_some_and(|one| Some(one) == page(other))
}
