//! What can still be read of a damaged database, without SQLite, which gives up at the damage.
//!
//! Where a table's tree is whole it is followed from its root. Where a page of it can't be read,
//! or the table of tables itself is gone, every page that belongs to no tree is looked at: rows
//! stand on pages that say of what kind they are, and what kind of values a row has says of which
//! table it is. Pages that SQLite holds free are left out: what stands there was deleted.
//!
//! - [`image`]: pages, in the file or its log
//! - [`cell`]: the rows on a page

mod cell;
mod image;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use rusqlite::types::Value;

use self::cell::{Cell, Page};
use self::image::Image;

/// A table of ordinary rows, each with a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    /// Its columns, in order.
    pub(super) columns: Vec<Column>,
}

/// A column, as the statement that made its table describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// What it holds.
    pub(super) holds: Holds,
    /// Whether it may hold nothing.
    pub(super) may_be_null: bool,
    /// Whether it is the row's number; its value then stands there and not in the row.
    pub(super) is_rowid: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Whole numbers.
    Integer,
    /// Text.
    Text,
    /// Bytes.
    Blob,
    /// Anything.
    Any,
}

impl Table {
    /// Returns a row's values with its number among them; nothing where it can't be of this table.
    fn row(&self, rowid: i64, mut values: Vec<Value>) -> Option<Vec<Value>> {
        if values.len() != self.columns.len() {
            return None;
        }
        for (value, column) in values.iter_mut().zip(&self.columns) {
            if column.is_rowid {
                if *value != Value::Null {
                    return None;
                }
                *value = Value::Integer(rowid);
            }
            let fits = match value {
                Value::Null => column.may_be_null,
                Value::Integer(_) => matches!(column.holds, Holds::Integer | Holds::Any),
                Value::Text(_) => matches!(column.holds, Holds::Text | Holds::Any),
                Value::Blob(_) => matches!(column.holds, Holds::Blob | Holds::Any),
                Value::Real(_) => column.holds == Holds::Any,
            };
            if !fits {
                return None;
            }
        }
        Some(values)
    }
}

/// Hands every row of `tables` that can be read to `each`, with its table's place among them.
///
/// One number may come twice for a table; the first is the one to keep. `page_bytes` is the size of
/// a page where the file doesn't tell.
pub(super) fn rows<E: From<io::Error>>(
    file: &Path,
    log: &Path,
    page_bytes: usize,
    tables: &[Table],
    each: &mut dyn FnMut(usize, Vec<Value>) -> Result<(), E>,
) -> Result<(), E> {
    let mut image = Image::open(file, log, page_bytes)?;
    let usable = image.usable_bytes();
    let mut walk = Walk {
        image: &mut image,
        usable,
        visited: HashSet::new(),
    };
    let roots = walk.roots();
    let mut broken = Vec::new();
    for (name, root) in &roots {
        let place = tables.iter().position(|table| table.name == *name);
        let whole = walk.tree(*root, &mut |cell, image| {
            let Some(place) = place else {
                return Ok(());
            };
            match cell.values(image, usable) {
                Some(values) => match tables[place].row(cell.rowid, values) {
                    Some(row) => each(place, row),
                    None => Ok(()),
                },
                None => Ok(()),
            }
        })?;
        broken.extend(place.filter(|_| !whole));
    }
    let lost = |place: &usize| !roots.contains_key(&tables[*place].name);
    broken.extend((0..tables.len()).filter(lost));
    if broken.is_empty() {
        return Ok(());
    }
    let free = walk.image.free_pages();
    for page in 1..=walk.image.pages {
        if free.contains(&page) || walk.visited.contains(&page) {
            continue;
        }
        let Some(Page::Leaf(cells)) = walk.read(page) else {
            continue;
        };
        for cell in cells {
            let Some(values) = cell.values(walk.image, usable) else {
                continue;
            };
            let fits = |place: &usize| {
                let row = tables[*place].row(cell.rowid, values.clone())?;
                Some((*place, row))
            };
            if let Some((place, row)) = broken.iter().find_map(fits) {
                each(place, row)?;
            }
        }
    }
    Ok(())
}

/// A walk over the trees of a database.
struct Walk<'a> {
    image: &'a mut Image,
    usable: usize,
    /// The pages of the trees so far.
    visited: HashSet<u32>,
}

impl Walk<'_> {
    fn read(&mut self, page: u32) -> Option<Page> {
        let bytes = self.image.page(page)?;
        cell::read(&bytes, page, self.usable)
    }

    /// Returns where each table's tree begins, by the table's name: what the table of tables tells,
    /// which begins on the first page (§2.6).
    fn roots(&mut self) -> HashMap<String, u32> {
        let usable = self.usable;
        let mut roots = HashMap::new();
        let never: Result<bool, io::Error> = self.tree(1, &mut |cell, image| {
            let values = cell.values(image, usable).unwrap_or_default();
            if let [
                Value::Text(kind),
                Value::Text(name),
                _,
                Value::Integer(root),
                ..,
            ] = &values[..]
                && kind == "table"
                && let Ok(root @ 1..) = u32::try_from(*root)
            {
                roots.insert(name.clone(), root);
            }
            Ok(())
        });
        // The closure above never fails.
        drop(never);
        roots
    }

    /// Hands the rows of a tree to `each`, and says whether all its pages could be read.
    fn tree<E>(
        &mut self,
        root: u32,
        each: &mut dyn FnMut(&Cell, &mut Image) -> Result<(), E>,
    ) -> Result<bool, E> {
        let mut whole = true;
        let mut next = vec![root];
        while let Some(page) = next.pop() {
            // A page belongs to one tree, and to one place in it.
            if self.visited.contains(&page) {
                whole = false;
                continue;
            }
            match self.read(page) {
                Some(Page::Interior(below)) => {
                    self.visited.insert(page);
                    next.extend(below.into_iter().rev());
                }
                Some(Page::Leaf(cells)) => {
                    self.visited.insert(page);
                    for cell in &cells {
                        each(cell, self.image)?;
                    }
                }
                None => whole = false,
            }
        }
        Ok(whole)
    }
}
