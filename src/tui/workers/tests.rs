//! Each worker on a real cache, with the loop's end of the channel in the test's hand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::guarded;
use super::outlet::{Arrived, Outlet};
use super::refresher::Refresher;
use super::writer::{End, Writer};
use super::{export, reader};
use crate::config;
use crate::model::article::{ArticleId, Mark};
use crate::model::document::Spot;
use crate::net::Proxies;
use crate::polite::Urgency;
use crate::services::rows::{Filter, ListOf, RowsQuery, Sort};
use crate::services::{Connection, SharedParts};
use crate::store::{Folder, Reader};
use crate::tui::effect::{Change, Errand, Polls, Question};
use crate::tui::message::{Loaded, Message, Outside, Part, Reached, Refresh, Worker, Written};
use crate::tui::state::article::Form;
use crate::tui::state::place::{Place, PlaceList};

/// No answer takes so long unless it never comes.
const LONG: Duration = Duration::from_secs(30);

const POLLS: Polls = Polls {
    section: None,
    urgency: Urgency::Usual,
};

/// A folder with a cache and the loop's end of the channel.
struct Scene {
    folder: TempDir,
    shared: Arc<SharedParts>,
    outlet: Outlet,
    arrivals: Receiver<Arrived>,
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

impl Scene {
    /// A feed in a file that isn't polled yet, with so many articles, an hour apart.
    fn unpolled(articles: i32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut feed = String::from("<rss version='2.0'><channel><title>Wire</title>");
        for n in 1..=articles {
            let at = now() - jiff::SignedDuration::from_hours(n.into());
            feed.push_str(&format!(
                "<item><guid>g{n}</guid><title>Title {n}</title><pubDate>{}</pubDate>
                <link>https://a.example/{n}</link>
                <description>&lt;h2&gt;Part&lt;/h2&gt;&lt;p&gt;Words &lt;a href='/b'&gt;here&lt;/a&gt;.
                </description></item>",
                at.strftime("%a, %d %b %Y %H:%M:%S GMT")
            ));
        }
        feed.push_str("</channel></rss>");
        let file = folder.path().join("feed.xml");
        fs::write(&file, feed).unwrap();
        let url = url::Url::from_file_path(&file).unwrap();
        let text = format!("[[sections]]\nname = 'News'\n[[sections.feeds]]\nurl = '{url}'\n");
        let config = config::parse(&text, &folder.path().join("config.toml")).unwrap();
        let (outlet, arrivals) = Outlet::channel();
        let shared = SharedParts {
            config: Arc::new(config),
            data_dir: Folder::new(folder.path().join("data")),
            clock: now,
            zone: TimeZone::UTC,
            connection: Connection::Offline,
            proxies: Proxies::default(),
        };
        Self {
            folder,
            shared: Arc::new(shared),
            outlet,
            arrivals,
        }
    }

    /// The same, polled.
    fn new(articles: i32) -> Self {
        let scene = Self::unpolled(articles);
        scene.refresh();
        scene
    }

    fn refresh(&self) -> Vec<Refresh> {
        let started = Refresher::start(
            Arc::clone(&self.shared),
            self.outlet.clone(),
            Errand::Poll(POLLS),
        );
        let mut told = Vec::new();
        loop {
            let Message::Refresh(refresh) = self.next() else {
                panic!("not of the refresh");
            };
            let is_end = matches!(refresh, Refresh::Done { .. } | Refresh::Failed(_));
            told.push(refresh);
            if is_end {
                started.unwrap().finish(LONG);
                return told;
            }
        }
    }

    fn next(&self) -> Message {
        match self.arrivals.recv_timeout(LONG).unwrap() {
            Arrived::Message(message) => message,
            other => panic!("{other:?}"),
        }
    }

    fn loaded(&self) -> Loaded {
        match self.next() {
            Message::Loaded(loaded) => loaded,
            other => panic!("{other:?}"),
        }
    }

    /// Starts the reader of the cache and takes its first answer.
    fn read(&self) -> (std::sync::mpsc::Sender<Question>, Loaded) {
        let parts = Arc::clone(&self.shared);
        let questions = reader::start(parts, self.outlet.clone(), now()).unwrap();
        let start = self.loaded();
        (questions, start)
    }

    fn writer(&self) -> Writer {
        Writer::start(Arc::clone(&self.shared), self.outlet.clone()).unwrap()
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.shared.data_dir).unwrap()
    }
}

fn rows_of(sort: Sort) -> Question {
    let query = RowsQuery {
        of: ListOf::Section(0),
        filter: Filter::All,
        sort,
        today: now(),
        now: now(),
    };
    Question::Rows { ticket: 7, query }
}

