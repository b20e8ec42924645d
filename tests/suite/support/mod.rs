//! What tests stand on.

pub mod disk;
pub mod env;
pub mod samples;
pub mod server;
pub mod wordpress;
