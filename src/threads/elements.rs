//! Walking through a page, and what stands in it as words.

use url::Url;

use crate::html::{Dom, Element, Kind, NodeId};
use crate::model::text::{SafeText, in_one_line};

/// As many characters of what a site says are kept.
const MOST_WORDS: usize = 300;

/// As many bytes of a text are read for its words: a page may be nothing but white space.
const MOST_READ: usize = 16_384;

/// Visits each element below a node in the order of the page, in linear time and without a deep
/// stack. `visit` gets what was known above the element, and returns what is known inside it; none
/// where its inside is of no interest.
pub(super) fn walk<'a, S: Copy>(
    dom: &'a Dom,
    from: NodeId,
    state: S,
    mut visit: impl FnMut(NodeId, &'a Element, S) -> Option<S>,
) {
    let mut todo = vec![(from, state)];
    while let Some((id, state)) = todo.pop() {
        let inside = match dom.element(id) {
            Some(element) => visit(id, element, state),
            None => Some(state),
        };
        if let Some(inside) = inside {
            let children = dom.node(id).children.iter().rev();
            todo.extend(children.map(|child| (*child, inside)));
        }
    }
}

/// Returns the first element of which `is_meant` holds.
pub(super) fn first(dom: &Dom, mut is_meant: impl FnMut(&Element) -> bool) -> Option<NodeId> {
    let mut found = None;
    walk(dom, Dom::ROOT, (), |id, element, ()| {
        if found.is_none() && is_meant(element) {
            found = Some(id);
        }
        found.is_none().then_some(())
    });
    found
}

/// Returns the classes of an element.
pub(super) fn classes(element: &Element) -> impl Iterator<Item = &str> {
    let classes = element.attribute("class").unwrap_or_default();
    classes.split_ascii_whitespace()
}

/// Whether an element has a class.
pub(super) fn has_class(element: &Element, class: &str) -> bool {
    classes(element).any(|one| one == class)
}

/// Returns what stands in an element, as [`in_words`] does.
pub(super) fn words(dom: &Dom, id: NodeId) -> String {
    in_words(&text(dom, id))
}

/// Returns the text of an element as it is written, without scripts and styles.
pub(super) fn text(dom: &Dom, id: NodeId) -> String {
    let mut text = String::new();
    let mut todo = vec![id];
    while let Some(id) = todo.pop().filter(|_| text.len() < MOST_READ) {
        let node = dom.node(id);
        match &node.kind {
            Kind::Text(piece) => text.push_str(piece),
            Kind::Element(element) if is_no_text(element) => {}
            Kind::Element(element) => {
                if matches!(element.name(), "p" | "div" | "li" | "br" | "h1" | "h2") {
                    text.push(' ');
                }
                todo.extend(node.children.iter().rev());
            }
            Kind::Other => todo.extend(node.children.iter().rev()),
        }
    }
    text
}

/// Whether nothing in an element is said to a reader. A script's link leads back.
fn is_no_text(element: &Element) -> bool {
    let leads = element.attribute("href").unwrap_or_default();
    matches!(element.name(), "script" | "style" | "template") || leads.starts_with("javascript:")
}

/// Returns a text in one line that is safe for a terminal, cut after 300 characters.
pub(super) fn in_words(text: &str) -> String {
    let line = in_one_line(SafeText::line(text).as_str());
    let Some((end, _)) = line.char_indices().nth(MOST_WORDS) else {
        return line;
    };
    let kept = line.get(..end).unwrap_or_default();
    let whole: String = kept.chars().take(MOST_WORDS - 1).collect();
    format!("{}…", whole.trim_end())
}

/// Whether an address is at the very site of a page: of the same scheme, host and port. A site may
/// be more secure than the page was asked for, never less.
pub(super) fn is_at_site(page: &Url, address: &Url) -> bool {
    let is_same_port = match (page.scheme(), address.scheme()) {
        ("http", "https") => page.port() == address.port(),
        (scheme @ ("http" | "https"), other) => {
            scheme == other && page.port_or_known_default() == address.port_or_known_default()
        }
        _ => false,
    };
    is_same_port && page.host_str() == address.host_str()
}
