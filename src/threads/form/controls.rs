//! The controls of a form: what a browser would send of them, and what of them a person sees.

use std::collections::{HashMap, HashSet};

use crate::html::{Dom, Element, Kind as NodeKind, NodeId};
use crate::threads::elements::{has_class, text, walk};

/// What a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is for scripts and the server alone.
    Hidden,
    /// A line of text.
    Line,
    /// An e-mail address.
    Email,
    /// Text of several lines.
    Area,
    /// A box that is ticked, or one of several.
    Box,
    /// A list to choose from.
    Choice,
    /// A file.
    File,
    /// What sends the form.
    Submit,
}

/// A control that has a name.
#[derive(Debug)]
pub(super) struct Control<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its name.
    pub(super) name: &'a str,
    /// What is sent of it where nobody touches it.
    pub(super) values: Vec<String>,
    /// Its `id`.
    pub(super) id: &'a str,
    /// What a browser may fill in: `name`, `email`.
    pub(super) autocomplete: &'a str,
    /// Whether a person doesn't see it.
    pub(super) is_hidden: bool,
    /// Whether the form can't be sent without it.
    pub(super) is_required: bool,
    /// What is written beside it.
    pub(super) label: Option<NodeId>,
}

impl Control<'_> {
    /// Whether it takes letters, and a person sees it.
    pub(super) fn is_field(&self) -> bool {
        matches!(self.kind, Kind::Line | Kind::Email | Kind::Area) && !self.is_hidden
    }
}

/// The controls of a form, and what else is in it.
pub(super) struct Controls<'a> {
    /// Those that have a name, in the order of the page.
    pub(super) list: Vec<Control<'a>>,
    /// Whether there is something that tells people from programs.
    pub(super) has_captcha: bool,
}

/// What is known above an element.
#[derive(Clone, Copy, Default)]
struct Above {
    is_in_form: bool,
    is_hidden: bool,
    is_disabled: bool,
    label: Option<NodeId>,
}

/// Reads the controls that belong to a form: those in it, and those elsewhere that name it.
pub(super) fn read(dom: &Dom, form: NodeId) -> Controls<'_> {
    let form_id = dom.element(form).and_then(|form| form.attribute("id"));
    let mut list = Vec::new();
    let mut has_captcha = false;
    let mut labels_of = HashMap::new();
    let mut marked = HashSet::new();
    walk(dom, Dom::ROOT, Above::default(), |id, element, above| {
        if id == form {
            // What hides the form itself, until somebody clicks, doesn't tell one field from another.
            return Some(Above {
                is_in_form: true,
                ..Above::default()
            });
        }
        let name = element.name();
        let mut inside = above;
        inside.is_hidden |= is_hidden(element);
        inside.is_disabled |= name == "fieldset" && element.attribute("disabled").is_some();
        if above.is_in_form && is_captcha(element) {
            has_captcha = true;
        }
        if name == "label" {
            inside.label = Some(id);
            if let Some(of) = element.attribute("for") {
                labels_of.entry(of).or_insert(id);
            }
        }
        if let Some(label) = above.label.filter(|_| has_class(element, "required")) {
            marked.insert(label);
        }
        if !matches!(name, "input" | "textarea" | "select" | "button") {
            return Some(inside);
        }
        let belongs = match element.attribute("form") {
            Some(named) => form_id.is_some_and(|id| id == named),
            None => above.is_in_form,
        };
        if belongs && !inside.is_disabled {
            list.extend(control(dom, id, element, inside));
        }
        None
    });
    for control in &mut list {
        let label = labels_of.get(control.id).copied();
        control.label = label.or(control.label);
        control.is_required |= (control.label).is_some_and(|label| marked.contains(&label));
    }
    Controls { list, has_captcha }
}

fn control<'a>(dom: &Dom, id: NodeId, element: &'a Element, inside: Above) -> Option<Control<'a>> {
    let told = |name: &str| element.attribute(name).unwrap_or_default();
    let name = element.attribute("name").filter(|name| !name.is_empty())?;
    if element.attribute("disabled").is_some() {
        return None;
    }
    let kind = kind(element)?;
    let is_letters = matches!(kind, Kind::Line | Kind::Email | Kind::Area);
    Some(Control {
        kind,
        name,
        values: values(dom, id, element, kind),
        id: element.attribute("id").unwrap_or_default(),
        autocomplete: element.attribute("autocomplete").unwrap_or_default(),
        // Who goes from field to field doesn't come to a trap.
        is_hidden: inside.is_hidden || is_letters && told("tabindex").trim() == "-1",
        is_required: element.attribute("required").is_some()
            || told("aria-required") == "true"
            || has_class(element, "required"),
        label: inside.label,
    })
}

