//! The files that are attached to a document, as a list of links.

use serde_json::Value;

use super::govuk::{escape, list, text};

/// Media types, and what a reader calls them.
const TYPES: [(&str, &str); 14] = [
    ("application/pdf", "PDF"),
    ("application/msword", "Word document"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word document",
    ),
    ("application/vnd.oasis.opendocument.text", "ODT"),
    ("application/vnd.ms-excel", "Excel spreadsheet"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel spreadsheet",
    ),
    ("application/vnd.oasis.opendocument.spreadsheet", "ODS"),
    ("application/vnd.ms-powerpoint", "PowerPoint presentation"),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint presentation",
    ),
    ("application/zip", "ZIP"),
    ("text/csv", "CSV"),
    ("text/plain", "plain text"),
    ("text/html", "HTML"),
    ("application/rtf", "RTF"),
];

/// Adds a list of attached files under a heading: those among `attachments` that `names` name by
/// their id, or all where nothing is named. Then the ready-made pieces of HTML in `documents`.
pub(super) fn add(html: &mut String, heading: &str, attachments: &[&Value], documents: &[&Value]) {
    let items: String = attachments.iter().filter_map(|file| item(file)).collect();
    let pieces: String = documents
        .iter()
        .filter_map(|piece| piece.as_str())
        .collect();
    if items.is_empty() && pieces.trim().is_empty() {
        return;
    }
    html.push_str(&format!("<h2>{heading}</h2>"));
    if !items.is_empty() {
        html.push_str(&format!("<ul>{items}</ul>"));
    }
    html.push_str(&pieces);
}

/// Returns the attachments that a document names by their ids in one of its fields.
pub(super) fn named<'a>(details: &'a Value, field: &str) -> Vec<&'a Value> {
    let ids: Vec<&str> = list(details, field).filter_map(Value::as_str).collect();
    let all = list(details, "attachments");
    all.filter(|file| ids.contains(&text(file, "id").unwrap_or_default()))
        .collect()
}

/// Returns an attachment as an item of a list.
fn item(file: &Value) -> Option<String> {
    let url = text(file, "url")?;
    let title = text(file, "title").or_else(|| text(file, "filename"));
    let mut facts = Vec::new();
    if let Some(kind) = text(file, "content_type") {
        let known = TYPES.iter().find(|(media, _)| *media == kind);
        facts.push(known.map_or(kind, |(_, name)| name).to_owned());
    } else if text(file, "attachment_type") == Some("html") {
        facts.push("HTML".to_owned());
    }
    if let Some(bytes) = file.get("file_size").and_then(Value::as_u64) {
        facts.push(size(bytes));
    }
    match file.get("number_of_pages").and_then(Value::as_u64) {
        None | Some(0) => {}
        Some(1) => facts.push("1 page".to_owned()),
        Some(pages) => facts.push(format!("{pages} pages")),
    }
    let mut item = format!(
        "<li><a href=\"{}\">{}</a>",
        escape(url),
        escape(title.unwrap_or(url))
    );
    if !facts.is_empty() {
        item.push_str(&format!(", {}", escape(&facts.join(", "))));
    }
    let numbers = [
        ("Ref: ", text(file, "unique_reference")),
        ("ISBN ", text(file, "isbn")),
        ("", text(file, "command_paper_number")),
        ("HC ", text(file, "hoc_paper_number")),
    ];
    for (before, number) in numbers {
        if let Some(number) = number {
            item.push_str(&format!(", {before}{}", escape(number)));
        }
    }
    item.push_str("</li>");
    Some(item)
}

/// Returns a size as GOV.UK says it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
