//! Documents made to cost time or memory: a few bytes over and over. A run begins with all of them.

/// Returns the hostile documents of a target, of about `size` bytes each.
pub fn of(target: &str, size: usize) -> Vec<Vec<u8>> {
    match target {
        "feed" => FEED_HEADS
            .iter()
            .flat_map(|head| FEED_PIECES.iter().map(|piece| filled(head, piece, size)))
            .chain(UNDECIDED.iter().map(|piece| filled("", piece, size)))
            .chain(
                JSON_PIECES
                    .iter()
                    .map(|piece| filled(JSON_HEAD, piece, size)),
            )
            .collect(),
        "html" => HTML_PIECES
            .iter()
            .map(|(head, piece)| filled(head, piece, size))
            .collect(),
        "query" => ["a ", "a-", "\u{300}", "日", "é", "\"", "\u{1b}["]
            .iter()
            .map(|piece| filled("", piece, size))
            .collect(),
        "headers" => HEADER_PIECES
            .iter()
            .map(|(head, piece)| filled(head, piece, size))
            .collect(),
        _ => ["9", "1 ", "jan ", ":", "+", "é", "T", "12:"]
            .iter()
            .map(|piece| filled("", piece, size))
            .collect(),
    }
}

fn filled(head: &str, piece: &str, size: usize) -> Vec<u8> {
    let mut document = head.to_owned();
    document.push_str(&piece.repeat(size / piece.len()));
    document.into_bytes()
}

/// What hostile feeds begin with.
const FEED_HEADS: [&str; 5] = [
    "<rss version=\"2.0\"><channel>",
    "<rss version=\"2.0\"><channel><item><title>",
    "<rss version=\"2.0\"><channel><item><title>x</title><description>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><content type=\"xhtml\">",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><item rdf:about=\"u\">",
];

/// What they go on with.
const FEED_PIECES: [&str; 51] = [
    "&lt;b ",
    "&lt;!--",
    "&lt;![CDATA[",
    "<media:title>a</media:title>",
    "<dcterms:created>1 ",
    "<author><name>",
    "<c:d xmlns:c=\"u\">",
    "</rss>",
    "</channel><channel><item>",
    "<link/>http",
    "<content xml:base=\"v/\"><b>",
    "<![CDATA[x</title>",
    "<![CDATA[",
    "<![CDATA[a<![CDATA[b]]>",
    "<![CDATA[<![CDATA[]]>",
    "<![CDATA[<![CDATA[]]></description>",
    "<title><![CDATA[<![CDATA[]]>x",
    "<title><![CDATA[a<![CDATA[b]]>]]></title>",
    "]]>",
    "<!--",
    "<!-- a -->",
    "<!-",
    "<!x",
    "<?x ",
    "<?xml ?>",
    "<a b=\"<",
    "<a b='<a c=\"",
    "<a b=\"",
    "<a b=",
    "<a ",
    "<a",
    "<",
    "&",
    "&a",
    "&#x",
    "&lt;",
    "<item>",
    "<p>",
    "<description><p>",
    "</item>",
    "</x>",
    "</",
    "<x:y>",
    "<x:y/>",
    "<media:group>",
    "<a b=\"c\" ",
    "</channel> ",
    "</channel><item>",
    "<link href=\"u\" xml:base=\"v/\">",
    "<title>a</title>",
    "<author>",
];

/// What hostile JSON begins with.
const JSON_HEAD: &str = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[";

/// What it goes on with.
const JSON_PIECES: [&str; 9] = [
    "{\"id\":1,\"title\":\"x\"},",
    "{\"id\":[",
    "[",
    "{",
    ",",
    "\"\\u",
    "\"\\",
    "/*",
    "x ",
];

/// Documents that never say what they are.
const UNDECIDED: [&str; 12] = [
    "<?",
    "<!--",
    "<!",
    "<![",
    "<!x[",
    "<!x[>",
    "<!DOCTYPE [",
    "<",
    "<x",
    "\0",
    "[",
    "{\"a\":",
];

/// Hostile articles: what they begin with, and what they go on with.
const HTML_PIECES: [(&str, &str); 44] = [
    ("", "<p>"),
    ("", "<b>"),
    ("", "<a href=x>"),
    ("", "<a href=x>y</a> "),
    ("", "<div>"),
    ("", "<ul><li>"),
    ("", "<ol><li>x"),
    ("", "<blockquote>"),
    ("", "<table>"),
    ("", "<table><tr><td>"),
    ("", "<table><tr><td>x</table>"),
    ("<table>", "<tr><td>x"),
    ("<table>", "<tr><th>x<td>y"),
    ("<table><tr>", "<td>x"),
    ("<table><tr>", "<td colspan=999999999>x"),
    ("<table>", "<tr><td colspan=40>x<td rowspan=1000>y"),
    (
        "<table><tr><th>h<th>i",
        "<tr><td rowspan=0>x<td colspan=99>y",
    ),
    ("<table>", "<tr>"),
    ("<table>", "<caption>x"),
    ("<table>", "x<tr>"),
    ("<table><tr><th>a<th>b<tr><td>", "word "),
    ("<table><tr><th>a<th>b<tr><td>", "x<p>"),
    ("<table><tr><th>a<th>b<tr><td>", "x"),
    ("<pre>", "x\n"),
    ("<pre>", "\t"),
    ("<p>", "x"),
    ("<p>", "日"),
    ("<p>", "\u{300}"),
    ("<p>", "&nbsp;"),
    ("<p>", "<br>"),
    ("", "<br>"),
    ("", "&"),
    ("", "<"),
    ("", "<!--"),
    ("", "<![CDATA["),
    ("", "<x a=b "),
    ("", "<dl><dt>x<dd>y"),
    ("<svg>", "<p>"),
    ("", "<details><summary>"),
    ("", "1. x\n"),
    ("", "(a) "),
    ("<p>", "\u{1b}]"),
    ("", "<img alt=x>"),
    ("", "<font><p>"),
];

/// Hostile header fields.
const HEADER_PIECES: [(&str, &str); 7] = [
    ("200\nCache-Control: ", "max-age,"),
    ("200\nCache-Control: max-age=", "9"),
    ("503\nRetry-After: ", "9"),
    ("301\nLocation: ", "/.."),
    ("301\n", "Location: /a/b\n"),
    ("301\nLocation: ", "\u{e9}"),
    ("200\nETag: ", "\""),
];
