use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::record::ReadError;

/// The first bytes of files that people take for tables.
const OTHER_FILES: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "an Excel workbook or another ZIP file"),
    (b"PK\x05\x06", "an empty ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"%PDF-", "a PDF document"),
    (b"<!DOCTYPE", "a web page"),
];

/// With fewer bytes beyond ASCII, a guess needs help: `£5` alone could be Polish.
const FEW: usize = 4;

/// The region that helps, as a top-level domain: Western Europe.
const REGION: &[u8] = b"de";

/// Refuses the files that are known not to be tables.
///
/// # Errors
/// Names what it is, and what to do.
pub(super) fn refuse_other_files(start: &[u8]) -> Result<(), ReadError> {
    match OTHER_FILES.iter().find(|(mark, _)| start.starts_with(mark)) {
        Some((_, what)) => Err(ReadError::not_a_table(format!(
            "This is {what}. Save the table as CSV and import that"
        ))),
        None => Ok(()),
    }
}

/// The encoding that a byte order mark or the zeros of UTF-16 tell, and the length of the mark.
pub(super) fn encoding_of_start(start: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(start).or_else(|| Some((utf_16_of(start)?, 0)))
}

/// UTF-16 without a byte order mark: every second byte of its ASCII characters is zero.
fn utf_16_of(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset| {
        let bytes = start.iter().skip(offset).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // Separators, digits and line breaks are ASCII also in tables of other scripts.
    let enough = (start.len() / 40).max(2);
    if odd >= enough && even < odd / 20 + 1 {
        Some(UTF_16LE)
    } else if even >= enough && odd < even / 20 + 1 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The encoding of bytes that are not all ASCII.
pub(super) fn encoding_of_text(bytes: &[u8], is_end: bool) -> &'static Encoding {
    if is_utf_8(bytes, is_end) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, is_end);
    let beyond_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let region = (beyond_ascii < FEW).then_some(REGION);
    detector.guess(region, Utf8Detection::Deny)
}

/// Whether bytes are UTF-8. A few malformed ones among many characters don't change that: their rows are refused, while
/// another encoding would garble all rows.
fn is_utf_8(bytes: &[u8], is_end: bool) -> bool {
    let (mut characters, mut malformed) = (0_usize, 0_usize);
    let mut rest = bytes.len();
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        characters += valid
            .chars()
            .filter(|character| !character.is_ascii())
            .count();
        rest -= valid.len() + chunk.invalid().len();
        let is_cut = rest == 0 && !is_end && is_start_of_character(chunk.invalid());
        malformed += usize::from(!chunk.invalid().is_empty() && !is_cut);
    }
    characters >= malformed * 20
}

/// Whether these are the first bytes of a character in UTF-8.
fn is_start_of_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
