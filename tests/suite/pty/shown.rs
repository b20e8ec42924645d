//! What a terminal shows, and the thread that reads what is written to it.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::screen::{Answers, SIZE};

/// What the reading thread and the test share.
pub struct Shared {
    pub shown: Mutex<Shown>,
    pub changed: Condvar,
    /// None once the terminal is closed.
    pub writer: Mutex<Option<Box<dyn Write + Send>>>,
    pub closing: AtomicBool,
    /// Whether the terminal takes nothing for now.
    pub held: Mutex<bool>,
    pub changed_hold: Condvar,
}

/// What is on the screen, and all that was written.
pub struct Shown {
    pub parser: vt100::Parser,
    pub bytes: Vec<u8>,
}

impl Shared {
    pub fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn write(&self, bytes: &[u8]) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = writer.as_mut() {
            // The program may have ended meanwhile.
            let _ = writer.write_all(bytes).and_then(|()| writer.flush());
        }
    }
}

/// Reads what the program writes, and answers its questions.
pub fn read(mut output: Box<dyn Read + Send>, shared: &Shared, answers: Answers) {
    let mut buffer = [0; 4096];
    let mut unanswered = answers;
    while let Ok(count @ 1..) = output.read(&mut buffer) {
        let held = shared.held.lock().unwrap();
        drop(shared.changed_hold.wait_while(held, |held| *held).unwrap());
        let mut shown = shared.shown();
        shown.bytes.extend(&buffer[..count]);
        shown.parser.process(&buffer[..count]);
        // They are asked once, in this order.
        while let Some(((question, answer), rest)) = unanswered.split_first()
            && find(&shown.bytes, question)
        {
            shared.write(answer.as_bytes());
            unanswered = rest;
        }
        drop(shown);
        shared.changed.notify_all();
        if shared.closing.load(Ordering::Relaxed) {
            return;
        }
    }
    shared.changed.notify_all();
}

fn find(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// Returns the text of each row.
pub fn rows(parser: &vt100::Parser) -> Vec<String> {
    let rows = parser.screen().rows(0, SIZE.0);
    rows.map(|row| row.trim_end().to_owned()).collect()
}

/// What can be seen of a cell: blanks have no colour of their own but the ground.
pub fn looks(parser: &vt100::Parser) -> Vec<String> {
    let screen = parser.screen();
    let cell = |row: u16, column: u16| {
        let cell = screen.cell(row, column).unwrap();
        let blank = cell.contents().trim().is_empty();
        let letters = (!blank).then(|| (cell.fgcolor(), cell.bold(), cell.dim(), cell.italic()));
        let ground = (cell.bgcolor(), cell.inverse(), cell.underline());
        (cell.contents().trim().to_owned(), letters, ground)
    };
    (0..SIZE.1 - 1)
        .map(|row| {
            let mut look = String::new();
            let mut last = None;
            for column in 0..SIZE.0 {
                let (text, letters, ground) = cell(row, column);
                let seen = format!("{letters:?}{ground:?}");
                if last.as_ref() != Some(&seen) {
                    look.push_str(&seen);
                    last = Some(seen);
                }
                look.push_str(if text.is_empty() { " " } else { &text });
            }
            look
        })
        .collect()
}
