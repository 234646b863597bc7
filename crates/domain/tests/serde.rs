//! Types round-trip through serde, and deserializing enforces their rules.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fmt::Debug;

use eggypro_domain::images::{ImageFormat, PublicId};
use eggypro_domain::products::{
    NewProduct, PageSize, PriceRange, Product, ProductChanges, ProductQuery, ProductRepository,
    ProductSort, SearchText, StatusFilter,
};
use eggypro_domain::reviews::{Decision, NewReview, Review, ReviewRepository, ReviewSort, Stars};
use eggypro_domain::testing::InMemoryShop;
use eggypro_domain::{Permission, Price, Slug, Unvalidated};
use serde_json::{Value, from_value, json, to_value};

/// The serialized value. Checks that it deserializes to the same value.
fn serialized<T>(value: &T) -> Value
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + Debug,
{
    let serialized = to_value(value).unwrap();
    assert_eq!(&from_value::<T>(serialized.clone()).unwrap(), value);
    serialized
}

#[test]
fn products_and_reviews_round_trip() {
    let shop = InMemoryShop::default();
    let (product, review): (Product, Review) = pollster::block_on(async {
        let new = Unvalidated::new(NewProduct::example()).validate().unwrap();
        let create = ProductRepository::create(&shop, "vanilla".parse().unwrap(), new);
        let product = create.await.unwrap();
        let review = Unvalidated::new(NewReview::example()).validate().unwrap();
        let review = ReviewRepository::create(&shop, &product.slug, review).await;
        (product, review.unwrap())
    });
    let product = serialized(&product);
    assert_eq!(product["slug"], "vanilla");
    assert_eq!(product["created_at"], "1970-01-01T00:00:01Z");
    assert_eq!(product["price"], "39.9");
    assert_eq!(serialized(&review)["rating"], 5);
    serialized(&NewProduct::example());
    serialized(&NewReview::example());
    serialized(&ProductQuery::default());
    let changes = from_value::<ProductChanges>(json!({ "stock_quantity": 3 })).unwrap();
    assert_eq!(changes.stock_quantity, Some(3));
}

#[test]
fn names_are_those_of_the_api() {
    for sort in ProductSort::ALL {
        assert_eq!(serialized(&sort), sort.as_str());
    }
    for sort in ReviewSort::ALL {
        assert_eq!(serialized(&sort), sort.as_str());
    }
    for status in StatusFilter::ALL {
        assert_eq!(serialized(&status), status.as_str());
    }
    for decision in Decision::ALL {
        assert_eq!(serialized(&decision), decision.as_str());
    }
    for permission in Permission::ALL {
        assert_eq!(serialized(&permission), permission.as_str());
    }
    for format in ImageFormat::ALL {
        assert_eq!(serialized(&format), format.as_str());
    }
    assert_eq!(serialized(&PublicId::random()).as_str().unwrap().len(), 49);
}

#[test]
fn deserializing_enforces_rules() {
    assert!(from_value::<Slug>(json!("Not A Slug")).is_err());
    assert!(from_value::<Price>(json!("-1")).is_err());
    assert!(from_value::<Stars>(json!(6)).is_err());
    assert!(from_value::<PageSize>(json!(101)).is_err());
    assert!(from_value::<SearchText>(json!(" ")).is_err());
    assert!(from_value::<PriceRange>(json!(17)).is_err());
    assert!(from_value::<PublicId>(json!("../a")).is_err());
    assert!(from_value::<Permission>(json!("everything")).is_err());
}
