use std::fmt;
use std::sync::Arc;

use eggypro_domain::products::{Product, ProductId, Revision};
use moka::sync::Cache;

/// How many bytes of products are held: more than the first pages of all lists take.
const BYTES: u64 = 16 * 1024 * 1024;

/// Products that were read last. One of the version that is wanted need not be read again.
#[derive(Clone)]
pub(super) struct Held(Cache<ProductId, Arc<Product>>);

impl Default for Held {
    fn default() -> Self {
        let held = Cache::builder().max_capacity(BYTES).weigher(weight);
        Self(held.build())
    }
}

impl Held {
    /// Those that are held, and the ids of the others.
    pub(super) fn find(&self, revisions: &[Revision]) -> (Vec<Product>, Vec<i32>) {
        let (mut found, mut missing) = (Vec::with_capacity(revisions.len()), vec![]);
        for revision in revisions {
            let held = self.0.get(&revision.id);
            match held.filter(|held| held.version == revision.version) {
                Some(product) => found.push(Product::clone(&product)),
                None => missing.push(revision.id.0),
            }
        }
        (found, missing)
    }

    pub(super) fn hold(&self, products: &[Product]) {
        for product in products {
            self.0.insert(product.id, Arc::new(product.clone()));
        }
    }

    pub(super) fn forget(&self) {
        self.0.invalidate_all();
    }
}

fn weight(_: &ProductId, product: &Arc<Product>) -> u32 {
    let lists = product.images.iter().chain(&product.ingredients);
    let texts = product.description.len() + product.details.len() + product.name.len();
    let bytes = texts + lists.map(|text| text.len() + 24).sum::<usize>();
    u32::try_from(bytes).unwrap_or(u32::MAX).saturating_add(600)
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}
