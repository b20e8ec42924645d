//! Numbered lists, by HTML and by hand.

use super::{check, set};

/// Compares the first words of each line only: marker and place.
#[track_caller]
fn check_markers(html: &str, expected: &[&str]) {
    let rendered = set(html, 60);
    let markers: Vec<String> = rendered
        .lists
        .iter()
        .flat_map(|list| list.markers.clone())
        .collect();
    assert_eq!(markers, expected, "{html}");
}

#[track_caller]
fn check_list(html: &str, start: i64, markers: &[&str], items: &[&str]) {
    let rendered = set(html, 60);
    let list = rendered.lists.first().expect("a list");
    assert_eq!(
        (list.start, list.markers.as_slice(), list.items.as_slice()),
        (
            start,
            markers
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .as_slice(),
            items
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .as_slice()
        ),
        "{html}"
    );
}

#[test]
fn start_says_where_a_list_begins() {
    check("<ol start=5><li>a<li>b</ol>", 40, "  5.  a\n  6.  b");
    check("<ol start=0><li>a<li>b</ol>", 40, "  0.  a\n  1.  b");
    check(
        "<ol start=-2><li>a<li>b<li>c</ol>",
        40,
        "  -2.  a\n  -1.  b\n   0.  c",
    );
    check_markers("<ol start=' +7th'><li>a</ol>", &["7."]);
    check_markers("<ol start=seven><li>a</ol>", &["1."]);
}

#[test]
fn numbers_are_aligned_at_their_points() {
    check(
        "<ol start=98><li>a<li>b<li>c<li>d</ol>",
        40,
        "   98.  a\n   99.  b\n  100.  c\n  101.  d",
    );
}

#[test]
fn a_huge_start_is_counted_on_or_ignored() {
    check_markers(
        "<ol start=2147483640><li>a<li>b</ol>",
        &["2147483640.", "2147483641."],
    );
    check_markers(
        "<ol start=99999999999999999999><li>a<li>b</ol>",
        &["1.", "2."],
    );
    check_markers(
        "<ol start=9223372036854775807><li>a<li>b</ol>",
        &["9223372036854775807.", "9223372036854775807."],
    );
}

#[test]
fn values_move_the_count() {
    check_markers(
        "<ol><li>a<li value=7>b<li>c<li value=x>d<li value=-1>e<li>f</ol>",
        &["1.", "7.", "8.", "9.", "-1.", "0."],
    );
}

#[test]
fn reversed_lists_count_down() {
    check_markers("<ol reversed><li>a<li>b<li>c</ol>", &["3.", "2.", "1."]);
    check_markers("<ol reversed start=10><li>a<li>b</ol>", &["10.", "9."]);
    check_markers(
        "<ol reversed start=10><li>a<li value=5>b<li>c</ol>",
        &["10.", "5.", "4."],
    );
    check_markers(
        "<ol reversed><li>a<li value=9>b<li>c</ol>",
        &["3.", "9.", "8."],
    );
}

#[test]
fn types_are_letters_and_numerals() {
    check_markers(
        "<ol type=a start=25><li>a<li>b<li>c</ol>",
        &["y.", "z.", "aa."],
    );
    check_markers("<ol type=A><li>a<li>b</ol>", &["A.", "B."]);
    check_markers("<ol type=A start=27><li>a</ol>", &["AA."]);
    check_markers("<ol type=i start=3><li>a<li>b</ol>", &["iii.", "iv."]);
    check_markers(
        "<ol type=I start=3999><li>a<li>b</ol>",
        &["MMMCMXCIX.", "4000."],
    );
    check_markers("<ol type=a start=0><li>a<li>b</ol>", &["0.", "a."]);
    check_markers(
        "<ol type=i start=-1><li>a<li>b<li>c</ol>",
        &["-1.", "0.", "i."],
    );
    check_markers("<ol type=1><li>a<li type=a>b</ol>", &["1.", "b."]);
    check_markers(
        "<ol style='list-style-type: lower-roman'><li>a<li>b</ol>",
        &["i.", "ii."],
    );
}

