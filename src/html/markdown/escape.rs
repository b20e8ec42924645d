//! Text and addresses that mean what they say: a backslash before what would act as markup
//! (CommonMark 2.4), and nowhere else.

/// Where a text stands.
pub(super) struct Place {
    pub(super) start: Start,
    /// The character before it, which isn't part of the text; `\n` at an edge.
    pub(super) before: char,
    /// The character behind it.
    pub(super) after: char,
    pub(super) around: Around,
}

/// Whether a text can be taken for the beginning of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    OfLine,
    Inside,
}

/// What a text is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    Paragraph,
    Link,
}

/// Adds text that is shown as it is.
pub(super) fn push_escaped(text: &str, place: &Place, out: &mut String) {
    let block_sign = match place.start {
        Start::OfLine => block_sign(text, place.after),
        Start::Inside => None,
    };
    let mut before = place.before;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next().unwrap_or(place.after);
        let is_apart = before.is_whitespace() && next.is_whitespace();
        let acts = match c {
            '\\' => next == '\n' || next.is_ascii_punctuation(),
            '`' | '[' => true,
            ']' => place.around == Around::Link,
            '*' | '~' => !is_apart,
            '_' => !(is_apart || before.is_alphanumeric() && next.is_alphanumeric()),
            '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
            '&' => is_reference(rest),
            '!' => rest.is_empty() && next == '[',
            '.' => text[..at].ends_with("www") && !is_plain_address(rest, place.after),
            _ => false,
        };
        if acts || block_sign == Some(at) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
}

/// Returns where in a line's first text the character is that would make it something else than a
/// paragraph: a list's item, a heading, a quote, a rule, or the row below a table's header.
fn block_sign(text: &str, after: char) -> Option<usize> {
    let ends_word = |at: usize| {
        let next = text.get(at..).and_then(|rest| rest.chars().next());
        next.unwrap_or(after).is_whitespace()
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marks = text.bytes().take_while(|b| *b == b'#').count();
    let acts = match text.chars().next()? {
        '0'..='9' => {
            let sign = text.as_bytes().get(digits);
            let is_marker = matches!(sign, Some(b'.' | b')')) && ends_word(digits + 1);
            return is_marker.then_some(digits);
        }
        '*' | '_' | '>' => true,
        '+' | '-' if ends_word(1) => true,
        '#' => ends_word(marks),
        '-' | '=' | ':' | '|' => text.chars().all(|c| "-=:| ".contains(c)),
        _ => false,
    };
    acts.then_some(0)
}

/// Whether what follows a `&` makes a character reference of it (CommonMark 2.5).
fn is_reference(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let end = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    end > 0 && name.as_bytes().get(end) == Some(&b';')
}

/// Whether a word that begins with `www.` ends as it would without marks and escapes: GFM makes a
/// link of it, and takes those for its part (GFM 6.9).
fn is_plain_address(rest: &str, after: char) -> bool {
    let end = rest.find(|c: char| c.is_ascii_whitespace());
    let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let is_plain = |c: char| c.is_alphanumeric() || "./-?=#,:;()'%+@!|".contains(c);
    word.chars().all(is_plain) && (end.is_some() || after.is_whitespace())
}

/// Returns a list's marker as text that no renderer counts with.
pub(super) fn marker(marker: &str) -> String {
    let place = Place {
        start: Start::OfLine,
        before: '\n',
        after: '.',
        around: Around::Paragraph,
    };
    let sign = marker
        .chars()
        .next_back()
        .filter(|sign| matches!(sign, '.' | ')'));
    let words = sign.and_then(|sign| marker.strip_suffix(sign));
    let mut out = String::new();
    push_escaped(words.unwrap_or(marker), &place, &mut out);
    if let Some(sign) = sign {
        out.push('\\');
        out.push(sign);
    }
    out
}

/// Returns an address as the target of a link (CommonMark 6.3).
pub(super) fn destination(url: &str) -> String {
    let mut address = String::new();
    for (at, c) in url.char_indices() {
        match c {
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '\\' => address.push_str("\\\\"),
            '&' if is_reference(&url[at + 1..]) => address.push_str("&amp;"),
            c => address.push(c),
        }
    }
    if address.contains(|c: char| c.is_whitespace() || "()[]".contains(c)) {
        format!("<{address}>")
    } else {
        address
    }
}

/// Returns an address as a link that shows it (CommonMark 6.5).
pub(super) fn autolink(url: &str) -> String {
    let acts = |(at, c): (usize, char)| match c {
        '<' | '>' | '\\' => true,
        '&' => is_reference(&url[at + 1..]),
        c => c.is_whitespace(),
    };
    if !url.char_indices().any(acts) {
        return format!("<{url}>");
    }
    let place = Place {
        start: Start::Inside,
        before: '[',
        after: ']',
        around: Around::Link,
    };
    let mut words = String::new();
    push_escaped(url, &place, &mut words);
    format!("[{words}]({})", destination(url))
}

/// Returns where in a text the first web address stands that isn't a link.
pub(super) fn find_address(text: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find("http") {
        let start = from + found;
        let rest = &text[start..];
        let host = ["http://", "https://"]
            .iter()
            .find_map(|scheme| rest.strip_prefix(scheme));
        let begins_word = !text[..start].ends_with(|c: char| c.is_ascii_alphabetic());
        if let Some(host) =
            host.filter(|host| begins_word && host.starts_with(char::is_alphanumeric))
        {
            let end = host.find(|c: char| c.is_whitespace() || "<>\"|\\".contains(c));
            let host = &host[..end.unwrap_or(host.len())];
            let kept = host.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
            let scheme = rest.find("//").map_or(0, |at| at + 2);
            return Some(start..start + scheme + kept.len());
        }
        from = start + 1;
    }
    None
}

/// Returns the length of the longest run of `c`.
pub(super) fn longest_run(text: &str, c: char) -> usize {
    let runs = text.split(|other| other != c);
    runs.map(|run| run.len() / c.len_utf8()).max().unwrap_or(0)
}
