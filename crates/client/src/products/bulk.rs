use serde::{Deserialize, Serialize, Serializer};

use super::{NewProduct, ProductPatch};
use crate::stock::NewMovement;
use crate::{ETag, Problem};

/// Up to 500 writes in one request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BulkWrite {
    /// Whether all are made or none.
    pub atomic: bool,
    /// The writes, in order.
    pub operations: Vec<Operation>,
}

impl BulkWrite {
    /// Writes of which all are made or none.
    pub fn atomic(operations: impl Into<Vec<Operation>>) -> Self {
        Self {
            atomic: true,
            operations: operations.into(),
        }
    }

    /// Writes of which each is made or fails by itself.
    pub fn independent(operations: impl Into<Vec<Operation>>) -> Self {
        Self {
            atomic: false,
            operations: operations.into(),
        }
    }
}

/// A write of a product.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Operation {
    /// Creates a product.
    Create(Box<NewProduct>),
    /// Replaces a product.
    Replace {
        /// The slug of the product.
        slug: String,
        /// The tag that the product must still have, if any.
        if_match: Option<ETag>,
        /// What it becomes.
        product: Box<NewProduct>,
    },
    /// Changes some fields of a product.
    Patch {
        /// The slug of the product.
        slug: String,
        /// The tag that the product must still have, if any.
        if_match: Option<ETag>,
        /// What changes.
        patch: Box<ProductPatch>,
    },
    /// Makes a product inactive.
    Deactivate {
        /// The slug of the product.
        slug: String,
        /// The tag that the product must still have, if any.
        if_match: Option<ETag>,
    },
    /// Removes a product with its reviews and stored images.
    Remove {
        /// The slug of the product.
        slug: String,
        /// The tag that the product must still have, if any.
        if_match: Option<ETag>,
    },
    /// Makes a stock movement.
    Stock {
        /// The slug of the product.
        slug: String,
        /// The movement.
        movement: NewMovement,
    },
}

/// An operation as it is on the wire.
#[derive(Serialize)]
struct Wire<'a, B> {
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    if_match: Option<&'a ETag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a B>,
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn write<S: Serializer, B: Serialize>(
            serializer: S,
            action: &'static str,
            slug: Option<&str>,
            if_match: &Option<ETag>,
            body: Option<&B>,
        ) -> Result<S::Ok, S::Error> {
            let if_match = if_match.as_ref();
            Wire {
                action,
                slug,
                if_match,
                body,
            }
            .serialize(serializer)
        }
        match self {
            Self::Create(product) => write(serializer, "create", None, &None, Some(product)),
            Self::Replace {
                slug,
                if_match,
                product,
            } => write(serializer, "replace", Some(slug), if_match, Some(product)),
            Self::Patch {
                slug,
                if_match,
                patch,
            } => write(serializer, "patch", Some(slug), if_match, Some(patch)),
            Self::Deactivate { slug, if_match } => {
                write(serializer, "deactivate", Some(slug), if_match, None::<&()>)
            }
            Self::Remove { slug, if_match } => {
                write(serializer, "remove", Some(slug), if_match, None::<&()>)
            }
            Self::Stock { slug, movement } => {
                write(serializer, "stock", Some(slug), &None, Some(movement))
            }
        }
    }
}

/// The results of all writes, in order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BulkResults {
    /// The results.
    pub results: Vec<BulkResult>,
}

/// The result of a write.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BulkResult {
    /// The status code that the single call would have. 424 if it was not made because another one failed.
    pub status: u16,
    /// The slug of the product.
    pub slug: Option<String>,
    /// The tag of the product as it now is.
    pub etag: Option<ETag>,
    /// Why it failed.
    pub problem: Option<Box<Problem>>,
}

impl BulkResult {
    /// Whether the write was made.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
