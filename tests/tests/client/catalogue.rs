//! Products, categories, reviews and searches.

use eggypro_client::Field;
use eggypro_client::categories::NewCategory;
use eggypro_client::products::{
    Allergen, BulkWrite, ContentUnit, FacetName, Food, ListProducts, NetContent, Nutrition,
    NutritionBasis, Operation, ProductFilter, ProductPatch, SearchProducts, SortProducts, Status,
};
use eggypro_client::reviews::{Decision, ListAllReviews, ListReviews, NewReview};
use eggypro_client::search_index::Synonyms;
use eggypro_client::stock::{MovementReason, NewMovement};

use super::*;

/// A product with prices, content and facts.
fn a_powder() -> NewProduct {
    NewProduct {
        list_price: Some(Decimal::new(4490, 2)),
        net_content: Some(NetContent {
            value: Decimal::new(15, 1),
            unit: ContentUnit::Kilogram,
        }),
        food: Some(Food {
            allergens: Some(vec![Allergen::Eggs]),
            nutrition: Some(Nutrition {
                protein: Some(Decimal::new(82, 0)),
                ..Nutrition::new(NutritionBasis::Grams)
            }),
            ..Food::default()
        }),
        ..a_product("Eggs")
    }
}

#[tokio::test]
async fn a_product_is_created_and_read() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    let created = admin.products().create(&a_powder()).await.unwrap();
    assert_eq!((&*created.slug, created.version), ("eggs", 1));
    assert_eq!(created.price, Decimal::new(3990, 2));
    let unit_price = created.unit_price.as_ref().unwrap();
    assert_eq!(unit_price.price.to_string(), "26.60");
    let read = anonymous.products().get("eggs").await.unwrap();
    assert_eq!(read.value, created.value);
    // The second answer is a 304, and the same product.
    let again = anonymous.products().get("eggs").await.unwrap();
    assert_eq!(again, read);
    let taken = admin.products().create(&a_product("Eggs")).await;
    assert!(taken.unwrap_err().is_conflict());
    let broken = NewProduct {
        price: Decimal::ZERO,
        ..a_product("")
    };
    let error = admin.products().create(&broken).await.unwrap_err();
    assert_eq!(
        error.field("price").unwrap().message,
        "Price must be positive"
    );
    assert!(error.field("name").is_some());
}

#[tokio::test]
async fn a_write_depends_on_the_version() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    let created = admin.products().create(&a_powder()).await.unwrap();
    anonymous.products().get("eggs").await.unwrap();
    let mut patch = ProductPatch {
        price: Decimal::new(4190, 2).into(),
        list_price: Field::Clear,
        ..ProductPatch::default()
    };
    let call = admin.products().patch("eggs", &patch);
    let patched = call.if_match(&created.etag).await.unwrap();
    assert_eq!(patched.price, Decimal::new(4190, 2));
    assert_eq!(patched.list_price, None);
    assert_eq!(patched.food, created.food);
    patch.price = Decimal::from(1).into();
    let call = admin.products().patch("eggs", &patch);
    let error = call.if_match(&created.etag).await.unwrap_err();
    assert!(error.is_precondition_failed(), "{error}");
    let problem = error.problem().unwrap();
    assert_eq!(problem.current_etag.as_ref(), Some(&patched.etag));
    assert_eq!(problem.current_version, Some(patched.version));
    let read = anonymous.products().get("eggs").await.unwrap();
    assert_eq!(read.price, patched.price);
}

#[tokio::test]
async fn a_product_is_replaced_and_removed() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    admin.products().create(&a_powder()).await.unwrap();
    let moved = NewProduct {
        slug: Some("new-eggs".to_owned()),
        ..a_product("Eggs")
    };
    let replaced = admin.products().replace("eggs", &moved).await.unwrap();
    assert_eq!(replaced.food, None);
    // The server redirects from the former slug.
    let read = anonymous.products().get("eggs").await.unwrap();
    assert_eq!(read.slug, "new-eggs");
    admin.products().deactivate("new-eggs").await.unwrap();
    let hidden = anonymous.products().get("new-eggs").await;
    assert!(hidden.unwrap_err().is_not_found());
    admin.products().remove("new-eggs").await.unwrap();
    let removed = admin.products().get("new-eggs").await;
    assert!(removed.unwrap_err().is_not_found());
}

/// A shop with five bars for 1 to 5 euros.
async fn with_bars() -> TestShop {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let bars = NewCategory::new("Bars");
    let bars = admin.categories().create(&bars).await.unwrap();
    let bars = (1..=5).map(|number| {
        let product = NewProduct {
            categories: vec![bars.slug.clone()],
            price: Decimal::from(number),
            ..a_product(&format!("Egg bar {number}"))
        };
        Operation::Create(Box::new(product))
    });
    let write = BulkWrite::atomic(bars.collect::<Vec<_>>());
    let results = admin.products().bulk(&write).await.unwrap().results;
    assert!(results.iter().all(|result| result.is_success()));
    shop
}

