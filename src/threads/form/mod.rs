//! The form for comments on an article's page, as WordPress makes it and plug-ins change it.
//!
//! What is sent is what a browser would send: the form's action and its hidden fields are taken from
//! the live page. What is never sent: consent to cookies, subscriptions, another place to go to.
//!
//! - here: which form, whether it can be sent from here, and what is sent
//! - `controls`: the controls of a form

mod controls;

use std::borrow::Cow;
use std::collections::HashSet;

use url::{Url, form_urlencoded};

use self::controls::{Control, Kind};
use super::elements::{has_class, in_words, is_at_site, walk, words};
use crate::html::{self, Dom, Element, NodeId};
use crate::model::comment::{Why, Words};

/// Where WordPress takes comments.
const TAKES_COMMENTS: &str = "wp-comments-post.php";

/// The field that names the article.
const POST: &str = "comment_post_ID";

/// The field that names the comment that is answered.
const PARENT: &str = "comment_parent";

/// A form for a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes: at the page's own site.
    pub action: Url,
    /// The number of WordPress's post.
    pub post: Option<u64>,
    /// What is sent, in the order of the page.
    fields: Vec<(String, Content)>,
}

/// What is in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    /// The comment.
    Text,
    /// Its author's name.
    Name,
    /// Its author's address.
    Email,
    /// The number of the comment that it answers.
    Parent,
    /// What the page gave.
    Given(String),
}

/// That nothing can be sent through a page's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoForm {
    /// Of which kind the reason is: closed, accounts alone, a captcha, or another.
    pub why: Why,
    /// What the site says, else what is the matter, as plain text in one line; may be empty.
    pub words: String,
}

impl NoForm {
    fn other(words: &str) -> Self {
        Self {
            why: Why::Other,
            words: in_words(words),
        }
    }
}

/// What there is on a page.
#[derive(Default)]
struct Survey<'a> {
    base: Option<&'a str>,
    by_id: Option<(NodeId, &'a Element)>,
    by_action: Option<(NodeId, &'a Element)>,
    closed: Option<NodeId>,
    login: Option<NodeId>,
}

/// Finds the form for comments on the page at `page`.
pub fn form(html: &str, page: &Url) -> Result<Form, NoForm> {
    let dom = html::tree(html);
    let survey = survey(&dom);
    let Some((id, element)) = survey.by_id.or(survey.by_action) else {
        return Err(without_form(&dom, &survey));
    };
    let action = action(element, survey.base, page)?;
    let controls = controls::read(&dom, id);
    let list = &controls.list;
    let Some(text) = text_field(list) else {
        return Err(match survey.login {
            Some(_) => without_form(&dom, &survey),
            None => NoForm::other("the page’s form for comments has no field for a text"),
        });
    };
    let name = field(list, "author", "name", |_| false);
    let email = field(list, "email", "email", |one| one.kind == Kind::Email);
    let known = [Some(text), name, email];
    let unknown = |at: usize| !known.contains(&Some(at));
    refuse_captcha(&dom, &controls, unknown)?;
    refuse_more(&dom, list)?;
    let mut fields = Vec::new();
    let sender = sender(list);
    for (at, control) in list.iter().enumerate() {
        let own = if at == text {
            Some(Content::Text)
        } else if name == Some(at) {
            Some(Content::Name)
        } else if email == Some(at) {
            Some(Content::Email)
        } else if control.name == PARENT {
            Some(Content::Parent)
        } else {
            None
        };
        let is_pressed = control.kind != Kind::Submit || sender == Some(at);
        if let Some(own) = own {
            fields.push((control.name.to_owned(), own));
        } else if is_pressed && !is_never_sent(control) {
            let given = control.values.iter().cloned().map(Content::Given);
            fields.extend(given.map(|given| (control.name.to_owned(), given)));
        }
    }
    let is_parent = |(_, content): &(String, Content)| *content == Content::Parent;
    if !fields.iter().any(is_parent) {
        fields.push((PARENT.to_owned(), Content::Parent));
    }
    let post = list.iter().find(|control| control.name == POST);
    let post = post.and_then(|post| post.values.first()?.trim().parse().ok());
    Ok(Form {
        action,
        post,
        fields,
    })
}

impl Form {
    /// Returns the fields that are sent for a comment, in the order of the page.
    pub fn fill(&self, words: &Words, reply_to: Option<u64>) -> Vec<(String, String)> {
        let fill = |content: &Content| match content {
            Content::Text => words.text.clone(),
            Content::Name => words.name.clone(),
            Content::Email => words.email.clone(),
            Content::Parent => reply_to.unwrap_or(0).to_string(),
            Content::Given(given) => given.clone(),
        };
        let fields = self.fields.iter();
        fields
            .map(|(name, content)| (name.clone(), fill(content)))
            .collect()
    }
}

/// Returns fields as a browser sends them (`application/x-www-form-urlencoded`): in UTF-8, lines
/// ended by CR and LF.
pub fn encode(fields: &[(String, String)]) -> Vec<u8> {
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        encoded.append_pair(&with_crlf(name), &with_crlf(value));
    }
    encoded.finish().into_bytes()
}

