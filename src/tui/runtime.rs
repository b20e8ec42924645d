//! The loop: waits for something to happen, lets `update` work out what it means, carries out what
//! it asks for, and draws once.
//!
//! Everything arrives in one bounded channel, and the loop never waits for anybody else: workers
//! have queues without a bound. While nothing happens and no moment was asked for, nothing wakes it.
//!
//! - [`ending`]: a signal ends the program, whatever the loop waits for
//! - [`keys`]: the terminal's keys as the screen names them
//! - [`looks`]: what the screen looks like on this terminal

mod ending;
mod keys;
mod looks;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use ratatui::Terminal;
use ratatui::layout::Size;

use self::looks::Answers;
use super::ScreenParts;
use super::effect::{Effect, Errand, Letter, Question};
use super::keymap::Keymap;
use super::message::{Loaded, Message, Outside, QuestionKind, Refresh, Worker};
use super::state::{self, Setup, State};
use super::update::{place_changed, update};
use super::view::{Look, title, view};
use super::workers::courier::Courier;
use super::workers::export;
use super::workers::outlet::{Arrived, Outlet};
use super::workers::reader;
use super::workers::refresher::Refresher;
use super::workers::writer::{End, Writer};
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::platform::backend::{Backend, Frames};
use crate::platform::input::{Input, Keyboard};
use crate::platform::terminal::{self, Output, Screen};
use crate::platform::{
    self, Browser, Copied, Guest, Signal, SignalListener, TerminalFacts, Watch, Within, copy, open,
};
use crate::services::SharedParts;

/// How long the first frame waits for what it shows.
const FIRST_FRAME: Duration = Duration::from_millis(250);

/// How long a frame waits for an answer that keys depend on, so that one frame shows both.
const ANSWER: Duration = Duration::from_millis(30);

/// So many arrivals are taken in before a frame at most.
const BATCH: usize = 256;

/// The least time until the program wakes by itself, so that no mistake makes it spin.
const LEAST_SLEEP: SignedDuration = SignedDuration::from_secs(1);

/// How long the end of the program waits for what is still to be written.
const WRITING: Duration = Duration::from_secs(3);

/// How long the end of the program waits for a refresh that was told to stop.
const STOPPING: Duration = Duration::from_secs(2);

/// How long it waits for both after a signal. The demo's folder goes next, and nobody must write
/// into it then.
const ENDING_BY_SIGNAL: Duration = Duration::from_secs(1);

/// SIGHUP's number, which is also told where the terminal went away without a signal.
const HUNG_UP: i32 = 1;

/// How late a Ctrl-c may arrive that was another program's. Our own keys make no signals.
const LATE_INTERRUPT: Duration = Duration::from_millis(500);

/// SIGINT's number.
const SIGINT: i32 = 2;

/// Shows the screen; see [`super::run`].
pub(super) fn run(parts: ScreenParts) -> Result<Option<i32>, Problem> {
    let ScreenParts {
        shared,
        terminal,
        home,
    } = parts;
    let keymap = Keymap::new(&shared.config.keys)
        .map_err(|fault| Problem::new(Exit::Usage, &format!("`[keys]`: {fault}")))?;
    let no_terminal = |error: io::Error| {
        Problem::new(Exit::Failed, "the terminal can't be used").because_of(&error)
    };
    let (outlet, arrivals) = Outlet::channel();
    let away = Arc::new(AtomicBool::new(false));
    // Before the terminal is changed, so that no signal ends the program with that undone.
    let guest = Guest::default();
    let signals = listen(outlet.clone(), Arc::clone(&away), guest.clone()).map_err(no_terminal)?;
    // Then this, so that the terminal's answers are on their way while the cache is read.
    let screen = Screen::enter(&terminal).map_err(no_terminal)?;
    let answers = Answers::ask(&shared.config.ui, &terminal);
    let size = terminal::size().map_err(no_terminal)?;
    let now = (shared.clock)();
    let has_opener = shared.config.ui.opener.is_some();
    let browser = if has_opener || terminal.browser == Browser::Possible {
        state::Browser::There
    } else {
        state::Browser::Missing
    };
    let setup = Setup::new(&shared, keymap, browser);
    let state = State::new(setup, now, size);
    let shared = Arc::new(shared);
    let questions = reader::start(Arc::clone(&shared), outlet.clone(), state.today())?;
    let writer = Writer::start(Arc::clone(&shared), outlet.clone())?;
    let heard = outlet.clone();
    let keyboard = Keyboard::start(move |input| heard.pass(Arrived::Input(input)).flow())
        .map_err(no_terminal)?;
    let backend = Backend::new(Output, Size::new(size.0, size.1));
    let courier = Courier::new(Arc::clone(&shared), outlet.clone());
    let mut runtime = Runtime {
        screen,
        surface: Terminal::new(backend).map_err(no_terminal)?,
        keyboard,
        _signals: signals,
        facts: terminal,
        home,
        answers,
        state,
        shared,
        outlet,
        arrivals,
        questions,
        writer,
        refresher: None,
        courier,
        away,
        guest,
        back_since: None,
        watch: None,
        cache_changed: Arc::new(AtomicBool::new(false)),
        picture: Picture::Awaited {
            until: Instant::now() + FIRST_FRAME,
            ready: false,
        },
        later: Vec::new(),
        is_dirty: true,
        awaited_since: None,
        wake: None,
        resumed: false,
        leaving: None,
    };
    let leaving = runtime.run();
    runtime.finish(leaving)
}

