//! A follower keeps an index up to date despite failures.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use eggypro_domain::changes::{Change, ChangeFollower, Tag};
use eggypro_domain::products::{
    Expected, IndexCheck, IndexComparison, IndexMismatch, MismatchKind, NewProduct, PageSize,
    Product, ProductChanges, ProductId, ProductIndex, ProductQuery, ProductRepository,
    ProductSearch, ProductSource, RowVersion, StatusFilter, Total,
};
use eggypro_domain::synonyms::{NewSynonyms, SynonymRepository, Synonyms};
use eggypro_domain::testing::InMemoryShop;
use eggypro_domain::{Slug, StoreError, Unvalidated};
use eggypro_search::{CatalogueIndex, Follower};
use tokio::time::Instant;

/// A shop in memory with injected failures.
#[derive(Default)]
struct Source {
    shop: InMemoryShop,
    /// The number of calls that will fail.
    refusals: AtomicUsize,
    /// Whether the next read of all products fails after one product.
    breaks: AtomicBool,
    /// Whether all products were read.
    is_read: AtomicBool,
}

impl Source {
    fn answer(&self) -> Result<(), StoreError> {
        let is_refused = |left: usize| left.checked_sub(1);
        let refused = self
            .refusals
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_refused);
        match refused {
            Ok(_) => Err(StoreError::Unavailable("away".into())),
            Err(_) => Ok(()),
        }
    }

    async fn products(&self) -> Vec<Product> {
        let mut query = ProductQuery::default();
        query.filter.status = StatusFilter::All;
        query.limit = PageSize::MAX;
        let listed = ProductIndex::list(&self.shop, &query).unwrap();
        let shop: &dyn ProductRepository = &self.shop;
        let mut products = shop.read(&listed.items).await.unwrap();
        products.sort_by_key(|product| product.id);
        products
    }
}

#[async_trait]
impl ProductSource for Source {
    async fn all(
        &self,
        mut take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError> {
        self.answer()?;
        for product in self.products().await {
            take(vec![product]);
            if self.breaks.swap(false, Ordering::SeqCst) {
                return Err(StoreError::Unavailable("gone in the middle".into()));
            }
        }
        self.is_read.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn versions(&self) -> Result<Vec<(ProductId, RowVersion)>, StoreError> {
        self.answer()?;
        let products = self.products().await;
        let versions = products
            .iter()
            .map(|product| (product.id, RowVersion::of(product)));
        Ok(versions.collect())
    }

    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError> {
        self.answer()?;
        let mut products = self.products().await;
        products.retain(|product| ids.contains(&product.id));
        Ok(products)
    }

    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError> {
        self.answer()?;
        let mut products = self.products().await;
        products.retain(|product| slugs.contains(&product.slug));
        Ok(products)
    }

    async fn synonyms(&self) -> Result<Synonyms, StoreError> {
        self.answer()?;
        SynonymRepository::read(&self.shop).await
    }
}

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

#[tokio::test]
async fn filling_starts_over_after_a_failure_half_way() {
    let case = Case::with(&["One", "Two", "Three"]).await;
    case.source.breaks.store(true, Ordering::SeqCst);
    case.follower.missed_changes().await;
    assert_eq!(case.listed(), None);
    // A change must not make the partial index ready.
    case.create("Four").await;
    case.follower.changed(&change("1", &["four"])).await;
    assert_eq!(case.listed(), None);
    case.follower.missed_changes().await;
    assert_eq!(case.listed(), Some(4));
}

#[tokio::test]
async fn a_reported_change_is_applied_once() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    assert_eq!(case.listed(), Some(1));
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), Some(2));
    // A change that is reported again is not read again.
    case.source.refusals.store(usize::MAX, Ordering::SeqCst);
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn synonyms_are_followed() {
    let case = Case::filled_with(&["Cocoa Bar", "Fibre Bar"]).await;
    let set = async |terms: [&str; 2]| {
        let groups = vec![terms.map(String::from).to_vec()];
        let new = Unvalidated::new(NewSynonyms::new(groups)).validate();
        let shop: &dyn SynonymRepository = &case.source.shop;
        shop.replace(new.unwrap(), Expected::Any).await.unwrap();
    };
    let found = |text: &str| {
        let search = ProductSearch::new(text.parse().unwrap());
        case.index.search(&search).unwrap().products.len()
    };
    set(["cocoa", "kakao"]).await;
    assert_eq!(found("kakao"), 0);
    let mut changed = change("1", &[]);
    changed.tags = vec![Tag::Synonyms];
    case.source.refusals.store(2, Ordering::SeqCst);
    case.follower.changed(&changed).await;
    assert_eq!(found("kakao"), 1);
    // Missed changes are found, too.
    set(["fibre", "roughage"]).await;
    case.follower.missed_changes().await;
    assert_eq!((found("kakao"), found("roughage")), (0, 1));
}

