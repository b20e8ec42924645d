//! `gazette show`.

use crate::html;
use crate::model::article::{Article, ArticleId};
use crate::model::document::Line;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::services::Parts;
use crate::services::reading::{self, Listed};
use crate::services::sheet::changes::NO_EARLIER_VERSION;
use crate::services::sheet::{self, Setting, Shown};
use crate::services::subscriptions::Subscriptions;
use crate::store::Reader;

use super::json::{ArticleJson, ChangesJson, ShownJson};
use super::out::{Ended, Out, Stopped};
use super::{ShowArgs, ShowFormat};

pub(super) fn run(parts: &Parts<'_>, arguments: &ShowArgs, out: &mut Out) -> Ended {
    check(arguments)?;
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let feeds = Subscriptions::load(parts.config, &reader)?;
    let id = ArticleId(arguments.id);
    let measure = usize::from(parts.config.ui.text_width);
    let usual = match arguments.format {
        ShowFormat::Json => measure,
        _ => default_width(measure, out.columns),
    };
    let setting = Setting {
        width: arguments.width.map_or(usual, usize::from),
        now: (parts.clock)(),
        zone: &parts.zone,
    };
    if arguments.changes {
        return changes(&reader, id, arguments.format, &setting, out);
    }
    let article = reading::open(&reader, id)?;
    if arguments.format == ShowFormat::Html {
        out.line(&SafeText::block(&sanitised(&article)))?;
        return Ok(Exit::Done);
    }
    let shown = Shown {
        article: &article,
        document: &sheet::document(&article),
        listed: &Listed::new(article.head.clone(), &feeds, None),
        also_in: &reading::also_in(&reader, &feeds, id)?,
        setting: &setting,
    };
    match (arguments.format, arguments.skim) {
        (ShowFormat::Json, skim) => print_json(&shown, skim, out)?,
        (ShowFormat::Markdown, true) => markdown(&sheet::skim_markdown(&shown), out)?,
        (ShowFormat::Markdown, false) => markdown(&sheet::markdown(&shown), out)?,
        (_, true) => lines(&sheet::skim(&shown), out)?,
        (_, false) => lines(sheet::lay_out(&shown).lines(), out)?,
    }
    Ok(Exit::Done)
}

/// Errs where options don't go together.
fn check(arguments: &ShowArgs) -> Result<(), Problem> {
    let part = match (arguments.skim, arguments.changes) {
        (true, _) => "--skim",
        (_, true) => "--changes",
        _ => return Ok(()),
    };
    if arguments.format == ShowFormat::Html {
        let what = format!("`{part}` can't be printed as HTML");
        let hint = "text, markdown and json are the formats that it has";
        return Err(Problem::new(Exit::Usage, &what).hint(hint));
    }
    Ok(())
}

/// Prints what changed in an article since the reader saw it.
fn changes(
    reader: &Reader,
    id: ArticleId,
    format: ShowFormat,
    setting: &Setting<'_>,
    out: &mut Out,
) -> Ended {
    let (article, comparison) = reading::compared(reader, id)?;
    match (format, comparison) {
        (ShowFormat::Json, comparison) => {
            out.json(&ChangesJson::new(&article, comparison.as_ref()))?;
        }
        (_, None) => out.line(&SafeText::line(&format!("{NO_EARLIER_VERSION}.")))?,
        (ShowFormat::Markdown, Some(comparison)) => markdown(&comparison.markdown(setting), out)?,
        (_, Some(comparison)) => lines(comparison.lay_out(setting).lines(), out)?,
    }
    Ok(Exit::Done)
}

fn print_json(shown: &Shown<'_>, skim: bool, out: &mut Out) -> Result<(), Stopped> {
    let lines = if skim {
        sheet::skim(shown)
    } else {
        html::render(shown.document, shown.setting.width).lines
    };
    let text = lines.iter().map(Line::text).collect::<Vec<_>>().join("\n");
    out.json(&ShownJson::new(
        ArticleJson::new(shown.listed, shown.also_in),
        shown.article,
        shown.document,
        &text,
        &sanitised(shown.article),
    ))
}

fn lines<'a>(lines: impl IntoIterator<Item = &'a Line>, out: &mut Out) -> Result<(), Stopped> {
    for line in lines {
        out.line(&SafeText::line(line.text().trim_end()))?;
    }
    Ok(())
}

fn markdown(text: &str, out: &mut Out) -> Result<(), Stopped> {
    out.line(&SafeText::block(text.trim_end()))
}

fn sanitised(article: &Article) -> String {
    let base = sheet::base(article);
    html::sanitise(&article.html, base.as_ref())
}

/// Returns the text's measure on a terminal of so many columns, if there is one.
pub(super) fn default_width(measure: usize, terminal: Option<usize>) -> usize {
    match terminal {
        Some(columns @ 80..) => measure.min(columns - 8),
        Some(columns) => measure.min(columns.saturating_sub(4)).max(20),
        None => measure,
    }
}
