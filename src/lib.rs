//! Gazette, a terminal news reader for public-sector news: the library below the program.

pub mod config;
pub mod feed;
pub mod html;
pub mod model;
pub mod platform;
pub mod search;
pub mod store;

pub mod net;
pub mod polite;
