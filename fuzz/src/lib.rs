//! Broken input for Gazette's parsers: what has to hold for any bytes, and where broken ones come
//! from.
//!
//! - [`checks`]: what has to hold, one function a target; a panic is a find
//! - [`seeds`]: whole documents to begin with
//! - [`mutate`]: how they are broken, from a fixed seed
//! - [`hostile`]: documents made to cost time or memory
//!
//! The same checks are driven by `mutate` (any toolchain, `just fuzz NAME`) and by libFuzzer
//! (`cargo fuzz run -s none NAME`).

pub mod checks;
pub mod hostile;
pub mod mutate;
pub mod seeds;

/// A target: what is checked, and what its documents look like.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, on the command line and among the fuzz targets.
    pub name: &'static str,
    /// What has to hold.
    pub check: fn(&[u8]),
    /// The largest document, in bytes.
    pub most_bytes: usize,
}

/// All targets.
pub const TARGETS: [Target; 6] = [
    Target {
        name: "feed",
        check: checks::feed,
        most_bytes: 3_000_000,
    },
    Target {
        name: "html",
        check: checks::html,
        most_bytes: 100_000,
    },
    Target {
        name: "comments",
        check: checks::comments,
        most_bytes: 100_000,
    },
    Target {
        name: "query",
        check: checks::query,
        most_bytes: 100_000,
    },
    Target {
        name: "headers",
        check: checks::headers,
        most_bytes: 100_000,
    },
    Target {
        name: "dates",
        check: checks::dates,
        most_bytes: 100_000,
    },
];
