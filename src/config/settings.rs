//! What a configuration says, as plain values with their defaults.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::builtin;
use super::error::{UnknownFeed, UnknownSection};
use super::nearest::nearest;

/// A whole configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `[general]`.
    pub general: General,
    /// `[network]`.
    pub network: Network,
    /// `[ui]`.
    pub ui: Ui,
    /// `[keys]`: a command's name and the keys that call it.
    pub keys: BTreeMap<String, Vec<String>>,
    /// `[[mute]]`, in file order.
    pub mute: Vec<Mute>,
    /// `[comments]`.
    pub comments: Comments,
    /// `[[sections]]`, in file order; the built-in ones where the file has none.
    pub sections: Vec<Section>,
}

/// How often feeds are polled and how long articles stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct General {
    /// The least time between two polls of one feed, in minutes.
    pub refresh_minutes: u32,
    /// How many days read articles are kept; 0 keeps all.
    pub keep_days: u32,
    /// Which articles have their page fetched ahead.
    pub prefetch_full_text: Prefetch,
    /// When the screen polls what is due.
    pub refresh: RefreshMode,
}

/// Limits and ways of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The time limit of one whole request, redirects included, in seconds.
    pub timeout_seconds: u64,
    /// The time limit of one connection attempt, in seconds.
    pub connect_timeout_seconds: u64,
    /// The largest body after decompression, in bytes.
    pub max_body_bytes: u64,
    /// How many connections at once, over all hosts.
    pub connections: usize,
    /// How many connections at once to one host.
    pub connections_per_host: usize,
    /// What the program calls itself; `None` is its own name and version.
    pub user_agent: Option<String>,
    /// The proxy's address; `None` leaves it to the environment.
    pub proxy: Option<String>,
    /// A file of certificates trusted besides the system's; an existing file.
    pub ca_file: Option<PathBuf>,
    /// Whether a configured feed may live on a private host.
    pub allow_private_hosts: bool,
}

/// How the screen looks and behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ui {
    /// The colours.
    pub theme: Theme,
    /// Which characters draw marks and lines.
    pub symbols: Symbols,
    /// The article's measure, in columns (40 to 100).
    pub text_width: u16,
    /// What marks an article read.
    pub mark_read: MarkRead,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether the screen is plain lines for screen readers.
    pub plain: bool,
    /// The command that opens a link, `{url}` in the link's place; `None` is the system's.
    pub opener: Option<Vec<String>>,
    /// Whether the opener gets the terminal until it ends.
    pub opener_terminal: bool,
}

/// One query whose articles are muted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mute {
    /// The query, as typed.
    pub query: String,
}

/// What is told about the reader when a comment is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// The reader's name.
    pub name: Option<String>,
    /// The reader's email address.
    pub email: Option<String>,
    /// `[[comments.accounts]]`: the reader's accounts at sites, in file order.
    pub accounts: Vec<CommentAccount>,
}

/// An account at a site, whose Application Password comes from a command or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentAccount {
    /// The site's address.
    pub site: String,
    /// The account's name.
    pub username: String,
    /// The command that prints the password: program and arguments.
    pub password_command: Option<Vec<String>>,
    /// The file that holds the password, which nobody else may read.
    pub password_file: Option<PathBuf>,
}

/// A named group of feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name: not blank, and no other section has it.
    pub name: String,
    /// Its feeds, in file order, each once.
    pub feeds: Vec<ConfiguredFeed>,
}

/// A feed as the configuration lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredFeed {
    /// Its address as configured: a valid `http:`, `https:` or `file:` URL.
    ///
    /// Where one address is written in two ways, the first is taken for both.
    pub url: String,
    /// Its name; `None` is the feed's own.
    pub title: Option<String>,
    /// Its name where room is short.
    pub short: Option<String>,
    /// The least time between two polls, in minutes; `None` is the general one.
    pub refresh_minutes: Option<u32>,
    /// Tags for its articles.
    pub tags: Vec<String>,
    /// Whether whole pages are fetched ahead; `None` is as `prefetch_full_text` says.
    pub full_text: Option<bool>,
    /// The user's name for HTTP Basic.
    pub username: Option<String>,
    /// The command that prints the password for HTTP Basic: program and arguments.
    pub password_command: Option<Vec<String>>,
}

