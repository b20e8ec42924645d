//! What a person is told when something went wrong.

use std::error::Error;

use super::text::SafeText;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All done: 0.
    Done,
    /// Failed: 1.
    Failed,
    /// Wrong use or wrong configuration: 2.
    Usage,
    /// Partly done: 3.
    Partly,
}

impl Exit {
    /// Returns the process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partly => 3,
        }
    }
}

/// One thing that went wrong: what, why, and what to do about it.
///
/// Every error type turns itself into a `Problem` beside its own definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened, to which feed or file. Begins in lower case, without a full stop.
    pub what: SafeText,
    /// Why, the nearest cause first.
    pub causes: Vec<SafeText>,
    /// What to do, where something can be done.
    pub hint: Option<SafeText>,
    /// How the program ends if nothing else happens.
    pub exit: Exit,
}

impl Problem {
    /// Makes a problem out of a sentence.
    pub fn new(exit: Exit, what: &str) -> Self {
        Self {
            what: SafeText::block(what),
            causes: Vec::new(),
            hint: None,
            exit,
        }
    }

    /// Returns what happened and why in one line, without what to do.
    pub fn in_one_line(&self) -> String {
        let mut text = self.what.to_string();
        for cause in &self.causes {
            text.push_str(": ");
            text.push_str(cause.as_str());
        }
        text
    }

    /// Adds a cause.
    #[must_use]
    pub fn because(mut self, cause: &str) -> Self {
        self.causes.push(SafeText::block(cause));
        self
    }

    /// Adds an error and everything that caused it.
    #[must_use]
    pub fn because_of(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = SafeText::block(&error.to_string());
            // Many errors repeat their source in their own words.
            if self
                .causes
                .last()
                .is_none_or(|last| !last.as_str().contains(text.as_str()))
            {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(SafeText::block(hint));
        self
    }
}
