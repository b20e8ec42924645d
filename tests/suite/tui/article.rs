//! Reading one article, and taking something out of it: links,
//! headings, facts, copies and files.

use gazette::tui::effect::Effect;

use super::driver::{Cache, Driver};
use super::feeds::{article, feed};

/// Returns a cache with one article of this text.
fn one(html: &str) -> Cache {
    let one = article("one", "Press release: One story", 5, html);
    Cache::new("").section("News", &[feed("Wire", &[one])])
}

/// Opens an article with so many links.
fn with_links(count: usize) -> Driver {
    let links: String = (1..=count)
        .map(|n| format!("<p>See <a href=\"https://gov.example/{n}\">page number {n}</a>.</p>"))
        .collect();
    let mut driver = one(&links).open(80, 40);
    driver.press("<enter>");
    driver
}

fn opened(address: &str) -> Effect {
    Effect::Open(address.to_owned())
}

fn copied(text: &str) -> Effect {
    Effect::Copy(text.to_owned())
}

#[test]
fn a_digit_waits_where_a_longer_number_begins_with_it() {
    let mut driver = with_links(12);
    driver.press("1");
    assert_eq!(driver.outside, []);
    assert!(
        driver
            .foot()
            .contains("Link 1_ · Enter opens 1, or type a second digit · Esc"),
        "{}",
        driver.foot()
    );
    driver.press("2");
    assert_eq!(driver.outside, [opened("https://gov.example/12")]);
    driver.press("1<enter>");
    assert_eq!(driver.outside[1], opened("https://gov.example/1"));
    driver.press("1<esc>");
    assert_eq!(driver.outside.len(), 2);
    assert!(!driver.foot().contains("Link 1"), "{}", driver.foot());
}

#[test]
fn a_digit_opens_its_link_at_once_where_no_longer_number_begins_with_it() {
    let mut driver = with_links(5);
    driver.press("3");
    assert_eq!(driver.outside, [opened("https://gov.example/3")]);
    assert!(
        driver.foot().contains("Opening gov.example/3"),
        "{}",
        driver.foot()
    );
    driver.press("9");
    assert_eq!(driver.outside.len(), 1);
}

#[test]
fn only_web_and_mail_links_have_numbers() {
    let mut driver = one(
        "<p><a href=\"https://a.example/\">web</a> <a href=\"http://b.example/\">old web</a> \
         <a href=\"mailto:c@d.example\">mail</a> <a href=\"ftp://e.example/\">files</a> \
         <a href=\"javascript:alert(1)\">script</a> <a href=\"file:///etc/passwd\">local</a> \
         <a href=\"tel:+441234\">phone</a> <a href=\"data:text/html,x\">inline</a></p>",
    )
    .open(80, 24);
    driver.press("<enter>");
    let frame = driver.frame();
    assert!(
        frame.contains("web[1] old web[2] mail[3] files script local phone inline"),
        "{frame}"
    );
    driver.press("123");
    let addresses = [
        "https://a.example/",
        "http://b.example/",
        "mailto:c@d.example",
    ];
    assert_eq!(driver.outside, addresses.map(opened));
    for key in ["4", "5", "6", "7", "8"] {
        driver.press(key);
    }
    assert_eq!(driver.outside.len(), 3);
}

#[test]
fn an_address_is_shown_and_copied_where_no_browser_can_run() {
    let mut driver = one("<p>Words.</p>").open(80, 24).without_browser();
    driver.press("o");
    assert_eq!(driver.outside, [copied("https://news.example/one")]);
    assert!(
        driver.foot().contains("Address copied: news.example/one"),
        "{}",
        driver.foot()
    );
}

#[test]
fn the_browser_opens_the_page_and_that_reads_the_article() {
    let mut driver = one("<p>Words.</p>").open(80, 24);
    driver.press("o");
    assert_eq!(driver.outside, [opened("https://news.example/one")]);
    assert!(driver.state().list.rows[0].read);
}

#[test]
fn y_and_a_second_key_copy_what_they_say() {
    let mut driver = one("<p>First words.</p><p>Second words.</p>").open(80, 24);
    driver.press("<enter>y");
    let foot = driver.foot();
    assert!(
        foot.contains("y address   t title and address   m Markdown   c citation   q paragraph"),
        "{foot}"
    );
    driver.press("y");
    assert!(
        driver.foot().contains("Address copied: news.example/one"),
        "{}",
        driver.foot()
    );
    driver.press("ytymycyq");
    let texts = [
        "https://news.example/one",
        "One story\nhttps://news.example/one",
        "[One story](https://news.example/one)",
    ];
    assert_eq!(driver.outside[..3], texts.map(copied));
    let Effect::Copy(citation) = &driver.outside[3] else {
        panic!("{:?}", driver.outside);
    };
    for part in [
        "One story",
        "Wire",
        "24 November 2026",
        "https://news.example/one",
    ] {
        assert!(citation.contains(part), "{citation}");
    }
    assert_eq!(driver.outside[4], copied("One story"));
    driver.press("yz");
    assert!(
        driver.foot().contains("y z is not a key here · ? all keys"),
        "{}",
        driver.foot()
    );
    driver.press("y<esc>");
    assert_eq!(driver.outside.len(), 5);
}

