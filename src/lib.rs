//! Gazette, a terminal news reader for public-sector news: the library below the program.

pub mod feed;
pub mod model;
