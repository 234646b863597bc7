use super::{Found, Part};
use crate::images::{ImageFormat, InvalidImage};

/// WebP: a RIFF container that says how long it is and holds chunks of a name, a length and so many bytes, made even.
/// There is one picture in it, as large as the canvas if there is one: decoders make room for a larger one before they
/// compare. Chunks that readers must pass over (RFC 9649, 2.7.1.5) are not shown, and a byte may be missing at the end.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    mut show: impl FnMut(Part<'a>),
) -> Result<Found, InvalidImage> {
    let mut is_animation = false;
    let found = found(bytes, |part| {
        is_animation |= matches!(part.name, b"ANIM" | b"ANMF");
        show(part);
    });
    found.ok_or(if is_animation {
        InvalidImage::Animation
    } else {
        InvalidImage::Broken
    })
}

fn found<'a>(bytes: &'a [u8], mut show: impl FnMut(Part<'a>)) -> Option<Found> {
    let length = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let end = (length(4)? as usize).checked_add(8)?;
    let (mut canvas, mut picture) = (None, None);
    let mut is_tidy = true;
    let mut at = super::head_of(ImageFormat::Webp);
    while at < end {
        let size = length(at + 4)? as usize;
        let name = bytes.get(at..at + 4)?;
        let data = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        let (mut is_known, mut is_refused) = (true, false);
        match name {
            b"VP8X" if canvas.is_none() => canvas = Some(canvas_of(data)?),
            b"VP8 " if picture.is_none() => picture = Some(lossy_size(data)?),
            b"VP8L" if picture.is_none() => picture = Some(lossless_size(data)?),
            b"ALPH" | b"ICCP" | b"EXIF" | b"XMP " => {}
            b"VP8X" | b"VP8 " | b"VP8L" | b"ANIM" | b"ANMF" => is_refused = true,
            _ => is_known = false,
        }
        let range = at..(at + 8 + size + size % 2).min(bytes.len());
        is_tidy &= is_known && range.len() % 2 == 0;
        at += 8 + size + size % 2;
        if is_known {
            show(Part { name, data, range });
        }
        (!is_refused).then_some(())?;
    }
    let (width, height) = picture.filter(|size| canvas.is_none_or(|canvas| *size == canvas))?;
    // Some don't count the byte that makes the last one even.
    (at - end <= 1).then_some(Found {
        width,
        height,
        end: at.min(bytes.len()),
        is_tidy: is_tidy && at == end,
    })
}

/// Says how long a file has become, and makes it even.
pub(super) fn close(file: &mut Vec<u8>) {
    file.resize(file.len().next_multiple_of(2), 0);
    let length = u32::try_from(file.len() - 8).unwrap_or(u32::MAX);
    file[4..8].copy_from_slice(&length.to_le_bytes());
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
