//! Documents of GOV.UK, from its content API over HTTPS.

use std::net::Ipv4Addr;
use std::process::Command;

use serde_json::json;

use super::*;
use crate::support::env::{corpus, finish};

/// A folder whose feed has one document of GOV.UK, and the server that plays the content API.
struct GovUk {
    env: TestEnv,
    server: FakeServer,
    proxy: String,
}

impl GovUk {
    fn new(document: &serde_json::Value) -> Self {
        let server = FakeServer::start_tls_at(Ipv4Addr::LOCALHOST);
        let proxy = proxy::start(server.address());
        let env = env("", "");
        let gov_uk = Self { env, server, proxy };
        gov_uk.publish("2009-11-20T10:00:00Z");
        gov_uk.tell(document);
        gov_uk
    }

    /// Publishes the feed, with the document updated at this time.
    fn publish(&self, updated: &str) {
        self.env.write(
            "feed.xml",
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>GOV.UK</title><id>feed</id>\
                 <updated>{updated}</updated><entry><id>https://www.gov.uk/plan#{updated}</id>\
                 <title>A plan</title><link href=\"https://www.gov.uk/plan\"/>\
                 <updated>{updated}</updated><summary>What each must report.</summary></entry></feed>"
            ),
        );
    }

    fn tell(&self, document: &serde_json::Value) {
        let body = document.to_string();
        self.server.decide("/api/content/plan", move |_| {
            Answer::ok(body.clone()).header("content-type", "application/json")
        });
    }

    fn run(&self, arguments: &[&str]) -> String {
        let mut command: Command = self.env.command(arguments);
        command
            .env("HTTPS_PROXY", &self.proxy)
            .env("SSL_CERT_FILE", FakeServer::authority());
        let ran = finish(&mut command);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        ran.out
    }
}

/// A document with this body and these change notes, the newest first.
fn document(body: &str, notes: &[(&str, &str)]) -> serde_json::Value {
    let notes: Vec<_> = notes
        .iter()
        .map(|(at, note)| json!({"public_timestamp": at, "note": note}))
        .collect();
    json!({
        "schema_name": "policy_paper",
        "document_type": "policy_paper",
        "title": "A plan",
        "description": "What each must report.",
        "first_published_at": "2009-11-13T10:00:00Z",
        "public_updated_at": "2009-11-20T10:00:00Z",
        "details": {"body": body, "change_history": notes},
        "links": {"organisations": [{"title": "Cabinet Office"}]},
    })
}

#[test]
fn a_document_comes_from_the_content_api() {
    let mut told = document("<ol><li>Build once.</li><li>Use everywhere.</li></ol>", &[]);
    told["withdrawn_notice"] = json!({
        "explanation": "<p>A <a href=\"/new\">shorter plan</a> takes its place.</p>",
        "withdrawn_at": "2009-11-23T10:00:00Z"
    });
    let gov_uk = GovUk::new(&told);
    let out = gov_uk.run(&["refresh", "--format", "json"]);
    assert!(
        out.contains("{\"prefetch\":{\"fetched\":1,\"failed\":0,\"left\":0}}"),
        "{out}"
    );
    let text = gov_uk.run(&["show", "1", "--width", "76"]);
    assert_eq!(
        text,
        "A plan\n\n\
         GOV.UK · policy paper · Cabinet Office\n\
         13 November 2009, updated 20 November 2009\n\
         News · 1 min\n\n\
         ┃ Withdrawn on 23 November 2009. A shorter plan[1] takes its place.\n\n\
         What each must report.\n\n\
         \u{20} 1.  Build once.\n\
         \u{20} 2.  Use everywhere.\n\n\
         Links\n\
         \u{20} 1  shorter plan: www.gov.uk/new\n"
    );
    let shown = article(&gov_uk.env, "A plan");
    assert_eq!(shown["withdrawn"], "A shorter plan takes its place.");
}

