use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::backend::Backend as _;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier, Style};

use super::{Backend, Frames};

/// A terminal, the backend that draws to it, and what ratatui believes to be on it.
struct Stage {
    terminal: vt100::Parser,
    backend: Backend<Vec<u8>>,
    last: Buffer,
}

impl Stage {
    fn new(columns: u16, rows: u16) -> Self {
        let size = |n| NonZeroU16::new(n).unwrap();
        let mut backend = Backend::new(Vec::new(), Size::new(columns, rows));
        backend.flush().unwrap();
        let mut stage = Self {
            terminal: vt100::Parser::new(size(rows), size(columns), 0),
            backend,
            last: Buffer::empty(Rect::new(0, 0, columns, rows)),
        };
        stage.arrive();
        stage
    }

    /// Gives the terminal what was written, and returns it.
    fn arrive(&mut self) -> String {
        let bytes = std::mem::take(&mut self.backend.out);
        self.terminal.process(&bytes);
        String::from_utf8(bytes).unwrap()
    }

    /// Draws a frame, and returns what was written.
    fn draw(&mut self, next: Buffer) -> String {
        let updates = self.last.diff(&next);
        self.backend.draw(updates.into_iter()).unwrap();
        self.backend.flush().unwrap();
        self.last = next;
        self.arrive()
    }

    /// What the terminal shows otherwise than ratatui wants it.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let area = self.last.area;
        for y in 0..area.height {
            let mut x = 0;
            while x < area.width {
                let cell = &self.last[(x, y)];
                let shown = self.terminal.screen().cell(y, x).unwrap();
                let (wanted, shown) = (wanted(cell), shown_as(shown));
                if wanted != shown {
                    faults.push(format!("{x},{y}: wanted {wanted}, shown {shown}"));
                }
                x += ratatui::buffer::CellWidth::cell_width(cell).max(1);
            }
        }
        faults
    }

    #[track_caller]
    fn check(&mut self, next: Buffer, most_bytes: usize) {
        let written = self.draw(next);
        assert_eq!(self.faults(), Vec::<String>::new(), "{written:?}");
        assert!(
            written.len() <= most_bytes,
            "{} bytes: {written:?}",
            written.len()
        );
    }
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Red => vt100::Color::Idx(1),
        Color::Gray => vt100::Color::Idx(7),
        Color::White => vt100::Color::Idx(15),
        other => panic!("{other}: not used here"),
    }
}

/// Describes what is seen of a cell.
fn describe(text: &str, fg: vt100::Color, bg: vt100::Color, marks: [bool; 4]) -> String {
    let text = if text.is_empty() { " " } else { text };
    let [bold, italic, underlined, reversed] = marks;
    if text == " " && !underlined && !reversed {
        return format!("blank on {bg:?}");
    }
    if text == " " {
        return format!("blank {fg:?} on {bg:?} {underlined} {reversed}");
    }
    format!("{text} {fg:?} on {bg:?} {bold} {italic} {underlined} {reversed}")
}

fn wanted(cell: &ratatui::buffer::Cell) -> String {
    let marks = [
        Modifier::BOLD,
        Modifier::ITALIC,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
    ];
    let marks = marks.map(|mark| cell.modifier.contains(mark));
    describe(cell.symbol(), colour(cell.fg), colour(cell.bg), marks)
}

fn shown_as(cell: &vt100::Cell) -> String {
    let marks = [cell.bold(), cell.italic(), cell.underline(), cell.inverse()];
    describe(cell.contents(), cell.fgcolor(), cell.bgcolor(), marks)
}

fn style() -> impl Strategy<Value = Style> {
    let colours = || {
        prop_oneof![
            3 => Just(Color::Reset),
            1 => Just(Color::Red),
            1 => Just(Color::White),
            1 => Just(Color::Gray),
            1 => Just(Color::Indexed(234)),
            1 => Just(Color::Rgb(1, 22, 255)),
        ]
    };
    let modifiers = prop_oneof![
        2 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::BOLD | Modifier::ITALIC),
        1 => Just(Modifier::UNDERLINED),
        1 => Just(Modifier::REVERSED),
    ];
    (colours(), colours(), modifiers)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
}

