//! Documents of GOV.UK, as its content API tells them
//! (<https://content-api.publishing.service.gov.uk/reference.html>).
//!
//! Fields may be absent, null or empty, and some are a text in one document and a list in the next;
//! what isn't as expected is as if it weren't there.

use jiff::Timestamp;
use serde_json::Value;

use super::{ExtractError, Page, files, kinds};
use crate::html;
use crate::model::article::{ChangeNote, PageFacts, Withdrawal};

/// What a change note says that tells of no change.
const FIRST_NOTE: &str = "first published";

/// Reads an answer of the content API, which is relative to `https://www.gov.uk/`.
pub fn govuk(json: &[u8]) -> Result<Page, ExtractError> {
    let document: Value = serde_json::from_slice(json).map_err(|_| ExtractError::NoDocument)?;
    if !document.is_object() || document.get("schema_name").is_none() {
        return Err(ExtractError::NoDocument);
    }
    if matches!(
        text(&document, "schema_name"),
        Some("redirect" | "gone" | "vanish" | "substitute")
    ) {
        return Err(ExtractError::Moved);
    }
    let html = whole_text(&document);
    if html.trim().is_empty() {
        return Err(ExtractError::NoText);
    }
    Ok(Page {
        facts: facts(&document),
        html,
    })
}

/// Puts the text together, in the order in which GOV.UK shows it.
fn whole_text(document: &Value) -> String {
    let details = &document["details"];
    let mut html = String::new();
    for field in [
        "introductory_paragraph",
        "introduction",
        "roll_call_introduction",
    ] {
        add_body(&mut html, None, details.get(field));
    }
    add_list(&mut html, &list(details, "casualties").collect::<Vec<_>>());
    let outcome = html.len();
    add_body(
        &mut html,
        Some("Detail of outcome"),
        details.get("final_outcome_detail"),
    );
    files::add(
        &mut html,
        "Final outcome documents",
        &files::named(details, "final_outcome_attachments"),
        &list(details, "final_outcome_documents").collect::<Vec<_>>(),
    );
    add_body(
        &mut html,
        Some("Detail of feedback received"),
        details.get("public_feedback_detail"),
    );
    files::add(
        &mut html,
        "Feedback received",
        &files::named(details, "public_feedback_attachments"),
        &list(details, "public_feedback_documents").collect::<Vec<_>>(),
    );
    let has_outcome = html.len() > outcome;
    let heading = has_outcome.then(|| original(document));
    add_body(&mut html, heading, details.get("body"));
    add_elsewhere(&mut html, details);
    add_parts(&mut html, details);
    add_groups(&mut html, document);
    add_questions(&mut html, details);
    for field in [
        "more_information",
        "what_you_need_to_know",
        "other_ways_to_apply",
    ] {
        add_body(&mut html, None, details.get(field));
    }
    let named = files::named(details, "featured_attachments");
    let files_of = match details.get("featured_attachments") {
        Some(_) => named,
        None if list(details, "documents").next().is_none() => list(details, "attachments")
            .filter(|file| !is_named(&html, file))
            .collect(),
        None => Vec::new(),
    };
    files::add(
        &mut html,
        "Documents",
        &files_of,
        &list(details, "documents").collect::<Vec<_>>(),
    );
    add_ways_to_respond(&mut html, &details["ways_to_respond"]);
    html
}

/// Returns the heading of what was asked, below what came of it.
fn original(document: &Value) -> &'static str {
    match text(document, "schema_name") {
        Some("call_for_evidence") => "Original call for evidence",
        _ => "Original consultation",
    }
}

/// Whether a text has an attachment already.
fn is_named(html: &str, file: &Value) -> bool {
    text(file, "url").is_none_or(|url| html.contains(url) || html.contains(&escape(url)))
}

