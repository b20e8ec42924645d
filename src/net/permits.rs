//! So many connections at once over all hosts, and so many a host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::{Host, Url};

/// Who may connect.
#[derive(Debug)]
pub(super) struct Permits {
    all: Arc<Semaphore>,
    per_host: usize,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The right to one connection to one host, until it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    _host: OwnedSemaphorePermit,
    all: OwnedSemaphorePermit,
}

/// The share in all connections that a body keeps until it is read, so that no more bodies wait in
/// memory than there may be connections.
#[derive(Debug)]
pub(super) struct Share {
    _all: OwnedSemaphorePermit,
}

impl Permit {
    /// Lets the host's next question go ahead, and keeps the share in all connections.
    pub(super) fn into_share(self) -> Share {
        Share { _all: self.all }
    }
}

impl Permits {
    /// Allows `connections` at once, of which `per_host` to one host; at least one of each.
    pub(super) fn new(connections: usize, per_host: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS))),
            per_host: per_host.clamp(1, Semaphore::MAX_PERMITS),
            hosts: Mutex::default(),
        }
    }

    /// Waits for a permit: first the host's, so that those who wait for a busy host hold up none
    /// that go elsewhere.
    ///
    /// Nothing is returned only if a semaphore were closed, which nobody does.
    pub(super) async fn wait_for(&self, url: &Url) -> Option<Permit> {
        let host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let host = hosts
                .entry(host_key(url))
                .or_insert_with(|| Arc::new(Semaphore::new(self.per_host)));
            Arc::clone(host)
        };
        Some(Permit {
            _host: host.acquire_owned().await.ok()?,
            all: Arc::clone(&self.all).acquire_owned().await.ok()?,
        })
    }
}

/// Returns what counts as one host: a name or address, over all its ports.
fn host_key(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => name.strip_suffix('.').unwrap_or(name).to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_canonical().to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(host_key(&Url::parse(url).unwrap()), expected);
    }

    #[test]
    fn ports_and_spellings_are_one_host() {
        check("http://Example.gov:8080/a", "example.gov");
        check("https://example.gov./b", "example.gov");
        check("http://127.1/", "127.0.0.1");
        check("http://[::ffff:127.0.0.1]/", "127.0.0.1");
        check("http://[::1]:99/", "::1");
    }
}
