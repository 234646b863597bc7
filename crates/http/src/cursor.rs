//! Cursors on the wire: opaque to clients, and bound to the list that they were made for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// Why a text is no cursor for this list.
pub(crate) const INVALID: &str = "must be the next_cursor of a page with the same sort and filters";

/// The cursor of a place in a list, both in words that are the same for all pages of it.
pub(crate) fn encode(list: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{place}", fingerprint(list)))
}

/// The place that a cursor names; `None` unless it was made for this list.
pub(crate) fn decode(text: &str, list: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (made_for, place) = text.split_once('.')?;
    // No text here holds a NUL, and the database would not take one.
    let is_ours = made_for == fingerprint(list) && !place.contains('\0');
    is_ours.then(|| place.to_owned())
}

/// A time that the database knows, by its nanoseconds since 1970.
pub(crate) fn time(nanoseconds: &str) -> Option<OffsetDateTime> {
    let nanoseconds = nanoseconds.parse().ok();
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds.filter(|passed| *passed >= 0)?).ok()
}

fn fingerprint(list: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(list)[..6])
}

/// Cursors of any text at all, for tests: those that are none, and those that somebody has made up for a list.
#[cfg(test)]
pub(crate) fn forged(list: &str, text: &str, bytes: &[u8]) -> [String; 3] {
    [
        text.to_owned(),
        URL_SAFE_NO_PAD.encode(bytes),
        encode(list, text),
    ]
}
