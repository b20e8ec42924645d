//! The header fields of one answer, as bytes.

/// The header fields of one answer, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// Makes headers from names (in any case) and values as the server sent them.
    pub fn new(fields: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(mut name, value)| {
                    name.make_ascii_lowercase();
                    (name, value)
                })
                .collect(),
        )
    }

    /// Returns the first value of the field with this lower-case name, byte for byte.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_slice())
    }

    /// Returns every value of the field with this lower-case name.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_slice())
    }

    /// Returns the parts of a field that is a comma-separated list (RFC 9110 §5.6.1), over all its
    /// lines, without surrounding blanks and without empty parts.
    ///
    /// A comma inside a quoted string separates too; none of the lists read here has one.
    pub(crate) fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name)
            .flat_map(|value| value.split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|part| !part.is_empty())
    }
}

/// Reads a whole number of seconds (RFC 9110 §10.2.3 `delay-seconds`): digits and nothing else.
///
/// A number too large to hold is the largest that there is.
pub(crate) fn seconds(value: &[u8]) -> Option<u64> {
    let value = value.trim_ascii();
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(value.iter().fold(0u64, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    }))
}

/// Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7).
pub(crate) fn date(value: &[u8]) -> Option<jiff::Timestamp> {
    let text = std::str::from_utf8(value.trim_ascii()).ok()?;
    jiff::Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_values_stay_bytes() {
        let headers = Headers::new([
            ("ETag".to_owned(), b"W/\"\xe9\"".to_vec()),
            ("etag".to_owned(), b"second".to_vec()),
        ]);
        assert_eq!(headers.get("etag").unwrap(), b"W/\"\xe9\"");
        assert_eq!(headers.get_all("etag").count(), 2);
        assert_eq!(headers.get("expires"), None);
    }

    #[test]
    fn a_list_runs_over_all_its_lines() {
        let headers = Headers::new([
            ("x".to_owned(), b"a, b,,".to_vec()),
            ("x".to_owned(), b" c ".to_vec()),
        ]);
        let parts: Vec<&[u8]> = headers.list("x").collect();
        assert_eq!(parts, [b"a", b"b", b"c"]);
    }

    #[test]
    fn seconds_are_digits_alone() {
        assert_eq!(seconds(b" 120 "), Some(120));
        assert_eq!(seconds(b"99999999999999999999999"), Some(u64::MAX));
        for wrong in ["", "-1", "+5", "1.5", "12s", "1 2"] {
            assert_eq!(seconds(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn dates_come_in_three_forms() {
        let expected: jiff::Timestamp = "1994-11-06T08:49:37Z".parse().unwrap();
        for form in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(date(form.as_bytes()), Some(expected), "{form}");
        }
        assert_eq!(date(b"yesterday"), None);
        assert_eq!(date(b"\xff"), None);
    }
}
