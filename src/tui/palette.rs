//! The colours that Gazette paints with: a table, and the arithmetic of contrast.
//!
//! Nothing here knows a terminal or a setting. Every ratio of a role against its palette's ground is
//! held by a test: 4.5 : 1 or more (WCAG 2 level AA), 3 : 1 for rules, which are no text.
//!
//! - [`Ink`]: what a piece of the screen is
//! - [`Palette`]: its colours, for terminals of 16, 256 or all colours
//! - [`contrast`], [`rgb_of`]: how far two colours are apart

use ratatui::style::Color;

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Running text.
    Text,
    /// Source, dates, titles that were read.
    Dim,
    /// Headings and unread titles.
    Heading,
    /// The unread mark, counts, keys, links.
    Accent,
    /// The number of an item or a link.
    Number,
    /// Quoted text.
    Quote,
    /// Banners and stars.
    Warning,
    /// What went wrong.
    Error,
    /// The selected row of the pane with the focus.
    Selected,
    /// The selected row of another pane.
    Elsewhere,
    /// What was searched for.
    Match,
    /// Lines between panes and in tables: no text.
    Rule,
}

impl Ink {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::Dim,
        Self::Heading,
        Self::Accent,
        Self::Number,
        Self::Quote,
        Self::Warning,
        Self::Error,
        Self::Selected,
        Self::Elsewhere,
        Self::Match,
        Self::Rule,
    ];

    /// Returns the least contrast that it may have.
    pub fn least_contrast(self) -> f64 {
        match self {
            Self::Rule => 3.0,
            _ => 4.5,
        }
    }
}

/// A set of colours that was made for one ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Palette {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// All that eight bits a channel make.
    TrueColour,
    /// xterm's 256.
    Indexed256,
    /// Sixteen, which the reader may have changed.
    Ansi16,
    /// None: weights alone.
    Mono,
}

/// The colours of one ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The letters' colour.
    pub fg: Color,
    /// The ground under them, where it isn't the palette's.
    pub bg: Option<Color>,
}

impl Palette {
    /// Returns the colours of an ink; `None` where there are no colours.
    pub fn pair(self, ink: Ink, depth: Depth) -> Option<Pair> {
        let row = match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
        }[ink as usize];
        match depth {
            Depth::TrueColour => Some(row.true_colour),
            Depth::Indexed256 => Some(row.indexed),
            Depth::Ansi16 => Some(row.ansi),
            Depth::Mono => None,
        }
    }

    /// Returns the colour of the ground; `None` where there are no colours.
    pub fn ground(self, depth: Depth) -> Option<Color> {
        match (self, depth) {
            (_, Depth::Mono) => None,
            (Self::Dark, Depth::TrueColour) => Some(rgb(0x15_18_1c)),
            (Self::Dark, Depth::Indexed256) => Some(Color::Indexed(234)),
            (Self::Dark, Depth::Ansi16) => Some(Color::Black),
            (Self::Light, Depth::TrueColour) => Some(rgb(0xfb_fa_f7)),
            (Self::Light, Depth::Indexed256) => Some(Color::Indexed(231)),
            (Self::Light, Depth::Ansi16) => Some(Color::White),
        }
    }

    /// Returns the palette whose ground is nearer to a background.
    pub fn nearer_to(background: [u8; 3]) -> Self {
        let from = |palette: Self| {
            let ground = palette.ground(Depth::TrueColour).and_then(rgb_of);
            ground.map_or(f64::MAX, |ground| contrast(ground, background))
        };
        if from(Self::Light) < from(Self::Dark) {
            Self::Light
        } else {
            Self::Dark
        }
    }
}

/// The colours of one ink at each depth.
#[derive(Clone, Copy)]
struct Row {
    true_colour: Pair,
    indexed: Pair,
    ansi: Pair,
}