#[test]
fn the_paragraph_at_the_top_of_the_screen_is_copied_whole() {
    let long = "many words that take several lines ".repeat(30);
    let mut driver = one(&format!("<p>{long}</p><p>{long}</p>")).open(80, 24);
    driver.press("<enter>G").press("yq");
    assert_eq!(driver.outside, [copied(long.trim_end())]);
}

#[test]
fn an_article_is_written_to_a_file_under_the_name_that_is_typed() {
    let mut driver = one("<p>Some <b>strong</b> words.</p>").open(100, 24);
    driver.press("w");
    assert!(
        driver.foot().contains("Write to: one-story.md"),
        "{}",
        driver.foot()
    );
    let path = driver.folder().join("kept.md");
    let name = path.display().to_string();
    driver.press("<ctrl-u>").press(&name).press("<enter>");
    assert!(driver.foot().contains("Written: "), "{}", driver.foot());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("One story") && text.contains("Some **strong** words."),
        "{text}"
    );
    // A file that is there stays.
    std::fs::write(&path, "mine").unwrap();
    driver.press("w<ctrl-u>").press(&name).press("<enter>");
    assert!(driver.foot().contains("! "), "{}", driver.foot());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_file_with_another_ending_is_not_written() {
    let mut driver = one("<p>Words.</p>").open(80, 24);
    driver.press("w<ctrl-u>story.exe<enter>");
    driver.press("<ctrl-g>");
    assert_eq!(
        driver.state().notice.as_ref().unwrap().text,
        "A name that ends in .md, .txt or .html, please"
    );
}

#[test]
fn links_are_listed_narrowed_and_opened() {
    let mut driver = with_links(12);
    driver.press("L");
    let frame = driver.frame();
    assert!(frame.contains("12  page number 12"), "{frame}");
    assert!(frame.contains("gov.example/12"), "{frame}");
    driver.press("number 7<enter>");
    assert_eq!(driver.outside, [opened("https://gov.example/7")]);
    driver.press("L<down><down><enter>");
    assert_eq!(driver.outside[1], opened("https://gov.example/3"));
    let before = driver.frame();
    assert_eq!(driver.press("L<ctrl-g>").frame(), before);
}

/// Opens an article with three headings, a screen apart.
fn with_headings() -> Driver {
    let part = |n| format!("<h2>Part {n}</h2>{}", "<p>Words.</p>".repeat(20));
    let mut driver = one(&(1..=3).map(part).collect::<String>()).open(80, 24);
    driver.press("<enter>");
    driver
}

#[test]
fn headings_are_gone_to() {
    let mut driver = with_headings();
    driver.press("}");
    assert!(driver.lines()[1].contains("Part 1"), "{}", driver.frame());
    driver.press("}");
    assert!(driver.lines()[1].contains("Part 2"), "{}", driver.frame());
    driver.press("{");
    assert!(driver.lines()[1].contains("Part 1"), "{}", driver.frame());
    driver.press("T");
    assert!(driver.frame().contains("Part 3"), "{}", driver.frame());
    driver.press("2<enter>");
    assert!(driver.lines()[1].contains("Part 2"), "{}", driver.frame());
}

#[test]
fn facts_are_listed() {
    let mut driver = one("<p>Two words.</p>").open(80, 24);
    let before = driver.frame();
    let frame = driver.press("i").frame();
    for (name, value) in [
        ("Feed", "Wire"),
        ("Section", "News"),
        ("Address", "https://news.example/one"),
        ("Published", "24 November 2026, 10:15"),
        ("Guid", "one"),
        ("Earlier versions", "0"),
    ] {
        let line = frame
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{name} ")));
        assert!(
            line.is_some_and(|line| line.ends_with(value)),
            "{name}: {frame}"
        );
    }
    assert_eq!(driver.press("q").frame(), before);
}

#[test]
fn lines_become_narrower_and_wider() {
    let mut driver = one(&format!("<p>{}</p>", "word ".repeat(100))).open(120, 40);
    driver.press("<enter>z");
    let width = |driver: &Driver| {
        driver
            .lines()
            .iter()
            .map(|line| line.trim().len())
            .filter(|width| *width < 110)
            .max()
    };
    let before = width(&driver);
    driver.press("<<<<<");
    assert!(width(&driver) < before, "{}", driver.frame());
    driver.press(">>>>>");
    assert_eq!(width(&driver), before, "{}", driver.frame());
}
