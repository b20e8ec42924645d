//! How each piece of the screen looks: which colour on which ground, and which weight.
//!
//! Pure: what the terminal answered and what the environment says come in as plain values. Nothing
//! here blinks or is dimmed by the terminal, and nothing is said by colour alone: without colours
//! the weights of [`Depth::Mono`] say it.
//!
//! - [`Theme::choose`]: from the setting and the terminal to a theme
//! - [`Theme::style`]: the look of an [`Ink`]; [`Theme::of`]: of a piece of an article

use ratatui::style::{Color, Modifier, Style};

use super::palette::{Depth, Ink, Pair, Palette, contrast, nearest, rgb_of};
use crate::config;
use crate::model::document::{self, Role};

/// What stands behind the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The palette's own ground, in every cell.
    Painted,
    /// The terminal's background, of this colour: inks that can't be read on it are moved towards
    /// black or white until they can.
    Terminal([u8; 3]),
    /// The terminal's background, of whatever colour: plain text has the terminal's own colour, and
    /// the rest promises nothing.
    Unknown,
}

/// Whether the terminal's answers are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// They are.
    Terminal,
    /// They may be old: tmux or screen gave them.
    Multiplexer,
}

/// What is known about the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How many colours it has; [`Depth::Mono`] for `NO_COLOR`.
    pub depth: Depth,
    /// The background that it named in time.
    pub background: Option<[u8; 3]>,
    /// Where it runs.
    pub inside: Inside,
    /// What tmux's `client_theme` or `COLORFGBG` says.
    pub hint: Option<Palette>,
}

/// How each piece of the screen looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// In the order of [`Ink::ALL`].
    styles: [Style; 12],
    ground: Style,
}

impl Theme {
    /// Makes the theme that is asked for: `auto` believes the background that a terminal named, and
    /// paints its own ground where there is no answer or a multiplexer's.
    pub fn choose(setting: config::Theme, facts: &Facts) -> Self {
        let known = facts
            .background
            .filter(|_| facts.inside == Inside::Terminal);
        let palette = known
            .map(Palette::nearer_to)
            .or(facts.hint)
            .unwrap_or(Palette::Dark);
        let depth = facts.depth;
        match setting {
            config::Theme::Auto => {
                let ground = known.map_or(Ground::Painted, Ground::Terminal);
                Self::new(palette, depth, ground)
            }
            config::Theme::Dark => Self::new(Palette::Dark, depth, Ground::Painted),
            config::Theme::Light => Self::new(Palette::Light, depth, Ground::Painted),
            config::Theme::Terminal if depth == Depth::Mono => Self::mono(),
            config::Theme::Terminal => Self::new(palette, Depth::Ansi16, Ground::Unknown),
            config::Theme::Mono => Self::mono(),
        }
    }

    /// Makes a theme of a palette.
    pub fn new(palette: Palette, depth: Depth, ground: Ground) -> Self {
        let styles = Ink::ALL.map(|ink| {
            let mut style = Style::new().add_modifier(weight(ink, depth));
            if let Some(pair) = palette.pair(ink, depth) {
                style = style.fg(letters(pair, ink, depth, ground));
                style.bg = pair.bg;
            }
            style
        });
        let behind = match (depth, ground) {
            (Depth::Mono, _) => None,
            (_, Ground::Painted) => palette.ground(depth),
            (_, Ground::Terminal(_) | Ground::Unknown) => Some(Color::Reset),
        };
        let [text, ..] = styles;
        Self {
            styles,
            ground: Style { bg: behind, ..text },
        }
    }

    /// Makes the theme without colours.
    fn mono() -> Self {
        Self::new(Palette::Dark, Depth::Mono, Ground::Unknown)
    }

    /// Returns what every cell has before anything is drawn: text on the ground.
    pub fn ground(&self) -> Style {
        self.ground
    }

    /// Returns the look of an ink. Headings are bold; on `Selected` and `Elsewhere` every span takes
    /// that row's one colour, and may be bold besides.
    pub fn style(&self, ink: Ink) -> Style {
        self.styles[ink as usize]
    }

    /// Returns the look of a piece of an article.
    pub fn of(&self, style: document::Style) -> Style {
        let mut look = match style.role {
            Role::Text | Role::Code => self.style(Ink::Text),
            Role::Heading(_) => self.style(Ink::Heading),
            Role::Standfirst => Style {
                add_modifier: Modifier::empty(),
                ..self.style(Ink::Heading)
            },
            Role::Facts => self.style(Ink::Dim),
            Role::Quote | Role::QuoteMark => self.style(Ink::Quote),
            Role::Number => self.style(Ink::Number),
            Role::Rule => self.style(Ink::Rule),
            Role::Banner | Role::BannerMark => self.style(Ink::Warning),
            Role::Added => self.style(Ink::Accent).add_modifier(Modifier::BOLD),
            // The one is bold, the other is struck out: without colours they differ too.
            Role::Removed => Style {
                add_modifier: Modifier::CROSSED_OUT,
                ..self.style(Ink::Error)
            },
        };
        if style.link.is_some() && style.role != Role::Number {
            look.fg = self.style(Ink::Accent).fg;
            look = look.add_modifier(Modifier::UNDERLINED);
        }
        let weights = [
            (style.strong, Modifier::BOLD),
            (style.emphasis, Modifier::ITALIC),
            (style.strike, Modifier::CROSSED_OUT),
        ];
        for (_, weight) in weights.into_iter().filter(|(is_set, _)| *is_set) {
            look = look.add_modifier(weight);
        }
        look
    }
}

