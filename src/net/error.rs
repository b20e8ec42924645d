//! What can go wrong with a fetch, in plain words for a feed's health line.
//!
//! No text here repeats what a server sent: header values, bodies and addresses' credentials stay
//! out.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rustls::CertificateError;
use thiserror::Error;

use super::guard::LookupError;
use crate::model::error::{Exit, Problem};
use crate::polite::RedirectError;

/// Why nothing usable was fetched.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The program was told to stay off the network.
    #[error("offline")]
    Offline,
    /// The whole request, with its redirects and its body, took too long.
    #[error("{host} did not answer in full within {} s", .limit.as_secs_f64())]
    Timeout {
        /// The host that was being asked.
        host: String,
        /// The time limit.
        limit: Duration,
    },
    /// No connection came about in time.
    #[error("no connection to {host} within {} s", .limit.as_secs_f64())]
    ConnectTimeout {
        /// The host.
        host: String,
        /// The time limit.
        limit: Duration,
    },
    /// No connection came about.
    #[error("no connection to {host}: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// The name of the host has no address, or nobody could be asked for it.
    #[error("the address of {host} was not found")]
    Dns {
        /// The host.
        host: String,
    },
    /// No secure connection came about.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// The host's certificate is signed by nobody this machine trusts.
    #[error(
        "no secure connection to {host}: its certificate is signed by nobody this machine trusts"
    )]
    UnknownAuthority {
        /// The host.
        host: String,
    },
    /// The system's certificates are missing or unusable.
    #[error("HTTPS cannot be set up: {reason}")]
    Setup {
        /// Why.
        reason: String,
    },
    /// The file of further certificates cannot be used.
    #[error("`ca_file` {} cannot be used: {reason}", .path.display())]
    CaFile {
        /// Its path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// `proxy` is not the address of a proxy.
    #[error("`proxy` is not the address of a proxy")]
    Proxy,
    /// The host is private and may not be asked.
    #[error("{host} is a private host, which is not asked here")]
    PrivateHost {
        /// The host.
        host: String,
    },
    /// A password would go where anybody could read it.
    #[error("{host} is asked without encryption: no password is sent there")]
    Unprotected {
        /// The host.
        host: String,
    },
    /// A redirect that is not followed.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// The connection ended before an answer, or what came was no HTTP.
    #[error("{host} gave no usable answer: {reason}")]
    NoAnswer {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// The body ended early.
    #[error("the answer was cut short after {received} bytes")]
    Truncated {
        /// How many bytes of it came.
        received: u64,
    },
    /// The body is too large, before or after decompression.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The body is compressed in a way that was not offered.
    #[error("the answer is compressed in an unknown way")]
    UnknownEncoding,
    /// The compressed body is damaged.
    #[error("the answer's {encoding} compression is damaged or cut short")]
    Damaged {
        /// The name of the encoding.
        encoding: &'static str,
    },
    /// An answer with a status that brings nothing.
    #[error("{}", status_text(*.code))]
    Status {
        /// The status.
        code: u16,
    },
    /// A server says that nothing has changed (304), and was not asked that (RFC 9110 §15.4.5).
    #[error("the server answered 304: nothing has changed since an answer that it never gave")]
    NothingToKeep,
    /// Any of the others, after a server had answered with a status: a redirect that led nowhere, or
    /// a body that did not come in full.
    #[error("{cause}")]
    After {
        /// The last status.
        status: u16,
        /// The body bytes that had come since.
        received: u64,
        /// What went wrong then.
        cause: Box<FetchError>,
    },
    /// What lies there is a file of another kind.
    #[error("what lies there is no page")]
    NoPage,
    /// An address that nothing here can ask.
    #[error("`{scheme}:` addresses cannot be polled")]
    Scheme {
        /// Its scheme.
        scheme: String,
    },
    /// A `file:` feed that cannot be read.
    #[error("the file cannot be read: {reason}")]
    File {
        /// Why.
        reason: String,
    },
}

/// What has come of an answer so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Come {
    /// The last status.
    pub(super) status: Option<u16>,
    /// The body bytes since.
    pub(super) received: u64,
}

