//! The comments of an article as they are shown: those of others, with the reader's own in place.

use std::collections::HashMap;

use jiff::Timestamp;
use url::Url;

use crate::html;
use crate::model::article::ArticleId;
use crate::model::comment::{
    Comment, CommentId, Draft, DraftId, DraftState, Openness, Place, ThreadFacts, Way, Words,
};
use crate::model::document::Document;
use crate::model::text::SafeText;
use crate::threads;

/// The comments of an article, ready to be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The article.
    pub article: ArticleId,
    /// Its title, in one line.
    pub title: SafeText,
    /// Its web address.
    pub permalink: Option<String>,
    /// The host that comments are read from and sent to; empty where the article has no address.
    pub site: SafeText,
    /// The comments in the order of a thread, the reader's own among them.
    pub entries: Vec<Entry>,
    /// How many of them the site shows.
    pub comments: usize,
    /// How many threads those are in.
    pub threads: usize,
    /// What a reader should know of them, a sentence each: why there are fewer than the feed counts,
    /// that older ones may be missing, that they are closed or elsewhere.
    pub remarks: Vec<SafeText>,
    /// Whether the article takes comments.
    pub openness: Openness,
    /// The service that has the comments, where that is none that can be read.
    pub elsewhere: Option<SafeText>,
    /// When they were last read from the site; none where they never were.
    pub fetched: Option<Timestamp>,
}

/// What is shown of one comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which comment it is.
    pub id: EntryId,
    /// How deep it stands, from 1.
    pub depth: u32,
    /// Who wrote it; `You` for the reader's own, `Anon` where nobody is named.
    pub author: SafeText,
    /// Whether that is who wrote the article.
    pub by_author: bool,
    /// When it was published, or last written.
    pub at: Option<Timestamp>,
    /// What it says.
    pub text: Document,
    /// Its web address.
    pub url: Option<String>,
    /// How many comments stand below it, at any depth.
    pub replies: u32,
    /// Where it stands.
    pub place: Place,
    /// Whether it came since the reader's last visit.
    pub is_new: bool,
    /// What became of it, where it is the reader's own.
    pub own: Option<Own>,
}

/// Which comment an entry shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EntryId {
    /// One that the site shows.
    Theirs(CommentId),
    /// One of the reader's own that the site doesn't show.
    Own(DraftId),
}

/// One of the reader's own comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its number.
    pub id: DraftId,
    /// How far it has come.
    pub state: DraftState,
    /// The comment that it answers.
    pub reply_to: Option<CommentId>,
    /// What it says, as it was typed.
    pub words: Words,
}

/// What a conversation is made of.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The comments, and when each was first seen.
    pub comments: Vec<(Comment, Timestamp)>,
    /// What is known besides.
    pub facts: ThreadFacts,
    /// When the comments were last read from the site.
    pub fetched: Option<Timestamp>,
    /// The reader's last visit to the comments.
    pub visited: Option<Timestamp>,
    /// The reader's own comments, the oldest first.
    pub drafts: Vec<Draft>,
}

/// The article that comments are about.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Its number.
    pub article: ArticleId,
    /// Its title.
    pub title: &'a str,
    /// Its web address.
    pub permalink: Option<&'a str>,
    /// Its author.
    pub byline: Option<&'a str>,
    /// How many comments its feed counts.
    pub counted: Option<u32>,
}

impl Conversation {
    /// Puts together what is shown.
    pub fn new(about: &About<'_>, heard: Heard) -> Self {
        let mut first_seen: HashMap<CommentId, Timestamp> = HashMap::new();
        let mut comments = Vec::with_capacity(heard.comments.len());
        for (comment, seen) in heard.comments {
            first_seen.insert(comment.id.clone(), seen);
            comments.push(comment);
        }
        let base = about.permalink.and_then(|address| Url::parse(address).ok());
        let thread = threads::thread(comments);
        let is_new = |id: &CommentId| {
            let seen = first_seen.get(id);
            (heard.visited.zip(seen)).is_some_and(|(visited, seen)| *seen > visited)
        };
        let entries = thread.comments.into_iter().map(|one| Entry {
            is_new: is_new(&one.comment.id),
            by_author: one.comment.by_author || is_named_so(&one.comment.author, about.byline),
            author: name_of(&one.comment.author),
            at: one.comment.published,
            text: html::parse(&one.comment.html, base.as_ref()),
            url: one.comment.url,
            id: EntryId::Theirs(one.comment.id),
            depth: one.depth,
            replies: one.replies,
            place: one.place,
            own: None,
        });
        let mut shown = Self {
            article: about.article,
            title: SafeText::line(about.title),
            permalink: about.permalink.map(str::to_owned),
            site: SafeText::line(base.as_ref().and_then(Url::host_str).unwrap_or_default()),
            entries: entries.collect(),
            comments: 0,
            threads: 0,
            remarks: Vec::new(),
            openness: heard.facts.openness,
            elsewhere: heard.facts.elsewhere.as_deref().map(SafeText::line),
            fetched: heard.fetched,
        };
        shown.comments = shown.entries.len();
        shown.threads = (shown.entries.iter())
            .filter(|entry| entry.depth == 1)
            .count();
        shown.remarks = remarks(about, &heard.facts, &shown);
        for draft in heard.drafts {
            shown.add(draft);
        }
        shown
    }

