//! A terminal with the program in it.

use std::fs::{self, File};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

use super::bytes::Modes;
use super::shown::{Shared, Shown, looks, read, rows};
use crate::support::env::TestEnv;

/// How long anything may take. Other tests run beside.
const LIMIT: Duration = Duration::from_mins(1);

/// The columns and rows of a terminal.
pub const SIZE: (u16, u16) = (100, 30);

/// What a terminal answers to which question.
pub type Answers = &'static [(&'static str, &'static str)];

/// A terminal that knows everything, dark, whose wheel sent no arrows.
pub const MODERN: Answers = &[
    ("\x1b[?1007$p", "\x1b[?1007;2$y"),
    ("\x1b]11;?\x1b\\", "\x1b]11;rgb:0000/0000/0000\x1b\\"),
    ("\x1b[?2026$p", "\x1b[?2026;2$y"),
    ("\x1b[c", "\x1b[?62;22c"),
];

/// A terminal that answers nothing.
pub const SILENT: Answers = &[];

/// A terminal with the program in it, which ends with it.
pub struct Screen {
    shared: Arc<Shared>,
    master: Option<Box<dyn MasterPty + Send>>,
    /// The program's end, so that its modes can be read after its end.
    terminal: Option<File>,
    child: Box<dyn Child + Send + Sync>,
    reader: Option<JoinHandle<()>>,
    home: std::path::PathBuf,
    cooked: Option<String>,
}

impl Screen {
    /// Starts the program.
    pub fn start(env: &TestEnv, arguments: &[&str]) -> Self {
        Self::start_in(env, arguments, &[], MODERN)
    }

    /// Starts the program in a terminal of a kind.
    pub fn start_in(
        env: &TestEnv,
        arguments: &[&str],
        variables: &[(&str, &str)],
        answers: Answers,
    ) -> Self {
        let mut command = env.command(arguments);
        command.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        command.envs(variables.iter().copied());
        Self::spawn(env, &command, answers)
    }

    /// Starts any command in a terminal.
    pub fn spawn(env: &TestEnv, command: &Command, answers: Answers) -> Self {
        let (columns, rows) = SIZE;
        let pair = native_pty_system().openpty(pty_size(SIZE)).unwrap();
        let cooked = termios(&*pair.master);
        let terminal = File::open(pair.master.tty_name().unwrap()).unwrap();
        let shared = Arc::new(Shared {
            shown: Mutex::new(Shown {
                parser: vt100::Parser::new(
                    NonZeroU16::new(rows).unwrap(),
                    NonZeroU16::new(columns).unwrap(),
                    0,
                ),
                bytes: Vec::new(),
            }),
            changed: Condvar::new(),
            writer: Mutex::new(Some(pair.master.take_writer().unwrap())),
            closing: AtomicBool::new(false),
            held: Mutex::new(false),
            changed_hold: Condvar::new(),
        });
        let output = pair.master.try_clone_reader().unwrap();
        let for_reader = Arc::clone(&shared);
        let reader = thread::spawn(move || read(output, &for_reader, answers));
        let child = pair.slave.spawn_command(builder(env, command)).unwrap();
        Self {
            shared,
            master: Some(pair.master),
            terminal: Some(terminal),
            child,
            reader: Some(reader),
            home: env.path(""),
            cooked,
        }
    }

    /// Types, or sends whatever else a terminal may send.
    pub fn send(&self, bytes: impl AsRef<[u8]>) {
        self.shared.write(bytes.as_ref());
    }

