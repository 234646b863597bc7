use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::changes::{Actor, Origin};

/// Identifies an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(Uuid);

/// A text is not an [`ImportId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of an import")]
pub struct InvalidImportId;

impl ImportId {
    /// A new, random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The origin of the changes that an import makes. The actor and the request are those that created the import.
    pub fn origin(self, actor: Actor, request_id: Option<String>) -> Origin {
        Origin {
            request_id,
            reason: Some(format!("import {self}")),
            ..Origin::of(actor)
        }
    }
}

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for ImportId {
    type Err = InvalidImportId;

    fn from_str(text: &str) -> Result<Self, InvalidImportId> {
        text.parse().map(Self).map_err(|_| InvalidImportId)
    }
}

/// Identifies one claim of an import. A server whose lease has run out has another one than the server that has claimed
/// the import since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseId(Uuid);

impl LeaseId {
    /// A new, random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::ActorKind;

    #[test]
    fn ids_are_read_as_they_are_shown() {
        let id = ImportId::random();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("1".parse::<ImportId>(), Err(InvalidImportId));
    }

    #[test]
    fn changes_name_their_import() {
        let id = ImportId::random();
        let origin = id.origin(Actor::new(ActorKind::Key, "k1"), Some("r1".into()));
        assert_eq!(origin.actor.id.as_deref(), Some("k1"));
        assert_eq!(origin.request_id.as_deref(), Some("r1"));
        assert_eq!(origin.reason, Some(format!("import {id}")));
    }
}
