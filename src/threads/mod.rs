//! Comments: from what sites say to threads, and what sites want to hear.
//!
//! Pure: bytes, texts and header fields come in.
//!
//! - [`rest`]: WordPress's REST interface; [`links`]: the `Link` header field, which leads to it
//! - `json`: JSON mended
//! - `tree`: the order of a thread
//! - `error`: why something can't be read as comments

mod error;
mod json;
pub mod links;
pub mod rest;
mod tree;

#[cfg(test)]
mod tests;

pub use error::ThreadError;
pub use tree::thread;

/// Returns an absolute address of a page on the web; none for anything else.
fn web_address(address: &str) -> Option<String> {
    let url = url::Url::parse(address.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}