/// Returns the weight of an ink: headings are bold everywhere, the others have one only where
/// colours don't tell them apart.
fn weight(ink: Ink, depth: Depth) -> Modifier {
    match (ink, depth) {
        (Ink::Heading, _)
        | (Ink::Elsewhere, Depth::Ansi16)
        | (Ink::Number | Ink::Warning | Ink::Error, Depth::Mono) => Modifier::BOLD,
        (Ink::Selected, Depth::Mono) => Modifier::REVERSED,
        (Ink::Elsewhere, Depth::Mono) => Modifier::UNDERLINED,
        (Ink::Match, Depth::Mono) => Modifier::REVERSED.union(Modifier::UNDERLINED),
        _ => Modifier::empty(),
    }
}

/// Returns the colour of the letters, so that they can be read on the ground.
fn letters(pair: Pair, ink: Ink, depth: Depth, ground: Ground) -> Color {
    match ground {
        // On a ground of their own they are right.
        _ if pair.bg.is_some() => pair.fg,
        Ground::Terminal(ground) => legible(pair.fg, ground, ink.least_contrast(), depth),
        // Greys vanish on a ground of their own colour.
        Ground::Unknown if matches!(pair.fg, Color::Black | Color::Gray | Color::White) => {
            Color::Reset
        }
        Ground::Painted | Ground::Unknown => pair.fg,
    }
}

