mod metadata;
mod parts;

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;

use self::metadata::{orientation_of, without_metadata};
use self::parts::{tidied, walk};

/// A picture that keeps the rules: JPEG, PNG or WebP by its content, at most 10 MB, at most 50 megapixels, and nothing
/// behind its end. Nothing was decoded to find that out.
#[derive(Clone, PartialEq, Eq)]
pub struct ImageFile {
    bytes: Bytes,
    format: ImageFormat,
    width: u32,
    height: u32,
}

/// What a picture is.
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
    /// Every format that is taken.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// Its name, which is the extension of its files, too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// The format that bytes begin like, whatever they are called.
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

/// A text names no [`ImageFormat`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a format of pictures that is taken")]
pub struct UnknownFormat;

impl FromStr for ImageFormat {
    type Err = UnknownFormat;

    /// By its name.
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

/// What becomes of what a file says beside its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImageMetadata {
    /// It is taken out: [`ImageFile::without_metadata`].
    #[default]
    Removed,
    /// It stays, and whoever sees the original reads it.
    Kept,
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImage {
    /// More than [`ImageFile::MAX_BYTES`].
    #[error("File size exceeds 10MB limit")]
    TooLarge,
    /// No picture of a format that is taken.
    #[error("Invalid file type. Only JPEG, PNG, and WebP are allowed")]
    Type,
    /// It ends before its picture does, or can't be decoded.
    #[error("The picture is damaged or not whole, so that it can't be shown")]
    Broken,
    /// A JPEG with more than 8 bits a sample.
    #[error("The JPEG has 12 bits a sample, which browsers don't show. Save it with 8 bits")]
    Depth,
    /// A JPEG that is coded as few are.
    #[error(
        "The JPEG is lossless or arithmetically coded, which browsers don't show. Save it as a baseline or progressive one"
    )]
    Coding,
    /// A WebP that moves.
    #[error("The WebP is an animation. Only still pictures are allowed")]
    Animation,
    /// More than [`ImageFile::MAX_PIXELS`].
    #[error("Image has more than 50 megapixels")]
    TooManyPixels,
}

impl ImageFile {
    /// The largest file, in bytes: 10 MB.
    pub const MAX_BYTES: usize = 10 * 1024 * 1024;

    /// The most pixels: 50 million.
    pub const MAX_PIXELS: u64 = 50_000_000;

    /// The file without what it says beside its picture: where, when and with which camera it was taken, comments, and
    /// smaller copies. How it is to be turned and its colour profile stay, and every pixel is as it was.
    pub fn without_metadata(self) -> Self {
        let bytes = without_metadata(self.bytes, self.format);
        Self { bytes, ..self }
    }

    /// How the picture is to be turned before it is seen, by Exif (Exif 3.0, 4.6.5): 1, as it is, to 8.
    pub fn orientation(&self) -> u8 {
        orientation_of(&self.bytes, self.format)
    }

    /// The colour space of a PNG that says so by code points (ITU-T H.273): primaries, transfer characteristics, matrix
    /// coefficients, and whether the full range is used.
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

    /// The file.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// How large it is, in bytes.
    pub fn size(&self) -> u32 {
        // The rule has bounded it.
        self.bytes.len().try_into().unwrap_or(u32::MAX)
    }

    /// What it is.
    pub fn format(&self) -> ImageFormat {
        self.format
    }

    /// How wide it is by its header, in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// How high it is by its header, in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }
}

impl TryFrom<Bytes> for ImageFile {
    type Error = InvalidImage;

    /// Checks a file. What stands behind the end of a picture, or between its parts, is left out.
    ///
    /// # Errors
    /// The first rule that it breaks.
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
        // What is two things at once may be the other one to who opens it.
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
