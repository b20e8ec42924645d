//! What a reader must know before the text, each behind a `┃`.

use jiff::Timestamp;

use super::super::dates;
use super::{Setting, Shown, one_paragraph};
use crate::html;
use crate::model::article::{Article, ChangeNote, PageFacts, StoredText, Withdrawal};
use crate::model::document::{Block, Document, Inline, Line, Role, Span};
use crate::model::text::SafeText;

/// How far a quotation stands in.
const INDENT_OF_QUOTES: usize = 2;

/// Returns the banners in their order: withdrawn, open until, published under an earlier
/// government, changed, summary only.
pub(super) fn banners(shown: &Shown<'_>) -> Vec<Vec<Block>> {
    let Shown {
        article,
        document,
        setting,
        ..
    } = *shown;
    let text = |text: String| vec![one_paragraph(&text, Role::Banner)];
    let mut banners = Vec::new();
    if let Some(page) = &article.page {
        let withdrawn = page.withdrawn.as_ref();
        banners.extend(withdrawn.map(|withdrawal| withdrawn_on(withdrawal, document, setting)));
        banners.extend(open_until(page, setting).map(text));
        let government = page.government.as_ref();
        banners.extend(government.map(|name| text(format!("Published under the {name}"))));
    }
    if article.head.changed {
        banners.push(text(changed(article, setting)));
    }
    if article.head.stored == StoredText::Summary {
        banners.push(text(summary_only(article)));
    }
    banners
}

/// Lays a banner out, its mark before every line: a quotation with another mark, that stands at the
/// edge.
pub(super) fn lay_out(banner: Vec<Block>, width: usize) -> Vec<Line> {
    let document = Document {
        blocks: vec![Block::Quote(banner)],
        ..Document::default()
    };
    let mut lines = html::render(&document, width + INDENT_OF_QUOTES).lines;
    for line in &mut lines {
        let mark = |span: &Span| span.style.role == Role::QuoteMark;
        if let Some(at) = line.spans.iter().position(mark) {
            line.spans.splice(..=at, [Span::of(Role::BannerMark, "┃")]);
        }
        // A publisher's own words are part of it.
        for span in &mut line.spans {
            if span.style.role == Role::Text {
                span.style.role = Role::Banner;
            }
        }
    }
    lines
}

/// That it was withdrawn, when and why, in its publisher's words.
fn withdrawn_on(withdrawal: &Withdrawal, document: &Document, setting: &Setting<'_>) -> Vec<Block> {
    let lead = match withdrawal.at {
        Some(at) => format!("Withdrawn on {}.", dates::long_day(at, setting.zone)),
        None => "Withdrawn.".to_owned(),
    };
    let mut blocks = document.notice.clone();
    match blocks.first_mut() {
        Some(Block::Paragraph(words)) => {
            words.insert(0, Inline::Text(Span::of(Role::Banner, format!("{lead} "))));
        }
        _ => blocks.insert(0, one_paragraph(&lead, Role::Banner)),
    }
    blocks
}

/// When a consultation opens, closes or has closed.
fn open_until(page: &PageFacts, setting: &Setting<'_>) -> Option<String> {
    let Setting { now, zone, .. } = *setting;
    if let Some(opens) = page.opens.filter(|opens| *opens > now) {
        return Some(format!("Opens on {}", dates::in_full(opens, zone)));
    }
    let closes = page.closes?;
    if closes <= now {
        return Some(format!("Closed on {}", dates::in_full(closes, zone)));
    }
    Some(format!(
        "Open until {} ({}) · o answers",
        dates::in_full(closes, zone),
        dates::until(closes, now, zone)
    ))
}

/// What changed since the reader read it, as far as its publisher says, and what is kept.
fn changed(article: &Article, setting: &Setting<'_>) -> String {
    let mut text = "Changed since you read it".to_owned();
    if let Some(visit) = article.visit {
        text.push_str(" on ");
        text.push_str(&dates::long_day(visit.at, setting.zone));
    }
    match newest_change(article) {
        Some(change) => {
            let note = SafeText::line(&change.note).into_string();
            text.push_str(": ");
            text.push_str(note.trim_end_matches('.'));
            text.push('.');
        }
        None => text.push('.'),
    }
    match article.revisions {
        0 => {}
        1 => text.push_str(" v shows the changes; 1 earlier version is kept."),
        count => {
            text.push_str(&format!(
                " v shows the changes; {count} earlier versions are kept."
            ));
        }
    }
    text
}

/// Returns the newest change note that the reader hasn't seen.
fn newest_change(article: &Article) -> Option<&ChangeNote> {
    let changes = &article.page.as_ref()?.changes;
    let seen = article.visit.and_then(|visit| visit.notes_until);
    let seen = seen.unwrap_or(Timestamp::MIN);
    let unseen = changes.iter().filter(|change| change.at > seen);
    unseen.max_by_key(|change| change.at)
}

fn summary_only(article: &Article) -> String {
    let text = "Only the summary is stored";
    match article.head.permalink {
        Some(_) => format!("{text}. D fetches the whole article; offline, later"),
        None => format!("{text}, and there is no page to fetch"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banner_has_its_mark_before_every_line() {
        let rows = |width| -> Vec<String> {
            let text = "Changed since you read it. 3 earlier versions are kept.";
            let lines = lay_out(vec![one_paragraph(text, Role::Banner)], width);
            let roles = lines.iter().map(|line| line.spans[0].style.role);
            assert!(roles.into_iter().all(|role| role == Role::BannerMark));
            lines.iter().map(Line::text).collect()
        };
        assert_eq!(
            rows(38),
            [
                "┃ Changed since you read it. 3 earlier",
                "┃ versions are kept."
            ]
        );
        assert_eq!(
            rows(20),
            [
                "┃ Changed since you",
                "┃ read it. 3 earlier",
                "┃ versions are kept."
            ]
        );
    }
}
