//! The comments on a page, whatever its theme.
//!
//! Nearly all themes give a comment the classes of WordPress's `comment_class()` (`comment`, `depth-2`)
//! and the id `comment-58`, on one element or on one in the other. What is in it has names that have
//! become usual; where its text has none, the text is what is left of the comment without the rest.

use std::collections::HashSet;

use url::Url;

use super::markup::{self, Step, has_one_of};
use crate::html::{Dom, Element, NodeId};
use crate::model::comment::{Comment, CommentId};
use crate::model::text::in_one_line;
use crate::threads::elements::classes;
use crate::threads::elements::has_class;
use crate::threads::moment;

/// What a page has of comments.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) comments: Vec<Comment>,
    pub(super) pingbacks: u32,
    /// The number of the post, as the reply links have it.
    pub(super) post: Option<u64>,
    /// Whether anything here can be answered.
    pub(super) has_replies: bool,
}

/// Elements that a comment may be.
const HOLDERS: [&str; 5] = ["li", "div", "article", "section", "dd"];

/// Classes of a comment's text.
const TEXT: [&str; 9] = [
    "comment-content",
    "wp-block-comment-content",
    "comment-text",
    "comment_text",
    "commenttext",
    "comment-entry",
    "comment__content",
    "comment-body-text",
    "entry-content",
];

/// Classes of its author's name. GOV.UK's blogs have `author`.
const NAME: [&str; 6] = [
    "fn",
    "author",
    "wp-block-comment-author-name",
    "comment-author-name",
    "comment-author-link",
    "comment__author",
];

/// Classes of what has that name in it, beside other words.
const NAME_AND_MORE: [&str; 4] = ["url", "comment-author", "comment_author", "vcard"];

/// Classes of what stands around a comment's text.
const AROUND: [&str; 25] = [
    "avatar",
    "children",
    "comment-author",
    "comment-awaiting-moderation",
    "comment-edit-link",
    "comment-links",
    "comment-meta",
    "comment-metadata",
    "comment-reply-link",
    "comment-reply-login",
    "comment-util",
    "commentmetadata",
    "edit-link",
    "fn",
    "govuk-visually-hidden",
    "reply",
    "says",
    "screen-reader-text",
    "vcard",
    "visually-hidden",
    "visuallyhidden",
    "wp-block-avatar",
    "wp-block-comment-author-name",
    "wp-block-comment-date",
    "wp-block-comment-reply-link",
];

/// Classes of what is read out alone, or stands between a name and a date.
const BESIDE_NAME: [&str; 5] = [
    "govuk-visually-hidden",
    "says",
    "screen-reader-text",
    "visually-hidden",
    "visuallyhidden",
];

/// What tells a reader that their own comment is held. Themes made from Roots have `alert`.
const HELD: [&str; 2] = ["comment-awaiting-moderation", "alert"];

/// What stands in a comment's text, too.
const IN_TEXT: [&str; 4] = [
    "comment-awaiting-moderation",
    "comment-edit-link",
    "comment-reply-link",
    "comment-reply-login",
];

/// Elements that never are a comment's text.
const NO_TEXT: [&str; 6] = ["header", "footer", "time", "form", "button", "nav"];

/// The longest name, in bytes; WordPress takes 245 characters.
const LONGEST_NAME: usize = 1000;

/// As many levels are told apart where they are only numbered.
const MOST_LEVELS: usize = 50;

/// A comment as it is found.
struct Entry {
    node: NodeId,
    number: Option<u64>,
    /// The place of the one that it stands in.
    within: Option<usize>,
    /// The comment that its head links to.
    answered: Option<u64>,
    /// The level that its class names.
    level: Option<usize>,
    is_pingback: bool,
    is_held: bool,
    by_author: bool,
    text: Option<NodeId>,
    /// What has its text in it, beside what stands around that.
    body: Option<NodeId>,
    name: Option<NodeId>,
    name_and_more: Option<NodeId>,
    time: Option<NodeId>,
    link: Option<NodeId>,
}

