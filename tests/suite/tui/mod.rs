//! The screen, through its front door: a cache, keys, a frame.

mod article;
mod changes;
mod comments;
mod driver;
mod feeds;
mod keys;
mod looks;
mod marks;
mod news;
mod pages;
mod place;
mod random;
mod shape;
mod snapshots;
mod writing;
