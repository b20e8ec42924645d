//! The `Link` header field (RFC 8288), and what WordPress says in it.

use url::Url;

/// A link of a header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderLink {
    /// Where it leads.
    pub url: Url,
    /// Its relation types, in lower case.
    pub rel: Vec<String>,
    /// The type of what is there.
    pub kind: Option<String>,
}

/// The relation of the root of WordPress's REST interface.
const ROOT: &str = "https://api.w.org/";

/// Reads the links of a field's values, relative ones against `base`.
pub fn header_links<'a>(values: impl IntoIterator<Item = &'a [u8]>, base: &Url) -> Vec<HeaderLink> {
    let mut links = Vec::new();
    for value in values {
        let value = String::from_utf8_lossy(value);
        let mut rest = &*value;
        while let Some((_, after)) = rest.split_once('<') {
            let Some((address, after)) = after.split_once('>') else {
                break;
            };
            let (parameters, after) = up_to_comma(after);
            rest = after;
            let Ok(url) = base.join(address.trim()) else {
                continue;
            };
            let (mut rel, mut kind) = (Vec::new(), None);
            for (name, value) in parameters {
                if name == "rel" && rel.is_empty() {
                    rel = value
                        .split_whitespace()
                        .map(str::to_ascii_lowercase)
                        .collect();
                } else if name == "type" && kind.is_none() {
                    kind = Some(value.to_ascii_lowercase());
                }
            }
            links.push(HeaderLink { url, rel, kind });
        }
    }
    links
}

/// Returns the parameters that follow a link's address, and what comes after the comma behind them.
fn up_to_comma(text: &str) -> (Vec<(String, String)>, &str) {
    let (mut quoted, mut escaped) = (false, false);
    let mut parts = Vec::new();
    let mut start = 0;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' | ',' if !quoted => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
                if c == ',' {
                    end = at + 1;
                    break;
                }
            }
            _ => {}
        }
    }
    if end == text.len() {
        parts.push(text.get(start..).unwrap_or_default());
    }
    let parameters = parts.into_iter().filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"').replace('\\', "");
        Some((name.trim().to_ascii_lowercase(), value))
    });
    (parameters.collect(), text.get(end..).unwrap_or_default())
}

/// Returns the root of WordPress's REST interface.
pub fn rest_root(links: &[HeaderLink]) -> Option<&Url> {
    with_rel(links, ROOT).next().map(|link| &link.url)
}

/// Returns the next page of an answer.
pub fn next(links: &[HeaderLink]) -> Option<&Url> {
    with_rel(links, "next").next().map(|link| &link.url)
}

/// Returns the number of the post that an answer is about.
pub fn post(links: &[HeaderLink]) -> Option<u64> {
    let in_data = |link: &HeaderLink| {
        let is_data = link.kind.as_deref() == Some("application/json");
        is_data.then(|| last_number(&link.url))?
    };
    with_rel(links, "alternate")
        .find_map(in_data)
        .or_else(|| with_rel(links, "shortlink").find_map(|link| numbered_in(&link.url)))
}

fn with_rel<'a>(links: &'a [HeaderLink], rel: &'a str) -> impl Iterator<Item = &'a HeaderLink> {
    links
        .iter()
        .filter(move |link| link.rel.iter().any(|known| known == rel))
}

/// What is numbered, too, but is no post: pages that list posts name it in the same place.
const NO_POSTS: [&str; 3] = ["categories", "tags", "users"];

/// Returns the number at the end of `…/wp/v2/posts/37`, also where that is a parameter's value.
pub(super) fn last_number(url: &Url) -> Option<u64> {
    let in_parameter = url
        .query_pairs()
        .find(|(name, _)| name == "rest_route")
        .map(|(_, route)| route.into_owned());
    let route = in_parameter.unwrap_or_else(|| url.path().to_owned());
    let mut parts = route.trim_end_matches('/').rsplit('/');
    let number = parts.next()?.parse().ok();
    number.filter(|_| parts.next().is_none_or(|kind| !NO_POSTS.contains(&kind)))
}

/// Returns the number of the post in an address or a guid such as `https://example.org/?p=37`. Its
/// host says nothing: it is the one where the post was first published.
pub fn numbered_in(address: &Url) -> Option<u64> {
    let number = |wanted: &str| {
        let mut pairs = address.query_pairs();
        pairs.find_map(|(name, value)| (name == wanted).then(|| value.parse().ok())?)
    };
    ["p", "page_id", "attachment_id"]
        .into_iter()
        .find_map(number)
}
