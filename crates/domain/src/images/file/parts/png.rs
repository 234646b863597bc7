use super::{Found, Part};
use crate::images::{ImageFormat, InvalidImage};

/// The chunk that ends an image.
pub(super) const END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Parses a PNG: chunks with a length, a name, the content and a checksum. `IHDR` is the first, `IEND` the last. `IEND`
/// may be missing once the image data have begun: all viewers show such files.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    visit: impl FnMut(Part<'a>),
) -> Result<Found, InvalidImage> {
    found(bytes, visit).ok_or(InvalidImage::Broken)
}

fn found<'a>(bytes: &'a [u8], mut visit: impl FnMut(Part<'a>)) -> Option<Found> {
    let mut at = super::head_of(ImageFormat::Png);
    let (mut size, mut has_data) = (None, false);
    loop {
        if has_data && at == bytes.len() {
            let (width, height) = size?;
            return Some(Found {
                width,
                height,
                end: at,
                is_tidy: false,
            });
        }
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let name = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(length as usize)?.checked_add(12)?;
        let whole = bytes.get(at..end)?;
        let data = &whole[8..whole.len() - 4];
        if name == b"IHDR" && size.is_none() {
            size = Some((side(data, 0)?, side(data, 4)?));
        }
        has_data |= name == b"IDAT";
        let (width, height) = size?;
        let range = at..end;
        visit(Part { name, data, range });
        if name == b"IEND" {
            return Some(Found {
                width,
                height,
                end,
                is_tidy: true,
            });
        }
        at = end;
    }
}

fn side(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?))
}
