//! Synonyms: words and phrases that searches treat as equal.

mod input;

use async_trait::async_trait;
use garde::Valid;

use crate::StoreError;
use crate::products::{Expected, Revision};

pub use self::input::NewSynonyms;

/// The synonyms of a shop. There is one list per shop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Synonyms {
    /// Groups of words and phrases with the same meaning.
    pub groups: Vec<Vec<String>>,
    /// Starts at 1 and is incremented by each change.
    pub version: i32,
}

impl Synonyms {
    /// The groups with their version.
    pub fn new(groups: Vec<Vec<String>>, version: i32) -> Self {
        Self { groups, version }
    }

    /// The revision of the list. Its id is always 1.
    pub fn revision(&self) -> Revision<i32> {
        Revision {
            id: 1,
            version: self.version,
        }
    }
}

impl Default for Synonyms {
    fn default() -> Self {
        Self::new(vec![], 1)
    }
}

/// Why synonyms were not replaced. A failed write has no effect.
#[derive(Debug, thiserror::Error)]
pub enum SynonymsError {
    /// The synonyms do not have the revision that the caller expected. Contains the current one.
    #[error("the synonyms have changed")]
    Changed(Revision<i32>),
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores the synonyms of a shop.
#[async_trait]
pub trait SynonymRepository: Send + Sync {
    /// The current synonyms.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn read(&self) -> Result<Synonyms, StoreError>;

    /// Replaces all synonyms if they have the expected revision. If nothing changes, the version stays the same.
    ///
    /// # Errors
    /// [`SynonymsError::Changed`] if they have another revision.
    async fn replace(
        &self,
        synonyms: Valid<NewSynonyms>,
        expected: Expected<i32>,
    ) -> Result<Synonyms, SynonymsError>;
}
