//! reqwest's clients, built at the first request that needs them.
//!
//! Loading the system's certificates costs time and memory, and fails where there are none. So `http:`
//! addresses have a client that trusts nobody and needs none, and `https:` ones get theirs when the
//! first is asked.

use std::fs;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::client::Network;
use super::error::FetchError;
use super::guard::{Names, Reaching, Resolver};
use super::proxies;
use crate::polite::{Reach, is_private_host};

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(20);

/// The clients, of which most runs need one.
#[derive(Debug, Default)]
pub(super) struct Transports {
    plain: [OnceLock<reqwest::Client>; 2],
    secure: [OnceLock<reqwest::Client>; 2],
    resolver: Resolver,
    /// The hosts that have answered: there may be a connection to them.
    pub(super) answered: Names,
}

impl Transports {
    /// Returns the client for an address, built now if it is the first of its kind.
    pub(super) fn of(
        &self,
        url: &Url,
        reaching: Reaching,
        settings: &Network,
    ) -> Result<&reqwest::Client, FetchError> {
        if reaching == Reaching::PublicAlone {
            self.resolver.guard(url.host_str().unwrap_or_default());
        }
        let proxy_over_tls = match &settings.proxy {
            Some(proxy) => proxies::is_over_tls(proxy),
            None => settings.environment.any_over_tls(),
        };
        let secure = url.scheme() == "https" || proxy_over_tls;
        let [anywhere, public] = if secure { &self.secure } else { &self.plain };
        let slot = match reaching {
            Reaching::Anywhere => anywhere,
            Reaching::PublicAlone => public,
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let builder = builder(settings, self.resolver.clone_for(reaching))?;
        let built = if secure {
            secured(builder, settings)?
        } else {
            without_tls(builder)?
        };
        Ok(slot.get_or_init(|| built))
    }

    /// Returns where a host is, once it was asked. Behind a proxy only what is written in the address
    /// tells.
    pub(super) fn reach(&self, url: &Url) -> Reach {
        if is_private_host(url) {
            return Reach::Private;
        }
        self.resolver.reach(url.host_str().unwrap_or_default())
    }
}

/// Builds what `https:` addresses need and drops it again: errs where certificates are missing or
/// unusable, or a proxy is none.
pub fn check_certificates(settings: &Network) -> Result<(), FetchError> {
    secured(builder(settings, Resolver::default())?, settings).map(drop)
}

/// Returns what all clients have in common.
fn builder(settings: &Network, resolver: Resolver) -> Result<ClientBuilder, FetchError> {
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .referer(false)
        // A line that is no header field spoils the ones beside it no more than in a browser:
        // among them may be a `Retry-After`.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .retry(reqwest::retry::never())
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(settings.connections_per_host)
        .dns_resolver(resolver);
    proxies::add_to(builder, settings.proxy.as_deref(), &settings.environment)
}

/// Builds a client for `http:` addresses.
fn without_tls(builder: ClientBuilder) -> Result<reqwest::Client, FetchError> {
    let nobody = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    builder
        .tls_backend_preconfigured(nobody)
        .build()
        .map_err(setup)
}

/// Builds a client that trusts whom the system trusts, and `ca_file`.
fn secured(builder: ClientBuilder, settings: &Network) -> Result<reqwest::Client, FetchError> {
    // It fails where another part of the program was first, which is as good.
    let _ = ring::default_provider().install_default();
    let builder = match &settings.ca_file {
        None => builder,
        Some(path) => {
            let unusable = |reason: String| FetchError::CaFile {
                path: path.clone(),
                reason,
            };
            let pem = fs::read(path).map_err(|error| unusable(error.to_string()))?;
            let certificates = Certificate::from_pem_bundle(&pem)
                .map_err(|_| unusable("it holds no certificates in PEM form".to_owned()))?;
            if certificates.is_empty() {
                return Err(unusable("it holds no certificates in PEM form".to_owned()));
            }
            builder.tls_certs_merge(certificates)
        }
    };
    builder.build().map_err(setup)
}

/// Says why a client cannot be built.
fn setup(error: impl std::error::Error) -> FetchError {
    let mut reason = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        reason = match cause.downcast_ref() {
            // Its own words add that this is unexpected.
            Some(rustls::Error::General(words)) => words.clone(),
            _ => cause.to_string(),
        };
        next = cause.source();
    }
    FetchError::Setup { reason }
}
