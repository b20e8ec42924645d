//! What became of a comment, as far as the answer of its site proves it.

use serde_json::Value;
use url::Url;

use super::elements::{first, has_class, in_words, words};
use super::{ThreadError, json};
use crate::html;
use crate::model::comment::{CommentId, DraftState, Receipt, Refusal, Why};

/// What became of a comment that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The site shows it.
    Published(Receipt),
    /// The site has it, and a moderator has to approve of it.
    Held(Receipt),
    /// The site doesn't take it.
    Refused(Refusal),
    /// The answer proves neither.
    Unknown,
}

impl From<Fate> for DraftState {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Published(receipt) => Self::Published(receipt),
            Fate::Held(receipt) => Self::Held(receipt),
            Fate::Refused(refusal) => Self::Refused(refusal),
            Fate::Unknown => Self::Unknown,
        }
    }
}

/// What the page of a firewall has in it that wants to see a browser first.
const CHALLENGE: &str = "/cdn-cgi/challenge-platform/";

/// Reads the answer to a form that was sent from the page at `page`.
///
/// Only a redirect to a comment is a success: WordPress tells of what is wrong with a comment with
/// status 200, in the site's language.
pub fn of_form(status: u16, location: Option<&str>, body: &str, page: &Url) -> Fate {
    match status {
        300..400 => redirected(status, location, page),
        // A proxy that lost the server, or a site that broke, maybe after it had stored the comment.
        // A status of no meaning, or that the question came in too slowly, says nothing either.
        0..200 | 408 | 500.. => Fate::Unknown,
        _ => {
            let said = said(body);
            refused(why_of_form(status, body, &said), &said.words)
        }
    }
}

fn redirected(status: u16, location: Option<&str>, page: &Url) -> Fate {
    let Some(to) = location.and_then(|location| page.join(location.trim()).ok()) else {
        return Fate::Unknown;
    };
    let number = to
        .fragment()
        .and_then(|fragment| fragment.strip_prefix("comment-"))
        .and_then(|number| number.parse::<u64>().ok());
    // A site behind a proxy may not know that it is asked over a secure connection.
    let is_here = page.host_str() == to.host_str() && page.port() == to.port();
    if let Some(number) = number.filter(|_| matches!(status, 302 | 303) && is_here) {
        let is_held = to.query_pairs().any(|(name, _)| name == "unapproved");
        let receipt = Receipt {
            id: Some(CommentId(number.to_string())),
            url: Some(to.into()),
        };
        return if is_held {
            Fate::Held(receipt)
        } else {
            Fate::Published(receipt)
        };
    }
    if to.path().ends_with("/wp-login.php") {
        return refused(Why::MustLogIn, "");
    }
    match status {
        // A plug-in's page of thanks, or of blame.
        302 | 303 => Fate::Unknown,
        // What was sent is to be sent to another place: it was taken at none.
        _ => refused(Why::Other, &format!("the site led elsewhere: {to}")),
    }
}

/// What the page of an answer says.
struct Said {
    words: String,
    /// Whether WordPress says it, and not something before it.
    is_by_wordpress: bool,
}

/// Returns what a page says: its message, where WordPress wrote it, else its title.
fn said(body: &str) -> Said {
    let dom = html::tree(body);
    let message = first(&dom, |element| has_class(element, "wp-die-message"))
        // Before version 5 the whole page was the message.
        .or_else(|| {
            first(&dom, |element| {
                element.attribute("id") == Some("error-page")
            })
        });
    let title = || first(&dom, |element| element.name() == "title");
    Said {
        words: (message.or_else(title)).map_or_else(String::new, |id| words(&dom, id)),
        is_by_wordpress: message.is_some(),
    }
}

/// Returns the kind of a refusal. The words are in the site's language: they tell two kinds apart
/// that have one status, where they are WordPress's own in English.
fn why_of_form(status: u16, body: &str, said: &Said) -> Why {
    let words = said.words.to_lowercase();
    match status {
        409 => Why::Duplicate,
        _ if words.contains("captcha") || body.contains(CHALLENGE) => Why::Captcha,
        429 => Why::TooFast,
        401 => Why::MustLogIn,
        403 if words.contains("comments are closed") => Why::Closed,
        403 if words.contains("must be logged in") => Why::MustLogIn,
        200 if said.is_by_wordpress => Why::Invalid,
        _ => Why::Other,
    }
}