#[test]
fn at_the_start_place_and_counts_are_told() {
    let scene = Scene::new(3);
    let writer = scene.writer();
    let place = Place {
        list: PlaceList::Section("News".to_owned()),
        article: Some(2),
        ..Place::default()
    };
    writer.write(Change::Keep(Box::new(place.clone())));
    assert!(matches!(writer.finish(LONG), End::Written));
    let (_, start) = scene.read();
    let Loaded::Start {
        place: kept,
        counts,
    } = start
    else {
        panic!("{start:?}");
    };
    assert_eq!(*kept, place);
    assert_eq!(counts.tallies.sections[0].own.articles, 3);
    let name = counts.feeds.names.values().next().unwrap();
    assert_eq!((&*name.title, &*name.sections), ("Wire", &[0][..]));
}

#[test]
fn without_a_cache_all_is_empty() {
    let scene = Scene::unpolled(3);
    let (questions, start) = scene.read();
    assert!(matches!(start, Loaded::Start { .. }), "{start:?}");
    questions.send(rows_of(Sort::Newest)).unwrap();
    let Loaded::Rows { rows, part, .. } = scene.loaded() else {
        panic!("no rows");
    };
    assert!(rows.is_empty());
    let newest = ArticleId(0);
    assert_eq!(part, Part::Only { newest });
}

/// In which parts a list of so many articles comes, as counts of rows.
#[track_caller]
fn check_parts(articles: i32, sort: Sort, expected: &[(Part, usize)]) {
    let scene = Scene::new(articles);
    let (questions, _) = scene.read();
    questions.send(rows_of(sort)).unwrap();
    for expected in expected {
        let Loaded::Rows { ticket, rows, part } = scene.loaded() else {
            panic!("no rows");
        };
        assert_eq!((part, rows.len()), *expected);
        assert_eq!(ticket, 7);
    }
}

#[test]
fn a_long_list_comes_in_parts() {
    let newest = |id| ArticleId(id);
    check_parts(3, Sort::Newest, &[(Part::Only { newest: newest(3) }, 3)]);
    let first = Part::First {
        newest: newest(250),
    };
    check_parts(250, Sort::Newest, &[(first, 100), (Part::Last, 150)]);
    let only = Part::Only {
        newest: newest(250),
    };
    check_parts(250, Sort::Title, &[(only, 250)]);
}

#[test]
fn an_article_is_laid_out_at_any_width_and_one_that_is_gone_is_told() {
    let scene = Scene::new(1);
    let (questions, _) = scene.read();
    let page = |id, width| {
        let id = ArticleId(id);
        let ticket = 3;
        questions
            .send(Question::Page {
                ticket,
                id,
                width,
                form: Form::Text,
            })
            .unwrap();
        match scene.loaded() {
            Loaded::Page { ticket: 3, page } => page,
            other => panic!("{other:?}"),
        }
    };
    for width in [76, 30, 76] {
        let page = page(1, width).unwrap();
        assert_eq!((&*page.title, &*page.source), ("Title 1", "Wire"));
        assert_eq!(page.width, width);
        assert_eq!(page.lines.len(), page.spots.len());
        assert_eq!(page.lines[page.headings[0].line].text(), "Part");
        assert_eq!(page.links[0].url, "https://a.example/b");
        let words = ("Words".to_owned(), "3".to_owned());
        assert!(page.facts.contains(&words), "{:?}", page.facts);
    }
    assert!(page(9, 76).is_none());
}

#[test]
fn marks_are_written_and_confirmed_in_order() {
    let scene = Scene::new(2);
    let writer = scene.writer();
    let change = |act, mark| Change::Mark {
        act,
        ids: vec![ArticleId(1)],
        mark,
    };
    let star_again = Change::TakeBack {
        act: 3,
        mark: Mark::Unstar,
    };
    for change in [
        change(1, Mark::Star),
        change(2, Mark::Read),
        change(3, Mark::Unstar),
        star_again,
    ] {
        writer.write(change);
        let told = scene.next();
        assert!(
            matches!(told, Message::Written(Written::Marked)),
            "{told:?}"
        );
    }
    let marks = scene
        .reader()
        .article(ArticleId(1))
        .unwrap()
        .unwrap()
        .head
        .marks;
    assert!(marks.starred && marks.read);
}

