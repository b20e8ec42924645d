//! What stands on one page of a table: rows, or the numbers of the pages below.
//!
//! Layout: <https://www.sqlite.org/fileformat2.html> §1.6 (trees), §2.1 (records).

use rusqlite::types::Value;

use super::image::{Image, number};

/// The longest row that is read, in bytes: a damaged length must not ask for all memory.
const MAX_ROW_BYTES: u64 = 256 << 20;

/// A page of a table.
#[derive(Debug)]
pub(super) enum Page {
    /// It has rows.
    Leaf(Vec<Cell>),
    /// It names pages below.
    Interior(Vec<u32>),
}

/// A row, as far as it stands on its own page.
#[derive(Debug)]
pub(super) struct Cell {
    /// The row's number.
    pub(super) rowid: i64,
    /// How many bytes it has altogether.
    length: usize,
    /// Its first bytes.
    here: Vec<u8>,
    /// The page where it goes on; 0 for none.
    next: u32,
}

/// Reads a page; nothing where it isn't one of a table. A cell that makes no sense is left out.
pub(super) fn read(page: &[u8], page_number: u32, usable: usize) -> Option<Page> {
    let start = if page_number == 1 { 100 } else { 0 };
    let kind = *page.get(start)?;
    let header = match kind {
        13 => 8,
        5 => 12,
        _ => return None,
    };
    let count = short(page, start + 3)?;
    let cells = (0..usize::from(count)).map_while(|cell| short(page, start + header + 2 * cell));
    let cells = cells.map(usize::from);
    if kind == 13 {
        return Some(Page::Leaf(
            cells
                .filter_map(|at| Cell::read(page, at, usable))
                .collect(),
        ));
    }
    let mut below: Vec<u32> = cells.filter_map(|at| number(page, at)).collect();
    below.push(number(page, start + 8)?);
    Some(Page::Interior(below))
}

impl Cell {
    fn read(page: &[u8], at: usize, usable: usize) -> Option<Self> {
        let mut rest = page.get(at..usable)?;
        let length = varint(&mut rest)?.cast_unsigned();
        let rowid = varint(&mut rest)?;
        if length > MAX_ROW_BYTES {
            return None;
        }
        let length = usize::try_from(length).ok()?;
        let here = local_bytes(length, usable);
        Some(Self {
            rowid,
            length,
            here: rest.get(..here)?.to_vec(),
            next: if here < length {
                number(rest, here)?
            } else {
                0
            },
        })
    }

    /// Returns the row's values; nothing where some of it is missing or makes no sense.
    pub(super) fn values(&self, image: &mut Image, usable: usize) -> Option<Vec<Value>> {
        let mut payload = self.here.clone();
        let mut next = self.next;
        while payload.len() < self.length {
            let page = image.page(next)?;
            let more = page.get(4..usable)?;
            payload.extend_from_slice(&more[..more.len().min(self.length - payload.len())]);
            next = number(&page, 0)?;
        }
        record(&payload)
    }
}

/// Returns how many bytes of a row of this length stand on its own page.
fn local_bytes(length: usize, usable: usize) -> usize {
    let most = usable - 35;
    if length <= most {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let here = least + (length - least) % (usable - 4);
    if here <= most { here } else { least }
}

/// Reads the values of a record.
fn record(payload: &[u8]) -> Option<Vec<Value>> {
    let mut rest = payload;
    let header = usize::try_from(varint(&mut rest)?).ok()?;
    let mut kinds = payload.get(payload.len() - rest.len()..header)?;
    let mut body = payload.get(header..)?;
    let mut values = Vec::new();
    while !kinds.is_empty() {
        values.push(value(varint(&mut kinds)?, &mut body)?);
    }
    Some(values)
}

/// Takes a value of a serial type (§2.1).
fn value(kind: i64, body: &mut &[u8]) -> Option<Value> {
    let length = match kind {
        0 | 8 | 9 => 0,
        1..=4 => kind,
        5 => 6,
        6 | 7 => 8,
        12.. => (kind - 12) / 2,
        _ => return None,
    };
    let (bytes, rest) = body.split_at_checked(usize::try_from(length).ok()?)?;
    *body = rest;
    Some(match kind {
        0 => Value::Null,
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        1..=6 => Value::Integer(signed(bytes)),
        _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
        _ => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
    })
}

/// Returns a big-endian number in two's complement.
fn signed(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    bytes
        .iter()
        .fold(start, |sum: i64, byte| sum << 8 | i64::from(*byte))
}

/// Takes a number of one to nine bytes, seven bits each, all of the ninth (§1.6).
fn varint(bytes: &mut &[u8]) -> Option<i64> {
    let mut sum: u64 = 0;
    for place in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if place == 8 {
            return Some((sum << 8 | u64::from(*byte)).cast_signed());
        }
        sum = sum << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(sum.cast_signed())
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}
