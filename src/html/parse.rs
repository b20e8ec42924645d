//! HTML text → a small tree of our own, for any input, in linear time.
//!
//! html5ever's tokenizer feeds its tree builder through [`DepthCap`]: the tree builder takes
//! quadratic time in the depth of open elements. The tree lives in one vector, so that dropping a
//! deep one can't overflow the stack. Never fails; knows nothing of what the elements mean.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, Tracer, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, Namespace, QualName};

use super::text;

/// Elements may be nested this deep; the tags of deeper ones are dropped, their text stays.
const MAX_DEPTH: usize = 200;
/// A tag may have this many separators between and around attributes.
const MAX_ATTRIBUTES: usize = 4000;

/// A document's nodes; the first is the document itself.
pub(crate) struct Dom {
    nodes: Vec<Node>,
}

/// The place of a node in its [`Dom`].
pub(crate) type NodeId = usize;

/// One node.
pub(crate) struct Node {
    parent: Option<NodeId>,
    /// The nodes directly below it, in order.
    pub(crate) children: Vec<NodeId>,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a node is.
pub(crate) enum Kind {
    /// The document, or something that holds no text (comment, processing instruction).
    Other,
    /// An element.
    Element(Element),
    /// Text, as published: not safe for a terminal.
    Text(StrTendril),
}

/// An element with its attributes.
pub(crate) struct Element {
    name: QualName,
    attributes: Vec<Attribute>,
}

impl Element {
    /// Returns the name in lower case, without namespace.
    pub(crate) fn name(&self) -> &str {
        &self.name.local
    }

    /// Returns the value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    }

    /// Returns the attributes' names and values.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|attribute| (&*attribute.name.local, &*attribute.value))
    }
}

impl Dom {
    /// The document.
    pub(crate) const ROOT: NodeId = 0;

    /// Returns a node.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// Returns the element at `id`, where it is one.
    pub(crate) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.nodes[id].kind {
            Kind::Element(element) => Some(element),
            Kind::Other | Kind::Text(_) => None,
        }
    }

    /// Returns the name of the element at `id`, `""` where it is none.
    pub(crate) fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", Element::name)
    }
}

