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
    /// Begins to listen. A second signal ends the program at once, for whoever can't wait. What
    /// `nohup` had ignored stays ignored.
    pub fn listen() -> io::Result<Self> {
        let heard = Self::note_of(&heeded())?;
        let first = Arc::new(AtomicBool::new(false));
        for signal in heeded() {
            // In this order: the first signal finds the flag still down.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&first))?;
            flag::register(signal, Arc::clone(&first))?;
        }
        Ok(heard)
    }

    /// Has each of the signals end the program at once, with 128 and its number as the exit code,
    /// whoever waits for it: for commands that leave nothing half done. What `nohup` had ignored
    /// stays ignored.
    pub fn end_at_once() -> io::Result<()> {
        let at_once = Arc::new(AtomicBool::new(true));
        for signal in heeded() {
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&at_once))?;
        }
        Ok(())
    }

    /// Begins to listen; no signal ends the program, however often it comes.
    pub fn note() -> io::Result<Self> {
        Self::note_of(&signals())
    }

    fn note_of(signals: &[i32]) -> io::Result<Self> {
        let number = Arc::new(AtomicUsize::new(0));
        for &signal in signals {
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

/// Returns the signals that a program without a screen heeds.
fn heeded() -> Vec<i32> {
    let mut heeded = signals().to_vec();
    #[cfg(unix)]
    heeded.retain(|signal| *signal != SIGHUP || !is_ignored(SIGHUP));
    heeded
}

/// Whether whoever started the program had it ignore a signal. Only Linux tells without a call that
/// could change it (proc_pid_status(5): `SigIgn`, in hexadecimal, signal 1 in the lowest bit).
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
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

/// Ends the program at once, as one that a signal ended: for a program that can't come to its end.
/// The terminal must be given back before.
#[cfg(unix)]
pub fn end_now(signal: i32) -> ! {
    signal_hook::low_level::exit(128 + signal)
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
/// Makes a file that has reached the limit on its size (`ulimit -f`) an error to whoever writes it,
/// as a full disk is, instead of the program's end.
pub fn outlive_file_limits() {
    #[cfg(unix)]
    {
        // A signal that is heard no longer ends the program; nobody looks at the flag.
        let heard = Arc::default();
        let _ = flag::register(signal_hook::consts::SIGXFSZ, heard);
    }
}
