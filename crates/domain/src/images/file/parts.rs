//! The parts that a picture's file consists of, and where it ends. A file that goes on behind it may be something else as
//! well, such as an archive or a script.

use std::ops::Range;

use super::ImageFormat;

/// A part of a file: a segment of a JPEG, a chunk of a PNG or WebP.
pub(super) struct Part<'a> {
    /// What it is: four letters, or the two bytes of a JPEG's marker.
    pub(super) name: &'a [u8],
    /// What it says, without its header; of a JPEG's scan without the picture's data.
    pub(super) data: &'a [u8],
    /// Where all of it stands.
    pub(super) range: Range<usize>,
}

/// What stands before the first part, in bytes.
pub(super) fn head_of(format: ImageFormat) -> usize {
    match format {
        ImageFormat::Jpeg => 2,
        ImageFormat::Png => 8,
        ImageFormat::Webp => 12,
    }
}

/// The length of the picture that a file begins with, if the file is whole and nothing else stands behind it.
pub(super) fn end_of(bytes: &[u8], format: ImageFormat) -> Option<usize> {
    let end = walk(bytes, format, |_| ())?;
    let behind = &bytes[end..];
    let is_all = match format {
        ImageFormat::Png | ImageFormat::Webp => behind.is_empty(),
        ImageFormat::Jpeg => is_of_a_camera(behind),
    };
    is_all.then_some(end)
}

/// Shows each part of a file, and tells where the last one ends; `None` if the file is not whole.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
    show: impl FnMut(Part<'a>),
) -> Option<usize> {
    match format {
        ImageFormat::Jpeg => walk_jpeg(bytes, show),
        ImageFormat::Png => walk_png(bytes, show),
        ImageFormat::Webp => walk_webp(bytes, show),
    }
}

/// PNG: chunks of a length, a name, so many bytes and a checksum, of which `IEND` is the last.
fn walk_png<'a>(bytes: &'a [u8], mut show: impl FnMut(Part<'a>)) -> Option<usize> {
    let mut at = head_of(ImageFormat::Png);
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let name = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(length as usize)?.checked_add(12)?;
        let whole = bytes.get(at..end)?;
        show(Part {
            name,
            data: &whole[8..whole.len() - 4],
            range: at..end,
        });
        if name == b"IEND" {
            return Some(end);
        }
        at = end;
    }
}

/// WebP: a RIFF container that says how long it is and holds chunks of a name, a length and so many bytes, made even.
/// There is one picture in it, as large as the canvas if there is one: decoders make room for a larger one before they
/// compare.
fn walk_webp<'a>(bytes: &'a [u8], mut show: impl FnMut(Part<'a>)) -> Option<usize> {
    let length = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let end = (length(4)? as usize).checked_add(8)?;
    let (mut canvas, mut picture) = (None, None);
    let mut at = head_of(ImageFormat::Webp);
    while at < end {
        let size = length(at + 4)? as usize;
        let name = bytes.get(at..at + 4)?;
        let data = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        match name {
            b"VP8X" if canvas.is_none() => canvas = Some(canvas_of(data)?),
            b"VP8 " if picture.is_none() => picture = Some(lossy_size(data)?),
            b"VP8L" if picture.is_none() => picture = Some(lossless_size(data)?),
            b"ALPH" | b"ICCP" | b"EXIF" | b"XMP " => {}
            // Animations, and what is no part of a picture.
            _ => return None,
        }
        let range = at..at + 8 + size + size % 2;
        bytes.get(range.clone())?;
        at = range.end;
        show(Part { name, data, range });
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
fn walk_jpeg<'a>(bytes: &'a [u8], mut show: impl FnMut(Part<'a>)) -> Option<usize> {
    const START_OF_SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    let mut at = head_of(ImageFormat::Jpeg);
    let mut has_scan = false;
    loop {
        let start = at;
        // Any number of these may stand before a marker.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let name = bytes.get(at..at + 2)?;
        let marker = match name {
            [0xff, marker] => *marker,
            _ => return None,
        };
        at += 2;
        let data = match marker {
            END if has_scan => &[],
            // Those without a length have no place here.
            END | 0x00 | 0x01 | 0xd0..=0xd8 => return None,
            _ => {
                let length = u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?);
                let data = bytes.get(at + 2..at + usize::from(length))?;
                at += usize::from(length);
                data
            }
        };
        if marker == START_OF_SCAN {
            has_scan = true;
            at = end_of_scan(bytes, at)?;
        }
        let range = start..at;
        show(Part { name, data, range });
        if marker == END {
            return Some(at);
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
