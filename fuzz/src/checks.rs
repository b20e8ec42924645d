//! What has to hold for any bytes. Each check panics where it doesn't.

use std::collections::HashSet;
use std::time::Duration;

use gazette::feed::{self, FeedProblem, identity};
use gazette::html;
use gazette::model::comment::{Comment, CommentId, Words};
use gazette::model::document::{Inline, Rendered};
use gazette::model::feed::{Pace, ParsedFeed, Validators};
use gazette::model::text::{SafeText, display_width};
use gazette::polite::{self, Headers, Reach, Trail, freshness, validators};
use gazette::search;
use gazette::threads::{self, answer::Fate};
use jiff::Timestamp;
use jiff::tz::Offset;
use url::Url;

const BASE: &str = "https://news.example.gov/feeds/all.xml";

/// Longer documents are read once only: twice would measure the check.
const READ_TWICE: usize = 200_000;

/// As many problems as there are kinds.
const MOST_PROBLEMS: usize = 32;

/// A problem is told in a line.
const LONGEST_PROBLEM_BYTES: usize = 400;

const DAY: Duration = Duration::from_hours(24);

fn base() -> Url {
    Url::parse(BASE).expect("the base is an address")
}

/// A feed is read the same each time; what comes out of it is in bounds, and its articles are the
/// same ones at the next poll.
pub fn feed(bytes: &[u8]) {
    let base = base();
    let (content_type, document) = split_content_type(bytes);
    let read = feed::parse(document, content_type, &base);
    if document.len() < READ_TWICE {
        assert_eq!(read, feed::parse(document, content_type, &base));
    }
    match read {
        Ok(parsed) => {
            let problems: Vec<String> =
                parsed.problems.iter().map(FeedProblem::to_string).collect();
            assert!(
                problems.len() <= MOST_PROBLEMS,
                "{} problems",
                problems.len()
            );
            for (at, problem) in problems.iter().enumerate() {
                assert_safe(SafeText::line(problem).as_str());
                assert!(problem.len() <= LONGEST_PROBLEM_BYTES, "{problem}");
                assert!(!problems[..at].contains(problem), "told twice: {problem}");
            }
            parsed_feed(&parsed.feed, &base);
        }
        Err(error) => assert_safe(SafeText::line(&error.to_string()).as_str()),
    }
}

/// Takes a first line `Content-Type: …` for the header's.
fn split_content_type(bytes: &[u8]) -> (Option<&str>, &[u8]) {
    const NAME: &[u8] = b"Content-Type: ";
    let Some(rest) = bytes.strip_prefix(NAME) else {
        return (None, bytes);
    };
    let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let (value, document) = rest.split_at(end);
    (std::str::from_utf8(value).ok(), document)
}

fn parsed_feed(feed: &ParsedFeed, base: &Url) {
    assert!(feed.pace.skip_hours.len() <= 1000, "skipHours has no end");
    for text in [&feed.title, &feed.site].into_iter().flatten() {
        assert_no_control(text);
    }
    let identities = identity::identities(&feed.articles, base);
    assert_eq!(identities.len(), feed.articles.len());
    if feed.articles.len() < 1000 {
        assert_eq!(identities, identity::identities(&feed.articles, base));
    }
    for article in &feed.articles {
        assert_no_control(&article.title);
        let texts = [&article.byline, &article.permalink];
        for text in texts.into_iter().flatten().chain(&article.categories) {
            assert_no_control(text);
        }
        if let Some(permalink) = &article.permalink {
            let story = identity::story(permalink);
            assert_eq!(story, identity::story(permalink));
        }
        for date in [article.published, article.updated].into_iter().flatten() {
            in_range(date);
        }
    }
}

fn in_range(date: Timestamp) {
    let year = Offset::UTC.to_datetime(date).year();
    assert!(
        (1000..=9999).contains(&year),
        "{date} is no date of an article"
    );
}

fn assert_no_control(text: &str) {
    assert!(!text.chars().any(char::is_control), "a control in {text:?}");
}

/// Fails on what could act on a terminal.
fn assert_safe(text: &str) {
    let acts =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.chars().any(acts), "not safe: {text:?}");
}

