//! The answers that a real WordPress gave are read as its database has them.

use serde_json::Value;

use crate::support::env::TestEnv;
use crate::support::server::Answer;
use crate::support::wordpress::SavedWordPress;

/// The posts whose comments were saved as the interface gives them.
const THROUGH_THE_INTERFACE: [&str; 9] = [
    "accessibility-statement-updated",
    "late-filing-fees-waived-after-system-fault",
    "mental-health-line-answers-round-the-clock",
    "open-meeting-on-the-harbour-plan",
    "patient-fees-a-step-by-step-guide",
    "pension-index-adjusted-by-2-1-what-it-means",
    "road-works-calendar-for-the-northern-districts",
    "street-lights-switched-to-led-street-by-street",
    "winter-tyre-checks-begin",
];

/// A folder whose feeds are all that were saved, refreshed.
fn reader(site: &SavedWordPress) -> TestEnv {
    let categories = [
        "digital-government",
        "health-services",
        "local-councils",
        "taxes-and-benefits",
        "transport",
    ];
    let feeds: Vec<String> = categories
        .iter()
        .map(|name| site.url(&format!("/category/{name}/feed/")))
        .collect();
    let feeds: Vec<&str> = feeds.iter().map(String::as_str).collect();
    let env = TestEnv::with_feeds(&feeds);
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    env
}

/// Returns a post of the truth, and its comments as the command prints them.
fn read(site: &SavedWordPress, env: &TestEnv, slug: &str) -> (Value, Vec<Value>) {
    let truth = site.truth();
    let posts = truth["posts"].as_array().unwrap();
    let post = posts
        .iter()
        .find(|post| post["slug"] == slug)
        .unwrap()
        .clone();
    let listed = env.json(&["list", "--format", "json"]);
    let found = listed
        .iter()
        .find(|one| one["url"] == post["link"])
        .unwrap();
    let id = found["id"].to_string();
    let comments = env.json(&["comments", &id, "--format", "json"]);
    (post, comments)
}

/// Returns a text without blanks and what can't be seen.
fn letters(text: &Value) -> String {
    let text = text.as_str().unwrap_or_default();
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn through_the_interface_all_is_as_the_database_has_it() {
    let Some(site) = SavedWordPress::start() else {
        return;
    };
    let env = reader(&site);
    for slug in THROUGH_THE_INTERFACE {
        let (post, comments) = read(&site, &env, slug);
        let truth = post["comments"].as_array().unwrap();
        let truth: Vec<&Value> = (truth.iter().filter(|one| one["type"] == "comment")).collect();
        assert_eq!(comments.len(), truth.len(), "{slug}");
        for (got, known) in comments.iter().zip(truth) {
            for (field, name) in [
                ("id", "id"),
                ("parent", "parent"),
                ("depth", "depth"),
                ("published", "date_gmt"),
            ] {
                assert_eq!(
                    got[field], known[name],
                    "{slug}: {field} of {}",
                    known["id"]
                );
            }
            // Sequences for terminals go as a whole.
            let words = format!("{}{}", known["author"], known["text"]);
            if !words.contains("\\u00")
                && !words.contains(|c: char| ('\u{7f}'..='\u{9f}').contains(&c))
            {
                assert_eq!(letters(&got["author"]), letters(&known["author"]), "{slug}");
                assert_eq!(
                    letters(&got["text"]),
                    letters(&known["text"]),
                    "{slug}: {}",
                    known["id"]
                );
            }
        }
    }
    let lists = site.server().asked();
    let lists = lists
        .iter()
        .filter(|asked| asked.target.contains("post=37&"));
    assert_eq!(lists.count(), 3, "300 comments");
}

#[test]
fn from_pages_of_the_classic_theme_and_the_block_theme_a_thread_is_the_same() {
    let Some(site) = SavedWordPress::start() else {
        return;
    };
    site.close_rest(&Answer::status(401).body("{}"));
    let mut threads = Vec::new();
    for page in ["pages/threads.html", "pages/block-theme-threads.html"] {
        site.instead(page);
        let env = reader(&site);
        let (post, comments) = read(&site, &env, "late-filing-fees-waived-after-system-fault");
        for (got, known) in comments.iter().zip(post["comments"].as_array().unwrap()) {
            for (field, name) in [
                ("id", "id"),
                ("parent", "parent"),
                ("depth", "depth"),
                ("published", "date_gmt"),
            ] {
                assert_eq!(
                    got[field], known[name],
                    "{page}: {field} of {}",
                    known["id"]
                );
            }
            assert_eq!(letters(&got["text"]), letters(&known["text"]), "{page}");
        }
        assert_eq!(comments.len(), 12);
        threads.push(comments);
    }
    let texts = |thread: &[Value]| {
        thread
            .iter()
            .map(|one| one["text"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&threads[0]), texts(&threads[1]));
}

#[test]
fn what_the_form_answers_is_understood() {
    let Some(site) = SavedWordPress::start() else {
        return;
    };
    let env = reader(&site);
    let config = std::fs::read_to_string(env.path("config.toml")).unwrap();
    env.configure(&format!(
        "[comments]\nname = \"Runa\"\nemail = \"runa@isles.example\"\n{config}"
    ));
    let listed = env.json(&["list", "--format", "json"]);
    let link = site.url("/2026/10/late-filing-fees-waived-after-system-fault/");
    let id = listed
        .iter()
        .find(|one| one["url"] == link.as_str())
        .unwrap()["id"]
        .to_string();
    for (file, status, words) in [
        ("form/success.html", "published", ""),
        ("form/awaiting-moderation.html", "held", ""),
        ("form/bad-email.html", "refused", "email address"),
        ("form/closed.html", "refused", "closed"),
        ("form/duplicate.html", "refused", "already said that"),
        ("form/empty-comment.html", "refused", "comment text"),
        ("form/flood.html", "refused", "too quickly"),
        ("form/missing-name-email.html", "refused", "required fields"),
        ("form/no-such-post.html", "refused", ""),
        ("form/registration-required.html", "refused", "logged in"),
        ("form/too-long.html", "refused", "too long"),
        ("form/reply-success.html", "published", ""),
    ] {
        site.then(file);
        env.write("comment.txt", file);
        let ran = env.run(&["comments", &id, "--post", "comment.txt", "--format", "json"]);
        let told: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(told["status"], status, "{file}: {told}");
        let message = told["message"].as_str().unwrap();
        assert!(
            message.contains(words) && !message.contains('<'),
            "{file}: {message}"
        );
        assert_eq!(ran.code, Some(i32::from(status == "refused")), "{file}");
        assert_eq!(
            told["id"].is_number(),
            status != "refused",
            "{file}: {told}"
        );
    }
}
