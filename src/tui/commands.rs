//! The one table of commands: what each is called, which keys call it, where, and what it does.
//!
//! The keymap, the hints in the last row, the screen of keys (`?`) and the README's table are all
//! made from it; nothing else names a key.

use super::keymap::Keymap;
use super::state::Pane;
use crate::services::rows::{Filter, Sort};

/// Everything that a key can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum Command {
    Down,
    Up,
    Top,
    Bottom,
    HalfDown,
    HalfUp,
    ReadOn,
    PageDown,
    PageUp,
    PaneLeft,
    PaneRight,
    PaneNext,
    PanePrevious,
    Read,
    LineOn,
    UnreadNext,
    UnreadPrevious,
    ArticleNext,
    ArticlePrevious,
    SectionNext,
    SectionPrevious,
    Today,
    Starred,
    Closing,
    Section(u8),
    Star,
    ToggleRead,
    ReadToHere,
    ReadAll,
    Undo,
    Redo,
    Update,
    Filter(Filter),
    Sort(Sort),
    RefreshSection,
    RefreshAll,
    StoreWhole,
    Fold,
    FoldAll,
    SectionsPane,
    Alone,
    Redraw,
    Suspend,
    OpenPage,
    OpenAttachment,
    Copy(CopyKey),
    WriteFile,
    OpenLink,
    Links,
    Headings,
    HeadingNext,
    HeadingPrevious,
    Changes,
    Facts,
    Comments,
    WriteComment,
    Reply,
    OpenComment,
    CommentNext,
    CommentPrevious,
    ThreadNext,
    ThreadPrevious,
    Parent,
    NewNext,
    NewPrevious,
    FoldComment,
    FoldComments,
    FetchComments,
    Narrower,
    Wider,
    Keys,
    Back,
    Quit,
    Cancel,
    Stop,
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum CopyKey {
    Address,
    TitleAndAddress,
    Markdown,
    Citation,
    Paragraph,
}

/// In which panes a command does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// In every pane.
    Everywhere,
    /// In every pane but the comments.
    Panes,
    /// In the sections and the list.
    Lists,
    /// In the sections alone.
    Sections,
    /// In the list and the article.
    Reading,
    /// In the list, the article and its comments.
    Articles,
    /// In the article and its comments.
    Texts,
    /// In the article alone.
    Article,
    /// In the comments alone.
    Comments,
}

impl Places {
    /// Whether a pane is among them.
    pub fn hold(self, pane: Pane) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Panes => pane != Pane::Comments,
            Self::Lists => matches!(pane, Pane::Sections | Pane::List),
            Self::Sections => pane == Pane::Sections,
            Self::Reading => matches!(pane, Pane::List | Pane::Article),
            Self::Articles => pane != Pane::Sections,
            Self::Texts => matches!(pane, Pane::Article | Pane::Comments),
            Self::Article => pane == Pane::Article,
            Self::Comments => pane == Pane::Comments,
        }
    }

    /// Returns where that is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Panes => "sections, list, article",
            Self::Lists => "sections, list",
            Self::Sections => "sections",
            Self::Reading => "list, article",
            Self::Articles => "list, article, comments",
            Self::Texts => "article, comments",
            Self::Article => "article",
            Self::Comments => "comments",
        }
    }

    /// Whether two have a pane in common.
    pub fn meet(self, other: Self) -> bool {
        Pane::ALL
            .into_iter()
            .any(|pane| self.hold(pane) && other.hold(pane))
    }
}

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it does.
    pub command: Command,
    /// Its name in `[keys]`.
    pub name: &'static str,
    /// The keys that call it unless `[keys]` says otherwise; two keys with a blank between are
    /// pressed one after the other.
    pub keys: &'static [&'static str],
    /// Where it does something.
    pub places: Places,
    /// What it does, in a few words.
    pub about: &'static str,
}

/// What a line of the screen of keys is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the titles say it")]
pub enum Purpose {
    Move,
    Read,
    News,
    Mark,
    Find,
    TakeAway,
    Screen,
}

impl Purpose {
    /// Every purpose, in the order of the screen of keys.
    pub const ALL: [Self; 7] = [
        Self::Move,
        Self::Read,
        Self::News,
        Self::Mark,
        Self::Find,
        Self::TakeAway,
        Self::Screen,
    ];

