//! Feeds as they shouldn't be: what other formats' elements, ends in the wrong place, odd encodings
//! and odd JSON still give.

use url::Url;

use super::super::parse;
use super::{BASE, atom, check, check_article, rss, summary};

/// Checks the titles of a document's articles.
#[track_caller]
fn check_titles(document: impl AsRef<[u8]>, expected: &[&str]) {
    let read = parse(document.as_ref(), None, &Url::parse(BASE).unwrap()).unwrap();
    let titles: Vec<&str> = read
        .feed
        .articles
        .iter()
        .map(|a| a.title.as_str())
        .collect();
    assert_eq!(titles, expected);
}

/// Returns what is told of a document, one problem a line.
fn problems(document: impl AsRef<[u8]>) -> String {
    let read = parse(document.as_ref(), None, &Url::parse(BASE).unwrap()).unwrap();
    let lines: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn references_may_lack_their_semicolon() {
    check_article(
        &rss("<title>caf&eacute x &lt y &#233 &#x96</title><link>/?a=1&copy=2</link>"),
        "# café x < y é –
         link: https://example.gov/?a=1&copy=2
         ! mended: a reference that XML doesn't know (4 times)
         ! mended: an unescaped `&`",
    );
}

#[test]
fn prefixes_may_have_capitals_other_names_and_other_namespaces() {
    for (root, creator, date, content) in [
        ("", "DC:Creator", "DC:DATE", "Content:Encoded"),
        (
            " xmlns:c='http://purl.org/rss/1.0/modules/content/' xmlns:d='http://purl.org/dc/elements/1.1/'",
            "d:creator",
            "d:date",
            "c:encoded",
        ),
        (
            " xmlns:content='x' xmlns:dc='http://dublin.example/'",
            "dc:creator",
            "dc:date",
            "content:encoded",
        ),
    ] {
        let document = format!(
            "<rss version='2.0'{root}><channel><item><title>T</title><{creator}>Jo</{creator}>\
             <{date}>2026-07-27T15:30:00Z</{date}><{content}><![CDATA[<p>x</p>]]></{content}>\
             </item></channel></rss>"
        );
        let found = summary(document.as_bytes(), None);
        assert!(
            found.starts_with(
                "feed - -\n# T\nby: Jo\npublished: 2026-07-27T15:30:00Z\ncontent: <p>x</p>"
            ),
            "{document}: {found}"
        );
    }
}

#[test]
fn roots_and_elements_may_have_capitals_or_a_prefix() {
    check(
        "<FEED xmlns='http://www.w3.org/2005/Atom'><TITLE>News</TITLE><ENTRY><TITLE>T</TITLE><ID>1</ID>\
         <LINK REL='Alternate' HREF='/1'/><UPDATED>2026-07-27T15:30:00Z</UPDATED>\
         <SUMMARY TYPE='html'>&lt;b>x&lt;/b></SUMMARY></ENTRY></FEED>",
        "feed News -
         # T
         link: https://example.gov/1
         guid: 1
         published: 2026-07-27T15:30:00Z
         summary: <b>x</b>",
    );
    check(
        "<x:rss version='2.0' xmlns:x='u'><x:channel><x:title>News</x:title>\
         <x:item><x:title>T</x:title><x:guid>1</x:guid></x:item></x:channel></x:rss>",
        "feed News -
         # T
         guid: 1",
    );
}

#[test]
fn rss_borrows_from_atom_and_from_others() {
    check_article(
        &rss(
            "<atom:title>T</atom:title><atom:id>1</atom:id><atom:link href='/1'/>\
             <atom:author><atom:name>Jo</atom:name></atom:author>\
             <atom:published>2026-07-27T15:30:00Z</atom:published>\
             <atom:updated>2026-07-28T15:30:00Z</atom:updated>\
             <atom:summary>s</atom:summary><atom:content type='html'>&lt;p>c&lt;/p></atom:content>",
        ),
        "# T
         link: https://example.gov/1
         guid: 1
         by: Jo
         published: 2026-07-27T15:30:00Z
         updated: 2026-07-28T15:30:00Z
         summary: s
         content: <p>c</p>
         ! mended: an undeclared prefix (3 times)"
            .replace(" (3 times)", "")
            .as_str(),
    );
    check_article(
        &rss("<dc:title>T</dc:title><dc:description>s</dc:description><content>c</content>"),
        "# T
         summary: s
         content: c",
    );
    check_article(
        &rss(
            "<title>T</title><author><name>Jo</name></author><link href='/1'/><summary>s</summary>",
        ),
        "# T
         link: https://example.gov/1
         by: Jo
         summary: s",
    );
}

#[test]
fn atom_borrows_from_rss_and_from_others() {
    check_article(
        &atom(
            "<title>T</title><guid>1</guid><link>https://example.gov/1</link><author>Jo</author>\
             <pubDate>Mon, 27 Jul 2026 15:30:00 GMT</pubDate><description>&lt;b>s&lt;/b></description>\
             <content:encoded><![CDATA[<p>c</p>]]></content:encoded>",
        ),
        "# T
         link: https://example.gov/1
         guid: 1
         by: Jo
         published: 2026-07-27T15:30:00Z
         summary: <b>s</b>
         content: <p>c</p>",
    );
    check_article(
        &atom("<title>T</title><dc:creator>Jo</dc:creator><dc:date>2026-07-27</dc:date>"),
        "# T
         by: Jo
         published: 2026-07-27T00:00:00Z
         ! mended: an undeclared prefix (2 times)"
            .replace(" (2 times)", "")
            .as_str(),
    );
}

#[test]
fn what_stands_in_never_takes_the_place_of_what_it_stands_for() {
    for item in [
        "<title>T</title><media:title>M</media:title><description>s</description><summary>x</summary>",
        "<media:title>M</media:title><title>T</title><summary>x</summary><description>s</description>",
        "<title>T</title><description>s</description><description/><itunes:summary>x</itunes:summary>",
        "<title>T</title><media:group><media:title>M</media:title></media:group><summary>s</summary><description></description>",
    ] {
        let found = summary(rss(item).as_bytes(), None);
        let wanted = "feed News https://example.gov/\n# T\nsummary: s";
        assert!(found.starts_with(wanted), "{item}: {found}");
    }
}

#[test]
fn the_words_of_a_feed_may_be_in_any_namespace() {
    check_article(
        &rss(
            "<title xmlns='u'>T</title><link xmlns=''>/1</link><guid xmlns='u'>1</guid>\
             <updated xmlns='http://www.w3.org/2005/Atom'>2026-07-27T15:30:00Z</updated>",
        ),
        "# T
         link: https://example.gov/1
         guid: 1
         published: 2026-07-27T15:30:00Z",
    );
    check_titles(
        rss("<title>A</title></item><entry><title>B</title></entry><item>"),
        &["A", "B", ""],
    );
    check_titles(
        atom("<title>A</title></entry><item><title>B</title></item><entry>"),
        &["A", "B", ""],
    );
    check_titles(
        "<rdf:rdf xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item><title>A</title></item></rdf:rdf>",
        &["A"],
    );
    check_titles(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item><title>A</title><link>",
        &["A"],
    );
}

#[test]
fn the_title_of_something_within_is_not_that_of_the_article() {
    check_titles(
        rss("<title>A</title><source url='u'><title>S</title></source>"),
        &["A"],
    );
}

#[test]
fn the_best_date_counts() {
    let dated = |dates: &str, expected: &str| {
        check_article(
            &rss(&format!("<title>T</title>{dates}")),
            &format!("# T\n{expected}"),
        );
    };
    let declared = "xmlns:dc='http://purl.org/dc/elements/1.1/'";
    dated(
        &format!("<pubDate>27 Jul 2026</pubDate><dc:date {declared}>2026-07-20</dc:date>"),
        "published: 2026-07-27T00:00:00Z",
    );
    dated(
        &format!("<dc:date {declared}>2026-07-20</dc:date><pubDate>soon</pubDate>"),
        "published: 2026-07-20T00:00:00Z",
    );
    dated(
        "<created>2026-07-20</created><modified>2026-07-22</modified>",
        "published: 2026-07-20T00:00:00Z\nupdated: 2026-07-22T00:00:00Z",
    );
    dated(
        "<dcterms:modified xmlns:dcterms='http://purl.org/dc/terms/'>2026-07-22</dcterms:modified>",
        "published: 2026-07-22T00:00:00Z",
    );
    // Dates of what an article only mentions are not its own.
    check_article(
        &atom("<title>T</title><source><updated>2026-07-22T00:00:00Z</updated></source>"),
        "# T",
    );
}

#[test]
fn articles_behind_the_end_of_the_feed_are_kept() {
    let item = |title| format!("<item><title>{title}</title></item>");
    let (a, b) = (item("A"), item("B"));
    for document in [
        format!("<rss version='2.0'><channel>{a}</channel></rss>{b}"),
        format!("<rss version='2.0'><channel>{a}</channel><channel>{b}</channel></rss>"),
        format!("<rss version='2.0'><channel>{a}<channel>{b}</channel></channel></rss>"),
        format!(
            "<rss version='2.0'><channel></channel><channel>{a}</channel><channel>{b}</channel></rss>"
        ),
        format!(
            "<rss version='2.0'><channel>{a}</rss><?xml version='1.0'?><rss version='2.0'><channel>{b}</channel></rss>"
        ),
        format!("<rss version='2.0'><rss version='2.0'><channel>{a}{b}</channel></rss>"),
        format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{a}</rdf:RDF>{b}"
        ),
    ] {
        check_titles(&document, &["A", "B"]);
    }
    let atom = atom("<title>A</title>");
    check_titles(format!("{atom}\n{}", atom.replace("A<", "B<")), &["A", "B"]);
    check(
        "<rss version='2.0'><channel><title>One</title><item><guid>1</guid></item></channel></rss>\
         <rss version='2.0'><channel><title>Two</title><item><guid>2</guid></item></channel></rss>",
        "feed One -
         #
         guid: 1
         #
         guid: 2
         ! mended: articles after the end of the feed (4 times)",
    );
}

