//! Concurrent writes of products, their categories and the links between them.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::HashMap;
use std::sync::Arc;

use eggypro_domain::Validate;
use eggypro_domain::categories::{CategoryRepository, NewCategory};
use eggypro_domain::products::{
    CategoryRef, Expected, NewProduct, ProductChanges, ProductRepository,
};
use eggypro_domain::{Slug, Unvalidated, Valid};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{PostgresCategories, PostgresProducts};

fn valid<T: Validate<Context = ()>>(value: T) -> Valid<T> {
    Unvalidated::new(value).validate().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

struct Shop {
    products: PostgresProducts,
    categories: PostgresCategories,
}

impl Shop {
    async fn with_product(database: &TestDatabase) -> Arc<Self> {
        let door = database.open();
        let shop = Self {
            products: PostgresProducts::new(door.clone()),
            categories: PostgresCategories::new(door),
        };
        shop.create().await;
        Arc::new(shop)
    }

    async fn create(&self) {
        let category = NewCategory::new("Bars".into());
        let category = self.categories.create(slug("bars"), valid(category));
        category.await.unwrap();
        let mut product = NewProduct::example();
        product.categories = vec![slug("bars")];
        let product = self.products.create(slug("egg"), valid(product));
        product.await.unwrap();
    }

    async fn rename(&self, name: String) {
        let category = valid(NewCategory::new(name));
        let bars = slug("bars");
        let replaced = self.categories.replace(&bars, category, Expected::Any);
        replaced.await.unwrap();
    }

    async fn link(&self, categories: &[&str]) {
        let mut changes = ProductChanges::default();
        changes.categories = Some(categories.iter().map(|of| slug(of)).collect());
        let egg = slug("egg");
        let changed = self.products.update(&egg, valid(changes), Expected::Any);
        changed.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_state_of_a_product_has_its_own_version() {
    let database = TestDatabase::migrated();
    let shop = Shop::with_product(&database).await;
    let renaming = tokio::spawn({
        let shop = Arc::clone(&shop);
        async move {
            for number in 0..60 {
                shop.rename(format!("Bars {number}")).await;
            }
        }
    });
    let linking = tokio::spawn({
        let shop = Arc::clone(&shop);
        async move {
            for _ in 0..30 {
                shop.link(&[]).await;
                shop.link(&["bars"]).await;
            }
        }
    });
    let (mut seen, mut last) = (HashMap::<i32, Vec<CategoryRef>>::new(), 0);
    while !(renaming.is_finished() && linking.is_finished()) {
        let product = shop.products.find(&slug("egg")).await.unwrap().unwrap();
        assert!(product.version >= last);
        last = product.version;
        let before = seen.insert(last, product.categories.clone());
        assert!(
            before.is_none_or(|before| before == product.categories),
            "{last}"
        );
    }
    renaming.await.unwrap();
    linking.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_and_its_category_are_removed_concurrently() {
    let database = TestDatabase::migrated();
    let shop = Shop::with_product(&database).await;
    for _ in 0..30 {
        let (egg, bars) = (slug("egg"), slug("bars"));
        let (product, category) = tokio::join!(
            shop.products.remove(&egg, Expected::Any),
            shop.categories.remove(&bars, Expected::Any),
        );
        product.unwrap();
        category.unwrap();
        shop.create().await;
    }
}
