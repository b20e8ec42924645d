//! One binary for all tests that need a server, a file or a process, so that it links once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs,
    unreachable_pub,
    reason = "a test stops at the first surprise"
)]

mod cli;
mod comments;
mod faults;
mod net;
mod pages;
mod polite;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod safety;
mod support;
mod threads;
#[cfg(unix)]
mod tui;
