//! The thread that reads the cache: lists, articles, counts.
//!
//! At most one question of a kind runs and one waits: a newer takes the place of one that waits.
//! The rows of a long list come in parts, and between two of them an article is laid out if one is
//! asked for. Counts come after the rows: within them they would be those of an older moment.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::guarded;
use super::outlet::Outlet;
use super::pages::Pages;
use crate::config::Config;
use crate::model::article::ArticleId;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::services::SharedParts;
use crate::services::comments;
use crate::services::rows::{self, Row, RowsQuery, Sort};
use crate::services::subscriptions::Subscriptions;
use crate::store::Reader;
use crate::tui::effect::{Even, Question};
use crate::tui::message::{Counts, Loaded, Message, Part, QuestionKind, Waiting, Worker};
use crate::tui::state::Talk;
use crate::tui::state::article::Form;
use crate::tui::state::list::{FeedName, FeedNames};
use crate::tui::state::place::Place;

/// The least time between two counts that another program's writing caused.
const BETWEEN_COUNTS: Duration = Duration::from_millis(500);

/// How long the rest of a list waits, once its first rows are on their way, for the question that
/// they usually bring about: the selected article is in sight, the rest of the list isn't.
const FOLLOW_UP: Duration = Duration::from_millis(3);

/// A first part of so many rows is shown at once; a smaller one may be all there is.
const SHOWN_AT_ONCE: usize = 100;

/// Starts the thread, which at once answers what there is to know at the start: `today` is the
/// first moment of the reader's day. It ends when the questions do.
pub(in crate::tui) fn start(
    parts: Arc<SharedParts>,
    outlet: Outlet,
    today: Timestamp,
) -> Result<Sender<Question>, Problem> {
    let (mut worker, sender) = Answering::new(parts, outlet);
    thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || {
            worker.begin(today);
            while let Some(asked) = worker.next() {
                worker.guarded(|worker| worker.answer(&asked));
            }
        })
        .map_err(|error| {
            Problem::new(Exit::Failed, "no thread can be started").because_of(&error)
        })?;
    Ok(sender)
}

/// What waits to be answered.
#[derive(Debug)]
struct Desk {
    questions: Receiver<Question>,
    rows: Option<(u64, RowsQuery)>,
    page: Option<PageAsked>,
    talk: Option<TalkAsked>,
    counts: Option<CountsAsked>,
}

#[derive(Clone, Copy, Debug)]
struct PageAsked {
    ticket: u64,
    id: ArticleId,
    width: u16,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
struct TalkAsked {
    ticket: u64,
    id: ArticleId,
    width: u16,
    even: Even,
}

#[derive(Clone, Debug)]
struct CountsAsked {
    ticket: u64,
    today: Timestamp,
    list: Option<(u64, RowsQuery, ArticleId)>,
    article: Option<ArticleId>,
    even: Even,
}

#[derive(Debug)]
enum Asked {
    Rows(u64, RowsQuery),
    Page(PageAsked),
    Talk(TalkAsked),
    Counts(CountsAsked),
}

impl Desk {
    fn new(questions: Receiver<Question>) -> Self {
        Self {
            questions,
            rows: None,
            page: None,
            talk: None,
            counts: None,
        }
    }

    fn put(&mut self, question: &Question) {
        match *question {
            Question::Rows { ticket, query } => self.rows = Some((ticket, query)),
            Question::Page {
                ticket,
                id,
                width,
                form,
            } => {
                self.page = Some(PageAsked {
                    ticket,
                    id,
                    width,
                    form,
                });
            }
            Question::Talk {
                ticket,
                id,
                width,
                even,
            } => {
                self.talk = Some(TalkAsked {
                    ticket,
                    id,
                    width,
                    even,
                });
            }
            Question::Counts {
                ticket,
                today,
                list,
                article,
                even,
            } => {
                let was = self.counts.take().map(|asked| asked.even);
                self.counts = Some(CountsAsked {
                    ticket,
                    today,
                    list,
                    article,
                    // What the one before wanted is still owed.
                    even: if was == Some(Even::Unchanged) {
                        Even::Unchanged
                    } else {
                        even
                    },
                });
            }
        }
    }

