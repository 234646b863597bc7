use std::io;
use std::path::PathBuf;

/// Why the private PostgreSQL can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no folder with `initdb`, `pg_ctl`, `postgres` and `psql`.
    #[error(
        "PostgreSQL is not installed here. {how_to_install}, or set POSTGRES_URL to one that runs elsewhere"
    )]
    NotInstalled {
        /// How to install it on this system.
        how_to_install: &'static str,
    },
    /// The cluster was created by a version that is not installed (any more).
    #[error(
        "the private database was made by PostgreSQL {version}, which is not installed here: install it, or remove the data directory to start over"
    )]
    OtherVersion {
        /// The major version.
        version: String,
    },
    /// PostgreSQL can't run as root, and there is no other user.
    #[error(
        "PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody` to run it as"
    )]
    NoUser,
    /// The folder can't be created, read or locked.
    #[error("the folder {path} can't be used: {source}")]
    Directory {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The data of the cluster has disappeared.
    #[error(
        "the private database is gone from {path}: put it back, or restart the server to begin with an empty one"
    )]
    Vanished {
        /// The data folder.
        path: PathBuf,
    },
    /// The user that the cluster runs as has no access to the folder.
    #[error(
        "the user `{user}`, whom PostgreSQL runs as here, can't reach {path}: choose a folder below one that others may enter"
    )]
    Unreachable {
        /// The user that the cluster runs as.
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
    /// A temporary file for the input or output of a program can't be created.
    #[error("no temporary file can be made: {0}")]
    Scratch(#[source] io::Error),
    /// One of PostgreSQL's programs can't be started.
    #[error("{program} can't be started: {source}")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// The program.
        program: PathBuf,
        /// The last lines of its output.
        output: String,
    },
}
