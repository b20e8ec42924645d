//! The HTML that may be handed on: a list of what stays, everything else goes.
//!
//! Elements that say something about the text stay with the attributes that matter; of others only
//! what is inside stays; scripts, styles and what is hidden go with their contents. Links and
//! pictures become absolute. No control character survives, however it was written.

use url::Url;

use super::parse::{Dom, Element, Kind, NodeId};
use super::{media, numerals};
use crate::model::text::SafeText;

/// Deeper elements lose their tags but not their text.
const MAX_DEPTH: usize = 250;

/// Writes the safe part of a document.
pub(crate) fn sanitise(dom: &Dom, base: Option<&Url>) -> String {
    let mut writer = Writer {
        dom,
        base,
        out: String::new(),
        depth: 0,
    };
    writer.children(Dom::ROOT);
    writer.out.trim().to_owned()
}

/// Writes text without markup as HTML; its line breaks stay.
pub(crate) fn plain(text: &str) -> String {
    let text = SafeText::block(text);
    let mut out = String::new();
    for paragraph in text.as_str().split("\n\n") {
        if paragraph.trim().is_empty() {
            continue;
        }
        out.push_str("<p>");
        for (at, line) in paragraph.trim_matches('\n').split('\n').enumerate() {
            if at > 0 {
                out.push_str("<br>");
            }
            escape(line, &mut out);
        }
        out.push_str("</p>");
    }
    out
}

/// Returns the absolute address of a link, where it is one that may be opened: `http:`, `https:`
/// or `mailto:`.
pub(crate) fn resolve(address: &str, base: Option<&Url>) -> Option<String> {
    let address = address.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if address.is_empty() {
        return None;
    }
    let url = match (Url::parse(address), base) {
        (Ok(url), _) => url,
        (Err(_), Some(base)) => base.join(address).ok()?,
        (Err(_), None) if address.starts_with("//") => {
            Url::parse(&format!("https:{address}")).ok()?
        }
        (Err(_), None) => return None,
    };
    match url.scheme() {
        "http" | "https" => url.has_host().then(|| url.into()),
        "mailto" => Some(url.into()),
        _ => None,
    }
}

struct Writer<'a> {
    dom: &'a Dom,
    base: Option<&'a Url>,
    out: String,
    depth: usize,
}

impl Writer<'_> {
    fn children(&mut self, id: NodeId) {
        let dom = self.dom;
        for child in &dom.node(id).children {
            self.node(*child);
        }
    }

    fn node(&mut self, id: NodeId) {
        let dom = self.dom;
        match &dom.node(id).kind {
            Kind::Text(text) => self.text(text),
            Kind::Other => {}
            Kind::Element(_) if self.depth >= MAX_DEPTH => {
                let text = media::deep_text(dom, id);
                self.text(&text);
            }
            Kind::Element(element) if media::is_hidden(element) => {}
            Kind::Element(element) => {
                self.depth += 1;
                self.element(id, element);
                self.depth -= 1;
            }
        }
    }

    fn element(&mut self, id: NodeId, element: &Element) {
        let name = element.name();
        match name {
            "iframe" | "frame" | "video" | "audio" | "embed" => self.frame(id, element),
            "svg" | "math" => match media::drawing_words(self.dom, id, element) {
                Some(words) => self.text(&words),
                None => self.children(id),
            },
            _ if !is_kept(name) => self.children(id),
            _ => {
                self.out.push('<');
                self.out.push_str(name);
                let kind = numerals::type_of_style(element);
                for (attribute, value) in element.attributes() {
                    if kind.is_none() || attribute != "type" {
                        self.attribute(name, attribute, value);
                    }
                }
                if let Some(kind) = kind {
                    self.attribute(name, "type", kind);
                }
                self.out.push('>');
                if matches!(name, "br" | "hr" | "img" | "wbr" | "col") {
                    return;
                }
                self.children(id);
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let value = match (element, name) {
            ("a", "href") | ("blockquote" | "q", "cite") => resolve(value, self.base),
            ("img", "src") => {
                resolve(value, self.base).filter(|address| !address.starts_with("mailto:"))
            }
            _ if is_kept_attribute(element, name) => Some(value.to_owned()),
            _ => None,
        };
        if let Some(value) = value {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape(SafeText::line(&value).as_str(), &mut self.out);
            self.out.push('"');
        }
    }

    /// A frame, a film or a sound becomes a link.
    fn frame(&mut self, id: NodeId, element: &Element) {
        let dom = self.dom;
        let source = dom
            .node(id)
            .children
            .iter()
            .filter_map(|child| dom.element(*child))
            .find_map(|child| child.attribute("src"));
        let address = element.attribute("src").or(source);
        if let Some(url) = address.and_then(|address| resolve(address, self.base)) {
            self.out.push_str("<a href=\"");
            escape(&url, &mut self.out);
            self.out.push_str("\">");
            escape(&url, &mut self.out);
            self.out.push_str("</a>");
        }
    }

    fn text(&mut self, text: &str) {
        escape(SafeText::block(text).as_str(), &mut self.out);
    }
}

/// Adds plain text as it stands in HTML, in an attribute too.
pub(crate) fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match after.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        });
        rest = after.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

fn is_kept(name: &str) -> bool {
    const KEPT: &[&str] = &[
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ];
    KEPT.contains(&name)
}

fn is_kept_attribute(element: &str, name: &str) -> bool {
    match name {
        "title" | "lang" | "dir" => true,
        "alt" | "width" | "height" => element == "img",
        "start" | "reversed" => element == "ol",
        "type" => matches!(element, "ol" | "li"),
        "value" => element == "li",
        "colspan" | "rowspan" | "scope" => matches!(element, "td" | "th"),
        "span" => matches!(element, "col" | "colgroup"),
        "datetime" => matches!(element, "time" | "del" | "ins"),
        _ => false,
    }
}