    /// Takes out what is read for: rows before a page, a page before comments.
    fn take_read(&mut self) -> Option<Asked> {
        let rows = self.rows.take();
        rows.map(|(ticket, query)| Asked::Rows(ticket, query))
            .or_else(|| self.page.take().map(Asked::Page))
            .or_else(|| self.talk.take().map(Asked::Talk))
    }

    /// Waits a little for a question.
    fn await_one(&mut self, limit: Duration) {
        if let Ok(question) = self.questions.recv_timeout(limit) {
            self.put(&question);
        }
    }

    /// Takes all that was asked meanwhile.
    fn gather(&mut self) {
        while let Ok(question) = self.questions.try_recv() {
            self.put(&question);
        }
    }
}

/// The cache, and what is known of the feeds as long as nobody writes.
struct Cache {
    reader: Reader,
    version: i64,
    /// Raised when what is counted may have changed; a place that was kept changes the version
    /// alone.
    generation: u64,
    feeds: Subscriptions,
    names: Arc<FeedNames>,
    /// How many comments wait to be sent.
    to_send: usize,
}

impl Cache {
    fn open(parts: &SharedParts) -> Result<Self, Problem> {
        let reader = Reader::open(&parts.data_dir)?;
        // In this order: what is written in between is read again.
        let version = reader.data_version()?;
        let feeds = Subscriptions::load(&parts.config, &reader)?;
        let to_send = reader.waiting_drafts()?.len();
        Ok(Self {
            to_send,
            names: Arc::new(names(&parts.config, &feeds)),
            reader,
            version,
            generation: 0,
            feeds,
        })
    }

    /// Reads the feeds again if anybody wrote.
    fn renew(&mut self, config: &Config) -> Result<(), Problem> {
        let version = self.reader.data_version()?;
        if version != self.version {
            let feeds = Subscriptions::load(config, &self.reader)?;
            let to_send = self.reader.waiting_drafts()?.len();
            if feeds.all() != self.feeds.all() || to_send != self.to_send {
                self.generation += 1;
            }
            self.to_send = to_send;
            self.feeds = feeds;
            let names = names(config, &self.feeds);
            if *self.names != names {
                self.names = Arc::new(names);
            }
            self.version = version;
        }
        Ok(())
    }
}

/// Returns the names of all feeds that the cache knows.
fn names(config: &Config, feeds: &Subscriptions) -> FeedNames {
    let mut sections: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, section) in config.sections.iter().enumerate() {
        for feed in &section.feeds {
            sections.entry(&feed.url).or_default().push(at);
        }
    }
    let known = feeds.all().iter().filter_map(|feed| {
        let title = SafeText::line(&feed.title).into_string();
        let short = feed.short.as_deref().map(SafeText::line);
        let name = FeedName {
            short: short.map_or_else(|| title.clone(), SafeText::into_string),
            title,
            sections: sections.get(feed.url.as_str()).cloned().unwrap_or_default(),
        };
        Some((feed.state.as_ref()?.id, name))
    });
    FeedNames {
        names: known.collect(),
    }
}

/// When it was last counted, and what the cache was like then.
#[derive(Clone, Copy, Debug)]
struct Counted {
    at: Instant,
    generation: u64,
}

/// What the thread works with: the cache, the questions that wait and the way its answers go.
pub struct Answering {
    parts: Arc<SharedParts>,
    outlet: Outlet,
    desk: Desk,
    cache: Option<Cache>,
    pages: Pages,
    /// The comments of the last answer.
    last_talk: Option<Arc<Talk>>,
    counted: Option<Counted>,
}

impl Answering {
    /// Makes one, and the way in for its questions. The cache is opened with the first.
    pub fn new(parts: Arc<SharedParts>, outlet: Outlet) -> (Self, Sender<Question>) {
        let (sender, questions) = mpsc::channel();
        let answering = Self {
            desk: Desk::new(questions),
            cache: None,
            pages: Pages::default(),
            last_talk: None,
            counted: None,
            parts,
            outlet,
        };
        (answering, sender)
    }

    /// Answers what there is to know at the start; `today` is the first moment of the reader's day.
    pub fn begin(&mut self, today: Timestamp) {
        self.guarded(|worker| worker.answer_start(today));
    }