/// Which articles have their page fetched ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefetch {
    /// None.
    Never,
    /// Those whose feed carries a summary alone.
    SummaryOnly,
    /// All.
    Always,
}

/// When the screen polls what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshMode {
    /// At its start and while it is open.
    Auto,
    /// At its start only.
    Start,
    /// When told to.
    Manual,
}

/// The screen's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the terminal's background asks for.
    Auto,
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// The terminal's own sixteen colours.
    Terminal,
    /// No colours.
    Mono,
}

/// Which characters draw marks and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbols {
    /// As the locale can show.
    Auto,
    /// Unicode.
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// What marks an article read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkRead {
    /// Opening it.
    Open,
    /// Reaching its end.
    End,
    /// Nothing but the reader's key.
    Never,
}

impl Config {
    /// Returns each feed once, with the first section that lists it, in configuration order.
    ///
    /// Where several sections list a feed, what the first says about it counts.
    pub fn feeds(&self) -> Vec<(&Section, &ConfiguredFeed)> {
        let mut seen = std::collections::HashSet::new();
        self.listed()
            .filter(|(_, feed)| seen.insert(feed.url.as_str()))
            .collect()
    }

    /// Returns the section of this name: the exact one, else one that differs in case alone.
    pub fn section(&self, name: &str) -> Result<&Section, UnknownSection> {
        let folded = name.to_lowercase();
        let same = |section: &&Section| section.name.to_lowercase() == folded;
        self.sections
            .iter()
            .find(|section| section.name == name)
            .or_else(|| self.sections.iter().find(same))
            .ok_or_else(|| UnknownSection {
                name: name.to_owned(),
                nearest: nearest(
                    name,
                    self.sections.iter().map(|section| section.name.as_str()),
                )
                .map(str::to_owned),
            })
    }

    /// Returns the feed of this address, with the first section that lists it.
    pub fn feed(&self, url: &str) -> Result<(&Section, &ConfiguredFeed), UnknownFeed> {
        let parsed = Url::parse(url).ok();
        let same = |feed: &ConfiguredFeed| {
            feed.url == url || (parsed.is_some() && Url::parse(&feed.url).ok() == parsed)
        };
        self.listed()
            .find(|(_, feed)| same(feed))
            .ok_or_else(|| UnknownFeed {
                url: url.to_owned(),
                nearest: nearest(url, self.listed().map(|(_, feed)| feed.url.as_str()))
                    .map(str::to_owned),
            })
    }

    /// Every feed of every section.
    fn listed(&self) -> impl Iterator<Item = (&Section, &ConfiguredFeed)> {
        self.sections
            .iter()
            .flat_map(|section| section.feeds.iter().map(move |feed| (section, feed)))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            general: General::default(),
            network: Network::default(),
            ui: Ui::default(),
            keys: BTreeMap::new(),
            mute: Vec::new(),
            comments: Comments::default(),
            sections: builtin::sections(),
        }
    }
}

impl General {
    /// Returns the least time between two polls of a feed that names none of its own.
    pub fn least_wait(&self) -> Duration {
        minutes(self.refresh_minutes)
    }
}

impl Config {
    /// Returns the least time between two polls of a feed.
    pub fn least_wait(&self, feed: &ConfiguredFeed) -> Duration {
        feed.refresh_minutes
            .map_or_else(|| self.general.least_wait(), minutes)
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

impl Default for General {
    fn default() -> Self {
        Self {
            refresh_minutes: 60,
            keep_days: 365,
            prefetch_full_text: Prefetch::SummaryOnly,
            refresh: RefreshMode::Auto,
        }
    }
}

impl Default for Network {
    fn default() -> Self {
        Self {
            timeout_seconds: 30,
            connect_timeout_seconds: 10,
            max_body_bytes: 10_485_760,
            connections: 32,
            connections_per_host: 4,
            user_agent: None,
            proxy: None,
            ca_file: None,
            allow_private_hosts: true,
        }
    }
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: Theme::Auto,
            symbols: Symbols::Auto,
            text_width: 76,
            mark_read: MarkRead::Open,
            mouse: false,
            plain: false,
            opener: None,
            opener_terminal: false,
        }
    }
}