    /// Returns its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Read => "Read",
            Self::News => "News",
            Self::Mark => "Mark",
            Self::Find => "Find",
            Self::TakeAway => "Take away",
            Self::Screen => "Screen",
        }
    }
}

/// One line of the screen of keys: commands that belong together.
#[derive(Clone, Copy, Debug)]
pub struct HelpLine {
    /// What it is about.
    pub purpose: Purpose,
    /// What its commands do, in a few words.
    pub about: &'static str,
    /// The commands; the first is the one that the line stands for.
    pub commands: &'static [Command],
}

/// Returns a command's entry.
pub fn entry(command: Command) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.command == command)
}

/// Returns the entry with a name.
pub fn named(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}

/// Returns the table of keys that the README shows, in Markdown.
pub fn key_table() -> String {
    let keymap = Keymap::default();
    let mut table = String::from("| keys | what they do | where |\n| --- | --- | --- |\n");
    for purpose in Purpose::ALL {
        for line in HELP.iter().filter(|line| line.purpose == purpose) {
            let keys = keymap.keys_of_all(line.commands).into_iter();
            let keys: Vec<String> = keys.map(|keys| format!("`{keys}`")).collect();
            let places = line.commands.first().and_then(|command| entry(*command));
            let places = places.map_or("", |entry| entry.places.words());
            table.push_str(&format!(
                "| {} | {} | {places} |\n",
                keys.join(" "),
                line.about
            ));
        }
    }
    table
}

const fn row(
    command: Command,
    name: &'static str,
    keys: &'static [&'static str],
    places: Places,
    about: &'static str,
) -> Entry {
    Entry {
        command,
        name,
        keys,
        places,
        about,
    }
}

use Command as C;
use Places::{Article, Articles, Everywhere, Lists, Panes, Reading, Texts};

