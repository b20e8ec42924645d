//! Writing a comment: its fields, the question what becomes of it, and what its site says to it.

use tui_input::{Input, InputRequest};

use super::super::commands::Command;
use super::super::effect::{Change, DraftKept, Effect, Even, Letter, Noted, Sheet, When};
use super::super::keymap::Key;
use super::super::shelf;
use super::super::state::comments::Written;
use super::super::state::compose::{Compose, MOST_CHARACTERS, Saved, Slot, Stage};
use super::super::state::field::Field;
use super::super::state::history::Deed;
use super::super::state::panel::Mode;
use super::super::state::{Browser, Pane, State};
use super::{comments, keys, news, take};
use crate::model::comment::{CommentId, Draft, DraftId, DraftState, Openness, Refusal, Why, Words};
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::services::comments::{Entry, EntryId, Own, Sent};
use crate::services::{self, Connection};

/// Begins a comment that answers none.
pub(super) fn write(state: &mut State, _out: &mut [Effect]) {
    begin(state, None);
}

/// Begins an answer to the selected comment; one of the reader's own that isn't sent is written on.
pub(super) fn reply(state: &mut State, out: &mut Vec<Effect>) {
    let Some(entry) = state.comments.entry().cloned() else {
        return state.say("There is no comment to reply to");
    };
    match (&entry.id, &entry.own) {
        (_, Some(own)) if own.state.is_unsent() => go_on(state, own, out),
        (EntryId::Theirs(id), _) => begin(state, Some(id.clone())),
        (EntryId::Own(_), Some(own)) if own.state == DraftState::Sending => {
            state.say("This comment is on its way");
        }
        (EntryId::Own(_), Some(own)) if matches!(own.state, DraftState::Published(_)) => {
            let fetch = state.setup.keymap.shown(Command::FetchComments);
            state.say(format!(
                "Published · {fetch} fetches it from the site first"
            ));
        }
        (EntryId::Own(_), _) => state.say("The site doesn’t show this comment yet"),
    }
}

fn begin(state: &mut State, reply_to: Option<CommentId>) {
    let Some(talk) = state.comments.talk.clone() else {
        return;
    };
    let conversation = &talk.conversation;
    if conversation.site.as_str().is_empty() {
        return state.say("This article has no address to send a comment to");
    }
    let words = state.author.clone();
    open(state, None, reply_to, words);
    state.notice = None;
    match conversation.openness {
        Openness::Closed => state.say("Comments are closed on this page, as far as is known"),
        Openness::Accounts => state.say("Only accounts of the site may comment"),
        Openness::Open | Openness::Unknown => {}
    }
}

fn go_on(state: &mut State, own: &Own, out: &mut Vec<Effect>) {
    open(state, Some(own.id), own.reply_to.clone(), own.words.clone());
    state.notice = None;
    if let (DraftState::Waiting, Mode::Writing(compose)) = (&own.state, &state.mode) {
        // What is being written on is sent by nobody: it takes another yes.
        out.push(Effect::Write(Change::KeepDraft(Box::new(DraftKept {
            sheet: compose.sheet(),
            article: compose.article,
            reply_to: compose.reply_to.clone(),
            words: Some(compose.words()),
            when: When::Now,
        }))));
    }
    if own.state == DraftState::Unknown {
        let words = "No answer came: Esc, then y, sends the same again";
        state.say(words);
    }
}

/// Opens the fields.
fn open(state: &mut State, draft: Option<DraftId>, reply_to: Option<CommentId>, words: Words) {
    let Some(article) = state.comments.wanted else {
        return;
    };
    let line = |text: &str| SafeText::line(text).into_string();
    state.sheets += 1;
    let compose = Compose {
        number: state.sheets,
        draft,
        article,
        reply_to,
        name: Input::new(line(&words.name)),
        email: Input::new(line(&words.email)),
        text: Field::new(&words.text),
        slot: Slot::Text,
        top: 0,
        stage: Stage::Writing,
        saved: Saved::Nothing,
        handed: words,
    };
    state.mode = Mode::Writing(Box::new(compose));
    keep_in_sight(state);
}

/// Hears a key while a comment is being written.
pub(super) fn press(state: &mut State, mut compose: Box<Compose>, key: Key, out: &mut Vec<Effect>) {
    match key {
        Key::Ctrl('l') => out.push(Effect::Redraw),
        Key::Ctrl('z') => {
            hand_over(&mut compose, When::Now, out);
            out.push(Effect::Suspend);
        }
        _ => match compose.stage {
            Stage::Ready => return decide(state, compose, key, out),
            Stage::Writing => {
                type_in(state, &mut compose, key, out);
                hand_over(&mut compose, When::Soon, out);
            }
        },
    }
    state.mode = Mode::Writing(compose);
    keep_in_sight(state);
}

