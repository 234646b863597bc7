use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::cluster::open_without_links;

/// Tracks which processes use a cluster, with file locks that the system releases when a process dies.
///
/// `starting.lock` is held exclusively while a process starts or stops the cluster, so that no process joins a cluster
/// that is about to stop. `holders.lock` is shared by all processes that use the cluster.
#[derive(Debug)]
pub(crate) struct Holders {
    directory: PathBuf,
    share: Option<File>,
}

impl Holders {
    /// Makes sure that the cluster runs, and adds a hold on it.
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

    /// Runs `work` while no other process starts or stops the cluster.
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

    /// Releases the hold, and stops the cluster if it was the last one.
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
