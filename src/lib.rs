//! Gazette, a terminal news reader for public-sector news: the library below the program.
//!
//! Imports go down only; a test (`tests/house.rs`) holds the floors.
//!
//! | floor | modules | know nothing of |
//! | --- | --- | --- |
//! | 4 front ends | [`tui`], [`cli`] | SQL, HTTP |
//! | 3 services | [`services`] | terminals, the command line |
//! | 2 edges | [`store`], [`net`], [`config`], [`platform`] | each other, services |
//! | 1 pure functions | [`feed`], [`html`], [`extract`], [`search`], [`polite`], [`threads`] | files, sockets, SQL, the clock |
//! | 0 model | [`model`] | everything else |

pub mod cli;
pub mod config;
pub mod extract;
pub mod feed;
pub mod html;
pub mod model;
pub mod net;
pub mod platform;
pub mod polite;
pub mod search;
pub mod services;
pub mod store;
pub mod threads;
pub mod tui;
