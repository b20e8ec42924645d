use super::*;
use crate::model::article::Mark;
use crate::model::comment::{
    Comment, CommentId, DraftId, DraftState, Receipt, SiteFacts, ThreadFacts, Way, Words,
};

/// A cache with one article, of which its feed counts so many comments.
fn with_article(counted: Option<u32>) -> (Cache, FeedId, ArticleId) {
    let mut cache = Cache::new();
    let feed = cache.old_feed("https://example.test/feed");
    cache.poll(feed, days(-1), &[counting(counted)]);
    let id = cache.id("one");
    (cache, feed, id)
}

fn counting(counted: Option<u32>) -> NewArticle {
    let mut new = article("one", Some(days(-2)));
    new.comments.count = counted;
    new
}

fn comment(name: &str, text: &str) -> Comment {
    Comment {
        id: CommentId(name.to_owned()),
        parent: Some(CommentId("1".to_owned())),
        author: "A. Reader".to_owned(),
        by_author: true,
        published: Some(days(-1)),
        html: text.to_owned(),
        url: Some("https://example.test/one#comment".to_owned()),
    }
}

fn facts() -> ThreadFacts {
    ThreadFacts {
        way: Some(Way::Rest),
        post: Some(7),
        ..ThreadFacts::default()
    }
}

fn words(text: &str) -> Words {
    Words {
        name: "Sam".to_owned(),
        email: "sam@example.test".to_owned(),
        text: text.to_owned(),
    }
}

/// Stores these comments; returns how many are new.
fn record(
    cache: &mut Cache,
    id: ArticleId,
    at: Timestamp,
    names: &[&str],
    all: Completeness,
) -> u32 {
    let comments: Vec<Comment> = names.iter().map(|name| comment(name, name)).collect();
    let new = cache
        .store
        .record_comments(id, at, &comments, all, &facts());
    new.unwrap()
}

/// Returns the names of the comments that are stored, and the days on which they were first seen.
fn kept(cache: &Cache, id: ArticleId) -> Vec<(String, Timestamp)> {
    let thread = cache.reader().thread(id).unwrap().unwrap_or_default();
    let names = thread.comments.into_iter();
    names.map(|(one, seen)| (one.id.0, seen)).collect()
}

#[test]
fn comments_are_kept_as_they_came_with_what_is_known_of_them() {
    let (mut cache, _, id) = with_article(None);
    assert_eq!(cache.reader().thread(id).unwrap(), None);
    assert_eq!(
        record(&mut cache, id, now(), &["2"], Completeness::Whole),
        1
    );
    let thread = cache.reader().thread(id).unwrap().unwrap();
    assert_eq!(thread.comments, [(comment("2", "2"), now())]);
    assert_eq!(thread.state.facts, facts());
    assert_eq!(thread.state.fetched, Some(now()));
    assert_eq!(thread.state.visited, None);
    cache.store.visit_comments(id, days(1)).unwrap();
    // A clock that went back makes no visit of before undone.
    cache.store.visit_comments(id, now()).unwrap();
    let state = cache.reader().thread(id).unwrap().unwrap().state;
    assert_eq!((state.visited, state.facts), (Some(days(1)), facts()));
}

#[test]
fn a_whole_thread_takes_the_place_of_the_one_before_and_a_part_joins_it() {
    let (mut cache, _, id) = with_article(None);
    record(&mut cache, id, days(1), &["1", "2"], Completeness::Whole);
    assert_eq!(
        record(&mut cache, id, days(2), &["2", "3"], Completeness::Part),
        1
    );
    let at = |name: &str, day| (name.to_owned(), days(day));
    assert_eq!(kept(&cache, id), [at("1", 1), at("2", 1), at("3", 2)]);
    assert_eq!(
        record(&mut cache, id, days(3), &["2", "4"], Completeness::Whole),
        1
    );
    assert_eq!(kept(&cache, id), [at("2", 1), at("4", 3)]);
    assert_eq!(record(&mut cache, id, days(4), &[], Completeness::Whole), 0);
    assert_eq!(kept(&cache, id), []);
}

#[test]
fn a_part_takes_no_parent_from_a_comment() {
    let (mut cache, _, id) = with_article(None);
    record(&mut cache, id, days(1), &["2"], Completeness::Whole);
    let flat = Comment {
        parent: Some(CommentId("9".to_owned())),
        ..comment("2", "2")
    };
    let mut parent_after = |completeness| {
        let stored = cache.store.record_comments(
            id,
            days(2),
            std::slice::from_ref(&flat),
            completeness,
            &facts(),
        );
        stored.unwrap();
        let thread = cache.reader().thread(id).unwrap().unwrap();
        thread.comments[0].0.parent.clone().unwrap().0
    };
    assert_eq!(parent_after(Completeness::Part), "1");
    assert_eq!(parent_after(Completeness::Whole), "9");
}

