//! JSON Feed mended: what a strict reader stumbles over, such as numbers for ids.
//!
//! - here: fields
//! - `strict`: signs

mod strict;

use serde_json::{Map, Value, json};

use super::{FeedError, FeedProblem, Mend, OtherDocument};

/// The version that the parser is told.
const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// Fields that are texts, of the feed, its items and their attachments.
const TEXTS: &[&str] = &[
    "content_html",
    "content_text",
    "date_modified",
    "date_published",
    "description",
    "external_url",
    "favicon",
    "feed_url",
    "home_page_url",
    "icon",
    "id",
    "language",
    "mime_type",
    "name",
    "summary",
    "title",
    "url",
];

/// Returns the feed in the form that the standard asks for.
pub(crate) fn mend(text: &str, problems: &mut Vec<FeedProblem>) -> Result<String, FeedError> {
    let strict = strict::strict(text);
    let mut document: Value =
        serde_json::from_str(&strict.text).map_err(|error| FeedError::Malformed {
            reason: error.to_string(),
        })?;
    let no_feed = FeedError::NotAFeed {
        what: OtherDocument::Json,
    };
    let Some(feed) = document.as_object_mut() else {
        return Err(no_feed);
    };
    let named = feed
        .get("version")
        .and_then(Value::as_str)
        .is_some_and(|version| version.contains("jsonfeed"));
    let items: Vec<Value> = match feed.remove("items") {
        Some(Value::Array(items)) => items.into_iter().filter(Value::is_object).collect(),
        _ if named => Vec::new(),
        _ => return Err(no_feed),
    };
    let has_content = |item: &Value| {
        item.get("content_html")
            .or(item.get("content_text"))
            .is_some()
    };
    if !named && !items.iter().any(has_content) {
        return Err(no_feed);
    }

    mend_texts(feed);
    mend_people(feed);
    feed.insert("version".to_owned(), json!(VERSION));
    feed.entry("title").or_insert_with(|| json!(""));
    let items = items.into_iter().map(|mut item| {
        if let Some(item) = item.as_object_mut() {
            mend_item(item);
        }
        item
    });
    feed.insert("items".to_owned(), items.collect());
    problems.push(FeedProblem::once(Mend::Json));
    if strict.is_cut {
        problems.push(FeedProblem::once(Mend::CutShort));
    }
    Ok(document.to_string())
}

fn mend_item(item: &mut Map<String, Value>) {
    mend_texts(item);
    mend_people(item);
    if let Some(tags) = item.get_mut("tags") {
        match tags {
            Value::Array(tags) => tags.retain(Value::is_string),
            other => *other = json!([]),
        }
    }
    let Some(Value::Array(attachments)) = item.remove("attachments") else {
        return;
    };
    let attachments = attachments.into_iter().filter_map(|mut attachment| {
        let fields = attachment.as_object_mut()?;
        mend_texts(fields);
        fields.get("url")?;
        fields
            .entry("mime_type")
            .or_insert_with(|| json!("application/octet-stream"));
        if fields
            .get("size_in_bytes")
            .is_some_and(|size| !size.is_u64())
        {
            fields.remove("size_in_bytes");
        }
        Some(attachment)
    });
    item.insert("attachments".to_owned(), attachments.collect());
}

/// Makes texts of numbers, and drops what can't be one.
fn mend_texts(fields: &mut Map<String, Value>) {
    for name in TEXTS {
        let mended = match fields.get(*name) {
            None | Some(Value::String(_)) => continue,
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => None,
        };
        match mended {
            Some(text) => fields.insert((*name).to_owned(), Value::String(text)),
            None => fields.remove(*name),
        };
    }
}

/// Keeps the names of authors, in the one form that every reader takes.
fn mend_people(fields: &mut Map<String, Value>) {
    let mut people: Vec<Value> = Vec::new();
    people.extend(fields.remove("author"));
    if let Some(Value::Array(authors)) = fields.remove("authors") {
        people.extend(authors);
    }
    let names: Vec<Value> = people
        .iter()
        .filter_map(|person| {
            let name = person.as_str().or_else(|| person.get("name")?.as_str())?;
            // feed-rs cuts a byte off beside an e-mail address, whatever character it belongs to.
            let name = if name.is_ascii() {
                name.to_owned()
            } else {
                name.replace('@', " at ")
            };
            Some(json!({ "name": name }))
        })
        .collect();
    if !names.is_empty() {
        fields.insert("authors".to_owned(), Value::Array(names));
    }
}
