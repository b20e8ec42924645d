//! The reader's own comments, from the first letter on.
//!
//! What is written is on the disk when a call returns: a draft outlives a loss of power.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::comments::json;
use super::{Reader, Store, StoreError, seconds, time};
use crate::model::article::ArticleId;
use crate::model::comment::{CommentId, Draft, DraftId, DraftState, Words};

/// Whose turn it is to send a comment to a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is taken; the last comment went there at this time, which is 1970 where none ever did.
    Taken {
        /// When.
        last: Timestamp,
    },
    /// The last comment went there at this time, which is too short a while ago.
    After(Timestamp),
}

/// The columns that [`draft`] reads.
const DRAFT: &str =
    "select id, article_id, changed, reply_to, name, email, body, state, lost from drafts";

impl Reader {
    /// Returns the reader's own comments on an article, the oldest first.
    pub fn drafts(&self, article: ArticleId) -> Result<Vec<Draft>, StoreError> {
        self.read(Vec::new(), |conn| of_article(conn, article))
    }

    /// Returns one of them; `None` where it was thrown away.
    pub fn draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        self.read(None, |conn| by_id(conn, id))
    }

    /// Returns those that wait for the network, of all articles, the oldest first.
    pub fn waiting_drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.read(Vec::new(), waiting)
    }
}

impl Store {
    /// Returns the reader's own comments on an article, the oldest first.
    pub fn drafts(&mut self, article: ArticleId) -> Result<Vec<Draft>, StoreError> {
        self.look(|conn| of_article(conn, article))
    }

    /// Returns one of them; `None` where it was thrown away.
    pub fn draft(&mut self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        self.look(|conn| by_id(conn, id))
    }

    /// Returns those that wait for the network, of all articles, those that wait longest first.
    pub fn waiting_drafts(&mut self) -> Result<Vec<Draft>, StoreError> {
        self.look(waiting)
    }