/// Parses a whole document or a fragment.
pub(crate) fn parse(html: &str) -> Dom {
    let options = TreeBuilderOpts {
        // What scripts would replace is shown.
        scripting_enabled: false,
        drop_doctype: true,
        ..TreeBuilderOpts::default()
    };
    let builder = TreeBuilder::new(Sink::new(), options);
    let tokenizer = Tokenizer::new(DepthCap::new(builder), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&cap_attributes(html)));
    while !input.is_empty() {
        // The tokenizer stops after each script; nothing is to be done there.
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

/// Shortens tags that may have more attributes than any page needs: html5ever compares each
/// attribute of a tag with all before it.
fn cap_attributes(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut tags = text::Tags::new(html);
    while let Some(tag) = tags.next_long(MAX_ATTRIBUTES) {
        let mut separators = html.as_bytes()[tag.clone()]
            .iter()
            .enumerate()
            .filter(|(_, b)| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\''));
        if let Some((at, _)) = separators.nth(MAX_ATTRIBUTES) {
            out.push_str(html.get(copied..tag.start + at).unwrap_or_default());
            // Ends a value in either quotation marks, or none, and the tag.
            out.push_str("\"'>");
            copied = tag.end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Passes tokens on to the tree builder, but for tags that would nest too deep.
struct DepthCap {
    builder: TreeBuilder<NodeId, Sink>,
    /// The names of the tags that were dropped and not closed yet, with how many of each.
    dropped: RefCell<Vec<LocalName>>,
}

impl DepthCap {
    fn new(builder: TreeBuilder<NodeId, Sink>) -> Self {
        Self {
            builder,
            dropped: RefCell::default(),
        }
    }

    /// Returns how many elements are open. Open formatting elements count twice, as the tree
    /// builder names them twice, and that's no harm.
    fn depth(&self) -> usize {
        let count = Count::default();
        self.builder.trace_handles(&count);
        count.0.get()
    }

    fn is_dropped(&self, token: &Token) -> bool {
        let Token::TagToken(tag) = token else {
            return false;
        };
        let mut dropped = self.dropped.borrow_mut();
        match tag.kind {
            TagKind::StartTag if self.depth() > MAX_DEPTH => {
                // Raw text elements change how the tokenizer reads on, so they are let through;
                // nothing nests in them.
                if is_leaf(&tag.name) {
                    return false;
                }
                if dropped.len() < MAX_DEPTH {
                    dropped.push(tag.name.clone());
                }
                true
            }
            TagKind::StartTag => false,
            TagKind::EndTag => {
                // Only the innermost few are looked through, to stay linear.
                let at = dropped.iter().rposition(|name| *name == tag.name);
                if let Some(at) = at {
                    dropped.truncate(at);
                }
                at.is_some()
            }
        }
    }
}

/// Counts the nodes that the tree builder holds on to.
#[derive(Default)]
struct Count(Cell<usize>);

impl Tracer for Count {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

/// Whether nothing can be nested in an element of this name.
fn is_leaf(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "title"
            | "textarea"
            | "xmp"
            | "iframe"
            | "noembed"
            | "noframes"
            | "plaintext"
            | "br"
            | "img"
            | "hr"
            | "wbr"
            | "input"
            | "source"
            | "embed"
    )
}

impl TokenSink for DepthCap {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let token = if self.is_dropped(&token) {
            // The tag may have kept two words apart.
            Token::CharacterTokens(StrTendril::from_slice(" "))
        } else {
            token
        };
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// What the tree builder builds into.
struct Sink {
    nodes: RefCell<Vec<Node>>,
}

impl Sink {
    fn new() -> Self {
        Self {
            nodes: RefCell::new(vec![Node {
                parent: None,
                children: Vec::new(),
                kind: Kind::Other,
            }]),
        }
    }

    fn add(&self, kind: Kind) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            parent: None,
            children: Vec::new(),
            kind,
        });
        nodes.len() - 1
    }

    /// Puts `child` into `parent` at `at`, or at the end.
    fn insert(&self, parent: NodeId, at: Option<usize>, child: NodeOrText<NodeId>) {
        let child = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = match at {
                    None => nodes[parent].children.last().copied(),
                    Some(at) => at
                        .checked_sub(1)
                        .and_then(|before| nodes[parent].children.get(before).copied()),
                };
                if let Some(before) = before
                    && let Kind::Text(old) = &mut nodes[before].kind
                {
                    old.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.add(Kind::Text(text))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        let children = &mut nodes[parent].children;
        let at = at.unwrap_or(children.len()).min(children.len());
        children.insert(at, child);
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            let children = &mut nodes[parent].children;
            // Nodes that move are mostly the last ones.
            if let Some(at) = children.iter().rposition(|child| *child == id) {
                children.remove(at);
            }
        }
    }
}

/// The name of an element that is still in the tree.
struct NameRef<'a>(Ref<'a, QualName>);

impl std::fmt::Debug for NameRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ElemName for NameRef<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = NameRef<'a>;

    fn finish(self) -> Dom {
        Dom {
            nodes: self.nodes.into_inner(),
        }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        Dom::ROOT
    }

    #[expect(
        clippy::panic,
        reason = "the tree builder asks for names of elements only"
    )]
    fn elem_name<'a>(&'a self, target: &'a NodeId) -> NameRef<'a> {
        NameRef(Ref::map(self.nodes.borrow(), |nodes| {
            match &nodes[*target].kind {
                Kind::Element(element) => &element.name,
                Kind::Other | Kind::Text(_) => panic!("invariant: only elements have names"),
            }
        }))
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> NodeId {
        self.add(Kind::Element(Element { name, attributes }))
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        // A template's contents are never shown, so they can stay below it.
        *target
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new: NodeOrText<NodeId>) {
        let place = {
            let nodes = self.nodes.borrow();
            nodes[*sibling].parent.map(|parent| {
                let children = &nodes[parent].children;
                (parent, children.iter().rposition(|child| child == sibling))
            })
        };
        if let Some((parent, at)) = place {
            self.insert(parent, at, new);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        if let Kind::Element(element) = &mut self.nodes.borrow_mut()[*target].kind {
            for attribute in attributes {
                if !element.attributes.iter().any(|a| a.name == attribute.name) {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let moved = std::mem::take(&mut nodes[*node].children);
        for child in &moved {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(moved);
    }
}
