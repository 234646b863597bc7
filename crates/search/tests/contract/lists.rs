//! The lists of an index equal those of a scan of all products.

use std::sync::Arc;

use eggypro_domain::categories::{CategoryRepository, NewCategory};
use eggypro_domain::products::{
    Expected, Nested, NewProduct, ProductChanges, ProductIndex, ProductOption, ProductQuery,
    ProductRepository, Start,
};
use eggypro_domain::testing::InMemoryShop;
use eggypro_domain::{Slug, Unvalidated};
use proptest::prelude::*;

use super::Follower;
use super::steps::{CATEGORIES, Step, slug, steps};

/// Requests all pages of a list. Each page is compared with the scan.
fn list_all_pages(follower: &Follower, mut query: ProductQuery) {
    while let Some(next) = follower.list(&query).unwrap().next {
        query.start = Start::After(next);
    }
}

async fn perform(follower: &Follower, step: Step, slugs: &mut Vec<Slug>) {
    let shop: &dyn ProductRepository = &*follower.shop;
    let price = |cents: u32| {
        format!("{}.{:02}", cents / 100, cents % 100)
            .parse()
            .unwrap()
    };
    match step {
        Step::Create(fields) => {
            let mut product = NewProduct::example();
            product.name = fields.name;
            product.price = price(fields.cents);
            product.stock_quantity = fields.stock.into();
            product.low_stock_at = fields.low_stock_at;
            product.is_active = fields.is_active;
            product.categories = fields.categories;
            let slug = slug(&format!("p-{}", slugs.len()));
            product.food = fields.facts.food;
            product.net_content = fields.facts.net_content;
            product.group = fields.facts.group;
            // Variants differ in their options.
            product.options = vec![ProductOption {
                name: "Number".to_owned(),
                value: slug.to_string(),
            }];
            let product = Unvalidated::new(product).validate().unwrap();
            shop.create(slug.clone(), product).await.unwrap();
            slugs.push(slug);
        }
        Step::Change(at, fields) if !slugs.is_empty() => {
            let mut changes = ProductChanges::default();
            changes.name = Some(fields.name);
            changes.price = Some(price(fields.cents));
            changes.stock_quantity = Some(fields.stock.into());
            changes.low_stock_at = Some(fields.low_stock_at);
            changes.is_active = Some(fields.is_active);
            changes.categories = Some(fields.categories);
            changes.food = Some(fields.facts.food.map(Nested::Set));
            changes.net_content = Some(fields.facts.net_content.map(Nested::Set));
            changes.group = Some(fields.facts.group);
            let changes = Unvalidated::new(changes).validate().unwrap();
            // The product may have been removed.
            let _ = shop
                .update(&slugs[at % slugs.len()], changes, Expected::Any)
                .await;
        }
        Step::Remove(at) if !slugs.is_empty() => {
            let _ = shop.remove(&slugs[at % slugs.len()], Expected::Any).await;
        }
        Step::List(query) => list_all_pages(follower, *query),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_list_equals_that_of_a_full_scan(steps in steps()) {
        let shop = Arc::new(InMemoryShop::default());
        let follower = Follower::of(&shop);
        let mut slugs = vec![];
        pollster::block_on(async {
            for category in CATEGORIES {
                let new = NewCategory::new(category.to_owned());
                let new = Unvalidated::new(new).validate().unwrap();
                CategoryRepository::create(&*shop, slug(category), new).await.unwrap();
            }
            for step in steps {
                perform(&follower, step, &mut slugs).await;
            }
        });
    }
}
