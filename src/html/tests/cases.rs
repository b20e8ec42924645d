//! One case an element, and the ways of breaking lines.

use super::{check, set, text};
use crate::html::standfirst;
use crate::model::document::{Role, Style};

fn text_of(html: &str, width: usize) -> String {
    text(&set(html, width))
}

#[test]
fn paragraphs_are_parted_and_wrapped() {
    check(
        "<p>One two three four five six</p><p>b",
        20,
        "One two three four\nfive six\n\nb",
    );
}

#[test]
fn line_breaks_stay_and_two_part_paragraphs() {
    check("a<br>b<br><br>c<br>", 40, "a\nb\n\nc");
}

#[test]
fn a_style_may_keep_the_lines_of_the_source() {
    check(
        "<div style='white-space: pre-line'>\nOne  two\nthree\n\n1. <b>four</b>\n2. five\n<p style='white-space:normal'>six\nseven</p>\n</div>",
        40,
        "One two\nthree\n\n  1.  four\n  2.  five\n\nsix seven",
    );
}

#[test]
fn definitions_stand_under_their_terms() {
    check("<dl><dt>a<dd>b<dt>c<dd>d</dl>", 40, "a\n  b\nc\n  d");
    check("<dl><div><dt>a<dd>b</div></dl>", 40, "a\n  b");
}

#[test]
fn wide_characters_take_two_columns_and_break_between() {
    check(
        "<p>日本語の文章は、単語の間に空白がありません。",
        20,
        "日本語の文章は、単語\nの間に空白がありませ\nん。",
    );
    check("<p>👍👍👍👍👍 👍👍👍👍👍👍", 20, "👍👍👍👍👍\n👍👍👍👍👍👍");
}

#[test]
fn a_word_longer_than_the_line_breaks_after_its_signs() {
    check(
        "<p>https://www.gov.example/government/publications/plan",
        20,
        "https://www.gov.\nexample/government/\npublications/plan",
    );
    check(
        "<p>abcdefghijklmnopqrstuvwxyz",
        20,
        "abcdefghijklmnopqrst\nuvwxyz",
    );
    check(
        "<p>a well-known long-term plan",
        20,
        "a well-known\nlong-term plan",
    );
}

#[test]
fn numbers_stay_with_their_units_and_dates_whole() {
    check(
        "<p>It will cost us £450 million",
        20,
        "It will cost us\n£450 million",
    );
    check(
        "<p>They meet on the 24 November",
        20,
        "They meet on the\n24 November",
    );
    check(
        "<p>About all of the 20,000 specialists",
        20,
        "About all of the\n20,000 specialists",
    );
    check(
        "<p>They are all of 20,000 specialists",
        20,
        "They are all of\n20,000 specialists",
    );
    check(
        "<p>They are of 20,000 specialists",
        20,
        "They are of 20,000\nspecialists",
    );
}

#[test]
fn dates_stay_whole_however_they_are_written() {
    for (text, whole) in [
        ("It meets on Monday 3 May", "Monday 3 May"),
        (
            "It all came into force on November 24, 2026",
            "November 24, 2026",
        ),
        ("Closed by the 24th November", "24th November"),
        ("They end at 10.30 p.m.", "10.30 p.m."),
        ("Some part of 3.5 per cent", "3.5 per cent"),
    ] {
        let lines = text_of(&format!("<p>{text}"), 20);
        assert!(lines.lines().any(|line| line.contains(whole)), "{lines}");
    }
}

#[test]
fn ruby_is_put_in_brackets() {
    check(
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
        40,
        "漢(kan)",
    );
}

#[test]
fn forms_keep_their_labels() {
    check(
        "<form><label>Name <input value=x></label><select><option>o</select><button>Go</button></form>",
        40,
        "Name",
    );
}

#[test]
fn text_astray_in_a_table_comes_before_it() {
    check(
        "<table>stray<tr><td>a<td>b<tr><td>c<td>d</table>",
        40,
        "stray\n\n  a  b\n  c  d",
    );
}

#[test]
fn text_from_right_to_left_stands_at_the_right() {
    check("<p>שלום עולם", 20, "           שלום עולם");
}

