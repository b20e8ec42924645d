//! The tree of a page: walked without recursion, and written as HTML again.

use crate::html::{self, Dom, Element, Kind, NodeId};
use crate::threads::elements::classes;

/// Elements that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose content is nobody's text.
const SILENT: [&str; 5] = ["script", "style", "template", "title", "textarea"];

/// A step of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A node begins.
    In(NodeId),
    /// It ends.
    Out(NodeId),
}

/// Goes through a node and all below it, in the document's order. What stands below a node for which
/// `visit` returns no is passed over.
pub(super) fn walk(tree: &Dom, from: NodeId, mut visit: impl FnMut(Step) -> bool) {
    let mut ahead = vec![Step::In(from)];
    while let Some(step) = ahead.pop() {
        let goes_on = visit(step);
        if let Step::In(id) = step {
            ahead.push(Step::Out(id));
            if goes_on {
                ahead.extend(tree.node(id).children.iter().rev().copied().map(Step::In));
            }
        }
    }
}

/// Whether an element has one of these classes.
pub(super) fn has_one_of(element: &Element, wanted: &[&str]) -> bool {
    classes(element).any(|class| wanted.contains(&class))
}

/// Returns the text below a node, at most about `most` bytes of it, without what `is_left_out` says.
pub(super) fn text(
    tree: &Dom,
    from: NodeId,
    most: usize,
    is_left_out: impl Fn(NodeId, &Element) -> bool,
) -> String {
    let mut text = String::new();
    walk(tree, from, |step| {
        let Step::In(id) = step else { return true };
        match &tree.node(id).kind {
            _ if text.len() >= most => false,
            Kind::Text(piece) => {
                text.push_str(piece);
                true
            }
            Kind::Element(element) => {
                let is_silent = SILENT.contains(&element.name());
                !(is_silent || id != from && is_left_out(id, element))
            }
            Kind::Other => true,
        }
    });
    text
}

/// Returns what stands in a node as HTML, without what `is_left_out` says and without scripts.
pub(super) fn inner_html(
    tree: &Dom,
    from: NodeId,
    is_left_out: impl Fn(NodeId, &Element) -> bool,
) -> String {
    let mut out = String::new();
    let is_silent = |id: NodeId, element: &Element| {
        SILENT.contains(&element.name()) || is_left_out(id, element)
    };
    walk(tree, from, |step| {
        match step {
            Step::In(id) | Step::Out(id) if id == from => return step == Step::In(id),
            Step::In(id) => match &tree.node(id).kind {
                Kind::Text(text) => out.push_str(&html::escaped(text)),
                Kind::Element(element) if is_silent(id, element) => return false,
                Kind::Element(element) => begin(element, &mut out),
                Kind::Other => {}
            },
            Step::Out(id) => {
                if let Some(element) = tree.element(id)
                    && !VOID.contains(&element.name())
                    && !is_silent(id, element)
                {
                    out.push_str("</");
                    out.push_str(element.name());
                    out.push('>');
                }
            }
        }
        true
    });
    out.trim().to_owned()
}

fn begin(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(element.name());
    for (name, value) in element.attributes() {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        out.push_str(&html::escaped(value));
        out.push('"');
    }
    out.push('>');
}
