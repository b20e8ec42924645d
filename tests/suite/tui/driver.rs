//! A reader at the screen: keys go in, frames come out, and nothing sleeps.
//!
//! It runs what the program runs, `update`, `view` and what the workers do between two waits, on a
//! real cache in a folder of its own. Only the threads and the terminal are left out. What goes to
//! other programs is kept in [`Driver::outside`].

use std::cell::Cell;
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, OnceLock};

use gazette::config::{self, Config};
use gazette::model::error::Problem;
use gazette::net::Proxies;
use gazette::services::{Connection, SharedParts, demo};
use gazette::store::Folder;
use gazette::tui::effect::{Effect, Letter, Question};
use gazette::tui::keymap::{Key, Keymap};
use gazette::tui::message::Message;
use gazette::tui::palette::{Depth, Palette};
use gazette::tui::state::{Browser, Setup, State};
use gazette::tui::symbols::UNICODE;
use gazette::tui::theme::{Ground, Theme};
use gazette::tui::update::{place_changed, update};
use gazette::tui::view::{Look, view};
use gazette::tui::workers::outlet::{Arrived, Outlet};
use gazette::tui::workers::reader::Answering;
use gazette::tui::workers::writer::Writing;
use gazette::tui::workers::{export, refresher};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use tempfile::TempDir;

/// Tuesday 24 November 2026, 10:20 UTC.
const NOW: i64 = 1_795_515_600;

thread_local! {
    /// The time, in seconds; a test has a thread of its own.
    static CLOCK: Cell<i64> = const { Cell::new(NOW) };
}

/// Tells the time.
pub fn clock() -> Timestamp {
    Timestamp::from_second(CLOCK.get()).unwrap()
}

/// Lets time pass.
pub fn pass(seconds: i64) {
    CLOCK.set(CLOCK.get() + seconds);
}

/// The demo's configuration and the files of its cache.
struct Samples {
    config: Config,
    files: Vec<(PathBuf, Vec<u8>)>,
}

/// They are the same for every test.
static DEMO: OnceLock<Samples> = OnceLock::new();

/// Sets the demo up and takes its cache into memory.
fn samples() -> Samples {
    let folder = tempfile::tempdir().unwrap();
    let now = || Timestamp::from_second(NOW).unwrap();
    let config = demo::set_up(folder.path(), now, &TimeZone::UTC).unwrap();
    let data = folder.path().join(demo::DATA_FOLDER);
    let files = fs::read_dir(data).unwrap().map(|file| {
        let file = file.unwrap();
        let path = Path::new(demo::DATA_FOLDER).join(file.file_name());
        (path, fs::read(file.path()).unwrap())
    });
    let files = files.collect();
    Samples { config, files }
}

/// Whether what is asked of the outside is done at once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    AtOnce,
    Held,
}

/// A reader at the screen.
pub struct Driver {
    /// What went to other programs: opened, copied, redrawn, quit.
    pub outside: Vec<Effect>,
    /// What was asked for while answers were held.
    pub held: VecDeque<Effect>,
    /// How the frame looks.
    pub look: Look,
    pace: Pace,
    state: State,
    shared: Arc<SharedParts>,
    outlet: Outlet,
    arrivals: Receiver<Arrived>,
    reader: Answering,
    questions: Sender<Question>,
    writer: Writing,
    _heard_last: Receiver<Problem>,
    folder: Rc<TempDir>,
}

/// Returns colours in a depth.
pub fn painted(palette: Palette, depth: Depth) -> Look {
    Look {
        theme: Theme::new(palette, depth, Ground::Painted),
        symbols: UNICODE,
    }
}

impl Driver {
    /// Opens the demo's samples.
    pub fn demo(columns: u16, rows: u16) -> Self {
        Self::demo_with(columns, rows, |_| {})
    }

