//! Polls feeds: a thread for the time of a refresh, so that afterwards its memory is free again.
//!
//! It has a connection of its own that writes. SQLite lets one of two writers wait for the other,
//! and each feed is one transaction, so a mark waits for one feed's writing at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::guarded;
use super::outlet::Outlet;
use crate::config::Config;
use crate::model::article::ArticleId;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::services::pages::{self, Fetched, Plan};
use crate::services::refresh::{
    self, Done, Event, Report, Request, Status, Summary, shown_address,
};
use crate::services::{Connection, Parts, SharedParts, Stop, upkeep};
use crate::store::Store;
use crate::tui::effect::{Errand, Polls};
use crate::tui::message::{Failure, Message, Reached, Refresh, Worker};
use crate::tui::state::is_file;

/// The least time between two messages of progress.
const BETWEEN_MESSAGES: Duration = Duration::from_millis(500);

/// A refresh that runs.
#[derive(Debug)]
pub(in crate::tui) struct Refresher {
    stop: Arc<AtomicBool>,
    end: Receiver<()>,
}

impl Refresher {
    /// Starts one.
    pub(in crate::tui) fn start(
        parts: Arc<SharedParts>,
        outlet: Outlet,
        errand: Errand,
    ) -> Result<Self, Problem> {
        let stop = Arc::new(AtomicBool::new(false));
        let (ended, end) = mpsc::channel();
        let asked = Arc::clone(&stop);
        thread::Builder::new()
            .name("refresh".to_owned())
            .spawn(move || {
                let _ended: Sender<()> = ended;
                guarded(&outlet, &parts.data_dir, Worker::Refresher, || {
                    run(&parts, &outlet, &errand, &asked);
                });
            })
            .map_err(|error| {
                Problem::new(Exit::Failed, "no thread can be started").because_of(&error)
            })?;
        Ok(Self { stop, end })
    }

    /// Asks it to stop.
    pub(in crate::tui) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Waits until it has ended, for so long.
    pub(in crate::tui) fn finish(self, limit: Duration) {
        // Nothing is ever sent: the thread's end is the answer.
        let _ = self.end.recv_timeout(limit);
    }
}

/// Polls feeds or fetches pages, tells how it goes, and does what comes behind, until `stop` is set.
pub fn run(parts: &SharedParts, outlet: &Outlet, errand: &Errand, stop: &AtomicBool) {
    let stop = || stop.load(Ordering::Relaxed);
    match errand {
        Errand::Poll(polls) => poll(parts, outlet, polls, &stop),
        Errand::Fetch(articles) => fetch(parts, outlet, articles, &stop),
    }
}

/// Fetches the pages of articles.
fn fetch(parts: &SharedParts, outlet: &Outlet, articles: &[ArticleId], stop: Stop<'_>) {
    let parts = parts.parts();
    let fetched = Store::open(parts.data_dir)
        .map_err(Problem::from)
        .and_then(|mut store| {
            let plan = pages::plan_these(&parts, &mut store, articles)?;
            tell(
                outlet,
                Refresh::Fetching {
                    pages: plan.pages(),
                },
            );
            let fetched = fetch_pages(&parts, &mut store, plan, outlet, stop)?;
            Ok((store, fetched))
        });
    match fetched {
        Ok((mut store, fetched)) => {
            tell(outlet, Refresh::Fetched(fetched));
            keep_up(&parts, &mut store, stop);
        }
        Err(problem) => tell(outlet, Refresh::Failed(Box::new(problem))),
    }
}

/// Fetches the pages of a plan and tells how it goes.
fn fetch_pages(
    parts: &Parts<'_>,
    store: &mut Store,
    plan: Plan,
    outlet: &Outlet,
    stop: Stop<'_>,
) -> Result<Fetched, Problem> {
    let mut told = Instant::now();
    let mut done = 0;
    pages::fetch(parts, store, plan, stop, &mut || {
        done += 1;
        if told.elapsed() >= BETWEEN_MESSAGES {
            told = Instant::now();
            tell(outlet, Refresh::Stored { done });
        }
    })
}