/// Finds the comments. Links are relative to `base`.
pub(super) fn entries(tree: &Dom, base: &Url) -> Entries {
    let mut search = Search {
        tree,
        found: Vec::new(),
        open: Vec::new(),
        text: None,
        post: None,
        has_replies: false,
    };
    markup::walk(tree, Dom::ROOT, |step| {
        match step {
            Step::In(id) => search.enter(id),
            Step::Out(id) => search.leave(id),
        }
        true
    });
    let nodes: HashSet<NodeId> = search.found.iter().map(|entry| entry.node).collect();
    let mut entries = Entries {
        post: search.post,
        has_replies: search.has_replies,
        ..Entries::default()
    };
    let mut levels: Vec<Option<u64>> = Vec::new();
    for entry in &search.found {
        let Some(number) = entry.number else { continue };
        let level = entry.level.unwrap_or(1).clamp(1, MOST_LEVELS);
        let above = level.checked_sub(2).and_then(|above| levels.get(above));
        // What a theme's first level stands in was not closed.
        let within = entry.within.filter(|_| entry.level != Some(1));
        let parent = within
            .and_then(|within| search.found.get(within)?.number)
            .or(entry.answered)
            .or_else(|| above.copied().flatten())
            .filter(|parent| *parent != number);
        levels.resize(level, None);
        if let Some(last) = levels.last_mut() {
            *last = Some(number);
        }
        if entry.is_held {
            continue;
        }
        if entry.is_pingback {
            entries.pingbacks = entries.pingbacks.saturating_add(1);
            continue;
        }
        entries.comments.push(Comment {
            id: CommentId(number.to_string()),
            parent: parent.map(|parent| CommentId(parent.to_string())),
            author: name_of(tree, entry, &nodes),
            by_author: entry.by_author,
            published: entry
                .time
                .and_then(|time| moment(tree.element(time)?.attribute("datetime")?)),
            html: text_of(tree, entry, &nodes),
            url: Some(address_of(tree, entry, number, base)),
        });
    }
    entries
}

struct Search<'a> {
    tree: &'a Dom,
    found: Vec<Entry>,
    /// The places of those that are open, the innermost last.
    open: Vec<usize>,
    /// The text that is open.
    text: Option<NodeId>,
    post: Option<u64>,
    has_replies: bool,
}

