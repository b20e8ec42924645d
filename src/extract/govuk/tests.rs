#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::html::plain_text;
use crate::model::article::PageFacts;
use crate::model::text::in_one_line;

/// Reads a document; the words of its text in one line.
#[track_caller]
fn words(document: &Value) -> String {
    in_one_line(&plain_text(&html(document)))
}

#[track_caller]
fn html(document: &Value) -> String {
    govuk(document.to_string().as_bytes()).unwrap().html
}

/// The facts of a document with a body.
#[track_caller]
fn facts_of(mut document: Value) -> PageFacts {
    if document["details"].is_null() {
        document["details"] = json!({});
    }
    document["details"]["body"] = json!("<p>Text.</p>");
    document["schema_name"] = json!("news_article");
    govuk(document.to_string().as_bytes()).unwrap().facts
}

/// Whether parts of a text follow one another in this order.
#[track_caller]
fn in_order(text: &str, parts: &[&str]) {
    let mut from = 0;
    for part in parts {
        let at = text.get(from..).unwrap().find(part);
        let at = at.unwrap_or_else(|| panic!("{part:?} after {from} of {text}"));
        from += at + part.len();
    }
}

#[test]
fn a_body_may_be_html_plain_or_a_list_of_forms() {
    let said = |body: Value| html(&json!({"schema_name": "answer", "details": {"body": body}}));
    assert_eq!(said(json!("<p>A</p>")), "<div><p>A</p></div>\n");
    assert_eq!(
        said(json!("A &amp; B\n\nC")),
        "<div><p>A &amp; B</p><p>C</p></div>\n"
    );
    let forms = json!([
        {"content_type": "text/govspeak", "content": "*A*"},
        {"content_type": "text/html", "content": "<p>A</p>"},
    ]);
    assert_eq!(said(forms), "<div><p>A</p></div>\n");
    let source = json!([{"content_type": "text/govspeak", "content": "A <b"}]);
    assert_eq!(said(source), "<div><p>A &lt;b</p></div>\n");
}

#[test]
fn nothing_that_a_part_leaves_open_reaches_the_next() {
    let guide = json!({"schema_name": "guide", "details": {"parts": [
        {"title": "Apply", "body": "<p>By <b>post"},
        {"title": "Pay", "body": [{"content_type": "text/html", "content": "<p>By card</p>"}]},
    ]}});
    in_order(
        &html(&guide),
        &["<h2>Apply</h2>", "post</div>", "<h2>Pay</h2>", "By card"],
    );
}

#[test]
fn an_outcome_stands_above_what_was_asked() {
    let file = |id: &str| {
        json!({"id": id, "url": format!("/media/{id}"), "title": format!("The {id}"),
               "content_type": "application/pdf", "file_size": 803_783, "number_of_pages": 33})
    };
    let document = json!({
        "schema_name": "consultation", "document_type": "consultation_outcome",
        "details": {
            "body": "<p>What we ask.</p>",
            "final_outcome_detail": "What came of it.",
            "final_outcome_attachments": ["outcome.pdf"],
            "public_feedback_detail": "<p>What was said.</p>",
            "public_feedback_attachments": ["feedback.pdf"],
            "featured_attachments": ["paper.pdf"],
            "held_on_another_website_url": "https://consult.example/1",
            "ways_to_respond": {"email": "too@late.example"},
            "attachments": [file("paper.pdf"), file("feedback.pdf"), file("outcome.pdf"), file("inline.pdf")],
        }
    });
    let said = words(&document);
    assert_eq!(
        said,
        "Read the full outcome The outcome.pdf, PDF, 785 KB, 33 pages Detail of outcome What came \
         of it. Feedback received The feedback.pdf, PDF, 785 KB, 33 pages Detail of feedback \
         received What was said. Original consultation This consultation was held on another \
         website. What we ask. Documents The paper.pdf, PDF, 785 KB, 33 pages"
    );
}

