use std::path::PathBuf;

/// Location, database and durability of a cluster.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) directory: PathBuf,
    pub(crate) database: String,
    pub(crate) is_durable: bool,
}

impl Settings {
    /// A cluster in this folder, which is created if it does not exist.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            database: "postgres".to_owned(),
            is_durable: true,
        }
    }

    /// Also creates this database unless it exists. The database `postgres` always exists.
    pub fn with_database(self, name: &str) -> Self {
        Self {
            database: name.to_owned(),
            ..self
        }
    }

    /// Makes the server faster, but loses data if the machine crashes. For tests.
    pub fn not_durable(self) -> Self {
        Self {
            is_durable: false,
            ..self
        }
    }
}
