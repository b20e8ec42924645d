//! What a page says that has no article to show, in lower case and with straight apostrophes. Alone
//! it proves nothing: an article may be about it.

use crate::model::text::in_one_line;

/// What is said instead of the article.
const SHUT: [&str; 60] = [
    "403 forbidden",
    "404 not found",
    "access denied",
    "access to this page has been denied",
    "account to continue",
    "account to keep reading",
    "account to read",
    "already a member?",
    "already a subscriber",
    "already have an account",
    "already registered?",
    "anmelden, um weiterzulesen",
    "are not a robot",
    "are you a robot",
    "article réservé aux abonnés",
    "bad gateway",
    "checking if the site connection is secure",
    "checking your browser",
    "complete the captcha",
    "ddos protection",
    "error 404",
    "for subscribers only",
    "has been moved or deleted",
    "internal server error",
    "jetzt abonnieren",
    "links from this page are no longer",
    "log in to continue",
    "log in to read",
    "log in to view",
    "ni ellir dod o hyd i'r dudalen",
    "only available to subscribers",
    "page cannot be found",
    "page can't be found",
    "page does not exist",
    "page doesn't exist",
    "page introuvable",
    "page not found",
    "page you are looking for",
    "page you requested could not be found",
    "page you were looking for",
    "please log in",
    "please sign in",
    "register for free to",
    "register to continue",
    "register to read",
    "seite nicht gefunden",
    "service unavailable",
    "session has expired",
    "sign in to continue",
    "sign in to read",
    "solve the captcha",
    "subscribe now to",
    "subscribe to continue",
    "subscribe to read",
    "subscribe to unlock",
    "unusual traffic",
    "verify that you are human",
    "verify you are human",
    "you are human",
    "you must be logged in",
];

/// What may stand beside it, too, and is all that is left of a page that scripts fill in.
const NOTICES: [&str; 27] = [
    "accept all cookies",
    "accept cookies",
    "ad blocker",
    "aktivieren sie javascript",
    "alle cookies akzeptieren",
    "browser does not support",
    "browser is not supported",
    "browser is out of date",
    "cookie policy",
    "cookie preferences",
    "cookie settings",
    "cookies to continue",
    "enable cookies",
    "enable java script",
    "enable javascript",
    "javascript is disabled",
    "javascript is not enabled",
    "javascript is required",
    "javascript to run this app",
    "manage your cookie",
    "manage your privacy",
    "requires javascript",
    "this site uses cookies",
    "turn javascript on",
    "turn on javascript",
    "veuillez activer javascript",
    "we use cookies",
];

/// Whether a short text says why there is no article, and none of what is told of it says the same.
pub(super) fn is_shut(page: &str, told: &[&str]) -> bool {
    says(&SHUT, page, told)
}

/// Whether a short text says something about cookies or scripts, and none of what is told of the
/// article says the same.
pub(super) fn is_notice(page: &str, told: &[&str]) -> bool {
    says(&NOTICES, page, told)
}

fn says(phrases: &[&str], page: &str, told: &[&str]) -> bool {
    let page = in_one_line(&page.replace('\u{2019}', "'"));
    phrases
        .iter()
        .any(|phrase| page.contains(phrase) && !told.iter().any(|told| told.contains(phrase)))
}
