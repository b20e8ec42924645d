//! The page of an article: its comments as themes of WordPress show them, and where more of them are.
//!
//! - here: what a page tells
//! - `facts`: what it says besides its comments; `others`: the other pages of comments
//! - `entries`: the comments; `markup`: the tree, walked and written again
//! - `elsewhere`: services that have the comments instead

mod elsewhere;
mod entries;
mod facts;
mod markup;
mod others;

use url::Url;

use crate::html;
use crate::model::comment::{Comment, Openness};

/// What an article's page tells of its comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageTold {
    /// The root of WordPress's REST interface.
    pub rest_root: Option<Url>,
    /// The number of WordPress's post.
    pub post: Option<u64>,
    /// The feed of this article's comments.
    pub comment_feed: Option<Url>,
    /// Whether the article takes comments.
    pub openness: Openness,
    /// The comments on this page, in its order. Where comments are nested deeper than the site shows
    /// (five levels, if it didn't choose others), the deeper ones stand beside what they answer.
    pub comments: Vec<Comment>,
    /// How many links from other pages stand among them.
    pub pingbacks: u32,
    /// The other pages of comments, the oldest first. Only what this page names or counts is here:
    /// a page may name further ones. The plain address of an article shows the newest comments.
    pub pages: Vec<Url>,
    /// The service that has the comments, where that is another and the page has none of its own.
    pub elsewhere: Option<String>,
    /// The topic at a Discourse forum that has the comments, or the page that leads to it: what
    /// [`super::discourse::ask_topic`] or [`super::discourse::embedded`] take.
    pub discourse: Option<Url>,
}

/// Reads an article's page, which was found at `url`: the address at the end of all redirects.
pub fn page(html: &str, url: &Url) -> PageTold {
    let tree = html::tree(html);
    let facts = facts::facts(&tree, url);
    let entries = entries::entries(&tree, &facts.base);
    // Many themes say nothing where comments are closed.
    let is_elsewhere = facts.elsewhere.is_some() || facts.discourse.is_some();
    let is_silent = !facts.has_place && !entries.has_replies && !is_elsewhere;
    let openness = match facts.openness {
        Openness::Unknown if is_silent && !entries.comments.is_empty() => Openness::Closed,
        openness => openness,
    };
    let has_own = !entries.comments.is_empty() || facts.openness == Openness::Open;
    PageTold {
        elsewhere: (facts.elsewhere)
            .filter(|_| !has_own && facts.discourse.is_none())
            .map(str::to_owned),
        rest_root: facts.rest_root,
        post: facts.post.or(entries.post),
        comment_feed: facts.comment_feed,
        openness,
        comments: entries.comments,
        pingbacks: entries.pingbacks,
        pages: facts.pages,
        discourse: facts.discourse,
    }
}