/// Texts in places: what a frame shows.
type Texts = Vec<(u16, u16, String, Style)>;

fn texts() -> impl Strategy<Value = Texts> {
    let text = prop_oneof![
        2 => "[a-c ]{1,12}",
        1 => "[ ]{1,12}",
        1 => "(日|本|a|e\u{301}|●|ｱ){1,5}",
    ];
    proptest::collection::vec((0..14_u16, 0..4_u16, text, style()), 0..10)
}

fn buffer(texts: &Texts) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 14, 4));
    for (x, y, text, style) in texts {
        buffer.set_string(*x, *y, text, *style);
    }
    buffer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    /// The terminal shows what ratatui wants, whatever was on it before.
    #[test]
    fn what_is_wanted_is_shown(
        frames in proptest::collection::vec((texts(), 0..14_u16, 0..4_u16), 1..6),
    ) {
        let mut stage = Stage::new(14, 4);
        for (texts, x, y) in frames {
            stage.backend.set_cursor_position((x, y)).unwrap();
            let written = stage.draw(buffer(&texts));
            prop_assert_eq!(stage.faults(), Vec::<String>::new(), "{:?}", written);
            prop_assert_eq!(stage.terminal.screen().cursor_position(), (y, x));
            prop_assert_eq!(stage.draw(buffer(&texts)), "");
        }
    }
}

const INK: Color = Color::Rgb(0xd5, 0xd9, 0xde);
const DIM: Color = Color::Rgb(0x9a, 0xa2, 0xac);
const ACCENT: Color = Color::Rgb(0x82, 0xb6, 0xea);
const WHITE: Color = Color::Rgb(255, 255, 255);
const GROUND: Color = Color::Rgb(0x15, 0x18, 0x1c);
const SELECTED: Color = Color::Rgb(0x2b, 0x4a, 0x6b);

/// A list of 58 columns and 22 rows beside sections, as they stand at 80x24.
fn list(ground: Color, selected: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
    buffer.set_style(buffer.area, Style::new().fg(INK).bg(ground));
    for row in 0..22 {
        let y = row + 1;
        buffer.set_string(0, y, "  Latest news     9 │", Style::new().fg(DIM));
        let title = format!("Delayed digital plan asks departments, {row}");
        buffer.set_string(22, y, " ", Style::new());
        buffer.set_string(23, y, "●", Style::new().fg(ACCENT));
        let bold = Style::new().fg(WHITE).add_modifier(Modifier::BOLD);
        buffer.set_string(25, y, &title, bold);
        buffer.set_string(67, y, "GOV.UK", Style::new().fg(DIM));
        buffer.set_string(75, y, "09:14", Style::new().fg(DIM));
        if row == selected {
            buffer.set_string(22, y, "▌", Style::new());
            let area = Rect::new(22, y, 58, 1);
            buffer.set_style(area, Style::new().fg(WHITE).bg(SELECTED));
        }
    }
    buffer
}

#[test]
fn moving_a_selection_takes_few_bytes() {
    for ground in [GROUND, Color::Reset] {
        let mut stage = Stage::new(80, 24);
        stage.backend.set_frames(Frames::Synchronised);
        stage.backend.set_cursor_position((22, 4)).unwrap();
        stage.check(list(ground, 3), usize::MAX);
        stage.backend.set_cursor_position((22, 5)).unwrap();
        stage.check(list(ground, 4), 300);
    }
}

/// A page of prose in a pane of 58 columns beside a list.
fn prose(ground: Color, from: usize) -> Buffer {
    let words = "The delayed plan asks each department to build shared platforms once and to \
                 retire every copy within two years, or to say why it cannot be done";
    let words: Vec<_> = words.split(' ').collect();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    buffer.set_style(buffer.area, Style::new().fg(INK).bg(ground));
    let mut next = (from * 1000..).map(|n| words[(n * n * 31 + n * 7) % 8191 % words.len()]);
    for y in 1..39 {
        let mut line = String::new();
        while line.len() < 48 {
            line = format!("{line}{} ", next.next().unwrap());
        }
        buffer.set_string(62, y, &line, Style::new());
        buffer.set_string(0, y, "a list that stays │", Style::new().fg(DIM));
    }
    buffer
}

