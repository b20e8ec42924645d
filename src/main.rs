//! The program: arguments, clock and environment become parts, the parts go to a front end, and
//! what the front end returns is the exit code.

use std::process::ExitCode;

use gazette::cli::{self, EnvironmentColor, Surroundings};
use gazette::model::error::Problem;
use gazette::net::Proxies;
use gazette::platform::{self, TerminalFacts};
use gazette::services::SharedParts;
use gazette::tui::{self, ScreenParts};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn main() -> ExitCode {
    // Panics of the parsers are caught where they happen; one that isn't ends the program anyway.
    // Neither is told in Rust's words.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panic")));
    platform::outlive_file_limits();
    let arguments = match cli::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(code) => return ExitCode::from(code),
    };
    let surroundings = Surroundings {
        #[expect(clippy::disallowed_methods, reason = "this is the clock's one home")]
        clock: Timestamp::now,
        zone: zone(),
        color: environment_color(),
        proxies: Proxies::from_variables(|name| std::env::var(name).ok()),
        terminal,
        smallest_screen: tui::layout::SMALLEST,
        check_terminal: tui::check_terminal,
        screen,
        check_keys: tui::check_keys,
    };
    let code = std::panic::catch_unwind(|| cli::run(arguments, &surroundings));
    ExitCode::from(code.unwrap_or_else(|_| cli::report_panic()))
}

/// Returns the reader's time zone: that of `TZ`, else the system's.
///
/// The system's is read from its file where that is. To learn its name as well, which nobody asks
/// for, the whole database of zones would be listed, at every start.
fn zone() -> TimeZone {
    let named = std::env::var_os("TZ").is_some();
    let file = std::fs::read("/etc/localtime").ok().filter(|_| !named);
    file.and_then(|rules| TimeZone::tzif("system", &rules).ok())
        .unwrap_or_else(TimeZone::system)
}

/// Reads what the environment says of the terminal.
fn terminal() -> TerminalFacts {
    TerminalFacts::read(&|name| std::env::var(name).ok())
}

/// Hands the parts to the screen.
fn screen(shared: SharedParts) -> Result<Option<i32>, Problem> {
    let terminal = terminal();
    let home = std::env::home_dir();
    tui::run(ScreenParts {
        shared,
        terminal,
        home,
    })
}

/// Reads `NO_COLOR` (no-color.org: any value but the empty one) and `CLICOLOR_FORCE` (any value but
/// the empty one and `0`); the first wins.
fn environment_color() -> EnvironmentColor {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        EnvironmentColor::Never
    } else if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        EnvironmentColor::Always
    } else {
        EnvironmentColor::Silent
    }
}
