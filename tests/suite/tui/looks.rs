//! What the screen looks like, counted from drawn cells.

use gazette::tui::palette::{Depth, Palette, contrast, rgb_of};
use gazette::tui::symbols::ASCII;
use gazette::tui::theme::{Ground, Theme};
use gazette::tui::view::Look;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::driver::{Cache, Driver, painted};
use super::feeds::{article, feed, many, rewrite};

/// Returns a look without colours.
pub fn mono() -> Look {
    Look {
        theme: Theme::new(Palette::Dark, Depth::Mono, Ground::Unknown),
        ..painted(Palette::Dark, Depth::Mono)
    }
}

/// Returns whether any cell has a colour.
pub fn has_colour(buffer: &Buffer) -> bool {
    let is_coloured = |cell: &Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    buffer.content.iter().any(is_coloured)
}

/// Opens a section with a failing feed, starred, read and unread articles.
fn of_all_kinds() -> Driver {
    let other = article("b1", "Title b1", 15, "<p>Words.</p>");
    let mut driver = Cache::new("[general]\nrefresh = \"manual\"\n")
        .section(
            "News",
            &[feed("Wire", &many("a", 6)), feed("Other", &[other])],
        )
        .open(120, 40);
    rewrite(&driver, 1, "this is no feed");
    driver.press("jsjmjsmRR<esc>kkkhxl");
    driver
}

/// Returns the cells of the first row that has these words, from the first of them on.
fn cells(driver: &Driver, words: &str) -> Vec<Cell> {
    let (buffer, _) = driver.drawn();
    let lines = driver.lines();
    let y = lines.iter().position(|line| line.contains(words)).unwrap();
    let before = lines[y].split(words).next().unwrap().chars().count();
    let row = y * usize::from(buffer.area.width);
    buffer.content[row + before..row + before + words.chars().count()].to_vec()
}

#[test]
fn without_colours_no_cell_has_one_and_every_state_can_be_told() {
    let mut driver = of_all_kinds();
    driver.look = mono();
    assert!(!has_colour(&driver.drawn().0));
    let weight = |words| cells(&driver, words)[0].modifier;
    // The selected row is reversed, unread titles are bold, and the rest have their marks.
    assert!(weight("▌●  Title a1").contains(Modifier::REVERSED));
    assert!(weight("Title a2").intersection(Modifier::BOLD).is_empty());
    assert!(weight("Title a6").contains(Modifier::BOLD));
    let frame = driver.frame();
    assert!(frame.contains(" ●★ Title b1"), "{frame}");
    assert!(frame.contains("    Title a2"), "{frame}");
    assert!(frame.contains("  ★ Title a3"), "{frame}");
    assert!(frame.contains("     ! Other"), "{frame}");
    assert!(driver.foot().contains("1 feed failing"), "{frame}");
    for keys in ["<enter>", "L", "<esc>?", "<esc>i", "<esc>y"] {
        driver.press(keys);
        assert!(!has_colour(&driver.drawn().0), "{keys}");
    }
}

#[test]
fn every_cell_can_be_read_in_every_painted_theme() {
    let mut drivers = [Driver::demo(200, 50), Driver::demo(120, 40), of_all_kinds()];
    for palette in [Palette::Dark, Palette::Light] {
        for depth in [Depth::TrueColour, Depth::Indexed256, Depth::Ansi16] {
            for driver in &mut drivers {
                driver.look = painted(palette, depth);
                for keys in [
                    "", "<enter>", "<space>", "<space>", "J", "J", "?", "<esc>i", "<esc>qq",
                ] {
                    driver.press(keys);
                    check(&driver.drawn().0, &format!("{palette:?} {depth:?} {keys}"));
                }
                driver.press("lgg");
            }
        }
    }
}

/// Checks each cell that shows anything.
#[track_caller]
fn check(buffer: &Buffer, what: &str) {
    for cell in buffer.content.iter().filter(|cell| cell.symbol() != " ") {
        let is_reversed = cell.modifier.contains(Modifier::REVERSED);
        assert!(
            !is_reversed,
            "{what}: colours are painted, not reversed: {cell:?}"
        );
        assert!(
            !cell
                .modifier
                .intersects(Modifier::DIM | Modifier::SLOW_BLINK | Modifier::RAPID_BLINK)
        );
        let colours = rgb_of(cell.fg).zip(rgb_of(cell.bg));
        let (fg, bg) = colours.unwrap_or_else(|| panic!("{what}: no painted colour: {cell:?}"));
        let is_rule = matches!(cell.symbol(), "│" | "─");
        let least = if is_rule { 3.0 } else { 4.5 };
        let ratio = contrast(fg, bg);
        assert!(ratio >= least, "{what}: {ratio:.2} in {cell:?}");
    }
}

#[test]
fn with_ascii_symbols_nothing_else_appears_but_the_articles_words() {
    let html = "<h2>Part</h2><p>Words and a <a href=\"https://a.example/\">link</a>.</p>\
        <ul><li>One<ul><li>Two</li></ul></li></ul><blockquote>Quoted words.</blockquote><hr>\
        <table><tr><th>Name</th><th>Sum</th></tr><tr><td>A</td><td>1</td></tr></table>\
        <pre>code that is much longer than the measure of the text, so that it has to go on in \
        the next line</pre><p><img src=\"https://a.example/i.png\" alt=\"Words\"></p>";
    let mut articles = vec![article(
        "one",
        "Press release: A title of so many words that it has to be cut somewhere in the list, or not",
        5,
        html,
    )];
    articles.extend(many("a", 40));
    for (columns, rows) in super::shape::SIZES {
        let mut driver = Cache::new("[general]\nrefresh = \"manual\"\n")
            .offline()
            .section(
                "News",
                &[feed("Wire", &articles), feed("Other", &many("b", 1))],
            )
            .open(columns, rows);
        driver.look.symbols = ASCII;
        for keys in [
            "",
            "s",
            "<enter>",
            "<space>",
            "y",
            "<esc>L",
            "<esc>T",
            "<esc>i",
            "<esc>w",
            "<esc>?",
            "<esc>q",
            "A",
            "u",
            "d",
            "R",
            "hx",
            "l,of",
            "<esc>fsfc",
            "f",
        ] {
            let frame = driver.press(keys).frame();
            assert!(frame.is_ascii(), "{keys}\n{frame}");
        }
        assert!(!driver.resize(20, 5).frame().is_empty());
        assert!(driver.frame().is_ascii());
    }
}