/// Hears signals. While another program has the terminal, what its keys cause is that program's:
/// Ctrl-c ends it alone, and Ctrl-z stops both, so that the shell can go on.
///
/// What is to end the program ends that other one first.
fn listen(outlet: Outlet, away: Arc<AtomicBool>, guest: Guest) -> io::Result<SignalListener> {
    let mut is_ending = false;
    SignalListener::start(move |signal| {
        if away.load(Ordering::Relaxed) {
            match signal {
                Signal::End(SIGINT) | Signal::Continue | Signal::Resize => return,
                Signal::Suspend => {
                    if let Err(error) = platform::suspend() {
                        tracing::warn!(%error, "the program can't be stopped");
                    }
                    return;
                }
                Signal::End(number) => guest.signal(number),
            }
        }
        if let Signal::End(number) = signal
            && !std::mem::replace(&mut is_ending, true)
        {
            ending::see_to_it(number, guest.clone());
        }
        outlet.pass(Arrived::Signal(signal));
    })
}

fn not_opened(error: &dyn Error) -> Problem {
    Problem::new(Exit::Failed, "the address wasn’t opened").because_of(error)
}

fn not_copied(error: &dyn Error) -> Problem {
    Problem::new(Exit::Failed, "nothing was copied").because_of(error)
}

/// Why the screen is left.
#[derive(Debug)]
enum Leaving {
    /// The reader wants it.
    Asked,
    /// A signal came.
    Signal(i32),
    /// Nothing can be shown.
    Failed(Problem),
}

/// Whether anything is on the screen yet.
enum Picture {
    /// The first frame waits for what it shows.
    Awaited {
        /// No longer than this.
        until: Instant,
        /// What there is to know at the start is known.
        ready: bool,
    },
    /// It is drawn, and looks so.
    Drawn(Box<Look>),
}

struct Runtime {
    // Dropped first, so that a panic's report stands on the screen of before.
    screen: Screen,
    surface: Terminal<Backend<Output>>,
    keyboard: Keyboard,
    _signals: SignalListener,
    facts: TerminalFacts,
    home: Option<PathBuf>,
    answers: Answers,
    state: State,
    shared: Arc<SharedParts>,
    outlet: Outlet,
    arrivals: Receiver<Arrived>,
    questions: Sender<Question>,
    writer: Writer,
    refresher: Option<Refresher>,
    courier: Courier,
    /// Whether another program has the terminal.
    away: Arc<AtomicBool>,
    /// The program that has it.
    guest: Guest,
    /// Since when it has it no more.
    back_since: Option<Instant>,
    watch: Option<Watch>,
    /// Whether word of a change to the cache is on its way.
    cache_changed: Arc<AtomicBool>,
    picture: Picture,
    /// Refreshes that begin once something is on the screen.
    later: Vec<Errand>,
    /// Whether anything may look different.
    is_dirty: bool,
    /// Since when an answer is waited for that keys depend on.
    awaited_since: Option<Instant>,
    /// The moment to wake up at.
    wake: Option<Timestamp>,
    /// The program came back by itself, so that the signal that says so is no news.
    resumed: bool,
    leaving: Option<Leaving>,
}

