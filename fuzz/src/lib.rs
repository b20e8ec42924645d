//! Hostile input for Gazette's parsers: what must hold for any bytes at all.
//!
//! - [`checks`]: one function a target, each of which panics where a promise is broken
//! - [`mutations`]: seeds broken at random, from a number that makes them again
//! - [`hostile`]: large cases of known bad ideas
//!
//! `cargo fuzz run -s none feed` lets libFuzzer look for more; the program `mutate` needs nothing but
//! the stable toolchain.

pub mod checks;
pub mod hostile;
pub mod mutations;
