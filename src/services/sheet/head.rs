//! What stands over an article's text: title, facts, banners and standfirst.

use super::super::dates;
use super::super::reading::Listed;
use super::{Setting, one_paragraph, paragraph};
use crate::html;
use crate::model::article::{Article, StoredText};
use crate::model::document::{Block, Document, Line, Role, Span};
use crate::model::text::{SafeText, display_width};

/// Words that a reader takes in a minute.
const WORDS_A_MINUTE: usize = 220;

/// What a title begins with where its publisher puts the kind of document first.
const KINDS: [&str; 40] = [
    "Authored article",
    "Case study",
    "Closed consultation",
    "Collection",
    "Consultation",
    "Consultation outcome",
    "Corporate report",
    "Correspondence",
    "Decision",
    "Detailed guide",
    "FOI release",
    "Fatality notice",
    "Form",
    "Government response",
    "Guidance",
    "Impact assessment",
    "Independent report",
    "International treaty",
    "Map",
    "National statistics",
    "News story",
    "Notice",
    "Official Statistics",
    "Open call for evidence",
    "Open consultation",
    "Oral statement to Parliament",
    "Policy paper",
    "Press release",
    "Promotional material",
    "Regulation",
    "Research and analysis",
    "Speech",
    "Standard",
    "Statistical data set",
    "Statistics",
    "Statutory guidance",
    "Transparency data",
    "Travel advice",
    "World news story",
    "Written statement to Parliament",
];

/// Returns the minutes that so many words take; at least one.
pub fn reading_minutes(words: usize) -> usize {
    words.div_ceil(WORDS_A_MINUTE).max(1)
}

/// Parts a title from the kind of document that its publisher put before it.
pub fn split_kind(title: &str) -> (Option<&str>, &str) {
    let parted = title.split_once(": ").filter(|(kind, rest)| {
        !rest.trim().is_empty() && KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
    });
    parted.map_or((None, title), |(kind, rest)| {
        (Some(kind), rest.trim_start())
    })
}

/// Returns a title as a reader sees it: without the kind of document; `(no title)` for none.
pub fn shown_title(title: &str) -> &str {
    match split_kind(title) {
        (_, "") => "(no title)",
        (_, title) => title,
    }
}

/// Lays the head out, with a blank line at the end.
pub(super) fn lines(
    article: &Article,
    listed: &Listed<'_>,
    also_in: &[String],
    words: usize,
    setting: &Setting<'_>,
) -> Vec<Line> {
    let width = setting.width;
    let (kind, _) = split_kind(&article.head.title);
    let title = shown_title(&article.head.title);
    let mut lines = paragraph(title, Role::Heading(1), width);
    lines.push(Line::default());
    lines.extend(facts(&first_facts(article, listed, kind, setting), width));
    lines.extend(facts(&second_facts(article, listed, also_in, words), width));
    lines.push(Line::default());
    for text in banners(article) {
        lines.extend(banner(&text, width));
        lines.push(Line::default());
    }
    if let Some(standfirst) = standfirst(article) {
        lines.extend(paragraph(&standfirst, Role::Standfirst, width));
        lines.push(Line::default());
    }
    lines
}

/// Source, kind, author and dates.
pub(super) fn first_facts(
    article: &Article,
    listed: &Listed<'_>,
    kind: Option<&str>,
    setting: &Setting<'_>,
) -> Vec<String> {
    let head = &article.head;
    let mut facts = vec![listed.feed_title.to_owned()];
    facts.extend(kind.map(str::to_lowercase));
    // A site of one author bears the author's name.
    facts.extend(
        head.byline
            .clone()
            .filter(|byline| byline != listed.feed_title),
    );
    let mut when = match head.published {
        Some(published) => dates::in_facts(published, setting.now, setting.zone),
        None => format!(
            "first seen {}",
            dates::short_day(head.first_seen, setting.zone)
        ),
    };
    if let Some(updated) = head.updated {
        let updated = dates::in_facts(updated, setting.now, setting.zone);
        if updated != when {
            when = format!("{when}, updated {updated}");
        }
    }
    facts.push(when);
    facts
}