#[test]
fn the_direction_of_a_page_counts_more_than_its_letters() {
    check("<p dir=rtl>one two", 20, "             one two");
    check(
        "<div dir=RTL><ul><li>one</ul></div>",
        20,
        "  •              one",
    );
    check("<p dir=ltr>שלום", 20, "שלום");
    check(
        "<div dir=rtl><p dir=auto>one<p dir=ltr>two",
        20,
        "one\n\ntwo",
    );
    check("<p>one <span dir=rtl>two</span>", 20, "one two");
    let rendered = set("<ol dir=rtl><li>one</ol>", 20);
    assert_eq!(rendered.lists[0].items, ["one"]);
}

#[test]
fn lines_of_arabic_fit_also_where_ligatures_take_two_columns() {
    let html = format!("<p>{}", "الأسئلة والإجابات لا الآن ".repeat(10));
    let rendered = set(&html, 30);
    for line in &rendered.lines {
        let text = line.text();
        // No marks in these words: as many columns as characters.
        assert!(text.chars().count() <= 30, "{text}");
        let is_whole = |word| ["الأسئلة", "والإجابات", "لا", "الآن"].contains(&word);
        assert!(text.split_whitespace().all(is_whole), "{text}");
    }
}

#[test]
fn headings_have_a_level_and_a_blank_line_before() {
    let html = "<p>a<h2>The <em>five</em> pillars</h2><h3>b</h3><p>c";
    check(html, 40, "a\n\nThe five pillars\n\nb\n\nc");
    let rendered = set(html, 40);
    let headings: Vec<_> = rendered
        .headings
        .iter()
        .map(|heading| (heading.line, heading.level, heading.text.as_str()))
        .collect();
    assert_eq!(headings, [(2, 2, "The five pillars"), (4, 3, "b")]);
    assert_eq!(rendered.lines[2].spans[0].style.role, Role::Heading(2));
}

#[test]
fn code_keeps_its_lines_and_marks_what_goes_on() {
    check(
        "<pre><code>fn a() {\n\tb(\"a long text\");\n\n}</code></pre>",
        20,
        "  fn a() {\n      b(\"a long\n  ↪ text\");\n\n  }",
    );
    check(
        "<blockquote><ul><li><pre>a  b\n  c</pre></ul></blockquote>",
        40,
        "  ▏ •  a  b\n  ▏      c",
    );
}

#[test]
fn tables_have_a_header_a_rule_and_figures_at_the_right() {
    check(
        "<table><caption>What it costs</caption><tr><th>Pillar<th>2026<th>2027<tr><td>Shared platforms<td>120.0<td>98.5<tr><td>Data<td>35.2<td>–</table>",
        40,
        "
What it costs
  Pillar             2026  2027
  ─────────────────────────────
  Shared platforms  120.0  98.5
  Data               35.2     –",
    );
}

#[test]
fn a_table_too_wide_becomes_records() {
    check(
        "<table><thead><tr><th>Pillar<th>What it means</thead><tr><td>Data<td>One register of who holds what<tr><td>Skills<td></table>",
        30,
        "
  Pillar: Data
  What it means: One register
  of who holds what

  Pillar: Skills",
    );
    let header: String = (1..=12).map(|n| format!("<th>Column {n}")).collect();
    let row: String = (1..=12).map(|n| format!("<td>{n}")).collect();
    let html = format!("<table><tr>{header}<tr>{row}</table>");
    let rendered = set(&html, 80);
    assert_eq!(rendered.lines.len(), 12);
    assert_eq!(rendered.lines[11].text(), "  Column 12: 12");
}

#[test]
fn tables_made_for_looks_are_their_contents() {
    check("<table><tr><td>a<td>b</table>", 40, "a\n\nb");
    check(
        "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
        40,
        "a\n\nb\n\nc\n\nd",
    );
    check(
        "<table><tr><td><table><tr><td>a<tr><td>b</table><td>c</table>",
        40,
        "a\n\nb\n\nc",
    );
}

#[test]
fn cells_may_cover_rows_and_columns() {
    check(
        "<table><tr><th>x<th>y<th>z<tr><td rowspan=2>a<td>b<td>c<tr><td>d<td>e<tr><td colspan=3>all of them</table>",
        40,
        "
  x  y  z
  ───────────
  a  b  c
     d  e
  all of them",
    );
}