fn refused(why: Why, words: &str) -> Fate {
    let words = in_words(words);
    Fate::Refused(Refusal { why, words })
}

/// Reads the answer of WordPress's REST interface to a new comment that was sent with an account's
/// password.
pub fn of_rest(status: u16, body: &[u8]) -> Fate {
    let told = object(body);
    let text = |name: &str| told.as_ref()?.get(name)?.as_str();
    match status {
        200 | 201 => told.as_ref().and_then(taken).unwrap_or(Fate::Unknown),
        // It says itself that nothing was stored.
        500 if text("code") == Some("rest_comment_failed_create") => {
            refused(Why::Other, &message(text("message")))
        }
        0..300 | 408 | 500.. => Fate::Unknown,
        300..400 => refused(Why::Other, "the site led elsewhere"),
        _ => {
            if let Some(code) = text("code") {
                let words = message(text("message"));
                return refused(why_of_rest(status, code, &words), &words);
            }
            let body = String::from_utf8_lossy(body);
            let words = said(&body).words;
            let why = why_of_rest(status, "", &words);
            let is_challenged = body.contains(CHALLENGE);
            refused(if is_challenged { Why::Captcha } else { why }, &words)
        }
    }
}

/// Reads a comment that was taken; none where it is none.
fn taken(told: &Value) -> Option<Fate> {
    let id = told.get("id")?;
    let id = id.as_u64().or_else(|| id.as_str()?.parse().ok())?;
    let link = told.get("link").and_then(Value::as_str);
    let receipt = Receipt {
        id: Some(CommentId(id.to_string())),
        url: link.map(str::to_owned),
    };
    Some(match told.get("status")?.as_str()? {
        "approved" | "approve" => Fate::Published(receipt),
        _ => Fate::Held(receipt),
    })
}

/// Returns the kind of a refusal: the code decides, as the interface's statuses differ from those of
/// the form.
fn why_of_rest(status: u16, code: &str, words: &str) -> Why {
    match code {
        "comment_duplicate" => Why::Duplicate,
        "comment_flood" => Why::TooFast,
        "rest_comment_closed" => Why::Closed,
        "rest_comment_login_required"
        | "rest_not_logged_in"
        | "incorrect_password"
        | "invalid_username"
        | "invalid_email"
        | "application_passwords_disabled"
        | "application_passwords_disabled_for_user" => Why::Password,
        "rest_comment_author_data_required"
        | "rest_comment_author_invalid"
        | "rest_comment_content_invalid"
        | "rest_invalid_param"
        | "rest_missing_callback_param"
        | "comment_author_column_length"
        | "comment_author_email_column_length"
        | "comment_author_url_column_length"
        | "comment_content_column_length" => Why::Invalid,
        _ if code.contains("captcha") || words.to_lowercase().contains("captcha") => Why::Captcha,
        _ => match status {
            401 => Why::Password,
            409 => Why::Duplicate,
            429 => Why::TooFast,
            _ => Why::Other,
        },
    }
}

fn message(told: Option<&str>) -> String {
    in_words(&html::plain_text(told.unwrap_or_default()))
}

/// Reads an object. Some sites print a warning or a byte order mark before the answer.
fn object(body: &[u8]) -> Option<Value> {
    let start = body.iter().position(|byte| *byte == b'{')?;
    json::value(body.get(start..)?)
}

/// Reads whose a password is: the name that the account's comments are published under, from the
/// answer to `wp/v2/users/me`.
pub fn who(body: &[u8]) -> Result<String, ThreadError> {
    let told = object(body);
    let told = told.as_ref().filter(|told| told.get("id").is_some());
    let name = told.and_then(|told| told.get("name")?.as_str());
    let name = name.map(|name| in_words(&html::decoded(name)));
    name.ok_or(ThreadError::NotWordPress)
}