fn tell(outlet: &Outlet, refresh: Refresh) {
    outlet.tell(Message::Refresh(refresh));
}

/// Prunes, indexes and shrinks; what isn't done when the program ends, the next refresh takes up.
fn keep_up(parts: &Parts<'_>, store: &mut Store, stop: Stop<'_>) {
    if let Err(problem) = upkeep::keep_up(parts, store, stop) {
        tracing::warn!(what = %problem.what, causes = ?problem.causes, "upkeep failed");
    }
}

/// Polls feeds, then fetches the pages that are wanted of them.
fn poll(parts: &SharedParts, outlet: &Outlet, polls: &Polls, stop: Stop<'_>) {
    let tell = |refresh| tell(outlet, refresh);
    let Some(request) = request(&parts.config, parts.connection, polls) else {
        tell(Refresh::Done {
            summary: Summary::default(),
            failure: None,
            reached: Reached::Some,
            pages: 0,
        });
        return;
    };
    let mut store = match Store::open(&parts.data_dir) {
        Ok(store) => store,
        Err(error) => return tell(Refresh::Failed(Box::new(error.problem()))),
    };
    let mut course = Course::default();
    let done = refresh::refresh(&parts.parts(), &mut store, &request, stop, &mut |event| {
        if let Some(progress) = course.note(&event, Instant::now()) {
            tell(progress);
        }
    });
    let Done { summary, fault } = match done {
        Ok(done) => done,
        Err(problem) => return tell(Refresh::Failed(Box::new(problem))),
    };
    let parts = parts.parts();
    let plan = if summary.stopped {
        Ok(Plan::default())
    } else {
        pages::plan_ahead(&parts, &mut store, &request)
    };
    let (plan, unplanned) = match plan {
        Ok(plan) => (plan, None),
        Err(problem) => (Plan::default(), Some(problem)),
    };
    let pages = plan.pages();
    tell(Refresh::Done {
        summary,
        reached: course.reached(),
        failure: course.failure,
        pages,
    });
    if let Some(fault) = fault.or(unplanned) {
        tell(Refresh::Failed(Box::new(fault)));
    }
    // The news is on the screen by now.
    if pages > 0 {
        match fetch_pages(&parts, &mut store, plan, outlet, stop) {
            Ok(fetched) => tell(Refresh::Fetched(fetched)),
            Err(problem) => tell(Refresh::Failed(Box::new(problem))),
        }
    }
    keep_up(&parts, &mut store, stop);
}

/// Returns which feeds to poll; offline these are files alone, and nothing where there are none.
pub(super) fn request(config: &Config, connection: Connection, polls: &Polls) -> Option<Request> {
    let section = match polls.section {
        Some(section) => Some(config.sections.get(section)?),
        None => None,
    };
    let mut request = Request {
        sections: section
            .map(|section| section.name.clone())
            .into_iter()
            .collect(),
        feeds: Vec::new(),
        urgency: polls.urgency,
    };
    if connection == Connection::Offline {
        request.sections.clear();
        let asked = section.map_or(&config.sections[..], std::slice::from_ref);
        let feeds = asked.iter().flat_map(|section| &section.feeds);
        let files = feeds.filter(|feed| is_file(&feed.url));
        request.feeds = files.map(|feed| feed.url.clone()).collect();
        if request.feeds.is_empty() {
            return None;
        }
    }
    Some(request)
}

/// What was seen of a refresh.
#[derive(Debug, Default)]
struct Course {
    told: Option<Instant>,
    done: usize,
    /// Servers that were asked, and how many of them answered anything.
    asked: usize,
    answered: usize,
    failure: Option<Failure>,
}

impl Course {
    /// Takes in what happened; returns what to tell of it.
    fn note(&mut self, event: &Event<'_>, now: Instant) -> Option<Refresh> {
        match event {
            Event::Begun { polls } => {
                self.told = Some(now);
                Some(Refresh::Begun { polls: *polls })
            }
            Event::Feed(report) => {
                if report.status == Status::Failed && self.failure.is_none() {
                    self.failure = Some(failure(report));
                }
                // What comes before the beginning was not polled.
                let told = self.told?;
                self.done += 1;
                if !is_file(&report.url) {
                    self.asked += 1;
                    self.answered += usize::from(report.http.is_some());
                }
                (now.duration_since(told) >= BETWEEN_MESSAGES).then(|| {
                    self.told = Some(now);
                    Refresh::Polled { done: self.done }
                })
            }
        }
    }

