//! A signal ends the program, whatever the loop waits for: a terminal that takes nothing, as after
//! Ctrl-s or where what it runs in hangs, or a program that has the terminal and doesn't end.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::platform::{Guest, end_now, terminal};

/// How long the loop may take to hear of it.
const PATIENCE: Duration = Duration::from_secs(1);

/// For how long, after that, what it waits for is taken out of its way.
const CLEARING: Duration = Duration::from_secs(2);

/// The time between two attempts at that.
const BETWEEN: Duration = Duration::from_millis(50);

/// Begins to see to it. The program ends meanwhile, most often at once.
pub(super) fn see_to_it(number: i32, guest: Guest) {
    let started = thread::Builder::new()
        .name("ending".to_owned())
        .spawn(move || {
            // Nobody ever sends.
            let (_silent, nothing) = mpsc::channel::<()>();
            let pass = |time| {
                let _ = nothing.recv_timeout(time);
            };
            pass(PATIENCE);
            for _ in 0..CLEARING.as_millis() / BETWEEN.as_millis() {
                guest.end();
                if terminal::is_entered() {
                    terminal::drop_unread();
                }
                pass(BETWEEN);
            }
            terminal::leave_at_once();
            end_now(number);
        });
    if let Err(error) = started {
        tracing::warn!(%error, "nothing sees to the end");
    }
}
