//! What the terminal sends: keys, pastes and answers, told apart.
//!
//! It reads the terminal's bytes itself, and takes crossterm's types alone: crossterm 0.29 keeps
//! the answers to DA1 and DECRQM to itself, reads an answer to OSC 11 as keys, blocks in the middle
//! of a cut sequence and spins at the end of file. Nothing here knows what a key does.
//!
//! - `decoder`: [`Decoder`], bytes and the time in, [`Input`] out; no terminal, no clock
//! - `sequences`: what one whole control sequence or string means
//! - `keyboard`: [`Keyboard`], the thread that reads

mod decoder;
mod keyboard;
mod sequences;
#[cfg(test)]
mod tests;

use crossterm::event::KeyEvent;

pub use decoder::Decoder;
pub use keyboard::Keyboard;

/// Something that the terminal sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed or repeats; never a release, never with Alt.
    Key(KeyEvent),
    /// A text was pasted (bracketed paste); it is as the terminal sent it, controls included.
    Paste(String),
    /// The terminal's background: red, green, blue (OSC 11).
    Background([u8; 3]),
    /// The wheel sent arrows before it was asked to (DECRQM, mode 1007).
    WheelArrows,
    /// The terminal knows synchronised updates (DECRQM, mode 2026).
    Synchronised,
    /// The terminal said what it is (DA1): what was asked before is answered, or never will be.
    Attributes,
    /// The terminal is gone; nothing follows.
    Closed,
}
