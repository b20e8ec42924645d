//! The rules of the house: what the compiler doesn't hold, this test does.
//!
//! Imports go down only (ARCHITECTURE.md, "Floors"), a risky crate is named in one place, files
//! stay short, every file is compiled, and the example configuration is in step with the program.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

const PURE: [&str; 7] = [
    "feed", "html", "extract", "opml", "search", "polite", "threads",
];
const EDGES: [&str; 4] = ["store", "net", "config", "platform"];
const FRONT_ENDS: [&str; 2] = ["tui", "cli"];

/// Returns what a module below `src/` may know of the others; `None` for one without a floor.
fn may_know(module: &str) -> Option<Vec<&'static str>> {
    let below_edges = [&["model"][..], &PURE].concat();
    let below_services = [&below_edges[..], &EDGES].concat();
    match module {
        "model" => Some(Vec::new()),
        "feed" | "extract" | "threads" => Some(vec!["model", "html"]),
        _ if PURE.contains(&module) => Some(vec!["model"]),
        _ if EDGES.contains(&module) => Some(below_edges),
        "services" => Some(below_services),
        _ if FRONT_ENDS.contains(&module) => Some([&below_services[..], &["services"]].concat()),
        _ => None,
    }
}

/// The crates that the model may know.
const MODEL_CRATES: [&str; 11] = [
    "std",
    "core",
    "crate",
    "super",
    "self",
    "url",
    "jiff",
    "serde",
    "thiserror",
    "unicode_width",
    "unicode_segmentation",
];

/// What no pure function may name: the outside world.
const OUTSIDE_WORLD: [&str; 9] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "TcpStream",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "tokio::",
];

/// Crates that may be named only where these paths begin.
const HOMES: [(&str, &[&str]); 11] = [
    ("rusqlite", &["src/store"]),
    ("reqwest", &["src/net"]),
    ("feed_rs", &["src/feed/adapter.rs"]),
    ("html2text", &["src/html/render.rs"]),
    ("dom_smoothie", &["src/extract/page"]),
    ("clap", &["src/cli"]),
    ("crossterm", &["src/platform", "src/tui"]),
    ("notify", &["src/platform/watch.rs"]),
    ("ratatui", &["src/tui", "src/platform/backend"]),
    ("rustix", &["src/platform"]),
    ("signal_hook", &["src/platform/signals.rs"]),
];

/// A file of this many lines has more than one reason to be.
const MOST_LINES: usize = 1000;

