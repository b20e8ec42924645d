//! The answers of a real WordPress, as they were saved.
//!
//! ```ignore
//! let Some(site) = SavedWordPress::start() else { return };      // said so: no folder of answers
//! site.instead("pages/closed.html");      // what else was saved for one and the same address
//! site.then("form/success.html");         // what the door answers, one after the other
//! // … ask site.url("/feed/") …
//! ```
//!
//! Its own address stands wherever the saved answers name theirs; all else is byte for byte as it was.
//! Only what one post is (`…/wp/v2/posts/N`) was saved for a few, and is put together for the others.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use url::Url;

use super::{lock, parameter};
use crate::support::env::corpus;
use crate::support::server::{Answer, Asked, FakeServer};

/// Where the answers were saved, in addresses and in parameters of addresses.
const THERE: [&str; 2] = ["127.0.0.1:8901", "127.0.0.1%3A8901"];

/// Answers from settings that aren't those that sites come with.
const UNUSUAL: [&str; 7] = [
    "feeds/comments-300-all.xml",
    "feeds/comments-300-all-atom.xml",
    "pages/block-theme-300.html",
    "pages/block-theme-threads.html",
    "pages/registration-required.html",
    "form/success-page.html",
    "form/awaiting-moderation-page.html",
];

/// Header fields that belong to the connection of then.
const OF_THE_CONNECTION: [&str; 4] = [
    "content-length",
    "transfer-encoding",
    "content-encoding",
    "connection",
];

/// A server that gives the saved answers.
pub struct SavedWordPress {
    server: FakeServer,
    folder: PathBuf,
    /// The address that each file answers.
    addresses: HashMap<String, String>,
    given: Arc<Mutex<Given>>,
}

#[derive(Default)]
struct Given {
    /// Answers by address.
    answers: HashMap<String, Answer>,
    /// What the door answers next.
    next: Vec<Answer>,
}

impl SavedWordPress {
    /// Starts one; says so and returns nothing where there are no saved answers.
    pub fn start() -> Option<Self> {
        let folder = corpus()?.join("wordpress");
        let Ok(manifest) = fs::read_to_string(folder.join("MANIFEST.tsv")) else {
            eprintln!("skipped: no saved WordPress at {}", folder.display());
            return None;
        };
        let saved = Self {
            server: FakeServer::start(),
            folder,
            addresses: manifest.lines().skip(1).filter_map(address_of).collect(),
            given: Arc::default(),
        };
        let mut files: Vec<&String> = saved.addresses.keys().collect();
        files.sort();
        for file in files {
            if !UNUSUAL.contains(&file.as_str()) {
                saved.instead(file);
            }
        }
        saved.tell_of_posts();
        let given = Arc::clone(&saved.given);
        saved.server.decide_all(move |asked| {
            let answer = answer(&mut lock(&given), asked);
            match asked.method.as_str() {
                "HEAD" => answer.head_alone(),
                _ => answer,
            }
        });
        Some(saved)
    }

    /// Answers for single posts of which no answer was saved.
    fn tell_of_posts(&self) {
        for post in self.truth()["posts"].as_array().into_iter().flatten() {
            let is_open = post["comments_open"] == true;
            let told = serde_json::json!({
                "id": post["id"],
                "link": post["link"],
                "comment_status": if is_open { "open" } else { "closed" },
            });
            let answer = Answer::ok(told.to_string()).header("Content-Type", "application/json");
            let address = canonical(&format!("/wp-json/wp/v2/posts/{}", post["id"]));
            lock(&self.given).answers.entry(address).or_insert(answer);
        }
    }

    /// Lets a file answer at its address, whatever did so far.
    pub fn instead(&self, file: &str) {
        let address = canonical(&self.addresses[file]);
        lock(&self.given).answers.insert(address, self.read(file));
    }

    /// Lets a file be the next answer to a comment that is sent, behind those that already are.
    pub fn then(&self, file: &str) {
        lock(&self.given).next.push(self.read(file));
    }