/// Moves a colour towards black or white, whichever can be read better on `ground`, until it has
/// the contrast asked for.
fn legible(colour: Color, ground: [u8; 3], least: f64, depth: Depth) -> Color {
    const STEPS: u16 = 32;
    let is_clear = |colour: &Color| rgb_of(*colour).is_some_and(|c| contrast(c, ground) >= least);
    let Some(from) = rgb_of(colour).filter(|_| !is_clear(&colour)) else {
        return colour;
    };
    let end = if contrast([255; 3], ground) >= contrast([0; 3], ground) {
        255
    } else {
        0
    };
    let mixed = |step: u16| {
        let channel = |from: u8| (u16::from(from) * (STEPS - step) + end * step) / STEPS;
        from.map(|from| u8::try_from(channel(from)).unwrap_or(u8::MAX))
    };
    (1..=STEPS)
        .map(|step| nearest(mixed(step), depth))
        .find(is_clear)
        .unwrap_or(colour)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PALETTES: [Palette; 2] = [Palette::Dark, Palette::Light];
    const COLOURED: [Depth; 3] = [Depth::TrueColour, Depth::Indexed256, Depth::Ansi16];

    /// What a modern terminal tells that names no background.
    const SILENT: Facts = Facts {
        depth: Depth::TrueColour,
        background: None,
        inside: Inside::Terminal,
        hint: None,
    };

    fn painted(palette: Palette) -> Theme {
        Theme::new(palette, Depth::TrueColour, Ground::Painted)
    }

    #[track_caller]
    fn check(setting: config::Theme, facts: Facts, expected: &Theme) {
        assert_eq!(&Theme::choose(setting, &facts), expected, "{facts:?}");
    }

    #[test]
    fn auto_believes_the_background_that_a_terminal_named() {
        let cream = [0xfd, 0xf6, 0xe3];
        let named = Facts {
            background: Some(cream),
            ..SILENT
        };
        let light = Theme::new(Palette::Light, Depth::TrueColour, Ground::Terminal(cream));
        check(config::Theme::Auto, named, &light);
        assert_eq!(light.ground().bg, Some(Color::Reset));
        let doubtful = Facts {
            inside: Inside::Multiplexer,
            ..named
        };
        check(config::Theme::Auto, doubtful, &painted(Palette::Dark));
    }

    #[test]
    fn auto_without_an_answer_paints_by_the_hint() {
        check(config::Theme::Auto, SILENT, &painted(Palette::Dark));
        let hinted = Facts {
            hint: Some(Palette::Light),
            inside: Inside::Multiplexer,
            ..SILENT
        };
        check(config::Theme::Auto, hinted, &painted(Palette::Light));
    }

    #[test]
    fn dark_and_light_paint_whatever_the_terminal_says() {
        let named = Facts {
            background: Some([0x80; 3]),
            ..SILENT
        };
        check(config::Theme::Dark, named, &painted(Palette::Dark));
        check(config::Theme::Light, named, &painted(Palette::Light));
        let ground = painted(Palette::Dark).ground();
        assert_eq!(ground.bg, Some(Color::Rgb(0x15, 0x18, 0x1c)));
    }

    #[test]
    fn without_colours_no_theme_has_any() {
        let colourless = Facts {
            depth: Depth::Mono,
            background: Some([255; 3]),
            ..SILENT
        };
        let mono = Theme::choose(config::Theme::Mono, &SILENT);
        for setting in [
            config::Theme::Auto,
            config::Theme::Dark,
            config::Theme::Light,
            config::Theme::Terminal,
        ] {
            check(setting, colourless, &mono);
        }
        for style in mono.styles.into_iter().chain([mono.ground()]) {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        // What came and what went are told apart from what stayed, and from each other.
        let of = |role| {
            let style = document::Style::default();
            mono.of(document::Style { role, ..style }).add_modifier
        };
        let weights = [Role::Text, Role::Added, Role::Removed].map(of);
        assert_eq!(
            weights,
            [Modifier::empty(), Modifier::BOLD, Modifier::CROSSED_OUT]
        );
        // What must be told apart is.
        let told = [
            Ink::Text,
            Ink::Heading,
            Ink::Selected,
            Ink::Elsewhere,
            Ink::Match,
        ];
        let weights = told.map(|ink| mono.style(ink).add_modifier);
        for (at, weight) in weights.iter().enumerate() {
            assert!(!weights[..at].contains(weight), "{:?}", told[at]);
        }
    }

    #[test]
    fn every_ink_can_be_read_on_any_background_of_a_terminal() {
        let levels = [0_u8, 0x1c, 0x40, 0x60, 0x77, 0x80, 0xa0, 0xc0, 0xe0, 0xff];
        let grounds = levels
            .iter()
            .flat_map(|r| levels.iter().map(move |g| (*r, *g)))
            .flat_map(|(r, g)| levels.iter().map(move |b| [r, g, *b]));
        for ground in grounds.step_by(7) {
            for depth in COLOURED {
                let theme = Theme::new(Palette::nearer_to(ground), depth, Ground::Terminal(ground));
                for ink in Ink::ALL {
                    let style = theme.style(ink);
                    let behind = style.bg.map_or(ground, |bg| rgb_of(bg).unwrap());
                    let found = contrast(rgb_of(style.fg.unwrap()).unwrap(), behind);
                    let least = ink.least_contrast();
                    assert!(found >= least, "{ink:?} {depth:?} {ground:?}: {found}");
                }
            }
        }
    }

    #[test]
    fn an_ink_that_can_be_read_stays_as_it_is() {
        for palette in PALETTES {
            for depth in COLOURED {
                let ground = palette.ground(depth).and_then(rgb_of).unwrap();
                let found = Theme::new(palette, depth, Ground::Terminal(ground));
                assert_eq!(
                    found.styles,
                    Theme::new(palette, depth, Ground::Painted).styles
                );
            }
        }
    }

    #[test]
    fn the_terminals_own_colours_need_no_ground() {
        let theme = Theme::choose(config::Theme::Terminal, &SILENT);
        assert_eq!(theme.ground().bg, Some(Color::Reset));
        assert_eq!(theme.ground().fg, Some(Color::Reset));
        assert_eq!(theme.style(Ink::Heading).fg, Some(Color::Reset));
        assert_eq!(theme.style(Ink::Accent).fg, Some(Color::LightCyan));
        assert_eq!(theme.style(Ink::Selected).bg, Some(Color::Gray));
    }

    #[test]
    fn nothing_blinks_or_is_dimmed() {
        let never = Modifier::DIM | Modifier::SLOW_BLINK | Modifier::RAPID_BLINK;
        for palette in PALETTES {
            for depth in COLOURED.into_iter().chain([Depth::Mono]) {
                for style in Theme::new(palette, depth, Ground::Painted).styles {
                    assert!(!style.add_modifier.intersects(never));
                }
            }
        }
    }

    #[test]
    fn article_text_looks_as_it_is_meant() {
        let theme = painted(Palette::Dark);
        let of = |role| {
            theme.of(document::Style {
                role,
                ..document::Style::default()
            })
        };
        let heading = theme.style(Ink::Heading);
        assert!(heading.add_modifier.contains(Modifier::BOLD));
        assert_eq!(of(Role::Heading(1)), heading);
        assert_eq!(of(Role::Standfirst).fg, heading.fg);
        assert!(of(Role::Standfirst).add_modifier.is_empty());
        assert_eq!(of(Role::Facts), theme.style(Ink::Dim));
        assert_eq!(of(Role::BannerMark), theme.style(Ink::Warning));
        assert_eq!(of(Role::Added).fg, theme.style(Ink::Accent).fg);
        assert_eq!(of(Role::Removed).fg, theme.style(Ink::Error).fg);
        let link = theme.of(document::Style {
            link: Some(1),
            strong: true,
            emphasis: true,
            strike: true,
            ..document::Style::default()
        });
        assert_eq!(link.fg, theme.style(Ink::Accent).fg);
        assert_eq!(
            link.add_modifier,
            Modifier::UNDERLINED | Modifier::BOLD | Modifier::ITALIC | Modifier::CROSSED_OUT
        );
        let number = theme.of(document::Style {
            role: Role::Number,
            link: Some(1),
            ..document::Style::default()
        });
        assert_eq!(number, theme.style(Ink::Number));
        assert!(number.add_modifier.is_empty());
    }
}
