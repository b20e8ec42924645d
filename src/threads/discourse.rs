//! Topics at a Discourse forum, which its sites embed under their articles
//! (<https://docs.discourse.org/#tag/Topics>).

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use super::{ThreadError, json, moment, web_address};
use crate::html::{self, Dom, NodeId};
use crate::model::comment::{Comment, CommentId};
use crate::model::text::in_one_line;

/// As many posts are asked for at once.
pub const POSTS_AT_ONCE: usize = 50;

/// A topic, as its forum tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its number.
    pub id: u64,
    /// The first comments (20, if the forum has no other setting), without the first post, which
    /// stands for the article.
    pub comments: Vec<Comment>,
    /// The numbers of the posts that didn't come with the topic, for [`ask_posts`].
    pub missing: Vec<u64>,
    /// How many comments the forum counts.
    pub count: u32,
}

/// Returns where a topic is asked for; None where `topic` is no address of one.
pub fn ask_topic(topic: &Url) -> Option<Url> {
    let (forum, id) = place_of(topic)?;
    at(topic, &format!("{forum}/t/{id}.json"))
}

/// Returns where posts of a topic are asked for; None where `topic` is no address of one.
pub fn ask_posts(topic: &Url, posts: &[u64]) -> Option<Url> {
    let (forum, id) = place_of(topic)?;
    let mut url = at(topic, &format!("{forum}/t/{id}/posts.json"))?;
    for post in posts {
        url.query_pairs_mut()
            .append_pair("post_ids[]", &post.to_string());
    }
    Some(url)
}

/// Whether an address is that of a topic.
pub(super) fn is_topic(url: &Url) -> bool {
    place_of(url).is_some()
}

/// Reads an answer about the topic at `topic`. Hidden and deleted posts are left out, and those that
/// only say what was done (closed, moved).
pub fn topic(body: &[u8], topic: &Url) -> Result<Topic, ThreadError> {
    let told = json::value(body).ok_or(ThreadError::NotDiscourse)?;
    let id = number(&told, "id").ok_or(ThreadError::NotDiscourse)?;
    let stream = told.get("post_stream").ok_or(ThreadError::NotDiscourse)?;
    let came = list(stream, "posts").ok_or(ThreadError::NotDiscourse)?;
    let known: HashSet<u64> = came.iter().filter_map(|post| number(post, "id")).collect();
    let all = list(stream, "stream").unwrap_or_default();
    let count = number(&told, "posts_count").unwrap_or(0).saturating_sub(1);
    Ok(Topic {
        id,
        comments: comments(came, topic),
        missing: (all.iter().filter_map(Value::as_u64))
            .filter(|id| !known.contains(id))
            .collect(),
        count: u32::try_from(count).unwrap_or(u32::MAX),
    })
}

/// Reads an answer about posts of the topic at `topic`.
pub fn posts(body: &[u8], topic: &Url) -> Result<Vec<Comment>, ThreadError> {
    let told = json::value(body).ok_or(ThreadError::NotDiscourse)?;
    let stream = told.get("post_stream").ok_or(ThreadError::NotDiscourse)?;
    let came = list(stream, "posts").ok_or(ThreadError::NotDiscourse)?;
    Ok(comments(came, topic))
}

/// Finds the topic's address in the page that a forum has for embedding, which was found at `url`;
/// none where nobody has written yet.
pub fn embedded(html: &str, url: &Url) -> Option<Url> {
    let tree = html::tree(html);
    let mut ahead: Vec<NodeId> = vec![Dom::ROOT];
    while let Some(id) = ahead.pop() {
        ahead.extend(tree.node(id).children.iter().rev());
        let Some(link) = tree.element(id).filter(|element| element.name() == "a") else {
            continue;
        };
        let address = link.attribute("href").and_then(|to| url.join(to).ok());
        let is_near = |to: &Url| to.origin() == url.origin();
        if let Some(to) = address.filter(is_near)
            && let Some((forum, id)) = place_of(&to)
        {
            return at(&to, &format!("{forum}/t/{id}"));
        }
    }
    None
}

fn comments(posts: &[Value], topic: &Url) -> Vec<Comment> {
    let mut told: Vec<Comment> = Vec::with_capacity(posts.len());
    told.extend(posts.iter().filter_map(|post| comment(post, topic)));
    told
}

fn comment(post: &Value, topic: &Url) -> Option<Comment> {
    let place = number(post, "post_number").filter(|place| *place > 1)?;
    // 1 is a reader's, 2 a moderator's; the others are no text for readers.
    let is_text = number(post, "post_type").is_none_or(|kind| matches!(kind, 1 | 2));
    let says = |name: &str| post.get(name).and_then(Value::as_bool) == Some(true);
    let is_gone = says("hidden") || says("user_deleted");
    let is_deleted = post.get("deleted_at").is_some_and(|at| !at.is_null());
    if !is_text || is_gone || is_deleted {
        return None;
    }
    let text = |name: &str| {
        let text = post.get(name).and_then(Value::as_str);
        text.filter(|text| !text.trim().is_empty())
    };
    let parent = number(post, "reply_to_post_number");
    let url = place_of(topic)
        .and_then(|(forum, id)| at(topic, &format!("{forum}/t/{id}/{place}")))
        .map(String::from);
    Some(Comment {
        id: CommentId(place.to_string()),
        parent: parent
            .filter(|parent| *parent > 1 && *parent != place)
            .map(|parent| CommentId(parent.to_string())),
        author: in_one_line(text("name").or(text("username")).unwrap_or_default()),
        by_author: false,
        published: text("created_at").and_then(moment),
        html: with_addresses(text("cooked").unwrap_or_default(), topic),
        url: url.as_deref().and_then(web_address),
    })
}

/// Returns a post's HTML with addresses in full, which forums write from their root on.
fn with_addresses(html: &str, topic: &Url) -> String {
    let origin = topic.origin().ascii_serialization();
    let mut out = String::with_capacity(html.len());
    let mut pieces = html.split("=\"/");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let is_ours = out.ends_with(" href") || out.ends_with(" src");
        out.push_str("=\"");
        if is_ours && !piece.starts_with('/') {
            out.push_str(&origin);
        }
        out.push('/');
        out.push_str(piece);
    }
    out
}

/// Returns the path of a topic's forum and the topic's number: `/t/a-title/12/3` and `/t/12` are
/// addresses of topic 12.
fn place_of(url: &Url) -> Option<(&str, u64)> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let (forum, rest) = url.path().split_once("/t/")?;
    let mut parts = rest.split('/');
    let first = parts.next()?;
    let number = |part: &str| part.parse::<u64>().ok();
    // A title may be a number, too.
    let id = parts
        .next()
        .and_then(number)
        .filter(|_| number(first).is_none());
    Some((forum, id.or_else(|| number(first))?))
}

fn at(url: &Url, path: &str) -> Option<Url> {
    url.join(path).ok()
}

fn number(told: &Value, name: &str) -> Option<u64> {
    told.get(name)?.as_u64()
}

fn list<'a>(told: &'a Value, name: &str) -> Option<&'a [Value]> {
    told.get(name)?.as_array().map(Vec::as_slice)
}
