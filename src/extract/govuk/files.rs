//! The files that are attached to a document, as links in a list.

use std::collections::HashMap;

use dom_query::{Document, Selection};
use serde_json::Value;

use super::text::Text;
use super::values::{link, list, text as told};
use crate::html::escaped;
use crate::model::text::in_one_line;

/// Media types, and what a reader calls them.
const TYPES: [(&str, &str); 15] = [
    ("application/pdf", "PDF"),
    ("application/msword", "Word document"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word document",
    ),
    (
        "application/vnd.oasis.opendocument.text",
        "OpenDocument text",
    ),
    ("application/vnd.ms-excel", "Excel spreadsheet"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel spreadsheet",
    ),
    (
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "Excel spreadsheet",
    ),
    (
        "application/vnd.oasis.opendocument.spreadsheet",
        "OpenDocument spreadsheet",
    ),
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

/// Where the title of an attachment is in HTML that GOV.UK made of it.
const TITLES: [&str; 4] = [
    ".title a[href]",
    ".gem-c-attachment__title a[href]",
    ".attachment-details a[href]",
    "a[href]:not(.thumbnail)",
];

/// Where it says what kind of file it is.
const METADATA: &str = ".metadata, .gem-c-attachment__metadata";

/// Adds attached files as a list under a heading, and those in `pieces`, which is HTML that GOV.UK
/// made of one or more.
pub(super) fn add<'a>(
    text: &mut Text,
    heading: &str,
    files: &[&Value],
    pieces: impl Iterator<Item = &'a Value>,
) {
    let mut items: Vec<String> = files.iter().filter_map(|file| item(file)).collect();
    let mut others = Vec::new();
    for piece in pieces.filter_map(Value::as_str) {
        match items_of(piece) {
            Some(of_piece) => items.extend(of_piece),
            None if piece.trim().is_empty() => {}
            None => others.push(piece),
        }
    }
    if items.is_empty() && others.is_empty() {
        return;
    }
    text.heading(heading);
    text.list(&items);
    for other in others {
        text.html(other);
    }
}

/// Returns the attachments that a document names by their ids in one of its fields.
pub(super) fn named<'a>(details: &'a Value, field: &str) -> Vec<&'a Value> {
    let known = by_id(details);
    let ids = list(details, field).filter_map(Value::as_str);
    ids.filter_map(|id| known.get(id).copied()).collect()
}

/// Returns the attachments by what they may be called.
fn by_id(details: &Value) -> HashMap<&str, &Value> {
    let mut known = HashMap::new();
    for field in ["filename", "id"] {
        let files = list(details, "attachments");
        known.extend(files.filter_map(|file| Some((told(file, field)?, file))));
    }
    known
}

/// Returns an attachment as an item of a list.
fn item(file: &Value) -> Option<String> {
    let url = told(file, "url")?;
    let title = told(file, "title").or_else(|| told(file, "filename"));
    let mut facts = vec![link(url, &in_one_line(title.unwrap_or(url)))];
    if let Some(kind) = told(file, "content_type") {
        let known = TYPES.iter().find(|(media, _)| *media == kind);
        facts.push(escaped(known.map_or(kind, |(_, name)| name)));
    } else if told(file, "attachment_type") == Some("html") {
        facts.push("HTML".to_owned());
    }
    facts.extend(file.get("file_size").and_then(Value::as_u64).map(size));
    match file.get("number_of_pages").and_then(Value::as_u64) {
        None | Some(0) => {}
        Some(1) => facts.push("1 page".to_owned()),
        Some(pages) => facts.push(format!("{pages} pages")),
    }
    let numbers = [
        ("Ref: ", told(file, "unique_reference")),
        ("ISBN ", told(file, "isbn")),
        ("", told(file, "command_paper_number")),
        ("HC ", told(file, "hoc_paper_number")),
    ];
    for (before, number) in numbers {
        facts.extend(number.map(|number| format!("{before}{}", escaped(number))));
    }
    Some(facts.join(", "))
}

/// Returns the attachments in HTML that GOV.UK made of them, without their pictures and the offer of
/// another format; `None` for any other HTML.
fn items_of(piece: &str) -> Option<Vec<String>> {
    let piece = Document::fragment(piece);
    let files = piece.select("section.attachment, .gem-c-attachment");
    let items: Vec<String> = files.iter().filter_map(|file| item_of(&file)).collect();
    (!items.is_empty() && items.len() == files.length()).then_some(items)
}

fn item_of(file: &Selection) -> Option<String> {
    let title = TITLES
        .iter()
        .map(|title| file.select(title).first())
        .find(Selection::exists)?;
    let words = in_one_line(&title.text());
    let mut facts = vec![link(&title.attr("href")?, &words)];
    for paragraph in &file.select(METADATA) {
        let references = paragraph.select(".references");
        facts.push(escaped(&in_one_line(&references.text())));
        references.remove();
        let said = in_one_line(&paragraph.text());
        facts.push(escaped(&said.replace(" ,", ",")));
    }
    facts.retain(|fact| !fact.is_empty());
    Some(facts.join(", "))
}

/// Returns a size to three figures, as GOV.UK says it.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)];
    let Some((unit, worth)) = UNITS.iter().find(|(_, worth)| bytes >= *worth) else {
        return format!("{bytes} bytes");
    };
    let hundredths = (u128::from(bytes) * 100 + u128::from(worth / 2)) / u128::from(*worth);
    let figures = match hundredths {
        10_000.. => format!("{}", (hundredths + 50) / 100),
        1_000.. => decimal((hundredths + 5) / 10, 1),
        _ => decimal(hundredths, 2),
    };
    format!("{figures} {unit}")
}

/// Returns a number with so many decimal places, without naughts at its end.
fn decimal(number: u128, places: usize) -> String {
    let digits = format!("{number:0>width$}", width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let number = format!("{whole}.{part}");
    number
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// Marks that stand for an attachment, as its authors write them.
const MARKS: [&str; 3] = ["[Attachment:", "[AttachmentLink:", "[InlineAttachment:"];

/// Returns a document's text with links for marks of attachments that were left in it; `None` where
/// none were.
pub(super) fn put_in(details: &Value) -> Option<String> {
    let body = told(details, "body")?;
    let known = by_id(details);
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, mark, name, after)) = next_mark(rest) {
        out.push_str(before);
        match known.get(name).and_then(|file| item(file)) {
            Some(item) => out.push_str(&item),
            None => out.push_str(mark),
        }
        rest = after;
    }
    if rest.len() == body.len() {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

/// Splits at the first mark: what stands before it, the mark, what it names, and what follows.
fn next_mark(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut brackets = text.match_indices('[').map(|(at, _)| text.split_at(at));
    let (before, mark, start) = brackets.find_map(|(before, rest)| {
        let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
        Some((before, rest, mark.len()))
    })?;
    let (mark, after) = mark.split_at(mark.find(']')? + 1);
    let name = mark.get(start..)?.trim_end_matches(']').trim();
    Some((before, mark, name, after))
}
