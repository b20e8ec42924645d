//! Comments: from what sites say to threads, and what sites want to hear.
//!
//! Pure: bytes, texts and header fields come in.
//!
//! - `tree`: the order of a thread

mod tree;

pub use tree::thread;
