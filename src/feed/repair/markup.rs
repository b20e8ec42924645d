//! Texts that hold markup as XML: Atom's XHTML, and HTML that nobody escaped.
//!
//! The parser gets them as one text in CDATA. It would write XHTML anew and turn `<br/>` into
//! two breaks; of unescaped HTML it would keep what stands before the first tag.

use memchr::{memchr, memmem};

use super::tags::{Found, Tag, attribute, name_at, start_tag};
use crate::feed::text::escape;

/// What the markup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whatever stands there, taken for HTML.
    Html,
    /// XHTML: prefixes and empty elements are written as HTML wants them.
    Xhtml,
}

/// How an Atom text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The parser reads it right.
    AsItIs,
    /// Plain text under another name.
    Plain,
    /// Escaped HTML under another name.
    Html,
    /// Markup in line.
    Inline,
    /// No text at all: a picture, an address.
    Drop,
}

impl Verdict {
    /// Returns the `type` that the parser is told.
    pub(crate) fn type_attribute(self) -> Option<&'static str> {
        match self {
            Self::Plain => Some("text"),
            Self::Html | Self::Inline => Some("html"),
            Self::AsItIs | Self::Drop => None,
        }
    }
}

/// Judges an Atom text by its `type` and, in Atom 0.3, its `mode`.
pub(crate) fn judge(tag: &Tag<'_>, name: &str) -> Verdict {
    if tag.attributes.is_empty() {
        return Verdict::AsItIs;
    }
    let is_content = name.ends_with("content");
    let written = attribute(tag.attributes, "type");
    let mode = attribute(tag.attributes, "mode");
    if is_content && (attribute(tag.attributes, "src").is_some() || mode == Some("base64")) {
        return Verdict::Drop;
    }
    let lower = written.map(|written| written.trim().to_ascii_lowercase());
    let html = lower
        .as_deref()
        .is_some_and(|written| written.contains("html"));
    match (mode, lower.as_deref()) {
        (Some("escaped"), _) if html => Verdict::Html,
        (Some("escaped"), _) => Verdict::Plain,
        (Some("xml"), _) if html => Verdict::Inline,
        (_, None) => Verdict::AsItIs,
        (_, Some("text" | "html")) if written == lower.as_deref() && mode.is_none() => {
            Verdict::AsItIs
        }
        (_, Some("xhtml")) => Verdict::Inline,
        (_, Some(kind)) if kind.contains("xhtml") => Verdict::Inline,
        (_, Some(_)) if html => Verdict::Html,
        (_, Some(kind)) if kind.ends_with("xml") => Verdict::Inline,
        (_, Some(kind)) if is_content && kind.contains('/') && !kind.starts_with("text/") => {
            Verdict::Drop
        }
        (_, Some(_)) => Verdict::Plain,
    }
}

/// Markup that was read.
pub(crate) struct Region {
    /// How many bytes of the source it takes.
    pub(crate) bytes: usize,
    /// It, as CDATA.
    pub(crate) cdata: String,
}

/// Elements that end a text which was never closed.
const OUTSIDE: &[&str] = &[
    "item",
    "entry",
    "channel",
    "rss",
    "feed",
    "RDF",
    "guid",
    "pubDate",
    "content:encoded",
    "dc:creator",
    "dc:date",
    "published",
    "updated",
    "id",
    "description",
    "content",
    "enclosure",
];

/// Elements that HTML never closes.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Reads markup up to the end of the element that it stands in.
pub(crate) fn read(text: &str, element: &str, kind: Kind) -> Region {
    let mut cdata = String::from("<![CDATA[");
    let mut depth = 0_usize;
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = memchr(b'<', text.as_bytes().get(at..).unwrap_or_default()) {
        at += offset;
        let from = text.get(at..).unwrap_or_default();
        if let Some(inside) = from.strip_prefix("<![CDATA[") {
            push(&mut cdata, text.get(copied..at).unwrap_or_default());
            let end = memmem::find(inside.as_bytes(), b"]]>");
            let inner = inside
                .get(..end.unwrap_or(inside.len()))
                .unwrap_or_default();
            push(&mut cdata, &escape(inner));
            at += 9 + inner.len() + if end.is_some() { 3 } else { 0 };
            copied = at;
            continue;
        }
        if from.starts_with("</") {
            let name = name_at(from, 2).unwrap_or_default();
            if name == element {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            } else if OUTSIDE.contains(&name) {
                break;
            } else if kind == Kind::Xhtml
                && let Some((_, local)) = name.split_once(':')
            {
                push(&mut cdata, text.get(copied..at).unwrap_or_default());
                cdata.push_str("</");
                cdata.push_str(local);
                copied = at + 2 + name.len();
            }
            at += 2;
            continue;
        }
        let tag = match start_tag(from) {
            Found::Tag(tag) => tag,
            Found::CutShort => {
                push(&mut cdata, text.get(copied..at).unwrap_or_default());
                copied = text.len();
                at = text.len();
                break;
            }
            Found::Sign => {
                at += 1;
                continue;
            }
        };
        if tag.name == element {
            depth += usize::from(!tag.ends_itself);
        } else if at > 0 && OUTSIDE.contains(&tag.name) {
            break;
        } else if kind == Kind::Xhtml && (tag.ends_itself || tag.name.contains(':')) {
            push(&mut cdata, text.get(copied..at).unwrap_or_default());
            write_as_html(&mut cdata, &tag);
            copied = at + tag.bytes;
        }
        at += tag.bytes;
    }
    if memchr(b'<', text.as_bytes().get(at..).unwrap_or_default()).is_none() {
        at = text.len();
    }
    push(&mut cdata, text.get(copied..at).unwrap_or_default());
    cdata.push_str("]]>");
    Region { bytes: at, cdata }
}

/// Appends text that stands in CDATA.
fn push(cdata: &mut String, text: &str) {
    let mut parts = text.split("]]>");
    cdata.push_str(parts.next().unwrap_or_default());
    for part in parts {
        cdata.push_str("]]&gt;");
        cdata.push_str(part);
    }
}

/// Appends a tag of XHTML without its prefix, and with an end where HTML wants one.
fn write_as_html(cdata: &mut String, tag: &Tag<'_>) {
    let local = tag.name.rsplit(':').next().unwrap_or(tag.name);
    cdata.push('<');
    cdata.push_str(local);
    push(cdata, tag.attributes.trim_end());
    cdata.push('>');
    if tag.ends_itself && !VOID.contains(&local) {
        cdata.push_str("</");
        cdata.push_str(local);
        cdata.push('>');
    }
}