    /// Puts one of the reader's own comments where it belongs: as the last answer to what it
    /// answers, or at the end.
    fn add(&mut self, draft: Draft) {
        let own = Own {
            id: draft.id,
            state: draft.state,
            reply_to: draft.reply_to,
            words: draft.words,
        };
        let published = match &own.state {
            DraftState::Published(receipt) | DraftState::Held(receipt) => receipt.id.clone(),
            _ => None,
        };
        let shown = published.map(EntryId::Theirs).and_then(|id| {
            let is_it = |entry: &&mut Entry| entry.id == id;
            self.entries.iter_mut().find(is_it)
        });
        if let Some(entry) = shown {
            entry.author = you();
            entry.is_new = false;
            // A moderator has approved of it meanwhile.
            let state = match own.state {
                DraftState::Held(receipt) => DraftState::Published(receipt),
                state => state,
            };
            entry.own = Some(Own { state, ..own });
            return;
        }
        let parent = own.reply_to.as_ref().map(|id| {
            let is_parent =
                |entry: &Entry| matches!(&entry.id, EntryId::Theirs(theirs) if theirs == id);
            self.entries.iter().position(is_parent)
        });
        let (at, depth, place) = match parent {
            Some(Some(parent)) => {
                let depth = self.entries[parent].depth;
                let below = self.entries[parent + 1..].iter();
                let end = parent + 1 + below.take_while(|entry| entry.depth > depth).count();
                self.count_reply(parent);
                (end, depth + 1, Place::Reply)
            }
            Some(None) => (self.entries.len(), 1, Place::Orphan),
            None => (self.entries.len(), 1, Place::First),
        };
        self.entries.insert(
            at,
            Entry {
                id: EntryId::Own(own.id),
                depth,
                author: you(),
                by_author: false,
                at: Some(draft.changed),
                text: html::parse(&as_html(&own.words.text), None),
                url: None,
                replies: 0,
                place,
                is_new: false,
                own: Some(own),
            },
        );
    }

    /// Counts one answer more at an entry and at all that it stands below.
    fn count_reply(&mut self, at: usize) {
        let mut depth = self.entries[at].depth + 1;
        for entry in self.entries[..=at].iter_mut().rev() {
            if entry.depth < depth {
                entry.replies += 1;
                depth = entry.depth;
            }
        }
    }

    /// Returns how many comments came since the reader's last visit.
    pub fn new_ones(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_new).count()
    }
}

/// Returns text as HTML that shows it as it was typed: a blank line parts paragraphs.
fn as_html(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut html = String::with_capacity(text.len() + 16);
    for paragraph in text.split("\n\n").map(str::trim) {
        if !paragraph.is_empty() {
            html.push_str("<p>");
            html.push_str(&html::escaped(paragraph).replace('\n', "<br>"));
            html.push_str("</p>");
        }
    }
    html
}

fn you() -> SafeText {
    SafeText::line("You")
}

fn name_of(author: &str) -> SafeText {
    let name = author.trim();
    SafeText::line(if name.is_empty() { "Anon" } else { name })
}

/// Whether an article's author has this name.
fn is_named_so(name: &str, byline: Option<&str>) -> bool {
    let name = name.trim();
    !name.is_empty() && byline.is_some_and(|byline| byline.trim() == name)
}

/// Returns what a reader should know, a sentence each.
fn remarks(about: &About<'_>, facts: &ThreadFacts, shown: &Conversation) -> Vec<SafeText> {
    let mut said = Vec::new();
    if let Some(service) = &facts.elsewhere {
        said.push(format!(
            "The comments are at {service}, which Gazette doesn’t read · o opens the page"
        ));
    }
    let links = facts.pingbacks.unwrap_or_default();
    let counted = about.counted.map_or(0, |counted| counted as usize);
    if shown.fetched.is_some() && facts.elsewhere.is_none() {
        let lacking = counted.saturating_sub(shown.comments);
        if links > 0 {
            let links = plural(
                links as usize,
                "link from another page",
                "links from other pages",
            );
            said.push(format!("The site counts {links} as well (pingbacks)"));
        } else if lacking > 0 && !facts.is_partial {
            let why = match facts.way {
                Some(Way::Rest) => {
                    Some("with links from other pages (pingbacks), which are not shown")
                }
                Some(Way::Pages) => Some("the site’s pages show no more than these"),
                Some(Way::Feed | Way::Discourse) | None => None,
            };
            said.extend(why.map(|why| format!("The feed counts {counted}: {why}")));
        }
    }
    if facts.is_partial {
        let why = match facts.way {
            Some(Way::Feed) => "The site gives only its newest comments; older ones may be missing",
            _ => "Some comments could not be read; others may be missing",
        };
        said.push(why.to_owned());
    }
    match facts.openness {
        Openness::Closed => said.push("Comments are closed".to_owned()),
        Openness::Accounts => said.push("Only accounts of the site may comment".to_owned()),
        // Nothing tells of comments there: they may come by script, or not at all.
        Openness::Unknown
            if shown.fetched.is_some()
                && shown.comments == 0
                && facts.elsewhere.is_none()
                && facts.way == Some(Way::Pages) =>
        {
            said.push("The page shows no comments and no form for them · o opens it".to_owned());
        }
        Openness::Open | Openness::Unknown => {}
    }
    said.iter().map(|line| SafeText::line(line)).collect()
}

fn plural(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}
