//! Floor 4: the command line. Every command and option is defined here, and its help text is
//! written here, once; each command runs in a file of its own.
//!
//! - [`out`]: the only writer of standard output and standard error
//! - [`json`]: the names that scripts know

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{self, CheckKeys, Config, Loaded};
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::net::Proxies;
use crate::platform::{self, Paths, Signals, TerminalFacts};
use crate::services::reading::Place;
use crate::services::{Connection, SharedParts};
use crate::store::Folder;

mod comments;
mod config_file;
mod doctor;
mod feeds;
mod json;
mod list;
mod mark;
mod out;
mod refresh;
mod screen;
mod search;
mod show;

use self::out::{Ended, Out, Stopped};

/// A terminal news reader for public-sector news.
///
/// Without a command it opens the screen. Everything is read from one local cache, so every command
/// but `refresh` works without a network.
#[derive(Debug, Parser)]
#[command(name = "gazette", version, propagate_version = true)]
#[command(
    after_help = "Examples:\n  gazette\n  gazette refresh && gazette list --unread --limit 20"
)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct Global {
    /// The configuration file [default: config.toml in the configuration folder]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "GAZETTE_CONFIG",
        hide_env_values = true
    )]
    config: Option<PathBuf>,
    /// The folder of the database [default: the platform's data folder]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "GAZETTE_DATA_DIR",
        hide_env_values = true
    )]
    data_dir: Option<PathBuf>,
    /// Open no internet connection
    #[arg(long, global = true)]
    offline: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Log more (twice: still more), to a file in the state folder
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR says otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the screen on sample feeds, offline; nothing of it is kept
    #[command(after_help = "Example:\n  gazette demo")]
    Demo,
    /// Poll the feeds that are due and store what they bring
    #[command(after_help = "Example:\n  gazette refresh --section \"Latest news\"")]
    Refresh(RefreshArgs),
    /// List articles, the newest first
    #[command(after_help = "Example:\n  gazette list --unread --since 24h")]
    List(ListArgs),
    /// Print one article
    #[command(after_help = "Examples:\n  gazette show 42 --width 60\n  gazette show 42 --changes")]
    Show(ShowArgs),
    /// Print an article's comments as a thread, or send one
    #[command(
        after_help = "Examples:\n  gazette comments 42\n  gazette comments 42 --post reply.txt --reply-to 1234"
    )]
    Comments(CommentsArgs),
    /// Find articles that hold all the words
    #[command(after_help = "Example:\n  gazette search procurement rules --limit 10")]
    Search(SearchArgs),
    /// Mark articles read, unread, starred or not
    #[command(
        after_help = "Examples:\n  gazette mark read 42 43\n  gazette mark read --section Statistics --before 7d"
    )]
    Mark(MarkArgs),
    /// Show the feeds
    #[command(after_help = "Example:\n  gazette feeds list")]
    Feeds {
        #[command(subcommand)]
        command: FeedsCommand,
    },
    /// Check configuration, database, disk, network and terminal, and say what to do
    #[command(after_help = "Examples:\n  gazette doctor\n  gazette doctor --repair")]
    Doctor(DoctorArgs),
    /// Find, check or write the configuration file
    #[command(after_help = "Example:\n  gazette config init")]
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

/// How data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON value a line.
    Json,
}

#[derive(Debug, Args)]
struct RefreshArgs {
    /// Only the feeds of this section (may be given more than once)
    #[arg(long = "section", value_name = "NAME")]
    sections: Vec<String>,
    /// Only this feed, by its address in the configuration (may be given more than once)
    #[arg(long = "feed", value_name = "URL")]
    feeds: Vec<String>,
    /// Also poll feeds that aren't due yet, but never against a server's Retry-After
    #[arg(long)]
    force: bool,
    /// Print nothing but errors
    #[arg(long)]
    quiet: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Which articles, by where they come from.
#[derive(Debug, Args)]
struct PlaceArgs {
    /// The articles of this section
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// The articles of this feed
    #[arg(long, value_name = "URL")]
    feed: Option<String>,
}

impl PlaceArgs {
    fn place(&self) -> Place {
        Place {
            section: self.section.clone(),
            feed: self.feed.clone(),
        }
    }
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Only unread ones
    #[arg(long)]
    unread: bool,
    /// Only starred ones
    #[arg(long)]
    starred: bool,
    /// Only those with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only those published since: 24h, 7d or a date
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only open consultations that close by then, the first to close first: 24h, 7d or a date
    #[arg(long, value_name = "WHEN")]
    closing: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// The article's id, as `gazette list` prints it
    id: i64,
    /// No line of text is wider, in columns (20 to 500); Markdown and HTML have no width
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..=500))]
    width: Option<u16>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ShowFormat,
    /// Only what it is about: standfirst, and the first line of each item of its first numbered list
    #[arg(long, conflicts_with = "changes")]
    skim: bool,
    /// What changed since you read it, old and new word by word
    #[arg(long)]
    changes: bool,
}

