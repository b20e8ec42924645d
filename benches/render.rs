//! How long an article takes from HTML to lines, by steps and by length.

use std::hint::black_box;

use divan::Bencher;
use gazette::html::{parse, plain_text, render, sanitise, standfirst};

/// The lengths of the articles, in words.
const WORDS: [usize; 2] = [2_000, 10_000];

fn main() {
    divan::main();
}

/// Makes an article of paragraphs, headings, lists, quotes, links and a table.
fn article(words: usize) -> String {
    let sentence = "Departments that build their own <em>sign-in</em>, payment or notice service \
        will have to explain why, under a <a href=\"https://gov.example/plan\">plan</a> laid \
        before Parliament this morning at a cost of £450 million.";
    let part = format!(
        "<h2>The five pillars</h2><p>{sentence} {sentence} {sentence}</p>\
         <ol><li>{sentence}</li><li>{sentence}<ul><li>Nested one</li></ul></li></ol>\
         <blockquote><p>{sentence}</p></blockquote>\
         <table><tr><th>Pillar</th><th>Cost</th></tr><tr><td>Data</td><td>35.2</td></tr></table>"
    );
    let per_part = plain_text(&part).split_whitespace().count();
    part.repeat(words / per_part)
}

#[divan::bench(args = WORDS)]
fn html_to_document(bencher: Bencher, words: usize) {
    let html = article(words);
    bencher.bench(|| parse(black_box(&html), None));
}

#[divan::bench(args = WORDS)]
fn document_to_lines(bencher: Bencher, words: usize) {
    let document = parse(&article(words), None);
    bencher.bench(|| render(black_box(&document), 76));
}

#[divan::bench(args = WORDS)]
fn html_to_plain_text(bencher: Bencher, words: usize) {
    let html = article(words);
    bencher
        .counter(divan::counter::BytesCount::of_str(html.as_str()))
        .bench(|| plain_text(black_box(&html)));
}

#[divan::bench(args = WORDS)]
fn html_to_safe_html(bencher: Bencher, words: usize) {
    let html = article(words);
    bencher.bench(|| sanitise(black_box(&html), None));
}

#[divan::bench(args = WORDS)]
fn html_to_standfirst(bencher: Bencher, words: usize) {
    let html = article(words);
    bencher.bench(|| standfirst(black_box(&html), 200));
}