    /// Answers all that was asked by now, and waits for nothing: neither for more questions nor for
    /// counts that another program's writing caused to become old enough.
    pub fn answer_waiting(&mut self) {
        loop {
            self.desk.gather();
            let counts = |desk: &mut Desk| desk.counts.take().map(Asked::Counts);
            let Some(asked) = self.desk.take_read().or_else(|| counts(&mut self.desk)) else {
                return;
            };
            self.guarded(|worker| worker.answer(&asked));
        }
    }

    /// Runs a job; after one that panicked the cache is opened afresh.
    fn guarded(&mut self, job: impl FnOnce(&mut Self)) {
        let (outlet, folder) = (self.outlet.clone(), self.parts.data_dir.clone());
        if guarded(&outlet, &folder, Worker::Reader, || job(self)).is_none() {
            self.cache = None;
            self.counted = None;
            self.pages = Pages::default();
        }
    }

    /// Waits for the next question; nothing when no more can come.
    fn next(&mut self) -> Option<Asked> {
        loop {
            self.desk.gather();
            if let Some(asked) = self.desk.take_read() {
                return Some(asked);
            }
            let question = match self.desk.counts.take() {
                Some(counts) => match self.rest(&counts) {
                    None => return Some(Asked::Counts(counts)),
                    Some(rest) => {
                        self.desk.counts = Some(counts);
                        match self.desk.questions.recv_timeout(rest) {
                            Ok(question) => question,
                            Err(RecvTimeoutError::Timeout) => continue,
                            Err(RecvTimeoutError::Disconnected) => return None,
                        }
                    }
                },
                None => self.desk.questions.recv().ok()?,
            };
            self.desk.put(&question);
        }
    }

    /// Returns how long counts should still wait.
    fn rest(&self, asked: &CountsAsked) -> Option<Duration> {
        let counted = self.counted.filter(|_| asked.even == Even::IfChanged)?;
        let rest = BETWEEN_COUNTS.checked_sub(counted.at.elapsed())?;
        (!rest.is_zero()).then_some(rest)
    }

    fn answer_start(&mut self, today: Timestamp) {
        let asked = CountsAsked {
            ticket: 0,
            today,
            list: None,
            article: None,
            even: Even::Unchanged,
        };
        let place = self.cache().and_then(|cache| Ok(cache.reader.screen()?));
        let started = place.and_then(|place| Ok((place, self.count(&asked)?)));
        self.tell(match started {
            Ok((place, counts)) => Loaded::Start {
                // One that another version wrote may not be understood.
                place: Box::new(
                    place
                        .and_then(|place| serde_json::from_str::<Place>(&place).ok())
                        .unwrap_or_default(),
                ),
                counts: Box::new(counts),
            },
            Err(problem) => failed(QuestionKind::Start, problem),
        });
    }

    fn answer(&mut self, asked: &Asked) {
        match asked {
            Asked::Rows(ticket, query) => {
                if let Err(problem) = self.rows(*ticket, query) {
                    self.tell(failed(QuestionKind::Rows(*ticket), problem));
                }
            }
            Asked::Page(asked) => {
                if let Err(problem) = self.cache() {
                    self.tell(failed(QuestionKind::Page(asked.ticket), problem));
                } else if let Some(cache) = &self.cache {
                    page(&self.parts, &self.outlet, cache, &mut self.pages, *asked);
                }
            }
            Asked::Talk(asked) => {
                let ticket = asked.ticket;
                let before = self.last_talk.take();
                let answer = match self.talk(asked.id, asked.width) {
                    Ok(talk) => {
                        self.last_talk.clone_from(&talk);
                        if asked.even == Even::IfChanged && talk == before {
                            return;
                        }
                        Loaded::Talk { ticket, talk }
                    }
                    Err(problem) => failed(QuestionKind::Talk(ticket), problem),
                };
                self.tell(answer);
            }
            Asked::Counts(asked) => match self.count_if_changed(asked) {
                Ok(None) => {}
                Ok(Some(counts)) => {
                    self.tell(Loaded::Counts(Box::new(counts)));
                }
                Err(problem) => {
                    self.tell(failed(QuestionKind::Counts, problem));
                }
            },
        }
    }

    /// Returns the cache, with feeds as they are now.
    fn cache(&mut self) -> Result<&mut Cache, Problem> {
        let mut cache = match self.cache.take() {
            Some(cache) => cache,
            None => Cache::open(&self.parts)?,
        };
        cache.renew(&self.parts.config)?;
        Ok(self.cache.insert(cache))
    }

