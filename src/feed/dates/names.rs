//! Months and zones by name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Full names of the months in the languages of Europe, in lower case and without accents; each
/// beginning of three letters or more stands for the month, the earlier one where two share it.
const MONTHS: [&str; 12] = [
    "eanair enero gener gennaio ianuarie ionawr jaanuar janeiro janner jaenner januari january \
     janvier leden ledna ocak styczen stycznia tammikuuta ιανουαριοσ ιανουαριου январь января \
     січень січня",
    "chwefror feabhra febbraio feber febrero februarie february fevereiro fevrier helmikuuta \
     lutego luty subat unora veebruar φεβρουαριοσ φεβρουαριου февраль февраля лютий лютого",
    "march marca marcius marco mars marta martie marts marz maerz marzec marzo mawrth maart \
     brezen brezna maaliskuuta mrt mrz μαρτιοσ μαρτιου марта березень березня",
    "april aprile aprilie aprilis aprill abril aibrean avril duben dubna ebrill huhtikuuta \
     kwiecien kwietnia nisan απριλιοσ απριλιου апрель апреля квітень квітня",
    "may mayo mayis mai maio maig maj maja majus maggio mei bealtaine kveten kvetna toukokuuta \
     μαιοσ μαιου май мая травень травня",
    "june juni junio junius junho juny juin iunie juuni giugno cerven cervna cvn czerwiec czerwca \
     haziran kesakuuta mehefin meitheamh ιουνιοσ ιουνιου июнь июня червень червня",
    "july juli julio julius julho juliol juillet iuil iulie juuli luglio cervenec cervence cvc \
     lipiec lipca gorffennaf heinakuuta temmuz ιουλιοσ ιουλιου июль июля липень липня",
    "august augusti augustus augusztus agosto agustos aout awst elokuuta lunasa sierpien sierpnia \
     srpen srpna αυγουστοσ αυγουστου августа серпень серпня",
    "september septembre septembrie septiembre setembre setembro setiembre settembre szeptember \
     medi mean mfomh eylul syyskuuta wrzesien wrzesnia zari σεπτεμβριοσ σεπτεμβριου сентябрь \
     сентября вересень вересня",
    "october octobre octombrie octubre oktober oktoober ottobre outubro hydref deireadh dfomh \
     ekim lokakuuta pazdziernik pazdziernika rijen rijna οκτωβριοσ οκτωβριου октябрь октября \
     жовтень жовтня",
    "november novembre novembro noviembre noiembrie tachwedd samhain kasim listopad listopada \
     listopadu marraskuuta νοεμβριοσ νοεμβριου ноябрь ноября листопад листопада",
    "december decembre decembrie dezember dezembro desember desembre detsember diciembre dicembre \
     rhagfyr nollaig aralik grudzien grudnia joulukuuta prosinec prosince δεκεμβριοσ δεκεμβριου \
     декабрь декабря грудень грудня",
];

/// Every beginning of a month's name.
static BEGINNINGS: LazyLock<HashMap<&'static str, u64>> = LazyLock::new(|| {
    let mut beginnings = HashMap::with_capacity(2000);
    for (number, names) in (1..).zip(MONTHS) {
        for name in names.split_whitespace() {
            let ends = name.char_indices().map(|(at, c)| at + c.len_utf8());
            for end in ends.skip(2) {
                let beginning = name.get(..end).unwrap_or(name);
                beginnings.entry(beginning).or_insert(number);
            }
        }
    }
    // Catalan shortens its August to two letters.
    beginnings.insert("ag", 8);
    beginnings
});

/// Returns the number of the month with this name, whole or short.
pub(super) fn month(word: &str) -> Option<u64> {
    BEGINNINGS.get(word).copied()
}

/// Whether a month's name is that of a weekday as well: of Tuesday in half a dozen languages, of
/// Monday and Saturday beside August and November in Irish, of Wednesday in Hungarian, of Sunday in
/// Turkish.
pub(super) fn is_weekday_too(word: &str) -> bool {
    matches!(
        word,
        "lun" | "mar" | "mart" | "marti" | "maw" | "mawrth" | "paz" | "sam" | "sze"
    )
}

/// Returns the month that a Roman numeral counts.
pub(super) fn roman(numeral: &str) -> Option<u64> {
    const NUMERALS: [&str; 12] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ];
    (1..)
        .zip(NUMERALS)
        .find_map(|(number, known)| (known == numeral).then_some(number))
}

/// Names of zones and their minutes east of UTC, sorted. Where a name has several meanings it is
/// the one of RFC 2822 or, failing that, of Europe.
const ZONES: &[(&str, i32)] = &[
    ("acdt", 630),
    ("acst", 570),
    ("adt", -180),
    ("aedt", 660),
    ("aest", 600),
    ("akdt", -480),
    ("akst", -540),
    ("ast", -240),
    ("awst", 480),
    ("brt", -180),
    ("bst", 60),
    ("cat", 120),
    ("cdt", -300),
    ("cest", 120),
    ("cet", 60),
    ("cst", -360),
    ("ct", -360),
    ("eat", 180),
    ("edt", -240),
    ("eest", 180),
    ("eet", 120),
    ("est", -300),
    ("et", -300),
    ("gmt", 0),
    ("hkt", 480),
    ("hst", -600),
    ("ist", 330),
    ("jst", 540),
    ("kst", 540),
    ("mdt", -360),
    ("mest", 120),
    ("mesz", 120),
    ("met", 60),
    ("mez", 60),
    ("msk", 180),
    ("mst", -420),
    ("mt", -420),
    ("nzdt", 780),
    ("nzst", 720),
    ("pdt", -420),
    ("pst", -480),
    ("pt", -480),
    ("sast", 120),
    ("sgt", 480),
    ("ut", 0),
    ("utc", 0),
    ("wat", 60),
    ("west", 60),
    ("wet", 0),
    ("z", 0),
];

/// Returns how many minutes east of UTC a zone is.
pub(super) fn zone(name: &str) -> Option<i32> {
    let at = ZONES.binary_search_by(|(zone, _)| zone.cmp(&name)).ok()?;
    ZONES.get(at).map(|(_, minutes)| *minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_zones_is_sorted() {
        assert!(ZONES.is_sorted());
    }

    #[test]
    fn whole_names_mean_their_own_month() {
        for (number, names) in (1..).zip(MONTHS) {
            for name in names.split_whitespace() {
                assert_eq!(month(name), Some(number), "{name}");
            }
        }
    }
}
