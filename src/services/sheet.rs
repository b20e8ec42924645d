//! One article as lines, from title to links: what `gazette show` prints and the article pane draws.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::html;
use crate::model::article::Article;
use crate::model::document::{
    Block, Document, Inline, Line, List, ListItem, Rendered, Role, Span, Style,
};
use crate::model::text::{SafeText, display_width};

use super::dates;
use super::reading::Listed;

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

/// An article at one width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Title, facts and standfirst, with a blank line at the end.
    pub head: Vec<Line>,
    /// The text.
    pub body: Rendered,
    /// Attachments and links, each part with a blank line before it.
    pub foot: Vec<Line>,
}

impl Sheet {
    /// Returns all lines from title to links.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.head.iter().chain(&self.body.lines).chain(&self.foot)
    }
}

/// What a sheet depends on besides the article.
pub struct Setting<'a> {
    /// No line is wider, in columns.
    pub width: usize,
    /// The moment that dates are told from.
    pub now: Timestamp,
    /// The reader's time zone.
    pub zone: &'a TimeZone,
}

/// Returns what relative addresses in an article are relative to: what its feed says, but for feeds
/// in files the article's own address.
pub fn base(article: &Article) -> Option<Url> {
    [&article.base, &article.head.permalink]
        .into_iter()
        .flatten()
        .filter_map(|base| Url::parse(base).ok())
        .find(|base| matches!(base.scheme(), "http" | "https"))
}

/// Reads an article's HTML.
pub fn document(article: &Article) -> Document {
    html::parse(&article.html, base(article).as_ref())
}

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

/// Lays an article out.
pub fn lay_out(
    article: &Article,
    document: &Document,
    listed: &Listed<'_>,
    also_in: &[String],
    setting: &Setting<'_>,
) -> Sheet {
    let width = setting.width;
    let body = html::render(document, width);
    let head = &article.head;
    let (kind, title) = split_kind(&head.title);
    let title = if title.is_empty() {
        "(no title)"
    } else {
        title
    };
    let mut lines = paragraph(
        title,
        Style {
            role: Role::Heading(1),
            ..Style::default()
        },
        width,
    );
    lines.push(Line::default());
    lines.extend(facts(&first_facts(article, listed, kind, setting), width));
    lines.extend(facts(
        &second_facts(article, listed, also_in, body.words),
        width,
    ));
    lines.push(Line::default());
    if let Some(standfirst) = standfirst(article) {
        lines.extend(paragraph(
            &standfirst,
            Style {
                role: Role::Heading(2),
                ..Style::default()
            },
            width,
        ));
        lines.push(Line::default());
    }
    Sheet {
        head: lines,
        foot: foot(article, document, width),
        body,
    }
}

/// Source, kind, author and dates.
fn first_facts(
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
fn second_facts(
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

/// Returns the standfirst where it says something that the text doesn't begin with.
fn standfirst(article: &Article) -> Option<String> {
    let standfirst = &article.head.standfirst;
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let ours = bare(standfirst.trim_end_matches(|c: char| !c.is_alphanumeric()));
    let enough = standfirst.len().saturating_mul(2) + 200;
    let beginning = bare(&html::standfirst(&article.html, enough));
    (!ours.is_empty() && !beginning.starts_with(&ours)).then(|| standfirst.clone())
}

/// Attachments and links.
fn foot(article: &Article, document: &Document, width: usize) -> Vec<Line> {
    let attachments = article.enclosures.iter().map(|enclosure| {
        let facts = [
            enclosure.title.clone(),
            enclosure.media_type.clone(),
            enclosure.bytes.map(bytes),
        ];
        let facts: Vec<String> = facts
            .into_iter()
            .flatten()
            .filter(|fact| !fact.is_empty())
            .collect();
        ("•".to_owned(), facts.join(", "), enclosure.url.clone())
    });
    let links = document
        .links
        .iter()
        .map(|link| (link.n.to_string(), link.text.clone(), link.url.clone()));
    let mut foot = part("Attachments", attachments, width);
    foot.extend(part("Links", links, width));
    foot
}

/// Lays out a heading and a list of `words: address` below it; nothing where the list is empty.
fn part(
    heading: &str,
    rows: impl Iterator<Item = (String, String, String)>,
    width: usize,
) -> Vec<Line> {
    let items: Vec<ListItem> = rows
        .map(|(marker, words, address)| {
            let words = SafeText::line(&words).into_string();
            let address = shown_address(&address);
            let text = if words.is_empty() || words == address {
                address
            } else {
                format!("{words}: {address}")
            };
            ListItem {
                marker,
                blocks: vec![Block::Paragraph(vec![Inline::Text(Span::new(
                    text,
                    Style::default(),
                ))])],
            }
        })
        .collect();
    if items.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::default()];
    lines.extend(paragraph(
        heading,
        Style {
            role: Role::Heading(2),
            ..Style::default()
        },
        width,
    ));
    let list = Block::List(List { start: None, items });
    lines.extend(
        html::render(
            &Document {
                blocks: vec![list],
                ..Document::default()
            },
            width,
        )
        .lines,
    );
    lines
}

/// Returns an address as a reader sees it: without `https://`.
fn shown_address(url: &str) -> String {
    let bare = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or(url);
    SafeText::line(bare.strip_suffix('/').unwrap_or(bare)).into_string()
}

/// Returns a size as a reader says it.
fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{} kB", count / 1_000),
        _ => format!("{}.{} MB", count / 1_000_000, count / 100_000 % 10),
    }
}

/// Wraps one text of one style.
fn paragraph(text: &str, style: Style, width: usize) -> Vec<Line> {
    let text = SafeText::line(text).into_string();
    let block = Block::Paragraph(vec![Inline::Text(Span::new(text, style))]);
    html::render(
        &Document {
            blocks: vec![block],
            ..Document::default()
        },
        width,
    )
    .lines
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
        .flat_map(|row| paragraph(row, Style::default(), width))
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
