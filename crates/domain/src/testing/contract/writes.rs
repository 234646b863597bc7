//! Creating, changing and removing products.

use time::macros::datetime;

use super::{Stores, named, query, slug, valid};
use crate::categories::NewCategory;
use crate::products::{Expected, NewProduct, Product, ProductChanges, ProductError};

pub async fn a_created_product_is_found(stores: Stores) {
    stores.create_category("Powders").await;
    stores.create_category("Bars").await;
    let new = NewProduct {
        images: vec!["https://example.com/a.jpg".into()],
        categories: vec![slug("powders"), slug("bars")],
        stock_quantity: i32::MAX.into(),
        price: "999999.99".parse().unwrap(),
        ..NewProduct::example()
    };
    let product = stores.create(new.clone()).await;
    assert_eq!(product.version, 1);
    assert_eq!(product.created_at, product.updated_at);
    assert_eq!(product.rating.count(), 0);
    assert_eq!(
        product
            .categories
            .iter()
            .map(|category| category.name.as_str())
            .collect::<Vec<_>>(),
        ["Bars", "Powders"]
    );
    assert_eq!(
        (&product.name, &product.description, &product.details),
        (&new.name, &new.description, &new.details)
    );
    assert_eq!(
        (product.price, &product.images, &product.ingredients),
        (new.price, &new.images, &new.ingredients)
    );
    assert_eq!(
        (product.stock_quantity, product.is_active),
        (i32::MAX, true)
    );
    assert_eq!(stores.find(&product).await, product);
    assert_eq!(stores.products.find(&slug("nothing")).await.unwrap(), None);
    assert_eq!(
        stores.service().list(&query()).await.unwrap().items,
        [product]
    );
}

pub async fn a_slug_is_taken_once(stores: Stores) {
    let first = stores.create(named("First")).await;
    let second = stores.create(named("Second")).await;
    let again = stores
        .products
        .create(first.slug.clone(), valid(named("Other")))
        .await;
    assert!(matches!(again, Err(ProductError::SlugTaken(taken)) if taken == first.slug));
    let changes = ProductChanges {
        slug: Some(first.slug.clone()),
        ..ProductChanges::default()
    };
    let renamed = stores
        .products
        .update(&second.slug, valid(changes.clone()), Expected::Any)
        .await;
    assert!(matches!(renamed, Err(ProductError::SlugTaken(taken)) if taken == first.slug));
    assert_eq!(stores.find(&second).await, second);
    let unchanged = stores
        .products
        .update(&first.slug, valid(changes), Expected::Any)
        .await
        .unwrap();
    assert_eq!(unchanged.slug, first.slug);
}

pub async fn unknown_categories_are_named(stores: Stores) {
    stores.create_category("Bars").await;
    let new = NewProduct {
        categories: vec![slug("bars"), slug("cars"), slug("stars")],
        ..NewProduct::example()
    };
    let created = stores.products.create(slug("a"), valid(new)).await;
    assert!(
        matches!(created, Err(ProductError::UnknownCategories(unknown)) if unknown == [slug("cars"), slug("stars")])
    );
    assert_eq!(stores.products.find(&slug("a")).await.unwrap(), None);

    let product = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..NewProduct::example()
        })
        .await;
    let changes = ProductChanges {
        categories: Some(vec![slug("cars")]),
        ..ProductChanges::default()
    };
    let updated = stores
        .products
        .update(&product.slug, valid(changes), Expected::Any)
        .await;
    assert!(matches!(updated, Err(ProductError::UnknownCategories(_))));
    assert_eq!(stores.find(&product).await, product);
}

pub async fn a_change_changes_only_what_it_names(stores: Stores) {
    stores.create_category("Bars").await;
    let before = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..NewProduct::example()
        })
        .await;
    let changes = ProductChanges {
        price: "1.50".parse().ok(),
        ..ProductChanges::default()
    };
    let after = stores
        .products
        .update(&before.slug, valid(changes), Expected::Any)
        .await
        .unwrap();
    assert!(after.updated_at > before.updated_at);
    let expected = Product {
        price: "1.50".parse().unwrap(),
        version: 2,
        updated_at: after.updated_at,
        ..before.clone()
    };
    assert_eq!(after, expected);

    let all = NewProduct {
        name: "New name".into(),
        slug: Some(slug("new-slug")),
        description: "New description".into(),
        details: "New details".into(),
        price: "2".parse().unwrap(),
        images: vec!["https://example.com/new.jpg".into()],
        ingredients: vec!["New".into()],
        stock_quantity: 7,
        is_active: false,
        categories: vec![],
        publish_at: Some(datetime!(2030-01-01 00:00 UTC)),
        unpublish_at: Some(datetime!(2030-01-02 00:00:00.000001 UTC)),
        low_stock_at: Some(3),
        ..named("New")
    };
    let replaced = stores
        .products
        .update(&before.slug, valid(all.into()), Expected::Any)
        .await
        .unwrap();
    assert_eq!(
        (replaced.id, replaced.version, replaced.created_at),
        (before.id, 3, before.created_at)
    );
    assert_eq!(
        (replaced.name.as_str(), replaced.slug.as_str()),
        ("New name", "new-slug")
    );
    assert_eq!((replaced.stock_quantity, replaced.is_active), (7, false));
    assert_eq!(replaced.categories, []);
    let times = (replaced.publish_at, replaced.unpublish_at);
    let expected = [
        datetime!(2030-01-01 00:00 UTC),
        datetime!(2030-01-02 00:00:00.000001 UTC),
    ];
    assert_eq!(
        (times, replaced.low_stock_at),
        ((Some(expected[0]), Some(expected[1])), Some(3))
    );
    assert_eq!(stores.products.find(&before.slug).await.unwrap(), None);
    assert_eq!(stores.find(&replaced).await, replaced);
}