fn type_in(state: &mut State, compose: &mut Compose, key: Key, out: &mut Vec<Effect>) {
    match key {
        Key::Esc | Key::Ctrl('g' | 'c') => {
            keys::forget_error(state);
            compose.stage = Stage::Ready;
            hand_over(compose, When::Now, out);
        }
        // Name and address are those of the account.
        Key::Tab | Key::BackTab if state.account().is_some() => {}
        Key::Tab => compose.slot = compose.slot.next(),
        Key::BackTab => compose.slot = compose.slot.previous(),
        key => match compose.slot {
            Slot::Name | Slot::Email if key == Key::Enter => compose.slot = compose.slot.next(),
            Slot::Name => take::type_into(&mut compose.name, key),
            Slot::Email => take::type_into(&mut compose.email, key),
            Slot::Text => type_text(state, compose, key, out),
        },
    }
}

/// Changes the text as the usual line keys do.
fn type_text(state: &State, compose: &mut Compose, key: Key, out: &mut Vec<Effect>) {
    let desk = shelf::writing(state, compose);
    let width = usize::from(desk.width);
    let page = isize::try_from(desk.rows.saturating_sub(1).max(1)).unwrap_or(1);
    let text = &mut compose.text;
    match key {
        Key::Char(letter) => text.insert(letter.encode_utf8(&mut [0; 4])),
        Key::Enter => text.insert("\n"),
        Key::Backspace => text.delete_before(),
        Key::Delete | Key::Ctrl('d') => text.delete_after(),
        Key::Left | Key::Ctrl('b') => text.left(),
        Key::Right | Key::Ctrl('f') => text.right(),
        Key::Up | Key::Ctrl('p') => text.move_rows(-1, width),
        Key::Down | Key::Ctrl('n') => text.move_rows(1, width),
        Key::PageUp => text.move_rows(-page, width),
        Key::PageDown => text.move_rows(page, width),
        Key::Home | Key::Ctrl('a') => text.home(width),
        Key::End => text.end(width),
        Key::Ctrl('w') => text.delete_word(),
        Key::Ctrl('u') => text.delete_to_home(width),
        Key::Ctrl('k') => text.delete_to_end(width),
        Key::Ctrl('e') => {
            let text = text.text().to_owned();
            hand_over(compose, When::Now, out);
            out.push(Effect::Edit(text));
        }
        _ => {}
    }
}

/// Takes pasted text into the field that letters go into.
pub(super) fn paste(state: &mut State, text: &str, out: &mut Vec<Effect>) {
    let Mode::Writing(compose) = &mut state.mode else {
        return;
    };
    if compose.stage == Stage::Ready {
        return state.say("Pasted text is not taken for keys");
    }
    let field = match compose.slot {
        Slot::Text => {
            compose.text.insert(text);
            None
        }
        Slot::Name => Some(&mut compose.name),
        Slot::Email => Some(&mut compose.email),
    };
    if let Some(field) = field {
        for letter in SafeText::line(text).as_str().chars() {
            field.handle(InputRequest::InsertChar(letter));
        }
    }
    hand_over(compose, When::Soon, out);
    keep_in_sight(state);
}

/// Takes the text that the reader's editor gave back.
pub(super) fn edited(state: &mut State, text: &str, out: &mut Vec<Effect>) {
    if let Mode::Writing(compose) = &mut state.mode {
        compose.text = Field::new(text.trim_end());
        compose.slot = Slot::Text;
        hand_over(compose, When::Now, out);
    }
    keep_in_sight(state);
}

/// Hands over what was written, to be stored, where it isn't what was handed over before. What has
/// no text yet is nothing to store.
fn hand_over(compose: &mut Compose, when: When, out: &mut Vec<Effect>) {
    let words = compose.words();
    let is_nothing = words.text.is_empty() && compose.handed.text.is_empty();
    let is_changed = words != compose.handed && !is_nothing;
    if !is_changed && when == When::Soon {
        return;
    }
    if is_changed {
        compose.handed = words.clone();
    } else if compose.saved == Saved::Nothing && compose.draft.is_none() {
        return;
    }
    out.push(Effect::Write(Change::KeepDraft(Box::new(DraftKept {
        sheet: compose.sheet(),
        article: compose.article,
        reply_to: compose.reply_to.clone(),
        words: is_changed.then_some(words),
        when,
    }))));
}

/// Hears what becomes of a comment.
fn decide(state: &mut State, mut compose: Box<Compose>, key: Key, out: &mut Vec<Effect>) {
    match key {
        Key::Char('y') => return send(state, compose, out),
        Key::Char('e') | Key::Esc | Key::Ctrl('g') => compose.stage = Stage::Writing,
        Key::Char('q') | Key::Ctrl('c') => return keep(state, &compose, out),
        Key::Char('d') => return throw_away(state, &compose, out),
        key => {
            let said =
                format!("{key} is not a key here · y sends, e goes on, q keeps, d throws away");
            state.say(said);
        }
    }
    state.mode = Mode::Writing(compose);
    keep_in_sight(state);
}

