//! Elements of an article that the parser doesn't know, or not in this kind of feed: each stands in
//! for one that it knows.

use super::vocabulary::{Part, Word};
use crate::feed::sniff::Family;

/// What of an article an element may fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Its title.
    Title,
    /// Its summary.
    Summary,
    /// Its content.
    Content,
    /// Its guid.
    Guid,
}

impl Slot {
    /// Returns the slot that a known word fills.
    pub(crate) fn of(word: &str) -> Option<Self> {
        match word {
            "title" => Some(Self::Title),
            "description" | "summary" => Some(Self::Summary),
            "content:encoded" | "content" => Some(Self::Content),
            "guid" | "id" => Some(Self::Guid),
            _ => None,
        }
    }
}

/// Returns the word that an element of an article stands in for where that is missing.
pub(crate) fn stand_in(family: Family, prefix: &str, name: &str) -> Option<(Slot, Word)> {
    let is_atom = family == Family::Atom;
    let slot = match (prefix, name) {
        ("dc" | "media" | "itunes" | "atom", "title") => Slot::Title,
        ("dc" | "media" | "", "description") | ("itunes" | "atom" | "", "summary") => Slot::Summary,
        ("content", "encoded") | ("atom" | "", "content") | ("xhtml" | "", "body") => Slot::Content,
        ("dc", "identifier") | ("", "guid") | ("atom" | "", "id") => Slot::Guid,
        _ => return None,
    };
    let (name, part) = match slot {
        Slot::Title => ("title", Part::Text),
        Slot::Summary if is_atom => ("summary", Part::Text),
        Slot::Summary => ("description", Part::Text),
        Slot::Content if is_atom => ("content", Part::Text),
        Slot::Content => ("content:encoded", Part::Text),
        Slot::Guid if is_atom => ("id", Part::Value),
        // RSS 1.0 has no guid.
        Slot::Guid if family == Family::Rdf => return None,
        Slot::Guid => ("guid", Part::Value),
    };
    Some((slot, Word { name, part }))
}

/// What the pass reads out of an element of an article by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// When it was published; a lower rank is believed more.
    Published(u8),
    /// When it was updated.
    Updated(u8),
    /// Who wrote it.
    Byline,
    /// Where its page is.
    Link,
}

/// Returns what an element of an article says by its text.
pub(crate) fn aside(family: Family, prefix: &str, name: &str) -> Option<Aside> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match prefix {
        "" | "atom" => {
            if is("pubDate") || is("published") || is("issued") {
                Some(Aside::Published(0))
            } else if is("date") || is("created") {
                Some(Aside::Published(2))
            } else if is("updated") || is("modified") {
                Some(Aside::Updated(0))
            } else if is("author") {
                Some(Aside::Byline)
            } else if is("link") {
                Some(Aside::Link)
            } else {
                None
            }
        }
        "dc" if is("date") => Some(Aside::Published(1)),
        "dc" if is("creator") && family == Family::Atom => Some(Aside::Byline),
        "dcterms" if is("issued") => Some(Aside::Published(1)),
        "dcterms" if is("created") || is("date") => Some(Aside::Published(2)),
        "dcterms" if is("modified") => Some(Aside::Updated(1)),
        "prism" if is("publicationDate") => Some(Aside::Published(2)),
        "itunes" if is("author") => Some(Aside::Byline),
        "feedburner" if is("origLink") => Some(Aside::Link),
        _ => None,
    }
}
