//! Where comments come in: `wp-comments-post.php`, and what the site makes of a comment.

use jiff::Timestamp;
use serde_json::Value;

use super::{Comment, Door, Post, Shown, Site, escaped, rendered};
use crate::support::server::{Answer, Asked};

/// The least time between two comments, in seconds.
const PAUSE: i64 = 15;

/// Why a comment isn't taken.
pub(super) enum Not {
    /// There is no such post.
    Nowhere,
    /// Comments are closed.
    Closed,
    /// Only accounts may write.
    Accounts,
    /// The proof of the captcha, or the form's own field, lacks.
    Proof,
    /// Name or address lacks.
    Nameless,
    /// The address is none.
    BadAddress,
    /// There is no text.
    Empty,
    /// The text is too long.
    TooLong,
    /// The site has it.
    Duplicate,
    /// The last one is too near.
    TooFast,
}

/// A comment as it comes in.
#[derive(Default)]
pub(super) struct Incoming {
    pub(super) post: u64,
    pub(super) parent: u64,
    pub(super) author: String,
    pub(super) email: String,
    pub(super) text: String,
    /// Whether an account sends it.
    pub(super) account: bool,
    /// Whether the form's own field came, where there is one, and the captcha was passed.
    pub(super) is_proved: bool,
}

/// Returns the fields of a body: of a form, or of a JSON object.
pub(super) fn fields(asked: &Asked) -> Vec<(String, String)> {
    let of_json = |(name, value): (&String, &Value)| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), text)
    };
    match serde_json::from_slice(&asked.body) {
        Ok(Value::Object(object)) => object.iter().map(of_json).collect(),
        _ => url::form_urlencoded::parse(&asked.body)
            .into_owned()
            .collect(),
    }
}

impl Site {
    /// Answers the form.
    pub(super) fn take_form(&mut self, asked: &Asked) -> Answer {
        if asked.method != "POST" {
            return Answer::status(405).header("Allow", "POST");
        }
        let door = self.door;
        match door {
            Door::Cut => return Answer::raw(Vec::new()),
            Door::Firewall => {
                return Answer::status(403)
                    .header("Content-Type", "text/html")
                    .body("<html><title>Blocked</title><h1>Request blocked</h1></html>");
            }
            _ => {}
        }
        let fields = fields(asked);
        let field = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let token = (self.token.as_ref()).is_none_or(|(name, value)| field(name) == value);
        let proof = door != Door::Captcha || field("h-captcha-response") == "passed";
        let incoming = Incoming {
            post: field("comment_post_ID").parse().unwrap_or(0),
            parent: field("comment_parent").parse().unwrap_or(0),
            author: field("author").trim().to_owned(),
            email: field("email").trim().to_owned(),
            text: field("comment").trim().to_owned(),
            account: false,
            is_proved: token && proof,
        };
        let post = incoming.post;
        match self.take(incoming) {
            Ok(_) if door == Door::Lost => Answer::raw(Vec::new()),
            Ok(comment) => {
                let post = self.post(post).expect("the post of a comment");
                let mut link = self.comment_link(post, comment.id);
                let is_consent = !field("wp-comment-cookies-consent").is_empty();
                if comment.shown == Shown::Held && !is_consent {
                    let glue = if self.is_pretty { '?' } else { '&' };
                    link = link.replace(
                        '#',
                        &format!("{glue}unapproved={}&moderation-hash=5ea51de#", comment.id),
                    );
                }
                Answer::redirect(302, link).header("X-Redirect-By", "WordPress")
            }
            Err(Not::Nowhere) => Answer::ok("").header("Content-Type", "text/html; charset=UTF-8"),
            Err(not) => {
                let (status, words) = not.told();
                Answer::status(status)
                    .header("Content-Type", "text/html; charset=UTF-8")
                    .body(format!(
                        "<!DOCTYPE html>\n<html><head><title>Comment Submission Failure</title>\
                         <style>html {{ background: #f1f1f1; }}</style></head>\n<body id=\"error-page\">\n\
                         <div class=\"wp-die-message\"><p>{words}</p></div>\n\
                         <p><a href='javascript:history.back()'>&laquo; Back</a></p></body>\n</html>\n"
                    ))
            }
        }
    }

