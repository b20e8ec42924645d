//! What GOV.UK calls its kinds of documents.

/// Document types whose name is not their identifier with blanks in it. The others are told from it
/// (<https://docs.publishing.service.gov.uk/document-types.html>).
const NAMES: [(&str, &str); 30] = [
    ("aaib_report", "AAIB report"),
    (
        "asylum_support_decision",
        "Asylum support tribunal decision",
    ),
    ("call_for_evidence_outcome", "Call for evidence outcome"),
    ("closed_call_for_evidence", "Closed call for evidence"),
    ("cma_case", "CMA case"),
    ("consultation_outcome", "Consultation outcome"),
    ("detailed_guide", "Guidance"),
    ("dfid_research_output", "DFID research output"),
    ("document_collection", "Collection"),
    ("esi_fund", "ESI fund"),
    ("fatality_notice", "Fatality notice"),
    ("foi_release", "FOI release"),
    ("government_response", "Government response"),
    ("guidance", "Guidance"),
    ("hmrc_manual_section", "HMRC manual"),
    ("maib_report", "MAIB report"),
    ("manual_section", "Manual"),
    ("national", "National statistics"),
    ("national_statistics", "Accredited official statistics"),
    ("news_story", "News story"),
    ("official", "Official statistics"),
    ("oral_statement", "Oral statement to Parliament"),
    ("raib_report", "RAIB report"),
    ("research", "Research and analysis"),
    ("service_standard_report", "Service standard report"),
    ("statistical_data_set", "Statistical data set"),
    ("statistics", "Official statistics"),
    ("transparency", "Transparency data"),
    ("utaac_decision", "Administrative appeals tribunal decision"),
    ("written_statement", "Written statement to Parliament"),
];

/// Document types that say nothing to a reader.
const UNSAID: [&str; 14] = [
    "answer",
    "completed_transaction",
    "contact",
    "corporate_information_page",
    "generic",
    "guide",
    "html_publication",
    "licence",
    "local_transaction",
    "place",
    "placeholder",
    "simple_smart_answer",
    "special_route",
    "transaction",
];

/// Returns a document type in GOV.UK's words; `None` for one that says nothing to a reader.
pub(super) fn name(document_type: &str) -> Option<String> {
    if document_type.is_empty() || UNSAID.contains(&document_type) {
        return None;
    }
    if let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == document_type) {
        return Some((*name).to_owned());
    }
    let mut words = document_type.replace(['_', '-'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names() {
        assert_eq!(name("press_release").as_deref(), Some("Press release"));
        assert_eq!(name("foi_release").as_deref(), Some("FOI release"));
        assert_eq!(name("html_publication"), None);
        assert_eq!(name(""), None);
        assert_eq!(name("élan").as_deref(), Some("élan"));
    }
}