fn with_crlf(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.replace('\n', "\r\n"))
}

/// Looks through a page.
fn survey(dom: &Dom) -> Survey<'_> {
    /// What is known above an element: the paragraph that it stands in, and whether that is where
    /// answers are written.
    type Above = (Option<NodeId>, bool);
    let mut survey = Survey::default();
    walk(
        dom,
        Dom::ROOT,
        (None, false),
        |id, element, above: Above| {
            let told = |name: &str| element.attribute(name).unwrap_or_default();
            let (mut paragraph, mut is_respond) = above;
            is_respond |= told("id") == "respond" || has_class(element, "comment-respond");
            match element.name() {
                "base" => survey.base = survey.base.or(element.attribute("href")),
                "form" if told("id") == "commentform" => {
                    survey.by_id.get_or_insert((id, element));
                }
                "form" if path(told("action")).ends_with(TAKES_COMMENTS) => {
                    survey.by_action.get_or_insert((id, element));
                }
                "a" if is_respond && told("href").contains("wp-login") => {
                    survey.login.get_or_insert(paragraph.unwrap_or(id));
                }
                "p" | "li" | "div" => paragraph = Some(id),
                _ => {}
            }
            if ["no-comments", "nocomments"]
                .iter()
                .any(|class| has_class(element, class))
            {
                survey.closed.get_or_insert(id);
            }
            if has_class(element, "must-log-in") {
                survey.login.get_or_insert(id);
            }
            Some((paragraph, is_respond))
        },
    );
    survey
}