#[tokio::test]
async fn products_are_listed() {
    let shop = with_bars().await;
    let anonymous = anonymous(&shop);
    let list = ListProducts {
        filter: ProductFilter {
            categories: vec!["bars".to_owned()],
            min_price: Some(Decimal::from(2)),
            ..ProductFilter::default()
        },
        sort: Some(SortProducts::PriceDesc),
        limit: Some(3),
        facets: vec![FacetName::Category, FacetName::Price],
        ..ListProducts::default()
    };
    let page = anonymous.products().list(&list).await.unwrap();
    assert_eq!((page.data.len(), page.pagination.total), (3, 4));
    assert_eq!(page.data[0].price, Decimal::from(5));
    assert_eq!(page.facets.unwrap().category.unwrap()[0].count, 4);
    let all = anonymous.products().all(list).collect().await.unwrap();
    assert_eq!(all.len(), 4);
    let all = ListProducts {
        status: Some(Status::All),
        ..ListProducts::default()
    };
    let refused = anonymous.products().list(&all).await.unwrap_err();
    assert!(refused.is_unauthorized(), "{refused}");
}

#[tokio::test]
async fn products_are_found() {
    let shop = with_bars().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    let search = SearchProducts::new("egg bar");
    let hits = anonymous.products().search(&search).await.unwrap();
    assert_eq!(hits.data.len(), 5);
    assert!(hits.data[0].highlight.name.contains("<mark>"));
    let suggestions = anonymous.products().suggest("egg").await.unwrap();
    assert!(!suggestions.data.is_empty());
    let synonyms = Synonyms {
        groups: vec![vec!["ovum".to_owned(), "egg".to_owned()]],
    };
    let index = admin.search_index();
    let replaced = index.replace_synonyms(&synonyms).await.unwrap();
    let read = index.synonyms().await.unwrap();
    assert_eq!(read, replaced);
    assert_eq!(index.check().await.unwrap().mismatches, 0);
    let json_ld = anonymous.products().json_ld("egg-bar-1").await.unwrap();
    assert_eq!(json_ld["@type"], "Product");
}

#[tokio::test]
async fn operations_that_fail_are_undone_and_named() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let operations = [
        Operation::Stock {
            slug: "eggs".to_owned(),
            movement: NewMovement::by(5, MovementReason::Delivery),
        },
        Operation::Deactivate {
            slug: "unknown".to_owned(),
            if_match: None,
        },
    ];
    let write = BulkWrite::atomic(operations.clone());
    let error = admin.products().bulk(&write).await.unwrap_err();
    let results = &error.problem().unwrap().results;
    assert_eq!((results[0].status, results[1].status), (424, 404));
    assert_eq!(
        admin.products().get("eggs").await.unwrap().stock_quantity,
        10
    );
    let write = BulkWrite::independent(operations);
    let results = admin.products().bulk(&write).await.unwrap().results;
    assert!(results[0].is_success());
    assert_eq!(results[1].problem.as_ref().unwrap().code(), "not-found");
    assert_eq!(
        admin.products().get("eggs").await.unwrap().stock_quantity,
        15
    );
}

#[tokio::test]
async fn categories_are_created_replaced_and_removed() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    let bars = admin
        .categories()
        .create(&NewCategory::new("Bars"))
        .await
        .unwrap();
    let hidden = NewCategory {
        slug: Some(bars.slug.clone()),
        is_active: false,
        ..NewCategory::new("Egg bars")
    };
    let call = admin.categories().replace("bars", &hidden);
    let replaced = call.if_match(&bars.etag).await.unwrap();
    assert_eq!(replaced.name, "Egg bars");
    assert!(anonymous.categories().list().await.unwrap().data.is_empty());
    let all = admin.categories().list_by(&Status::All).await.unwrap();
    assert_eq!(all.data, [replaced.value]);
    assert!(
        anonymous
            .categories()
            .get("bars")
            .await
            .unwrap_err()
            .is_not_found()
    );
    admin.categories().remove("bars").await.unwrap();
}

#[tokio::test]
async fn reviews_are_submitted_and_moderated() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let mut ids = vec![];
    for (number, rating) in [5, 4, 1].into_iter().enumerate() {
        let review = NewReview::new("Ada", rating, format!("Number {number}."));
        let review = anonymous.reviews().create("eggs", &review).await.unwrap();
        assert!(!review.is_verified);
        ids.push(review.id);
    }
    let queue = admin.reviews().queue_all(ListAllReviews::default());
    let queue = queue.collect().await.unwrap();
    assert_eq!(queue.len(), 3);
    assert_eq!((queue[0].id, &*queue[0].product.slug), (ids[0], "eggs"));
    assert!(
        admin
            .reviews()
            .verify(ids[0], true)
            .await
            .unwrap()
            .is_verified
    );
    let decided = admin
        .reviews()
        .decide(&ids[1..2], &Decision::Verify)
        .await
        .unwrap();
    assert_eq!(decided.results[0].status, 200);
    admin.reviews().remove(ids[2]).await.unwrap();
    let list = ListReviews {
        limit: Some(1),
        ..ListReviews::default()
    };
    let shown = anonymous
        .reviews()
        .all("eggs", list)
        .collect()
        .await
        .unwrap();
    assert_eq!(shown.len(), 2);
    let product = anonymous.products().get("eggs").await.unwrap();
    assert_eq!(
        (product.rating.average, product.rating.count),
        (Some(4.5), 2)
    );
}
