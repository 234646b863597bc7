mod bulk;
mod categories;
mod facets;
mod idempotency;
mod image_store;
mod images;
mod imports;
mod index;
mod keys;
mod products;
mod reviews;
mod sessions;
mod stock;
mod synonyms;
mod webhooks;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

use crate::Slug;
use crate::categories::{Category, CategoryId};
use crate::keys::{ApiKey, KeyDigest};
use crate::products::{CategoryRef, Product, ProductError, ProductFilter, ProductId};
use crate::reviews::Review;
use crate::sessions::SessionId;
use crate::stock::Movement;
use crate::synonyms::Synonyms;

pub use self::image_store::InMemoryImages;

/// A shop in memory. Its default clock stands still and advances by one second with each write.
#[derive(Debug, Default)]
pub struct InMemoryShop {
    state: Arc<Mutex<State>>,
}

/// The clock of a shop.
struct Clock(Box<dyn Fn() -> OffsetDateTime + Send>);

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct State {
    clock: Option<Clock>,
    products: Vec<StoredProduct>,
    categories: Vec<Category>,
    images: Vec<images::Record>,
    reviews: Vec<Review>,
    former_slugs: HashMap<Slug, ProductId>,
    ended_sessions: HashSet<SessionId>,
    movements: Vec<(ProductId, Movement)>,
    reservations: Vec<stock::StoredReservation>,
    keys: Vec<(ApiKey, KeyDigest)>,
    synonyms: Synonyms,
    idempotency: idempotency::IdempotencyKeys,
    imports: Vec<imports::StoredImport>,
    webhooks: webhooks::Webhooks,
    last_id: i32,
}

#[derive(Debug, Clone)]
struct StoredProduct {
    product: Product,
    categories: Vec<CategoryId>,
}

impl InMemoryShop {
    /// An empty shop that uses this clock.
    ///
    /// ```
    /// use eggypro_domain::{testing::InMemoryShop, time::OffsetDateTime};
    ///
    /// let shop = InMemoryShop::with_clock(OffsetDateTime::now_utc);
    /// # drop(shop);
    /// ```
    pub fn with_clock(clock: impl Fn() -> OffsetDateTime + Send + 'static) -> Self {
        let state = State {
            clock: Some(Clock(Box::new(clock))),
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Advances the default clock by whole seconds. Has no effect on a clock that was passed in.
    pub fn pass_time(&self, time: std::time::Duration) {
        let seconds = i32::try_from(time.as_secs()).unwrap_or(i32::MAX);
        self.state().last_id += seconds;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Ignore poisoning: the panic of another test does not damage the data.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A new id, and the time of this write.
    fn tick(&mut self) -> (i32, OffsetDateTime) {
        self.last_id += 1;
        (self.last_id, self.now())
    }

    fn now(&self) -> OffsetDateTime {
        if let Some(Clock(clock)) = &self.clock {
            return clock();
        }
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(self.last_id.into())
    }

    fn category_ids(&self, slugs: &[Slug]) -> Result<Vec<CategoryId>, ProductError> {
        let find = |slug: &Slug| {
            self.categories
                .iter()
                .find(|category| category.slug == *slug)
        };
        let unknown: Vec<Slug> = slugs
            .iter()
            .filter(|slug| find(slug).is_none())
            .cloned()
            .collect();
        if unknown.is_empty() {
            Ok(slugs
                .iter()
                .filter_map(find)
                .map(|category| category.id)
                .collect())
        } else {
            Err(ProductError::UnknownCategories(unknown))
        }
    }

    /// The product as readers see it, with its active categories by name.
    fn shown(&self, stored: &StoredProduct) -> Product {
        let categories = self.linked(stored, |category| category.is_active);
        let images = stored.product.images.iter();
        Product {
            media: images.map(|url| self.stored_image(url)).collect(),
            categories,
            ..stored.product.clone()
        }
    }

    /// The categories of a product that `is_wanted`, by name.
    fn linked(
        &self,
        stored: &StoredProduct,
        is_wanted: impl Fn(&Category) -> bool,
    ) -> Vec<CategoryRef> {
        let categories = self.categories.iter();
        let linked = categories.filter(|of| stored.categories.contains(&of.id) && is_wanted(of));
        let mut linked: Vec<CategoryRef> = linked
            .map(|category| CategoryRef {
                id: category.id,
                name: category.name.clone(),
                slug: category.slug.clone(),
            })
            .collect();
        linked.sort();
        linked
    }

    fn matching(&self, filter: &ProductFilter) -> Vec<Product> {
        let products = self.products.iter().map(|stored| self.shown(stored));
        products.filter(|product| filter.matches(product)).collect()
    }

    /// Increments the version of every product in a category, since these products show the category.
    fn touch_products_of(&mut self, category: CategoryId, now: OffsetDateTime) {
        for stored in self
            .products
            .iter_mut()
            .filter(|stored| stored.categories.contains(&category))
        {
            stored.product.version += 1;
            stored.product.updated_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Stores, InMemoryShop};
    use std::sync::Arc;

    fn run(case: impl AsyncFnOnce(Stores)) {
        let shop = Arc::new(InMemoryShop::default());
        pollster::block_on(case(Stores {
            products: shop.clone(),
            index: shop.clone(),
            categories: shop.clone(),
            images: shop.clone(),
            synonyms: shop.clone(),
            stock: shop.clone(),
            idempotency: shop.clone(),
            imports: shop.clone(),
            keys: shop.clone(),
            webhooks: shop.clone(),
            deliveries: shop.clone(),
            reviews: shop,
        }));
    }

    crate::store_contract!(run);
}