/// A Rust file: its path from the crate's root, with slashes, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The text without comments. A `//` in a text ends its line here, which only loses names.
    fn code(&self) -> String {
        let lines = self.text.lines();
        lines
            .map(|line| line.split("//").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The code before the tests; none in a file of tests.
    fn code_without_tests(&self) -> String {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return String::new();
        }
        let code = self.code();
        code.split("\n#[cfg(test)]")
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    /// The module below `src/` that it belongs to; `None` for `main.rs` and `lib.rs`.
    fn module(&self) -> Option<&str> {
        match self.path.strip_prefix("src/")?.split_once('/') {
            Some((module, _)) => Some(module),
            None => self.path[4..]
                .strip_suffix(".rs")
                .filter(|name| !["main", "lib"].contains(name)),
        }
    }

    /// How many `super::` lead from it to the crate's root.
    fn depth(&self) -> usize {
        let folders = self.path.matches('/').count() - 1;
        folders + usize::from(!self.path.ends_with("/mod.rs"))
    }

    /// The modules below `src/` that it names.
    fn imports(&self) -> Vec<String> {
        let code = self.code();
        let to_root = "super::".repeat(self.depth());
        ["crate::", "gazette::", &to_root]
            .into_iter()
            .flat_map(|root| named_after(&code, root))
            .collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, sorted; none where there is no such folder.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| Source {
            text: fs::read_to_string(&path).unwrap(),
            path: slashed(&path),
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for file in fs::read_dir(folder).into_iter().flatten() {
        let path = file.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

fn slashed(path: &Path) -> String {
    let names = path.strip_prefix(root()).unwrap().iter();
    let names: Vec<_> = names.map(|name| name.to_str().unwrap()).collect();
    names.join("/")
}

/// The names that follow `root` in code: `root::a::b` gives `a`, `root::{a, b::c}` gives `a`, `b`.
fn named_after(code: &str, root: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(root) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + root.len()..];
        match rest.strip_prefix('{') {
            None => names.push(first_name(rest)),
            Some(group) => names.extend(first_names(group)),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The first name of each path in a group of imports that was opened.
fn first_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 1;
    let mut begins = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => begins = depth == 1,
            c if begins && (c.is_alphanumeric() || c == '_') => {
                names.push(first_name(&group[at..]));
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn first_name(path: &str) -> String {
    path.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// Whether code names a crate: as a path, or imports it.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + name.len()..];
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '"' && c != '-')
            && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}

fn wrong_imports(source: &Source) -> Vec<String> {
    let Some(module) = source.module() else {
        return Vec::new();
    };
    let Some(below) = may_know(module) else {
        return vec![format!("{}: `{module}` has no floor", source.path)];
    };
    source
        .imports()
        .into_iter()
        .filter(|name| may_know(name).is_some() && name != module)
        .filter(|name| !below.contains(&name.as_str()))
        .map(|name| format!("{}: `{module}` must not know `{name}`", source.path))
        .collect()
}

fn named_away_from_home(source: &Source) -> Vec<String> {
    let code = source.code();
    HOMES
        .iter()
        .filter(|(_, homes)| !homes.iter().any(|home| source.path.starts_with(home)))
        .filter(|(name, _)| names_crate(&code, name))
        .map(|(name, homes)| format!("{}: `{name}` belongs to {homes:?}", source.path))
        .collect()
}

fn outside_world_in_pure_code(source: &Source) -> Vec<String> {
    let module = source.module().unwrap_or_default();
    let code = source.code_without_tests();
    let mut wrong = Vec::new();
    if PURE.contains(&module) || module == "model" {
        let named = OUTSIDE_WORLD.iter().filter(|name| code.contains(**name));
        wrong.extend(named.map(|name| format!("{}: `{name}` in pure code", source.path)));
    }
    if module == "model" {
        let used = named_after(&code, "use ").into_iter();
        let strange = used.filter(|name| !MODEL_CRATES.contains(&name.as_str()));
        wrong.extend(strange.map(|name| format!("{}: the model knows `{name}`", source.path)));
    }
    wrong
}

/// The files that no `mod` line of the file above them names, so that nothing compiles them.
fn unlisted(sources: &[Source], roots: &[&str]) -> Vec<String> {
    let text = |path: &str| sources.iter().find(|source| source.path == path);
    let listed = |source: &&Source| {
        let path = source.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        let (folder, name) = path.rsplit_once('/').unwrap();
        let mut above = vec![format!("{folder}/mod.rs"), format!("{folder}.rs")];
        above.extend(roots.iter().map(|root| format!("{folder}/{root}")));
        above.iter().filter_map(|path| text(path)).any(|above| {
            let code = above.code();
            code.lines()
                .any(|line| line.trim_end().ends_with(&format!("mod {name};")))
        })
    };
    sources
        .iter()
        .filter(|source| {
            !roots
                .iter()
                .any(|root| source.path.ends_with(&format!("/{root}")))
        })
        .filter(|source| !listed(source))
        .map(|source| format!("{}: no `mod` line names it", source.path))
        .collect()
}

#[track_caller]
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn imports_go_down_only() {
    let wrong: Vec<_> = sources("src").iter().flat_map(wrong_imports).collect();
    assert_none(&wrong);
}

#[test]
fn a_risky_crate_is_named_in_one_place() {
    let wrong: Vec<_> = sources("src")
        .iter()
        .flat_map(named_away_from_home)
        .collect();
    assert_none(&wrong);
}

#[test]
fn pure_functions_know_nothing_of_the_outside() {
    let wrong: Vec<_> = sources("src")
        .iter()
        .flat_map(outside_world_in_pure_code)
        .collect();
    assert_none(&wrong);
}

#[test]
fn files_stay_short() {
    let long: Vec<_> = ["src", "tests", "benches"]
        .into_iter()
        .flat_map(sources)
        .map(|source| (source.text.lines().count(), source.path))
        .filter(|(lines, _)| *lines >= MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert_none(&long);
}

#[test]
fn every_file_is_compiled() {
    assert_none(&unlisted(&sources("src"), &["lib.rs", "main.rs"]));
    assert_none(&unlisted(&sources("tests/suite"), &["main.rs"]));
}

/// The rules themselves find what they are for.
mod rules {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// How many faults each rule finds: imports, homes, outside world.
    #[track_caller]
    fn check(path: &str, text: &str, expected: [usize; 3]) {
        let source = source(path, text);
        let found = [
            wrong_imports(&source),
            named_away_from_home(&source),
            outside_world_in_pure_code(&source),
        ];
        assert_eq!(found.each_ref().map(Vec::len), expected, "{found:?}");
    }

    #[test]
    fn upward_and_sideways_imports_are_found_however_written() {
        check(
            "src/feed/mod.rs",
            "use crate::html::parse;\nuse crate::model::feed;",
            [0; 3],
        );
        check("src/feed/mod.rs", "use crate::store::Store;", [1, 0, 0]);
        check(
            "src/html/a.rs",
            "use crate::{model::feed,\n  feed::{parse, store},\n  net};",
            [2, 0, 0],
        );
        check(
            "src/store/mod.rs",
            "fn f() { crate::net::get() }",
            [1, 0, 0],
        );
        check("src/store/a.rs", "use super::super::net;", [1, 0, 0]);
        check("src/store/a.rs", "use super::net;", [0; 3]);
        check("src/store/mod.rs", "use super::net;", [1, 0, 0]);
        check("src/tui/view/a.rs", "use gazette::cli;", [1, 0, 0]);
        check(
            "src/services/a.rs",
            "// use crate::cli;\nuse crate::store::Store;",
            [0; 3],
        );
        check("src/newcomer.rs", "", [1, 0, 0]);
        check("src/main.rs", "use gazette::cli;", [0; 3]);
    }

    #[test]
    fn a_crate_away_from_home_is_found() {
        check("src/net/a.rs", "use rusqlite::Connection;", [0, 1, 0]);
        check("src/store/a.rs", "use rusqlite as sql;", [0; 3]);
        check(
            "src/feed/mod.rs",
            "fn f(e: feed_rs::model::Entry) {}",
            [0, 1, 0],
        );
        check("src/feed/adapter.rs", "use feed_rs::parser;", [0; 3]);
        check("src/feed/mod.rs", "mod clap_on; // reqwest::get", [0; 3]);
    }

    #[test]
    fn the_outside_world_in_pure_code_is_found() {
        check("src/polite/a.rs", "use std::fs;", [0, 0, 1]);
        check(
            "src/model/a.rs",
            "use rand::random;\nuse std::fmt;",
            [0, 0, 1],
        );
        check(
            "src/polite/a.rs",
            "fn f() {}\n#[cfg(test)]\nuse std::fs;",
            [0; 3],
        );
        check("src/net/a.rs", "use std::fs;", [0; 3]);
    }

    #[test]
    fn a_file_that_nothing_compiles_is_found() {
        let sources = [
            source("tests/suite/main.rs", "mod cli;\n// mod gone;"),
            source("tests/suite/cli/mod.rs", "pub mod list;"),
            source("tests/suite/cli/list.rs", ""),
            source("tests/suite/cli/show.rs", ""),
            source("tests/suite/gone.rs", ""),
        ];
        assert_eq!(
            unlisted(&sources, &["main.rs"]),
            [
                "tests/suite/cli/show.rs: no `mod` line names it",
                "tests/suite/gone.rs: no `mod` line names it",
            ]
        );
    }
}

/// `config.example.toml` says what the program knows.
mod example {
    use gazette::config::{Config, ConfigError, EXAMPLE, Network, Ui, Wrong, parse};

    use super::*;

    /// The example with every setting switched on. A switched-off setting is a `#` without a blank.
    fn switched_on() -> String {
        let on = |line: &str| match line.strip_prefix('#') {
            Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting.to_owned(),
            _ => line.to_owned(),
        };
        EXAMPLE.lines().map(|line| on(line) + "\n").collect()
    }

    /// Parses in a folder that has the example's file of certificates.
    fn parsed(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        fs::File::create(folder.path().join("our-ca.pem")).unwrap();
        parse(text, &folder.path().join("config.toml"))
    }

    #[test]
    fn as_it_is_it_changes_nothing() {
        assert_eq!(parsed(EXAMPLE).unwrap(), Config::default());
    }

    #[test]
    fn switched_on_it_says_the_defaults() {
        let example = parsed(&switched_on()).unwrap_or_else(|error| panic!("{error}"));
        let default = Config::default();
        assert_eq!(example.general, default.general);
        let network = Network {
            user_agent: None,
            proxy: None,
            ca_file: None,
            ..example.network
        };
        assert_eq!(network, default.network);
        let ui = Ui {
            opener: None,
            ..example.ui
        };
        assert_eq!(ui, default.ui);
        assert_eq!(example.sections[1..], default.sections);
    }

    #[test]
    fn it_has_every_key() {
        let stranger = "zzz = 0\n";
        let on: String = switched_on()
            .lines()
            .map(|line| {
                let closed = line.starts_with('[') && line != "[keys]";
                [line, "\n", if closed { stranger } else { "" }].concat()
            })
            .collect();
        let Err(ConfigError::Faulty { faults, .. }) = parsed(&format!("{stranger}{on}")) else {
            panic!("the strangers were let in");
        };
        let mut absent = Vec::new();
        let mut tables = std::collections::BTreeSet::new();
        for fault in faults {
            let Wrong::UnknownKey { known } = fault.wrong else {
                panic!("{fault:?}");
            };
            if tables.insert(fault.table.clone()) {
                absent.extend(
                    known
                        .into_iter()
                        .filter(|key| !says(&on, &fault.table, key)),
                );
            }
        }
        assert_eq!(absent, Vec::<&str>::new());
        assert_eq!(tables.len(), 9, "{tables:?}");
    }

    /// Whether a table of the text has a key or a table of that name.
    fn says(text: &str, table: &str, key: &str) -> bool {
        let mut within = "";
        text.lines().any(|line| {
            if line.starts_with('[') {
                within = line;
            }
            let name = line.trim_matches(['[', ']']);
            (within == table && line.starts_with(&format!("{key} = ")))
                || (table.is_empty() && name == key)
                || name == format!("{}.{key}", table.trim_matches(['[', ']']))
        })
    }
}