#[test]
fn what_follows_the_feed_is_no_part_of_it() {
    let document = rss("<title>A</title>") + "<script>x</script></html>";
    assert_eq!(problems(document), "an article has no id");
}

#[test]
fn links_are_found_wherever_they_stand() {
    let link = |item: &str, expected: &str| {
        let found = parse(item.as_bytes(), None, &Url::parse(BASE).unwrap()).unwrap();
        let link = found.feed.articles[0].permalink.as_deref();
        assert_eq!(link, (!expected.is_empty()).then_some(expected), "{item}");
    };
    let one = "https://example.gov/1";
    link(&rss("<link/>https://example.gov/1<title>T</title>"), one);
    link(
        &rss("<link>www.example.gov/1</link>"),
        "https://www.example.gov/1",
    );
    link(&rss("<guid isPermaLink='true'>/1</guid>"), one);
    link(&rss("<guid>/1</guid>"), "");
    link(
        &rss("<feedburner:origLink>https://example.gov/1</feedburner:origLink>"),
        one,
    );
    link(&rss("<link rel='self' href='/1'/>"), "");
    link(&atom("<id>https://example.gov/1</id>"), one);
    link(
        &atom("<id>https://example.gov/2</id><link href='/1'/>"),
        one,
    );
    link(&atom("<id>urn:1</id>"), "");
    link(&atom("<link rel='' href='/1'/>"), one);
    link(
        &atom("<link rel='http://www.iana.org/assignments/relation/alternate' href='/1'/>"),
        one,
    );
    link(
        &atom("<link rel='enclosure' type='audio/mpeg' href='/1.mp3'/>"),
        "",
    );
}

