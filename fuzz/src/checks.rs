//! What must hold for any bytes at all. A function that returns has found nothing.

use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::time::Duration;

use gazette::feed::{self, identity};
use gazette::html;
use gazette::model::article::StoredText;
use gazette::model::feed::{CommentsLink, Pace, ParsedFeed, Validators};
use gazette::model::text::{SafeText, display_width};
use gazette::polite::{self, Headers, Reach, Trail, freshness, validators};
use gazette::search;
use gazette::services::dates;
use gazette::store::{NewArticle, Poll, PollOutcome, Reader, Store, pack};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use url::Url;

/// Runs the check of this name; false where there is none.
pub fn run(name: &str, bytes: &[u8]) -> bool {
    match name {
        "feed" => feed(bytes),
        "html" => html(bytes),
        "query" => query(bytes),
        "headers" => headers(bytes),
        "dates" => dates(bytes),
        _ => return false,
    }
    true
}

fn base() -> Url {
    Url::parse("https://policy.example/news/feed.xml").expect("an address")
}

/// Noon on a day.
fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a time")
}

/// Panics where a text could act on a terminal.
fn check_safe(text: &str, may_break: bool) {
    let is_unsafe = |c: char| {
        (c.is_control() && !(may_break && c == '\n'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.chars().any(is_unsafe), "unsafe text: {text:?}");
}

/// A document is read the same every time; its articles have identities; its texts can be shown.
pub fn feed(bytes: &[u8]) {
    let content_type = match bytes.first().map(|byte| byte % 4) {
        Some(0) => Some("application/atom+xml; charset=utf-8"),
        Some(1) => Some("text/xml; charset=iso-8859-1"),
        _ => None,
    };
    let Ok(read) = feed::parse(bytes, content_type, &base()) else {
        return;
    };
    let again = feed::parse(bytes, content_type, &base()).expect("it was read before");
    assert!(read == again, "read in two ways");
    for problem in &read.problems {
        check_safe(SafeText::line(&problem.to_string()).as_str(), false);
    }
    let ParsedFeed {
        title, articles, ..
    } = read.feed;
    for text in title
        .iter()
        .chain(articles.iter().map(|article| &article.title))
    {
        assert!(!text.contains('\n'), "a title of two lines: {text:?}");
        check_safe(SafeText::line(text).as_str(), false);
    }
    let identities = identity::identities(&articles, &base());
    assert_eq!(identities.len(), articles.len());
    for article in &articles {
        for address in article.permalink.iter().chain(&article.base) {
            assert!(Url::parse(address).is_ok(), "no address: {address:?}");
        }
    }
    for article in articles.iter().take(5) {
        for text in article.content.iter().chain(&article.summary) {
            html::standfirst(text, 300);
            check_html(text, &[40]);
        }
    }
}

/// No line of an article is wider than asked, and none of its forms can act on a terminal.
pub fn html(bytes: &[u8]) {
    check_html(&String::from_utf8_lossy(bytes), &[20, 33, 76, 200]);
}

fn check_html(text: &str, widths: &[usize]) {
    let document = html::parse(text, Some(&base()));
    for width in widths {
        for line in html::render(&document, *width).lines {
            let line = line.text();
            assert!(
                display_width(&line) <= *width,
                "wider than {width}: {line:?}"
            );
            check_safe(&line, false);
        }
    }
    for link in &document.links {
        let scheme = link.url.split(':').next().unwrap_or_default();
        assert!(
            matches!(scheme, "http" | "https" | "mailto"),
            "{:?}",
            link.url
        );
    }
    let clean = html::sanitise(text, Some(&base()));
    check_safe(&clean, true);
    let lower = clean.to_ascii_lowercase();
    for forbidden in [
        "<script",
        "<style",
        "<iframe",
        "javascript:\"",
        " onerror=\"",
    ] {
        assert!(!lower.contains(forbidden), "{forbidden} in {clean:?}");
    }
    check_safe(&html::standfirst(text, 200), false);
    html::plain_text(text);
    check_safe(&html::markdown(&document), true);
}

/// No query is an error of SQL, and one that has words finds the article that holds them.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let query = search::parse(&text);
    query.matches(&["a title", &text]);
    let mut found = 0;
    reader()
        .search(&query, html::plain_text, None, &mut |_| {
            found += 1;
            ControlFlow::Continue(())
        })
        .expect("no query is an error");
    assert!(found <= 2);
}

/// A cache with two articles, one of them indexed.
fn reader() -> &'static Reader {
    thread_local! {
        static CACHE: &'static Reader = Box::leak(Box::new(make_reader()));
    }
    CACHE.with(|reader| *reader)
}

