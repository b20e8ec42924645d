//! The way into the one channel that the loop listens to.

use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, SyncSender};

use crate::platform::Signal;
use crate::platform::input::Input;
use crate::tui::message::Message;

/// How many arrivals may wait; who has more waits for the loop.
const MOST_WAITING: usize = 64;

/// Something that arrived for the loop.
#[derive(Debug)]
pub enum Arrived {
    /// A message of a worker.
    Message(Message),
    /// The terminal sent something.
    Input(Input),
    /// A signal came.
    Signal(Signal),
}

/// The way into the channel.
#[derive(Clone, Debug)]
pub struct Outlet(SyncSender<Arrived>);

/// Whether somebody still listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It will be heard.
    Yes,
    /// Nobody listens any more.
    No,
}

impl Heard {
    /// Returns whether to go on sending.
    pub fn flow(self) -> ControlFlow<()> {
        match self {
            Self::Yes => ControlFlow::Continue(()),
            Self::No => ControlFlow::Break(()),
        }
    }
}

impl Outlet {
    /// Makes a channel.
    pub fn channel() -> (Self, Receiver<Arrived>) {
        let (sender, arrivals) = mpsc::sync_channel(MOST_WAITING);
        (Self(sender), arrivals)
    }

    /// Sends a message; waits while the channel is full.
    pub fn tell(&self, message: Message) -> Heard {
        self.pass(Arrived::Message(message))
    }

    /// Sends anything; waits while the channel is full.
    pub fn pass(&self, arrived: Arrived) -> Heard {
        match self.0.send(arrived) {
            Ok(()) => Heard::Yes,
            Err(_) => Heard::No,
        }
    }
}