#[test]
fn the_count_is_that_of_the_thread_until_the_feed_tells_of_another() {
    let (mut cache, feed, id) = with_article(Some(5));
    assert_eq!(cache.head("one").comments_count, Some(5));
    record(&mut cache, id, now(), &["1", "2", "3"], Completeness::Whole);
    assert_eq!(cache.head("one").comments_count, Some(3));
    cache.poll(feed, days(1), &[counting(Some(6))]);
    assert_eq!(cache.head("one").comments_count, Some(6));
    // Where the feed counts nothing the thread alone does.
    let (mut cache, _, id) = with_article(None);
    assert_eq!(cache.head("one").comments_count, None);
    record(&mut cache, id, now(), &[], Completeness::Whole);
    assert_eq!(cache.head("one").comments_count, Some(0));
}

#[test]
fn threads_that_were_opened_or_starred_are_due_again() {
    let (mut cache, feed, id) = with_article(Some(2));
    let mut other = article("other", Some(days(-2)));
    other.comments.count = Some(1);
    cache.poll(
        feed,
        days(-1),
        &[counting(Some(2)), other, article("third", None)],
    );
    let due = |cache: &mut Cache| {
        let due = cache.store.due_threads(days(-30), now()).unwrap();
        due.into_iter()
            .map(|due| due.article.title)
            .collect::<Vec<_>>()
    };
    record(&mut cache, id, days(-1), &["1"], Completeness::Whole);
    assert_eq!(due(&mut cache), [""; 0]);
    cache.store.visit_comments(id, days(-31)).unwrap();
    assert_eq!(due(&mut cache), [""; 0]);
    cache.store.visit_comments(id, days(-29)).unwrap();
    assert_eq!(due(&mut cache), ["one"]);
    // The third has no comments that anybody tells of.
    let (second, third) = (cache.id("other"), cache.id("third"));
    cache.store.mark(&[id, second, third], Mark::Star).unwrap();
    assert_eq!(due(&mut cache), ["other", "one"]);
    cache.store.rest_threads(&[id], days(1), 3).unwrap();
    assert_eq!(due(&mut cache), ["other"]);
    let later = cache.store.due_threads(days(-30), days(1)).unwrap();
    let one = later.iter().find(|due| due.article.article == id).unwrap();
    assert_eq!((one.stored, one.state.quiet), (1, 3));
    assert_eq!(one.state.fetched, Some(days(-1)));
    assert_eq!(one.article.feed, "https://example.test/feed");
}

#[test]
fn what_is_known_of_a_site_can_be_changed_and_holds_for_it_alone() {
    let mut cache = Cache::new();
    let site = "https://example.test";
    assert_eq!(cache.store.site_facts(site).unwrap(), SiteFacts::default());
    cache
        .store
        .change_site(site, |facts| facts.rest_closed_until = Some(now()))
        .unwrap();
    cache
        .store
        .change_site(site, |facts| facts.rest_root = Some("root".to_owned()))
        .unwrap();
    let expected = SiteFacts {
        rest_root: Some("root".to_owned()),
        rest_closed_until: Some(now()),
        feeds_alone_until: None,
    };
    assert_eq!(cache.store.site_facts(site).unwrap(), expected);
    let other = cache.store.site_facts("http://example.test").unwrap();
    assert_eq!(other, SiteFacts::default());
}

#[test]
fn a_draft_is_there_until_it_is_thrown_away_and_comes_back_as_it_was() {
    let (mut cache, _, article) = with_article(None);
    let parent = CommentId("5".to_owned());
    let new = cache
        .store
        .keep_draft(None, article, Some(&parent), &words("W"), now());
    let id = new.unwrap().unwrap();
    let again = cache
        .store
        .keep_draft(Some(id), article, Some(&parent), &words("We"), days(1));
    assert_eq!(again.unwrap(), Some(id));
    let drafts = cache.reader().drafts(article).unwrap();
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].words, words("We"));
    assert_eq!(drafts[0].reply_to.as_ref(), Some(&parent));
    assert_eq!(
        (&drafts[0].state, drafts[0].changed),
        (&DraftState::Draft, days(1))
    );
    let thrown = cache.store.throw_away(id).unwrap().unwrap();
    assert_eq!(thrown, drafts[0]);
    assert_eq!(cache.reader().drafts(article).unwrap(), []);
    assert_eq!(cache.store.throw_away(id).unwrap(), None);
    cache.store.bring_back(&thrown).unwrap();
    assert_eq!(cache.reader().draft(id).unwrap(), Some(thrown));
}

