mod markers;

use super::{Found, Part};
use crate::images::{ImageFormat, InvalidImage};

use self::markers::{EOI, SOI, SOS, end_of_scan, has_length, next_marker, segment};

/// The marker that ends an image.
pub(super) const END: [u8; 2] = [0xff, EOI];

/// Parses a JPEG: segments with a marker and a length. The entropy-coded data follow an `SOS` segment; in them, an `FF`
/// is followed by zero or by a restart marker. `EOI` ends the image.
///
/// Slightly damaged files are accepted as in libjpeg, which most viewers use: bytes that are no marker are skipped, and
/// an image may end with the file once its first scan has begun.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    mut visit: impl FnMut(Part<'a>),
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
                visit(Part { name, data, range });
                return found(frame, has_scan, at, is_tidy);
            }
            // Another image begins.
            SOI => return found(frame, has_scan, end, false),
            _ => match segment(bytes, at) {
                Some(data) if has_length(marker) => data,
                // The file ends within this segment.
                None if has_length(marker) && has_scan => {
                    return found(frame, has_scan, end, false);
                }
                // A marker that does not belong here.
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
        visit(Part { name, data, range });
    }
}

/// The properties of a file by its first frame header (ITU T.81, B.2.2).
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
    // Baseline, extended and progressive with Huffman coding.
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
