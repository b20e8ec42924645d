//! What isn't text: pictures, films and frames become a line with a link; the hidden is left out.

use super::blocks::{Builder, Context};
use super::flow::Flow;
use super::links::number_style;
use super::parse::{Dom, Element, Kind, NodeId};
use crate::model::document::{Block, Inline, Span, Style};
use crate::model::text::SafeText;

/// Whether nothing of an element is shown: never-shown elements, `hidden`, and the two style
/// properties that hide.
pub(crate) fn is_hidden(element: &Element) -> bool {
    !takes_room(element)
        || has_style(element, "visibility", |value| {
            matches!(value, "hidden" | "collapse")
        })
}

/// Whether a browser gives an element a box, though it may not show it.
pub(crate) fn takes_room(element: &Element) -> bool {
    let is_closed = element.name() == "dialog" && element.attribute("open").is_none();
    !(is_dropped(element.name())
        || is_closed
        || element.attribute("hidden").is_some()
        || has_style(element, "display", |value| value == "none"))
}

/// Whether a style property of an element has a value of which `is_meant` holds.
pub(crate) fn has_style(element: &Element, wanted: &str, is_meant: fn(&str) -> bool) -> bool {
    let declarations = element.attribute("style").unwrap_or_default().split(';');
    let mut declarations = declarations.filter_map(|declaration| declaration.split_once(':'));
    declarations.any(|(property, value)| {
        let value = value.split('!').next().unwrap_or_default();
        property.trim().eq_ignore_ascii_case(wanted) && is_meant(&value.trim().to_ascii_lowercase())
    })
}

/// Whether an element is never shown.
pub(crate) fn is_dropped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "head"
            | "title"
            | "template"
            | "select"
            | "option"
            | "datalist"
            | "textarea"
            | "button"
            | "input"
            | "meta"
            | "link"
            | "base"
            | "param"
            | "source"
            | "track"
            | "area"
            | "noframes"
            | "noembed"
            | "annotation"
            | "annotation-xml"
    )
}

/// Returns all text below a node that is nested too deep to be walked.
pub(crate) fn deep_text(dom: &Dom, id: NodeId) -> String {
    let mut text = String::new();
    let mut todo = vec![id];
    while let Some(id) = todo.pop() {
        let node = dom.node(id);
        match &node.kind {
            Kind::Text(piece) => text.push_str(piece),
            Kind::Element(element) if is_hidden(element) => {}
            Kind::Element(_) | Kind::Other => {
                text.push(' ');
                todo.extend(node.children.iter().rev());
            }
        }
    }
    text
}

/// Returns figures set above the line, where all of `text` is figures and their signs.
pub(crate) fn superscript(text: &str) -> Option<String> {
    raise(
        text,
        ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'],
        ['⁺', '⁻', '⁼', '⁽', '⁾'],
    )
}

/// Returns figures set below the line, where all of `text` is figures and their signs.
pub(crate) fn subscript(text: &str) -> Option<String> {
    raise(
        text,
        ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'],
        ['₊', '₋', '₌', '₍', '₎'],
    )
}

fn raise(text: &str, figures: [char; 10], signs: [char; 5]) -> Option<String> {
    if !text.contains(|c: char| c.is_ascii_digit() || c == 'n') {
        return None;
    }
    let [plus, minus, equals, open, close] = signs;
    text.chars()
        .map(|c| match c {
            '+' => Some(plus),
            '-' | '−' => Some(minus),
            '=' => Some(equals),
            '(' => Some(open),
            ')' => Some(close),
            'n' if plus == '⁺' => Some('ⁿ'),
            _ => c
                .to_digit(10)
                .and_then(|digit| figures.get(digit as usize).copied()),
        })
        .collect()
}

/// Whether a paragraph is the line that stands for a picture.
pub(crate) fn is_picture_line(inlines: &[Inline]) -> bool {
    matches!(inlines.first(), Some(Inline::Text(span)) if span.text.starts_with("Image: "))
}

/// Returns the last part of an address's path, as a name for what has none.
fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns the host of an absolute address.
fn host(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    url.host_str().map(str::to_owned)
}

/// Whether an image is there to be counted, not to be seen.
fn is_pixel(element: &Element) -> bool {
    let tiny = |name| {
        element
            .attribute(name)
            .map(|value| value.trim().trim_end_matches("px"))
            .is_some_and(|value| matches!(value, "0" | "1"))
    };
    tiny("width") && tiny("height")
}

