//! Comments under an article: what others wrote, and what the reader writes.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::article::ArticleId;

/// A comment's name at its site: WordPress's or Discourse's number, or the id of an Atom entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommentId(pub String);

impl CommentId {
    /// Returns it as a number where it is one.
    pub fn number(&self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl fmt::Display for CommentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One comment, as its site tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its name at its site.
    pub id: CommentId,
    /// The comment that it answers, whether or not the site shows that one.
    pub parent: Option<CommentId>,
    /// Who wrote it, as plain text; empty where nobody is named. Not made safe for a terminal.
    pub author: String,
    /// Whether that is who wrote the article.
    pub by_author: bool,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// Its text as HTML, as published: not sanitised.
    pub html: String,
    /// Its lasting web address.
    pub url: Option<String>,
}

/// Comments in the order of a thread: each behind what it answers, the oldest answer first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The comments.
    pub comments: Vec<Threaded>,
}

/// A comment in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threaded {
    /// The comment.
    pub comment: Comment,
    /// How deep it stands; 1 for one that begins a thread.
    pub depth: u32,
    /// How many comments stand below it, at any depth.
    pub replies: u32,
    /// Where it stands.
    pub place: Place,
}

/// Where a comment stands in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It begins a thread.
    First,
    /// It stands below the comment that it answers.
    Reply,
    /// It begins a thread, as the site no longer shows what it answers.
    Orphan,
}

/// How the comments of an article are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Through WordPress's REST interface.
    Rest,
    /// From the article's own page, and the pages of comments that it leads to.
    Pages,
    /// From the comment feed, which holds the newest alone: the others are gathered over time.
    Feed,
    /// From the topic at a Discourse forum.
    Discourse,
}

/// Whether an article takes comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Openness {
    /// Nothing was told.
    #[default]
    Unknown,
    /// It takes some.
    Open,
    /// It takes none any more.
    Closed,
    /// Those of the site's own accounts alone.
    Accounts,
}

/// What is known of an article's comments besides themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ThreadFacts {
    /// How they were read last.
    pub way: Option<Way>,
    /// The number of WordPress's post.
    pub post: Option<u64>,
    /// Whether the article takes comments.
    pub openness: Openness,
    /// How many links from other pages (pingbacks) the site counts as comments, where it told.
    pub pingbacks: Option<u32>,
    /// Whether older comments may be missing, as the site gives the newest alone.
    pub is_partial: bool,
    /// The service that has the comments, where that is none that can be read: `Disqus`.
    pub elsewhere: Option<String>,
}

/// What is known of a site, whichever article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteFacts {
    /// The root of WordPress's REST interface, as the site names it.
    pub rest_root: Option<String>,
    /// Until when that interface counts as closed.
    pub rest_closed_until: Option<Timestamp>,
    /// Until when comment feeds count as the only way to the comments.
    pub feeds_alone_until: Option<Timestamp>,
}

/// A comment of the reader's own, in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftId(pub i64);

/// A comment of the reader's own, from its first letter on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: DraftId,
    /// The article that it is about.
    pub article: ArticleId,
    /// The comment that it answers.
    pub reply_to: Option<CommentId>,
    /// What is to be sent.
    pub words: Words,
    /// How far it has come.
    pub state: DraftState,
    /// When it was last written or sent.
    pub changed: Timestamp,
    /// Whether these words were sent, and nobody knows whether they came: where the site then says
    /// that it has them already, they did.
    pub is_lost: bool,
}

/// What a comment of the reader's own says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The name that it is published under.
    pub name: String,
    /// The address that the site asks for and doesn't publish.
    pub email: String,
    /// The text.
    pub text: String,
}

/// How far a comment of the reader's own has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftState {
    /// It is being written; nobody has said that it may be sent.
    Draft,
    /// It may be sent, and waits for the network.
    Waiting,
    /// It is on its way. Where nobody sends it any more, its fate is unknown.
    Sending,
    /// The site shows it.
    Published(Receipt),
    /// The site has it, and a moderator has to approve of it.
    Held(Receipt),
    /// The site doesn't take it.
    Refused(Refusal),
    /// It was sent, and no answer came.
    Unknown,
}

impl DraftState {
    /// Whether the comment is still the reader's own to write on, to send and to throw away; else it is
    /// on its way, or its site has it.
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::Draft | Self::Waiting | Self::Refused(_) | Self::Unknown => true,
            Self::Sending | Self::Published(_) | Self::Held(_) => false,
        }
    }
}

/// What a site gives for a comment that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// The comment's name at the site.
    pub id: Option<CommentId>,
    /// Where the site shows it.
    pub url: Option<String>,
}

/// Why a site doesn't take a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Of which kind the reason is.
    pub why: Why,
    /// What the site says, else what is the matter, as plain text in one line; may be empty.
    pub words: String,
}

/// Kinds of reasons for which a comment isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Comments are closed.
    Closed,
    /// Only the site's own accounts may write.
    MustLogIn,
    /// A person has to prove to be one, in a browser.
    Captcha,
    /// The site has it already.
    Duplicate,
    /// The last one was sent too short a time before.
    TooFast,
    /// Something that was filled in is wrong or lacks.
    Invalid,
    /// The site took no account's password.
    Password,
    /// Another reason.
    Other,
}
