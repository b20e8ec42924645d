//! `mutate NAME [--seed N] [--runs N] [--seconds N] [--most N]`: runs a target on hostile documents, then on
//! broken ones. `mutate NAME FILE…` runs it on files.
//!
//! A find is a panic, a stack that overflows (the stack is as small as a thread's), more than a
//! second, or more than 200 MB. Its document is written below `fuzz/artifacts`; the exit code is 1.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gazette_fuzz::mutate::{Numbers, broken};
use gazette_fuzz::{TARGETS, Target, hostile, seeds};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a case may take.
const MOST_MS: u64 = 1000;
const MOST_MEGABYTES: f32 = 200.0;

/// A case that takes this long never ends; its document is in `running`.
const HUNG_MS: u64 = 60_000;

/// The stack of the threads that read feeds and lay out articles.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Documents of one piece over and over have this many bytes, or the target's most.
const HOSTILE_BYTES: usize = 200_000;

const USAGE: &str = "usage: mutate feed|html|query|headers|dates [--seed N] [--runs N] [--seconds N] [--most MS] [FILE…]";

/// What was asked for.
struct Job {
    target: Target,
    seed: u64,
    runs: u64,
    seconds: u64,
    /// What a case may take, in milliseconds.
    most: u64,
    files: Vec<PathBuf>,
}

fn job() -> Option<Job> {
    let mut words = std::env::args().skip(1);
    let name = words.next()?;
    let target = *TARGETS.iter().find(|target| target.name == name)?;
    let mut job = Job {
        target,
        seed: 1,
        runs: 10_000,
        seconds: u64::MAX,
        most: MOST_MS,
        files: Vec::new(),
    };
    while let Some(word) = words.next() {
        let number = match word.as_str() {
            "--seed" => &mut job.seed,
            "--runs" => &mut job.runs,
            "--seconds" => &mut job.seconds,
            "--most" => &mut job.most,
            _ if word.starts_with('-') => return None,
            _ => {
                job.files.push(word.into());
                continue;
            }
        };
        *number = words.next()?.parse().ok()?;
    }
    Some(job)
}

fn main() -> ExitCode {
    let Some(job) = job() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let started = Instant::now();
    let beat = Arc::new(AtomicU64::new(0));
    let worker = {
        let beat = Arc::clone(&beat);
        let run = move || Run::new(&job, beat, started).all(&job);
        thread::Builder::new().stack_size(STACK_BYTES).spawn(run)
    };
    let Ok(worker) = worker else {
        eprintln!("mutate: no thread to run in");
        return ExitCode::FAILURE;
    };
    while !worker.is_finished() {
        thread::sleep(Duration::from_millis(50));
        let since = elapsed_ms(started).saturating_sub(beat.load(Ordering::Relaxed));
        if since > HUNG_MS {
            eprintln!(
                "FIND: a case doesn't end; its document is the file `running` in fuzz/artifacts"
            );
            return ExitCode::FAILURE;
        }
    }
    match worker.join() {
        Ok(0) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The time that this thread has had the processor, so that other programs don't count; None where
/// the system doesn't say it.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// One run, and its figures so far.
struct Run {
    target: Target,
    most: Duration,
    folder: PathBuf,
    beat: Arc<AtomicU64>,
    started: Instant,
    cases: u64,
    bytes: u64,
    slowest: Duration,
    most_megabytes: f32,
    finds: u32,
}

impl Run {
    fn new(job: &Job, beat: Arc<AtomicU64>, started: Instant) -> Self {
        let target = job.target;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
        Self {
            target,
            most: Duration::from_millis(job.most),
            folder: folder.join(target.name),
            beat,
            started,
            cases: 0,
            bytes: 0,
            slowest: Duration::ZERO,
            most_megabytes: 0.0,
            finds: 0,
        }
    }

    /// Runs all that was asked for; returns how many finds there were.
    fn all(mut self, job: &Job) -> u32 {
        if let Err(error) = fs::create_dir_all(&self.folder) {
            eprintln!("mutate: {}: {error}", self.folder.display());
            return 1;
        }
        if job.files.is_empty() {
            self.hostile();
            self.broken(job);
        } else {
            for file in &job.files {
                match fs::read(file) {
                    Ok(document) => self.case(&file.display().to_string(), &document),
                    Err(error) => {
                        eprintln!("mutate: {}: {error}", file.display());
                        self.finds += 1;
                    }
                }
            }
        }
        // It is there only while a case runs, or where one took the whole process down.
        let _ = fs::remove_file(self.folder.join("running"));
        println!(
            "{}: {} cases, {} MB in {:.0} s; slowest {} ms, most memory {:.0} MB; {} finds",
            self.target.name,
            self.cases,
            self.bytes / 1_000_000,
            self.started.elapsed().as_secs_f32(),
            self.slowest.as_millis(),
            self.most_megabytes,
            self.finds
        );
        self.finds
    }

    fn hostile(&mut self) {
        let size = HOSTILE_BYTES.min(self.target.most_bytes);
        for (at, document) in hostile::of(self.target.name, size).iter().enumerate() {
            self.case(&format!("hostile-{at}"), document);
        }
    }

    fn broken(&mut self, job: &Job) {
        let seeds = seeds::of(self.target.name);
        for at in 0..job.runs {
            if self.started.elapsed().as_secs() >= job.seconds {
                break;
            }
            let mut numbers = Numbers::of(job.seed, at);
            let document = broken(&seeds, &mut numbers, self.target.most_bytes);
            self.case(&format!("seed-{}-{at}", job.seed), &document);
        }
    }

    fn case(&mut self, name: &str, document: &[u8]) {
        // A stack that overflows takes the process down: then this file is what did it.
        let _ = fs::write(self.folder.join("running"), document);
        self.beat.store(elapsed_ms(self.started), Ordering::Relaxed);
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage_as_mb();
        let mut took = match self.timed(document) {
            Ok(took) => took,
            Err(why) => return self.find(name, document, &why),
        };
        let megabytes = MEMORY.peak_usage_as_mb() - before;
        // The fastest of three counts.
        for _ in 0..2 {
            if took > self.most {
                self.beat.store(elapsed_ms(self.started), Ordering::Relaxed);
                took = took.min(self.timed(document).unwrap_or(took));
            }
        }
        self.cases += 1;
        self.bytes += document.len() as u64;
        self.slowest = self.slowest.max(took);
        self.most_megabytes = self.most_megabytes.max(megabytes);
        if took > self.most {
            self.find(name, document, &format!("it takes {} ms", took.as_millis()));
        } else if megabytes > MOST_MEGABYTES {
            self.find(name, document, &format!("it takes {megabytes:.0} MB"));
        }
    }

    fn timed(&self, document: &[u8]) -> Result<Duration, String> {
        let check = self.target.check;
        let began = Instant::now();
        let had = processor_time();
        let ended = panic::catch_unwind(AssertUnwindSafe(|| check(document)));
        let took = match (had, processor_time()) {
            (Some(had), Some(has)) => has.saturating_sub(had),
            _ => began.elapsed(),
        };
        ended.map(|()| took).map_err(|_| "it panics".to_owned())
    }

    fn find(&mut self, name: &str, document: &[u8], why: &str) {
        self.finds += 1;
        let path = self.folder.join(name.replace('/', "_"));
        let written = match fs::write(&path, document) {
            Ok(()) => path.display().to_string(),
            Err(error) => format!("(not written: {error})"),
        };
        println!(
            "FIND: {name}: {why}. Again with: mutate {} {written}",
            self.target.name
        );
    }
}
