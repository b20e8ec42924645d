//! What makes the next question conditional (RFC 9110 §13.1).

use super::headers::Headers;
use crate::model::feed::Validators;

/// Returns the validators to keep after an answer, where `kept` are those that the question carried.
///
/// After a 304 (RFC 9110 §15.4.5) that says anything else than they do, its own; after one that
/// doesn't, those that are kept; after any other answer its own. Never a mixture of two answers:
/// what a 304 changes without naming the rest leaves nothing of the rest.
pub fn validators_after(status: u16, kept: &Validators, headers: &Headers) -> Validators {
    let sent = Validators {
        etag: value(headers, "etag"),
        last_modified: value(headers, "last-modified"),
    };
    if status != 304 {
        return sent;
    }
    // A weak `ETag` that was left out on purpose stays out.
    let was_left_out = kept.etag.is_none() && is_weak(&sent);
    let sent = Validators {
        etag: sent.etag.filter(|_| !was_left_out),
        ..sent
    };
    let is_news = |sent: &Option<Vec<u8>>, kept| sent.is_some() && sent != kept;
    if is_news(&sent.etag, &kept.etag) || is_news(&sent.last_modified, &kept.last_modified) {
        sent
    } else {
        kept.clone()
    }
}

/// Returns the validators without a weak `ETag` (RFC 9110 §8.8.1) that has proved useless: the server
/// answered 200 with the same body to it. The date alone remains.
#[must_use]
pub fn without_weak_etag(validators: Validators) -> Validators {
    if is_weak(&validators) && validators.last_modified.is_some() {
        Validators {
            etag: None,
            ..validators
        }
    } else {
        validators
    }
}

/// Whether the `ETag` says that it is weak.
fn is_weak(validators: &Validators) -> bool {
    let etag = validators.etag.as_deref();
    etag.is_some_and(|etag| etag.starts_with(b"W/"))
}

/// Returns a field's value as sent; an empty one is none.
fn value(headers: &Headers, name: &str) -> Option<Vec<u8>> {
    headers
        .get(name)
        .filter(|value| !value.is_empty())
        .map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = (Option<&'static str>, Option<&'static str>);

    fn validators((etag, date): Pair) -> Validators {
        Validators {
            etag: etag.map(Into::into),
            last_modified: date.map(Into::into),
        }
    }

    #[track_caller]
    fn check(status: u16, kept: Pair, sent: Pair, expected: Pair) {
        let fields = [("ETag", sent.0), ("Last-Modified", sent.1)];
        let headers = Headers::new(
            fields
                .iter()
                .filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.into()))),
        );
        assert_eq!(
            validators_after(status, &validators(kept), &headers),
            validators(expected)
        );
    }

    #[test]
    fn an_answer_with_a_body_brings_its_own_and_nothing_else() {
        check(
            200,
            (Some("\"a\""), Some("Monday")),
            (Some("W/\"b\""), None),
            (Some("W/\"b\""), None),
        );
        check(
            200,
            (Some("\"a\""), Some("Monday")),
            (None, None),
            (None, None),
        );
        check(
            200,
            (None, None),
            (Some("odd quote"), Some("not a date")),
            (Some("odd quote"), Some("not a date")),
        );
        check(200, (None, None), (Some(""), None), (None, None));
    }

    #[test]
    fn a_304_keeps_them_unless_it_says_otherwise() {
        let kept = (Some("\"a\""), Some("Monday"));
        for sent in [
            (None, None),
            (Some("\"a\""), None),
            (None, Some("Monday")),
            kept,
        ] {
            check(304, kept, sent, kept);
        }
        for sent in [
            (Some("\"b\""), None),
            (None, Some("Tuesday")),
            (Some("\"a\""), Some("Tuesday")),
            (Some("\"b\""), Some("Monday")),
        ] {
            check(304, kept, sent, sent);
        }
        let later = (Some("\"a\""), Some("Tuesday"));
        check(304, (Some("\"a\""), None), later, later);
        check(304, (None, Some("Tuesday")), later, later);
    }

    #[test]
    fn a_weak_etag_that_was_left_out_stays_out() {
        let kept = (None, Some("Monday"));
        check(304, kept, (Some("W/\"a\""), Some("Monday")), kept);
        check(304, kept, (Some("W/\"a\""), None), kept);
        let later = (None, Some("Tuesday"));
        check(304, kept, (Some("W/\"a\""), Some("Tuesday")), later);
    }

    #[test]
    fn a_useless_weak_etag_goes_where_a_date_remains() {
        #[track_caller]
        fn check(given: Pair, expected: Pair) {
            assert_eq!(without_weak_etag(validators(given)), validators(expected));
        }
        check((Some("W/\"a\""), Some("Monday")), (None, Some("Monday")));
        check((Some("W/\"a\""), None), (Some("W/\"a\""), None));
        let strong = (Some("\"a\""), Some("Monday"));
        check(strong, strong);
    }
}
