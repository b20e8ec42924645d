//! A date's text in pieces.

/// A piece of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A run of digits.
    Number(Number),
    /// A run of letters, in lower case and without accents.
    Word(String),
    /// A sign; white space is none.
    Sign(char),
}

impl Token {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// A run of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u64,
    /// How many digits it was written with.
    pub(super) digits: usize,
}

/// Cuts a text into its pieces; None where a number is absurdly long.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::with_capacity(16);
    let mut rest = text.chars().peekable();
    while let Some(&c) = rest.peek() {
        if c.is_ascii_digit() {
            let mut number = Number {
                value: 0,
                digits: 0,
            };
            while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                number.value = number
                    .value
                    .checked_mul(10)?
                    .checked_add(u64::from(digit))?;
                number.digits += 1;
                rest.next();
            }
            tokens.push(Token::Number(number));
        } else if c.is_alphabetic() {
            let mut word = String::new();
            while let Some(&c) = rest.peek().filter(|c| c.is_alphabetic() || is_mark(**c)) {
                fold(c, &mut word);
                rest.next();
            }
            tokens.push(Token::Word(word));
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Sign(if c == '−' || c == '–' { '-' } else { c }));
            }
            rest.next();
        }
    }
    Some(tokens)
}

/// Whether a character is an accent of its own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Appends a letter in lower case, without its accent.
fn fold(letter: char, word: &mut String) {
    for c in letter.to_lowercase() {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ă' | 'ą' => word.push('a'),
            'æ' => word.push_str("ae"),
            'ç' | 'ć' | 'č' => word.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ė' => word.push('e'),
            'ğ' => word.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ı' => word.push('i'),
            'ł' => word.push('l'),
            'ñ' | 'ń' => word.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => word.push('o'),
            'ř' => word.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => word.push('s'),
            'ţ' | 'ț' | 'ť' => word.push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => word.push('u'),
            'ŵ' => word.push('w'),
            'ý' | 'ŷ' => word.push('y'),
            'ź' | 'ż' | 'ž' => word.push('z'),
            'ά' => word.push('α'),
            'έ' => word.push('ε'),
            'ί' | 'ϊ' | 'ΐ' => word.push('ι'),
            'ό' => word.push('ο'),
            'ύ' => word.push('υ'),
            'ώ' => word.push('ω'),
            // A capital sigma at the end of a word by itself comes out as the medial one.
            'ς' => word.push('σ'),
            c if is_mark(c) => {}
            c => word.push(c),
        }
    }
}
