//! Comments: from what sites say to threads, and what sites want to hear.
//!
//! Pure: bytes, texts and header fields come in.
//!
//! - [`rest`]: WordPress's REST interface; [`links`]: the `Link` header field, which leads to it
//! - [`page()`]: an article's page; [`feed`]: a feed of comments; [`discourse`]: a topic at a forum
//! - `json`: JSON mended
//! - `tree`: the order of a thread
//! - [`form`]: the form for comments on an article's page; [`answer`]: what became of a comment
//! - `elements`: walking through a page
//! - `error`: why something can't be read as comments

pub mod answer;
pub mod discourse;
mod elements;
mod error;
pub mod feed;
pub mod form;
mod json;
pub mod links;
mod page;
pub mod rest;
mod tree;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use url::Url;

pub use error::ThreadError;
pub use page::{PageTold, page};
pub use tree::thread;

/// Returns an absolute address of a page on the web; none for anything else.
fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// Reads a time as sites write it for machines, in whole seconds. One without a zone is UTC.
fn moment(told: &str) -> Option<Timestamp> {
    let told = told.trim();
    let moment = told.parse::<Timestamp>().ok().or_else(|| {
        let moment = told
            .parse::<DateTime>()
            .or_else(|_| told.parse::<Date>().map(|day| day.at(0, 0, 0, 0)));
        TimeZone::UTC.to_timestamp(moment.ok()?).ok()
    });
    Timestamp::from_second(moment?.as_second()).ok()
}
