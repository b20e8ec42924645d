//! Where configuration, cache and log live.

use std::path::PathBuf;

use directories::ProjectDirs;
use thiserror::Error;

use crate::model::error::{Exit, Problem};

/// Where configuration, cache and log live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file, which need not exist.
    pub config_file: PathBuf,
    /// The folder of the cache, which need not exist.
    pub data_dir: PathBuf,
    /// The folder of the log, which need not exist.
    pub state_dir: PathBuf,
}

impl Paths {
    /// Finds the platform's places, but for those that the user chose.
    ///
    /// Errs where the user has no home folder and didn't choose both.
    pub fn find(config_file: Option<PathBuf>, data_dir: Option<PathBuf>) -> Result<Self, NoHome> {
        let home = ProjectDirs::from("", "", "gazette");
        let home = home.as_ref();
        let data_dir = data_dir
            .or_else(|| home.map(|home| home.data_dir().to_owned()))
            .ok_or(NoHome)?;
        Ok(Self {
            config_file: config_file
                .or_else(|| home.map(|home| home.config_dir().join("config.toml")))
                .ok_or(NoHome)?,
            // Only Linux has a state folder; elsewhere such files go beside the data.
            state_dir: home.map_or_else(
                || data_dir.clone(),
                |home| home.state_dir().unwrap_or(home.data_local_dir()).to_owned(),
            ),
            data_dir,
        })
    }
}

/// The user has no home folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no home folder was found")]
pub struct NoHome;

impl NoHome {
    /// Returns what to tell a person.
    pub fn problem(&self) -> Problem {
        Problem::new(Exit::Failed, &self.to_string())
            .hint("set `HOME`, or say both `--config FILE` and `--data-dir DIR`")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_chose_counts() {
        let paths = Paths::find(Some("a/b.toml".into()), Some("c".into())).unwrap();
        assert_eq!(paths.config_file, PathBuf::from("a/b.toml"));
        assert_eq!(paths.data_dir, PathBuf::from("c"));
        assert_ne!(paths.state_dir, PathBuf::from("a"));
    }
}
