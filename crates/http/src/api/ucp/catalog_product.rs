use std::collections::{HashMap, HashSet};

use eggypro_domain::products::{Product, ProductId, ProductService};
use eggypro_domain::{Slug, StoreError};
use futures_util::future::try_join_all;

use super::ids::CatalogId;

/// A product of the protocol: a group with its active products as variants, or a product without a group.
#[derive(Debug, Clone)]
pub(super) struct CatalogProduct {
    featured: Product,
    /// By id. Includes the featured one.
    variants: Vec<Product>,
}

impl CatalogProduct {
    /// The product that `featured` is a variant of. `variants` are the active products of its group, with or without
    /// `featured`.
    pub(super) fn new(featured: Product, mut variants: Vec<Product>) -> Self {
        if !variants.iter().any(|variant| variant.id == featured.id) {
            variants.push(featured.clone());
        }
        variants.sort_by_key(|variant| variant.id);
        Self { featured, variants }
    }

    /// The id.
    pub(super) fn id(&self) -> CatalogId {
        CatalogId::of(&self.featured)
    }

    /// The slug of the group, or else of the product.
    pub(super) fn handle(&self) -> &str {
        let group = self.featured.group.as_ref();
        group.unwrap_or(&self.featured.slug).as_str()
    }

    /// The variant that represents the product.
    pub(super) fn featured(&self) -> &Product {
        &self.featured
    }

    /// Lets this variant represent the product.
    pub(super) fn feature(&mut self, id: ProductId) {
        let variant = self.variants.iter().find(|variant| variant.id == id);
        if let Some(variant) = variant {
            self.featured = variant.clone();
        }
    }

    /// All variants, by id.
    pub(super) fn variants(&self) -> &[Product] {
        &self.variants
    }

    /// All variants, the featured one first and the others by id.
    pub(super) fn featured_first(&self) -> Vec<&Product> {
        let mut variants: Vec<&Product> = self.variants.iter().collect();
        variants.sort_by_key(|variant| variant.id != self.featured.id);
        variants
    }
}

/// Whether a variant can be bought.
pub(super) fn is_available(variant: &Product) -> bool {
    variant.stock_quantity > 0
}

/// The variant that represents the others: the first one in stock, or else the first one.
pub(super) fn featured_of<'a>(
    variants: impl IntoIterator<Item = &'a Product>,
) -> Option<&'a Product> {
    let variants = variants.into_iter();
    variants.min_by_key(|variant| !is_available(variant))
}

/// The active products of groups.
#[derive(Debug)]
pub(super) struct Groups(HashMap<Slug, Vec<Product>>);

impl Groups {
    /// Reads the groups of these products, each of them once.
    ///
    /// # Errors
    /// If the index or the store is unavailable or fails.
    pub(super) async fn read<'a>(
        service: &ProductService,
        products: impl IntoIterator<Item = &'a Product>,
    ) -> Result<Self, StoreError> {
        let groups = products.into_iter();
        let groups: HashSet<&Slug> = groups.filter_map(|of| of.group.as_ref()).collect();
        let reads = groups.into_iter().map(move |group| async move {
            let variants = service.variants(group).await?;
            Ok::<_, StoreError>((group.clone(), variants))
        });
        let groups = try_join_all(reads).await?;
        Ok(Self(groups.into_iter().collect()))
    }

    /// Takes the product that `featured` is a variant of.
    pub(super) fn take(&mut self, featured: Product) -> CatalogProduct {
        let group = featured.group.as_ref();
        let variants = group.and_then(|group| self.0.remove(group));
        CatalogProduct::new(featured, variants.unwrap_or_default())
    }
}
