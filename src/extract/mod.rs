//! An article's whole text, out of its own page.
//!
//! Pure: pages come in as bytes. A page on www.gov.uk is read from GOV.UK's content API, any other
//! by finding the article among all that stands around it.
//!
//! - `govuk`: GOV.UK's documents
//! - `page`: web pages
//! - `better`: whether a page may take the place of what the feed has

mod better;
mod govuk;
mod page;

use thiserror::Error;
use url::Url;

use crate::model::article::PageFacts;

pub use better::is_better;
pub use govuk::govuk;
pub use page::{decode, page};

/// An article's text, and what its page tells besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The text as HTML: not sanitised.
    pub html: String,
    /// What the page tells besides.
    pub facts: PageFacts,
}

/// Why a page gives no text.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExtractError {
    /// It is no document of GOV.UK's.
    #[error("GOV.UK's answer is no document")]
    NoDocument,
    /// The document has another address, for which [`address`] says where it is.
    #[error("the page has moved to {to}")]
    Moved {
        /// The address.
        to: Url,
    },
    /// The document was taken away.
    #[error("the page is gone")]
    Gone,
    /// Something else than a web page is there.
    #[error("there is no web page at the address")]
    NoPage,
    /// It is longer than any article, or nested deeper.
    #[error("the page is too long or too deep")]
    TooLong,
    /// No article is to be found on it.
    #[error("no article was found on the page")]
    NoText,
}

/// Where the whole text of an article is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The address.
    pub url: Url,
    /// What is there.
    pub kind: SourceKind,
}

/// What there is at a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// An answer of GOV.UK's content API, for [`govuk()`].
    GovUk,
    /// A web page, for [`page()`].
    Html,
}

/// What a path ends with where no page is.
const FILES: [&str; 32] = [
    "pdf", "doc", "docx", "odt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "rtf", "zip",
    "gz", "mp3", "mp4", "m4a", "ogg", "wav", "webm", "jpg", "jpeg", "png", "gif", "webp", "epub",
    "atom", "rss", "xml", "json", "ics", "svg",
];

/// Paths of www.gov.uk that the content API knows nothing of: files, lists and searches.
const NOT_OF_THE_API: [&str; 7] = [
    "/api",
    "/media",
    "/search",
    "/government/uploads",
    "/government/assets",
    "/assets",
    "/email",
];

/// Returns where the whole text of an article with this permalink is asked for; `None` where there
/// is none, as for a file.
pub fn address(permalink: &Url) -> Option<Source> {
    if !matches!(permalink.scheme(), "http" | "https") {
        return None;
    }
    let path = permalink.path();
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some((_, ending)) = name.rsplit_once('.')
        && FILES.iter().any(|file| file.eq_ignore_ascii_case(ending))
    {
        return None;
    }
    let mut url = permalink.clone();
    url.set_fragment(None);
    if permalink.host_str() != Some("www.gov.uk") {
        return Some(Source {
            url,
            kind: SourceKind::Html,
        });
    }
    let path = path.trim_end_matches('/');
    let is_below = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if path.is_empty() || NOT_OF_THE_API.iter().any(|folder| is_below(folder)) {
        return None;
    }
    let path = format!("/api/content{path}");
    url.set_query(None);
    url.set_path(&path);
    // The API answers over HTTPS alone.
    let _ = url.set_scheme("https");
    let _ = url.set_port(None);
    Some(Source {
        url,
        kind: SourceKind::GovUk,
    })
}

/// The saved files of a folder, each with its name, where there are any.
#[cfg(test)]
fn saved(folder: &str) -> Vec<(String, Vec<u8>)> {
    let corpus = std::env::var("GAZETTE_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus").to_owned());
    let folder = format!("{corpus}/{folder}");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: nothing saved in {folder}");
        return Vec::new();
    };
    let paths = files.flatten().map(|file| file.path());
    let mut saved: Vec<(String, Vec<u8>)> = paths
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, std::fs::read(&path).ok()?))
        })
        .collect();
    saved.sort();
    saved
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(permalink: &str, expected: Option<(&str, SourceKind)>) {
        let found = address(&Url::parse(permalink).unwrap());
        let found = found.map(|source| (source.url.to_string(), source.kind));
        let expected = expected.map(|(url, kind)| (url.to_owned(), kind));
        assert_eq!(found, expected, "{permalink}");
    }

    #[test]
    fn documents_of_gov_uk_are_asked_of_its_api() {
        let api = |path: &str| format!("https://www.gov.uk/api/content{path}");
        let asked = |url: &str, path: &str| check(url, Some((&api(path), SourceKind::GovUk)));
        asked("https://www.gov.uk/government/news/a", "/government/news/a");
        asked("http://www.gov.uk/a?utm_source=feed#b", "/a");
        asked("https://www.gov.uk/a.cy", "/a.cy");
        asked("https://www.gov.uk/a/", "/a");
        check("https://www.gov.uk/", None);
        check("https://www.gov.uk/search?keywords=a", None);
        check("https://www.gov.uk/search/all?keywords=a", None);
        check("https://www.gov.uk/api/content/a", None);
        check("https://www.gov.uk/media/a/b", None);
        check("https://www.gov.uk/government/organisations/a.atom", None);
        asked("https://www.gov.uk/search-for-work", "/search-for-work");
        asked("https://www.gov.uk:8443/a", "/a");
        check("https://www.gov.uk/government/uploads/a.pdf", None);
    }

    #[test]
    fn any_other_page_is_asked_itself() {
        let itself = Some(("https://blog.gov.uk/a?b=c", SourceKind::Html));
        check("https://blog.gov.uk/a?b=c#d", itself);
        check("https://example.test/report.PDF", None);
        let dotted = "https://example.test/version-2.0";
        check(dotted, Some((dotted, SourceKind::Html)));
        check("mailto:a@example.test", None);
        check("file:///etc/passwd", None);
    }
}
