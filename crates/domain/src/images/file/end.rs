//! Where a picture ends. A file that goes on behind it may be something else as well, such as an archive or a script.

use super::ImageFormat;

/// The length of the picture that a file begins with, if the file is whole and nothing else stands behind it.
pub(super) fn end_of(bytes: &[u8], format: ImageFormat) -> Option<usize> {
    match format {
        ImageFormat::Png => end_of_png(bytes).filter(|end| *end == bytes.len()),
        ImageFormat::Webp => end_of_webp(bytes).filter(|end| *end == bytes.len()),
        ImageFormat::Jpeg => {
            let end = end_of_jpeg(bytes)?;
            is_of_a_camera(&bytes[end..]).then_some(end)
        }
    }
}

/// PNG: chunks of a length, a name, so many bytes and a checksum, of which `IEND` is the last.
fn end_of_png(bytes: &[u8]) -> Option<usize> {
    let mut at: usize = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let name = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(length as usize)?.checked_add(12)?;
        bytes.get(at..end)?;
        if name == b"IEND" {
            return Some(end);
        }
        at = end;
    }
}

/// WebP: a RIFF container that says how long it is and holds chunks of a name, a length and so many bytes, made even.
/// There is one picture in it, as large as the canvas if there is one: decoders make room for a larger one before they
/// compare.
fn end_of_webp(bytes: &[u8]) -> Option<usize> {
    let length = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let end = (length(4)? as usize).checked_add(8)?;
    let (mut canvas, mut picture) = (None, None);
    let mut at = 12;
    while at < end {
        let size = length(at + 4)? as usize;
        let data = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        match bytes.get(at..at + 4)? {
            b"VP8X" if canvas.is_none() => canvas = Some(canvas_of(data)?),
            b"VP8 " if picture.is_none() => picture = Some(lossy_size(data)?),
            b"VP8L" if picture.is_none() => picture = Some(lossless_size(data)?),
            b"ALPH" | b"ICCP" | b"EXIF" | b"XMP " => {}
            // Animations, and what is no part of a picture.
            _ => return None,
        }
        at += 8 + size + size % 2;
    }
    let is_whole = picture.is_some() && canvas.is_none_or(|canvas| picture == Some(canvas));
    (is_whole && at == end && end <= bytes.len()).then_some(end)
}

/// Width and height, each one less and of 24 bits.
fn canvas_of(data: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| {
        let [a, b, c] = data.get(at..at + 3)?.try_into().ok()?;
        Some(u32::from_le_bytes([a, b, c, 0]) + 1)
    };
    Some((side(4)?, side(7)?))
}

/// Behind a start code, each of 14 bits (RFC 6386, 9.1).
fn lossy_size(data: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| {
        let side = u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?);
        Some(u32::from(side & 0x3fff))
    };
    (data.get(3..6)? == [0x9d, 0x01, 0x2a]).then_some(())?;
    Some((side(6)?, side(8)?))
}

/// Behind a signature, each one less and of 14 bits (RFC 9649, 3.4).
fn lossless_size(data: &[u8]) -> Option<(u32, u32)> {
    (*data.first()? == 0x2f).then_some(())?;
    let bits = u32::from_le_bytes(data.get(1..5)?.try_into().ok()?);
    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

/// JPEG: segments of a marker and a length; after a `SOS` the picture's data, in which an `FF` is followed by zero or by
/// a restart marker; at last `EOI`.
fn end_of_jpeg(bytes: &[u8]) -> Option<usize> {
    const START_OF_SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    let mut at = 2;
    let mut has_scan = false;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            // Any number of these may stand before a marker.
            0xff => at += 1,
            END => return has_scan.then_some(at + 2),
            // Those without a length have no place here.
            0x00 | 0x01 | 0xd0..=0xd8 => return None,
            _ => {
                let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
                if length < 2 {
                    return None;
                }
                at += 2 + usize::from(length);
                if marker == START_OF_SCAN {
                    has_scan = true;
                    at = end_of_scan(bytes, at)?;
                }
            }
        }
    }
}

/// Where the next marker stands that is none of the picture's data.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            _ => return Some(at),
        }
    }
}

/// What phones leave behind a picture: nothing, zeros, further pictures (CIPA DC-007), or Samsung's block of what else
/// belongs to it.
fn is_of_a_camera(behind: &[u8]) -> bool {
    behind.iter().all(|byte| *byte == 0)
        || behind.starts_with(&[0xff, 0xd8, 0xff])
        || behind.ends_with(b"SEFT")
}