/// An article is set within its width, in safe text, the same each time; and the other readings of
/// it are safe too.
pub fn html(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let base = base();
    let document = html::parse(&text, Some(&base));
    for width in [20, 76, 500] {
        let rendered = html::render(&document, width);
        set(&rendered, width);
        assert_eq!(rendered.links, document.links);
    }
    if bytes.len() < 20_000 {
        assert_eq!(document, html::parse(&text, Some(&base)));
        assert_eq!(html::render(&document, 41), html::render(&document, 41));
        for width in 21..60 {
            set(&html::render(&document, width), width);
        }
    }
    for (at, link) in document.links.iter().enumerate() {
        assert_eq!(usize::from(link.n), at + 1);
        assert_safe(&link.text);
        assert_safe(&link.url);
        let known = ["http:", "https:", "mailto:"];
        assert!(
            known.iter().any(|scheme| link.url.starts_with(scheme)),
            "{}",
            link.url
        );
    }
    for caption in document.blocks.iter().filter_map(caption) {
        assert_inlines_safe(caption);
    }
    html::markdown(&document).lines().for_each(assert_safe);
    html::sanitise(&text, Some(&base))
        .lines()
        .for_each(assert_no_control_but_tab);
    html::plain_text(&text);
    let standfirst = html::standfirst(&text, 200);
    assert_safe(&standfirst);
    assert!(
        standfirst.chars().count() <= 201,
        "a standfirst is longer than asked for"
    );
}

/// A page, or an answer, of a site with comments is read without a loss and without harm: each comment
/// stands once in the thread, no form leads to another site, and only a redirect to a comment proves
/// that one was published.
pub fn comments(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let base = base();
    let told = threads::page(&text, &base);
    told.pages.iter().for_each(|page| {
        assert!(page.scheme().starts_with("http"), "{page}");
    });
    threaded(told.comments);
    for read in [
        threads::rest::comments(bytes, Some(1)).ok(),
        threads::discourse::topic(bytes, &base)
            .ok()
            .map(|topic| topic.comments),
        feed::parse(bytes, None, &base)
            .ok()
            .map(|parsed| threads::feed::comments(&parsed.feed, None)),
    ] {
        threaded(read.unwrap_or_default());
    }
    if let Ok(form) = threads::form::form(&text, &base) {
        assert_eq!(form.action.origin(), base.origin());
        let fields = form.fill(&Words::default(), Some(7));
        let consents = |(name, _): &(String, String)| name == "wp-comment-cookies-consent";
        assert!(!fields.iter().any(consents), "a consent was given");
        threads::form::encode(&fields);
    }
    let first = text.lines().next();
    let statuses = [200, 302, 403, 409, 502];
    for status in statuses.into_iter().skip(bytes.len() % 5).take(1) {
        let fate = threads::answer::of_form(status, first, &text, &base);
        let is_taken = matches!(fate, Fate::Published(_) | Fate::Held(_));
        assert!(!is_taken || status == 302, "{status} proves nothing");
        if let Fate::Refused(refusal) = fate {
            assert_safe(SafeText::line(&refusal.words).as_str());
        }
        threads::answer::of_rest(status, bytes);
    }
}

fn threaded(comments: Vec<Comment>) {
    let names: HashSet<CommentId> = comments.iter().map(|one| one.id.clone()).collect();
    let thread = threads::thread(comments).comments;
    assert_eq!(thread.len(), names.len());
    for one in &thread {
        assert!(one.depth >= 1 && names.contains(&one.comment.id));
    }
}

fn caption(block: &gazette::model::document::Block) -> Option<&[Inline]> {
    match block {
        gazette::model::document::Block::Table(table) => Some(&table.caption),
        _ => None,
    }
}

fn assert_inlines_safe(inlines: &[Inline]) {
    for inline in inlines {
        if let Inline::Text(span) = inline {
            assert_safe(&span.text);
        }
    }
}

fn assert_no_control_but_tab(text: &str) {
    let is_control = |c: char| c.is_control() && c != '\t';
    assert!(!text.chars().any(is_control), "a control in {text:?}");
}

fn set(rendered: &Rendered, width: usize) {
    let mut block = 0;
    for line in &rendered.lines {
        let text = line.text();
        assert_safe(&text);
        assert!(
            display_width(&text) <= width,
            "{} columns in {width}: {text:?}",
            display_width(&text)
        );
        assert!(line.block >= block, "blocks out of order");
        block = line.block;
    }
    for heading in &rendered.headings {
        assert!(
            heading.line < rendered.lines.len(),
            "a heading beyond the text"
        );
    }
}

/// The first line is a query, the rest is a text. A query finds itself, and a word that is in no text
/// is not found.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (typed, article) = text.split_once('\n').unwrap_or((&text, ""));
    let query = search::parse(typed);
    let found = query.matches(&[article]);
    assert_eq!(found, search::parse(typed).matches(&[article]));
    assert!(
        !query.is_empty() || !found,
        "an empty query finds something"
    );
    if !query.is_empty() {
        assert!(query.matches(&[typed]), "{typed:?} doesn't find itself");
        assert!(
            query.matches(&[article, typed]),
            "a field more loses {typed:?}"
        );
        assert!(!query.matches(&[]), "{typed:?} is found in nothing");
        let upper = article.to_ascii_uppercase();
        assert_eq!(found, query.matches(&[&upper]), "case counts");
    }
    assert_safe(SafeText::line(&format!("{query:?}")).as_str());
}