#[test]
fn a_page_of_prose_takes_hardly_more_than_its_letters() {
    for ground in [GROUND, Color::Reset] {
        let mut stage = Stage::new(120, 40);
        stage.backend.set_frames(Frames::Synchronised);
        stage.check(prose(ground, 0), usize::MAX);
        stage.check(prose(ground, 1), 2_700);
    }
}

#[test]
fn an_idle_screen_writes_nothing() {
    let mut stage = Stage::new(80, 24);
    stage.backend.set_frames(Frames::Synchronised);
    stage.check(list(GROUND, 3), usize::MAX);
    stage.check(list(GROUND, 3), 0);
    stage.backend.show_cursor().unwrap();
    stage.check(list(GROUND, 3), 0);
    stage.backend.set_cursor_position((7, 7)).unwrap();
    assert_eq!(
        stage.draw(list(GROUND, 3)),
        "\x1b[?2026h\x1b[8;8H\x1b[?2026l"
    );
}

#[test]
fn a_cursor_within_a_wide_character_writes_from_none_of_its_halves() {
    let frame = |end: &str| buffer(&vec![(0, 0, format!("日b{end}"), Style::new())]);
    let mut stage = Stage::new(14, 4);
    stage.backend.set_cursor_position((1, 0)).unwrap();
    stage.check(frame("c"), usize::MAX);
    stage.check(frame("d"), "\x1b[2Cd\x1b[2G".len());
}

#[test]
fn the_cursor_is_hidden_and_shown_once() {
    let mut stage = Stage::new(14, 4);
    stage.backend.hide_cursor().unwrap();
    assert_eq!(stage.draw(buffer(&Vec::new())), "\x1b[?25l");
    stage.backend.hide_cursor().unwrap();
    stage.backend.set_cursor_position((3, 3)).unwrap();
    assert_eq!(stage.draw(buffer(&Vec::new())), "");
    stage.backend.show_cursor().unwrap();
    assert_eq!(stage.draw(buffer(&Vec::new())), "\x1b[4;4H\x1b[?25h");
}

#[test]
fn a_row_that_becomes_empty_is_erased() {
    let row = |text: &str| {
        let text = format!("{text:12}");
        buffer(&vec![(0, 1, text, Style::new())])
    };
    let mut stage = Stage::new(14, 4);
    stage.check(row("abcdefghijkl"), usize::MAX);
    stage.check(row("ab"), "\x1b[2;3H\x1b[K\x1b[H".len());
    stage.check(row("abc"), "\x1b[2;3Hc\x1b[H".len());
    // A ground of another colour is written: terminals differ in how they erase it.
    let mut red = row("");
    red.set_style(Rect::new(0, 1, 14, 1), Style::new().bg(Color::Red));
    let written = stage.draw(red);
    assert_eq!(stage.faults(), Vec::<String>::new());
    assert!(!written.contains("\x1b[K"), "{written:?}");
}

#[test]
fn what_others_wrote_is_drawn_over() {
    let mut stage = Stage::new(80, 24);
    stage.check(list(GROUND, 3), usize::MAX);
    stage
        .terminal
        .process(b"\x1b[2J\x1b[5;5H\x1b[7;31mnoise\x1b[?25l");
    stage.backend.forget();
    stage.check(list(GROUND, 3), usize::MAX);
    assert!(!stage.terminal.screen().hide_cursor());
}

#[test]
fn another_size_draws_everything() {
    let mut stage = Stage::new(20, 6);
    let small = buffer(&vec![(0, 0, "abc".to_owned(), Style::new())]);
    stage.backend.resize(Size::new(14, 4));
    stage.backend.clear().unwrap();
    stage.last = Buffer::empty(small.area);
    stage.check(small, usize::MAX);
    assert_eq!(stage.backend.size().unwrap(), Size::new(14, 4));
}