impl Search<'_> {
    fn enter(&mut self, id: NodeId) {
        let Some(element) = self.tree.element(id) else {
            return;
        };
        if let Some(entry) = self.begins(id, element) {
            self.open.push(self.found.len());
            self.found.push(entry);
            // A text that wasn't closed ends where the next comment begins.
            self.text = None;
            return;
        }
        let innermost = self.open.last();
        let Some(entry) = innermost.and_then(|at| self.found.get_mut(*at)) else {
            return;
        };
        if self.text.is_some() {
            return;
        }
        if entry.number.is_none() {
            entry.number = number_of(element);
        }
        if has_one_of(element, &TEXT) && entry.text.is_none() {
            entry.text = Some(id);
            self.text = Some(id);
            return;
        }
        if entry.body.is_none() && has_class(element, "comment-body") {
            entry.body = Some(id);
        }
        if has_one_of(element, &HELD) {
            entry.is_held = true;
        }
        if entry.name.is_none() && has_one_of(element, &NAME) {
            entry.name = Some(id);
        } else if entry.name_and_more.is_none() && has_one_of(element, &NAME_AND_MORE) {
            entry.name_and_more = Some(id);
        }
        match element.name() {
            "time" if entry.time.is_none() => entry.time = Some(id),
            "a" => {
                let told = |name| element.attribute(name)?.trim().parse::<u64>().ok();
                self.has_replies |= has_class(element, "comment-reply-login");
                if has_class(element, "comment-reply-link") {
                    self.has_replies = true;
                    entry.number = entry.number.or(told("data-commentid"));
                    self.post = self.post.or(told("data-postid"));
                } else if let Some(linked) = element.attribute("href").and_then(linked_comment) {
                    if Some(linked) == entry.number {
                        entry.link = entry.link.or(Some(id));
                    } else {
                        entry.answered = entry.answered.or(Some(linked));
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns the comment that begins with an element. One that says more of the comment that is
    /// open begins none.
    fn begins(&mut self, id: NodeId, element: &Element) -> Option<Entry> {
        if !HOLDERS.contains(&element.name()) {
            return None;
        }
        let number = number_of(element);
        let level = level_of(element);
        let kinds = ["comment", "pingback", "trackback"];
        let is_classed = level.is_some() && has_one_of(element, &kinds);
        if !is_classed && (number.is_none() || self.text.is_some()) {
            return None;
        }
        let is_pingback = has_one_of(element, &["pingback", "trackback"]);
        let by_author = has_class(element, "bypostauthor");
        let within = self.open.last().copied();
        if let Some(open) = within.and_then(|at| self.found.get_mut(at)) {
            let is_same = match (number, open.number) {
                (Some(number), Some(known)) => number == known,
                (Some(_), None) => !is_classed,
                (None, _) => open.level.is_none(),
            };
            if is_same {
                open.number = open.number.or(number);
                open.level = open.level.or(level);
                open.is_pingback |= is_pingback;
                open.by_author |= by_author;
                return None;
            }
        }
        Some(Entry {
            node: id,
            number,
            // What stands in a text is there by mistake.
            within: within.filter(|_| self.text.is_none()),
            answered: None,
            level,
            is_pingback,
            is_held: false,
            by_author,
            text: None,
            body: None,
            name: None,
            name_and_more: None,
            time: None,
            link: None,
        })
    }

    fn leave(&mut self, id: NodeId) {
        if self.text == Some(id) {
            self.text = None;
        }
        let is_it = |at: &usize| self.found.get(*at).is_some_and(|entry| entry.node == id);
        if self.open.last().is_some_and(is_it) {
            self.open.pop();
        }
    }
}

/// Returns the number in an id such as `comment-58`, `li-comment-58` or `div-comment-58`.
fn number_of(element: &Element) -> Option<u64> {
    numbered(element.attribute("id")?)
}

fn numbered(id: &str) -> Option<u64> {
    let (_, number) = id.rsplit_once("comment-")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse().ok())?
}

/// Returns the number of the comment that an address leads to.
fn linked_comment(address: &str) -> Option<u64> {
    let (_, fragment) = address.rsplit_once('#')?;
    fragment
        .starts_with("comment-")
        .then(|| numbered(fragment))?
}

/// Returns the level in a class such as `depth-2`.
fn level_of(element: &Element) -> Option<usize> {
    classes(element).find_map(|class| class.strip_prefix("depth-")?.parse().ok())
}

fn name_of(tree: &Dom, entry: &Entry, entries: &HashSet<NodeId>) -> String {
    let Some(node) = entry.name.or(entry.name_and_more) else {
        return String::new();
    };
    let text = markup::text(tree, node, LONGEST_NAME, |id, element| {
        entries.contains(&id) || has_one_of(element, &BESIDE_NAME)
    });
    let name = in_one_line(&text);
    // Some themes go on: `Ruth Amadi, 9 April`.
    name.trim_end_matches([',', ':']).trim_end().to_owned()
}

fn text_of(tree: &Dom, entry: &Entry, entries: &HashSet<NodeId>) -> String {
    let (node, around): (NodeId, &[&str]) = match entry.text {
        Some(text) => (text, &IN_TEXT),
        None => (entry.body.unwrap_or(entry.node), &AROUND),
    };
    markup::inner_html(tree, node, |id, element| {
        entries.contains(&id)
            || has_one_of(element, around)
            || entry.text.is_none() && NO_TEXT.contains(&element.name())
    })
}

fn address_of(tree: &Dom, entry: &Entry, number: u64, base: &Url) -> String {
    let told = entry.link.and_then(|link| {
        let address = tree.element(link)?.attribute("href")?;
        base.join(address.trim()).ok()
    });
    told.filter(|url| matches!(url.scheme(), "http" | "https"))
        .unwrap_or_else(|| {
            let mut url = base.clone();
            url.set_fragment(Some(&format!("comment-{number}")));
            url
        })
        .into()
}
