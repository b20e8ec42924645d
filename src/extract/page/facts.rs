//! What a page tells besides its text: in its metadata, and in JSON-LD (<https://schema.org/Article>).

use std::collections::HashSet;

use crate::model::text::in_one_line;
use dom_query::Document;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Where a page says when it was published, first where that is surest.
const PUBLISHED: [(&str, &str); 7] = [
    ("meta[property='article:published_time']", "content"),
    ("meta[itemprop=datePublished]", "content"),
    ("time[itemprop=datePublished]", "datetime"),
    ("time[pubdate]", "datetime"),
    ("time.published, time.entry-date", "datetime"),
    (
        "meta[name='dcterms.issued'], meta[name='DCTERMS.issued']",
        "content",
    ),
    (
        "meta[name=date], meta[name='DC.date'], meta[name='DC.Date']",
        "content",
    ),
];

/// Where it says when it was updated.
const UPDATED: [(&str, &str); 5] = [
    ("meta[property='article:modified_time']", "content"),
    ("meta[itemprop=dateModified]", "content"),
    ("time[itemprop=dateModified]", "datetime"),
    ("time.updated", "datetime"),
    (
        "meta[name='dcterms.modified'], meta[name='DCTERMS.modified']",
        "content",
    ),
];

/// What stands for the name of an author where nobody filled it in.
const NOBODY: [&str; 16] = [
    "admin",
    "administrator",
    "anonymous",
    "author",
    "editor",
    "guest",
    "name",
    "nom",
    "press",
    "publisher",
    "redaktion",
    "staff",
    "system",
    "unknown",
    "webmaster",
    "website",
];

/// What follows a name without being part of it.
const AFTER_NAMES: [&str; 7] = [
    "Twitter",
    "Facebook",
    "LinkedIn",
    "Instagram",
    "Email",
    "E-Mail",
    "Follow",
];

/// What stands before a name without being part of it.
const BEFORE_NAMES: [&str; 6] = ["by ", "by: ", "von ", "par ", "written by ", "posted by "];

/// How deep an article is looked for in JSON-LD.
const DEEPEST: usize = 5;

/// How many words a standfirst has: fewer are a name, more a text.
const STANDFIRST_WORDS: std::ops::RangeInclusive<usize> = 5..=80;

/// What is known of a page before the article is taken out of it.
#[derive(Default)]
pub(super) struct Told {
    /// Who wrote it, as told to machines.
    pub(super) author: Option<String>,
    /// When it was published.
    pub(super) published: Option<Timestamp>,
    /// When it was updated.
    pub(super) updated: Option<Timestamp>,
    /// The text without markup, for machines that read no page.
    pub(super) body: Option<String>,
}

/// Reads what a page tells.
pub(super) fn told(page: &Document) -> Told {
    let article = article(page);
    let field = |name: &str| article.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let in_page = |places: &[(&str, &str)]| {
        let mut told = places
            .iter()
            .filter_map(|(place, attribute)| page.select(place).attr(attribute));
        told.find_map(|told| date(&told))
    };
    let at = |name: &str, places: &[(&str, &str)]| {
        field(name)
            .as_deref()
            .and_then(date)
            .or_else(|| in_page(places))
    };
    Told {
        author: article
            .as_ref()
            .and_then(|article| authors(article.get("author")?)),
        published: at("datePublished", &PUBLISHED),
        updated: at("dateModified", &UPDATED),
        body: field("articleBody"),
    }
}

/// Returns the article among what a page says in JSON-LD.
fn article(page: &Document) -> Option<Value> {
    let scripts = page.select("script[type='application/ld+json']");
    scripts.nodes().iter().find_map(|script| {
        let all: Value = serde_json::from_str(script.text().trim()).ok()?;
        find_article(&all, 0).cloned()
    })
}

fn find_article(value: &Value, depth: usize) -> Option<&Value> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Array(all) => all.iter().find_map(|one| find_article(one, depth + 1)),
        Value::Object(_) if is_article(&value["@type"]) => Some(value),
        Value::Object(_) => find_article(value.get("@graph")?, depth + 1),
        _ => None,
    }
}

fn is_article(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => {
            kind.ends_with("Article")
                || kind.ends_with("Posting") && kind != "JobPosting"
                || kind == "Report"
        }
        Value::Array(kinds) => kinds
            .iter()
            .any(|kind| kind.is_string() && is_article(kind)),
        _ => false,
    }
}

/// Returns the names of a list of authors, or of one.
fn authors(told: &Value) -> Option<String> {
    let names: Vec<String> = match told {
        Value::Array(all) => all.iter().filter_map(authors).collect(),
        Value::Object(one) => one.get("name").and_then(authors).into_iter().collect(),
        Value::String(name) => vec![name.clone()],
        _ => Vec::new(),
    };
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns who wrote it, without what stands around the name; `None` where that is no name.
pub(super) fn byline(told: &str) -> Option<String> {
    let told = in_one_line(told);
    let mut name = told.as_str();
    for before in BEFORE_NAMES {
        if let Some(start) = name.get(..before.len())
            && start.eq_ignore_ascii_case(before)
        {
            name = name.get(before.len()..).unwrap_or_default();
        }
    }
    while let Some(shorter) = AFTER_NAMES
        .iter()
        .find_map(|after| name.strip_suffix(after))
    {
        name = shorter.trim_end_matches([' ', ',', '|', '·', '-']);
    }
    let lower = name.to_lowercase();
    let letters = lower.trim_matches(|c: char| !c.is_alphabetic());
    let is_name = !letters.is_empty()
        && !NOBODY.contains(&letters)
        && !name.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '*' | '{'))
        && !name.contains("://")
        && name.chars().count() <= 120;
    is_name.then(|| name.to_owned())
}

