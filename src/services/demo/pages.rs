//! What the samples' own pages would tell: when consultations close, and what changed.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use super::{Filling, pick};
use crate::model::article::{ChangeNote, PageFacts};
use crate::model::error::{Exit, Problem};
use crate::store::{Is, NewPage, Reader, Store, pack};

/// By the guid of an article, in how many days its consultation closes, and when.
const CLOSING: [(&str, i64, Time); 4] = [
    ("consult-libraries", 3, Time::constant(17, 0, 0, 0)),
    ("consult-bus-shelters", 10, Time::constant(23, 45, 0, 0)),
    ("consult-weights", 38, Time::constant(12, 0, 0, 0)),
    ("consult-parking", 52, Time::constant(23, 45, 0, 0)),
];

/// By the guid of an article, what was changed in it since it was read.
const CHANGED: [(&str, &str); 2] = [
    ("gds-data-abroad", "A list of countries was added."),
    ("cabinet-plan", "Figure 2 corrected, annex B added."),
];

/// How long ago the reader read what has changed.
const READ_AGO: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Stores what the pages tell; their texts are those of the feeds.
pub(super) fn store(
    store: &mut Store,
    reader: &Reader,
    filling: &Filling,
    now: Timestamp,
) -> Result<(), Problem> {
    for (guid, days, time) in CLOSING {
        let zone = filling.now.time_zone();
        let closes = filling
            .day(days)
            .and_then(|day| zone.to_timestamp(day.to_datetime(time)));
        let closes = closes.map_err(|error| {
            Problem::new(Exit::Failed, "there are no samples of this date").because_of(&error)
        })?;
        let facts = PageFacts {
            closes: Some(closes),
            ..PageFacts::default()
        };
        put(store, reader, guid, &facts, now)?;
    }
    for (guid, note) in CHANGED {
        let read = pick(reader, Is::Either, |known| known == guid)?;
        store.record_visits(&read, now - READ_AGO)?;
        let facts = PageFacts {
            changes: vec![ChangeNote {
                at: now,
                note: note.to_owned(),
            }],
            ..PageFacts::default()
        };
        put(store, reader, guid, &facts, now)?;
    }
    Ok(())
}

fn put(
    store: &mut Store,
    reader: &Reader,
    guid: &str,
    facts: &PageFacts,
    now: Timestamp,
) -> Result<(), Problem> {
    for id in pick(reader, Is::Either, |known| known == guid)? {
        let Some((_, html)) = store.feed_text(id)? else {
            continue;
        };
        let page = NewPage {
            body: pack(&html),
            words_hash: 1,
            base: None,
            facts: facts.clone(),
            withdrawn: None,
        };
        store.record_page(&[id], now, &page)?;
    }
    Ok(())
}