/// Returns what a control is; none for one that is never sent.
fn kind(element: &Element) -> Option<Kind> {
    let kind = element.attribute("type").unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    Some(match (element.name(), &*kind) {
        ("textarea", _) => Kind::Area,
        ("select", _) => Kind::Choice,
        ("button", "" | "submit") | ("input", "submit") => Kind::Submit,
        ("button", _) | ("input", "button" | "reset" | "image") => return None,
        (_, "hidden") => Kind::Hidden,
        (_, "checkbox" | "radio") => Kind::Box,
        (_, "file") => Kind::File,
        (_, "email") => Kind::Email,
        _ => Kind::Line,
    })
}

fn values(dom: &Dom, id: NodeId, element: &Element, kind: Kind) -> Vec<String> {
    let value = element.attribute("value");
    match kind {
        Kind::Area => {
            let pieces = dom.node(id).children.iter();
            let pieces = pieces.filter_map(|piece| match &dom.node(*piece).kind {
                NodeKind::Text(piece) => Some(&**piece),
                NodeKind::Element(_) | NodeKind::Other => None,
            });
            vec![pieces.collect()]
        }
        Kind::Choice => chosen(dom, id, element.attribute("multiple").is_some()),
        Kind::Box if element.attribute("checked").is_none() => Vec::new(),
        Kind::Box => vec![value.unwrap_or("on").to_owned()],
        Kind::File => Vec::new(),
        Kind::Hidden | Kind::Line | Kind::Email | Kind::Submit => {
            vec![value.unwrap_or_default().to_owned()]
        }
    }
}

/// Returns what is chosen from a list: the first where nothing is, unless several may be.
fn chosen(dom: &Dom, choice: NodeId, is_multiple: bool) -> Vec<String> {
    let (mut chosen, mut first) = (Vec::new(), None);
    walk(dom, choice, (), |id, element, ()| {
        if element.name() != "option" {
            return Some(());
        }
        if element.attribute("disabled").is_none() {
            let is_selected = element.attribute("selected").is_some();
            if is_selected || first.is_none() && !is_multiple {
                let value = element.attribute("value").map(str::to_owned);
                let value = value.unwrap_or_else(|| text(dom, id).trim().to_owned());
                if is_selected {
                    chosen.push(value);
                } else {
                    first = Some(value);
                }
            }
        }
        None
    });
    match (chosen.pop(), is_multiple) {
        (Some(last), true) => {
            chosen.push(last);
            chosen
        }
        (last, _) => last.or(first).into_iter().collect(),
    }
}

/// Whether an element tells people from programs: the widgets of reCAPTCHA, hCaptcha, Turnstile,
/// Friendly Captcha, mCaptcha and ALTCHA, and fields that are named so.
fn is_captcha(element: &Element) -> bool {
    const SIGNS: [&str; 3] = ["captcha", "turnstile", "altcha"];
    let says = |told: &str| {
        let told = told.to_ascii_lowercase();
        SIGNS.iter().any(|sign| told.contains(sign)) || told == "frc-captcha"
    };
    let mut told = ["class", "id", "name", "src"]
        .into_iter()
        .filter_map(|name| element.attribute(name));
    says(element.name()) || element.attribute("data-sitekey").is_some() || told.any(says)
}

/// Whether a person doesn't see an element: traps for programs are hidden so.
fn is_hidden(element: &Element) -> bool {
    const CLASSES: [&str; 7] = [
        "hidden",
        "hide",
        "hp",
        "d-none",
        "sr-only",
        "visually-hidden",
        "screen-reader-text",
    ];
    let classes = element.attribute("class").unwrap_or_default();
    let mut classes = classes.split_ascii_whitespace();
    element.attribute("hidden").is_some()
        || element.attribute("aria-hidden") == Some("true")
        || classes.any(|class| CLASSES.contains(&class) || class.contains("honeypot"))
        || element.attribute("style").is_some_and(hides)
}

/// Whether a style hides: it shows nothing, or nothing of any size, or far away from the page.
fn hides(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let mut declarations = style.split(';').filter_map(|one| one.split_once(':'));
    declarations.any(|(property, value)| {
        let value = value.split('!').next().unwrap_or_default().trim();
        let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.')));
        let number = value.get(..end.unwrap_or(value.len()));
        let number: Option<f64> = number.and_then(|number| number.parse().ok());
        match property.trim() {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "clip" => value.starts_with("rect"),
            "clip-path" => value.starts_with("inset(50%") || value.starts_with("inset(100%"),
            "opacity" | "max-height" | "max-width" => number.is_some_and(|number| number <= 0.0),
            "height" | "width" => number.is_some_and(|number| number <= 1.0),
            "left" | "top" | "right" | "bottom" | "text-indent" | "margin-left" | "margin-top" => {
                number.is_some_and(|number| number <= -100.0)
            }
            _ => false,
        }
    })
}
