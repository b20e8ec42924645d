//! The pages of a database file and its log, as they lie on the disk.
//!
//! Layout: <https://www.sqlite.org/fileformat2.html> §1.3 (header), §1.5 (freelist), §4 (log).

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The bytes of the log's own header, and of the head of each frame in it.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// A database file with its log, either of which may be damaged or cut short.
#[derive(Debug)]
pub(super) struct Image {
    file: File,
    log: Option<File>,
    page_bytes: usize,
    /// How many pages there are, numbered from 1.
    pub(super) pages: u32,
    /// Where in the log the newest committed form of a page begins.
    in_log: HashMap<u32, u64>,
}

impl Image {
    /// Opens a database file and the log at `log`, if there is one. `page_bytes` is the size of a
    /// page where neither file tells.
    pub(super) fn open(file: &Path, log: &Path, page_bytes: usize) -> io::Result<Self> {
        let mut file = File::open(file)?;
        let mut log = File::open(log).ok();
        let told = log.as_mut().and_then(log_page_bytes);
        let page_bytes = told
            .or_else(|| file_page_bytes(&mut file))
            .unwrap_or(page_bytes);
        let (in_log, committed) = match &mut log {
            Some(log) => read_log(log, page_bytes)?,
            None => (HashMap::new(), 0),
        };
        let in_file = file.metadata()?.len().div_ceil(wide(page_bytes));
        Ok(Self {
            file,
            log,
            page_bytes,
            pages: u32::try_from(in_file).unwrap_or(u32::MAX).max(committed),
            in_log,
        })
    }

    /// Returns a page, as it was last committed; nothing for one that isn't there in full.
    pub(super) fn page(&mut self, number: u32) -> Option<Vec<u8>> {
        if number == 0 || number > self.pages {
            return None;
        }
        let (file, at) = match (self.in_log.get(&number), &mut self.log) {
            (Some(at), Some(log)) => (log, *at),
            _ => (
                &mut self.file,
                wide(self.page_bytes) * u64::from(number - 1),
            ),
        };
        read_at(file, at, self.page_bytes)
    }

    /// Returns the pages that hold nothing any more. Where their list is damaged it ends there.
    pub(super) fn free_pages(&mut self) -> HashSet<u32> {
        let mut free = HashSet::new();
        let mut next = self.page(1).and_then(|page| number(&page, 32)).unwrap_or(0);
        while next != 0
            && free.insert(next)
            && let Some(trunk) = self.page(next)
        {
            let leaves = number(&trunk, 4).unwrap_or(0);
            let leaves = leaves.min(u32::try_from(trunk.len() / 4).unwrap_or(0));
            free.extend((0..leaves).filter_map(|leaf| number(&trunk, 8 + 4 * leaf as usize)));
            next = number(&trunk, 0).unwrap_or(0);
        }
        free
    }

    /// Returns how many bytes of a page are used: the rest, at its end, is reserved.
    pub(super) fn usable_bytes(&mut self) -> usize {
        let reserved = self
            .page(1)
            .filter(|page| page.starts_with(b"SQLite format 3\0"));
        let reserved = reserved.and_then(|page| page.get(20).copied()).unwrap_or(0);
        self.page_bytes - usize::from(reserved)
    }
}

/// Returns a big-endian number of four bytes.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Returns so many bytes from there, if they are all there.
fn read_at(file: &mut File, at: u64, length: usize) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Whether a page can be so large.
fn is_page_size(bytes: usize) -> bool {
    bytes.is_power_of_two() && (512..=65_536).contains(&bytes)
}

/// Returns the size of a page as the file's header tells it.
fn file_page_bytes(file: &mut File) -> Option<usize> {
    let header = read_at(file, 0, 18)?;
    let bytes = match header.get(16..18)? {
        [0, 1] => 65_536,
        [high, low] => usize::from(u16::from_be_bytes([*high, *low])),
        _ => return None,
    };
    (header.starts_with(b"SQLite format 3\0") && is_page_size(bytes)).then_some(bytes)
}

/// Returns the size of a page as the log's header tells it.
fn log_page_bytes(log: &mut File) -> Option<usize> {
    let header = read_at(log, 0, LOG_HEADER)?;
    let bytes = usize::try_from(number(&header, 8)?).ok()?;
    (Sum::of(&header).is_some() && is_page_size(bytes)).then_some(bytes)
}

/// Returns where in the log the newest committed form of each page begins, and how many pages the
/// database had after the last commit.
fn read_log(log: &mut File, page_bytes: usize) -> io::Result<(HashMap<u32, u64>, u32)> {
    let mut committed = HashMap::new();
    let mut pages = 0;
    let mut since = Vec::new();
    log.seek(SeekFrom::Start(0))?;
    let mut reader = io::BufReader::with_capacity(1 << 20, log);
    let mut header = [0; LOG_HEADER];
    if reader.read_exact(&mut header).is_err() {
        return Ok((committed, pages));
    }
    let Some(mut sum) = Sum::of(&header) else {
        return Ok((committed, pages));
    };
    let mut frame = vec![0; FRAME_HEADER + page_bytes];
    let mut at = wide(LOG_HEADER);
    // What follows the first frame that doesn't fit was written before the log last began anew, or
    // only half.
    while reader.read_exact(&mut frame).is_ok() {
        sum.add(&frame[..8]);
        sum.add(&frame[FRAME_HEADER..]);
        let (Some(page), Some(size)) = (number(&frame, 0), number(&frame, 4)) else {
            break;
        };
        if frame[8..16] != header[16..24] || !sum.is(&frame[16..24]) {
            break;
        }
        since.push((page, at + wide(FRAME_HEADER)));
        if size != 0 {
            committed.extend(since.drain(..));
            pages = size;
        }
        at += wide(frame.len());
    }
    Ok((committed, pages))
}

/// The running sum that holds the frames of a log together.
#[derive(Debug)]
struct Sum {
    of: fn([u8; 4]) -> u32,
    first: u32,
    second: u32,
}

impl Sum {
    /// Begins with a log's header; nothing where that is none.
    fn of(header: &[u8]) -> Option<Self> {
        let of = match number(header, 0)? {
            0x377f_0682 => u32::from_le_bytes,
            0x377f_0683 => u32::from_be_bytes,
            _ => return None,
        };
        let mut sum = Self {
            of,
            first: 0,
            second: 0,
        };
        sum.add(header.get(..24)?);
        sum.is(header.get(24..32)?).then_some(sum)
    }

    fn add(&mut self, bytes: &[u8]) {
        let (words, _) = bytes.as_chunks::<4>();
        let (pairs, _) = words.as_chunks::<2>();
        for [one, other] in pairs {
            self.first = self
                .first
                .wrapping_add((self.of)(*one))
                .wrapping_add(self.second);
            self.second = self
                .second
                .wrapping_add((self.of)(*other))
                .wrapping_add(self.first);
        }
    }

    /// Whether the sum is the one that stands there: big-endian always.
    fn is(&self, stored: &[u8]) -> bool {
        number(stored, 0) == Some(self.first) && number(stored, 4) == Some(self.second)
    }
}
