//! The program in a hermetic folder: nothing of the machine's own configuration reaches it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with a configuration, a cache and whatever files a test puts there.
pub struct TestEnv {
    folder: TempDir,
}

/// What a run of the program printed, and how it ended.
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
}

impl TestEnv {
    /// Makes an empty folder.
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// Makes a folder whose configuration has one section, `News`, with these feeds.
    pub fn with_feeds(urls: &[&str]) -> Self {
        let env = Self::new();
        let mut text = String::from("[[sections]]\nname = \"News\"\n");
        for url in urls {
            text.push_str(&format!("[[sections.feeds]]\nurl = \"{url}\"\n"));
        }
        env.configure(&text);
        env
    }

    /// Makes a folder with one feed in a file, already refreshed.
    pub fn with_feed_file(feed: &str) -> Self {
        let env = Self::new();
        env.write("feed.xml", feed);
        env.configure(&format!(
            "[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{}\"\n",
            env.file_url("feed.xml")
        ));
        assert_eq!(env.run(&["refresh"]).code, Some(0));
        env
    }

    /// Returns a path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the `file:` address of a file in the folder.
    pub fn file_url(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file can be written");
    }

    /// Writes the configuration.
    pub fn configure(&self, text: &str) {
        self.write("config.toml", text);
    }

    /// Returns the program, ready to run with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TZ", "UTC")
            .env("GAZETTE_CONFIG", self.path("config.toml"))
            .env("GAZETTE_DATA_DIR", self.path("data"))
            .current_dir(self.folder.path())
            .args(arguments);
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        finish(&mut self.command(arguments))
    }

    /// Runs the program and reads each line it prints as JSON.
    pub fn json(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let ran = self.run(arguments);
        assert!(ran.err.is_empty(), "{}", ran.err);
        ran.out
            .lines()
            .map(|line| {
                serde_json::from_str(line)
                    .unwrap_or_else(|error| panic!("{error} in {line}\n{}", ran.err))
            })
            .collect()
    }
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    Ran {
        out: String::from_utf8(stdout).expect("UTF-8 on standard output"),
        err: String::from_utf8(stderr).expect("UTF-8 on standard error"),
        code: status.code(),
    }
}

/// Returns the folder of real feeds and pages, if it is there; says so where it isn't.
pub fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("GAZETTE_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no folder of real feeds at {}", path.display());
    None
}