#[test]
fn the_base_of_xhtml_may_stand_on_its_first_element() {
    check_article(
        &atom(
            "<title>T</title><content type='xhtml'><div xml:base='https://other.example/a/'>x</div></content>",
        ),
        "# T
         content: <div xml:base='https://other.example/a/'>x</div>
         base: https://other.example/a/",
    );
}

#[test]
fn text_that_holds_markup_is_markup() {
    check_article(
        &atom("<title>A <b>bold</b> 1 &lt; 2</title><summary>One <i>two</i></summary>"),
        "# A bold 1 < 2
         summary: One <i>two</i>",
    );
    check_article(
        &atom("<title>Vec<T></title><summary>Vec<T></summary>"),
        "# Vec<T>
         summary: Vec&lt;T&gt;
         ! mended: HTML that was not escaped (2 times)",
    );
    check_article(
        &atom("<title>A &lt;b&gt;</title><summary>&lt;i&gt;</summary>"),
        "# A <b>
         summary: &lt;i&gt;",
    );
}

#[test]
fn marks_of_cdata_may_be_odd() {
    let title = |written: &str, expected: &str| {
        check_titles(rss(&format!("<title>{written}</title>")), &[expected]);
    };
    title("<![cdata[A & B]]>", "A & B");
    title("&lt;![CDATA[A & B]]&gt;", "A & B");
    title("<![CDATA[A]>", "A");
    title("<![CDATA[A]]", "A");
    title("<![CDATA[<![CDATA[A]]>]]>", "A");
    title("A ]]> B", "A ]]> B");
}