pub async fn a_write_needs_the_expected_revision(stores: Stores) {
    let product = stores.create(NewProduct::example()).await;
    let mut stock = 0;
    let mut changes = || {
        stock += 1;
        valid(ProductChanges {
            stock_quantity: Some(stock),
            ..ProductChanges::default()
        })
    };
    let seen = Expected::OneOf(vec![product.revision()]);
    let changed = stores
        .products
        .update(&product.slug, changes(), seen.clone())
        .await
        .unwrap();
    assert_eq!(changed.version, 2);
    let stale = stores
        .products
        .update(&product.slug, changes(), seen.clone())
        .await;
    assert!(matches!(stale, Err(ProductError::Changed(now)) if now == changed.revision()));
    let stale = stores.products.remove(&product.slug, seen.clone()).await;
    assert!(matches!(stale, Err(ProductError::Changed(now)) if now == changed.revision()));
    let never = stores
        .products
        .update(&product.slug, changes(), Expected::OneOf(vec![]))
        .await;
    assert!(matches!(never, Err(ProductError::Changed(now)) if now == changed.revision()));
    let either = Expected::OneOf(vec![product.revision(), changed.revision()]);
    assert_eq!(
        stores
            .products
            .update(&product.slug, changes(), either)
            .await
            .unwrap()
            .version,
        3
    );
    let unknown = stores
        .products
        .update(&slug("nothing"), changes(), seen.clone())
        .await;
    assert!(matches!(unknown, Err(ProductError::NotFound)));
    let unknown = stores.products.remove(&slug("nothing"), seen).await;
    assert!(matches!(unknown, Err(ProductError::NotFound)));
    // If a change fails for two reasons, the outdated revision is reported.
    let broken = ProductChanges {
        categories: Some(vec![slug("nothing")]),
        ..ProductChanges::default()
    };
    let late = stores
        .products
        .update(&product.slug, valid(broken), Expected::OneOf(vec![]))
        .await;
    assert!(matches!(late, Err(ProductError::Changed(now)) if now.version == 3));
}

pub async fn a_removed_product_never_comes_back(stores: Stores) {
    let first = stores.create(NewProduct::example()).await;
    stores
        .products
        .remove(&first.slug, Expected::OneOf(vec![first.revision()]))
        .await
        .unwrap();
    assert_eq!(stores.products.find(&first.slug).await.unwrap(), None);
    let second = stores.create(NewProduct::example()).await;
    assert_ne!(first.revision(), second.revision());
    let remove = stores
        .products
        .remove(&second.slug, Expected::OneOf(vec![first.revision()]))
        .await;
    assert!(matches!(remove, Err(ProductError::Changed(now)) if now == second.revision()));
    stores
        .products
        .remove(&second.slug, Expected::Any)
        .await
        .unwrap();
}

pub async fn what_is_so_already_is_no_change(stores: Stores) {
    stores.create_category("Bars").await;
    let new = NewProduct {
        categories: vec![slug("bars")],
        ..named("Same")
    };
    let product = stores.create(new.clone()).await;
    let hidden = NewCategory {
        name: "Bars".into(),
        slug: None,
        description: None,
        is_active: false,
    };
    let bars = slug("bars");
    let hide = stores
        .categories
        .replace(&bars, valid(hidden), Expected::Any);
    hide.await.unwrap();
    let product = stores.find(&product).await;
    let update = async |changes: ProductChanges| {
        let expected = Expected::OneOf(vec![product.revision()]);
        let updated = stores
            .products
            .update(&product.slug, valid(changes), expected);
        updated.await
    };
    let whole = ProductChanges {
        slug: Some(product.slug.clone()),
        ..ProductChanges::from(new)
    };
    for changes in [ProductChanges::default(), whole.clone()] {
        assert_eq!(update(changes).await.unwrap(), product);
    }
    let unknown = ProductChanges {
        categories: Some(vec![slug("nothing")]),
        ..whole.clone()
    };
    let refused = update(unknown).await;
    assert!(matches!(refused, Err(ProductError::UnknownCategories(_))));
    let moved = ProductChanges {
        categories: Some(vec![]),
        ..whole
    };
    assert_eq!(update(moved).await.unwrap().version, product.version + 1);
}

pub async fn a_product_is_found_by_its_former_slugs(stores: Stores) {
    let product = stores.create(named("First")).await;
    let rename = async |from: &str, to: &str| {
        let changes = ProductChanges {
            slug: Some(slug(to)),
            ..ProductChanges::default()
        };
        let from = slug(from);
        let renamed = stores.products.update(&from, valid(changes), Expected::Any);
        renamed.await.unwrap()
    };
    let former = async |text: &str| {
        let former = slug(text);
        let found = stores.products.find_by_former_slug(&former).await;
        found.unwrap().map(|product| product.slug)
    };
    assert_eq!(former("first").await, None);
    rename("first", "second").await;
    rename("second", "third").await;
    assert_eq!(former("first").await, Some(slug("third")));
    assert_eq!(former("second").await, Some(slug("third")));
    assert_eq!(former("third").await, None);
    // Another product takes one of the slugs and releases it permanently.
    let other = stores.create(named("First")).await;
    assert_eq!(former("first").await, None);
    stores
        .products
        .remove(&other.slug, Expected::Any)
        .await
        .unwrap();
    assert_eq!(former("first").await, None);
    // The product takes its former slug again.
    rename("third", "second").await;
    assert_eq!(former("second").await, None);
    assert_eq!(former("third").await, Some(slug("second")));
    stores
        .products
        .remove(&slug("second"), Expected::Any)
        .await
        .unwrap();
    assert_eq!(former("third").await, None);
    assert_eq!(product.slug, slug("first"));
}
