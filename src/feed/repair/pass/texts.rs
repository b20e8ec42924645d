//! Texts written anew, where the parser would take long or read something else.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::{Open, Pass};
use crate::feed::Mend;
use crate::feed::repair::markup;
use crate::feed::repair::references::unescaped;
use crate::feed::text::{Written, escape, one_line};

/// Shorter texts are not worth the trouble.
const SHORTEST_UNESCAPED: usize = 64;

impl<'a> Pass<'a, '_> {
    /// Turns a long escaped text into CDATA, where the parser reads it in one piece.
    ///
    /// It takes every reference for an event of its own, which makes escaped HTML three times as
    /// slow to read.
    pub(super) fn unescape(&mut self) {
        let from = self.rest();
        let Some(length) = memchr(b'<', from.as_bytes()) else {
            return;
        };
        let (text, after) = from.split_at(length);
        let worth_it = length >= SHORTEST_UNESCAPED && memchr(b'&', text.as_bytes()).is_some();
        if worth_it && after.starts_with("</") {
            let cdata = unescaped(text, self.mends);
            self.out.replace(self.at..self.at + length, &cdata);
            self.at += length;
        }
    }

    /// Turns the rest of an element into one text, as the parser wants it.
    pub(super) fn markup(&mut self, element: &Open<'a>, kind: markup::Kind) {
        let region = markup::read(self.rest(), element.name, kind);
        if kind == markup::Kind::Html {
            self.mends.add(Mend::Markup);
        }
        self.out
            .replace(self.at..self.at + region.bytes, &region.cdata);
        self.at += region.bytes;
    }

    /// Rewrites a person's name where the parser would cut a character in two.
    ///
    /// feed-rs takes one byte away between an e-mail address and the name beside it.
    pub(super) fn mend_person(&mut self) {
        let from = self.rest();
        let (start, end) = match from.strip_prefix("<![CDATA[") {
            Some(inside) => (
                9,
                memmem::find(inside.as_bytes(), b"]]>").map(|end| end + 9),
            ),
            None => (0, memchr(b'<', from.as_bytes())),
        };
        let raw = from
            .get(start..end.unwrap_or(from.len()))
            .unwrap_or_default();
        if !raw.contains('@') || (raw.is_ascii() && !raw.contains('&')) {
            return;
        }
        let in_cdata = start > 0;
        let plain = if in_cdata {
            Cow::Borrowed(raw)
        } else {
            Cow::Owned(one_line(raw, Written::Html))
        };
        let words: Vec<String> = plain
            .split_whitespace()
            .map(|word| {
                if word.contains('@') {
                    word.replace(|c: char| !c.is_ascii(), " ")
                } else {
                    word.to_owned()
                }
            })
            .collect();
        let name = words.join(" ");
        let text = if in_cdata {
            Cow::Borrowed(name.as_str())
        } else {
            escape(&name)
        };
        let at = self.at + start;
        self.out.replace(at..at + raw.len(), &text);
        self.at = at + raw.len();
    }
}
