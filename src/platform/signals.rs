//! Signals: those that ask the program to end, and those that a screen must hear.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[cfg(unix)]
use std::thread;

#[cfg(unix)]
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTSTP, SIGWINCH};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
#[cfg(unix)]
use signal_hook::iterator::{Handle, Signals as Iterated};

/// Hears the signals that ask the program to end, instead of dying of the first.
#[derive(Clone, Debug)]
pub struct Signals {
    number: Arc<AtomicUsize>,
}

impl Signals {
    /// Begins to listen. A second signal ends the program at once, for whoever can't wait.
    pub fn listen() -> io::Result<Self> {
        let heard = Self::note()?;
        let first = Arc::new(AtomicBool::new(false));
        for signal in signals() {
            // In this order: the first signal finds the flag still down.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&first))?;
            flag::register(signal, Arc::clone(&first))?;
        }
        Ok(heard)
    }

    /// Begins to listen; no signal ends the program, however often it comes.
    pub fn note() -> io::Result<Self> {
        let number = Arc::new(AtomicUsize::new(0));
        for signal in signals() {
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
    [SIGINT, SIGTERM, SIGHUP]
}

#[cfg(not(unix))]
fn signals() -> [i32; 2] {
    [SIGINT, SIGTERM]
}

/// What a signal asks of a program with a screen.
#[cfg(unix)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// To end: SIGTERM, SIGINT or SIGHUP, by its number.
    End(i32),
    /// To stop until it is continued (SIGTSTP).
    Suspend,
    /// To look at the terminal afresh: the program was stopped, and goes on (SIGCONT).
    Continue,
    /// To draw for another size (SIGWINCH).
    Resize,
}

/// Hears the signals that concern a screen, on a thread that sleeps while none comes.
#[cfg(unix)]
#[derive(Debug)]
pub struct SignalListener {
    handle: Handle,
}

#[cfg(unix)]
impl SignalListener {
    /// Begins to listen; `call` runs on the listener's thread, and may block.
    ///
    /// From here on none of these signals acts by itself, not even after the listener is dropped.
    pub fn start(mut call: impl FnMut(Signal) + Send + 'static) -> io::Result<Self> {
        let mut signals = Iterated::new([SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH])?;
        let handle = signals.handle();
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for number in signals.forever() {
                    call(match number {
                        SIGTSTP => Signal::Suspend,
                        SIGCONT => Signal::Continue,
                        SIGWINCH => Signal::Resize,
                        number => Signal::End(number),
                    });
                }
            })?;
        Ok(Self { handle })
    }
}

#[cfg(unix)]
impl Drop for SignalListener {
    fn drop(&mut self) {
        self.handle.close();
    }
}

/// Stops the program as SIGTSTP would, and returns when it goes on. The screen must be left before;
/// a listener hears [`Signal::Continue`] after.
///
/// As Ctrl-z at a shell does, it stops the whole process group: the shell waits for whatever started
/// the program, such as `cargo run`, and must see that stop too.
///
/// Stops only where a shell is there to continue it (`has_shell`); the caller asks that first.
#[cfg(unix)]
pub fn suspend() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(
        rustix::process::Signal::STOP,
    )?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use signal_hook::low_level::raise;

    use super::*;

    #[test]
    fn each_signal_is_told_as_what_it_asks() {
        let (sender, told) = mpsc::channel();
        let listener = SignalListener::start(move |signal| {
            let _ = sender.send(signal);
        })
        .unwrap();
        for (number, expected) in [
            (SIGWINCH, Signal::Resize),
            (SIGTSTP, Signal::Suspend),
            (SIGCONT, Signal::Continue),
            (SIGTERM, Signal::End(SIGTERM)),
            (SIGHUP, Signal::End(SIGHUP)),
        ] {
            raise(number).unwrap();
            assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok(expected));
        }
        drop(listener);
        // The thread ends, and its end of the channel with it.
        let after = told.recv_timeout(Duration::from_secs(10));
        assert_eq!(after, Err(mpsc::RecvTimeoutError::Disconnected));
    }
}
