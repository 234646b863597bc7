#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod binaries;
mod cluster;
mod error;
mod holders;
mod settings;
mod user;

use std::fs;
use std::path::{Path, PathBuf};

pub use self::error::Error;
pub use self::settings::Settings;

use self::binaries::Binaries;
use self::cluster::Cluster;
use self::holders::Holders;
use self::user::ClusterUser;

/// A hold on a running private PostgreSQL. Dropping the last hold of all processes stops the server.
#[derive(Debug)]
pub struct Postgres {
    cluster: Cluster,
    database: String,
    is_durable: bool,
    holders: Holders,
}

impl Postgres {
    /// Starts the cluster in a folder, or joins it if it already runs.
    ///
    /// # Errors
    /// When there are no binaries, when there is no user to run the server, when the folder can't be used, or when
    /// PostgreSQL does not start. Each error explains what to do.
    pub fn start(settings: &Settings) -> Result<Self, Error> {
        let user = ClusterUser::choose()?;
        let directory = prepare(&settings.directory, &user)?;
        let binaries = Binaries::find(cluster::version_in(&directory))?;
        let cluster = Cluster::new(&directory, binaries, user)?;
        let holders = Holders::join(&directory, || {
            cluster.ensure_running(settings.is_durable)?;
            cluster.ensure_database(&settings.database)
        })?;
        Ok(Self {
            cluster,
            database: settings.database.clone(),
            is_durable: settings.is_durable,
            holders,
        })
    }

    /// Starts the server again if it has died; returns whether this call started it.
    ///
    /// # Errors
    /// When PostgreSQL does not start. It may not start while a process of the dead server still runs; try again later.
    /// When the data is missing; it is never replaced by an empty cluster.
    pub fn revive(&self) -> Result<bool, Error> {
        if !self.cluster.has_ended() {
            return Ok(false);
        }
        // Another process may have restarted it in the meantime.
        self.holders
            .alone(|| self.cluster.start_again(self.is_durable))
    }

    /// The connection string of the database.
    pub fn url(&self) -> String {
        self.cluster.url(&self.database)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = self.holders.leave(|| self.cluster.stop());
        if let Err(error) = stopped {
            tracing::warn!(%error, "the private PostgreSQL was not stopped");
        }
    }
}

/// Creates the folder and makes the user of the cluster its owner. Checks that this user has access to the folder.
fn prepare(directory: &Path, user: &ClusterUser) -> Result<PathBuf, Error> {
    let unusable = |source| Error::Directory {
        path: directory.to_owned(),
        source,
    };
    fs::create_dir_all(directory).map_err(unusable)?;
    let directory = directory.canonicalize().map_err(unusable)?;
    user.take(&directory)?;
    Ok(directory)
}
