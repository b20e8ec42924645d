//! Comments: read from sites and kept, written and sent.
//!
//! - `read`: reads them from their sites and stores them
//! - `ask`: asks one site, in the way that works there
//! - `keep`: keeps threads fresh that the reader opened, or whose article is starred
//! - `send`: sends the reader's own
//! - `conversation`: the comments of an article as they are shown
//! - `lines`: the same as lines of text

mod ask;
mod conversation;
mod keep;
mod lines;
mod read;
mod send;

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use crate::config::Config;
use crate::model::article::ArticleId;
use crate::model::comment::{CommentId, Draft, DraftId, DraftState, Thread, Words};
use crate::model::error::{Exit, Problem};
use crate::store::{Reader, Store};
use crate::threads;

use super::refresh::Request;
use super::{Parts, Stop};

pub use conversation::{About, Conversation, Entry, EntryId, Heard, Own};
pub use lines::{lay_out, outcome, reason, standing};
pub use read::{Read, fetch};
pub use send::{Sent, SentAll, send, send_in_its_turn, send_waiting, word};

/// How much longer than a request may take a comment counts as being on its way. Whoever sent it is
/// gone then.
const SENDING_AT_MOST: SignedDuration = SignedDuration::from_secs(30);

/// Returns the comments of an article as they are stored; one that doesn't exist is a problem of use.
pub fn conversation(
    parts: &Parts<'_>,
    reader: &Reader,
    id: ArticleId,
) -> Result<Conversation, Problem> {
    reader.at_once(|| {
        let article = reader.commented(id)?.ok_or_else(|| no_article(id))?;
        let kept = reader.thread(id)?.unwrap_or_default();
        let now = (parts.clock)();
        let mut drafts = reader.drafts(id)?;
        for draft in &mut drafts {
            if is_given_up(parts, draft, now) {
                draft.state = DraftState::Unknown;
            }
        }
        let about = About {
            article: id,
            title: &article.title,
            permalink: article.permalink.as_deref(),
            byline: article.byline.as_deref(),
            counted: article.counted,
        };
        let heard = Heard {
            comments: kept.comments,
            facts: kept.state.facts,
            fetched: kept.state.fetched,
            visited: kept.state.visited,
            drafts,
        };
        Ok(Conversation::new(&about, heard))
    })
}

fn no_article(id: ArticleId) -> Problem {
    Problem::new(Exit::Usage, &format!("no article has the id {}", id.0))
        .hint("`gazette list` shows the ids")
}

/// Returns the comments of an article that its site shows, as they are stored, in the order of a
/// thread.
pub fn thread(reader: &Reader, id: ArticleId) -> Result<Thread, Problem> {
    let kept = reader.thread(id)?.unwrap_or_default();
    Ok(threads::thread(
        kept.comments
            .into_iter()
            .map(|(comment, _)| comment)
            .collect(),
    ))
}

/// Whether a comment has been on its way for so long that nobody can be sending it any more.
fn is_given_up(parts: &Parts<'_>, draft: &Draft, now: Timestamp) -> bool {
    let seconds = i64::try_from(parts.config.network.timeout_seconds).unwrap_or(i64::MAX);
    let limit =
        SignedDuration::from_secs(seconds.saturating_mul(2)).saturating_add(SENDING_AT_MOST);
    let age = now.duration_since(draft.changed);
    // One from the future comes from a clock that was wrong.
    draft.state == DraftState::Sending && (age > limit || age.is_negative())
}

/// Notes that the reader saw the comments of an article: what comes later is new.
pub fn visit(store: &mut Store, id: ArticleId, now: Timestamp) -> Result<(), Problem> {
    Ok(store.visit_comments(id, now)?)
}

/// Returns the name and the address of the configuration, with nothing written yet.
pub fn author(config: &Config) -> Words {
    Words {
        name: config.comments.name.clone().unwrap_or_default(),
        email: config.comments.email.clone().unwrap_or_default(),
        text: String::new(),
    }
}

/// Stores what the reader wrote, on the disk when this returns. Returns its number; none where that
/// comment is on its way or was taken by its site.
pub fn keep_draft(
    store: &mut Store,
    id: Option<DraftId>,
    article: ArticleId,
    reply_to: Option<&CommentId>,
    words: &Words,
    now: Timestamp,
) -> Result<Option<DraftId>, Problem> {
    Ok(store.keep_draft(id, article, reply_to, words, now)?)
}

/// Throws a comment of the reader's own away; returns what [`bring_back`] takes. One that is on its
/// way stays.
pub fn throw_away(store: &mut Store, id: DraftId) -> Result<Option<Draft>, Problem> {
    Ok(store.throw_away(id)?)
}

/// Puts a comment that was thrown away back as it was.
pub fn bring_back(store: &mut Store, draft: &Draft) -> Result<(), Problem> {
    Ok(store.bring_back(draft)?)
}

/// Notes that the reader said that a comment may be sent: it waits until its site can be reached.
/// Returns whether it was there to be sent.
pub fn release(parts: &Parts<'_>, store: &mut Store, id: DraftId) -> Result<bool, Problem> {
    let now = (parts.clock)();
    store.change_draft(id, &DraftState::Unknown, now, |draft| {
        is_given_up(parts, draft, now)
    })?;
    let may = |draft: &Draft| draft.state.is_unsent();
    Ok(store.change_draft(id, &DraftState::Waiting, now, may)?)
}

/// What came of comments in a refresh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// What came of the reader's own that waited.
    pub sent: SentAll,
    /// What came of the threads that are kept fresh.
    pub read: Read,
}

impl Followed {
    /// Whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Does for comments what a refresh does: sends those that wait for the network and, where all feeds
/// were asked for, reads kept threads again that have news. `on_sent` hears of each comment that was
/// sent.
pub fn follow_up(
    parts: &Parts<'_>,
    store: &mut Store,
    request: &Request,
    stop: Stop<'_>,
    on_sent: &mut dyn FnMut(),
) -> Result<Followed, Problem> {
    let sent = send_waiting(parts, store, stop, on_sent)?;
    let read = if request.sections.is_empty() && request.feeds.is_empty() && !stop() {
        keep::keep_fresh(parts, store, request.urgency, stop)?
    } else {
        Read::default()
    };
    Ok(Followed { sent, read })
}

/// Keeps a text that is to be sent at once; the same text that waits already is not kept twice.
pub fn keep_to_send(
    store: &mut Store,
    article: ArticleId,
    reply_to: Option<&CommentId>,
    words: &Words,
    now: Timestamp,
) -> Result<DraftId, Problem> {
    let known = store.drafts(article)?.into_iter().find(|draft| {
        draft.words.text == words.text
            && draft.reply_to.as_ref() == reply_to
            && draft.state.is_unsent()
    });
    let id = known.map(|draft| draft.id);
    let kept = store.keep_draft(id, article, reply_to, words, now)?;
    kept.ok_or_else(|| Problem::new(Exit::Failed, "the same comment is on its way already"))
}

/// Takes a comment that waits back to a draft, so that nothing sends it.
pub fn hold_back(store: &mut Store, id: DraftId, now: Timestamp) -> Result<(), Problem> {
    store.change_draft(id, &DraftState::Draft, now, |draft| {
        draft.state == DraftState::Waiting
    })?;
    Ok(())
}
