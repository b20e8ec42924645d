//! For how long an answer says that it stays fresh (RFC 9111 §4.2).
//!
//! A private cache's view: `s-maxage` is for shared ones and ignored. `no-cache` and `no-store` do
//! not shorten a `max-age` beside them: every poll asks conditionally anyway, and waiting longer
//! offends nobody.

use std::time::Duration;

use jiff::Timestamp;

use super::headers::{Headers, date, seconds};

/// Returns how long the server asks not to be asked again: `Cache-Control: max-age`, else
/// `Expires`, less the `Age` that the answer already had; nothing where it says nothing usable.
pub fn fresh_for(now: Timestamp, headers: &Headers) -> Option<Duration> {
    let lifetime = match max_age(headers) {
        Some(max_age) => max_age,
        None => expires_in(now, headers)?,
    };
    let age = headers.get("age").and_then(seconds).unwrap_or(0);
    let left = lifetime.saturating_sub(age);
    (left > 0).then_some(Duration::from_secs(left))
}

/// Returns `max-age` in seconds: the first of several, and 0 for one that is no number, as RFC 9111
/// §4.2.1 advises.
fn max_age(headers: &Headers) -> Option<u64> {
    headers.list("cache-control").find_map(|directive| {
        let (name, value) = directive.split_at_checked("max-age".len())?;
        if !name.eq_ignore_ascii_case(b"max-age") {
            return None;
        }
        let value = value.trim_ascii_start().strip_prefix(b"=")?.trim_ascii();
        let bare = value
            .strip_prefix(b"\"")
            .and_then(|value| value.strip_suffix(b"\""))
            .unwrap_or(value);
        Some(seconds(bare).unwrap_or(0))
    })
}

/// Returns the seconds from the answer's own `Date` (else from now) to its `Expires`, so that a
/// server whose clock is wrong is understood all the same.
fn expires_in(now: Timestamp, headers: &Headers) -> Option<u64> {
    let expires = date(headers.get("expires")?)?;
    let from = headers.get("date").and_then(date).unwrap_or(now);
    u64::try_from(expires.as_second().saturating_sub(from.as_second())).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[(&str, &str)], expected: Option<u64>) {
        let headers = Headers::new(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())),
        );
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        assert_eq!(
            fresh_for(now, &headers),
            expected.map(Duration::from_secs),
            "{fields:?}"
        );
    }

    #[test]
    fn max_age_counts_and_age_is_taken_off() {
        check(&[("Cache-Control", "max-age=600")], Some(600));
        check(
            &[("Cache-Control", "public,  Max-Age = \"600\"")],
            Some(600),
        );
        check(
            &[("Cache-Control", "max-age=600"), ("Age", "250")],
            Some(350),
        );
        check(&[("Cache-Control", "max-age=600"), ("Age", "601")], None);
        check(
            &[("Cache-Control", "max-age=600"), ("Age", "soon")],
            Some(600),
        );
        check(&[("Cache-Control", "max-age=60, max-age=900")], Some(60));
    }

    #[test]
    fn a_shared_cache_s_age_and_broken_ones_count_for_nothing() {
        check(&[("Cache-Control", "s-maxage=600")], None);
        check(&[("Cache-Control", "max-age=-1")], None);
        check(&[("Cache-Control", "max-age")], None);
        check(&[("Cache-Control", "max-ages=600")], None);
        check(&[], None);
    }

    #[test]
    fn expires_is_reckoned_from_the_server_s_own_date() {
        let expires = ("Expires", "Mon, 02 Mar 2026 13:00:00 GMT");
        check(&[expires], Some(3600));
        check(
            &[expires, ("Date", "Mon, 02 Mar 2026 12:30:00 GMT")],
            Some(1800),
        );
        check(
            &[
                expires,
                ("Date", "Mon, 02 Mar 2026 12:30:00 GMT"),
                ("Age", "600"),
            ],
            Some(1200),
        );
        check(&[("Expires", "0")], None);
        check(&[("Expires", "Mon, 02 Mar 2026 11:00:00 GMT")], None);
    }

    #[test]
    fn max_age_wins_over_expires() {
        let expires = ("Expires", "Mon, 02 Mar 2026 13:00:00 GMT");
        check(&[expires, ("Cache-Control", "max-age=60")], Some(60));
        check(&[expires, ("Cache-Control", "max-age=0")], None);
        check(&[expires, ("Cache-Control", "no-transform")], Some(3600));
    }
}
