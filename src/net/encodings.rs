//! gzip, deflate, br and zstd as bounded streams.
//!
//! Each reader fails where its stream ends early, and none gives more than its limit, so that a bomb
//! inside a bomb costs no more than one.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use super::error::FetchError;

/// The largest window that zstd may ask for: 8 MiB (RFC 9659).
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// How much is read at once between two stages.
const BUFFER_BYTES: usize = 32 * 1024;

/// A content coding that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// RFC 1952.
    Gzip,
    /// RFC 1950, or the bare RFC 1951 that some servers send under the same name.
    Deflate,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Encoding {
    /// Returns the encoding of this name (RFC 9110 §8.4.1).
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Some(match name.as_slice() {
            b"gzip" | b"x-gzip" => Self::Gzip,
            b"deflate" => Self::Deflate,
            b"br" => Self::Brotli,
            b"zstd" => Self::Zstd,
            _ => return None,
        })
    }

    /// Returns its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Returns a reader of what `input` holds.
    fn reader<'a>(self, input: Box<dyn BufRead + 'a>) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Self::Gzip => Box::new(Members::new(input)),
            Self::Deflate => Box::new(Inflate::new(input)?),
            Self::Brotli => Box::new(brotli_decompressor::Decompressor::new(input, BUFFER_BYTES)),
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                Box::new(decoder)
            }
        })
    }
}

/// Undoes `encodings`, which are in the order in which the server applied them.
///
/// At most `max_bytes` come out of any stage. An empty body is empty whatever its encoding.
pub(super) fn decode(
    bytes: &[u8],
    encodings: &[Encoding],
    max_bytes: u64,
) -> Result<Vec<u8>, FetchError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let Some(first) = encodings.first() else {
        return Err(FetchError::UnknownEncoding);
    };
    let mut out = Vec::new();
    let done = chain(bytes, encodings, max_bytes).and_then(|mut reader| {
        // Text shrinks about four times.
        let guess = u64::try_from(bytes.len())
            .unwrap_or(u64::MAX)
            .saturating_mul(5);
        out.reserve(usize::try_from(guess.min(max_bytes)).unwrap_or_default());
        reader.read_to_end(&mut out)
    });
    match done {
        Ok(_) => {
            out.shrink_to_fit();
            Ok(out)
        }
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(FetchError::TooLarge { limit: max_bytes })
        }
        Err(_) => Err(FetchError::Damaged {
            encoding: first.name(),
        }),
    }
}

/// Returns the reader that undoes all encodings, the last applied first.
fn chain<'a>(
    bytes: &'a [u8],
    encodings: &[Encoding],
    max_bytes: u64,
) -> io::Result<Box<dyn Read + 'a>> {
    let mut input: Box<dyn BufRead + 'a> = Box::new(bytes);
    let mut stages = encodings.iter().rev().peekable();
    while let Some(stage) = stages.next() {
        let output = Bounded {
            inner: stage.reader(input)?,
            left: max_bytes,
        };
        if stages.peek().is_none() {
            return Ok(Box::new(output));
        }
        input = Box::new(BufReader::with_capacity(BUFFER_BYTES, output));
    }
    Ok(Box::new(input))
}

/// A reader that fails rather than giving more than it may.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = u64::try_from(read)
            .ok()
            .and_then(|read| self.left.checked_sub(read))
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// The members of a gzip file, one after the other; what follows them and is none is ignored, as
/// everybody does.
struct Members<R: BufRead> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    fn new(input: R) -> Self {
        Self {
            member: Some(GzDecoder::new(input)),
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(member) = self.member.take() else {
                break;
            };
            let mut rest = member.into_inner();
            if rest.fill_buf()?.starts_with(&[0x1f]) {
                self.member = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// A deflate stream with or without its zlib wrapping.
///
/// flate2's own readers take a stream that is cut short for one that has ended.
struct Inflate<R> {
    input: R,
    state: Decompress,
    ended: bool,
}

impl<R: BufRead> Inflate<R> {
    fn new(mut input: R) -> io::Result<Self> {
        // RFC 1950 §2.2: method 8, and the two bytes a multiple of 31. A bare stream that begins so
        // would be a stored block with padding that no encoder writes.
        let wrapped = match input.fill_buf()? {
            [first, second, ..] => {
                first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31)
            }
            _ => false,
        };
        Ok(Self {
            input,
            state: Decompress::new(wrapped),
            ended: false,
        })
    }
}

impl<R: BufRead> Read for Inflate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while !self.ended {
            let input = self.input.fill_buf()?;
            let at_end = input.is_empty();
            let (read_before, written_before) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(input, buffer, FlushDecompress::None)?;
            let read = self.state.total_in() - read_before;
            let written = self.state.total_out() - written_before;
            self.input
                .consume(usize::try_from(read).unwrap_or_default());
            self.ended = status == Status::StreamEnd;
            if written > 0 {
                return Ok(usize::try_from(written).unwrap_or_default());
            }
            if at_end && !self.ended {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}
