//! Who an article is, across polls and across feeds.
//!
//! An [`ArticleKey`] tells the articles of one feed apart; a [`StoryKey`] joins the articles of
//! several feeds that stand for one page. Both are hashes that stay the same for ever, since they
//! are kept on disk.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use twox_hash::XxHash3_64;
use url::Url;

use crate::model::feed::ParsedArticle;

/// The identity of an article within its feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey(pub i64);

/// The identity of a story: what articles with one permalink share, whatever feed they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryKey(pub i64);

/// The site whose ids change with every update.
const GOV_UK: &str = "www.gov.uk";

/// Query parameters that say where a reader came from, not which page it is.
const TRACKING: &[&str] = &[
    "_hsenc",
    "_hsmi",
    "at_bbc_team",
    "at_campaign",
    "at_campaign_type",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "at_format",
    "at_link_id",
    "at_link_origin",
    "at_link_type",
    "at_medium",
    "at_ptr_name",
    "cmp",
    "cmpid",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "icid",
    "igshid",
    "ito",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ns_campaign",
    "ns_linkname",
    "ns_mchannel",
    "ns_source",
    "ocid",
    "ref_src",
    "s_cid",
    "twclid",
    "wbraid",
    "xtor",
    "yclid",
];

/// What an article of one document is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its key beside the other articles of this document.
    pub key: ArticleKey,
    /// What its key would be beside others: an article whose guid was unique in an earlier document
    /// and no longer is, or the other way round, is stored under one of these.
    pub others: Vec<ArticleKey>,
}

/// Returns what each article is known by, in the same order.
///
/// An article is known by its guid; without one, or where different articles of the document share
/// it, by its link; where several of those share a link too, by its title and date. Articles that
/// agree in all of these are one and get one key.
pub fn identities(articles: &[ParsedArticle], feed_url: &Url) -> Vec<Identity> {
    let names: Vec<Names<'_>> = articles.iter().map(|a| Names::of(a, feed_url)).collect();

    let mut different: HashSet<&Names<'_>> = HashSet::with_capacity(names.len());
    let mut by_guid: HashMap<&str, u32> = HashMap::with_capacity(names.len());
    for name in &names {
        // A plain repetition is the same article, not a second one under its guid.
        if different.insert(name)
            && let Some(guid) = name.guid
        {
            *by_guid.entry(guid).or_default() += 1;
        }
    }

    let mut by_link: HashMap<&str, u32> = HashMap::new();
    for name in &different {
        if name.own_guid(&by_guid).is_none()
            && let Some(link) = name.link.as_deref()
        {
            *by_link.entry(link).or_default() += 1;
        }
    }

    names
        .iter()
        .map(|name| {
            let key = if let Some(guid) = name.own_guid(&by_guid) {
                guid_key(guid)
            } else if let Some(link) = name.link.as_deref()
                && by_link.get(link) == Some(&1)
            {
                link_key(link)
            } else {
                name.title_key()
            };
            let possible = [
                name.guid.map(guid_key),
                name.link.as_deref().map(link_key),
                Some(name.title_key()),
            ];
            let others = possible
                .into_iter()
                .flatten()
                .filter(|other| *other != key)
                .collect();
            Identity { key, others }
        })
        .collect()
}

fn guid_key(guid: &str) -> ArticleKey {
    ArticleKey(hash(&["g:", guid]))
}

fn link_key(link: &str) -> ArticleKey {
    ArticleKey(hash(&["l:", link]))
}

/// Returns the key that joins all articles with this permalink.
///
/// The fragment, known tracking parameters, the difference between http and https and a trailing
/// slash don't count. None for an address without a path, or one that isn't http(s): it may stand
/// for anything.
pub fn story(permalink: &str) -> Option<StoryKey> {
    let url = Url::parse(permalink).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let path = url.path().trim_end_matches('/');
    if path.is_empty() {
        return None;
    }
    let port = url.port().map(|port| port.to_string()).unwrap_or_default();
    let host = url.host_str()?;
    let mut parts = vec!["s:", host, ":", port.as_str(), path];
    for pair in url.query().unwrap_or("").split('&') {
        if !pair.is_empty() && !is_tracking(pair) {
            parts.push("&");
            parts.push(pair);
        }
    }
    // The keys of one host lie together, so that what a feed brings touches few pages of an index.
    let host = (hash(&["host:", host]).cast_unsigned()) & HOST_BITS;
    let rest = (hash(&parts).cast_unsigned()) & !HOST_BITS;
    Some(StoryKey((host | rest).cast_signed()))
}

/// The bits of a story's key that tell its host.
const HOST_BITS: u64 = 0xffff_0000_0000_0000;

