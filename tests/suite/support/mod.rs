//! What tests stand on.

pub mod server;
