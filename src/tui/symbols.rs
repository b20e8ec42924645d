//! Marks and lines, in Unicode or in ASCII.
//!
//! With [`ASCII`] nothing above U+007F is drawn but the words of feeds and their articles: what the
//! program itself says goes through [`Symbols::plainly`], its marks in an article through
//! [`Symbols::of`].

use std::borrow::Cow;

use crate::model::document::{Role, Span};

/// The marks and lines that are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbols {
    /// An article that wasn't read.
    pub unread: &'static str,
    /// An article that changed since it was read.
    pub changed: &'static str,
    /// An article with a star.
    pub starred: &'static str,
    /// A feed that fails.
    pub failing: &'static str,
    /// Before the selected row of the pane with the focus.
    pub selected: &'static str,
    /// Before the selected row of another pane.
    pub elsewhere: &'static str,
    /// Before a banner.
    pub banner: &'static str,
    /// Between panes.
    pub pane_rule: &'static str,
    /// A branch whose rows are hidden.
    pub folded: &'static str,
    /// A branch whose rows are shown.
    pub open: &'static str,
    /// A line across.
    pub horizontal: &'static str,
    /// Text was left out here.
    pub ellipsis: &'static str,
    /// Between facts.
    pub dot: &'static str,
    /// A line of code goes on here.
    pub wrap: &'static str,
    /// The key with the arrow up, and so on.
    pub up: &'static str,
    /// The key with the arrow down.
    pub down: &'static str,
    /// The key with the arrow to the left.
    pub left: &'static str,
    /// The key with the arrow to the right.
    pub right: &'static str,
}

/// For terminals that show Unicode.
pub const UNICODE: Symbols = Symbols {
    unread: "●",
    changed: "↻",
    starred: "★",
    failing: "!",
    selected: "▌",
    elsewhere: "▏",
    banner: "┃",
    pane_rule: "│",
    folded: "▸",
    open: "▾",
    horizontal: "─",
    ellipsis: "…",
    dot: "·",
    wrap: "↪",
    up: "↑",
    down: "↓",
    left: "←",
    right: "→",
};

/// For all others.
pub const ASCII: Symbols = Symbols {
    unread: "N",
    changed: "U",
    starred: "*",
    failing: "!",
    selected: ">",
    elsewhere: "|",
    banner: "|",
    pane_rule: "|",
    folded: "+",
    open: "-",
    horizontal: "-",
    ellipsis: "~",
    dot: "-",
    wrap: "\\",
    up: "Up",
    down: "Down",
    left: "Left",
    right: "Right",
};

impl Symbols {
    /// Returns words of the program's own as these symbols write them.
    pub fn plainly<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.is_ascii() || *self == UNICODE {
            return Cow::Borrowed(text);
        }
        let mut plain = String::with_capacity(text.len());
        for c in text.chars() {
            match plain_form(c) {
                Some(form) => plain.push_str(form),
                None => plain.push(c),
            }
        }
        Cow::Owned(plain)
    }

    /// Returns the text of a piece of an article: its marks are the program's own, its words are
    /// not touched.
    pub fn of<'a>(&self, span: &'a Span) -> Cow<'a, str> {
        let text = span.text.as_str();
        let own = match span.style.role {
            Role::QuoteMark | Role::BannerMark | Role::Rule | Role::Banner => {
                return self.plainly(text);
            }
            // Between names that are a feed's own.
            Role::Facts => "·",
            // An author's own markers are words.
            Role::Number => "•",
            _ => return Cow::Borrowed(text),
        };
        if !text.contains(own) || *self == UNICODE {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.replace(own, &self.plainly(own)))
    }
}

/// Returns what stands for a character where only ASCII is shown; `None` for one that isn't among
/// the program's own.
fn plain_form(c: char) -> Option<&'static str> {
    Some(match c {
        '●' => ASCII.unread,
        '↻' => ASCII.changed,
        '★' | '•' => ASCII.starred,
        '▌' => ASCII.selected,
        '▏' | '┃' | '│' => ASCII.pane_rule,
        '▸' => ASCII.folded,
        '▾' => ASCII.open,
        '─' | '–' | '—' | '·' => ASCII.horizontal,
        '…' => ASCII.ellipsis,
        '↪' => ASCII.wrap,
        '↑' => ASCII.up,
        '↓' => ASCII.down,
        '←' => ASCII.left,
        '→' => ASCII.right,
        '“' | '”' => "\"",
        '‘' | '’' => "'",
        '\u{a0}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All symbols of a set, in order.
    fn all(symbols: &Symbols) -> [&'static str; 18] {
        [
            symbols.unread,
            symbols.changed,
            symbols.starred,
            symbols.failing,
            symbols.selected,
            symbols.elsewhere,
            symbols.banner,
            symbols.pane_rule,
            symbols.folded,
            symbols.open,
            symbols.horizontal,
            symbols.ellipsis,
            symbols.dot,
            symbols.wrap,
            symbols.up,
            symbols.down,
            symbols.left,
            symbols.right,
        ]
    }

    #[test]
    fn every_symbol_has_the_plain_form_of_its_set() {
        for (unicode, ascii) in all(&UNICODE).into_iter().zip(all(&ASCII)) {
            assert!(ascii.is_ascii(), "{ascii}");
            assert_eq!(ASCII.plainly(unicode), ascii);
            assert_eq!(UNICODE.plainly(unicode), unicode);
        }
    }

    #[test]
    fn own_words_are_written_in_ascii() {
        let hint = "9 articles marked read · u brings them back – “Latest news”…";
        assert_eq!(UNICODE.plainly(hint), hint);
        assert_eq!(
            ASCII.plainly(hint),
            "9 articles marked read - u brings them back - \"Latest news\"~"
        );
        assert_eq!(ASCII.plainly("j k or ↓ ↑"), "j k or Down Up");
    }

    #[test]
    fn marks_in_an_article_change_and_its_words_do_not() {
        let check = |role, text: &str, plain: &str| {
            assert_eq!(ASCII.of(&Span::of(role, text)), plain);
            assert_eq!(UNICODE.of(&Span::of(role, text)), text);
        };
        check(Role::QuoteMark, "▏", "|");
        check(Role::BannerMark, "┃", "|");
        check(Role::Rule, "────", "----");
        check(Role::Rule, "↪ ", "\\ ");
        check(Role::Number, "•", "*");
        check(Role::Number, "12.", "12.");
        check(
            Role::Facts,
            "Café News · today 09:14",
            "Café News - today 09:14",
        );
        check(Role::Text, "“Pâté” … – •", "“Pâté” … – •");
        check(Role::Heading(1), "A ─ B", "A ─ B");
    }
}
