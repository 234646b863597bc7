use super::{Gtin, NewProduct, Sku};
use crate::Slug;

/// What a product can be found by: the first of its SKU, its GTIN and its slug that a product has. With a SKU, a GTIN or
/// slug finds only a product without one: a file can give a product its first SKU, and never takes one product for another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ProductCodes {
    /// The SKU.
    pub sku: Option<Sku>,
    /// The GTIN.
    pub gtin: Option<Gtin>,
    /// The slug.
    pub slug: Option<Slug>,
}

impl ProductCodes {
    /// Whether there is no code.
    pub fn is_empty(&self) -> bool {
        self.sku.is_none() && self.gtin.is_none() && self.slug.is_none()
    }
}

impl From<&NewProduct> for ProductCodes {
    /// The codes that were given. A slug that is made from the name is none.
    fn from(product: &NewProduct) -> Self {
        Self {
            sku: product.sku.clone(),
            gtin: product.gtin.clone(),
            slug: product.slug.clone(),
        }
    }
}