    fn reached(&self) -> Reached {
        if self.asked > 0 && self.answered == 0 {
            Reached::None
        } else {
            Reached::Some
        }
    }
}

fn failure(report: &Report) -> Failure {
    let feed = match &report.title {
        Some(title) => SafeText::line(title),
        None => SafeText::line(&shown_address(&report.feed)),
    };
    Failure {
        feed,
        why: report.error.clone().unwrap_or_default(),
        next_try: report.next_check,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polite::Urgency;

    fn report(url: &str, status: Status, http: Option<u16>) -> Report {
        Report {
            feed: url.to_owned(),
            title: None,
            url: url.to_owned(),
            status,
            http,
            new: 0,
            updated: 0,
            bytes: 0,
            error: (status == Status::Failed).then(|| SafeText::line("the reason")),
            gone: None,
            next_check: None,
        }
    }

    /// Whether servers were reached, and which feed failed first, once these were polled.
    #[track_caller]
    fn check(reports: &[Report], expected: Reached, failed: Option<&str>) {
        let mut course = Course::default();
        let now = Instant::now();
        course.note(&Event::Begun { polls: 9 }, now);
        for report in reports {
            assert!(course.note(&Event::Feed(report), now).is_none());
        }
        assert_eq!(course.reached(), expected);
        let failure = course.failure.map(|failure| failure.feed.to_string());
        assert_eq!(failure.as_deref(), failed);
    }

    #[test]
    fn no_server_is_reached_where_none_answers() {
        let dead = |url| report(url, Status::Failed, None);
        let both = [dead("https://a.example/"), dead("https://b.example/")];
        check(&both, Reached::None, Some("https://a.example/"));
        let refused = report("https://b.example/", Status::Failed, Some(500));
        let one = [dead("https://a.example/"), refused];
        check(&one, Reached::Some, Some("https://a.example/"));
        // A file says nothing about the network.
        let file = report("file:///a.xml", Status::Failed, None);
        check(&[file], Reached::Some, Some("file:///a.xml"));
    }

    #[test]
    fn progress_is_told_at_most_twice_a_second() {
        let mut course = Course::default();
        let begun = Instant::now();
        let new = report("https://a.example/", Status::New, Some(200));
        let mut told = Vec::new();
        course.note(&Event::Begun { polls: 9 }, begun);
        for step in 1..=9 {
            let now = begun + Duration::from_millis(200) * step;
            if let Some(Refresh::Polled { done }) = course.note(&Event::Feed(&new), now) {
                told.push(done);
            }
        }
        assert_eq!(told, [3, 6, 9]);
    }

    #[test]
    fn offline_files_alone_are_polled() {
        let feed = |url: &str| crate::config::ConfiguredFeed {
            url: url.to_owned(),
            ..Default::default()
        };
        let section = |name: &str, feeds: &[&str]| crate::config::Section {
            name: name.to_owned(),
            feeds: feeds.iter().map(|url| feed(url)).collect(),
        };
        let config = Config {
            sections: vec![
                section("Both", &["https://a.example/", "file:///a.xml"]),
                section("Web", &["https://b.example/"]),
            ],
            ..Config::default()
        };
        let asked = |section, connection| {
            let polls = Polls {
                section,
                urgency: Urgency::Usual,
            };
            request(&config, connection, &polls).map(|asked| (asked.sections, asked.feeds))
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let file: (Vec<String>, Vec<String>) = (Vec::new(), texts(&["file:///a.xml"]));
        assert_eq!(asked(None, Connection::Offline), Some(file.clone()));
        assert_eq!(asked(Some(0), Connection::Offline), Some(file));
        assert_eq!(asked(Some(1), Connection::Offline), None);
        let web = (texts(&["Web"]), Vec::new());
        assert_eq!(asked(Some(1), Connection::Online), Some(web));
    }
}
