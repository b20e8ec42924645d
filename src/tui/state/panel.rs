//! What lies over the panes, and what the next key means there.

use tui_input::Input;

use super::compose::Compose;
use crate::tui::commands::Command;
use crate::tui::keymap::Key;

/// What the next key means.
#[derive(Clone, Debug, Default)]
pub enum Mode {
    /// What it means in the pane.
    #[default]
    Browsing,
    /// The second key after a prefix.
    Prefix(Key),
    /// The next digit of a link's number.
    Digits(String),
    /// A letter that narrows a panel, or what a panel does.
    Panel(Panel),
    /// A letter of a file's name.
    FileName(Input),
    /// A letter of a comment, or what becomes of it.
    Writing(Box<Compose>),
}

/// A list over the panes: letters narrow it, arrows choose, Enter does it.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it lists.
    pub kind: PanelKind,
    /// What was typed to narrow it.
    pub typed: Input,
    /// The chosen line, among those that are left.
    pub chosen: usize,
    /// The first line in sight, among those that are left.
    pub top: usize,
}

/// What a panel lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelKind {
    /// The keys of this place, or of all.
    Keys(KeysOf),
    /// The article's links.
    Links,
    /// The article's headings.
    Headings,
    /// The article's attachments.
    Attachments,
    /// Facts about the article; nothing in it can be chosen.
    Facts,
    /// An address that was copied and is too long for a message; nothing in it can be chosen.
    Address,
}

impl PanelKind {
    /// Whether a panel is there to be read alone: letters narrow nothing, Enter does nothing.
    pub fn is_for_reading(self) -> bool {
        matches!(self, Self::Facts | Self::Address)
    }
}

/// Whose keys are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysOf {
    /// Those of the pane with the focus.
    ThisPane,
    /// Those of all panes.
    AllPanes,
}

/// One line of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelLine {
    /// The heading above it, where a new part begins.
    pub part: Option<&'static str>,
    /// What stands before: keys, a link's number, a heading's depth as blanks.
    pub label: String,
    /// Its words.
    pub words: String,
    /// What Enter does.
    pub deed: PanelDeed,
}

/// What Enter does with a line of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelDeed {
    /// Calls a command.
    Call(Command),
    /// Opens an address.
    Open(String),
    /// Goes to a line of the article.
    GoTo(usize),
    /// Nothing.
    Nothing,
}