    /// Takes a comment, in the order in which WordPress finds reasons not to.
    pub(super) fn take(&mut self, incoming: Incoming) -> Result<Comment, Not> {
        let now = Timestamp::now();
        let post = self.post(incoming.post).ok_or(Not::Nowhere)?;
        if !post.is_open {
            return Err(Not::Closed);
        }
        if self.door == Door::Accounts && !incoming.account {
            return Err(Not::Accounts);
        }
        if !incoming.account {
            if incoming.author.is_empty() || incoming.email.is_empty() {
                return Err(Not::Nameless);
            }
            if !incoming.email.contains('@') {
                return Err(Not::BadAddress);
            }
        }
        if incoming.text.is_empty() {
            return Err(Not::Empty);
        }
        if incoming.text.len() > 65_525 {
            return Err(Not::TooLong);
        }
        if !incoming.account && !incoming.is_proved {
            return Err(Not::Proof);
        }
        let is_known = |known: &Comment| {
            known.author == incoming.author && known.email.eq_ignore_ascii_case(&incoming.email)
        };
        let has_it = |known: &Comment| {
            is_known(known) && known.parent == incoming.parent && known.text == incoming.text
        };
        if (post.comments.iter()).any(|known| known.shown != Shown::Hidden && has_it(known)) {
            return Err(Not::Duplicate);
        }
        // Whole seconds are compared, as they are stored.
        let is_near = (self.last).is_some_and(|last| now.as_second() - last.as_second() < PAUSE);
        if self.is_slowing && is_near {
            return Err(Not::TooFast);
        }
        let is_approved =
            incoming.account || (self.posts.iter()).any(|post| post.approved().any(is_known));
        let ids = (self.posts.iter()).flat_map(|post| post.comments.iter().map(|one| one.id));
        let id = ids.max().unwrap_or(0) + 1;
        let is_there = |parent: u64| self.posts.iter().any(|post| post.has(parent));
        let comment = Comment {
            id,
            parent: Some(incoming.parent)
                .filter(|parent| is_there(*parent))
                .unwrap_or(0),
            html: rendered(&incoming.text),
            text: incoming.text,
            author: incoming.author,
            email: incoming.email,
            account: if incoming.account { 2 } else { 0 },
            published: Timestamp::from_second(now.as_second()).expect("a whole second"),
            shown: if is_approved {
                Shown::Approved
            } else {
                Shown::Held
            },
        };
        self.last = Some(now);
        let post = (self.posts.iter_mut()).find(|post| post.id == incoming.post);
        post.ok_or(Not::Nowhere)?.comments.push(comment.clone());
        Ok(comment)
    }
}

impl Post {
    fn has(&self, id: u64) -> bool {
        self.comments.iter().any(|comment| comment.id == id)
    }
}

impl Not {
    /// Returns the status of the form's answer, and its words as HTML.
    fn told(&self) -> (u16, String) {
        let error = |words: &str| (200, format!("<strong>Error:</strong> {words}"));
        match self {
            Self::Nowhere => (200, String::new()),
            Self::Closed => (403, "Sorry, comments are closed for this item.".to_owned()),
            Self::Accounts => (403, "Sorry, you must be logged in to comment.".to_owned()),
            Self::Proof => (
                403,
                escaped("Please prove that you are a person & no machine."),
            ),
            Self::Nameless => error("Please fill the required fields."),
            Self::BadAddress => error("Please enter a valid email address."),
            Self::Empty => error("Please type your comment text."),
            Self::TooLong => error("Your comment is too long."),
            Self::Duplicate => (
                409,
                "Duplicate comment detected; it looks as though you&#8217;ve already said that!"
                    .to_owned(),
            ),
            Self::TooFast => (
                429,
                "You are posting comments too quickly. Slow down.".to_owned(),
            ),
        }
    }
}
