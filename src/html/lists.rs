//! `ol`, `ul` and what may stand in them: which item has which marker.
//!
//! The rules are the HTML standard's (4.4.5 "The ol element", 4.4.8 "The li element"): `start`,
//! `reversed`, `type` and `value`. Also for items in boxes, for text between items and for lists
//! directly in lists, which no standard allows and pages have.

use std::collections::HashMap;

use super::blocks::{Builder, Context};
use super::media;
use super::numerals::{Numerals, numerals, parse_integer, words_of_list_style, write_number};
use super::parse::{Dom, Element, Kind, NodeId};
use super::typed;
use crate::model::document::{Block, List, ListItem};

/// The marker of every list without numbers.
const BULLET: &str = "•";

/// The numbers of all items of numbered lists that were met, and how they are written.
pub(crate) type Ordinals = HashMap<NodeId, (i64, String)>;

/// What stands in a list.
struct Part {
    id: NodeId,
    kind: PartKind,
    /// The link around it, which no standard allows.
    anchor: Option<NodeId>,
}

/// An `li` or something else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Item,
    Stray,
}

impl Builder<'_> {
    /// Makes a list of the children of an element `list`; without one, of items that stood in none.
    /// A list without anything to show is none.
    pub(crate) fn list_of(
        &mut self,
        list: Option<(NodeId, &Element)>,
        children: &[NodeId],
        context: Context,
    ) -> Option<Block> {
        let dom = self.dom;
        let mut parts = Vec::new();
        gather(dom, children, None, &mut parts);
        let ordered = list.filter(|(_, element)| element.name() == "ol");
        if let Some((id, element)) = ordered {
            number_items(dom, id, element, &mut self.ordinals);
        }
        let is_numbered = list.is_none_or(|(_, element)| element.name() == "ol");
        let mut found = self.items(&parts, is_numbered, context);
        // Bullets without text are noise; numbers count.
        if found.start.is_none() {
            found.items.retain(|item| !item.blocks.is_empty());
        }
        if let Some((_, element)) = list {
            take_marks_off(element, &mut found);
        }
        (!found.items.is_empty()).then_some(Block::List(found))
    }

    /// Makes items of the parts of a list, numbered or with bullets.
    fn items(&mut self, parts: &[Part], is_numbered: bool, context: Context) -> List {
        let mut start = None;
        let mut items: Vec<ListItem> = Vec::new();
        for part in parts {
            // Looked up before the part is read: a list in it has numbers of its own.
            let ordinal = self.ordinals.remove(&part.id).filter(|_| is_numbered);
            let blocks = self.part(part, context);
            match (part.kind, items.last_mut()) {
                (PartKind::Item, _) => {
                    let marker = match ordinal {
                        None => BULLET.to_owned(),
                        Some((number, marker)) => {
                            start.get_or_insert(number);
                            marker
                        }
                    };
                    items.push(ListItem { marker, blocks });
                }
                (PartKind::Stray, _) if blocks.is_empty() => {}
                // A list directly in a list belongs to the item before it, and pieces of one
                // stray text belong together.
                (PartKind::Stray, Some(before))
                    if before.marker.is_empty()
                        || matches!(blocks.as_slice(), [Block::List(_)]) =>
                {
                    before.blocks.extend(blocks);
                }
                (PartKind::Stray, _) => items.push(ListItem {
                    marker: String::new(),
                    blocks,
                }),
            }
        }
        List { start, items }
    }

    /// Makes blocks of a part of a list, inside the link that is around it.
    fn part(&mut self, part: &Part, context: Context) -> Vec<Block> {
        let outer = part
            .anchor
            .and_then(|anchor| self.dom.element(anchor))
            .and_then(|anchor| self.link_address(anchor))
            .map(|url| self.open_link(url));
        let mut blocks = match part.kind {
            PartKind::Item => self.contents(part.id, context),
            PartKind::Stray => self.container(&[part.id], context),
        };
        if let Some(outer) = outer {
            self.close_link(outer, &mut blocks);
        }
        blocks
    }
}

