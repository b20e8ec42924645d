//! Asks the servers, all at once within the limits, on one thread.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use url::Url;

use crate::net::{self, Client, Credentials, FetchError, Network, Response};

use super::super::{Connection, Parts};
use super::plan::Job;

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
pub(super) enum AskError {
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
}

/// Returns the network's settings.
pub(super) fn settings(parts: &Parts<'_>) -> Network {
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
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            for job in jobs {
                let got = Err(AskError::System(error.to_string()));
                if answers
                    .blocking_send(Answer {
                        job,
                        at: clock(),
                        got,
                    })
                    .is_err()
                {
                    break;
                }
            }
            return;
        }
    };
    runtime.block_on(async {
        tokio::select! {
            () = ask_all(settings, jobs, answers, clock) => {}
            _ = cancelled => {}
        }
    });
    // A name that is still being looked up must not hold the program.
    runtime.shutdown_background();
}

async fn ask_all(
    settings: Network,
    jobs: Vec<Job>,
    answers: &mpsc::Sender<Answer>,
    clock: fn() -> Timestamp,
) {
    let max_body_bytes = settings.max_body_bytes;
    let client = Arc::new(Client::new(settings));
    let mut tasks = JoinSet::new();
    for job in jobs {
        let (client, answers) = (Arc::clone(&client), answers.clone());
        tasks.spawn(async move {
            let got = ask(&client, &job, max_body_bytes).await;
            let _ = answers
                .send(Answer {
                    job,
                    at: clock(),
                    got,
                })
                .await;
        });
    }
    while tasks.join_next().await.is_some() {}
}

async fn ask(client: &Client, job: &Job, max_body_bytes: u64) -> Result<Got, AskError> {
    if job.url.scheme() == "file" {
        let url = job.url.clone();
        return tokio::task::spawn_blocking(move || net::read_file(&url, max_body_bytes))
            .await
            .map_err(|error| AskError::System(error.to_string()))?
            .map(Got::File)
            .map_err(AskError::from);
    }
    let credentials = match job.login.clone() {
        Some((username, command)) => Some(
            tokio::task::spawn_blocking(move || credentials(username, &command))
                .await
                .map_err(|error| AskError::System(error.to_string()))??,
        ),
        None => None,
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
    Ok(Got::Http(Box::new(client.get(request).await?)))
}

/// Runs the command that prints the password: its first line.
fn credentials(username: String, command: &[String]) -> Result<Credentials, AskError> {
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
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Credentials {
        username,
        password: text.lines().next().unwrap_or_default().to_owned(),
    })
}