#[test]
fn a_call_for_evidence_has_an_outcome_too() {
    let document = json!({
        "schema_name": "call_for_evidence", "document_type": "call_for_evidence_outcome",
        "details": {
            "body": "<p>What we ask.</p>", "outcome_detail": "<p>What we heard.</p>",
            "outcome_attachments": ["a"],
            "attachments": [{"id": "a", "url": "/a", "title": "Answers", "attachment_type": "html"}],
        }
    });
    assert_eq!(
        words(&document),
        "Read the full outcome Answers, HTML Detail of outcome What we heard. Original call for \
         evidence What we ask. Documents Answers, HTML"
            .trim_end_matches(" Documents Answers, HTML")
    );
}

#[test]
fn an_open_consultation_says_how_it_is_answered() {
    let mut document = json!({
        "schema_name": "consultation", "document_type": "open_consultation",
        "details": {
            "body": "<p>What we ask.</p>",
            "documents": ["<section class=\"attachment embedded\"><div class=attachment-thumb><a \
                class=thumbnail href=/p.pdf><img src=/p.png></a></div><div \
                class=attachment-details><h2 class=title><a href=/p.pdf>The paper</a></h2><p \
                class=metadata><span class=references>Ref: <span>AB/1</span></span> <span \
                class=type><abbr title=Portable>PDF</abbr></span>, <span>258KB</span>, <span>7 \
                pages</span></p><div class=accessibility-warning><h2>Not suitable.</h2></div></div>\
                </section>"],
            "ways_to_respond": {
                "link_url": "https://consult.example/1?a=1&b=2", "email": "a@b.example",
                "postal_address": "The Unit\r\n1 Road\n\nTown", "attachment_url": "/form.odt"},
        }
    });
    let said = words(&document);
    assert_eq!(
        said,
        "What we ask. Documents The paper, Ref: AB/1, PDF, 258KB, 7 pages Ways to respond Respond \
         online Complete a response form and either email or post it Email to: a@b.example Write \
         to: The Unit 1 Road Town"
    );
    let made = html(&document);
    in_order(
        &made,
        &[
            "href=\"/p.pdf\"",
            "href=\"https://consult.example/1?a=1&amp;b=2\"",
        ],
    );
    assert!(made.contains("href=\"mailto:a@b.example\""));
    document["details"]["ways_to_respond"] = json!({"attachment_url": "/form.odt"});
    assert!(words(&document).ends_with("Ways to respond Complete a response form"));
    document["document_type"] = json!("closed_consultation");
    assert!(!words(&document).contains("respond"));
}