/// What an article may be known by.
#[derive(PartialEq, Eq, Hash)]
struct Names<'a> {
    guid: Option<&'a str>,
    link: Option<Cow<'a, str>>,
    title: &'a str,
    date: Option<Timestamp>,
}

impl<'a> Names<'a> {
    fn of(article: &'a ParsedArticle, feed_url: &Url) -> Self {
        Self {
            guid: article
                .guid
                .as_deref()
                .map(|guid| steady_guid(guid, feed_url)),
            link: article.permalink.as_deref().map(steady_link),
            title: &article.title,
            date: article.published.or(article.updated),
        }
    }

    /// Returns the key of title and date.
    fn title_key(&self) -> ArticleKey {
        let date = self.date.map(|at| at.as_second().to_string());
        ArticleKey(hash(&[
            "h:",
            self.title,
            "\0",
            date.as_deref().unwrap_or(""),
        ]))
    }

    /// Returns the guid where no other article has it.
    fn own_guid(&self, counts: &HashMap<&str, u32>) -> Option<&'a str> {
        self.guid.filter(|guid| counts.get(guid) == Some(&1))
    }
}

/// Returns the part of a guid that doesn't change when the article is edited.
///
/// Organisation feeds of GOV.UK build ids as `URL#2026-09-18T10:00:00Z`.
fn steady_guid<'a>(guid: &'a str, feed_url: &Url) -> &'a str {
    let Some((before, after)) = guid.rsplit_once('#') else {
        return guid;
    };
    if before.is_empty() || !is_timestamp(after) {
        return guid;
    }
    let on_gov_uk = feed_url.host_str() == Some(GOV_UK)
        || Url::parse(guid).is_ok_and(|url| url.host_str() == Some(GOV_UK));
    if on_gov_uk { before } else { guid }
}

/// Returns a link without the parameters that say where a reader came from: some publishers write
/// them anew into each document.
fn steady_link(link: &str) -> Cow<'_, str> {
    let (rest, fragment) = link.split_at(link.find('#').unwrap_or(link.len()));
    let Some((page, query)) = rest.split_once('?') else {
        return link.into();
    };
    if !query.split('&').any(is_tracking) {
        return link.into();
    }
    let mut steady = page.to_owned();
    let kept = query.split('&').filter(|pair| !is_tracking(pair));
    for (number, pair) in kept.enumerate() {
        steady.push(if number == 0 { '?' } else { '&' });
        steady.push_str(pair);
    }
    steady.push_str(fragment);
    steady.into()
}

/// Whether a text looks like `2026-09-18T10:00:00Z` or like seconds since 1970.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits_at = |from: usize, to: usize| {
        bytes
            .get(from..to)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let iso = digits_at(0, 4)
        && bytes.get(4) == Some(&b'-')
        && digits_at(5, 7)
        && bytes.get(7) == Some(&b'-')
        && digits_at(8, 10)
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b"-:.+TZtz ".contains(b));
    iso || (bytes.len() >= 9 && digits_at(0, bytes.len()))
}

/// Whether a `name=value` pair of a query is known to track readers.
fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.binary_search(&name.as_str()).is_ok()
}