#[test]
fn bytes_in_other_encodings_spoil_no_utf_8() {
    let document = rss("<title>Łódź – it@s</title>");
    let bytes = document.into_bytes();
    let bytes: Vec<u8> = bytes
        .into_iter()
        .map(|b| if b == b'@' { 0x92 } else { b })
        .collect();
    check_titles(&bytes, &["Łódź – it’s"]);
    assert_eq!(
        problems(&bytes),
        "a byte is not UTF-8; read as windows-1252\nan article has no id"
    );
}

#[test]
fn json_may_be_written_by_hand() {
    check(
        "// a feed\n{\"version\": \"https://jsonfeed.org/version/1\", /* so it is */ \"items\": [\n\
         {\"id\": 1, \"title\": \"It\\'s\n new\", \"content_text\": \"x\",},\n\
         {\"id\": \"https://example.gov/2\", \"title\": \"Two\", \"content_text\": \"cut he",
        "feed - -
         # It's new
         guid: 1
         content: x
         # Two
         link: https://example.gov/2
         guid: https://example.gov/2
         content: cut he
         ! mended: JSON that isn't quite JSON Feed
         ! mended: the document ends too early",
    );
}

/// A feed that is cut anywhere keeps all whole articles, and the cut one once it has a title.
#[test]
fn a_feed_may_end_at_any_byte() {
    let items = [1, 2, 3].map(|n| {
        format!(
            "<item><title>Title {n} é</title><guid>{n}</guid><pubDate>2{n} Jul 2026</pubDate>\
             <description>a &lt;b&gt;c&lt;/b&gt;</description>\
             <content:encoded><![CDATA[<p>x</p>]]></content:encoded></item>"
        )
    });
    let document = format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>{}\
         </channel></rss>",
        items.concat()
    );
    let base = Url::parse(BASE).unwrap();
    let whole = parse(document.as_bytes(), None, &base)
        .unwrap()
        .feed
        .articles;
    for end in document.find("<item>").unwrap()..document.len() {
        let cut = &document.as_bytes()[..end];
        let read = parse(cut, None, &base).unwrap();
        let count = |tag: &str| memchr::memmem::find_iter(cut, tag.as_bytes()).count();
        let complete = count("</item>");
        assert_eq!(read.feed.articles[..complete], whole[..complete], "{end}");
        let titles = count("</title>");
        for (found, whole) in read.feed.articles.iter().zip(&whole).take(titles) {
            assert_eq!(found.title, whole.title, "{end}");
        }
        assert!(read.feed.articles.len() >= titles, "{end}");
        let told = read
            .problems
            .iter()
            .any(|p| p.to_string().contains("ends too early"));
        assert!(told, "{end}: {:?}", read.problems);
    }
}

#[test]
fn problems_are_counted_and_told_once() {
    let item = "<item><title>A & B</title><pubDate>soon</pubDate><foo:x>1</foo:x></item>";
    let document = format!(
        "Warning\n<rss version='9'><channel>{}</channel>",
        item.repeat(3)
    );
    assert_eq!(
        problems(document),
        "mended: text before the feed\n\
         mended: an unescaped `&` (3 times)\n\
         mended: an undeclared prefix\n\
         mended: the document ends too early\n\
         mended: a missing or unknown RSS version\n\
         3 dates can't be read, such as `soon`\n\
         3 articles have no id"
    );
    let long = format!("<pubDate>{}</pubDate><guid>1</guid>", "soon ".repeat(1000));
    let told = problems(rss(&long));
    assert!(
        told.starts_with("a date can't be read: `soon soon"),
        "{told}"
    );
    assert!(told.chars().count() < 100, "{told}");
}

#[test]
fn rdf_has_no_ids_to_miss() {
    let document = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
                    xmlns='http://purl.org/rss/1.0/'><item><title>T</title><link>/1</link></item></rdf:RDF>";
    assert_eq!(problems(document), "");
}
