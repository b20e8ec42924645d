//! Gazette, a terminal news reader for public-sector news: the library below the program.

pub mod model;
pub mod net;
pub mod polite;
