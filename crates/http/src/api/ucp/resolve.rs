//! Finds products by the ids of a request.

use std::collections::HashMap;

use eggypro_domain::products::{Product, ProductId, ProductService};
use eggypro_domain::{Slug, StoreError};
use futures_util::future::try_join_all;
use serde::Serialize;

use super::catalog_product::{CatalogProduct, Groups, featured_of};
use super::filters::Narrowing;
use super::ids::CatalogId;

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Level {
    /// One variant.
    Exact,
    /// A product, which the variant represents.
    Featured,
}

/// A product that ids name.
#[derive(Debug)]
pub(super) struct Found {
    /// The product. Its featured variant is the first one that an id names.
    pub(super) product: CatalogProduct,
    /// The ids that name it.
    pub(super) matches: Vec<Match>,
}

/// An id with the variant that it was resolved to.
#[derive(Debug)]
pub(super) struct Match {
    /// As in the request.
    pub(super) id: String,
    /// The variant.
    pub(super) variant: ProductId,
    /// What the id names.
    pub(super) level: Level,
}

/// The products that ids name.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    /// In the order of the ids, each product once.
    pub(super) found: Vec<Found>,
    /// The ids that name nothing.
    pub(super) unknown: Vec<String>,
}

/// Finds products by ids of products and variants, SKUs, GTINs and handles. An id comes before a code that looks like
/// one.
///
/// # Errors
/// If the index or the store is unavailable or fails.
pub(super) async fn resolve(
    service: &ProductService,
    ids: &[String],
) -> Result<Resolution, StoreError> {
    let by_id = read_by_id(service, ids).await?;
    let finds = ids.iter().map(|id| find(service, &by_id, id));
    let named = try_join_all(finds).await?;
    let products = named.iter().flatten().map(|(product, _)| product);
    let mut groups = Groups::read(service, products).await?;
    let mut resolution = Resolution::default();
    for (id, named) in ids.iter().zip(named) {
        match named {
            Some((product, level)) => resolution.add(id.clone(), product, level, &mut groups),
            None => resolution.unknown.push(id.clone()),
        }
    }
    Ok(resolution)
}

impl Resolution {
    fn add(&mut self, id: String, product: Product, level: Level, groups: &mut Groups) {
        let (catalog_id, variant) = (CatalogId::of(&product), product.id);
        let named = Match { id, variant, level };
        let mut found = self.found.iter_mut();
        match found.find(|found| found.product.id() == catalog_id) {
            Some(found) => found.matches.push(named),
            None => self.found.push(Found {
                product: groups.take(product),
                matches: vec![named],
            }),
        }
    }
}

impl Found {
    /// Lets a variant that the filters allow represent the product, if they don't allow the one that does.
    pub(super) fn narrow(&mut self, narrowing: &Narrowing) {
        let allowed = narrowing.allowed(&self.product);
        let Some(other) = featured_of(allowed.iter().copied()).map(|variant| variant.id) else {
            return;
        };
        let allowed: Vec<ProductId> = allowed.iter().map(|variant| variant.id).collect();
        let matches = self.matches.iter_mut();
        for named in matches.filter(|named| named.level == Level::Featured) {
            if !allowed.contains(&named.variant) {
                named.variant = other;
            }
        }
        if let Some(first) = self.matches.first() {
            self.product.feature(first.variant);
        }
    }
}

/// Reads the products and variants that are named by number.
async fn read_by_id(
    service: &ProductService,
    ids: &[String],
) -> Result<HashMap<ProductId, Product>, StoreError> {
    let numbers = ids.iter().filter_map(|id| match CatalogId::parse(id)? {
        CatalogId::Product(id) | CatalogId::Variant(id) => Some(id),
        CatalogId::Group(_) => None,
    });
    let mut numbers: Vec<ProductId> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    let products = service.active_by_ids(&numbers).await?;
    Ok(products.into_iter().map(|of| (of.id, of)).collect())
}

/// The variant that an id was resolved to.
async fn find(
    service: &ProductService,
    by_id: &HashMap<ProductId, Product>,
    id: &str,
) -> Result<Option<(Product, Level)>, StoreError> {
    let named = match CatalogId::parse(id) {
        Some(CatalogId::Variant(id)) => by_id.get(&id).map(|of| (of.clone(), Level::Exact)),
        Some(CatalogId::Product(id)) => by_id.get(&id).map(|of| (of.clone(), Level::Featured)),
        Some(CatalogId::Group(group)) => representative(service, &group).await?,
        None => None,
    };
    match named {
        Some(named) => Ok(Some(named)),
        None => find_by_code(service, id).await,
    }
}

async fn find_by_code(
    service: &ProductService,
    code: &str,
) -> Result<Option<(Product, Level)>, StoreError> {
    if let Some(product) = service.find_by_code(code).await? {
        let level = level_of(code, &product);
        return Ok(Some((product, level)));
    }
    match code.parse::<Slug>() {
        Ok(group) => representative(service, &group).await,
        Err(_) => Ok(None),
    }
}

/// The variant that represents a group.
async fn representative(
    service: &ProductService,
    group: &Slug,
) -> Result<Option<(Product, Level)>, StoreError> {
    let variants = service.variants(group).await?;
    let featured = featured_of(&variants);
    Ok(featured.map(|of| (of.clone(), Level::Featured)))
}

/// What a code names. The handle of a product without a group is the handle of its variant too, and names the product.
fn level_of(code: &str, product: &Product) -> Level {
    let is = |own: Option<&str>| own.is_some_and(|own| own.eq_ignore_ascii_case(code));
    let is_sku = is(product.sku.as_ref().map(|sku| sku.as_str()));
    let is_gtin = is(product.gtin.as_ref().map(|gtin| gtin.as_str()));
    let is_handle = is(Some(product.slug.as_str()));
    if is_handle && !is_sku && !is_gtin && product.group.is_none() {
        Level::Featured
    } else {
        Level::Exact
    }
}