    /// Opens the demo's samples with a changed configuration.
    pub fn demo_with(columns: u16, rows: u16, change: impl FnOnce(&mut Config)) -> Self {
        let Samples { config, files } = DEMO.get_or_init(samples);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(demo::DATA_FOLDER)).unwrap();
        for (path, bytes) in files {
            fs::write(folder.path().join(path), bytes).unwrap();
        }
        let mut config = config.clone();
        change(&mut config);
        Self::start(
            Rc::new(folder),
            config,
            Connection::Offline,
            demo::DATA_FOLDER,
            (columns, rows),
        )
    }

    /// Starts the screen on a folder's cache.
    pub fn start(
        folder: Rc<TempDir>,
        config: Config,
        connection: Connection,
        data: &str,
        size: (u16, u16),
    ) -> Self {
        let data_dir = Folder::new(folder.path().join(data));
        let shared = SharedParts {
            config: Arc::new(config),
            data_dir,
            clock,
            zone: TimeZone::UTC,
            connection,
            proxies: Proxies::default(),
        };
        Self::new(folder, Arc::new(shared), size, Browser::There)
    }

    fn new(
        folder: Rc<TempDir>,
        shared: Arc<SharedParts>,
        size: (u16, u16),
        browser: Browser,
    ) -> Self {
        let keymap = Keymap::new(&shared.config.keys).unwrap();
        let state = State::new(Setup::new(&shared, keymap, browser), clock(), size);
        let (outlet, arrivals) = Outlet::channel();
        let (mut reader, questions) = Answering::new(Arc::clone(&shared), outlet.clone());
        let (untold, heard_last) = mpsc::channel();
        let writer = Writing::new(Arc::clone(&shared), outlet.clone(), untold);
        reader.begin(state.today());
        let mut driver = Self {
            outside: Vec::new(),
            held: VecDeque::new(),
            look: painted(Palette::Dark, Depth::TrueColour),
            pace: Pace::AtOnce,
            state,
            shared,
            outlet,
            arrivals,
            reader,
            questions,
            writer,
            _heard_last: heard_last,
            folder,
        };
        driver.settle();
        driver
    }

    /// Ends the program as a kill does, half a second after the last key, and starts it again in a
    /// window of this size.
    pub fn restart(mut self, columns: u16, rows: u16) -> Self {
        self.writer.keep();
        let browser = self.state.setup.browser;
        Self::new(self.folder, self.shared, (columns, rows), browser)
    }

    /// Returns the folder with everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns what services work with.
    pub fn shared(&self) -> &SharedParts {
        &self.shared
    }

    /// Takes the browser away, as over a line without a display.
    pub fn without_browser(mut self) -> Self {
        self.state.setup.browser = Browser::Missing;
        self
    }

    /// Presses keys: letters, and names between `<` and `>`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            self.hear(Message::Key(key));
        }
        self
    }

    /// Lets the program hear something.
    pub fn hear(&mut self, message: Message) -> &mut Self {
        self.update(message);
        self.settle();
        self
    }

    /// Changes the window.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.hear(Message::Resize(columns, rows))
    }

    /// From now on nothing is read, written or polled.
    pub fn hold(&mut self) -> &mut Self {
        self.pace = Pace::Held;
        self
    }

    /// Does all that was held, and holds no more.
    pub fn release(&mut self) -> &mut Self {
        self.pace = Pace::AtOnce;
        while let Some(effect) = self.held.pop_front() {
            self.carry_out(effect);
        }
        self.settle();
        self
    }

    /// Returns what the program knows.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the lines of the frame, blanks at their ends left out.
    pub fn lines(&self) -> Vec<String> {
        let (buffer, _) = self.drawn();
        let area = buffer.area;
        (area.top()..area.bottom())
            .map(|y| {
                let mut line = String::new();
                let mut x = area.left();
                while x < area.right() {
                    let symbol = buffer[(x, y)].symbol();
                    line.push_str(symbol);
                    let columns = gazette::model::text::display_width(symbol);
                    x += u16::try_from(columns).unwrap().max(1);
                }
                line.trim_end().to_owned()
            })
            .collect()
    }

    /// Returns the frame as text.
    pub fn frame(&self) -> String {
        self.lines().join("\n")
    }

    /// Returns the last line.
    pub fn foot(&self) -> String {
        self.lines().pop().unwrap_or_default()
    }

    /// Returns the frame's cells and where the cursor is.
    pub fn drawn(&self) -> (Buffer, Position) {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal
            .draw(|frame| view(&self.state, &self.look, frame))
            .unwrap();
        let cursor = terminal.get_cursor_position().unwrap();
        (terminal.backend().buffer().clone(), cursor)
    }

    /// Returns the frame, under it a letter for the style of each cell, and what the letters mean.
    pub fn styled(&self) -> String {
        let (buffer, _) = self.drawn();
        let mut styles = Vec::new();
        let mut grid = String::new();
        for y in buffer.area.top()..buffer.area.bottom() {
            let mut row = String::new();
            for x in buffer.area.left()..buffer.area.right() {
                let cell = &buffer[(x, y)];
                let style = (cell.fg, cell.bg, cell.modifier);
                let found = styles.iter().position(|known| *known == style);
                let at = found.unwrap_or(styles.len());
                if at == styles.len() {
                    styles.push(style);
                }
                row.push(char::from(b'a' + u8::try_from(at).unwrap()));
            }
            grid.push_str(&row);
            grid.push('\n');
        }
        let legend: String = (b'a'..)
            .zip(&styles)
            .map(|(letter, (fg, bg, weight))| {
                format!("{}: {fg} on {bg} {weight:?}\n", char::from(letter))
            })
            .collect();
        format!("{}\n\n{grid}\n{legend}", self.frame())
    }

    fn settle(&mut self) {
        loop {
            if let Some(effect) = place_changed(&mut self.state) {
                self.carry_out(effect);
            }
            match self.arrivals.try_recv() {
                Ok(Arrived::Message(message)) => self.update(message),
                Ok(other) => panic!("no worker sends {other:?}"),
                Err(_) => return,
            }
        }
    }

    fn update(&mut self, message: Message) {
        for effect in update(&mut self.state, clock(), message) {
            match self.pace {
                Pace::AtOnce => self.carry_out(effect),
                Pace::Held => self.held.push_back(effect),
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(question) => {
                self.questions.send(question).unwrap();
                self.reader.answer_waiting();
            }
            Effect::Write(change) => self.writer.write(change),
            Effect::Refresh(errand) => {
                let stop = AtomicBool::new(false);
                refresher::run(&self.shared, &self.outlet, &errand, &stop);
            }
            Effect::WriteFile { id, path } => {
                export::run(&self.shared, &self.outlet, id, path);
            }
            Effect::Correspond(Letter::FollowUp(_)) | Effect::StopRefresh | Effect::WakeAt(_) => {}
            outside => self.outside.push(outside),
        }
    }
}

