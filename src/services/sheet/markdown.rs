//! An article as Markdown, for a file: head, text and attachments.

use super::{Shown, attachment_words, banners, head, one_paragraph};
use crate::html;
use crate::model::article::Article;
use crate::model::document::{Block, Document, Inline, Link, List, ListItem, Role, Span, Style};
use crate::model::text::SafeText;

/// Returns an article as Markdown, from title to attachments, with a line break at its end. What
/// stands in it is safe for a terminal. `setting` has the moment and the zone of its dates; the
/// width doesn't matter.
pub fn markdown(shown: &Shown<'_>) -> String {
    joined(&[&head_of(shown), shown.document, &attachments(shown.article)])
}

/// Returns documents as one text in Markdown, each after the other.
pub(super) fn joined(documents: &[&Document]) -> String {
    let parts = documents.iter().map(|document| html::markdown(document));
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Title, facts with the address, banners as quotations, standfirst.
fn head_of(shown: &Shown<'_>) -> Document {
    let mut head = beginning(shown);
    let standfirst = head::standfirst(shown.article);
    head.blocks
        .extend(standfirst.map(|text| one_paragraph(&text, Role::Standfirst)));
    head
}

/// Title, facts with the address, banners as quotations.
pub(super) fn beginning(shown: &Shown<'_>) -> Document {
    let Shown {
        article, document, ..
    } = *shown;
    // What a banner links to keeps its number.
    let mut links = document.links.clone();
    let title = head::shown_title(&article.head.title);
    let title = Block::Heading(1, vec![span(title, None)]);
    let first = head::first_facts(shown);
    let mut facts = vec![span(&first.join(" · "), None)];
    if let Some(address) = &article.head.permalink {
        facts.push(span(" · ", None));
        facts.push(linked(address, address, &mut links));
    }
    let second = head::second_facts(shown, document.words());
    facts.push(Inline::Break);
    facts.push(span(&second.join(" · "), None));
    let mut blocks = vec![title, Block::Paragraph(facts)];
    let banners = banners::banners(shown).into_iter();
    blocks.extend(banners.map(Block::Quote));
    Document {
        blocks,
        links,
        ..Document::default()
    }
}

/// A heading and a list of the attached files.
fn attachments(article: &Article) -> Document {
    let mut links = Vec::new();
    let items: Vec<ListItem> = article
        .enclosures
        .iter()
        .map(|enclosure| {
            let words = attachment_words(enclosure);
            let words = if words.is_empty() {
                &enclosure.url
            } else {
                &words
            };
            ListItem {
                marker: "•".to_owned(),
                blocks: vec![Block::Paragraph(vec![linked(
                    words,
                    &enclosure.url,
                    &mut links,
                )])],
            }
        })
        .collect();
    if items.is_empty() {
        return Document::default();
    }
    let heading = Block::Heading(2, vec![span("Attachments", None)]);
    let list = Block::List(List { start: None, items });
    Document {
        blocks: vec![heading, list],
        links,
        ..Document::default()
    }
}

/// Makes words a link, where the address is one that may be opened.
fn linked(words: &str, address: &str, links: &mut Vec<Link>) -> Inline {
    let address = SafeText::line(address).into_string();
    let number = u16::try_from(links.len() + 1).ok();
    let may_open = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme));
    let number = number.filter(|_| may_open);
    if let Some(n) = number {
        links.push(Link {
            n,
            url: address,
            text: String::new(),
        });
    }
    span(words, number)
}

fn span(text: &str, link: Option<u16>) -> Inline {
    let style = Style {
        link,
        ..Style::default()
    };
    Inline::Text(Span::new(SafeText::line(text).as_str(), style))
}
