//! What a document tells besides its text.

use serde_json::Value;

use super::kinds;
use super::values::{list, text, time};
use crate::html;
use crate::model::article::{ChangeNote, PageFacts, Withdrawal};
use crate::model::text::in_one_line;

/// What a change note says that tells of no change.
const FIRST_NOTE: &str = "first published";

/// Returns what a document tells besides its text.
pub(super) fn facts(document: &Value) -> PageFacts {
    let details = &document["details"];
    let published =
        time(details, "first_public_at").or_else(|| time(document, "first_published_at"));
    PageFacts {
        standfirst: text(document, "description").map(in_one_line),
        kind: kinds::name(text(document, "document_type").unwrap_or_default()),
        byline: byline(document),
        organisations: organisations(document),
        published,
        updated: time(document, "public_updated_at"),
        changes: changes(document),
        withdrawn: withdrawal(&document["withdrawn_notice"]),
        government: earlier_government(document),
        opens: time(details, "opening_date"),
        closes: time(details, "closing_date"),
    }
}

/// Returns who gave a speech or wrote an article.
fn byline(document: &Value) -> Option<String> {
    let spoken = matches!(
        text(document, "document_type"),
        Some(
            "speech"
                | "authored_article"
                | "oral_statement"
                | "written_statement"
                | "transcript"
                | "draft_text"
                | "speaking_notes"
        )
    );
    if !spoken {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for field in ["speaker", "people", "ministers"] {
        for name in list(&document["links"], field).filter_map(|one| text(one, "title")) {
            let name = in_one_line(name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let without_profile = text(&document["details"], "speaker_without_profile").map(in_one_line);
    names.extend(without_profile.filter(|_| names.is_empty()));
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns the organisations that published a document, those first that lead.
fn organisations(document: &Value) -> Vec<String> {
    let leading: Vec<&str> = list(&document["details"], "emphasised_organisations")
        .filter_map(Value::as_str)
        .collect();
    let links = &document["links"];
    let here = list(links, "organisations").chain(list(links, "worldwide_organisations"));
    let mut all: Vec<(usize, String)> = here
        .filter_map(|one| {
            let id = text(one, "content_id");
            let place = id.and_then(|id| leading.iter().position(|leads| *leads == id));
            let name = in_one_line(text(one, "title")?);
            Some((place.unwrap_or(leading.len()), name))
        })
        .collect();
    all.sort_by_key(|(place, _)| *place);
    let mut names: Vec<String> = Vec::new();
    for (_, name) in all {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the change notes, the newest first, without that of the first publication. Manuals have
/// notes for each of their sections, travel advice has the latest alone.
fn changes(document: &Value) -> Vec<ChangeNote> {
    let details = &document["details"];
    let of_whole = list(details, "change_history").filter_map(|change| {
        let at = time(change, "public_timestamp")?;
        note(at, text(change, "note")?, None)
    });
    let of_sections = list(details, "change_notes").filter_map(|change| {
        let at = time(change, "published_at")?;
        note(at, text(change, "change_note")?, text(change, "title"))
    });
    let latest = text(details, "change_description").and_then(|latest| {
        let at = time(details, "updated_at").or_else(|| time(document, "public_updated_at"));
        let said = latest.trim();
        let said = match said.get(..14) {
            Some(start) if start.eq_ignore_ascii_case("latest update:") => {
                said.get(14..).unwrap_or(said)
            }
            _ => said,
        };
        note(at?, said, None)
    });
    let mut changes: Vec<ChangeNote> = of_whole.chain(of_sections).chain(latest).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    changes
}

/// Returns a note in one line; none for one that tells of the first publication, or of nothing.
fn note(at: jiff::Timestamp, told: &str, section: Option<&str>) -> Option<ChangeNote> {
    let told = in_one_line(&html::plain_text(told));
    let plain = told.trim_end_matches(['.', ' ']);
    if plain.is_empty() || plain.eq_ignore_ascii_case(FIRST_NOTE) {
        return None;
    }
    let note = match section {
        Some(section) => format!("{}: {told}", in_one_line(section)),
        None => told,
    };
    Some(ChangeNote { at, note })
}

/// Returns that a document was withdrawn. Its notice is there on many that were not, and empty.
fn withdrawal(notice: &Value) -> Option<Withdrawal> {
    let explanation = text(notice, "explanation");
    let at = time(notice, "withdrawn_at");
    if explanation.is_none() && at.is_none() {
        return None;
    }
    Some(Withdrawal {
        at,
        explanation: explanation.unwrap_or_default().to_owned(),
    })
}

/// Returns the government of a political document, where it isn't today's any more. It is told
/// among the links, and was in the details before.
fn earlier_government(document: &Value) -> Option<String> {
    let details = &document["details"];
    if details.get("political").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let linked = list(&document["links"], "government").next();
    let told = linked.map(|government| (government, &government["details"]["current"]));
    let before = &details["government"];
    let (government, _) = told
        .into_iter()
        .chain([(before, &before["current"])])
        .find(|(_, current)| current.is_boolean())
        .filter(|(_, current)| current.as_bool() == Some(false))?;
    text(government, "title").map(in_one_line)
}