#[test]
fn a_style_counts_more_than_a_type() {
    check_markers(
        "<ol type=1 style='list-style-type:lower-alpha'><li>a<li style='list-style: upper-roman'>b</ol>",
        &["a.", "II."],
    );
    check_markers(
        "<ol type=A style='list-style-type:disc; LIST-STYLE-TYPE : Lower-Roman!important'><li>a</ol>",
        &["i."],
    );
    check(
        "<ol><li>a<li style='list-style-type:disc'>b<li>c</ol>",
        40,
        "  1.  a\n   •  b\n  3.  c",
    );
    check_markers("<ol type=disc><li>a<li type=Disc>b</ol>", &["1.", "•"]);
}

#[test]
fn a_list_without_marks_takes_those_that_were_typed() {
    check(
        "<ol style='list-style-type:none'><li>(a) x<br>y<li><b>(b)</b> z</ol>",
        40,
        "  (a)  x\n       y\n  (b)  z",
    );
    check_list(
        "<ul style='list-style: none'><li>4. x<li>5. y</ul>",
        4,
        &["4.", "5."],
        &["x", "y"],
    );
    check_markers(
        "<ol style='list-style:none'><li>x<li>2. y</ol>",
        &["1.", "2."],
    );
    check_markers(
        "<ol style='list-style:none'><li>1. x<li>3. y</ol>",
        &["1.", "2."],
    );
}

#[test]
fn a_list_out_of_a_law_has_the_numbers_that_were_typed() {
    check(
        "<ol class='legislative-list'><li>(1) x<ol class='legislative-list'><li>1.1 y<li>1A. z</ol><li>(2) w</ol>",
        40,
        "  (1)  x\n         1.1 y\n         1A. z\n  (2)  w",
    );
}

#[test]
fn an_item_without_a_box_has_no_number_and_one_without_ink_has() {
    check_markers(
        "<ol><li>a<li hidden>b<li style='display:none'>c<li>d</ol>",
        &["1.", "2."],
    );
    check_markers(
        "<ol reversed><li>a<li style='visibility:hidden'>b<li>c<li hidden>d</ol>",
        &["3.", "1."],
    );
}

#[test]
fn items_in_boxes_inside_items_are_counted_by_their_list() {
    check(
        "<ol><li>a<section><li>b<li>c</section><li>d</ol>",
        40,
        "  1.  a\n      2.  b\n      3.  c\n  4.  d",
    );
    check(
        "<ol type=a><blockquote><li>a</blockquote><li>b<table><tr><td>x<td><li>c</table></ol>",
        40,
        "  a.  a\n\n  b.  b\n\n      x\n      c.  c",
    );
    check(
        "<ol><li>a<ul><li>b<section><li>c</section></ul><li>d</ol>",
        40,
        "  1.  a\n      •  b\n         •  c\n  2.  d",
    );
}

#[test]
fn a_quote_at_the_start_of_an_item_stands_beside_its_marker() {
    check(
        "<ol><li><blockquote>a<p>b</blockquote><li><dl><dt>c<dd>d</dl></ol>",
        40,
        "  1.  ▏ a\n      ▏\n      ▏ b\n  2.  c\n        d",
    );
}

#[test]
fn a_quote_has_its_marker_above_it_where_there_is_no_room() {
    check(
        "<ol type=i start=2888><li><blockquote>a</blockquote></ol>",
        20,
        "mmdccclxxxviii.\n  ▏ a",
    );
}

#[test]
fn a_type_with_a_blank_is_none() {
    check_markers("<ol type=' a'><li>a<li type='i '>b</ol>", &["1.", "2."]);
}

#[test]
fn links_around_items_keep_their_numbers() {
    let html = "<ul><a href=/1><li>u1</li></a><li>u2</li></ul>";
    check(html, 40, "  •  u1[1]\n  •  u2");
    assert_eq!(set(html, 40).links[0].text, "u1");
    check(
        "<ol><a href=/1><li>a</li></a><a href=/2><div><li>b</li></div></a></ol>",
        40,
        "  1.  a[1]\n  2.  b[2]",
    );
}

