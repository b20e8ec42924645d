#![allow(clippy::unwrap_used)]

mod comments;
pub(crate) mod desk;
mod foot;
mod panel;
mod panes;
