use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::cluster::open_without_links;

/// Who holds a cluster, told by locks that the system takes back from a process that dies.
///
/// `starting` is held for a moment by whoever starts or stops the cluster, so that nobody joins one that is about to
/// stop; `holders` is shared by all who use it.
#[derive(Debug)]
pub(crate) struct Holders {
    directory: PathBuf,
    share: Option<File>,
}

impl Holders {
    /// Makes sure that the cluster runs, and joins those who hold it.
    pub(crate) fn join(
        directory: &Path,
        ensure_running: impl FnOnce() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let unusable = |source| Error::Directory {
            path: directory.to_owned(),
            source,
        };
        let starting = open(directory, "starting.lock").map_err(unusable)?;
        starting.lock().map_err(unusable)?;
        ensure_running()?;
        let share = open(directory, "holders.lock").map_err(unusable)?;
        share.lock_shared().map_err(unusable)?;
        Ok(Self {
            directory: directory.to_owned(),
            share: Some(share),
        })
    }

    /// Does this while nobody starts or stops the cluster.
    pub(crate) fn alone<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let _starting = self.lock_starting()?;
        work()
    }

    fn lock_starting(&self) -> Result<File, Error> {
        let unusable = |source| Error::Directory {
            path: self.directory.clone(),
            source,
        };
        let starting = open(&self.directory, "starting.lock").map_err(unusable)?;
        starting.lock().map_err(unusable)?;
        Ok(starting)
    }

    /// Leaves; the last one to do so stops the cluster.
    pub(crate) fn leave(&mut self, stop: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        let unusable = |source| Error::Directory {
            path: self.directory.clone(),
            source,
        };
        let _starting = self.lock_starting()?;
        drop(self.share.take());
        let holders = open(&self.directory, "holders.lock").map_err(unusable)?;
        if holders.try_lock().is_ok() {
            stop()
        } else {
            Ok(())
        }
    }
}

fn open(directory: &Path, name: &str) -> io::Result<File> {
    open_without_links(&directory.join(name))
}