/// How an article is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    /// As the article pane shows it, from title to links.
    Text,
    /// As Markdown (CommonMark with GFM's tables), for notes and other programs.
    Markdown,
    /// Its sanitised HTML.
    Html,
    /// One JSON value.
    Json,
}

#[derive(Debug, Args)]
struct CommentsArgs {
    /// The article's id, as `gazette list` prints it
    id: i64,
    /// Ask the site for its comments, also where some are stored
    #[arg(long, conflicts_with = "post")]
    refresh: bool,
    /// Send the text of this file (`-` is standard input) as a comment
    #[arg(long, value_name = "FILE")]
    post: Option<PathBuf>,
    /// Send it as a reply to this comment, by its number in the thread
    #[arg(long, value_name = "COMMENT", requires = "post")]
    reply_to: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct SearchArgs {
    /// Words, all of which an article must hold
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct MarkArgs {
    /// The mark
    mark: MarkName,
    /// The articles' ids
    #[arg(value_name = "ID", conflicts_with_all = ["section", "feed", "before"])]
    ids: Vec<i64>,
    #[command(flatten)]
    place: PlaceArgs,
    /// Only articles older than: 24h, 7d or a date
    #[arg(long, value_name = "WHEN")]
    before: Option<String>,
}

/// A mark, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MarkName {
    /// Read.
    Read,
    /// Not read.
    Unread,
    /// Starred.
    Star,
    /// Not starred.
    Unstar,
}

#[derive(Debug, Args)]
struct DoctorArgs {
    /// Mend what can be mended
    #[arg(long)]
    repair: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum FeedsCommand {
    /// List the feeds, with how they are doing
    #[command(after_help = "Example:\n  gazette feeds list --format json")]
    List {
        /// How to print
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print where the configuration file is
    #[command(after_help = "Example:\n  $EDITOR \"$(gazette config path)\"")]
    Path,
    /// Check the configuration file
    #[command(after_help = "Example:\n  gazette config check")]
    Check,
    /// Write a commented example, where there is no file yet
    #[command(after_help = "Example:\n  gazette --config my.toml config init")]
    Init,
}

/// What the command line needs from outside: no front end asks clock or environment itself.
#[derive(Debug)]
pub struct Surroundings {
    /// Tells the time.
    pub clock: fn() -> Timestamp,
    /// The reader's time zone.
    pub zone: TimeZone,
    /// What the environment says of colour.
    pub color: EnvironmentColor,
    /// What the environment says about proxies.
    pub proxies: Proxies,
    /// Reads what the environment says of the terminal.
    pub terminal: fn() -> TerminalFacts,
    /// The fewest columns and rows that the screen can be shown in.
    pub smallest_screen: (u16, u16),
    /// Checks that the screen can be shown here at all.
    pub check_terminal: fn() -> Result<(), Problem>,
    /// Shows the screen; returns the number of the signal that ended it, if one did.
    pub screen: fn(SharedParts) -> Result<Option<i32>, Problem>,
    /// Checks the configuration's `[keys]`.
    pub check_keys: CheckKeys,
}

/// What `NO_COLOR` and `CLICOLOR_FORCE` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentColor {
    /// Nothing.
    Silent,
    /// `NO_COLOR` is set.
    Never,
    /// `CLICOLOR_FORCE` is set.
    Always,
}

/// Reads the command line. Help, version and wrong use are told here; what comes back is then the
/// exit code.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, u8> {
    Arguments::try_parse_from(arguments).map_err(|message| {
        let mut out = Out::new(Color::Never, EnvironmentColor::Silent);
        if !message.use_stderr() {
            return ended(
                &mut out,
                message.print().map_err(Stopped::from).map(|()| Exit::Done),
            );
        }
        // Without a command the help is the answer, though not to a right question.
        if message.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            let _ = message.print();
            return Exit::Usage.code();
        }
        ended(
            &mut out,
            Err(wrong_use(&message.render().to_string()).into()),
        )
    })
}

/// Makes a problem of clap's words: what is wrong stands before the first blank line, and a tip may
/// stand after it.
fn wrong_use(message: &str) -> Problem {
    let mut parts = message.split("\n\n");
    let what: Vec<&str> = parts
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let what = what.join(" ");
    let tip = parts.find_map(|part| part.trim_start().strip_prefix("tip: "));
    let what = what.strip_prefix("error: ").unwrap_or(&what);
    Problem::new(Exit::Usage, SafeText::line(what).as_str())
        .hint(tip.map_or("`--help` shows what there is", str::trim_end))
}