#[test]
fn what_changed_since_the_readers_visit_is_told() {
    let first = document(
        "<p>Report in March.</p>",
        &[("2009-11-13T10:00:00Z", "First published.")],
    );
    let gov_uk = GovUk::new(&first);
    gov_uk.run(&["refresh"]);
    gov_uk.run(&["mark", "read", "1"]);
    // The same text under a new date is no change.
    gov_uk.publish("2009-11-21T10:00:00Z");
    gov_uk.run(&["refresh", "--force"]);
    assert_eq!(gov_uk.server.asked().len(), 2);
    assert_eq!(article(&gov_uk.env, "A plan")["changed"], false);
    gov_uk.publish("2009-11-22T10:00:00Z");
    gov_uk.tell(&document(
        "<p>Report in May.</p>",
        &[
            ("2009-11-22T10:00:00Z", "Moved the report."),
            ("2009-11-13T10:00:00Z", "First published."),
        ],
    ));
    gov_uk.run(&["refresh", "--force"]);
    let shown = article(&gov_uk.env, "A plan");
    assert_eq!(
        (&shown["changed"], &shown["revisions"]),
        (&true.into(), &1.into())
    );
    let text = gov_uk.run(&["show", "1"]).replace("\n┃", "");
    assert!(
        text.contains(": Moved the report. v shows the changes;"),
        "{text}"
    );
    let changes = gov_uk.run(&["show", "1", "--changes"]);
    assert!(
        changes.contains("Report in [-March.-] {+May.+}"),
        "{changes}"
    );
}

/// The content API's answer for a document that leads on to another.
fn moved(to: &str) -> Answer {
    let told = json!({
        "schema_name": "redirect",
        "document_type": "redirect",
        "redirects": [{"path": "/plan", "destination": to, "type": "exact"}],
    });
    Answer::ok(told.to_string()).header("content-type", "application/json")
}

#[test]
fn a_document_that_moved_is_followed() {
    let gov_uk = GovUk::new(&json!({}));
    gov_uk
        .server
        .decide("/api/content/plan", |_| moved("/new-plan"));
    let text = document("<p>Report in March.</p>", &[]).to_string();
    gov_uk
        .server
        .answer("/api/content/new-plan", Answer::ok(text));
    let out = gov_uk.run(&["refresh", "--format", "json"]);
    let told = "{\"prefetch\":{\"fetched\":1,\"failed\":0,\"left\":0}}";
    assert!(out.contains(told), "{out}");
    assert_eq!(
        article(&gov_uk.env, "A plan")["text"]
            .as_str()
            .unwrap()
            .lines()
            .last(),
        Some("Report in March.")
    );
}

#[test]
fn documents_that_lead_in_circles_or_to_private_hosts_are_of_no_use() {
    let private = FakeServer::start();
    private.decide_all(|_| page("the end"));
    for to in ["/plan", &private.url("/plan"), "/search?keywords=plan"] {
        let to = to.to_owned();
        let gov_uk = GovUk::new(&json!({}));
        gov_uk
            .server
            .decide("/api/content/plan", move |_| moved(&to));
        let out = gov_uk.run(&["refresh", "--format", "json"]);
        let told = "{\"prefetch\":{\"fetched\":0,\"failed\":1,\"left\":0}}";
        assert!(out.contains(told), "{out}");
        assert!(gov_uk.server.asked().len() <= 4);
        let out = gov_uk.run(&["refresh", "--format", "json"]);
        assert!(!out.contains("prefetch"), "{out}");
    }
    assert!(private.asked().is_empty());
}

#[test]
fn real_documents_come_whole() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("real/govuk");
    let mut stored = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let told: serde_json::Value =
            serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let gov_uk = GovUk::new(&told);
        let out = gov_uk.run(&["refresh", "--format", "json"]);
        assert!(
            out.contains("\"fetched\":1,"),
            "{}: {out}",
            told["base_path"]
        );
        let shown = article(&gov_uk.env, "A plan");
        assert_eq!(shown["source"], "page", "{}", told["base_path"]);
        stored += 1;
    }
    assert!(stored > 0, "the folder has documents");
}

#[test]
fn a_consultation_tells_when_it_closes() {
    let mut told = document("<p>Tell us what you think.</p>", &[]);
    told["schema_name"] = json!("consultation");
    told["document_type"] = json!("open_consultation");
    told["details"]["opening_date"] = json!("2009-11-13T10:00:00Z");
    told["details"]["closing_date"] = json!("2099-02-10T23:45:00+00:00");
    let gov_uk = GovUk::new(&told);
    gov_uk.run(&["refresh"]);
    let closing = gov_uk.run(&["list", "--closing", "2100-01-01", "--format", "json"]);
    let closing: serde_json::Value = serde_json::from_str(&closing).unwrap();
    assert_eq!(closing["closes"], "2099-02-10T23:45:00Z");
    assert_eq!(gov_uk.run(&["list", "--closing", "2099-01-01"]), "");
}
