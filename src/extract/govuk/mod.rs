//! Documents of GOV.UK, as its content API tells them
//! (<https://content-api.publishing.service.gov.uk/reference.html>).
//!
//! Fields may be absent, null or empty, and some are a text in one document and a list in the next;
//! what isn't as expected is as if it weren't there.
//!
//! - here: the text as a whole, in the order in which GOV.UK shows it
//! - `parts`: what stands above it, and what is made of several parts; `files`: attached files
//! - `facts`: what a document tells besides; `kinds`: what kinds of documents there are
//! - `text`: the text as it grows; `values`: reading JSON

mod facts;
mod files;
mod kinds;
mod parts;
#[cfg(test)]
mod tests;
mod text;
mod values;

use serde_json::Value;
use url::Url;

use super::{ExtractError, Page};
use crate::html::escaped;
use text::Text;
use values::{link, list};

/// The site that addresses in a document are relative to.
const SITE: &str = "https://www.gov.uk/";

/// So many attached files are looked for in the text.
const MOST_FILES: usize = 500;

/// Reads an answer of the content API, which is relative to `https://www.gov.uk/`.
pub fn govuk(json: &[u8]) -> Result<Page, ExtractError> {
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let document: Value = serde_json::from_slice(json).map_err(|_| ExtractError::NoDocument)?;
    if !document["details"].is_object() && values::text(&document, "schema_name").is_none() {
        return Err(ExtractError::NoDocument);
    }
    match values::text(&document, "schema_name") {
        Some("redirect") => return Err(moved(&document)),
        Some("gone" | "vanish" | "substitute") => return Err(ExtractError::Gone),
        _ => {}
    }
    let html = whole_text(&document);
    if crate::html::plain_text(&html).trim().is_empty() {
        return Err(ExtractError::NoText);
    }
    Ok(Page {
        facts: facts::facts(&document),
        html,
    })
}

/// Says where a document went that leads on to another.
fn moved(document: &Value) -> ExtractError {
    let site = Url::parse(SITE).ok();
    let to = list(document, "redirects").find_map(|redirect| {
        site.as_ref()?
            .join(values::text(redirect, "destination")?)
            .ok()
    });
    to.map_or(ExtractError::Gone, |to| ExtractError::Moved { to })
}

/// Puts the text together, in the order in which GOV.UK shows it.
fn whole_text(document: &Value) -> String {
    let details = &document["details"];
    let mut text = Text::default();
    parts::add_above(&mut text, document);
    for field in [
        "introductory_paragraph",
        "introduction",
        "licence_overview",
        "roll_call_introduction",
    ] {
        text.body(details.get(field));
    }
    let casualties = list(details, "casualties").filter_map(Value::as_str);
    text.list(&casualties.map(escaped).collect::<Vec<_>>());
    add_outcome(&mut text, document);
    add_elsewhere(&mut text, document);
    // A publication is its documents; what is said of them stands below.
    let is_publication = values::text(document, "schema_name") == Some("publication");
    if is_publication {
        let before = text.len();
        add_documents(&mut text, document);
        let heading = (text.len() > before).then_some("Details");
        text.body_under(heading, details.get("body"));
    } else {
        text.body_under(parts::summary_heading(details), details.get("summary"));
        match files::put_in(details) {
            Some(body) => text.html(&body),
            None => text.body(details.get("body")),
        }
    }
    parts::add_start(&mut text, details);
    parts::add_parts(&mut text, details);
    parts::add_steps(&mut text, &details["step_by_step_nav"]);
    parts::add_groups(&mut text, document);
    parts::add_questions(&mut text, details);
    if !is_publication {
        add_documents(&mut text, document);
    }
    add_ways_to_respond(&mut text, document);
    text.into_html()
}

