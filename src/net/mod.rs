//! HTTP: one polite question at a time, and the bytes that come back.
//!
//! The only place that knows reqwest. What is polite is decided in [`crate::polite`] and carried out
//! here. Nothing here parses a feed, touches the cache or decides when to ask.
//!
//! - [`client`]: one conditional GET with its redirects, limits and time limit
//! - `post`: one POST, sent once
//! - [`body`]: the bytes received, and their decoding on a worker thread
//! - [`credentials`]: user name and password for HTTP Basic
//! - [`error`]: what can go wrong, in plain words
//! - [`mod@file`]: `file:` feeds
//! - [`proxies`]: which proxy an address is asked through
//! - `encodings`: gzip, deflate, br and zstd as bounded streams
//! - `transport`: reqwest's clients, built at the first request that needs them
//! - `guard`: the resolver that keeps redirects off private addresses
//! - `permits`: so many connections at once, so many a host

pub mod body;
pub mod client;
pub mod credentials;
mod encodings;
pub mod error;
pub mod file;
mod guard;
mod permits;
mod post;
pub mod proxies;
mod transport;

pub use body::Body;
pub use client::{Client, Greeting, LinkRequest, Network, Request, Response, Verdict, Wanted};
pub use credentials::Credentials;
pub use error::FetchError;
pub use file::read_file;
pub use post::{Post, Posted};
pub use proxies::Proxies;
pub use transport::check_certificates;
