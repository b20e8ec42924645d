//! What is taken out of the program: opened in a browser, copied, written to a file.

use std::path::PathBuf;

use tui_input::{Input, InputRequest};

use super::super::commands::{Command, CopyKey};
use super::super::effect::{Effect, FileKind};
use super::super::keymap::Key;
use super::super::state::panel::{Mode, PanelKind};
use super::super::state::{Browser, Page, Pane, State, Then};
use super::{article, list, marks, panel};
use crate::config::MarkRead;
use crate::model::text::{SafeText, display_width};
use crate::services::sheet;

/// The longest name that is offered, in characters.
const LONGEST_NAME: usize = 60;

/// Does what needs the article's text; where that isn't there yet, once it is.
pub(super) fn with_article(state: &mut State, command: Command, out: &mut Vec<Effect>) {
    let id = match state.focus {
        Pane::Article | Pane::Comments => state.article.wanted,
        Pane::Sections | Pane::List => state.list.row().map(|row| row.id),
    };
    let Some(id) = id else {
        return list::nothing_selected(state);
    };
    article::want(state, id, out);
    let page = state.article.page.clone();
    let Some(page) = page.filter(|page| page.head.id == id) else {
        if state.article.missing != Some(id) {
            state.then = Some(Then::Call(command));
        }
        return;
    };
    match command {
        Command::OpenPage => open_page(state, &page, out),
        Command::OpenAttachment => open_attachment(state, &page, out),
        Command::Copy(what) => copy(state, &page, what, out),
        Command::WriteFile => {
            state.notice = None;
            state.mode = Mode::FileName(Input::new(format!("{}.md", file_name_of(&page.title))));
        }
        Command::Facts => panel::open(state, PanelKind::Facts),
        _ => {}
    }
}

fn open_page(state: &mut State, page: &Page, out: &mut Vec<Effect>) {
    let Some(address) = &page.head.permalink else {
        state.say("This article has no address");
        return;
    };
    // To open an article in the browser is to read it.
    if state.setup.mark_read == MarkRead::Open {
        marks::opened(state, out);
    }
    open(state, address, out);
}

fn open_attachment(state: &mut State, page: &Page, out: &mut Vec<Effect>) {
    match page.enclosures.as_slice() {
        [] => state.say("This article has no attachments"),
        [only] => open(state, &only.url, out),
        _ => panel::open(state, PanelKind::Attachments),
    }
}

/// Opens an address; where no browser can run it is shown in full and copied.
pub(super) fn open(state: &mut State, address: &str, out: &mut Vec<Effect>) {
    match state.setup.browser {
        Browser::There => {
            state.say(format!("Opening {}", sheet::shown_address(address)));
            out.push(Effect::Open(address.to_owned()));
        }
        Browser::Missing => {
            out.push(Effect::Copy(address.to_owned()));
            let said = format!("Address copied: {}", sheet::shown_address(address));
            // What doesn't fit into the last row is shown in full over the panes.
            if display_width(&said) + 2 > usize::from(state.size.0) {
                state.copied = SafeText::line(address).into_string();
                panel::open(state, PanelKind::Address);
            } else {
                state.say(said);
            }
        }
    }
}

fn copy(state: &mut State, page: &Page, what: CopyKey, out: &mut Vec<Effect>) {
    let address = page.head.permalink.as_deref();
    let (text, said) = match (what, address) {
        (CopyKey::Citation, _) => {
            let said = format!("Citation copied: {}", page.citation);
            (page.citation.clone(), said)
        }
        (CopyKey::Paragraph, _) => {
            let text = paragraph(page, state.article.top);
            if text.is_empty() {
                state.say("There is no paragraph at the top of the screen");
                return;
            }
            let said = format!("Paragraph copied: {text}");
            (text, said)
        }
        (_, None) => {
            state.say("This article has no address");
            return;
        }
        (CopyKey::Address, Some(address)) => {
            let said = format!("Address copied: {}", sheet::shown_address(address));
            (address.to_owned(), said)
        }
        (CopyKey::TitleAndAddress, Some(address)) => {
            let text = format!("{}\n{address}", page.title);
            let said = format!(
                "Title and address copied: {}, {}",
                page.title,
                sheet::shown_address(address)
            );
            (text, said)
        }
        (CopyKey::Markdown, Some(_)) => {
            let said = format!("Markdown copied: {}", page.markdown_link);
            (page.markdown_link.clone(), said)
        }
    };
    state.say(said);
    out.push(Effect::Copy(text));
}

/// Returns the text of the paragraph that stands at a line, or of the next one.
fn paragraph(page: &Page, line: usize) -> String {
    let is_blank = |at: &usize| page.lines.get(*at).is_none_or(|line| line.spans.is_empty());
    let Some(first) = (line..page.lines.len()).find(|at| !is_blank(at)) else {
        return String::new();
    };
    let block = page.spots.get(first).map(|spot| spot.block);
    let same = |at: &usize| page.spots.get(*at).map(|spot| spot.block) == block && !is_blank(at);
    let start = (0..first).rev().take_while(same).last().unwrap_or(first);
    let lines = (start..page.lines.len()).take_while(same);
    let texts: Vec<String> = lines
        .filter_map(|at| page.lines.get(at))
        .map(|line| line.text().trim().to_owned())
        .collect();
    texts.join(" ")
}

/// Returns a title as a file's name: letters and digits, hyphens between.
fn file_name_of(title: &str) -> String {
    let words = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_lowercase();
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let name = name.trim_end_matches('-');
    if name.is_empty() { "article" } else { name }.to_owned()
}

/// Hears a key while a file's name is typed.
pub(super) fn file_name(state: &mut State, mut name: Input, key: Key, out: &mut Vec<Effect>) {
    match key {
        Key::Esc | Key::Ctrl('g' | 'c') => return,
        Key::Enter => {
            let path = PathBuf::from(name.value().trim());
            if FileKind::of(&path).is_none() {
                state.say("A name that ends in .md, .txt or .html, please");
                state.mode = Mode::FileName(name);
                return;
            }
            if let Some(page) = state.article.shown() {
                out.push(Effect::WriteFile {
                    id: page.head.id,
                    path,
                });
            }
            return;
        }
        key => type_into(&mut name, key),
    }
    state.mode = Mode::FileName(name);
}

/// Changes a field as the usual line keys do.
pub(super) fn type_into(field: &mut Input, key: Key) {
    let request = match key {
        Key::Char(letter) => InputRequest::InsertChar(letter),
        Key::Backspace => InputRequest::DeletePrevChar,
        Key::Delete | Key::Ctrl('d') => InputRequest::DeleteNextChar,
        Key::Left | Key::Ctrl('b') => InputRequest::GoToPrevChar,
        Key::Right | Key::Ctrl('f') => InputRequest::GoToNextChar,
        Key::Home | Key::Ctrl('a') => InputRequest::GoToStart,
        Key::End | Key::Ctrl('e') => InputRequest::GoToEnd,
        Key::Ctrl('w') => InputRequest::DeletePrevWord,
        Key::Ctrl('u') => InputRequest::DeleteLine,
        Key::Ctrl('k') => InputRequest::DeleteTillEnd,
        _ => return,
    };
    field.handle(request);
}

#[cfg(test)]
mod tests {
    use super::file_name_of;

    #[test]
    fn a_title_makes_a_file_name() {
        assert_eq!(
            file_name_of("Bus grants: second round!"),
            "bus-grants-second-round"
        );
        assert_eq!(file_name_of("Cynllun iaith ŵyl"), "cynllun-iaith-ŵyl");
        assert_eq!(file_name_of("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name_of("…"), "article");
    }
}
