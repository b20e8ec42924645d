//! The small DOM → the block tree: what each element means.
//!
//! Knows no width and never fails. Text becomes safe for a terminal here, links absolute and
//! numbered in reading order.
//!
//! - [`document`], [`plain_document`]: the ways in, for markup and for text without any
//! - [`Builder`]: what is carried through a whole document; `walk` is the table of elements
//! - links are in `super::links`, pictures, media and what is never shown in `super::media`,
//!   paragraphs under construction in `super::flow`, lists in `super::lists`, tables in
//!   `super::tables`

use std::collections::{HashMap, HashSet};

use url::Url;

use super::direction::{self, Direction};
use super::flow::Flow;
use super::links::OpenLink;
use super::lists::Ordinals;
use super::media;
use super::parse::{Dom, Element, Kind, NodeId};
use super::typed;
use crate::model::document::{Block, Definition, Document, Link, Role, Style, inline_text};
use crate::model::text::SafeText;

/// Deeper elements lose their structure but not their text. The parser caps what is open at once;
/// misnested formatting can still build a deeper tree.
const MAX_DEPTH: usize = 250;

/// Turns a parsed document into blocks.
pub(crate) fn document(dom: &Dom, base: Option<&Url>) -> Document {
    let mut builder = Builder {
        dom,
        base: base.cloned(),
        links: Vec::new(),
        numbers: HashMap::new(),
        explained: HashSet::new(),
        ordinals: Ordinals::new(),
        link: None,
        depth: 0,
    };
    let blocks = builder.container(&dom.node(Dom::ROOT).children, Context::default());
    Document {
        blocks,
        links: builder.links,
        ..Document::default()
    }
}

/// Turns text without any tag into blocks: line breaks count, blank lines part paragraphs.
pub(crate) fn plain_document(text: &str) -> Document {
    Document {
        blocks: typed::plain_blocks(SafeText::block(text).as_str()),
        ..Document::default()
    }
}

/// What is carried through a whole document.
pub(crate) struct Builder<'a> {
    pub(crate) dom: &'a Dom,
    pub(crate) base: Option<Url>,
    pub(crate) links: Vec<Link>,
    pub(crate) numbers: HashMap<String, u16>,
    /// The abbreviations that were spelled out already.
    explained: HashSet<String>,
    /// The items of numbered lists that are still to come.
    pub(crate) ordinals: Ordinals,
    /// The link that the text belongs to.
    pub(crate) link: Option<OpenLink>,
    depth: usize,
}

/// What holds for the text inside an element.
#[derive(Clone, Copy, Default)]
pub(crate) struct Context {
    pub(crate) style: Style,
    pub(crate) space: Space,
    /// How many `q` are around.
    pub(crate) quotes: u8,
    /// Which way the page says that the text runs.
    direction: Option<Direction>,
}

impl Context {
    /// Returns the context with another style.
    pub(crate) fn styled(mut self, change: impl FnOnce(&mut Style)) -> Self {
        change(&mut self.style);
        self
    }

    /// Returns the context inside an element.
    fn inside(self, element: &Element) -> Self {
        Self {
            direction: direction::inside(element, self.direction),
            space: Space::inside(element, self.space),
            ..self
        }
    }
}

/// What happens to white space.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Space {
    #[default]
    Collapse,
    /// As in [`Space::Collapse`], but line breaks stay.
    Lines,
    Keep,
}

impl Space {
    /// Returns what happens inside an element, `around` around it.
    fn inside(element: &Element, around: Self) -> Self {
        let is = |value| media::has_style(element, "white-space", value);
        if around == Self::Keep || element.attribute("style").is_none() {
            around
        } else if is(|value| matches!(value, "pre" | "pre-line" | "pre-wrap" | "break-spaces")) {
            Self::Lines
        } else if is(|value| matches!(value, "normal" | "nowrap")) {
            Self::Collapse
        } else {
            around
        }
    }
}

