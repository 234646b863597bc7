//! Categories, and how products show them.

use super::{Stores, named, slug, valid};
use crate::categories::{Category, CategoryError, NewCategory};
use crate::products::{
    Expected, NewProduct, Product, ProductChanges, ProductError, ProductFilter, ProductId,
    Revision, StatusFilter,
};

pub async fn categories_are_made_and_replaced(stores: Stores) {
    let snacks = stores.create_category("Snacks").await;
    let bars = stores.create_category("Bars").await;
    assert_eq!(
        stores.categories.list(StatusFilter::Active).await.unwrap(),
        [bars.clone(), snacks.clone()]
    );
    let again = NewCategory {
        name: "Bars".into(),
        slug: None,
        description: None,
        is_active: true,
    };
    let taken = stores
        .categories
        .create(slug("bars"), valid(again.clone()))
        .await;
    assert!(matches!(taken, Err(CategoryError::SlugTaken(_))));
    let taken = NewCategory {
        slug: Some(slug("snacks")),
        ..again.clone()
    };
    let taken = stores
        .categories
        .replace(&bars.slug, valid(taken), Expected::Any)
        .await;
    assert!(matches!(taken, Err(CategoryError::SlugTaken(_))));

    let new = NewCategory {
        name: "Energy bars".into(),
        slug: None,
        description: Some("Chewy".into()),
        is_active: false,
    };
    let replaced = stores
        .categories
        .replace(&bars.slug, valid(new), Expected::Any)
        .await
        .unwrap();
    let expected = Category {
        name: "Energy bars".into(),
        description: Some("Chewy".into()),
        is_active: false,
        version: 2,
        ..bars.clone()
    };
    assert_eq!(replaced, expected);
    assert_eq!(
        stores.categories.find(&bars.slug).await.unwrap(),
        Some(expected)
    );
    let list = async |status| stores.categories.list(status).await.unwrap();
    let both = [replaced, snacks];
    assert_eq!(list(StatusFilter::Active).await, both[1..]);
    assert_eq!(list(StatusFilter::Inactive).await, both[..1]);
    assert_eq!(list(StatusFilter::All).await, both);
    let unknown = stores
        .categories
        .replace(&slug("nothing"), valid(again), Expected::Any)
        .await;
    assert!(matches!(unknown, Err(CategoryError::NotFound)));
}

pub async fn products_follow_their_categories(stores: Stores) {
    let bars = stores.create_category("Bars").await;
    let product = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..named("Inside")
        })
        .await;
    let outside = stores.create(named("Outside")).await;
    let rename = |is_active| {
        valid(NewCategory {
            name: "Sticks".into(),
            slug: Some(slug("sticks")),
            description: None,
            is_active,
        })
    };
    stores
        .categories
        .replace(&bars.slug, rename(true), Expected::Any)
        .await
        .unwrap();
    let renamed = stores.find(&product).await;
    assert_eq!(
        (renamed.version, renamed.categories[0].name.as_str()),
        (2, "Sticks")
    );
    assert_eq!(renamed.categories[0].slug, slug("sticks"));

    stores
        .categories
        .replace(&slug("sticks"), rename(false), Expected::Any)
        .await
        .unwrap();
    let hidden = stores.find(&product).await;
    assert_eq!((hidden.version, hidden.categories.len()), (3, 0));
    let filter = ProductFilter {
        categories: vec![slug("sticks")],
        ..ProductFilter::default()
    };
    assert!(stores.filtered(filter.clone()).await.is_empty());

    stores
        .categories
        .replace(&slug("sticks"), rename(true), Expected::Any)
        .await
        .unwrap();
    assert_eq!(stores.find(&product).await.categories.len(), 1);
    assert_eq!(stores.filtered(filter).await, ["Inside"]);
    assert_eq!(stores.find(&outside).await, outside);

    // A change that products don't show does not change their version.
    let shown = stores.find(&product).await;
    let described = NewCategory {
        name: "Sticks".into(),
        slug: None,
        description: Some("Chewy".into()),
        is_active: true,
    };
    stores
        .categories
        .replace(&slug("sticks"), valid(described), Expected::Any)
        .await
        .unwrap();
    assert_eq!(stores.find(&product).await, shown);
}

pub async fn a_category_is_removed_without_its_products(stores: Stores) {
    let bars = stores.create_category("Bars").await;
    let product = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..NewProduct::example()
        })
        .await;
    stores
        .categories
        .remove(&bars.slug, Expected::Any)
        .await
        .unwrap();
    let left = stores.find(&product).await;
    assert_eq!((left.version, left.categories.len()), (2, 0));
    assert_eq!(stores.categories.find(&bars.slug).await.unwrap(), None);
    assert!(matches!(
        stores.categories.remove(&bars.slug, Expected::Any).await,
        Err(CategoryError::NotFound)
    ));
}

