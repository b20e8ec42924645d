//! WordPress's REST interface (<https://developer.wordpress.org/rest-api/reference/comments/>).

use serde_json::{Value, json};
use url::Url;

use super::error::ThreadError;
use super::json;
use super::{moment, web_address};
use crate::html;
use crate::model::comment::{Comment, CommentId, Openness};
use crate::model::text::in_one_line;

/// What is asked of a comment; without it an answer is three times as long.
pub const COMMENT_FIELDS: &str =
    "id,parent,author,author_name,author_url,date_gmt,content,link,type";

/// What is asked of a post.
pub const POST_FIELDS: &str = "id,link,author,comment_status";

/// The most comments that a page has: with more the interface errs.
pub const PAGE: usize = 100;

/// What the interface tells of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its number.
    pub id: u64,
    /// Its address.
    pub link: Option<String>,
    /// The number of its author's account; none where it has none.
    pub author: Option<u64>,
    /// Whether it takes comments.
    pub openness: Openness,
}

/// Returns the address of a route such as `wp/v2/comments` below the interface's root.
///
/// Without permalinks the root's parameter `rest_route` holds the route.
pub fn route(root: &Url, route: &str, parameters: &[(&str, &str)]) -> Url {
    let mut url = root.clone();
    url.set_fragment(None);
    let mut is_parameter = false;
    let before: Vec<(String, String)> = root
        .query_pairs()
        .map(|(name, value)| {
            if name == "rest_route" {
                is_parameter = true;
                return (name.into_owned(), joined(&value, route));
            }
            (name.into_owned(), value.into_owned())
        })
        .collect();
    if !is_parameter {
        url.set_path(&joined(root.path(), route));
    }
    url.set_query(None);
    if !before.is_empty() || !parameters.is_empty() {
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(before);
        pairs.extend_pairs(parameters);
    }
    url
}

fn joined(root: &str, route: &str) -> String {
    format!(
        "{}/{}",
        root.trim_end_matches('/'),
        route.trim_start_matches('/')
    )
}

/// Writes a comment on a post, in the name of the account that sends it.
pub fn new_comment(post: u64, parent: Option<u64>, text: &str) -> Vec<u8> {
    json!({ "post": post, "parent": parent.unwrap_or_default(), "content": text })
        .to_string()
        .into_bytes()
}

/// Reads a page of comments. `author` is the account of who wrote the article.
///
/// What is no comment (a pingback) or has no number is left out.
pub fn comments(body: &[u8], author: Option<u64>) -> Result<Vec<Comment>, ThreadError> {
    let listed = list(body)?;
    Ok((listed.iter())
        .filter_map(|told| comment(told, author))
        .collect())
}

fn comment(told: &Value, author: Option<u64>) -> Option<Comment> {
    let kind = told.get("type").and_then(Value::as_str);
    if kind.is_some_and(|kind| kind != "comment" && !kind.is_empty()) {
        return None;
    }
    let account = number(told, "author").filter(|account| *account > 0);
    let text = |name: &str| told.get(name).and_then(Value::as_str);
    Some(Comment {
        id: CommentId(number(told, "id")?.to_string()),
        parent: number(told, "parent")
            .filter(|parent| *parent > 0)
            .map(|parent| CommentId(parent.to_string())),
        author: in_one_line(&html::decoded(text("author_name").unwrap_or_default())),
        by_author: account.is_some() && account == author,
        published: text("date_gmt").and_then(moment),
        html: rendered(told.get("content")).unwrap_or_default().to_owned(),
        url: text("link").and_then(web_address),
    })
}

/// Reads a post.
pub fn post(body: &[u8]) -> Result<Post, ThreadError> {
    let told = json::value(body);
    told.and_then(|told| read_post(&told))
        .ok_or(ThreadError::NotWordPress)
}

/// Reads a list of posts.
pub fn posts(body: &[u8]) -> Result<Vec<Post>, ThreadError> {
    Ok(list(body)?.iter().filter_map(read_post).collect())
}

fn read_post(told: &Value) -> Option<Post> {
    Some(Post {
        id: number(told, "id")?,
        link: (told.get("link").and_then(Value::as_str)).and_then(web_address),
        author: number(told, "author").filter(|author| *author > 0),
        openness: match told.get("comment_status").and_then(Value::as_str) {
            Some("open") => Openness::Open,
            Some("closed") => Openness::Closed,
            _ => Openness::Unknown,
        },
    })
}

/// Reads which comments are on which posts, where no more was asked for than that.
pub fn places(body: &[u8]) -> Result<Vec<(u64, CommentId)>, ThreadError> {
    let place = |told: &Value| {
        let id = CommentId(number(told, "id")?.to_string());
        Some((number(told, "post")?, id))
    };
    Ok(list(body)?.iter().filter_map(place).collect())
}

/// Reads a list of which something is one of WordPress's, where there is anything in it.
fn list(body: &[u8]) -> Result<Vec<Value>, ThreadError> {
    let is_ours = |listed: &Vec<Value>| {
        listed.is_empty() || listed.iter().any(|told| number(told, "id").is_some())
    };
    json::list(body)
        .filter(is_ours)
        .ok_or(ThreadError::NotWordPress)
}

fn number(told: &Value, name: &str) -> Option<u64> {
    let value = told.get(name)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn rendered(told: Option<&Value>) -> Option<&str> {
    let told = told?;
    told.get("rendered").unwrap_or(told).as_str()
}
