//! Asks the servers, all at once within the limits, on one thread.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::process::Command;
use tokio::sync::{mpsc, oneshot};
use url::Url;

use crate::net::{self, Client, Credentials, FetchError, Network, Response};
#[cfg(unix)]
use crate::platform::Family;

use super::super::{Connection, Parts, pipeline};
use super::plan::{Job, Login};

/// What came of asking for one feed.
pub(super) struct Answer {
    /// The feed.
    pub(super) job: Job,
    /// When the answer came.
    pub(super) at: Timestamp,
    /// The answer.
    pub(super) got: Result<Got, AskError>,
}

/// An answer.
pub(super) enum Got {
    /// A server's.
    Http(Box<Response>),
    /// A file's content.
    File(Vec<u8>),
}

/// Why no answer came.
#[derive(Debug, Error)]
pub(in crate::services) enum AskError {
    /// The network's reasons.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// `password_command` gave no password.
    #[error("`password_command` failed: `{program}`: {reason}")]
    Password {
        /// The command's first word.
        program: String,
        /// What went wrong.
        reason: String,
    },
    /// The system has no threads or sockets left.
    #[error("the system gave no means to ask: {0}")]
    System(String),
}

impl AskError {
    /// Returns the HTTP status, where the server's answer is the failure.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Fetch(error) => error.status(),
            Self::Password { .. } | Self::System(_) => None,
        }
    }

    /// Returns how many body bytes had come.
    pub(super) fn received(&self) -> u64 {
        match self {
            Self::Fetch(error) => error.received(),
            Self::Password { .. } | Self::System(_) => 0,
        }
    }
}

/// Returns the network's settings.
pub(in crate::services) fn settings(parts: &Parts<'_>) -> Network {
    let network = &parts.config.network;
    Network {
        timeout: Duration::from_secs(network.timeout_seconds),
        connect_timeout: Duration::from_secs(network.connect_timeout_seconds),
        max_body_bytes: network.max_body_bytes,
        connections: network.connections,
        connections_per_host: network.connections_per_host,
        user_agent: network
            .user_agent
            .clone()
            .unwrap_or_else(|| concat!("gazette/", env!("CARGO_PKG_VERSION")).to_owned()),
        proxy: network.proxy.clone(),
        environment: parts.proxies.clone(),
        ca_file: network.ca_file.clone(),
        allow_private_hosts: network.allow_private_hosts,
        offline: parts.connection == Connection::Offline,
    }
}

/// Sends an answer for each job, in the order in which they come, until all are there or
/// `cancelled` comes.
pub(super) fn fetch_all(
    settings: Network,
    jobs: Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    cancelled: oneshot::Receiver<()>,
    clock: fn() -> Timestamp,
) {
    let asking = ask_all(settings, jobs.clone(), answers, clock);
    let Err(error) = pipeline::run_async(asking, cancelled) else {
        return;
    };
    for job in jobs {
        let got = Err(AskError::System(error.to_string()));
        let at = clock();
        if answers.blocking_send(Answer { job, at, got }).is_err() {
            break;
        }
    }
}

async fn ask_all(
    settings: Network,
    jobs: Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    clock: fn() -> Timestamp,
) {
    let asker = Arc::new(Asker {
        client: Client::new(settings.clone()),
        settings,
    });
    pipeline::ask_each(jobs, answers, |job| {
        let asker = Arc::clone(&asker);
        async move {
            let got = asker.ask(&job).await;
            let at = clock();
            Answer { job, at, got }
        }
    })
    .await;
}

/// What all questions share.
struct Asker {
    client: Client,
    settings: Network,
}

impl Asker {
    async fn ask(&self, job: &Job) -> Result<Got, AskError> {
        if job.url.scheme() == "file" {
            let (url, limit) = (job.url.clone(), self.settings.max_body_bytes);
            return tokio::task::spawn_blocking(move || net::read_file(&url, limit))
                .await
                .map_err(|error| AskError::System(error.to_string()))?
                .map(Got::File)
                .map_err(AskError::from);
        }
        let credentials = match &job.login {
            Login::Nobody => None,
            Login::Written(credentials) => Some(credentials.clone()),
            Login::Command { username, command } => {
                Some(credentials(username.clone(), command, self.settings.timeout).await?)
            }
        };
        let request = net::Request {
            url: job.url.clone(),
            validators: &job.state.validators,
            validators_of: job
                .state
                .validators_url
                .as_deref()
                .and_then(|url| Url::parse(url).ok()),
            credentials,
        };
        Ok(Got::Http(Box::new(self.client.get(request).await?)))
    }
}

/// Runs the command that prints the password: its first line.
pub(in crate::services) async fn credentials(
    username: String,
    command: &[String],
    time_limit: Duration,
) -> Result<Credentials, AskError> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(Credentials {
            username,
            password: String::new(),
        });
    };
    let failed = |reason: String| AskError::Password {
        program: program.clone(),
        reason,
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn().map_err(|error| failed(error.to_string()))?;
    // What the command started in its turn goes with it, where this is stopped or takes too long.
    #[cfg(unix)]
    let family = Family::led_by(child.id());
    let output = tokio::time::timeout(time_limit, child.wait_with_output())
        .await
        .map_err(|_| failed(format!("no answer within {} s", time_limit.as_secs())))?
        .map_err(|error| failed(error.to_string()))?;
    #[cfg(unix)]
    family.has_ended();
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Credentials {
        username,
        password: text.lines().next().unwrap_or_default().to_owned(),
    })
}
