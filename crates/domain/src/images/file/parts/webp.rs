use super::{Found, Part};
use crate::images::{ImageFormat, InvalidImage};

/// Parses a WebP: a RIFF container with its length, and chunks with a name, a length and the content, padded to an even
/// length. There must be one image, as large as the canvas if there is a canvas: decoders allocate memory for a larger
/// image before they compare the sizes. Unknown chunks, which readers must ignore (RFC 9649, 2.7.1.5), are not visited.
/// The last padding byte may be missing.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    mut visit: impl FnMut(Part<'a>),
) -> Result<Found, InvalidImage> {
    let mut is_animation = false;
    let found = found(bytes, |part| {
        is_animation |= matches!(part.name, b"ANIM" | b"ANMF");
        visit(part);
    });
    found.ok_or(if is_animation {
        InvalidImage::Animation
    } else {
        InvalidImage::Broken
    })
}

fn found<'a>(bytes: &'a [u8], mut visit: impl FnMut(Part<'a>)) -> Option<Found> {
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
            visit(Part { name, data, range });
        }
        (!is_refused).then_some(())?;
    }
    let (width, height) = picture.filter(|size| canvas.is_none_or(|canvas| *size == canvas))?;
    // Some writers do not count the last padding byte.
    (at - end <= 1).then_some(Found {
        width,
        height,
        end: at.min(bytes.len()),
        is_tidy: is_tidy && at == end,
    })
}

/// Writes the length of the file into its header, and pads the file to an even length.
pub(super) fn close(file: &mut Vec<u8>) {
    file.resize(file.len().next_multiple_of(2), 0);
    let length = u32::try_from(file.len() - 8).unwrap_or(u32::MAX);
    file[4..8].copy_from_slice(&length.to_le_bytes());
}

/// Width and height, each stored minus one in 24 bits.
fn canvas_of(data: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| {
        let [a, b, c] = data.get(at..at + 3)?.try_into().ok()?;
        Some(u32::from_le_bytes([a, b, c, 0]) + 1)
    };
    Some((side(4)?, side(7)?))
}

/// After a start code, each in 14 bits (RFC 6386, 9.1).
fn lossy_size(data: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| {
        let side = u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?);
        Some(u32::from(side & 0x3fff))
    };
    (data.get(3..6)? == [0x9d, 0x01, 0x2a]).then_some(())?;
    Some((side(6)?, side(8)?))
}

/// After a signature, each stored minus one in 14 bits (RFC 9649, 3.4).
fn lossless_size(data: &[u8]) -> Option<(u32, u32)> {
    (*data.first()? == 0x2f).then_some(())?;
    let bits = u32::from_le_bytes(data.get(1..5)?.try_into().ok()?);
    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}
