//! Makes finished rows of articles, so that the writer has nothing left to work out.

use twox_hash::XxHash3_64;

use crate::feed::identity::{self, Identity};
use crate::html;
use crate::model::article::StoredText;
use crate::model::feed::ParsedArticle;
use crate::model::text::SafeText;
use crate::store::{self, NewArticle};

/// The longest standfirst that is kept where the publisher wrote one, in characters.
const SUMMARY_CHARS: usize = 1_000;

/// The longest beginning of a text that stands in for a standfirst, in characters.
const OPENING_CHARS: usize = 300;

/// A text of this many words is taken for the whole article, though it came as a summary.
const WHOLE_FROM_WORDS: usize = 200;

/// Makes a finished row of an article.
pub(super) fn row(identity: Identity, article: ParsedArticle) -> NewArticle {
    let (standfirst, whole) = match (&article.summary, &article.content) {
        (Some(summary), Some(content)) => (
            html::standfirst(summary, SUMMARY_CHARS),
            !is_cut_short(content),
        ),
        (None, Some(content)) => (
            html::standfirst(content, OPENING_CHARS),
            !is_cut_short(content),
        ),
        (Some(summary), None) => (
            html::standfirst(summary, SUMMARY_CHARS),
            is_long(summary) && !is_cut_short(summary),
        ),
        (None, None) => (String::new(), false),
    };
    let summary_hash = hash(article.summary.as_deref().unwrap_or_default().as_bytes());
    let body = article.content.or(article.summary).unwrap_or_default();
    NewArticle {
        key: identity.key.0,
        other_keys: identity.others.into_iter().map(|key| key.0).collect(),
        story: article
            .permalink
            .as_deref()
            .and_then(identity::story)
            .map(|story| story.0),
        // Of what was published, not of what we make of it: a later release must not find changes.
        content_hash: hash_all(&[
            hash(article.title.as_bytes()),
            summary_hash,
            hash(body.as_bytes()),
        ]),
        body: store::pack(&body),
        guid: article.guid,
        title: article.title,
        permalink: article.permalink,
        byline: article.byline,
        published: article.published,
        updated: article.updated,
        standfirst,
        comments: article.comments,
        enclosures: article.enclosures,
        base: article.base,
        stored: if whole {
            StoredText::Whole
        } else {
            StoredText::Summary
        },
    }
}

/// Whether a text has as many words as a whole article.
fn is_long(body: &str) -> bool {
    let text = html::plain_text(body);
    text.split_whitespace().nth(WHOLE_FROM_WORDS - 1).is_some()
}

/// Whether a text ends as its publisher ends one that goes on elsewhere: in an ellipsis.
fn is_cut_short(body: &str) -> bool {
    let from = body.len().saturating_sub(600);
    let from = (from..=body.len())
        .find(|at| body.is_char_boundary(*at))
        .unwrap_or(0);
    let ending = html::plain_text(&body[from..]);
    let ending = SafeText::line(
        ending.trim_end_matches(|c: char| c.is_whitespace() || c == ']' || c == ')'),
    );
    ending.as_str().ends_with('…') || ending.as_str().ends_with("...")
}

/// Returns a hash that stays the same from release to release.
fn hash(bytes: &[u8]) -> i64 {
    XxHash3_64::oneshot(bytes).cast_signed()
}

/// Returns one hash of several, in order.
fn hash_all(hashes: &[i64]) -> i64 {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    hash(&bytes)
}