#[test]
fn spans_without_sense_are_clamped() {
    check(
        "<table><tr><th>a<th>b<tr><td colspan=1000000000000000000>c<tr><td rowspan=99999999999>d<td colspan=0>e</table>",
        40,
        "  a  b\n  ────\n  c\n  d  e",
    );
}

#[test]
fn pictures_are_lines_with_a_link() {
    check(
        "<figure><img src=/a/spending.png alt='bar chart'><figcaption>Spending</figcaption></figure>",
        40,
        "Image: bar chart [1]\n\nSpending",
    );
    check(
        "<p>a <img src=b/chart.png?x=1> c",
        40,
        "a\n\nImage: chart.png [1]\n\nc",
    );
    check("<img src=/pixel.gif width=1 height=1>a", 40, "a");
    check("<img src='data:image/png;base64,AA' alt=x>", 40, "Image: x");
    check(
        "<a href=/page><img src=/i.png alt=x></a>",
        40,
        "Image: x [1] [2]",
    );
    check(
        "<a href=/i.png><img src=/i.png alt=x></a>",
        40,
        "Image: x [1]",
    );
    check(
        "<p>Well done <img class=emoji src=/e.png alt=👍> all",
        40,
        "Well done 👍 all",
    );
}

#[test]
fn media_are_lines_with_kind_host_and_link() {
    check(
        "<iframe src=https://www.tube.example/e/1></iframe>",
        60,
        "Frame: www.tube.example [1]",
    );
    check(
        "<video><source src=/v.mp4>no</video>",
        60,
        "Video: site.example [1]",
    );
    check("<audio src=/a.mp3></audio>", 60, "Audio: site.example [1]");
    check(
        "<embed src=/a.swf><object data=/b.swf></object>",
        60,
        "Object: site.example [1]\n\nObject: site.example [2]",
    );
}

#[test]
fn drawings_are_their_title_or_their_words() {
    check("<svg><title>Map</title><text>x</text></svg>", 40, "Map");
    check(
        "<p>a <svg><defs><text>no</text></defs><g><text>North <tspan>5</tspan></text><text>South</text></g></svg> b",
        40,
        "a North 5 South b",
    );
    check("<math><mi>x</mi><mo>=</mo><mn>5</mn></math>", 40, "x=5");
}

#[test]
fn a_rule_fills_the_width() {
    check("a<hr>b", 20, "a\n\n────────────────────\n\nb");
    check(
        "<blockquote>a<hr>b</blockquote>",
        20,
        "  ▏ a\n  ▏\n  ▏ ────────────────\n  ▏\n  ▏ b",
    );
}

#[test]
fn quotes_have_a_mark_on_every_line() {
    check(
        "<blockquote><p>One two three four five<blockquote>in</blockquote></blockquote>",
        20,
        "  ▏ One two three\n  ▏ four five\n  ▏\n  ▏ ▏ in",
    );
}

#[test]
fn inline_elements_say_what_they_mean() {
    check(
        "<details><summary>Sum</summary>text</details>",
        40,
        "Sum\n\ntext",
    );
    check(
        "The <abbr title='National Audit Office'>NAO</abbr> and <abbr title='National Audit Office'>NAO</abbr>",
        60,
        "The NAO (National Audit Office) and NAO",
    );
    check("<q>a <q>b</q></q>", 40, "“a ‘b’”");
    check(
        "CO<sub>2</sub>, 10<sup>-6</sup>, 1<sup>st</sup>, 10<sup>n+1</sup>, a<sup>(2)</sup>",
        40,
        "CO₂, 10⁻⁶, 1st, 10ⁿ⁺¹, a⁽²⁾",
    );
}

#[test]
fn links_are_numbered_once_an_address() {
    check(
        "<p>under a <a href=/plan>plan</a>, <a href=https://b.example/>that</a> and <a href=/plan>plan</a>",
        40,
        "under a plan[1], that[2] and plan[1]",
    );
    check(
        "<a href=https://gov.example/x>https://gov.example/x</a>.",
        40,
        "https://gov.example/x [1].",
    );
    check(
        "<a href=https://gov.example/>gov.example</a>",
        40,
        "gov.example [1]",
    );
    check(
        "<a href=/x><h2>Title</h2><p>text</p></a>",
        40,
        "Title[1]\n\ntext",
    );
    check("<a href=/x> </a><a href='#note'>note</a>", 40, "note");
    let rendered = set("<a href=/x>a  link</a>", 40);
    let link = &rendered.links[0];
    assert_eq!(
        (link.n, link.url.as_str(), link.text.as_str()),
        (1, "https://site.example/x", "a link")
    );
}

