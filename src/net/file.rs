//! `file:` feeds.

use std::fs::{File, metadata};
use std::io::{self, Read};

use url::Url;

use super::error::FetchError;

/// Reads the file that a `file:` address names, of at most `max_bytes`.
///
/// Only ordinary files: a pipe or a device might never end.
pub fn read_file(url: &Url, max_bytes: u64) -> Result<Vec<u8>, FetchError> {
    let failed = |error: io::Error| FetchError::File {
        reason: reason(&error),
    };
    let path = url.to_file_path().map_err(|()| FetchError::File {
        reason: "the address names no file of this machine".to_owned(),
    })?;
    if !metadata(&path).map_err(failed)?.is_file() {
        return Err(FetchError::File {
            reason: "it is no ordinary file".to_owned(),
        });
    }
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|file| {
            file.take(max_bytes.saturating_add(1))
                .read_to_end(&mut bytes)
        })
        .map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > max_bytes) {
        return Err(FetchError::TooLarge { limit: max_bytes });
    }
    Ok(bytes)
}

/// Says in plain words why a file cannot be read.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
