//! The nearest right name for a wrong one.

/// Returns the candidate nearest to `wrong`, however far that is; the first of equally near ones.
///
/// Case, hyphens and underscores make no difference.
pub(crate) fn nearest<'c>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let wrong = folded(wrong);
    let mut best = None;
    for candidate in candidates {
        let alike = strsim::jaro_winkler(&wrong, &folded(candidate));
        if best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether one name may be a slip of the pen for the other.
pub(crate) fn alike(wrong: &str, name: &str) -> bool {
    strsim::jaro_winkler(&folded(wrong), &folded(name)) > 0.7
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wrong: &str, expected: Option<&str>) {
        let candidates = ["refresh", "refresh_minutes", "keep_days", "connections"];
        assert_eq!(nearest(wrong, candidates), expected);
    }

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        check("refresh_minuts", Some("refresh_minutes"));
        check("Refresh-Minutes", Some("refresh_minutes"));
        check("refesh", Some("refresh"));
        check("conections", Some("connections"));
        check("keepdays", Some("keep_days"));
    }

    #[test]
    fn without_candidates_nothing_is_near() {
        assert_eq!(nearest("anything", []), None);
    }
}
