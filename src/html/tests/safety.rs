//! Nothing acts on the terminal, nothing breaks, nothing takes for ever.

use super::{check, set, text};
use crate::html::{parse, plain_text, sanitise, standfirst};
use crate::model::text::display_width;

#[track_caller]
fn check_sanitised(html: &str, expected: &str) {
    let base = url::Url::parse("https://site.example/news/").unwrap();
    assert_eq!(sanitise(html, Some(&base)), expected);
}

#[track_caller]
fn check_plain(html: &str, expected: &str) {
    assert_eq!(plain_text(html), expected);
}

#[test]
fn control_characters_go_however_they_are_written() {
    check(
        "<p>a&#27;[31mb\u{1b}]0;x\u{7}c&#x9b;1md\u{202e}e&#8294;f",
        40,
        "abcd›1mdef".replace("bcd›1md", "bc›1md").as_str(),
    );
    check("a\u{1b}[31mb &#27;[0mc", 40, "ab c");
    check("<img src=/x alt='a&#27;[2Jb'>", 40, "Image: ab [1]");
}

#[test]
fn sanitised_html_keeps_the_text_and_its_lists() {
    check_sanitised(
        "<p onclick=x() class=y>a <b>b</b></p><ol start=3 reversed><li value=9>c</ol>",
        "<p>a <b>b</b></p><ol start=\"3\" reversed=\"\"><li value=\"9\">c</li></ol>",
    );
    check_sanitised(
        "<ol type=1 style='list-style-type:lower-roman'><li style='list-style:upper-alpha'>a</ol>",
        "<ol type=\"i\"><li type=\"A\">a</li></ol>",
    );
    check_sanitised("a\n\nb & c", "<p>a</p><p>b &amp; c</p>");
}

#[test]
fn sanitised_html_holds_nothing_that_runs_or_hides() {
    check_sanitised(
        "<script>x</script><style>y</style><p hidden>z</p><a href='javascript:x'>a</a><a href=/b>b</a><img src=c.png onerror=x><svg onload=x><title>t</title></svg>",
        "<a>a</a><a href=\"https://site.example/b\">b</a><img src=\"https://site.example/news/c.png\">t",
    );
    check_sanitised(
        "<p title='&#27;[31m\"<'>&#27;]0;t&#7;&lt;b",
        "<p title=\"&quot;&lt;\">&lt;b</p>",
    );
    check_sanitised(
        "<iframe src=//v.example/1></iframe>",
        "<a href=\"https://v.example/1\">https://v.example/1</a>",
    );
}

#[test]
fn plain_text_takes_tags_off() {
    check_plain("<p>a <b>b</b>c</p><p>d&amp;e&nbsp;f", "a bc\nd&e\u{a0}f");
    check_plain(
        "a<script>x < y</script>b<style>z</style>c<!-- <p>d -->e",
        "a\nb\nce",
    );
    check_plain("<a title='x > y'>a</a><a title=it's>b</a>", "ab");
    check_plain(
        "&#163;5 &pound;6 &pound7 &#150; &unknown; &#0; &notin; &",
        "£5 £6 £7 – &unknown; \u{fffd} ∉ &",
    );
    check_plain("1 < 2 <3", "1 < 2 <3");
    check_plain("<p>a<br>b<td>c", "a\nb\nc");
    check_plain("<script>never closed <p>", "");
    check_plain("text <!-- never closed", "text");
}

#[test]
fn a_standfirst_is_one_line_of_whole_words() {
    assert_eq!(standfirst("<p>One  two</p>\n<p>three", 50), "One two three");
    assert_eq!(standfirst("<p>One two three four", 9), "One two…");
    assert_eq!(standfirst("<p>One two, three four", 9), "One two…");
    assert_eq!(standfirst("<p>One two three", 7), "One…");
    assert_eq!(standfirst("abcdefgh", 4), "abc…");
    assert_eq!(
        standfirst(&format!("{}a&#27;[31mb", " ".repeat(5000)), 20),
        "ab"
    );
    assert_eq!(standfirst("", 20), "");
}

