//! The root element: version and namespaces as the parser wants them.

use std::collections::HashMap;

use memchr::memchr;
use url::Url;

use super::Mends;
use super::tags::{Tag, attributes, name_at, push_attribute};
use super::vocabulary::{
    ATOM_NAMESPACE, RSS_1_NAMESPACE, known_prefix, namespace_of, spelt_right, usual_prefix,
};
use crate::feed::Mend;
use crate::feed::sniff::Family;
use crate::feed::text::{Written, one_line};

/// Returns a root tag that runs into the next one.
pub(crate) fn torn(src: &str) -> Tag<'_> {
    let name = name_at(src, 1).unwrap_or_default();
    let inside = src.get(1..).unwrap_or_default();
    let bytes = memchr(b'<', inside.as_bytes()).map_or(src.len(), |end| end + 1);
    Tag {
        name,
        attributes: src.get(1 + name.len()..bytes).unwrap_or_default(),
        bytes,
        ends_itself: false,
        sound: false,
    }
}

/// Returns the prefix that the feed's own elements have, where they have one.
pub(crate) fn own_prefix<'a>(root: &Tag<'a>, family: Family) -> Option<&'a str> {
    match family {
        Family::Rss | Family::Atom => root.name.split_once(':').map(|(prefix, _)| prefix),
        Family::Rdf => attributes(root.attributes)
            .find(|(_, value)| spelt_right(value).unwrap_or(value) == RSS_1_NAMESPACE)
            .and_then(|(name, _)| name.strip_prefix("xmlns:")),
    }
}

/// Returns the prefixes that the root declares, and the usual ones of their namespaces.
pub(crate) fn declared_prefixes(text: &str) -> HashMap<&str, Option<&'static str>> {
    attributes(text)
        .filter_map(|(name, value)| {
            let prefix = name.strip_prefix("xmlns:")?;
            Some((prefix, usual_prefix(value).or(known_prefix(prefix))))
        })
        .collect()
}

/// Whether a value can be a base: an address, whole or in part.
pub(crate) fn is_base(value: &str) -> bool {
    matches!(
        Url::parse(&one_line(value, Written::Html)),
        Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase)
    )
}

/// Returns a root's name as the parser knows it.
pub(crate) fn emitted(name: &str, family: Family) -> &str {
    let local = name.rsplit(':').next().unwrap_or(name);
    match family {
        Family::Rss => "rss",
        Family::Rdf if name.eq_ignore_ascii_case("rdf:RDF") && name.starts_with("rdf:") => {
            "rdf:RDF"
        }
        // One with a prefix is bound to it.
        _ if local.len() < name.len() => name,
        Family::Rdf => "RDF",
        Family::Atom if local.eq_ignore_ascii_case("entry") => "entry",
        Family::Atom => "feed",
    }
}

/// Returns the namespace that a well-known prefix stands for, where the one declared is none that is
/// known.
fn trusted(name: &str, namespace: &str) -> Option<&'static str> {
    let prefix = name.strip_prefix("xmlns:")?;
    if usual_prefix(namespace).is_some() {
        return None;
    }
    known_prefix(prefix).and_then(namespace_of)
}

/// Returns the root's start tag as the parser wants it; None where it is right.
pub(crate) fn rewritten(
    root: &Tag<'_>,
    family: Family,
    undeclared: &[&str],
    mends: &mut Mends,
) -> Option<String> {
    let (prefix, local) = root.name.split_once(':').unwrap_or(("", root.name));
    let own_namespace = match family {
        Family::Rss => None,
        Family::Rdf => Some(RSS_1_NAMESPACE),
        Family::Atom => Some(ATOM_NAMESPACE),
    };
    let forgotten_root = family == Family::Rss && local.eq_ignore_ascii_case("channel");
    let name = emitted(root.name, family);
    let mut right = root.sound && root.name == name && undeclared.is_empty();

    let mut tag = format!("<{name}");
    let mut version = None;
    let mut default_namespace = None;
    for (name, value) in attributes(root.attributes) {
        match name {
            "version" => version = Some(value),
            "xmlns" => default_namespace = Some(value),
            "xml:base" if !is_base(value) => right = false,
            _ => {
                let own = family == Family::Atom && name.strip_prefix("xmlns:") == Some(prefix);
                let meant = if own {
                    Some(ATOM_NAMESPACE)
                } else {
                    spelt_right(value).or_else(|| trusted(name, value))
                };
                if name.starts_with("xmlns:")
                    && let Some(meant) = meant.filter(|meant| *meant != value)
                {
                    right = false;
                    mends.add(Mend::Namespace);
                    push_attribute(&mut tag, name, meant);
                } else {
                    push_attribute(&mut tag, name, value);
                }
            }
        }
    }
    if family == Family::Rss {
        if !matches!(version, Some("2.0" | "0.91" | "0.92")) {
            right = false;
            mends.add(Mend::Version);
        }
        push_attribute(&mut tag, "version", "2.0");
    }
    if default_namespace.is_some() && default_namespace != own_namespace {
        right = false;
        mends.add(Mend::Namespace);
    }
    if let Some(namespace) = own_namespace {
        push_attribute(&mut tag, "xmlns", namespace);
    }
    for prefix in undeclared {
        let namespace =
            namespace_of(prefix).map_or_else(|| format!("urn:none:{prefix}"), str::to_owned);
        push_attribute(&mut tag, &format!("xmlns:{prefix}"), &namespace);
    }
    tag.push_str(if root.ends_itself { "/>" } else { ">" });
    if forgotten_root {
        tag.push_str("<channel>");
    }
    (!right || forgotten_root).then_some(tag)
}