impl FetchError {
    /// Returns the last HTTP status, where a server answered at all.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { code } => Some(*code),
            Self::NothingToKeep => Some(304),
            Self::After { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether it is that a private host may not be asked.
    pub fn is_private_host(&self) -> bool {
        match self {
            Self::PrivateHost { .. } => true,
            Self::After { cause, .. } => cause.is_private_host(),
            _ => false,
        }
    }

    /// Whether it is sure that no server got what was sent.
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::Offline
            | Self::ConnectTimeout { .. }
            | Self::Connect { .. }
            | Self::Dns { .. }
            | Self::Tls { .. }
            | Self::UnknownAuthority { .. }
            | Self::Setup { .. }
            | Self::CaFile { .. }
            | Self::Proxy
            | Self::PrivateHost { .. }
            | Self::Unprotected { .. }
            | Self::Scheme { .. } => true,
            Self::After { .. }
            | Self::Timeout { .. }
            | Self::Redirect(_)
            | Self::NoAnswer { .. }
            | Self::Truncated { .. }
            | Self::TooLarge { .. }
            | Self::UnknownEncoding
            | Self::Damaged { .. }
            | Self::Status { .. }
            | Self::NothingToKeep
            | Self::NoPage
            | Self::File { .. } => false,
        }
    }

    /// Whether a host took too long, however much of an answer it gave.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::ConnectTimeout { .. } => true,
            Self::After { cause, .. } => cause.is_timeout(),
            _ => false,
        }
    }

    /// Returns how many body bytes had come when it failed.
    pub fn received(&self) -> u64 {
        match self {
            Self::After { received, .. } => *received,
            _ => 0,
        }
    }

    /// Returns what went wrong, whatever was answered before.
    #[must_use]
    pub fn into_cause(self) -> Self {
        match self {
            Self::After { cause, .. } => *cause,
            other => other,
        }
    }

    /// Notes what had come before, if there was anything.
    pub(super) fn after(self, come: Come) -> Self {
        match come.status {
            Some(status) => Self::After {
                status,
                received: come.received,
                cause: Box::new(self),
            },
            None => self,
        }
    }

    /// Returns what a person is told, with what to do about it where something can be done.
    pub fn problem(&self) -> Problem {
        let problem = Problem::new(Exit::Failed, &self.to_string());
        match self {
            Self::After { cause, .. } => cause.problem(),
            Self::Setup { .. } => problem.hint(
                "install the system's certificates (the package is often called \
                 `ca-certificates`) or name a PEM file as `ca_file` under `[network]`",
            ),
            Self::CaFile { .. } => problem.hint("see `ca_file` under `[network]`"),
            Self::Proxy => problem.hint("see `proxy` under `[network]`"),
            Self::UnknownAuthority { .. } => problem.hint(
                "where a proxy reads along, name its certificate as `ca_file` under `[network]`",
            ),
            _ => problem,
        }
    }
}

/// Says what a status means.
fn status_text(code: u16) -> String {
    match code {
        401 => "the site asks for a user name and password (401)".to_owned(),
        403 => "refused by the site (403)".to_owned(),
        404 => "the server answered 404: nothing is there".to_owned(),
        410 => "the server answered 410: gone for good".to_owned(),
        429 => "the server answered 429: too many requests".to_owned(),
        code => format!("the server answered {code}"),
    }
}

/// What was being done when a request failed.
pub(super) struct Attempt<'a> {
    pub(super) host: &'a str,
    pub(super) connect_timeout: Duration,
}

impl Attempt<'_> {
    /// Says what went wrong before the head of an answer was there.
    pub(super) fn failed(&self, error: &reqwest::Error) -> FetchError {
        let host = self.host.to_owned();
        let mut reason = "the request failed".to_owned();
        let mut next = error.source();
        while let Some(cause) = next {
            if let Some(known) = self.known(cause) {
                return known;
            }
            reason = cause.to_string();
            next = cause.source();
        }
        if error.is_connect() {
            if error.is_timeout() {
                return FetchError::ConnectTimeout {
                    host,
                    limit: self.connect_timeout,
                };
            }
            return FetchError::Connect { host, reason };
        }
        FetchError::NoAnswer { host, reason }
    }

    /// Recognises a cause that says all.
    fn known(&self, cause: &(dyn std::error::Error + 'static)) -> Option<FetchError> {
        let host = self.host.to_owned();
        if let Some(lookup) = cause.downcast_ref::<LookupError>() {
            return Some(match lookup {
                LookupError::Private => FetchError::PrivateHost { host },
                LookupError::NotFound => FetchError::Dns { host },
            });
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(match tls {
                rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                    FetchError::UnknownAuthority { host }
                }
                _ => FetchError::Tls {
                    host,
                    reason: tls_reason(tls).to_owned(),
                },
            });
        }
        let io = cause.downcast_ref::<io::Error>()?;
        // An I/O error hides what it carries from `source`.
        if let Some(inner) = io.get_ref() {
            return self.known(inner);
        }
        let reason = match io.kind() {
            io::ErrorKind::ConnectionRefused => "connection refused",
            io::ErrorKind::ConnectionReset => "the connection was reset",
            io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
                "the connection was cut"
            }
            io::ErrorKind::HostUnreachable => "the host cannot be reached",
            io::ErrorKind::NetworkUnreachable => "the network cannot be reached",
            io::ErrorKind::TimedOut => "it took too long",
            _ => return None,
        };
        let reason = reason.to_owned();
        Some(match io.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => FetchError::NoAnswer { host, reason },
            _ => FetchError::Connect { host, reason },
        })
    }
}

/// Says what is wrong with a certificate or a handshake.
fn tls_reason(error: &rustls::Error) -> &'static str {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext,
    };
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            Expired | ExpiredContext { .. } => "its certificate has expired",
            NotValidYet | NotValidYetContext { .. } => {
                "its certificate is not valid yet (is the clock right?)"
            }
            NotValidForName | NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            _ => "its certificate is not accepted",
        },
        _ => "the other side does not speak TLS as it should",
    }
}