#[test]
fn a_list_before_the_first_item_takes_no_blank_rows() {
    check(
        "<p>x</p><ol><ol><li>b</li></ol><li>c</li></ol>",
        40,
        "x\n\n      1.  b\n  1.  c",
    );
    let rendered = set("<ul><ol><li>b</ol><li>c</ul>", 40);
    assert!(!rendered.lines[0].text().is_empty());
}

#[test]
fn letters_and_numerals_are_aligned_at_their_points() {
    check(
        "<ol type=i><li>a<li>b<li>c</ol>",
        40,
        "    i.  a\n   ii.  b\n  iii.  c",
    );
}

#[test]
fn items_hang_under_their_text() {
    check(
        "<ol><li>Shared platforms. Build once, use everywhere<li>Data</ol>",
        30,
        "
  1.  Shared platforms. Build
      once, use everywhere
  2.  Data",
    );
}

#[test]
fn an_empty_item_keeps_its_number() {
    check("<ol><li>a<li><li>c</ol>", 40, "  1.  a\n  2.\n  3.  c");
    check_list("<ol><li>a<li></ol>", 1, &["1.", "2."], &["a", ""]);
}

#[test]
fn nested_lists_stand_under_their_parents_text() {
    check(
        "<ol><li>a<ol type=a><li>b<ol type=i><li>c<li>d</ol></ol><li>e</ol>",
        40,
        "
  1.  a
      a.  b
           i.  c
          ii.  d
  2.  e",
    );
    check(
        "<ul><li>a<ol><li>b</ol><li>c<ul><li>d</ul></ul>",
        40,
        "
  •  a
     1.  b
  •  c
     •  d",
    );
}

#[test]
fn a_list_at_the_start_of_an_item_leaves_the_marker_its_line() {
    check("<ol><li><ol><li>a</ol></ol>", 40, "  1.\n      1.  a");
}

#[test]
fn lists_stand_in_quotes_and_cells() {
    check(
        "<blockquote><ol start=3><li>a</ol></blockquote>",
        40,
        "  ▏ 3.  a",
    );
    check(
        "<table><tr><th>x<th>y<tr><td><ol><li value=4>a</ol><td><blockquote>b<ol><li value=2>c</ol></blockquote></table>",
        40,
        "
  x      y
  ──────────────
  4.  a  ▏ b
         ▏
         ▏ 2.  c",
    );
}

#[test]
fn lists_side_by_side_are_parted() {
    check("<ol><li>a</ol><ol><li>b</ol>", 40, "  1.  a\n\n  1.  b");
}

#[test]
fn a_list_directly_in_a_list_belongs_to_the_item_before() {
    check("<ul><li>a<ul><li>b</ul></ul>", 40, "  •  a\n     •  b");
    check("<ul><li>a</li><ul><li>b</ul></ul>", 40, "  •  a\n     •  b");
    check(
        "<ol><li>a</li><ol><li>b</ol><li>c</ol>",
        40,
        "  1.  a\n      1.  b\n  2.  c",
    );
}

#[test]
fn what_stands_between_items_stays() {
    check(
        "<ol>stray<li>a</li><p>p</p><div><li>b</div></ol>",
        40,
        "      stray\n  1.  a\n      p\n  2.  b",
    );
}

#[test]
fn items_without_a_list_are_one() {
    check("<li>a<li>b", 40, "  •  a\n  •  b");
}

#[test]
fn an_item_of_several_paragraphs_is_set_apart() {
    check(
        "<ol><li><p>a</p><p>b</p><li>c</ol>",
        40,
        "  1.  a\n\n      b\n\n  2.  c",
    );
    check("<ol><li><p>a</p><li><p>b</p></ol>", 40, "  1.  a\n  2.  b");
}

#[test]
fn the_list_map_leaves_out_markers_links_numbers_and_nested_lists() {
    check_list(
        "<ol start=3><li>a <a href=/x>b</a><ul><li>n</ul>c<li>d</ol>",
        3,
        &["3.", "4."],
        &["a b c", "d"],
    );
}

