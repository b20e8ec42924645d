//! When to ask a server again, what to send it, and where it may send us: the manners of HTTP.
//!
//! Pure functions of headers, addresses and times. Nothing here opens a socket, reads a clock or
//! rolls a die: the time and the jitter come in as arguments.
//!
//! - [`headers`]: the header fields of one answer
//! - [`schedule`]: when a feed is due, after a good answer and after a failure
//! - [`freshness`]: for how long an answer says that it stays fresh
//! - [`validators`]: what makes the next question conditional
//! - [`redirects`]: whether a redirect is followed, and whether it moves a subscription
//! - [`hosts`]: which hosts are private

pub mod freshness;
pub mod headers;
pub mod hosts;
pub mod redirects;
pub mod schedule;
pub mod validators;

pub use headers::Headers;
pub use hosts::{Reach, is_private_address, is_private_host};
pub use redirects::{Permanence, Redirect, RedirectError, Trail, redirect};
pub use schedule::{Due, Schedule, Urgency, after_answer, after_failure, is_due, retry_after};
