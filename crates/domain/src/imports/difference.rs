use std::fmt;
use std::str::FromStr;

use crate::Slug;

/// What a dry run would do to a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The number of the row in the file.
    pub row: u64,
    /// The slug that the product has or would get.
    pub slug: Slug,
    /// Whether the product would be created or changed.
    pub action: DifferenceAction,
    /// The fields that differ.
    pub changes: Vec<FieldDifference>,
}

/// A field that an import would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// The name of the field in the API.
    pub field: String,
    /// The value before, as JSON; `null` for a new product.
    pub before: String,
    /// The value after, as JSON.
    pub after: String,
}

/// What would become of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DifferenceAction {
    /// It would be created.
    Created,
    /// It would be changed.
    Updated,
}

/// A text is not a [`DifferenceAction`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not what becomes of a product")]
pub struct UnknownDifferenceAction;

impl DifferenceAction {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }
}

impl fmt::Display for DifferenceAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DifferenceAction {
    type Err = UnknownDifferenceAction;

    fn from_str(name: &str) -> Result<Self, UnknownDifferenceAction> {
        match name {
            "created" => Ok(Self::Created),
            "updated" => Ok(Self::Updated),
            _ => Err(UnknownDifferenceAction),
        }
    }
}
