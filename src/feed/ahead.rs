//! Looking ahead without looking twice: documents that open thousands of comments and close none
//! would take quadratic time otherwise.

use memchr::memmem;

/// Where something stands next, so that one search serves all questions up to there.
pub(crate) struct Ahead {
    what: &'static str,
    next: Next,
}

/// What the last search found.
#[derive(Clone, Copy)]
enum Next {
    NotSought,
    At(usize),
    Nowhere,
}

impl Ahead {
    /// Looks for `what`.
    pub(crate) fn of(what: &'static str) -> Self {
        Self {
            what,
            next: Next::NotSought,
        }
    }

    /// Returns the next place from `at` on, in the same text each time; `at` never goes back.
    pub(crate) fn from(&mut self, text: &str, at: usize) -> Option<usize> {
        let known = match self.next {
            Next::NotSought => false,
            Next::At(next) => next >= at,
            Next::Nowhere => true,
        };
        if !known {
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            let found = memmem::find(rest, self.what.as_bytes());
            self.next = found.map_or(Next::Nowhere, |found| Next::At(at + found));
        }
        match self.next {
            Next::At(next) => Some(next),
            Next::NotSought | Next::Nowhere => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ahead;

    #[test]
    fn the_next_place_is_found_from_wherever_one_stands() {
        let mut ahead = Ahead::of("-->");
        let text = "-->a-->b";
        assert_eq!(ahead.from(text, 0), Some(0));
        assert_eq!(ahead.from(text, 1), Some(4));
        assert_eq!(ahead.from(text, 4), Some(4));
        assert_eq!(ahead.from(text, 5), None);
        assert_eq!(ahead.from(text, 6), None);
    }
}
