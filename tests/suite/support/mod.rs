//! What tests stand on.

pub mod env;
pub mod samples;
pub mod server;
