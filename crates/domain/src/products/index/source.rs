use async_trait::async_trait;
use time::OffsetDateTime;

use crate::products::{Product, ProductId};
use crate::synonyms::Synonyms;
use crate::{Slug, StoreError};

/// The source that an index reads products and synonyms from.
#[async_trait]
pub trait ProductSource: Send + Sync {
    /// Reads all products, active or not, from one snapshot and calls `take` with batches in the order of ids. Stops if
    /// `take` returns `false`.
    ///
    /// # Errors
    /// If the store is unavailable or fails, possibly after some batches.
    async fn all(
        &self,
        take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError>;

    /// The version of each product, in the order of ids.
    async fn versions(&self) -> Result<Vec<(ProductId, RowVersion)>, StoreError>;

    /// The products with these ids, in any order. Ids without a product are left out.
    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError>;

    /// The products with these slugs, in any order. Slugs without a product are left out.
    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError>;

    /// The synonyms of searches.
    async fn synonyms(&self) -> Result<Synonyms, StoreError>;
}

/// The version of a stored product and when it was written. The time distinguishes a version from one with the same
/// number before a backup was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowVersion {
    version: i32,
    /// In microseconds since the Unix epoch, the precision of the stores.
    updated_at: i64,
}

impl RowVersion {
    /// The version with this number, written at this time.
    pub fn new(version: i32, updated_at: OffsetDateTime) -> Self {
        let microseconds = updated_at.unix_timestamp_nanos() / 1_000;
        Self {
            version,
            updated_at: microseconds.try_into().unwrap_or(i64::MAX),
        }
    }

    /// The version of a product.
    pub fn of(product: &Product) -> Self {
        Self::new(product.version, product.updated_at)
    }

    /// The version number.
    pub fn version(self) -> i32 {
        self.version
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn a_version_that_recurs_is_another_one() {
        let then = OffsetDateTime::UNIX_EPOCH;
        let version = RowVersion::new(7, then);
        assert_eq!(version.version(), 7);
        assert_eq!(
            version,
            RowVersion::new(7, then + Duration::nanoseconds(999))
        );
        assert_ne!(
            version,
            RowVersion::new(7, then + Duration::microseconds(1))
        );
        assert_ne!(version, RowVersion::new(8, then));
    }
}
