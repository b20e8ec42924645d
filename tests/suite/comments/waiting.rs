//! What the reader said may be sent, while the site couldn't be reached, goes out with a refresh.

use std::time::Duration;

use super::{KNOWN, printed, refresh, release, site};
use crate::support::wordpress::{Door, Shown};

#[test]
fn what_waits_is_sent_by_the_next_refresh_that_reaches_the_site_and_once() {
    let site = site();
    let env = site.reader(KNOWN);
    release(&env, "ferry", "It waited.");
    let offline = env.json(&["--offline", "refresh", "--format", "json"]);
    assert!(offline.iter().all(|line| {
        line["comments"]["sent"]
            .as_array()
            .is_none_or(Vec::is_empty)
    }));
    assert!(site.sent().is_empty());
    assert!(printed(&env, "ferry").contains("You · waiting for the network"));
    let told = refresh(&env, &[]).expect("a word on comments");
    assert_eq!(told["sent"][0]["status"], "published");
    assert_eq!(told["waiting"], 0);
    assert_eq!(site.sent().len(), 1);
    refresh(&env, &["--force"]);
    assert_eq!(site.sent().len(), 1);
    assert!(site.post(7).comments[3].shown == Shown::Approved);
}

#[test]
fn two_that_wait_for_one_site_go_fifteen_seconds_apart() {
    let site = site();
    site.change(|site| site.is_slowing = true);
    let env = site.reader(KNOWN);
    release(&env, "ferry", "The first.");
    release(&env, "quay", "The second.");
    let told = refresh(&env, &[]).expect("a word on comments");
    let sent = site.sent();
    let texts: Vec<_> = sent.iter().map(|one| one.field("comment")).collect();
    assert_eq!(texts, [Some("The first."), Some("The second.")]);
    // The site compares whole seconds, and refuses what comes after less than fifteen.
    let apart = sent[1].asked.time.duration_since(sent[0].asked.time);
    assert!(apart >= Duration::from_secs(14), "{apart:?}");
    assert_eq!(told["sent"].as_array().map(Vec::len), Some(2));
    let states: Vec<_> = told["sent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(states, ["published", "published"]);
}

#[test]
fn a_site_that_cannot_be_reached_keeps_it_waiting() {
    let site = site();
    let env = site.reader(KNOWN);
    release(&env, "ferry", "Still waiting.");
    let address = site.change(|site| site.link(&site.posts[0]));
    let path = url::Url::parse(&address).unwrap().path().to_owned();
    let busy = crate::support::server::Answer::status(503);
    site.server().answer(&path, busy);
    let told = refresh(&env, &["--force"]).expect("a word on comments");
    assert_eq!(
        (&told["waiting"], told["sent"].as_array().map(Vec::len)),
        (&1.into(), Some(0))
    );
    assert!(printed(&env, "ferry").contains("waiting for the network"));
    assert!(site.sent().is_empty());
}

#[test]
fn what_was_refused_or_lost_waits_no_more() {
    for (door, word) in [(Door::Accounts, "refused"), (Door::Lost, "unknown")] {
        let site = site();
        let env = site.reader(KNOWN);
        release(&env, "ferry", "Once.");
        site.change(|site| site.door = door);
        let told = refresh(&env, &["--force"]).expect("a word on comments");
        assert_eq!(told["sent"][0]["status"], word);
        site.change(|site| site.door = Door::Open);
        let sent = site.sent().len();
        refresh(&env, &["--force"]);
        assert_eq!(site.sent().len(), sent, "{word}: never without a new yes");
        assert!(printed(&env, "ferry").contains("Once."));
    }
}

#[test]
fn one_that_was_on_its_way_when_the_program_was_killed_is_never_sent_by_itself() {
    use gazette::model::comment::DraftState;
    let site = site();
    let env = site.reader(KNOWN);
    let id = release(&env, "ferry", "Killed in between.");
    let past = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    {
        let mut store = gazette::store::Store::open(env.path("data").as_path()).unwrap();
        assert!(
            store
                .change_draft(id, &DraftState::Sending, past, |_| true)
                .unwrap()
        );
    }
    refresh(&env, &["--force"]);
    assert!(site.sent().is_empty());
    assert!(printed(&env, "ferry").contains("unknown: sent, no answer"));
}
