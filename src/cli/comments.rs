//! `gazette comments`.

use crate::model::article::ArticleId;
use crate::services::Parts;
use crate::services::comments;
use crate::store::Reader;

use super::json::CommentJson;
use super::out::{Ended, Out};
use super::show::default_width;
use super::{CommentsArgs, Format};
use crate::model::error::{Exit, Problem};

pub(super) fn run(parts: &Parts<'_>, arguments: &CommentsArgs, out: &mut Out) -> Ended {
    let id = ArticleId(arguments.id);
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let shown = comments::conversation(parts, &reader, id)?;
    match arguments.format {
        Format::Json => {
            for one in &comments::thread(&reader, id)?.comments {
                out.json(&CommentJson::new(one))?;
            }
        }
        Format::Text => {
            let measure = usize::from(parts.config.ui.text_width);
            let width = default_width(measure, out.columns);
            for line in comments::lay_out(&shown, width, (parts.clock)(), &parts.zone) {
                out.line(&line)?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