pub async fn each_change_of_categories_is_one_version(stores: Stores) {
    stores.create_category("Bars").await;
    stores.create_category("Snacks").await;
    let display = async |of: &str, name: &str, is_active| {
        let mut category = NewCategory::new(name.into());
        (category.slug, category.is_active) = (Some(slug(of)), is_active);
        let category = valid(category);
        let replaced = stores
            .categories
            .replace(&slug(of), category, Expected::Any)
            .await;
        replaced.unwrap();
    };
    for name in ["Sticks", "Protein bars"] {
        display("bars", name, true).await;
    }
    display("snacks", "Snacks", false).await;
    // A new product has version 1, even if its categories were renamed before.
    let mut product = named("Inside");
    product.categories = vec![slug("bars")];
    let product = stores.create(product).await;
    assert_eq!(product.version, 1);

    let show = async |categories: &[&str]| {
        let changes = ProductChanges {
            categories: Some(categories.iter().map(|of| slug(of)).collect()),
            ..ProductChanges::default()
        };
        let products = &stores.products;
        let changed = products.update(&product.slug, valid(changes), Expected::Any);
        changed.await.unwrap()
    };
    let version = async || stores.find(&product).await.version;
    assert_eq!(show(&["bars", "snacks"]).await.version, 2);
    display("bars", "Bars", true).await;
    assert_eq!(version().await, 3);
    assert_eq!(show(&["snacks"]).await.version, 4);
    display("bars", "Sticks", true).await;
    assert_eq!(version().await, 4);
    display("snacks", "Snacks", true).await;
    assert_eq!(version().await, 5);
    display("snacks", "Bites", true).await;
    let renamed = stores.find(&product).await;
    assert_eq!(renamed.version, 6);
    let seen = Expected::OneOf(vec![stores.find(&product).await.revision()]);
    stores
        .categories
        .remove(&slug("snacks"), Expected::Any)
        .await
        .unwrap();
    let left = stores.find(&product).await;
    assert_eq!((left.version, left.categories.len()), (7, 0));
    assert!(left.updated_at >= renamed.updated_at);
    let removed = stores.products.remove(&product.slug, seen).await;
    assert!(matches!(removed, Err(ProductError::Changed(now)) if now.version == 7));
}

pub async fn a_write_of_a_category_needs_the_expected_revision(stores: Stores) {
    let bars = stores.create_category("Bars").await;
    let named = |name: &str| NewCategory {
        name: name.into(),
        slug: None,
        description: None,
        is_active: true,
    };
    let replace = async |name: &str, expected| {
        let replaced = stores
            .categories
            .replace(&bars.slug, valid(named(name)), expected);
        replaced.await
    };
    let seen = || Expected::OneOf(vec![bars.revision()]);
    let same = replace("Bars", seen()).await.unwrap();
    assert_eq!(same, bars, "nothing has changed");
    assert_eq!(replace("Sticks", seen()).await.unwrap().version, 2);
    let current = Revision {
        version: 2,
        ..bars.revision()
    };
    for expected in [seen(), Expected::OneOf(vec![])] {
        let refused = replace("Bars", expected.clone()).await;
        assert!(matches!(refused, Err(CategoryError::Changed(found)) if found == current));
        let refused = stores.categories.remove(&bars.slug, expected).await;
        assert!(matches!(refused, Err(CategoryError::Changed(found)) if found == current));
    }
    let remove = stores
        .categories
        .remove(&bars.slug, Expected::OneOf(vec![current]));
    remove.await.unwrap();
}

pub async fn products_have_inactive_categories_too(stores: Stores) {
    for name in ["Powders", "Bars"] {
        stores.create_category(name).await;
    }
    let both = NewProduct {
        categories: vec![slug("powders"), slug("bars")],
        ..named("Both")
    };
    let both = stores.create(both).await;
    let none = stores.create(named("None")).await;
    let hidden = NewCategory {
        is_active: false,
        ..NewCategory::new("Powders".into())
    };
    let powders = slug("powders");
    let hidden = stores
        .categories
        .replace(&powders, valid(hidden), Expected::Any);
    hidden.await.unwrap();
    let ids = [both.id, none.id, ProductId(99)];
    let all = stores.products.all_categories(&ids).await.unwrap();
    let all: Vec<(ProductId, &str)> = all
        .iter()
        .map(|(product, category)| (*product, category.name.as_str()))
        .collect();
    assert_eq!(all, [(both.id, "Bars"), (both.id, "Powders")]);
    let revisions: Vec<Revision> = [&both, &none].map(Product::revision).into();
    let service = stores.service();
    let shown = |products: Vec<Product>| {
        products
            .iter()
            .map(|of| of.categories.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(service.read_all(&revisions).await.unwrap()), [1, 0]);
    assert_eq!(
        shown(service.read_complete(&revisions).await.unwrap()),
        [2, 0]
    );
}