/// Leaves the writing; what was written stays.
pub(super) fn keep(state: &mut State, compose: &Compose, out: &mut Vec<Effect>) {
    if compose.text.text().trim().is_empty() {
        state.say("Nothing was written");
        return drop_empty(state, compose, out);
    }
    state.comments.written = Some(match compose.draft {
        Some(draft) => Written::As(draft),
        None => Written::In(compose.number),
    });
    let key = state.setup.keymap.shown(Command::Reply);
    state.say(format!("The draft is kept · {key} goes on with it"));
    comments::ask_again(state, out);
    // One that waited does so no longer.
    news::ask_counts(state, Even::Unchanged, out);
}

/// Throws away what has no words.
fn drop_empty(state: &mut State, compose: &Compose, out: &mut Vec<Effect>) {
    out.push(Effect::Write(Change::ThrowAway {
        sheet: compose.sheet(),
        noted: Noted::Already,
    }));
    comments::ask_again(state, out);
}

fn throw_away(state: &mut State, compose: &Compose, out: &mut Vec<Effect>) {
    if compose.text.text().trim().is_empty() {
        state.say("Nothing was written");
        return drop_empty(state, compose, out);
    }
    out.push(Effect::Write(Change::ThrowAway {
        sheet: compose.sheet(),
        noted: Noted::NotYet,
    }));
}

/// Lets a comment be sent, unless something lacks.
fn send(state: &mut State, mut compose: Box<Compose>, out: &mut Vec<Effect>) {
    let characters = compose.characters();
    let (said, slot) = if compose.text.text().trim().is_empty() {
        ("There is no text to send".to_owned(), Slot::Text)
    } else if characters > MOST_CHARACTERS {
        let most = super::super::cut::thousands(MOST_CHARACTERS as u64);
        (
            format!("The text has more than {most} characters"),
            Slot::Text,
        )
    } else if state.account().is_none() && compose.name.value().trim().is_empty() {
        (
            "Your name is missing: the site asks for one".to_owned(),
            Slot::Name,
        )
    } else if state.account().is_none() && compose.email.value().trim().is_empty() {
        let said = "Your e-mail address is missing: the site asks for one";
        (said.to_owned(), Slot::Email)
    } else {
        if state.setup.author.name.is_empty() {
            state.author = Words {
                text: String::new(),
                ..compose.words()
            };
        }
        out.push(Effect::Write(Change::Release(compose.sheet())));
        return;
    };
    compose.stage = Stage::Writing;
    compose.slot = slot;
    state.mode = Mode::Writing(compose);
    state.say(said);
    keep_in_sight(state);
}

/// What was written is stored, or is none of the reader's any more.
pub(super) fn kept(state: &mut State, sheet: u64, draft: Option<DraftId>, out: &mut Vec<Effect>) {
    let now = state.now;
    if let Mode::Writing(compose) = &mut state.mode
        && compose.number == sheet
    {
        let Some(draft) = draft else {
            compose.saved = Saved::Failed;
            return;
        };
        let before = compose.draft.replace(draft);
        compose.saved = Saved::At(now);
        if before.is_some_and(|before| before != draft) {
            state.complain("That comment was sent meanwhile: what you write is a new draft");
        }
    } else {
        if let Some(draft) = draft.filter(|_| state.comments.written == Some(Written::In(sheet))) {
            state.comments.written = Some(Written::As(draft));
        }
        comments::ask_again(state, out);
        news::ask_counts(state, Even::Unchanged, out);
    }
}

/// Something could not be stored.
pub(super) fn lost(state: &mut State, problem: &Problem) {
    if let Mode::Writing(compose) = &mut state.mode {
        compose.saved = Saved::Failed;
    }
    super::complain(state, problem);
}

/// A comment may be sent: it is, where there is a network.
pub(super) fn released(state: &mut State, draft: Option<DraftId>, out: &mut Vec<Effect>) {
    state.comments.written = draft.map(Written::As);
    match draft {
        None => state.complain("Not sent: the comment is on its way already, or gone"),
        Some(_) if state.setup.connection == Connection::Offline => {
            state.say("Offline: the next refresh that reaches the site sends it");
        }
        Some(draft) => {
            state.say("Sending the comment");
            out.push(Effect::Correspond(Letter::Send(draft)));
        }
    }
    comments::ask_again(state, out);
    news::ask_counts(state, Even::Unchanged, out);
}