impl Builder<'_> {
    /// Turns nodes into blocks of their own.
    pub(crate) fn container(&mut self, nodes: &[NodeId], context: Context) -> Vec<Block> {
        let mut flow = Flow::default();
        self.walk_all(nodes, &mut flow, context);
        self.flush(&mut flow);
        typed::find_lists(flow.blocks)
    }

    /// Turns what an element holds into blocks of their own.
    pub(crate) fn contents(&mut self, id: NodeId, context: Context) -> Vec<Block> {
        let dom = self.dom;
        let context = match dom.element(id) {
            Some(element) => context.inside(element),
            None => context,
        };
        self.container(&dom.node(id).children, context)
    }

    pub(crate) fn walk_all(&mut self, nodes: &[NodeId], flow: &mut Flow, context: Context) {
        let mut rest = nodes;
        while let Some((&first, after)) = rest.split_first() {
            if self.dom.name(first) == "li" {
                // Items without a list around them are a list.
                let count = rest
                    .iter()
                    .take_while(|id| self.is_item_or_blank(**id))
                    .count();
                self.flush(flow);
                let (items, after) = rest.split_at(count);
                if let Some(list) = self.list_of(None, items, context) {
                    flow.blocks.push(list);
                }
                rest = after;
            } else {
                self.walk(first, flow, context);
                rest = after;
            }
        }
    }

    fn is_item_or_blank(&self, id: NodeId) -> bool {
        match &self.dom.node(id).kind {
            Kind::Element(element) => element.name() == "li",
            Kind::Text(text) => text.trim().is_empty(),
            Kind::Other => true,
        }
    }

    pub(crate) fn walk(&mut self, id: NodeId, flow: &mut Flow, context: Context) {
        let dom = self.dom;
        let node = dom.node(id);
        match &node.kind {
            Kind::Text(text) => self.text(text, flow, context),
            Kind::Other => self.walk_all(&node.children, flow, context),
            Kind::Element(_) if self.depth >= MAX_DEPTH => {
                self.text(&media::deep_text(dom, id), flow, context);
            }
            Kind::Element(element) => {
                if !media::is_hidden(element) {
                    self.depth += 1;
                    self.element(id, element, flow, context.inside(element));
                    self.depth -= 1;
                }
            }
        }
    }

    /// The table of elements.
    fn element(&mut self, id: NodeId, element: &Element, flow: &mut Flow, context: Context) {
        let dom = self.dom;
        let children = dom.node(id).children.as_slice();
        match element.name() {
            "br" => {
                self.part_words_of_link();
                flow.line_break();
            }
            "b" | "strong" | "dfn" => {
                self.walk_all(children, flow, context.styled(|style| style.strong = true));
            }
            "i" | "em" | "cite" | "var" => {
                let context = context.styled(|style| style.emphasis = true);
                self.walk_all(children, flow, context);
            }
            "s" | "del" | "strike" => {
                self.walk_all(children, flow, context.styled(|style| style.strike = true));
            }
            "code" | "kbd" | "samp" | "tt" => {
                let context = context.styled(|style| style.role = Role::Code);
                self.walk_all(children, flow, context);
            }
            "a" => self.anchor(element, children, flow, context),
            "q" => self.quotation(children, flow, context),
            "sup" => self.raised(id, flow, context, media::superscript),
            "sub" => self.raised(id, flow, context, media::subscript),
            "abbr" | "acronym" => {
                self.walk_all(children, flow, context);
                self.explain(element, flow, context);
            }
            "rp" => {}
            "rt" => {
                flow.push("(", context.style, Space::Keep);
                self.walk_all(children, flow, context);
                flow.push(")", context.style, Space::Keep);
            }
            "img" => self.image(element, flow, context),
            "iframe" | "frame" | "video" | "audio" | "embed" | "object" => {
                self.media(id, element, flow, context);
            }
            "svg" | "math" => self.drawing(id, element, flow, context),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name().as_bytes().get(1).map_or(1, |b| b - b'0');
                self.heading(level, children, flow, context);
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.flush(flow);
                if let Some(list) = self.list_of(Some((id, element)), children, context) {
                    flow.blocks.push(list);
                }
            }
            "dl" => self.definition_list(children, flow, context),
            "blockquote" => {
                self.flush(flow);
                let quoted = context.styled(|style| style.role = Role::Quote);
                let blocks = self.container(children, quoted);
                if !blocks.is_empty() {
                    flow.blocks.push(Block::Quote(blocks));
                }
            }
            "pre" | "listing" | "xmp" | "plaintext" => self.preformatted(children, flow, context),
            "table" => {
                self.flush(flow);
                self.table(id, flow, context);
            }
            "hr" => {
                self.flush(flow);
                flow.blocks.push(Block::Rule);
            }
            "summary" | "legend" => {
                self.flush(flow);
                self.walk_all(children, flow, context.styled(|style| style.strong = true));
                self.flush(flow);
            }
            name if is_block(name) => {
                self.flush(flow);
                self.walk_all(children, flow, context);
                self.flush(flow);
            }
            name if media::is_dropped(name) => {}
            _ => self.walk_all(children, flow, context),
        }
    }

    /// Adds text as published.
    fn text(&mut self, text: &str, flow: &mut Flow, context: Context) {
        let safe = SafeText::block(text);
        self.safe_text(safe.as_str(), flow, context);
    }

    /// Adds text that is safe already.
    pub(crate) fn safe_text(&mut self, text: &str, flow: &mut Flow, context: Context) {
        let mut style = context.style;
        if self.link.is_some() {
            if !text.trim().is_empty() {
                self.number_open_link();
            }
            if let Some(link) = &mut self.link {
                link.text.push_str(text);
                style.link = link.number;
            }
        }
        flow.direction = context.direction;
        flow.push(text, style, context.space);
    }

    /// Ends the paragraph under construction.
    pub(crate) fn flush(&mut self, flow: &mut Flow) {
        self.print_number(flow);
        self.part_words_of_link();
        flow.end_paragraph();
    }

    /// Keeps the words before and after a break apart in the text of the open link.
    fn part_words_of_link(&mut self) {
        if let Some(link) = &mut self.link
            && !link.text.is_empty()
            && !link.text.ends_with(' ')
        {
            link.text.push(' ');
        }
    }

    fn quotation(&mut self, children: &[NodeId], flow: &mut Flow, context: Context) {
        let (open, close) = if context.quotes.is_multiple_of(2) {
            ("“", "”")
        } else {
            ("‘", "’")
        };
        let inner = Context {
            quotes: context.quotes.wrapping_add(1),
            ..context
        };
        self.safe_text(open, flow, context);
        self.walk_all(children, flow, inner);
        self.safe_text(close, flow, context);
    }

    /// Writes figures above or below the line, where they have characters of their own.
    fn raised(
        &mut self,
        id: NodeId,
        flow: &mut Flow,
        context: Context,
        characters: fn(&str) -> Option<String>,
    ) {
        let dom = self.dom;
        let raised = (!self.holds_link(id))
            .then(|| media::deep_text(dom, id))
            .and_then(|text| characters(text.trim()));
        match raised {
            Some(raised) => self.safe_text(&raised, flow, context),
            None => self.walk_all(&dom.node(id).children, flow, context),
        }
    }

    /// Whether a link that has a number is directly inside an element.
    fn holds_link(&self, id: NodeId) -> bool {
        let children = self.dom.node(id).children.iter();
        children
            .filter_map(|child| self.dom.element(*child))
            .any(|child| self.link_address(child).is_some())
    }

    /// Spells an abbreviation out where it is met first.
    fn explain(&mut self, element: &Element, flow: &mut Flow, context: Context) {
        let title = SafeText::line(element.attribute("title").unwrap_or_default());
        let title = title.as_str().trim();
        if !title.is_empty() && self.explained.insert(title.to_owned()) {
            self.safe_text(&format!(" ({title})"), flow, context);
        }
    }

    fn heading(&mut self, level: u8, children: &[NodeId], flow: &mut Flow, context: Context) {
        self.flush(flow);
        let context = context.styled(|style| {
            style.role = Role::Heading(level);
            style.strong = false;
        });
        let mut inner = Flow::default();
        self.walk_all(children, &mut inner, context);
        self.flush(&mut inner);
        for block in inner.blocks {
            flow.blocks.push(match block {
                Block::Paragraph(inlines) if !media::is_picture_line(&inlines) => {
                    Block::Heading(level, inlines)
                }
                other => other,
            });
        }
    }

    fn definition_list(&mut self, children: &[NodeId], flow: &mut Flow, context: Context) {
        self.flush(flow);
        let mut parts = Vec::new();
        self.definitions(children, context, &mut parts);
        if !parts.is_empty() {
            flow.blocks.push(Block::Definitions(parts));
        }
    }

    fn definitions(&mut self, nodes: &[NodeId], context: Context, parts: &mut Vec<Definition>) {
        let dom = self.dom;
        for &id in nodes {
            let node = dom.node(id);
            match &node.kind {
                Kind::Element(element) if media::is_hidden(element) => {}
                Kind::Element(element) => match element.name() {
                    "dt" => {
                        let strong = context.styled(|style| style.strong = true);
                        let blocks = self.contents(id, strong);
                        parts.push(Definition::Term(blocks));
                    }
                    "dd" => {
                        let blocks = self.contents(id, context);
                        parts.push(Definition::Details(blocks));
                    }
                    "div" => self.definitions(&node.children, context, parts),
                    _ => self.stray_definition(id, context, parts),
                },
                Kind::Text(_) | Kind::Other => self.stray_definition(id, context, parts),
            }
        }
    }

    fn stray_definition(&mut self, id: NodeId, context: Context, parts: &mut Vec<Definition>) {
        let blocks = self.container(&[id], context);
        if !blocks.is_empty() {
            parts.push(Definition::Details(blocks));
        }
    }

    /// `pre`: lines stay. Without `code` in it, what looks like a list is one.
    fn preformatted(&mut self, children: &[NodeId], flow: &mut Flow, context: Context) {
        self.flush(flow);
        let dom = self.dom;
        let is_code = children.iter().any(|id| dom.name(*id) == "code");
        let context = Context {
            space: Space::Keep,
            ..context
        };
        let context = context.styled(|style| {
            if is_code {
                style.role = Role::Code;
            }
        });
        let mut inner = Flow::default();
        self.walk_all(children, &mut inner, context);
        self.print_number(&mut inner);
        let lines = inner.take_lines();
        flow.blocks.append(&mut inner.blocks);
        if is_code {
            flow.blocks.extend(typed::code_block(&lines));
        } else {
            flow.blocks.extend(typed::preformatted_blocks(lines));
        }
    }
}

/// Whether an element stands in lines of its own.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "html"
            | "main"
            | "nav"
            | "noscript"
            | "p"
            | "search"
            | "section"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "caption"
            | "optgroup"
            | "dialog"
    )
}

/// Returns the text of blocks in one line, for what has to be judged by its words.
pub(crate) fn first_line(blocks: &[Block]) -> Option<String> {
    match blocks {
        [] => Some(String::new()),
        [Block::Paragraph(inlines)] => Some(inline_text(inlines)),
        _ => None,
    }
}
