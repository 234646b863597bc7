//! A follower keeps an index up to date despite failures.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod changes;
mod checks;
mod outages;
mod source;

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::changes::{Change, ChangeFollower, Tag};
use eggypro_domain::products::{
    Expected, NewProduct, Product, ProductChanges, ProductIndex, ProductQuery, ProductRepository,
    Total,
};
use eggypro_domain::{Slug, Unvalidated};
use eggypro_search::{CatalogueIndex, Follower};
use tokio::time::Instant;

use self::source::Source;

/// A source, its index and the follower.
struct Case {
    source: Arc<Source>,
    index: Arc<CatalogueIndex>,
    follower: Follower,
}

impl Case {
    async fn with(products: &[&str]) -> Self {
        let source = Arc::new(Source::default());
        let index = Arc::new(CatalogueIndex::new().unwrap());
        let follower = Follower::new(Arc::clone(&index), Arc::clone(&source) as _);
        let case = Self {
            source,
            index,
            follower,
        };
        for name in products {
            case.create(name).await;
        }
        case
    }

    async fn filled_with(products: &[&str]) -> Self {
        let case = Self::with(products).await;
        case.follower.missed_changes().await;
        assert_eq!(case.listed(), Some(products.len()));
        case
    }

    async fn create(&self, name: &str) -> Product {
        let mut product = NewProduct::example();
        product.name = name.to_owned();
        let slug = product.slug().unwrap();
        let product = Unvalidated::new(product).validate().unwrap();
        let shop: &dyn ProductRepository = &self.source.shop;
        shop.create(slug, product).await.unwrap()
    }

    async fn rename(&self, from: &str, to: &str) {
        let mut changes = ProductChanges::default();
        changes.slug = Some(slug(to));
        let changes = Unvalidated::new(changes).validate().unwrap();
        let shop: &dyn ProductRepository = &self.source.shop;
        shop.update(&slug(from), changes, Expected::Any)
            .await
            .unwrap();
    }

    async fn remove(&self, of: &str) {
        let shop: &dyn ProductRepository = &self.source.shop;
        shop.remove(&slug(of), Expected::Any).await.unwrap();
    }

    /// The number of products that the index lists; `None` if it is not ready.
    fn listed(&self) -> Option<usize> {
        let page = self.index.list(&ProductQuery::default()).ok()?;
        let Total::Exactly(total) = page.total else {
            return None;
        };
        Some(total as usize)
    }
}

/// Waits for a condition on a paused clock.
async fn until(what: impl Fn() -> bool) {
    const STEP: Duration = Duration::from_millis(10);
    let deadline = Instant::now() + Duration::from_secs(120);
    let mut times = tokio::time::interval_at(Instant::now() + STEP, STEP);
    while !what() {
        assert!(Instant::now() < deadline);
        times.tick().await;
    }
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn change(name: &str, slugs: &[&str]) -> Change {
    Change {
        name: name.to_owned(),
        tags: slugs.iter().map(|of| Tag::Product(slug(of))).collect(),
    }
}
