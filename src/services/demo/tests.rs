use std::collections::{BTreeMap, HashSet};

use jiff::tz;

use super::*;
use crate::feed;
use crate::html;
use crate::model::article::{ArticleHead, StoredText};
use crate::model::comment;
use crate::model::document::Document;
use crate::model::feed::ParsedArticle;
use crate::services::comments::conversation;
use crate::services::reading::Place;
use crate::services::subscriptions::{Health, Subscriptions};
use crate::store::Scope;

/// Who writes in the samples, as bylines and as feeds.
const BYLINES: [&str; 23] = [
    "Barnaby Quillfeather",
    "Cabinet Office",
    "Callum Inverarity",
    "Corridor Notes",
    "Cosmo Hathersage",
    "Department for Science, Innovation and Technology",
    "Dermot Wainscott",
    "Dr Imogen Strathbeg",
    "Dr Oona Balfrishel",
    "Fergus Okonjo-Leith",
    "GOV.UK news",
    "Government Digital Service",
    "HM Treasury",
    "Ines Carrowmore",
    "Leonie Castlebrook",
    "Policy papers and consultations",
    "Philippa Underhaugh",
    "Rosalind Tavernake",
    "Ruth Amadi",
    "Sunniva Threlkeld",
    "Tobias Fennimore",
    "Yusra Blakenhall",
    "",
];

fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

fn filled(text: &str, version: Version) -> String {
    Filling::new(noon(), &london()).fill(text, version).unwrap()
}

/// Every article of every sample, with its feed's file.
fn articles() -> Vec<(&'static str, ParsedArticle)> {
    let base = Url::parse("file:///demo/feed.xml").unwrap();
    let mut all = Vec::new();
    for (name, text) in FEEDS {
        for version in [Version::Read, Version::Now] {
            let parsed = feed::parse(filled(text, version).as_bytes(), None, &base).unwrap();
            assert!(parsed.problems.is_empty(), "{name}: {:?}", parsed.problems);
            if version == Version::Now {
                all.extend(
                    parsed
                        .feed
                        .articles
                        .into_iter()
                        .map(|article| (name, article)),
                );
            }
        }
    }
    all
}

fn document(article: &ParsedArticle) -> Document {
    let text = article.content.as_ref().or(article.summary.as_ref());
    html::parse(text.unwrap(), None)
}

fn document_of(guid: &str) -> Document {
    let (_, article) = articles()
        .into_iter()
        .find(|(_, article)| article.guid.as_deref() == Some(guid))
        .unwrap();
    document(&article)
}

/// A demo that was set up, and what a reader of it sees.
struct Demo {
    folder: tempfile::TempDir,
    config: Config,
}

