//! Whether a page may take the place of what its feed has.

use std::collections::HashSet;

use super::Page;
use crate::html;

#[cfg(test)]
mod tests;
mod walls;

/// A text of so many words is an article, whatever it says about cookies.
const ARTICLE_FROM_WORDS: usize = 250;

/// A text of so many words that has all of the summary may say something about cookies besides.
const WHOLE_FROM_WORDS: usize = 80;

/// A summary of more words than these is about something that its article is about, too.
const TELLING_ABOVE_WORDS: usize = 15;

/// Words are compared by so many of their first letters, as one text says `department` where the
/// other says `departments`.
const STEM: usize = 6;

/// Words of this length or longer say what a text is about, but for these.
const TELLING_LETTERS: usize = 4;
const COMMON: [&str; 41] = [
    "about", "after", "also", "been", "before", "being", "could", "does", "down", "from", "have",
    "here", "into", "just", "more", "most", "much", "only", "other", "over", "same", "should",
    "some", "such", "than", "that", "their", "them", "then", "there", "these", "they", "this",
    "those", "very", "were", "what", "when", "which", "will", "with",
];

/// Whether a page's text may take the place of what the feed says of an article: it has at least as
/// many words, is about the same, and is no wall of any kind. A document that says what it is
/// (GOV.UK's) needs no proof.
pub fn is_better(page: &Page, title: &str, feed_html: &str) -> bool {
    let page_text = html::plain_text(&page.html).to_lowercase();
    let page_words = words(&page_text);
    if page_words.is_empty() {
        return false;
    }
    let feed_text = html::plain_text(feed_html).to_lowercase();
    let feed_text = without_sender(&feed_text);
    let feed_words = words(feed_text);
    if is_document(page) {
        let standfirst = page.facts.standfirst.as_deref().unwrap_or_default();
        return page_words.len() + words(standfirst).len() >= feed_words.len();
    }
    if page_words.len() < feed_words.len() {
        return false;
    }
    let title = title.to_lowercase();
    let known = stems(&page_words);
    let of_feed = telling(&feed_words);
    let shared = shared(&of_feed, &known);
    if page_words.len() < ARTICLE_FROM_WORDS {
        let has_all = page_words.len() >= WHOLE_FROM_WORDS && !of_feed.is_empty() && shared >= 80;
        let told = [feed_text, &title];
        if walls::is_shut(&page_text, &told) || !has_all && walls::is_notice(&page_text, &told) {
            return false;
        }
    }
    if feed_words.len() > TELLING_ABOVE_WORDS && of_feed.len() >= 4 {
        return shared >= 50;
    }
    is_about(&title, &of_feed, &known)
}

/// Whether a page is a document that says what it is, and so nothing else.
fn is_document(page: &Page) -> bool {
    page.facts.kind.is_some() || !page.facts.organisations.is_empty()
}

/// Whether a page is about the title, or about the little that its feed says.
fn is_about(title: &str, feed: &[String], page: &HashSet<String>) -> bool {
    let title = telling(&words(title));
    let of_title = shared(&title, page);
    title.is_empty() || of_title >= 20 || feed.len() >= 2 && shared(feed, page) >= 50
}

/// Returns how much of the words is among others, in percent.
fn shared(told: &[String], known: &HashSet<String>) -> usize {
    let shared = told.iter().filter(|stem| known.contains(*stem)).count();
    (shared * 100).checked_div(told.len()).unwrap_or(0)
}

/// Returns the stems of words that say what a text is about, each once.
fn telling(words: &[String]) -> Vec<String> {
    let telling = words.iter().filter(|word| {
        let is_sign = word.chars().next().is_some_and(is_word_alone);
        is_sign || word.chars().count() >= TELLING_LETTERS && !COMMON.contains(&word.as_str())
    });
    let once: HashSet<String> = telling.map(|word| stem(word)).collect();
    once.into_iter().collect()
}

fn stems(words: &[String]) -> HashSet<String> {
    words.iter().map(|word| stem(word)).collect()
}

fn stem(word: &str) -> String {
    word.chars().take(STEM).collect()
}

/// Returns a summary without what WordPress adds to it.
fn without_sender(text: &str) -> &str {
    match text.rfind("the post ") {
        Some(at)
            if text
                .get(at..)
                .is_some_and(|end| end.contains("appeared first on")) =>
        {
            text.get(..at).unwrap_or(text)
        }
        _ => text,
    }
}

/// Returns the words of a text: letters and digits alone. Where words aren't parted by blanks, each
/// sign is one.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let mut word = String::new();
        for c in run.chars() {
            if is_word_alone(c) {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                words.push(c.to_string());
            } else {
                word.push(c);
            }
        }
        words.extend((!word.is_empty()).then_some(word));
    }
    words
}

/// Whether a letter is of a script that is written without blanks: Thai to Khmer, Chinese and
/// Japanese.
fn is_word_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
