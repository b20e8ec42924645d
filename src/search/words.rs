//! What a word is, and when two are the same.
//!
//! The index is made of folded text, a query is folded, and a text that is not indexed yet is
//! folded when it is searched: so the answer is the same before and after indexing. A change here
//! needs a migration that empties the index.
//!
//! A word is a run of letters and digits. Case doesn't count, nor do diacritics on Latin letters.
//! Chinese and Japanese leave no blanks between words, so each of their signs is a word.

/// Small letters with diacritics, after the plain letter that they count as.
const PLAIN: [(char, &str); 25] = [
    ('a', "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ('b', "ḃḅḇ"),
    ('c', "çćĉċčḉ"),
    ('d', "ďḋḍḏḑḓ"),
    ('e', "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ('f', "ḟ"),
    ('g', "ĝğġģǧǵḡ"),
    ('h', "ĥȟḣḥḧḩḫẖ"),
    ('i', "ìíîïĩīĭįǐȉȋḭḯỉị"),
    ('j', "ĵǰ"),
    ('k', "ķǩḱḳḵ"),
    ('l', "ĺļľḷḹḻḽ"),
    ('m', "ḿṁṃ"),
    ('n', "ñńņňǹṅṇṉṋ"),
    ('o', "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ('p', "ṕṗ"),
    ('r', "ŕŗřȑȓṙṛṝṟ"),
    ('s', "śŝşšșṡṣṥṧṩ"),
    ('t', "ţťțṫṭṯṱẗ"),
    ('u', "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ('v', "ṽṿ"),
    ('w', "ŵẁẃẅẇẉẘ"),
    ('x', "ẋẍ"),
    ('y', "ýÿŷȳẏẙỳỵỷỹ"),
    ('z', "źżžẑẓẕ"),
];

/// Adds the words of `text` to `out`, folded, with one blank before, between and after them.
///
/// The blanks make a search for ` word ` one for a whole word.
pub(crate) fn fold(text: &str, out: &mut String) {
    out.push(' ');
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !c.is_ascii() && c.is_alphanumeric() {
            push_folded(c, out);
        } else if !is_diacritic(c) {
            end_word(out);
        }
    }
    end_word(out);
}

/// Ends the word that `out` ends with.
fn end_word(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Adds a letter that isn't ASCII.
fn push_folded(c: char, out: &mut String) {
    if stands_alone(c) {
        end_word(out);
        out.push(c);
        out.push(' ');
        return;
    }
    for small in c.to_lowercase().filter(|c| !is_diacritic(*c)) {
        let plain = PLAIN.iter().find(|(_, marked)| marked.contains(small));
        out.push(match plain {
            Some((plain, _)) => *plain,
            // A Greek word ends with another sigma than it has inside.
            None if small == 'ς' => 'σ',
            None => small,
        });
    }
}

/// Whether a character is a mark on the letter before it: it doesn't count.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Whether a character is a word of its own: kana and ideographs.
fn stands_alone(c: char) -> bool {
    matches!(
        c,
        '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &str) {
        let mut out = String::new();
        fold(text, &mut out);
        assert_eq!(out, folded);
    }

    #[test]
    fn words_are_letters_and_digits() {
        check(
            "The £450m plan: citizens’ data.",
            " the 450m plan citizens data ",
        );
        check("  ", " ");
        check("", " ");
        check("www.gov.uk/a-b_c", " www gov uk a b c ");
    }

    #[test]
    fn case_and_diacritics_do_not_count() {
        check("ÉLUNED Tŷ Tw\u{302}r İ Ỳ", " eluned ty twr i y ");
        check("ΟΔΟΣ οδος Straße", " οδοσ οδοσ straße ");
    }

    #[test]
    fn signs_without_blanks_between_them_are_words() {
        check("UK日本語です", " uk 日 本 語 で す ");
        check("한국어", " 한국어 ");
    }
}
