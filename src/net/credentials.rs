//! User name and password for HTTP Basic (RFC 7617).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use reqwest::header::HeaderValue;
use url::Url;

/// A user name and a password, which no log and no error ever shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl Credentials {
    /// Returns those that are written in an address (`https://user:password@host/`).
    pub fn written_in(url: &Url) -> Option<Self> {
        if url.username().is_empty() && url.password().is_none() {
            return None;
        }
        Some(Self {
            username: percent_decoded(url.username()),
            password: percent_decoded(url.password().unwrap_or_default()),
        })
    }

    /// Returns the value of the header.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let pair = format!("{}:{}", self.username, self.password);
        let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(hidden)")
    }
}

/// Undoes `%XX`; what is no such thing stays.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let decoded = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = decoded {
            bytes.push(high << 4 | low);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the value of a hexadecimal digit.
fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<(&str, &str)>) {
        let found = Credentials::written_in(&Url::parse(url).unwrap());
        let found = found.map(|them| (them.username, them.password));
        let expected = expected.map(|(name, password)| (name.to_owned(), password.to_owned()));
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn credentials_in_an_address_are_read() {
        check("https://example.gov/", None);
        check("https://me:secret@example.gov/", Some(("me", "secret")));
        check("https://a%40b:p%3Aq%@example.gov/", Some(("a@b", "p:q%")));
        check("https://me@example.gov/", Some(("me", "")));
    }

    #[test]
    fn credentials_are_never_shown() {
        let them = Credentials {
            username: "me".to_owned(),
            password: "secret".to_owned(),
        };
        assert_eq!(format!("{them:?}"), "Credentials(hidden)");
        assert_eq!(
            format!("{:?}", them.header().unwrap()),
            "Sensitive",
            "reqwest's own logs hide it"
        );
    }
}