#[test]
fn ratatui_draws_through_it() {
    let size = |n| NonZeroU16::new(n).unwrap();
    let mut screen = vt100::Parser::new(size(4), size(14), 0);
    let backend = Backend::new(Vec::new(), Size::new(14, 4));
    let mut terminal = ratatui::Terminal::new(backend).unwrap();
    let mut check = |sizes: &[u16], text: &'static str, expected: &str| {
        let columns = sizes.last().copied().unwrap_or(14);
        for columns in sizes {
            terminal.backend_mut().resize(Size::new(*columns, 4));
            screen.process(b"\x1b[2J");
        }
        let frame = |frame: &mut ratatui::Frame<'_>| {
            frame.render_widget(ratatui::text::Text::raw(text), frame.area());
            frame.set_cursor_position((2, 0));
        };
        terminal.draw(frame).unwrap();
        screen.screen_mut().set_size(size(4), size(columns));
        screen.process(&std::mem::take(&mut terminal.backend_mut().out));
        assert_eq!(screen.screen().contents(), expected);
        assert_eq!(screen.screen().cursor_position(), (0, 2));
    };
    check(&[14], "one\ntwo", "one\ntwo");
    check(&[], "one\ntoo", "one\ntoo");
    check(&[20], "one\nthree", "one\nthree");
    // There and back between two frames.
    check(&[6, 20], "one\nthree", "one\nthree");
    check(&[20], "one\nthree", "one\nthree");
}

#[test]
fn no_character_acts_on_the_terminal() {
    let mut stage = Stage::new(14, 4);
    let mut hostile = buffer(&Vec::new());
    for (x, symbol) in ["\x1b", "\u{9b}\u{202e}", "a\nb", "a\u{2066}"]
        .iter()
        .enumerate()
    {
        let cell = &mut hostile[(u16::try_from(x).unwrap(), 0)];
        cell.set_symbol(symbol)
            .set_style(Style::new().bg(Color::Red));
        // Else ratatui itself measures them.
        let one = NonZeroU16::new(1).unwrap();
        cell.set_diff_option(ratatui::buffer::CellDiffOption::ForcedWidth(one));
    }
    let written = stage.draw(hostile);
    assert_eq!(written, "\x1b[41m    \x1b[G");
}

#[test]
fn a_cluster_of_characters_leaves_no_doubt_of_what_follows() {
    let mut stage = Stage::new(14, 4);
    let family = vec![(0, 0, "👩‍👩‍👧ab".to_owned(), Style::new())];
    let written = stage.draw(buffer(&family));
    assert_eq!(written, "👩‍👩‍👧\x1b[;3Hab\x1b[G");
}

#[test]
fn a_part_of_the_screen_can_be_cleared() {
    use ratatui::backend::ClearType;
    let full = || {
        buffer(
            &(0..4)
                .map(|y| (0, y, "x".repeat(14), Style::new()))
                .collect(),
        )
    };
    let check = |region, left: usize| {
        let mut stage = Stage::new(14, 4);
        stage.draw(full());
        stage.backend.set_cursor_position((3, 1)).unwrap();
        stage.backend.clear_region(region).unwrap();
        stage.backend.flush().unwrap();
        stage.arrive();
        let text = stage.terminal.screen().contents();
        assert_eq!(text.matches('x').count(), left, "{text}");
    };
    check(ClearType::All, 0);
    check(ClearType::AfterCursor, 17);
    check(ClearType::BeforeCursor, 38);
    check(ClearType::CurrentLine, 42);
    check(ClearType::UntilNewLine, 45);
}

/// A terminal that is gone.
struct Gone;

impl std::io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_terminal_that_is_gone_is_told() {
    let mut backend = Backend::new(Gone, Size::new(3, 3));
    assert!(backend.flush().is_err());
    assert_eq!(backend.get_cursor_position().unwrap(), Position::ORIGIN);
}