/// Adds what came of a consultation or a call for evidence, and the heading of what was asked.
fn add_outcome(text: &mut Text, document: &Value) {
    let details = &document["details"];
    let before = text.len();
    for (prefix, documents, detail) in [
        (
            "final_outcome",
            "Read the full outcome",
            "Detail of outcome",
        ),
        ("outcome", "Read the full outcome", "Detail of outcome"),
        (
            "public_feedback",
            "Feedback received",
            "Detail of feedback received",
        ),
    ] {
        let files = files::named(details, &format!("{prefix}_attachments"));
        let field = format!("{prefix}_documents");
        files::add(text, documents, &files, list(details, &field));
        text.body_under(Some(detail), details.get(format!("{prefix}_detail")));
    }
    if text.len() > before {
        text.heading(match values::text(document, "schema_name") {
            Some("call_for_evidence") => "Original call for evidence",
            _ => "Original consultation",
        });
    }
}

/// Adds where a consultation is answered, if it isn't on GOV.UK.
fn add_elsewhere(text: &mut Text, document: &Value) {
    let Some(url) = values::text(&document["details"], "held_on_another_website_url") else {
        return;
    };
    let what = match values::text(document, "schema_name") {
        Some("call_for_evidence") => "call for evidence",
        _ => "consultation",
    };
    let is_held = if is_over(document) { "was" } else { "is being" };
    let elsewhere = link(url, "another website");
    text.paragraph(&format!(
        "<strong>This {what} {is_held} held on {elsewhere}.</strong>"
    ));
}

/// Adds the documents that GOV.UK lists, apart from those that stand in the text.
fn add_documents(text: &mut Text, document: &Value) {
    let details = &document["details"];
    let named = files::named(details, "featured_attachments");
    let pieces: Vec<&Value> = list(details, "documents").collect();
    let files = if !named.is_empty() || !pieces.is_empty() {
        named
    } else if lists_files(document) {
        let elsewhere = |file: &&Value| values::text(file, "url").is_some_and(|url| !text.has(url));
        let first = list(details, "attachments").take(MOST_FILES);
        first.filter(elsewhere).collect()
    } else {
        Vec::new()
    };
    if files.is_empty() && pieces.is_empty() && lists_files(document) {
        let children = list(&document["links"], "children").filter_map(parts::linked);
        let children: Vec<String> = children.collect();
        if !children.is_empty() {
            text.heading("Documents");
            text.list(&children);
        }
        return;
    }
    files::add(text, "Documents", &files, pieces.into_iter());
}

/// Whether a document is of a kind that lists its files below or above its text, and doesn't say
/// which of them.
fn lists_files(document: &Value) -> bool {
    let kind = values::text(document, "schema_name");
    matches!(
        kind,
        Some("publication" | "consultation" | "call_for_evidence")
    ) && document["details"].get("featured_attachments").is_none()
}

/// Whether a consultation or a call for evidence takes no answers any more.
fn is_over(document: &Value) -> bool {
    values::text(document, "document_type")
        .is_some_and(|kind| kind.starts_with("closed_") || kind.ends_with("_outcome"))
}

/// Adds how a consultation is answered, as long as it is.
fn add_ways_to_respond(text: &mut Text, document: &Value) {
    let ways = &document["details"]["ways_to_respond"];
    if is_over(document) {
        return;
    }
    let field = |name| values::text(ways, name);
    let (email, address) = (field("email"), field("postal_address"));
    let mut items = Vec::new();
    items.extend(field("link_url").map(|url| link(url, "Respond online")));
    if let Some(url) = field("attachment_url") {
        let then = match (email, address) {
            (None, None) => "",
            (Some(_), Some(_)) => " and either email or post it",
            (Some(_), None) => " and email it",
            (None, Some(_)) => " and post it",
        };
        let form = link(url, "response form");
        items.push(format!("Complete a {form}{then}"));
    }
    if let Some(email) = email {
        let address = link(&format!("mailto:{}", email.trim()), email.trim());
        items.push(format!("Email to: {address}"));
    }
    if let Some(address) = address {
        let lines = address
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.map(escaped).collect();
        items.push(format!("Write to:<br>{}", lines.join("<br>")));
    }
    if !items.is_empty() {
        text.heading("Ways to respond");
        text.list(&items);
    }
}
