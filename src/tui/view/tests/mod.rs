#![allow(clippy::unwrap_used)]

pub(crate) mod desk;
