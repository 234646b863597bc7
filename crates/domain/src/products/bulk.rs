use std::fmt;

use garde::Valid;

use super::{Expected, NewProduct, Product, ProductChanges, ProductError};
use crate::stock::{Movement, NewMovement, StockError};
use crate::{Slug, StoreError};

/// One of several writes that are made together.
#[derive(Clone)]
pub enum ProductOperation {
    /// Creates a product with this slug.
    Create(Slug, Valid<NewProduct>),
    /// Changes a product.
    Update(Slug, Valid<ProductChanges>, Expected),
    /// Removes a product with its reviews and category links.
    Remove(Slug, Expected),
    /// Moves the stock of a product.
    Move(Slug, Valid<NewMovement>),
}

impl fmt::Debug for ProductOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, slug) = match self {
            Self::Create(slug, _) => ("Create", slug),
            Self::Update(slug, ..) => ("Update", slug),
            Self::Remove(slug, _) => ("Remove", slug),
            Self::Move(slug, _) => ("Move", slug),
        };
        f.debug_tuple(name).field(slug).finish_non_exhaustive()
    }
}

/// The result of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The product as it is now.
    Product(Box<Product>),
    /// The product is gone.
    Removed,
    /// Its stock has moved.
    Moved(Movement),
}

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// The product was not written.
    #[error(transparent)]
    Product(#[from] ProductError),
    /// The stock was not moved.
    #[error(transparent)]
    Stock(#[from] StockError),
}

impl From<StoreError> for OperationError {
    fn from(error: StoreError) -> Self {
        Self::Product(error.into())
    }
}

/// Whether operations depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Atomicity {
    /// If one fails, none has an effect.
    AllOrNothing,
    /// Each stands for itself.
    EachForItself,
    /// None has an effect. The results tell what would have happened.
    Rehearsal,
}
