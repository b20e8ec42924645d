//! How whole documents are broken: the same seed and number give the same document.

/// A small generator of numbers (splitmix64), the same on every machine.
pub struct Numbers(u64);

impl Numbers {
    /// Returns those of one case of a run.
    pub fn of(seed: u64, case: u64) -> Self {
        let mut numbers = Self(seed ^ case.wrapping_mul(0xd1b5_4a32_d192_ed03));
        numbers.next();
        numbers
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `limit`, 0 where there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or_default()
    }

    /// Picks one of several; there is at least one.
    fn pick<'a, T: ?Sized>(&mut self, all: &'a [&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// What is put into documents.
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
    "&a;",
    "é",
    "日",
    "\u{202e}",
    "\u{200b}",
    "\u{ad}",
    "<item>",
    "</item>",
    "</title>",
    "<title>",
    "<p>",
    "<br/>",
    " xmlns=\"",
    " xml:base=\"http://[",
    "<x:y>",
    "</channel>",
    "=",
    "{",
    "[",
    "}",
    "@",
    "<entry>",
    "<content type=\"xhtml\">",
    "<summary>",
    "<guid/>",
    "<!DOCTYPE",
    "<!DOCTYPE r [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&a;&a;\">]>",
    "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    "<?xml version='1.0' encoding='shift_jis'?>",
    "\u{feff}",
    "<table>",
    "<tr>",
    "<td colspan=999999999>",
    "<td rowspan=0>",
    "<th rowspan=65535>",
    "<li value=-9223372036854775808>",
    "<ol start=9223372036854775807 reversed>",
    "<ol type=I>",
    "<blockquote>",
    "<pre>",
    "<dl><dd>",
    "<details>",
    "<style>",
    "<script>",
    "<textarea>",
    "<svg>",
    "<math>",
    "<template>",
    "<select><option>",
    "<a href=\"javascript:x\">",
    "<img alt=\"",
    "</table>",
    "</p>",
    "max-age=",
    "99999999999999999999",
    "-1",
    ",",
    "\r",
    "\r\n",
    "\t",
    " ",
    "W/",
    "//",
    "%00",
    "://",
    "#",
    "?",
    "..",
    "+99:99",
    "T",
    "Z",
    "24:60:61",
    "0000",
    "９",
    "٣",
    "İ",
    "ẞ",
    "ﬁ",
    "\u{300}",
    "\u{1F468}\u{200d}",
];

/// Breaks a document in up to eight places; one in several hundred is made very large or deep.
pub fn broken(seeds: &[Vec<u8>], numbers: &mut Numbers, most_bytes: usize) -> Vec<u8> {
    let mut bytes = seeds[numbers.below(seeds.len())].clone();
    // Small pieces are broken more often for the same time.
    if bytes.len() > 20_000 && numbers.below(4) > 0 {
        let (from, length) = (numbers.below(bytes.len()), 2000 + numbers.below(18_000));
        let head = bytes[..bytes.len().min(600)].to_vec();
        let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
        bytes = [head, piece].concat();
    }
    for _ in 0..=numbers.below(8) {
        once(&mut bytes, seeds, numbers);
    }
    match numbers.below(400) {
        0 => repeated(&mut bytes, numbers, most_bytes),
        1 => nested(&mut bytes, numbers),
        _ => {}
    }
    bytes.truncate(most_bytes);
    bytes
}

fn once(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    let end = (at + numbers.below(60)).min(bytes.len());
    match numbers.below(14) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let piece = bytes[at..end].to_vec();
            let to = numbers.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        3 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
        4 if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).unwrap_or_default(),
        // The head of one document, the tail of another.
        5 => {
            let other = &seeds[numbers.below(seeds.len())];
            let from = numbers.below(other.len());
            let to = (from + 50_000).min(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..to]);
        }
        6 => on_tag(bytes, numbers, |bytes, tag, _| drop(bytes.drain(tag))),
        7 => on_tag(bytes, numbers, |bytes, tag, _| {
            let copy = bytes[tag.clone()].to_vec();
            bytes.splice(tag.start..tag.start, copy);
        }),
        8 => on_tag(bytes, numbers, |bytes, tag, numbers| {
            let copy = bytes[tag].to_vec();
            let to = numbers.below(bytes.len());
            bytes.splice(to..to, copy);
        }),
        9 => on_tag(bytes, numbers, |bytes, tag, numbers| {
            let within = tag.start + numbers.below(tag.len());
            match numbers.below(3) {
                0 => drop(bytes.remove(within)),
                1 => bytes.insert(within, numbers.pick(&[b"\"", b"'", b"=", b"<", b"&"])[0]),
                _ => {
                    let splinter = numbers.pick(SPLINTERS);
                    bytes.splice(within..within, splinter.bytes());
                }
            }
        }),
        10 => {
            let piece = bytes[at..end].to_vec();
            let copies = 1 + numbers.below(40);
            bytes.splice(at..at, piece.repeat(copies));
        }
        _ => {
            let splinter = numbers.pick(SPLINTERS);
            bytes.splice(at..at, splinter.bytes());
        }
    }
}

/// Does something to one tag, where there is one.
fn on_tag(
    bytes: &mut Vec<u8>,
    numbers: &mut Numbers,
    act: impl Fn(&mut Vec<u8>, std::ops::Range<usize>, &mut Numbers),
) {
    let from = numbers.below(bytes.len());
    let Some(start) = bytes[from..].iter().position(|b| *b == b'<') else {
        return;
    };
    let start = from + start;
    let length = bytes[start..].iter().take(500).position(|b| *b == b'>');
    if let Some(length) = length {
        act(bytes, start..start + length + 1, numbers);
    }
}

/// Repeats a piece until the document has up to the most bytes.
fn repeated(bytes: &mut Vec<u8>, numbers: &mut Numbers, most_bytes: usize) {
    let at = numbers.below(bytes.len());
    let end = (at + 1 + numbers.below(300)).min(bytes.len());
    let piece = if end == at || numbers.below(2) == 0 {
        numbers.pick(SPLINTERS).as_bytes().to_vec()
    } else {
        bytes[at..end].to_vec()
    };
    let size = most_bytes / 10 + numbers.below(most_bytes * 9 / 10);
    bytes.splice(at..at, piece.repeat(size / piece.len()));
}

/// Puts up to 100,000 elements into one another.
fn nested(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let tags = [
        "<a>",
        "<b>",
        "<div>",
        "<ul><li>",
        "<blockquote>",
        "<table><tr><td>",
        "<item>",
        "<entry>",
        "<x:y>",
        "<span>",
        "<p>",
        "<dl><dd>",
        "<font>",
        "[",
        "{\"a\":",
        "<details>",
        "<q>",
    ];
    let tag = numbers.pick(&tags);
    let at = numbers.below(bytes.len());
    let depth = numbers.below(100_000);
    bytes.splice(at..at, tag.repeat(depth).into_bytes());
}
