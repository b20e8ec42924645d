//! CDATA that ends, that never ends, or that holds another.

use memchr::memmem;

use super::Pass;
use crate::feed::Mend;

/// What CDATA begins with.
pub(super) const START: &str = "<![CDATA[";

impl Pass<'_, '_> {
    /// CDATA that ends, that never ends, or that holds another.
    pub(super) fn cdata(&mut self) {
        let inside = self.rest().get(START.len()..).unwrap_or_default();
        let bytes = inside.as_bytes();
        let inside_at = self.at + START.len();
        let end = self
            .cdata_end
            .from(self.src, inside_at)
            .map(|end| end - inside_at);
        let whole = end.unwrap_or(bytes.len());
        let nested = self
            .cdata_start
            .from(self.src, inside_at)
            .map(|start| start - inside_at)
            .filter(|start| *start < whole);
        if let (Some(end), None) = (end, nested) {
            self.at += START.len() + end + 3;
            return;
        }

        // Without an end, or with another start before it: was the end forgotten?
        let closing = self
            .open
            .last()
            .map_or_else(String::new, |open| format!("</{}", open.name));
        let limit = nested.unwrap_or(bytes.len());
        let forgotten = inside
            .get(..limit)
            .and_then(|text| memmem::find(text.as_bytes(), closing.as_bytes()));
        if let Some(length) = forgotten.or((end.is_none() && nested.is_none()).then_some(limit)) {
            let at = self.at + START.len() + length;
            // Half of the end may be there.
            let text = inside.get(..length).unwrap_or_default();
            let half = ["]>", "]]"].iter().any(|half| text.ends_with(half));
            self.out.replace(at - if half { 2 } else { 0 }..at, "]]>");
            self.at = at;
            self.mends.add(Mend::Cdata);
            return;
        }
        self.at += START.len();
        self.nested_cdata(&closing);
    }

    /// Takes the inner marks out of CDATA in CDATA.
    pub(super) fn nested_cdata(&mut self, closing: &str) {
        self.mends.add(Mend::Cdata);
        let mut depth = 1;
        loop {
            let start = self.cdata_start.from(self.src, self.at);
            let end = self.cdata_end.from(self.src, self.at);
            match (start, end) {
                (Some(at), Some(end)) if at < end => {
                    self.out.replace(at..at + START.len(), "");
                    self.at = at + START.len();
                    depth += 1;
                }
                (_, Some(at)) => {
                    self.at = at + 3;
                    depth -= 1;
                    let last = self.rest().trim_start().starts_with(closing);
                    // `]]]]><![CDATA[>` is how XML writes `]]>` inside CDATA: two sections, and
                    // nothing to mend.
                    let parted = self.rest().starts_with("<![CDATA[");
                    if depth == 0 || last || parted {
                        return;
                    }
                    self.out.replace(at..at + 3, "");
                }
                (_, None) => {
                    let bytes = self.rest().as_bytes();
                    let length = memmem::find(bytes, closing.as_bytes()).unwrap_or(bytes.len());
                    self.at += length;
                    self.out.insert(self.at, "]]>");
                    return;
                }
            }
        }
    }
}
