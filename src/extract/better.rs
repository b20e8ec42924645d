//! Whether a page may take the place of what its feed has.

use std::collections::HashSet;

use super::Page;
use crate::html;

/// What a page says that has no article to show, in lower case. Alone it proves nothing: an article
/// may be about it.
const WALLS: [&str; 34] = [
    "accept all cookies",
    "accept cookies",
    "access denied",
    "access to this page has been denied",
    "already a subscriber",
    "are you a robot",
    "checking if the site connection is secure",
    "checking your browser",
    "complete the captcha",
    "cookies to continue",
    "create a free account",
    "create an account to",
    "ddos protection",
    "enable cookies",
    "enable javascript",
    "javascript is disabled",
    "javascript is required",
    "log in to continue",
    "log in to read",
    "manage your cookie",
    "page not found",
    "page you requested could not be found",
    "please sign in",
    "please turn javascript on",
    "please verify you are",
    "register to read",
    "sign in to continue",
    "sign in to read",
    "subscribe to continue",
    "subscribe to read",
    "this page doesn't exist",
    "turn on javascript",
    "we use cookies",
    "your privacy choices",
];

/// A text of so many words is an article, whatever it says about cookies.
const ARTICLE_FROM_WORDS: usize = 250;

/// A summary of so many words or more shares some with the article that it sums up.
const TELLING_FROM_WORDS: usize = 8;

/// The part of the summary's words, in percent, that a page of the same article has.
const SHARED_PERCENT: usize = 40;

/// Whether a page's text may take the place of what the feed says of an article: it has more words,
/// is about the same, and is no wall of any kind.
pub fn is_better(page: &Page, title: &str, feed_html: &str) -> bool {
    let page_text = html::plain_text(&page.html).to_lowercase();
    let feed_text = html::plain_text(feed_html).to_lowercase();
    let page_words = words(&page_text);
    let feed_words = words(&without_ellipsis(&feed_text));
    if page_words.is_empty() || page_words.len() < feed_words.len() {
        return false;
    }
    if page_words.len() < ARTICLE_FROM_WORDS && is_wall(&page_text, title, &feed_text) {
        return false;
    }
    is_about(&page_words, &feed_words, title)
}

/// Whether a short text says why there is nothing to read, and the article isn't about that.
fn is_wall(page_text: &str, title: &str, feed_text: &str) -> bool {
    let page_text = page_text.replace('\u{2019}', "'");
    let title = title.to_lowercase();
    WALLS
        .iter()
        .any(|wall| page_text.contains(wall) && !feed_text.contains(wall) && !title.contains(wall))
}

/// Whether a page shares enough words with what the feed says, or with the title where that says
/// next to nothing.
fn is_about(page: &[String], feed: &[String], title: &str) -> bool {
    let known: HashSet<&str> = page.iter().map(String::as_str).collect();
    let telling = if feed.len() >= TELLING_FROM_WORDS {
        feed.to_vec()
    } else {
        return true_where_long(page, feed, title, &known);
    };
    shares(&telling, &known)
}

/// With little to go by, a page counts that has the title's words or is as long as an article.
fn true_where_long(page: &[String], feed: &[String], title: &str, known: &HashSet<&str>) -> bool {
    let title = words(&title.to_lowercase());
    page.len() >= ARTICLE_FROM_WORDS
        || !feed.is_empty() && shares(feed, known)
        || title
            .iter()
            .any(|word| word.len() > 4 && known.contains(word.as_str()))
        || title.is_empty()
}

fn shares(told: &[String], known: &HashSet<&str>) -> bool {
    let once: HashSet<&str> = told.iter().map(String::as_str).collect();
    let shared = once.iter().filter(|word| known.contains(**word)).count();
    shared * 100 >= once.len() * SHARED_PERCENT
}

/// Returns a text without the sign that it goes on elsewhere.
fn without_ellipsis(text: &str) -> String {
    text.replace(['…', '[', ']'], " ").replace("...", " ")
}

/// Returns the words of a text: letters and digits alone.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: &str = "Delayed digital plan asks departments to act as one";
    const SUMMARY: &str = "<p>A year late, the plan ties money to shared services and rests on five \
                           pillars for the work to 2030…</p>";

    fn check(text: &str, expected: bool) {
        let page = Page {
            html: format!("<p>{text}</p>"),
            ..Page::default()
        };
        assert_eq!(is_better(&page, TITLE, SUMMARY), expected, "{text}");
    }

    #[test]
    fn the_whole_article_is_better() {
        check(
            "A year late, the plan ties money to shared services and rests on five pillars for the \
             work to 2030. Departments that build their own will have to explain why.",
            true,
        );
        check(
            "The plan for shared services is a year late. Its five pillars tie money to work done \
             by departments until 2030, and each of them is to report what it did every year.",
            true,
        );
    }

    #[test]
    fn walls_and_others_texts_are_not() {
        for wall in [
            "We use cookies to improve your experience of this site. Please accept all cookies or \
             manage your cookie settings before you go on to the article about the plan.",
            "Please enable JavaScript and reload the page: a year late, the plan ties money to \
             shared services and rests on five pillars for the work to 2030, and more.",
            "Page not found. The page you requested could not be found. Try the search, or go to \
             the front page, where all news of the last days are listed by department.",
            "A year late.",
            "",
            "Weather: rain in the north, and sunshine in the south with some clouds over the hills \
             in the evening. Tomorrow it will be colder everywhere, with frost in the night.",
        ] {
            check(wall, false);
        }
    }

    #[test]
    fn an_article_about_cookies_is_an_article() {
        let page = Page {
            html:
                "<p>We use cookies, says every site. A new rule on consent, laid today, ends the \
                   banner for good.</p>"
                    .to_owned(),
            ..Page::default()
        };
        let summary = "We use cookies, says every site. A new rule on consent ends the banner";
        assert!(is_better(&page, "An end to banners", summary));
    }

    #[test]
    fn without_a_summary_the_title_tells() {
        let page = |html: &str| Page {
            html: html.to_owned(),
            ..Page::default()
        };
        assert!(is_better(&page("<p>A digital plan.</p>"), TITLE, ""));
        assert!(!is_better(&page("<p>Weather and sport.</p>"), TITLE, ""));
        assert!(is_better(&page("<p>Anything.</p>"), "", ""));
    }
}
