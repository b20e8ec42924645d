//! The text of a document as it grows.

use serde_json::Value;

use super::values::text;
use crate::html::escaped;

/// HTML, put together part by part. What is empty adds nothing, nor does its heading.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    /// Returns the whole.
    pub(super) fn into_html(self) -> String {
        self.0
    }

    /// How long it is up to now, in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a link to an address, or the address itself, is in it.
    pub(super) fn has(&self, url: &str) -> bool {
        self.0.contains(url) || self.0.contains(&escaped(url))
    }

    /// Adds a heading.
    pub(super) fn heading(&mut self, words: &str) {
        self.0.push_str(&format!("<h2>{}</h2>\n", escaped(words)));
    }

    /// Adds a paragraph of HTML.
    pub(super) fn paragraph(&mut self, html: &str) {
        self.0.push_str(&format!("<p>{html}</p>\n"));
    }

    /// Adds a list whose items are HTML.
    pub(super) fn list(&mut self, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.0.push_str("<ul>");
        for item in items {
            self.0.push_str(&format!("<li>{item}</li>"));
        }
        self.0.push_str("</ul>\n");
    }

    /// Adds a text of the document.
    pub(super) fn body(&mut self, body: Option<&Value>) {
        if let Some(html) = body.and_then(html_of) {
            self.html(&html);
        }
    }

    /// Adds a text of the document under a heading.
    pub(super) fn body_under(&mut self, heading: Option<&str>, body: Option<&Value>) {
        let Some(html) = body.and_then(html_of) else {
            return;
        };
        if let Some(heading) = heading {
            self.heading(heading);
        }
        self.html(&html);
    }

    /// Adds HTML, closed by itself: nothing that it leaves open reaches what follows.
    pub(super) fn html(&mut self, html: &str) {
        self.0.push_str(&format!("<div>{html}</div>\n"));
    }
}

/// Returns a text as HTML: it may be HTML, plain, or a list of the same in several forms.
fn html_of(body: &Value) -> Option<String> {
    match body {
        Value::String(body) => says(body).map(with_paragraphs),
        Value::Array(forms) => {
            let in_html = |form: &&Value| text(form, "content_type") == Some("text/html");
            if let Some(html) = forms.iter().find(in_html) {
                return text(html, "content").map(str::to_owned);
            }
            let plain = forms.iter().find_map(|form| text(form, "content"))?;
            Some(with_paragraphs(&escaped(plain)))
        }
        _ => None,
    }
}

fn says(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

/// Returns HTML as it is, and text without tags in paragraphs.
fn with_paragraphs(body: &str) -> String {
    if body.contains('<') {
        return body.to_owned();
    }
    let body = body.replace("\r\n", "\n");
    let parts = body.split("\n\n").filter_map(says);
    parts
        .map(|part| format!("<p>{}</p>", part.trim().replace('\n', "<br>")))
        .collect()
}
