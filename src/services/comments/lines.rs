//! The comments of an article as lines of text.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::conversation::{Conversation, Entry, EntryId};
use crate::html;
use crate::model::comment::{DraftState, Place, Refusal, Why};
use crate::model::text::{SafeText, in_one_line};
use crate::services::dates;

/// How many columns a reply stands further in than what it answers.
const STEP: usize = 2;

/// As deep as this comments are moved in; deeper ones say how deep they stand.
const DEEPEST: u32 = 8;

/// The least number of columns for the text of a comment.
const LEAST_WIDTH: usize = 20;

/// Sets a conversation in lines of at most `width` columns (20 to 500), as `gazette comments` prints
/// them: a heading, then each comment below who wrote it and when.
pub fn lay_out(
    conversation: &Conversation,
    width: usize,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<SafeText> {
    let mut lines = wrapped(conversation.title.as_str(), width);
    lines.push(SafeText::line(&conversation.heading()));
    lines.extend((conversation.remarks.iter()).flat_map(|remark| wrapped(remark.as_str(), width)));
    for entry in &conversation.entries {
        lines.push(SafeText::default());
        let indent = " ".repeat(STEP * entry.depth.min(DEEPEST).saturating_sub(1) as usize);
        let room = width.saturating_sub(indent.len()).max(LEAST_WIDTH);
        let mut own = wrapped(&facts(entry, now, zone), room);
        let remarks = [entry.remark_above(), entry.remark_below()];
        let remarks = remarks.iter().flatten();
        own.extend(remarks.flat_map(|line| wrapped(line, room)));
        let text = html::render(&entry.text, room);
        let text = text
            .lines
            .iter()
            .map(|line| SafeText::line(line.text().trim_end()));
        own.extend(text);
        lines.extend(
            own.iter()
                .map(|line| SafeText::line(format!("{indent}{line}").trim_end())),
        );
    }
    lines
}

/// Returns what stands above a comment: who, when, how many replies, where it stands, its name.
fn facts(entry: &Entry, now: Timestamp, zone: &TimeZone) -> String {
    let mut facts = vec![entry.author.as_str().to_owned()];
    if entry.by_author {
        facts.push("author of the article".to_owned());
    }
    match &entry.own {
        Some(own) => facts.push(standing(&own.state, entry.at, now, zone)),
        None => facts.extend(entry.at.map(|at| dates::ago(at, now, zone))),
    }
    match entry.replies {
        0 => {}
        1 => facts.push("1 reply".to_owned()),
        replies => facts.push(format!("{replies} replies")),
    }
    if entry.depth > DEEPEST {
        facts.push(format!("depth {}", entry.depth));
    }
    if entry.is_new {
        facts.push("new".to_owned());
    }
    if let EntryId::Theirs(id) = &entry.id {
        facts.push(format!("#{id}"));
    }
    facts.join(" · ")
}

impl Entry {
    /// Returns what is to be said before a comment's text, where anything is.
    pub fn remark_above(&self) -> Option<&str> {
        let is_orphan = self.place == Place::Orphan;
        is_orphan.then_some("In reply to a comment that the site no longer shows")
    }

    /// Returns what is to be said of how far one of the reader's own has come, where more is than
    /// [`standing`] does.
    pub fn remark_below(&self) -> Option<&str> {
        match &self.own.as_ref()?.state {
            DraftState::Held(_) => {
                Some("Held: the site shows it once a moderator has approved it.")
            }
            DraftState::Refused(refusal) if !refusal.words.is_empty() => Some(&refusal.words),
            _ => None,
        }
    }
}

/// Returns how far a comment of the reader's own has come, in words: `held since 11:52`.
pub fn standing(
    state: &DraftState,
    at: Option<Timestamp>,
    now: Timestamp,
    zone: &TimeZone,
) -> String {
    match state {
        DraftState::Draft => "draft, not sent".to_owned(),
        DraftState::Waiting => "waiting for the network".to_owned(),
        DraftState::Sending => "sending".to_owned(),
        DraftState::Published(_) => "published".to_owned(),
        DraftState::Held(_) => match at {
            Some(at) => format!("held since {}", dates::in_row(at, now, zone)),
            None => "held".to_owned(),
        },
        DraftState::Refused(refusal) => format!("refused: {}", reason(refusal)),
        DraftState::Unknown => "unknown: sent, no answer".to_owned(),
    }
}

/// Returns what became of a comment that was sent, in a sentence: the site's own words where it
/// refuses it.
pub fn outcome(state: &DraftState) -> String {
    match state {
        DraftState::Published(_) => "Published".to_owned(),
        DraftState::Held(_) => {
            "Held: the site shows it once a moderator has approved it".to_owned()
        }
        DraftState::Refused(refusal) if refusal.words.is_empty() => {
            format!("Not sent: {}. The draft is kept", reason(refusal))
        }
        DraftState::Refused(refusal) if refusal.why == Why::Captcha => {
            format!("{}: {}", reason(refusal), refusal.words)
        }
        DraftState::Refused(refusal) => refusal.words.clone(),
        DraftState::Unknown => {
            "Sent, but no clear answer came. Sending it again is safe: the site says if it has it"
                .to_owned()
        }
        DraftState::Waiting => "Waiting for the network".to_owned(),
        DraftState::Draft | DraftState::Sending => "Not sent yet".to_owned(),
    }
}

/// Returns why a site doesn't take a comment, in a few words.
pub fn reason(refusal: &Refusal) -> &'static str {
    match refusal.why {
        Why::Closed => "comments are closed",
        Why::MustLogIn => "only for accounts of the site",
        Why::Captcha => "the page asks for a proof that a browser must give",
        Why::Duplicate => "already said",
        Why::TooFast => "too soon after the last one",
        Why::Invalid => "something lacks or is wrong",
        Why::Password => "the site doesn’t take the password",
        Why::Other => "the site doesn’t take it",
    }
}

/// Sets one line of text in lines.
fn wrapped(text: &str, width: usize) -> Vec<SafeText> {
    let paragraph = html::parse(
        &format!("<p>{}</p>", html::escaped(&in_one_line(text))),
        None,
    );
    let set = html::render(&paragraph, width.max(LEAST_WIDTH));
    // A name that is written from right to left moves nothing to the right edge.
    set.lines
        .iter()
        .map(|line| SafeText::line(line.text().trim()))
        .collect()
}

impl Conversation {
    /// Returns how many comments there are, in words: `12 comments in 4 threads`.
    pub fn heading(&self) -> String {
        if let Some(service) = self.elsewhere.as_ref().filter(|_| self.comments == 0) {
            return format!("Comments at {service}");
        }
        match (self.comments, self.threads, self.fetched) {
            (0, _, Some(_)) => "No comments yet".to_owned(),
            (0, _, None) if self.site.as_str().is_empty() => {
                "No comments: the article has no web address".to_owned()
            }
            (0, _, None) => "The comments haven’t been read yet".to_owned(),
            (1, ..) => "1 comment".to_owned(),
            (comments, 1, _) => format!("{comments} comments in 1 thread"),
            (comments, threads, _) => format!("{comments} comments in {threads} threads"),
        }
    }
}