    fn rows(&mut self, ticket: u64, query: &RowsQuery) -> Result<(), Problem> {
        self.cache()?;
        let Some(cache) = &self.cache else {
            return Ok(());
        };
        let (parts, outlet) = (&self.parts, &self.outlet);
        let (desk, pages) = (&mut self.desk, &mut self.pages);
        cache.reader.at_once(|| {
            let mut stream = Stream {
                outlet,
                ticket,
                newest: rows::newest_id(&cache.reader)?,
                sort: query.sort,
                told: 0,
                held: None,
            };
            let mut flow = ControlFlow::Continue(());
            rows::rows(
                &cache.reader,
                &parts.config,
                &cache.feeds,
                query,
                &mut |chunk| {
                    flow = stream.put(chunk);
                    if stream.told == 1 {
                        desk.await_one(FOLLOW_UP);
                    }
                    desk.gather();
                    if desk.rows.is_some() {
                        flow = ControlFlow::Break(());
                    }
                    if flow.is_continue()
                        && let Some(asked) = desk.page.take()
                    {
                        page(parts, outlet, cache, pages, asked);
                    }
                    flow
                },
            )?;
            if flow.is_continue() {
                stream.end();
            }
            Ok(())
        })
    }

    /// Returns the comments of an article, laid out at a width; nothing where it isn't stored.
    fn talk(&mut self, id: ArticleId, width: u16) -> Result<Option<Arc<Talk>>, Problem> {
        let parts = Arc::clone(&self.parts);
        let reader = &self.cache()?.reader;
        if reader.commented(id)?.is_none() {
            return Ok(None);
        }
        let conversation = comments::conversation(&parts.parts(), reader, id)?;
        Ok(Some(Arc::new(Talk::new(conversation, width))))
    }

    fn count_if_changed(&mut self, asked: &CountsAsked) -> Result<Option<Counts>, Problem> {
        let generation = self.cache()?.generation;
        let is_known = self
            .counted
            .is_some_and(|counted| counted.generation == generation);
        if asked.even == Even::IfChanged && is_known {
            return Ok(None);
        }
        self.count(asked).map(Some)
    }

    fn count(&mut self, asked: &CountsAsked) -> Result<Counts, Problem> {
        let parts = Arc::clone(&self.parts);
        let config = &parts.config;
        let cache = self.cache()?;
        let Cache {
            reader,
            generation,
            feeds,
            names,
            to_send,
            ..
        } = cache;
        let counts = reader.at_once(|| -> Result<Counts, Problem> {
            let waiting = match &asked.list {
                Some((ticket, query, newest)) => Some(Waiting {
                    ticket: *ticket,
                    articles: rows::arrived(reader, config, feeds, query, *newest)?,
                }),
                None => None,
            };
            let revision = match asked.article {
                Some(id) => reader.text_hash(id)?.map(|hash| (id, hash)),
                None => None,
            };
            Ok(Counts {
                to_send: *to_send,
                ticket: asked.ticket,
                tallies: rows::tallies(reader, config, feeds, asked.today, (parts.clock)())?,
                feeds: Arc::clone(names),
                waiting,
                revision,
            })
        })?;
        self.counted = Some(Counted {
            at: Instant::now(),
            generation: *generation,
        });
        Ok(counts)
    }

    fn tell(&self, loaded: Loaded) {
        self.outlet.tell(Message::Loaded(loaded));
    }
}

fn failed(of: QuestionKind, problem: Problem) -> Loaded {
    Loaded::Failed {
        of,
        problem: Box::new(problem),
    }
}

/// Answers a question for an article. One that can't be laid out through a fault of ours is told as
/// such, and leaves the questions that wait alone.
fn page(parts: &SharedParts, outlet: &Outlet, cache: &Cache, pages: &mut Pages, asked: PageAsked) {
    let PageAsked {
        ticket,
        id,
        width,
        form,
    } = asked;
    let laid_out = catch_unwind(AssertUnwindSafe(|| {
        pages.page(parts, &cache.reader, &cache.feeds, id, (width, form))
    }));
    let loaded = match laid_out {
        Ok(Ok(page)) => Loaded::Page { ticket, page },
        Ok(Err(problem)) => failed(QuestionKind::Page(ticket), problem),
        Err(_) => {
            *pages = Pages::default();
            let what = format!("article {} cannot be shown", id.0);
            let problem = Problem::new(Exit::Failed, &what)
                .because("a fault of Gazette’s own")
                .hint("the log says where");
            failed(QuestionKind::Page(ticket), problem)
        }
    };
    outlet.tell(Message::Loaded(loaded));
}