#[test]
fn an_address_as_words_has_a_blank_before_its_number() {
    check(
        "<a href=https://www.gov.example/b>gov.example/b</a>",
        40,
        "gov.example/b [1]",
    );
}

#[test]
fn words_of_a_link_over_blocks_stay_apart() {
    for html in [
        "<a href=/x><h2>Title</h2><p>text</p></a>",
        "<a href=/x>Title<br>text</a>",
        "<a href=/x><ul><li>Title<li>text</ul></a>",
    ] {
        assert_eq!(set(html, 40).links[0].text, "Title text", "{html}");
    }
}

#[test]
fn a_link_over_two_lines_keeps_its_number() {
    let rendered = set("<p>some words <a href=/x>a link of words</a>", 20);
    let linked: Vec<String> = rendered
        .lines
        .iter()
        .flat_map(|line| &line.spans)
        .filter(|span| span.style.link == Some(1))
        .map(|span| span.text.clone())
        .collect();
    assert_eq!(linked, ["a link of", "words", "[1]"]);
}

#[test]
fn only_addresses_that_may_be_opened_have_numbers() {
    check(
        "<a href='javascript:x()'>a</a> <a href=ftp://x.example/>b</a> <a href=mailto:a@b.example>c</a> <a href='file:///etc'>d</a>",
        40,
        "a b c[1] d",
    );
}

#[test]
fn styles_reach_the_spans() {
    let rendered = set("<p><b>a</b><i>b</i><s>c</s><code>d</code>", 40);
    let styles: Vec<Style> = rendered.lines[0]
        .spans
        .iter()
        .map(|span| span.style)
        .collect();
    assert_eq!(
        styles,
        [
            Style {
                strong: true,
                ..Style::default()
            },
            Style {
                emphasis: true,
                ..Style::default()
            },
            Style {
                strike: true,
                ..Style::default()
            },
            Style {
                role: Role::Code,
                ..Style::default()
            },
        ]
    );
}

#[test]
fn what_is_hidden_stays_hidden() {
    check(
        "a<p hidden>b<p style='display:none'>c<p style='color:red; VISIBILITY : hidden !important'>d<script>e</script><style>f</style><template>g</template><!-- h -->",
        40,
        "a",
    );
}

#[test]
fn signs_that_take_no_room_are_left_out() {
    check(
        "<p>soft&shy;hyphen zero&#8203;width w<wbr>br\ttab &nbsp; x",
        60,
        "softhyphen zerowidth wbr tab x",
    );
    check("<p>&nbsp;</p><p>a&nbsp;b", 40, "a b");
}

#[test]
fn blanks_between_styles_stay() {
    check(
        "<p><b>one</b> <i>two</i> <a href=/x>three</a> <code>four</code> five six",
        20,
        "one two three[1]\nfour five six",
    );
}

#[test]
fn lines_know_their_piece_of_text_at_every_width() {
    let html = "<p>one two three four five</p><ul><li>six seven eight nine ten<li>eleven</ul>";
    let block_of = |width, word: &str| {
        let rendered = set(html, width);
        let line = rendered
            .lines
            .iter()
            .find(|line| line.text().contains(word));
        line.map(|line| line.block)
    };
    for word in ["five", "ten", "eleven"] {
        assert_eq!(block_of(20, word), block_of(80, word));
    }
}

#[test]
fn html_that_was_escaped_once_too_often_is_html() {
    let html = "&lt;p&gt;One &amp;amp; &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;\n&lt;ol start=\"4\"&gt;&lt;li&gt;a&lt;/li&gt;&lt;/ol&gt;";
    check(html, 40, "One & two\n\n  4.  a");
    assert_eq!(standfirst(html, 40), "One & two a");
    check("&lt;p&gt; is a tag", 40, "<p> is a tag");
    check("<p>&lt;p&gt;a&lt;/p&gt;</p>", 40, "<p>a</p>");
}
