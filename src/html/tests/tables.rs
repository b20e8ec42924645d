//! Tables: headers, records, and cells of several lines.

use super::{check, set, text};

#[test]
fn no_name_of_a_column_is_lost_in_records() {
    check(
        "<table><tr><th>Alpha<th>Bravo<th>Charlie</tr><tr><td>lengthy words that make it wide enough for records<td><td>lengthy words that make it wide enough for records</tr></table>",
        40,
        "
  Alpha: lengthy words that make it wide
  enough for records
  Bravo:
  Charlie: lengthy words that make it
  wide enough for records",
    );
    check(
        "<table><tr><th>Alpha<th>Bravo<th>Charlie</tr><tr><td>lengthy words that make it wide</tr><tr><td>more<td>here</table>",
        40,
        "
  Alpha: lengthy words that make it wide
  Charlie:

  Alpha: more
  Bravo: here",
    );
    check(
        "<table><tr><th>Alpha<th>Bravo</tr><tr><td colspan=2>lengthy words that make it wide enough for records</tr></table>",
        40,
        "
  Alpha: lengthy words that make it wide
  enough for records
  Bravo:",
    );
}

#[test]
fn a_first_row_of_headers_and_empty_cells_is_the_header() {
    check(
        "<table><tr><td></td><th>Bravo</th><th>Charlie</th></tr><tr><th>x<td>1<td>22</table>",
        40,
        "
     Bravo  Charlie
  ─────────────────
  x      1       22",
    );
    check(
        "<table><tr><th>Alpha<th>Bravo<td>Charlie<tr><td>a<td>b<td>3</table>",
        40,
        "
  Alpha  Bravo  Charlie
  ─────────────────────
  a      b            3",
    );
}

#[test]
fn names_of_rows_are_no_header() {
    check(
        "<table><tr><th>Name<td><tr><th>Age<td>5</table>",
        40,
        "  Name\n  Age   5",
    );
    check(
        "<table><tr><th>a<th>b<td>1<tr><th>c<th>d<td>2</table>",
        40,
        "  a  b  1\n  c  d  2",
    );
}

#[test]
fn links_of_a_header_have_their_numbers_once() {
    let html = "<table><tr><th><a href=/a>Alpha</a><th colspan=2><a href=/b>Bravo</a><img src=/c.png alt=pic></tr><tr><td>lengthy words that make it wide<td>b<td>c</tr><tr><td>one<td>two<td>three</table>";
    let lines = text(&set(html, 40));
    for number in ["[1]", "[2]", "[3]"] {
        assert_eq!(lines.matches(number).count(), 1, "{number} in {lines}");
    }
    check(
        "<table><tr><th><a href=/a>Alpha</a><th>Bravo</tr><tr><td>lengthy words that make it wide<td>b</tr><tr><td>one<td>two or more</table>",
        40,
        "
  Alpha[1]: lengthy words that make it
  wide
  Bravo: b

  Alpha: one
  Bravo: two or more",
    );
}

#[test]
fn a_list_in_a_header_cell_keeps_its_words() {
    check(
        "<table><tr><th>Alpha<th><ul><li>Bravo<li>Charlie</ul></tr><tr><td>lengthy words that make it wide<td>b</tr></table>",
        40,
        "
  Alpha: lengthy words that make it wide
  Bravo Charlie: b",
    );
}

#[test]
fn cells_of_several_lines_stand_side_by_side() {
    check(
        "<table><tr><th>x<th>Sum<br>£m<th>y<tr><td><p>a</p><p>b</p><td>12<td><ul><li>c<li>dd</ul><tr><td>e<td>3<td>f</table>",
        40,
        "
  x  Sum  y
      £m
  ─────────────
  a   12  •  c
          •  dd
  b
  e    3  f",
    );
}

#[test]
fn cells_that_are_wide_and_tall_push_no_row_further_and_further() {
    let row = "<tr><td colspan=1000 rowspan=65534>a<td>b";
    let html = format!("<table><caption>c</caption>{}</table>", row.repeat(900));
    let document = crate::html::parse(&html, None);
    let tables = document.blocks.iter().filter_map(|block| match block {
        crate::model::document::Block::Table(table) => Some(table),
        _ => None,
    });
    let columns: Vec<usize> = tables.map(|table| table.columns).collect();
    assert!(columns.len() == 1 && columns[0] < 1000, "{columns:?}");
}

#[test]
fn a_foot_is_no_header_and_stays_where_it_is() {
    check(
        "<table><thead><tr><th>x<th>y</thead><tfoot><tr><th>All<th>3</tfoot><tbody><tr><td>a<td>1<tr><td>b<td>2</table>",
        40,
        "
  x    y
  ──────
  All  3
  a    1
  b    2",
    );
}