/// The rows of one answer on their way.
struct Stream<'a> {
    outlet: &'a Outlet,
    ticket: u64,
    newest: ArticleId,
    sort: Sort,
    /// How many parts are on their way.
    told: usize,
    /// A part that may be the last.
    held: Option<Vec<Row>>,
}

impl Stream<'_> {
    fn put(&mut self, rows: Vec<Row>) -> ControlFlow<()> {
        if let Some(held) = self.held.take() {
            self.tell(held, self.next_part())?;
        }
        // A first part that fills a screen isn't held back to learn whether more follow. Another
        // order than the usual one has a single part.
        if self.told == 0 && rows.len() >= SHOWN_AT_ONCE && self.sort == Sort::Newest {
            return self.tell(rows, self.next_part());
        }
        self.held = Some(rows);
        ControlFlow::Continue(())
    }

    fn end(mut self) {
        let part = if self.told == 0 {
            Part::Only {
                newest: self.newest,
            }
        } else {
            Part::Last
        };
        let rows = self.held.take().unwrap_or_default();
        // It is the end either way.
        let _ = self.tell(rows, part);
    }

    fn next_part(&self) -> Part {
        if self.told == 0 {
            Part::First {
                newest: self.newest,
            }
        } else {
            Part::More
        }
    }

    fn tell(&mut self, rows: Vec<Row>, part: Part) -> ControlFlow<()> {
        self.told += 1;
        let loaded = Loaded::Rows {
            ticket: self.ticket,
            rows,
            part,
        };
        self.outlet.tell(Message::Loaded(loaded)).flow()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::model::article::Mark;
    use crate::net::Proxies;
    use crate::services::Connection;
    use crate::store::{Folder, Store};

    fn counts(ticket: u64, even: Even) -> Question {
        Question::Counts {
            ticket,
            today: Timestamp::UNIX_EPOCH,
            list: None,
            article: None,
            even,
        }
    }

    #[test]
    fn a_newer_question_takes_the_place_of_one_that_waits() {
        let (sender, questions) = mpsc::channel();
        let mut desk = Desk::new(questions);
        for ticket in 1..=3 {
            let id = ArticleId(1);
            let page = Question::Page {
                ticket,
                id,
                width: 70,
                form: Form::Text,
            };
            sender.send(page).unwrap();
        }
        sender.send(counts(4, Even::Unchanged)).unwrap();
        sender.send(counts(5, Even::IfChanged)).unwrap();
        desk.gather();
        assert_eq!(desk.page.map(|page| page.ticket), Some(3));
        // What the first wanted in any case is owed still.
        let waiting = desk.counts.map(|counts| (counts.ticket, counts.even));
        assert_eq!(waiting, Some((5, Even::Unchanged)));
    }

    #[test]
    fn it_is_counted_again_only_when_somebody_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        store.sync_feeds(&["https://a.example/"]).unwrap();
        let (outlet, _arrivals) = Outlet::channel();
        let parts = SharedParts {
            config: Arc::new(Config::default()),
            data_dir: Folder::new(folder.path()),
            clock: || Timestamp::UNIX_EPOCH,
            zone: jiff::tz::TimeZone::UTC,
            connection: Connection::Offline,
            proxies: Proxies::default(),
        };
        let (mut answering, _questions) = Answering::new(Arc::new(parts), outlet);
        answering.begin(Timestamp::UNIX_EPOCH);
        let mut is_counted = |even| {
            let asked = CountsAsked {
                ticket: 1,
                today: Timestamp::UNIX_EPOCH,
                list: None,
                article: None,
                even,
            };
            answering.count_if_changed(&asked).unwrap().is_some()
        };
        assert!(!is_counted(Even::IfChanged));
        assert!(is_counted(Even::Unchanged));
        store.mark(&[ArticleId(1)], Mark::Read).unwrap();
        store.sync_feeds(&["https://b.example/"]).unwrap();
        assert!(is_counted(Even::IfChanged));
        assert!(!is_counted(Even::IfChanged));
    }
}