#[test]
fn a_publication_begins_with_its_documents() {
    let document = json!({
        "schema_name": "publication", "document_type": "policy_paper",
        "details": {
            "body": "<p>See <a href=/inline.csv>the data</a>.</p>",
            "attachments": [
                {"url": "/government/publications/plan/plan", "title": "The plan", "attachment_type": "html"},
                {"url": "/plan.xlsx", "filename": "plan.xlsx", "file_size": 1_090_519, "isbn": "978",
                 "content_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                 "unique_reference": "A&B", "command_paper_number": "CP 1", "number_of_pages": 1},
            ],
        }
    });
    assert_eq!(
        words(&document),
        "Documents The plan, HTML plan.xlsx, Excel spreadsheet, 1.04 MB, 1 page, Ref: A&B, ISBN 978, \
         CP 1 Details See the data."
    );
    let bare = json!({
        "schema_name": "publication", "details": {"body": "<p>Text.</p>"},
        "links": {"children": [{"title": "The plan", "base_path": "/plan", "document_type": "html_publication"}]},
    });
    assert_eq!(words(&bare), "Documents The plan Details Text.");
}

#[test]
fn sizes_have_three_figures() {
    let cases = [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (33_485, "32.7 KB"),
        (803_783, "785 KB"),
        (1_090_519, "1.04 MB"),
        (1 << 20, "1 MB"),
        (6_500_000, "6.2 MB"),
        (1 << 31, "2 GB"),
        (u64::MAX, "17179869184 GB"),
    ];
    for (bytes, expected) in cases {
        let file = json!({"schema_name": "publication", "details": {
            "attachments": [{"url": "/a", "file_size": bytes}]}});
        assert_eq!(words(&file), format!("Documents /a, {expected}"));
    }
}

#[test]
fn files_that_stand_in_the_text_are_not_listed() {
    let attachments = json!([
        {"id": "a", "url": "/a", "title": "A"}, {"id": "b", "url": "/b", "title": "B"},
    ]);
    let news = json!({"schema_name": "news_article", "details": {
        "body": "<p>Text.</p>", "attachments": attachments}});
    assert_eq!(words(&news), "Text.");
    let asked = json!({"schema_name": "consultation", "details": {
        "body": "<p>Text, <a href=\"/a\">a</a>.</p>", "attachments": attachments}});
    assert_eq!(words(&asked), "Text, a. Documents B");
    let featured = json!({"schema_name": "consultation", "details": {
        "body": "<p>Text.</p>", "attachments": attachments, "featured_attachments": ["b", "c"]}});
    assert_eq!(words(&featured), "Text. Documents B");
}

#[test]
fn marks_of_attachments_become_links() {
    let document = json!({"schema_name": "manual_section", "details": {
        "body": "<p>[InlineAttachment:a.pdf] [Attachment: none] [1] [Attachment:",
        "attachments": [{"filename": "a.pdf", "id": "1", "url": "/a.pdf", "title": "A"}]}});
    assert!(
        html(&document).contains("<p><a href=\"/a.pdf\">A</a> [Attachment: none] [1] [Attachment:")
    );
}

#[test]
fn other_html_of_documents_stays_whole() {
    let document = json!({"schema_name": "publication", "details": {
        "documents": ["<p>Read <a href=/a>it</a> here.</p>", "", 7]}});
    assert_eq!(words(&document), "Documents Read it here.");
}

#[test]
fn travel_advice_begins_with_the_warning() {
    let document = json!({"schema_name": "travel_advice", "document_type": "travel_advice",
    "public_updated_at": "2026-11-20T10:00:00Z",
    "details": {
        "country": {"name": "Utopia"},
        "alert_status": ["avoid_all_but_essential_travel_to_parts", "unknown"],
        "change_description": "Latest update: Protests in the capital ('Safety' page)",
        "updated_at": "2026-11-21T10:00:00Z",
        "summary": [{"content_type": "text/html", "content": "<p>Get insurance.</p>"}],
        "parts": [{"title": "Entry requirements", "body": "<p>A passport.</p>"}],
    }});
    assert_eq!(
        words(&document),
        "FCDO advises against all but essential travel to parts of Utopia. Summary Get insurance. \
         Entry requirements A passport."
    );
    let changes = govuk(document.to_string().as_bytes())
        .unwrap()
        .facts
        .changes;
    assert_eq!(changes[0].note, "Protests in the capital ('Safety' page)");
    assert_eq!(changes[0].at.to_string(), "2026-11-21T10:00:00Z");
}

#[test]
fn a_speech_says_when_and_where_and_who() {
    let document = json!({"schema_name": "speech", "document_type": "speech",
        "details": {"body": "<p>Thank you.</p>", "delivered_on": "2016-06-02T09:30:00.000+01:00",
            "location": "Town Hall", "speech_type_explanation": "(Transcript of the speech)"},
        "links": {"speaker": [{"title": "Ruth  Amadi"}], "people": [{"title": "Ruth Amadi"}, {"title": "Jo Li"}]}});
    assert_eq!(
        words(&document),
        "Delivered on: 2 June 2016 9:30am (Transcript of the speech) Location: Town Hall Thank you."
    );
    let facts = govuk(document.to_string().as_bytes()).unwrap().facts;
    assert_eq!(facts.byline.as_deref(), Some("Ruth Amadi, Jo Li"));
    let news = facts_of(json!({"links": {"people": [{"title": "A minister"}]}}));
    assert_eq!(news.byline, None);
}

#[test]
fn announced_statistics_say_when_they_come() {
    let announced = json!({"schema_name": "statistics_announcement", "details": {
        "display_date": "20 January 2027 9:30am", "state": "confirmed",
        "previous_display_date": "13 January 2027 9:30am", "latest_change_note": "More checks"}});
    assert_eq!(
        words(&announced),
        "Release date: 20 January 2027 9:30am (confirmed) Previous date: 13 January 2027 9:30am \
         Reason for change: More checks"
    );
    let cancelled = json!({"schema_name": "statistics_announcement", "details": {
        "display_date": "20 January 2027", "state": "cancelled", "cancellation_reason": "Merged"}});
    assert_eq!(
        words(&cancelled),
        "Statistics release cancelled Merged Release date: 20 January 2027"
    );
}

#[test]
fn a_service_says_where_it_begins() {
    let document = json!({"schema_name": "transaction", "details": {
        "introductory_paragraph": "<p>Renew it here.</p>", "start_button_text": "Renew now",
        "transaction_start_link": "https://renew.example", "will_continue_on": "the renewal site",
        "more_information": "<p>Have it at hand.</p>", "what_you_need_to_know": "<p>It costs.</p>",
        "other_ways_to_apply": "<p>By post.</p>"}});
    assert_eq!(
        words(&document),
        "Renew it here. Renew now on the renewal site Before you start Have it at hand. What you \
         need to know It costs. Other ways to apply By post."
    );
}

#[test]
fn steps_are_numbered() {
    let document = json!({"schema_name": "step_by_step_nav", "details": {"step_by_step_nav": {
    "introduction": [{"content_type": "text/html", "content": "<p>What to do.</p>"}],
    "steps": [
        {"title": "Check", "contents": [
            {"type": "paragraph", "text": "You need both:"},
            {"type": "list", "contents": [{"text": "a form", "href": "/form", "context": "(£5)"}, {"text": "ink"}]}]},
        {"title": "Wait", "logic": "or"}, {"title": "Send"},
    ]}}});
    assert_eq!(
        words(&document),
        "What to do. Step 1: Check You need both: a form (£5) ink Step 1 or: Wait Step 2: Send"
    );
    assert!(html(&document).contains("<li><a href=\"/form\">a form</a> (£5)</li>"));
}

#[test]
fn collections_manuals_and_topics_list_what_is_in_them() {
    let collection = json!({"schema_name": "document_collection",
        "details": {"body": "<p>All of it.</p>", "collection_groups": [
            {"title": "First", "body": "<p>Old.</p>", "documents": ["b", "gone", "a"]}]},
        "links": {"documents": [
            {"content_id": "a", "title": "A", "base_path": "/a", "description": "not shown", "document_type": "guide"},
            {"content_id": "b", "title": "B", "base_path": "/b"}]}});
    assert_eq!(words(&collection), "All of it. First Old. B A");
    let manual = json!({"schema_name": "hmrc_manual", "details": {"child_section_groups": [
        {"title": "Contents", "child_sections": [
            {"section_id": "AB100", "title": "Introduction", "description": "What it is", "base_path": "/ab100"}]}]}});
    assert_eq!(words(&manual), "Contents AB100 Introduction: What it is");
    let topic = json!({"schema_name": "service_manual_topic",
        "details": {"groups": [{"name": "Teams", "description": "Who", "content_ids": ["a"]}]},
        "links": {"linked_items": [{"content_id": "a", "title": "A", "base_path": "/a"}]}});
    assert_eq!(words(&topic), "Teams Who A");
}

#[test]
fn questions_come_with_their_answers() {
    let document = json!({"schema_name": "simple_smart_answer", "details": {
        "body": "<p>Find out.</p>", "nodes": [
            {"kind": "question", "title": "Old?", "options": [{"label": "Yes & no"}, {"label": "No"}]},
            {"kind": "outcome", "title": "Wait", "body": "<p>Ask again.</p>"}]}});
    assert_eq!(
        words(&document),
        "Find out. Old? Yes & no No Wait Ask again."
    );
}

#[test]
fn a_notice_of_death_begins_with_the_roll_call() {
    let document = json!({"schema_name": "fatality_notice", "details": {
        "body": "<p>About them.</p>", "roll_call_introduction": "With sadness.", "casualties": ["A & B", "C"]}});
    assert_eq!(words(&document), "With sadness. A & B C About them.");
}

#[test]
fn the_picture_has_its_caption() {
    let document = |picture: Value| {
        json!({"schema_name": "news_article", "details": {
        "body": "<p>Text.</p>", "images": [picture]}})
    };
    let told = document(
        json!({"type": "lead", "sources": {"s300": "/3", "s960": "/9"},
        "alt_text": "", "caption": "At the opening", "credit": "The office"}),
    );
    let made = html(&told);
    in_order(
        &made,
        &[
            "<img src=\"/9\" alt=\"\">",
            "At the opening<br>Credit: The office",
            "Text.",
        ],
    );
    let decoration = document(json!({"type": "lead", "sources": {"s300": "/3"}, "alt_text": ""}));
    assert_eq!(html(&decoration), "<div><p>Text.</p></div>\n");
}

#[test]
fn a_document_says_to_which_nations_it_applies() {
    let nation = |label: &str, applicable: bool, url: &str| json!({"label": label, "applicable": applicable, "alternative_url": url});
    let document = |wales: bool, scotland: &str| {
        json!({"schema_name": "detailed_guide", "details": {
        "body": "<p>Text.</p>", "national_applicability": {
            "england": nation("England", true, ""), "wales": nation("Wales", wales, ""),
            "scotland": nation("Scotland", wales, scotland),
            "northern_ireland": nation("Northern Ireland", wales, "/ni")}}})
    };
    assert_eq!(
        words(&document(false, "https://scot.example")),
        "Applies to England (see guidance for Northern Ireland and Scotland) Text."
    );
    assert_eq!(words(&document(true, "")), "Text.");
}

#[test]
fn facts_are_read() {
    let facts = facts_of(json!({
        "description": " A plan\nfor all ", "document_type": "foi_release",
        "first_published_at": "2026-01-02T10:00:00+00:00", "public_updated_at": "2026-02-03T10:00:00+01:00",
        "details": {"first_public_at": "2026-01-01T00:00:00.000+00:00", "emphasised_organisations": ["2"],
            "opening_date": "2026-01-01T00:01:00Z", "closing_date": "2026-03-01T23:59:00+01:00",
            "change_history": [
                {"note": "First published.", "public_timestamp": "2026-01-01T00:00:00.000+00:00"},
                {"note": "A <b>typo</b>\nmended. ", "public_timestamp": "2026-01-05T00:00:00.000+00:00"},
                {"note": "Table 2 added.", "public_timestamp": "2026-01-04T00:00:00.000+00:00"},
                {"note": "No date."}, {"public_timestamp": "2026-01-04T00:00:00.000+00:00"}, 5],
            "change_notes": [{"title": "Section 3", "change_note": "New rate", "published_at": "2026-01-03T00:00:00Z"}]},
        "links": {"organisations": [{"content_id": "1", "title": "First"}, {"content_id": "2", "title": "Second"}],
            "worldwide_organisations": [{"title": "An embassy"}, {"title": "First"}]},
    }));
    assert_eq!(facts.standfirst.as_deref(), Some("A plan for all"));
    assert_eq!(facts.kind.as_deref(), Some("FOI release"));
    assert_eq!(facts.organisations, ["Second", "First", "An embassy"]);
    assert_eq!(facts.published.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(facts.updated.unwrap().to_string(), "2026-02-03T09:00:00Z");
    assert_eq!(facts.opens.unwrap().to_string(), "2026-01-01T00:01:00Z");
    assert_eq!(facts.closes.unwrap().to_string(), "2026-03-01T22:59:00Z");
    let notes: Vec<&str> = facts.changes.iter().map(|change| &*change.note).collect();
    assert_eq!(
        notes,
        ["A typo mended.", "Table 2 added.", "Section 3: New rate"]
    );
}

#[test]
fn an_empty_notice_withdraws_nothing() {
    for notice in [
        json!(null),
        json!({}),
        json!({"explanation": "", "withdrawn_at": null}),
        json!(1),
    ] {
        assert_eq!(
            facts_of(json!({"withdrawn_notice": notice})).withdrawn,
            None
        );
    }
    let withdrawn = facts_of(json!({"withdrawn_notice": {
        "explanation": "<p>Old.</p>", "withdrawn_at": "2019-05-15T11:29:10Z"}}));
    let withdrawn = withdrawn.withdrawn.unwrap();
    assert_eq!(withdrawn.explanation, "<p>Old.</p>");
    assert!(withdrawn.at.is_some());
}

#[test]
fn only_what_is_political_is_of_an_earlier_government() {
    let told = |political: Value, linked: Value, before: Value| {
        let linked = json!({"title": "Linked", "details": {"current": linked}});
        let before = json!({"title": "Before", "current": before});
        let document = json!({"details": {"political": political, "government": before},
            "links": {"government": [linked]}});
        facts_of(document).government
    };
    let (yes, no, none) = (json!(true), json!(false), json!(null));
    assert_eq!(
        told(yes.clone(), no.clone(), none.clone()).as_deref(),
        Some("Linked")
    );
    assert_eq!(
        told(yes.clone(), none.clone(), no.clone()).as_deref(),
        Some("Before")
    );
    assert_eq!(told(yes.clone(), yes.clone(), no.clone()), None);
    assert_eq!(told(yes.clone(), none.clone(), none.clone()), None);
    assert_eq!(told(no.clone(), no.clone(), no.clone()), None);
    assert_eq!(told(none.clone(), no.clone(), no), None);
}

#[test]
fn what_has_gone_says_where() {
    let read = |json: &str| govuk(json.as_bytes()).unwrap_err();
    let moved =
        read(r#"{"schema_name": "redirect", "redirects": [{"path": "/a", "destination": "/b"}]}"#);
    let to = Url::parse("https://www.gov.uk/b").unwrap();
    assert_eq!(moved, ExtractError::Moved { to });
    assert_eq!(read(r#"{"schema_name": "redirect"}"#), ExtractError::Gone);
    assert_eq!(read(r#"{"schema_name": "gone"}"#), ExtractError::Gone);
    for none in ["", "[]", "null", "7", "{}", "<html>", r#"{"error": "no"}"#] {
        assert_eq!(read(none), ExtractError::NoDocument, "{none}");
    }
    assert_eq!(
        read(r#"{"schema_name": "finder", "details": {}}"#),
        ExtractError::NoText
    );
}

/// Every field of every saved document, in turn of the wrong type: never a panic.
#[test]
fn wrong_types_do_no_harm() {
    let sample = json!({
        "schema_name": "consultation", "document_type": "open_consultation", "description": "d",
        "details": {"body": "<p>b</p>", "attachments": [{"id": "a", "url": "/a"}],
            "featured_attachments": ["a"], "ways_to_respond": {"email": "e"}, "parts": [{"title": "t"}],
            "nodes": [{"options": [{"label": "l"}]}], "change_history": [{"note": "n"}],
            "national_applicability": {"england": {"label": "England", "applicable": true}},
            "image": {"url": "/i", "alt_text": "i"}, "images": [{"type": "lead"}],
            "step_by_step_nav": {"steps": [{"contents": [{"contents": [{}]}]}]},
            "government": {"current": false}, "political": true, "emphasised_organisations": ["o"]},
        "links": {"organisations": [{"title": "o"}], "government": [{"details": {}}]},
        "withdrawn_notice": {}});
    let mut spoilt = 0;
    for wrong in [
        json!(null),
        json!(7),
        json!("é"),
        json!([[]]),
        json!({"a": {}}),
        json!(true),
    ] {
        for path in paths(&sample, String::new()) {
            let mut document = sample.clone();
            *document.pointer_mut(&path).unwrap() = wrong.clone();
            let _ = govuk(document.to_string().as_bytes());
            spoilt += 1;
        }
    }
    assert!(spoilt > 300, "{spoilt}");
}

/// The pointers to all values of a document.
fn paths(value: &Value, path: String) -> Vec<String> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                all.extend(paths(field, format!("{path}/{name}")));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                all.extend(paths(item, format!("{path}/{at}")));
            }
        }
        _ => {}
    }
    all.push(path);
    all
}

#[test]
fn no_word_of_a_saved_document_is_lost_or_doubled() {
    for (name, json) in crate::extract::saved("real/govuk") {
        let document: Value = serde_json::from_slice(&json).unwrap();
        let page = govuk(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let body = document["details"]["body"].as_str().unwrap();
        let whole = in_one_line(&plain_text(&page.html));
        let body = in_one_line(&plain_text(body));
        assert_eq!(whole.matches(&body).count(), 1, "{name}");
        assert!(
            !page.facts.kind.as_deref().unwrap_or("A").contains('_'),
            "{name}"
        );
        assert!(
            page.facts.organisations.len() + page.facts.changes.len() > 0,
            "{name}"
        );
    }
}
