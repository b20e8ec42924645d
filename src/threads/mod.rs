//! Comments: from what sites say to threads, and what sites want to hear.
//!
//! Pure: bytes, texts and header fields come in.
//!
//! - [`rest`]: WordPress's REST interface; [`links`]: the `Link` header field, which leads to it
//! - `tree`: the order of a thread
//! - `error`: why something can't be read as comments

mod error;
pub mod links;
pub mod rest;
mod tree;

#[cfg(test)]
mod tests;

pub use error::ThreadError;
pub use tree::thread;
