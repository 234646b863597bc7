/// The reason why a command ends, for the person who called it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
