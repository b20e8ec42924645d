//! What stands above a document's text, and texts that are made of several parts.

use std::collections::HashMap;

use serde_json::Value;

use super::text::Text;
use super::values::{day, link, list, text as told};
use crate::html::escaped;
use crate::model::text::in_one_line;

/// How travel advice says whether to go, and what that means.
const ALERTS: [(&str, &str); 4] = [
    (
        "avoid_all_travel_to_whole_country",
        "FCDO advises against all travel to ",
    ),
    (
        "avoid_all_travel_to_parts",
        "FCDO advises against all travel to parts of ",
    ),
    (
        "avoid_all_but_essential_travel_to_whole_country",
        "FCDO advises against all but essential travel to ",
    ),
    (
        "avoid_all_but_essential_travel_to_parts",
        "FCDO advises against all but essential travel to parts of ",
    ),
];

/// The tabs of a service's page: the field, and what the tab is called.
const TABS: [(&str, &str); 5] = [
    ("more_information", "Before you start"),
    ("need_to_know", "What you need to know"),
    ("what_you_need_to_know", "What you need to know"),
    ("other_ways_to_apply", "Other ways to apply"),
    ("services", "Services"),
];

/// Adds what stands above the text: where it applies, when a speech was held or statistics come out,
/// whether to travel, and the picture.
pub(super) fn add_above(text: &mut Text, document: &Value) {
    let details = &document["details"];
    add_nations(text, &details["national_applicability"]);
    add_alerts(text, details);
    add_speech(text, details);
    add_release(text, details);
    add_picture(text, details);
}

/// Adds the nations to which a document applies, unless it applies to all.
fn add_nations(text: &mut Text, nations: &Value) {
    let all = ["england", "northern_ireland", "scotland", "wales"];
    let known: Vec<(&Value, &str)> = all
        .iter()
        .filter_map(|name| {
            let nation = nations.get(*name)?;
            Some((nation, told(nation, "label")?))
        })
        .collect();
    let applies = |nation: &Value| nation["applicable"].as_bool() == Some(true);
    let here: Vec<String> = known
        .iter()
        .filter(|(nation, _)| applies(nation))
        .map(|(_, label)| escaped(label))
        .collect();
    if here.is_empty() || here.len() == all.len() {
        return;
    }
    let elsewhere: Vec<String> = known
        .iter()
        .filter(|(nation, _)| !applies(nation))
        .filter_map(|(nation, label)| Some(link(told(nation, "alternative_url")?, label)))
        .collect();
    let see = if elsewhere.is_empty() {
        String::new()
    } else {
        format!(" (see guidance for {})", and(&elsewhere))
    };
    text.paragraph(&format!("Applies to {}{see}", and(&here)));
}

/// Returns words joined as in a sentence.
fn and(words: &[String]) -> String {
    match words {
        [before @ .., one, last] => {
            let mut all = before.to_vec();
            all.push(format!("{one} and {last}"));
            all.join(", ")
        }
        _ => words.concat(),
    }
}

fn add_alerts(text: &mut Text, details: &Value) {
    let country = told(&details["country"], "name").unwrap_or("this country");
    for alert in list(details, "alert_status").filter_map(Value::as_str) {
        if let Some((_, advice)) = ALERTS.iter().find(|(code, _)| *code == alert) {
            let advice = format!("{advice}{}.", escaped(country));
            text.paragraph(&format!("<strong>{advice}</strong>"));
        }
    }
}

fn add_speech(text: &mut Text, details: &Value) {
    let mut facts = Vec::new();
    if let Some(day) = day(details, "delivered_on") {
        let how = told(details, "speech_type_explanation");
        let how = how.map_or(String::new(), |how| format!(" {}", escaped(how.trim())));
        facts.push(format!("Delivered on: {day}{how}"));
    }
    if let Some(place) = told(details, "location") {
        facts.push(format!("Location: {}", escaped(place.trim())));
    }
    if !facts.is_empty() {
        text.paragraph(&facts.join("<br>"));
    }
}

/// Adds when statistics are released, or that they aren't.
fn add_release(text: &mut Text, details: &Value) {
    let state = told(details, "state");
    if let Some(reason) = told(details, "cancellation_reason") {
        text.heading("Statistics release cancelled");
        text.paragraph(&escaped(reason));
    }
    let Some(date) = told(details, "display_date") else {
        return;
    };
    let certain = match state {
        Some(state @ ("confirmed" | "provisional")) => format!(" ({state})"),
        _ => String::new(),
    };
    let mut facts = vec![format!("Release date: {}{certain}", escaped(date.trim()))];
    if let Some(before) = told(details, "previous_display_date") {
        facts.push(format!("Previous date: {}", escaped(before.trim())));
    }
    if let Some(why) = told(details, "latest_change_note") {
        facts.push(format!("Reason for change: {}", escaped(why.trim())));
    }
    text.paragraph(&facts.join("<br>"));
}

