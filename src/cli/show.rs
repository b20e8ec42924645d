//! `gazette show`.

use crate::html;
use crate::model::article::{Article, ArticleId};
use crate::model::document::Line;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::services::Parts;
use crate::services::reading::{self, Listed};
use crate::services::sheet::{self, Setting};
use crate::services::subscriptions::Subscriptions;
use crate::store::Reader;

use super::json::{ArticleJson, ShownJson};
use super::out::{Ended, Out};
use super::{ShowArgs, ShowFormat};

pub(super) fn run(parts: &Parts<'_>, arguments: &ShowArgs, out: &mut Out) -> Ended {
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let feeds = Subscriptions::load(parts.config, &reader)?;
    let article = reading::open(&reader, ArticleId(arguments.id))?;
    if arguments.format == ShowFormat::Html {
        out.line(&SafeText::block(&sanitised(&article)))?;
        return Ok(Exit::Done);
    }
    let listed = Listed::new(article.head.clone(), &feeds, None);
    let also_in = reading::also_in(&reader, &feeds, article.head.id)?;
    let document = sheet::document(&article);
    let measure = usize::from(parts.config.ui.text_width);
    if arguments.format == ShowFormat::Json {
        let width = arguments.width.map_or(measure, usize::from);
        let lines = html::render(&document, width).lines;
        let text = lines.iter().map(Line::text).collect::<Vec<_>>().join("\n");
        let head = ArticleJson::new(&listed, &also_in);
        out.json(&ShownJson::new(
            head,
            &article,
            &document,
            &text,
            &sanitised(&article),
        ))?;
        return Ok(Exit::Done);
    }
    let width = arguments
        .width
        .map_or_else(|| default_width(measure, out.columns), usize::from);
    let setting = Setting {
        width,
        now: (parts.clock)(),
        zone: &parts.zone,
    };
    if arguments.format == ShowFormat::Markdown {
        let text = sheet::markdown(&article, &document, &listed, &also_in, &setting);
        out.line(&SafeText::block(text.trim_end()))?;
        return Ok(Exit::Done);
    }
    let sheet = sheet::lay_out(&article, &document, &listed, &also_in, &setting);
    for line in sheet.lines() {
        out.line(&SafeText::line(line.text().trim_end()))?;
    }
    Ok(Exit::Done)
}

fn sanitised(article: &Article) -> String {
    let base = sheet::base(article);
    html::sanitise(&article.html, base.as_ref())
}

/// Returns the text's measure on a terminal of so many columns, if there is one.
fn default_width(measure: usize, terminal: Option<usize>) -> usize {
    match terminal {
        Some(columns @ 80..) => measure.min(columns - 8),
        Some(columns) => measure.min(columns.saturating_sub(4)).max(20),
        None => measure,
    }
}
