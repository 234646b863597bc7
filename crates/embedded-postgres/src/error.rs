use std::io;
use std::path::PathBuf;

/// Why there is no private PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No `initdb`, `pg_ctl`, `postgres` and `psql` side by side.
    #[error(
        "PostgreSQL is not installed here. {how_to_install}, or set POSTGRES_URL to one that runs elsewhere"
    )]
    NotInstalled {
        /// The command for this system.
        how_to_install: &'static str,
    },
    /// The cluster was made by a version that is not here (any more).
    #[error(
        "the private database was made by PostgreSQL {version}, which is not installed here: install it, or remove the data directory to start over"
    )]
    OtherVersion {
        /// The major version.
        version: String,
    },
    /// Root may not run PostgreSQL, and there is nobody else.
    #[error(
        "PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody` to run it as"
    )]
    NoUser,
    /// The folder can't be made, read or locked.
    #[error("the folder {path} can't be used: {source}")]
    Directory {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The data of a cluster that ran have gone.
    #[error(
        "the private database is gone from {path}: put it back, or restart the server to begin with an empty one"
    )]
    Vanished {
        /// Where they were.
        path: PathBuf,
    },
    /// The user that the cluster runs as can't get to the folder.
    #[error(
        "the user `{user}`, whom PostgreSQL runs as here, can't reach {path}: choose a folder below one that others may enter"
    )]
    Unreachable {
        /// Whom it runs as.
        user: String,
        /// The folder.
        path: PathBuf,
    },
    /// The cluster's lock names a process that is alive but does not answer.
    #[error(
        "a PostgreSQL (process {pid}) holds {path} but does not answer: stop it, then try again"
    )]
    Stuck {
        /// The process.
        pid: i32,
        /// The cluster.
        path: PathBuf,
    },
    /// There is no file for what a program reads or prints.
    #[error("no temporary file can be made: {0}")]
    Scratch(#[source] io::Error),
    /// One of PostgreSQL's programs can't be started.
    #[error("{program} can't be started: {source}")]
    Spawn {
        /// Which one.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// Which one.
        program: PathBuf,
        /// What it said.
        output: String,
    },
}