/// The dark palette, in the order of [`Ink::ALL`].
const DARK: [Row; 12] = [
    row(0xd5_d9_de, 253, 7),
    row(0x9a_a2_ac, 247, 7),
    row(0xff_ff_ff, 231, 15),
    row(0x82_b6_ea, 110, 14),
    row(0xcd_ae_e6, 182, 13),
    row(0xb3_c7_a0, 151, 10),
    row(0xe6_b4_50, 179, 11),
    row(0xff_93_8a, 210, 9),
    row_on([0xff_ff_ff, 0x2b_4a_6b], [231, 24], [0, 7]),
    Row {
        ansi: pair(NAMED[15], None),
        ..row_on([0xff_ff_ff, 0x30_35_3c], [231, 237], [15, 0])
    },
    row_on([0x15_18_1c, 0xe6_b4_50], [16, 179], [0, 11]),
    row(0x62_6b_76, 242, 8),
];

/// The light palette, in the order of [`Ink::ALL`].
const LIGHT: [Row; 12] = [
    row(0x22_26_2b, 235, 0),
    row(0x5a_61_6b, 241, 0),
    row(0x00_00_00, 16, 0),
    row(0x1a_5a_9e, 25, 4),
    row(0x63_38_9a, 55, 5),
    row(0x3f_5a_2a, 58, 0),
    row(0x7d_4a_00, 94, 1),
    row(0xa8_20_1a, 124, 1),
    row_on([0x00_00_00, 0xc5_da_f0], [16, 153], [15, 4]),
    Row {
        ansi: pair(NAMED[0], None),
        ..row_on([0x00_00_00, 0xe4_e2_dc], [16, 254], [0, 15])
    },
    row_on([0x22_26_2b, 0xff_d8_4d], [16, 221], [0, 11]),
    row(0x86_8c_94, 246, 8),
];

/// The sixteen colours by their numbers.
const NAMED: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// The sixteen colours as xterm shows them.
const XTERM: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

const fn row(hex: u32, indexed: u8, ansi: usize) -> Row {
    Row {
        true_colour: pair(rgb(hex), None),
        indexed: pair(Color::Indexed(indexed), None),
        ansi: pair(NAMED[ansi], None),
    }
}

/// A row of colours on grounds of its own.
const fn row_on(hex: [u32; 2], indexed: [u8; 2], ansi: [usize; 2]) -> Row {
    Row {
        true_colour: pair(rgb(hex[0]), Some(rgb(hex[1]))),
        indexed: pair(Color::Indexed(indexed[0]), Some(Color::Indexed(indexed[1]))),
        ansi: pair(NAMED[ansi[0]], Some(NAMED[ansi[1]])),
    }
}

const fn pair(fg: Color, bg: Option<Color>) -> Pair {
    Pair { fg, bg }
}

const fn rgb(hex: u32) -> Color {
    Color::from_u32(hex)
}

/// Returns what a terminal shows for a colour, as xterm does for the first 256; `None` for the
/// terminal's own colour.
pub fn rgb_of(colour: Color) -> Option<[u8; 3]> {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match colour {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(n @ 0..16) => Some(XTERM[usize::from(n)]),
        Color::Indexed(n @ 16..232) => {
            let n = usize::from(n - 16);
            Some([LEVELS[n / 36], LEVELS[n / 6 % 6], LEVELS[n % 6]])
        }
        Color::Indexed(n) => Some([8 + 10 * (n - 232); 3]),
        named => NAMED
            .iter()
            .position(|colour| *colour == named)
            .map(|n| XTERM[n]),
    }
}

