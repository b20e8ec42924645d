#![allow(clippy::unwrap_used)]

pub(crate) mod desk;
mod foot;
mod panel;
mod panes;