    /// Stores what the reader wrote: a new comment where `id` is none, else that one, whose state it
    /// takes back to a draft. Returns its number; none where that comment is on its way, or was
    /// taken by its site, so that its words are what they were.
    pub fn keep_draft(
        &mut self,
        id: Option<DraftId>,
        article: ArticleId,
        reply_to: Option<&CommentId>,
        words: &Words,
        at: Timestamp,
    ) -> Result<Option<DraftId>, StoreError> {
        let (at, state) = (seconds(at), json(&DraftState::Draft));
        self.write_durably(|tx| {
            let known = match id {
                Some(id) => by_id(tx, id)?,
                None => None,
            };
            match known {
                Some(known) if !known.state.is_unsent() => Ok(None),
                Some(known) => {
                    tx.prepare_cached(
                        "update drafts set changed = ?2, name = ?3, email = ?4, body = ?5,
                            state = ?6, lost = lost and (name, email, body) = (?3, ?4, ?5)
                         where id = ?1",
                    )?
                    .execute(params![
                        known.id.0,
                        at,
                        words.name,
                        words.email,
                        words.text,
                        state
                    ])?;
                    Ok(Some(known.id))
                }
                None => {
                    tx.prepare_cached(
                        "insert into drafts (id, article_id, changed, reply_to, name, email, body,
                            state, lost) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
                    )?
                    .execute(params![
                        // One that was thrown away comes back under its number.
                        id.map(|id| id.0),
                        article.0,
                        at,
                        reply_to.map(|id| id.0.as_str()),
                        words.name,
                        words.email,
                        words.text,
                        state,
                    ])?;
                    Ok(Some(DraftId(tx.last_insert_rowid())))
                }
            }
        })
    }

    /// Throws a comment of the reader's own away; returns it. One that is on its way stays.
    pub fn throw_away(&mut self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        self.write_durably(|tx| {
            let known = by_id(tx, id)?.filter(|known| known.state != DraftState::Sending);
            if known.is_some() {
                tx.prepare_cached("delete from drafts where id = ?1")?
                    .execute([id.0])?;
            }
            Ok(known)
        })
    }

    /// Puts a comment that was thrown away back as it was.
    pub fn bring_back(&mut self, draft: &Draft) -> Result<(), StoreError> {
        self.write_durably(|tx| {
            tx.prepare_cached(
                "insert or ignore into drafts (id, article_id, changed, reply_to, name, email, body,
                    state, lost) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                draft.id.0,
                draft.article.0,
                seconds(draft.changed),
                draft.reply_to.as_ref().map(|id| id.0.as_str()),
                draft.words.name,
                draft.words.email,
                draft.words.text,
                json(&draft.state),
                draft.is_lost,
            ])?;
            Ok(())
        })
    }

    /// Changes the state of a comment of the reader's own where `may` allows it, given the state that
    /// it has. Returns whether it did: of several processes one alone takes a comment on its way.
    ///
    /// One whose answer was lost stays so until an answer tells more.
    pub fn change_draft(
        &mut self,
        id: DraftId,
        state: &DraftState,
        at: Timestamp,
        may: impl Fn(&Draft) -> bool,
    ) -> Result<bool, StoreError> {
        self.write_durably(|tx| {
            let Some(known) = by_id(tx, id)?.filter(&may) else {
                return Ok(false);
            };
            let is_lost = match state {
                DraftState::Unknown => true,
                DraftState::Draft | DraftState::Waiting | DraftState::Sending => known.is_lost,
                DraftState::Published(_) | DraftState::Held(_) | DraftState::Refused(_) => false,
            };
            tx.prepare_cached(
                "update drafts set state = ?2, changed = ?3, lost = ?4 where id = ?1",
            )?
            .execute(params![id.0, json(state), seconds(at), is_lost])?;
            Ok(true)
        })
    }

    /// Takes the turn of sending a comment to a site, by its origin, where the last one went there at
    /// `before` or earlier.
    pub fn take_turn(
        &mut self,
        origin: &str,
        now: Timestamp,
        before: Timestamp,
    ) -> Result<Turn, StoreError> {
        self.write_durably(|tx| {
            let last: Option<i64> = tx
                .prepare_cached("select sent from sites where site = ?1")?
                .query_row([origin], |row| row.get(0))
                .optional()?;
            // A time in the future comes from a clock that was wrong.
            if let Some(last) = last.filter(|last| *last > seconds(before) && *last <= seconds(now))
            {
                return Ok(Turn::After(time(last)));
            }
            set_turn(tx, origin, seconds(now))?;
            Ok(Turn::Taken {
                last: time(last.unwrap_or_default()),
            })
        })
    }

    /// Gives a turn back that was taken, as nothing was sent: the last comment went at `last`.
    pub fn give_turn_back(&mut self, origin: &str, last: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| set_turn(tx, origin, seconds(last)))
    }
}

fn set_turn(tx: &Connection, origin: &str, sent: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into sites (site, sent, facts) values (?1, ?2, '{}')
         on conflict (site) do update set sent = ?2",
    )?
    .execute(params![origin, sent])?;
    Ok(())
}

fn of_article(conn: &Connection, article: ArticleId) -> rusqlite::Result<Vec<Draft>> {
    conn.prepare_cached(&format!("{DRAFT} where article_id = ?1 order by id"))?
        .query_map([article.0], draft)?
        .collect()
}

fn by_id(conn: &Connection, id: DraftId) -> rusqlite::Result<Option<Draft>> {
    conn.prepare_cached(&format!("{DRAFT} where id = ?1"))?
        .query_row([id.0], draft)
        .optional()
}

fn waiting(conn: &Connection) -> rusqlite::Result<Vec<Draft>> {
    conn.prepare_cached(&format!("{DRAFT} where state = ?1 order by changed, id"))?
        .query_map([json(&DraftState::Waiting)], draft)?
        .collect()
}

fn draft(row: &Row) -> rusqlite::Result<Draft> {
    let state: String = row.get(7)?;
    Ok(Draft {
        id: DraftId(row.get(0)?),
        article: ArticleId(row.get(1)?),
        changed: time(row.get(2)?),
        reply_to: row.get::<_, Option<String>>(3)?.map(CommentId),
        words: Words {
            name: row.get(4)?,
            email: row.get(5)?,
            text: row.get(6)?,
        },
        // What a newer or damaged file says is as if nobody knew.
        state: serde_json::from_str(&state).unwrap_or(DraftState::Unknown),
        is_lost: row.get(8)?,
    })
}
