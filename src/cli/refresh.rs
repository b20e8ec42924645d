//! `gazette refresh`.

use std::cell::RefCell;

use indicatif::{ProgressBar, ProgressStyle};

use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::platform::Signals;
use crate::polite::Urgency;
use crate::services::comments::{self, Followed};
use crate::services::pages::{self, Fetched};
use crate::services::refresh::{
    self, Done, Event, Report, Request, Status, Summary, shown_address,
};
use crate::services::{Parts, dates, upkeep};
use crate::store::Store;

use super::out::{Ended, Out, Stopped};
use super::{Format, RefreshArgs, json};

pub(super) fn run(parts: &Parts<'_>, arguments: &RefreshArgs, out: &mut Out) -> Ended {
    let signals = Signals::listen().map_err(|error| {
        Problem::new(Exit::Failed, "signals cannot be heard").because_of(&error)
    })?;
    let ended = heeding(&signals, parts, arguments, out);
    match (signals.received(), ended) {
        (Some(number), Err(Stopped::Problems(problems))) => {
            for problem in &problems {
                out.problem(problem);
            }
            Err(Stopped::Signal(number))
        }
        (_, ended) => ended,
    }
}

/// Refreshes, and stops in order where a signal comes.
fn heeding(signals: &Signals, parts: &Parts<'_>, arguments: &RefreshArgs, out: &mut Out) -> Ended {
    let request = Request {
        sections: arguments.sections.clone(),
        feeds: arguments.feeds.clone(),
        urgency: if arguments.force {
            Urgency::Forced
        } else {
            Urgency::Usual
        },
    };
    let mut store = Store::open(parts.data_dir).map_err(Problem::from)?;
    let said: RefCell<Result<(), Stopped>> = RefCell::new(Ok(()));
    let mut progress = Progress::hidden();
    let talks = arguments.format == Format::Text && !arguments.quiet;
    // Where nobody reads any more there is nothing left to do either.
    let stop = || signals.received().is_some() || said.borrow().is_err();
    let Done { summary, fault } = refresh::refresh(
        parts,
        &mut store,
        &request,
        &stop,
        &mut |event| match event {
            Event::Begun { polls } if talks => {
                progress = Progress::new("Refreshing", polls, "feeds");
            }
            Event::Begun { .. } => {}
            Event::Feed(report) => {
                let told = progress.aside(|| tell(report, arguments, parts, out));
                progress.advance();
                if told.is_err() {
                    *said.borrow_mut() = told;
                }
            }
        },
    )?;
    progress.clear();
    said.into_inner()?;
    let stop = || signals.received().is_some();
    let pages = if summary.stopped {
        Ok(None)
    } else {
        fetch_pages(parts, &mut store, &request, talks, &stop)
    };
    let (fetched, unfetched) = match pages {
        Ok(fetched) => (fetched, None),
        Err(problem) => (None, Some(problem)),
    };
    let followed = if summary.stopped || stop() {
        Ok(Followed::default())
    } else {
        comments::follow_up(parts, &mut store, &request, &stop, &mut || {})
    };
    let (followed, unfollowed) = match followed {
        Ok(followed) => (followed, None),
        Err(problem) => (Followed::default(), Some(problem)),
    };
    match (arguments.format, arguments.quiet) {
        (Format::Json, _) => {
            if let Some(fetched) = &fetched {
                out.json(&json::PrefetchJson::new(fetched))?;
            }
            if !followed.is_empty() {
                out.json(&json::FollowedJson::new(&followed))?;
            }
            out.json(&json::SummaryJson::new(&summary))?;
        }
        (Format::Text, false) => {
            for line in followed_in_words(&followed) {
                out.line(&line)?;
            }
            let text = in_words(&summary, fetched.as_ref());
            out.line(&SafeText::line(&text))?;
        }
        (Format::Text, true) => {}
    }
    out.flush()?;
    let upkeep = if summary.stopped {
        Ok(())
    } else {
        upkeep::keep_up(parts, &mut store, &stop)
    };
    if let Some(number) = signals.received() {
        return Err(Stopped::Signal(number));
    }
    let undone = fault.or(unfetched).or(unfollowed).or(upkeep.err());
    if let Some(problem) = &undone {
        out.problem(problem);
    }
    Ok(match summary.failed {
        0 if undone.is_none() => Exit::Done,
        failed if failed > 0 && failed == summary.polled => Exit::Failed,
        _ => Exit::Partly,
    })
}

