//! The words of feeds: elements, what may stand in them, namespaces.

use crate::feed::sniff::Family;

/// What part an element plays in a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It holds other elements.
    Frame,
    /// It is an article.
    Article,
    /// It holds a value and nothing else.
    Value,
    /// It holds the name or address of a person.
    Person,
    /// It holds a text that may be HTML.
    Text,
}

/// An element that a family of feeds knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The name that the parser knows it by.
    pub(crate) name: &'static str,
    /// What part it plays.
    pub(crate) part: Part,
}

const fn word(name: &'static str, part: Part) -> Word {
    Word { name, part }
}

/// The words of RSS (0.91 to 2.0, and 1.0 without its prefixed ones).
const RSS: &[Word] = &[
    word("item", Part::Article),
    word("title", Part::Text),
    word("link", Part::Value),
    word("description", Part::Text),
    word("pubDate", Part::Value),
    word("guid", Part::Value),
    word("category", Part::Value),
    word("author", Part::Person),
    word("comments", Part::Value),
    word("enclosure", Part::Value),
    word("source", Part::Value),
    word("rss", Part::Frame),
    word("RDF", Part::Frame),
    word("channel", Part::Frame),
    word("image", Part::Frame),
    word("textInput", Part::Frame),
    word("cloud", Part::Value),
    word("items", Part::Frame),
    word("skipHours", Part::Frame),
    word("skipDays", Part::Frame),
    word("hour", Part::Value),
    word("day", Part::Value),
    word("ttl", Part::Value),
    word("language", Part::Value),
    word("copyright", Part::Value),
    word("managingEditor", Part::Person),
    word("webMaster", Part::Person),
    word("lastBuildDate", Part::Value),
    word("generator", Part::Value),
    word("docs", Part::Value),
    word("rating", Part::Value),
    word("url", Part::Value),
];

/// The words of Atom 1.0.
const ATOM: &[Word] = &[
    word("entry", Part::Article),
    word("id", Part::Value),
    word("title", Part::Text),
    word("link", Part::Value),
    word("updated", Part::Value),
    word("published", Part::Value),
    word("summary", Part::Text),
    word("content", Part::Text),
    word("category", Part::Value),
    word("author", Part::Frame),
    word("name", Part::Value),
    word("email", Part::Value),
    word("uri", Part::Value),
    word("contributor", Part::Frame),
    word("rights", Part::Text),
    word("subtitle", Part::Text),
    word("feed", Part::Frame),
    word("source", Part::Frame),
    word("generator", Part::Value),
    word("icon", Part::Value),
    word("logo", Part::Value),
];

/// Words of Atom 0.3 and of RSS, and what they are called in Atom 1.0.
const ATOM_0_3: &[(&str, Word)] = &[
    ("issued", word("published", Part::Value)),
    ("modified", word("updated", Part::Value)),
    ("tagline", word("subtitle", Part::Text)),
    ("copyright", word("rights", Part::Text)),
    ("url", word("uri", Part::Value)),
    ("item", word("entry", Part::Article)),
];

/// Atom's word for an article, found in RSS now and then.
const RSS_OTHERS: &[(&str, Word)] = &[("entry", word("item", Part::Article))];

/// Words with a prefix that every family may use: prefix, local name, word.
const PREFIXED: &[(&str, &str, Word)] = &[
    ("content", "encoded", word("content:encoded", Part::Text)),
    ("dc", "creator", word("dc:creator", Part::Person)),
    ("dc", "date", word("dc:date", Part::Value)),
    ("wfw", "commentRss", word("wfw:commentRss", Part::Value)),
    ("slash", "comments", word("slash:comments", Part::Value)),
    ("thr", "total", word("thr:total", Part::Value)),
    ("thr", "in-reply-to", word("thr:in-reply-to", Part::Value)),
];

/// Returns the word that an element's name stands for, whatever its capitals; `prefix` is the usual
/// one of its namespace.
pub(crate) fn lookup(family: Family, prefix: &str, name: &str) -> Option<Word> {
    if !prefix.is_empty() {
        // Atom's parser knows its own content only.
        if family == Family::Atom && prefix == "content" {
            return None;
        }
        return PREFIXED
            .iter()
            .find(|(known, local, _)| *known == prefix && local.eq_ignore_ascii_case(name))
            .map(|(_, _, word)| *word);
    }
    let words = if family == Family::Atom { ATOM } else { RSS };
    if let Some(word) = words.iter().find(|word| word.name == name) {
        return Some(*word);
    }
    let others = if family == Family::Atom {
        ATOM_0_3
    } else {
        RSS_OTHERS
    };
    if let Some((_, word)) = others.iter().find(|(other, _)| *other == name) {
        return Some(*word);
    }
    words
        .iter()
        .find(|word| word.name.eq_ignore_ascii_case(name))
        .copied()
}