impl Runtime {
    fn run(&mut self) -> Leaving {
        loop {
            if let Some(arrived) = self.wait() {
                self.take(arrived);
            }
            for _ in 0..BATCH {
                match self.arrivals.try_recv() {
                    Ok(arrived) if self.leaving.is_none() => self.take(arrived),
                    _ => break,
                }
            }
            if self.is_due() {
                self.wake = None;
                self.update(Message::Due);
            }
            if let Some(effect) = place_changed(&mut self.state) {
                self.carry_out(effect);
            }
            if self.is_dirty && self.leaving.is_none() && self.frame_waits_until().is_none() {
                self.draw();
            }
            if let Some(leaving) = self.leaving.take() {
                return leaving;
            }
        }
    }

    /// Waits for the next arrival; nothing where a moment came instead.
    fn wait(&self) -> Option<Arrived> {
        let until_frame = self
            .frame_waits_until()
            .filter(|_| self.is_dirty)
            .map(|until| until.saturating_duration_since(Instant::now()));
        let until_wake = self.wake.map(|wake| {
            let left = wake.duration_since((self.shared.clock)());
            Duration::try_from(left).unwrap_or_default()
        });
        match until_frame.into_iter().chain(until_wake).min() {
            Some(limit) => self.arrivals.recv_timeout(limit).ok(),
            // It can't end: the loop holds a way into it.
            None => self.arrivals.recv().ok(),
        }
    }

    fn is_due(&self) -> bool {
        self.wake.is_some_and(|wake| wake <= (self.shared.clock)())
    }

    /// Returns until when the next frame waits for what it shows; nothing where it needn't.
    fn frame_waits_until(&self) -> Option<Instant> {
        let until = match &self.picture {
            Picture::Awaited { until, ready } => {
                let has_all =
                    *ready && !self.state.is_waiting() && self.state.article.asked.is_none();
                (!has_all).then_some(*until)
            }
            Picture::Drawn(_) => self.awaited_since.map(|since| since + ANSWER),
        };
        until.filter(|until| *until > Instant::now())
    }

