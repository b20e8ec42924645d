//! Seeds, broken at random. The same number breaks the same seeds in the same way.

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;

/// The longest seed that is taken, in bytes: a case should take a millisecond or a few.
const LONGEST_SEED: u64 = 96 * 1024;

/// The longest case, in bytes.
const LONGEST_CASE: usize = 1024 * 1024;

/// What is put into feeds and articles.
const SPLINTERS: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "\0",
    "\u{1b}[2J",
    "\u{9b}",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "</",
    "/>",
    "&#",
    ";",
    "&#xFFFFFFFF;",
    "&#0;",
    "&#x202e;",
    "&nbsp;",
    "&amp;lt;",
    "é",
    "日本語",
    "\u{202e}",
    "\u{feff}",
    "שלום",
    "👩‍👩‍👧",
    "e\u{301}\u{301}\u{301}",
    "\t",
    "\r",
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "</channel>",
    "<guid/>",
    "<link href='//x'>",
    "<content type=\"xhtml\">",
    "<summary>",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "xmlns=\"",
    " xml:base=\"",
    "<x:y>",
    "<p>",
    "<br>",
    "<ol start=-9>",
    "<ol reversed type=i>",
    "<li value=999999999999999999>",
    "<ul>",
    "</ul>",
    "</ol>",
    "</li>",
    "<table>",
    "<tr>",
    "<td colspan=1000000000000000000>",
    "<th rowspan=65535>",
    "</table>",
    "<caption>",
    "<pre>",
    "</pre>",
    "<blockquote>",
    "<dl><dt>",
    "<dd>",
    "<a href=javascript:1>",
    "<a href='data:text/html,x'>",
    "<img src=x onerror=y>",
    "<script>",
    "</script>",
    "<style>",
    "<svg>",
    "<math>",
    "<template>",
    "<noscript>",
    "<textarea>",
    "<select><option>",
    "<frameset>",
    "<h1>",
    "<sup>",
    "<details><summary>",
    "1. ",
    "(a) ",
    "iv. ",
    "2) ",
    "=",
    "{",
    "}",
    "[",
    "]",
    "\\u0000",
    "\\ud800",
    "\"items\":[",
    "null",
    "1e999",
    "@",
    "http://",
    "99999999999999999999",
];

/// What is put into header fields, dates and queries.
const SMALL_SPLINTERS: &[&str] = &[
    "-1",
    "0",
    "99999999999999999999",
    "max-age=",
    "s-maxage=",
    "no-cache",
    ",",
    ";",
    "\"",
    "W/",
    "GMT",
    "EST",
    "+2500",
    "Mon, ",
    "31 Feb",
    "29 Feb 2100",
    "24:60:60",
    "1e9",
    "T",
    "Z",
    "/",
    "//",
    "\\",
    "..",
    "@",
    "?",
    "#",
    "%",
    "%00",
    "http://",
    "https://127.0.0.1/",
    "//[::1]/",
    "file:///",
    "javascript:",
    "Retry-After: ",
    "Cache-Control: ",
    "Expires: ",
    "Location: ",
    "ETag: ",
    "Last-Modified: ",
    "Age: ",
    "Date: ",
    "\n",
    "\0",
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    "*",
    "^",
    "-",
    "title:",
    "feed:",
    "section:",
    "since:7d",
    "(",
    ")",
    "{",
    "}",
    "+",
    "é",
    "ß",
    "日本",
    "\u{301}",
    "\u{202e}",
    " ",
    "7d",
    "24h",
    "-5h",
    "2026-02-30",
    "Jan",
    "février",
    "Montag",
    "PM",
];

/// Returns the seeds of a target: the samples of this repository and, where it is there, a folder of
/// real feeds and pages.
pub fn seeds(name: &str, corpus: Option<&Path>) -> Vec<Vec<u8>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (folders, endings): (Vec<PathBuf>, &[&str]) = match name {
        "feed" => {
            let own = repository.join("tests/golden/feeds");
            let real = corpus.map(|corpus| corpus.join("real/feeds"));
            (
                std::iter::once(own).chain(real).collect(),
                &["xml", "rss", "atom", "json", "rdf"],
            )
        }
        "html" => {
            let own = repository.join("tests/golden/render");
            let real = corpus.map(|corpus| corpus.join("real/pages"));
            (std::iter::once(own).chain(real).collect(), &["html", "htm"])
        }
        _ => (Vec::new(), &[]),
    };
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| below(folder)).collect();
    files.retain(|file| {
        let ending = file.extension().and_then(|ending| ending.to_str());
        let is_short = file.metadata().is_ok_and(|file| file.len() <= LONGEST_SEED);
        is_short && ending.is_some_and(|ending| endings.contains(&ending))
    });
    // The order in which a folder lists its files is nobody's promise.
    files.sort();
    let small = SMALL_SEEDS.iter().filter(|(of, _)| *of == name);
    let small = small.map(|(_, seed)| seed.as_bytes().to_vec());
    small
        .chain(files.iter().filter_map(|file| fs::read(file).ok()))
        .collect()
}

