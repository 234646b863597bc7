//! Splits an image file into its parts and finds its end. Bytes after the end or between the parts are dropped: they
//! could make the file valid as something else, such as an archive or a script.

mod jpeg;
mod png;
mod webp;

use std::ops::Range;

use super::{ImageFormat, InvalidImage};

/// A part of a file: a segment of a JPEG, or a chunk of a PNG or WebP.
pub(super) struct Part<'a> {
    /// The name: the four letters of a chunk, or the two bytes of a JPEG marker.
    pub(super) name: &'a [u8],
    /// The content without its header; for a JPEG scan without the entropy-coded data.
    pub(super) data: &'a [u8],
    /// The position of the part with its header.
    pub(super) range: Range<usize>,
}

/// The properties of an image file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// The width in pixels.
    pub(super) width: u32,
    /// The height in pixels.
    pub(super) height: u32,
    /// The position after the last part.
    pub(super) end: usize,
    /// Whether there is nothing between the parts, and the last part is the one that ends an image.
    pub(super) is_tidy: bool,
}

/// The number of bytes before the first part.
pub(super) fn head_of(format: ImageFormat) -> usize {
    match format {
        ImageFormat::Jpeg => 2,
        ImageFormat::Png => 8,
        ImageFormat::Webp => 12,
    }
}

/// Calls `visit` with each part of a file.
///
/// # Errors
/// If the file is not an image that browsers can show.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
    visit: impl FnMut(Part<'a>),
) -> Result<Found, InvalidImage> {
    match format {
        ImageFormat::Jpeg => jpeg::walk(bytes, visit),
        ImageFormat::Png => png::walk(bytes, visit),
        ImageFormat::Webp => webp::walk(bytes, visit),
    }
}

/// The file without bytes between and after its parts.
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
        ImageFormat::Jpeg => {}
        // The only untidy PNG is one without `IEND`.
        ImageFormat::Png => tidy.extend_from_slice(&png::END),
        ImageFormat::Webp => webp::close(&mut tidy),
    }
    tidy
}
