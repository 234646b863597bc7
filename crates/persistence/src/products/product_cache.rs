use std::fmt;
use std::sync::Arc;

use eggypro_domain::products::{Product, ProductId, Revision};
use moka::sync::Cache;

/// Maximum size of the cache, in bytes. It is enough for the first pages of all lists.
const BYTES: u64 = 16 * 1024 * 1024;

/// Products by id. An entry is used only for its own version, so it needs no invalidation.
#[derive(Clone)]
pub(super) struct ProductCache(Cache<ProductId, Arc<Product>>);

impl Default for ProductCache {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(BYTES).weigher(weight);
        Self(cache.build())
    }
}

impl ProductCache {
    /// The cached products, and the ids of the others.
    pub(super) fn split(&self, revisions: &[Revision]) -> (Vec<Product>, Vec<i32>) {
        let (mut found, mut missing) = (Vec::with_capacity(revisions.len()), vec![]);
        for revision in revisions {
            let cached = self.0.get(&revision.id);
            match cached.filter(|cached| cached.version == revision.version) {
                Some(product) => found.push(Product::clone(&product)),
                None => missing.push(revision.id.0),
            }
        }
        (found, missing)
    }

    pub(super) fn insert(&self, products: &[Product]) {
        for product in products {
            self.0.insert(product.id, Arc::new(product.clone()));
        }
    }

    pub(super) fn clear(&self) {
        self.0.invalidate_all();
    }
}

fn weight(_: &ProductId, product: &Arc<Product>) -> u32 {
    let lists = product.images.iter().chain(&product.ingredients);
    let texts = product.description.len() + product.details.len() + product.name.len();
    let bytes = texts + lists.map(|text| text.len() + 24).sum::<usize>();
    u32::try_from(bytes).unwrap_or(u32::MAX).saturating_add(600)
}

impl fmt::Debug for ProductCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProductCache").finish_non_exhaustive()
    }
}
