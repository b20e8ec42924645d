//! Articles as Markdown.

use std::fs;
use std::path::Path;

use super::{document, set};
use crate::html;
use crate::html::marker::is_bullet;
use crate::model::document::Role;

/// Compares the Markdown with what it must be; line breaks around `expected` don't count.
#[track_caller]
fn check(html: &str, expected: &str) {
    let expected = expected.trim_matches('\n');
    assert_eq!(
        html::markdown(&document(html)).trim_end_matches('\n'),
        expected,
        "{html}"
    );
}

#[test]
fn marks_stand_around_words_and_leave_blanks_outside() {
    check(
        "<p>a <b>bold </b>c <i>d</i> <s>e</s> <b><i>f</i></b>",
        "a **bold** c *d* ~~e~~ ***f***",
    );
    check(
        "<p><b>one <i>two</i> three</b>",
        "**one** ***two*** **three**",
    );
    check("<p>un<b>believ</b>able", "un**believ**able");
    // `a**(b)**` is no bold text in CommonMark.
    check("<p>a<b>(b)</b> <b>(c)</b>", "a(**b)** **(c)**");
    check("<p><b>日本「語」</b>の", "**日本「語**」の");
    check("<p><b>(a)</b><i>(b)</i>", "**(a**)*(b)*");
    check("<p><b> </b>", "");
    check("<p><b>one<br>two</b>", "**one\\\ntwo**");
}

#[test]
fn code_stands_in_enough_backticks() {
    check("<p><code>a_b*c</code>", "`a_b*c`");
    check("<p><code>a`b</code> <code>`</code>", "``a`b`` `` ` ``");
    check(
        "<pre><code>```\nx  \n\n  y</code></pre>",
        "````\n```\nx\n\n  y\n````",
    );
}

#[test]
fn links_stand_at_their_words() {
    check(
        "<p>Read <a href=/a>the <b>plan</b></a>.",
        "Read [the](https://site.example/a) [**plan**](https://site.example/a).",
    );
    check(
        "<p><a href='/a_(b)'>[x] y!</a>!<a href=/c>d</a>",
        "[\\[x\\] y!](<https://site.example/a_(b)>)\\![d](https://site.example/c)",
    );
    check(
        "<p><a href='/?a=1&amp;amp;b'>x</a>",
        "[x](https://site.example/?a=1&amp;amp;b)",
    );
    check(
        "<p>At <a href=https://a.example/b_c>https://a.example/b_c</a>",
        "At <https://a.example/b_c>",
    );
    check(
        "<p>At https://a.example/~b_*, or",
        "At <https://a.example/~b>\\_\\*, or",
    );
    check(
        "<p><img src=/p.png alt='a chart'>",
        "[Image: a chart](https://site.example/p.png)",
    );
    check(
        "<a href=/x><img src=/p.png alt=pic></a>",
        "[Image: pic](https://site.example/p.png) <https://site.example/x>",
    );
    check(
        "<pre><code>see <a href=/x>x</a></code></pre>",
        "```\nsee x\n```\n\n<https://site.example/x>",
    );
}

#[test]
fn text_that_would_act_is_escaped() {
    check(
        "<p>2 * 3, a*b, snake_case, _x_",
        "2 * 3, a\\*b, snake_case, \\_x\\_",
    );
    check(
        "<p>`t` [x](y) ~5 C:\\temp \\* end\\",
        "\\`t\\` \\[x](y) \\~5 C:\\temp \\\\\\* end\\\\",
    );
    check(
        "<p>&lt;b&gt; x &lt; y &amp;amp; AT&amp;T;",
        "\\<b> x < y \\&amp; AT\\&T;",
    );
    check(
        "<p>www.gov.example www.gov.example/~x",
        "www.gov.example www\\.gov.example/\\~x",
    );
}

