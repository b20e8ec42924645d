//! A configuration's TOML → [`Config`], table by table.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use toml::de::DeTable;
use url::Url;

use super::CheckKeys;
use super::builtin;
use super::error::{Fault, Wrong};
use super::settings::{
    CommentAccount, Comments, Config, ConfiguredFeed, General, MarkRead, Mute, Network, Prefetch,
    RefreshMode, Section, Symbols, Theme, Ui,
};
use super::walk::{Page, Placed, Walk};

/// A year: nothing is asked for less often.
const MOST_MINUTES: i64 = 366 * 24 * 60;
/// A request that takes a day has failed.
const MOST_SECONDS: i64 = 24 * 60 * 60;
const MOST_DAYS: i64 = 36_500;
/// Bodies are held in memory, so one is never larger than 1 GiB.
const MOST_BYTES: i64 = 1 << 30;
const MOST_CONNECTIONS: i64 = 1024;

/// Reads a configuration; `folder` is where its relative paths begin.
pub(super) fn read(text: &str, folder: &Path, check_keys: CheckKeys) -> Result<Config, Vec<Fault>> {
    let page = Page::new(text);
    match DeTable::parse(text) {
        Ok(table) => {
            let config = file(Walk::new(&page, &table), folder, check_keys);
            let faults = page.into_faults();
            if faults.is_empty() {
                Ok(config)
            } else {
                Err(faults)
            }
        }
        Err(error) => {
            let span = error.span().unwrap_or(text.len()..text.len());
            let mut message = error.message().replace('\n', ", ");
            let written = page.written(span.clone());
            if !written.is_empty() {
                message = format!("{message}: `{written}`");
            }
            page.note(span.start, "", "", Wrong::Syntax(message));
            Err(page.into_faults())
        }
    }
}

fn file(mut walk: Walk<'_>, folder: &Path, check_keys: CheckKeys) -> Config {
    let mut first_spellings = HashMap::new();
    let mut names: Vec<Placed<String>> = Vec::new();
    let config = Config {
        general: walk
            .table("general", "[general]", general)
            .unwrap_or_default(),
        network: walk
            .table("network", "[network]", |walk| network(walk, folder))
            .unwrap_or_default(),
        ui: walk.table("ui", "[ui]", ui).unwrap_or_default(),
        keys: walk
            .table("keys", "[keys]", |walk| keys(walk, check_keys))
            .unwrap_or_default(),
        mute: walk.tables("mute", "[[mute]]", mute).unwrap_or_default(),
        comments: walk
            .table("comments", "[comments]", |walk| comments(walk, folder))
            .unwrap_or_default(),
        sections: walk
            .tables("sections", "[[sections]]", |walk| {
                section(walk, &mut names, &mut first_spellings)
            })
            .unwrap_or_else(builtin::sections),
    };
    walk.end();
    config
}

fn general(walk: &mut Walk<'_>) -> General {
    let default = General::default();
    General {
        refresh_minutes: walk
            .number("refresh_minutes", 1..=MOST_MINUTES)
            .unwrap_or(default.refresh_minutes),
        keep_days: walk
            .number("keep_days", 0..=MOST_DAYS)
            .unwrap_or(default.keep_days),
        prefetch_full_text: walk
            .choice(
                "prefetch_full_text",
                &[
                    ("never", Prefetch::Never),
                    ("summary-only", Prefetch::SummaryOnly),
                    ("always", Prefetch::Always),
                ],
            )
            .unwrap_or(default.prefetch_full_text),
        refresh: walk
            .choice(
                "refresh",
                &[
                    ("auto", RefreshMode::Auto),
                    ("start", RefreshMode::Start),
                    ("manual", RefreshMode::Manual),
                ],
            )
            .unwrap_or(default.refresh),
    }
}

fn network(walk: &mut Walk<'_>, folder: &Path) -> Network {
    let default = Network::default();
    Network {
        timeout_seconds: walk
            .number("timeout_seconds", 1..=MOST_SECONDS)
            .unwrap_or(default.timeout_seconds),
        connect_timeout_seconds: walk
            .number("connect_timeout_seconds", 1..=MOST_SECONDS)
            .unwrap_or(default.connect_timeout_seconds),
        max_body_bytes: walk
            .number("max_body_bytes", 1..=MOST_BYTES)
            .unwrap_or(default.max_body_bytes),
        connections: walk
            .number("connections", 1..=MOST_CONNECTIONS)
            .unwrap_or(default.connections),
        connections_per_host: walk
            .number("connections_per_host", 1..=MOST_CONNECTIONS)
            .unwrap_or(default.connections_per_host),
        user_agent: walk
            .text_that(
                "user_agent",
                "a text of printable ASCII characters",
                header_value,
            )
            .map(|agent| agent.value),
        proxy: walk
            .text_that("proxy", "an address such as `http://proxy:3128`", proxy)
            .map(|proxy| proxy.value),
        ca_file: walk
            .text_that("ca_file", "a file that exists", |name| {
                Some(folder.join(name)).filter(|file| file.is_file())
            })
            .map(|file| file.value),
        allow_private_hosts: walk
            .flag("allow_private_hosts")
            .unwrap_or(default.allow_private_hosts),
    }
}