/// Returns the standfirst that a page's description is: a whole one of the article, with which the
/// text doesn't begin, and that says more than the title.
pub(super) fn standfirst(told: &str, title: &str, text: &str) -> Option<String> {
    let told = in_one_line(told);
    let is_cut = told.ends_with('…') || told.ends_with("...") || told.ends_with("[…]");
    let said = words(&told);
    if is_cut || !STANDFIRST_WORDS.contains(&said.len()) {
        return None;
    }
    let title = words(title);
    if said.iter().all(|word| title.contains(word)) {
        return None;
    }
    let beginning: String = text.chars().take(told.len() + 2000).collect();
    let beginning = words(&beginning).join(" ");
    if beginning.contains(&said.join(" ")) {
        return None;
    }
    let known: HashSet<String> = words(text).into_iter().collect();
    let shared = said.iter().filter(|word| known.contains(*word)).count();
    (shared * 2 >= said.len()).then_some(told)
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Reads a date as pages tell it; one without a zone is in UTC.
pub(super) fn date(told: &str) -> Option<Timestamp> {
    let told = told.trim();
    if let Ok(moment) = told.parse::<Timestamp>() {
        return Some(moment);
    }
    let moment = told
        .parse::<DateTime>()
        .or_else(|_| told.parse::<Date>().map(|day| day.at(0, 0, 0, 0)));
    TimeZone::UTC.to_timestamp(moment.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_names() {
        let cases = [
            ("By  Ruth Amadi ", Some("Ruth Amadi")),
            ("Posted by Ruth Amadi, Jo Li", Some("Ruth Amadi, Jo Li")),
            ("Ruth Amadi Twitter", Some("Ruth Amadi")),
            ("Byron Twitterer", Some("Byron Twitterer")),
            ("Ministry of Works", Some("Ministry of Works")),
            ("publisher", None),
            ("Name *", None),
            ("by admin", None),
            ("Ruth AmadiThu 9 Apr 2020", None),
            ("https://example.test/ruth", None),
            ("ruth@example.test", None),
            ("", None),
        ];
        for (told, expected) in cases {
            assert_eq!(byline(told).as_deref(), expected, "{told}");
        }
    }

    #[test]
    fn a_standfirst_is_whole_and_not_in_the_text() {
        let text = "Departments that build their own have to explain why.\nA plan says more.";
        let check = |told: &str, expected: bool| {
            assert_eq!(
                standfirst(told, "A plan: explain why to build", text).is_some(),
                expected,
                "{told}"
            );
        };
        check("A plan says that departments have to explain", true);
        check("A plan says that departments have to explain…", false);
        check("A plan says that departments have to ...", false);
        check(
            "departments that build  their own have to explain why",
            false,
        );
        check("The home of all the news and weather", false);
        check("A plan", false);
        check("A plan to build: why", false);
        check(&"plan says that departments have ".repeat(17), false);
    }

    #[test]
    fn dates_are_read_in_few_forms() {
        let moment = |told: &str| date(told).map(|moment| moment.to_string());
        let noon = Some("2026-11-20T12:00:00Z".to_owned());
        for told in [
            "2026-11-20T13:00:00+01:00",
            " 2026-11-20T12:00:00Z",
            "2026-11-20 12:00:00",
            "2026-11-20T13:00:00+0100",
        ] {
            assert_eq!(moment(told), noon, "{told}");
        }
        assert_eq!(
            moment("2026-11-20"),
            Some("2026-11-20T00:00:00Z".to_owned())
        );
        assert_eq!(moment("soon"), None);
    }

    #[test]
    fn machines_are_told_in_several_ways() {
        let page = |html: &str| told(&Document::from(html));
        let graph = page(
            r#"<script type="application/ld+json">{"broken</script><script type="application/ld+json">
            {"@graph": [{"@type": "WebPage", "datePublished": "2001-01-01"}, {"@type": ["Thing", "NewsArticle"],
            "datePublished": "2026-11-20", "dateModified": "2026-11-21", "articleBody": "All.",
            "author": [{"name": "Ruth Amadi"}, "Jo Li", 7]}]}</script>"#,
        );
        assert_eq!(graph.author.as_deref(), Some("Ruth Amadi, Jo Li"));
        assert_eq!(graph.published, date("2026-11-20"));
        assert_eq!(graph.updated, date("2026-11-21"));
        assert_eq!(graph.body.as_deref(), Some("All."));
        let meta = page(
            "<meta property='article:published_time' content='2026-11-20'>\
             <article><time itemprop=dateModified datetime='2026-11-21'>today</time></article>",
        );
        assert_eq!(
            (meta.published, meta.updated),
            (date("2026-11-20"), date("2026-11-21"))
        );
        let none = page(
            "<script type='application/ld+json'>[[[[[[[[{\"@type\":\"Article\"}]]]]]]]]</script>",
        );
        assert!(none.author.is_none() && none.published.is_none());
    }
}
