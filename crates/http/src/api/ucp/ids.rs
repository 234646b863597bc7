//! The ids of products and variants in the protocol.

use std::fmt;

use eggypro_domain::Slug;
use eggypro_domain::products::{Product, ProductId};

/// The id of a product or a variant. A slug has no underscore, so no group has the id of a product, whatever its slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum CatalogId {
    /// A product without a group: `prod_7`.
    Product(ProductId),
    /// The product of a group: `prod_g_egg-white`.
    Group(Slug),
    /// A variant: `var_7`.
    Variant(ProductId),
}

impl CatalogId {
    /// The id of the product that a product of the shop is a variant of.
    pub(super) fn of(product: &Product) -> Self {
        match &product.group {
            Some(group) => Self::Group(group.clone()),
            None => Self::Product(product.id),
        }
    }

    /// Reads an id. Returns `None` for any text that is not the display of an id.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(group) = text.strip_prefix("prod_g_") {
            return group.parse().ok().map(Self::Group);
        }
        if let Some(digits) = text.strip_prefix("prod_") {
            return number(digits).map(Self::Product);
        }
        number(text.strip_prefix("var_")?).map(Self::Variant)
    }
}

/// A positive number without zeros or a sign before it.
fn number(digits: &str) -> Option<ProductId> {
    let id: i32 = digits.parse().ok()?;
    (id > 0 && id.to_string() == digits).then_some(ProductId(id))
}

impl fmt::Display for CatalogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product(id) => write!(f, "prod_{id}"),
            Self::Group(group) => write!(f, "prod_g_{group}"),
            Self::Variant(id) => write!(f, "var_{id}"),
        }
    }
}
