//! Gazette, a terminal news reader for public-sector news: the library below the program.

pub mod html;
pub mod model;
