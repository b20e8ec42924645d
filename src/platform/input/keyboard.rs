//! The thread that reads the terminal.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

use super::{Decoder, Input};

/// Reads the terminal on a thread of its own, which sleeps while nothing comes.
#[derive(Debug)]
pub struct Keyboard {
    gate: Arc<Gate>,
    wake: OwnedFd,
}

impl Keyboard {
    /// Begins to read and hands everything that comes to `send`, which may block.
    ///
    /// Reads standard input, or `/dev/tty` where that is no terminal. Ends when `send` says so, at
    /// [`Keyboard::stop`], and after [`Input::Closed`], which also follows a fault of its own.
    pub fn start(send: impl FnMut(Input) -> ControlFlow<()> + Send + 'static) -> io::Result<Self> {
        Self::on(terminal()?, send)
    }

    pub(super) fn on(
        terminal: OwnedFd,
        mut send: impl FnMut(Input) -> ControlFlow<()> + Send + 'static,
    ) -> io::Result<Self> {
        let (woken, wake) = pipe_with(PipeFlags::CLOEXEC)?;
        let gate = Arc::new(Gate::default());
        let reader = Reader {
            terminal,
            woken,
            gate: Arc::clone(&gate),
        };
        thread::Builder::new()
            .name("keyboard".to_owned())
            .spawn(move || {
                let run = AssertUnwindSafe(|| reader.run(&mut send));
                if catch_unwind(run).is_err() {
                    // Without keys the program could only be killed.
                    reader.gate.rest();
                    let _ = send(Input::Closed);
                }
            })?;
        Ok(Self { gate, wake })
    }

    /// Leaves the terminal to another program; returns when nothing is being read any more.
    ///
    /// What was read before may still reach `send`. Half a sequence is forgotten.
    pub fn pause(&self) {
        self.ask(Wanted::Pause);
    }

    /// Reads again after [`Keyboard::pause`].
    pub fn resume(&self) {
        self.ask(Wanted::Read);
    }

    /// Stops for good; returns when nothing is being read any more.
    pub fn stop(&self) {
        self.ask(Wanted::Stop);
    }

    fn ask(&self, wanted: Wanted) {
        let mut turn = self.gate.lock();
        if turn.wanted == Wanted::Stop {
            return;
        }
        turn.wanted = wanted;
        self.gate.changed.notify_all();
        while turn.reading && turn.wanted != Wanted::Read {
            // A pipe takes far more of these than can be asked before the thread takes one.
            let _ = rustix::io::write(&self.wake, b"w");
            turn = self.gate.wait(turn);
        }
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Who may read the terminal.
#[derive(Debug, Default)]
struct Gate {
    turn: Mutex<Turn>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Turn {
    wanted: Wanted,
    /// Whether the thread reads or waits for something to read, rather than being in `send`, where
    /// it may be for as long as whoever asks for a pause doesn't take what is sent.
    reading: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Read,
    Pause,
    Stop,
}

impl Gate {
    /// Notes that the terminal isn't being read.
    fn rest(&self) {
        self.lock().reading = false;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, turn: MutexGuard<'a, Turn>) -> MutexGuard<'a, Turn> {
        self.changed
            .wait(turn)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

struct Reader {
    terminal: OwnedFd,
    woken: OwnedFd,
    gate: Arc<Gate>,
}

/// What a wait for the terminal brought.
enum Came {
    Bytes(usize),
    Nothing,
    End,
}

impl Reader {
    fn run(&self, send: &mut impl FnMut(Input) -> ControlFlow<()>) {
        let begun = Instant::now();
        let mut decoder = Decoder::default();
        let mut buffer = [0; 4096];
        while self.take_turn(&mut decoder) {
            let left = decoder
                .deadline()
                .map(|deadline| deadline.saturating_sub(begun.elapsed()));
            let came = self.read(&mut buffer, left);
            self.gate.rest();
            let now = begun.elapsed();
            let inputs = match came {
                Came::Bytes(count) => decoder.bytes(buffer.get(..count).unwrap_or_default(), now),
                Came::Nothing => decoder.expired(now),
                Came::End => {
                    let _ = send(Input::Closed);
                    return;
                }
            };
            for input in inputs {
                if send(input).is_break() {
                    return;
                }
            }
        }
    }

    /// Waits until the terminal may be read; `false` when it never will be again.
    fn take_turn(&self, decoder: &mut Decoder) -> bool {
        let mut turn = self.gate.lock();
        loop {
            match turn.wanted {
                Wanted::Stop => return false,
                Wanted::Pause => {
                    *decoder = Decoder::default();
                    turn = self.gate.wait(turn);
                }
                Wanted::Read => {
                    turn.reading = true;
                    return true;
                }
            }
        }
    }

    /// Waits for bytes, for a while or for as long as it takes.
    fn read(&self, buffer: &mut [u8], limit: Option<Duration>) -> Came {
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut waiting = [
            PollFd::new(&self.woken, PollFlags::IN),
            PollFd::new(&self.terminal, PollFlags::IN),
        ];
        match poll(&mut waiting, limit.as_ref()) {
            Ok(0) | Err(Errno::INTR) => return Came::Nothing,
            Ok(_) => {}
            Err(_) => return Came::End,
        }
        let [woken, terminal] = waiting.map(|waited| waited.revents());
        if !woken.is_empty() {
            let _ = rustix::io::read(&self.woken, &mut [0; 64]);
            return Came::Nothing;
        }
        if terminal.is_empty() {
            return Came::Nothing;
        }
        match rustix::io::read(&self.terminal, buffer) {
            Ok(0) => Came::End,
            Ok(count) => Came::Bytes(count),
            Err(Errno::INTR | Errno::AGAIN) => Came::Nothing,
            // EIO says that the terminal hung up.
            Err(_) => Came::End,
        }
    }
}

/// Opens what keys come from.
fn terminal() -> io::Result<OwnedFd> {
    let input = io::stdin();
    if input.is_terminal() {
        return input.as_fd().try_clone_to_owned();
    }
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    Ok(terminal.into())
}
