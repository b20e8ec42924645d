//! `gazette comments`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::model::article::ArticleId;
use crate::model::comment::{CommentId, DraftState, Refusal, Why, Words};
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::services::comments::{self, Conversation, Sent};
use crate::services::{Connection, Parts};
use crate::store::{Reader, Store};

use super::json::{CommentJson, SentJson};
use super::out::{Ended, Out};
use super::show::default_width;
use super::{CommentsArgs, Format};

pub(super) fn run(parts: &Parts<'_>, arguments: &CommentsArgs, out: &mut Out) -> Ended {
    let id = ArticleId(arguments.id);
    if let Some(file) = &arguments.post {
        return post(parts, id, file, arguments, out);
    }
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let stored = comments::conversation(parts, &reader, id)?;
    if arguments.refresh || is_wanted(parts, &stored) {
        let mut store = Store::open(parts.data_dir).map_err(Problem::from)?;
        comments::fetch(parts, &mut store, id, &|| false)?;
    }
    let shown = comments::conversation(parts, &reader, id)?;
    match arguments.format {
        Format::Json => {
            for one in &comments::thread(&reader, id)?.comments {
                out.json(&CommentJson::new(one))?;
            }
        }
        Format::Text => {
            let measure = usize::from(parts.config.ui.text_width);
            let width = default_width(measure, out.columns);
            for line in comments::lay_out(&shown, width, (parts.clock)(), &parts.zone) {
                out.line(&line)?;
            }
        }
    }
    out.flush()?;
    if shown.fetched.is_some() {
        let visited = Store::open(parts.data_dir)
            .map_err(Problem::from)
            .and_then(|mut store| comments::visit(&mut store, id, (parts.clock)()));
        // Reading goes on where nothing can be written.
        if let Err(problem) = visited {
            tracing::warn!(what = %problem.what, "the visit was not noted");
        }
    }
    Ok(Exit::Done)
}

/// Sends a comment and says what became of it.
fn post(
    parts: &Parts<'_>,
    id: ArticleId,
    file: &Path,
    arguments: &CommentsArgs,
    out: &mut Out,
) -> Ended {
    let mut store = Store::open(parts.data_dir).map_err(Problem::from)?;
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    comments::conversation(parts, &reader, id)?;
    let words = Words {
        text: text_of(file)?,
        ..comments::author(parts.config)
    };
    if words.text.is_empty() {
        let refusal = Refusal {
            why: Why::Invalid,
            words: "the comment has no text".to_owned(),
        };
        return tell(&DraftState::Refused(refusal), arguments.format, out);
    }
    let reply_to = arguments.reply_to.clone().map(CommentId);
    let checked = match &reply_to {
        Some(parent) if parts.connection == Connection::Online => {
            check_parent(parts, &mut store, &reader, id, parent)
        }
        _ => Ok(()),
    };
    let checked = match checked {
        // A number that was mistyped is no comment's.
        Err(problem) if problem.exit == Exit::Usage => return Err(problem.into()),
        // Where the site can't be asked the text is kept.
        checked => checked,
    };
    let now = (parts.clock)();
    let draft = comments::keep_to_send(&mut store, id, reply_to.as_ref(), &words, now)?;
    if parts.connection == Connection::Offline {
        return Err(Problem::new(Exit::Failed, "offline").hint(KEPT).into());
    }
    if let Err(problem) = checked {
        return Err(problem.hint(KEPT).into());
    }
    comments::release(parts, &mut store, draft)?;
    let state = match comments::send(parts, &mut store, draft, &|| false)? {
        Sent::Settled(state) => state,
        Sent::Unsent(why) => {
            comments::hold_back(&mut store, draft, (parts.clock)())?;
            let problem = Problem::new(Exit::Failed, "the comment was not sent");
            return Err(problem.because(why.as_str()).hint(KEPT).into());
        }
        Sent::Nothing => {
            let what = "the comment was not sent: another process sends it";
            return Err(Problem::new(Exit::Failed, what).into());
        }
    };
    tell(&state, arguments.format, out)
}

/// Says what became of a comment.
fn tell(state: &DraftState, format: Format, out: &mut Out) -> Ended {
    let sent = SentJson::new(state);
    match format {
        Format::Json => out.json(&sent)?,
        Format::Text => out.line(&SafeText::line(&sent.in_words()))?,
    }
    out.flush()?;
    Ok(match state {
        DraftState::Published(_) | DraftState::Held(_) => Exit::Done,
        _ => Exit::Failed,
    })
}

/// What becomes of a comment that wasn't sent.
const KEPT: &str = "the text is kept as a draft; the same command sends it later";

/// The longest text that is read, in bytes: sites take less than a tenth of it.
const LONGEST: u64 = 1 << 20;

/// Returns the text of a file, or of standard input for `-`.
fn text_of(file: &Path) -> Result<String, Problem> {
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().take(LONGEST + 1).read_to_string(&mut text)
    } else {
        File::open(file).and_then(|open| open.take(LONGEST + 1).read_to_string(&mut text))
    };
    let failed = |why: &str| {
        let what = format!("the comment can’t be read from `{}`", file.display());
        Problem::new(Exit::Failed, &what).because(why)
    };
    read.map_err(|error| failed(&error.to_string()))?;
    if text.len() as u64 > LONGEST {
        return Err(failed("it is longer than any comment"));
    }
    Ok(text.trim().to_owned())
}

/// Checks that there is such a comment: a site takes an answer to none for one that begins a thread.
fn check_parent(
    parts: &Parts<'_>,
    store: &mut Store,
    reader: &Reader,
    id: ArticleId,
    parent: &CommentId,
) -> Result<(), Problem> {
    let is_there = |reader: &Reader| {
        let thread = comments::thread(reader, id)?;
        Ok::<_, Problem>(thread.comments.iter().any(|one| one.comment.id == *parent))
    };
    if is_there(reader)? {
        return Ok(());
    }
    comments::fetch(parts, store, id, &|| false)?;
    if is_there(reader)? {
        return Ok(());
    }
    let what = format!("no comment on this article has the number {parent}");
    Err(Problem::new(Exit::Usage, &what).hint("`gazette comments ID` shows the numbers"))
}

/// Whether comments are asked for although nobody said so: they never were, and the network may be
/// used.
fn is_wanted(parts: &Parts<'_>, stored: &Conversation) -> bool {
    stored.fetched.is_none()
        && parts.connection == Connection::Online
        && !stored.site.as_str().is_empty()
}