/// Adds a text that is HTML, or a list of the same text in several forms, under a heading.
fn add_body(html: &mut String, heading: Option<&str>, body: Option<&Value>) {
    let body = match body {
        Some(Value::String(body)) => Some(body.as_str()),
        Some(Value::Array(forms)) => {
            let in_html = forms
                .iter()
                .find(|form| text(form, "content_type") == Some("text/html"));
            in_html.and_then(|form| text(form, "content"))
        }
        _ => None,
    };
    let Some(body) = body.filter(|body| !body.trim().is_empty()) else {
        return;
    };
    if let Some(heading) = heading {
        html.push_str(&format!("<h2>{heading}</h2>"));
    }
    if body.contains('<') {
        // Closed by itself: nothing that it leaves open reaches what follows.
        html.push_str(&format!("<div>{body}</div>\n"));
    } else {
        html.push_str(&format!("<p>{body}</p>\n"));
    }
}

/// Adds plain texts as a list.
fn add_list(html: &mut String, texts: &[&Value]) {
    let items: String = texts
        .iter()
        .filter_map(|text| text.as_str())
        .map(|text| format!("<li>{}</li>", escape(text)))
        .collect();
    if !items.is_empty() {
        html.push_str(&format!("<ul>{items}</ul>"));
    }
}

/// Adds where a document is, if it isn't on GOV.UK.
fn add_elsewhere(html: &mut String, details: &Value) {
    let elsewhere = text(details, "held_on_another_website_url");
    if let Some(url) = elsewhere {
        let url = escape(url);
        html.push_str(&format!(
            "<p>This is held on another website: <a href=\"{url}\">{url}</a></p>"
        ));
    }
    let start = text(details, "transaction_start_link");
    if let Some(url) = start {
        let label = text(details, "start_button_text").unwrap_or("Start now");
        html.push_str(&format!(
            "<p><a href=\"{}\">{}</a></p>",
            escape(url),
            escape(label)
        ));
    }
}

/// Adds the parts of a guide or of travel advice, each under its title.
fn add_parts(html: &mut String, details: &Value) {
    for part in list(details, "parts") {
        if let Some(title) = text(part, "title") {
            html.push_str(&format!("<h2>{}</h2>", escape(title)));
        }
        add_body(html, None, part.get("body"));
    }
}

/// Adds the groups of a collection: what each is, and what is in it.
fn add_groups(html: &mut String, document: &Value) {
    let linked: Vec<&Value> = list(&document["links"], "documents").collect();
    for group in list(&document["details"], "collection_groups") {
        if let Some(title) = text(group, "title") {
            html.push_str(&format!("<h2>{}</h2>", escape(title)));
        }
        add_body(html, None, group.get("body"));
        let ids: Vec<&str> = list(group, "documents").filter_map(Value::as_str).collect();
        let of_group = ids.iter().filter_map(|id| {
            let known = |linked: &&&Value| text(linked, "content_id") == Some(id);
            linked.iter().find(known)
        });
        let items: String = of_group.filter_map(|linked| link_item(linked)).collect();
        if !items.is_empty() {
            html.push_str(&format!("<ul>{items}</ul>"));
        }
    }
}

/// Returns another document as an item of a list.
fn link_item(linked: &Value) -> Option<String> {
    let title = text(linked, "title")?;
    let path = text(linked, "base_path").or_else(|| text(linked, "web_url"))?;
    Some(format!(
        "<li><a href=\"{}\">{}</a></li>",
        escape(path),
        escape(title)
    ))
}

/// Adds the questions of a smart answer with what may be answered, and its outcomes.
fn add_questions(html: &mut String, details: &Value) {
    for node in list(details, "nodes") {
        if let Some(title) = text(node, "title") {
            html.push_str(&format!("<h2>{}</h2>", escape(title)));
        }
        add_body(html, None, node.get("body"));
        let options: String = list(node, "options")
            .filter_map(|option| text(option, "label"))
            .map(|label| format!("<li>{}</li>", escape(label)))
            .collect();
        if !options.is_empty() {
            html.push_str(&format!("<ul>{options}</ul>"));
        }
    }
}