/// Reads keys: `jj<enter>2<esc>`.
fn keys_of(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|rest| rest.split_once('>'))
            .and_then(|(name, rest)| Some((Key::parse(name)?, rest)));
        let (key, left) = named.unwrap_or((Key::Char(letter), &rest[letter.len_utf8()..]));
        keys.push(key);
        rest = left;
    }
    keys
}

/// A configuration and its feeds, in files.
pub struct Cache {
    folder: TempDir,
    text: String,
    feeds: usize,
    connection: Connection,
}

impl Cache {
    /// Makes one without feeds; `settings` come first in the configuration.
    pub fn new(settings: &str) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            text: settings.to_owned(),
            feeds: 0,
            connection: Connection::Online,
        }
    }

    /// No socket may be opened.
    pub fn offline(mut self) -> Self {
        self.connection = Connection::Offline;
        self
    }

    /// Adds a section with feeds of these texts.
    pub fn section(mut self, name: &str, feeds: &[String]) -> Self {
        self.text
            .push_str(&format!("\n[[sections]]\nname = \"{name}\"\n"));
        for feed in feeds {
            let file = self.folder.path().join(format!("feed-{}.xml", self.feeds));
            fs::write(&file, feed).unwrap();
            let url = url::Url::from_file_path(&file).unwrap();
            self.text
                .push_str(&format!("[[sections.feeds]]\nurl = \"{url}\"\n"));
            self.feeds += 1;
        }
        self
    }

    /// Opens the screen before any feed was polled.
    pub fn unpolled(self, columns: u16, rows: u16) -> Driver {
        let config = config::parse(&self.text, &self.folder.path().join("config.toml")).unwrap();
        let folder = Rc::new(self.folder);
        Driver::start(folder, config, self.connection, "data", (columns, rows))
    }

    /// Opens the screen on what the feeds bring.
    pub fn open(self, columns: u16, rows: u16) -> Driver {
        let connection = self.connection;
        let driver = self.unpolled(columns, rows);
        super::feeds::refresh(&driver);
        let (config, folder) = (driver.shared.config.as_ref().clone(), driver.folder);
        Driver::start(folder, config, connection, "data", (columns, rows))
    }
}
