//! The parts that a picture's file consists of, and where it ends. What stands behind its end, or between its parts, may
//! be something else as well, such as an archive or a script, and is left out.

mod jpeg;
mod png;
mod webp;

use std::ops::Range;

use super::{ImageFormat, InvalidImage};

/// A part of a file: a segment of a JPEG, a chunk of a PNG or WebP.
pub(super) struct Part<'a> {
    /// What it is: four letters, or the two bytes of a JPEG's marker.
    pub(super) name: &'a [u8],
    /// What it says, without its header; of a JPEG's scan without the picture's data.
    pub(super) data: &'a [u8],
    /// Where all of it stands.
    pub(super) range: Range<usize>,
}

/// What a file is found to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// How wide the picture is, in pixels.
    pub(super) width: u32,
    /// How high it is.
    pub(super) height: u32,
    /// Where its last part ends.
    pub(super) end: usize,
    /// Whether nothing stands between its parts, and the last one is what ends a picture.
    pub(super) is_tidy: bool,
}

/// What stands before the first part, in bytes.
pub(super) fn head_of(format: ImageFormat) -> usize {
    match format {
        ImageFormat::Jpeg => 2,
        ImageFormat::Png => 8,
        ImageFormat::Webp => 12,
    }
}

/// Shows each part of a file.
///
/// # Errors
/// When the file is no picture that can be shown.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
    show: impl FnMut(Part<'a>),
) -> Result<Found, InvalidImage> {
    match format {
        ImageFormat::Jpeg => jpeg::walk(bytes, show),
        ImageFormat::Png => png::walk(bytes, show),
        ImageFormat::Webp => webp::walk(bytes, show),
    }
}

/// The picture that a file holds, without what stands between its parts and behind them.
pub(super) fn tidied(bytes: &[u8], format: ImageFormat) -> Vec<u8> {
    let mut tidy = Vec::with_capacity(bytes.len() + png::END.len());
    tidy.extend_from_slice(&bytes[..head_of(format)]);
    let mut last = &b""[..];
    let _ = walk(bytes, format, |part| {
        tidy.extend_from_slice(&bytes[part.range]);
        last = part.name;
    });
    match format {
        ImageFormat::Jpeg if last != jpeg::END => tidy.extend_from_slice(&jpeg::END),
        ImageFormat::Png if last != b"IEND" => tidy.extend_from_slice(&png::END),
        ImageFormat::Jpeg | ImageFormat::Png => {}
        ImageFormat::Webp => webp::close(&mut tidy),
    }
    tidy
}
