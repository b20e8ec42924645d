//! What stands over an article's text: title, facts, banners and standfirst.

use super::super::dates;
use super::{Setting, Shown, banners, paragraph};
use crate::html;
use crate::model::article::Article;
use crate::model::document::{Line, Role};
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
pub(super) fn lines(shown: &Shown<'_>, words: usize) -> Vec<Line> {
    let width = shown.setting.width;
    let mut lines = beginning(shown, words);
    for banner in banners::banners(shown) {
        lines.extend(banners::lay_out(banner, width));
        lines.push(Line::default());
    }
    if let Some(standfirst) = standfirst(shown.article) {
        lines.extend(paragraph(&standfirst, Role::Standfirst, width));
        lines.push(Line::default());
    }
    lines
}

/// Lays title and facts out, with a blank line at the end.
pub(super) fn beginning(shown: &Shown<'_>, words: usize) -> Vec<Line> {
    let width = shown.setting.width;
    let title = shown_title(&shown.article.head.title);
    let mut lines = paragraph(title, Role::Heading(1), width);
    lines.push(Line::default());
    lines.extend(facts(&first_facts(shown), width));
    lines.extend(facts(&second_facts(shown, words), width));
    lines.push(Line::default());
    lines
}

/// Source, kind, organisations, author and dates.
pub(super) fn first_facts(shown: &Shown<'_>) -> Vec<String> {
    let Shown {
        article, listed, ..
    } = *shown;
    let head = &article.head;
    let page = article.page.as_ref();
    let mut facts = vec![listed.feed_title.to_owned()];
    let (kind, _) = split_kind(&head.title);
    let kind = kind.or_else(|| page?.kind.as_deref());
    facts.extend(kind.map(in_the_middle));
    let organisations = page.map_or(&[][..], |page| &page.organisations);
    facts.extend(
        organisations
            .iter()
            .filter(|name| !listed.feed_title.contains(name.as_str()))
            .cloned(),
    );
    // A site of one author bears the author's name.
    let byline = head.byline.as_ref().or_else(|| page?.byline.as_ref());
    facts.extend(
        byline
            .filter(|byline| *byline != listed.feed_title)
            .cloned(),
    );
    facts.push(when(article, shown.setting));
    facts
}

/// Returns a kind of document as it stands in the middle of a line.
fn in_the_middle(kind: &str) -> String {
    // What begins with an abbreviation keeps its capitals.
    let mut letters = kind.chars();
    match (letters.next(), letters.next()) {
        (Some(_), Some(second)) if second.is_uppercase() => kind.to_owned(),
        _ => kind.to_lowercase(),
    }
}

/// Says when an article was published, and when it was updated where that is another day.
fn when(article: &Article, setting: &Setting<'_>) -> String {
    let head = &article.head;
    let page = article.page.as_ref();
    let say = |moment| dates::in_facts(moment, setting.now, setting.zone);
    let first = page.and_then(|page| page.published);
    let Some(published) = first.or(head.published) else {
        let seen = dates::short_day(head.first_seen, setting.zone);
        return format!("first seen {seen}");
    };
    // Where the page tells of an earlier date, that of the feed is one of an update.
    let told = [head.updated, page.and_then(|page| page.updated)];
    let updated = told.into_iter().chain([first.and(head.published)]);
    let updated = updated.flatten().filter(|updated| *updated > published);
    let (published, updated) = (say(published), updated.max().map(say));
    match updated {
        Some(updated) if updated != published => format!("{published}, updated {updated}"),
        _ => published,
    }
}

/// Section, reading time, comments, marks, and the other feeds that carry the story.
pub(super) fn second_facts(shown: &Shown<'_>, words: usize) -> Vec<String> {
    let Shown {
        article,
        listed,
        also_in,
        ..
    } = *shown;
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

/// Returns the standfirst where it says something that the text doesn't begin with.
pub(super) fn standfirst(article: &Article) -> Option<String> {
    let told = article.page.as_ref();
    let told = told.and_then(|page| page.standfirst.as_ref());
    let standfirst = told.unwrap_or(&article.head.standfirst);
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let ours = bare(standfirst.trim_end_matches(|c: char| !c.is_alphanumeric()));
    let enough = standfirst.len().saturating_mul(2) + 200;
    let beginning = bare(&html::standfirst(&article.html, enough));
    (!ours.is_empty() && !beginning.starts_with(&ours)).then(|| standfirst.clone())
}

/// Lays facts out with `·` between them, wrapping between facts only (one that is too wide for a
/// line of its own wraps in itself).
pub(super) fn facts(facts: &[String], width: usize) -> Vec<Line> {
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
}