/// Returns an address without its parameters and fragment.
fn path(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// Says why there is no form.
fn without_form(dom: &Dom, survey: &Survey<'_>) -> NoForm {
    let (why, said) = match (survey.login, survey.closed) {
        (Some(login), _) => (Why::MustLogIn, login),
        (None, Some(closed)) => (Why::Closed, closed),
        (None, None) => return NoForm::other("the page has no form for comments"),
    };
    NoForm {
        why,
        words: words(dom, said),
    }
}

/// Returns where a form goes.
fn action(form: &Element, base: Option<&str>, page: &Url) -> Result<Url, NoForm> {
    let method = form.attribute("method").unwrap_or_default();
    if !method.trim().eq_ignore_ascii_case("post") {
        return Err(NoForm::other(
            "the page’s form for comments needs a browser",
        ));
    }
    let base = base.and_then(|base| page.join(base.trim()).ok());
    let told = form.attribute("action").unwrap_or_default().trim();
    let base = base.as_ref().filter(|_| !told.is_empty()).unwrap_or(page);
    let Ok(mut action) = base.join(told) else {
        return Err(NoForm::other("the page’s form for comments leads nowhere"));
    };
    if !is_at_site(page, &action) {
        let place = action.host_str().unwrap_or(told);
        return Err(NoForm::other(&format!(
            "the page’s form for comments leads to another place: {}://{place}",
            action.scheme()
        )));
    }
    action.set_fragment(None);
    // A relative address inherits the page's. These can't fail: it has a host.
    let _ = action.set_username("");
    let _ = action.set_password(None);
    Ok(action)
}

/// Returns the field of the comment. Some plug-ins rename it, and leave a trap under its old name:
/// what a person sees and has to fill in is meant. Some themes hide all of a form until somebody
/// clicks.
fn text_field(list: &[Control<'_>]) -> Option<usize> {
    let rank = |one: &Control<'_>| match (one.is_field(), one.is_required, one.name == "comment") {
        (true, true, true) => Some(0),
        (true, true, false) => Some(1),
        (true, false, true) => Some(2),
        (true, false, false) => Some(3),
        (false, _, true) => Some(4),
        (false, _, false) => None,
    };
    let areas = list.iter().enumerate();
    let areas = areas.filter(|(_, one)| one.kind == Kind::Area);
    let ranked = areas.filter_map(|(at, one)| Some((rank(one)?, at)));
    ranked.min().map(|(_, at)| at)
}

/// Returns the field of a person's name or address: the one of that name, else what a browser
/// would fill in there, or what else is a sign of it.
fn field(
    list: &[Control<'_>],
    name: &str,
    autocomplete: &str,
    is_sign: fn(&Control<'_>) -> bool,
) -> Option<usize> {
    let seen = |one: &&Control<'_>| one.is_field() && one.kind != Kind::Area;
    let find = |is_meant: &dyn Fn(&Control<'_>) -> bool| {
        list.iter().position(|one| seen(&one) && is_meant(one))
    };
    find(&|one| one.name == name)
        .or_else(|| find(&|one| one.autocomplete == autocomplete || one.id == name))
        .or_else(|| find(&is_sign))
}

/// Returns the button that sends the form.
fn sender(list: &[Control<'_>]) -> Option<usize> {
    let is_button = |one: &Control<'_>| one.kind == Kind::Submit;
    list.iter()
        .position(|one| is_button(one) && one.name == "submit")
        .or_else(|| list.iter().position(is_button))
}

/// Errs where a person has to prove to be one: through a widget, or by an answer that only people
/// know, which is a field that has to be filled in and that nothing is known of.
fn refuse_captcha(
    dom: &Dom,
    controls: &controls::Controls<'_>,
    is_unknown: impl Fn(usize) -> bool,
) -> Result<(), NoForm> {
    let mut list = controls.list.iter().enumerate();
    let asks = list.find(|(at, one)| {
        let is_asked = one.is_required && one.values.iter().all(String::is_empty);
        is_asked && one.is_field() && one.name != "url" && is_unknown(*at)
    });
    let label = asks.and_then(|(_, one)| one.label);
    if asks.is_none() && !controls.has_captcha {
        return Ok(());
    }
    Err(NoForm {
        why: Why::Captcha,
        words: label.map_or_else(String::new, |label| words(dom, label)),
    })
}

/// Errs where a form asks for what only its reader can decide: to agree, to choose, to give a file.
fn refuse_more(dom: &Dom, list: &[Control<'_>]) -> Result<(), NoForm> {
    let given: HashSet<&str> = list
        .iter()
        .filter(|one| one.values.iter().any(|value| !value.is_empty()))
        .map(|one| one.name)
        .collect();
    let asks = list.iter().find(|one| {
        let asks = matches!(one.kind, Kind::Box | Kind::Choice | Kind::File);
        asks && one.is_required && !given.contains(one.name)
    });
    let Some(asks) = asks else { return Ok(()) };
    let label = asks.label.map(|label| words(dom, label));
    let label = label.filter(|label| !label.is_empty());
    let asked = label.unwrap_or_else(|| asks.name.to_owned());
    Err(NoForm::other(&format!("the page asks for more: {asked}")))
}

/// Whether a field isn't sent, whatever the page says: a consent to cookies would hide whether a
/// comment is held, a place to go to would hide that it was taken, and nobody subscribed.
fn is_never_sent(control: &Control<'_>) -> bool {
    let is_offer = matches!(control.kind, Kind::Box | Kind::Choice);
    let subscribes = || {
        let name = control.name.to_ascii_lowercase();
        ["subscribe", "newsletter", "notify"]
            .iter()
            .any(|word| name.contains(word))
    };
    matches!(control.name, "wp-comment-cookies-consent" | "redirect_to")
        || control.name.starts_with("subscribe")
        || is_offer && subscribes()
}
