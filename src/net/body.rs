//! The bytes received, and their decoding on a worker thread.

use super::encodings::{Encoding, decode};
use super::error::FetchError;
use super::permits::Share;
use crate::polite::Headers;

/// The most encodings that may be laid over one another.
const MOST_ENCODINGS: usize = 4;

/// A body as it was received: in full, and still encoded.
#[derive(Debug, Default)]
pub struct Body {
    bytes: Vec<u8>,
    encodings: Encodings,
    share: Option<Share>,
}

/// How a body is encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Encodings {
    /// In these ways, in the order in which they were applied; none is `identity`.
    Known(Vec<Encoding>),
    /// In a way that was not offered.
    Unknown,
}

impl Default for Encodings {
    fn default() -> Self {
        Self::Known(Vec::new())
    }
}

impl Encodings {
    /// Reads `Content-Encoding` (RFC 9110 §8.4).
    pub(super) fn of(headers: &Headers) -> Self {
        let known: Option<Vec<Encoding>> = headers
            .list("content-encoding")
            .filter(|name| !name.eq_ignore_ascii_case(b"identity"))
            .map(Encoding::named)
            .collect();
        match known {
            Some(known) if known.len() <= MOST_ENCODINGS => Self::Known(known),
            _ => Self::Unknown,
        }
    }

    /// Returns how many bytes may be received for `max_bytes` after decompression: what cannot be
    /// compressed grows a little when it is.
    pub(super) fn most_received(&self, max_bytes: u64) -> u64 {
        if *self == Self::default() {
            max_bytes
        } else {
            max_bytes
                .saturating_add(max_bytes / 64)
                .saturating_add(1024)
        }
    }
}

impl Body {
    pub(super) fn new(bytes: Vec<u8>, encodings: Encodings) -> Self {
        Self {
            bytes,
            encodings,
            share: None,
        }
    }

    /// Keeps a share in the connections until the body is read or dropped.
    pub(super) fn keep(&mut self, share: Share) {
        self.share = Some(share);
    }

    /// Returns how many bytes were received, before decompression.
    pub fn received(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }

    /// Returns the body as it was before the server encoded it, at most `max_bytes` long.
    ///
    /// This may take tens of milliseconds: it belongs on a worker thread. A body that is damaged,
    /// cut short or too large is an error; one that was not encoded is handed over as it is.
    pub fn decode(self, max_bytes: u64) -> Result<Vec<u8>, FetchError> {
        match self.encodings {
            Encodings::Unknown => Err(FetchError::UnknownEncoding),
            Encodings::Known(encodings) if encodings.is_empty() => {
                if u64::try_from(self.bytes.len()).is_ok_and(|length| length <= max_bytes) {
                    Ok(self.bytes)
                } else {
                    Err(FetchError::TooLarge { limit: max_bytes })
                }
            }
            Encodings::Known(encodings) => decode(&self.bytes, &encodings, max_bytes),
        }
    }
}
