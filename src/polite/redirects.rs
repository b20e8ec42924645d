//! Whether a redirect is followed, and whether it moves a subscription (RFC 9110 §15.4).

use thiserror::Error;
use url::Url;

use super::hosts::{Reach, is_private_host};

/// How many redirects one poll follows.
const MOST_REDIRECTS: usize = 10;

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The next address, without user name, password and fragment.
    pub to: Url,
    /// Whether it is for good.
    pub permanence: Permanence,
}

/// Whether a redirect is for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permanence {
    /// 301 and 308.
    Permanent,
    /// 302, 303 and 307.
    Temporary,
}

/// Why a redirect is not followed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RedirectError {
    /// It says nowhere to go, or nothing that can be read.
    #[error("the server redirects ({status}) without a usable address")]
    NoAddress {
        /// The status that it came with.
        status: u16,
    },
    /// It leads to something other than HTTP.
    #[error("the server redirects to a `{scheme}:` address, which is not followed")]
    OtherScheme {
        /// The scheme.
        scheme: String,
    },
    /// It leads from https to http.
    #[error("the server redirects from https to http, which is not followed")]
    LessSecure,
    /// It leads from a public host to a private one.
    #[error("the server redirects to the private host {host}, which is not followed")]
    PrivateHost {
        /// The private host.
        host: String,
    },
    /// It leads where this poll has been.
    #[error("the server redirects in a circle")]
    Circle,
    /// There are too many.
    #[error("the server redirects more than {MOST_REDIRECTS} times")]
    TooMany,
}

/// Judges one redirect from the address `from`, on a host of the given reach.
///
/// `location` is the header's value as sent; it may be relative (RFC 9110 §10.2.2) and hold bytes
/// that no address should.
pub fn redirect(
    status: u16,
    from: &Url,
    from_reach: Reach,
    location: Option<&[u8]>,
) -> Result<Redirect, RedirectError> {
    let permanence = match status {
        301 | 308 => Permanence::Permanent,
        _ => Permanence::Temporary,
    };
    let unusable = RedirectError::NoAddress { status };
    let location = location.map(<[u8]>::trim_ascii).unwrap_or_default();
    if location.is_empty() {
        return Err(unusable);
    }
    let Ok(mut to) = from.join(&percent_encoded(location)) else {
        return Err(unusable);
    };
    if !matches!(to.scheme(), "http" | "https") {
        return Err(RedirectError::OtherScheme {
            scheme: to.scheme().to_owned(),
        });
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(RedirectError::LessSecure);
    }
    let from_private = from_reach == Reach::Private || is_private_host(from);
    if !from_private && is_private_host(&to) {
        return Err(RedirectError::PrivateHost {
            host: to.host_str().unwrap_or_default().to_owned(),
        });
    }
    without_extras(&mut to);
    Ok(Redirect { to, permanence })
}

/// The redirects of one poll.
#[derive(Clone, Debug)]
pub struct Trail {
    visited: Vec<Url>,
    at: Url,
    followed: usize,
    moved: Option<Url>,
    all_permanent: bool,
}

impl Trail {
    /// Begins at the address that is polled; user name, password and fragment are not part of it.
    pub fn new(start: &Url) -> Self {
        let mut at = start.clone();
        without_extras(&mut at);
        Self {
            visited: vec![at.clone()],
            at,
            followed: 0,
            moved: None,
            all_permanent: true,
        }
    }

    /// Returns the address to ask now.
    pub fn at(&self) -> &Url {
        &self.at
    }

    /// Returns where the subscription moves once the last address has answered with a feed: as far
    /// as the leading permanent redirects went.
    pub fn moved(&self) -> Option<&Url> {
        self.moved.as_ref()
    }

    /// Follows one redirect, which [`redirect`] judges; loops end at once.
    pub fn follow(
        &mut self,
        status: u16,
        reach: Reach,
        location: Option<&[u8]>,
    ) -> Result<(), RedirectError> {
        let next = redirect(status, &self.at, reach, location)?;
        if self.visited.contains(&next.to) {
            return Err(RedirectError::Circle);
        }
        if self.followed == MOST_REDIRECTS {
            return Err(RedirectError::TooMany);
        }
        self.followed += 1;
        self.all_permanent &= next.permanence == Permanence::Permanent;
        if self.all_permanent {
            self.moved = Some(next.to.clone());
        }
        self.visited.push(next.to.clone());
        self.at = next.to;
        Ok(())
    }

    /// Lets the addresses so far be visited once more: a server that has just set a cookie often
    /// sends its visitor back to where it was.
    pub fn forget_visits(&mut self) {
        self.visited.clear();
    }
}

/// Takes out what is never part of a question's address.
fn without_extras(url: &mut Url) {
    url.set_fragment(None);
    // Only addresses that have no host refuse; those have no user either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// Writes the bytes that are not ASCII as `%XX`, whatever encoding they are in.
fn percent_encoded(location: &[u8]) -> String {
    let mut text = String::with_capacity(location.len());
    for byte in location {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(digit), 16).map(|d| d.to_ascii_uppercase()));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
