mod metadata;
mod parts;

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;

use self::metadata::{orientation_of, without_metadata};
use self::parts::{tidied, walk};

/// A valid image file: JPEG, PNG or WebP by its content, at most 10 MB and 50 megapixels, with nothing after its end.
/// The checks do not decode the image.
#[derive(Clone, PartialEq, Eq)]
pub struct ImageFile {
    bytes: Bytes,
    format: ImageFormat,
    width: u32,
    height: u32,
}

/// The format of an image file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub enum ImageFormat {
    /// JPEG (ITU T.81)
    Jpeg,
    /// PNG (W3C, third edition)
    Png,
    /// WebP (RFC 9649)
    Webp,
}

impl ImageFormat {
    /// All supported formats.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// The name, which is also the file extension.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// The format by the first bytes of a file. The file name does not matter.
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::Webp),
            _ => None,
        }
    }
}

/// A text is not the name of an [`ImageFormat`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a format of pictures that is taken")]
pub struct UnknownFormat;

impl FromStr for ImageFormat {
    type Err = UnknownFormat;

    /// Parses the name.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.as_str() == name)
            .ok_or(UnknownFormat)
    }
}

impl TryFrom<String> for ImageFormat {
    type Error = UnknownFormat;

    fn try_from(name: String) -> Result<Self, UnknownFormat> {
        name.parse()
    }
}

impl From<ImageFormat> for String {
    fn from(format: ImageFormat) -> Self {
        format.as_str().to_owned()
    }
}

/// How to treat the metadata of uploaded files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImageMetadata {
    /// Metadata is removed: [`ImageFile::without_metadata`].
    #[default]
    Removed,
    /// Metadata is kept. Everyone who can load the original can read it.
    Kept,
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImage {
    /// The file is larger than [`ImageFile::MAX_BYTES`].
    #[error("File size exceeds 10MB limit")]
    TooLarge,
    /// The file is not an image in a supported format.
    #[error("Invalid file type. Only JPEG, PNG, and WebP are allowed")]
    Type,
    /// The file is truncated, or its structure is damaged.
    #[error("The picture is damaged or not whole, so that it can't be shown")]
    Broken,
    /// A JPEG with more than 8 bits per sample.
    #[error("The JPEG has 12 bits a sample, which browsers don't show. Save it with 8 bits")]
    Depth,
    /// A JPEG with a coding that browsers don't show: lossless or arithmetic.
    #[error(
        "The JPEG is lossless or arithmetically coded, which browsers don't show. Save it as a baseline or progressive one"
    )]
    Coding,
    /// An animated WebP.
    #[error("The WebP is an animation. Only still pictures are allowed")]
    Animation,
    /// The image has more than [`ImageFile::MAX_PIXELS`].
    #[error("Image has more than 50 megapixels")]
    TooManyPixels,
}

impl ImageFile {
    /// Maximum size of a file, in bytes: 10 MB.
    pub const MAX_BYTES: usize = 10 * 1024 * 1024;

    /// Maximum number of pixels: 50 million.
    pub const MAX_PIXELS: u64 = 50_000_000;

    /// Removes the metadata: place, time and camera, comments, and smaller copies of the image. The orientation, the
    /// colour profile and all pixels stay the same.
    pub fn without_metadata(self) -> Self {
        let bytes = without_metadata(self.bytes, self.format);
        Self { bytes, ..self }
    }

    /// The orientation by Exif (Exif 3.0, 4.6.5): 1, upright, to 8.
    pub fn orientation(&self) -> u8 {
        orientation_of(&self.bytes, self.format)
    }

    /// The colour space of a PNG with a `cICP` chunk, as code points (ITU-T H.273): primaries, transfer
    /// characteristics, matrix coefficients, and whether the full range is used.
    pub fn code_points(&self) -> Option<[u8; 4]> {
        let mut found = None;
        if self.format == ImageFormat::Png {
            let _ = walk(&self.bytes, self.format, |part| {
                if part.name == b"cICP" {
                    found = found.or(part.data.try_into().ok());
                }
            });
        }
        found
    }

    /// The content of the file.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The size of the file, in bytes.
    pub fn size(&self) -> u32 {
        // At most `MAX_BYTES`, so it always fits.
        self.bytes.len().try_into().unwrap_or(u32::MAX)
    }

    /// The format.
    pub fn format(&self) -> ImageFormat {
        self.format
    }

    /// The width by the header of the file, in pixels, before the orientation is applied.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height by the header of the file, in pixels, before the orientation is applied.
    pub fn height(&self) -> u32 {
        self.height
    }
}

impl TryFrom<Bytes> for ImageFile {
    type Error = InvalidImage;

    /// Checks a file. Removes bytes after the end of the image or between its parts.
    ///
    /// # Errors
    /// The first rule that the file breaks.
    fn try_from(mut bytes: Bytes) -> Result<Self, InvalidImage> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(InvalidImage::TooLarge);
        }
        let format = ImageFormat::of(&bytes).ok_or(InvalidImage::Type)?;
        let found = walk(&bytes, format, |_| ())?;
        let (width, height) = (found.width, found.height);
        if width == 0 || height == 0 {
            return Err(InvalidImage::Broken);
        }
        if u64::from(width) * u64::from(height) > Self::MAX_PIXELS {
            return Err(InvalidImage::TooManyPixels);
        }
        // A file that is valid in two formats could be opened as the other one.
        if found.is_tidy {
            bytes.truncate(found.end);
        } else {
            bytes = tidied(&bytes, format).into();
        }
        Ok(Self {
            bytes,
            format,
            width,
            height,
        })
    }
}

impl fmt::Debug for ImageFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageFile")
            .field("format", &self.format)
            .field("width", &self.width)
            .field("height", &self.height)
            .field("size", &self.bytes.len())
            .finish()
    }
}

#[cfg(test)]
mod tests;
