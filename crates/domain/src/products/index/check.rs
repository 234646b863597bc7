use async_trait::async_trait;

use crate::StoreError;
use crate::products::ProductId;

/// Compares an index with the store that it is filled from.
#[async_trait]
pub trait IndexCheck: Send + Sync {
    /// Compares all products, and replaces those in the index that differ. Ignores changes that the index is about to
    /// receive.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not filled or the store is not available.
    async fn check(&self) -> Result<IndexComparison, StoreError>;
}

/// The result of comparing an index with its store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexComparison {
    /// The number of products in the store.
    pub products: u64,
    /// The products that differed.
    pub mismatches: Vec<IndexMismatch>,
}

impl IndexComparison {
    /// The result for this number of products.
    pub fn new(products: u64, mismatches: Vec<IndexMismatch>) -> Self {
        Self {
            products,
            mismatches,
        }
    }
}

/// A product that differs between an index and its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexMismatch {
    /// The product.
    pub product: ProductId,
    /// How they differed.
    pub kind: MismatchKind,
}

/// How an index differs from its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MismatchKind {
    /// Only the store has the product.
    Missing,
    /// Only the index has the product.
    Surplus,
    /// The index has other values.
    Different,
}

impl MismatchKind {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::Different => "different",
        }
    }
}
