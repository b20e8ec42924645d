//! Why something can't be read as comments.

use thiserror::Error;

/// Why an answer can't be read as comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ThreadError {
    /// It is no JSON, or JSON of another shape.
    #[error("the site’s answer is none of WordPress’s")]
    NotWordPress,
    /// The same for Discourse.
    #[error("the forum’s answer is none of Discourse’s")]
    NotDiscourse,
}