/// Collects the items of a list, also those inside other elements.
fn gather(dom: &Dom, nodes: &[NodeId], anchor: Option<NodeId>, parts: &mut Vec<Part>) {
    for &id in nodes {
        let node = dom.node(id);
        let mut add = |kind| parts.push(Part { id, kind, anchor });
        match &node.kind {
            Kind::Element(element) if media::is_hidden(element) => {}
            Kind::Element(element) if element.name() == "li" => add(PartKind::Item),
            Kind::Element(element) if !is_list(element.name()) && has_items(dom, id) => {
                let anchor = (element.name() == "a").then_some(id).or(anchor);
                gather(dom, &node.children, anchor, parts);
            }
            Kind::Element(_) => add(PartKind::Stray),
            Kind::Text(text) if !text.trim().is_empty() => add(PartKind::Stray),
            Kind::Text(_) | Kind::Other => {}
        }
    }
}

/// Whether items of the list around it are inside an element.
fn has_items(dom: &Dom, id: NodeId) -> bool {
    dom.node(id)
        .children
        .iter()
        .any(|child| match dom.name(*child) {
            "li" => true,
            "" => false,
            // Their items are their own.
            name => !is_list(name) && name != "table" && has_items(dom, *child),
        })
}

fn is_list(name: &str) -> bool {
    matches!(name, "ol" | "ul" | "menu" | "dir")
}

/// Counts through an `ol`: the items that it owns are all those below it that are in no list
/// between, also those in a quote or a table cell (HTML, "list owner"). An item that takes no room
/// has no number; one that takes room and can't be seen has one.
fn number_items(dom: &Dom, id: NodeId, list: &Element, ordinals: &mut Ordinals) {
    let mut owned = Vec::new();
    let mut todo = vec![id];
    while let Some(node) = todo.pop() {
        let Some(element) = dom.element(node).filter(|_| node != id) else {
            todo.extend(dom.node(node).children.iter().rev());
            continue;
        };
        let is_owner = matches!(element.name(), "ol" | "ul" | "menu");
        if is_owner || !media::takes_room(element) {
            continue;
        }
        if element.name() == "li" {
            owned.push((node, element));
        }
        todo.extend(dom.node(node).children.iter().rev());
    }
    let reversed = list.attribute("reversed").is_some();
    let first = if reversed {
        i64::try_from(owned.len()).unwrap_or(i64::MAX)
    } else {
        1
    };
    let start = list.attribute("start").and_then(parse_integer);
    let mut next = start.unwrap_or(first);
    let numerals_of_list = numerals(list).unwrap_or(Numerals::Decimal);
    for (node, item) in owned {
        let value = item.attribute("value").and_then(parse_integer);
        let number = value.unwrap_or(next);
        next = number.saturating_add(if reversed { -1 } else { 1 });
        let marker = match numerals(item).unwrap_or(numerals_of_list) {
            Numerals::Bullet => BULLET.to_owned(),
            numerals => format!("{}.", write_number(number, numerals)),
        };
        ordinals.insert(node, (number, marker));
    }
}

/// Gives a list that wants no marks those that were typed before its items. Without any it keeps
/// its own, as a page that takes them off mostly has a style sheet that puts others there; not so
/// GOV.UK's lists out of laws, whose authors type every number.
fn take_marks_off(element: &Element, list: &mut List) {
    let style = element.attribute("style").unwrap_or_default();
    let is_plain = words_of_list_style(&style.to_ascii_lowercase()).any(|word| word == "none");
    let mut classes = element
        .attribute("class")
        .unwrap_or_default()
        .split_whitespace();
    let is_law = classes.any(|class| class == "legislative-list");
    if !is_plain && !is_law {
        return;
    }
    let has_typed_marks = typed::adopt_markers(list);
    if is_law && !has_typed_marks {
        list.start = None;
        for item in &mut list.items {
            item.marker.clear();
        }
    }
}