/// A comment was thrown away.
pub(super) fn thrown_away(
    state: &mut State,
    draft: Option<Box<Draft>>,
    noted: Noted,
    out: &mut Vec<Effect>,
) {
    if noted == Noted::NotYet {
        match draft {
            Some(draft) => {
                state.history.note(Deed::ThrewAway(draft));
                let undo = state.setup.keymap.shown(Command::Undo);
                state.say(format!("Draft thrown away · {undo} brings it back"));
            }
            None => state.complain("Not thrown away: the comment is on its way, or gone"),
        }
    }
    comments::ask_again(state, out);
    news::ask_counts(state, Even::Unchanged, out);
}

/// Puts a comment back that was thrown away.
pub(super) fn bring_back(draft: Box<Draft>, out: &mut Vec<Effect>) {
    out.push(Effect::Write(Change::BringBack(draft)));
}

/// Throws a comment away again.
pub(super) fn throw_away_again(draft: DraftId, out: &mut Vec<Effect>) {
    out.push(Effect::Write(Change::ThrowAway {
        sheet: Sheet {
            number: 0,
            draft: Some(draft),
        },
        noted: Noted::Already,
    }));
}

/// Takes what became of a comment that was sent.
pub(super) fn sent(
    state: &mut State,
    draft: DraftId,
    outcome: Result<Sent, Box<Problem>>,
    out: &mut Vec<Effect>,
) {
    match outcome {
        Ok(Sent::Settled(became)) => {
            settled(state, draft, &became, out);
            if matches!(became, DraftState::Published(_)) {
                comments::fetch_published(state, draft, out);
            }
        }
        Ok(Sent::Unsent(why)) => {
            state.say(format!("Not sent: {why}. It waits for the next refresh"));
        }
        Ok(Sent::Nothing) => state.say("It is on its way already, or gone"),
        Err(problem) => super::complain(state, &problem),
    }
    comments::ask_again(state, out);
    news::ask_counts(state, Even::Unchanged, out);
}

/// Says what a site did with a comment.
pub(super) fn settled(
    state: &mut State,
    draft: DraftId,
    became: &DraftState,
    out: &mut Vec<Effect>,
) {
    match became {
        DraftState::Refused(refusal) => refused(state, draft, refusal, out),
        DraftState::Unknown => {
            let reply = state.setup.keymap.shown(Command::Reply);
            state.complain(format!(
                "Sent, but no clear answer came · {reply}, then y, sends the same again"
            ));
        }
        became => state.say(services::comments::outcome(became)),
    }
}

/// Says why a site doesn't take a comment; what only a browser can do is opened there.
fn refused(state: &mut State, draft: DraftId, refusal: &Refusal, out: &mut Vec<Effect>) {
    let says = match (refusal.why, refusal.words.as_str()) {
        (Why::Closed, _) => "comments are closed on this page".to_owned(),
        (Why::Captcha, _) if state.setup.browser == Browser::There => {
            "the page asks for a captcha, see the browser".to_owned()
        }
        (Why::Captcha, _) => {
            let open = state.setup.keymap.shown(Command::OpenPage);
            format!("the page asks for a captcha, which a browser must answer ({open})")
        }
        (Why::Invalid | Why::Other, words) if !words.is_empty() => {
            SafeText::line(words).into_string()
        }
        _ => services::comments::reason(refusal).to_owned(),
    };
    let says = says.trim_end_matches('.');
    if refusal.why == Why::Captcha
        && state.setup.browser == Browser::There
        && let Some(address) = address_of(state, draft)
    {
        take::open(state, &address, out);
    }
    state.complain(format!("Not sent: {says}. The draft is kept"));
}

/// Returns the address of the article that a comment is about, where that is on the screen.
fn address_of(state: &State, draft: DraftId) -> Option<String> {
    let talk = state.comments.talk.as_ref()?;
    let is_it = |entry: &Entry| entry.own.as_ref().is_some_and(|own| own.id == draft);
    let is_here = talk.conversation.entries.iter().any(is_it);
    is_here.then(|| talk.conversation.permalink.clone())?
}

/// Scrolls as little as brings the cursor into sight.
pub(super) fn keep_in_sight(state: &mut State) {
    let Mode::Writing(compose) = &state.mode else {
        return;
    };
    let desk = shelf::writing(state, compose);
    let (row, _) = compose.text.place(desk.width.into());
    let rows = desk.rows.max(1);
    let top = compose.top.clamp((row + 1).saturating_sub(rows), row);
    if let Mode::Writing(compose) = &mut state.mode {
        compose.top = top;
    }
}

/// Leaves the writing because the window is too small for it; what was written stays.
pub(super) fn leave_small(state: &mut State, mut compose: Box<Compose>, out: &mut Vec<Effect>) {
    hand_over(&mut compose, When::Now, out);
    if state.focus == Pane::Comments {
        keep(state, &compose, out);
    }
}
