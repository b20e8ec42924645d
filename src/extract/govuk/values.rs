//! What is in JSON of which nothing is certain: what isn't as expected is as if it weren't there.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

use crate::html::escaped;

/// Returns the values of a list; none where it is none.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    let values = value.get(field).and_then(Value::as_array);
    values.into_iter().flatten()
}

/// Returns a text that says something.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    let text = value.get(field).and_then(Value::as_str)?;
    (!text.trim().is_empty()).then_some(text)
}

/// Returns a time (RFC 3339).
pub(super) fn time(value: &Value, field: &str) -> Option<Timestamp> {
    text(value, field)?.trim().parse().ok()
}

/// Returns a day in words, with the time of the day where it isn't midnight, both as the document's
/// own zone has them: `20 January 2016 9:30am`.
pub(super) fn day(value: &Value, field: &str) -> Option<String> {
    let told = text(value, field)?.trim().trim_end_matches('Z');
    let moment: DateTime = told.parse().ok()?;
    let midnight = moment.hour() == 0 && moment.minute() == 0;
    let form = if midnight {
        "%-d %B %Y"
    } else {
        "%-d %B %Y %-I:%M%P"
    };
    Some(moment.strftime(form).to_string())
}

/// Returns a link.
pub(super) fn link(url: &str, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(url.trim()), escaped(words))
}
