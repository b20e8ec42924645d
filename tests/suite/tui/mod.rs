//! The screen, through its front door: a cache, keys, a frame.

mod driver;
mod feeds;
mod shape;
