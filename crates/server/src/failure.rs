/// The reason why a command ends, for the person who called it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A command has done what it could, and some rows were refused. It exits with 3: 1 is a failure, and 2 wrong usage.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PartlyRefused(pub(crate) String);
