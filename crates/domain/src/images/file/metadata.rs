//! Removes metadata from image files: place, time and camera, and smaller copies of the image, which may show parts
//! that were cropped. The orientation and the embedded colour profile are kept, and no pixel changes.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::ImageFormat;
use super::parts::{Part, head_of, walk};

/// Removes the metadata of a file; returns a file that can't be parsed as it is. Files are large, so the buffer is
/// reused unless it is shared.
pub(super) fn without_metadata(file: Bytes, format: ImageFormat) -> Bytes {
    let mut pieces = Pieces::default();
    pieces.keep(0..head_of(format));
    let mut has_exif = false;
    let is_whole = walk(&file, format, |part| match format {
        ImageFormat::Jpeg => jpeg(&part, &mut pieces, &mut has_exif),
        ImageFormat::Png => png(&part, &mut pieces, &mut has_exif),
        ImageFormat::Webp => webp(&part, &mut pieces, &mut has_exif),
    });
    if is_whole.is_err() || pieces.are_all_of(&file) {
        return file;
    }
    let mut file = pieces.join(file);
    if format == ImageFormat::Webp {
        describe_webp(&mut file, has_exif);
    }
    file.freeze()
}

/// The prefix of Exif data in a JPEG. Some programs also write it in other formats.
const EXIF: &[u8] = b"Exif\0\0";

/// The content of the new file, from start to end.
#[derive(Default)]
struct Pieces(Vec<Piece>);

enum Piece {
    /// A range of the old file.
    Kept(Range<usize>),
    New(Vec<u8>),
}

impl Pieces {
    fn keep(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some(Piece::Kept(last)) if last.end == range.start => last.end = range.end,
            _ => self.0.push(Piece::Kept(range)),
        }
    }

    /// Replaces a part, unless the replacement is longer than the part. Returns whether it was replaced.
    fn replace(&mut self, part: &Part<'_>, new: Vec<u8>) -> bool {
        let fits = new.len() <= part.range.len();
        if fits {
            self.0.push(Piece::New(new));
        }
        fits
    }

    fn are_all_of(&self, file: &Bytes) -> bool {
        matches!(&self.0[..], [Piece::Kept(range)] if range.len() == file.len())
    }

    /// Builds the new file in place. No piece moves towards the end, so copying never overwrites bytes that are still
    /// needed.
    fn join(self, file: Bytes) -> BytesMut {
        let file = file.try_into_mut();
        let mut file = file.unwrap_or_else(|shared| BytesMut::from(&shared[..]));
        let mut end = 0;
        for piece in self.0 {
            let start = end;
            match piece {
                Piece::Kept(range) => {
                    end += range.len();
                    file.copy_within(range, start);
                }
                Piece::New(bytes) => {
                    end += bytes.len();
                    file[start..end].copy_from_slice(&bytes);
                }
            }
        }
        file.truncate(end);
        file
    }
}

/// Copies a segment (ITU T.81 and T.872), except comments and application segments that decoding does not need.
fn jpeg(part: &Part<'_>, pieces: &mut Pieces, has_exif: &mut bool) {
    const PROFILE: &[u8] = b"ICC_PROFILE\0";
    match (part.name, part.data) {
        // JFIF: the version and density, without the optional thumbnail.
        (b"\xff\xe0", [b'J', b'F', b'I', b'F', 0, ..]) if part.data.len() == 14 => {
            pieces.keep(part.range.clone());
        }
        (b"\xff\xe0", [b'J', b'F', b'I', b'F', 0, ..]) if part.data.len() > 14 => {
            pieces.replace(part, segment(part.name, &[&part.data[..12], &[0, 0]]));
        }
        // Only the first Exif segment counts. Some writers use another byte at the end of its name.
        (b"\xff\xe1", [b'E', b'x', b'i', b'f', 0, _, exif @ ..]) => {
            if !std::mem::replace(has_exif, true)
                && let Some(exif) = minimal(exif)
            {
                pieces.replace(part, segment(part.name, &[EXIF, &exif]));
            }
        }
        (b"\xff\xe2", data) if data.starts_with(PROFILE) => pieces.keep(part.range.clone()),
        // The colour model of the components.
        (b"\xff\xee", data) if data.starts_with(b"Adobe") => pieces.keep(part.range.clone()),
        ([0xff, 0xe0..=0xef | 0xfe], _) => {}
        _ => pieces.keep(part.range.clone()),
    }
}

/// Writes a segment of at most 64 KiB.
fn segment(name: &[u8], data: &[&[u8]]) -> Vec<u8> {
    let data = data.concat();
    let length = u16::try_from(data.len() + 2).unwrap_or(u16::MAX);
    [name, &length.to_be_bytes(), &data].concat()
}

