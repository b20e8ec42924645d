//! `ol`, `ul` and what may stand in them: which item has which marker.
//!
//! The rules are the HTML standard's (4.4.5 "The ol element", 4.4.8 "The li element"): `start`,
//! `reversed`, `type` and `value`. Also for items in boxes, for text between items and for lists
//! directly in lists, which no standard allows and pages have.

use super::blocks::{Builder, Context};
use super::media;
use super::parse::{Dom, Element, Kind, NodeId};
use crate::model::document::{Block, List, ListItem};

/// The marker of every list without numbers.
const BULLET: &str = "•";

/// How the numbers of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numerals {
    Decimal,
    Letters(Case),
    Roman(Case),
}

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
    /// Makes a list of an element's children; without an element, of items that stood in none. A
    /// list without anything to show is none.
    pub(crate) fn list_of(
        &mut self,
        element: Option<&Element>,
        children: &[NodeId],
        context: Context,
    ) -> Option<Block> {
        let dom = self.dom;
        let mut parts = Vec::new();
        gather(dom, children, None, &mut parts);
        let ordered = element.filter(|element| element.name() == "ol");
        let mut numbers = ordered.map(|element| Numbers::new(element, &parts));
        let mut start = None;
        let mut items: Vec<ListItem> = Vec::new();
        for part in &parts {
            match part.kind {
                PartKind::Item => {
                    let marker = match &mut numbers {
                        None => BULLET.to_owned(),
                        Some(numbers) => {
                            let (number, marker) = numbers.next(dom.element(part.id));
                            start.get_or_insert(number);
                            marker
                        }
                    };
                    let blocks = self.part(part, &dom.node(part.id).children, context);
                    items.push(ListItem { marker, blocks });
                }
                PartKind::Stray => {
                    let blocks = self.part(part, &[part.id], context);
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
        if numbers.is_none() {
            items.retain(|item| !item.blocks.is_empty());
        }
        (!items.is_empty()).then_some(Block::List(List { start, items }))
    }

    /// Makes blocks of a part of a list, inside the link that is around it.
    fn part(&mut self, part: &Part, nodes: &[NodeId], context: Context) -> Vec<Block> {
        match part.anchor.and_then(|anchor| self.dom.element(anchor)) {
            Some(anchor) => self.linked_container(anchor, nodes, context),
            None => self.container(nodes, context),
        }
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

/// Counts through an `ol`.
struct Numbers {
    next: i64,
    step: i64,
    numerals: Numerals,
}

impl Numbers {
    fn new(list: &Element, parts: &[Part]) -> Self {
        let reversed = list.attribute("reversed").is_some();
        let count = parts
            .iter()
            .filter(|part| part.kind == PartKind::Item)
            .count();
        let first = if reversed {
            i64::try_from(count).unwrap_or(i64::MAX)
        } else {
            1
        };
        Self {
            next: list
                .attribute("start")
                .and_then(parse_integer)
                .unwrap_or(first),
            step: if reversed { -1 } else { 1 },
            numerals: numerals(list).unwrap_or(Numerals::Decimal),
        }
    }

    /// Returns the number of the next item, and how it is written.
    fn next(&mut self, item: Option<&Element>) -> (i64, String) {
        let value = item
            .and_then(|item| item.attribute("value"))
            .and_then(parse_integer);
        let number = value.unwrap_or(self.next);
        self.next = number.saturating_add(self.step);
        let numerals = item.and_then(numerals).unwrap_or(self.numerals);
        (number, format!("{}.", write_number(number, numerals)))
    }
}

/// Reads `type`, or the style property that stands for it. HTML compares the whole value: with a
/// blank in it, it is none.
fn numerals(element: &Element) -> Option<Numerals> {
    match element.attribute("type") {
        Some("1") => return Some(Numerals::Decimal),
        Some("a") => return Some(Numerals::Letters(Case::Lower)),
        Some("A") => return Some(Numerals::Letters(Case::Upper)),
        Some("i") => return Some(Numerals::Roman(Case::Lower)),
        Some("I") => return Some(Numerals::Roman(Case::Upper)),
        _ => {}
    }
    let style = element.attribute("style")?.to_ascii_lowercase();
    let value = style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .find(|(property, _)| matches!(property.trim(), "list-style-type" | "list-style"))
        .map(|(_, value)| value)?;
    value.split_whitespace().find_map(|word| match word {
        "decimal" => Some(Numerals::Decimal),
        "lower-alpha" | "lower-latin" => Some(Numerals::Letters(Case::Lower)),
        "upper-alpha" | "upper-latin" => Some(Numerals::Letters(Case::Upper)),
        "lower-roman" => Some(Numerals::Roman(Case::Lower)),
        "upper-roman" => Some(Numerals::Roman(Case::Upper)),
        _ => None,
    })
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
        Numerals::Decimal => None,
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