/// Hashes the parts, one after another.
fn hash(parts: &[&str]) -> i64 {
    XxHash3_64::oneshot(parts.concat().as_bytes()).cast_signed()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn keys(articles: &[ParsedArticle], feed_url: &Url) -> Vec<ArticleKey> {
        identities(articles, feed_url)
            .into_iter()
            .map(|identity| identity.key)
            .collect()
    }

    fn article(guid: &str, link: &str, title: &str) -> ParsedArticle {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ParsedArticle {
            guid: named(guid),
            permalink: named(link),
            title: title.to_owned(),
            ..ParsedArticle::default()
        }
    }

    /// Checks which articles of one document are told apart: equal letters, equal keys.
    #[track_caller]
    fn check(articles: &[ParsedArticle], expected: &str) {
        check_on("https://example.gov/feed", articles, expected);
    }

    #[track_caller]
    fn check_on(feed_url: &str, articles: &[ParsedArticle], expected: &str) {
        let keys = keys(articles, &Url::parse(feed_url).unwrap());
        let letters: String = keys
            .iter()
            .map(|key| {
                let first = keys.iter().position(|other| other == key).unwrap();
                char::from(b'a' + u8::try_from(first).unwrap())
            })
            .collect();
        assert_eq!(letters, expected);
    }

    #[track_caller]
    fn same_key(feed_url: &str, before: &ParsedArticle, after: &ParsedArticle) -> bool {
        let url = Url::parse(feed_url).unwrap();
        keys(std::slice::from_ref(before), &url) == keys(std::slice::from_ref(after), &url)
    }

    #[test]
    fn the_tracking_table_is_sorted() {
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn keys_stay_the_same_for_ever() {
        let url = Url::parse("https://example.gov/feed").unwrap();
        let of = |a: ParsedArticle| keys(&[a], &url)[0].0;
        assert_eq!(of(article("1", "", "")), hash(&["g:1"]));
        assert_eq!(hash(&["g:1"]), 1_242_362_409_568_460_397);
    }

    #[test]
    fn a_guid_is_stronger_than_link_and_title() {
        check(&[article("1", "u", "t"), article("2", "u", "t")], "ab");
        assert!(same_key(
            "https://example.gov/feed",
            &article("1", "u", "t"),
            &article("1", "v", "new title")
        ));
    }

    #[test]
    fn a_guid_that_several_articles_share_is_no_identity() {
        check(
            &[
                article("1", "u", "one"),
                article("1", "v", "two"),
                article("1", "w", "three"),
            ],
            "abc",
        );
        check(&[article("1", "u", "one"), article("1", "u", "two")], "ab");
    }

    #[test]
    fn an_article_is_found_again_when_its_guid_is_doubled_or_no_longer_is() {
        let url = Url::parse("https://example.gov/feed").unwrap();
        let alone = identities(&[article("1", "u", "t")], &url);
        let beside = identities(&[article("1", "u", "t"), article("1", "v", "t")], &url);
        assert!(beside[0].others.contains(&alone[0].key));
        assert!(alone[0].others.contains(&beside[0].key));
    }

    #[test]
    fn an_article_that_stands_twice_is_one() {
        check(&[article("1", "u", "t"), article("1", "u", "t")], "aa");
        check(&[article("", "", "t"), article("", "", "t")], "aa");
        assert!(same_key(
            "https://example.gov/feed",
            &article("1", "u", "t"),
            &article("1", "u", "t")
        ));
    }

    #[test]
    fn without_a_guid_the_link_counts_then_title_and_date() {
        check(&[article("", "u", "t"), article("", "v", "t")], "ab");
        check(&[article("", "u", "one"), article("", "u", "two")], "ab");
        check(&[article("", "", "one"), article("", "", "two")], "ab");
    }

    #[test]
    fn kinds_of_keys_never_collide() {
        check(
            &[
                article("x", "", ""),
                article("", "x", ""),
                article("", "", "x"),
            ],
            "abc",
        );
    }

    #[test]
    fn an_edit_on_gov_uk_is_no_new_article() {
        let before = article("https://www.gov.uk/a#2026-09-18T10:00:00Z", "", "t");
        let after = article("https://www.gov.uk/a#2026-09-19T11:30:00+01:00", "", "t");
        assert!(same_key("https://www.gov.uk/x.atom", &before, &after));
        assert!(same_key("https://elsewhere.example/feed", &before, &after));
        let before = article("tag:x,2005:/a#1758189600", "", "t");
        let after = article("tag:x,2005:/a#1758189601", "", "t");
        assert!(same_key("https://www.gov.uk/x.atom", &before, &after));
        assert!(!same_key("https://elsewhere.example/feed", &before, &after));
    }

    #[test]
    fn other_fragments_stay_part_of_a_guid() {
        let before = article("https://www.gov.uk/a#part-1", "", "t");
        let after = article("https://www.gov.uk/a#part-2", "", "t");
        assert!(!same_key("https://www.gov.uk/x.atom", &before, &after));
    }

    #[track_caller]
    fn check_story(a: &str, b: &str, same: bool) {
        let (left, right) = (story(a), story(b));
        assert!(left.is_some() && right.is_some(), "{a} or {b} has no key");
        assert_eq!(left == right, same, "{a} and {b}");
    }

    #[test]
    fn a_story_is_its_permalink_without_what_tracks() {
        let plain = "https://www.bbc.co.uk/news/uk-1";
        check_story(plain, "http://www.BBC.co.uk/news/uk-1/", true);
        check_story(plain, "https://www.bbc.co.uk:443/news/uk-1#top", true);
        check_story(
            plain,
            "https://www.bbc.co.uk/news/uk-1?at_medium=RSS&at_campaign=KARANGA&utm_source=x",
            true,
        );
        check_story(plain, "https://www.bbc.co.uk/news/uk-2", false);
        check_story(plain, "https://www.bbc.co.uk/news/uk-1?page=2", false);
        check_story(
            "https://x.gov/a?id=1&fbclid=2",
            "https://x.gov/a/?id=1",
            true,
        );
        check_story("https://x.gov:81/a", "https://x.gov/a", false);
    }

    #[test]
    fn an_address_that_stands_for_anything_joins_nothing() {
        for address in [
            "https://x.gov/",
            "https://x.gov",
            "https://x.gov/?p=1",
            "mailto:a@x.gov",
            "tag:x,2005:/a",
            "no address",
            "",
        ] {
            assert_eq!(story(address), None, "{address}");
        }
    }
}