/// Copies a chunk (PNG, third edition, 5.6 and 11) if it is critical, with an upper case first letter, or about
/// colours, transparency, pixel dimensions or animation frames.
fn png(part: &Part<'_>, pieces: &mut Pieces, has_exif: &mut bool) {
    match part.name {
        b"eXIf" => {
            let exif = part.data.strip_prefix(EXIF).unwrap_or(part.data);
            if !std::mem::replace(has_exif, true)
                && let Some(exif) = minimal(exif)
            {
                let named = [part.name, &exif[..]].concat();
                let length = u32::try_from(exif.len()).unwrap_or(u32::MAX).to_be_bytes();
                let sum = crc32fast::hash(&named).to_be_bytes();
                pieces.replace(part, [&length[..], &named, &sum].concat());
            }
        }
        b"tRNS"
        | b"cHRM"
        | b"cICP"
        | b"gAMA"
        | b"iCCP"
        | b"mDCV"
        | b"cLLI"
        | b"sBIT"
        | b"sRGB"
        | b"bKGD"
        | b"hIST"
        | b"pHYs"
        | b"sPLT"
        | b"acTL"
        | b"fcTL"
        | b"fdAT"
        | [b'A'..=b'Z', ..] => pieces.keep(part.range.clone()),
        _ => {}
    }
}

/// Copies a chunk (RFC 9649, 2.7), except Exif and XMP.
fn webp(part: &Part<'_>, pieces: &mut Pieces, has_exif: &mut bool) {
    match part.name {
        b"EXIF" => {
            // Some cameras write the prefix of JPEG files here, too.
            let exif = part.data.strip_prefix(EXIF).unwrap_or(part.data);
            // The `VP8X` flags must match the chunks, so record only Exif that is written.
            if let Some(exif) = minimal(exif).filter(|_| !*has_exif) {
                let length = u32::try_from(exif.len()).unwrap_or(u32::MAX).to_le_bytes();
                *has_exif = pieces.replace(part, [part.name, &length, &exif].concat());
            }
        }
        b"XMP " => {}
        _ => pieces.keep(part.range.clone()),
    }
}

/// Updates the length in the RIFF header and, if there is a `VP8X` chunk, its flags for Exif and XMP.
fn describe_webp(file: &mut [u8], has_exif: bool) {
    const HAS_EXIF: u8 = 0b1000;
    const XMP: u8 = 0b100;
    let length = u32::try_from(file.len() - 8).unwrap_or(u32::MAX);
    file[4..8].copy_from_slice(&length.to_le_bytes());
    if let Some(flags) = file
        .get_mut(12..21)
        .filter(|chunk| chunk.starts_with(b"VP8X"))
    {
        flags[8] &= !(HAS_EXIF | XMP);
        flags[8] |= if has_exif { HAS_EXIF } else { 0 };
    }
}

/// The orientation by Exif, 1 to 8.
pub(super) fn orientation_of(bytes: &[u8], format: ImageFormat) -> u8 {
    let mut found = None;
    let _ = walk(bytes, format, |part| {
        let exif = match (format, part.name) {
            (ImageFormat::Jpeg, b"\xff\xe1") => match part.data {
                [b'E', b'x', b'i', b'f', 0, _, exif @ ..] => exif,
                _ => return,
            },
            (ImageFormat::Png, b"eXIf") | (ImageFormat::Webp, b"EXIF") => {
                part.data.strip_prefix(EXIF).unwrap_or(part.data)
            }
            _ => return,
        };
        // Only the first Exif data count.
        found.get_or_insert(orientation(exif).filter(|value| (1..=8).contains(value)));
    });
    found.flatten().unwrap_or(1)
}

/// Exif with nothing but the orientation; `None` for an upright image.
fn minimal(exif: &[u8]) -> Option<[u8; 26]> {
    let orientation = orientation(exif).filter(|value| (2..=8).contains(value))?;
    // TIFF, big-endian: one directory with one 16-bit number (Exif 3.0, 4.6.2 and 4.6.4).
    let mut minimal = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0?\0\0\0\0\0\0";
    minimal[19] = orientation;
    Some(minimal)
}

/// The orientation in the first directory of Exif. The rest is not parsed: crafted Exif can make a full parser use
/// thousands of times the memory of the file.
fn orientation(exif: &[u8]) -> Option<u8> {
    const ENTRY: usize = 12;
    let is_little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let long = |at: usize| {
        let bytes = exif.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let first = directory.checked_add(2)?;
    for number in 0..usize::from(short(directory)?) {
        let at = first.checked_add(number * ENTRY)?;
        // The tag, the type (16-bit number) and the count.
        if short(at)? == 0x0112 && short(at + 2)? == 3 && long(at + 4)? == 1 {
            return short(at + 8)?.try_into().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests;
