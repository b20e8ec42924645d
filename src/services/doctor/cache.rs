//! The database, and the disk that it lies on.

use std::path::Path;

use super::{Area, Cache, Care, Finding, State, bytes, counted};
use crate::model::error::Problem;
use crate::platform::{self, Access, Privacy};
use crate::services::{Parts, find};
use crate::store::{self, Checked, Flaw, LeftoverKind, Store};

/// With less room than this a refresh may come to its end early, in bytes.
const LITTLE_ROOM: u64 = 100_000_000;

const REPAIR: &str = "`gazette doctor --repair` mends it";

/// Looks at the database and mends it where that is asked for.
pub(super) fn database(parts: &Parts<'_>, care: Care, each: &mut dyn FnMut(Finding)) -> Cache {
    let area = Area::Database;
    let checked = match store::check(parts.data_dir) {
        Ok(Some(checked)) => checked,
        Ok(None) => {
            let what = "there is none yet; the first refresh makes it";
            each(Finding::new(area, State::Ok, what));
            return Cache::Unreadable;
        }
        Err(error) => {
            each(Finding::of(area, &error.problem()));
            return Cache::Unreadable;
        }
    };
    let mended = match care {
        Care::Repair if !checked.flaws.is_empty() => Some(mend(parts, &checked)),
        _ => None,
    };
    for flaw in &checked.flaws {
        let what = in_words(flaw);
        each(match &mended {
            None => Finding::new(area, State::Problem, &what).hint(REPAIR),
            Some(Ok(())) => Finding::new(area, State::Repaired, &what),
            Some(Err(problem)) => {
                let failed = Finding::of(area, problem);
                let what = format!("{what}; not mended: {}", failed.what);
                let finding = Finding::new(area, State::Problem, &what);
                Finding {
                    hint: failed.hint,
                    ..finding
                }
            }
        });
    }
    // Once more: what was mended should be seen to be.
    let now = match mended {
        Some(Ok(())) => store::check(parts.data_dir).ok().flatten(),
        _ => Some(checked),
    };
    let cache = match now {
        Some(Checked {
            articles: Some(articles),
            flaws,
            path,
            bytes: length,
        }) => {
            if flaws.is_empty() {
                let what = format!(
                    "`{}` is whole: {} in {}",
                    path.display(),
                    counted(articles, "article"),
                    bytes(length)
                );
                each(Finding::new(area, State::Ok, &what));
            }
            Cache::Readable
        }
        _ => Cache::Unreadable,
    };
    leftovers(parts, care, each);
    cache
}

fn in_words(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Damage(found) => format!("the database is damaged: {found}"),
        Flaw::Counters(feeds) => {
            format!(
                "the counts of {} are wrong",
                counted(u64::from(*feeds), "feed")
            )
        }
        Flaw::Index(articles) => format!(
            "the search index is wrong about {}",
            counted(u64::from(*articles), "article")
        ),
        Flaw::Orphans(rows) => format!(
            "{} belong to no article",
            counted(u64::from(*rows), "stored row")
        ),
        Flaw::LongLog(length) => format!(
            "the database's log has grown to {} and nobody moves it into the database",
            bytes(*length)
        ),
    }
}

/// Mends what is wrong with a database.
fn mend(parts: &Parts<'_>, checked: &Checked) -> Result<(), Problem> {
    let damage = checked.flaws.iter().find_map(|flaw| match flaw {
        Flaw::Damage(found) => Some(found),
        _ => None,
    });
    if let Some(found) = damage {
        store::recover_damaged(parts.data_dir, found.clone())?;
    }
    let mut store = Store::open(parts.data_dir)?;
    store.mend()?;
    find::index(&mut store, &|| false)
}

/// Names the files beside the database that are of no use to it.
fn leftovers(parts: &Parts<'_>, care: Care, each: &mut dyn FnMut(Finding)) {
    let area = Area::Database;
    let found = store::leftovers(parts.data_dir);
    let removed = match care {
        Care::Look => None,
        Care::Repair => Some(store::remove_unfinished(parts.data_dir)),
    };
    for leftover in found {
        let name = format!("`{}` ({})", leftover.path.display(), bytes(leftover.bytes));
        let finding = |state, what: &str| Finding::new(area, state, &format!("{name} {what}"));
        each(match (leftover.kind, &removed) {
            (LeftoverKind::Aside, _) => {
                finding(State::Ok, "is a damaged database that was set aside")
                    .hint("once you miss nothing from it, delete it")
            }
            (LeftoverKind::Unfinished, None) => finding(
                State::Warning,
                "is left of a database that was never finished",
            )
            .hint(REPAIR),
            (LeftoverKind::Unfinished, Some(Ok(()))) => finding(
                State::Repaired,
                "was left of a database that was never finished",
            ),
            (LeftoverKind::Unfinished, Some(Err(error))) => Finding::of(area, &error.problem()),
        });
    }
}

/// Looks at the folders of the database and the log.
pub(super) fn disk(parts: &Parts<'_>, state_dir: &Path, care: Care, each: &mut dyn FnMut(Finding)) {
    folder(parts.data_dir, "data folder", care, each);
    if state_dir != &**parts.data_dir {
        folder(state_dir, "folder of the log", care, each);
    }
    let files = [
        parts.data_dir.join("gazette.db"),
        state_dir.join("gazette.log"),
    ];
    for file in files {
        if platform::file_access(&file).is_ok_and(|access| access == Access::Read) {
            let what = format!("`{}` can't be written", file.display());
            let finding = Finding::new(Area::Disk, State::Problem, &what);
            each(finding.hint("reading goes on; check who may write the file"));
        }
    }
}

fn folder(path: &Path, name: &str, care: Care, each: &mut dyn FnMut(Finding)) {
    let area = Area::Disk;
    let shown = format!("the {name} `{}`", path.display());
    let facts = match platform::folder_facts(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let what = format!("{shown} is not there yet; it is made when it is needed");
            each(Finding::new(area, State::Ok, &what));
            return;
        }
        Err(error) => {
            let what = format!("{shown} can't be used: {error}");
            let finding = Finding::new(area, State::Problem, &what);
            each(finding.hint("name another folder with `--data-dir DIR`"));
            return;
        }
    };
    if facts.access == Access::Read {
        let what = format!("{shown} can't be written");
        let finding = Finding::new(area, State::Problem, &what);
        each(finding.hint("reading goes on; check who may write the folder"));
    }
    if facts.privacy == Privacy::Open {
        let what = format!("{shown} is open to other users");
        each(match care {
            Care::Look => Finding::new(area, State::Warning, &what).hint(REPAIR),
            Care::Repair => match platform::make_private(path) {
                Ok(()) => Finding::new(area, State::Repaired, &what),
                Err(error) => Finding::new(
                    area,
                    State::Warning,
                    &format!("{what}; not mended: {error}"),
                ),
            },
        });
    }
    let room = facts
        .free_bytes
        .map_or_else(String::new, |free| format!(", with {} free", bytes(free)));
    if facts.free_bytes.is_some_and(|free| free < LITTLE_ROOM) {
        let what = format!("{shown} is on a disk that is nearly full{room}");
        let finding = Finding::new(area, State::Warning, &what);
        each(finding.hint("make room, or name another folder with `--data-dir DIR`"));
    } else if facts.access == Access::Write {
        each(Finding::new(
            area,
            State::Ok,
            &format!("{shown} can be written{room}"),
        ));
    }
}