    /// Sends the parts of something, each only after the program has read the one before.
    pub fn send_in_parts(&self, parts: &[&str]) {
        for part in parts {
            self.send(part);
            let terminal = self.terminal.as_ref().unwrap();
            self.wait_until("what was sent is read", || {
                rustix::io::ioctl_fionread(terminal).is_ok_and(|left| left == 0)
            });
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_while(&format!("waited for {text:?}"), |rows| {
            !rows.iter().any(|row| row.contains(text))
        });
    }

    /// Waits until a text is on the screen no more.
    #[track_caller]
    pub fn wait_for_end_of(&self, text: &str) {
        self.wait_while(&format!("waited for the end of {text:?}"), |rows| {
            rows.iter().any(|row| row.contains(text))
        });
    }

    /// Waits until the screen shows these rows, as [`Screen::looks`] returns them.
    #[track_caller]
    pub fn wait_for_looks(&self, expected: &[String]) {
        self.wait_for_shown("waited for the same rows", |shown| {
            looks(&shown.parser) == expected
        });
    }

    /// Waits until the screen shows this text, as [`Screen::texts`] returns it.
    #[track_caller]
    pub fn wait_for_texts(&self, expected: &[String]) {
        self.wait_for_shown("waited for the same text", |shown| {
            rows(&shown.parser).split_last().unwrap().1 == expected
        });
    }

    /// Waits until the screen shows anything but these rows.
    #[track_caller]
    pub fn wait_for_other_looks(&self, before: &[String]) {
        self.wait_for_shown("waited for a change", |shown| {
            looks(&shown.parser) != before
        });
    }

    #[track_caller]
    fn wait_while(&self, what: &str, condition: impl Fn(&[String]) -> bool) {
        self.wait_for_shown(what, |shown| !condition(&rows(&shown.parser)));
    }

    /// Waits until `condition` holds for the modes.
    #[track_caller]
    pub fn wait_for_modes(&self, what: &str, condition: impl Fn(&Modes) -> bool) {
        self.wait_for_shown(what, |shown| condition(&Modes::after(&shown.bytes)));
    }

    #[track_caller]
    fn wait_for_shown(&self, what: &str, condition: impl Fn(&Shown) -> bool) {
        let shown = self.shared.shown();
        let (shown, _) = self
            .shared
            .changed
            .wait_timeout_while(shown, LIMIT, |shown| !condition(shown))
            .unwrap_or_else(PoisonError::into_inner);
        assert!(
            condition(&shown),
            "{what}:\n{}",
            rows(&shown.parser).join("\n")
        );
    }

    /// Waits until something outside holds.
    #[track_caller]
    pub fn wait_until(&self, what: &str, condition: impl Fn() -> bool) {
        let begun = Instant::now();
        while !condition() {
            assert!(
                begun.elapsed() < LIMIT,
                "{what}:\n{}",
                self.rows().join("\n")
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the program has written nothing for so long.
    #[track_caller]
    pub fn wait_for_silence(&self, silence: Duration) {
        let begun = Instant::now();
        let mut shown = self.shared.shown();
        loop {
            let length = shown.bytes.len();
            let (later, waited) = self
                .shared
                .changed
                .wait_timeout_while(shown, silence, |shown| shown.bytes.len() == length)
                .unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return;
            }
            assert!(begun.elapsed() < LIMIT, "it never falls silent");
            shown = later;
        }
    }

    /// Returns the text of each row.
    pub fn rows(&self) -> Vec<String> {
        rows(&self.shared.shown().parser)
    }

    /// Returns the text of each row but the last. Another run may have other colours, where an
    /// answer of the terminal comes after the first frame.
    #[track_caller]
    pub fn texts(&self) -> Vec<String> {
        self.looks();
        let mut rows = self.rows();
        rows.pop();
        rows
    }

    /// Returns each row with its colours and the like, but for the last, which tells the time.
    /// Waits for the end of the frame that is being drawn.
    #[track_caller]
    pub fn looks(&self) -> Vec<String> {
        self.wait_for_silence(Duration::from_millis(100));
        self.wait_for_modes("the frame is whole", |modes| !modes.set().contains(&2026));
        looks(&self.shared.shown().parser)
    }

    /// Writes over what is shown, as another program would.
    pub fn scribble(&self) {
        self.shared
            .shown()
            .parser
            .process(b"\x1b[2J\x1b[H$ ls\r\nfeeds.opml");
    }

    /// Gives the terminal another size. What is shown is still read as if it had the old one.
    pub fn resize(&self, size: (u16, u16)) {
        self.master
            .as_ref()
            .unwrap()
            .resize(pty_size(size))
            .unwrap();
    }

    /// From now on the terminal takes nothing of what is written, as after Ctrl-s; returns when the
    /// program waits for it. `key` is one that makes it write much.
    pub fn hold(&self, key: &str) {
        *self.shared.held.lock().unwrap() = true;
        let terminal = self.terminal.as_ref().unwrap();
        let is_read = || rustix::io::ioctl_fionread(terminal).is_ok_and(|left| left == 0);
        // Once the program waits to write, it soon hears no keys any more.
        loop {
            self.send(key);
            let sent = Instant::now();
            while !is_read() {
                if sent.elapsed() > Duration::from_millis(500) {
                    return;
                }
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Waits for the end of the program while the terminal takes nothing, checks that the terminal
    /// takes lines again; returns the exit code and what it was sent last.
    #[track_caller]
    pub fn end_held(mut self) -> (u32, Vec<u8>) {
        let code = self.wait_for_exit();
        assert!(self.is_cooked(), "the terminal takes no lines any more");
        *self.shared.held.lock().unwrap() = false;
        self.shared.changed_hold.notify_all();
        self.terminal = None;
        self.reader.take().unwrap().join().unwrap();
        let bytes = self.shared.shown().bytes.clone();
        (code, bytes)
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Sends a signal to the program and all that it or its shell started.
    pub fn signal_group(&self, signal: Signal) {
        kill_process_group(self.pid(), signal).unwrap();
    }

    /// Waits until the program is stopped.
    #[track_caller]
    pub fn wait_for_stop(&self) {
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        self.wait_until("waited for a stop", || {
            let state = waitid(WaitId::Pid(self.pid()), options).unwrap();
            state.is_some_and(|state| state.stopped())
        });
    }

    /// Whether the terminal takes lines, as it did before the program came.
    pub fn is_cooked(&self) -> bool {
        termios(&**self.master.as_ref().unwrap()) == self.cooked
    }

    /// Closes the terminal, and returns the program's exit code. `key` is one that changes the
    /// screen: only so does the reader let go of the terminal.
    #[track_caller]
    pub fn close(mut self, key: &str) -> u32 {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.send(key);
        self.reader.take().unwrap().join().unwrap();
        let mut writer = self.shared.writer.lock().unwrap();
        *writer = None;
        drop(writer);
        self.terminal = None;
        self.master = None;
        self.wait_for_exit()
    }

    /// Waits for the end of the program and checks that the terminal is as it was; returns the exit
    /// code and what was written in all.
    #[track_caller]
    pub fn end(self) -> (u32, Vec<u8>) {
        // The cursor is on.
        self.end_with_modes(&[25])
    }

    /// Waits for the end of a command that has no screen, and returns its exit code.
    #[track_caller]
    pub fn end_of_lines(mut self) -> u32 {
        self.wait_for_exit()
    }

    /// The same where these private modes shall be set.
    #[track_caller]
    pub fn end_with_modes(mut self, set: &[u16]) -> (u32, Vec<u8>) {
        let code = self.wait_for_exit();
        assert!(self.is_cooked(), "the terminal takes no lines any more");
        // With nobody left to write, the reader comes to its end.
        self.terminal = None;
        self.reader.take().unwrap().join().unwrap();
        let shown = self.shared.shown();
        let screen = shown.parser.screen();
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
        let modes = Modes::after(&shown.bytes);
        assert_eq!(modes.set(), set);
        assert_eq!(modes.titles, 0, "the title is back");
        (code, shown.bytes.clone())
    }

    #[track_caller]
    fn wait_for_exit(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.assert_no_panic();
                return status.exit_code();
            }
            assert!(
                begun.elapsed() < LIMIT,
                "it doesn't end:\n{}",
                self.rows().join("\n")
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn assert_no_panic(&self) {
        let log = self.home.join(".local/state/gazette/gazette.log");
        let log = fs::read_to_string(log).unwrap_or_default();
        assert!(!log.contains("panic"), "{log}");
    }

    /// Returns the program's process id.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    fn pid(&self) -> Pid {
        let pid = self.child.process_id().unwrap();
        Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process_group(self.pid(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Returns the modes of the terminal's line, in words.
fn termios(master: &dyn MasterPty) -> Option<String> {
    master.get_termios().map(|modes| format!("{modes:?}"))
}

fn builder(env: &TestEnv, command: &Command) -> CommandBuilder {
    let mut builder = CommandBuilder::new(command.get_program());
    builder.args(command.get_args());
    builder.env_clear();
    // The samples of `gazette demo` go with the test's folder, even after a kill.
    builder.env("TMPDIR", env.path(""));
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            builder.env(name, value);
        }
    }
    builder.cwd(env.path(""));
    builder
}
