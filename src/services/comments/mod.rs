//! Comments: read from sites and kept, written and sent.
//!
//! - `conversation`: the comments of an article as they are shown

mod conversation;

pub use conversation::{About, Conversation, Entry, EntryId, Heard, Own};
