use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use super::Failure;

/// Where a command writes.
pub(super) enum Target {
    /// A device or a pipe.
    Special(PathBuf),
    /// A file, which is replaced once everything is written. Until then, it is in a file beside it, which is removed if the
    /// command fails or is interrupted.
    File { file: PathBuf, beside: TempPath },
}

impl Target {
    pub(super) fn of(file: &Path) -> Result<Self, Failure> {
        // The file itself, if the path is a link.
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        // The mode of a new file, less what the umask takes away.
        let mut mode = Permissions::from_mode(0o666);
        if let Ok(known) = fs::metadata(&file) {
            if !known.is_file() {
                return Ok(Self::Special(file));
            }
            mode = known.permissions();
        }
        let folder = file.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        let beside = Builder::new().permissions(mode).tempfile_in(folder)?;
        let beside = beside.into_temp_path();
        Ok(Self::File { file, beside })
    }

    pub(super) fn file(&self) -> io::Result<File> {
        match self {
            Self::Special(file) => File::options().write(true).open(file),
            Self::File { beside, .. } => File::options().write(true).open(beside),
        }
    }

    pub(super) fn complete(self) -> Result<(), Failure> {
        if let Self::File { file, beside } = self {
            File::open(&beside)?.sync_all()?;
            beside.persist(file)?;
        }
        Ok(())
    }
}