    /// Lets all routes of the REST interface answer with this.
    pub fn close_rest(&self, answer: &Answer) {
        let mut given = lock(&self.given);
        for (address, known) in &mut given.answers {
            if address.starts_with("/wp-json/") {
                *known = answer.clone();
            }
        }
    }

    /// Returns the address of a path here.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Returns the server, which knows what it was asked.
    pub fn server(&self) -> &FakeServer {
        &self.server
    }

    /// Returns what the saved site's database holds.
    pub fn truth(&self) -> serde_json::Value {
        let bytes = self.here(fs::read(self.folder.join("truth.json")).expect("truth.json"));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Reads an answer.
    fn read(&self, file: &str) -> Answer {
        let body = fs::read(self.folder.join(file)).expect("a saved body");
        let head = fs::read(self.folder.join(format!("{file}.headers"))).expect("saved headers");
        let head = String::from_utf8(self.here(head)).expect("headers in UTF-8");
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let mut answer = Answer::status(status.expect("a status")).body(self.here(body));
        for line in lines {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            if !OF_THE_CONNECTION.contains(&name.to_ascii_lowercase().as_str()) {
                answer = answer.header(name, value);
            }
        }
        answer
    }

    /// Puts this server's address in the place of the one of then.
    fn here(&self, bytes: Vec<u8>) -> Vec<u8> {
        let address = self.server.address().to_string();
        let mut bytes = bytes;
        for (there, here) in [
            (THERE[0], address.clone()),
            (THERE[1], address.replace(':', "%3A")),
        ] {
            let mut replaced = Vec::with_capacity(bytes.len());
            let mut from = 0;
            for at in memchr::memmem::find_iter(&bytes, there) {
                replaced.extend_from_slice(&bytes[from..at]);
                replaced.extend_from_slice(here.as_bytes());
                from = at + there.len();
            }
            replaced.extend_from_slice(&bytes[from..]);
            bytes = replaced;
        }
        bytes
    }
}

fn answer(given: &mut Given, asked: &Asked) -> Answer {
    if asked.method == "POST" {
        return if given.next.is_empty() {
            Answer::status(500)
        } else {
            given.next.remove(0)
        };
    }
    let known = given.answers.get(&canonical(&asked.target));
    known.cloned().unwrap_or_else(|| Answer::status(404))
}

/// Returns a file and the address that it answers, of a line of the manifest; none for what was sent.
fn address_of(line: &str) -> Option<(String, String)> {
    let mut cells = line.split('\t');
    let (file, method, path) = (cells.next()?, cells.next()?, cells.next()?);
    (method == "GET").then(|| (file.to_owned(), path.to_owned()))
}

/// Returns an address in a form that is the same for all that mean the same: its parameters in order,
/// without those that only say how the answer is written, or what holds anyway.
fn canonical(target: &str) -> String {
    let url = Url::parse("http://site").and_then(|base| base.join(target));
    let Ok(url) = url else {
        return target.to_owned();
    };
    let is_list = url.path().contains("/wp/v2/comments");
    // The pages of 100 were saved; others of that post were not asked for.
    let mut parameters: Vec<(String, String)> = (url.query_pairs().into_owned())
        .filter(|(name, value)| match name.as_str() {
            "_fields" | "orderby" => false,
            "page" => !(is_list && value == "1"),
            _ => true,
        })
        .map(|(name, value)| (name.replace("[0]", ""), value))
        .collect();
    parameters.sort();
    let mut path = url.path().to_owned();
    if parameter(&url, "rest_route").is_none() {
        path.truncate(path.trim_end_matches('/').len());
        path.push('/');
    }
    for (at, (name, value)) in parameters.iter().enumerate() {
        path.push(if at == 0 { '?' } else { '&' });
        path.push_str(&format!("{name}={value}"));
    }
    path
}
