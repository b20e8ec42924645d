//! A comment that is being written, and the question what becomes of it.

use jiff::Timestamp;
use tui_input::Input;

use super::field::Field;
use crate::model::article::ArticleId;
use crate::model::comment::{CommentId, DraftId, Words};
use crate::tui::effect::Sheet;

/// More characters no site takes: WordPress has room for 65,525.
pub const MOST_CHARACTERS: usize = 65_000;

/// A comment that is being written.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The number of this writing.
    pub number: u64,
    /// The comment's number in the cache, once it is known.
    pub draft: Option<DraftId>,
    /// The article.
    pub article: ArticleId,
    /// The comment that it answers.
    pub reply_to: Option<CommentId>,
    /// The name that it is published under.
    pub name: Input,
    /// The address that isn't published.
    pub email: Input,
    /// What it says.
    pub text: Field,
    /// Where the letters go.
    pub slot: Slot,
    /// The first row of the text in sight.
    pub top: usize,
    /// Whether it is being written, or what becomes of it is being asked.
    pub stage: Stage,
    /// Whether it is stored.
    pub saved: Saved,
    /// What was handed over to be stored last; at the beginning what is there.
    pub handed: Words,
}

/// Where letters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Into the name.
    Name,
    /// Into the address.
    Email,
    /// Into the text.
    Text,
}

/// How far the writing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being written.
    Writing,
    /// What becomes of it is being asked.
    Ready,
}

/// Whether what was written is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// There was nothing to store.
    Nothing,
    /// The last that was, at this moment.
    At(Timestamp),
    /// The last could not be.
    Failed,
}

impl Slot {
    /// Returns the next field.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::Email,
            Self::Email => Self::Text,
            Self::Text => Self::Name,
        }
    }

    /// Returns the field before.
    #[must_use]
    pub fn previous(self) -> Self {
        self.next().next()
    }
}

impl Compose {
    /// Returns what is to be sent.
    pub fn words(&self) -> Words {
        Words {
            name: self.name.value().to_owned(),
            email: self.email.value().to_owned(),
            text: self.text.text().to_owned(),
        }
    }

    /// Returns which comment it is, for who stores it.
    pub fn sheet(&self) -> Sheet {
        Sheet {
            number: self.number,
            draft: self.draft,
        }
    }

    /// Returns how many characters the text has.
    pub fn characters(&self) -> usize {
        self.text.text().chars().count()
    }
}