#[test]
fn typed_lists_keep_their_markers() {
    for (html, expected) in [
        ("<p>1. a<p>2. b", "  1.  a\n  2.  b"),
        ("<p>3) a<p>4) b", "  3)  a\n  4)  b"),
        ("<p>(1) a<p>(2) b", "  (1)  a\n  (2)  b"),
        ("<p>a) a<p>b) b", "  a)  a\n  b)  b"),
        ("<p>(a) a<p>(b) b", "  (a)  a\n  (b)  b"),
        ("<p>i. a<p>ii. b", "   i.  a\n  ii.  b"),
        ("<p>(i) a<p>(ii) b", "   (i)  a\n  (ii)  b"),
        ("<p>9. a<p>10. b", "   9.  a\n  10.  b"),
        ("1. a<br>2. b<br>3. c", "  1.  a\n  2.  b\n  3.  c"),
        ("<p><b>1.</b> a<p><b>2.</b> b", "  1.  a\n  2.  b"),
        ("<p><b>1. a</b> x<p><b>2. b</b> y", "  1.  a x\n  2.  b y"),
        ("<p>1.&nbsp;a<p>2.&nbsp;b", "  1.  a\n  2.  b"),
        ("<p>1.&emsp;a<p>2.&thinsp;b", "  1.  a\n  2.  b"),
        ("<pre>1. a\n2. b</pre>", "  1.  a\n  2.  b"),
        ("<li>1. a<br>2. b", "  •\n     1.  a\n     2.  b"),
    ] {
        check(html, 40, expected);
    }
}

#[test]
fn lines_around_a_typed_list_stay_paragraphs() {
    check(
        "<p>The pillars:<br>1. a<br>2. b<br>That is all.<p>End",
        40,
        "The pillars:\n\n  1.  a\n  2.  b\n\nThat is all.\n\nEnd",
    );
}

#[test]
fn a_paragraph_of_an_item_keeps_its_lines() {
    check("<p>1. a<br>more<p>2. b", 40, "  1.  a\n      more\n  2.  b");
}

#[test]
fn what_only_looks_like_a_list_stays_text() {
    for (html, expected) in [
        ("<p>2. a", "2. a"),
        ("<p>2017. a<p>2018. b", "2017. a\n\n2018. b"),
        ("<p>2017.<p>2018.", "2017.\n\n2018."),
        ("<p>A. Smith<br>B. Jones", "A. Smith\nB. Jones"),
        ("<p>1. a<p>between<p>2. b", "1. a\n\nbetween\n\n2. b"),
        ("<p>1. a<p>3. b", "1. a\n\n3. b"),
        ("<p>1. a<p>2) b", "1. a\n\n2) b"),
        ("<p>1.5 million<p>2.5 million", "1.5 million\n\n2.5 million"),
        ("<p>1.a<p>2.b", "1.a\n\n2.b"),
        ("<pre><code>1. a\n2. b</code></pre>", "  1. a\n  2. b"),
    ] {
        check(html, 40, expected);
    }
}

#[test]
fn the_sequence_tells_letters_from_numerals() {
    check_list("<p>(c) a<p>(d) b", 3, &["(c)", "(d)"], &["a", "b"]);
    check_list(
        "<p>(h) a<p>(i) b<p>(j) c",
        8,
        &["(h)", "(i)", "(j)"],
        &["a", "b", "c"],
    );
    check_list("<p>(i) a<p>(ii) b", 1, &["(i)", "(ii)"], &["a", "b"]);
    check_list("<p>(i) a<p>(j) b", 9, &["(i)", "(j)"], &["a", "b"]);
    check_list("<p>(v) a<p>(vi) b", 5, &["(v)", "(vi)"], &["a", "b"]);
}

#[test]
fn typed_lists_hold_typed_lists() {
    let expected = "
  1.  one
      (a)  sub a
      (b)  sub b
  2.  two
  3.  three";
    check(
        "<p>1. one<br>(a) sub a<br>(b) sub b<br>2. two<br>3. three",
        40,
        expected,
    );
    check(
        "<p>1. one<p>(a) sub a<p>(b) sub b<p>2. two<p>3. three",
        40,
        expected,
    );
    check(
        "<p>1. one<br>a) x<br>i. p<br>ii. q<br>b) y<br>2. two<br>a) z<br>b) w<p>End",
        40,
        "
  1.  one
      a)  x
           i.  p
          ii.  q
      b)  y
  2.  two
      a)  z
      b)  w

