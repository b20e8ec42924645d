//! The samples' comments: a thread nine deep, with a word of the article's author, an answer to what
//! is gone and two that came since the reader's last visit; and an article that nobody has
//! commented.

use jiff::{SignedDuration, Timestamp};

use super::pick;
use crate::model::article::ArticleId;
use crate::model::comment::{Comment, CommentId, Openness, ThreadFacts, Way};
use crate::model::error::Problem;
use crate::store::{Completeness, Is, Reader, Store};

/// The guid of the article with a thread.
const TALKED_ABOUT: &str = "pubtech-delayed-plan";

/// The guid of the article that nobody has commented.
const SILENT: &str = "doh-waiting-times";

/// So many of the comments, the oldest, were there when the reader last looked.
const SEEN: usize = 10;

/// Number, what it answers (0 for none), author and text of each, the oldest first.
const COMMENTS: [(u64, u64, &str, &str); 12] = [
    (
        101,
        0,
        "Priya Nair",
        "<p>The fourth pillar is the one that fails first. We lost six people to the private sector \
         this year and the pay band has not moved.</p>",
    ),
    (
        102,
        101,
        "Tom Hale",
        "<p>Same here. Has anybody used the new pay framework?</p>",
    ),
    (
        103,
        102,
        "Ruth Amadi",
        "<p>Two departments have. I will write about it next week.</p>",
    ),
    (
        104,
        0,
        "Colin Marsh",
        "<p>Shared platforms were promised in the last plan, and in the one before it. What is \
         different this time?</p>",
    ),
    (
        105,
        103,
        "Tom Hale",
        "<p>Please do. These are the questions we would like answered:</p><ol><li>Who signs off a \
         post above the band?</li><li>How long did it take from advert to desk?</li><li>How many \
         turned the offer down?</li></ol>",
    ),
    (
        106,
        105,
        "Sunniva Threlkeld",
        "<p>For four posts it took nine weeks each. The sign-off alone was five of them.</p>",
    ),
    (
        107,
        106,
        "Priya Nair",
        "<blockquote><p>The sign-off alone was five of them.</p></blockquote><p>Ours is done by a \
         board that meets every second month.</p>",
    ),
    (
        108,
        107,
        "Sunniva Threlkeld",
        "<p>Then ask for the <a href=\"https://gov.example/pay/standing-approval\">standing \
         approval</a>: one decision for the whole year.</p>",
    ),
    (
        109,
        99,
        "",
        "<p>That was my point. Thank you for putting it so clearly.</p>",
    ),
    (
        110,
        108,
        "Priya Nair",
        "<p>I had never heard of it. Who has one?</p>",
    ),
    (
        111,
        104,
        "Fergus Okonjo-Leith",
        "<p>The money. No shared sign-in, no funding for your own: read the second page.</p>",
    ),
    (
        112,
        110,
        "Sunniva Threlkeld",
        "<p>We do, since <em>June</em>. Write to me and I will send you ours.</p>",
    ),
];

/// The time between the article and now is parted so often: the comments stand between two parts.
const SHARES: i32 = 13;

/// Stores the comments, as if they had just been read; each is dated between its article and now.
pub(super) fn store(store: &mut Store, reader: &Reader, now: Timestamp) -> Result<(), Problem> {
    let facts = ThreadFacts {
        way: Some(Way::Rest),
        openness: Openness::Open,
        ..ThreadFacts::default()
    };
    let whole = Completeness::Whole;
    for id in pick(reader, Is::Either, |guid| guid == TALKED_ABOUT)? {
        let comments = comments(reader, id, now)?;
        let seen = comments.get(..SEEN).unwrap_or(&comments);
        let visit = now - SignedDuration::from_secs(2);
        store.record_comments(id, visit, seen, whole, &facts)?;
        store.visit_comments(id, visit)?;
        store.record_comments(id, now, &comments, whole, &facts)?;
    }
    for id in pick(reader, Is::Either, |guid| guid == SILENT)? {
        store.record_comments(id, now, &[], whole, &facts)?;
    }
    Ok(())
}

fn comments(reader: &Reader, id: ArticleId, now: Timestamp) -> Result<Vec<Comment>, Problem> {
    let article = reader.article(id)?;
    let head = article.map(|article| article.head);
    let since = head.as_ref().and_then(|head| head.published).unwrap_or(now);
    let address = head.and_then(|head| head.permalink);
    let share = now.duration_since(since) / SHARES;
    let comments = COMMENTS.iter().zip(1_i32..).map(|(told, at)| {
        let (number, answers, author, html) = *told;
        let published = since.checked_add(share * at).unwrap_or(now);
        let address = address.as_ref();
        Comment {
            id: CommentId(number.to_string()),
            parent: (answers > 0).then(|| CommentId(answers.to_string())),
            author: author.to_owned(),
            by_author: false,
            published: Some(published),
            html: html.to_owned(),
            url: address.map(|address| format!("{address}#comment-{number}")),
        }
    });
    Ok(comments.collect())
}
