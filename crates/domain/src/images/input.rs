use super::ImageFile;

/// The files of one upload: at least one, at most [`Upload::MAX_FILES`]. Either all of them are stored or none.
#[derive(Debug, Clone)]
pub struct Upload(Vec<ImageFile>);

/// Why files are not a valid [`Upload`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUpload {
    /// There is no file.
    #[error("File is required")]
    NoFile,
    /// There are more than [`Upload::MAX_FILES`].
    #[error("Too many files: at most 10 at once")]
    TooManyFiles,
}

impl Upload {
    /// Maximum number of files.
    pub const MAX_FILES: usize = 10;

    /// The files.
    pub fn files(&self) -> &[ImageFile] {
        &self.0
    }
}

impl TryFrom<Vec<ImageFile>> for Upload {
    type Error = InvalidUpload;

    fn try_from(files: Vec<ImageFile>) -> Result<Self, InvalidUpload> {
        match files.len() {
            0 => Err(InvalidUpload::NoFile),
            1..=Self::MAX_FILES => Ok(Self(files)),
            _ => Err(InvalidUpload::TooManyFiles),
        }
    }
}
