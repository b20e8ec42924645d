//! Signals that ask the program to end.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Hears the signals that ask the program to end, instead of dying of the first.
#[derive(Clone, Debug)]
pub struct Signals {
    number: Arc<AtomicUsize>,
}

impl Signals {
    /// Begins to listen. A second signal ends the program at once, for whoever can't wait.
    pub fn listen() -> io::Result<Self> {
        let number = Arc::new(AtomicUsize::new(0));
        let first = Arc::new(AtomicBool::new(false));
        for signal in signals() {
            // In this order: the first signal finds the flag still down.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&first))?;
            flag::register(signal, Arc::clone(&first))?;
            flag::register_usize(
                signal,
                Arc::clone(&number),
                usize::try_from(signal).unwrap_or(0),
            )?;
        }
        Ok(Self { number })
    }

    /// Returns the number of the signal that came, if one did.
    pub fn received(&self) -> Option<i32> {
        i32::try_from(self.number.load(Ordering::Relaxed))
            .ok()
            .filter(|number| *number != 0)
    }
}

#[cfg(unix)]
fn signals() -> [i32; 3] {
    [SIGINT, SIGTERM, signal_hook::consts::SIGHUP]
}

#[cfg(not(unix))]
fn signals() -> [i32; 2] {
    [SIGINT, SIGTERM]
}