End",
    );
}

#[test]
fn a_run_that_is_no_inner_one_is_a_list_of_its_own() {
    // It doesn't begin at its first.
    check(
        "1. one<br>(b) x<br>(c) y<br>2. two",
        40,
        "1. one\n\n  (b)  x\n  (c)  y\n\n2. two",
    );
    // The outer one doesn't go on.
    check(
        "1. one<br>(a) x<br>(b) y<br>text",
        40,
        "1. one\n\n  (a)  x\n  (b)  y\n\ntext",
    );
    // A lone marker is text.
    check("1. one<br>(a) x<br>2. two", 40, "1. one\n(a) x\n2. two");
}

#[test]
fn the_reading_that_keeps_sequences_longest_is_taken() {
    check(
        "(h) a<br>(i) b<br>(ii) c<br>(i) d",
        40,
        "  (h)  a\n        (i)  b\n       (ii)  c\n  (i)  d",
    );
    check(
        "(h) a<br>(i) b<br>(ii) c<br>(iii) d",
        40,
        "(h) a\n\n    (i)  b\n   (ii)  c\n  (iii)  d",
    );
    check(
        "(u) a<br>(i) b<br>(ii) c<br>(iii) d<br>(iv) e<br>(v) f<br>(w) g",
        40,
        "
  (u)  a
         (i)  b
        (ii)  c
       (iii)  d
        (iv)  e
  (v)  f
  (w)  g",
    );
}

#[test]
fn text_without_tags_keeps_its_lines_and_lists() {
    check(
        "Intro &amp; more\nsecond line\n\n  1. a is long enough to\n     go on\n  2. b\n\nEnd",
        40,
        "Intro & more second line\n\n  1.  a is long enough to go on\n  2.  b\n\nEnd",
    );
    check("1. a\n\n2. b", 40, "  1.  a\n  2.  b");
    check(
        "1. a\n   (a) x\n   (b) y\n2. b",
        40,
        "  1.  a\n      (a)  x\n      (b)  y\n  2.  b",
    );
}

#[test]
fn lines_that_follow_one_another_without_tags_are_one_paragraph() {
    check(
        "A text that was\nbroken by hand\nin\n2019. It goes on.\n\nAnother.",
        60,
        "A text that was broken by hand in 2019. It goes on.\n\nAnother.",
    );
    check(
        "Intro\n1. a\nb\n\n2. c\nd\n\nEnd",
        60,
        "Intro\n1. a b\n\n2. c d\n\nEnd",
    );
    check("1. a\nb\n\n2. c\nd", 60, "  1.  a b\n  2.  c d");
}

#[test]
fn signs_typed_by_hand_make_a_list_without_numbers() {
    check(
        "Intro\n- a is long enough to\n  go on\n- b\nEnd",
        20,
        "Intro\n\n  -  a is long\n     enough to go on\n  -  b\n\nEnd",
    );
    check(
        "<p>Intro<br>•&nbsp;a<br>• b<p>* c<p>* d",
        40,
        "Intro\n\n  •  a\n  •  b\n\n  *  c\n  *  d",
    );
    check(
        "1. one\n   - a\n   - b\n2. two",
        40,
        "  1.  one\n      -  a\n      -  b\n  2.  two",
    );
    assert!(set("- a\n- b", 40).lists.is_empty());
    for (html, expected) in [
        ("<p>- a", "- a"),
        ("<p>- a<p>b<p>- c", "- a\n\nb\n\n- c"),
        ("<p>-1<p>-2", "-1\n\n-2"),
        ("<p>*a*<br>*b*", "*a*\n*b*"),
        ("<pre>key:\n - a\n - b</pre>", "  key:\n   - a\n   - b"),
    ] {
        check(html, 40, expected);
    }
}