#[test]
fn a_line_that_would_begin_a_block_is_escaped() {
    for (text, expected) in [
        ("1990. Then", "1990\\. Then"),
        ("12) then", "12\\) then"),
        ("1.5 million", "1.5 million"),
        ("- dash", "\\- dash"),
        ("-5", "-5"),
        ("+ plus", "\\+ plus"),
        ("# sign", "\\# sign"),
        ("#sign", "#sign"),
        ("> more", "\\> more"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("|---|", "\\|---|"),
        ("* star", "\\* star"),
    ] {
        let html = text.replace('>', "&gt;");
        check(&format!("<p>{html}"), expected);
        check(&format!("<p>a<br>{html}"), &format!("a\\\n{expected}"));
    }
    check("<h2>C # #</h2><h3>1. a</h3>", "## C # \\#\n\n### 1. a");
}

#[test]
fn lists_keep_their_numbers() {
    check("<ol start=3><li>c<li>d</ol>", "3. c\n4. d");
    check("<ol><li>a<li><li>c</ol>", "1. a\n2.\n3. c");
    check("<ol reversed><li>b<li>a</ol>", "- 2\\. b\n- 1\\. a");
    check("<ol><li>a<li value=9>b</ol>", "- 1\\. a\n- 9\\. b");
    check("<ol type=i><li>a</ol>", "- i\\. a");
    check("<ol start=-1><li>a</ol>", "- -1\\. a");
    check("<p>(a) first<p>(b) second", "- (a\\) first\n- (b\\) second");
    check("<p>1) first<p>2) second", "1) first\n2) second");
    check("<p>– first<p>– second", "- first\n- second");
}

#[test]
fn lists_in_a_row_stay_apart() {
    check("<ol><li>a</ol><ol><li>b</ol>", "1. a\n\n1) b");
    check(
        "<ul><li>a</ul><ul><li>b</ul><ul><li>c</ul>",
        "- a\n\n* b\n\n- c",
    );
    check(
        "<ol><li>a<p>b</p></li>stray<li>c</ol>",
        "1. a\n\n   b\n\nstray\n\n2. c",
    );
}

#[test]
fn nested_lists_stand_below_their_items_text() {
    check(
        "<ol start=9><li>a<ul><li>b<ol><li>c</ol></ul><li>d<ol start=2><li>e</ol></ol>",
        "9. a\n   - b\n     1. c\n\n10. d\n\n    2. e",
    );
    check("<ul><li><ol><li><li>b</ol></ul>", "- 1.\n  2. b");
    check("<ul><li>a<ol><li><li>b</ol></ul>", "- a\n\n  1.\n  2. b");
    check("<ul><li><hr></ul><hr>", "- ___\n\n---");
    let deep = format!("{}deep", "<ul><li>a".repeat(60));
    let text = html::markdown(&document(&deep));
    let indent = text
        .lines()
        .map(|line| line.len() - line.trim_start().len())
        .max();
    assert!(indent.unwrap() <= 16, "{text}");
    assert!(text.ends_with("adeep\n"), "{text}");
}

#[test]
fn other_blocks_have_their_signs() {
    check(
        "<blockquote><p>a<p>b<ul><li>c</ul></blockquote>",
        "> a\n>\n> b\n>\n> - c",
    );
    check(
        "<dl><dt>A<dt>B<dd>c<dd>d<dt>E<dd>f</dl>",
        "- **A\\\n  B**\\\n  c\n\n  d\n\n- **E**\\\n  f",
    );
}

#[test]
fn tables_of_simple_cells_are_tables() {
    check(
        "<table><tr><th>A|B<th>C<tr><td>1<br>2<td><tr><td colspan=2>x</table>",
        "| A\\|B | C |\n| --- | --- |\n| 1 2 |\n| x |",
    );
    check(
        "<table><tr><td>a<td>b<tr><td>c<td>-</table>",
        "|  |  |\n| --- | --- |\n| a | b |\n| c | - |",
    );
    check(
        "<table><tr><th>A<th>B<tr><td>a<td><ul><li>b<li>c</ul><tr><td>d<td>e</table>",
        "- **A:** a\n\n  **B:**\n  - b\n  - c\n\n- **A:** d\n\n  **B:** e",
    );
}

#[test]
fn nothing_comes_of_nothing() {
    check("", "");
    assert_eq!(html::markdown(&document("<p>a")), "a\n");
}

/// Returns the words of Markdown without marks and escapes: what a renderer shows, list numbers
/// included.
fn shown_words(markdown: &str) -> Vec<String> {
    let mut shown = String::new();
    let mut in_code = false;
    for line in markdown.lines() {
        let mut rest = line.trim_start_matches(['>', ' ']);
        if rest.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if !in_code {
            if rest.starts_with("| --- |") || rest == "---" {
                continue;
            }
            for sign in ["- ", "* "] {
                while let Some(after) = rest.strip_prefix(sign) {
                    rest = after;
                }
            }
            rest = rest.trim_start_matches('#');
        }
        let mut chars = rest.chars();
        while let Some(c) = chars.next() {
            match c {
                c if in_code => shown.push(c),
                '\\' => shown.extend(chars.next()),
                ']' => {
                    // The address.
                    chars.by_ref().find(|c| *c == ')');
                }
                '*' | '~' | '`' | '[' | '|' | '<' | '>' => {}
                c => shown.push(c),
            }
        }
        shown.push('\n');
    }
    shown.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_words_of_the_samples_are_the_words_of_their_markdown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render");
    let mut compared = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "html") {
            continue;
        }
        let html = fs::read_to_string(&path).unwrap();
        let lines = set(&html, 500).lines;
        let mut expected = String::new();
        for line in &lines {
            let spans = line.spans.iter().filter(|span| match span.style.role {
                Role::QuoteMark | Role::Rule => false,
                Role::Number => span.style.link.is_none() && !span.text.chars().all(is_bullet),
                _ => true,
            });
            expected.extend(spans.map(|span| span.text.as_str()));
            expected.push('\n');
        }
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(
            shown_words(&html::markdown(&document(&html))),
            expected,
            "{}",
            path.display()
        );
        compared += 1;
    }
    assert!(compared >= 6, "samples are missing");
}