/// Atom's namespace.
pub(crate) const ATOM_NAMESPACE: &str = "http://www.w3.org/2005/Atom";

/// The namespace of RSS 1.0.
pub(crate) const RSS_1_NAMESPACE: &str = "http://purl.org/rss/1.0/";

/// Prefixes as everybody uses them.
const NAMESPACES: &[(&str, &str)] = &[
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("wfw", "http://wellformedweb.org/CommentAPI/"),
    ("podcast", "https://podcastindex.org/namespace/1.0"),
    ("atom", ATOM_NAMESPACE),
    ("atom10", ATOM_NAMESPACE),
    ("a10", ATOM_NAMESPACE),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rss", RSS_1_NAMESPACE),
    ("slash", "http://purl.org/rss/1.0/modules/slash/"),
    ("thr", "http://purl.org/syndication/thread/1.0"),
    ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("prism", "http://prismstandard.org/namespaces/basic/2.0/"),
    ("feedburner", "http://rssnamespace.org/feedburner/ext/1.0"),
];

/// Other spellings of namespaces, without scheme and last slash, in lower case.
const MISSPELT: &[(&str, &str)] = &[
    ("purl.org/atom/ns#", ATOM_NAMESPACE),
    ("purl.org/atom/ns", ATOM_NAMESPACE),
    ("my.netscape.com/rdf/simple/0.9", RSS_1_NAMESPACE),
    ("channel.netscape.com/rdf/simple/0.9", RSS_1_NAMESPACE),
    (
        "purl.org/dc/elements/1.0",
        "http://purl.org/dc/elements/1.1/",
    ),
];

/// Returns the usual prefix of a namespace, in whatever spelling.
pub(crate) fn usual_prefix(namespace: &str) -> Option<&'static str> {
    let namespace = spelt_right(namespace).unwrap_or(namespace);
    NAMESPACES
        .iter()
        .find(|(_, known)| *known == namespace)
        .map(|(prefix, _)| *prefix)
}

/// Returns a prefix as everybody writes it, where it is one of feeds.
pub(crate) fn known_prefix(prefix: &str) -> Option<&'static str> {
    NAMESPACES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(prefix))
        .and_then(|(_, namespace)| usual_prefix(namespace))
}

/// Returns the namespace that everybody means by a prefix.
pub(crate) fn namespace_of(prefix: &str) -> Option<&'static str> {
    NAMESPACES
        .iter()
        .find(|(known, _)| *known == prefix)
        .map(|(_, namespace)| *namespace)
}

/// Whether a prefix is one of feeds: an element with it ends a text that was left open.
pub(crate) fn is_feed_prefix(prefix: &str) -> bool {
    namespace_of(prefix).is_some()
}

/// Returns the namespace that a spelling means; None where the spelling is right or unknown.
pub(crate) fn spelt_right(namespace: &str) -> Option<&'static str> {
    let known = |found: &(&str, &'static str)| found.1 == namespace;
    if NAMESPACES.iter().any(known) {
        return None;
    }
    let short = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        let text = text
            .strip_prefix("http://")
            .or(text.strip_prefix("https://"))
            .unwrap_or(&text);
        text.trim_end_matches('/').to_owned()
    };
    let wanted = short(namespace);
    let misspelt = MISSPELT.iter().find(|(spelling, _)| *spelling == wanted);
    let same = || NAMESPACES.iter().find(|(_, right)| short(right) == wanted);
    misspelt.or_else(same).map(|(_, right)| *right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_whatever_their_capitals() {
        let name = |family, name| lookup(family, "", name).map(|word| word.name);
        assert_eq!(name(Family::Rss, "pubDate"), Some("pubDate"));
        assert_eq!(name(Family::Rss, "PUBDATE"), Some("pubDate"));
        assert_eq!(name(Family::Atom, "issued"), Some("published"));
        let encoded = lookup(Family::Rss, "content", "Encoded");
        assert_eq!(encoded.map(|word| word.name), Some("content:encoded"));
        assert_eq!(name(Family::Rss, "span"), None);
    }

    #[test]
    fn namespaces_are_known_in_other_spellings() {
        assert_eq!(
            spelt_right("http://search.yahoo.com/mrss"),
            Some("http://search.yahoo.com/mrss/")
        );
        assert_eq!(spelt_right("http://search.yahoo.com/mrss/"), None);
        assert_eq!(
            spelt_right("https://www.w3.org/2005/Atom"),
            Some(ATOM_NAMESPACE)
        );
        assert_eq!(
            spelt_right("http://purl.org/atom/ns#"),
            Some(ATOM_NAMESPACE)
        );
        assert_eq!(
            spelt_right("http://www.itunes.com/DTDs/Podcast-1.0.dtd"),
            Some("http://www.itunes.com/dtds/podcast-1.0.dtd")
        );
        assert_eq!(spelt_right("urn:x"), None);
    }
}
