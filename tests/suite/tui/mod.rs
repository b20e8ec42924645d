//! The screen, through its front door: a cache, keys, a frame.

mod article;
mod driver;
mod feeds;
mod marks;
mod news;
mod shape;