fn make_reader() -> Reader {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Store::open(folder.path()).expect("a cache");
        let feed = store
            .sync_feeds(&["https://policy.example/"])
            .expect("a feed")[0]
            .id;
        for (number, text) in [
            (1, "Rules on \"buying\": 50% off*"),
            (2, "strasse NEAR (a b)"),
        ] {
            let article = article(number, text);
            store.record(&poll(feed, vec![article])).expect("stored");
            if number == 1 {
                store.index_some(html::plain_text).expect("indexed");
            }
        }
        folder
    });
    Reader::open(folder.path()).expect("a reader")
}

fn poll(feed: gazette::model::article::FeedId, articles: Vec<NewArticle>) -> Poll {
    Poll {
        feed,
        at: now(),
        status: Some(200),
        next_poll: None,
        not_before: None,
        outcome: PollOutcome::Fetched {
            title: None,
            site: None,
            polled_url: "https://policy.example/".to_owned(),
            validators: Validators::default(),
            validators_url: None,
            pace: Pace::default(),
            body_hash: 1,
            articles,
        },
    }
}

fn article(key: i64, text: &str) -> NewArticle {
    NewArticle {
        key,
        other_keys: Vec::new(),
        guid: None,
        title: text.to_owned(),
        permalink: None,
        story: None,
        byline: None,
        published: None,
        updated: None,
        standfirst: String::new(),
        content_hash: key,
        comments: CommentsLink::default(),
        enclosures: Vec::new(),
        base: None,
        stored: StoredText::Whole,
        body: pack(text),
    }
}

/// Header fields a line, as `name: value`, the first line a status: no wait is longer than promised,
/// and no redirect leads where none may.
pub fn headers(bytes: &[u8]) {
    const DAY: Duration = Duration::from_hours(24);
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let status = lines.next().and_then(|line| line.first()).copied();
    let status = [200, 301, 302, 304, 307, 308, 403, 410, 429, 503]
        [usize::from(status.unwrap_or_default()) % 10];
    let fields = lines.map(|line| match line.iter().position(|byte| *byte == b':') {
        Some(colon) => (
            String::from_utf8_lossy(&line[..colon]).into_owned(),
            line[colon + 1..].trim_ascii().to_vec(),
        ),
        None => ("cache-control".to_owned(), line.to_vec()),
    });
    let headers = Headers::new(fields);
    let hour = Duration::from_hours(1);
    let later = |wait: Duration| now().checked_add(wait).expect("a time");
    freshness::fresh_for(now(), &headers);
    let next = polite::after_answer(now(), hour, &headers, &Pace::default());
    assert!(later(hour) <= next && next <= later(DAY), "{next}");
    let held = polite::retry_after(status, &headers, now());
    assert!(held.is_none_or(|held| now() < held && held <= later(30 * DAY)));
    let kept = Validators {
        etag: Some(b"\"kept\"".to_vec()),
        last_modified: Some(b"then".to_vec()),
    };
    let after = validators::validators_after(status, &kept, &headers);
    let _ = validators::without_weak_etag(after);
    let mut trail = Trail::new(&base());
    let public = Reach::Public;
    if trail
        .follow(status, public, headers.get("location"))
        .is_ok()
    {
        assert_eq!(trail.at().scheme(), "https", "from https to {}", trail.at());
        assert!(trail.at().username().is_empty() && trail.at().password().is_none());
        assert!(!polite::is_private_host(trail.at()), "to {}", trail.at());
    }
}

/// No date is too odd to be read or refused, in a feed, in a header, or on the command line.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let written = text.replace('&', "&amp;").replace('<', "&lt;");
    let rss = format!(
        "<rss version=\"2.0\"><channel><title>x</title><item><title>y</title>\
         <pubDate>{written}</pubDate></item></channel></rss>"
    );
    let read = feed::parse(rss.as_bytes(), None, &base()).expect("it is a feed");
    for article in read.feed.articles {
        let Some(published) = article.published else {
            continue;
        };
        let zone = TimeZone::UTC;
        for told in [
            dates::in_facts(published, now(), &zone),
            dates::in_group(published, now(), &zone),
            dates::in_row(published, now(), &zone),
            dates::news_of(published, now(), &zone),
            dates::rfc3339(published),
        ] {
            check_safe(&told, false);
        }
    }
    let _ = dates::parse_when(&text, now(), &TimeZone::UTC);
    let header = ("Retry-After".to_owned(), bytes.to_vec());
    polite::retry_after(503, &Headers::new([header]), now());
}