impl Demo {
    fn at(clock: fn() -> Timestamp, zone: &TimeZone) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = set_up(folder.path(), clock, zone).unwrap();
        Self { folder, config }
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.folder.path().join(DATA_FOLDER)).unwrap()
    }

    /// The stories of a section (all without one), newest first, each once.
    fn stories(&self, section: Option<&str>) -> Vec<ArticleHead> {
        let reader = self.reader();
        let feeds = Subscriptions::load(&self.config, &reader).unwrap();
        let place = Place {
            section: section.map(str::to_owned),
            feed: None,
        };
        let query = ListQuery {
            scope: place.scope(&self.config, &feeds).unwrap(),
            ..ListQuery::default()
        };
        let mut stories: Vec<ArticleHead> = Vec::new();
        let mut seen = HashSet::new();
        reader
            .list(&query, &mut |head| {
                let link = head.permalink.clone().unwrap_or_default();
                let link = link.split('?').next().unwrap_or_default().to_owned();
                if seen.insert(link) {
                    stories.push(head);
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        stories
    }

    fn unread(&self) -> Vec<usize> {
        let sections = self.config.sections.iter();
        sections
            .map(|section| {
                let stories = self.stories(Some(&section.name));
                stories.iter().filter(|head| !head.marks.read).count()
            })
            .collect()
    }
}

/// Checks what must hold whenever the demo is opened.
#[track_caller]
fn check(clock: fn() -> Timestamp, zone: &TimeZone) {
    let demo = Demo::at(clock, zone);
    let now = clock();
    let today = zone.to_datetime(now).date();
    let day = |head: &ArticleHead| {
        let then = head.published.unwrap_or(head.first_seen);
        (today - zone.to_datetime(then).date()).get_days()
    };
    assert_eq!(demo.unread(), [9, 4, 1, 3, 2, 7, 0]);
    let all = demo.stories(None);
    assert!(all.iter().all(|head| head.published <= Some(now)));
    let unread_today = all.iter().filter(|head| !head.marks.read && day(head) == 0);
    assert_eq!(unread_today.count(), 14);
    assert_eq!(all.iter().filter(|head| head.marks.starred).count(), 6);
    let news = demo.stories(Some("Latest news"));
    assert_eq!(news.iter().filter(|head| day(head) == 0).count(), 7);
    assert_eq!(news.iter().filter(|head| day(head) == 1).count(), 13);
    let titles: Vec<&str> = news
        .iter()
        .map(|head| head.title.as_str())
        .take(8)
        .collect();
    assert_eq!(
        titles,
        [
            "Delayed digital plan asks departments to act as one",
            "Budget day set for 3 March, with a spending review in July",
            "Guidance on keeping citizens’ data abroad",
            "Forty towns in Wales to get new flood defences",
            "Waiting times to be published every week from January",
            "Councils win two more years to balance school budgets",
            "Minister’s statement on checks at small ports",
            "Small firms to see tender notices a month earlier",
        ]
    );
}

#[test]
fn at_noon_a_morning_is_to_be_read() {
    check(noon, &london());
}

#[test]
fn half_an_hour_past_midnight_has_a_morning_too() {
    check(|| "2026-11-24T00:30:00Z".parse().unwrap(), &london());
    check(|| "2026-11-24T00:01:00Z".parse().unwrap(), &london());
}

#[test]
fn shortly_before_midnight_it_is_still_the_same_day() {
    check(|| "2026-11-24T23:50:00Z".parse().unwrap(), &london());
}

#[test]
fn the_first_of_a_month_and_of_a_year_are_days_like_others() {
    check(|| "2026-12-01T08:00:00Z".parse().unwrap(), &london());
    check(|| "2027-01-01T00:30:00Z".parse().unwrap(), &london());
    check(|| "2028-02-29T10:00:00Z".parse().unwrap(), &london());
}

#[test]
fn other_zones_and_days_without_some_hours_are_days_like_others() {
    let chatham = TimeZone::fixed(tz::Offset::from_seconds(13 * 3600 + 45 * 60).unwrap());
    check(|| "2026-11-24T10:20:00Z".parse().unwrap(), &chatham);
    // Clocks go forward at 01:00, and back at 02:00.
    check(|| "2026-03-29T01:10:00Z".parse().unwrap(), &london());
    check(|| "2026-10-25T01:10:00Z".parse().unwrap(), &london());
}

#[test]
fn every_sample_is_read_without_mending_and_keeps_no_placeholder() {
    assert_eq!(articles().len(), 77);
    for (name, text) in FEEDS {
        for version in [Version::Read, Version::Now] {
            let filled = filled(text, version);
            for begun in ["{-", "{+", "{was"] {
                assert!(!filled.contains(begun), "{name} keeps a {begun}");
            }
        }
    }
    for (name, article) in articles() {
        assert!(
            article.published.is_some() || article.guid.as_deref() == Some("commons-week-ahead"),
            "{name}: {}",
            article.title
        );
    }
}

#[test]
fn guids_are_unlike_each_other_and_those_marked_exist() {
    let guids: Vec<String> = articles()
        .into_iter()
        .filter_map(|(_, article)| article.guid)
        .collect();
    let different: HashSet<&str> = guids.iter().map(String::as_str).collect();
    assert_eq!(different.len(), 77);
    for guid in UNREAD.iter().chain(&STARRED) {
        assert!(different.contains(guid), "{guid}");
    }
}

#[test]
fn every_address_is_an_invented_one() {
    for (name, article) in articles() {
        let links = document(&article).links;
        let comments = [article.comments.page, article.comments.feed];
        let addresses = links
            .into_iter()
            .map(|link| link.url)
            .chain(article.permalink)
            .chain(article.enclosures.into_iter().map(|file| file.url))
            .chain(comments.into_iter().flatten());
        for address in addresses {
            let url = Url::parse(&address).unwrap();
            let host = match url.scheme() {
                "mailto" => url.path().rsplit('@').next().unwrap().to_owned(),
                _ => url.host_str().unwrap().to_owned(),
            };
            assert!(host.ends_with(".example"), "{name}: {address}");
        }
    }
}

#[test]
fn only_the_invented_cast_writes() {
    for (name, article) in articles() {
        let byline = article.byline.unwrap_or_default();
        assert!(BYLINES.contains(&byline.as_str()), "{name}: {byline}");
    }
}

#[test]
fn the_pillars_and_other_lists_keep_their_numbers() {
    let markers = |guid: &str| -> Vec<Vec<String>> {
        let lists = document_of(guid).lists();
        lists.into_iter().map(|list| list.markers).collect()
    };
    let expected = |guid: &str, lists: &[&[&str]]| assert_eq!(markers(guid), lists, "{guid}");
    expected("pubtech-delayed-plan", &[&["1.", "2.", "3.", "4.", "5."]]);
    expected(
        "cabinet-plan",
        &[
            &["1.", "2.", "3.", "4.", "5."],
            &["a.", "b."],
            &["i.", "ii."],
        ],
    );
    expected(
        "pubtech-procurement",
        &[&["4.", "5.", "6.", "7.", "8."], &["a.", "b.", "c."]],
    );
    expected("govuk-pay-remit", &[&["1.", "2.", "5.", "6.", "11."]]);
    expected("doh-hospital-food", &[&["5.", "4.", "3.", "2.", "1."]]);
    expected("treasury-business-case", &[&["I.", "II.", "III.", "IV."]]);
    expected("dsit-data-officers", &[&["A.", "B.", "C."]]);
    expected("pubtech-ferry", &[&["1)", "2)", "3)", "4)"]]);
    expected("ledger-saying-no", &[&["1)", "2)", "3)", "4)"]]);
    expected("doh-small", &[&["1.", "2.", "3.", "4."]]);
}

#[test]
fn what_a_reader_can_meet_is_all_there() {
    let demo = Demo::at(noon, &london());
    let all = demo.stories(None);
    let head = |guid: &str| {
        let found = all.iter().find(|head| head.guid.as_deref() == Some(guid));
        found.unwrap_or_else(|| panic!("no {guid}"))
    };
    let changed: Vec<&str> = all
        .iter()
        .filter(|head| head.changed)
        .filter_map(|head| head.guid.as_deref())
        .collect();
    assert_eq!(changed, ["cabinet-plan", "gds-data-abroad"]);
    assert!(head("cabinet-plan").marks.read);
    assert_eq!(head("pubtech-delayed-plan").comments_count, Some(12));
    let summaries = all.iter().filter(|head| head.stored == StoredText::Summary);
    assert_eq!(summaries.count(), 1);
    assert_eq!(head("corridor-lift").title, "");
    assert_eq!(head("commons-week-ahead").published, None);
    assert!(document_of("ledger-small-repairs").words() > 2_500);
    assert!(document_of("post-age-checks").links.len() > 12);
    let twice = document_of("pubtech-broadband");
    assert_eq!(twice.links.len(), 2);
    let reader = demo.reader();
    assert_eq!(reader.also_in(head("cabinet-plan").id).unwrap().len(), 2);
    let tenders = head("govuk-tender-notices").id;
    assert_eq!(reader.also_in(tenders).unwrap().len(), 1);
    let audio = reader.article(head("commons-allotments").id).unwrap();
    assert_eq!(audio.unwrap().enclosures.len(), 2);
}

#[test]
fn every_feed_is_healthy_and_every_article_is_found() {
    let demo = Demo::at(noon, &london());
    let reader = demo.reader();
    let feeds = Subscriptions::load(&demo.config, &reader).unwrap();
    assert_eq!(feeds.listed().len(), 17);
    let health: BTreeMap<&str, Health> = feeds
        .listed()
        .iter()
        .map(|feed| (feed.title.as_str(), feed.health(noon())))
        .collect();
    assert!(
        health.values().all(|health| *health == Health::Ok),
        "{health:?}"
    );
    let mut found = Vec::new();
    find::search(&reader, "pillars", None, &mut |head| {
        found.extend(head.guid);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(
        found.contains(&"pubtech-delayed-plan".to_owned()),
        "{found:?}"
    );
    let scope = ListQuery {
        scope: Scope::All,
        ..ListQuery::default()
    };
    let mut count = 0;
    reader
        .list(&scope, &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(count, 77);
}

#[test]
fn braces_that_are_no_placeholder_stay() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(filled(text, Version::Now), expected);
    }
    check("{ \"a\": 1 }", "{ \"a\": 1 }");
    check(
        "{k for k in {-1d 17:20 rfc3339}",
        "{k for k in 2026-11-23T17:20:00Z",
    );
    check("{-1d}", "{-1d}");
    check("{-0d 12:61 rfc3339}", "{-0d 12:61 rfc3339}");
    check("{-0d 08:30 rfc2822}", "Tue, 24 Nov 2026 08:30:00 +0000");
    check("{+3d long}", "Friday 27 November 2026");
    check("{was a|b} {", "b {");
    assert_eq!(filled("{was a|b}", Version::Read), "a");
}

#[test]
fn the_folder_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("a b'é {feeds} %41 #");
    let config = set_up(&folder, noon, &london()).unwrap();
    assert_eq!(config.sections.len(), 7);
}

#[test]
fn a_folder_whose_place_is_not_known_is_a_problem() {
    assert!(set_up(Path::new("demo"), noon, &london()).is_err());
}

fn just_after_midnight() -> Timestamp {
    "2026-11-24T00:01:00Z".parse().unwrap()
}

#[test]
fn one_article_has_a_thread_nine_deep_and_one_has_no_comments() {
    for clock in [noon, just_after_midnight] {
        let demo = Demo::at(clock, &london());
        let data_dir = Folder::new(demo.folder.path().join(DATA_FOLDER));
        let parts = Parts {
            config: &demo.config,
            data_dir: &data_dir,
            clock,
            zone: london(),
            connection: Connection::Offline,
            proxies: Proxies::default(),
        };
        let talk_of = |guid: &str| {
            let all = demo.stories(None);
            let head = all.iter().find(|head| head.guid.as_deref() == Some(guid));
            conversation(&parts, &demo.reader(), head.unwrap().id).unwrap()
        };
        let talk = talk_of("pubtech-delayed-plan");
        assert_eq!(talk.entries.len(), 12);
        let depths = talk.entries.iter().map(|entry| entry.depth);
        assert_eq!(depths.max(), Some(9));
        assert!(talk.entries.iter().any(|entry| entry.by_author));
        assert!(
            talk.entries
                .iter()
                .any(|entry| entry.place == comment::Place::Orphan)
        );
        assert_eq!(talk.new_ones(), 2);
        let dates = talk.entries.iter().filter_map(|entry| entry.at);
        assert!(dates.max() <= Some(clock()));
        let silent = talk_of("doh-waiting-times");
        assert!(silent.entries.is_empty() && silent.fetched.is_some());
    }
}