/// Returns all files below a folder; none where it isn't there.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Seeds that are too small for a file.
const SMALL_SEEDS: &[(&str, &str)] = &[
    (
        "feed",
        "<rss version=\"2.0\"><channel><title>a</title><item><title>b</title><guid>c</guid>\
      <description>&lt;p&gt;d&lt;/p&gt;</description></item></channel></rss>",
    ),
    (
        "feed",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>a</title><entry><id>b</id><title>c</title>\
      <content type=\"html\">&lt;ol&gt;&lt;li&gt;d</content></entry></feed>",
    ),
    (
        "feed",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"a\",\"items\":[{\"id\":\"b\",\
      \"content_html\":\"<p>c\"}]}",
    ),
    (
        "html",
        "<p>one<ol start=3><li>two<ul><li>three</ul></ol><table><tr><th>a<td>1</table><pre>b</pre>",
    ),
    (
        "query",
        "rules \"in force\" word* -not title:word feed:gov section:news since:7d",
    ),
    ("query", "(a OR b) AND NOT \"c\" NEAR(d e, 5) ^f g:h"),
    (
        "headers",
        "a\nCache-Control: max-age=600, must-revalidate\nAge: 20\nETag: W/\"x\"\nDate: Tue, 24 Nov 2026 09:00:00 GMT",
    ),
    (
        "headers",
        "b\nExpires: Tue, 24 Nov 2026 19:00:00 GMT\nLast-Modified: Tuesday, 24-Nov-26 09:00:00 GMT",
    ),
    (
        "headers",
        "c\nLocation: /news/feed.xml?page=2#top\nRetry-After: 120",
    ),
    (
        "headers",
        "c\nLocation: https://user:pass@other.example:8443/%e9\nRetry-After: Tue, 24 Nov 2026 19:00:00 GMT",
    ),
    ("dates", "Tue, 24 Nov 2026 09:14:00 +0100"),
    ("dates", "2026-11-24T09:14:00.123Z"),
    ("dates", "Monday, July 27, 2026 - 15:30"),
    ("dates", "24/11/26 9:14 PM CEST"),
    ("dates", "7d"),
];

/// Breaks one of the seeds in one to six places.
pub fn mutate(name: &str, seeds: &[Vec<u8>], random: &mut Rng) -> Vec<u8> {
    let is_small = !matches!(name, "feed" | "html");
    let splinters = if is_small { SMALL_SPLINTERS } else { SPLINTERS };
    let Some(seed) = seeds.get(random.usize(..seeds.len().max(1))) else {
        return Vec::new();
    };
    let mut bytes = seed.clone();
    for _ in 0..=random.usize(..6) {
        let at = random.usize(..=bytes.len());
        let end = (at + random.usize(..60)).min(bytes.len());
        match random.u8(..16) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = random.usize(..=bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            4 if at < bytes.len() => bytes[at] = random.u8(..),
            5 => without_a_tag(&mut bytes, random),
            6 => with_a_tag_twice(&mut bytes, random),
            7 => {
                // The end of one seed after the beginning of another.
                let other = &seeds[random.usize(..seeds.len())];
                let from = random.usize(..=other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            8 if random.u8(..8) == 0 => repeat(&mut bytes, at, end, random),
            9 if random.u8(..16) == 0 => bytes = in_utf_16(&bytes, random.bool()),
            _ => {
                let splinter = splinters[random.usize(..splinters.len())];
                drop(bytes.splice(at..at, splinter.bytes()));
            }
        }
    }
    bytes.truncate(LONGEST_CASE);
    bytes
}

/// Returns where a tag begins and ends, somewhere.
fn a_tag(bytes: &[u8], random: &mut Rng) -> Option<(usize, usize)> {
    let from = random.usize(..=bytes.len());
    let begin = from + bytes[from..].iter().position(|byte| *byte == b'<')?;
    let end = begin + bytes[begin..].iter().position(|byte| *byte == b'>')? + 1;
    Some((begin, end))
}

fn without_a_tag(bytes: &mut Vec<u8>, random: &mut Rng) {
    if let Some((begin, end)) = a_tag(bytes, random) {
        bytes.drain(begin..end);
    }
}

fn with_a_tag_twice(bytes: &mut Vec<u8>, random: &mut Rng) {
    if let Some((begin, end)) = a_tag(bytes, random) {
        let tag = bytes[begin..end].to_vec();
        let to = random.usize(..=bytes.len());
        bytes.splice(to..to, tag);
    }
}

/// Repeats a piece so often that the case is up to a megabyte long.
fn repeat(bytes: &mut Vec<u8>, at: usize, end: usize, random: &mut Rng) {
    let piece = bytes[at..end].to_vec();
    if piece.is_empty() {
        return;
    }
    let room = LONGEST_CASE.saturating_sub(bytes.len()) / piece.len();
    let power = random.usize(..18);
    let times = random.usize(..=room.min(1 << power));
    bytes.splice(at..at, piece.repeat(times));
}

fn in_utf_16(bytes: &[u8], little: bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    text.encode_utf16()
        .flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}
