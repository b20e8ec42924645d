//! What the pass writes down on its way: prefixes, bases, and what the parser would hide.

use memchr::{memchr, memmem};

use super::{Open, Pass};
use crate::feed::extras::{self, Fact, Note};
use crate::feed::repair::asides::Aside;
use crate::feed::repair::tags::{Found, Tag, attribute, start_tag};
use crate::feed::repair::vocabulary::{Part, Word};
use crate::feed::sniff::Family;
use crate::feed::text::{Written, one_line};
use crate::feed::{Mend, dates};

/// No feed uses more prefixes than that without declaring them.
const MOST_UNDECLARED: usize = 32;

impl<'a> Pass<'a, '_> {
    /// Remembers a prefix that the root doesn't declare.
    pub(super) fn note_prefix(&mut self, tag: &Tag<'a>, emitted: &'a str) {
        let Some((prefix, _)) = emitted.split_once(':') else {
            return;
        };
        if self.declared.contains_key(prefix)
            || self.undeclared.contains(&prefix)
            || self.undeclared.len() >= MOST_UNDECLARED
            || prefix == "xml"
        {
            return;
        }
        self.undeclared.push(prefix);
        // It may be declared where it is used, or under another name: then nothing is wrong, and the
        // root does no harm.
        let declaration = format!("xmlns:{prefix}");
        let is_own = emitted == tag.name;
        if is_own && memmem::find(self.src.as_bytes(), declaration.as_bytes()).is_none() {
            self.mends.add(Mend::Prefix);
        }
    }

    /// Takes over an `xml:base`.
    pub(super) fn set_base(&mut self, tag: &Tag<'a>) {
        if self.has_bases
            && let Some(value) = attribute(tag.attributes, "xml:base")
        {
            let current = self.bases.last().cloned();
            let base = current
                .as_ref()
                .and_then(|base| base.join(value.trim()).ok());
            self.bases.extend(base.or(current));
        }
    }

    pub(super) fn drop_base(&mut self, attributes: &str) {
        if self.has_bases && attribute(attributes, "xml:base").is_some() && self.bases.len() > 1 {
            self.bases.pop();
        }
    }

    /// The article that stands here, as notes name it.
    pub(super) fn article(&self) -> Option<usize> {
        self.articles.checked_sub(1)
    }

    pub(super) fn note(&mut self, article: Option<usize>, fact: Fact) {
        self.notes.push(Note { article, fact });
    }

    /// Notes what a start tag says that the parser would hide.
    pub(super) fn note_attributes(&mut self, tag: &Tag<'a>, word: Option<Word>) {
        let Some(word) = word else { return };
        let article = self.article();
        match word.name {
            "link" => {
                if let Some(count) = attribute(tag.attributes, "thr:count")
                    && let Ok(count) = count.trim().parse()
                {
                    self.note(article, Fact::CommentsLinked(count));
                }
            }
            "thr:in-reply-to" => {
                let guid =
                    attribute(tag.attributes, "ref").map(|guid| one_line(guid, Written::Html));
                if let Some(guid) = guid.filter(|guid| article.is_some() && !guid.is_empty()) {
                    self.note(article, Fact::InReplyTo(guid));
                }
            }
            "guid" => {
                let written = attribute(tag.attributes, "isPermaLink").map(str::trim);
                if !written.is_some_and(|value| value.eq_ignore_ascii_case("false")) {
                    let base = written.and(self.bases.last().cloned());
                    self.note(article, Fact::GuidIsPermalink(base));
                }
            }
            "id" => self.note(article, Fact::GuidIsPermalink(None)),
            "content" | "summary" | "description" | "content:encoded" if self.bases.len() > 1 => {
                if let (Some(_), Some(base)) = (article, self.bases.last().cloned()) {
                    self.note(article, Fact::Base(base));
                }
            }
            _ => {}
        }
        if word.name == "content"
            && let Some(source) = attribute(tag.attributes, "src")
            && let Some(address) = self.bases.last().and_then(|base| base.join(source).ok())
        {
            self.note(article, Fact::Source(address.into()));
        }
    }

    /// Notes what an element's text says that the parser would hide.
    pub(super) fn note_text(&mut self, open: &Open<'a>, end: usize) {
        let text = self.src.get(open.content_at..end).unwrap_or_default();
        if let Some(fills) = open.fills
            && !self.filled.contains(&fills)
            && !text.trim_start().is_empty()
        {
            self.filled.push(fills);
        }
        if open.part == Some(Part::Value) && open.emitted.ends_with("link") {
            self.linked |= !text.trim_start().is_empty();
        }
        if let Some(aside) = open.aside {
            self.note_aside(open, aside, end);
        }
        // The Syndication module's prefix is `sy` for most, `syn` for others.
        let name = match open.emitted.split_once(':') {
            Some((_, local @ ("updatePeriod" | "updateFrequency"))) => local,
            _ => open.emitted,
        };
        let about_article = match name {
            "slash:comments" | "thr:total" => true,
            "ttl" | "hour" | "day" | "updatePeriod" | "updateFrequency" => false,
            _ => return,
        };
        if let Some(fact) = extras::fact(name, text) {
            let article = if about_article { self.article() } else { None };
            if about_article == article.is_some() {
                self.note(article, fact);
            }
        }
    }

    /// Notes what an element says that the pass reads by itself.
    fn note_aside(&mut self, open: &Open<'a>, aside: Aside, end: usize) {
        let raw = self.src.get(open.content_at..end).unwrap_or_default();
        // The parser reads these of RSS.
        let known = self.family != Family::Atom && matches!(open.emitted, "link" | "author");
        // `author` in Atom holds elements.
        let holds_elements = raw.contains('<') && !raw.trim_start().starts_with("<![CDATA[");
        if known || holds_elements {
            return;
        }
        let text = one_line(raw, Written::Html);
        if text.is_empty() {
            return;
        }
        let fact = match aside {
            Aside::Published(rank) => dates::parse(&text).map(|at| Fact::Published(rank, at)),
            Aside::Updated(rank) => dates::parse(&text).map(|at| Fact::Updated(rank, at)),
            Aside::Byline => Some(Fact::Byline(text.clone())),
            Aside::Link => match self.absolute(&text) {
                Some(address) => Some(Fact::Link(address)),
                None => return,
            },
        };
        let article = self.article();
        self.note(article, fact.unwrap_or(Fact::UnreadableDate(text)));
    }

    /// Returns an address in full.
    fn absolute(&self, address: &str) -> Option<String> {
        let base = self.bases.last()?;
        base.join(address.trim()).ok().map(String::from)
    }

    /// Mends a link whose start tag ends here: RSS with the attributes of Atom, an address behind an
    /// empty element, an address without its scheme.
    pub(super) fn mend_link(&mut self, tag: &Tag<'a>, aside: Option<Aside>) {
        if self.family == Family::Atom {
            return;
        }
        let rest = self.src.get(self.at..).unwrap_or_default();
        let address = rest.trim_start();
        if let Some(href) = attribute(tag.attributes, "href") {
            let rel = attribute(tag.attributes, "rel").unwrap_or_default();
            if aside.is_some()
                && matches!(rel, "" | "alternate")
                && let Some(address) = self.absolute(&one_line(href, Written::Html))
            {
                let article = self.article();
                self.note(article, Fact::Link(address));
            }
        } else if tag.ends_itself {
            let text = address
                .get(..memchr(b'<', address.as_bytes()).unwrap_or(0))
                .unwrap_or_default();
            if aside.is_some()
                && text.starts_with("http")
                && let Some(address) = self.absolute(&one_line(text, Written::Html))
            {
                let article = self.article();
                self.note(article, Fact::Link(address));
            }
        } else if address.starts_with("www.") {
            self.out
                .insert(self.at + rest.len() - address.len(), "https://");
        }
    }

    /// Notes the base that the first element of a text in XHTML sets for all of it.
    pub(super) fn note_inline_base(&mut self) {
        if !self.has_bases {
            return;
        }
        let rest = self.src.get(self.at..).unwrap_or_default();
        if let Found::Tag(first) = start_tag(rest.trim_start())
            && let Some(value) = attribute(first.attributes, "xml:base")
            && let Some(base) = self.bases.last()
            && let Ok(base) = base.join(value.trim())
        {
            let article = self.article();
            if article.is_some() {
                self.note(article, Fact::Base(base));
            }
        }
    }
}
