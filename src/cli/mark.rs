//! `gazette mark`.

use std::collections::HashSet;

use crate::model::article::{ArticleId, Mark};
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::services::reading;
use crate::services::subscriptions::Subscriptions;
use crate::services::{Parts, dates};
use crate::store::{CutShort, Reader, Store};

use super::out::{Ended, Out};
use super::{MarkArgs, MarkName};

pub(super) fn run(parts: &Parts<'_>, arguments: &MarkArgs, out: &mut Out) -> Ended {
    let (mark, word) = match arguments.mark {
        MarkName::Read => (Mark::Read, "marked read"),
        MarkName::Unread => (Mark::Unread, "marked unread"),
        MarkName::Star => (Mark::Star, "starred"),
        MarkName::Unstar => (Mark::Unstar, "no longer starred"),
    };
    if arguments.ids.is_empty() {
        return by_place(parts, arguments, mark, word, out);
    }
    let mut once = HashSet::new();
    let ids = arguments.ids.iter().copied().filter(|id| once.insert(*id));
    let ids: Vec<ArticleId> = ids.map(ArticleId).collect();
    let mut store = Store::open(parts.data_dir).map_err(Problem::from)?;
    let marked = match reading::mark(&mut store, &ids, mark, (parts.clock)()) {
        Ok(marked) => marked,
        Err(CutShort { done, source }) => {
            return cut_short(out, done.done.len(), word, source.problem());
        }
    };
    let exit = match (marked.done.is_empty(), marked.unknown.is_empty()) {
        (_, true) => Exit::Done,
        (true, false) => Exit::Usage,
        (false, false) => Exit::Partly,
    };
    if !marked.done.is_empty() {
        say(out, marked.done.len(), word)?;
        out.flush()?;
    }
    if !marked.unknown.is_empty() {
        let unknown: Vec<String> = marked.unknown.iter().map(|id| id.0.to_string()).collect();
        let what = match unknown.len() {
            1 => format!("no article has the id {}", unknown.concat()),
            _ => format!("no articles have the ids {}", unknown.join(", ")),
        };
        out.problem(&Problem::new(exit, &what).hint("`gazette list` shows the ids"));
    }
    Ok(exit)
}

fn by_place(
    parts: &Parts<'_>,
    arguments: &MarkArgs,
    mark: Mark,
    word: &str,
    out: &mut Out,
) -> Ended {
    let place = arguments.place.place();
    if place.section.is_none() && place.feed.is_none() && arguments.before.is_none() {
        return Err(Problem::new(Exit::Usage, "no article is named")
            .hint("give ids, or --section, --feed or --before")
            .into());
    }
    let before = arguments
        .before
        .as_deref()
        .map(|text| dates::parse_when(text, (parts.clock)(), &parts.zone))
        .transpose()?;
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let feeds = Subscriptions::load(parts.config, &reader)?;
    let scope = place.scope(parts.config, &feeds)?;
    drop(reader);
    let mut store = Store::open(parts.data_dir).map_err(Problem::from)?;
    let many = |count| usize::try_from(count).unwrap_or(usize::MAX);
    match reading::mark_all(&mut store, &scope, before, mark) {
        Ok(changed) => say(out, many(changed), word)?,
        Err(CutShort { done, source }) => {
            return cut_short(out, many(done), word, source.problem());
        }
    }
    Ok(Exit::Done)
}

/// Tells of marking that could not be done to its end: what is stored, and why no more is.
fn cut_short(out: &mut Out, done: usize, word: &str, mut problem: Problem) -> Ended {
    if done == 0 {
        return Err(problem.into());
    }
    say(out, done, word)?;
    out.flush()?;
    problem.exit = Exit::Partly;
    Err(problem.into())
}

fn say(out: &mut Out, count: usize, word: &str) -> Result<(), super::out::Stopped> {
    let articles = if count == 1 { "article" } else { "articles" };
    out.line(&SafeText::line(&format!("{count} {articles} {word}")))
}