/// Section, reading time, comments, marks, and the other feeds that carry the story.
pub(super) fn second_facts(
    article: &Article,
    listed: &Listed<'_>,
    also_in: &[String],
    words: usize,
) -> Vec<String> {
    let marks = &listed.head.marks;
    let mut facts: Vec<String> = listed.section.map(str::to_owned).into_iter().collect();
    facts.push(format!("{} min", reading_minutes(words)));
    match article.head.comments_count {
        None | Some(0) => {}
        Some(1) => facts.push("1 comment".to_owned()),
        Some(count) => facts.push(format!("{count} comments")),
    }
    if marks.starred {
        facts.push("starred".to_owned());
    }
    facts.extend(marks.tags.iter().cloned());
    if !also_in.is_empty() {
        facts.push(format!("also in: {}", also_in.join(", ")));
    }
    facts
}

/// What a reader must know before the text.
pub(super) fn banners(article: &Article) -> Vec<String> {
    let head = &article.head;
    let mut banners = Vec::new();
    if head.changed {
        let kept = match article.revisions {
            0 => String::new(),
            1 => " 1 earlier version is kept.".to_owned(),
            count => format!(" {count} earlier versions are kept."),
        };
        banners.push(format!("Changed since you read it.{kept}"));
    }
    if head.stored == StoredText::Summary {
        let page = match head.permalink {
            Some(_) => " The page has the whole article.",
            None => "",
        };
        banners.push(format!("Only the summary is stored.{page}"));
    }
    banners
}

/// Lays a banner out, its mark before every line: a quotation with another mark, that stands at the
/// edge.
fn banner(text: &str, width: usize) -> Vec<Line> {
    const INDENT_OF_QUOTES: usize = 2;
    let quote = Block::Quote(vec![one_paragraph(text, Role::Banner)]);
    let document = Document {
        blocks: vec![quote],
        ..Document::default()
    };
    let mut lines = html::render(&document, width + INDENT_OF_QUOTES).lines;
    for line in &mut lines {
        let mark = |span: &Span| span.style.role == Role::QuoteMark;
        if let Some(at) = line.spans.iter().position(mark) {
            line.spans.splice(..=at, [Span::of(Role::BannerMark, "┃")]);
        }
    }
    lines
}

/// Returns the standfirst where it says something that the text doesn't begin with.
pub(super) fn standfirst(article: &Article) -> Option<String> {
    let standfirst = &article.head.standfirst;
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let ours = bare(standfirst.trim_end_matches(|c: char| !c.is_alphanumeric()));
    let enough = standfirst.len().saturating_mul(2) + 200;
    let beginning = bare(&html::standfirst(&article.html, enough));
    (!ours.is_empty() && !beginning.starts_with(&ours)).then(|| standfirst.clone())
}

/// Lays facts out with `·` between them, wrapping between facts only (one that is too wide for a
/// line of its own wraps in itself).
fn facts(facts: &[String], width: usize) -> Vec<Line> {
    let mut rows: Vec<String> = Vec::new();
    for fact in facts {
        let fact = SafeText::line(fact).into_string();
        match rows.last_mut() {
            Some(row) if display_width(row) + 3 + display_width(&fact) <= width => {
                row.push_str(" · ");
                row.push_str(&fact);
            }
            _ => rows.push(fact),
        }
    }
    rows.iter()
        .flat_map(|row| paragraph(row, Role::Facts, width))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_document_leaves_its_title() {
        assert_eq!(
            split_kind("Press release: New bus lanes"),
            (Some("Press release"), "New bus lanes")
        );
        assert_eq!(split_kind("Brexit: what next"), (None, "Brexit: what next"));
        assert_eq!(split_kind("Notice: "), (None, "Notice: "));
    }

    #[test]
    fn reading_takes_a_minute_at_least() {
        assert_eq!([0, 1, 220, 221].map(reading_minutes), [1, 1, 1, 2]);
    }

    #[test]
    fn facts_wrap_between_facts() {
        let rows = |width| -> Vec<String> {
            let given = ["PublicTechnology", "Ruth Amadi", "today 09:14"].map(str::to_owned);
            facts(&given, width).iter().map(Line::text).collect()
        };
        assert_eq!(rows(50), ["PublicTechnology · Ruth Amadi · today 09:14"]);
        assert_eq!(rows(30), ["PublicTechnology · Ruth Amadi", "today 09:14"]);
    }

    #[test]
    fn a_banner_has_its_mark_before_every_line() {
        let rows = |width| -> Vec<String> {
            let lines = banner(
                "Changed since you read it. 3 earlier versions are kept.",
                width,
            );
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
