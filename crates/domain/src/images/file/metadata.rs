//! Takes out of a file what it says beside its picture: where it was taken, by which camera and when, and smaller copies
//! of it, which may show what was cut away. How the picture is to be turned and what its colours mean stays, and no pixel
//! changes.

use super::ImageFormat;
use super::parts::{Part, head_of, walk};

/// Of Exif, only so much is read. What is looked for stands at its beginning, and a JPEG has no room for more.
const EXIF_READ: usize = 64 * 1024;

/// The file without it; `None` if the file is not whole.
pub(super) fn without_metadata(bytes: &[u8], format: ImageFormat) -> Option<Vec<u8>> {
    let mut file = Vec::with_capacity(bytes.len());
    file.extend_from_slice(bytes.get(..head_of(format))?);
    match format {
        ImageFormat::Jpeg => {
            let mut has_exif = false;
            walk(bytes, format, |part| jpeg(&part, &mut file, &mut has_exif))?;
        }
        ImageFormat::Png => {
            walk(bytes, format, |part| png(&part, &mut file))?;
        }
        ImageFormat::Webp => {
            walk(bytes, format, |part| webp(&part, &mut file))?;
            let length = u32::try_from(file.len() - 8).ok()?;
            file[4..8].copy_from_slice(&length.to_le_bytes());
        }
    }
    Some(file)
}

/// Takes over a segment (ITU T.81 and T.872): the application's own and comments are left out, but those that decoding
/// needs.
fn jpeg(part: &Part<'_>, file: &mut Vec<u8>, has_exif: &mut bool) {
    const PROFILE: &[u8] = b"ICC_PROFILE\0";
    match (part.name, part.data) {
        // JFIF: its version and density, without the thumbnail that may follow.
        (b"\xff\xe0", [b'J', b'F', b'I', b'F', 0, ..]) if part.data.len() >= 14 => {
            segment(b"\xff\xe0", &[&part.data[..12], &[0, 0]].concat(), file);
        }
        (b"\xff\xe1", data) => {
            let exif = data.strip_prefix(b"Exif\0\0");
            if let Some(exif) = exif.and_then(turned).filter(|_| !*has_exif) {
                *has_exif = true;
                segment(b"\xff\xe1", &[b"Exif\0\0", &exif[..]].concat(), file);
            }
        }
        (b"\xff\xe2", data) if data.starts_with(PROFILE) => file.extend_from_slice(part.whole),
        // Which colours its components are.
        (b"\xff\xee", data) if data.starts_with(b"Adobe") => file.extend_from_slice(part.whole),
        ([0xff, 0xe0..=0xef | 0xfe], _) => {}
        _ => file.extend_from_slice(part.whole),
    }
}

/// Adds a segment of at most 64 KiB.
fn segment(name: &[u8; 2], data: &[u8], file: &mut Vec<u8>) {
    let length = u16::try_from(data.len() + 2).unwrap_or(u16::MAX);
    file.extend_from_slice(name);
    file.extend_from_slice(&length.to_be_bytes());
    file.extend_from_slice(data);
}

/// Takes over a chunk (PNG, third edition, 5.6 and 11): those that decoding can't do without, whose first letter is large,
/// and those about colours, transparency, proportions and frames.
fn png(part: &Part<'_>, file: &mut Vec<u8>) {
    match part.name {
        b"eXIf" => {
            if let Some(exif) = turned(part.data) {
                let named = [b"eXIf", &exif[..]].concat();
                let length = u32::try_from(exif.len()).unwrap_or(u32::MAX);
                file.extend_from_slice(&length.to_be_bytes());
                file.extend_from_slice(&named);
                file.extend_from_slice(&crc32fast::hash(&named).to_be_bytes());
            }
        }
        b"tRNS" | b"cHRM" | b"cICP" | b"gAMA" | b"iCCP" | b"mDCV" | b"cLLI" | b"sBIT" | b"sRGB"
        | b"bKGD" | b"hIST" | b"pHYs" | b"sPLT" | b"acTL" | b"fcTL" | b"fdAT" => {
            file.extend_from_slice(part.whole);
        }
        [b'A'..=b'Z', ..] => file.extend_from_slice(part.whole),
        _ => {}
    }
}

/// Takes over a chunk (RFC 9649, 2.7): all but Exif and XMP, which the first one says whether there are.
fn webp(part: &Part<'_>, file: &mut Vec<u8>) {
    const EXIF: u8 = 0b1000;
    const XMP: u8 = 0b100;
    /// Where the first chunk's data begin: flags, if it is one that has them.
    const FLAGS: usize = 20;
    match part.name {
        b"VP8X" => {
            let at = file.len() + 8;
            file.extend_from_slice(part.whole);
            file[at] &= !(EXIF | XMP);
        }
        b"EXIF" => {
            // Some cameras begin it as in a JPEG.
            let exif = part.data.strip_prefix(b"Exif\0\0").unwrap_or(part.data);
            let is_extended = file.get(12..16) == Some(b"VP8X");
            if let Some(exif) = turned(exif).filter(|_| is_extended && file[FLAGS] & EXIF == 0) {
                file[FLAGS] |= EXIF;
                let length = u32::try_from(exif.len()).unwrap_or(u32::MAX);
                file.extend_from_slice(b"EXIF");
                file.extend_from_slice(&length.to_le_bytes());
                file.extend_from_slice(&exif);
            }
        }
        b"XMP " => {}
        _ => file.extend_from_slice(part.whole),
    }
}

/// Exif that says how the picture is to be turned and nothing else; `None` if it is not to be.
fn turned(exif: &[u8]) -> Option<[u8; 26]> {
    let exif = exif[..exif.len().min(EXIF_READ)].to_vec();
    let mut reader = exif::Reader::new();
    let read = reader.continue_on_error(true).read_raw(exif);
    let read = read
        .or_else(|error| error.distill_partial_result(|_| ()))
        .ok()?;
    let orientation = read.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
    let orientation = orientation.value.get_uint(0)?;
    let orientation = u8::try_from(orientation)
        .ok()
        .filter(|value| (2..=8).contains(value))?;
    // TIFF, most significant byte first: one directory of one number of two bytes (Exif 3.0, 4.6.2 and 4.6.4).
    let mut turned = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0?\0\0\0\0\0\0";
    turned[19] = orientation;
    Some(turned)
}

#[cfg(test)]
mod tests;
