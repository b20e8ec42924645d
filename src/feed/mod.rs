//! Bytes → [`ParsedFeed`]: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed.
//!
//! Nothing here asks the network, the clock or the disk; the same bytes give the same feed. What is
//! wrong with a document is mended where it can be, said as a [`FeedProblem`], and never loses the
//! rest of it.
//!
//! - `ended`: a feed that says that it has ended
//! - [`identity`]: which article is which, across polls and feeds
//! - `charset`: bytes → text
//! - `sniff`: which kind of feed it is, or what else
//! - `repair`: XML mended before the parser sees it
//! - `ahead`: closing marks looked for once
//! - `adapter`: the one place that knows the feed parser and its types
//! - `json`: JSON Feed mended
//! - `extras`: what the feed parser hides
//! - `dates`: the odd dates of the world
//! - `text`: titles and names as plain text

mod adapter;
mod ahead;
mod charset;
mod dates;
mod ended;
mod extras;
pub mod identity;
mod json;
#[cfg(test)]
mod mutations;
mod repair;
mod sniff;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use url::Url;

use crate::model::feed::ParsedFeed;
pub use ended::ending;
use sniff::{Document, Family};

/// A document that could be read, and what was wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// What it held.
    pub feed: ParsedFeed,
    /// What was mended or not understood, in no particular order.
    pub problems: Vec<FeedProblem>,
}

/// One thing that was wrong with a document that could be read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedProblem {
    /// The text was not in the encoding that header or declaration name.
    WrongEncoding {
        /// The name given, where there was one.
        named: Option<String>,
        /// The encoding used instead.
        used: &'static str,
    },
    /// Bytes that are no UTF-8 in a text that is.
    StrayBytes {
        /// How many.
        bytes: u32,
    },
    /// Something that XML doesn't allow was mended.
    Mended {
        /// What it was.
        what: Mend,
        /// How often.
        times: u32,
    },
    /// Articles whose dates could not be read; they are kept without.
    UnreadableDates {
        /// The first such date as published, shortened.
        first: String,
        /// How many articles have none but such dates.
        articles: u32,
    },
    /// Articles that the publisher gave no id.
    MissingIds {
        /// How many.
        articles: u32,
    },
}

impl FeedProblem {
    /// A mistake that was mended once.
    fn once(what: Mend) -> Self {
        Self::Mended { what, times: 1 }
    }
}

impl fmt::Display for FeedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongEncoding {
                named: Some(named),
                used,
            } => write!(f, "the text is not in `{named}`; read as {used}"),
            Self::WrongEncoding { named: None, used } => {
                write!(f, "the text names no encoding; read as {used}")
            }
            Self::StrayBytes { bytes: 1 } => {
                f.write_str("a byte is not UTF-8; read as windows-1252")
            }
            Self::StrayBytes { bytes } => {
                write!(f, "{bytes} bytes are not UTF-8; read as windows-1252")
            }
            Self::Mended { what, times: 1 } => write!(f, "mended: {what}"),
            Self::Mended { what, times } => write!(f, "mended: {what} ({times} times)"),
            Self::UnreadableDates { first, articles: 1 } => {
                write!(f, "a date can't be read: `{first}`")
            }
            Self::UnreadableDates { first, articles } => {
                write!(f, "{articles} dates can't be read, such as `{first}`")
            }
            Self::MissingIds { articles: 1 } => f.write_str("an article has no id"),
            Self::MissingIds { articles } => write!(f, "{articles} articles have no id"),
        }
    }
}