    fn take(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Message(message) => self.take_message(message),
            Arrived::Input(input) => self.take_input(input),
            Arrived::Signal(Signal::End(SIGINT)) if self.is_just_back() => {}
            Arrived::Signal(Signal::End(number)) => self.leaving = Some(Leaving::Signal(number)),
            Arrived::Signal(Signal::Suspend) => self.suspend(),
            Arrived::Signal(Signal::Continue) => {
                if !std::mem::take(&mut self.resumed) {
                    // It was stopped without being asked (SIGSTOP): the shell has changed modes.
                    self.screen.leave();
                    self.come_back();
                }
            }
            Arrived::Signal(Signal::Resize) => self.resize(),
        }
    }

    /// Whether a Ctrl-c that ended the program in the terminal may arrive only now.
    fn is_just_back(&self) -> bool {
        self.back_since
            .is_some_and(|since| since.elapsed() < LATE_INTERRUPT)
    }

    fn take_message(&mut self, message: Message) {
        match (&mut self.picture, message) {
            // Without a cache there is nothing to show.
            (
                Picture::Awaited { .. },
                Message::Loaded(Loaded::Failed {
                    of: QuestionKind::Start,
                    problem,
                }),
            ) => self.leaving = Some(Leaving::Failed(*problem)),
            (Picture::Awaited { ready, .. }, message) => {
                *ready |= matches!(
                    message,
                    Message::Loaded(Loaded::Start { .. }) | Message::Failed(_)
                );
                self.update(message);
            }
            (_, message) => {
                match &message {
                    Message::CacheChanged => self.cache_changed.store(false, Ordering::Relaxed),
                    Message::Refresh(Refresh::Done { .. }) => self.watch(),
                    _ => {}
                }
                self.update(message);
            }
        }
    }

    fn take_input(&mut self, input: Input) {
        match input {
            Input::Key(event) => {
                if let Some(key) = keys::key(&event) {
                    self.update(Message::Key(key));
                }
            }
            Input::Paste(text) => self.update(Message::Paste(text)),
            // After the first frame it comes too late.
            Input::Background(colour) => self.answers.background = Some(colour),
            Input::Synchronised => self.surface.backend_mut().set_frames(Frames::Synchronised),
            Input::WheelArrows => self.screen.keep_wheel(),
            Input::Attributes => self.screen.answered(),
            Input::Closed => self.leaving = Some(Leaving::Signal(HUNG_UP)),
        }
    }

    fn update(&mut self, message: Message) {
        let now = (self.shared.clock)();
        self.is_dirty = true;
        for effect in update(&mut self.state, now, message) {
            self.carry_out(effect);
        }
        if self.state.is_waiting() {
            self.awaited_since.get_or_insert_with(Instant::now);
        } else {
            self.awaited_since = None;
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            // The thread outlives its jobs.
            Effect::Ask(question) => drop(self.questions.send(question)),
            Effect::Write(change) => self.writer.write(change),
            Effect::Refresh(errand) => match self.picture {
                Picture::Awaited { .. } => self.later.push(errand),
                Picture::Drawn(_) => self.refresh(errand),
            },
            Effect::StopRefresh => {
                self.later.clear();
                if let Some(refresher) = &self.refresher {
                    refresher.stop();
                }
            }
            Effect::Open(address) => self.open(&address),
            Effect::Copy(text) => self.copy(text),
            Effect::WriteFile { id, path } => {
                let (shared, outlet) = (Arc::clone(&self.shared), self.outlet.clone());
                let path = export::from_home(path, self.home.as_deref());
                if let Err(problem) = export::start(shared, outlet, id, path) {
                    self.complain(problem);
                }
            }
            Effect::WakeAt(at) => {
                let soonest = self.state.now.saturating_add(LEAST_SLEEP).ok();
                self.wake = at.max(at.and(soonest));
            }
            Effect::Correspond(letter) => self.correspond(letter),
            Effect::StopCorresponding => self.courier.stop_fetching(),
            Effect::Edit(text) => self.edit(&text),
            Effect::Redraw => self.redraw(),
            Effect::Suspend => self.suspend(),
            Effect::Quit => self.leaving = Some(Leaving::Asked),
        }
    }

    fn refresh(&mut self, errand: Errand) {
        // One that still indexes leaves the rest to the next.
        if let Some(before) = self.refresher.take() {
            before.stop();
        }
        match Refresher::start(Arc::clone(&self.shared), self.outlet.clone(), errand) {
            Ok(refresher) => self.refresher = Some(refresher),
            Err(problem) => self.update(Message::Refresh(Refresh::Failed(Box::new(problem)))),
        }
    }

    fn correspond(&mut self, letter: Letter) {
        if let Err(problem) = self.courier.take(letter) {
            self.update(Message::Failed(Worker::Courier));
            self.complain(problem);
        }
    }

    /// Has the reader's editor change a text, and takes it back.
    fn edit(&mut self, text: &str) {
        let editor = self.facts.editor.clone();
        match self.away(|guest| guest.edit(text, &editor)) {
            Ok(text) => self.update(Message::Outside(Outside::Edited(text))),
            Err(error) => self
                .complain(Problem::new(Exit::Failed, "the text wasn’t edited").because_of(&error)),
        }
    }

    /// Lets another program have the terminal until it ends.
    fn away<T>(&mut self, act: impl FnOnce(&Guest) -> T) -> T {
        self.away.store(true, Ordering::Relaxed);
        self.keyboard.pause();
        self.screen.leave();
        let done = act(&self.guest);
        self.away.store(false, Ordering::Relaxed);
        self.back_since = Some(Instant::now());
        self.come_back();
        done
    }

    fn complain(&mut self, problem: Problem) {
        self.update(Message::Outside(Outside::Failed(Box::new(problem))));
    }

    fn open(&mut self, address: &str) {
        let shared = Arc::clone(&self.shared);
        let ui = &shared.config.ui;
        let program = ui.opener.as_deref();
        let opened = if ui.opener_terminal {
            self.away(|guest| guest.open(address, program))
        } else {
            let outlet = self.outlet.clone();
            open(address, program, move |error| {
                outlet.tell(Message::Outside(Outside::Failed(Box::new(not_opened(
                    &error,
                )))));
            })
        };
        if let Err(error) = opened {
            self.complain(not_opened(&error));
        }
    }

    fn copy(&mut self, text: String) {
        let within = self.facts.within;
        if within != Within::Tmux {
            match copy(&text, within) {
                Ok(Copied::ByTerminal(bytes)) if Output.write_all(&bytes).is_err() => {
                    self.leaving = Some(Leaving::Signal(HUNG_UP));
                }
                Ok(_) => {}
                Err(error) => self.complain(not_copied(&error)),
            }
            return;
        }
        // tmux is waited for, but not by the loop.
        let outlet = self.outlet.clone();
        let started = thread::Builder::new()
            .name("copy".to_owned())
            .spawn(move || {
                if let Err(error) = copy(&text, within) {
                    outlet.tell(Message::Outside(Outside::Failed(Box::new(not_copied(
                        &error,
                    )))));
                }
            });
        if let Err(error) = started {
            self.complain(not_copied(&error));
        }
    }

    fn redraw(&mut self) {
        self.surface.backend_mut().forget();
        self.is_dirty = true;
    }

    fn resize(&mut self) {
        if let Ok((columns, rows)) = terminal::size() {
            self.surface.backend_mut().resize(Size::new(columns, rows));
            self.update(Message::Resize(columns, rows));
        }
    }

    /// Stops until the shell lets the program go on; does nothing where no shell could.
    fn suspend(&mut self) {
        if !terminal::has_shell() {
            return;
        }
        self.keyboard.pause();
        self.screen.leave();
        if let Err(error) = platform::suspend() {
            tracing::warn!(%error, "the program can't be stopped");
        } else {
            self.resumed = true;
        }
        self.come_back();
    }

    /// Takes the terminal again after another program had it.
    fn come_back(&mut self) {
        if self.screen.reenter().is_err() {
            self.leaving = Some(Leaving::Signal(HUNG_UP));
            return;
        }
        self.keyboard.resume();
        self.redraw();
        self.resize();
        self.update(Message::Resumed);
    }

    fn draw(&mut self) {
        let config = &self.shared.config;
        if let Picture::Awaited { .. } = self.picture {
            let look = self.answers.look(&config.ui, &self.facts);
            self.picture = Picture::Drawn(Box::new(look));
        }
        let Picture::Drawn(look) = &self.picture else {
            return;
        };
        let state = &self.state;
        let drawn = self
            .surface
            .draw(|frame| view(state, look, frame))
            .map(drop);
        let drawn = drawn.and_then(|()| self.screen.set_title(&SafeText::line(&title(state))));
        if drawn.is_err() {
            // The terminal is gone, and so is whoever could be told.
            self.leaving = Some(Leaving::Signal(HUNG_UP));
        }
        self.is_dirty = false;
        self.watch();
        for polls in std::mem::take(&mut self.later) {
            self.refresh(polls);
        }
    }

    /// Begins to watch the cache; before the first refresh there may be none, and its folder may have
    /// been replaced.
    fn watch(&mut self) {
        let folder = &self.shared.data_dir;
        if self.watch.as_ref().is_some_and(|watch| watch.is_of(folder)) {
            return;
        }
        let had_another = self.watch.take().is_some();
        let (outlet, is_told) = (self.outlet.clone(), Arc::clone(&self.cache_changed));
        self.watch = platform::watch(folder, move || {
            // Until one is heard another says nothing new.
            if !is_told.swap(true, Ordering::Relaxed) {
                outlet.tell(Message::CacheChanged);
            }
        });
        if had_another {
            self.update(Message::CacheChanged);
        }
    }

    /// Gives the terminal back, then waits for what is still to be done.
    fn finish(mut self, leaving: Leaving) -> Result<Option<i32>, Problem> {
        self.screen.leave();
        self.keyboard.stop();
        if let Some(refresher) = &self.refresher {
            refresher.stop();
        }
        self.courier.stop_fetching();
        if let Some(Effect::Write(change)) = place_changed(&mut self.state) {
            self.writer.write(change);
        }
        // From here on nobody waits for the loop. Where the reader closes the cache first, the writer
        // is the last and leaves no log behind, which the next start would have to read.
        drop(self.arrivals);
        drop(self.questions);
        let (writing, stopping, signal) = match leaving {
            Leaving::Asked => (WRITING, STOPPING, None),
            Leaving::Signal(number) => (ENDING_BY_SIGNAL, ENDING_BY_SIGNAL, Some(number)),
            Leaving::Failed(problem) => return Err(problem),
        };
        let begun = Instant::now();
        let end = self.writer.finish(writing);
        if let Some(refresher) = self.refresher {
            refresher.finish(stopping.saturating_sub(begun.elapsed()));
        }
        self.courier
            .finish(stopping.saturating_sub(begun.elapsed()));
        if signal.is_some() {
            return Ok(signal);
        }
        match end {
            End::Written => Ok(None),
            End::Failed(problem) => Err(problem),
            End::Unfinished => Err(Problem::new(
                Exit::Failed,
                "the last changes may not be stored: the cache is busy",
            )),
        }
    }
}