#[test]
fn the_spots_of_all_articles_left_meanwhile_are_kept() {
    let scene = Scene::new(2);
    let writer = scene.writer();
    let spot = |block| Spot { block, offset: 4 };
    for (id, block) in [(1, 1), (2, 2), (1, 3)] {
        writer.write(Change::Keep(Box::new(Place {
            spot: Some((ArticleId(id), spot(block))),
            ..Place::default()
        })));
    }
    assert!(matches!(writer.finish(LONG), End::Written));
    let kept = |id| scene.reader().spot(ArticleId(id)).unwrap();
    assert_eq!((kept(1), kept(2)), (Some(spot(3)), Some(spot(2))));
}

#[test]
fn what_cannot_be_written_is_told_while_somebody_listens_and_at_the_end() {
    let scene = Scene::unpolled(1);
    fs::write(&scene.shared.data_dir, "no folder").unwrap();
    let mark = || Change::Mark {
        act: 1,
        ids: vec![ArticleId(1)],
        mark: Mark::Read,
    };
    let writer = scene.writer();
    writer.write(mark());
    let told = scene.next();
    assert!(
        matches!(told, Message::Written(Written::Failed { .. })),
        "{told:?}"
    );
    drop(scene.arrivals);
    writer.write(mark());
    assert!(matches!(writer.finish(LONG), End::Failed(_)));
}

#[test]
fn a_refresh_tells_its_course() {
    let scene = Scene::unpolled(2);
    let told = scene.refresh();
    let [
        Refresh::Begun { polls: 1 },
        Refresh::Done {
            summary,
            failure: None,
            reached,
            pages: 0,
        },
    ] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!((summary.new, *reached), (2, Reached::Some));
    fs::write(scene.folder.path().join("feed.xml"), "no feed").unwrap();
    let again = Polls {
        urgency: Urgency::Forced,
        ..POLLS
    };
    let _refresher = Refresher::start(
        Arc::clone(&scene.shared),
        scene.outlet.clone(),
        Errand::Poll(again),
    );
    loop {
        match scene.next() {
            Message::Refresh(Refresh::Done { failure, .. }) => {
                assert_eq!(failure.unwrap().feed.as_str(), "Wire");
                break;
            }
            Message::Refresh(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_job_that_panics_is_told() {
    let (outlet, arrivals) = Outlet::channel();
    assert_eq!(
        guarded(&outlet, &Folder::new("none"), Worker::Reader, || panic!(
            "on purpose"
        )),
        None::<()>
    );
    let told = arrivals.recv_timeout(LONG).unwrap();
    assert!(
        matches!(told, Arrived::Message(Message::Failed(Worker::Reader))),
        "{told:?}"
    );
    assert_eq!(
        guarded(&outlet, &Folder::new("none"), Worker::Reader, || 1),
        Some(1)
    );
}

#[test]
fn an_article_is_written_as_its_file_ends_and_never_over_another() {
    let scene = Scene::new(1);
    let write = |path: &Path| {
        let (parts, outlet) = (Arc::clone(&scene.shared), scene.outlet.clone());
        export::start(parts, outlet, ArticleId(1), path.to_owned()).unwrap();
        match scene.next() {
            Message::Outside(Outside::WroteFile(_)) => Ok(fs::read_to_string(path).unwrap()),
            Message::Outside(Outside::Failed(problem)) => Err(problem.what.to_string()),
            other => panic!("{other:?}"),
        }
    };
    let path = |name: &str| scene.folder.path().join(name);
    let text = write(&path("a.txt")).unwrap();
    assert!(text.starts_with("Title 1\n"), "{text}");
    let html = write(&path("a.HTML")).unwrap();
    assert!(
        html.contains("<h1>Title 1</h1>") && html.contains("<h2>Part</h2>"),
        "{html}"
    );
    let markdown = write(&path("a.md")).unwrap();
    assert!(markdown.starts_with("# Title 1\n"), "{markdown}");
    let again = write(&path("a.txt")).unwrap_err();
    assert!(
        again.ends_with("exists already, and stays as it is"),
        "{again}"
    );
    assert!(write(&path("a.pdf")).is_err());
    assert!(!path("a.pdf").exists());
    let nowhere = write(&path("typo/a.md")).unwrap_err();
    assert!(nowhere.starts_with("there is no folder `"), "{nowhere}");
    assert!(!path("typo").exists());
}

#[test]
fn a_file_below_the_home_folder_is_named_as_in_a_shell() {
    let check = |typed: &str, home: Option<&str>, expected: &str| {
        let path = export::from_home(typed.into(), home.map(Path::new));
        assert_eq!(path, Path::new(expected));
    };
    check("~/note.md", Some("/home/me"), "/home/me/note.md");
    check("~/note.md", None, "~/note.md");
    for typed in ["note.md", "/note.md", "a/~/note.md", "~you/note.md", "~.md"] {
        check(typed, Some("/home/me"), typed);
    }
}