fn ui(walk: &mut Walk<'_>) -> Ui {
    let default = Ui::default();
    Ui {
        theme: walk
            .choice(
                "theme",
                &[
                    ("auto", Theme::Auto),
                    ("dark", Theme::Dark),
                    ("light", Theme::Light),
                    ("terminal", Theme::Terminal),
                    ("mono", Theme::Mono),
                ],
            )
            .unwrap_or(default.theme),
        symbols: walk
            .choice(
                "symbols",
                &[
                    ("auto", Symbols::Auto),
                    ("unicode", Symbols::Unicode),
                    ("ascii", Symbols::Ascii),
                ],
            )
            .unwrap_or(default.symbols),
        text_width: walk
            .number("text_width", 40..=100)
            .unwrap_or(default.text_width),
        mark_read: walk
            .choice(
                "mark_read",
                &[
                    ("open", MarkRead::Open),
                    ("end", MarkRead::End),
                    ("never", MarkRead::Never),
                ],
            )
            .unwrap_or(default.mark_read),
        mouse: walk.flag("mouse").unwrap_or(default.mouse),
        plain: walk.flag("plain").unwrap_or(default.plain),
        opener: walk.command("opener"),
        opener_terminal: walk
            .flag("opener_terminal")
            .unwrap_or(default.opener_terminal),
    }
}

/// Reads the keys of commands; one key on two commands that meet is for `check_keys` to refuse.
fn keys(walk: &mut Walk<'_>, check_keys: CheckKeys) -> BTreeMap<String, Vec<String>> {
    let lists = walk.lists();
    let keys = lists.iter();
    let keys = keys.map(|(command, keys)| (command.value.to_owned(), keys.clone()));
    let keys = keys.collect();
    if let Err((name, wrong)) = check_keys(&keys)
        && let Some((command, _)) = lists.iter().find(|(command, _)| command.value == name)
    {
        walk.note(command.at, command.value, wrong);
    }
    keys
}

fn mute(walk: &mut Walk<'_>) -> Mute {
    let query = walk.string("query");
    walk.missing("query");
    Mute {
        query: query.unwrap_or_default(),
    }
}

fn comments(walk: &mut Walk<'_>, folder: &Path) -> Comments {
    Comments {
        name: walk.string("name"),
        email: walk.string("email"),
        accounts: walk
            .tables("accounts", "[[comments.accounts]]", |walk| {
                account(walk, folder)
            })
            .unwrap_or_default(),
    }
}

fn account(walk: &mut Walk<'_>, folder: &Path) -> CommentAccount {
    let site = walk.text_that(
        "site",
        "an address that begins with `https:` or `http:`",
        |text| {
            let url = Url::parse(text).ok()?;
            let is_known = matches!(url.scheme(), "http" | "https") && url.has_host();
            is_known.then(|| text.to_owned())
        },
    );
    walk.missing("site");
    let username = walk.string("username");
    walk.missing("username");
    let account = CommentAccount {
        site: site.map_or_else(String::new, |site| site.value),
        username: username.unwrap_or_default(),
        password_command: walk.command("password_command"),
        password_file: walk.string("password_file").map(|name| folder.join(name)),
    };
    walk.missing_either("password_command", "password_file");
    account
}

/// Reads a section; `names` are those of the sections before it.
fn section<'t>(
    walk: &mut Walk<'t>,
    names: &mut Vec<Placed<String>>,
    first_spellings: &mut HashMap<Url, &'t str>,
) -> Section {
    let name = walk.text("name");
    walk.missing("name");
    if let Some(name) = name {
        match names.iter().find(|other| other.value == name.value) {
            Some(other) => {
                let wrong = Wrong::SectionTwice {
                    name: name.value.to_owned(),
                    line: walk.line(other.at),
                };
                walk.note(name.at, "name", wrong);
            }
            None => names.push(Placed {
                at: name.at,
                value: name.value.to_owned(),
            }),
        }
    }
    let mut here = HashMap::new();
    let feeds = walk.tables("feeds", "[[sections.feeds]]", |walk| {
        feed(walk, &mut here, first_spellings)
    });
    Section {
        name: name.map_or_else(String::new, |name| name.value.to_owned()),
        feeds: feeds.unwrap_or_default(),
    }
}

/// Reads a feed; `here` is where this section listed the feeds before it.
fn feed<'t>(
    walk: &mut Walk<'t>,
    here: &mut HashMap<Url, usize>,
    first_spellings: &mut HashMap<Url, &'t str>,
) -> ConfiguredFeed {
    let address = walk.text_that(
        "url",
        "an address that begins with `http:`, `https:` or `file:`",
        |text| Some((text, feed_address(text)?)),
    );
    walk.missing("url");
    let mut url = String::new();
    if let Some(Placed {
        at,
        value: (text, parsed),
    }) = address
    {
        if let Some(other) = here.insert(parsed.clone(), at) {
            let wrong = Wrong::FeedTwice {
                url: text.to_owned(),
                line: walk.line(other),
            };
            walk.note(at, "url", wrong);
        }
        first_spellings
            .entry(parsed)
            .or_insert(text)
            .clone_into(&mut url);
    }
    ConfiguredFeed {
        url,
        title: walk.string("title"),
        short: walk.string("short"),
        refresh_minutes: walk.number("refresh_minutes", 1..=MOST_MINUTES),
        tags: walk.texts("tags").unwrap_or_default(),
        full_text: walk.flag("full_text"),
        username: walk.string("username"),
        password_command: walk.command("password_command"),
    }
}

/// Returns an address that a feed may have.
fn feed_address(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https" | "file"))
}

/// Returns an address that a proxy may have.
fn proxy(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let known = matches!(
        url.scheme(),
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h"
    );
    (known && url.has_host()).then(|| text.to_owned())
}

/// Returns a text that may stand in a header (RFC 9110 §5.5, without its obsolete bytes).
fn header_value(text: &str) -> Option<String> {
    let sendable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    (sendable && !text.trim().is_empty()).then(|| text.to_owned())
}
