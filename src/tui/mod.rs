//! Floor 4: the screen.
//!
//! - [`theme`]: which colours and weights a piece of the screen has; `palette`: the table behind it
//! - [`symbols`]: marks and lines, in Unicode or ASCII
//! - [`cut`]: text that must fit its columns

pub mod cut;
pub mod palette;
pub mod symbols;
pub mod theme;
