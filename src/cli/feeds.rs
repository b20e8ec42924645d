//! `gazette feeds`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::error::{Exit, Problem};
use crate::model::text::{SafeText, clip, display_width};
use crate::services::subscriptions::{Health, Subscription, Subscriptions};
use crate::services::{Parts, dates};
use crate::store::Reader;

use super::Format;
use super::json::FeedJson;
use super::out::{Ended, Out, Weight};

/// Columns of a feed's title in a row.
const TITLE_COLUMNS: usize = 40;

pub(super) fn list(parts: &Parts<'_>, format: Format, out: &mut Out) -> Ended {
    let now = (parts.clock)();
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let feeds = Subscriptions::load(parts.config, &reader)?;
    let mut section = None;
    for feed in feeds.listed() {
        if format == Format::Json {
            out.json(&FeedJson::new(feed, now))?;
            continue;
        }
        if section != Some(&feed.section) {
            let name = feed.section.as_deref().unwrap_or_default();
            out.pieces(&[(Weight::Bold, SafeText::line(name))])?;
            section = Some(&feed.section);
        }
        let room = out.columns.unwrap_or(usize::MAX);
        out.line(&SafeText::line(&clip(row(feed, now).as_str(), room)))?;
        if let Some(reason) = reason(feed, now, &parts.zone) {
            out.line(&reason)?;
        }
        for problem in feed.state.iter().flat_map(|state| &state.problems) {
            let line = format!("      {problem}");
            out.line(&SafeText::line(&clip(&line, room)))?;
        }
    }
    Ok(Exit::Done)
}

/// Returns `sign title state address`.
fn row(feed: &Subscription, now: Timestamp) -> SafeText {
    let health = feed.health(now);
    let sign = if matches!(health, Health::Failing | Health::Gone) {
        '!'
    } else {
        ' '
    };
    let title = SafeText::line(&feed.title);
    let title = clip(title.as_str(), TITLE_COLUMNS);
    let padding = TITLE_COLUMNS - display_width(&title);
    SafeText::line(&format!(
        "  {sign} {title}{:padding$}  {:<7}  {}",
        "",
        health.word(),
        feed.url
    ))
}

/// Returns why the last poll failed, as a line below the row.
fn reason(feed: &Subscription, now: Timestamp, zone: &TimeZone) -> Option<SafeText> {
    let error = feed.state.as_ref()?.last_error.as_deref()?;
    let next = feed.next_check(now).map_or_else(String::new, |next| {
        format!(", next try {}", dates::in_facts(next, now, zone))
    });
    Some(SafeText::line(&format!("      {error}{next}")))
}
