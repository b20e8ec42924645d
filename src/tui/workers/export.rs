//! Writes an article to a file: as HTML, Markdown or text, as the file's ending says.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use super::guarded;
use super::outlet::Outlet;
use crate::html;
use crate::model::article::ArticleId;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::platform::{Overwrite, write_atomic};
use crate::services::reading::{self, Listed};
use crate::services::subscriptions::Subscriptions;
use crate::services::{SharedParts, sheet};
use crate::store::Reader;
use crate::tui::effect::FileKind;
use crate::tui::message::{Message, Outside, Worker};

/// Writes an article to a file on a thread of its own; a file that is there stays as it is.
pub(in crate::tui) fn start(
    parts: Arc<SharedParts>,
    outlet: Outlet,
    id: ArticleId,
    path: PathBuf,
) -> Result<(), Problem> {
    thread::Builder::new()
        .name("export".to_owned())
        .spawn(move || {
            guarded(&outlet, &parts.data_dir, Worker::Export, || {
                run(&parts, &outlet, id, path);
            });
        })
        .map_err(|error| {
            Problem::new(Exit::Failed, "no thread can be started").because_of(&error)
        })?;
    Ok(())
}

/// Writes an article to a file, and says how that went.
pub fn run(parts: &SharedParts, outlet: &Outlet, id: ArticleId, path: PathBuf) {
    let done = match export(parts, id, &path) {
        Ok(()) => Outside::WroteFile(path),
        Err(problem) => Outside::Failed(Box::new(problem)),
    };
    outlet.tell(Message::Outside(done));
}

/// Returns a path that was typed as a shell would take it: a leading `~/` is the home folder.
pub(in crate::tui) fn from_home(path: PathBuf, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(below), Some(home)) => home.join(below),
        _ => path,
    }
}

fn export(parts: &SharedParts, id: ArticleId, path: &Path) -> Result<(), Problem> {
    let kind = FileKind::of(path).ok_or_else(|| {
        let what = format!("`{}` ends in nothing that can be written", path.display());
        Problem::new(Exit::Usage, &what).hint("end it in `.md`, `.txt` or `.html`")
    })?;
    // A typing error makes no folders.
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder
        && matches!(folder.try_exists(), Ok(false))
    {
        let what = format!("there is no folder `{}`", folder.display());
        return Err(Problem::new(Exit::Usage, &what).hint("name one that is there"));
    }
    let reader = Reader::open(&parts.data_dir)?;
    let feeds = Subscriptions::load(&parts.config, &reader)?;
    let article = reading::open(&reader, id)?;
    let document = sheet::document(&article);
    let listed = Listed::new(article.head.clone(), &feeds, None);
    let title = SafeText::line(sheet::shown_title(&article.head.title)).into_string();
    let also_in = reading::also_in(&reader, &feeds, id)?;
    let setting = sheet::Setting {
        width: usize::from(parts.config.ui.text_width),
        now: (parts.clock)(),
        zone: &parts.zone,
    };
    let shown = sheet::Shown {
        article: &article,
        document: &document,
        listed: &listed,
        also_in: &also_in,
        setting: &setting,
    };
    let citation = sheet::citation(&listed, setting.now, setting.zone);
    let text = match kind {
        FileKind::Html => {
            let title = escaped(&title);
            let body = html::sanitise(&article.html, sheet::base(&article).as_ref());
            format!(
                "<!doctype html>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
                 <h1>{title}</h1>\n<p>{}</p>\n{body}\n",
                escaped(&citation)
            )
        }
        FileKind::Markdown => sheet::markdown(&shown),
        FileKind::Text => {
            let sheet = sheet::lay_out(&shown);
            sheet.lines().map(|line| line.text() + "\n").collect()
        }
    };
    write_atomic(path, text.as_bytes(), Overwrite::Never).map_err(|error| error.problem())
}

/// Returns a text as HTML shows it as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
