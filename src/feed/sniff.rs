//! What a document is, by its own words: a feed of some kind, or something else.

use memchr::{memchr, memmem};

use super::ahead::Ahead;
use super::{FeedError, OtherDocument};

/// The family of a feed written in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90 and 1.0.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
}

/// A document that may be a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    /// JSON, from its first brace on.
    Json,
    /// XML whose root element begins at this byte.
    Xml {
        family: Family,
        root_at: usize,
        /// Whether something stands before it that is no part of a feed.
        junk: bool,
    },
}

/// How far into a document its root is looked for: scripts that print warnings before the feed
/// print a few lines, not a book.
const SEARCHED_BYTES: usize = 64 * 1024;

/// Elements that only a page for a browser begins with.
const PAGE_ELEMENTS: &[&str] = &[
    "body", "div", "h1", "head", "html", "meta", "p", "script", "style", "table", "title",
];

/// Finds out what a document is.
pub(crate) fn sniff(text: &str) -> Result<Document, FeedError> {
    let not = |what| Err(FeedError::NotAFeed { what });
    let start = text.trim_start_matches(is_blank);
    if start.is_empty() {
        return Err(FeedError::Empty);
    }
    match start.as_bytes().first() {
        Some(b'{') => return Ok(Document::Json),
        Some(b'[') => return not(OtherDocument::Json),
        _ => {}
    }

    let mut first_root = None;
    let mut junk = false;
    let mut ends = PrologEnds::new();
    let mut at = 0;
    while let Some(offset) = memchr(b'<', text.as_bytes().get(at..).unwrap_or_default()) {
        let before = text.get(at..at + offset).unwrap_or_default();
        junk |= !before.trim_matches(is_blank).is_empty();
        at += offset;
        if at > SEARCHED_BYTES {
            break;
        }
        let from = text.get(at..).unwrap_or_default();
        if let Some(end) = ends.after(text, at) {
            if starts_with_ignoring_case(from, "<!doctype html") && first_root.is_none() {
                return not(OtherDocument::HtmlPage);
            }
            at = end;
            continue;
        }
        let name = tag_name(from);
        let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
        let family = match local.as_str() {
            "rss" => Some(Family::Rss),
            "channel" if first_root.is_none() => Some(Family::Rss),
            "rdf" => Some(Family::Rdf),
            "feed" => Some(Family::Atom),
            "entry" if first_root.is_none() => Some(Family::Atom),
            _ => None,
        };
        if let Some(family) = family {
            return Ok(Document::Xml {
                family,
                root_at: at,
                junk: junk || first_root.is_some(),
            });
        }
        match local.as_str() {
            "" => {}
            "html" | "head" | "body" => return not(OtherDocument::HtmlPage),
            "opml" => return not(OtherDocument::Opml),
            "urlset" | "sitemapindex" => return not(OtherDocument::Sitemap),
            _ if first_root.is_none() => first_root = Some(name),
            _ => {}
        }
        at += 1;
    }
    if first_root.is_none() && has_json_feed(start) {
        return Ok(Document::Json);
    }

    match first_root {
        Some(root) if PAGE_ELEMENTS.contains(&root.to_ascii_lowercase().as_str()) => {
            not(OtherDocument::HtmlPage)
        }
        Some(root) => not(OtherDocument::OtherXml {
            root: root.to_owned(),
        }),
        None if start.starts_with("%PDF") || start.contains('\0') => not(OtherDocument::Binary),
        None => not(OtherDocument::PlainText),
    }
}

/// Whether a character before the root means nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}' || c == '\0'
}

/// Whether a JSON Feed stands behind other text: a warning, a comment, the name of a function.
fn has_json_feed(text: &str) -> bool {
    let head = text.as_bytes();
    let head = head
        .get(..head.len().min(SEARCHED_BYTES))
        .unwrap_or_default();
    memchr(b'{', head).is_some_and(|brace| {
        let inside = head.get(brace..).unwrap_or_default();
        memmem::find(inside, b"//jsonfeed.org/version/").is_some()
    })
}

