//! The resolver that keeps redirects off private addresses.
//!
//! Names are judged by the addresses that the connection then uses, so that a name that changes its
//! addresses between check and use gains nothing.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::polite::{Reach, is_private_address};

/// Why a name gave no address to connect to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum LookupError {
    #[error("the name has no address")]
    NotFound,
    #[error("the name leads to private addresses alone")]
    Private,
}

/// A set of host names, shared between the requests and the resolver.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Arc<Mutex<HashSet<String>>>);

impl Names {
    /// Adds a name.
    pub(super) fn add(&self, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !names.contains(name) {
            names.insert(name.to_owned());
        }
    }

    /// Whether a name is among them.
    pub(super) fn contains(&self, name: &str) -> bool {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.contains(name)
    }
}

/// Whether names may lead to private addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reaching {
    /// Anywhere.
    Anywhere,
    /// To public addresses alone. With connections of its own, so that none that was opened to a
    /// private address is used again.
    PublicAlone,
}

/// Resolves names as the system does, and remembers where they lead.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolver {
    /// The names that may not lead to private addresses. A proxy's own name is not among them.
    guarded: Names,
    /// Where the names lead that were resolved here. Once public, always public.
    seen: Arc<Mutex<HashMap<String, Reach>>>,
}

impl Resolver {
    /// Returns one that shares what it knows; one that goes anywhere guards no name.
    pub(super) fn clone_for(&self, reaching: Reaching) -> Self {
        match reaching {
            Reaching::PublicAlone => self.clone(),
            Reaching::Anywhere => Self {
                guarded: Names::default(),
                seen: Arc::clone(&self.seen),
            },
        }
    }

    /// Keeps a name from private addresses from now on.
    pub(super) fn guard(&self, name: &str) {
        self.guarded.add(name);
    }

    /// Returns where a name leads: public unless it has only ever led to private addresses.
    pub(super) fn reach(&self, name: &str) -> Reach {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(name).copied().unwrap_or(Reach::Public)
    }

    fn remember(&self, name: &str, addresses: &[SocketAddr]) {
        let private = |address: &SocketAddr| is_private_address(address.ip());
        let reach = if addresses.iter().all(private) {
            Reach::Private
        } else {
            Reach::Public
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.entry(name.to_owned()).or_insert(reach);
        if reach == Reach::Public {
            *known = reach;
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let name = name.as_str();
            let found = tokio::net::lookup_host((name, 0)).await;
            let addresses: Vec<SocketAddr> = found.map_err(|_| LookupError::NotFound)?.collect();
            resolver.remember(name, &addresses);
            let allowed = if resolver.guarded.contains(name) {
                public_alone(addresses)?
            } else {
                addresses
            };
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Returns the public addresses among those of a name.
fn public_alone(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, LookupError> {
    let public: Vec<SocketAddr> = addresses
        .into_iter()
        .filter(|address| !is_private_address(address.ip()))
        .collect();
    if public.is_empty() {
        Err(LookupError::Private)
    } else {
        Ok(public)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(addresses: &[&str], expected: Result<&[&str], LookupError>) {
        let parse = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter().map(|text| text.parse().unwrap()).collect()
        };
        assert_eq!(public_alone(parse(addresses)), expected.map(parse));
    }

    #[test]
    fn only_the_public_addresses_of_a_name_are_used() {
        check(
            &["10.0.0.1:0", "8.8.8.8:0", "[::1]:0", "[2606:4700::1]:0"],
            Ok(&["8.8.8.8:0", "[2606:4700::1]:0"]),
        );
        check(&["127.0.0.1:0", "[::1]:0"], Err(LookupError::Private));
    }

    #[test]
    fn a_name_that_was_public_once_stays_public() {
        let resolver = Resolver::default();
        assert_eq!(resolver.reach("a"), Reach::Public, "nothing is known yet");
        for (addresses, expected) in [
            (["10.0.0.1:0", "10.0.0.2:0"], Reach::Private),
            (["10.0.0.1:0", "8.8.8.8:0"], Reach::Public),
            (["10.0.0.1:0", "10.0.0.2:0"], Reach::Public),
        ] {
            resolver.remember("a", &addresses.map(|text| text.parse().unwrap()));
            assert_eq!(resolver.reach("a"), expected);
        }
    }

    /// Resolves `localhost`, which every machine knows.
    fn resolve_localhost(resolver: &Resolver) -> Result<usize, Option<LookupError>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime
            .block_on(resolver.resolve("localhost".parse().unwrap()))
            .map(Iterator::count)
            .map_err(|error| error.downcast_ref().copied())
    }

    #[test]
    fn a_guarded_name_with_private_addresses_is_refused() {
        let resolver = Resolver::default();
        assert!(resolve_localhost(&resolver).unwrap() > 0);
        assert_eq!(resolver.reach("localhost"), Reach::Private);
        resolver.guard("localhost");
        assert_eq!(
            resolve_localhost(&resolver.clone_for(Reaching::PublicAlone)),
            Err(Some(LookupError::Private))
        );
        assert!(resolve_localhost(&resolver.clone_for(Reaching::Anywhere)).is_ok());
    }
}