#[test]
fn hostile_documents_keep_their_text() {
    let deep = format!("{}deep text", "<div>".repeat(100_000));
    assert_eq!(text(&set(&deep, 40)), "deep text");
    let deep_list = format!("{}deep text", "<ul><li>".repeat(5_000));
    assert!(text(&set(&deep_list, 40)).contains("deep text"));
    let deep_quote = format!("{}deep text", "<blockquote>".repeat(5_000));
    assert!(text(&set(&deep_quote, 20)).contains("deep text"));
    let tables = format!("{}deep text", "<table><tr><td>".repeat(5_000));
    assert!(text(&set(&tables, 20)).contains("deep text"));
    let bold = format!("{}deep text", "<b><p>".repeat(5_000));
    assert!(text(&set(&bold, 20)).contains("deep text"));
    let indented: String = (0..500)
        .map(|n| format!("{}1. a\n", " ".repeat(n)))
        .collect();
    assert_eq!(text(&set(&indented, 76)).matches('a').count(), 500);
}

#[test]
fn a_tag_of_many_attributes_keeps_its_first_ones() {
    let many: String = (0..50_000).map(|n| format!(" a{n}")).collect();
    check(
        &format!("<p>a<img src=/x alt=pic{many}>b"),
        40,
        "a\n\nImage: pic [1]\n\nb",
    );
    let long = format!(
        "<img alt=pic src='data:image/png;base64,{}'>b",
        "a/".repeat(50_000)
    );
    check(&long, 40, "Image: pic\n\nb");
}

#[test]
fn large_documents_are_set_whole() {
    let links: String = (0..70_000)
        .map(|n| format!("<a href=/{n}>x</a> "))
        .collect();
    let rendered = set(&links, 76);
    assert_eq!(rendered.links.len(), usize::from(u16::MAX));
    let letters = text(&rendered).matches('x').count();
    assert_eq!(letters, 70_000);
    let long = "x".repeat(1_000_000);
    assert_eq!(text(&set(&long, 76)).matches('x').count(), 1_000_000);
    let rows: String = (0..10_000).map(|n| format!("<tr><td>{n}<td>x")).collect();
    let rendered = set(&format!("<table><tr><th>n<th>x{rows}</table>"), 40);
    assert_eq!(rendered.lines.len(), 10_002);
}

#[test]
fn many_small_pieces_take_linear_time() {
    // Quadratic, each of these would take minutes.
    let blanks = format!("<pre>{}x</pre>", "<b> </b>".repeat(100_000));
    assert!(text(&set(&blanks, 40)).contains('x'));
    let row = "<tr><td><h2>a</h2></td><td>1</td></tr>";
    let rows = format!(
        "<table><tr><th>x</th><th>y</th></tr>{}</table>",
        row.repeat(20_000)
    );
    assert!(set(&rows, 40).lines.len() > 20_000);
}

#[test]
fn a_heading_after_a_table_is_found_where_it_stands() {
    let html = "<table><tr><th>a</th><th>b</th></tr><tr><td><h2>in</h2></td><td>1</td></tr></table><h2>After</h2><p>x";
    let rendered = set(html, 40);
    let places: Vec<_> = rendered
        .headings
        .iter()
        .map(|place| (place.line, place.text.as_str()))
        .collect();
    let line = rendered
        .lines
        .iter()
        .position(|line| line.text() == "After");
    assert_eq!(places, [(line.unwrap(), "After")]);
}

#[test]
fn parsing_and_setting_the_empty_gives_nothing() {
    assert!(parse("", None).blocks.is_empty());
    assert!(set("<p></p><ul></ul><table></table>", 40).lines.is_empty());
    assert!(set(" \n ", 40).lines.is_empty());
}

#[test]
fn no_width_is_too_small() {
    let rendered = set("<ol><li>some <a href=/x>words</a><ol><li>and more", 1);
    assert!(
        rendered
            .lines
            .iter()
            .all(|line| display_width(&line.text()) <= 20)
    );
}