/// Adds the picture above the text, if anything is told of it.
fn add_picture(text: &mut Text, details: &Value) {
    let leading = list(details, "images").find(|image| told(image, "type") == Some("lead"));
    let Some(picture) = leading.or_else(|| details.get("image")) else {
        return;
    };
    let sizes = picture.get("sources").and_then(Value::as_object);
    let largest = sizes.and_then(|sizes| sizes.values().next_back()?.as_str());
    let Some(address) = told(picture, "url").or(largest) else {
        return;
    };
    let alternative = told(picture, "alt_text");
    let caption = told(picture, "caption");
    let credit = told(picture, "credit").map(|credit| format!("Credit: {credit}"));
    let said: Vec<String> = caption
        .map(in_one_line)
        .into_iter()
        .chain(credit.as_deref().map(in_one_line))
        .map(|said| escaped(&said))
        .collect();
    if alternative.is_none() && said.is_empty() {
        return;
    }
    let caption = if said.is_empty() {
        String::new()
    } else {
        format!("<figcaption>{}</figcaption>", said.join("<br>"))
    };
    text.html(&format!(
        "<figure><img src=\"{}\" alt=\"{}\">{caption}</figure>",
        escaped(address),
        escaped(alternative.unwrap_or_default())
    ));
}

/// Returns the heading of what travel advice begins with.
pub(super) fn summary_heading(details: &Value) -> Option<&'static str> {
    list(details, "parts").next().map(|_| "Summary")
}

/// Adds the link with which a service begins, and what is to be known of it.
pub(super) fn add_start(text: &mut Text, details: &Value) {
    let start =
        told(details, "transaction_start_link").or_else(|| told(details, "continuation_link"));
    if let Some(url) = start {
        let label = told(details, "start_button_text").unwrap_or("Start now");
        let on = told(details, "will_continue_on");
        let on = on.map_or(String::new(), |site| {
            format!(" on {}", escaped(site.trim()))
        });
        text.paragraph(&format!("{}{on}", link(url, label)));
    }
    for (field, heading) in TABS {
        text.body_under(Some(heading), details.get(field));
    }
}

/// Adds the parts of a guide or of travel advice, each under its title.
pub(super) fn add_parts(text: &mut Text, details: &Value) {
    for part in list(details, "parts") {
        if let Some(title) = told(part, "title") {
            text.heading(title);
        }
        text.body(part.get("body"));
    }
}

/// Adds the steps of a journey through several pages.
pub(super) fn add_steps(text: &mut Text, journey: &Value) {
    text.body(journey.get("introduction"));
    let mut number = 0;
    for step in list(journey, "steps") {
        let joined = if let Some(word @ ("and" | "or")) = told(step, "logic") {
            format!(" {word}")
        } else {
            number += 1;
            String::new()
        };
        let title = told(step, "title").unwrap_or_default();
        text.heading(&format!("Step {number}{joined}: {}", title.trim()));
        for content in list(step, "contents") {
            if let Some(said) = told(content, "text") {
                text.paragraph(&escaped(said));
            }
            let items = list(content, "contents").filter_map(|item| {
                let said = told(item, "text")?;
                let said = told(item, "href").map_or_else(|| escaped(said), |url| link(url, said));
                let more = told(item, "context");
                Some(more.map_or(said.clone(), |more| format!("{said} {}", escaped(more))))
            });
            text.list(&items.collect::<Vec<_>>());
        }
    }
}

/// Adds the groups of a collection, a manual or a topic: what each is, and what is in it.
pub(super) fn add_groups(text: &mut Text, document: &Value) {
    let (details, links) = (&document["details"], &document["links"]);
    let others = list(links, "documents").chain(list(links, "linked_items"));
    let known: HashMap<&str, &Value> = others
        .filter_map(|other| Some((told(other, "content_id")?, other)))
        .collect();
    for group in list(details, "collection_groups").chain(list(details, "groups")) {
        if let Some(title) = told(group, "title").or_else(|| told(group, "name")) {
            text.heading(title);
        }
        text.body(group.get("body").or_else(|| group.get("description")));
        let ids = list(group, "documents").chain(list(group, "content_ids"));
        let items: Vec<String> = ids
            .filter_map(Value::as_str)
            .filter_map(|id| linked(known.get(id)?))
            .collect();
        text.list(&items);
    }
    for group in list(details, "child_section_groups") {
        if let Some(title) = told(group, "title") {
            text.heading(title);
        }
        let sections: Vec<String> = list(group, "child_sections").filter_map(linked).collect();
        text.list(&sections);
    }
}

/// Returns a link to another document, with what is said of it.
pub(super) fn linked(other: &Value) -> Option<String> {
    let title = told(other, "title")?;
    let path = told(other, "base_path").or_else(|| told(other, "web_url"))?;
    let number = told(other, "section_id").map_or(String::new(), |id| format!("{} ", escaped(id)));
    let of_section = told(other, "description").filter(|_| other.get("document_type").is_none());
    let said = of_section.map_or(String::new(), |said| format!(": {}", escaped(said.trim())));
    Some(format!("{number}{}{said}", link(path, title.trim())))
}

/// Adds the questions of a smart answer with what may be answered, and its outcomes.
pub(super) fn add_questions(text: &mut Text, details: &Value) {
    for node in list(details, "nodes") {
        if let Some(title) = told(node, "title") {
            text.heading(title);
        }
        text.body(node.get("body"));
        let options = list(node, "options").filter_map(|option| told(option, "label"));
        text.list(&options.map(escaped).collect::<Vec<_>>());
    }
}
