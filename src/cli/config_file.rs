//! `gazette config`.

use std::path::Path;

use crate::config::{self, Loaded, Origin};
use crate::model::error::Exit;
use crate::model::text::SafeText;
use crate::platform::{self, Overwrite};

use super::ConfigCommand;
use super::out::{Ended, Out, Stopped};

pub(super) fn run(
    command: &ConfigCommand,
    path: &Path,
    load: &dyn Fn() -> Result<Loaded, Stopped>,
    out: &mut Out,
) -> Ended {
    match command {
        ConfigCommand::Path => out.line(&SafeText::line(&path.to_string_lossy()))?,
        ConfigCommand::Check => {
            let Loaded { config, origin } = load()?;
            let count = |count: usize, one: &str| {
                format!("{count} {one}{}", if count == 1 { "" } else { "s" })
            };
            let held = format!(
                "{}, {}",
                count(config.sections.len(), "section"),
                count(config.feeds().len(), "feed")
            );
            let text = match origin {
                Origin::File(path) => format!("{} is right: {held}", path.display()),
                Origin::BuiltIn => format!(
                    "there is no {}; the built-in configuration applies: {held}",
                    path.display()
                ),
            };
            out.line(&SafeText::line(&text))?;
        }
        ConfigCommand::Init => {
            platform::write_atomic(path, config::EXAMPLE.as_bytes(), Overwrite::Never)
                .map_err(|error| error.problem())?;
            out.line(&SafeText::line(&format!("wrote {}", path.display())))?;
        }
    }
    Ok(Exit::Done)
}