/// A mistake that can be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Something before the feed.
    JunkBefore,
    /// A control character.
    Control,
    /// An `&` that begins no reference.
    Ampersand,
    /// A reference that XML doesn't know, such as `&nbsp;`.
    Reference,
    /// A `<` that begins no tag.
    Sign,
    /// A tag with missing quotes and the like.
    Tag,
    /// An element that was not closed.
    Unclosed,
    /// An end without a start.
    Stray,
    /// CDATA without its end, or within CDATA.
    Cdata,
    /// HTML that was not escaped.
    Markup,
    /// Elements nested too deeply.
    TooDeep,
    /// More articles than any feed has.
    TooManyArticles,
    /// A prefix without a namespace.
    Prefix,
    /// A namespace in another spelling.
    Namespace,
    /// An RSS version that is missing or unknown.
    Version,
    /// Articles behind the end of the feed, or in a second one.
    AfterEnd,
    /// JSON that isn't written as JSON must be, or has fields of the wrong kind.
    Json,
    /// The document ends in the middle.
    CutShort,
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JunkBefore => "text before the feed",
            Self::Control => "control characters",
            Self::Ampersand => "an unescaped `&`",
            Self::Reference => "a reference that XML doesn't know",
            Self::Sign => "an unescaped `<`",
            Self::Tag => "a broken tag",
            Self::Unclosed => "an element that was not closed",
            Self::Stray => "an end tag without a start",
            Self::Cdata => "CDATA without its end",
            Self::Markup => "HTML that was not escaped",
            Self::TooDeep => "elements nested too deeply",
            Self::TooManyArticles => "more articles than can be read; the first are kept",
            Self::Prefix => "an undeclared prefix",
            Self::Namespace => "an unusual namespace",
            Self::Version => "a missing or unknown RSS version",
            Self::AfterEnd => "articles after the end of the feed",
            Self::Json => "JSON that isn't quite JSON Feed",
            Self::CutShort => "the document ends too early",
        })
    }
}

/// Why a document gave no feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// There is nothing in it.
    #[error("the server sent an empty document")]
    Empty,
    /// It is something else.
    #[error("the server sent {what}, not a feed")]
    NotAFeed {
        /// What it is.
        what: OtherDocument,
    },
    /// It is a feed, but broken beyond mending.
    #[error("the feed is broken: {reason}")]
    Malformed {
        /// What the parser says.
        reason: String,
    },
}

/// What a document is that is no feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherDocument {
    /// A page for a browser.
    HtmlPage,
    /// A list of feeds.
    Opml,
    /// A list of a site's pages.
    Sitemap,
    /// JSON of another kind.
    Json,
    /// XML of another kind.
    OtherXml {
        /// The name of its root element.
        root: String,
    },
    /// Text without markup.
    PlainText,
    /// No text at all.
    Binary,
}

impl fmt::Display for OtherDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HtmlPage => f.write_str("an HTML page"),
            Self::Opml => f.write_str("an OPML list of feeds"),
            Self::Sitemap => f.write_str("a sitemap"),
            Self::Json => f.write_str("JSON without a feed"),
            Self::OtherXml { root } => write!(f, "an XML document (`{root}`)"),
            Self::PlainText => f.write_str("plain text"),
            Self::Binary => f.write_str("a binary file"),
        }
    }
}

/// Reads a feed document.
///
/// `content_type` is the header's value and counts for its charset alone: what a document is, its
/// text says. `base` is the address that the document came from.
pub fn parse(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<Parsed, FeedError> {
    let (text, problem) = charset::decode(bytes, content_type);
    let mut problems: Vec<FeedProblem> = problem.into_iter().collect();
    let feed = match sniff::sniff(&text)? {
        Document::Json => {
            let feed = adapter::read_json(&text, base, &mut problems)?;
            problems.extend(missing_ids(&feed));
            feed
        }
        Document::Xml {
            family,
            root_at,
            junk,
        } => {
            let mended = repair::mend(&text, root_at, family, base, &mut problems);
            if junk {
                problems.insert(0, FeedProblem::once(Mend::JunkBefore));
            }
            let mut feed = adapter::read(&mended.text, base)?;
            problems.extend(extras::apply(mended.notes, mended.articles, &mut feed));
            // RDF knows articles by their address.
            if family != Family::Rdf {
                problems.extend(missing_ids(&feed));
            }
            feed
        }
    };
    Ok(Parsed { feed, problems })
}

/// Says how many articles have no id.
fn missing_ids(feed: &ParsedFeed) -> Option<FeedProblem> {
    let without = feed.articles.iter().filter(|a| a.guid.is_none()).count();
    (without > 0).then(|| FeedProblem::MissingIds {
        articles: count(without),
    })
}

/// Returns a count as problems hold it.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Returns a text of at most so many characters.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
