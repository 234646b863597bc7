use super::{Found, Part};
use crate::images::{ImageFormat, InvalidImage};

/// What ends a picture.
pub(super) const END: [u8; 2] = [0xff, EOI];

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// JPEG: segments of a marker and a length; after a `SOS` the picture's data, in which an `FF` is followed by zero or by
/// a restart marker; at last `EOI`.
///
/// Files that are slightly damaged are read as libjpeg and with it all viewers read them: what is no marker is passed
/// over until there is one, and a picture that has begun ends where the file does.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    mut show: impl FnMut(Part<'a>),
) -> Result<Found, InvalidImage> {
    let mut at = super::head_of(ImageFormat::Jpeg);
    let (mut frame, mut has_scan, mut is_tidy) = (None, false, true);
    loop {
        let end = at;
        let Some(start) = next_marker(bytes, at) else {
            return found(frame, has_scan, end, false);
        };
        is_tidy &= start == at || bytes[at..start].iter().all(|byte| *byte == 0xff);
        let (name, marker) = (&bytes[start..start + 2], bytes[start + 1]);
        at = start + 2;
        let data = match marker {
            EOI => {
                let range = start..at;
                let data = &[];
                show(Part { name, data, range });
                return found(frame, has_scan, at, is_tidy);
            }
            // Another picture begins.
            SOI => return found(frame, has_scan, end, false),
            _ => match segment(bytes, at) {
                Some(data) if has_length(marker) => data,
                // The file ends in it.
                None if has_length(marker) && has_scan => {
                    return found(frame, has_scan, end, false);
                }
                // Nothing that a picture has.
                _ => {
                    is_tidy = false;
                    continue;
                }
            },
        };
        at += data.len() + 2;
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && frame.is_none() => {
                frame = Some((marker, data));
            }
            SOS => {
                has_scan = true;
                at = end_of_scan(bytes, at);
            }
            _ => {}
        }
        let range = start..at;
        show(Part { name, data, range });
    }
}

/// What a file is, by its first frame header (ITU T.81, B.2.2).
fn found(
    frame: Option<(u8, &[u8])>,
    has_scan: bool,
    end: usize,
    is_tidy: bool,
) -> Result<Found, InvalidImage> {
    let (marker, header) = frame.filter(|_| has_scan).ok_or(InvalidImage::Broken)?;
    let [bits, a, b, c, d, ..] = *header else {
        return Err(InvalidImage::Broken);
    };
    // Baseline, extended and progressive, all with Huffman codes.
    if !matches!(marker, 0xc0..=0xc2) {
        return Err(InvalidImage::Coding);
    }
    if bits != 8 {
        return Err(InvalidImage::Depth);
    }
    Ok(Found {
        width: u16::from_be_bytes([c, d]).into(),
        height: u16::from_be_bytes([a, b]).into(),
        end,
        is_tidy,
    })
}

/// Where the next marker stands. Any number of `FF` may stand before one.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// Whether a marker is one of those that a length follows (ITU T.81, table B.1).
fn has_length(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf | 0xda..=0xef | 0xfe) && marker != 0xc8
}

/// What a segment says whose length stands there.
fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?);
    bytes.get(at + 2..at + usize::from(length))
}

/// Where the next segment stands that may follow a scan, or the file ends. What is none of them is left in the data.
fn end_of_scan(bytes: &[u8], mut at: usize) -> usize {
    while let Some(marker) = next_marker(bytes, at) {
        match bytes[marker + 1] {
            SOI | EOI => return marker,
            other if has_length(other) => return marker,
            _ => at = marker + 2,
        }
    }
    bytes.len()
}
