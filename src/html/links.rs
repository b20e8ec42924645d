//! Links: numbered in reading order, one number an address, written behind their words.

use super::blocks::{Builder, Context};
use super::flow::Flow;
use super::parse::{Element, NodeId};
use super::sanitise;
use crate::model::document::{Block, Inline, Link, Role, Span, Style};
use crate::model::text::in_one_line;

/// A link whose text is being read.
pub(crate) struct OpenLink {
    url: String,
    /// Its number, once it had text.
    pub(crate) number: Option<u16>,
    pub(crate) text: String,
    /// Whether its number stands in the text.
    printed: bool,
    /// The number of the picture that it held.
    image: Option<u16>,
}

impl Builder<'_> {
    /// `a`: its words, and behind them the number of its address.
    pub(crate) fn anchor(
        &mut self,
        element: &Element,
        children: &[NodeId],
        flow: &mut Flow,
        context: Context,
    ) {
        let Some(url) = self.link_address(element) else {
            self.walk_all(children, flow, context);
            return;
        };
        let outer = self.open_link(url);
        self.walk_all(children, flow, context);
        self.print_number(flow);
        self.close_link(outer, &mut flow.blocks);
    }

    /// Opens a link; returns the one around it.
    pub(crate) fn open_link(&mut self, url: String) -> Option<OpenLink> {
        self.link.replace(OpenLink {
            url,
            number: None,
            text: String::new(),
            printed: false,
            image: None,
        })
    }

    /// Writes the open link's number behind its words, once.
    pub(crate) fn print_number(&mut self, flow: &mut Flow) {
        let Some(link) = &mut self.link else {
            return;
        };
        if let Some(n) = link.number
            && !link.printed
            && flow.has_text()
        {
            link.printed = true;
            let words = link_words(&link.text, &link.url);
            flow.link_number(n, words);
        }
    }

    /// Closes the open link, whose text ended `blocks`.
    pub(crate) fn close_link(&mut self, outer: Option<OpenLink>, blocks: &mut [Block]) {
        let Some(link) = std::mem::replace(&mut self.link, outer) else {
            return;
        };
        if let Some(n) = link.number {
            self.name_link(n, &link.text);
        } else if let Some(image) = link.image {
            // A picture that is a link: where it leads must not get lost.
            let n = self.number_of(&link.url);
            if let Some(n) = n.filter(|n| *n != image) {
                self.name_link(n, "Image");
                if let Some(Block::Paragraph(inlines)) = blocks.last_mut() {
                    inlines.push(Inline::Text(Span::new(
                        format!("\u{a0}[{n}]"),
                        number_style(n),
                    )));
                }
            }
        }
    }

    /// Notes that the open link holds a picture.
    pub(crate) fn picture_in_link(&mut self, number: Option<u16>) {
        if let Some(link) = &mut self.link {
            link.image = Some(number.unwrap_or(0));
        }
    }

    pub(crate) fn number_open_link(&mut self) {
        let Some(mut link) = self.link.take() else {
            return;
        };
        if link.number.is_none() {
            link.number = self.number_of(&link.url);
        }
        self.link = Some(link);
    }

    /// Returns the number of an address: always the same for the same address.
    pub(crate) fn number_of(&mut self, url: &str) -> Option<u16> {
        if let Some(n) = self.numbers.get(url) {
            return Some(*n);
        }
        let n = u16::try_from(self.links.len() + 1).ok()?;
        self.numbers.insert(url.to_owned(), n);
        self.links.push(Link {
            n,
            url: url.to_owned(),
            text: String::new(),
        });
        Some(n)
    }

    /// Sets the words of link `n` where it has none yet.
    pub(crate) fn name_link(&mut self, n: u16, text: &str) {
        if let Some(link) = self.links.get_mut(usize::from(n).saturating_sub(1))
            && link.text.is_empty()
        {
            link.text = in_one_line(text);
        }
    }

    /// Returns the absolute address of what a page links to, where it may be opened.
    pub(crate) fn resolve(&self, address: &str) -> Option<String> {
        sanitise::resolve(address, self.base.as_ref())
    }

    /// Returns the address of an `a` that gets a number. A place in the same page is none that a
    /// reader could open.
    pub(crate) fn link_address(&self, element: &Element) -> Option<String> {
        element
            .attribute("href")
            .filter(|href| element.name() == "a" && !href.trim_start().starts_with('#'))
            .and_then(|href| self.resolve(href))
    }
}

/// Returns the style of link number `n`.
pub(crate) fn number_style(n: u16) -> Style {
    Style {
        role: Role::Number,
        link: Some(n),
        ..Style::default()
    }
}

/// What the words of a link are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkWords {
    Text,
    /// The address itself, which terminals may find by themselves: nothing may touch it.
    Address,
}

fn link_words(text: &str, url: &str) -> LinkWords {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return LinkWords::Text;
    }
    let bare = |address: &str| {
        address
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_start_matches("mailto:")
            .trim_start_matches("www.")
            .trim_end_matches('/')
            .to_ascii_lowercase()
    };
    if text.contains("://") || text.starts_with("www.") || bare(text) == bare(url) {
        LinkWords::Address
    } else {
        LinkWords::Text
    }
}
