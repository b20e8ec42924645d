//! An article in one line, for other programs.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::dates;
use super::super::reading::Listed;
use super::head::shown_title;
use crate::model::text::SafeText;

/// Returns a citation: author (else publisher), title, feed, date, address and day of reading, with
/// what isn't known left out.
pub fn citation(listed: &Listed<'_>, now: Timestamp, zone: &TimeZone) -> String {
    let head = &listed.head;
    let byline = head.byline.as_deref().filter(|byline| !byline.is_empty());
    let publisher = listed.feed_title;
    let parts = [
        Some(byline.unwrap_or(publisher).to_owned()),
        Some(format!("“{}”", shown_title(&head.title))),
        byline
            .filter(|byline| *byline != publisher)
            .map(|_| publisher.to_owned()),
        head.published.map(|moment| dates::long_day(moment, zone)),
        head.permalink.clone(),
        Some(format!("read {}", dates::long_day(now, zone))),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|part| SafeText::line(&part).into_string())
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}.", parts.join(", "))
}

/// Returns a link in Markdown (CommonMark 0.31 §6.3) that shows `words` as they are.
pub fn markdown_link(words: &str, address: &str) -> String {
    let mut shown = String::new();
    for c in SafeText::line(words).as_str().chars() {
        if matches!(c, '\\' | '[' | ']' | '<' | '`' | '*') {
            shown.push('\\');
        }
        shown.push(c);
    }
    let address = SafeText::line(address).into_string();
    let address = address.replace('<', "%3C").replace('>', "%3E");
    if address.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']')) {
        format!("[{shown}](<{address}>)")
    } else {
        format!("[{shown}]({address})")
    }
}