/// Where declarations, comments and document types end.
struct PrologEnds {
    instruction: Ahead,
    comment: Ahead,
    sign: Ahead,
    subset: Ahead,
}

impl PrologEnds {
    fn new() -> Self {
        Self {
            instruction: Ahead::of("?>"),
            comment: Ahead::of("-->"),
            sign: Ahead::of(">"),
            subset: Ahead::of("]>"),
        }
    }

    /// Returns where the declaration, comment or document type ends that begins at `at`, or where
    /// to go on if it has no end; `at` never goes back.
    fn after(&mut self, text: &str, at: usize) -> Option<usize> {
        let from = text.get(at..).unwrap_or_default();
        if from.starts_with("<?") {
            let end = self.instruction.from(text, at);
            return Some(end.unwrap_or(at) + 2);
        }
        if from.starts_with("<!--") {
            let end = self.comment.from(text, at);
            return Some(end.map_or(at + 4, |end| end + 3));
        }
        if from.starts_with("<!") {
            let end = self.sign.from(text, at)?;
            let declaration = text.as_bytes().get(at..end).unwrap_or_default();
            // A document type may hold declarations of its own in brackets.
            if let Some(open) = memchr(b'[', declaration)
                && let Some(close) = self.subset.from(text, at + open)
            {
                return Some(close + 2);
            }
            return Some(end + 1);
        }
        None
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Returns the name of the tag that a text begins with; empty where it is none.
fn tag_name(from: &str) -> &str {
    let name = from.strip_prefix('<').unwrap_or(from);
    let end = name
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.')))
        .unwrap_or(name.len());
    name.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match sniff(text) {
            Ok(Document::Json) => "json".to_owned(),
            Ok(Document::Xml {
                family,
                root_at,
                junk,
            }) => {
                let root = text.get(root_at..).unwrap_or_default();
                format!("{family:?} {root}{}", if junk { " after junk" } else { "" })
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn feeds_are_known_by_their_root() {
        check("<rss>", "Rss <rss>");
        check("<RSS>", "Rss <RSS>");
        check(
            "\n\n<?xml version='1.0'?>\n<!-- <html> --><rdf:RDF>",
            "Rdf <rdf:RDF>",
        );
        check("<!DOCTYPE rss [<!ENTITY a '<feed>'>]><rss>", "Rss <rss>");
        check("<atom:feed>", "Atom <atom:feed>");
        check("<channel><title>", "Rss <channel><title>");
        check(" {}", "json");
    }

    #[test]
    fn junk_before_the_root_is_passed_over() {
        check(
            "Warning: x < y\n<br />\n<b>Notice</b>\n<?xml version='1.0'?><rss>",
            "Rss <rss> after junk",
        );
        check("<br />\n<rss>", "Rss <rss> after junk");
        check(
            "cb({\"version\": \"https://jsonfeed.org/version/1\"})",
            "json",
        );
        check("\u{feff}\0 <feed>", "Atom <feed>");
    }

    #[test]
    fn other_documents_are_named() {
        check("", "the server sent an empty document");
        check(
            "<!DOCTYPE html><rss>",
            "the server sent an HTML page, not a feed",
        );
        check(
            "<?xml version='1.0'?><html><feed>",
            "the server sent an HTML page, not a feed",
        );
        check(
            "<div>Not here</div>",
            "the server sent an HTML page, not a feed",
        );
        check(
            "<opml version='2.0'>",
            "the server sent an OPML list of feeds, not a feed",
        );
        check("<urlset>", "the server sent a sitemap, not a feed");
        check(
            "<Error><Code>",
            "the server sent an XML document (`Error`), not a feed",
        );
        check("[1]", "the server sent JSON without a feed, not a feed");
        check("Not found", "the server sent plain text, not a feed");
        check("%PDF-1.7", "the server sent a binary file, not a feed");
    }
}
