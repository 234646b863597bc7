//! The wire format of cursors. A cursor is opaque to clients and valid for one list only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// The error message for a cursor that is invalid for this list.
pub(crate) const INVALID: &str = "must be the next_cursor of a page with the same sort and filters";

/// Encodes the cursor of a page anchor. `list` is the list with its sort and filters, the same for all pages.
pub(crate) fn encode(list: &str, anchor: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{anchor}", fingerprint(list)))
}

/// Decodes the page anchor of a cursor. Returns `None` unless the cursor belongs to this list.
pub(crate) fn decode(text: &str, list: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (made_for, anchor) = text.split_once('.')?;
    // No anchor contains NUL, and PostgreSQL refuses NUL in texts.
    let is_ours = made_for == fingerprint(list) && !anchor.contains('\0');
    is_ours.then(|| anchor.to_owned())
}

/// Reads a time from the nanoseconds since 1970. Returns `None` for times before 1970.
pub(crate) fn time(nanoseconds: &str) -> Option<OffsetDateTime> {
    let nanoseconds = nanoseconds.parse().ok();
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds.filter(|passed| *passed >= 0)?).ok()
}

fn fingerprint(list: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(list)[..6])
}

/// Forged cursors for tests: two arbitrary texts, and one that is encoded for the list.
#[cfg(test)]
pub(crate) fn forged(list: &str, text: &str, bytes: &[u8]) -> [String; 3] {
    [
        text.to_owned(),
        URL_SAFE_NO_PAD.encode(bytes),
        encode(list, text),
    ]
}