#[tokio::test]
async fn slugs_that_move_between_products_are_followed() {
    let case = Case::filled_with(&["One", "Two"]).await;
    let (one, two) = (
        case.index.id_of(&slug("one")),
        case.index.id_of(&slug("two")),
    );
    case.rename("one", "other").await;
    case.rename("two", "one").await;
    case.rename("other", "two").await;
    let moved = change("1", &["one", "two", "other"]);
    case.follower.changed(&moved).await;
    assert_eq!(case.index.id_of(&slug("one")), two);
    assert_eq!(case.index.id_of(&slug("two")), one);
    assert_eq!(case.index.id_of(&slug("other")), None);
    case.remove("two").await;
    case.follower.changed(&change("2", &["two"])).await;
    assert_eq!(
        (case.listed(), case.index.id_of(&slug("one"))),
        (Some(1), two)
    );
    // The former slug alone is sufficient.
    case.rename("one", "elsewhere").await;
    case.follower.changed(&change("3", &["one"])).await;
    assert_eq!(
        (case.listed(), case.index.id_of(&slug("elsewhere"))),
        (Some(1), two)
    );
}

#[tokio::test]
async fn a_reused_slug_belongs_to_the_new_product() {
    let case = Case::filled_with(&["One"]).await;
    case.remove("one").await;
    let again = case.create("One").await;
    case.follower.changed(&change("1", &["one"])).await;
    assert_eq!(case.index.id_of(&slug("one")), Some(again.id));
    assert_eq!(case.listed(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn reads_of_a_busy_source_are_retried() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    case.source.refusals.store(2, Ordering::SeqCst);
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn an_outdated_index_is_not_ready() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    case.source.refusals.store(20, Ordering::SeqCst);
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), None);
    let attending = tokio::spawn(case.follower.clone().run());
    until(|| case.listed() == Some(2)).await;
    attending.abort();
}

#[tokio::test(start_paused = true)]
async fn polls_for_changes_while_disconnected() {
    let case = Case::filled_with(&["One"]).await;
    case.follower.disconnected();
    // Nothing is reported.
    case.create("Two").await;
    let attending = tokio::spawn(case.follower.clone().run());
    until(|| case.listed() == Some(2)).await;
    // The index stays ready if polling fails.
    case.source.refusals.store(usize::MAX, Ordering::SeqCst);
    until(|| usize::MAX - case.source.refusals.load(Ordering::SeqCst) > 10).await;
    assert_eq!(case.listed(), Some(2));
    attending.abort();
}

#[tokio::test(start_paused = true)]
async fn a_check_finds_and_repairs_differences() {
    let case = Case::filled_with(&["One", "Two", "Three"]).await;
    let checked = async || case.follower.check().await.unwrap();
    assert_eq!(checked().await, IndexComparison::new(3, vec![]));

    // None of these changes is reported.
    let id = |of: &str| case.index.id_of(&slug(of)).unwrap();
    let (one, two) = (id("one"), id("two"));
    case.rename("one", "other").await;
    case.remove("two").await;
    let four = case.create("Four").await.id;
    let mismatch = |product, kind| IndexMismatch { product, kind };
    let expected = [
        mismatch(one, MismatchKind::Different),
        mismatch(four, MismatchKind::Missing),
        mismatch(two, MismatchKind::Surplus),
    ];
    assert_eq!(checked().await, IndexComparison::new(3, expected.to_vec()));
    assert_eq!(case.follower.mismatches(), 3);
    assert_eq!(
        (case.listed(), id("other"), id("four")),
        (Some(3), one, four)
    );
    assert_eq!(checked().await, IndexComparison::new(3, vec![]));

    // An unavailable source does not mean that the index is wrong.
    case.source.refusals.store(1, Ordering::SeqCst);
    assert!(case.follower.check().await.is_err());
    assert_eq!((case.listed(), case.follower.mismatches()), (Some(3), 3));
}

#[tokio::test(start_paused = true)]
async fn a_change_during_a_check_is_no_mismatch() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    let follower = case.follower.clone();
    case.source.is_read.store(false, Ordering::SeqCst);
    let checking = tokio::spawn(async move { follower.check().await.unwrap() });
    // The paused clock advances after the products were read and compared.
    until(|| case.source.is_read.load(Ordering::SeqCst)).await;
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(checking.await.unwrap(), IndexComparison::new(2, vec![]));
}

#[tokio::test(start_paused = true)]
async fn constantly_changing_products_are_left_to_the_next_check() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    let follower = case.follower.clone();
    let checking = tokio::spawn(async move { follower.check().await.unwrap() });
    let (mut last, mut number) = ("two".to_owned(), 0);
    let mut times = tokio::time::interval(Duration::from_millis(100));
    while !checking.is_finished() {
        number += 1;
        let next = format!("two-{number}");
        case.rename(&last, &next).await;
        last = next;
        times.tick().await;
    }
    assert_eq!(checking.await.unwrap(), IndexComparison::new(2, vec![]));
    assert_eq!((case.listed(), case.follower.mismatches()), (Some(1), 0));
}