/// Every command.
#[rustfmt::skip]
pub const TABLE: &[Entry] = &[
    row(C::Down, "down", &["j", "Down"], Everywhere, "next row or line"),
    row(C::Up, "up", &["k", "Up"], Everywhere, "previous row or line"),
    row(C::Top, "top", &["g", "Home"], Everywhere, "top"),
    row(C::Bottom, "bottom", &["G", "End"], Everywhere, "bottom"),
    row(C::HalfDown, "half-page-down", &["Ctrl-d"], Everywhere, "half a page down"),
    row(C::HalfUp, "half-page-up", &["Ctrl-u"], Everywhere, "half a page up"),
    row(C::ReadOn, "read-on", &["Space"], Everywhere, "page on, then the next unread article"),
    row(C::PageDown, "page-down", &["PageDown", "Ctrl-f"], Everywhere, "page on"),
    row(C::PageUp, "page-up", &["PageUp", "b", "Ctrl-b"], Everywhere, "page back"),
    row(C::PaneLeft, "pane-left", &["h", "Left", "Backspace"], Everywhere, "pane to the left"),
    row(C::PaneRight, "pane-right", &["l", "Right"], Everywhere, "pane to the right; reads an article"),
    row(C::PaneNext, "next-pane", &["Tab"], Everywhere, "next pane"),
    row(C::PanePrevious, "previous-pane", &["Shift-Tab"], Everywhere, "previous pane"),
    row(C::Read, "read", &["Enter"], Lists, "read"),
    row(C::LineOn, "line-on", &["Enter"], Article, "a line on"),
    row(C::UnreadNext, "next-unread", &["n"], Panes, "next unread article, in any section"),
    row(C::UnreadPrevious, "previous-unread", &["N"], Panes, "previous unread article, in any section"),
    row(C::ArticleNext, "next-article", &["J"], Panes, "next article"),
    row(C::ArticlePrevious, "previous-article", &["K"], Panes, "previous article"),
    row(C::SectionNext, "next-section", &["]"], Panes, "next section"),
    row(C::SectionPrevious, "previous-section", &["["], Panes, "previous section"),
    row(C::Today, "today", &["0"], Lists, "today's articles"),
    row(C::Starred, "starred", &["*"], Lists, "starred articles"),
    row(C::Closing, "closing-soon", &["!"], Lists, "consultations that close soon"),
    row(C::Section(1), "section-1", &["1"], Lists, "first section"),
    row(C::Section(2), "section-2", &["2"], Lists, "second section"),
    row(C::Section(3), "section-3", &["3"], Lists, "third section"),
    row(C::Section(4), "section-4", &["4"], Lists, "fourth section"),
    row(C::Section(5), "section-5", &["5"], Lists, "fifth section"),
    row(C::Section(6), "section-6", &["6"], Lists, "sixth section"),
    row(C::Section(7), "section-7", &["7"], Lists, "seventh section"),
    row(C::Section(8), "section-8", &["8"], Lists, "eighth section"),
    row(C::Section(9), "section-9", &["9"], Lists, "ninth section"),
    row(C::Star, "star", &["s"], Reading, "star, or take the star away"),
    row(C::ToggleRead, "read-or-unread", &["m"], Reading, "read or unread"),
    row(C::ReadToHere, "read-to-here", &["M"], Reading, "all from the top down to here read"),
    row(C::ReadAll, "read-all", &["A"], Panes, "all shown read"),
    row(C::Undo, "undo", &["u"], Everywhere, "undo"),
    row(C::Redo, "redo", &["U"], Everywhere, "redo"),
    row(C::Update, "update", &["."], Panes, "show what waits"),
    row(C::Filter(Filter::All), "filter-all", &["f a"], Panes, "all"),
    row(C::Filter(Filter::Unread), "filter-unread", &["f u"], Panes, "unread"),
    row(C::Filter(Filter::Starred), "filter-starred", &["f s"], Panes, "starred"),
    row(C::Filter(Filter::Today), "filter-today", &["f d"], Panes, "today's"),
    row(C::Filter(Filter::Changed), "filter-changed", &["f c"], Panes, "changed"),
    row(C::Filter(Filter::Whole), "filter-whole", &["f o"], Panes, "stored whole"),
    row(C::Sort(Sort::Newest), "sort-newest", &[", n"], Panes, "newest first"),
    row(C::Sort(Sort::Oldest), "sort-oldest", &[", o"], Panes, "oldest first"),
    row(C::Sort(Sort::Source), "sort-source", &[", s"], Panes, "by source"),
    row(C::Sort(Sort::Title), "sort-title", &[", t"], Panes, "by title"),
    row(C::Sort(Sort::Closing), "sort-closing", &[", c"], Panes, "by closing date"),
    row(C::RefreshSection, "refresh-section", &["r"], Panes, "refresh this section"),
    row(C::RefreshAll, "refresh-all", &["R"], Panes, "refresh all sections"),
    row(C::StoreWhole, "store-whole", &["D"], Panes, "store the whole text of all shown"),
    row(C::Fold, "fold", &["x"], Lists, "show or hide a section's feeds"),
    row(C::FoldAll, "fold-all", &["X"], Lists, "show or hide all feeds"),
    row(C::SectionsPane, "sections-pane", &["\\"], Everywhere, "sections pane on or off"),
    row(C::Alone, "article-alone", &["z"], Articles, "article alone"),
    row(C::Redraw, "redraw", &["Ctrl-l"], Everywhere, "draw the screen again"),
    row(C::Suspend, "suspend", &["Ctrl-z"], Everywhere, "suspend"),
    row(C::OpenPage, "open-page", &["o"], Articles, "open in the browser"),
    row(C::OpenAttachment, "open-attachment", &["O"], Reading, "open an attachment"),
    row(C::Copy(CopyKey::Address), "copy-address", &["y y"], Reading, "address"),
    row(C::Copy(CopyKey::TitleAndAddress), "copy-title", &["y t"], Reading, "title and address"),
    row(C::Copy(CopyKey::Markdown), "copy-markdown", &["y m"], Reading, "Markdown"),
    row(C::Copy(CopyKey::Citation), "copy-citation", &["y c"], Reading, "citation"),
    row(C::Copy(CopyKey::Paragraph), "copy-paragraph", &["y q"], Reading, "paragraph"),
    row(C::WriteFile, "write-file", &["w"], Reading, "write to a file"),
    row(C::OpenLink, "open-link", &["1", "2", "3", "4", "5", "6", "7", "8", "9"], Texts, "open a link by its number"),
    row(C::Links, "links", &["L"], Texts, "list the links"),
    row(C::Headings, "headings", &["T"], Article, "list the headings"),
    row(C::HeadingNext, "next-heading", &["}"], Article, "next heading"),
    row(C::HeadingPrevious, "previous-heading", &["{"], Article, "previous heading"),
    row(C::Changes, "changes", &["v"], Article, "what changed since you read it; again: the article"),
    row(C::Facts, "facts", &["i"], Reading, "facts: feed, dates, guid, versions"),
    row(C::Comments, "comments", &["c"], Reading, "read the comments"),
    row(C::WriteComment, "write-comment", &["C"], Articles, "write a comment"),
    row(C::Reply, "reply", &["r"], Places::Comments, "reply; go on with a comment of your own"),
    row(C::OpenComment, "open-comment", &["Enter"], Places::Comments, "hide or show the replies; go on with a draft"),
    row(C::CommentNext, "next-same-depth", &["J"], Places::Comments, "next comment of the same depth"),
    row(C::CommentPrevious, "previous-same-depth", &["K"], Places::Comments, "previous comment of the same depth"),
    row(C::ThreadNext, "next-thread", &["]"], Places::Comments, "next thread"),
    row(C::ThreadPrevious, "previous-thread", &["["], Places::Comments, "previous thread"),
    row(C::Parent, "parent", &["p"], Places::Comments, "the comment that this one answers"),
    row(C::NewNext, "next-new-comment", &["n"], Places::Comments, "next comment that is new since your last visit"),
    row(C::NewPrevious, "previous-new-comment", &["N"], Places::Comments, "previous comment that is new since your last visit"),
    row(C::FoldComment, "fold-comment", &["x"], Places::Comments, "hide or show a comment with its replies"),
    row(C::FoldComments, "fold-comments", &["X"], Places::Comments, "hide or show the replies of all threads"),
    row(C::FetchComments, "fetch-comments", &["R"], Places::Comments, "fetch the comments again"),
    row(C::Narrower, "narrower", &["<"], Texts, "narrower lines"),
    row(C::Wider, "wider", &[">"], Texts, "wider lines"),
    row(C::Keys, "keys", &["?"], Everywhere, "keys of this place"),
    row(C::Back, "back", &["q"], Everywhere, "one step back, at last quits"),
    row(C::Quit, "quit", &["Q"], Everywhere, "quit"),
    row(C::Cancel, "cancel", &["Esc", "Ctrl-g"], Everywhere, "end a filter or a message"),
    row(C::Stop, "stop", &["Ctrl-c"], Everywhere, "stop a refresh, else quit"),
];

