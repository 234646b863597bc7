//! The search of the shop: its synonyms, and the check of its index.

use serde::{Deserialize, Serialize};

use crate::operation as op;
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Client, Versioned};

/// Words and phrases that searches treat as equal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Synonyms {
    /// Groups of 2 to 20 terms that mean the same.
    pub groups: Vec<Vec<String>>,
}

/// The result of a comparison of the index with the database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IndexComparison {
    /// The number of products in the database.
    pub products: u64,
    /// The number of products that differed.
    pub mismatches: u64,
    /// The first hundred of them.
    pub data: Vec<IndexMismatch>,
}

/// A product that differed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IndexMismatch {
    /// The id of the product.
    pub product_id: i32,
    /// How it differed.
    pub kind: MismatchKind,
}

text_enum! {
    /// How a product in the index differed from the database.
    MismatchKind {
        /// It was missing in the index.
        Missing = "missing",
        /// It was only in the index.
        Surplus = "surplus",
        /// It was different.
        Different = "different",
    }
}

/// The calls of the search index. See [`Client::search_index`].
#[derive(Debug, Clone, Copy)]
pub struct SearchIndex<'a>(&'a Client);

impl Client {
    /// The search of the shop. To find products, see [`products`](Self::products).
    pub fn search_index(&self) -> SearchIndex<'_> {
        SearchIndex(self)
    }
}

impl SearchIndex<'_> {
    /// Reads the synonyms.
    ///
    /// # Errors
    /// 403 without `products:read`.
    pub fn synonyms(&self) -> Call<Versioned<Synonyms>> {
        Call::versioned(self.0, Request::new(&op::READ_SYNONYMS, &[]))
    }

    /// Replaces all synonyms.
    ///
    /// # Errors
    /// 403 without `products:write`, 412 if `if_match` does not hold, 422 if a group breaks a rule.
    pub fn replace_synonyms(&self, synonyms: &Synonyms) -> Call<Versioned<Synonyms>> {
        let request = Request::new(&op::REPLACE_SYNONYMS, &[]);
        Call::versioned(self.0, request.json(synonyms))
    }

    /// Compares the index of a server with the database and corrects it, which takes seconds.
    ///
    /// # Errors
    /// 403 without `metrics:read`.
    pub fn check(&self) -> Call<IndexComparison> {
        Call::json(self.0, Request::new(&op::CHECK_INDEX, &[]))
    }
}