/// Runs a command and returns the exit code.
pub fn run(arguments: Arguments, surroundings: &Surroundings) -> u8 {
    let Arguments { global, command } = arguments;
    let mut out = Out::new(global.color, surroundings.color);
    let ended = dispatch(global, command, surroundings, &mut out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    self::ended(&mut out, ended)
}

/// Tells what there is to tell of a command's end, and returns the exit code.
fn ended(out: &mut Out, ended: Ended) -> u8 {
    let code = match ended {
        Ok(exit) => exit.code(),
        Err(Stopped::ClosedPipe) => Exit::Done.code(),
        Err(Stopped::Signal(number)) => u8::try_from(128 + number).unwrap_or(u8::MAX),
        Err(Stopped::Problems(problems)) => {
            // What was printed before the problem comes before it.
            let _ = out.flush();
            for problem in &problems {
                out.problem(problem);
            }
            problems
                .first()
                .map_or(Exit::Failed, |problem| problem.exit)
                .code()
        }
    };
    if out.unheard { Exit::Done.code() } else { code }
}

/// Says that the program failed through a fault of its own, and returns the exit code.
pub fn report_panic() -> u8 {
    let problem = Problem::new(
        Exit::Failed,
        "gazette came upon a fault of its own and had to stop",
    )
    .hint("what is stored is safe; the log in the state folder says where it happened");
    Out::new(Color::Never, EnvironmentColor::Silent).problem(&problem);
    problem.exit.code()
}

fn dispatch(
    global: Global,
    command: Option<Command>,
    surroundings: &Surroundings,
    out: &mut Out,
) -> Ended {
    // A variable that is set to nothing names nothing.
    let filled = |path: Option<PathBuf>| path.filter(|path| !path.as_os_str().is_empty());
    let named = filled(global.config);
    let paths =
        Paths::find(named.clone(), filled(global.data_dir)).map_err(|none| none.problem())?;
    platform::start_log(&paths.state_dir, global.verbose);
    let load = || -> Result<Loaded, Stopped> {
        config::load(
            named.as_deref(),
            &paths.config_file,
            surroundings.check_keys,
        )
        .map_err(|error| Stopped::Problems(error.problems()))
    };
    let connection = if global.offline {
        Connection::Offline
    } else {
        Connection::Online
    };
    let shared = |config: Config, data_dir: Folder, connection| SharedParts {
        config: Arc::new(config),
        data_dir,
        clock: surroundings.clock,
        zone: surroundings.zone.clone(),
        connection,
        proxies: surroundings.proxies.clone(),
    };
    match &command {
        // The screen and a refresh end in order; they hear signals by themselves.
        None | Some(Command::Demo | Command::Refresh(_)) => {}
        Some(_) => Signals::end_at_once().map_err(|error| {
            Problem::new(Exit::Failed, "signals can't be listened to").because_of(&error)
        })?,
    }
    let command = match command {
        Some(Command::Config { command }) => {
            let path = named.as_deref().unwrap_or(&paths.config_file);
            return config_file::run(&command, path, &load, out);
        }
        Some(Command::Demo) => return screen::demo(surroundings, load()?.config, &shared),
        command => command,
    };
    let folder = Folder::new(paths.data_dir.clone());
    let ended = match command {
        // A wrong configuration is among what it tells.
        Some(Command::Doctor(arguments)) => {
            let loaded = load();
            let config = loaded
                .as_ref()
                .map_or_else(|_| Config::default(), |loaded| loaded.config.clone());
            let shared = shared(config, folder.clone(), connection);
            let patient = doctor::Patient {
                parts: &shared.parts(),
                paths: &paths,
                config_path: named.as_deref().unwrap_or(&paths.config_file),
                loaded,
                terminal: (surroundings.terminal)(),
                smallest_screen: surroundings.smallest_screen,
            };
            doctor::run(&patient, &arguments, out)
        }
        command => {
            let shared = shared(load()?.config, folder.clone(), connection);
            with_parts(command, surroundings, &shared, out)
        }
    }
    .and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    for recovery in folder.take_recoveries() {
        out.problem(&recovery.problem());
    }
    ended
}

/// Runs a command on the cache.
fn with_parts(
    command: Option<Command>,
    surroundings: &Surroundings,
    shared: &SharedParts,
    out: &mut Out,
) -> Ended {
    let parts = &shared.parts();
    match command {
        None => screen::open(surroundings, shared.clone()),
        Some(Command::Refresh(arguments)) => refresh::run(parts, &arguments, out),
        Some(Command::List(arguments)) => list::run(parts, &arguments, out),
        Some(Command::Show(arguments)) => show::run(parts, &arguments, out),
        Some(Command::Comments(arguments)) => comments::run(parts, &arguments, out),
        Some(Command::Search(arguments)) => search::run(parts, &arguments, out),
        Some(Command::Mark(arguments)) => mark::run(parts, &arguments, out),
        Some(Command::Feeds {
            command: FeedsCommand::List { format },
        }) => feeds::list(parts, format, out),
        Some(Command::Config { .. } | Command::Demo | Command::Doctor(_)) => Ok(Exit::Done),
    }
}
