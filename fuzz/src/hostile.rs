//! Large cases of known bad ideas: each takes a parser to where its time or memory would grow faster
//! than the document.

/// A bad idea and its name.
pub type Case = (&'static str, Vec<u8>);

/// Returns the cases of a target.
pub fn cases(name: &str) -> Vec<Case> {
    match name {
        "feed" => feeds(),
        "html" => articles(),
        _ => Vec::new(),
    }
}

const HEAD: &str =
    "<rss version=\"2.0\"><channel><title>a</title><item><title>b</title><description>";
const FOOT: &str = "</description></item></channel></rss>";

fn case(name: &'static str, head: &str, piece: &str, times: usize, foot: &str) -> Case {
    (
        name,
        format!("{head}{}{foot}", piece.repeat(times)).into_bytes(),
    )
}

fn feeds() -> Vec<Case> {
    let item = "<item><title>b</title><guid>c</guid><link>https://a.example/</link></item>";
    let json = "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"a\",\"items\":";
    vec![
        case(
            "CDATA opened and never closed",
            HEAD,
            "<![CDATA[",
            100_000,
            FOOT,
        ),
        case("CDATA in pieces", HEAD, "<![CDATA[a]]>", 100_000, FOOT),
        case("CDATA closed and never opened", HEAD, "]]>", 300_000, FOOT),
        case(
            "comments opened and never closed",
            HEAD,
            "<!-- a ",
            100_000,
            FOOT,
        ),
        case(
            "comments outside",
            "<rss><channel>",
            "<!-- a -->",
            100_000,
            FOOT,
        ),
        case("instructions never closed", HEAD, "<?a ", 200_000, FOOT),
        case("declarations never closed", HEAD, "<!a ", 200_000, FOOT),
        case("tags never closed", HEAD, "<a ", 300_000, FOOT),
        case("attributes never closed", HEAD, "<a b=\"", 150_000, FOOT),
        case(
            "one tag with many attributes",
            &format!("{HEAD}<a "),
            "b=\"c\" ",
            150_000,
            FOOT,
        ),
        case("signs", HEAD, "<", 1_000_000, FOOT),
        case("bare ampersands", HEAD, "&", 1_000_000, FOOT),
        case("ampersands before words", HEAD, "&a", 500_000, FOOT),
        case("references", HEAD, "&nbsp;", 200_000, FOOT),
        case("unknown references", HEAD, "&nothing;", 200_000, FOOT),
        case("escaped again and again", HEAD, "&amp;", 300_000, FOOT),
        case("deep elements", HEAD, "<b>", 300_000, FOOT),
        case("ends without a beginning", HEAD, "</b>", 300_000, FOOT),
        case(
            "deep items",
            "<rss version=\"2.0\"><channel>",
            "<item><title>",
            50_000,
            FOOT,
        ),
        case(
            "many items",
            "<rss version=\"2.0\"><channel>",
            item,
            12_000,
            "</channel></rss>",
        ),
        case("namespaces", HEAD, "<a xmlns:b=\"c\">", 60_000, FOOT),
        case("bases", HEAD, "<a xml:base=\"b/\">", 60_000, FOOT),
        case(
            "junk before the feed",
            "",
            "junk <b> & ",
            90_000,
            &format!("{HEAD}{FOOT}"),
        ),
        case(
            "blanks before the feed",
            "",
            " \n",
            500_000,
            &format!("{HEAD}{FOOT}"),
        ),
        case(
            "document types",
            "",
            "<!DOCTYPE a [",
            80_000,
            &format!("{HEAD}{FOOT}"),
        ),
        case(
            "entities that name each other",
            "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\">",
            "<!ENTITY b \"&a;&a;&a;\">",
            30_000,
            &format!("]>{HEAD}&b;{FOOT}"),
        ),
        case("deep JSON", json, "[", 500_000, "]}"),
        case("deep JSON objects", json, "{\"a\":", 200_000, "]}"),
        case(
            "many JSON items",
            &format!("{json}["),
            "{\"id\":\"b\",\"title\":\"c\"},",
            40_000,
            "{}]}",
        ),
        case("zeros", HEAD, "\0", 1_000_000, FOOT),
        case(
            "a long title",
            "<rss version=\"2.0\"><channel><title>",
            "word ",
            200_000,
            "</title></channel></rss>",
        ),
        case(
            "a long date",
            "<rss version=\"2.0\"><channel><item><pubDate>",
            "Mon ",
            200_000,
            "</pubDate></item></channel></rss>",
        ),
        case(
            "many dates",
            "<rss version=\"2.0\"><channel>",
            "<item><pubDate>Mon 1 of nothing</pubDate></item>",
            20_000,
            "</channel></rss>",
        ),
        (
            "two megabytes",
            format!("{HEAD}{}{FOOT}", "&lt;p&gt;some text ".repeat(110_000)).into_bytes(),
        ),
    ]
}

fn articles() -> Vec<Case> {
    let row = "<tr><td>one<td>2<td>three words here</tr>";
    vec![
        case("deep elements", "", "<div>", 20_000, "text"),
        case("deep quotes", "", "<blockquote>", 20_000, "text"),
        case("deep lists", "", "<ul><li>", 20_000, "text"),
        case("deep numbered lists", "", "<ol><li>a", 6_000, "text"),
        case("deep tables", "", "<table><tr><td>", 10_000, "text"),
        case("deep inline elements", "", "<b><i>", 20_000, "text"),
        case("bold that is never closed", "", "<b>a<p>", 10_000, "text"),
        case(
            "links that are never closed",
            "",
            "<a href=/x>a",
            10_000,
            "text",
        ),
        case(
            "many links",
            "",
            "<a href=https://a.example/b>c</a> ",
            12_000,
            "",
        ),
        case("many paragraphs", "", "<p>a", 60_000, ""),
        case("many list items", "<ol>", "<li>a", 40_000, "</ol>"),
        case("a long table", "<table>", row, 2_000, "</table>"),
        case("a very long table", "<table>", row, 20_000, "</table>"),
        case(
            "a table of many columns",
            "<table><tr>",
            "<td>a",
            20_000,
            "</table>",
        ),
        case(
            "wide cells",
            "<table>",
            "<tr><td colspan=1000000000000000000>a<td>b",
            1_000,
            "</table>",
        ),
        case(
            "tall cells",
            "<table>",
            "<tr><td rowspan=65534>a<td>b",
            1_000,
            "</table>",
        ),
        case(
            "wide and tall cells",
            "<table>",
            "<tr><td colspan=1000 rowspan=65534>a",
            1_000,
            "</table>",
        ),
        case(
            "many tables",
            "",
            "<table><tr><td>a<td>b</table>",
            4_000,
            "",
        ),
        case("many captions", "<table>", "<caption>a", 10_000, "</table>"),
        case("one long word", "", "a", 400_000, ""),
        case("one long word of wide letters", "", "日", 100_000, ""),
        case("one letter with many marks", "a", "\u{301}", 100_000, ""),
        case("joined emoji", "👩", "\u{200d}👩", 20_000, ""),
        case("right to left", "", "שלום עולם ", 20_000, ""),
        case("breaks", "a", "<br>", 60_000, "b"),
        case("rules", "", "<hr>", 40_000, ""),
        case("references", "", "&nbsp;", 60_000, ""),
        case("references without an end", "", "&amp", 80_000, ""),
        case("signs", "", "<", 200_000, ""),
        case("comments never closed", "", "<!--", 60_000, ""),
        case("tags never closed", "", "<p ", 80_000, ""),
        case("attributes", "<p ", "a=b ", 60_000, ">text"),
        case("one attribute without an end", "<p a=\"", "b ", 100_000, ""),
        case("preformatted lines", "<pre>", "a\n", 100_000, "</pre>"),
        case("typed lists", "", "1. a<br>", 20_000, ""),
        case("typed paragraphs", "", "<p>(a) b", 20_000, ""),
        case("plain text", "", "  1. one\n\n  2. two\n", 20_000, ""),
        case("plain text of blanks", "", " ", 400_000, "a"),
        case(
            "pictures",
            "",
            "<figure><img src=/a.png alt=b><figcaption>c</figure>",
            4_000,
            "",
        ),
        case("definitions", "<dl>", "<dt>a<dd>b", 20_000, "</dl>"),
        case("details", "", "<details><summary>a</summary>b", 10_000, ""),
        case("drawings", "<svg>", "<g><path d='M0 0'>", 10_000, ""),
        case("templates", "", "<template>", 20_000, "a"),
        case("selections", "<select>", "<option>a", 20_000, ""),
        case(
            "one megabyte",
            "",
            "<p>Some <b>words</b> of an article, as they are.",
            21_000,
            "",
        ),
    ]
}