const fn line(purpose: Purpose, about: &'static str, commands: &'static [Command]) -> HelpLine {
    HelpLine {
        purpose,
        about,
        commands,
    }
}

/// The lines of the screen of keys, by purpose. Every command stands in one of them.
#[rustfmt::skip]
pub const HELP: &[HelpLine] = &[
    line(Purpose::Move, "next, previous", &[C::Down, C::Up]),
    line(Purpose::Move, "pane left, right", &[C::PaneLeft, C::PaneRight]),
    line(Purpose::Move, "next pane", &[C::PaneNext]),
    line(Purpose::Move, "previous pane", &[C::PanePrevious]),
    line(Purpose::Move, "top, bottom", &[C::Top, C::Bottom]),
    line(Purpose::Move, "page on, next unread", &[C::ReadOn]),
    line(Purpose::Move, "page on, back", &[C::PageDown, C::PageUp]),
    line(Purpose::Move, "half a page", &[C::HalfDown, C::HalfUp]),
    line(Purpose::Move, "next, previous unread", &[C::UnreadNext, C::UnreadPrevious]),
    line(Purpose::Move, "next, previous article", &[C::ArticleNext, C::ArticlePrevious]),
    line(Purpose::Move, "next, previous section", &[C::SectionNext, C::SectionPrevious]),
    line(Purpose::Move, "today, starred, closing", &[C::Today, C::Starred, C::Closing]),
    line(Purpose::Move, "go to a section", &[
        C::Section(1), C::Section(2), C::Section(3), C::Section(4), C::Section(5), C::Section(6),
        C::Section(7), C::Section(8), C::Section(9),
    ]),
    line(Purpose::Move, "next, previous heading", &[C::HeadingNext, C::HeadingPrevious]),
    line(Purpose::Move, "same depth", &[C::CommentNext, C::CommentPrevious]),
    line(Purpose::Move, "next, previous thread", &[C::ThreadNext, C::ThreadPrevious]),
    line(Purpose::Move, "next, previous new one", &[C::NewNext, C::NewPrevious]),
    line(Purpose::Move, "what it answers", &[C::Parent]),
    line(Purpose::Read, "read", &[C::Read]),
    line(Purpose::Read, "a line on", &[C::LineOn]),
    line(Purpose::Read, "article alone", &[C::Alone]),
    line(Purpose::Read, "narrower, wider lines", &[C::Narrower, C::Wider]),
    line(Purpose::Read, "open a link by number", &[C::OpenLink]),
    line(Purpose::Read, "links", &[C::Links]),
    line(Purpose::Read, "headings", &[C::Headings]),
    line(Purpose::Read, "what changed", &[C::Changes]),
    line(Purpose::Read, "facts", &[C::Facts]),
    line(Purpose::Read, "read, write comments", &[C::Comments, C::WriteComment]),
    line(Purpose::Read, "reply, go on", &[C::Reply]),
    line(Purpose::Read, "fold, open a draft", &[C::OpenComment]),
    line(Purpose::Read, "fold comment, all", &[C::FoldComment, C::FoldComments]),
    line(Purpose::Read, "show what waits", &[C::Update]),
    line(Purpose::News, "fetch comments again", &[C::FetchComments]),
    line(Purpose::News, "refresh section, all", &[C::RefreshSection, C::RefreshAll]),
    line(Purpose::News, "store whole articles", &[C::StoreWhole]),
    line(Purpose::Mark, "star", &[C::Star]),
    line(Purpose::Mark, "read or unread", &[C::ToggleRead]),
    line(Purpose::Mark, "read down to here", &[C::ReadToHere]),
    line(Purpose::Mark, "all shown as read", &[C::ReadAll]),
    line(Purpose::Mark, "undo, redo", &[C::Undo, C::Redo]),
    line(Purpose::Find, "all, unread or starred", &[
        C::Filter(Filter::All), C::Filter(Filter::Unread), C::Filter(Filter::Starred),
    ]),
    line(Purpose::Find, "today, changed or whole", &[
        C::Filter(Filter::Today), C::Filter(Filter::Changed), C::Filter(Filter::Whole),
    ]),
    line(Purpose::Find, "sort: newest, oldest", &[C::Sort(Sort::Newest), C::Sort(Sort::Oldest)]),
    line(Purpose::Find, "sort: source, title", &[C::Sort(Sort::Source), C::Sort(Sort::Title)]),
    line(Purpose::Find, "sort: closing date", &[C::Sort(Sort::Closing)]),
    line(Purpose::TakeAway, "open in the browser", &[C::OpenPage]),
    line(Purpose::TakeAway, "open an attachment", &[C::OpenAttachment]),
    line(Purpose::TakeAway, "copy address, title", &[C::Copy(CopyKey::Address), C::Copy(CopyKey::TitleAndAddress)]),
    line(Purpose::TakeAway, "copy Markdown, citation", &[C::Copy(CopyKey::Markdown), C::Copy(CopyKey::Citation)]),
    line(Purpose::TakeAway, "copy the paragraph", &[C::Copy(CopyKey::Paragraph)]),
    line(Purpose::TakeAway, "write to a file", &[C::WriteFile]),
    line(Purpose::Screen, "feeds of a section", &[C::Fold]),
    line(Purpose::Screen, "feeds of all sections", &[C::FoldAll]),
    line(Purpose::Screen, "sections on, off", &[C::SectionsPane]),
    line(Purpose::Screen, "keys of this place", &[C::Keys]),
    line(Purpose::Screen, "draw again, suspend", &[C::Redraw, C::Suspend]),
    line(Purpose::Screen, "stop a refresh, else quit", &[C::Stop]),
    line(Purpose::Screen, "end filter, message", &[C::Cancel]),
    line(Purpose::Screen, "step back, quit", &[C::Back, C::Quit]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_configuration_lists_every_command_with_its_keys() {
        let example = include_str!("../../config.example.toml");
        for entry in TABLE {
            let keys: Vec<String> = entry.keys.iter().map(|key| format!("{key:?}")).collect();
            let line = format!("\n#{} = [{}]\n", entry.name, keys.join(", "));
            assert!(
                example.contains(&line),
                "config.example.toml should hold:{line}"
            );
        }
    }

    #[test]
    fn the_readme_shows_the_keys_as_they_are() {
        let readme = include_str!("../../README.md");
        let table = key_table();
        assert!(readme.contains(&table), "README.md should hold:\n{table}");
    }
}
