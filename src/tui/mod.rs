//! Floor 4: the screen.
//!
//! ```text
//!  terminal ─┐                          ┌─> reader  ─┐
//!  signals  ─┼─> one channel ─> update ─┼─> writer   ├─> one channel (the same)
//!  timer    ─┘        │                 └─> refresh ─┘
//!                     └─> view(&State) ─> frame, at most one a batch
//! ```
//!
//! [`update`] is pure: a state and a message become a changed state and effects; it reads no clock
//! and does no I/O. [`view`] is pure too: a state becomes cells; it keeps nothing. Only [`runtime`]
//! and [`workers`] block. Nothing in here knows SQL or HTTP.
//!
//! - [`message`], [`effect`]: everything that can happen, everything the outside is asked to do
//! - [`state`], [`update`], [`view`]: a file a pane, the same names in all three
//! - [`layout`], [`shelf`]: size → areas → rows and lines, for `update` and `view` alike
//! - [`commands`], [`keymap`]: the one table of commands, and the keys that call them
//! - [`theme`]: which colours and weights a piece of the screen has; `palette`: the table behind it
//! - [`symbols`]: marks and lines, in Unicode or ASCII
//! - [`cut`]: text that must fit its columns

pub mod commands;
pub mod cut;
pub mod effect;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod palette;
pub mod shelf;
pub mod state;
pub mod symbols;
pub mod theme;
pub mod update;
pub mod view;
