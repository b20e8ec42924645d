//! Floor 0: the plain values that every other floor speaks about.
//!
//! Nothing here reads a file, opens a socket, asks the clock or knows a database; a value is made
//! from its parts and says what it is.
//!
//! - [`feed`]: what one parsed document held
//! - [`article`]: an article as it is kept, and the reader's marks on it
//! - [`comment`]: comments, those of others and the reader's own
//! - [`document`]: an article as blocks and as lines
//! - [`text`]: [`text::SafeText`], the only text that may reach a terminal
//! - [`error`]: [`error::Problem`], what a person is told when something went wrong

pub mod article;
pub mod comment;
pub mod document;
pub mod error;
pub mod feed;
pub mod text;
