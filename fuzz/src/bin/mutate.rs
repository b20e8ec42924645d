//! `mutate NAME [--seed N] [--runs N]`: breaks seeds and looks for what takes a parser down, for more
//! than a second or for more than 200 MB. `mutate NAME FILE…` tries files.
//!
//! A find is written to `fuzz/finds/`, so that it can be tried again, and ends the program with 1.

use std::fs;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use gazette_fuzz::{checks, hostile, mutations};

/// No case may take longer.
const LONGEST: Duration = Duration::from_secs(1);

/// A case that takes longer than this never ends.
const HANGING: Duration = Duration::from_secs(60);

/// No case may bring the program to more than this, in kilobytes.
const MOST_MEMORY: u64 = 200_000;

const USAGE: &str = "usage: mutate feed|html|query|headers|dates [--seed N] [--runs N] | [FILE…]";

struct Asked {
    name: String,
    seed: u64,
    runs: u64,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    // Panics are told as finds.
    panic::set_hook(Box::new(|_| ()));
    let mut driver = Driver::new(asked.name.clone());
    if asked.files.is_empty() {
        for (idea, case) in hostile::cases(&asked.name) {
            driver.try_case(&case, &|| format!("{idea} ({} bytes)", case.len()));
        }
        let corpus = std::env::var_os("GAZETTE_CORPUS").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
            PathBuf::from,
        );
        let corpus = corpus.is_dir().then_some(corpus);
        if corpus.is_none() {
            println!("skipped: seeds from real feeds and pages (GAZETTE_CORPUS names no folder)");
        }
        let seeds = mutations::seeds(&asked.name, corpus.as_deref());
        for run in 0..asked.runs {
            // Each case has a number of its own, so that one can be made again alone.
            let mut random = Rng::with_seed(asked.seed.wrapping_mul(1 << 32).wrapping_add(run));
            let case = mutations::mutate(&asked.name, &seeds, &mut random);
            driver.try_case(&case, &|| format!("case {run} of seed {}", asked.seed));
        }
    } else {
        for file in &asked.files {
            match fs::read(file) {
                Ok(case) => driver.try_case(&case, &|| file.display().to_string()),
                Err(error) => {
                    eprintln!("{}: {error}", file.display());
                    return ExitCode::from(2);
                }
            }
        }
    }
    driver.tell()
}

/// Reads the command line.
fn asked() -> Option<Asked> {
    let mut arguments = std::env::args().skip(1);
    let mut asked = Asked {
        name: arguments.next()?,
        seed: 1,
        runs: 10_000,
        files: Vec::new(),
    };
    if !checks::run(&asked.name, b"") {
        return None;
    }
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => asked.seed = arguments.next()?.parse().ok()?,
            "--runs" => asked.runs = arguments.next()?.parse().ok()?,
            file => asked.files.push(file.into()),
        }
    }
    Some(asked)
}

/// Tries cases, one after the other.
struct Driver {
    name: String,
    cases: u64,
    slowest: (Duration, String),
    finds: u32,
    /// The case that runs.
    running: Arc<Mutex<Option<Vec<u8>>>>,
    begun: mpsc::Sender<()>,
}

impl Driver {
    fn new(name: String) -> Self {
        let running = Arc::new(Mutex::new(None));
        let (begun, beginnings) = mpsc::channel();
        watch(name.clone(), Arc::clone(&running), beginnings);
        Self {
            name,
            cases: 0,
            slowest: (Duration::ZERO, String::new()),
            finds: 0,
            running,
            begun,
        }
    }

    fn try_case(&mut self, case: &[u8], told: &dyn Fn() -> String) {
        self.cases += 1;
        let name = self.name.clone();
        let run = || {
            let began = time_used();
            let ended = panic::catch_unwind(AssertUnwindSafe(|| checks::run(&name, case)));
            (time_used().saturating_sub(began), ended)
        };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(case.to_vec());
        let _ = self.begun.send(());
        let (time, ended) = run();
        if let Err(panic) = ended {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
            let words: String = words.unwrap_or("a panic").chars().take(300).collect();
            self.find(case, &format!("{}: {words}", told()));
        }
        if time > LONGEST {
            self.find(case, &format!("{}: {} ms", told(), time.as_millis()));
        }
        if time > self.slowest.0 {
            self.slowest = (time, told());
        }
        if peak() > MOST_MEMORY {
            self.find(case, &format!("{}: {} kB of memory", told(), peak()));
            // The next find is told apart from this one.
            let _ = fs::write("/proc/self/clear_refs", "5");
        }
    }

    fn find(&mut self, case: &[u8], what: &str) {
        self.finds += 1;
        println!("found: {what}\n  kept as {}", keep(&self.name, case));
    }

    fn tell(&self) -> ExitCode {
        println!(
            "{}: {} cases, {} finds; the slowest took {} ms ({}); {} MB of memory at the most",
            self.name,
            self.cases,
            self.finds,
            self.slowest.0.as_millis(),
            self.slowest.1,
            peak() / 1000
        );
        if self.finds == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// Ends the program where a case never ends.
fn watch(name: String, running: Arc<Mutex<Option<Vec<u8>>>>, beginnings: mpsc::Receiver<()>) {
    thread::spawn(move || {
        let mut is_running = false;
        loop {
            match beginnings.recv_timeout(HANGING) {
                Ok(()) => is_running = true,
                Err(RecvTimeoutError::Timeout) if is_running => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let running = running.lock().unwrap_or_else(PoisonError::into_inner);
        let case = running.as_deref().unwrap_or_default();
        println!(
            "found: a case that does not end\n  kept as {}",
            keep(&name, case)
        );
        std::process::exit(1);
    });
}

/// Writes a case to a file of its own; returns its path.
fn keep(name: &str, case: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds");
    let sum = case.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let path = folder.join(format!("{name}-{sum:016x}"));
    let kept = fs::create_dir_all(&folder)
        .and_then(|()| fs::File::create(&path))
        .and_then(|mut file| file.write_all(case));
    match kept {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("nothing: {error}"),
    }
}

/// Returns the time for which this thread has had a processor: what other programs use doesn't count.
fn time_used() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Returns the most memory that the program has had, in kilobytes; 0 where the system doesn't tell.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
