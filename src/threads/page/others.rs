//! The other pages of an article's comments.
//!
//! WordPress calls them `LINK/comment-page-2/` or, without permalinks, `LINK&cpage=2`, and names the
//! first, the last and those beside the page that is shown.

use std::collections::BTreeMap;

use url::Url;

/// Pages with higher numbers are nobody's: most sites have 50 threads on a page.
const MOST_PAGES: u32 = 1000;

/// An article has few addresses: the page's own, and the one that it calls its lasting one.
const MOST_ADDRESSES: usize = 4;

/// What a page has in its address.
const IN_PATH: &str = "comment-page-";

/// The same without permalinks.
const IN_QUERY: &str = "cpage";

/// The addresses that were met.
pub(super) struct Others {
    /// The article's addresses, each without the number of a page of comments.
    articles: Vec<Url>,
    /// The page that is shown, where its address says which.
    shown: Option<u32>,
    named: BTreeMap<u32, Url>,
}

impl Others {
    /// The pages beside the one at `url`.
    pub(super) fn new(url: &Url) -> Self {
        let (article, shown) = parted(url);
        Self {
            articles: vec![article],
            shown,
            named: BTreeMap::new(),
        }
    }

    /// Takes another address of the article.
    pub(super) fn also(&mut self, url: &Url) {
        let is_near = |known: &Url| known.origin() == url.origin();
        if self.articles.len() < MOST_ADDRESSES && self.articles.iter().any(is_near) {
            self.articles.push(parted(url).0);
        }
    }

    /// Returns the addresses of the article.
    pub(super) fn articles(&self) -> &[Url] {
        &self.articles
    }

    /// Takes the address of a link. Links to single comments may lead to the page that is shown.
    pub(super) fn met(&mut self, mut url: Url) {
        if !matches!(url.fragment(), None | Some("" | "comments")) {
            return;
        }
        url.set_fragment(None);
        let (article, Some(page)) = parted(&url) else {
            return;
        };
        if (1..=MOST_PAGES).contains(&page) && self.articles.contains(&article) {
            self.named.entry(page).or_insert(url);
        }
    }

    /// Returns the pages: all up to the last that was named, as their numbers have no gaps.
    pub(super) fn pages(self) -> Vec<Url> {
        let Some((last, pattern)) = self.named.last_key_value() else {
            return Vec::new();
        };
        let page = |number: u32| {
            let named = self.named.get(&number).cloned();
            named.unwrap_or_else(|| numbered(pattern, *last, number))
        };
        (1..=*last)
            .filter(|number| Some(*number) != self.shown)
            .map(page)
            .collect()
    }
}

/// Returns an address without the number of its page of comments, and that number.
fn parted(url: &Url) -> (Url, Option<u32>) {
    let mut article = url.clone();
    article.set_fragment(None);
    let mut page = None;
    let path = url.path().trim_end_matches('/');
    if let Some((before, last)) = path.rsplit_once('/')
        && let Some(number) = last.strip_prefix(IN_PATH)
    {
        page = number.parse().ok();
        article.set_path(before);
    } else {
        article.set_path(path);
    }
    let mut kept = Vec::new();
    for (name, value) in url.query_pairs() {
        match &*name {
            IN_QUERY => page = page.or(value.parse().ok()),
            "replytocom" | "unapproved" | "moderation-hash" => {}
            _ => kept.push((name, value)),
        }
    }
    article.set_query(None);
    if !kept.is_empty() {
        article.query_pairs_mut().extend_pairs(kept);
    }
    (article, page)
}

/// Returns the address of another page like `pattern`, which is that of page `last`.
fn numbered(pattern: &Url, last: u32, number: u32) -> Url {
    let mut url = pattern.clone();
    let of = |page: u32| format!("/{IN_PATH}{page}");
    if let Some((before, after)) = pattern.path().rsplit_once(&of(last)) {
        url.set_path(&format!("{before}{}{after}", of(number)));
        return url;
    }
    let pairs: Vec<(String, String)> = (pattern.query_pairs())
        .map(|(name, value)| match &*name {
            IN_QUERY => (name.into_owned(), number.to_string()),
            _ => (name.into_owned(), value.into_owned()),
        })
        .collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}