/// Header fields a line each, `status` first. What they ask for is kept within the caps, and a
/// validator comes back as it was sent.
pub fn headers(bytes: &[u8]) {
    let mut lines = bytes.split(|b| *b == b'\n');
    let first = lines.next().unwrap_or_default();
    let status = first
        .iter()
        .take(3)
        .fold(0_u16, |sum, digit| sum * 10 + u16::from(digit % 10));
    let fields: Vec<(String, Vec<u8>)> = lines
        .filter_map(|line| {
            let colon = line.iter().position(|b| *b == b':')?;
            let name = String::from_utf8_lossy(&line[..colon]).into_owned();
            Some((name, line[colon + 1..].trim_ascii().to_vec()))
        })
        .collect();
    let headers = Headers::new(fields);
    for now in [1_772_000_000, 0, 253_402_207_200] {
        times(
            status,
            &headers,
            Timestamp::from_second(now).expect("in range"),
        );
    }

    let sent = validators::validators_after(200, &Validators::default(), &headers);
    for (kept, name) in [(&sent.etag, "etag"), (&sent.last_modified, "last-modified")] {
        let value = headers.get(name).filter(|value| !value.is_empty());
        assert_eq!(kept.as_deref(), value, "a validator was changed");
    }
    assert_eq!(validators::validators_after(304, &sent, &headers), sent);
    let without = validators::without_weak_etag(sent.clone());
    assert_eq!(without.last_modified, sent.last_modified);
    assert_eq!(validators::without_weak_etag(without.clone()), without);
    assert!(
        without != Validators::default() || sent == without,
        "no validator is left"
    );

    redirects(&headers);
}

fn times(status: u16, headers: &Headers, now: Timestamp) {
    freshness::fresh_for(now, headers);
    let refresh = Duration::from_mins(30);
    let pace = Pace::default();
    let next = polite::after_answer(now, refresh, headers, &pace);
    assert!(
        next >= now && next.duration_since(now).unsigned_abs() <= DAY,
        "next poll at {next}"
    );
    let held = polite::retry_after(status, headers, now);
    assert!(
        held.is_none_or(|held| held > now && held.duration_since(now).unsigned_abs() <= 30 * DAY),
        "held until {held:?}"
    );
    for failures in [0, 1, 9, u32::MAX] {
        let again = polite::after_failure(now, failures, 0.5);
        assert!(again >= now, "tried again in the past");
        assert!(
            again.duration_since(now).unsigned_abs() <= DAY,
            "tried again at {again}"
        );
    }
}

/// Follows every `Location` in turn.
fn redirects(headers: &Headers) {
    for start in [BASE, "http://user:word@127.0.0.1:8080/a#b"] {
        let start = Url::parse(start).expect("an address");
        let mut trail = Trail::new(&start);
        let mut followed = 0;
        for (at, location) in headers.get_all("location").enumerate() {
            let from = trail.at().clone();
            let status = if at % 2 == 0 { 301 } else { 302 };
            if trail.follow(status, Reach::Public, Some(location)).is_err() {
                assert_eq!(*trail.at(), from, "moved by what was not followed");
                continue;
            }
            followed += 1;
            let to = trail.at();
            assert!(matches!(to.scheme(), "http" | "https"), "{to}");
            assert!(
                from.scheme() == "http" || to.scheme() == "https",
                "{from} to {to}"
            );
            assert!(
                polite::is_private_host(&from) || !polite::is_private_host(to),
                "{from} to {to}"
            );
            assert!(to.username().is_empty() && to.password().is_none(), "{to}");
            assert!(to.fragment().is_none() && to.has_host(), "{to}");
            assert_safe(to.as_str());
        }
        assert!(followed <= 10, "{followed} redirects");
    }
}

/// A text as the date of an article, in each family of feeds: read the same each time, in range, and
/// never at the cost of the article.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '<' => "&lt;".to_owned(),
            '&' => "&amp;".to_owned(),
            '"' | '\\' => String::new(),
            c if c.is_control() => " ".to_owned(),
            c => c.to_string(),
        })
        .collect();
    let documents = [
        format!(
            "<rss version=\"2.0\"><channel><title>N</title><item><title>T</title>\
             <guid>1</guid><pubDate>{escaped}</pubDate></item></channel></rss>"
        ),
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>N</title><entry><id>1</id>\
             <title>T</title><updated>{escaped}</updated></entry></feed>"
        ),
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"N\",\"items\":[\
             {{\"id\":\"1\",\"content_text\":\"t\",\"date_published\":\"{escaped}\"}}]}}"
        ),
    ];
    for document in documents {
        feed(document.as_bytes());
        let read = feed::parse(document.as_bytes(), None, &base()).expect("the feed is sound");
        assert_eq!(read.feed.articles.len(), 1, "a date lost its article");
    }
}