/// Returns the colour of a depth that comes nearest to another.
pub fn nearest(colour: [u8; 3], depth: Depth) -> Color {
    let distance = |other: &Color| -> u32 {
        let other = rgb_of(*other).unwrap_or_default();
        let channels = other.iter().zip(colour);
        channels.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let [r, g, b] = colour;
    match depth {
        Depth::TrueColour => Color::Rgb(r, g, b),
        // The first sixteen aren't the same everywhere.
        Depth::Indexed256 => (16..=255)
            .map(Color::Indexed)
            .min_by_key(distance)
            .unwrap_or(Color::Reset),
        Depth::Ansi16 => NAMED
            .into_iter()
            .min_by_key(distance)
            .unwrap_or(Color::Reset),
        Depth::Mono => Color::Reset,
    }
}

/// Returns the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns how bright a colour is, 0 to 1 (WCAG 2.2, "relative luminance").
fn luminance(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPTHS: [Depth; 3] = [Depth::TrueColour, Depth::Indexed256, Depth::Ansi16];

    /// Returns the contrast of an ink with what it stands on.
    fn ratio(palette: Palette, ink: Ink, depth: Depth) -> f64 {
        let Pair { fg, bg } = palette.pair(ink, depth).unwrap();
        let ground = bg.or(palette.ground(depth)).unwrap();
        contrast(rgb_of(fg).unwrap(), rgb_of(ground).unwrap())
    }

    #[track_caller]
    fn check(ink: Ink, dark: [f64; 3], light: [f64; 3]) {
        for (palette, expected) in [(Palette::Dark, dark), (Palette::Light, light)] {
            for (depth, expected) in DEPTHS.into_iter().zip(expected) {
                let found = ratio(palette, ink, depth);
                assert!(
                    (found - expected).abs() <= 0.1,
                    "{ink:?} {palette:?} {depth:?}: {found}"
                );
            }
        }
    }

    #[test]
    fn ratios_are_those_of_the_design() {
        check(Ink::Text, [12.6, 12.2, 16.7], [14.6, 15.1, 21.0]);
        check(Ink::Dim, [6.9, 6.4, 16.7], [6.0, 6.1, 21.0]);
        check(Ink::Heading, [17.8, 17.0, 21.0], [20.1, 21.0, 21.0]);
        check(Ink::Accent, [8.3, 7.4, 16.7], [6.7, 6.4, 9.4]);
        check(Ink::Number, [9.2, 8.9, 6.7], [7.9, 10.0, 4.7]);
        check(Ink::Quote, [9.8, 10.7, 15.3], [7.4, 6.7, 21.0]);
        check(Ink::Warning, [9.3, 8.3, 19.6], [7.1, 5.7, 5.8]);
        check(Ink::Error, [8.3, 7.4, 5.3], [7.0, 7.4, 5.8]);
        check(Ink::Selected, [9.2, 7.0, 16.7], [14.7, 14.0, 9.4]);
        check(Ink::Elsewhere, [12.4, 11.4, 21.0], [16.2, 16.5, 21.0]);
        check(Ink::Match, [9.3, 10.2, 19.6], [11.0, 15.1, 19.6]);
        check(Ink::Rule, [3.3, 3.2, 5.2], [3.2, 3.0, 4.0]);
    }

    #[test]
    fn every_role_can_be_read_on_its_ground() {
        for ink in Ink::ALL {
            for palette in [Palette::Dark, Palette::Light] {
                for depth in DEPTHS {
                    let found = ratio(palette, ink, depth);
                    let least = ink.least_contrast();
                    assert!(found >= least, "{ink:?} {palette:?} {depth:?}: {found}");
                }
            }
        }
    }

    #[test]
    fn colours_are_xterms() {
        assert_eq!(rgb_of(Color::LightBlue), Some([92, 92, 255]));
        assert_eq!(rgb_of(Color::Indexed(12)), Some([92, 92, 255]));
        assert_eq!(rgb_of(Color::Indexed(16)), Some([0, 0, 0]));
        assert_eq!(rgb_of(Color::Indexed(110)), Some([135, 175, 215]));
        assert_eq!(rgb_of(Color::Indexed(231)), Some([255, 255, 255]));
        assert_eq!(rgb_of(Color::Indexed(255)), Some([238, 238, 238]));
        assert_eq!(rgb_of(Color::Reset), None);
    }

    #[test]
    fn the_nearest_palette_is_the_one_of_the_nearer_ground() {
        assert_eq!(Palette::nearer_to([0x00, 0x2b, 0x36]), Palette::Dark);
        assert_eq!(Palette::nearer_to([0xfd, 0xf6, 0xe3]), Palette::Light);
        assert_eq!(Palette::nearer_to([0; 3]), Palette::Dark);
        assert_eq!(Palette::nearer_to([255; 3]), Palette::Light);
    }
}