/// Fetches the pages that are wanted, with a bar of their own where somebody looks.
fn fetch_pages(
    parts: &Parts<'_>,
    store: &mut Store,
    request: &Request,
    talks: bool,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Fetched>, Problem> {
    let plan = pages::plan_ahead(parts, store, request)?;
    if plan.is_empty() {
        return Ok(None);
    }
    let progress = if talks && plan.pages() > 0 {
        Progress::new("Fetching", plan.pages(), "pages")
    } else {
        Progress::hidden()
    };
    let fetched = pages::fetch(parts, store, plan, stop, &mut || progress.advance());
    progress.clear();
    fetched.map(Some)
}

/// Says what became of one feed.
fn tell(
    report: &Report,
    arguments: &RefreshArgs,
    parts: &Parts<'_>,
    out: &mut Out,
) -> Result<(), Stopped> {
    if arguments.format == Format::Json {
        out.json(&json::ReportJson::new(report))?;
        return out.flush();
    }
    if let Some(error) = &report.error {
        let what = format!("{} was not refreshed", named(report, Naming::InFull));
        let mut problem = Problem::new(Exit::Failed, &what).because(error.as_str());
        if let Some(next) = report.next_check {
            let now = (parts.clock)();
            problem = problem.hint(&format!(
                "next try {}",
                dates::in_facts(next, now, &parts.zone)
            ));
        }
        out.problem(&problem);
        return Ok(());
    }
    if arguments.quiet {
        return Ok(());
    }
    let text = match report.status {
        Status::NotDue | Status::Unchanged | Status::Failed => return Ok(()),
        Status::New => counts(report.new, report.updated),
        Status::Moved => format!(
            "moved to {}, {}",
            report.url,
            counts(report.new, report.updated)
        ),
        Status::Gone => match &report.gone {
            Some(reason) => format!("{reason}; it is not polled any more"),
            // It was said when it was found out.
            None => return Ok(()),
        },
    };
    out.line(&SafeText::line(&format!(
        "{}: {text}",
        named(report, Naming::Short)
    )))?;
    out.flush()
}

/// How much of a feed's name is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// The title.
    Short,
    /// The title and the address.
    InFull,
}

/// Returns a feed's name: its address where it has no title.
fn named(report: &Report, naming: Naming) -> String {
    match (&report.title, naming) {
        (None, _) => shown_address(&report.feed),
        (Some(title), Naming::Short) => title.clone(),
        (Some(title), Naming::InFull) => format!("{title} ({})", shown_address(&report.feed)),
    }
}

fn counts(new: u32, updated: u32) -> String {
    match updated {
        0 => format!("{new} new"),
        _ => format!("{new} new, {updated} updated"),
    }
}

fn in_words(summary: &Summary, fetched: Option<&Fetched>) -> String {
    let feeds = |count: usize| {
        if count == 1 {
            "1 feed".to_owned()
        } else {
            format!("{count} feeds")
        }
    };
    if summary.stopped {
        return format!(
            "Stopped: {} in {}",
            counts(summary.new, summary.updated),
            feeds(summary.polled)
        );
    }
    let pages = fetched.map(|fetched| format!(" · {}", pages_in_words(fetched)));
    let pages = pages.unwrap_or_default();
    if summary.polled == 0 {
        return format!(
            "Nothing due in {}; --force asks anyway{pages}",
            feeds(summary.feeds)
        );
    }
    let mut text = format!(
        "{} in {}",
        counts(summary.new, summary.updated),
        feeds(summary.polled)
    );
    if summary.failed > 0 {
        text.push_str(&format!(" · {} failed", summary.failed));
    }
    text.push_str(&pages);
    text.push_str(&format!(
        " · {}.{} s",
        summary.elapsed_ms / 1000,
        summary.elapsed_ms % 1000 / 100
    ));
    text
}

/// Says what came of the pages: `12 pages stored, 1 failed, 30 left`.
fn pages_in_words(fetched: &Fetched) -> String {
    let noun = if fetched.fetched == 1 {
        "page"
    } else {
        "pages"
    };
    let mut text = format!("{} {noun} stored", fetched.fetched);
    for (count, what) in [(fetched.failed, "failed"), (fetched.left, "left")] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}

/// Says what came of comments, a line for each that was sent.
fn followed_in_words(followed: &Followed) -> Vec<SafeText> {
    let Followed { sent, read } = followed;
    let mut lines: Vec<SafeText> = (sent.sent.iter())
        .map(|(_, state)| SafeText::line(&format!("Your comment: {}", comments::outcome(state))))
        .collect();
    if let Some(why) = &sent.why {
        let noun = if sent.waiting == 1 {
            "comment waits"
        } else {
            "comments wait"
        };
        lines.push(SafeText::line(&format!("{} {noun}: {why}", sent.waiting)));
    }
    if read.new > 0 {
        let noun = if read.new == 1 { "comment" } else { "comments" };
        lines.push(SafeText::line(&format!("{} new {noun}", read.new)));
    }
    lines
}

/// A bar on the terminal at standard error, if there is one.
struct Progress(ProgressBar);

impl Progress {
    fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    fn new(doing: &str, count: usize, what: &str) -> Self {
        let bar = ProgressBar::new(count as u64);
        let template = format!("{doing} {{pos}} of {{len}} {what} [{{bar:30}}] {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    fn advance(&self) {
        self.0.inc(1);
    }

    /// Takes the bar away while lines are printed.
    fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}
