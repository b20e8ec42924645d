//! Search: what the reader typed becomes a [`Query`]. It never becomes SQL here, and it never
//! fails: what is not a word is left out.
//!
//! - [`words`]: what a word is, and when two are the same
//!
//! Words are ANDed. A word with something between its letters, such as `foo-bar`, is several that
//! stand next to each other.

mod words;

pub(crate) use words::fold;

use std::collections::HashSet;
use std::fmt;

use memchr::memmem::Finder;

/// What is searched for.
#[derive(Clone)]
pub struct Query {
    /// Words or phrases, folded, with a blank before and after each word.
    phrases: Vec<Finder<'static>>,
}

/// The longest query that is read, in bytes: what stands behind it would only cost time.
const LONGEST_QUERY: usize = 4096;

/// Makes a query out of what the reader typed. A word that is said twice is looked for once.
pub fn parse(text: &str) -> Query {
    let mut known = HashSet::new();
    let phrases = beginning(text).split_whitespace().filter_map(|word| {
        let mut folded = String::new();
        words::fold(word, &mut folded);
        let is_new = folded.len() > 1 && known.insert(folded.clone());
        is_new.then(|| Finder::new(folded.as_bytes()).into_owned())
    });
    Query {
        phrases: phrases.collect(),
    }
}

/// Returns as many whole words of a text as are read.
fn beginning(text: &str) -> &str {
    if text.len() <= LONGEST_QUERY {
        return text;
    }
    let (head, _) = text.split_at(text.floor_char_boundary(LONGEST_QUERY));
    head.rfind(char::is_whitespace)
        .map_or("", |blank| &head[..blank])
}

impl Query {
    /// Whether there is no word in it; such a query finds nothing.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Returns the words that are looked for, folded; a phrase has blanks between its words.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = &str> {
        self.phrases
            .iter()
            .filter_map(|phrase| str::from_utf8(phrase.needle()).ok())
            .map(str::trim)
    }

    /// Whether each word or phrase stands in one of `fields`.
    pub fn matches(&self, fields: &[&str]) -> bool {
        let mut folded = String::with_capacity(fields.iter().map(|field| field.len() + 2).sum());
        for field in fields {
            words::fold(field, &mut folded);
        }
        !self.is_empty()
            && self
                .phrases
                .iter()
                .all(|phrase| phrase.find(folded.as_bytes()).is_some())
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.phrases()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, text: &str, found: bool) {
        assert_eq!(
            parse(query).matches(&[text]),
            found,
            "`{query}` in `{text}`"
        );
    }

    #[test]
    fn all_words_must_be_there_in_any_order() {
        check("tax plan", "The plan for tax", true);
        check("tax plan", "The plan", false);
        check("tax", "taxes", false);
    }

    #[test]
    fn case_and_diacritics_do_not_matter() {
        check("eluned", "ÉLUNED", true);
        check("Tŷ", "ty", true);
        check("STRASSE", "straße", false);
    }

    #[test]
    fn a_word_with_a_sign_inside_is_words_next_to_each_other() {
        check("foo-bar", "a foo, bar", true);
        check("foo-bar", "bar foo", false);
        check("gov.uk", "www.gov.uk/guidance", true);
    }

    #[test]
    fn words_next_to_each_other_stand_in_one_field() {
        assert!(!parse("foo-bar").matches(&["a foo", "bar"]));
        assert!(parse("foo bar").matches(&["a foo", "bar"]));
    }

    #[test]
    fn of_a_query_that_is_far_too_long_the_first_words_count() {
        let long = format!("{}end", "tax plan ".repeat(100_000));
        assert_eq!(parse(&long).phrases().count(), 2);
        check(&long, "a plan for tax", true);
        // Half a word would be another one.
        assert!(parse(&"é".repeat(100_000)).is_empty());
    }

    #[test]
    fn what_has_neither_letter_nor_digit_is_no_word() {
        check("tax -- \" * ()", "tax", true);
        check("-- \" * ()", "tax -- \"", false);
        check("", "tax", false);
        assert!(parse(" \u{0} \" ").is_empty());
    }
}
