//! A feed that says itself that it has ended.

use crate::model::feed::{ParsedArticle, ParsedFeed};

/// The title of the article that GOV.UK puts in the place of all others where a finder was taken
/// down, and how its id ends (finder-frontend, `show_redirect.atom.builder`).
const TITLE: &str = "This feed has ended";
const GUID_END: &str = "/feed-ended";

/// Returns the article by which a feed says that it has ended: alone in the document, with the title
/// and the id that GOV.UK gives it. Others may write about feeds that end.
pub fn ending(feed: &ParsedFeed) -> Option<&ParsedArticle> {
    let [only] = &feed.articles[..] else {
        return None;
    };
    let guid = only.guid.as_deref()?;
    // An id on www.gov.uk may carry the time of its last change.
    let guid = guid.split('#').next().unwrap_or_default();
    (only.title == TITLE && guid.ends_with(GUID_END)).then_some(only)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn feed(articles: &[(&str, Option<&str>)]) -> ParsedFeed {
        let articles = articles.iter().map(|(title, guid)| ParsedArticle {
            title: (*title).to_owned(),
            guid: guid.map(str::to_owned),
            ..ParsedArticle::default()
        });
        ParsedFeed {
            articles: articles.collect(),
            ..ParsedFeed::default()
        }
    }

    #[test]
    fn only_the_publishers_own_word_ends_a_feed() {
        let ended = (TITLE, Some("https://www.gov.uk/x/feed-ended"));
        assert!(ending(&feed(&[ended])).is_some());
        let tagged = (TITLE, Some("tag:www.gov.uk,2005:/x/feed-ended"));
        assert!(ending(&feed(&[tagged])).is_some());
        let dated = (
            TITLE,
            Some("https://www.gov.uk/x/feed-ended#2026-09-18T10:00:00Z"),
        );
        assert!(ending(&feed(&[dated])).is_some());
        for others in [
            &[ended, ("News", Some("a"))][..],
            &[(TITLE, Some("https://blog.example/42"))],
            &[(TITLE, Some("https://blog.example/our-feed-ended"))],
            &[(TITLE, None)],
            &[("Why this feed has ended", ended.1)],
            &[],
        ] {
            assert!(ending(&feed(others)).is_none(), "{others:?}");
        }
    }
}
