//! `gazette list`, and the rows that `gazette search` shares with it.

use std::ops::ControlFlow;

use jiff::Timestamp;

use crate::model::article::ArticleHead;
use crate::model::error::{Exit, Problem};
use crate::model::text::{SafeText, clip, display_width};
use crate::services::reading::{self, Listed};
use crate::services::subscriptions::Subscriptions;
use crate::services::{Parts, dates};
use crate::store::{Is, ListQuery, Reader};

use super::json::ArticleJson;
use super::out::{Ended, Out, Stopped, Weight};
use super::{Format, ListArgs};

/// The longest beginning that stands in for a title, in characters.
const OPENING_CHARS: usize = 100;

/// Columns of the source's name in a row.
const SOURCE_COLUMNS: usize = 15;

pub(super) fn run(parts: &Parts<'_>, arguments: &ListArgs, out: &mut Out) -> Ended {
    let now = (parts.clock)();
    let since = arguments
        .since
        .as_deref()
        .map(|text| dates::parse_when(text, now, &parts.zone))
        .transpose()?;
    let closing = arguments
        .closing
        .as_deref()
        .map(|text| dates::parse_until(text, now, &parts.zone))
        .transpose()?;
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let feeds = Subscriptions::load(parts.config, &reader)?;
    let place = arguments.place.place();
    let query = ListQuery {
        scope: place.scope(parts.config, &feeds)?,
        read: if arguments.unread {
            Is::Unset
        } else {
            Is::Either
        },
        starred: if arguments.starred {
            Is::Set
        } else {
            Is::Either
        },
        tag: arguments.tag.clone(),
        tagged: arguments
            .tag
            .as_deref()
            .map_or_else(Vec::new, |tag| feeds.with_tag(tag)),
        since,
        before: None,
        limit: arguments.limit,
    };
    let mut rows = Rows {
        parts,
        reader: &reader,
        feeds: &feeds,
        asked: place.asked(parts.config)?,
        now,
        dated: match closing {
            Some(_) => Dated::Closing,
            None => Dated::Published,
        },
        format: arguments.format,
        out,
        stopped: None,
    };
    match closing {
        None => reading::list(&reader, &query, &mut |head| rows.print(head))?,
        Some(until) => {
            reading::list_closing(&reader, &query, now, until, &mut |head| rows.print(head))?;
        }
    }
    rows.end()
}

/// Which date a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dated {
    /// When the article was published.
    Published,
    /// When the consultation closes.
    Closing,
}

/// Prints articles as they come.
pub(super) struct Rows<'a> {
    pub(super) parts: &'a Parts<'a>,
    pub(super) reader: &'a Reader,
    pub(super) feeds: &'a Subscriptions,
    /// The section asked for.
    pub(super) asked: Option<&'a str>,
    /// The moment that dates are told from.
    pub(super) now: Timestamp,
    /// Which date a row tells.
    pub(super) dated: Dated,
    pub(super) format: Format,
    pub(super) out: &'a mut Out,
    pub(super) stopped: Option<Stopped>,
}

impl Rows<'_> {
    pub(super) fn print(&mut self, head: ArticleHead) -> ControlFlow<()> {
        match self.row(head) {
            Ok(()) => ControlFlow::Continue(()),
            Err(stopped) => {
                self.stopped = Some(stopped);
                ControlFlow::Break(())
            }
        }
    }

    /// Returns how the command ends.
    pub(super) fn end(self) -> Ended {
        self.stopped.map_or(Ok(Exit::Done), Err)
    }

    fn row(&mut self, head: ArticleHead) -> Result<(), Stopped> {
        let listed = Listed::new(head, self.feeds, self.asked);
        match self.format {
            Format::Json => {
                let also_in = reading::also_in(self.reader, self.feeds, listed.head.id)?;
                self.out.json(&ArticleJson::new(&listed, &also_in))
            }
            Format::Text => self.text(&listed),
        }
    }

    /// Prints `id mark title source date`, cut to the terminal where there is one.
    fn text(&mut self, listed: &Listed<'_>) -> Result<(), Stopped> {
        let head = &listed.head;
        let zone = &self.parts.zone;
        let when = match (self.dated, head.closes) {
            (Dated::Closing, Some(closes)) => {
                let until = dates::until(closes, self.now, zone);
                format!("{:>16} {until:>10}", dates::on_day(closes, zone))
            }
            _ => dates::in_row(head.published.unwrap_or(head.first_seen), self.now, zone),
        };
        let source = SafeText::line(listed.feed_short);
        let source = clip(source.as_str(), SOURCE_COLUMNS);
        let padding = SOURCE_COLUMNS - display_width(&source);
        let start = format!(
            "{:>7} {}{} {when:>8}  {source}{:padding$}  ",
            head.id.0,
            if head.marks.read { ' ' } else { '●' },
            if head.marks.starred { '★' } else { ' ' },
            "",
        );
        let title = SafeText::line(title(head));
        let room = self.out.columns.map_or(usize::MAX, |columns| {
            columns.saturating_sub(display_width(&start))
        });
        let weight = if head.marks.read {
            Weight::Plain
        } else {
            Weight::Bold
        };
        let title = SafeText::line(&clip(title.as_str(), room));
        self.out
            .pieces(&[(Weight::Plain, SafeText::line(&start)), (weight, title)])
    }
}

/// Returns what a row says of an article: its title, else how it begins.
fn title(head: &ArticleHead) -> &str {
    match (head.title.as_str(), head.standfirst.as_str()) {
        ("", "") => "(no title)",
        ("", standfirst) => {
            let end = standfirst
                .char_indices()
                .nth(OPENING_CHARS)
                .map_or(standfirst.len(), |(at, _)| at);
            &standfirst[..end]
        }
        (title, _) => title,
    }
}
