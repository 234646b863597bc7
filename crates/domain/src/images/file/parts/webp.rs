use super::{Found, Part};
use crate::images::{ImageFormat, InvalidImage};

/// WebP: a RIFF container that says how long it is and holds chunks of a name, a length and so many bytes, made even.
/// There is one picture in it, as large as the canvas if there is one: decoders make room for a larger one before they
/// compare.
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
    let mut at = super::head_of(ImageFormat::Webp);
    while at < end {
        let size = length(at + 4)? as usize;
        let name = bytes.get(at..at + 4)?;
        let data = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        let mut is_of_a_picture = true;
        match name {
            b"VP8X" if canvas.is_none() => canvas = Some(canvas_of(data)?),
            b"VP8 " if picture.is_none() => picture = Some(lossy_size(data)?),
            b"VP8L" if picture.is_none() => picture = Some(lossless_size(data)?),
            b"ALPH" | b"ICCP" | b"EXIF" | b"XMP " => {}
            // Animations, and what is no part of a picture.
            _ => is_of_a_picture = false,
        }
        let range = at..at + 8 + size + size % 2;
        bytes.get(range.clone())?;
        at = range.end;
        show(Part { name, data, range });
        is_of_a_picture.then_some(())?;
    }
    let (width, height) = picture.filter(|size| canvas.is_none_or(|canvas| *size == canvas))?;
    (at == end).then_some(Found {
        width,
        height,
        end,
        is_tidy: true,
    })
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
