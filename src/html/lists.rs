//! `ol`, `ul` and what may stand in them: which item has which marker.
//!
//! The rules are the HTML standard's (4.4.5 "The ol element", 4.4.8 "The li element"): `start`,
//! `reversed`, `type` and `value`. Also for items in boxes, for text between items and for lists
//! directly in lists, which no standard allows and pages have.

use std::collections::HashMap;

use super::blocks::{Builder, Context};
use super::media;
use super::parse::{Dom, Element, Kind, NodeId};
use super::typed;
use crate::model::document::{Block, List, ListItem};

/// The marker of every list without numbers.
const BULLET: &str = "•";

/// How the numbers of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numerals {
    Decimal,
    Letters(Case),
    Roman(Case),
    /// Not at all: each item has a bullet.
    Bullet,
}

/// The numbers of all items of numbered lists that were met, and how they are written.
pub(crate) type Ordinals = HashMap<NodeId, (i64, String)>;

/// Small or capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
}

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
        let is_marked = list.is_none_or(|(_, element)| element.name() == "ol");
        let mut start = None;
        let mut items: Vec<ListItem> = Vec::new();
        for part in &parts {
            match part.kind {
                PartKind::Item => {
                    let ordinal = self.ordinals.remove(&part.id).filter(|_| is_marked);
                    let marker = match ordinal {
                        None => BULLET.to_owned(),
                        Some((number, marker)) => {
                            start.get_or_insert(number);
                            marker
                        }
                    };
                    let blocks = self.part(part, context);
                    items.push(ListItem { marker, blocks });
                }
                PartKind::Stray => {
                    let blocks = self.part(part, context);
                    if blocks.is_empty() {
                        continue;
                    }
                    match items.last_mut() {
                        // A list directly in a list belongs to the item before it.
                        Some(last) if matches!(blocks.as_slice(), [Block::List(_)]) => {
                            last.blocks.extend(blocks);
                        }
                        // Pieces of one stray text belong together.
                        Some(last) if last.marker.is_empty() => last.blocks.extend(blocks),
                        _ => items.push(ListItem {
                            marker: String::new(),
                            blocks,
                        }),
                    }
                }
            }
        }
        // Bullets without text are noise; numbers count.
        if start.is_none() {
            items.retain(|item| !item.blocks.is_empty());
        }
        let mut marked = List { start, items };
        if let Some((_, element)) = list {
            take_marks_off(element, &mut marked);
        }
        (!marked.items.is_empty()).then_some(Block::List(marked))
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

/// Reads the style property for the marks of a list, and `type`, which stands for it where it is
/// missing. HTML compares all of `type`: with a blank in it, it is none.
fn numerals(element: &Element) -> Option<Numerals> {
    let style = element.attribute("style").and_then(numerals_of_style);
    style.or_else(|| match element.attribute("type")? {
        "1" => Some(Numerals::Decimal),
        "a" => Some(Numerals::Letters(Case::Lower)),
        "A" => Some(Numerals::Letters(Case::Upper)),
        "i" => Some(Numerals::Roman(Case::Lower)),
        "I" => Some(Numerals::Roman(Case::Upper)),
        _ => None,
    })
}

/// Returns the `type` that stands for the style of an `ol` or `li`.
pub(crate) fn type_of_style(element: &Element) -> Option<&'static str> {
    if !matches!(element.name(), "ol" | "li") {
        return None;
    }
    match numerals_of_style(element.attribute("style")?)? {
        Numerals::Decimal => Some("1"),
        Numerals::Letters(Case::Lower) => Some("a"),
        Numerals::Letters(Case::Upper) => Some("A"),
        Numerals::Roman(Case::Lower) => Some("i"),
        Numerals::Roman(Case::Upper) => Some("I"),
        Numerals::Bullet => Some("disc"),
    }
}

/// Reads `list-style-type` or `list-style`, of several the last.
fn numerals_of_style(style: &str) -> Option<Numerals> {
    words_of_list_style(&style.to_ascii_lowercase())
        .filter_map(|word| match word {
            "decimal" => Some(Numerals::Decimal),
            "lower-alpha" | "lower-latin" => Some(Numerals::Letters(Case::Lower)),
            "upper-alpha" | "upper-latin" => Some(Numerals::Letters(Case::Upper)),
            "lower-roman" => Some(Numerals::Roman(Case::Lower)),
            "upper-roman" => Some(Numerals::Roman(Case::Upper)),
            "disc" | "circle" | "square" => Some(Numerals::Bullet),
            _ => None,
        })
        .last()
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
    if (is_plain || is_law) && !typed::adopt_markers(list) && is_law {
        list.start = None;
        for item in &mut list.items {
            item.marker.clear();
        }
    }
}

fn words_of_list_style(style: &str) -> impl Iterator<Item = &str> {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .filter(|(property, _)| matches!(property.trim(), "list-style-type" | "list-style"))
        .flat_map(|(_, value)| value.split(|c: char| c.is_ascii_whitespace() || c == '!'))
}

/// Reads an integer as HTML's "rules for parsing integers" do: what follows the digits is ignored.
/// What is too large for any list is no number.
fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    format!("{sign}{}", &digits[..end]).parse().ok()
}

/// Writes a number; outside of the range of letters or numerals it is decimal.
pub(crate) fn write_number(number: i64, numerals: Numerals) -> String {
    let letters = match numerals {
        Numerals::Decimal | Numerals::Bullet => None,
        Numerals::Letters(case) => letters(number).map(|text| (text, case)),
        Numerals::Roman(case) => roman(number).map(|text| (text, case)),
    };
    match letters {
        None => number.to_string(),
        Some((text, Case::Lower)) => text,
        Some((text, Case::Upper)) => text.to_ascii_uppercase(),
    }
}

/// a to z, then aa.
fn letters(number: i64) -> Option<String> {
    let mut rest = u64::try_from(number).ok().filter(|n| *n > 0)?;
    let mut text = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        text.push(char::from(b'a' + digit));
        rest = (rest - 1) / 26;
    }
    Some(text.iter().rev().collect())
}

/// 1 to 3999.
fn roman(number: i64) -> Option<String> {
    const STEPS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in STEPS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

/// Reads a small Roman numeral, written as one writes it today.
pub(crate) fn parse_roman(text: &str) -> Option<i64> {
    let value = |c| match c {
        b'm' => Some(1000),
        b'd' => Some(500),
        b'c' => Some(100),
        b'l' => Some(50),
        b'x' => Some(10),
        b'v' => Some(5),
        b'i' => Some(1),
        _ => None,
    };
    let mut total = 0;
    let mut last = 0;
    for byte in text.bytes().rev() {
        let value: i64 = value(byte)?;
        total += if value < last { -value } else { value };
        last = last.max(value);
    }
    (roman(total).as_deref() == Some(text)).then_some(total)
}