/// Adds how a consultation is answered.
fn add_ways_to_respond(html: &mut String, ways: &Value) {
    let mut items = String::new();
    if let Some(url) = text(ways, "link_url") {
        items.push_str(&format!(
            "<li><a href=\"{}\">Respond online</a></li>",
            escape(url)
        ));
    }
    if let Some(email) = text(ways, "email") {
        let email = escape(email);
        items.push_str(&format!(
            "<li>Email to: <a href=\"mailto:{email}\">{email}</a></li>"
        ));
    }
    if let Some(address) = text(ways, "postal_address") {
        let lines: Vec<String> = address.lines().map(|line| escape(line.trim())).collect();
        items.push_str(&format!("<li>Write to:<br>{}</li>", lines.join("<br>")));
    }
    if let Some(url) = text(ways, "attachment_url") {
        items.push_str(&format!(
            "<li><a href=\"{}\">Response form</a></li>",
            escape(url)
        ));
    }
    if !items.is_empty() {
        html.push_str(&format!("<h2>Ways to respond</h2><ul>{items}</ul>"));
    }
}

/// Returns what a document tells besides its text.
fn facts(document: &Value) -> PageFacts {
    let details = &document["details"];
    PageFacts {
        standfirst: text(document, "description").map(in_one_line),
        kind: kinds::name(text(document, "document_type").unwrap_or_default()),
        byline: byline(document),
        organisations: organisations(document),
        published: time(details, "first_public_at")
            .or_else(|| time(document, "first_published_at")),
        updated: time(document, "public_updated_at"),
        changes: changes(details),
        withdrawn: withdrawal(&document["withdrawn_notice"]),
        government: earlier_government(document),
        opens: time(details, "opening_date"),
        closes: time(details, "closing_date"),
    }
}

/// Returns who gave a speech or wrote an article.
fn byline(document: &Value) -> Option<String> {
    let spoken = matches!(
        text(document, "document_type"),
        Some("speech" | "authored_article" | "oral_statement" | "written_statement")
    );
    let links = &document["links"];
    let titles = |field| list(links, field).filter_map(|one| text(one, "title"));
    let names: Vec<&str> = titles("speaker").chain(titles("people")).collect();
    if names.is_empty() || !spoken {
        return None;
    }
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    Some(in_one_line(&once.join(", ")))
}

/// Returns the organisations that published a document, those first that lead.
fn organisations(document: &Value) -> Vec<String> {
    let leading: Vec<&str> = list(&document["details"], "emphasised_organisations")
        .filter_map(Value::as_str)
        .collect();
    let mut all: Vec<(bool, String)> = list(&document["links"], "organisations")
        .filter_map(|one| {
            let leads = text(one, "content_id").is_some_and(|id| leading.contains(&id));
            Some((!leads, in_one_line(text(one, "title")?)))
        })
        .collect();
    all.sort_by_key(|(follows, _)| *follows);
    all.into_iter().map(|(_, name)| name).collect()
}

/// Returns the change notes, the newest first, without that of the first publication.
fn changes(details: &Value) -> Vec<ChangeNote> {
    let mut changes: Vec<ChangeNote> = list(details, "change_history")
        .filter_map(|change| {
            Some(ChangeNote {
                at: time(change, "public_timestamp")?,
                note: in_one_line(&html::plain_text(text(change, "note")?)),
            })
        })
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    let is_first = |change: &ChangeNote| {
        let note = change.note.trim_end_matches('.');
        note.eq_ignore_ascii_case(FIRST_NOTE)
    };
    if changes.last().is_some_and(is_first) {
        changes.pop();
    }
    changes
}

/// Returns that a document was withdrawn. Its notice is there on many that were not, and empty.
fn withdrawal(notice: &Value) -> Option<Withdrawal> {
    let explanation = text(notice, "explanation");
    let at = time(notice, "withdrawn_at");
    if explanation.is_none() && at.is_none() {
        return None;
    }
    Some(Withdrawal {
        at,
        explanation: explanation.unwrap_or_default().to_owned(),
    })
}

/// Returns the government of a political document, where it isn't today's any more.
fn earlier_government(document: &Value) -> Option<String> {
    let details = &document["details"];
    if details.get("political").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let linked = list(&document["links"], "government").next();
    let (title, current) = match linked {
        Some(government) => (
            text(government, "title"),
            government["details"].get("current"),
        ),
        None => (
            text(&details["government"], "title"),
            details["government"].get("current"),
        ),
    };
    let is_over = current.and_then(Value::as_bool) == Some(false);
    title.filter(|_| is_over).map(in_one_line)
}

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
fn time(value: &Value, field: &str) -> Option<Timestamp> {
    text(value, field)?.trim().parse().ok()
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns text as it stands in HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