impl Builder<'_> {
    /// `img`: `Image: alt [n]` in a line of its own; without words its file's name.
    pub(crate) fn image(&mut self, element: &Element, flow: &mut Flow, context: Context) {
        if is_pixel(element) {
            return;
        }
        let alt = SafeText::line(element.attribute("alt").unwrap_or_default());
        let alt = alt.as_str().trim();
        let class = element.attribute("class").unwrap_or_default();
        let is_sign = class
            .split_whitespace()
            .any(|class| matches!(class, "emoji" | "wp-smiley"));
        if is_sign || is_emoji(alt) {
            self.safe_text(alt, flow, context);
            return;
        }
        // Pages that load pictures late keep the address elsewhere.
        let address = ["data-src", "data-lazy-src", "data-original", "src"]
            .into_iter()
            .filter_map(|name| element.attribute(name))
            .find(|address| !address.trim_start().starts_with("data:"));
        let url = address.and_then(|address| self.resolve(address));
        let name = SafeText::line(file_name(address.unwrap_or_default()));
        let words = if alt.is_empty() { name.as_str() } else { alt };
        if words.is_empty() && url.is_none() {
            return;
        }
        let number = url.and_then(|url| self.number_of(&url));
        self.picture_in_link(number);
        self.line_of_its_own("Image", words, number, flow, context);
        if let Some(n) = number {
            self.name_link(n, "Image");
        }
    }

    /// Frames, films and sounds: kind, host and link number.
    pub(crate) fn media(
        &mut self,
        id: NodeId,
        element: &Element,
        flow: &mut Flow,
        context: Context,
    ) {
        let dom = self.dom;
        let children = dom.node(id).children.as_slice();
        let source = children
            .iter()
            .filter_map(|id| dom.element(*id))
            .filter(|child| child.name() == "source")
            .find_map(|child| child.attribute("src"));
        let own = match element.name() {
            "object" => element.attribute("data"),
            _ => element.attribute("src"),
        };
        let url = own.or(source).and_then(|address| self.resolve(address));
        let kind = match element.name() {
            "video" => "Video",
            "audio" => "Audio",
            "iframe" | "frame" => "Frame",
            _ => "Object",
        };
        let Some(url) = url else {
            // Without an address what is inside an object stands in for it.
            if element.name() == "object" {
                for child in children {
                    self.walk(*child, flow, context);
                }
            }
            return;
        };
        let host = host(&url);
        let number = self.number_of(&url);
        let title = SafeText::line(element.attribute("title").unwrap_or_default());
        let title = title.as_str().trim();
        let place = host.unwrap_or_else(|| file_name(&url).to_owned());
        let words = if title.is_empty() {
            place
        } else {
            format!("{title} ({place})")
        };
        self.line_of_its_own(kind, &words, number, flow, context);
        if let Some(n) = number {
            self.name_link(n, kind);
        }
    }

    fn line_of_its_own(
        &mut self,
        kind: &str,
        words: &str,
        number: Option<u16>,
        flow: &mut Flow,
        context: Context,
    ) {
        self.flush(flow);
        let style = Style {
            link: number,
            ..context.style
        };
        let mut inlines = vec![Inline::Text(Span::new(
            format!("{kind}: {words}").trim_end(),
            style,
        ))];
        if let Some(n) = number {
            inlines.push(Inline::Text(Span::new(
                format!("\u{a0}[{n}]"),
                number_style(n),
            )));
        }
        let line = Block::Paragraph(inlines);
        // A picture for those without scripts repeats the one before.
        if flow.blocks.last() != Some(&line) {
            flow.blocks.push(line);
        }
    }

    /// `svg` and `math`: a title or another text for it; formulas fall back to their signs.
    pub(crate) fn drawing(
        &mut self,
        id: NodeId,
        element: &Element,
        flow: &mut Flow,
        context: Context,
    ) {
        let dom = self.dom;
        match drawing_words(dom, id, element) {
            Some(words) => {
                let words = SafeText::line(&words);
                self.safe_text(words.as_str(), flow, context);
            }
            None if element.name() == "math" => {
                for child in &dom.node(id).children {
                    self.walk(*child, flow, context);
                }
            }
            None => {}
        }
    }
}

/// Returns what stands for a drawing or a formula: its title, the text for it, or the words in it.
pub(crate) fn drawing_words(dom: &Dom, id: NodeId, element: &Element) -> Option<String> {
    let children = dom.node(id).children.iter();
    let title = children
        .filter(|child| dom.name(**child) == "title")
        .map(|title| deep_children(dom, *title))
        .find(|title| !title.trim().is_empty());
    title
        .or_else(|| element.attribute("alttext").map(str::to_owned))
        .or_else(|| (element.name() == "svg").then(|| words_in_drawing(dom, id)))
}

/// Returns the words that a drawing shows, one after the other.
fn words_in_drawing(dom: &Dom, id: NodeId) -> String {
    let mut words = Vec::new();
    let mut todo = vec![id];
    while let Some(id) = todo.pop() {
        match dom.element(id) {
            // What is only defined is shown nowhere.
            Some(element) if is_hidden(element) => {}
            Some(element) if matches!(element.name(), "defs" | "symbol") => {}
            Some(element) if matches!(element.name(), "text" | "foreignObject") => {
                words.push(deep_text(dom, id));
            }
            _ => todo.extend(dom.node(id).children.iter().rev()),
        }
    }
    words.join(" ")
}

fn deep_children(dom: &Dom, id: NodeId) -> String {
    let children = dom.node(id).children.iter();
    children.map(|child| deep_text(dom, *child)).collect()
}

/// Whether an alternative text is a sign of one or two characters rather than words.
fn is_emoji(alt: &str) -> bool {
    !alt.is_empty()
        && alt.chars().count() <= 8
        && alt
            .chars()
            .all(|c| c >= '\u{2190}' && !c.is_alphabetic() || c == '\u{fe0f}' || c == '\u{200d}')
}
