use std::fmt;
use std::str::FromStr;

/// Which rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ImportMode {
    /// Products that exist are changed, the others created.
    #[default]
    Upsert,
    /// Only products that don't exist are created. A row of one that exists is refused.
    Create,
    /// Only products that exist are changed. A row of another one is refused.
    Update,
}

/// A text is not an [`ImportMode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Mode must be one of upsert, create, update")]
pub struct UnknownImportMode;

impl ImportMode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Upsert, Self::Create, Self::Update];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upsert => "upsert",
            Self::Create => "create",
            Self::Update => "update",
        }
    }
}

impl fmt::Display for ImportMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ImportMode {
    type Err = UnknownImportMode;

    fn from_str(name: &str) -> Result<Self, UnknownImportMode> {
        let mut all = Self::ALL.into_iter();
        all.find(|mode| mode.as_str() == name)
            .ok_or(UnknownImportMode)
    }
}

/// The status of an import. Each ends in exactly one of the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportStatus {
    /// The file has not arrived completely. The client does not know the id yet.
    Receiving,
    /// A server reads the rows, or is about to.
    Running,
    /// Every row was read. Some may have been refused.
    Done,
    /// The file can't be read on. What was written before stays.
    Failed,
    /// Someone has ended it. What was written before stays.
    Cancelled,
}

/// A text is not an [`ImportStatus`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a status of an import")]
pub struct UnknownImportStatus;

impl ImportStatus {
    /// All statuses.
    pub const ALL: [Self; 5] = [
        Self::Receiving,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The name in the API. `receiving` is not part of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing follows it.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

impl fmt::Display for ImportStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ImportStatus {
    type Err = UnknownImportStatus;

    fn from_str(name: &str) -> Result<Self, UnknownImportStatus> {
        let mut all = Self::ALL.into_iter();
        all.find(|status| status.as_str() == name)
            .ok_or(UnknownImportStatus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_shown() {
        for mode in ImportMode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        for status in ImportStatus::ALL {
            assert_eq!(status.to_string().parse(), Ok(status));
        }
        assert_eq!("replace".parse::<ImportMode>(), Err(UnknownImportMode));
        assert_eq!("ended".parse::<ImportStatus>(), Err(UnknownImportStatus));
    }
}