#[test]
fn what_was_sent_keeps_its_words() {
    let (mut cache, _, article) = with_article(None);
    let id = cache
        .store
        .keep_draft(None, article, None, &words("first"), now());
    let id = id.unwrap().unwrap();
    let keep = |cache: &mut Cache, text: &str| {
        let kept = cache
            .store
            .keep_draft(Some(id), article, None, &words(text), now());
        kept.unwrap()
    };
    let become_ = |cache: &mut Cache, state: &DraftState| {
        let done = cache.store.change_draft(id, state, now(), |_| true);
        assert!(done.unwrap());
    };
    become_(&mut cache, &DraftState::Sending);
    assert_eq!(keep(&mut cache, "second"), None);
    assert_eq!(cache.store.throw_away(id).unwrap(), None);
    become_(&mut cache, &DraftState::Held(Receipt::default()));
    assert_eq!(keep(&mut cache, "second"), None);
    assert_eq!(
        cache.reader().draft(id).unwrap().unwrap().words,
        words("first")
    );
    // What was refused, or may have been lost, is a draft again.
    become_(&mut cache, &DraftState::Unknown);
    assert_eq!(keep(&mut cache, "second"), Some(id));
    let draft = cache.reader().draft(id).unwrap().unwrap();
    assert_eq!(
        (draft.words, draft.state),
        (words("second"), DraftState::Draft)
    );
}

#[test]
fn one_alone_takes_a_comment_on_its_way() {
    let (mut cache, _, article) = with_article(None);
    let id = cache
        .store
        .keep_draft(None, article, None, &words("text"), now());
    let id = id.unwrap().unwrap();
    let take = |cache: &mut Cache| {
        let may = |known: &crate::model::comment::Draft| known.state == DraftState::Waiting;
        cache
            .store
            .change_draft(id, &DraftState::Sending, now(), may)
            .unwrap()
    };
    assert!(!take(&mut cache));
    assert_eq!(cache.reader().waiting_drafts().unwrap(), []);
    cache
        .store
        .change_draft(id, &DraftState::Waiting, now(), |_| true)
        .unwrap();
    assert_eq!(cache.reader().waiting_drafts().unwrap().len(), 1);
    assert!(take(&mut cache));
    assert!(!take(&mut cache));
    let gone = cache
        .store
        .change_draft(DraftId(99), &DraftState::Waiting, now(), |_| true);
    assert!(!gone.unwrap());
}

#[test]
fn comments_to_one_site_keep_their_distance() {
    let mut cache = Cache::new();
    let second = |seconds| now() + SignedDuration::from_secs(seconds);
    let site = "https://example.test";
    let turn = |cache: &mut Cache, at: i64| {
        let before = second(at - 15);
        cache.store.take_turn(site, second(at), before).unwrap()
    };
    let never = Timestamp::UNIX_EPOCH;
    assert_eq!(turn(&mut cache, 0), Turn::Taken { last: never });
    assert_eq!(turn(&mut cache, 14), Turn::After(second(0)));
    assert_eq!(turn(&mut cache, 15), Turn::Taken { last: second(0) });
    // Nothing was sent after all.
    cache.store.give_turn_back(site, second(0)).unwrap();
    assert_eq!(turn(&mut cache, 16), Turn::Taken { last: second(0) });
    // A clock that was an hour ahead holds nobody up.
    assert!(matches!(turn(&mut cache, -3600), Turn::Taken { .. }));
    let other = (cache.store).take_turn("http://example.test", second(15), second(0));
    assert_eq!(other.unwrap(), Turn::Taken { last: never });
}

#[test]
fn an_article_that_the_reader_wrote_about_is_not_pruned_and_comments_go_with_theirs() {
    let (mut cache, feed, id) = with_article(None);
    cache.poll(
        feed,
        days(-1),
        &[counting(None), article("other", Some(days(-2)))],
    );
    let other = cache.id("other");
    for id in [id, other] {
        record(&mut cache, id, now(), &["1"], Completeness::Whole);
        cache.store.mark(&[id], Mark::Read).unwrap();
    }
    cache
        .store
        .keep_draft(None, id, None, &words("text"), now())
        .unwrap();
    assert_eq!(cache.store.prune(days(10), days(10), &|| false).unwrap(), 1);
    assert_eq!(kept(&cache, id).len(), 1);
    assert_eq!(cache.reader().thread(other).unwrap(), None);
    // What comes too late for a pruned article is dropped.
    assert_eq!(
        record(&mut cache, other, now(), &["1"], Completeness::Whole),
        0
    );
    assert_eq!(cache.reader().thread(other).unwrap(), None);
}
